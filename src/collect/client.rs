//! Asks every service, without a generated client for each: sign, send, and hand over the answer as it is, in JSON whatever
//! the service speaks.
//!
//! Credentials, HTTP client, time limits and endpoints are those of the SDK's configuration; what the answer means is
//! declared with the types that it fills (`checks/snapshot`). Why: `docs/decisions/0007-json-services.md`.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sagescan_checks::aws::services::{Document, Protocol, Service};
use sagescan_checks::snapshot::Call;
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use super::ask::EXPIRED;
use super::{places, xml};

/// Largest answer that is read, in bytes: a Search page of a hundred whole records has half a megabyte, a page of a thousand
/// policies of IAM with five versions each some sixty.
const MAX_ANSWER: usize = 256 << 20;

/// The credentials of the scan, refreshed before they expire.
#[derive(Debug)]
pub(super) struct Signer {
    provider: SharedCredentialsProvider,
    now: Mutex<Option<Credentials>>,
}

impl Signer {
    pub(super) fn new(config: &SdkConfig) -> Option<Arc<Self>> {
        Some(Arc::new(Signer { provider: config.credentials_provider()?, now: Mutex::new(None) }))
    }

    async fn credentials(&self) -> Result<Credentials, BoxError> {
        let mut now = self.now.lock().await;
        let soon = SystemTime::now() + Duration::from_secs(60);
        if let Some(credentials) = now.as_ref().filter(|c| c.expiry().is_none_or(|expiry| expiry > soon)) {
            return Ok(credentials.clone());
        }
        let fresh = self.provider.provide_credentials().await?;
        *now = Some(fresh.clone());
        Ok(fresh)
    }

    /// Other credentials than those that AWS calls expired, where there are some by now: a profile without an expiry date
    /// may have been written anew, and the clocks of AWS and this machine may differ.
    async fn instead_of(&self, expired: &Credentials) -> Option<Credentials> {
        let same = |one: &Credentials| {
            one.access_key_id() == expired.access_key_id() && one.session_token() == expired.session_token()
        };
        let mut now = self.now.lock().await;
        if let Some(newer) = now.as_ref().filter(|newer| !same(newer)) {
            return Some(newer.clone());
        }
        let fresh = self.provider.provide_credentials().await.ok().filter(|fresh| !same(fresh))?;
        *now = Some(fresh.clone());
        Some(fresh)
    }
}

/// A refusal, in the words of the service.
#[derive(Debug)]
pub(super) struct Refused(ErrorMetadata);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

/// Why a request has no answer.
pub(super) type Refusal = SdkError<Refused, HttpResponse>;

type Exchange = Operation<HttpRequest, Value, Refused>;

/// Asks in one region.
#[derive(Debug, Clone)]
pub(super) struct Client {
    config: SdkConfig,
    region: String,
    signer: Arc<Signer>,
}

impl Client {
    pub(super) fn new(config: &SdkConfig, region: &str, signer: Arc<Signer>) -> Self {
        Client { config: config.clone(), region: region.to_owned(), signer }
    }

    /// Sends one request. Its parameters are an object.
    pub(super) async fn send(&self, call: &Call, parameters: &Value) -> Result<Value, Refusal> {
        let failed = |why: BoxError| SdkError::construction_failure(why);
        let service =
            Service::named(call.service).ok_or_else(|| failed(format!("no service {}", call.service).into()))?;
        // No name resolves `bucket.127.0.0.1`: nothing stands in front of a custom endpoint.
        let custom = places::endpoint_of(&self.config, service.id);
        let front = service.front(parameters).filter(|_| custom.is_none());
        let base = custom.unwrap_or_else(|| {
            let fips = self.config.use_fips().unwrap_or_default();
            let host = service.host(&self.region, fips, self.config.use_dual_stack().unwrap_or_default());
            front.map_or_else(|| format!("https://{host}"), |front| format!("https://{front}.{host}"))
        });
        let base = base.trim_end_matches('/').to_owned();
        let credentials = self.signer.credentials().await.map_err(failed)?;
        let signed_by = |credentials: &Credentials| {
            request(service, call, parameters, front.is_some())
                .and_then(|request| signed(request, service, service.signing_region(&self.region), &base, credentials))
        };
        let answer = self.exchange(service, call, &base).invoke(signed_by(&credentials).map_err(failed)?).await;
        let expired = answer.as_ref().err().and_then(|error| error.code()).is_some_and(|code| EXPIRED.contains(&code));
        match expired.then_some(self.signer.instead_of(&credentials)) {
            None => answer,
            Some(fresh) => match fresh.await {
                None => answer,
                Some(fresh) => self.exchange(service, call, &base).invoke(signed_by(&fresh).map_err(failed)?).await,
            },
        }
    }

    fn exchange(&self, service: &Service, call: &Call, base: &str) -> Exchange {
        let mut operation = Operation::builder()
            .service_name(call.service)
            .operation_name(call.operation)
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(base)
            .no_auth()
            .no_retry()
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .time_source(SharedTimeSource::new(SystemTimeSource::new()));
        if let Some(http) = self.config.http_client() {
            operation = operation.http_client(http);
        }
        if let Some(timeouts) = self.config.timeout_config() {
            operation = operation.timeout_config(timeouts.clone());
        }
        let (protocol, asked, document) = (service.protocol, call.operation, service.document(call.operation));
        let read = move |response: &HttpResponse| match protocol {
            Protocol::Rpc { .. } | Protocol::Rest(_) => read_json(response),
            Protocol::Query { .. } => read_xml(response, |body| xml::answer(body, asked)),
            Protocol::RestXml(_) => match document {
                Some(Document { root: Some(root), list, .. }) => {
                    read_xml(response, |body| xml::document(body, root, list))
                }
                _ => read_xml(response, text_of_json),
            },
        };
        operation.serializer(|request: HttpRequest| Ok(request)).deserializer(read).build()
    }
}

/// Characters that stay as they are in a path or query (RFC 3986, "unreserved").
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What REST services are asked to answer in: API Gateway speaks HAL to whoever does not say (botocore 1.44.5,
/// `add_accept_header`).
const ANSWERS: &str = "application/json";

/// The request before it is signed, with the path alone as its address. What stands in front of the host is not in it again.
fn request(
    service: &Service,
    call: &Call,
    parameters: &Value,
    fronted: bool,
) -> Result<http::Request<Vec<u8>>, BoxError> {
    let body = || if parameters.is_null() { b"{}".to_vec() } else { parameters.to_string().into_bytes() };
    match service.protocol {
        Protocol::Rpc { version, target } => Ok(http::Request::post("/")
            .header("content-type", format!("application/x-amz-json-{version}"))
            .header("x-amz-target", format!("{target}.{}", call.operation))
            .body(body())?),
        Protocol::Query { version } => {
            let mut form = vec![format!("Action={}", call.operation), format!("Version={version}")];
            fields("", parameters, &mut form);
            Ok(http::Request::post("/")
                .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
                .body(form.join("&").into_bytes())?)
        }
        Protocol::Rest(operations) => {
            let (_, method, path) = operations
                .iter()
                .find(|(name, ..)| *name == call.operation)
                .ok_or_else(|| format!("no path for {}", call.source))?;
            let mut rest = parameters.as_object().cloned().unwrap_or_default();
            let filled = path_of(path, &mut rest);
            if *method == "GET" {
                let address = with_query(filled, &rest);
                return Ok(http::Request::get(address).header("accept", ANSWERS).body(Vec::new())?);
            }
            let body = Value::Object(rest).to_string().into_bytes();
            Ok(http::Request::builder()
                .method(*method)
                .uri(filled)
                .header("content-type", "application/json")
                .header("accept", ANSWERS)
                .body(body)?)
        }
        Protocol::RestXml(_) => {
            let document = service.document(call.operation).ok_or_else(|| format!("no path for {}", call.source))?;
            let mut rest = parameters.as_object().cloned().unwrap_or_default();
            let within = |name| Some((name, document.path.strip_prefix(&format!("/{{{name}}}"))?));
            let path = match service.in_front.filter(|_| fronted).and_then(within) {
                Some((name, within)) => {
                    rest.remove(name);
                    format!("/{within}")
                }
                None => document.path.to_owned(),
            };
            let mut request = http::Request::get("/");
            // S3 Control takes the account in a header as well as in front of the host.
            if let Some(account) = rest.remove("AccountId") {
                request = request.header("x-amz-account-id", text_of(&account));
            }
            let filled = path_of(&path, &mut rest);
            Ok(request.uri(with_query(filled, &rest)).body(Vec::new())?)
        }
    }
}

/// A parameter as it is written in an address.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A path with its `{Parameter}`s filled in; they are taken out of `rest`.
fn path_of(mut template: &str, rest: &mut Map<String, Value>) -> String {
    let mut filled = String::new();
    while let Some((before, (name, after))) =
        template.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        filled.push_str(before);
        filled.extend(utf8_percent_encode(&text_of(&rest.remove(name).unwrap_or_default()), ENCODED));
        template = after;
    }
    filled.push_str(template);
    filled
}

/// A path with the other parameters behind it.
fn with_query(mut path: String, rest: &Map<String, Value>) -> String {
    let mut query: Vec<String> = Vec::new();
    for (name, value) in rest {
        let one = |value: &Value| format!("{name}={}", utf8_percent_encode(&text_of(value), ENCODED));
        match value {
            Value::Array(all) => query.extend(all.iter().map(one)),
            value => query.push(one(value)),
        }
    }
    if !query.is_empty() {
        path.push(if path.contains('?') { '&' } else { '?' });
        path.push_str(&query.join("&"));
    }
    path
}

/// Parameters as the fields of a form: `Filter.1.Value.2=x`. (Lists of awsQuery stand one level deeper; nothing asks with
/// one.)
fn fields(prefix: &str, value: &Value, form: &mut Vec<String>) {
    let within = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
    match value {
        Value::Null => {}
        Value::Object(members) => members.iter().for_each(|(name, value)| fields(&within(name), value, form)),
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(at, value)| fields(&within(&(at + 1).to_string()), value, form));
        }
        value => {
            form.push(format!("{prefix}={}", utf8_percent_encode(&text_of(value), ENCODED)));
        }
    }
}

/// S3 is signed with the hash of the body in a header, and its paths as they stand (Amazon S3 API Reference, "Authenticating
/// Requests").
fn settings_for(service: &Service) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if service.signing == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    settings
}

fn signed(
    request: http::Request<Vec<u8>>,
    service: &Service,
    region: &str,
    base: &str,
    credentials: &Credentials,
) -> Result<HttpRequest, BoxError> {
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service.signing)
        .time(SystemTime::now())
        .settings(settings_for(service))
        .build()?;
    let (mut head, body) = request.into_parts();
    head.headers.insert("user-agent", concat!("sagescan/", env!("CARGO_PKG_VERSION")).parse()?);
    let address = format!("{base}{}", head.uri);
    let headers = head.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
    let signable = SignableRequest::new(head.method.as_str(), &address, headers, SignableBody::Bytes(&body))?;
    let (instructions, _) = sign(signable, &parameters.into())?.into_parts();
    let mut request = http::Request::from_parts(head, SdkBody::from(body));
    instructions.apply_to_request_http1x(&mut request);
    Ok(HttpRequest::try_from(request)?)
}

/// The body of an answer, if it has a bearable length.
fn body_of(response: &HttpResponse) -> Result<&[u8], OrchestratorError<Refused>> {
    let body = response.body().bytes().unwrap_or_default();
    if body.len() > MAX_ANSWER {
        return Err(OrchestratorError::other(format!("the answer is longer than {MAX_ANSWER} bytes")));
    }
    Ok(body)
}

/// An answer that is a JSON text, such as a policy, under the name of what it is.
fn text_of_json(body: &[u8]) -> Result<Value, BoxError> {
    serde_json::from_slice::<Map<String, Value>>(body)?;
    Ok(json!({ "Policy": std::str::from_utf8(body)? }))
}

/// Reads an answer, or the code and message of an error in XML.
fn read_xml<E: Into<BoxError>>(
    response: &HttpResponse,
    read: impl Fn(&[u8]) -> Result<Value, E>,
) -> Result<Value, OrchestratorError<Refused>> {
    let body = body_of(response)?;
    if response.status().is_success() {
        return read(body).map_err(OrchestratorError::other);
    }
    let (code, message) = xml::refusal(body);
    let mut error = ErrorMetadata::builder();
    if let Some(code) = code {
        error = error.code(code);
    }
    if let Some(message) = message {
        error = error.message(message);
    }
    Err(OrchestratorError::operation(Refused(error.build())))
}

/// Reads an answer in JSON, or the error's code and message.
fn read_json(response: &HttpResponse) -> Result<Value, OrchestratorError<Refused>> {
    let body = body_of(response)?;
    if response.status().is_success() {
        // Every answer is an object. Nothing at all, or anything else, is no answer that says "there is nothing".
        return match serde_json::from_slice(body) {
            Ok(answer @ Value::Object(_)) => Ok(answer),
            Ok(_) => Err(OrchestratorError::other("the answer is no JSON object")),
            Err(error) => Err(OrchestratorError::other(error)),
        };
    }
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |names: &[&str]| names.iter().find_map(|name| said.get(name)?.as_str()).map(str::to_owned);
    let code =
        response.headers().get("x-amzn-errortype").map(str::to_owned).or_else(|| text(&["__type", "code", "Code"]));
    let mut error = ErrorMetadata::builder();
    if let Some(code) = code {
        // `com.amazonaws.service#Name` or `Name:http://…`
        let code = code.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default();
        error = error.code(code);
    }
    if let Some(message) = text(&["message", "Message", "errorMessage"]) {
        error = error.message(message);
    }
    Err(OrchestratorError::operation(Refused(error.build())))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use aws_credential_types::provider::future;

    use super::*;

    /// A profile that is written anew while a scan is under way, as often as it is told to.
    #[derive(Debug)]
    struct Rewritten {
        times: usize,
        asked: AtomicUsize,
    }

    impl ProvideCredentials for Rewritten {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let version = self.asked.fetch_add(1, Ordering::Relaxed).min(self.times);
            future::ProvideCredentials::ready(Ok(Credentials::new(format!("AKIA{version}"), "s", None, None, "test")))
        }
    }

    fn signer(times: usize) -> Signer {
        let provider = SharedCredentialsProvider::new(Rewritten { times, asked: AtomicUsize::new(0) });
        Signer { provider, now: Mutex::new(None) }
    }

    #[tokio::test]
    async fn expired_credentials_give_way_to_newer_ones_alone() {
        let rewritten = signer(1);
        let old = rewritten.credentials().await.unwrap();
        let new = rewritten.instead_of(&old).await.expect("newer ones");
        assert_ne!(new.access_key_id(), old.access_key_id());
        // Whoever finds out later gets the same, without another look.
        assert_eq!(rewritten.instead_of(&old).await.map(|c| c.access_key_id().to_owned()), Some("AKIA1".to_owned()));
        assert_eq!(rewritten.credentials().await.unwrap().access_key_id(), "AKIA1");
        assert!(rewritten.instead_of(&new).await.is_none());

        let unchanged = signer(0);
        let old = unchanged.credentials().await.unwrap();
        assert!(unchanged.instead_of(&old).await.is_none());
    }

    #[test]
    fn buckets_are_asked_in_front_of_the_host_or_by_their_path() {
        let s3 = Service::named("s3").unwrap();
        let call = sagescan_checks::read!("s3", "GetBucketAcl");
        let address =
            |name: &str, fronted| request(s3, &call, &json!({ "Bucket": name }), fronted).unwrap().uri().to_string();
        assert_eq!(address("churn-data", true), "/?acl");
        assert_eq!(address("churn.data", false), "/churn.data?acl");
        assert_eq!(address("../x?policy#y", false), "/..%2Fx%3Fpolicy%23y?acl");
        let call = sagescan_checks::read!("s3", "ListBuckets");
        let page = request(s3, &call, &json!({ "max-buckets": 1000, "continuation-token": "a+/=" }), false).unwrap();
        assert_eq!(page.uri(), "/?continuation-token=a%2B%2F%3D&max-buckets=1000");
        let control = Service::named("s3-control").unwrap();
        let call = sagescan_checks::read!("s3-control", "GetPublicAccessBlock");
        let block = request(control, &call, &json!({ "AccountId": "111122223333" }), true).unwrap();
        assert_eq!(block.uri(), "/v20180820/configuration/publicAccessBlock");
        assert_eq!(block.headers()["x-amz-account-id"], "111122223333");
    }
}
