//! Cognito: the user pools in which SageMaker's workforces sign in.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::record::record;
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// A user pool that a workforce names (DescribeUserPool).
    pub struct UserPool in user_pools {
        /// As it was asked for.
        id: String = "UserPoolId",
        /// `OFF`, `ON` or `OPTIONAL`
        mfa: Seen<String> = "UserPool.MfaConfiguration",
        /// Whether nobody can make a user for themselves.
        admin_creates_users: Seen<bool> = "UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly",
    }
    by Spec {
        created: "",
        resource: "userpool/{UserPoolId}",
        summary: &["UserPool"],
        missing: "ResourceNotFoundException",
        needs: &[Table::Workforces],
        ..Spec::of(Table::UserPools, List {
            size: None,
            per: Some(of_workforces),
            absent: &["ResourceNotFoundException"],
            ..List::of(read!("cognito-idp", "DescribeUserPool"), "")
        })
    }
}

fn of_workforces(known: &Known<'_>) -> Listed<Value> {
    let workforces = &known.region.workforces;
    let mut missing = workforces.missing.clone();
    let mut ids = BTreeSet::new();
    for workforce in workforces.iter() {
        match &workforce.user_pool {
            Seen::Is(id) => drop(ids.insert(id)),
            Seen::Unset => {}
            Seen::Unseen(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    Listed { items: ids.into_iter().map(|id| json!({ "UserPoolId": id })).collect(), missing }
}
