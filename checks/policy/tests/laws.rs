//! Laws that hold for all policies, requests and contexts, tried on random ones.

use proptest::prelude::*;
use proptest::sample::select;
use sagescan_policy::{
    Choices, Chosen, Context, Decision, Document, Outcome, Policies, Request, ResourcePolicy, decide, reach,
};
use serde_json::{Value, json};

const KEYS: [&str; 3] = ["aws:SourceIp", "sagemaker:RootAccess", "aws:PrincipalTag/team"];

#[derive(Clone, Debug, PartialEq)]
enum Known {
    Absent,
    Unknown,
    Values(Vec<&'static str>),
}

fn values() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(select(vec!["10.0.0.1", "Enabled", "Disabled", "fraud", "7"]), 1..3)
}

fn known() -> impl Strategy<Value = Known> {
    prop_oneof![Just(Known::Absent), Just(Known::Unknown), values().prop_map(Known::Values)]
}

fn context(known: &[Known]) -> Context {
    KEYS.iter().zip(known).fold(Context::closed(), |context, (key, known)| match known {
        Known::Absent => context.without(key),
        Known::Unknown => context.with_unknown(key),
        Known::Values(values) => context.with_all(key, values.iter().copied()),
    })
}

fn condition() -> impl Strategy<Value = Value> {
    let operator = select(vec![
        "StringEquals",
        "StringNotEquals",
        "StringLikeIfExists",
        "ForAllValues:StringEquals",
        "ForAnyValue:StringLike",
        "ForAnyValue:StringNotEqualsIfExists",
        "NotIpAddress",
        "NumericLessThan",
        "Null",
        "Bool",
        "Gibberish",
    ]);
    let value = select(vec!["10.0.0.0/8", "Enabled", "*d", "${aws:PrincipalTag/team}", "true", "false", "8"]);
    let clause = (operator, select(KEYS.to_vec()), prop::collection::vec(value, 1..3));
    prop::collection::vec(clause, 0..3).prop_map(|clauses| {
        let mut block = json!({});
        for (operator, key, values) in clauses {
            block[operator][key] = json!(values);
        }
        block
    })
}

fn statement(effect: &'static str) -> impl Strategy<Value = Value> {
    let actions = (select(vec!["Action", "NotAction"]), select(vec!["*", "s3:*", "s3:Get*", "iam:PassRole", "s3"]));
    let resource = select(vec![
        "*",
        "arn:aws:s3:::data/*",
        "arn:aws:s3:::${aws:PrincipalTag/team}/*",
        "arn:aws:s3:::data/a?",
        "arn:aws:sagemaker:*:*:*/*",
        "arn:aws:s3:*",
    ]);
    let resources = (select(vec!["Resource", "Resource", "NotResource"]), resource);
    (actions, resources, condition()).prop_map(move |((action, actions), (resource, resources), condition)| {
        json!({"Effect": effect, action: actions, resource: resources, "Condition": condition})
    })
}

fn any_statement() -> impl Strategy<Value = Value> {
    prop_oneof![statement("Allow"), statement("Allow"), statement("Deny")]
}

fn principal() -> impl Strategy<Value = Value> {
    select(vec![
        json!({"Principal": "*"}),
        json!({"Principal": {"AWS": "111122223333"}}),
        json!({"Principal": {"AWS": "arn:aws:iam::111122223333:role/ml"}}),
        json!({"Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/ml/s"}}),
        json!({"NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:role/ml", "111122223333"]}}),
    ])
}

fn resource_statement(statement: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    (statement, principal()).prop_map(|(mut statement, principal)| {
        statement.as_object_mut().unwrap().extend(principal.as_object().unwrap().clone());
        statement
    })
}

/// The statements of each layer: identity, boundary, resource policy.
#[derive(Clone, Debug)]
struct World {
    identity: Vec<Value>,
    boundary: Option<Vec<Value>>,
    resource: Vec<Value>,
}

fn world() -> impl Strategy<Value = World> {
    let boundary = prop::option::of(prop::collection::vec(any_statement(), 0..3));
    let resource = prop::collection::vec(resource_statement(any_statement()), 0..3);
    (prop::collection::vec(any_statement(), 0..4), boundary, resource)
        .prop_map(|(identity, boundary, resource)| World { identity, boundary, resource })
}

fn document(statements: &[Value]) -> Vec<std::sync::Arc<Document>> {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    vec![Document::parse("p", &text).unwrap().into()]
}

impl World {
    fn policies(&self) -> Policies {
        Policies {
            identity: document(&self.identity),
            boundary: self.boundary.as_deref().map(document),
            resource: ResourcePolicy::Is(document(&self.resource)),
            ..Policies::default()
        }
    }
}

fn request() -> impl Strategy<Value = Request> {
    let caller = select(vec![
        "arn:aws:iam::111122223333:role/ml",
        "arn:aws:sts::111122223333:assumed-role/ml/s",
        "arn:aws:iam::444455556666:user/ana",
        "sagemaker.amazonaws.com",
        "anonymous",
    ]);
    let action = select(vec!["s3:GetObject", "s3:PutObject", "iam:PassRole", "kms:Decrypt", "s3:*"]);
    let resource = select(vec![
        "*",
        "arn:aws:s3:::data/a1",
        "arn:aws:s3:::fraud/x",
        "arn:aws:s3:::data/*",
        "arn:aws:kms:us-east-1:111122223333:key/1",
        "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e",
    ]);
    (caller, action, resource)
        .prop_map(|(caller, action, resource)| Request::new(caller, action, resource).owned_by("111122223333"))
}

fn in_context(request: &Request, known: &[Known]) -> Request {
    request.clone().within(context(known))
}

fn three_known() -> impl Strategy<Value = Vec<Known>> {
    prop::collection::vec(known(), 3)
}

/// May the answer on incomplete knowledge become this one once more is known?
fn may_become(before: &Decision, after: &Decision) -> bool {
    match before.outcome {
        Outcome::Allow | Outcome::ExplicitDeny => after.outcome == before.outcome,
        // A possible Deny may turn out to apply as well; it stays a denial.
        Outcome::ImplicitDeny => after.is_denied(),
        Outcome::Conditional => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_added_deny_never_widens(
        world in world(), request in request(), known in three_known(),
        deny in statement("Deny"), rp_deny in resource_statement(statement("Deny")),
    ) {
        let request = in_context(&request, &known);
        let before = decide(&request, &world.policies()).outcome;
        let mut more = world.clone();
        more.identity.push(deny);
        more.resource.push(rp_deny);
        prop_assert!(decide(&request, &more.policies()).outcome <= before);
    }

    #[test]
    fn an_added_allow_never_narrows(
        world in world(), request in request(), known in three_known(),
        allow in statement("Allow"), rp_allow in resource_statement(statement("Allow")),
    ) {
        let request = in_context(&request, &known);
        let before = decide(&request, &world.policies()).outcome;
        let mut more = world.clone();
        more.identity.push(allow);
        more.resource.push(rp_allow);
        prop_assert!(decide(&request, &more.policies()).outcome >= before);
    }

    #[test]
    fn a_boundary_never_widens(world in world(), request in request(), known in three_known()) {
        let request = in_context(&request, &known);
        let unbounded = World { boundary: None, ..world.clone() };
        prop_assert!(decide(&request, &world.policies()).outcome <= decide(&request, &unbounded.policies()).outcome);
    }

    #[test]
    fn the_order_of_statements_does_not_matter(
        world in world(), request in request(), known in three_known(),
    ) {
        let request = in_context(&request, &known);
        let mut turned = world.clone();
        turned.identity.reverse();
        turned.resource.reverse();
        turned.boundary.iter_mut().for_each(|boundary| boundary.reverse());
        let (one, two) = (decide(&request, &world.policies()), decide(&request, &turned.policies()));
        prop_assert_eq!((one.outcome, one.keys), (two.outcome, two.keys));
    }

    #[test]
    fn what_is_certain_stays_so_when_more_becomes_known(
        world in world(), request in request(), known in three_known(), later in three_known(),
    ) {
        let policies = world.policies();
        let before = decide(&in_context(&request, &known), &policies);
        let learned: Vec<Known> = known.iter().zip(later)
            .map(|(now, later)| if *now == Known::Unknown { later } else { now.clone() }).collect();
        let after = decide(&in_context(&request, &learned), &policies);
        prop_assert!(may_become(&before, &after), "{:?} became {:?}", before, after);
    }

    #[test]
    fn a_conditional_answer_names_what_it_hangs_on(
        world in world(), request in request(), known in three_known(),
    ) {
        let decision = decide(&in_context(&request, &known), &world.policies());
        let reasons = decision.keys.len() + decision.notes.len();
        prop_assert_eq!(decision.outcome == Outcome::Conditional, reasons > 0);
        prop_assert!(decision.outcome != Outcome::Allow || !decision.allowed_by.is_empty());
        prop_assert!(decision.outcome != Outcome::ExplicitDeny || !decision.denied_by.is_empty());
    }

    #[test]
    fn choosing_is_never_worse_and_its_witness_passes(
        world in world(), request in request(), known in three_known(), free in 0..=KEYS.len(),
    ) {
        let policies = world.policies();
        let exact = in_context(&request, &known);
        let choices = Choices { keys: KEYS[..free].iter().map(|key| (*key).to_owned()).collect(), resource: false };
        let reached = reach(&exact, &choices, &policies);
        if !known[..free].contains(&Known::Unknown) {
            prop_assert!(reached.decision.outcome >= decide(&exact, &policies).outcome.min(Outcome::Conditional));
        }
        if let Some(witness) = reached.witness {
            let left_out = KEYS[..free].iter().fold(exact.context.clone(), |context, key| context.without(key));
            let chosen = witness.context.iter().fold(left_out, |context, (key, value)| match value {
                Chosen::One(value) => context.with(key, value),
                Chosen::Many(values) => context.with_all(key, values),
            });
            let again = decide(&exact.within(chosen), &policies);
            prop_assert!(may_become(&reached.decision, &again), "{:?} became {:?}", reached.decision, again);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_upset_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        judge_somehow(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_json_upsets_the_parser(json in any_json()) {
        judge_somehow(&json.to_string());
        judge_somehow(&json!({"Version": "2012-10-17", "Statement": json}).to_string());
    }

    #[test]
    fn no_statement_upsets_the_parser(members in prop::collection::vec((element_name(), any_json()), 0..8)) {
        let statement: Vec<String> =
            members.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
        judge_somehow(&format!(r#"{{"Version":"2012-10-17","Statement":{{{}}}}}"#, statement.join(",")));
    }
}

fn judge_somehow(text: &str) {
    let document = std::sync::Arc::new(Document::parse_or_doubt("p", text));
    let policies = Policies {
        identity: vec![document.clone()],
        resource: ResourcePolicy::Is(vec![document]),
        ..Policies::default()
    };
    let request = Request::new("arn:aws:iam::111122223333:role/ml", "s3:GetObject", "arn:aws:s3:::data/*");
    decide(&request, &policies);
    decide(&request.clone().within(Context::open()), &policies);
    reach(&request, &Choices { keys: vec!["*".into()], resource: true }, &policies);
}

fn element_name() -> impl Strategy<Value = &'static str> {
    select(vec![
        "Sid",
        "Effect",
        "Action",
        "notaction",
        "Resource",
        "NotResource",
        "Principal",
        "NotPrincipal",
        "Condition",
        "X",
    ])
}

fn any_json() -> impl Strategy<Value = Value> {
    let words = select(vec![
        "Allow",
        "Deny",
        "*",
        "s3:*",
        "arn:aws:s3:::${aws:x, 'y'}/*",
        "${",
        "StringEquals",
        "AWS",
        "%7B",
        "é",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((words.clone(), inner), 0..4)
                .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Value>()),
        ]
    })
}
