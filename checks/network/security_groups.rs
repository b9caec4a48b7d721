//! What security groups let in and out, all the groups of an interface together.

use ipnet::IpNet;

use super::ways_out;
use crate::engine::Addresses;
use crate::prelude::*;

/// The security groups that something wears, as far as they were seen.
pub(crate) struct Worn<'w> {
    /// Those that are there.
    pub(crate) groups: Vec<&'w SecurityGroup>,
    /// How many provably are not there any more.
    gone: usize,
    /// Why there may be more to see.
    pub(crate) doubt: Option<Unseen>,
}

impl<'w> Worn<'w> {
    /// Looks up security groups by id.
    pub(crate) fn of<'a>(ids: impl IntoIterator<Item = &'a String>, here: &Here<'w>) -> Worn<'w> {
        let mut worn = Worn { groups: Vec::new(), gone: 0, doubt: None };
        for id in ids {
            match here.security_group(id) {
                Ok(Some(group)) => worn.groups.push(group),
                Ok(None) => worn.gone += 1,
                Err(unseen) => worn.doubt = worn.doubt.or(Some(unseen)),
            }
        }
        worn
    }

    /// The same for what cannot outlive its groups: one that is not among those seen is somewhere else, not gone.
    pub(super) fn held(mut self) -> Worn<'w> {
        if self.gone > 0 && self.doubt.is_none() {
            self.doubt = Some(unclear("a security group is not among those of the account"));
        }
        self
    }
}

/// The ports on which these rules let the internet through, in words. Rules count together, for the internet can be
/// split among them. Groups and prefix lists as peers are scoped.
pub(super) fn open_to_internet(rules: &[Rule]) -> Result<Option<String>, Unseen> {
    let blocks = |rule: &Rule| rule.cidrs.iter().filter_map(|cidr| cidr.parse().ok()).collect::<Vec<IpNet>>();
    if !Addresses::of(rules.iter().flat_map(blocks)).is_internet() {
        // What could not be read may be what is missing.
        let odd = rules.iter().flat_map(|rule| &rule.cidrs).find(|cidr| cidr.parse::<IpNet>().is_err());
        return match odd {
            Some(cidr) => Err(unclear(format!("a rule names `{}`, which is no address block", short(cidr)))),
            None => Ok(None),
        };
    }
    let alone: Vec<String> = rules.iter().filter(|rule| Addresses::of(blocks(rule)).is_internet()).map(ports).collect();
    Ok(Some(if alone.is_empty() { "ports of several rules together".to_owned() } else { some_of(&alone) }))
}

/// The protocol and ports of a rule, in words.
pub(super) fn ports(rule: &Rule) -> String {
    let protocol = short(&rule.protocol);
    match (protocol, rule.from, rule.to) {
        ("-1", _, _) => "every port".to_owned(),
        (_, Some(from), Some(to)) if from == to => format!("{protocol} {from}"),
        (_, Some(from), Some(to)) => format!("{protocol} {from}-{to}"),
        _ => format!("protocol {protocol}"),
    }
}

/// The first few of a list, and how many more there are.
pub(super) fn some_of(all: &[String]) -> String {
    let first = all.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(3) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

fn short(text: &str) -> &str {
    text.char_indices().nth(50).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// Judges the groups of a notebook or container: the internet must neither get in nor be free to go to. `flaws` are
/// what the check found by itself.
pub(super) fn judge(worn: Worn<'_>, subnets: &[String], mut flaws: Vec<(Severity, String)>, here: &Here<'_>) -> Judged {
    let mut doubt = worn.doubt;
    for group in &worn.groups {
        match group.ingress.known("IpPermissions").and_then(|rules| open_to_internet(rules)) {
            Ok(Some(ports)) => {
                flaws.push((Severity::High, format!("{} admits the internet on {ports}", group.id)));
            }
            Ok(None) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
        match group.egress.known("IpPermissionsEgress").and_then(|rules| open_to_internet(rules)) {
            Ok(Some(ports)) if ways_out::closed(subnets, here) => {
                let says = format!("{} lets out to the internet on {ports}, where no route leads now", group.id);
                flaws.push((Severity::Low, says));
            }
            Ok(Some(ports)) => {
                flaws.push((Severity::Medium, format!("{} lets out to the internet on {ports}", group.id)));
            }
            Ok(None) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    flaws.sort_by_key(|flaw| std::cmp::Reverse(flaw.0));
    let ids: Vec<String> = worn.groups.iter().map(|group| group.id.clone()).collect();
    match (flaws.first(), doubt) {
        (Some((severity, _)), _) => {
            let says: Vec<String> = flaws.iter().map(|(_, says)| says.clone()).collect();
            Ok(fail(some_of(&says)).severity(*severity).with("security_groups", ids))
        }
        (None, Some(unseen)) => Err(unseen),
        (None, None) if ids.is_empty() => Ok(exempt("its security groups are no longer there")),
        (None, None) => {
            let says = "its security groups neither admit the internet nor let traffic out to all of it";
            Ok(pass(says).with("security_groups", ids))
        }
    }
}
