//! IAM: the whole account in one paged call, and the state of the account.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sagescan_checks::snapshot::wire::Wire;
use sagescan_checks::snapshot::{
    AccountSummary, Credentials, Gap, Group, Listed, PasswordPolicy, Policy, Reason, Role, RoleUse, Seen, ServiceUse,
    User,
};
use serde_json::{Value, json};

use super::Places;
use super::call::{Call, read};
use super::places::Place;
use super::records::text_at;
use super::translate::at;
use super::waves;

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
            users: waves::nothing(gap.clone()),
            groups: waves::nothing(gap.clone()),
            roles: waves::nothing(gap.clone()),
            policies: waves::nothing(gap),
        }
    }

    /// Something of each may be missing.
    fn lack(&mut self, gap: &Gap) {
        self.users.missing.get_or_insert_with(|| gap.clone());
        self.groups.missing.get_or_insert_with(|| gap.clone());
        self.roles.missing.get_or_insert_with(|| gap.clone());
        self.policies.missing.get_or_insert_with(|| gap.clone());
    }
}

/// The pages of one listing, beyond which something is wrong: a hundred thousand times a thousand principals.
const PAGES: usize = 100_000;

/// Everybody there is, and the managed policies that are attached to somebody.
pub(super) async fn principals(place: &Place) -> Principals {
    let mut all = Principals {
        users: Listed::complete(Vec::new()),
        groups: Listed::complete(Vec::new()),
        roles: Listed::complete(Vec::new()),
        policies: Listed::complete(Vec::new()),
    };
    let mut marker = None::<String>;
    for _ in 0..PAGES {
        let mut request = json!({ "MaxItems": 1000 });
        if let Some(marker) = &marker {
            request["Marker"] = json!(marker);
        }
        let page = match place.question(&DETAILS, &[], request).await {
            Seen::Is(page) => page,
            Seen::Unset => return all,
            Seen::Unseen(gap) => {
                all.lack(&gap);
                return all;
            }
        };
        take(place, &page, "UserDetailList", &mut all.users);
        take(place, &page, "GroupDetailList", &mut all.groups);
        take(place, &page, "RoleDetailList", &mut all.roles);
        take(place, &page, "Policies", &mut all.policies);
        let next = Some(text_at(&page, "Marker")).filter(|next| !next.is_empty());
        match next {
            None => return all,
            next if next == marker => break,
            next => marker = next,
        }
    }
    let why = "the listing does not end: AWS repeats the page token".to_owned();
    all.lack(&place.asker.strange(&DETAILS, why));
    all
}

/// One of the lists of a page. What makes no sense leaves its table incomplete.
fn take<T: Wire>(place: &Place, page: &Value, list: &str, into: &mut Listed<T>) {
    let mut strange = |why: String| {
        let gap = place.asker.strange(&DETAILS, format!("{list} {why}"));
        into.missing.get_or_insert(gap);
    };
    match page.get(list) {
        None | Some(Value::Null) => {}
        Some(Value::Array(items)) => {
            for item in items {
                match T::read(item) {
                    Ok(read) => into.items.extend(read),
                    Err(why) => strange(why),
                }
            }
        }
        Some(_) => strange("is not a list".to_owned()),
    }
}

/// What the account tells of its root user and its size.
pub(super) async fn summary(place: &Place) -> Seen<AccountSummary> {
    let answer = place.question(&SUMMARY, &[], json!({})).await;
    let map = match at::<Counts>(&answer, "SummaryMap") {
        Seen::Is(map) => map,
        Seen::Unset => return Seen::Unset,
        Seen::Unseen(gap) => return Seen::Unseen(gap),
    };
    let flag = |name: &str| map.get(name).map(|count| count > 0);
    Seen::Is(AccountSummary {
        root_mfa: flag("AccountMFAEnabled"),
        root_access_keys: flag("AccountAccessKeysPresent"),
        root_password: flag("AccountPasswordPresent"),
        users: map.get("Users"),
    })
}

/// The password policy of the account; unset where there is none.
pub(super) async fn password_policy(place: &Place) -> Seen<PasswordPolicy> {
    let absent = &["NoSuchEntity", "NoSuchEntityException"];
    at(&place.question(&PASSWORDS, absent, json!({})).await, "PasswordPolicy")
}

/// How often the report is asked for before it counts as not coming; AWS makes one in seconds.
const TRIES: u32 = 20;

/// Has the credential report made, and fetches it.
pub(super) async fn credentials(place: &Place) -> Listed<Credentials> {
    let (lost, strange) = (waves::nothing, |call, why: &str| place.asker.strange(call, why.to_owned()));
    for attempt in 0..TRIES {
        match place.question(&GENERATE, &[], json!({})).await {
            Seen::Is(made) if text_at(&made, "State") == "COMPLETE" => break,
            Seen::Is(_) if attempt + 1 < TRIES => wait(attempt).await,
            Seen::Unseen(gap) => return lost(gap),
            _ => return lost(strange(&GENERATE, "the credential report was not ready in time")),
        }
    }
    let report = place.question(&REPORT, &[], json!({})).await;
    let content = match at::<String>(&report, "Content") {
        Seen::Is(content) => content,
        Seen::Unset => return lost(Gap::new(Reason::Unrecognised, "the credential report is empty")),
        Seen::Unseen(gap) => return lost(gap),
    };
    match STANDARD.decode(content.trim()) {
        Ok(content) => rows(&String::from_utf8_lossy(&content)),
        Err(_) => lost(Gap::new(Reason::Unrecognised, "the credential report cannot be decoded")),
    }
}

async fn wait(attempt: u32) {
    tokio::time::sleep(Duration::from_millis(250 << attempt.min(4))).await;
}

/// What roles really used, one after the other: AWS advises against many reports at once (API reference,
/// GenerateServiceLastAccessedDetails). A role that is gone has no report and no row.
pub(super) async fn services_used(place: &Place, roles: BTreeSet<&str>) -> Vec<RoleUse> {
    let mut all = Vec::new();
    for arn in roles {
        let absent = &["NoSuchEntity", "NoSuchEntityException"];
        let made = place.question(&GENERATE_USE, absent, json!({ "Arn": arn })).await;
        let services = match at::<String>(&made, "JobId") {
            Seen::Is(job) => used(place, &job).await.map_or_else(Seen::Unseen, Seen::Is),
            Seen::Unseen(gap) => Seen::Unseen(gap),
            Seen::Unset if made.shown().is_none() => continue,
            Seen::Unset => Seen::Unseen(place.asker.strange(&GENERATE_USE, "IAM names no report".to_owned())),
        };
        all.push(RoleUse { arn: arn.to_owned(), services });
    }
    all
}

/// The report of one role, once it is ready: all its pages.
async fn used(place: &Place, job: &str) -> Result<Vec<ServiceUse>, Gap> {
    let strange = |why: &str| place.asker.strange(&USE, why.to_owned());
    let (mut all, mut marker, mut waits) = (Vec::new(), None::<String>, 0);
    loop {
        let mut request = json!({ "JobId": job });
        if let Some(marker) = &marker {
            request["Marker"] = json!(marker);
        }
        let answer = place.question(&USE, &[], request).await;
        let page = match &answer {
            Seen::Is(page) => page,
            Seen::Unseen(gap) => return Err(gap.clone()),
            Seen::Unset => return Err(strange("there is no report")),
        };
        match text_at(page, "JobStatus").as_str() {
            "IN_PROGRESS" if waits + 1 < TRIES => {
                wait(waits).await;
                waits += 1;
                continue;
            }
            "COMPLETED" => {}
            _ => return Err(strange("the report on used services was not ready in time")),
        }
        match at::<Vec<ServiceUse>>(&answer, "ServicesLastAccessed") {
            Seen::Is(services) => all.extend(services),
            Seen::Unset => {}
            Seen::Unseen(gap) => return Err(gap),
        }
        match Some(text_at(page, "Marker")).filter(|next| !next.is_empty()) {
            None => return Ok(all),
            next if next == marker => return Err(strange("the report does not end: AWS repeats the page token")),
            next => marker = next,
        }
    }
}

/// Numbers by name.
struct Counts(Value);

impl Counts {
    fn get(&self, name: &str) -> Option<i64> {
        i64::read(self.0.get(name)?).ok()?
    }
}

impl Wire for Counts {
    fn read(value: &Value) -> Result<Option<Self>, String> {
        if value.is_object() { Ok(Some(Counts(value.clone()))) } else { Err("is not a map".to_owned()) }
    }
    fn write(&self) -> Value {
        self.0.clone()
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

/// What the roles that resources of any region name really used.
pub(super) async fn roles_used(places: &Places<'_>, named: Listed<String>) -> Listed<RoleUse> {
    let own = format!("::{}:role/", places.scope.account);
    // Of roles of other accounts nobody tells.
    let roles = named.items.iter().map(String::as_str).filter(|arn| arn.contains(&own)).collect();
    Listed { items: services_used(&places.partition(), roles).await, missing: named.missing }
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
