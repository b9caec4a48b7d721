//! Where the oracle and we differ, and the page of the AWS documentation that decides.

use sagescan_policy::Outcome::{self, Allow, Conditional, ExplicitDeny, ImplicitDeny};
use serde_json::Value;

/// Who is right. A disagreement in which the oracle is right is a bug of ours and has no place in this table.
#[derive(Debug)]
pub enum Right {
    /// The page says what we say.
    We,
    /// The page leaves it open; we say so or take the safe side.
    Open,
}

pub struct Disagreement {
    pub name: &'static str,
    /// Our answer and theirs.
    pub answers: &'static [(Outcome, Outcome)],
    /// Does the case carry what the two differ about?
    pub about: fn(&Value) -> bool,
    pub right: Right,
    pub why: &'static str,
    pub page: &'static str,
}

/// The text of the policies, for matchers that look for a spelling.
fn says(case: &Value, text: &str) -> bool {
    case["policies"].to_string().contains(text)
}

/// Does the resource policy name a session of a role?
fn names_sessions(case: &Value) -> bool {
    case["policies"]["resource"].to_string().contains(":assumed-role/")
}

fn action(case: &Value) -> &str {
    case["request"]["action"].as_str().unwrap()
}

/// The condition keys of a case under operators without `ForAllValues` and `ForAnyValue`.
fn single_valued(case: &Value, key: &str) -> bool {
    let text = case["policies"].to_string();
    text.contains(key) && !text.contains("ForA")
}

const OPERATORS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
const SETS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html";
const VARIABLES: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html";
const ARNS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html";
const EITHER_DENIAL: &[(Outcome, Outcome)] = &[(ExplicitDeny, ImplicitDeny)];
const ANY_DOUBT: &[(Outcome, Outcome)] =
    &[(Conditional, Allow), (Conditional, ImplicitDeny), (Conditional, ExplicitDeny)];
const OPPOSITE: &[(Outcome, Outcome)] =
    &[(Allow, ImplicitDeny), (Allow, ExplicitDeny), (ExplicitDeny, Allow), (ImplicitDeny, Allow)];

pub const DISAGREEMENTS: &[Disagreement] = &[
    Disagreement {
        name: "variables in documents of the old version",
        answers: OPPOSITE,
        about: |case| says(case, "2008-10-17") || (says(case, "${") && !says(case, "Version")),
        right: Right::We,
        why: "Version 2012-10-17 is needed for variables; without it `${` is plain text. The oracle always replaces them.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
    },
    Disagreement {
        name: "a variable without a value under a negated operator",
        answers: OPPOSITE,
        about: |case| says(case, "Not") && says(case, "${aws:PrincipalTag/"),
        right: Right::We,
        why: "Nothing equals a value that is not there, so the negated operator holds. The oracle says it does not.",
        page: VARIABLES,
    },
    Disagreement {
        name: "${*}, ${?} and ${$} under an operator without wildcards",
        answers: OPPOSITE,
        about: |case| ["${*}", "${?}", "${$}"].iter().any(|symbol| says(case, symbol)) && says(case, "StringEquals"),
        right: Right::We,
        why: "They stand for the character wherever variables may be used. The oracle keeps them as written there.",
        page: VARIABLES,
    },
    Disagreement {
        name: "the network of all IPv4 addresses",
        answers: OPPOSITE,
        about: |case| says(case, "0.0.0.0/0"),
        right: Right::We,
        why: "0.0.0.0/0 is a CIDR range that holds every IPv4 address. The oracle finds none in it.",
        page: OPERATORS,
    },
    Disagreement {
        name: "an IPv6 address outside a single IPv4 address",
        answers: OPPOSITE,
        about: |case| says(case, "NotIpAddress") && case["request"]["context"]["aws:SourceIp"] == "2001:db8::1",
        right: Right::We,
        why: "NotIpAddress holds for every address but the listed. The oracle makes an exception for the other family.",
        page: OPERATORS,
    },
    Disagreement {
        name: "ForAnyValue with IfExists on an absent key",
        answers: ANY_DOUBT,
        about: |case| says(case, "ForAnyValue") && says(case, "IfExists"),
        right: Right::Open,
        why: "IfExists says true for an absent key, ForAnyValue says false; the page does not say which wins.",
        page: SETS,
    },
    Disagreement {
        name: "a key that holds a list, without a set operator",
        answers: ANY_DOUBT,
        about: |case| single_valued(case, "aws:TagKeys"),
        right: Right::Open,
        why: "The page asks for a set operator and does not say what happens without; the oracle says no match.",
        page: SETS,
    },
    Disagreement {
        name: "a value the operator cannot compare with",
        answers: ANY_DOUBT,
        about: |case| ["\"five\"", "\"soon\"", "\"10.0.0.0/40\"", "\"yes\""].iter().any(|value| says(case, value)),
        right: Right::Open,
        why: "The page does not say what a value of the wrong type does; the oracle says no match.",
        page: OPERATORS,
    },
    Disagreement {
        name: "an ARN condition that is not an ARN of six parts",
        answers: ANY_DOUBT,
        about: |case| says(case, "\"arn:aws:s3*\""),
        right: Right::Open,
        why: "The page says that each of the six parts is compared; it does not say what fewer parts do.",
        page: OPERATORS,
    },
    Disagreement {
        name: "a wildcard in the type of a resource",
        answers: &[(Allow, ImplicitDeny), (Conditional, Allow)],
        about: |case| says(case, ":*:*:*/*\"") || says(case, ":*:*:train*/*\""),
        right: Right::Open,
        why: "The page forbids it and policies that AWS publishes use it. An Allow counts, with a remark; a Deny is a doubt.",
        page: ARNS,
    },
    Disagreement {
        name: "a resource ARN cut short in a Deny",
        answers: &[(Conditional, ExplicitDeny)],
        about: |case| says(case, "\"arn:aws:sagemaker:*\""),
        right: Right::Open,
        why: "The page asks for six parts; that AWS fills up missing ones is not written. A Deny is a doubt.",
        page: ARNS,
    },
    Disagreement {
        name: "a wildcard for the region or account of a bucket",
        answers: OPPOSITE,
        about: |case| action(case).starts_with("s3:") && (says(case, "arn:aws:s3:*") || says(case, "arn:aws:s3::*")),
        right: Right::We,
        why: "A wildcard in a part of the ARN matches an empty part too. The oracle then compares the first folder literally.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
    },
    Disagreement {
        name: "NotResource for an action without resources",
        answers: ANY_DOUBT,
        about: |case| case["request"]["resource"] == "*" && says(case, "NotResource"),
        right: Right::Open,
        why: "With `*` asked, the answer hangs on whether the action knows resources. The oracle has the table, we do not.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html",
    },
    Disagreement {
        name: "a resource control policy over SageMaker",
        answers: &[(Allow, ExplicitDeny)],
        about: |case| case["policies"].get("rcps").is_some() && action(case).starts_with("sagemaker:"),
        right: Right::We,
        why: "The page lists the services that these policies reach; SageMaker is not among them. The oracle does not look.",
        page: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
    },
    Disagreement {
        name: "which denial it is when a public bucket is cut off",
        answers: EITHER_DENIAL,
        about: |case| case["environment"]["s3_restrict_public_buckets"] == true,
        right: Right::Open,
        why: "Denied either way: we name the setting even where no policy would have granted the request.",
        page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    },
    Disagreement {
        name: "a grant to the session, under a session policy",
        answers: &[(Allow, ImplicitDeny)],
        about: |case| case["policies"].get("session").is_some() && names_sessions(case),
        right: Right::We,
        why: "A grant that names the session is added after the session policy is applied. The oracle stops there.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session",
    },
    Disagreement {
        name: "a grant to everyone, under a session policy",
        answers: &[(Allow, ImplicitDeny)],
        about: |case| case["policies"].get("session").is_some() && says(case, "\"Principal\":\"*\""),
        right: Right::Open,
        why: "The page speaks of grants to the role and to the session, not to everyone. We do not hide the grant.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session",
    },
    Disagreement {
        name: "a role asks, the policy names one of its sessions",
        answers: ANY_DOUBT,
        about: |case| {
            case["request"]["principal"].as_str().is_some_and(|arn| arn.contains(":role/")) && names_sessions(case)
        },
        right: Right::We,
        why: "The role stands for any of its sessions, under a name that is not known. The oracle takes it for the role itself.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    },
    Disagreement {
        name: "NotPrincipal that lists too little in a Deny",
        answers: &[(Conditional, Allow), (Conditional, ExplicitDeny), (ExplicitDeny, Allow)],
        about: |case| says(case, "NotPrincipal") && says(case, "Deny"),
        right: Right::We,
        why: "Principal, role and account have to be listed for the principal to be spared. The oracle is content with one.",
        page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
    },
];
