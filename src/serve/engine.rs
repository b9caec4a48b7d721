//! What happens to a request between reading and writing: counting, limits, denials, faults.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hyper::Method;
use hyper::http::request::Parts;
use sagescan_checks::snapshot::Snapshot;

use super::call::{Answer, Call, Operation, Outcome, Protocol, Request, SERVICES, Service, World};
use super::crowd::Crowd;
use super::faults::{self, Fault};
use super::refusal::Refusal;
use super::stats::{Counts, Ledger, Stats};
use super::throttle::Buckets;
use super::{Options, Quota, Quotas, json11, query, s3};

/// Everything that a running server knows.
#[derive(Debug)]
pub(super) struct Engine {
    world: World,
    tps: Vec<(String, Quota)>,
    quotas: Quotas,
    crowd: Crowd,
    latency: Duration,
    deny: Vec<String>,
    faults: Vec<Trouble>,
    buckets: Buckets,
    ledger: Ledger,
    answered: AtomicU64,
}

/// A fault, where it strikes and how often it still will.
#[derive(Debug)]
struct Trouble {
    name: String,
    fault: Fault,
    left: AtomicU64,
}

/// An answer, ready for the wire.
#[derive(Debug, PartialEq)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// The connection breaks in the middle of the body.
    pub(super) cut: bool,
}

impl Reply {
    pub(super) fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Reply { status, content_type, headers: Vec::new(), body: body.into(), cut: false }
    }
}

impl Trouble {
    fn new(name: &str, fault: Fault) -> Self {
        let (name, times) = name.split_once('@').unwrap_or((name, ""));
        Trouble { name: name.to_owned(), fault, left: AtomicU64::new(times.parse().unwrap_or(u64::MAX)) }
    }

    fn strikes(&self) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

/// How exactly a name means an operation; 0 when it does not.
fn meant(name: &str, service: &Service, operation: &Operation) -> u8 {
    match name.split_once(':') {
        _ if name == "*" => 1,
        None if name == operation.name => 3,
        Some((s, "*")) if s == service.name => 2,
        Some((s, o)) if s == service.name && o == operation.name => 4,
        Some(_) if name == operation.action => 4,
        _ => 0,
    }
}

impl Engine {
    pub(super) fn new(snapshot: Arc<Snapshot>, options: Options) -> Self {
        Engine {
            world: World::new(snapshot),
            tps: options.tps,
            quotas: options.quotas,
            crowd: Crowd(options.crowd),
            latency: options.latency,
            deny: options.deny,
            faults: options.faults.iter().map(|(name, fault)| Trouble::new(name, *fault)).collect(),
            buckets: Buckets::default(),
            ledger: Ledger::default(),
            answered: AtomicU64::new(0),
        }
    }

    pub(super) fn stats(&self) -> Stats {
        self.ledger.stats()
    }

    /// Answers a request. [`Fault::Hang`] never comes back.
    pub(super) async fn reply(&self, head: &Parts, body: &[u8]) -> Reply {
        let number = self.answered.fetch_add(1, Ordering::Relaxed);
        let id = format!("5a6e5ca0-0000-4000-8000-{number:012x}");
        let mut reply = self.reply_to(head, body, &id).await;
        reply.headers.push(("x-amzn-requestid", id.clone()));
        reply.headers.push(("x-amz-request-id", id));
        reply
    }

    async fn reply_to(&self, head: &Parts, body: &[u8], id: &str) -> Reply {
        if head.method == Method::GET && head.uri.path() == "/_stats" {
            let stats = serde_json::to_vec(&self.stats()).unwrap_or_default();
            return Reply::new(200, "application/json", stats);
        }
        if head.method == Method::GET && head.uri.path() == "/_quotas" {
            let limits = serde_json::to_vec(&self.limits()).unwrap_or_default();
            return Reply::new(200, "application/json", limits);
        }
        let request = Request::recognise(head, body);
        let Some((request, service)) = request.and_then(|r| r.service().map(|s| (r, s))) else {
            return Reply::new(
                404,
                "text/plain",
                "sagescan serves AWS's APIs here; this is no request to one of them\n",
            );
        };
        let region = request.region.as_deref().unwrap_or_else(|| self.world.home());
        let Some(operation) = service.operations.iter().find(|o| o.name == request.operation) else {
            let name: String = request.operation.chars().filter(|c| c.is_ascii_graphic()).take(80).collect();
            let open = self.ledger.open(format!("{}:{name}", service.name), region.to_owned());
            open.note(|counts| counts.unknown += 1);
            tokio::time::sleep(self.latency).await;
            return write(service, None, id, Err(Refusal::UnknownOperation));
        };

        let name = format!("{}:{}", service.name, operation.name);
        let open = self.ledger.open(name.clone(), region.to_owned());
        let admitted = self.admits(service, operation, format!("{region}/{name}"));
        tokio::time::sleep(self.latency).await;
        let fault = self.faults.iter().find(|t| meant(&t.name, service, operation) > 0 && t.strikes());
        let fault = fault.filter(|_| admitted).map(|trouble| trouble.fault);
        if fault.is_some() {
            open.note(|counts| counts.faulted += 1);
        }
        let call = Call { world: &self.world, service, operation, region, input: &request.input, fault };
        let mut outcome = match fault {
            _ if !admitted => Err(Refusal::Throttled),
            Some(Fault::Throttle) => Err(Refusal::Throttled),
            Some(Fault::Error500) => Err(Refusal::Internal),
            Some(Fault::Expired) => Err(Refusal::Expired),
            Some(Fault::Html500) => return Reply::new(500, "text/html", SERVER_ERROR),
            Some(Fault::Hang) => std::future::pending().await,
            _ if self.deny.iter().any(|name| meant(name, service, operation) > 0) => Err(Refusal::Denied),
            _ => self.crowd.answer(&call).unwrap_or_else(|| (operation.answer)(&call)),
        };
        open.note(|counts| tally(counts, &outcome));
        if let (Some(Fault::UnknownEnum), Ok(answer)) = (fault, &mut outcome) {
            faults::modernise(answer);
        }
        let mut reply = write(service, Some(&call), id, outcome);
        match fault {
            Some(Fault::Malformed) => reply.body.truncate(reply.body.len() / 2),
            Some(Fault::Cut) => reply.cut = true,
            _ => {}
        }
        reply
    }

    fn admits(&self, service: &Service, operation: &Operation, key: String) -> bool {
        self.quota(service, operation).is_none_or(|quota| self.buckets.take(key, quota, Instant::now()))
    }

    fn quota(&self, service: &Service, operation: &Operation) -> Option<Quota> {
        let named = self.tps.iter().map(|(name, quota)| (meant(name, service, operation), *quota));
        let named = named.filter(|(exact, _)| *exact > 0).max_by_key(|(exact, _)| *exact);
        named.map(|(_, quota)| quota).or_else(|| self.quotas.of(service, operation.name))
    }

    /// `service:Operation` → its quota, of all that is served and limited.
    fn limits(&self) -> BTreeMap<String, Quota> {
        let operations =
            SERVICES.iter().copied().flat_map(|service| service.operations.iter().map(move |o| (service, o)));
        let limited = operations.filter_map(|(s, o)| Some((format!("{}:{}", s.name, o.name), self.quota(s, o)?)));
        limited.collect()
    }
}

const SERVER_ERROR: &str = "<!doctype html>\n<html><head><title>500 Internal Server Error</title></head>\n\
    <body><h1>Internal Server Error</h1></body></html>\n";

fn tally(counts: &mut Counts, outcome: &Outcome) {
    match outcome {
        Err(Refusal::Throttled) => counts.throttled += 1,
        Err(Refusal::Denied) => counts.denied += 1,
        Err(Refusal::UnknownOperation) => counts.unknown += 1,
        _ => {}
    }
}

fn write(service: &Service, call: Option<&Call<'_>>, id: &str, outcome: Outcome) -> Reply {
    let mut reply = spell(service, call, id, outcome);
    if service.protocol == Protocol::Rest {
        reply.content_type = "application/json";
    }
    reply
}

fn spell(service: &Service, call: Option<&Call<'_>>, id: &str, outcome: Outcome) -> Reply {
    match (outcome, service.protocol) {
        (Ok(Answer::Text(text)), _) => Reply::new(200, "application/json", text),
        (Ok(Answer::Json(value)), _) => json11::answer(value),
        (Ok(Answer::Whole(value)), Protocol::Query) => {
            query::answer(service, call, id, query::element(service, &value))
        }
        (Ok(Answer::Whole(value)), _) => json11::whole(&value),
        (Ok(Answer::Xml(element)), Protocol::Query | Protocol::Ec2) => query::answer(service, call, id, element),
        (Ok(Answer::Xml(element)), _) => s3::answer(&element),
        (Err(refusal), Protocol::Json | Protocol::Rest) => json11::refuse(&refusal, service.protocol, call),
        (Err(refusal), Protocol::Query | Protocol::Ec2) => query::refuse(service, call, id, &refusal),
        (Err(refusal), Protocol::S3 | Protocol::S3Control) => s3::refuse(service, call, id, &refusal),
    }
}
