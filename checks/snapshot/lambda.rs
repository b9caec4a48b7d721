//! Lambda: the functions that may stand in front of endpoints, or that SageMaker's managed policies let roles invoke.

use sagescan_policy::{Document, Effect};
use serde_json::{Value, json};

use super::record::record;
use super::wire::Form;
use super::{Account, Ask, InlinePolicy, Known, List, Seen, Spec, Table};
use crate::read;

/// How the URLs of a function let callers in; a function without URLs answers with an empty list.
const URLS: Ask = Ask {
    absent: &["ResourceNotFoundException"],
    ..Ask::of(read!("lambda", "ListFunctionUrlConfigs"), &[("FunctionName", "FunctionName")])
};

record! {
    /// A function whose name SageMaker's managed policies cover, or whose role may invoke endpoints (ListFunctions). What
    /// its environment holds is never kept.
    pub struct LambdaFunction in lambda_functions {
        name: String = "FunctionName",
        arn: String = "FunctionArn",
        role: Seen<String> = "Role",
    }
    also {
        /// For each URL of it `AWS_IAM`, or `NONE` for whoever comes.
        url_auth: Seen<Vec<String>> = URLS, "" as UrlAuth;
    }
    by Spec {
        arn: "FunctionArn",
        resource: "function:{FunctionName}",
        summary: &["FunctionName", "FunctionArn", "Role"],
        missing: "ResourceNotFoundException",
        needs: &[Table::Endpoints, Table::Roles, Table::Policies],
        ..Spec::of(Table::LambdaFunctions, List {
            size: Some(("MaxItems", 50)),
            token: "Marker=NextMarker",
            keep: Some(matters),
            ..List::of(read!("lambda", "ListFunctions"), "Functions")
        })
    }
}

/// The authorization of each URL. A second page of them is not asked for, so there must be none.
#[derive(Debug)]
struct UrlAuth;

impl Form<Vec<String>> for UrlAuth {
    fn read(value: &Value) -> Result<Option<Vec<String>>, String> {
        if value.get("NextMarker").is_some_and(|next| !next.is_null()) {
            return Err("has more URLs than one answer holds".to_owned());
        }
        let all = value.get("FunctionUrlConfigs").and_then(Value::as_array).ok_or("has no FunctionUrlConfigs")?;
        let auth = |url: &Value| url.get("AuthType").and_then(Value::as_str).map(str::to_owned);
        all.iter()
            .map(|url| auth(url).ok_or_else(|| "has a URL without AuthType".to_owned()))
            .collect::<Result<_, _>>()
            .map(Some)
    }
    fn write(value: &Vec<String>) -> Value {
        let url = |auth: &String| {
            json!({
                "AuthType": auth, "FunctionUrl": "https://abcdefgh.lambda-url.us-east-1.on.aws/",
                "FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:sagescan",
                "CreationTime": "2026-10-01T08:00:00Z", "LastModifiedTime": "2026-10-01T08:00:00Z",
            })
        };
        json!({ "FunctionUrlConfigs": value.iter().map(url).collect::<Vec<_>>() })
    }
}

impl LambdaFunction {
    /// Whether AmazonSageMakerFullAccess lets every role that has it invoke a function of this name (AWS Managed Policy
    /// Reference, statement `AllowLambdaInvokeFunction`; read November 2026).
    pub fn is_invoked_by_name(name: &str) -> bool {
        ["SageMaker", "sagemaker", "Sagemaker", "LabelingFunction"].iter().any(|part| name.contains(part))
    }
}

/// Whether a function is worth keeping: by its name, or because its role may invoke endpoints where there are some. What
/// was not seen of the role keeps it.
fn matters(known: &Known<'_>, summary: &Value) -> bool {
    let text = |name: &str| summary.get(name).and_then(Value::as_str).unwrap_or_default();
    let endpoints = &known.region.endpoints;
    let serves = !endpoints.is_empty() || endpoints.missing.is_some();
    LambdaFunction::is_invoked_by_name(text("FunctionName"))
        || serves && speaks_of_inference(text("Role"), known.account)
}

/// Whether a policy of the role speaks of invoking endpoints, or may.
fn speaks_of_inference(arn: &str, account: &Account) -> bool {
    let Some(role) = account.roles.iter().find(|role| role.arn == arn) else {
        // A role that is gone can do nothing.
        return account.roles.missing.is_some();
    };
    let speaks = |text: &str| {
        let document = Document::parse_or_doubt("", text);
        let allows = |effect: &Effect| *effect != Effect::Deny;
        document.statements().iter().any(|s| allows(&s.effect) && (s.flaw.is_some() || s.may_cover_some(INVOKE)))
    };
    let inline = match &role.inline {
        Seen::Is(all) => all.iter().any(|policy: &InlinePolicy| speaks(&policy.document)),
        Seen::Unset => false,
        Seen::Unseen(_) => true,
    };
    let attached = |arn: &String| match account.policies.iter().find(|policy| policy.arn == *arn) {
        Some(policy) => policy.document.shown().is_none_or(|text| speaks(text)),
        None => true,
    };
    inline
        || match &role.attached {
            Seen::Is(all) => all.iter().any(attached),
            Seen::Unset => false,
            Seen::Unseen(_) => true,
        }
}

/// Every action that runs inference.
const INVOKE: &str = "sagemaker:InvokeEndpoint*";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Gap, Listed, Reason, Role};

    fn account(action: &str) -> Account {
        let document =
            json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }] });
        let inline = InlinePolicy { name: "p".to_owned(), document: document.to_string() };
        let role = Role {
            arn: "arn:aws:iam::111122223333:role/f".to_owned(),
            inline: Seen::Is(vec![inline]),
            attached: Seen::Is(Vec::new()),
            ..Role::default()
        };
        Account { roles: Listed::complete(vec![role]), ..Account::default() }
    }

    #[test]
    fn a_function_matters_by_its_name_or_by_what_its_role_may_do() {
        let role = "arn:aws:iam::111122223333:role/f";
        for action in ["sagemaker:InvokeEndpoint", "sagemaker:*", "*", "sagemaker:Invoke*"] {
            assert!(speaks_of_inference(role, &account(action)), "{action}");
        }
        assert!(!speaks_of_inference(role, &account("s3:GetObject")));
        assert!(!speaks_of_inference("arn:aws:iam::111122223333:role/gone", &account("*")));
        assert!(LambdaFunction::is_invoked_by_name("boxes-LabelingFunction"));
        assert!(!LambdaFunction::is_invoked_by_name("SAGEMAKER"));
    }

    #[test]
    fn a_role_that_was_not_seen_may_do_anything() {
        let mut unseen = account("s3:GetObject");
        unseen.roles = Listed { items: Vec::new(), missing: Some(Gap::new(Reason::Denied, "")) };
        assert!(speaks_of_inference("arn:aws:iam::111122223333:role/f", &unseen));
    }

    #[test]
    fn urls_beyond_the_first_page_are_not_forgotten() {
        assert_eq!(UrlAuth::read(&UrlAuth::write(&vec!["NONE".to_owned()])), Ok(Some(vec!["NONE".to_owned()])));
        assert!(UrlAuth::read(&json!({ "FunctionUrlConfigs": [], "NextMarker": "next" })).is_err());
        assert!(UrlAuth::read(&json!({ "FunctionUrlConfigs": [{}] })).is_err());
    }
}
