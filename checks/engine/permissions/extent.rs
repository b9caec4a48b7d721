//! How far rights extend: to other accounts, to other services, and as far as the boundary lets them.

use sagescan_policy::{Context, Element, Policies, Request, ResourcePolicy};

use super::{Permissions, Proof, STRANGER, first};
use crate::snapshot::Unseen;

/// The organization of whoever owns what is asked about abroad.
const FOREIGN_ORGANIZATION: &str = "o-qx7zwk0000";

impl Permissions {
    /// Whether the principal has a right over exactly this, which another account owns. Whether that account lets the
    /// principal in is left to it: it may be an attacker's.
    pub fn may_abroad(&self, action: &str, resource: &str, owner: &str) -> Result<Option<Proof>, Unseen> {
        if !self.speaks_of(action) {
            return self.complete().map(|()| None);
        }
        let context = Context::open()
            .with("s3:ResourceAccount", owner)
            .with("aws:ResourceOrgID", FOREIGN_ORGANIZATION)
            .with_all("aws:ResourceOrgPaths", [format!("{FOREIGN_ORGANIZATION}/r-{STRANGER}/")]);
        let ask = |context: Context| {
            self.ask(
                Request::new(&self.arn, action, resource).owned_by(owner).within(context).with_known_keys(),
                &self.bound,
            )
        };
        match self.own_organizations() {
            organizations if organizations.is_empty() => ask(context),
            organizations => {
                first(organizations.into_iter().map(|own| ask(context.clone().with("aws:PrincipalOrgID", own))))
            }
        }
    }

    /// Whether the principal has a right, in these circumstances, over something that the pattern covers.
    pub fn may_somewhere_within(&self, action: &str, pattern: &str, context: Context) -> Result<Option<Proof>, Unseen> {
        if !self.speaks_of(action) {
            return self.complete().map(|()| None);
        }
        self.somewhere(action, pattern, context, &self.policies)
    }

    /// The resources, as written, that allowing statements about an action name. A statement that names none, or all but
    /// some, stands there as `*`.
    pub fn resources_of(&self, action: &str) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for statement in self.allows().filter(|one| one.covers_action(action)) {
            match &statement.resources {
                Element::Only(listed) => all.extend(listed.iter().map(|pattern| pattern.text())),
                Element::AllBut(_) | Element::Unstated => all.push("*"),
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What the boundary alone would allow; `None` without a boundary that was read.
    pub fn boundary(&self) -> Option<Permissions> {
        let documents = self.policies.boundary.clone()?;
        let policies = Policies { identity: documents, resource: ResourcePolicy::LeftOut, ..Policies::default() };
        Some(Permissions {
            arn: self.arn.clone(),
            partition: self.partition.clone(),
            account: self.account.clone(),
            direct: policies.identity.len(),
            bound: policies.clone(),
            ceiling: self.ceiling.clone(),
            policies,
            gaps: Vec::new(),
        })
    }

    /// Which organization the principal may belong to, where a policy compares that with the one of the resource: those
    /// that policies name, and one that they do not. Whichever it is, it is not the foreign one.
    fn own_organizations(&self) -> Vec<String> {
        let documents = self.policies.identity.iter().chain(self.policies.boundary.iter().flatten());
        let conditions: Vec<_> = documents.flat_map(|d| d.statements()).flat_map(|one| &one.conditions).collect();
        let values = |key: &'static str| {
            conditions.iter().filter(move |one| one.key().folded() == key).flat_map(|one| one.values())
        };
        let compared = values("aws:resourceorgid").any(|v| v.to_ascii_lowercase().contains("${aws:principalorgid}"));
        if !compared {
            return Vec::new();
        }
        let named = values("aws:principalorgid").filter(|v| !v.contains(['*', '?', '$'])).take(16).map(str::to_owned);
        ["o-0000000000".to_owned()].into_iter().chain(named).collect()
    }
}
