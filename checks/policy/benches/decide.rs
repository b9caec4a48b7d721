//! How long one question takes, over ten policies of twenty statements each: a role in a large account.

use divan::{Bencher, black_box};
use sagescan_policy::{Choices, Context, Document, Policies, Request, decide, reach};

fn main() {
    divan::main();
}

const SERVICES: [&str; 10] = ["s3", "ec2", "sagemaker", "logs", "ecr", "kms", "glue", "athena", "iam", "cloudwatch"];

/// Twenty statements, each with three actions, two resources and a condition, of ten services in turn.
fn document(at: usize) -> Document {
    let statements: Vec<String> = (0..20)
        .map(|n| {
            let service = SERVICES[(at + n) % SERVICES.len()];
            format!(
                r#"{{"Effect":"{}","Action":["{service}:Get*","{service}:Describe{n}*","{service}:Create{n}Job"],
                    "Resource":["arn:aws:{service}:*:111122223333:thing/team-{n}-*","arn:aws:{service}:us-east-1:111122223333:other/{at}"],
                    "Condition":{{"StringEquals":{{"aws:PrincipalTag/team":["team-{n}","admins"]}}}}}}"#,
                if n % 7 == 6 { "Deny" } else { "Allow" },
            )
        })
        .collect();
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    Document::parse("p", &text).expect("the document is written above")
}

fn policies() -> Policies {
    Policies { identity: (0..10).map(|at| document(at).into()).collect(), ..Policies::default() }
}

fn request(action: &str, resource: &str) -> Request {
    Request::new("arn:aws:iam::111122223333:role/ml", action, resource).within(Context::open())
}

const ASKED: [(&str, &str); 3] = [
    ("s3:GetObject", "arn:aws:s3:::data/train.csv"),
    ("sagemaker:Create4Job", "arn:aws:sagemaker:us-east-1:111122223333:thing/team-4-x"),
    ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:f"),
];

#[divan::bench(args = ASKED)]
fn one_decision(bencher: Bencher<'_, '_>, (action, resource): (&str, &str)) {
    let (policies, request) = (policies(), request(action, resource));
    bencher.bench(|| decide(black_box(&request), black_box(&policies)));
}

#[divan::bench]
fn one_solved_name(bencher: Bencher<'_, '_>) {
    let policies = policies();
    let request = request("sagemaker:Create4Job", "arn:aws:sagemaker:us-east-1:111122223333:thing/*");
    let choices = Choices { keys: vec!["sagemaker:*".into()], resource: true };
    bencher.bench(|| reach(black_box(&request), black_box(&choices), black_box(&policies)));
}

#[divan::bench]
fn one_document_read() -> Document {
    document(black_box(3))
}
