//! How every look at an account begins: configuration, credentials, who is asking, and which regions there are.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use aws_config::SdkConfig;
use sagescan_checks::engine::GLOBAL;
use sagescan_checks::snapshot::{Gap, Seen};
use tokio::sync::watch;
use tokio::time::Instant;

use super::ask::{Asker, Asking};
use super::places::{self, Identity};
use super::{CollectError, Progress, Regions, Request, ledger, limits};

/// What there is before the first question about the account itself.
pub(super) struct Start {
    pub(super) config: SdkConfig,
    pub(super) asking: Arc<Asking>,
    pub(super) everywhere: Arc<Asker>,
    pub(super) who: Identity,
    /// Sorted, each once.
    pub(super) regions: Vec<String>,
}

pub(super) async fn start(
    request: &Request,
    progress: &Arc<dyn Progress>,
    stop: &watch::Receiver<bool>,
) -> Result<Start, CollectError> {
    if let Regions::These(regions) = &request.regions
        && let Some(bad) = regions.iter().find(|r| !looks_like_a_region(r))
    {
        return Err(CollectError::BadRegion(bad.clone()));
    }
    let config = places::configuration(request, &**progress).await?;
    if request.endpoint.is_none() {
        for (host, services) in places::custom_endpoints(&config) {
            progress.warning(&format!("signed requests go to {host} instead of AWS ({})", services.join(", ")));
        }
    }
    places::credentials(&config, request).await?;
    let asking = Arc::new(Asking {
        limits: limits::Limits::new(request.pace),
        ledger: ledger::Ledger::default(),
        progress: progress.clone(),
        call_timeout: request.call_timeout,
        deadline: Instant::now() + request.timeout,
        stop: stop.clone(),
        expired: AtomicBool::new(false),
    });
    let everywhere = Arc::new(Asker::new(asking.clone(), GLOBAL));
    let config = match (config.region(), &request.regions) {
        (Some(_), _) => config,
        // Any region does to ask who is asking, and which regions there are.
        (None, Regions::All) => config.to_builder().region(aws_config::Region::new("us-east-1")).build(),
        (None, _) => return Err(CollectError::NoRegion),
    };
    let who = places::identity(&config, &everywhere).await?;
    let regions = regions(request, &config, &everywhere, &**progress).await?;
    Ok(Start { config, asking, everywhere, who, regions })
}

/// Region names are lower-case words and numbers with dashes; anything else would end up in a host name.
fn looks_like_a_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    parts.len() >= 3
        && parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        && parts.last().is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit()))
}

/// The regions to look at, sorted, each once.
async fn regions(
    request: &Request,
    config: &SdkConfig,
    asker: &Arc<Asker>,
    progress: &dyn Progress,
) -> Result<Vec<String>, CollectError> {
    let home = || config.region().map(|r| r.as_ref().to_owned());
    match &request.regions {
        Regions::Default => Ok(home().into_iter().collect()),
        Regions::All => match places::enabled_regions(config, asker).await {
            Seen::Is(all) if !all.is_empty() => Ok(all),
            other => {
                let why = other.gap().map_or_else(|| "no region was named".to_owned(), Gap::to_string);
                progress
                    .note(&format!("the enabled regions are not known ({why}); looking at the configured one only"));
                Ok(home().into_iter().collect())
            }
        },
        Regions::These(names) => {
            let names: BTreeSet<String> = names.iter().cloned().collect();
            // A wrong name deserves an error, a disabled region a gap: the list of enabled regions tells, if readable.
            if let Seen::Is(all) = places::enabled_regions(config, asker).await
                && let Some(name) = names.iter().find(|n| !all.contains(n))
            {
                let known = |n: &String| strsim::damerau_levenshtein(n, name);
                match all.iter().min_by_key(|n| known(n)) {
                    Some(near) if known(near) <= 2 => {
                        let hint = format!("; did you mean `{near}`?");
                        return Err(CollectError::UnknownRegion { name: name.clone(), hint });
                    }
                    _ => progress.note(&format!("region {name} is not among those enabled for the account")),
                }
            }
            Ok(names.into_iter().collect())
        }
    }
}
