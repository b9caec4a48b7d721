//! Policies and requests that are made up, the same ones in every run with the same seed.
//!
//! Patterns and values are bent versions of what the request asks for, so that about half of them match and the others
//! miss by little. Spellings on which AWS documentation is silent or the oracle is known to differ stay out of the general
//! families; each has a family of its own, named in `disagreements.rs`.

use serde_json::{Map, Value, json};

/// One case: a vector of the conformance format and the family it is counted under.
pub struct Case {
    pub family: &'static str,
    pub vector: Value,
}

/// A name, how many cases, and how one is made.
type Family = (&'static str, usize, fn(&mut Dice) -> Value);

/// Every case.
pub fn all(seed: u64) -> Vec<Case> {
    let families: [Family; 14] = [
        ("actions", 800, actions),
        ("resources", 1000, resources),
        ("condition operators", 2400, condition_operators),
        ("policy variables", 800, policy_variables),
        ("layers", 1200, layers),
        ("bucket policies", 1400, bucket_policies),
        ("key policies", 800, key_policies),
        ("trust policies", 800, trust_policies),
        ("public buckets", 300, public_buckets),
        ("unknown keys", 800, unknown_keys),
        ("choices", 500, choices),
        ("contested resources", 300, contested_resources),
        ("contested conditions", 600, contested_conditions),
        ("contested principals", 600, contested_principals),
    ];
    let mut dice = Dice(seed);
    let mut cases = Vec::new();
    for (family, count, make) in families {
        for at in 0..count {
            let mut vector = make(&mut dice);
            vector["id"] = format!("{family} {at}").into();
            cases.push(Case { family, vector });
        }
    }
    cases
}

/// Random numbers by SplitMix64: a few lines that never change, so a seed means the same cases for ever.
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % sides as u64).unwrap()
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) == 0
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.roll(most - least + 1)
    }

    fn some<T: Clone>(&mut self, from: &[T], least: usize, most: usize) -> Vec<T> {
        let mut left = from.to_vec();
        (0..self.between(least, most)).map(|_| left.remove(self.roll(left.len()))).collect()
    }
}

const OWN: &str = "111122223333";
const OTHER: &str = "444455556666";

/// Actions and resources that go together, none of which needs the policy of its resource.
const ASKED: [(&str, &str); 12] = [
    ("s3:GetObject", "arn:aws:s3:::data/train/a.csv"),
    ("s3:PutObject", "arn:aws:s3:::data-payroll/2026/x"),
    ("s3:ListBucket", "arn:aws:s3:::data"),
    ("s3:ListAllMyBuckets", "*"),
    ("sagemaker:CreateTrainingJob", "arn:aws:sagemaker:us-east-1:111122223333:training-job/fraud-1"),
    ("sagemaker:CreateModel", "arn:aws:sagemaker:us-east-1:111122223333:model/fraud"),
    ("sagemaker:DeleteEndpoint", "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/prod"),
    ("sagemaker:ListModels", "*"),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/service-role/AmazonSageMaker-Exec"),
    ("ec2:DescribeInstances", "*"),
    ("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:jobs"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"),
];

const ROLE: &str = "arn:aws:iam::111122223333:role/ds";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/ds/work";
const USER: &str = "arn:aws:iam::111122223333:user/ana";
const OTHER_ROLE: &str = "arn:aws:iam::444455556666:role/guest";
const OTHER_SESSION: &str = "arn:aws:sts::444455556666:assumed-role/guest/visit";
const OTHER_USER: &str = "arn:aws:iam::444455556666:user/bob";

fn document(statements: Vec<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn effect(dice: &mut Dice) -> &'static str {
    if dice.once_in(4) { "Deny" } else { "Allow" }
}

/// A text bent at one place: a run or a character gives way to a wildcard, or a letter changes and the pattern misses.
fn bent(dice: &mut Dice, text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.is_empty() {
        return "*".into();
    }
    let from = dice.roll(letters.len());
    let to = dice.between(from, letters.len());
    let text = |part: &[char]| part.iter().collect::<String>();
    match dice.roll(8) {
        0 => text(&letters),
        1 | 2 => format!("{}*{}", text(&letters[..from]), text(&letters[to..])),
        3 => format!("{}*", text(&letters[..from])),
        4 => format!("*{}", text(&letters[from..])),
        5 => format!("{}?{}", text(&letters[..from]), text(&letters[from + 1..])),
        6 => format!("{}q{}", text(&letters[..from]), text(&letters[from + 1..])),
        _ => format!("{}?*{}", text(&letters[..from]), text(&letters[to..])),
    }
}

fn action_pattern(dice: &mut Dice, action: &str) -> String {
    let (service, name) = action.split_once(':').unwrap();
    match dice.roll(10) {
        0 => "*".into(),
        1 => format!("{service}:*"),
        2 => action.into(),
        3 => action.to_ascii_lowercase(),
        4 => dice.pick(&ASKED).0.into(),
        5 => dice.pick(&["iam:*", "s3:Get*", "sagemaker:Create*", "ec2:*", "sagemaker:*Model*"]).into(),
        _ => format!("{service}:{}", bent(dice, name)),
    }
}

/// A pattern near a resource. The type before the first slash or colon stays as it is: a wildcard there is contested.
fn resource_pattern(dice: &mut Dice, resource: &str) -> String {
    if resource == "*" || dice.once_in(6) {
        return if dice.once_in(4) { dice.pick(&ASKED).1.into() } else { "*".into() };
    }
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let mut bends =
        |part: &str, wild: &[&str]| if dice.once_in(3) { dice.pick(wild).to_owned() } else { part.to_owned() };
    let partition = bends(parts[1], &["*", "aws*"]);
    // In ARNs of S3 the oracle takes a region or an account, even a wildcard, for a sign of another resource type.
    let s3 = parts[2] == "s3";
    let region = if s3 { String::new() } else { bends(parts[3], &["*", "us-*", "eu-west-?"]) };
    let account = if s3 { String::new() } else { bends(parts[4], &["*", OWN, OTHER]) };
    let named = if s3 { 0 } else { parts[5].find(['/', ':']).map_or(0, |end| end + 1) };
    let (kind, name) = parts[5].split_at(named);
    let name = if dice.once_in(5) { "*".into() } else { bent(dice, name) };
    format!("arn:{partition}:{}:{region}:{account}:{kind}{name}", parts[2])
}

fn one_or_many(dice: &mut Dice, most: usize, mut make: impl FnMut(&mut Dice) -> String) -> Value {
    let mut texts: Vec<String> = (0..dice.between(1, most)).map(|_| make(dice)).collect();
    texts.sort();
    texts.dedup();
    if texts.len() == 1 && dice.once_in(2) { json!(texts[0]) } else { json!(texts) }
}

/// A statement about this action and this resource, without principals and conditions.
fn statement(dice: &mut Dice, effect: &str, (action, resource): (&str, &str)) -> Value {
    let mut made = json!({"Effect": effect});
    let actions = if dice.once_in(6) { "NotAction" } else { "Action" };
    made[actions] = one_or_many(dice, 3, |dice| action_pattern(dice, action));
    if made["NotAction"].as_str() == Some("*") {
        made["NotAction"] = json!("iam:*");
    }
    // With `*` asked, NotResource hangs on whether the action knows resources.
    let resources = if resource != "*" && dice.once_in(6) { "NotResource" } else { "Resource" };
    made[resources] = one_or_many(dice, 3, |dice| resource_pattern(dice, resource));
    made
}

/// A statement that surely grants what is asked.
fn grant((action, resource): (&str, &str)) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

fn statements(dice: &mut Dice, most: usize, asked: (&str, &str)) -> Vec<Value> {
    (0..dice.between(1, most))
        .map(|_| {
            let effect = effect(dice);
            statement(dice, effect, asked)
        })
        .collect()
}

fn vector(principal: &str, (action, resource): (&str, &str), context: Value, policies: Value) -> Value {
    json!({
        "mode": "closed",
        "request": {"principal": principal, "action": action, "resource": resource, "resource_account": OWN, "context": context},
        "policies": policies,
    })
}

fn actions(dice: &mut Dice) -> Value {
    let asked = dice.pick(&ASKED);
    let mut made: Vec<Value> = (0..dice.between(1, 3))
        .map(|_| {
            let mut one = json!({"Effect": effect(dice), "Resource": "*"});
            let element = if dice.once_in(4) { "NotAction" } else { "Action" };
            one[element] = one_or_many(dice, 4, |dice| action_pattern(dice, asked.0));
            one
        })
        .collect();
    if dice.once_in(3) {
        made.push(json!({"Effect": "Allow", "Action": "*", "Resource": "*"}));
    }
    vector(SESSION, asked, json!({}), json!({"identity": [document(made)]}))
}

fn resources(dice: &mut Dice) -> Value {
    let asked = dice.pick(&ASKED);
    let mut made: Vec<Value> = (0..dice.between(1, 3))
        .map(|_| {
            let mut one = json!({"Effect": effect(dice), "Action": "*"});
            let element = if asked.1 != "*" && dice.once_in(4) { "NotResource" } else { "Resource" };
            one[element] = one_or_many(dice, 4, |dice| resource_pattern(dice, asked.1));
            one
        })
        .collect();
    if dice.once_in(3) {
        made.push(grant(asked));
    }
    vector(USER, asked, json!({}), json!({"identity": [document(made)]}))
}

/// A condition key: the operators that fit it, values requests carry, values policies list.
struct Kind {
    key: &'static str,
    operators: &'static [&'static str],
    given: &'static [&'static str],
    listed: &'static [&'static str],
    /// Requests carry several values, and conditions need a set operator.
    several: bool,
}

const STRINGS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "BinaryEquals",
];
const NUMBERS: &[&str] = &[
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];
const DATES: &[&str] =
    &["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"];
const ARNS: &[&str] = &["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"];

const KINDS: [Kind; 13] = [
    Kind {
        key: "aws:PrincipalTag/team",
        operators: STRINGS,
        given: &["fraud", "Fraud", "risk", "fraud-eu", ""],
        listed: &["fraud", "FRAUD", "fr*", "*d", "f?aud", "risk", "*", "fraud-*"],
        several: false,
    },
    Kind {
        key: "aws:RequestTag/cost.center",
        operators: STRINGS,
        given: &["a.b", "axb", "(1)", "a b"],
        listed: &["a.b", "a*b", "(?)", "A.B", "a?b", "[ab]"],
        several: false,
    },
    Kind {
        key: "aws:RequestedRegion",
        operators: STRINGS,
        given: &["us-east-1", "eu-west-1", "EU-WEST-1"],
        listed: &["us-east-1", "eu-*", "eu-west-?", "us-*-1"],
        several: false,
    },
    Kind {
        key: "aws:SecureTransport",
        operators: &["Bool", "StringEquals"],
        given: &["true", "false"],
        listed: &["true", "false"],
        several: false,
    },
    Kind {
        key: "aws:MultiFactorAuthPresent",
        operators: &["Bool"],
        given: &["true", "false", "True"],
        listed: &["true", "false", "TRUE"],
        several: false,
    },
    Kind {
        key: "aws:MultiFactorAuthAge",
        operators: NUMBERS,
        given: &["0", "299", "300", "3600"],
        listed: &["300", "3600", "0", "299.5"],
        several: false,
    },
    Kind {
        key: "aws:CurrentTime",
        operators: DATES,
        given: &["2026-11-01T12:00:00Z", "2026-01-01T00:00:00Z", "2025-06-30T23:59:59Z"],
        listed: &["2026-01-01T00:00:00Z", "2026-11-01T12:00:00Z", "2026-11-01T13:00:00+01:00", "2026-06-01"],
        several: false,
    },
    Kind {
        key: "aws:EpochTime",
        operators: &["DateEquals", "DateLessThan", "DateGreaterThanEquals", "NumericLessThan", "NumericGreaterThan"],
        given: &["1761998400", "1761998401"],
        listed: &["1761998400", "1761998402"],
        several: false,
    },
    Kind {
        key: "aws:SourceIp",
        operators: &["IpAddress", "NotIpAddress"],
        given: &["10.1.2.3", "203.0.113.7", "2001:db8::1", "192.0.2.255"],
        listed: &["10.0.0.0/8", "203.0.113.7/32", "203.0.113.0/29", "2001:db8::/32", "0.0.0.0/1", "192.0.2.254/31"],
        several: false,
    },
    Kind {
        key: "aws:SourceArn",
        operators: ARNS,
        given: &[
            "arn:aws:sagemaker:us-east-1:111122223333:training-job/fraud-1",
            "arn:aws:sns:us-east-1:111122223333:topic",
            "arn:aws:s3:::bucket/a:b/c",
        ],
        listed: &[
            "arn:aws:sagemaker:*:111122223333:training-job/*",
            "arn:aws:sagemaker:us-east-1:111122223333:training-job/fraud-1",
            "arn:*:sns:*:*:*",
            "arn:aws:s3:::bucket/*",
            "arn:aws:*:us-east-1:111122223333:t*",
            "arn:aws:sns:us-east-?:111122223333:topi?",
        ],
        several: false,
    },
    Kind {
        key: "aws:PrincipalArn",
        operators: &[
            "ArnEquals",
            "ArnNotEquals",
            "ArnLike",
            "ArnNotLike",
            "StringEquals",
            "StringLike",
            "StringNotLike",
        ],
        given: &["arn:aws:iam::111122223333:role/ds", "arn:aws:iam::111122223333:role/service-role/ds"],
        listed: &[
            "arn:aws:iam::111122223333:role/ds",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::111122223333:role/service-role/*",
            "arn:aws:iam::111122223333:user/*",
        ],
        several: false,
    },
    Kind {
        key: "aws:TagKeys",
        operators: STRINGS,
        given: &["team", "cost", "Team", "owner"],
        listed: &["team", "cost", "t*", "TEAM", "*", "own?r"],
        several: true,
    },
    Kind {
        key: "aws:PrincipalOrgPaths",
        operators: &["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"],
        given: &["o-abc/r-1/ou-1/", "o-abc/r-1/ou-2/"],
        listed: &["o-abc/*", "o-abc/r-1/ou-1/", "o-xyz/*", "o-abc/r-1/ou-2/"],
        several: true,
    },
];

/// An operator with its prefix and suffix. `ForAnyValue` never meets `IfExists`: what an absent key means is contested.
fn operator(dice: &mut Dice, kind: &Kind) -> String {
    if dice.once_in(8) {
        return "Null".into();
    }
    let base = dice.pick(kind.operators);
    let base = if dice.once_in(10) { base.to_ascii_lowercase() } else { base.to_owned() };
    match dice.roll(if kind.several { 3 } else { 6 }) {
        // Keys a requester chooses have one value to give; a set operator would lead the solver to give them two.
        0 | 1 if !kind.several && kind.given.len() == 1 => base,
        0 => format!("ForAnyValue:{base}"),
        1 => format!("ForAllValues:{base}"),
        2 if kind.several => format!("ForAllValues:{base}IfExists"),
        2 | 3 => format!("{base}IfExists"),
        _ => base,
    }
}

fn condition(dice: &mut Dice, kinds: &[&Kind]) -> Value {
    let mut block: Map<String, Value> = Map::new();
    for _ in 0..dice.between(1, 2) {
        let kind = dice.pick(kinds);
        let operator = operator(dice, kind);
        let values = if operator == "Null" {
            json!(dice.pick(&["true", "false"]))
        } else if dice.once_in(3) {
            json!(dice.pick(kind.listed))
        } else {
            json!(dice.some(kind.listed, 1, kind.listed.len().min(3)))
        };
        let keys = block.entry(operator).or_insert_with(|| json!({}));
        keys[kind.key] = values;
    }
    Value::Object(block)
}

fn given(dice: &mut Dice, kind: &Kind) -> Value {
    if kind.several { json!(dice.some(kind.given, 1, 2)) } else { json!(dice.pick(kind.given)) }
}

/// A context in which about every third key is missing.
fn context(dice: &mut Dice, kinds: &[&Kind]) -> Value {
    let mut context = Map::new();
    for kind in kinds {
        if !dice.once_in(3) {
            context.insert(kind.key.into(), given(dice, kind));
        }
    }
    Value::Object(context)
}

fn some_kinds(dice: &mut Dice) -> Vec<&'static Kind> {
    let all: Vec<&Kind> = KINDS.iter().collect();
    dice.some(&all, 1, 2)
}

fn condition_operators(dice: &mut Dice) -> Value {
    let asked = dice.pick(&ASKED);
    let kinds = some_kinds(dice);
    let made = (0..dice.between(1, 2)).map(
        |_| json!({"Effect": effect(dice), "Action": asked.0, "Resource": "*", "Condition": condition(dice, &kinds)}),
    );
    let mut made: Vec<Value> = made.collect();
    if made.iter().all(|one| one["Effect"] == "Deny") {
        made.push(grant(asked));
    }
    let context = context(dice, &kinds);
    vector(SESSION, asked, context, json!({"identity": [document(made)]}))
}

/// Variables with and without value and default. Negated operators stay out: what an empty variable does to them is contested.
fn policy_variables(dice: &mut Dice) -> Value {
    let asked = dice.pick(&[
        ("s3:GetObject", "arn:aws:s3:::home/fraud/a"),
        ("s3:GetObject", "arn:aws:s3:::home/risk/a"),
        ("sagemaker:CreateApp", "arn:aws:sagemaker:us-east-1:111122223333:app/d-1/fraud/jupyterlab/default"),
    ]);
    let variable = dice.pick(&[
        "${aws:PrincipalTag/team}",
        "${aws:principaltag/team}",
        "${aws:PrincipalTag/team, 'fraud'}",
        "${aws:PrincipalTag/none, 'risk'}",
        "${aws:PrincipalTag/none}",
        "${aws:userid}",
        "${*}",
        "${$}{x}",
        "f${?}aud",
    ]);
    let mut one = json!({"Effect": effect(dice), "Action": asked.0, "Resource": "*"});
    let in_resource = dice.once_in(2);
    if in_resource {
        let prefix = if asked.1.contains(":app/") {
            "arn:aws:sagemaker:us-east-1:111122223333:app/d-1/"
        } else {
            "arn:aws:s3:::home/"
        };
        let always = variable.contains('\'') || !variable.contains(':');
        let element = if always && dice.once_in(4) { "NotResource" } else { "Resource" };
        one.as_object_mut().unwrap().remove("Resource");
        one[element] = json!(format!("{prefix}{variable}/*"));
    }
    if !in_resource || dice.once_in(3) {
        let operator = dice.pick(&["StringEquals", "StringLike", "StringEqualsIgnoreCase", "StringEqualsIfExists"]);
        let value = dice.pick(&["", "x-", "*"]).to_owned() + variable;
        one["Condition"] = json!({operator: {"aws:RequestTag/owner": value}});
    }
    let mut context = Map::new();
    if !dice.once_in(3) {
        context.insert("aws:PrincipalTag/team".into(), json!(dice.pick(&["fraud", "risk", "*", "f?aud", "a.c"])));
    }
    if dice.once_in(2) {
        context.insert("aws:userid".into(), json!(dice.pick(&["AIDAEXAMPLE:fraud", "fraud"])));
    }
    if !dice.once_in(3) {
        let owner = dice.pick(&["fraud", "risk", "x-fraud", "x-risk", "*", "${x}", "f?aud", "fxaud", "abc", "a.c"]);
        context.insert("aws:RequestTag/owner".into(), json!(owner));
    }
    let mut made = vec![one];
    if made[0]["Effect"] == "Deny" {
        made.push(grant((asked.0, "*")));
    }
    vector(SESSION, asked, Value::Object(context), json!({"identity": [document(made)]}))
}

fn layer(dice: &mut Dice, asked: (&str, &str), kinds: &[&Kind]) -> Value {
    let mut made = statements(dice, 2, asked);
    if dice.once_in(2) {
        made.push(grant((asked.0, "*")));
    }
    if dice.once_in(3) {
        let at = dice.roll(made.len());
        made[at]["Condition"] = condition(dice, kinds);
    }
    document(made)
}

fn rcp(dice: &mut Dice, asked: (&str, &str), kinds: &[&Kind]) -> Value {
    let mut one = statement(dice, "Deny", asked);
    one["Principal"] = json!("*");
    if one.get("NotAction").is_some() {
        one.as_object_mut().unwrap().remove("NotAction");
    }
    one["Action"] = json!(dice.pick(&[asked.0, "s3:*", "sqs:SendMessage", "secretsmanager:Get*"]));
    if dice.once_in(2) {
        one["Condition"] = condition(dice, kinds);
    }
    document(vec![one])
}

fn layers(dice: &mut Dice) -> Value {
    // Resource control policies reach only some services, and the oracle does not look.
    let with_rcps = dice.once_in(4);
    let services = ["s3:", "sqs:", "secretsmanager:"];
    let open: Vec<_> = ASKED
        .into_iter()
        .filter(|one| !with_rcps || services.iter().any(|service| one.0.starts_with(service)))
        .collect();
    let asked = dice.pick(&open);
    let principal = dice.pick(&[ROLE, SESSION, USER]);
    let kinds = some_kinds(dice);
    let mut policies = json!({"identity": [layer(dice, asked, &kinds)]});
    if dice.once_in(2) {
        policies["identity"] = json!([layer(dice, asked, &kinds), document(vec![grant(asked)])]);
    }
    if dice.once_in(2) {
        policies["boundary"] = json!([layer(dice, asked, &kinds)]);
    }
    if principal != USER && dice.once_in(3) {
        policies["session"] = json!([layer(dice, asked, &kinds)]);
    }
    if dice.once_in(2) {
        let all = document(vec![json!({"Effect": "Allow", "Action": "*", "Resource": "*"})]);
        let level = |dice: &mut Dice| {
            if dice.once_in(2) { json!([all, layer(dice, asked, &kinds)]) } else { json!([layer(dice, asked, &kinds)]) }
        };
        policies["scps"] = (0..dice.between(1, 2)).map(|_| level(dice)).collect();
    }
    if with_rcps {
        policies["rcps"] = (0..dice.between(1, 2)).map(|_| json!([rcp(dice, asked, &kinds)])).collect();
    }
    if dice.once_in(4) {
        let mut endpoint = layer(dice, asked, &kinds);
        for one in endpoint["Statement"].as_array_mut().unwrap() {
            one["Principal"] = json!("*");
        }
        policies["vpce"] = json!([endpoint]);
    }
    let context = context(dice, &kinds);
    vector(principal, asked, context, policies)
}

const CALLERS: [&str; 8] =
    [ROLE, SESSION, USER, OTHER_ROLE, OTHER_SESSION, OTHER_USER, "sagemaker.amazonaws.com", "anonymous"];

/// Principals of a resource policy. A session is named only where the caller is not its role: whether that role asks under
/// this very name is not known.
fn principals(dice: &mut Dice, caller: &str) -> Value {
    let mut known = vec![
        OWN.to_owned(),
        format!("arn:aws:iam::{OWN}:root"),
        format!("arn:aws:iam::{OTHER}:root"),
        ROLE.into(),
        USER.into(),
        OTHER_ROLE.into(),
        OTHER_USER.into(),
    ];
    if ![ROLE, OTHER_ROLE].contains(&caller) {
        known.extend([SESSION.into(), OTHER_SESSION.into()]);
    }
    if caller.starts_with("arn:") && dice.once_in(2) {
        return json!({"AWS": caller});
    }
    match dice.roll(6) {
        0 => json!("*"),
        1 => json!({"AWS": "*"}),
        2 => json!({"Service": dice.pick(&["sagemaker.amazonaws.com", "lambda.amazonaws.com"])}),
        3 => json!({"AWS": dice.pick(&known), "Service": ["sagemaker.amazonaws.com"]}),
        _ => json!({"AWS": dice.some(&known, 1, 2)}),
    }
}

/// The caller's own policies, for a caller who can have some.
fn own_policies(dice: &mut Dice, caller: &str, asked: (&str, &str)) -> Value {
    if !caller.starts_with("arn:") {
        return json!({});
    }
    let identity = match dice.roll(4) {
        0 => vec![],
        1 => vec![document(statements(dice, 2, asked))],
        _ => vec![document(vec![grant(asked)])],
    };
    let mut policies = json!({"identity": identity});
    if dice.once_in(4) {
        policies["boundary"] = json!([document(statements(dice, 2, asked))]);
    }
    if dice.once_in(6) {
        policies["scps"] = json!([[document(statements(dice, 2, asked))]]);
    }
    policies
}

fn resource_policy(dice: &mut Dice, caller: &str, asked: (&str, &str), kinds: &[&Kind]) -> Value {
    let mut made = statements(dice, 2, asked);
    if dice.once_in(3) {
        made.push(grant(asked));
    }
    for one in &mut made {
        one["Principal"] = principals(dice, caller);
        if dice.once_in(5) {
            one["Condition"] = condition(dice, kinds);
        }
    }
    document(made)
}

fn bucket_policies(dice: &mut Dice) -> Value {
    let asked = dice.pick(&ASKED[..3]);
    let caller = dice.pick(&CALLERS);
    let kinds = some_kinds(dice);
    let mut policies = own_policies(dice, caller, asked);
    policies["resource"] = resource_policy(dice, caller, asked, &kinds);
    let context = context(dice, &kinds);
    vector(caller, asked, context, policies)
}

fn key_policies(dice: &mut Dice) -> Value {
    let key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let asked = dice.pick(&[("kms:Decrypt", key), ("kms:CreateGrant", key), ("kms:DescribeKey", key)]);
    let caller = dice.pick(&CALLERS[..7]);
    let kinds = some_kinds(dice);
    let mut policies = own_policies(dice, caller, asked);
    if !dice.once_in(8) {
        policies["resource"] = resource_policy(dice, caller, asked, &kinds);
        if dice.once_in(2) {
            let root = json!({"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{OWN}:root")}, "Action": "kms:*", "Resource": "*"});
            policies["resource"]["Statement"].as_array_mut().unwrap().push(root);
        }
    }
    let context = context(dice, &kinds);
    vector(caller, asked, context, policies)
}

fn trust_policies(dice: &mut Dice) -> Value {
    const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    let role = "arn:aws:iam::111122223333:role/service-role/target";
    let oidc = dice.once_in(6);
    let asked = if oidc { ("sts:AssumeRoleWithWebIdentity", role) } else { ("sts:AssumeRole", role) };
    let caller = if oidc { PROVIDER } else { dice.pick(&CALLERS[..7]) };
    let mut made = Vec::new();
    for _ in 0..dice.between(1, 2) {
        let mut one = json!({"Effect": effect(dice), "Action": dice.pick(&[asked.0, "sts:*", "sts:AssumeRole*", "sts:TagSession"])});
        one["Principal"] = if oidc { json!({"Federated": PROVIDER}) } else { principals(dice, caller) };
        if dice.once_in(2) {
            one["Condition"] = match dice.roll(5) {
                0 => json!({"StringEquals": {"sts:ExternalId": dice.pick(&["7", "8"])}}),
                1 => json!({"StringLike": {"aws:SourceAccount": dice.pick(&[OWN, OTHER, "1111*"])}}),
                2 => json!({"ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:*:111122223333:*"}}),
                3 => {
                    json!({"StringLike": {"token.actions.githubusercontent.com:repository": dice.pick(&["acme/*", "acme/ml", "*"])}})
                }
                _ => json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
            };
        }
        made.push(one);
    }
    let mut context = Map::new();
    if oidc {
        context.insert(
            "token.actions.githubusercontent.com:repository".into(),
            json!(dice.pick(&["acme/ml", "acme/web", "evil/x"])),
        );
    } else {
        if dice.once_in(2) {
            context.insert("sts:ExternalId".into(), json!(dice.pick(&["7", "9"])));
        }
        if dice.once_in(2) {
            context.insert("aws:SourceAccount".into(), json!(dice.pick(&[OWN, OTHER])));
            context.insert("aws:SourceArn".into(), json!("arn:aws:sagemaker:us-east-1:111122223333:training-job/x"));
        }
        if dice.once_in(2) {
            context.insert("aws:MultiFactorAuthPresent".into(), json!(dice.pick(&["true", "false"])));
        }
    }
    let mut policies = if oidc { json!({}) } else { own_policies(dice, caller, asked) };
    policies["resource"] = document(made);
    vector(caller, asked, Value::Object(context), policies)
}

fn public_buckets(dice: &mut Dice) -> Value {
    let asked = ASKED[0];
    let caller = dice.pick(&CALLERS);
    let mut one = grant(asked);
    one["Principal"] = if dice.once_in(4) { principals(dice, caller) } else { json!("*") };
    if dice.once_in(2) {
        one["Condition"] = dice.pick(&[
            json!({"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}),
            json!({"StringEquals": {"aws:PrincipalAccount": OTHER}}),
            json!({"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
            json!({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
            json!({"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}),
            json!({"StringLike": {"aws:SourceVpce": "vpce-*"}}),
            json!({"Bool": {"aws:SecureTransport": "true"}}),
        ]);
    }
    let context = json!({"aws:PrincipalOrgID": "o-abc", "aws:PrincipalAccount": OTHER, "aws:SourceVpce": "vpce-1",
        "aws:SourceIp": "203.0.113.7", "aws:SecureTransport": "true"});
    let mut policies = own_policies(dice, caller, asked);
    policies["resource"] = document(vec![one]);
    let mut made = vector(caller, asked, context, policies);
    made["environment"] = json!({"s3_restrict_public_buckets": !dice.once_in(4)});
    made
}

/// Some keys are unknown. Where the answer is certain all the same, it has to hold whatever the keys turn out to be.
fn unknown_keys(dice: &mut Dice) -> Value {
    let mut made = if dice.once_in(2) { condition_operators(dice) } else { layers(dice) };
    let mut keys = Vec::new();
    condition_keys(&made["policies"], &mut keys);
    if keys.is_empty() {
        keys.push("aws:RequestedRegion".into());
    }
    let unknown = dice.some(&keys, 1, keys.len().min(2));
    for key in &unknown {
        made["request"]["context"].as_object_mut().unwrap().remove(key);
    }
    made["mode"] = "open".into();
    made["request"]["unknown"] = json!(unknown);
    made
}

/// The condition keys in a piece of policy, each once.
pub fn condition_keys(policies: &Value, keys: &mut Vec<String>) {
    match policies {
        Value::Object(members) => {
            for (name, value) in members {
                let operators = value.as_object().filter(|_| name == "Condition");
                for key in operators
                    .into_iter()
                    .flat_map(|operators| operators.values())
                    .filter_map(Value::as_object)
                    .flat_map(Map::keys)
                {
                    if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                        keys.push(key.clone());
                    }
                }
                condition_keys(value, keys);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| condition_keys(item, keys)),
        _ => {}
    }
}

/// The vector with every open key and name settled at random, mostly to values that the policies list.
pub fn settled(dice: &mut Dice, vector: &Value) -> Value {
    let mut settled = vector.clone();
    let request = settled["request"].as_object_mut().unwrap();
    let mut open: Vec<String> = Vec::new();
    for list in ["unknown", "choosable"] {
        let keys = request.remove(list).unwrap_or_default();
        open.extend(keys.as_array().into_iter().flatten().map(|key| key.as_str().unwrap().to_owned()));
    }
    if request.remove("others").is_some() {
        condition_keys(&vector["policies"], &mut open);
    }
    let context = request.entry("context").or_insert_with(|| json!({})).as_object_mut().unwrap();
    for key in open {
        if !context.contains_key(&key) && !dice.once_in(4) {
            context.insert(key.clone(), guess(dice, &key, &vector["policies"]));
        }
    }
    if request.remove("resource_choosable").is_some() {
        let asked = request["resource"].as_str().unwrap();
        let mut names = vec![asked.replace('*', "fresh")];
        resource_texts(&vector["policies"], &mut names);
        let kind = asked.split('*').next().unwrap();
        names.retain(|name| name.starts_with(kind) && name != kind);
        request["resource"] = json!(dice.pick(&names));
    }
    settled["mode"] = "closed".into();
    settled
}

/// A value for a key: one that a policy compares it with, or one of its kind.
fn guess(dice: &mut Dice, key: &str, policies: &Value) -> Value {
    let (mut listed, mut several) = (Vec::new(), false);
    listed_values(policies, key, &mut listed, &mut several);
    let kind = KINDS.iter().chain(&CHOSEN).find(|kind| kind.key.eq_ignore_ascii_case(key));
    several |= kind.is_some_and(|kind| kind.several);
    listed.extend(kind.map_or(&["fresh"][..], |kind| kind.given).iter().map(|value| (*value).to_owned()));
    if several { json!(dice.some(&listed, 1, listed.len().min(2))) } else { json!(dice.pick(&listed)) }
}

/// Texts as a request would carry them: stars filled, networks cut down to an address.
fn plain(listed: &str) -> String {
    let text = listed.replace(['*', '?'], "x");
    if text.contains("arn:") { text } else { text.split('/').next().unwrap_or_default().to_owned() }
}

fn listed_values(policies: &Value, key: &str, listed: &mut Vec<String>, several: &mut bool) {
    match policies {
        Value::Object(members) => {
            for (name, value) in members {
                if name == "Condition" {
                    for (operator, keys) in value.as_object().into_iter().flatten() {
                        for (_, values) in
                            keys.as_object().into_iter().flatten().filter(|(one, _)| one.eq_ignore_ascii_case(key))
                        {
                            *several |= operator.starts_with("For");
                            let many = values.as_array().cloned().unwrap_or_else(|| vec![values.clone()]);
                            listed.extend(
                                many.iter().filter_map(Value::as_str).filter(|text| !text.contains("${")).map(plain),
                            );
                        }
                    }
                } else {
                    listed_values(value, key, listed, several);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| listed_values(item, key, listed, several)),
        _ => {}
    }
}

fn resource_texts(policies: &Value, texts: &mut Vec<String>) {
    match policies {
        Value::Object(members) => {
            for (name, value) in members {
                if name == "Resource" || name == "NotResource" {
                    let many = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                    for text in many.iter().filter_map(Value::as_str) {
                        let parts: Vec<&str> = text.splitn(6, ':').collect();
                        if let [_, _, service, _, _, name] = parts[..] {
                            let name = name.replace('?', "x");
                            let fixed =
                                |fill: &str| format!("arn:aws:{service}:us-east-1:{OWN}:{}", name.replace('*', fill));
                            texts.extend([fixed(""), fixed("y")]);
                        }
                    }
                } else {
                    resource_texts(value, texts);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| resource_texts(item, texts)),
        _ => {}
    }
}

/// The requester picks the name of a job and some parameters.
fn choices(dice: &mut Dice) -> Value {
    let name = "arn:aws:sagemaker:us-east-1:111122223333:training-job/fraud-1";
    let asked = ("sagemaker:CreateTrainingJob", name);
    let kinds: Vec<&Kind> = CHOSEN.iter().collect();
    let kinds = dice.some(&kinds, 1, 2);
    let made = |dice: &mut Dice| {
        let mut made = statements(dice, 2, asked);
        for one in &mut made {
            if dice.once_in(2) {
                one["Condition"] = condition(dice, &kinds);
            }
        }
        document(made)
    };
    let mut policies = json!({"identity": [made(dice)]});
    if dice.once_in(3) {
        policies["boundary"] = json!([made(dice)]);
    }
    if dice.once_in(3) {
        policies["scps"] = json!([[made(dice)]]);
    }
    let mut vector = vector(SESSION, asked, json!({}), policies);
    vector["mode"] = "reach".into();
    vector["request"]["choosable"] = kinds.iter().map(|kind| kind.key).collect();
    if dice.once_in(2) {
        vector["request"]["resource"] = "arn:aws:sagemaker:us-east-1:111122223333:training-job/*".into();
        vector["request"]["resource_choosable"] = true.into();
    }
    vector
}

/// Parameters of a training job that conditions can speak about.
const CHOSEN: [Kind; 6] = [
    Kind {
        key: "sagemaker:VpcSubnets",
        operators: &["StringEquals", "StringNotEquals", "StringLike"],
        given: &["subnet-a"],
        listed: &["subnet-a", "subnet-b", "subnet-*"],
        several: true,
    },
    Kind {
        key: "sagemaker:InstanceTypes",
        operators: &["StringEquals", "StringLike", "StringNotLike"],
        given: &["ml.m5.large"],
        listed: &["ml.m5.large", "ml.m5.*", "ml.p*", "ml.?5.large"],
        several: true,
    },
    Kind {
        key: "sagemaker:NetworkIsolation",
        operators: &["Bool"],
        given: &["true"],
        listed: &["true", "false"],
        several: false,
    },
    Kind {
        key: "sagemaker:MaxRuntimeInSeconds",
        operators: NUMBERS,
        given: &["60"],
        listed: &["3600", "86400"],
        several: false,
    },
    Kind {
        key: "sagemaker:VolumeKmsKeyArn",
        operators: ARNS,
        given: &["arn:aws:kms:us-east-1:111122223333:key/1"],
        listed: &[
            "arn:aws:kms:us-east-1:111122223333:key/*",
            "arn:aws:kms:*:*:key/1",
            "arn:aws:kms:us-east-1:444455556666:key/1",
        ],
        several: false,
    },
    Kind {
        key: "aws:RequestTag/team",
        operators: &["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"],
        given: &["fraud"],
        listed: &["fraud", "f*", "*d", "risk"],
        several: false,
    },
];

/// Wildcards in the type of a resource, ARNs cut short, wildcards for the region and account of buckets, `NotResource` for
/// actions without resources, resource control policies over other services.
fn contested_resources(dice: &mut Dice) -> Value {
    let all = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let (asked, element, text) = match dice.roll(4) {
        0 => (dice.pick(&[ASKED[3], ASKED[7]]), "NotResource", dice.pick(&["arn:aws:s3:::data/*", "*"])),
        1 => (
            ASKED[0],
            "Resource",
            dice.pick(&["arn:aws:s3:*:*:data/*", "arn:aws:s3::*:*/a.csv", "arn:aws:s3:*::other/*"]),
        ),
        2 => {
            let asked = ASKED[dice.between(4, 6)];
            let action = dice.pick(&[asked.0, "sagemaker:*", "s3:*"]);
            let deny = json!({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"});
            let policies = json!({"identity": [document(vec![grant(asked)])], "rcps": [[document(vec![deny])]]});
            return vector(ROLE, asked, json!({}), policies);
        }
        _ => (
            ASKED[dice.between(4, 6)],
            "Resource",
            dice.pick(&[
                "arn:aws:sagemaker:*",
                "arn:aws:sagemaker:*:*:*/*",
                "arn:aws:sagemaker:*:*:*fraud*",
                "arn:aws:sagemaker:*:*:*",
                "arn:aws:sagemaker:*:*:train*/*",
                "arn:aws:sagemaker:*",
                "arn:aws:sagemaker:us-east-1:111122223333:Training-Job/*",
            ]),
        ),
    };
    let effect = effect(dice);
    let mut made = vec![json!({"Effect": effect, "Action": "*", element: text})];
    if effect == "Deny" {
        made.push(all);
    }
    vector(ROLE, asked, json!({}), json!({"identity": [document(made)]}))
}

/// Set operators with `IfExists`, keys of several values without one, values an operator cannot read, old versions,
/// variables without a value under negated operators.
fn contested_conditions(dice: &mut Dice) -> Value {
    let asked = ASKED[0];
    let (condition, context) = dice.pick(&[
        (json!({"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "team"}}), json!({})),
        (json!({"ForAnyValue:StringNotEqualsIfExists": {"aws:TagKeys": "team"}}), json!({})),
        (json!({"StringEquals": {"aws:TagKeys": "team"}}), json!({"aws:TagKeys": ["team", "cost"]})),
        (json!({"StringNotEquals": {"aws:TagKeys": "team"}}), json!({"aws:TagKeys": ["team", "cost"]})),
        (json!({"StringEquals": {"aws:TagKeys": "team"}}), json!({"aws:TagKeys": ["team"]})),
        (json!({"StringNotEquals": {"aws:TagKeys": "team"}}), json!({"aws:TagKeys": ["cost"]})),
        (
            json!({"StringNotEquals": {"aws:RequestTag/a": "${aws:PrincipalTag/none}"}}),
            json!({"aws:RequestTag/a": "x"}),
        ),
        (json!({"StringNotLike": {"aws:RequestTag/a": "${aws:PrincipalTag/none}*"}}), json!({"aws:RequestTag/a": "x"})),
        (
            json!({"ArnNotLike": {"aws:SourceArn": "arn:aws:s3:::${aws:PrincipalTag/none}"}}),
            json!({"aws:SourceArn": "arn:aws:s3:::x"}),
        ),
        (json!({"NumericEquals": {"aws:MultiFactorAuthAge": "five"}}), json!({"aws:MultiFactorAuthAge": "5"})),
        (json!({"DateLessThan": {"aws:CurrentTime": "soon"}}), json!({"aws:CurrentTime": "2026-11-01T12:00:00Z"})),
        (json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/40"}}), json!({"aws:SourceIp": "10.0.0.1"})),
        (json!({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}), json!({"aws:SourceIp": "10.0.0.1"})),
        (json!({"StringEquals": {"aws:RequestTag/a": "${*}"}}), json!({"aws:RequestTag/a": "*"})),
        (json!({"NotIpAddress": {"aws:SourceIp": "10.0.0.1"}}), json!({"aws:SourceIp": "2001:db8::1"})),
        (json!({"Bool": {"aws:SecureTransport": "yes"}}), json!({"aws:SecureTransport": "true"})),
        (json!({"ArnLike": {"aws:SourceArn": "arn:aws:s3*"}}), json!({"aws:SourceArn": "arn:aws:s3:::x"})),
        (
            json!({"StringEquals": {"aws:RequestTag/a": "${aws:PrincipalTag/team}"}}),
            json!({"aws:RequestTag/a": "x", "aws:PrincipalTag/team": "x"}),
        ),
    ]);
    let mut one = json!({"Effect": effect(dice), "Action": asked.0, "Resource": "*", "Condition": condition});
    let mut made = Vec::new();
    if one["Effect"] == "Deny" {
        made.push(grant(asked));
    }
    let old = dice.once_in(6);
    if old {
        one["Condition"] = json!({"StringEquals": {"aws:RequestTag/a": "${aws:PrincipalTag/team}"}});
    }
    made.push(one);
    let context = if old { json!({"aws:RequestTag/a": "x", "aws:PrincipalTag/team": "x"}) } else { context };
    let mut document = document(made);
    if old {
        document["Version"] = "2008-10-17".into();
    }
    vector(ROLE, asked, context, json!({"identity": [document]}))
}

/// `NotPrincipal`, sessions under a session policy, roles of which a policy names one session.
fn contested_principals(dice: &mut Dice) -> Value {
    let asked = ASKED[0];
    let all = || document(vec![json!({"Effect": "Allow", "Action": "*", "Resource": "*"})]);
    let mut policies = json!({"identity": [all()]});
    let caller = dice.pick(&[ROLE, SESSION, USER]);
    match dice.roll(3) {
        0 => {
            let named = [ROLE, SESSION, USER, OTHER_USER, OWN].map(str::to_owned);
            let spared = dice.some(&named, 1, 3);
            let mut one = json!({"Effect": "Deny", "NotPrincipal": {"AWS": spared}, "Action": "s3:*", "Resource": "*"});
            if dice.once_in(4) {
                one["Effect"] = "Allow".into();
                policies["identity"] = json!([]);
            }
            if dice.once_in(4) {
                policies["boundary"] = json!([all()]);
            }
            policies["resource"] = document(vec![one]);
        }
        1 => {
            let mut one = grant(asked);
            one["Principal"] =
                dice.pick(&[json!("*"), json!({"AWS": SESSION}), json!({"AWS": ROLE}), json!({"AWS": OWN})]);
            policies["resource"] = document(vec![one]);
            policies["session"] = json!([document(vec![grant(dice.pick(&[asked, ("s3:ListBucket", "*")]))])]);
            policies["identity"] = dice.pick(&[json!([]), json!([all()])]);
            let caller = dice.pick(&[ROLE, SESSION]);
            return vector(caller, asked, json!({}), policies);
        }
        _ => {
            let mut one = grant(asked);
            one["Principal"] = json!({"AWS": SESSION});
            one["Effect"] = dice.pick(&["Allow", "Deny"]).into();
            policies["resource"] = document(vec![one]);
            policies["identity"] = dice.pick(&[json!([]), json!([all()])]);
        }
    }
    vector(caller, asked, json!({}), policies)
}
