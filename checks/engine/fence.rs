//! What keeps everyone out of a statement that names everyone.

use sagescan_policy::Condition;

/// What a statement for everyone leaves of everyone.
pub enum Fence {
    /// Everyone.
    None,
    /// These accounts, of which at least one is not ours.
    Accounts(Vec<String>),
    /// The accounts of these organizations.
    Organizations(Vec<String>),
    /// Our account, or our network.
    Ours,
}

impl Fence {
    /// All conditions must hold, so the tightest of them counts. `kms:ViaService` alone keeps nobody out: every account
    /// can go through the service.
    pub fn around(conditions: &[Condition], is_ours: impl Fn(&str) -> bool) -> Fence {
        let mut fence = Fence::None;
        for condition in conditions.iter().filter(|c| c.pins()) {
            let values = || condition.values().map(str::to_owned);
            let accounts: Vec<String> = match condition.key().folded() {
                "kms:calleraccount" | "aws:principalaccount" | "aws:sourceaccount" | "aws:sourceowner" => {
                    values().collect()
                }
                "aws:principalarn" | "aws:sourcearn" => {
                    condition.values().map(|arn| arn.split(':').nth(4).unwrap_or_default().to_owned()).collect()
                }
                "aws:sourcevpc" | "aws:sourcevpce" => return Fence::Ours,
                "aws:principalorgid" | "aws:principalorgpaths" | "aws:sourceorgid" => {
                    fence = Fence::Organizations(values().collect());
                    continue;
                }
                _ => continue,
            };
            if accounts.iter().all(|account| is_ours(account)) {
                return Fence::Ours;
            }
            // An ARN without an account, as that of a bucket, fences nothing in.
            if matches!(fence, Fence::None) && accounts.iter().all(|account| !account.is_empty()) {
                fence = Fence::Accounts(accounts.into_iter().filter(|account| !is_ours(account)).collect());
            }
        }
        fence
    }
}
