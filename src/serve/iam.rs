//! IAM: the whole of it in one paged call, and the state of the account.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sagescan_checks::snapshot::{
    AccountSummary, Credentials, Group, InlinePolicy, PasswordPolicy, Policy, Role, Seen, ServiceUse, Tag, User,
    short_name,
};

use super::call::{Answer, Call, Operation, Outcome, Protocol, Service};
use super::paging::Paging;
use super::refusal::Refusal;
use super::xml::Element;

macro_rules! read {
    ($name:literal, $answer:expr) => {
        Operation { name: $name, action: concat!("iam:", $name), resource: "", answer: $answer }
    };
}

pub(super) static SERVICE: LazyLock<Service> = LazyLock::new(|| Service {
    name: "iam",
    signed: "iam",
    protocol: Protocol::Query,
    label: "2010-05-08",
    operations: vec![
        read!("GetAccountAuthorizationDetails", get_account_authorization_details),
        read!("GetAccountSummary", |call| Ok(Answer::Xml(summary(call.snapshot().account.summary.get()?)))),
        read!("GetAccountPasswordPolicy", get_account_password_policy),
        read!("GenerateCredentialReport", |_| {
            let state = Element::unnamed().text("State", "COMPLETE");
            Ok(Answer::Xml(state.text("Description", "No report exists. Starting a new report generation task")))
        }),
        read!("GetCredentialReport", get_credential_report),
        read!("GenerateServiceLastAccessedDetails", generate_service_last_accessed_details),
        read!("GetServiceLastAccessedDetails", get_service_last_accessed_details),
    ],
});

const PAGES: Paging = Paging { size: "MaxItems", token: "Marker", default: 100, maximum: 1000 };

/// Anything that the details list.
enum Entity<'s> {
    User(&'s User),
    Group(&'s Group),
    Role(&'s Role),
    Policy(&'s Policy),
}

fn get_account_authorization_details(call: &Call<'_>) -> Outcome {
    let account = &call.snapshot().account;
    let wants = |kind: &str| {
        let mut filters = call.input.iter().filter(|(name, _)| name.starts_with("Filter.member.")).peekable();
        filters.peek().is_none() || filters.any(|(_, value)| value == kind)
    };
    let by_aws = |policy: &&Policy| policy.arn.contains(":iam::aws:policy/");
    let mut entities: Vec<Entity<'_>> = Vec::new();
    let mut missing = None;
    if wants("User") {
        entities.extend(account.users.iter().map(Entity::User));
        missing = missing.or(call.gap(&account.users));
    }
    if wants("Group") {
        entities.extend(account.groups.iter().map(Entity::Group));
        missing = missing.or(call.gap(&account.groups));
    }
    if wants("Role") {
        entities.extend(account.roles.iter().map(Entity::Role));
        missing = missing.or(call.gap(&account.roles));
    }
    let (aws, local) = (wants("AWSManagedPolicy"), wants("LocalManagedPolicy"));
    if aws || local {
        let policies = account.policies.iter().filter(|policy| if by_aws(policy) { aws } else { local });
        entities.extend(policies.map(Entity::Policy));
        missing = missing.or(call.gap(&account.policies));
    }

    let page = PAGES.page(call, entities.len(), missing)?;
    let (mut users, mut groups, mut roles, mut policies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for entity in &entities[page.range] {
        match entity {
            Entity::User(one) => users.push(user(one)?),
            Entity::Group(one) => groups.push(group(one)?),
            Entity::Role(one) => roles.push(role(one)?),
            Entity::Policy(one) => policies.push(policy(one)?),
        }
    }
    let details = Element::unnamed()
        .text("IsTruncated", page.next.is_some())
        .list("UserDetailList", "member", users)
        .list("GroupDetailList", "member", groups)
        .list("RoleDetailList", "member", roles)
        .list("Policies", "member", policies)
        .maybe("Marker", page.next);
    Ok(Answer::Xml(details))
}

fn user(one: &User) -> Result<Element, Refusal> {
    let element = Element::unnamed()
        .text("Path", &one.path)
        .text("UserName", &one.name)
        .text("UserId", id("AIDA", &one.arn))
        .text("Arn", &one.arn)
        .maybe("CreateDate", one.created.get()?)
        .list("UserPolicyList", "member", inline(&one.inline)?)
        .texts("GroupList", "member", one.groups.get()?.into_iter().flatten())
        .list("AttachedManagedPolicies", "member", attached(&one.attached)?)
        .list("Tags", "member", tags(&one.tags)?);
    bounded(element, &one.boundary)
}

fn group(one: &Group) -> Result<Element, Refusal> {
    let path = one.arn.split_once(":group").and_then(|(_, path)| path.strip_suffix(one.name.as_str())).unwrap_or("/");
    Ok(Element::unnamed()
        .text("Path", path)
        .text("GroupName", &one.name)
        .text("GroupId", id("AGPA", &one.arn))
        .text("Arn", &one.arn)
        .list("GroupPolicyList", "member", inline(&one.inline)?)
        .list("AttachedManagedPolicies", "member", attached(&one.attached)?))
}

fn role(one: &Role) -> Result<Element, Refusal> {
    let mut used = Element::new("RoleLastUsed");
    if let Some(time) = one.last_used.get()? {
        used = used.text("LastUsedDate", time).text("Region", "us-east-1");
    }
    let element = Element::unnamed()
        .text("Path", &one.path)
        .text("RoleName", &one.name)
        .text("RoleId", id("AROA", &one.arn))
        .text("Arn", &one.arn)
        .maybe("CreateDate", one.created.get()?)
        .maybe("AssumeRolePolicyDocument", one.trust.get()?.map(|document| encoded(document)))
        .list("InstanceProfileList", "member", [])
        .list("RolePolicyList", "member", inline(&one.inline)?)
        .list("AttachedManagedPolicies", "member", attached(&one.attached)?)
        .list("Tags", "member", tags(&one.tags)?)
        .child(used);
    bounded(element, &one.boundary)
}

fn policy(one: &Policy) -> Result<Element, Refusal> {
    let path = one.arn.split_once(":policy").and_then(|(_, path)| path.strip_suffix(one.name.as_str())).unwrap_or("/");
    let version = one.version.get()?;
    let document = one.document.get()?.map(|document| encoded(document));
    let default = (version.is_some() || document.is_some()).then(|| {
        let default = Element::unnamed().maybe("Document", document).maybe("VersionId", version);
        default.text("IsDefaultVersion", true)
    });
    Ok(Element::unnamed()
        .text("PolicyName", &one.name)
        .text("PolicyId", id("ANPA", &one.arn))
        .text("Arn", &one.arn)
        .text("Path", path)
        .maybe("DefaultVersionId", version)
        .text("IsAttachable", true)
        .list("PolicyVersionList", "member", default))
}

fn inline(seen: &Seen<Vec<InlinePolicy>>) -> Result<Vec<Element>, Refusal> {
    let show = |policy: &InlinePolicy| {
        Element::unnamed().text("PolicyName", &policy.name).text("PolicyDocument", encoded(&policy.document))
    };
    Ok(seen.get()?.into_iter().flatten().map(show).collect())
}

fn attached(seen: &Seen<Vec<String>>) -> Result<Vec<Element>, Refusal> {
    let show = |arn: &String| Element::unnamed().text("PolicyName", short_name(arn)).text("PolicyArn", arn);
    Ok(seen.get()?.into_iter().flatten().map(show).collect())
}

fn tags(seen: &Seen<Vec<Tag>>) -> Result<Vec<Element>, Refusal> {
    let show = |tag: &Tag| Element::unnamed().text("Key", &tag.key).text("Value", &tag.value);
    Ok(seen.get()?.into_iter().flatten().map(show).collect())
}

fn bounded(element: Element, boundary: &Seen<String>) -> Result<Element, Refusal> {
    Ok(match boundary.get()? {
        None => element,
        Some(arn) => {
            let boundary =
                Element::new("PermissionsBoundary").text("PermissionsBoundaryType", "PermissionsBoundaryPolicy");
            element.child(boundary.text("PermissionsBoundaryArn", arn))
        }
    })
}

/// A unique id as IAM gives them, the same for the same ARN.
fn id(prefix: &str, arn: &str) -> String {
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    arn.bytes().for_each(|byte| sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{prefix}{sum:016X}Q")
}

/// Policy documents travel URL-encoded (RFC 3986).
fn encoded(document: &str) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(document, ENCODED).to_string()
}

fn summary(seen: Option<&AccountSummary>) -> Element {
    let fields = seen.map_or([const { None }; 4], |summary| {
        [
            ("AccountMFAEnabled", summary.root_mfa.map(i64::from)),
            ("AccountAccessKeysPresent", summary.root_access_keys.map(i64::from)),
            ("AccountPasswordPresent", summary.root_password.map(i64::from)),
            ("Users", summary.users),
        ]
        .map(Some)
    });
    let entry = |(key, value): (&str, Option<i64>)| Some(Element::unnamed().text("key", key).text("value", value?));
    Element::unnamed().list("SummaryMap", "entry", fields.into_iter().flatten().filter_map(entry))
}

fn get_account_password_policy(call: &Call<'_>) -> Outcome {
    let account = &call.snapshot().scan.account;
    let Some(policy) = call.snapshot().account.password_policy.get()? else {
        let message = format!("The Password Policy with domain name {account} cannot be found.");
        return Err(Refusal::Absent { status: 404, code: "NoSuchEntity", message });
    };
    Ok(Answer::Xml(Element::unnamed().child(password_policy(policy))))
}

fn password_policy(policy: &PasswordPolicy) -> Element {
    Element::new("PasswordPolicy")
        .maybe("MinimumPasswordLength", policy.minimum_length)
        .text("RequireSymbols", policy.symbols)
        .text("RequireNumbers", policy.numbers)
        .text("RequireUppercaseCharacters", policy.uppercase)
        .text("RequireLowercaseCharacters", policy.lowercase)
        .text("AllowUsersToChangePassword", true)
        .text("ExpirePasswords", policy.maximum_age.is_some())
        .maybe("MaxPasswordAge", policy.maximum_age)
        .maybe("PasswordReusePrevention", policy.reuse_prevention)
}

fn get_credential_report(call: &Call<'_>) -> Outcome {
    let rows = call.snapshot().account.credentials.all()?;
    let mut report = COLUMNS.to_owned();
    for row in rows {
        report.push('\n');
        report.push_str(&report_row(row, call.snapshot().scan.finished));
    }
    let answer = Element::unnamed()
        .text("Content", STANDARD.encode(report))
        .text("ReportFormat", "text/csv")
        .text("GeneratedTime", call.snapshot().scan.finished);
    Ok(Answer::Xml(answer))
}

/// The number of a report as IAM spells it.
fn report_id(at: usize) -> String {
    format!("00000000-0000-4000-8000-{at:012}")
}

fn generate_service_last_accessed_details(call: &Call<'_>) -> Outcome {
    let wanted = call.required("Arn")?;
    let rows = &call.snapshot().account.services_used;
    match (rows.iter().position(|row| row.arn == wanted), call.gap(rows)) {
        (Some(at), _) => Ok(Answer::Xml(Element::unnamed().text("JobId", report_id(at)))),
        (None, Some(gap)) => Err(gap.into()),
        (None, None) => {
            let message = format!("The role with arn {wanted} cannot be found.");
            Err(Refusal::Absent { status: 404, code: "NoSuchEntity", message })
        }
    }
}

fn get_service_last_accessed_details(call: &Call<'_>) -> Outcome {
    let wanted = call.required("JobId")?;
    let rows = &call.snapshot().account.services_used;
    let Some((_, row)) = rows.iter().enumerate().find(|(at, _)| report_id(*at) == wanted) else {
        let message = format!("The job with id {wanted} cannot be found.");
        return Err(Refusal::Absent { status: 404, code: "NoSuchEntity", message });
    };
    let services = row.services.get()?.map_or(&[][..], Vec::as_slice);
    let page = PAGES.page(call, services.len(), None)?;
    let show = |used: &ServiceUse| {
        let element = Element::unnamed().text("ServiceName", &used.service).text("ServiceNamespace", &used.service);
        match used.last_used {
            Some(at) => element.text("LastAuthenticated", at).text("TotalAuthenticatedEntities", 1),
            None => element.text("TotalAuthenticatedEntities", 0),
        }
    };
    let now = call.snapshot().scan.finished;
    let answer = Element::unnamed()
        .text("JobStatus", "COMPLETED")
        .text("JobType", "SERVICE_LEVEL")
        .text("JobCreationDate", now)
        .text("JobCompletionDate", now)
        .list("ServicesLastAccessed", "member", services[page.range].iter().map(show))
        .text("IsTruncated", page.next.is_some())
        .maybe("Marker", page.next);
    Ok(Answer::Xml(answer))
}

const COLUMNS: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
    password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
    access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
    access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,\
    cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

fn report_row(row: &Credentials, now: Timestamp) -> String {
    let flag = |flag: Option<bool>| flag.map_or("not_supported", |is| if is { "true" } else { "false" }).to_owned();
    let key = |flag: Option<bool>| flag.map_or("N/A", |is| if is { "true" } else { "false" }).to_owned();
    let time = |time: Option<Timestamp>| time.map_or("N/A".to_owned(), |t| t.to_string().replace('Z', "+00:00"));
    let none = || "N/A".to_owned();
    let quoted = |text: &str| match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    let fields = [
        quoted(&row.user),
        quoted(&row.arn),
        time(Some(now)),
        flag(row.password),
        time(row.password_last_used),
        none(),
        none(),
        key(row.mfa),
        key(row.key_1),
        time(row.key_1_rotated),
        time(row.key_1_used.shown().copied()),
        none(),
        row.key_1_service.shown().map_or_else(none, |service| quoted(service)),
        key(row.key_2),
        time(row.key_2_rotated),
        time(row.key_2_used.shown().copied()),
        none(),
        row.key_2_service.shown().map_or_else(none, |service| quoted(service)),
        "false".to_owned(),
        none(),
        "false".to_owned(),
        none(),
    ];
    fields.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_has_a_field_for_every_column() {
        let row = Credentials { user: "a,b".into(), arn: "arn:aws:iam::1:user/a".into(), ..Credentials::default() };
        let line = report_row(&row, Timestamp::UNIX_EPOCH);
        assert!(line.starts_with("\"a,b\",arn:aws:iam::1:user/a,1970-01-01T00:00:00+00:00,not_supported,N/A,"));
        assert_eq!(line.split(',').count(), COLUMNS.split(',').count() + 1);
    }

    #[test]
    fn documents_are_encoded_without_plus_signs() {
        assert_eq!(encoded("{\"a\": \"b+c~\"}"), "%7B%22a%22%3A%20%22b%2Bc~%22%7D");
    }
}
