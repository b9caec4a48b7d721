//! How AWS says no: the reasons, and how each protocol spells them.

use sagescan_checks::snapshot::{Gap, Reason, Unseen};

use super::call::{Call, Protocol};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    Denied,
    Throttled,
    Expired,
    Internal,
    UnknownOperation,
    NotEnabled,
    Invalid(String),
    /// What the request names is not there: how the service words that.
    Absent {
        status: u16,
        code: &'static str,
        message: String,
    },
    /// The bucket lies in this region.
    Elsewhere(String),
}

impl From<&Gap> for Refusal {
    fn from(gap: &Gap) -> Self {
        match gap.reason {
            Reason::Denied => Refusal::Denied,
            Reason::Throttled => Refusal::Throttled,
            Reason::NotOffered => Refusal::UnknownOperation,
            Reason::NotEnabled => Refusal::NotEnabled,
            Reason::Failed | Reason::Skipped | Reason::Unrecognised => Refusal::Internal,
        }
    }
}

impl From<Unseen> for Refusal {
    fn from(unseen: Unseen) -> Self {
        (&unseen.0).into()
    }
}

impl Refusal {
    /// A refusal with status 400 and a code of the service's own.
    pub(super) fn absent(code: &'static str, message: impl Into<String>) -> Self {
        Refusal::Absent { status: 400, code, message: message.into() }
    }

    /// HTTP status and error code, by protocol.
    pub(super) fn spelling(&self, protocol: Protocol) -> (u16, &'static str) {
        let [json, query, ec2, s3] = match self {
            Refusal::Denied => [
                (400, "AccessDeniedException"),
                (403, "AccessDenied"),
                (403, "UnauthorizedOperation"),
                (403, "AccessDenied"),
            ],
            Refusal::Throttled => {
                [(400, "ThrottlingException"), (400, "Throttling"), (503, "RequestLimitExceeded"), (503, "SlowDown")]
            }
            Refusal::Expired => {
                [(400, "ExpiredTokenException"), (403, "ExpiredToken"), (400, "RequestExpired"), (400, "ExpiredToken")]
            }
            Refusal::Internal => {
                [(500, "InternalFailure"), (500, "ServiceFailure"), (500, "InternalError"), (500, "InternalError")]
            }
            Refusal::UnknownOperation => [
                (400, "UnknownOperationException"),
                (400, "InvalidAction"),
                (400, "InvalidAction"),
                (405, "MethodNotAllowed"),
            ],
            Refusal::NotEnabled => [
                (400, "UnrecognizedClientException"),
                (403, "InvalidClientTokenId"),
                (401, "AuthFailure"),
                (403, "InvalidAccessKeyId"),
            ],
            Refusal::Invalid(_) => [
                (400, "ValidationException"),
                (400, "ValidationError"),
                (400, "InvalidParameterValue"),
                (400, "InvalidArgument"),
            ],
            Refusal::Absent { status, code, .. } => [(*status, *code); 4],
            Refusal::Elsewhere(_) => [(301, "PermanentRedirect"); 4],
        };
        match protocol {
            Protocol::Json => json,
            // The statuses that restJson1 services give (service models, `httpStatusCode`).
            Protocol::Rest => match self {
                Refusal::Denied | Refusal::Expired | Refusal::NotEnabled => (403, json.1),
                Refusal::UnknownOperation => (404, json.1),
                Refusal::Throttled => (429, json.1),
                _ => json,
            },
            Protocol::Query => query,
            Protocol::Ec2 => ec2,
            Protocol::S3 | Protocol::S3Control => s3,
        }
    }

    /// The sentence that comes with it.
    pub(super) fn message(&self, protocol: Protocol, call: Option<&Call<'_>>) -> String {
        let fixed = match self {
            Refusal::Denied => return call.map_or_else(|| "Access Denied".to_owned(), denial),
            Refusal::Invalid(message) | Refusal::Absent { message, .. } => return message.clone(),
            Refusal::Throttled => match protocol {
                Protocol::Ec2 => "Request limit exceeded.",
                Protocol::S3 | Protocol::S3Control => "Please reduce your request rate.",
                _ => "Rate exceeded",
            },
            Refusal::Expired => "The security token included in the request is expired",
            Refusal::Internal => "An internal error occurred. Retry your request.",
            Refusal::UnknownOperation => "This is not an operation that is served here.",
            Refusal::NotEnabled => "The security token included in the request is invalid.",
            Refusal::Elsewhere(_) => "The bucket must be addressed using the endpoint of its own region.",
        };
        fixed.to_owned()
    }
}

fn denial(call: &Call<'_>) -> String {
    let (caller, action) = (&call.snapshot().scan.caller, call.operation.action);
    let on = match call.service.protocol {
        Protocol::Ec2 => String::new(),
        _ => format!(" on resource: {}", call.resource()),
    };
    let sentence = format!(
        "User: {caller} is not authorized to perform: {action}{on} because no identity-based policy allows the {action} action"
    );
    match call.service.protocol {
        Protocol::Ec2 => format!("You are not authorized to perform this operation. {sentence}"),
        _ => sentence,
    }
}
