//! IAM: the whole account in one paged call, and the state of the account.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_iam::types::{AttachedPolicy, GroupDetail, ManagedPolicyDetail, PolicyDetail, RoleDetail, UserDetail};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use sagescan_checks::snapshot::{
    AccountSummary, Credentials, Gap, Group, InlinePolicy, Listed, PasswordPolicy, Policy, Reason, Role, RoleUse, Seen,
    ServiceUse, Tag, User,
};

use super::ask::Asker;
use super::call::{Call, read};
use super::translate::{text, time};

const DETAILS: Call = read!("iam", "GetAccountAuthorizationDetails");
const SUMMARY: Call = read!("iam", "GetAccountSummary");
const PASSWORDS: Call = read!("iam", "GetAccountPasswordPolicy");
const GENERATE: Call = read!("iam", "GenerateCredentialReport");
const REPORT: Call = read!("iam", "GetCredentialReport");
/// Has IAM make a report on one role: a read in effect, which changes nothing in the account; `SecurityAudit` grants it.
const GENERATE_USE: Call = read!("iam", "GenerateServiceLastAccessedDetails");
const USE: Call = read!("iam", "GetServiceLastAccessedDetails");

pub(super) const PRINCIPALS: &[Call] = &[DETAILS];
pub(super) const ACCOUNT_SUMMARY: &[Call] = &[SUMMARY];
pub(super) const PASSWORD_POLICY: &[Call] = &[PASSWORDS];
pub(super) const CREDENTIALS: &[Call] = &[GENERATE, REPORT];
pub(super) const SERVICES_USED: &[Call] = &[GENERATE_USE, USE];

/// Users, groups, roles and policies, as one call returns them together.
pub(super) struct Principals {
    pub(super) users: Listed<User>,
    pub(super) groups: Listed<Group>,
    pub(super) roles: Listed<Role>,
    pub(super) policies: Listed<Policy>,
}

impl Principals {
    /// Nothing of them was seen.
    pub(super) fn lost(gap: Gap) -> Self {
        Principals {
            users: super::nothing(gap.clone()),
            groups: super::nothing(gap.clone()),
            roles: super::nothing(gap.clone()),
            policies: super::nothing(gap),
        }
    }
}

enum Detail {
    User(UserDetail),
    Group(GroupDetail),
    Role(RoleDetail),
    Policy(ManagedPolicyDetail),
}

pub(super) async fn principals(asker: &Asker, iam: &aws_sdk_iam::Client) -> Principals {
    let details = asker
        .pages(
            &DETAILS,
            |marker| iam.get_account_authorization_details().max_items(1000).set_marker(marker).send(),
            |page| {
                let users = page.user_detail_list.unwrap_or_default().into_iter().map(Detail::User);
                let groups = page.group_detail_list.unwrap_or_default().into_iter().map(Detail::Group);
                let roles = page.role_detail_list.unwrap_or_default().into_iter().map(Detail::Role);
                let policies = page.policies.unwrap_or_default().into_iter().map(Detail::Policy);
                (users.chain(groups).chain(roles).chain(policies).collect(), page.marker)
            },
            |_| false,
        )
        .await;
    let missing = &details.missing;
    let mut all = Principals {
        users: Listed { items: Vec::new(), missing: missing.clone() },
        groups: Listed { items: Vec::new(), missing: missing.clone() },
        roles: Listed { items: Vec::new(), missing: missing.clone() },
        policies: Listed { items: Vec::new(), missing: missing.clone() },
    };
    for detail in details.items {
        match detail {
            Detail::User(u) => all.users.items.push(user(&u)),
            Detail::Group(g) => all.groups.items.push(group(&g)),
            Detail::Role(r) => all.roles.items.push(role(&r)),
            Detail::Policy(p) => all.policies.items.push(policy(&p)),
        }
    }
    all
}

/// IAM sends documents percent-encoded (RFC 3986; GetAccountAuthorizationDetails).
fn decoded(document: &str) -> String {
    percent_decode_str(document).decode_utf8_lossy().into_owned()
}

fn attached(policies: &[AttachedPolicy]) -> Seen<Vec<String>> {
    Seen::Is(policies.iter().filter_map(|p| text(p.policy_arn())).collect())
}

fn inline(policies: &[PolicyDetail]) -> Seen<Vec<InlinePolicy>> {
    let one = |p: &PolicyDetail| InlinePolicy {
        name: p.policy_name().unwrap_or_default().to_owned(),
        document: decoded(p.policy_document().unwrap_or_default()),
    };
    Seen::Is(policies.iter().map(one).collect())
}

fn tags(tags: &[aws_sdk_iam::types::Tag]) -> Seen<Vec<Tag>> {
    Seen::Is(tags.iter().map(|t| Tag { key: t.key().to_owned(), value: t.value().to_owned() }).collect())
}

fn user(u: &UserDetail) -> User {
    User {
        name: u.user_name().unwrap_or_default().to_owned(),
        arn: u.arn().unwrap_or_default().to_owned(),
        path: u.path().unwrap_or_default().to_owned(),
        created: u.create_date().and_then(time).into(),
        groups: Seen::Is(u.group_list().to_vec()),
        attached: attached(u.attached_managed_policies()),
        inline: inline(u.user_policy_list()),
        boundary: u.permissions_boundary().and_then(|b| text(b.permissions_boundary_arn())).into(),
        tags: tags(u.tags()),
    }
}

fn group(g: &GroupDetail) -> Group {
    Group {
        name: g.group_name().unwrap_or_default().to_owned(),
        arn: g.arn().unwrap_or_default().to_owned(),
        attached: attached(g.attached_managed_policies()),
        inline: inline(g.group_policy_list()),
    }
}

fn role(r: &RoleDetail) -> Role {
    Role {
        name: r.role_name().unwrap_or_default().to_owned(),
        arn: r.arn().unwrap_or_default().to_owned(),
        path: r.path().unwrap_or_default().to_owned(),
        created: r.create_date().and_then(time).into(),
        last_used: r.role_last_used().and_then(|l| time(l.last_used_date()?)).into(),
        trust: r.assume_role_policy_document().map(decoded).into(),
        attached: attached(r.attached_managed_policies()),
        inline: inline(r.role_policy_list()),
        boundary: r.permissions_boundary().and_then(|b| text(b.permissions_boundary_arn())).into(),
        tags: tags(r.tags()),
    }
}

fn policy(p: &ManagedPolicyDetail) -> Policy {
    let version = p.policy_version_list().iter().find(|v| v.is_default_version());
    Policy {
        name: p.policy_name().unwrap_or_default().to_owned(),
        arn: p.arn().unwrap_or_default().to_owned(),
        version: version.and_then(|v| text(v.version_id())).into(),
        document: version.and_then(|v| v.document().map(decoded)).into(),
    }
}

pub(super) async fn summary(asker: &Asker, iam: &aws_sdk_iam::Client) -> Seen<AccountSummary> {
    use aws_sdk_iam::types::SummaryKeyType as Key;
    let answer = asker.ask(&SUMMARY, &[], || iam.get_account_summary().send()).await;
    answer.field(|answer| {
        let map = answer.summary_map()?;
        let flag = |key: &Key| map.get(key).map(|count| *count > 0);
        Some(AccountSummary {
            root_mfa: flag(&Key::AccountMfaEnabled),
            root_access_keys: flag(&Key::AccountAccessKeysPresent),
            root_password: flag(&Key::from("AccountPasswordPresent")),
            users: map.get(&Key::Users).map(|count| i64::from(*count)),
        })
    })
}

pub(super) async fn password_policy(asker: &Asker, iam: &aws_sdk_iam::Client) -> Seen<PasswordPolicy> {
    let absent = &["NoSuchEntity", "NoSuchEntityException"];
    let answer = asker.ask(&PASSWORDS, absent, || iam.get_account_password_policy().send()).await;
    answer.field(|answer| {
        let policy = answer.password_policy()?;
        Some(PasswordPolicy {
            minimum_length: policy.minimum_password_length(),
            reuse_prevention: policy.password_reuse_prevention(),
            maximum_age: policy.max_password_age(),
            symbols: policy.require_symbols(),
            numbers: policy.require_numbers(),
            uppercase: policy.require_uppercase_characters(),
            lowercase: policy.require_lowercase_characters(),
        })
    })
}

/// How often the report is asked for before it counts as not coming; AWS makes one in seconds.
const TRIES: u32 = 20;

/// Has the credential report made, and fetches it.
pub(super) async fn credentials(asker: &Asker, iam: &aws_sdk_iam::Client) -> Listed<Credentials> {
    let lost = |gap: Gap| Listed { items: Vec::new(), missing: Some(gap) };
    for attempt in 0..TRIES {
        match asker.ask(&GENERATE, &[], || iam.generate_credential_report().send()).await {
            Seen::Is(made) if made.state() == Some(&aws_sdk_iam::types::ReportStateType::Complete) => break,
            Seen::Is(_) if attempt + 1 < TRIES => {
                tokio::time::sleep(Duration::from_millis(250 << attempt.min(4))).await;
            }
            Seen::Unseen(gap) => return lost(gap),
            _ => return lost(asker.strange(&GENERATE, "the credential report was not ready in time".to_owned())),
        }
    }
    match asker.ask(&REPORT, &[], || iam.get_credential_report().send()).await {
        Seen::Is(report) => match report.content() {
            Some(content) => rows(&String::from_utf8_lossy(content.as_ref())),
            None => lost(Gap::new(Reason::Unrecognised, "the credential report is empty")),
        },
        Seen::Unset => lost(asker.strange(&REPORT, "there is no credential report".to_owned())),
        Seen::Unseen(gap) => lost(gap),
    }
}

/// What roles really used, one after the other: AWS advises against many reports at once (API reference,
/// GenerateServiceLastAccessedDetails). A role that is gone has no report and no row.
pub(super) async fn services_used(asker: &Asker, iam: &aws_sdk_iam::Client, roles: BTreeSet<&str>) -> Vec<RoleUse> {
    let mut all = Vec::new();
    for arn in roles {
        let absent = &["NoSuchEntity", "NoSuchEntityException"];
        let made =
            asker.ask(&GENERATE_USE, absent, || iam.generate_service_last_accessed_details().arn(arn).send()).await;
        let services = match made {
            Seen::Unset => continue,
            Seen::Unseen(gap) => Seen::Unseen(gap),
            Seen::Is(made) => match made.job_id() {
                Some(job) => used(asker, iam, job).await.map_or_else(Seen::Unseen, Seen::Is),
                None => Seen::Unseen(asker.strange(&GENERATE_USE, "IAM names no report".to_owned())),
            },
        };
        all.push(RoleUse { arn: arn.to_owned(), services });
    }
    all
}

/// The report of one role, once it is ready: all its pages.
async fn used(asker: &Asker, iam: &aws_sdk_iam::Client, job: &str) -> Result<Vec<ServiceUse>, Gap> {
    use aws_sdk_iam::types::JobStatusType as State;
    let (mut all, mut marker, mut waits) = (Vec::new(), None::<String>, 0);
    loop {
        let page = || iam.get_service_last_accessed_details().job_id(job).set_marker(marker.clone()).send();
        let answer = match asker.ask(&USE, &[], page).await {
            Seen::Is(answer) => answer,
            Seen::Unseen(gap) => return Err(gap),
            Seen::Unset => return Err(asker.strange(&USE, "there is no report".to_owned())),
        };
        match answer.job_status() {
            State::InProgress if waits + 1 < TRIES => {
                tokio::time::sleep(Duration::from_millis(250 << waits.min(4))).await;
                waits += 1;
                continue;
            }
            State::Completed => {}
            _ => return Err(asker.strange(&USE, "the report on used services was not ready in time".to_owned())),
        }
        all.extend(answer.services_last_accessed().iter().map(|service| ServiceUse {
            service: service.service_namespace().to_owned(),
            last_used: service.last_authenticated().and_then(time),
        }));
        match answer.marker().filter(|_| answer.is_truncated()) {
            Some(next) if marker.as_deref() != Some(next) => marker = Some(next.to_owned()),
            Some(_) => {
                return Err(asker.strange(&USE, "the report does not end: AWS repeats the page token".to_owned()));
            }
            None => return Ok(all),
        }
    }
}

/// The rows of the report; columns are found by their names, so that new ones do no harm.
fn rows(csv: &str) -> Listed<Credentials> {
    let mut lines = csv.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let at = |name: &str| columns.iter().position(|c| *c == name);
    let (Some(user), Some(arn), Some(mfa), Some(password)) =
        (at("user"), at("arn"), at("mfa_active"), at("password_enabled"))
    else {
        let gap = Gap::new(Reason::Unrecognised, "the credential report lacks the usual columns");
        return Listed { items: Vec::new(), missing: Some(gap) };
    };
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let flag = |at: Option<usize>| cells.get(at?)?.parse::<bool>().ok();
        let date = |at: Option<usize>| cells.get(at?)?.parse::<Timestamp>().ok();
        let lacking = || Gap::new(Reason::Unrecognised, "the credential report does not tell when the key was used");
        let word = |at: Option<usize>| match at.and_then(|at| cells.get(at)) {
            Some(&("N/A" | "no_information" | "not_supported")) => Seen::Unset,
            Some(word) if !word.is_empty() => Seen::Is((*word).to_owned()),
            _ => Seen::Unseen(lacking()),
        };
        let used = |at: Option<usize>| match word(at) {
            Seen::Is(word) => word.parse::<Timestamp>().map_or_else(|_| Seen::Unseen(lacking()), Seen::Is),
            Seen::Unset => Seen::Unset,
            Seen::Unseen(gap) => Seen::Unseen(gap),
        };
        Credentials {
            user: cells.get(user).copied().unwrap_or_default().to_owned(),
            arn: cells.get(arn).copied().unwrap_or_default().to_owned(),
            password: flag(Some(password)),
            password_last_used: date(at("password_last_used")),
            mfa: flag(Some(mfa)),
            key_1: flag(at("access_key_1_active")),
            key_1_rotated: date(at("access_key_1_last_rotated")),
            key_1_used: used(at("access_key_1_last_used_date")),
            key_1_service: word(at("access_key_1_last_used_service")),
            key_2: flag(at("access_key_2_active")),
            key_2_rotated: date(at("access_key_2_last_rotated")),
            key_2_used: used(at("access_key_2_last_used_date")),
            key_2_service: word(at("access_key_2_last_used_service")),
        }
    };
    Listed::complete(lines.filter(|line| !line.is_empty()).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_read_by_column_names() {
        let csv = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active\n\
                   <root_account>,arn:aws:iam::1:root,2020-01-01T00:00:00+00:00,not_supported,no_information,true,false\n\
                   ann,arn:aws:iam::1:user/ann,2020-01-01T00:00:00+00:00,true,2026-10-01T00:00:00+00:00,false,true\n";
        let rows = rows(csv);
        assert_eq!(rows.missing, None);
        assert_eq!(rows.items[0].password, None);
        assert_eq!(rows.items[0].mfa, Some(true));
        assert_eq!(rows.items[1].password, Some(true));
        assert_eq!(rows.items[1].key_1, Some(true));
        assert!(rows.items[1].password_last_used.is_some());
    }

    #[test]
    fn a_key_that_was_never_used_is_unset_and_a_missing_column_is_a_gap() {
        let head = "user,arn,mfa_active,password_enabled";
        let used = |more: &str, cells: &str| {
            rows(&format!("{head}{more}\nann,arn:aws:iam::1:user/ann,false,false{cells}\n")).items.remove(0)
        };
        let columns = ",access_key_1_last_used_date,access_key_1_last_used_service";
        let row = used(columns, ",2026-10-01T00:00:00+00:00,sagemaker");
        assert_eq!(row.key_1_used, Seen::Is("2026-10-01T00:00:00Z".parse().unwrap()));
        assert_eq!(row.key_1_service, Seen::Is("sagemaker".to_owned()));
        assert!(row.key_2_used.gap().is_some());
        assert_eq!(used(columns, ",N/A,N/A").key_1_used, Seen::Unset);
        assert!(used(columns, ",yesterday,s3").key_1_used.gap().is_some());
        assert!(used("", "").key_1_used.gap().is_some());
    }

    #[test]
    fn a_report_of_another_shape_is_a_gap() {
        assert!(super::rows("<html>").missing.is_some());
    }
}
