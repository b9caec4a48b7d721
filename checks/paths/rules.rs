//! What a path is called, how bad it is, and how it reads: the rules of attack paths.

use super::graph::{Edge, Hop, Node};
use super::report::{Certainty, End, PathHop};
use super::technique::{APPROVAL, Confidence, HANDOVERS, IMAGES, LIFTED, RETAGGING, SCRIPTS, SQUATTING};
use crate::engine::Severity;

/// The name of a path that was asked for and that no rule describes.
pub(crate) const ASKED: &str = "AP-00";

/// The rules, with what they are about.
pub const RULES: &[(&str, &str)] = &[
    (ASKED, "a way that was asked for with --from or --to, and that no rule warns of"),
    ("AP-01", "a principal starts something as an administrator"),
    ("AP-02", "a principal starts something as a role that reads training data"),
    ("AP-03", "a principal opens a notebook and acts as its role"),
    ("AP-04", "a principal signs in as another Studio user"),
    ("AP-05", "a principal writes a start script that runs under another role"),
    ("AP-06", "a principal gives a profile, domain or notebook a stronger role"),
    ("AP-07", "a principal attaches an editor to the space of somebody else"),
    ("AP-08", "a principal opens a shell in a running training job"),
    ("AP-09", "somebody replaces what an endpoint loads and runs"),
    ("AP-10", "somebody puts another image in the place of one that an endpoint runs by its tag"),
    ("AP-11", "somebody replaces the scripts that the nodes of a cluster run"),
    ("AP-12", "a principal rewrites a pipeline and runs it as its role"),
    ("AP-13", "a principal approves a model that is deployed without anybody else"),
    ("AP-14", "somebody outside the account assumes a role of it"),
    ("AP-15", "people of an identity provider reach a role that leads further"),
    ("AP-16", "a principal reaches a role through another compute service"),
    ("AP-17", "code of a workload makes itself administrator"),
    ("AP-18", "code of a workload starts something as a stronger role"),
    ("AP-19", "a notebook that faces the internet holds a strong role"),
    ("AP-20", "somebody sends input to a foreign model under a strong role"),
    ("AP-21", "code of a workload copies training data to another account"),
    ("AP-22", "a principal has the traffic of an endpoint written to a bucket of choice"),
    ("AP-23", "training data, or the model registry, are open to somebody outside the account"),
    ("AP-24", "hosts in a network change home directories of Studio"),
    ("AP-25", "people who work under one role can act as each other"),
    ("AP-26", "a principal retags what tags keep from it"),
    ("AP-27", "a bucket that the account takes for its own is free, or somebody else's"),
    ("AP-28", "a principal can hand out the key of training data"),
    ("AP-29", "a principal lifts its own limit and is administrator then"),
    ("AP-30", "an old access key, or a password alone, leads further"),
    ("AP-31", "a principal decides who labels"),
    ("AP-32", "a person can change the features that models read online"),
];

/// Which rule a path falls under; `None` when it is as it should be.
pub(crate) fn rule_of(source: &Node, worn: bool, edges: &[&Edge], sink: &Node) -> Option<&'static str> {
    let first = edges.first()?;
    match source {
        // What is easily stolen counts only where it leads somewhere.
        Node::Credential(_) => {
            let (rest, person) = (edges.get(1..)?, Node::Person(0));
            return rule_of(&person, false, rest, sink).map(|_| "AP-30");
        }
        Node::Internet => return Some("AP-19"),
        Node::Network(_) => return Some("AP-24"),
        Node::Session(_) => return Some("AP-25"),
        Node::Code(_) => return Some("AP-21"),
        Node::Provider(_) => {
            // That a provider's people wear a role is what it is for; what the role then leads to is not.
            return (edges.len() > 2 || *sink == Node::Admin).then_some("AP-15");
        }
        Node::Anyone | Node::Outsider(_) => {
            return Some(match first.hop {
                Hop::Reads => "AP-23",
                Hop::Claims => "AP-27",
                Hop::Calls => "AP-20",
                Hop::Tampers if first.technique == APPROVAL => "AP-23",
                Hop::Writes if runs(edges, SCRIPTS) => "AP-11",
                Hop::Writes if runs(edges, IMAGES) => "AP-10",
                Hop::Writes => "AP-09",
                _ => "AP-14",
            });
        }
        _ => {}
    }
    if matches!(sink, Node::Prize(_)) {
        let direct = edges.iter().all(|edge| matches!(edge.hop, Hop::Assumes | Hop::Seizes | Hop::Tampers));
        return match edges.last()?.technique {
            _ if !direct => None,
            "sm-ex-16" => Some("AP-22"),
            "sm-ex-26" => Some("AP-31"),
            APPROVAL => Some("AP-13"),
            // Code that runs is what ingestion is made of.
            "sm-ex-22" => (!worn).then_some("AP-32"),
            _ => Some("AP-28"),
        };
    }
    let step = edges.iter().find(|edge| !matches!(edge.hop, Hop::Assumes | Hop::Seizes | Hop::Reads))?;
    Some(match step.hop {
        Hop::Escalates if step.technique == LIFTED => "AP-29",
        Hop::Escalates if worn && edges.len() <= 2 => "AP-17",
        Hop::Escalates => return None,
        Hop::CanRunAs => match step.technique {
            "sm-new-15" | "sm-new-16" | "sm-new-17" => "AP-06",
            id if HANDOVERS.iter().any(|way| way.id == id && !way.service.ends_with("sagemaker")) => "AP-16",
            _ if worn => "AP-18",
            _ if *sink == Node::Admin => "AP-01",
            _ => "AP-02",
        },
        Hop::Calls => "AP-20",
        Hop::TakesOver => match step.technique {
            RETAGGING => "AP-26",
            "sm-ex-04" | "sm-ex-06" => "AP-05",
            "sm-ex-02" => "AP-04",
            "sm-ex-10" => "AP-07",
            "sm-ex-11" => "AP-08",
            "sm-ex-14" => "AP-12",
            _ => "AP-03",
        },
        Hop::Writes if step.technique == "sm-ex-05" => "AP-05",
        Hop::Writes if runs(edges, SCRIPTS) => "AP-11",
        Hop::Writes if runs(edges, IMAGES) => "AP-10",
        Hop::Writes => "AP-09",
        _ => return None,
    })
}

/// Whether something is run by this technique on the way.
fn runs(edges: &[&Edge], technique: &str) -> bool {
    edges.iter().any(|edge| edge.hop == Hop::Feeds && edge.technique == technique)
}

/// Ways of tampering that do not lead to data or keys.
const MILD: [&str; 4] = ["sm-ex-22", APPROVAL, SQUATTING, "shared-role"];

/// The severity of what the path ends in, raised for a source outside, lowered for what is not certain.
pub(crate) fn severity(source: &Node, sink: &Node, hops: &[PathHop]) -> Severity {
    let mut severity = match sink {
        Node::Admin if !matches!(source, Node::Credential(_)) => Severity::Critical,
        _ if matches!(source, Node::Credential(_)) => Severity::Medium,
        Node::Data(_) => Severity::High,
        Node::Prize(_) if hops.last().is_none_or(|hop| !MILD.contains(&hop.technique)) => Severity::High,
        _ => Severity::Medium,
    };
    let outside = matches!(source, Node::Internet | Node::Anyone | Node::Outsider(_) | Node::Provider(_));
    let unsure = hops.iter().any(|hop| hop.certainty != Certainty::Certain);
    if outside && !unsure {
        severity = match severity {
            Severity::Critical | Severity::High => Severity::Critical,
            _ => Severity::High,
        };
    }
    let lower = |severity| match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        _ => Severity::Low,
    };
    if unsure && !outside {
        severity = lower(severity);
    }
    match hops.iter().map(|hop| hop.confidence).max() {
        Some(Confidence::Derived) => lower(severity),
        Some(Confidence::Unverified) => Severity::Info,
        _ => severity,
    }
}

/// The path in one sentence.
pub(crate) fn narrative(rule: &str, sources: &[End], hops: &[PathHop]) -> String {
    let called = |end: &End| match (rule, end.kind) {
        ("AP-17" | "AP-18" | "AP-21", "role") => format!("code that runs as role {}", end.name),
        _ => called(end),
    };
    let who = match sources {
        [] => String::new(),
        [one] => called(one),
        [one, _] => format!("{} and one other", called(one)),
        [one, more @ ..] => format!("{} and {} others", called(one), more.len()),
    };
    let mut clauses: Vec<String> = Vec::new();
    for hop in hops {
        clauses.push(if clauses.is_empty() { hop.says.clone() } else { format!("which {}", hop.says) });
    }
    let mut sentence = format!("{who} {}", clauses.join(", "));
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

fn called(end: &End) -> String {
    match end.kind {
        "internet" | "anyone" | "outsider" | "network" | "admin" | "credential" => end.name.clone(),
        "provider" => format!("people that {} vouches for", end.name),
        kind => format!("{} {}", kind.replace('-', " "), end.name),
    }
}
