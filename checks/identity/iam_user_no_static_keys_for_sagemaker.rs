use jiff::Timestamp;

use super::age::{STALE, ago, days_since};
use crate::prelude::*;

pub(super) struct IamUserNoStaticKeysForSagemaker;

impl Check for IamUserNoStaticKeysForSagemaker {
    type On<'w> = &'w User;

    const META: Meta = Meta {
        id: "iam-user-no-static-keys-for-sagemaker",
        title: "Users with SageMaker rights have no old or idle access keys",
        severity: Severity::Medium,
        reads: &[Table::Users, Table::Groups, Table::Policies, Table::Credentials],
        practices: &["ID-9"],
        page: include_str!("iam_user_no_static_keys_for_sagemaker.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, user: &User, here: &Here<'_>) -> Judged {
        let permissions = here.world.user_permissions(user)?;
        let Some(proof) = permissions.any_right_in("sagemaker")? else {
            return Ok(not_concerned());
        };
        let row = here.world.credentials(user)?;
        let keys = [
            Key { number: 1, active: row.key_1, rotated: row.key_1_rotated, used: &row.key_1_used },
            Key { number: 2, active: row.key_2, rotated: row.key_2_rotated, used: &row.key_2_used },
        ];
        let (mut worst, mut doubt, mut active): (Option<(Severity, String)>, _, usize) = (None, None, 0);
        for key in &keys {
            active += usize::from(key.active == Some(true));
            match key.fault(here) {
                Ok(Some(found)) if worst.as_ref().is_none_or(|(severity, _)| *severity < found.0) => {
                    worst = Some(found)
                }
                Ok(_) => {}
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        match (worst, doubt) {
            (Some((severity, says)), _) => {
                let says = format!("{says}, and it has SageMaker rights: {}", proof.words());
                let verdict = proof.on(fail(says)).severity(severity).with("active_keys", active);
                Ok(verdict.with("remedy", "the key deleted, and a role with temporary credentials in its place"))
            }
            (None, Some(unseen)) => Err(unseen),
            (None, None) => {
                // What was not seen could be a Deny that leaves the user without any right.
                permissions.complete()?;
                Ok(match active {
                    0 => pass("it has no active access keys"),
                    _ => pass("its access keys are younger than 90 days and in use"),
                }
                .with("active_keys", active))
            }
        }
    }
}

/// One of the two access keys that a user may have.
struct Key<'r> {
    number: u8,
    active: Option<bool>,
    rotated: Option<Timestamp>,
    used: &'r Seen<Timestamp>,
}

impl Key<'_> {
    /// What is wrong with an active key.
    fn fault(&self, here: &Here<'_>) -> Result<Option<(Severity, String)>, Unseen> {
        let number = self.number;
        let silent = |field: &str| unclear(format!("the credential report does not tell access_key_{number}_{field}"));
        if !self.active.ok_or_else(|| silent("active"))? {
            return Ok(None);
        }
        let age = days_since(self.rotated.ok_or_else(|| silent("last_rotated"))?, here);
        if age > STALE {
            return Ok(Some((Severity::Medium, format!("access key {number} is {age} days old"))));
        }
        Ok(match self.used.get()? {
            Some(used) if days_since(*used, here) <= STALE => None,
            Some(used) => {
                let then = ago(days_since(*used, here));
                Some((Severity::Medium, format!("access key {number} was last used {then}")))
            }
            None => Some((Severity::Low, format!("access key {number} has never been used"))),
        })
    }
}
