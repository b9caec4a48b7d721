use jiff::ToSpan;

use crate::prelude::*;

pub(super) struct SecretsRotated;

/// Days that a value may stay (FSBP SecretsManager.4 uses the same).
const DAYS: i64 = 90;

impl Check for SecretsRotated {
    type On<'w> = &'w ManagedSecret;

    const META: Meta = Meta {
        id: "secrets-rotated",
        title: "Secrets that SageMaker uses are rotated",
        severity: Severity::Low,
        reads: &[Table::ManagedSecrets],
        practices: &["ID-9", "SUP-3"],
        page: include_str!("secrets_rotated.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, secret: &ManagedSecret, here: &Here<'_>) -> Judged {
        if let Some(deleted) = secret.deleted.get()? {
            return Ok(exempt(format!("it is to be deleted: {deleted}")));
        }
        let now = here.world.now();
        let since = now.saturating_sub((24 * DAYS).hours()).unwrap_or(now);
        let times = [&secret.rotated, &secret.changed];
        let newest = times.iter().filter_map(|time| time.shown()).max();
        let rotates = secret.rotates.get();
        let verdict = match (&rotates, newest) {
            (Ok(Some(true)), _) => pass("rotation is on"),
            (_, Some(newest)) if *newest >= since => pass(format!("it was changed within {DAYS} days: {newest}")),
            _ => {
                rotates?;
                for time in times {
                    time.get()?;
                }
                match newest {
                    Some(newest) => fail(format!("rotation is off, and it was last changed {newest}")),
                    None => fail("rotation is off, and it was never changed since it was made"),
                }
            }
        };
        Ok(verdict.with("rotates", secret.rotates.shown().copied()).with("changed", newest.map(ToString::to_string)))
    }
}
