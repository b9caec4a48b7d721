//! Profiles that need a code of a multi-factor device: `role_arn` with `mfa_serial`.
//!
//! The SDK takes no notice of `mfa_serial`. Here the code is asked for once, as the AWS CLI does, and the role is assumed
//! for as long as the profile says (STS, AssumeRole, `SerialNumber` and `TokenCode`).

use aws_config::profile::ProfileSet;
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::ask::chain;
use super::places::of_profile;
use super::{CollectError, Progress};

/// What a profile says of the role and the device.
struct Wanted<'p> {
    role: &'p str,
    device: &'p str,
    source: Option<&'p str>,
    session: Option<&'p str>,
    external_id: Option<&'p str>,
    seconds: Option<i32>,
}

impl<'p> Wanted<'p> {
    fn by(profiles: &'p ProfileSet, name: &str) -> Option<Self> {
        let profile = profiles.get_profile(name)?;
        Some(Wanted {
            role: profile.get("role_arn")?,
            device: profile.get("mfa_serial")?,
            source: profile.get("source_profile"),
            session: profile.get("role_session_name"),
            external_id: profile.get("external_id"),
            seconds: profile.get("duration_seconds").and_then(|seconds| seconds.parse().ok()),
        })
    }
}

/// The credentials of a profile that needs a code; none for a profile that does not.
pub(super) async fn credentials(
    profiles: &ProfileSet,
    name: &str,
    config: &SdkConfig,
    progress: &dyn Progress,
) -> Result<Option<SharedCredentialsProvider>, CollectError> {
    let Some(wanted) = Wanted::by(profiles, name) else { return Ok(None) };
    let failed = |why: String| CollectError::Mfa { profile: name.to_owned(), why };
    let source = wanted.source.ok_or_else(|| failed("it has an mfa_serial and no source_profile".to_owned()))?;
    if profiles.get_profile(source).is_none() {
        return Err(failed(format!("there is no source profile {source}")));
    }
    let code = progress.code_of(wanted.device).ok_or_else(|| {
        failed(format!("it needs a code of {}, and nobody is at a terminal to give one", wanted.device))
    })?;
    let region = config.region().cloned().unwrap_or_else(|| Region::new("us-east-1"));
    let config = config.to_builder().region(region).build();
    let config = config.to_builder().credentials_provider(of_profile(source, &config)).build();
    let answer = aws_sdk_sts::Client::new(&config)
        .assume_role()
        .role_arn(wanted.role)
        .role_session_name(wanted.session.unwrap_or("sagescan"))
        .serial_number(wanted.device)
        .token_code(code)
        .set_external_id(wanted.external_id.map(str::to_owned))
        .set_duration_seconds(wanted.seconds)
        .send()
        .await;
    let answer = answer.map_err(|error| failed(chain(Some(&error))))?;
    let given = answer.credentials.ok_or_else(|| failed("STS returned no credentials".to_owned()))?;
    let until = std::time::SystemTime::try_from(given.expiration).ok();
    let credentials =
        Credentials::new(given.access_key_id, given.secret_access_key, Some(given.session_token), until, "mfa");
    Ok(Some(SharedCredentialsProvider::new(credentials)))
}
