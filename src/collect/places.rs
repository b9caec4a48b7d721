//! Who looks and where: credentials, account, partition, and one set of clients for each region.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_http_client::tls::TlsContext;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::service_config::ServiceConfigKey;
use jiff::Timestamp;
use sagescan_checks::aws::services::SERVICES;
use sagescan_checks::snapshot::{Gap, Reason, Seen};
use serde_json::{Value, json};

use super::ask::Asker;
use super::call::{Call, read};
use super::client::{Client, Signer};
use super::memory::Memory;
use super::records::text_at;
use super::translate::at;
use super::{CollectError, Progress, Request, mfa, trust};

pub(super) const WHO: Call = read!("sts", "GetCallerIdentity");
pub(super) const REGIONS: Call = read!("ec2", "DescribeRegions");

/// One region, with everything needed to ask there.
pub(super) struct Place {
    pub(super) asker: Asker,
    client: Client,
    tags: tokio::sync::OnceCell<Seen<HashMap<String, Value>>>,
    /// How many resources of a type are looked at.
    pub(super) max_per_type: Option<usize>,
    /// When the scan began.
    pub(super) started: Timestamp,
    /// Finished jobs created before this are left out.
    pub(super) jobs_since: Timestamp,
    /// What need not be asked.
    pub(super) memory: Arc<Memory>,
}

impl Place {
    pub(super) fn new(config: &SdkConfig, region: &str, asker: Asker, scope: &super::Scope) -> Self {
        let config = config.to_builder().region(Region::new(region.to_owned())).build();
        Place {
            asker,
            client: Client::new(&config, region, scope.signer.clone()),
            tags: tokio::sync::OnceCell::new(),
            max_per_type: scope.max_per_type,
            started: scope.started,
            jobs_since: scope.jobs_since,
            memory: scope.memory.clone(),
        }
    }

    /// Its name.
    pub(super) fn region(&self) -> &str {
        &self.asker.region
    }

    /// Asks a service. What asks a dozen things at once would be too large for a stack, did it hold all of each.
    pub(super) async fn question(&self, call: &Call, absent: &[&str], parameters: Value) -> Seen<Value> {
        Box::pin(self.asker.ask(&self.client, call, absent, &parameters)).await
    }

    /// The tags of everything of SageMaker in the region, asked once.
    pub(super) async fn tags(&self) -> &Seen<HashMap<String, Value>> {
        self.tags.get_or_init(|| super::records::bulk_tags(self)).await
    }
}

/// The custom endpoint of a service, if one is configured: in the environment or in the profile.
pub(super) fn endpoint_of(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let own = config.service_config().zip(key.ok()).and_then(|(settings, key)| settings.load_config(key));
    own.filter(|url| !url.is_empty()).or_else(|| config.endpoint_url().map(str::to_owned))
}

/// The hosts that get signed requests in the place of AWS, with the services that they stand for.
pub(super) fn custom_endpoints(config: &SdkConfig) -> Vec<(String, Vec<&'static str>)> {
    let mut hosts: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    let services: Vec<&str> = SERVICES.iter().map(|service| service.id).collect();
    for service in &services {
        if let Some(url) = endpoint_of(config, service) {
            hosts.entry(host_of(&url).to_owned()).or_default().push(*service);
        }
    }
    let every = |found: &mut Vec<&'static str>| {
        if found.len() == services.len() {
            *found = vec!["every service"];
        }
    };
    hosts.values_mut().for_each(every);
    hosts.into_iter().collect()
}

/// Host and port of a URL; what else it holds may be secret.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// One HTTP client for all services, so that connections are shared; through the proxy of the environment
/// (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), except to our own loopback.
fn http_client(proxied: bool, trusted: Option<TlsContext>) -> SharedHttpClient {
    use aws_smithy_http_client::{Builder, Connector, proxy::ProxyConfig, tls};
    let proxy = if proxied { ProxyConfig::from_env() } else { ProxyConfig::disabled() };
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().proxy_config(proxy.clone());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        let crypto = tls::rustls_provider::CryptoMode::AwsLc;
        let connector = connector.tls_provider(tls::Provider::Rustls(crypto));
        match &trusted {
            Some(trusted) => connector.tls_context(trusted.clone()).build(),
            None => connector.build(),
        }
    })
}

/// The configuration that the usual AWS places name: environment, profiles, SSO, container and instance roles.
pub(super) async fn configuration(request: &Request, progress: &dyn Progress) -> Result<SdkConfig, CollectError> {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(request.call_timeout.min(std::time::Duration::from_secs(10)))
        .operation_attempt_timeout(request.call_timeout)
        .build();
    if let Some(url) = &request.endpoint {
        // The demo: nothing is read from the user's surroundings.
        let fake = Credentials::new("SAGESCANDEMO", "not-a-secret", None, None, "demo");
        return Ok(SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(url)
            .credentials_provider(SharedCredentialsProvider::new(fake))
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
                aws_smithy_async::rt::sleep::TokioSleep::new(),
            ))
            .time_source(aws_smithy_async::time::SharedTimeSource::new(aws_smithy_async::time::SystemTimeSource::new()))
            .http_client(http_client(false, None))
            .build());
    }
    let profiles = profiles().await;
    if let (Some(profile), Some(profiles)) = (&request.profile, &profiles) {
        known(profile, profiles)?;
    }
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let profile = request.profile.clone().or_else(|| set("AWS_PROFILE")).unwrap_or_else(|| "default".to_owned());
    let says = |key: &str| profiles.as_ref()?.get_profile(&profile)?.get(key).map(str::to_owned);
    let trusted = set("AWS_CA_BUNDLE").or_else(|| says("ca_bundle")).map(|path| trust::bundle(&path)).transpose()?;
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        .http_client(http_client(true, trusted));
    if let Ok(name) = AppName::new("sagescan") {
        loader = loader.app_name(name);
    }
    if let Some(profile) = &request.profile {
        loader = loader.profile_name(profile);
    }
    let config = loader.load().await;
    // The configured region answers first: it says whether the regions asked for exist at all.
    let config = match (&request.regions, config.region()) {
        (super::Regions::These(regions), None) if !regions.is_empty() => {
            config.to_builder().region(regions.first().cloned().map(Region::new)).build()
        }
        _ => config,
    };
    let keys_in_environment = std::env::var_os("AWS_ACCESS_KEY_ID").is_some();
    // The SDK prefers keys in the environment even to a profile that was asked for, and would look at the wrong
    // account; the AWS CLI does not.
    let by_profile = request.profile.is_some() || !keys_in_environment;
    if let Some(profiles) = profiles.as_ref().filter(|_| by_profile)
        && let Some(provider) = mfa::credentials(profiles, &profile, &config, progress).await?
    {
        return Ok(config.to_builder().credentials_provider(provider).build());
    }
    if request.profile.is_some() && keys_in_environment {
        let provider = of_profile(&profile, &config);
        return Ok(config.to_builder().credentials_provider(provider).build());
    }
    Ok(config)
}

/// The credentials of a profile, or else those of the container or machine, as without a profile.
pub(super) fn of_profile(name: &str, config: &SdkConfig) -> SharedCredentialsProvider {
    let mut provider = ProviderConfig::without_region().with_region(config.region().cloned());
    if let Some(http) = config.http_client() {
        provider = provider.with_http_client(http);
    }
    let profile = ProfileFileCredentialsProvider::builder().configure(&provider).profile_name(name).build();
    let container = EcsCredentialsProvider::builder().configure(&provider).build();
    let machine = ImdsCredentialsProvider::builder().configure(&provider).build();
    SharedCredentialsProvider::new(
        CredentialsProviderChain::first_try("Profile", profile)
            .or_else("EcsContainer", container)
            .or_else("Ec2InstanceMetadata", machine),
    )
}

/// Makes sure that there is such a profile.
fn known(profile: &str, profiles: &ProfileSet) -> Result<(), CollectError> {
    if profiles.get_profile(profile).is_some() {
        return Ok(());
    }
    let near = profiles.profiles().map(|name| (strsim::damerau_levenshtein(name, profile), name)).min();
    let hint = match near {
        Some((distance, name)) if distance <= 2 => format!("did you mean `{name}`?"),
        _ => "`aws configure list-profiles` shows those there are".to_owned(),
    };
    Err(CollectError::NoSuchProfile { name: profile.to_owned(), hint })
}

/// The profiles of the AWS configuration; files that cannot be read are the business of whoever needs them.
async fn profiles() -> Option<ProfileSet> {
    aws_config::profile::load(&Fs::real(), &Env::real(), &Default::default(), None).await.ok()
}

/// Makes sure that there are credentials, before anything else is tried.
pub(super) async fn credentials(config: &SdkConfig, request: &Request) -> Result<(), CollectError> {
    let nothing = || "no environment variables, profile, web identity, container role or instance role".to_owned();
    let provider = config.credentials_provider().ok_or_else(|| CollectError::NoCredentials(nothing()))?;
    let Err(error) = provider.provide_credentials().await else { return Ok(()) };
    let profile = request.profile.clone().or_else(|| std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty()));
    if let (Some(profile), Some(profiles)) = (&profile, profiles().await) {
        known(profile, &profiles)?;
    }
    let why = super::ask::chain(Some(&error));
    let why = match (error, &profile) {
        (CredentialsError::CredentialsNotLoaded(_), Some(_)) => of_profile_alone(&why).unwrap_or_else(nothing),
        (CredentialsError::CredentialsNotLoaded(_), None) => nothing(),
        _ => why,
    };
    if ["/sso/cache/", "SSO token", "token has expired"].iter().any(|sign| why.contains(sign)) {
        return Err(CollectError::SsoExpired { profile: profile.unwrap_or_else(|| "default".into()), why });
    }
    Err(CollectError::NoCredentials(why))
}

/// The SDK lists every place it tried, a line each: what it says of the profile.
fn of_profile_alone(attempts: &str) -> Option<String> {
    let told = attempts.lines().find_map(|line| line.trim().strip_prefix("Profile: "))?;
    let why = told.strip_prefix("the credential provider was not enabled").unwrap_or(told);
    let why = why.trim_start_matches(": ").trim_end_matches(')');
    (!why.is_empty()).then(|| why.to_owned())
}

/// Who the caller is: account, partition and ARN.
pub(super) struct Identity {
    pub(super) account: String,
    pub(super) partition: String,
    pub(super) arn: String,
}

/// A client for the configured region, before it is known which regions matter.
fn client(config: &SdkConfig) -> Option<Client> {
    let (region, signer) = config.region().zip(Signer::new(config))?;
    Some(Client::new(config, region.as_ref(), signer))
}

/// Asks STS who the caller is. Without an answer there is nothing to scan.
pub(super) async fn identity(config: &SdkConfig, asker: &Asker) -> Result<Identity, CollectError> {
    let client = client(config).ok_or_else(|| CollectError::NoAnswer("no region is configured".into()))?;
    let answer = asker.ask(&client, &WHO, &[], &Value::Null).await;
    let answer = match answer {
        Seen::Is(answer) => answer,
        Seen::Unset => return Err(CollectError::NoAnswer("STS answered nothing".into())),
        Seen::Unseen(gap) => {
            let detail = gap.detail.to_string();
            return Err(if gap.reason == Reason::Skipped {
                CollectError::Ended(detail.trim_start_matches("not asked: ").to_owned())
            } else if gap.reason == Reason::Denied {
                CollectError::Barred(detail)
            } else if super::ask::EXPIRED.iter().any(|code| detail.starts_with(code)) {
                CollectError::Expired(detail)
            } else if ["InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException"]
                .iter()
                .any(|code| detail.starts_with(code))
            {
                CollectError::Refused(detail)
            } else {
                CollectError::NoAnswer(detail)
            });
        }
    };
    let (arn, account) = (text_at(&answer, "Arn"), text_at(&answer, "Account"));
    match arn.split(':').nth(1) {
        Some(partition) if !account.is_empty() => Ok(Identity { partition: partition.to_owned(), account, arn }),
        _ => Err(CollectError::NoAnswer(format!("STS named no account: {arn}"))),
    }
}

/// The regions enabled for the account, sorted. Without an answer the configured region has to do.
pub(super) async fn enabled_regions(config: &SdkConfig, asker: &Arc<Asker>) -> Seen<Vec<String>> {
    let Some(client) = client(config) else {
        return Seen::Unseen(Gap::new(Reason::Failed, "neither credentials nor a region are configured"));
    };
    let parameters = json!({ "AllRegions": false });
    let answer = asker.ask(&client, &REGIONS, &[], &parameters).await;
    match at::<Vec<String>>(&answer, "regionInfo[].regionName") {
        Seen::Is(mut names) => {
            names.sort();
            Seen::Is(names)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_endpoint_only_the_host_is_told() {
        assert_eq!(host_of("https://user:secret@vpce.example:8443/path?token=secret"), "vpce.example:8443");
        assert_eq!(host_of("http://127.0.0.1:4566"), "127.0.0.1:4566");
        assert_eq!(host_of(""), "");
    }
}
