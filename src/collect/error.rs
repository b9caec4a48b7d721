//! Why a scan ends without a report.

use super::memory::CheckpointError;

/// Why there is nothing to report at all. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The profile is not in the AWS configuration.
    #[error("there is no profile `{name}` in the AWS configuration; {hint}")]
    NoSuchProfile {
        /// What was asked for
        name: String,
        /// The nearest profile there is, or how to list them
        hint: String,
    },
    /// Nothing provides credentials.
    #[error("no AWS credentials were found ({0}); set AWS_PROFILE, use --profile, or run `aws configure`")]
    NoCredentials(String),
    /// The SSO session is too old.
    #[error("the SSO session of profile `{profile}` is not valid ({why}); run `aws sso login --profile {profile}`")]
    SsoExpired {
        /// The profile
        profile: String,
        /// What the SDK said
        why: String,
    },
    /// The profile needs a code of a multi-factor device, and that did not work out.
    #[error(
        "profile `{profile}` cannot be used: {why}; run the scan in a terminal, or put credentials of a session with MFA into the environment"
    )]
    Mfa {
        /// The profile
        profile: String,
        /// What is missing, or what STS said
        why: String,
    },
    /// The bundle of certificates cannot be used.
    #[error("cannot use the certificates in {path}: {why}; AWS_CA_BUNDLE, or ca_bundle of the profile, names the file")]
    Certificates {
        /// The file
        path: String,
        /// What is wrong with it
        why: String,
    },
    /// The credentials are too old.
    #[error("the AWS credentials have expired ({0}); get new ones and run the scan again")]
    Expired(String),
    /// AWS does not know the credentials.
    #[error("AWS does not accept the credentials ({0}); check the access key, and that it belongs to this partition")]
    Refused(String),
    /// AWS did not say who the caller is.
    #[error("AWS did not say who is asking ({0}); check the network, the proxy, the region name and AWS_ENDPOINT_URL")]
    NoAnswer(String),
    /// The endpoint bars the way to STS; IAM cannot deny this call.
    #[error("AWS did not let anybody ask who is asking ({0}); check the policy of the VPC endpoint for STS")]
    Barred(String),
    /// The user or the time limit ended the scan.
    #[error("nothing was seen yet: {0}")]
    Ended(String),
    /// No region is configured.
    #[error("no region is set; use --region NAME or --region all, or set AWS_REGION")]
    NoRegion,
    /// The checkpoint cannot be used.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The last snapshot is of another account.
    #[error("the snapshot for --since-last is of account {0}, and this scan is of {1}; name one of this account")]
    OtherAccount(String, String),
    /// A region name that no partition has.
    #[error("`{0}` is no region name; they look like us-east-1")]
    BadRegion(String),
    /// A region that the account does not have.
    #[error("region `{name}` is not enabled for the account, or does not exist{hint}")]
    UnknownRegion {
        /// What was asked for
        name: String,
        /// The nearest region there is
        hint: String,
    },
}

impl CollectError {
    /// The exit code: 2 for a wrong profile or region, 3 where nothing could be seen.
    pub fn exit_code(&self) -> u8 {
        match self {
            CollectError::NoSuchProfile { .. }
            | CollectError::NoRegion
            | CollectError::BadRegion(_)
            | CollectError::Checkpoint(_)
            | CollectError::OtherAccount(..)
            | CollectError::Certificates { .. }
            | CollectError::UnknownRegion { .. } => 2,
            _ => 3,
        }
    }
}
