//! Trust policies: who may wear a role.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use sagescan_policy::{
    Context, Decision, Document, Effect, Element, Policies, Principal, Request, ResourcePolicy, Statement, admissions,
    decide,
};

use crate::engine::STRANGER;
use crate::prelude::*;

/// A caller's own side, granted: what is asked here is the trust policy alone.
pub(super) static ANYTHING: LazyLock<Arc<Document>> = LazyLock::new(|| {
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    Arc::new(Document::parse_or_doubt("anything", all))
});

/// The trust policy of a role, read.
pub(crate) struct Trust<'w> {
    pub(crate) arn: Arn<'w>,
    pub(crate) document: Arc<Document>,
    role: &'w Role,
}

impl<'w> Trust<'w> {
    pub(crate) fn of(role: &'w Role) -> Result<Self, Unseen> {
        let text = role.trust.known("AssumeRolePolicyDocument")?;
        let document = Document::parse("trust policy", text)
            .map_err(|error| unclear(format!("the trust policy could not be read: {error}")))?;
        let arn = Arn::parse(&role.arn).filter(|arn| is_account_id(arn.account));
        let arn = arn.ok_or_else(|| unclear(format!("`{}` is not the ARN of a role", role.arn)))?;
        Ok(Trust { arn, document: Arc::new(document), role })
    }

    /// What the trust policy makes of a caller whose own policies allow everything.
    pub(crate) fn decide(&self, caller: &str, action: &str, context: Context) -> Decision {
        let mut request = Request::new(caller, action, &self.role.arn).within(context).with_known_keys();
        // A caller made up for the question stands for users and roles alike.
        request.context = request.context.with_unknown("aws:PrincipalType").with_unknown("aws:username");
        let policies = Policies {
            identity: vec![ANYTHING.clone()],
            resource: ResourcePolicy::Is(vec![self.document.clone()]),
            ..Policies::default()
        };
        decide(&request, &policies)
    }

    /// A role of an account, of a name that no policy knows.
    pub(crate) fn stranger(&self, account: &str) -> String {
        format!("arn:{}:iam::{account}:role/{STRANGER}", self.arn.partition)
    }

    /// The id of an account that is not the role's.
    pub(crate) fn other_account(&self) -> &'static str {
        if self.arn.account == "999999999999" { "888888888888" } else { "999999999999" }
    }

    /// What the conditions of the trust policy list under a key, wildcards filled in; bounded.
    pub(crate) fn listed(&self, key: &str) -> BTreeSet<String> {
        let conditions = self.document.statements().iter().flat_map(|statement| &statement.conditions);
        let values = conditions.filter(|c| c.key().folded() == key).flat_map(|c| c.values().take(16));
        values.take(64).map(|value| value.replace('*', STRANGER).replace('?', "x")).collect()
    }
}

impl Trust<'_> {
    /// A statement that may admit somebody, but does not say whom in a way that can be understood.
    pub(super) fn doubt(&self) -> Option<Unseen> {
        let may_admit = |s: &&Statement| s.effect != Effect::Deny && WAYS.iter().any(|way| s.may_cover_some(way));
        let odd = |s: &Statement| match (&s.flaw, &s.principals) {
            (Some(flaw), _) => Some(unclear(format!("trust policy: {flaw}"))),
            (None, Element::Unstated) => {
                Some(unclear(format!("statement {} of the trust policy names nobody", s.index + 1)))
            }
            _ => None,
        };
        self.document.statements().iter().filter(may_admit).find_map(odd)
    }

    /// Who stands for everyone or for an account: someone of each account in question whom no policy knows, and whoever
    /// the conditions list. Of equally bad ones the last speaks.
    pub(super) fn callers(&self, who: &Principal) -> Vec<String> {
        let accounts: Vec<String> = match who.account() {
            Some(account) => vec![account.to_owned()],
            None => {
                let known = [self.arn.account, self.other_account()].map(str::to_owned);
                self.listed("aws:principalaccount").into_iter().chain(known).collect()
            }
        };
        let unknown = accounts.iter().map(|account| self.stranger(account));
        self.listed("aws:principalarn").into_iter().chain(unknown).collect()
    }

    /// The spellings of SageMaker to ask about: those of the trust policy, and the usual one.
    pub(super) fn sagemaker_services(&self) -> BTreeSet<String> {
        let of_sagemaker = |service: &str| SAGEMAKER.contains(&service);
        self.services().filter(|name| service_name(name).is_some_and(of_sagemaker)).chain([USUAL.to_owned()]).collect()
    }

    /// The first of these services, by their short names, that may assume the role. In doubt it may.
    pub(super) fn first_admitted(&self, services: &[&str]) -> Option<String> {
        let partition_end = if self.arn.partition == "aws-cn" { ".amazonaws.com.cn" } else { ".amazonaws.com" };
        let wanted = |name: &String| service_name(name).is_some_and(|short| services.contains(&short));
        let usual =
            services.iter().flat_map(|short| [format!("{short}.amazonaws.com"), format!("{short}{partition_end}")]);
        let asked: BTreeSet<String> = self.services().filter(wanted).chain(usual).collect();
        asked.into_iter().find(|service| !self.decide(service, "sts:AssumeRole", Context::open()).is_denied())
    }

    fn services(&self) -> impl Iterator<Item = String> {
        admissions(&self.document, "sts:AssumeRole").into_iter().filter_map(|one| match one.who {
            Principal::Service(name) => Some(name.to_string()),
            _ => None,
        })
    }
}

/// Every way to assume a role.
pub(super) const WAYS: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

const USUAL: &str = "sagemaker.amazonaws.com";

/// The short name of a service principal: `glue` of `glue.amazonaws.com` and of its spelling in China.
pub(crate) fn service_name(principal: &str) -> Option<&str> {
    principal.strip_suffix(".cn").unwrap_or(principal).strip_suffix(".amazonaws.com")
}

/// The services of SageMaker itself. Source: service authorization reference of SageMaker, 2026.
pub(crate) const SAGEMAKER: [&str; 2] = ["sagemaker", "job.sagemaker"];
