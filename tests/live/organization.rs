//! The organization over the account: seen whole from above, hardly at all from a member, and never made up.

use sagescan::serve::Fault;
use sagescan_checks::snapshot::{Account, Organization, Reason, Seen, Snapshot, Table};

use super::loopback::{obedient, sample, scan};

async fn seen(world: &Snapshot, options: sagescan::serve::Options) -> (Account, sagescan::serve::Stats) {
    let (seen, stats) = scan(world, options, |request| request.tables = [Table::Organization].into()).await;
    (seen.expect("the loopback AWS answers").account, stats)
}

fn there(account: &Account) -> &Organization {
    account.organization.shown().expect("the account belongs to an organization")
}

#[tokio::test(flavor = "multi_thread")]
async fn from_above_the_organization_comes_back_as_it_was() {
    let world = sample();
    let (account, stats) = seen(&world, obedient()).await;
    assert_eq!(account.organization, world.account.organization);
    let policies = 3;
    assert_eq!(stats.of("organizations:DescribePolicy").requests, policies, "each policy is asked for once");
    let levels = there(&account).levels.items.len() as u64;
    assert_eq!(stats.of("organizations:ListPoliciesForTarget").requests, 2 * levels);
    assert_eq!(stats.of("organizations:ListParents").requests, levels - 1, "the root is not asked for its parent");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_policies_than_a_page_holds_are_all_seen() {
    let mut world = sample();
    let Seen::Is(organization) = &mut world.account.organization else { panic!("the sample has an organization") };
    let many = (0..45).map(|number| sagescan_checks::snapshot::OrganizationPolicy {
        id: format!("p-{number:08}"),
        name: format!("rule {number}"),
        document: Seen::Is("{}".to_owned()),
    });
    organization.levels.items[0].scps.items.extend(many);
    let (account, _) = seen(&world, obedient()).await;
    assert_eq!(account.organization, world.account.organization);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_on_its_own_certainly_has_no_organization() {
    let mut world = sample();
    world.account.organization = Seen::Unset;
    let (account, stats) = seen(&world, obedient()).await;
    assert_eq!(account.organization, Seen::Unset);
    assert_eq!(stats.of("organizations:ListParents").requests, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn consolidated_billing_knows_no_policies_and_is_not_asked_for_them() {
    let mut world = sample();
    let Seen::Is(organization) = &mut world.account.organization else { panic!("the sample has an organization") };
    organization.feature_set = Seen::Is("CONSOLIDATED_BILLING".to_owned());
    organization.ai_opt_out = Seen::Unset;
    for level in &mut organization.levels.items {
        level.scps.items.clear();
        level.rcps.items.clear();
    }
    let (account, stats) = seen(&world, obedient()).await;
    assert_eq!(account.organization, world.account.organization);
    assert_eq!(stats.of("organizations:ListPoliciesForTarget").requests, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_account_sees_its_organization_and_nothing_above_itself() {
    let mut options = obedient();
    options.deny =
        ["ListParents", "ListPoliciesForTarget", "DescribePolicy"].map(|name| format!("organizations:{name}")).to_vec();
    let (account, stats) = seen(&sample(), options).await;
    let organization = there(&account);
    assert_eq!(organization.management_account, Seen::Is("555566667777".to_owned()));
    assert!(organization.levels.items.is_empty());
    let gap = organization.levels.missing.as_ref().expect("the levels were not seen");
    assert_eq!((gap.reason, gap.grant.as_deref()), (Reason::Denied, Some("organizations:ListParents")));
    assert_eq!(stats.of("organizations:ListPoliciesForTarget").requests, 0, "one refusal is enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_denied_on_the_way_is_unseen_and_not_empty() {
    let denied = |name: &str| {
        let mut options = obedient();
        options.deny = vec![format!("organizations:{name}")];
        options
    };
    let (account, _) = seen(&sample(), denied("DescribeOrganization")).await;
    assert_eq!(account.organization.gap().map(|gap| gap.reason), Some(Reason::Denied));
    let (account, _) = seen(&sample(), denied("ListPoliciesForTarget")).await;
    for level in there(&account).levels.all().expect("the way up was seen") {
        assert!(level.scps.missing.is_some() && level.rcps.missing.is_some(), "{}", level.id);
    }
    let (account, _) = seen(&sample(), denied("DescribePolicy")).await;
    for policy in there(&account).levels.iter().flat_map(|level| level.scps.iter().chain(level.rcps.iter())) {
        assert_eq!(policy.document.gap().map(|gap| gap.reason), Some(Reason::Denied), "{}", policy.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_up_that_breaks_off_says_so_and_keeps_what_lies_below() {
    let mut world = sample();
    let Seen::Is(organization) = &mut world.account.organization else { panic!("the sample has an organization") };
    organization.levels.items.remove(0);
    organization.levels.missing = Some(sagescan_checks::snapshot::Gap::new(Reason::Denied, "no further"));
    let (account, _) = seen(&world, obedient()).await;
    let levels = &there(&account).levels;
    let kinds: Vec<&str> = levels.iter().map(|level| level.kind.as_str()).collect();
    assert_eq!(kinds, ["ORGANIZATIONAL_UNIT", "ACCOUNT"]);
    assert_eq!(levels.missing.as_ref().map(|gap| gap.reason), Some(Reason::Denied));
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_leave_gaps() {
    for fault in [Fault::Error500, Fault::Malformed, Fault::RepeatToken] {
        let mut options = obedient();
        options.faults = vec![("organizations:ListPoliciesForTarget".to_owned(), fault)];
        let (account, _) = seen(&sample(), options).await;
        for level in there(&account).levels.all().expect("the way up was seen") {
            assert!(level.scps.missing.is_some() && level.rcps.missing.is_some(), "{fault:?} {}", level.id);
        }
    }
}
