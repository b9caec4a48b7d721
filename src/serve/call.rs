//! One request, understood: which operation of which service, in which region, with which parameters.

use std::any::Any;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use hyper::Method;
use hyper::http::request::Parts;
use percent_encoding::percent_decode_str;
use sagescan_checks::aws::services::{Protocol as Wire, Service as Spoken};
use sagescan_checks::snapshot::{Gap, Listed, Region, Snapshot};
use serde_json::{Map, Value};

use super::faults::Fault;
use super::refusal::Refusal;
use super::xml::Element;
use super::{ec2, iam, records, s3, sts};

/// How a service speaks on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// awsJson
    Json,
    /// restJson1
    Rest,
    /// awsQuery
    Query,
    /// ec2Query
    Ec2,
    /// restXml without an envelope around errors
    S3,
    /// restXml
    S3Control,
}

/// A service: its names, its protocol and what it can be asked.
#[derive(Debug)]
pub(super) struct Service {
    /// As IAM spells it.
    pub(super) name: &'static str,
    /// Its name in credential scopes.
    pub(super) signed: &'static str,
    pub(super) protocol: Protocol,
    /// What tells the service where no signature does: the prefix of `X-Amz-Target`, or the API version of a form.
    pub(super) label: &'static str,
    pub(super) operations: Vec<Operation>,
}

/// One thing that a service can be asked. All of them read.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    /// The IAM action that it needs.
    pub(super) action: &'static str,
    /// The end of the ARN that it is about, with `{Parameter}` for what the request names; empty where it is about
    /// nothing in particular.
    pub(super) resource: &'static str,
    pub(super) answer: fn(&Call<'_>) -> Outcome,
}

pub(super) static SERVICES: LazyLock<Vec<&'static Service>> = LazyLock::new(|| {
    let by_hand: [&'static Service; 5] = [&sts::SERVICE, &iam::SERVICE, &ec2::SERVICE, &s3::SERVICE, &s3::CONTROL];
    by_hand.into_iter().chain(records::JSON_SERVICES.iter()).collect()
});

/// What an operation says: a tree in the service's notation, or a text as it is.
#[derive(Debug)]
pub(super) enum Answer {
    /// JSON in which null means "left out", and an object of nothing but that too.
    Json(Value),
    /// JSON as it stands.
    Whole(Value),
    Xml(Element),
    Text(String),
}

pub(super) type Outcome = Result<Answer, Refusal>;

/// The parameters of a request. Those of forms and addresses are all strings.
pub(super) type Input = Map<String, Value>;

/// The snapshot, and what was computed from it once: it never changes.
#[derive(Debug)]
pub(super) struct World {
    pub(super) snapshot: Arc<Snapshot>,
    memory: Mutex<HashMap<String, Arc<dyn Any + Send + Sync>>>,
}

impl World {
    pub(super) fn new(snapshot: Arc<Snapshot>) -> Self {
        World { snapshot, memory: Mutex::default() }
    }

    /// What `make` makes, made once under this key.
    pub(super) fn remember<T: Send + Sync + 'static>(&self, key: String, make: impl FnOnce() -> T) -> Arc<T> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let known = memory.get(&key).cloned().and_then(|known| known.downcast::<T>().ok());
        known.unwrap_or_else(|| {
            let made = Arc::new(make());
            memory.insert(key, made.clone());
            made
        })
    }

    /// The region that questions without a region are about.
    pub(super) fn home(&self) -> &str {
        let first = self.snapshot.scan.regions.first().or_else(|| self.snapshot.regions.keys().next());
        first.map_or("us-east-1", String::as_str)
    }

    /// `aws`, `aws-cn`, …
    pub(super) fn partition(&self) -> &str {
        Some(self.snapshot.scan.partition.as_str()).filter(|p| !p.is_empty()).unwrap_or("aws")
    }
}

/// A request on its way through an operation.
#[derive(Debug)]
pub(super) struct Call<'s> {
    pub(super) world: &'s World,
    pub(super) service: &'static Service,
    pub(super) operation: &'static Operation,
    pub(super) region: &'s str,
    pub(super) input: &'s Input,
    pub(super) fault: Option<Fault>,
}

impl<'s> Call<'s> {
    pub(super) fn snapshot(&self) -> &'s Snapshot {
        &self.world.snapshot
    }

    /// What was seen of the region; a region that the scan knows nothing of is not enabled.
    pub(super) fn here(&self) -> Result<&'s Region, Refusal> {
        self.world.snapshot.regions.get(self.region).ok_or(Refusal::NotEnabled)
    }

    pub(super) fn text(&self, parameter: &str) -> Option<&'s str> {
        self.input.get(parameter)?.as_str()
    }

    /// A parameter that the request cannot do without.
    pub(super) fn required(&self, parameter: &str) -> Result<&'s str, Refusal> {
        self.text(parameter).ok_or_else(|| Refusal::Invalid(format!("the parameter {parameter} is missing")))
    }

    pub(super) fn number(&self, parameter: &str) -> Result<Option<usize>, Refusal> {
        let Some(value) = self.input.get(parameter) else { return Ok(None) };
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        let number = number.and_then(|n| usize::try_from(n).ok());
        number.map(Some).ok_or_else(|| Refusal::Invalid(format!("{parameter} is not a number")))
    }

    /// The gap of a table, unless another call is to blame for it: then this one answers all that it knows.
    pub(super) fn gap<'t, T>(&self, table: &'t Listed<T>) -> Option<&'t Gap> {
        let blamed = |gap: &&Gap| {
            gap.source
                .split_once(':')
                .is_none_or(|(service, operation)| service == self.service.name && operation == self.operation.name)
        };
        table.missing.as_ref().filter(blamed)
    }

    /// The ARN of what the request is about, `*` where there is none.
    pub(super) fn resource(&self) -> String {
        if let Some(arn) = self.text("ResourceArn").filter(|text| text.starts_with("arn:")) {
            return arn.to_owned();
        }
        let mut filled = String::new();
        let mut rest = self.operation.resource;
        while let Some((before, (parameter, after))) =
            rest.split_once('{').and_then(|(b, a)| Some((b, a.split_once('}')?)))
        {
            filled.push_str(before);
            filled.push_str(self.text(parameter).unwrap_or("*"));
            rest = after;
        }
        filled.push_str(rest);
        let (partition, account) = (self.world.partition(), &self.snapshot().scan.account);
        match self.service.protocol {
            _ if filled.is_empty() => "*".to_owned(),
            _ if filled.starts_with("arn:") => filled,
            Protocol::S3 => format!("arn:{partition}:s3:::{filled}"),
            _ => format!("arn:{partition}:{}:{}:{account}:{filled}", self.service.name, self.region),
        }
    }
}

/// What can be read off a request before its operation is looked up.
#[derive(Debug, PartialEq)]
pub(super) struct Request {
    pub(super) service: &'static str,
    pub(super) operation: String,
    /// From the credential scope.
    pub(super) region: Option<String>,
    pub(super) input: Input,
}

impl Request {
    /// Reads it off; `None` for what is no AWS request at all.
    pub(super) fn recognise(head: &Parts, body: &[u8]) -> Option<Request> {
        let address = form(head.uri.query().unwrap_or_default().as_bytes());
        let (region, signed_for) = scope(head, &address).map_or((None, None), |(r, s)| (Some(r), Some(s)));
        let named = |name: &str| SERVICES.iter().copied().find(|s| s.signed == name);
        let labelled = |label: &str| SERVICES.iter().copied().find(|s| !s.label.is_empty() && s.label == label);
        let signed = signed_for.as_deref().and_then(named);

        if let Some((prefix, operation)) = header(head, "x-amz-target").and_then(|t| t.rsplit_once('.')) {
            // A namespace may stand in front.
            let prefix = prefix.rsplit('.').next().unwrap_or(prefix);
            let service = signed.or_else(|| labelled(prefix))?;
            let right = service.protocol == Protocol::Json && service.label == prefix;
            let operation = if right { operation.to_owned() } else { format!("{prefix}.{operation}") };
            let input = serde_json::from_slice(body).unwrap_or_default();
            return Some(Request { service: service.name, operation, region, input });
        }
        if let Some(service) = signed.filter(|service| service.protocol == Protocol::Rest) {
            let (operation, input) = rest(service.name, head, address, body);
            return Some(Request { service: service.name, operation, region, input });
        }
        let rests = signed.is_some_and(|s| matches!(s.protocol, Protocol::S3 | Protocol::S3Control));
        if !rests && (head.method == Method::POST || address.contains_key("Action")) {
            let mut input = address;
            input.append(&mut form(body));
            let version = input.get("Version").and_then(Value::as_str).unwrap_or_default();
            let service = signed.or_else(|| labelled(version))?;
            let operation = input.get("Action").and_then(Value::as_str).unwrap_or_default().to_owned();
            return Some(Request { service: service.name, operation, region, input });
        }
        let (service, operation, input) = s3::recognise(head, address)?;
        Some(Request { service, operation, region, input })
    }

    pub(super) fn service(&self) -> Option<&'static Service> {
        SERVICES.iter().copied().find(|s| s.name == self.service)
    }
}

/// Operation and parameters of a restJson1 request, by method and path; one that the service does not have is named by
/// them.
fn rest(service: &str, head: &Parts, mut input: Input, body: &[u8]) -> (String, Input) {
    let (method, path) = (head.method.as_str(), head.uri.path());
    let operations = match Spoken::named(service).map(|service| service.protocol) {
        Some(Wire::Rest(operations)) => operations,
        _ => &[],
    };
    for (name, its_method, template) in operations {
        if let Some(in_path) = (method == *its_method).then(|| filled(template, path)).flatten() {
            input.extend(serde_json::from_slice::<Input>(body).unwrap_or_default());
            input.extend(in_path);
            return ((*name).to_owned(), input);
        }
    }
    (format!("{method} {path}"), input)
}

/// The parameters in a path that fits a template like `/a/{Name}/b`.
fn filled(template: &str, path: &str) -> Option<Input> {
    let (wanted, given) = (template.split('/'), path.split('/'));
    if wanted.clone().count() != given.clone().count() {
        return None;
    }
    let mut input = Input::new();
    for (wanted, given) in wanted.zip(given) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(_) if given.is_empty() => return None,
            Some(name) => {
                let text = percent_decode_str(given).decode_utf8_lossy().into_owned();
                input.insert(name.to_owned(), Value::String(text));
            }
            None if wanted == given => {}
            None => return None,
        }
    }
    Some(input)
}

pub(super) fn header<'h>(head: &'h Parts, name: &str) -> Option<&'h str> {
    head.headers.get(name)?.to_str().ok()
}

/// Region and service of `Credential=KEY/date/region/service/aws4_request`. The signature itself is not looked at.
fn scope(head: &Parts, address: &Input) -> Option<(String, String)> {
    let signed = header(head, "authorization").and_then(|a| a.split_once("Credential=")).map(|(_, rest)| rest);
    let credential = signed.or_else(|| address.get("X-Amz-Credential")?.as_str())?;
    let mut from_the_end = credential.split([',', ' ']).next()?.rsplit('/');
    let (_, service, region) = (from_the_end.next()?, from_the_end.next()?, from_the_end.next()?);
    Some((region.to_owned(), service.to_owned()))
}

/// The fields of `application/x-www-form-urlencoded`.
pub(super) fn form(bytes: &[u8]) -> Input {
    let text = String::from_utf8_lossy(bytes);
    let decoded = |piece: &str| {
        let spaced: Cow<'_, str> = piece.replace('+', " ").into();
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let field = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), Value::String(decoded(value)))
    };
    text.split('&').filter(|pair| !pair.is_empty()).map(field).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_are_read_out_of_a_path() {
        let given = filled("/domains/{Domain}/tags", "/domains/a%2Fb/tags").unwrap();
        assert_eq!(Value::Object(given), json!({ "Domain": "a/b" }));
        assert_eq!(filled("/analyzer", "/analyzer"), Some(Input::new()));
        assert_eq!(filled("/analyzer", "/analyzer/one"), None);
        assert_eq!(filled("/domains/{Domain}", "/domains/"), None);
        assert_eq!(filled("/domains/{Domain}", "/other/one"), None);
    }
}
