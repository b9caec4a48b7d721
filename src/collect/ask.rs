//! One question to AWS: wait for the pace, send, classify, try again where that helps, and write the ledger.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures_util::FutureExt;
use sagescan_checks::snapshot::{Gap, Hole, Reason, Seen, means_absence};
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Progress;
use super::call::Call;
use super::client::{Client, Refusal};
use super::ledger::Ledger;
use super::limits::Limits;

/// What all questions of one scan share.
pub(super) struct Asking {
    pub(super) limits: Limits,
    pub(super) ledger: Ledger,
    pub(super) progress: Arc<dyn Progress>,
    /// How long one attempt may take.
    pub(super) call_timeout: Duration,
    /// When the whole scan must end.
    pub(super) deadline: Instant,
    /// Turns true when the user interrupts.
    pub(super) stop: watch::Receiver<bool>,
    /// The credentials ran out: no further question has a chance.
    pub(super) expired: AtomicBool,
}

/// One region (or `global`) to ask in.
pub(super) struct Asker {
    pub(super) asking: Arc<Asking>,
    pub(super) region: String,
    /// Connections that failed since the last answer of any call in this region.
    unreachable: AtomicU32,
    reached: AtomicBool,
    /// Questions that were announced and are not asked yet.
    announced: AtomicU64,
}

/// What became of one attempt.
enum Attempt {
    Throttled(String),
    Transient(String),
    NotConnected(String),
    Expired(String),
    Final(Gap),
}

impl Asker {
    pub(super) fn new(asking: Arc<Asking>, region: &str) -> Self {
        Asker {
            asking,
            region: region.to_owned(),
            unreachable: AtomicU32::new(0),
            reached: AtomicBool::new(false),
            announced: AtomicU64::new(0),
        }
    }

    /// Asks once. Error codes in `absent` mean that the thing asked for is not there.
    pub(super) async fn ask(&self, client: &Client, call: &Call, absent: &[&str], parameters: &Value) -> Seen<Value> {
        let asking = &*self.asking;
        if !self.take_announced() {
            asking.progress.planned(1);
        }
        let answer = self.attempts(client, call, absent, parameters).await;
        match &answer {
            Ok(_) => asking.ledger.answered(&self.region, call),
            Err((gap, asked)) => asking.ledger.missed(&self.region, call, gap, *asked),
        }
        asking.progress.done();
        match answer {
            Ok(Some(value)) => Seen::Is(value),
            Ok(None) => Seen::Unset,
            Err((gap, _)) => Seen::Unseen(gap),
        }
    }

    /// Says how many questions lie ahead, so that progress can tell how long they will take.
    pub(super) fn announce(&self, questions: u64) {
        self.announced.fetch_add(questions, Ordering::Relaxed);
        self.asking.progress.planned(questions);
    }

    /// A question that was announced need not be asked.
    pub(super) fn spared(&self) {
        if self.take_announced() {
            self.asking.progress.done();
        }
    }

    fn take_announced(&self) -> bool {
        self.announced.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    /// Tries until an answer, a final refusal, the end of patience or the end of the scan. The flag of an error tells
    /// whether AWS was asked at all.
    async fn attempts(
        &self,
        client: &Client,
        call: &Call,
        absent: &[&str],
        parameters: &Value,
    ) -> Result<Option<Value>, (Gap, bool)> {
        let asking = &*self.asking;
        if let Some(gap) = self.hopeless(call) {
            return Err((gap, false));
        }
        let bucket = asking.limits.bucket(&self.region, call);
        let mut stop = asking.stop.clone();
        // What failed before is tried less hard: the scan must end in bounded time.
        let patience = if asking.ledger.failed_in_a_row(&self.region, call) == 0 { 4 } else { 2 };
        let (mut failures, mut throttles) = (0_u32, 0_u32);
        loop {
            let ended = |what: &str| gap(call, Reason::Skipped, format!("not asked: {what}"));
            let sent = tokio::select! {
                biased;
                _ = stop.wait_for(|stopped| *stopped) => return Err((ended("the scan was interrupted"), false)),
                () = tokio::time::sleep_until(asking.deadline) => {
                    return Err((ended("the scan's time limit was reached"), false));
                }
                sent = bucket.take() => sent,
            };
            asking.ledger.sent(&self.region, call);
            let answer = tokio::select! {
                biased;
                _ = stop.wait_for(|stopped| *stopped) => return Err((ended("the scan was interrupted"), true)),
                () = tokio::time::sleep_until(asking.deadline) => {
                    return Err((ended("the scan's time limit was reached"), true));
                }
                answer = tokio::time::timeout(asking.call_timeout, client.send(call, parameters)) => answer,
            };
            let attempt = match answer {
                Ok(Ok(value)) => {
                    self.reached.store(true, Ordering::Relaxed);
                    self.unreachable.store(0, Ordering::Relaxed);
                    return Ok(Some(value));
                }
                Ok(Err(error)) if is_absence(absent, &error) => {
                    self.reached.store(true, Ordering::Relaxed);
                    return Ok(None);
                }
                Ok(Err(error)) => classify(call, &error),
                Err(_) => Attempt::Transient(format!("no answer within {:?}", asking.call_timeout)),
            };
            match attempt {
                Attempt::Throttled(why) => {
                    asking.progress.throttled();
                    asking.ledger.throttled(&self.region, call);
                    bucket.throttled(sent).await;
                    throttles += 1;
                    if throttles >= 2 * patience {
                        return Err((gap(call, Reason::Throttled, why), true));
                    }
                }
                Attempt::Transient(why) => {
                    failures += 1;
                    if failures >= patience.min(3) {
                        return Err((gap(call, Reason::Failed, why), true));
                    }
                    asking.rest(failures).await;
                }
                Attempt::NotConnected(why) => {
                    failures += 1;
                    let here = self.unreachable.fetch_add(1, Ordering::Relaxed) + 1;
                    if failures >= 2 || here >= 3 {
                        return Err((gap(call, Reason::Failed, why), true));
                    }
                    asking.rest(failures).await;
                }
                Attempt::Expired(why) => {
                    asking.expired.store(true, Ordering::Relaxed);
                    return Err((gap(call, Reason::Failed, why), true));
                }
                Attempt::Final(gap) => return Err((gap, true)),
            }
        }
    }

    /// The gap to give without asking.
    fn hopeless(&self, call: &Call) -> Option<Gap> {
        if self.asking.expired.load(Ordering::Relaxed) {
            return Some(gap(call, Reason::Skipped, "not asked: the credentials expired during the scan".into()));
        }
        if !self.reached.load(Ordering::Relaxed) && self.unreachable.load(Ordering::Relaxed) >= 3 {
            return Some(gap(call, Reason::Failed, format!("not asked: {} cannot be reached", self.region)));
        }
        self.asking.ledger.given_up(&self.region, call)
    }

    /// Says something worth a line.
    pub(super) fn note(&self, text: &str) {
        self.asking.progress.note(text);
    }

    /// Notes an answer that makes no sense.
    pub(super) fn strange(&self, call: &Call, why: String) -> Gap {
        let gap = gap(call, Reason::Failed, why);
        self.asking.ledger.missed(&self.region, call, &gap, false);
        gap
    }

    /// Notes that something was left out on purpose.
    pub(super) fn leave_out(&self, call: &Call, detail: String) -> Gap {
        let gap = gap(call, Reason::Skipped, detail);
        self.asking.ledger.left_out(&self.region, call, &gap);
        gap
    }
}

impl Asking {
    /// Exponential backoff with full jitter, at most two seconds.
    async fn rest(&self, failures: u32) {
        let longest = Duration::from_millis(100 << failures.min(4)).min(self.call_timeout);
        tokio::time::sleep(longest.mul_f64(jitter())).await;
    }
}

/// Does a piece of work whose failure must not be the end of the scan. A panic is a bug of ours; what it hides is a gap.
pub(super) async fn guarded<T>(work: impl Future<Output = T>, otherwise: impl FnOnce(Gap) -> T) -> T {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(done) => done,
        Err(_) => otherwise(bug()),
    }
}

/// The gap that a panic leaves.
pub(super) fn bug() -> Gap {
    Gap::new(Reason::Failed, "sagescan itself failed here, which is a bug worth reporting")
}

/// A number between 0 and 1 that differs from call to call: enough to keep retries from marching in step.
fn jitter() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0_u8) as f64 / u64::MAX as f64
}

fn is_absence(absent: &[&str], error: &Refusal) -> bool {
    error.code().is_some_and(|code| means_absence(absent, code, error.message().unwrap_or_default()))
}

fn gap(call: &Call, reason: Reason, detail: String) -> Gap {
    let grant = (reason == Reason::Denied).then(|| call.actions.first().map(|a| (*a).to_owned())).flatten();
    // What a service says is somebody else's text: a sentence of it will do.
    let detail = detail.chars().take(300).collect();
    Hole { reason, source: call.source.to_owned(), detail, grant }.into()
}

/// Error codes that mean "slow down" (aws-runtime's list, and EC2's and S3's own).
const THROTTLES: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];

/// Error codes that mean that the credentials are too old.
pub(super) const EXPIRED: &[&str] =
    &["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

/// Error codes that mean that the caller may not.
const DENIALS: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AuthorizationErrorException",
    "NotAuthorized",
    "UnauthorizedException",
    "Client.UnauthorizedOperation",
    "AllAccessDisabled",
];

/// Error codes with which a region that is not enabled refuses credentials that work elsewhere.
const NOT_ENABLED: &[&str] = &[
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "AuthFailure",
    "OptInRequired",
    "InvalidSignatureException",
    "InvalidAccessKeyId",
];

/// Error codes of an operation that the region, or the service there, does not know.
const NOT_OFFERED: &[&str] =
    &["UnknownOperationException", "UnknownOperation", "InvalidAction", "UnsupportedOperation", "NotImplemented"];

fn classify(call: &Call, error: &Refusal) -> Attempt {
    let status = error.raw_response().map(|r| r.status().as_u16());
    match error {
        SdkError::TimeoutError(_) => return Attempt::Transient("the connection timed out".into()),
        SdkError::DispatchFailure(failure) => {
            let why = chain(failure.as_connector_error().map(|e| e as &dyn std::error::Error));
            return Attempt::NotConnected(format!("no connection: {why}"));
        }
        SdkError::ConstructionFailure(_) => {
            let why = chain(std::error::Error::source(error));
            return Attempt::Final(gap(call, Reason::Failed, format!("the request could not be made: {why}")));
        }
        SdkError::ResponseError(_) if status.is_none_or(|s| s < 500) => {
            let why = chain(std::error::Error::source(error));
            return Attempt::Transient(format!("the answer could not be read: {why}"));
        }
        _ => {}
    }
    if status.is_some_and(|s| s < 400) {
        let why = chain(std::error::Error::source(error));
        return Attempt::Transient(format!("the answer could not be read: {why}"));
    }
    let code = error.code().unwrap_or_default();
    let said = match error.message() {
        Some(message) if !message.is_empty() => format!("{code}: {message}"),
        _ if code.is_empty() => format!("HTTP {}", status.unwrap_or_default()),
        _ => code.to_owned(),
    };
    let is = |codes: &[&str]| codes.contains(&code);
    if is(THROTTLES) || status == Some(429) {
        Attempt::Throttled(said)
    } else if is(EXPIRED) {
        Attempt::Expired(said)
    } else if is(DENIALS) {
        Attempt::Final(gap(call, Reason::Denied, said))
    } else if is(NOT_ENABLED) {
        Attempt::Final(gap(call, Reason::NotEnabled, said))
    } else if is(NOT_OFFERED) {
        Attempt::Final(gap(call, Reason::NotOffered, said))
    } else if status.is_some_and(|s| s >= 500) || code == "RequestTimeout" || code == "RequestTimeoutException" {
        Attempt::Transient(said)
    } else if status == Some(403) {
        Attempt::Final(gap(call, Reason::Denied, said))
    } else {
        Attempt::Final(gap(call, Reason::Failed, said))
    }
}

/// An error with its causes, in one line.
pub(super) fn chain(mut error: Option<&dyn std::error::Error>) -> String {
    let mut words: Vec<String> = Vec::new();
    while let Some(e) = error {
        let said = e.to_string();
        if words.last().is_none_or(|last| !last.contains(&said)) {
            words.push(said);
        }
        error = e.source();
    }
    if words.is_empty() { "no reason given".to_owned() } else { words.join(": ") }
}
