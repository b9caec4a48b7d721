use sagescan_policy::{Document, Effect, Element, admissions};

use crate::engine::{FrontDoor, Way};
use crate::prelude::*;

pub(super) struct PathPublicApiToEndpoint;

impl Check for PathPublicApiToEndpoint {
    type On<'w> = FrontDoor<'w>;

    const META: Meta = Meta {
        id: "path-public-api-to-endpoint",
        title: "No unauthenticated API or function URL leads to an endpoint",
        severity: Severity::High,
        reads: &[
            Table::RestApis,
            Table::ApiResources,
            Table::HttpApis,
            Table::HttpRoutes,
            Table::HttpIntegrations,
            Table::LambdaFunctions,
            Table::Roles,
            Table::Policies,
            Table::Organization,
        ],
        practices: &["NET-8"],
        page: include_str!("path_public_api_to_endpoint.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, door: FrontDoor<'_>, here: &Here<'_>) -> Judged {
        let mut found = Found::default();
        match door {
            FrontDoor::Rest(api) => rest(api, here, &mut found)?,
            FrontDoor::Http(api) => http(api, here, &mut found),
            FrontDoor::Function(function) => url(function, here, &mut found)?,
        }
        if let Some((how, way)) = found.open {
            let says = format!("whoever finds {how} {}", way.words());
            let verdict = fail(says).with("entrance", how);
            return Ok(match &way {
                Way::Direct => verdict,
                Way::Through(function, proof) => proof.on(verdict).with("function", function.as_str()),
            });
        }
        found.doubt.map_or(Ok(()), Err)?;
        Ok(match found.closed {
            Some(says) => pass(says),
            None => not_concerned(),
        })
    }
}

/// What was found of one API or function.
#[derive(Default)]
struct Found {
    /// An entrance for everybody, and where it leads.
    open: Option<(String, Way)>,
    /// What keeps strangers from endpoints, where it leads to one.
    closed: Option<String>,
    doubt: Option<Unseen>,
}

impl Found {
    /// Notes an entrance: where it leads to, and whether it asks who comes.
    fn add(&mut self, how: String, way: Result<Option<Way>, Unseen>, guard: Result<Option<String>, Unseen>) {
        match (way, guard) {
            (Ok(None), _) => {}
            (Ok(Some(way)), Ok(None)) => self.open = self.open.take().or(Some((how, way))),
            (Ok(Some(_)), Ok(Some(guard))) => self.closed = self.closed.take().or(Some(guard)),
            // Whether it matters was not seen, but it asks who comes.
            (Err(_), Ok(Some(_))) => {}
            (Err(unseen), _) | (_, Err(unseen)) => self.doubt = self.doubt.take().or(Some(unseen)),
        }
    }

    fn doubt(&mut self, gap: Option<&Gap>) {
        self.doubt = self.doubt.take().or_else(|| gap.map(Unseen::from));
    }
}

/// What a word for authorization keeps out; `None` for nothing.
fn guard(authorization: Option<&str>) -> Result<Option<String>, Unseen> {
    match authorization {
        Some("NONE") => Ok(None),
        Some(kind) => Ok(Some(format!("callers must authenticate ({kind})"))),
        None => Err(unclear("the answer does not tell how callers authenticate")),
    }
}

fn rest(api: &RestApi, here: &Here<'_>, found: &mut Found) -> Result<(), Unseen> {
    found.doubt(here.region.api_resources.missing.as_ref());
    let reach = api.reach.get()?.map(Vec::as_slice).unwrap_or_default();
    let private = !reach.is_empty() && reach.iter().all(|kind| kind == "PRIVATE");
    let fence = || {
        if private {
            return Ok(Some("it is private: only VPC endpoints reach it".to_owned()));
        }
        fenced_by_policy(api)
    };
    for resource in here.region.api_resources.iter().filter(|resource| resource.api == api.id) {
        let path = resource.path.shown().map_or("/", String::as_str);
        let methods = match resource.methods.known("resourceMethods") {
            Ok(methods) => methods,
            Err(unseen) => {
                found.doubt = found.doubt.take().or(Some(unseen));
                continue;
            }
        };
        for method in methods {
            let Some(target) = &method.target else { continue };
            let guard = match guard(method.authorization.as_deref()) {
                Ok(None) => fence(),
                // A policy may close what the method leaves open.
                Err(unseen) => fence().and_then(|fence| fence.map_or(Err(unseen), |fence| Ok(Some(fence)))),
                guard => guard,
            };
            found.add(format!("{} {path}", method.verb), here.way_to_endpoint(target), guard);
        }
    }
    Ok(())
}

/// What the resource policy of an API says to strangers. Any condition or Deny counts as a fence.
fn fenced_by_policy(api: &RestApi) -> Result<Option<String>, Unseen> {
    const INVOKE: &str = "execute-api:Invoke";
    let Some(text) = api.policy.get()? else { return Ok(None) };
    // API Gateway answers with its quotation marks escaped once more.
    let text = if text.starts_with("{\\") { text.replace("\\\"", "\"") } else { text.clone() };
    let policy = Document::parse_or_doubt("the resource policy of the API", &text);
    let odd = |s: &sagescan_policy::Statement| s.flaw.is_some() || matches!(s.principals, Element::Unstated);
    if policy.statements().is_empty() || policy.statements().iter().any(odd) {
        return Err(unclear("the resource policy of the API cannot be read with certainty"));
    }
    let denies = policy.statements().iter().any(|s| s.effect == Effect::Deny && s.may_cover_some(INVOKE));
    let everyone = admissions(&policy, INVOKE)
        .into_iter()
        .any(|one| *one.who == sagescan_policy::Principal::Everyone && one.conditions().is_empty());
    Ok((denies || !everyone).then(|| "its resource policy limits who may call it".to_owned()))
}

fn http(api: &HttpApi, here: &Here<'_>, found: &mut Found) {
    let region = here.region;
    found.doubt(region.http_routes.missing.as_ref());
    found.doubt(region.http_integrations.missing.as_ref());
    let protocol = api.protocol.known("protocolType").map(String::as_str);
    for route in here.routes_of(api) {
        let integration = match route.integration.get() {
            Ok(Some(integration)) => integration,
            Ok(None) => continue,
            Err(unseen) => {
                found.doubt = found.doubt.take().or(Some(unseen));
                continue;
            }
        };
        let id = integration.rsplit('/').next().unwrap_or_default();
        let Some(called) = here.integrations_of(api).find(|one| one.id == id) else { continue };
        let way = match called.target.get() {
            Ok(Some(target)) => here.way_to_endpoint(target),
            Ok(None) => Ok(None),
            Err(unseen) => Err(unseen),
        };
        // Only the connection of a WebSocket is authorized (API Gateway Developer Guide, "Control and manage access to
        // WebSocket APIs").
        let door = match &protocol {
            Ok("HTTP") => Ok(Some(route)),
            Ok("WEBSOCKET") => Ok(here.routes_of(api).find(|one| one.route == "$connect")),
            Ok(other) => Err(unclear(format!("protocol {other}"))),
            Err(unseen) => Err(unseen.clone()),
        };
        let asks = door.and_then(|door| match door {
            Some(door) => guard(door.authorization.get()?.map(String::as_str)),
            None => Ok(None),
        });
        found.add(format!("route {}", route.route), way, asks);
    }
}

fn url(function: &LambdaFunction, here: &Here<'_>, found: &mut Found) -> Result<(), Unseen> {
    let urls = function.url_auth.known("FunctionUrlConfigs")?;
    for auth in urls {
        let way =
            here.invokes(function).map(|proof| proof.map(|proof| Way::Through(function.name.clone(), Box::new(proof))));
        found.add("its URL".to_owned(), way, guard(Some(auth)));
    }
    Ok(())
}
