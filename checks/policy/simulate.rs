//! An offline policy simulator: files of requests and policies in the format `iam-conformance-vectors/1`.
//!
//! The file is one JSON object: `meta.format` names the format, `vectors` lists the cases. Fields this module does not know,
//! `expected` among them, are ignored. A case that cannot be read is an error of its own and does not stop the others.

use crate::context::Context;
use crate::document::Document;
use crate::evaluate::{Decision, Documents, Guardrails, Origin, Outcome, Policies, ResourcePolicy, Setting, decide};
use crate::reach::{Choices, Witness, reach};
use crate::request::Request;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The format this simulator reads.
pub const FORMAT: &str = "iam-conformance-vectors/1";

/// The answer to one case; one line of output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The id of the case.
    pub id: String,
    /// The decision.
    pub decision: Outcome,
    /// The unknown condition keys a conditional decision hangs on, sorted.
    pub keys: Vec<Arc<str>>,
    /// For cases of mode `reach` that are not denied: the request that passes.
    pub witness: Option<Witness>,
    /// Layers that could not be read: `scp`, `rcp`, `resource`.
    pub assumptions: Vec<&'static str>,
    /// Other reasons for a conditional decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Arc<str>>,
    /// The statements that grant.
    pub allowed_by: Vec<Origin>,
    /// The statements that deny, or may.
    pub denied_by: Vec<Origin>,
}

/// Why a file or a case cannot be simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SimulateError {
    /// The text is not JSON of the expected shape; the reason with line and column.
    NotReadable(String),
    /// The file names another format, or none.
    OtherFormat(Option<String>),
    /// One case is not of the expected shape: its position from 0, its id if it has one, and the reason.
    Case(usize, Option<String>, String),
}

impl fmt::Display for SimulateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SimulateError::NotReadable(reason) => write!(f, "the file is not a list of cases in JSON: {reason}"),
            SimulateError::OtherFormat(Some(other)) => {
                write!(f, "the file is of format {other:?}; this simulator reads {FORMAT:?}")
            }
            SimulateError::OtherFormat(None) => {
                write!(f, "the file names no format in meta.format; this simulator reads {FORMAT:?}")
            }
            SimulateError::Case(at, Some(id), reason) => write!(f, "case {id} (number {}): {reason}", at + 1),
            SimulateError::Case(at, None, reason) => write!(f, "case number {}: {reason}", at + 1),
        }
    }
}

impl std::error::Error for SimulateError {}

/// Reads a file and answers its cases one by one, in their order.
pub fn simulate(text: &str) -> Result<impl Iterator<Item = Result<Answer, SimulateError>>, SimulateError> {
    let text = text.trim_start_matches('\u{feff}');
    let head: Head = serde_json::from_str(text).map_err(|error| SimulateError::NotReadable(error.to_string()))?;
    match head.meta.and_then(|meta| meta.format) {
        Some(format) if format == FORMAT => {}
        other => return Err(SimulateError::OtherFormat(other)),
    }
    let file: File<'_> = serde_json::from_str(text).map_err(|error| SimulateError::NotReadable(error.to_string()))?;
    Ok(file.vectors.into_iter().enumerate().map(|(at, raw)| {
        let case: Case = serde_json::from_str(raw.get()).map_err(|error| {
            let id = serde_json::from_str::<Id>(raw.get()).ok().and_then(|known| known.id);
            SimulateError::Case(at, id, error.to_string())
        })?;
        Ok(case.answer())
    }))
}

#[derive(Deserialize)]
struct Head {
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    format: Option<String>,
}

#[derive(Deserialize)]
struct Id {
    id: Option<String>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    vectors: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    #[serde(default)]
    mode: Mode,
    request: Asked,
    #[serde(default)]
    policies: Given,
    #[serde(default)]
    environment: Environment,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Closed,
    Open,
    Reach,
}

#[derive(Deserialize)]
struct Asked {
    principal: String,
    action: String,
    resource: String,
    resource_account: Option<String>,
    #[serde(default)]
    context: BTreeMap<String, Values>,
    #[serde(default)]
    unknown: Vec<String>,
    others: Option<String>,
    #[serde(default)]
    choosable: Vec<String>,
    #[serde(default)]
    resource_choosable: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Many(Vec<Scalar>),
    One(Scalar),
    Null(()),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Bool(bool),
    Number(serde_json::Number),
}

impl From<Scalar> for String {
    fn from(scalar: Scalar) -> String {
        match scalar {
            Scalar::Text(text) => text,
            Scalar::Bool(known) => known.to_string(),
            Scalar::Number(number) => number.to_string(),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Given {
    identity: Option<Box<RawValue>>,
    boundary: Option<Box<RawValue>>,
    session: Option<Box<RawValue>>,
    scps: Option<Box<RawValue>>,
    rcps: Option<Box<RawValue>>,
    resource: Option<Box<RawValue>>,
    vpce: Option<Box<RawValue>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Environment {
    principal_account_is_management: bool,
    resource_account_is_management: bool,
    s3_restrict_public_buckets: bool,
}

impl Case {
    fn answer(mut self) -> Answer {
        let policies = self.policies.read(&self.environment);
        let request = self.request.read(&self.mode);
        let (decision, witness) = if self.mode == Mode::Reach {
            let choices = Choices { keys: self.request.choosable, resource: self.request.resource_choosable };
            let reached = reach(&request, &choices, &policies);
            (reached.decision, reached.witness)
        } else {
            (decide(&request, &policies), None)
        };
        let Decision { outcome, keys, notes, allowed_by, denied_by, assumptions } = decision;
        Answer { id: self.id, decision: outcome, keys, witness, assumptions, notes, allowed_by, denied_by }
    }
}

impl Asked {
    fn read(&mut self, mode: &Mode) -> Request {
        let everything = *mode != Mode::Closed && self.others.as_deref() == Some("unknown");
        let mut context = if everything { Context::open() } else { Context::closed() };
        for (key, values) in std::mem::take(&mut self.context) {
            context = match values {
                Values::Many(values) => context.with_all(&key, values),
                Values::One(value) => context.with(&key, value),
                Values::Null(()) => context.without(&key),
            };
        }
        if *mode != Mode::Closed {
            context = self.unknown.iter().fold(context, |context, key| context.with_unknown(key));
        }
        let mut request = Request::new(&self.principal, &self.action, &self.resource).within(context);
        request.resource_account = self.resource_account.take();
        request
    }
}

impl Given {
    fn read(&self, environment: &Environment) -> Policies {
        Policies {
            identity: layer("identity", self.identity.as_deref()).unwrap_or_default(),
            boundary: layer("boundary", self.boundary.as_deref()),
            session: layer("session", self.session.as_deref()),
            scps: guardrails("scp", self.scps.as_deref()),
            rcps: guardrails("rcp", self.rcps.as_deref()),
            resource: match layer("resource", self.resource.as_deref()) {
                None => ResourcePolicy::None,
                Some(_) if is_unknown(self.resource.as_deref()) => ResourcePolicy::Unknown,
                Some(documents) => ResourcePolicy::Is(documents),
            },
            endpoint: layer("vpce", self.vpce.as_deref()),
            setting: Setting {
                caller_in_management_account: environment.principal_account_is_management,
                resource_in_management_account: environment.resource_account_is_management,
                restrict_public_buckets: environment.s3_restrict_public_buckets,
            },
        }
    }
}

/// One document or a list of them; `null` is a layer that does not exist.
fn layer(name: &str, raw: Option<&RawValue>) -> Option<Documents> {
    let raw = raw.filter(|raw| raw.get() != "null")?;
    let documents = match serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        Ok(listed) => listed.iter().enumerate().map(|(at, one)| document(&format!("{name}[{at}]"), one)).collect(),
        Err(_) => vec![document(name, raw)],
    };
    Some(documents)
}

fn guardrails(name: &str, raw: Option<&RawValue>) -> Guardrails {
    let Some(raw) = raw.filter(|raw| raw.get() != "null") else {
        return Guardrails::None;
    };
    if is_unknown(Some(raw)) {
        return Guardrails::Unknown;
    }
    match serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        Ok(levels) => Guardrails::Levels(
            levels
                .iter()
                .enumerate()
                .map(|(at, level)| layer(&format!("{name}[{at}]"), Some(level)).unwrap_or_default())
                .collect(),
        ),
        Err(_) => Guardrails::Levels(vec![vec![document(name, raw)]]),
    }
}

fn is_unknown(raw: Option<&RawValue>) -> bool {
    raw.is_some_and(|raw| raw.get() == r#""unknown""#)
}

/// A document as JSON, or as a string that holds it, URL-encoded or not.
fn document(name: &str, raw: &RawValue) -> Arc<Document> {
    let inside: Result<String, _> = serde_json::from_str(raw.get());
    Arc::new(Document::parse_or_doubt(name, inside.as_deref().unwrap_or(raw.get())))
}
