//! AWS Organizations: what the snapshot knows of the organization over the account.

use std::collections::BTreeMap;

use sagescan_checks::snapshot::{Listed, Organization, OrganizationLevel, OrganizationPolicy};
use serde_json::json;

use super::call::{Answer, Call, Operation, Outcome};
use super::paging::Paging;
use super::refusal::Refusal;

pub(super) fn operations() -> Vec<Operation> {
    let operation = |name, action, answer| Operation { name, action, resource: "", answer };
    vec![
        operation("DescribeOrganization", "organizations:DescribeOrganization", describe_organization),
        operation("ListParents", "organizations:ListParents", list_parents),
        operation("ListPoliciesForTarget", "organizations:ListPoliciesForTarget", list_policies_for_target),
        operation("DescribeEffectivePolicy", "organizations:DescribeEffectivePolicy", describe_effective_policy),
        operation("DescribePolicy", "organizations:DescribePolicy", describe_policy),
    ]
}

const PAGES: Paging = Paging { size: "MaxResults", token: "NextToken", default: 20, maximum: 20 };

fn organization<'s>(call: &Call<'s>) -> Result<&'s Organization, Refusal> {
    let none =
        || Refusal::absent("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
    call.snapshot().account.organization.get()?.ok_or_else(none)
}

fn describe_organization(call: &Call<'_>) -> Outcome {
    let organization = organization(call)?;
    let management = organization.management_account.get()?;
    let arn = management.map(|account| {
        format!("arn:{}:organizations::{account}:organization/{}", call.world.partition(), organization.id)
    });
    Ok(Answer::Json(json!({ "Organization": {
        "Id": organization.id,
        "Arn": arn,
        "FeatureSet": organization.feature_set.get()?,
        "MasterAccountId": management,
    }})))
}

/// The place of a target on the way from the root to the account.
fn place(call: &Call<'_>, levels: &Listed<OrganizationLevel>, id: &str, code: &'static str) -> Result<usize, Refusal> {
    match (levels.iter().position(|level| level.id == id), call.gap(levels)) {
        (Some(at), _) => Ok(at),
        (None, Some(gap)) => Err(gap.into()),
        (None, None) => Err(Refusal::absent(code, format!("There is no {id} in the organization."))),
    }
}

fn list_parents(call: &Call<'_>) -> Outcome {
    let levels = &organization(call)?.levels;
    let child = call.required("ChildId")?;
    let at = place(call, levels, child, "ChildNotFoundException")?;
    let parent = at.checked_sub(1).and_then(|above| levels.items.get(above));
    match (parent, call.gap(levels)) {
        (Some(parent), _) => Ok(Answer::Json(json!({ "Parents": [{ "Id": parent.id, "Type": parent.kind }] }))),
        (None, Some(gap)) => Err(gap.into()),
        (None, None) => Err(Refusal::absent("InvalidInputException", format!("{child} has no parent."))),
    }
}

fn list_policies_for_target(call: &Call<'_>) -> Outcome {
    let levels = &organization(call)?.levels;
    let at = place(call, levels, call.required("TargetId")?, "TargetNotFoundException")?;
    let kind = call.required("Filter")?;
    let none = Listed::complete(Vec::new());
    let policies = match (levels.items.get(at), kind) {
        (Some(level), "SERVICE_CONTROL_POLICY") => &level.scps,
        (Some(level), "RESOURCE_CONTROL_POLICY") => &level.rcps,
        _ => &none,
    };
    let page = PAGES.page(call, policies.items.len(), call.gap(policies))?;
    let summaries = policies.items[page.range].iter().map(|policy| summary(policy, kind));
    Ok(Answer::Json(json!({ "Policies": summaries.collect::<Vec<_>>(), "NextToken": page.next })))
}

fn summary(policy: &OrganizationPolicy, kind: &str) -> serde_json::Value {
    let of_aws = policy.id.ends_with("FullAWSAccess");
    json!({ "Id": policy.id, "Name": policy.name, "Type": kind, "AwsManaged": of_aws })
}

fn describe_effective_policy(call: &Call<'_>) -> Outcome {
    let kind = call.required("PolicyType")?;
    let policy = if kind == "AISERVICES_OPT_OUT_POLICY" { organization(call)?.ai_opt_out.get()? } else { None };
    let Some(content) = policy else {
        return Err(Refusal::absent("EffectivePolicyNotFoundException", "There is no effective policy of that type."));
    };
    let account = &call.snapshot().scan.account;
    Ok(Answer::Json(
        json!({ "EffectivePolicy": { "PolicyContent": content, "TargetId": account, "PolicyType": kind } }),
    ))
}

fn describe_policy(call: &Call<'_>) -> Outcome {
    let levels = &organization(call)?.levels;
    let wanted = call.required("PolicyId")?;
    let mut all: BTreeMap<&str, (&OrganizationPolicy, &str)> = BTreeMap::new();
    for level in levels.iter() {
        all.extend(level.scps.iter().map(|policy| (policy.id.as_str(), (policy, "SERVICE_CONTROL_POLICY"))));
        all.extend(level.rcps.iter().map(|policy| (policy.id.as_str(), (policy, "RESOURCE_CONTROL_POLICY"))));
    }
    let Some((policy, kind)) = all.get(wanted) else {
        return Err(Refusal::absent("PolicyNotFoundException", format!("There is no policy {wanted}.")));
    };
    Ok(Answer::Json(json!({ "Policy": { "PolicySummary": summary(policy, kind), "Content": policy.document.get()? } })))
}
