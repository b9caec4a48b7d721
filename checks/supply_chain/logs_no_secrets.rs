use sagescan_secrets::Secret;

use super::credentials;
use crate::prelude::*;

pub(super) struct LogsNoSecrets;

impl Check for LogsNoSecrets {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "logs-no-secrets",
        title: "The newest log lines of SageMaker hold no credentials",
        severity: Severity::Medium,
        reads: &[Table::LogGroups, Table::LogSamples],
        practices: &["SUP-3"],
        page: include_str!("logs_no_secrets.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        let (groups, samples) = (&region.region.log_groups, &region.region.log_samples);
        if groups.is_empty() && samples.is_empty() {
            groups.all()?;
            return Ok(not_concerned());
        }
        let (mut found, mut lines, mut doubt) = (Vec::new(), 0, None);
        for sample in samples.iter() {
            match looked_into(sample) {
                Ok((secrets, count)) => {
                    lines += count;
                    found.extend(secrets.iter().map(|secret| Secret {
                        place: format!("{} of {}", secret.place, sample.group),
                        ..secret.clone()
                    }));
                }
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        if found.is_empty() {
            groups.all()?;
            samples.all()?;
            doubt.map_or(Ok(()), Err)?;
        }
        if lines == 0 {
            return Ok(exempt("nothing was written to the log groups since 2024"));
        }
        Ok(credentials::verdict(&found, format!("no credential in {lines} lines, the newest of each log group")))
    }
}

/// What was found in a group, and in how many lines.
fn looked_into(sample: &LogSample) -> Result<(&[Secret], i64), Unseen> {
    let lines = *sample.lines.known("events")?;
    if lines == 0 && *sample.more.known("nextToken")? {
        return Err(unclear(format!("AWS showed no line of {} at once, though there may be some", sample.group)));
    }
    Ok((sample.secrets.get()?.map_or(&[], Vec::as_slice), lines))
}
