//! Who looks and where: credentials, account, partition, and one set of clients for each region.

use std::sync::Arc;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use jiff::Timestamp;
use sagescan_checks::snapshot::Seen;

use super::ask::Asker;
use super::call::{Call, read};
use super::{CollectError, Request};

pub(super) const WHO: Call = read!("sts", "GetCallerIdentity");
pub(super) const REGIONS: Call = read!("ec2", "DescribeRegions");

/// One region, with everything needed to ask there.
pub(super) struct Place {
    pub(super) region: String,
    pub(super) asker: Asker,
    pub(super) sagemaker: aws_sdk_sagemaker::Client,
    pub(super) ec2: aws_sdk_ec2::Client,
    pub(super) kms: aws_sdk_kms::Client,
    pub(super) cloudtrail: aws_sdk_cloudtrail::Client,
    pub(super) s3: aws_sdk_s3::Client,
    /// When the scan began.
    pub(super) started: Timestamp,
    /// Finished jobs created before this are left out.
    pub(super) jobs_since: Timestamp,
}

impl Place {
    pub(super) fn new(config: &SdkConfig, region: &str, asker: Asker, times: (Timestamp, Timestamp)) -> Self {
        let config = config.to_builder().region(Region::new(region.to_owned())).build();
        Place {
            region: region.to_owned(),
            asker,
            sagemaker: aws_sdk_sagemaker::Client::new(&config),
            ec2: aws_sdk_ec2::Client::new(&config),
            kms: aws_sdk_kms::Client::new(&config),
            cloudtrail: aws_sdk_cloudtrail::Client::new(&config),
            s3: s3_client(&config),
            started: times.0,
            jobs_since: times.1,
        }
    }
}

/// An S3 client; behind a custom endpoint buckets are paths, because no name resolves `bucket.127.0.0.1`.
fn s3_client(config: &SdkConfig) -> aws_sdk_s3::Client {
    let custom = endpoint_of(config, "S3").is_some();
    aws_sdk_s3::Client::from_conf(aws_sdk_s3::config::Builder::from(config).force_path_style(custom).build())
}

/// The custom endpoint of a service, if one is configured.
pub(super) fn endpoint_of(config: &SdkConfig, service: &str) -> Option<String> {
    let own = std::env::var(format!("AWS_ENDPOINT_URL_{service}")).ok().filter(|url| !url.is_empty());
    let ignored = std::env::var("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_ok_and(|v| v.eq_ignore_ascii_case("true"));
    own.filter(|_| !ignored).or_else(|| config.endpoint_url().map(str::to_owned))
}

/// The configuration that the usual AWS places name: environment, profiles, SSO, container and instance roles.
pub(super) async fn configuration(request: &Request) -> Result<SdkConfig, CollectError> {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(request.call_timeout.min(std::time::Duration::from_secs(10)))
        .operation_attempt_timeout(request.call_timeout)
        .build();
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(aws_smithy_http_client::tls::Provider::Rustls(
            aws_smithy_http_client::tls::rustls_provider::CryptoMode::AwsLc,
        ))
        .build_https();
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
            .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(aws_smithy_async::rt::sleep::TokioSleep::new()))
            .time_source(aws_smithy_async::time::SharedTimeSource::new(aws_smithy_async::time::SystemTimeSource::new()))
            .http_client(http)
            .build());
    }
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        .http_client(http);
    if let Ok(name) = AppName::new("sagescan") {
        loader = loader.app_name(name);
    }
    if let Some(profile) = &request.profile {
        loader = loader.profile_name(profile);
    }
    if let super::Regions::These(regions) = &request.regions
        && let Some(first) = regions.first()
    {
        loader = loader.region(Region::new(first.clone()));
    }
    Ok(loader.load().await)
}

/// Makes sure that there are credentials, before anything else is tried.
pub(super) async fn credentials(config: &SdkConfig, request: &Request) -> Result<(), CollectError> {
    let provider = config.credentials_provider().ok_or_else(|| CollectError::NoCredentials("none configured".into()))?;
    match provider.provide_credentials().await {
        Ok(_) => Ok(()),
        Err(error) => {
            let why = super::ask::chain(Some(&error));
            let profile = request.profile.clone().or_else(|| std::env::var("AWS_PROFILE").ok());
            match profile {
                Some(name) if why.contains("profile") && (why.contains("not defined") || why.contains("could not find")) => {
                    Err(CollectError::NoSuchProfile(name))
                }
                _ if why.to_lowercase().contains("sso") || why.contains("token has expired") => {
                    Err(CollectError::SsoExpired { profile: profile.unwrap_or_else(|| "default".into()), why })
                }
                _ => Err(CollectError::NoCredentials(why)),
            }
        }
    }
}

/// Who the caller is: account, partition and ARN.
pub(super) struct Identity {
    pub(super) account: String,
    pub(super) partition: String,
    pub(super) arn: String,
}

/// Asks STS who the caller is. Without an answer there is nothing to scan.
pub(super) async fn identity(config: &SdkConfig, asker: &Asker) -> Result<Identity, CollectError> {
    let sts = aws_sdk_sts::Client::new(config);
    let answer = asker.ask(&WHO, &[], || sts.get_caller_identity().send()).await;
    let answer = match answer {
        Seen::Is(answer) => answer,
        Seen::Unset => return Err(CollectError::NoAnswer("STS answered nothing".into())),
        Seen::Unseen(gap) => {
            let detail = gap.detail.clone();
            return Err(if super::ask::EXPIRED.iter().any(|code| detail.starts_with(code)) {
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
    let arn = answer.arn().unwrap_or_default().to_owned();
    let account = answer.account().unwrap_or_default().to_owned();
    match arn.split(':').nth(1) {
        Some(partition) if !account.is_empty() => Ok(Identity { partition: partition.to_owned(), account, arn }),
        _ => Err(CollectError::NoAnswer(format!("STS named no account: {arn}"))),
    }
}

/// The regions enabled for the account, sorted. Without an answer the configured region has to do.
pub(super) async fn enabled_regions(config: &SdkConfig, asker: &Arc<Asker>) -> Seen<Vec<String>> {
    let ec2 = aws_sdk_ec2::Client::new(config);
    let answer = asker.ask(&REGIONS, &[], || ec2.describe_regions().all_regions(false).send()).await;
    answer.map(|answer| {
        let names = answer.regions.unwrap_or_default().into_iter().filter_map(|r| r.region_name);
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    })
}
