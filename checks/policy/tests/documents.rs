//! Reading documents: lenient about form, strict about meaning, unimpressed by hostility.

use sagescan_policy::{
    Choices, Context, Document, DocumentError, Effect, Outcome, Policies, Principal, Request, decide, reach,
};

fn read(text: &str) -> Document {
    Document::parse("p", text).unwrap()
}

fn asked() -> Request {
    Request::new("arn:aws:iam::111122223333:role/ml", "s3:GetObject", "arn:aws:s3:::data/a")
}

fn outcome(text: &str) -> Outcome {
    let identity = vec![Document::parse_or_doubt("p", text).into()];
    decide(&asked(), &Policies { identity, ..Policies::default() }).outcome
}

fn statement(text: &str) -> Document {
    read(&format!(r#"{{"Version":"2012-10-17","Statement":{text}}}"#))
}

#[test]
fn the_form_is_free() {
    let plain =
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Allow","Action":["s3:*"],"Resource":["*"]}]}"#;
    let bare = r#"{"version":"2012-10-17","STATEMENT":{"sid":"One","effect":"Allow","action":"s3:*","Resource":"*"}}"#;
    let encoded = plain.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    assert_eq!(read(plain), read(bare));
    assert_eq!(read(plain), read(&encoded));
    assert_eq!(read(plain), read(&format!("\u{feff} {plain}\n")));
    assert_eq!(outcome(plain), Outcome::Allow);
}

#[test]
fn a_text_that_is_no_policy_is_refused_with_a_reason() {
    for (text, reason) in [
        ("", "JSON"),
        ("%7B%2", "URL encoding"),
        ("%7B%FF", "UTF-8"),
        ("[]", "not an object"),
        ("{}", "no Statement"),
        (r#"{"Statement":7}"#, "neither an object nor a list"),
        (r#"{"Version":"2020-01-01","Statement":[]}"#, "Version"),
        (r#"{"Statement":[],"statement":[]}"#, "two elements statement"),
    ] {
        let error = Document::parse("p", text).unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
        assert_eq!(outcome(text), Outcome::Conditional, "{text}");
    }
}

#[test]
fn a_statement_that_is_not_understood_is_a_possible_match() {
    for flawed in [
        r#"{"Effect":"allow","Action":"s3:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"s3:*","NotAction":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":{"x":1},"Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":7,"Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"s3:*"}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"data"}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Conditions":{}}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"a":"1","a":"2"}}}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"a":[]}}}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringSameAs":{"a":"1"}}}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}"#,
        r#"{"Effect":"Allow","Action":"s*:GetObject","Resource":"*"}"#,
        "7",
    ] {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{flawed}]}}"#);
        assert_eq!(outcome(&text), Outcome::Conditional, "{flawed}");
    }
}

#[test]
fn statements_can_be_read_as_evidence() {
    let document = statement(
        r#"{"Sid":"Trust","Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["sagemaker.amazonaws.com"],
            "AWS":["111122223333","arn:aws:iam::444455556666:root","AROAEXAMPLEEXAMPLE123","arn:aws:iam::444455556666:role/*"]},
            "Condition":{"StringEquals":{"aws:SourceAccount":111122223333},"Bool":{"AWS:SecureTransport":true}}}"#,
    );
    let statement = &document.statements()[0];
    assert_eq!(
        (statement.effect, statement.sid.as_deref(), statement.flaw.as_deref()),
        (Effect::Allow, Some("Trust"), None)
    );
    assert_eq!(statement.actions.only()[0].text(), "sts:AssumeRole");
    assert_eq!(statement.condition_keys(), ["aws:SourceAccount", "AWS:SecureTransport"]);
    assert_eq!(statement.conditions[0].values().collect::<Vec<_>>(), ["111122223333"]);
    assert_eq!(
        statement.principals.only()[..5],
        [
            Principal::Service("sagemaker.amazonaws.com".into()),
            Principal::Account("111122223333".into()),
            Principal::Account("444455556666".into()),
            Principal::Deleted("AROAEXAMPLEEXAMPLE123".into()),
            Principal::Unusable("arn:aws:iam::444455556666:role/*".into()),
        ]
    );
}

#[test]
fn contested_spellings_are_never_decided_silently() {
    let document = |effect: &str, resource: &str| {
        statement(&format!(
            r#"[{{"Effect":"Allow","Action":"sagemaker:*","Resource":"*"}},
                {{"Effect":"{effect}","Action":"sagemaker:*","Resource":"{resource}"}}]"#
        ))
    };
    let request = Request::new(
        "arn:aws:iam::111122223333:role/ml",
        "sagemaker:CreateModel",
        "arn:aws:sagemaker:us-east-1:111122223333:model/m",
    );
    for resource in ["arn:aws:sagemaker:*:*:*/*", "arn:aws:sagemaker:*"] {
        let deny = document("Deny", resource);
        assert!(!deny.statements()[1].remarks().is_empty());
        let policies = Policies { identity: vec![deny.into()], ..Policies::default() };
        assert_eq!(decide(&request, &policies).outcome, Outcome::Conditional, "{resource}");
    }
}

#[test]
fn not_resource_and_a_star_wait_for_what_the_action_knows() {
    let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let outcome = |statements: &str, action: &str| {
        let identity = vec![statement(&format!("[{statements}]")).into()];
        let request = Request::new("arn:aws:iam::111122223333:role/ml", action, "*");
        decide(&request, &Policies { identity, ..Policies::default() }).outcome
    };
    let spare = r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::data/*"}"#;
    assert_eq!(outcome(spare, "sagemaker:ListModels"), Outcome::Conditional);
    assert_eq!(outcome(spare, "*"), Outcome::ImplicitDeny);
    let deny = format!(r#"{all},{{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::data/*"}}"#);
    assert_eq!(outcome(&deny, "sagemaker:ListModels"), Outcome::Conditional);
    let nothing = format!(r#"{all},{{"Effect":"Deny","Action":"*","NotResource":["arn:aws:s3:::data/*","*"]}}"#);
    assert_eq!(outcome(&nothing, "sagemaker:ListModels"), Outcome::Allow);
}

#[test]
fn hostile_documents_are_refused_or_read_in_bounded_work() {
    let nested = "[".repeat(200_000);
    let braces = r#"{"Statement":"#.repeat(100_000);
    for text in [&nested, &braces, &format!(r#"{{"Statement":{}}}"#, "[".repeat(1_000))] {
        assert!(Document::parse("p", text).is_err());
    }
    assert!(matches!(Document::parse("p", &"x".repeat(2 << 20)), Err(DocumentError::TooLarge(_))));
    assert!(matches!(Document::parse("p", &"%20".repeat(1 << 20)), Err(DocumentError::TooLarge(_))));

    let long = statement(&format!(r#"{{"Effect":"Allow","Action":"s3:*","Resource":"{}"}}"#, "*a".repeat(50_000)));
    assert!(long.statements()[0].flaw.as_deref().unwrap().contains("longer than any AWS name"));
}

#[test]
fn hostile_questions_get_an_answer() {
    let keys: Vec<String> =
        (0..500).map(|n| format!(r#""sagemaker:k{n}":["a*b","c","${{sagemaker:k{}}}"]"#, n + 1)).collect();
    let stars: Vec<String> = (0..300).map(|n| format!(r#""arn:aws:s3:::{}{n}""#, "*a?".repeat(100))).collect();
    let document = statement(&format!(
        r#"[{{"Effect":"Allow","Action":"s3:*","Resource":[{}],"Condition":{{"ForAnyValue:StringLike":{{{}}}}}}},
            {{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{{"StringNotEquals":{{{}}}}}}}]"#,
        stars.join(","),
        keys.join(","),
        keys.join(","),
    ));
    let policies = Policies { identity: vec![document.into()], ..Policies::default() };
    let request = Request::new("arn:aws:iam::111122223333:role/ml", "s3:GetObject", "arn:aws:s3:::data/*");
    let choices = Choices { keys: vec!["sagemaker:*".into()], resource: true };
    assert_eq!(reach(&request, &choices, &policies).decision.outcome, Outcome::Conditional);
    let long = Request::new("x", &"s3:".repeat(100_000), &"arn:aws:s3:::".repeat(100_000));
    assert!(
        decide(&long.within(Context::open().with("sagemaker:k1", "a".repeat(1 << 20))), &policies).outcome
            <= Outcome::Conditional
    );
}
