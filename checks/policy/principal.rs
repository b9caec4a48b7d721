//! Who asks, and whom a policy names.
//!
//! Sources: *AWS JSON policy elements: Principal*
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html> and *NotPrincipal*
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>.

use crate::pattern::Arn;
use crate::truth::Truth;
use std::fmt;
use std::sync::Arc;

/// The one who makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// An unsigned request.
    Anonymous,
    /// A service principal such as `sagemaker.amazonaws.com`.
    Service(String),
    /// A subject of an identity provider, named by the ARN or the host of the provider.
    Federated(String),
    /// A principal of an account.
    Aws(Arc<Identity>),
}

/// A principal of an AWS account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    arn: String,
    partition: String,
    account: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Root,
    User,
    /// Any session of the role, under a session name that is not known.
    Role,
    /// One session; the ARN carries the name of the role without its path.
    Session,
    Other,
}

impl Caller {
    /// Reads a caller from an ARN, an account id (its root user), a service principal, the ARN or host of an identity
    /// provider, or the word `anonymous`. A role ARN stands for any session of that role.
    pub fn parse(text: &str) -> Caller {
        if matches!(text, "anonymous" | "*") {
            return Caller::Anonymous;
        }
        if is_account_id(text) {
            return Caller::Aws(Arc::new(Identity {
                arn: format!("arn:aws:iam::{text}:root"),
                partition: "aws".into(),
                account: text.into(),
                kind: Kind::Root,
            }));
        }
        let Some(arn) = Arn::parse(text) else {
            return if text.contains(".amazonaws.com") {
                Caller::Service(text.into())
            } else {
                Caller::Federated(text.into())
            };
        };
        let resource = arn.resource();
        let kind = match (arn.0[2], resource.split('/').next().unwrap_or_default()) {
            ("iam", "saml-provider" | "oidc-provider") => return Caller::Federated(text.into()),
            ("iam", "root") => Kind::Root,
            ("iam", "user") => Kind::User,
            ("iam", "role") => Kind::Role,
            ("sts", "assumed-role") => Kind::Session,
            _ => Kind::Other,
        };
        let (arn, partition, account) = (text.into(), arn.0[1].into(), arn.account().into());
        Caller::Aws(Arc::new(Identity { arn, partition, account, kind }))
    }

    /// The account of a principal that has one.
    pub fn account(&self) -> Option<&str> {
        match self {
            Caller::Aws(identity) => Some(&identity.account),
            _ => None,
        }
    }

    pub(crate) fn is_root(&self) -> bool {
        matches!(self, Caller::Aws(identity) if identity.kind == Kind::Root)
    }

    /// Service-linked roles live under a path of their own and are not bound by organization policies.
    pub(crate) fn is_service_linked(&self) -> bool {
        matches!(self, Caller::Aws(identity) if identity.arn.contains(":role/aws-service-role/")
            || identity.arn.contains(":assumed-role/AWSServiceRoleFor"))
    }
}

impl Identity {
    /// The ARN it was read from.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The account it belongs to.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The value of `aws:PrincipalArn`: its own ARN, or that of the role for a session, as far as it is known.
    pub(crate) fn role_arn(&self) -> Option<&str> {
        (self.kind != Kind::Session).then_some(&*self.arn)
    }

    /// The value of `aws:PrincipalType`.
    pub(crate) fn principal_type(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Root => Some("Account"),
            Kind::User => Some("User"),
            Kind::Role | Kind::Session => Some("AssumedRole"),
            Kind::Other => None,
        }
    }

    /// The value of `aws:username`, which only users have.
    pub(crate) fn user_name(&self) -> Option<&str> {
        (self.kind == Kind::User).then(|| self.arn.rsplit('/').next())?
    }

    /// The name of the role, without its path, of a role or a session.
    fn role_name(&self) -> Option<&str> {
        let resource = Arn::parse(&self.arn)?.resource();
        match self.kind {
            Kind::Role => resource.rsplit('/').next(),
            Kind::Session => resource.split('/').nth(1),
            _ => None,
        }
    }

    fn same_role(&self, other: &Identity) -> bool {
        self.partition == other.partition && self.account == other.account && self.role_name() == other.role_name()
    }
}

/// One entry of a `Principal` or `NotPrincipal` element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// `*`, also written `{"AWS": "*"}`: everyone, unsigned requests included.
    Everyone,
    /// An account, by id or root ARN: the account may hand the right on to its own principals.
    Account(Box<str>),
    /// A user, role, session or federated user by ARN.
    Identity(Arc<Identity>),
    /// A service; `*` for any.
    Service(Box<str>),
    /// An identity provider; `*` for any.
    Federated(Box<str>),
    /// The canonical id of an account or a CloudFront identity, which nothing in the request is compared with.
    Canonical(Box<str>),
    /// A unique id such as `AROA…`: what is left of a deleted principal.
    Deleted(Box<str>),
    /// Something AWS does not accept, such as an ARN with a wildcard.
    Unusable(Box<str>),
}

impl Principal {
    /// Reads one value of the principal type (`AWS`, `Service`, `Federated`, `CanonicalUser`) it stands under.
    pub(crate) fn parse(kind: &str, text: &str) -> Principal {
        if kind.eq_ignore_ascii_case("service") {
            return Principal::Service(text.into());
        }
        if kind.eq_ignore_ascii_case("federated") {
            return Principal::Federated(text.into());
        }
        if kind.eq_ignore_ascii_case("canonicaluser") {
            return Principal::Canonical(text.into());
        }
        if !kind.eq_ignore_ascii_case("aws") {
            return Principal::Unusable(format!("{kind}: {text}").into());
        }
        if text == "*" {
            return Principal::Everyone;
        }
        if is_account_id(text) {
            return Principal::Account(text.into());
        }
        if text.contains(['*', '?']) {
            return Principal::Unusable(text.into());
        }
        match Caller::parse(text) {
            Caller::Aws(identity) if identity.kind == Kind::Root => {
                Principal::Account(identity.account.as_str().into())
            }
            Caller::Aws(identity) if identity.kind != Kind::Other || text.contains(":federated-user/") => {
                Principal::Identity(identity)
            }
            _ if is_unique_id(text) => Principal::Deleted(text.into()),
            _ => Principal::Unusable(text.into()),
        }
    }

    /// The account it belongs to, where the text tells.
    pub fn account(&self) -> Option<&str> {
        match self {
            Principal::Account(account) => Some(account),
            Principal::Identity(identity) => Some(&identity.account),
            Principal::Federated(provider) => Arn::parse(provider).map(|arn| arn.account()),
            _ => None,
        }
    }

    /// Does this entry name the caller, and in which capacity?
    fn names(&self, caller: &Caller) -> (Capacity, Truth) {
        let aws = matches!(caller, Caller::Aws(_));
        match (self, caller) {
            (Principal::Everyone, _) => (Capacity::Direct, Truth::Yes),
            (Principal::Account(account), Caller::Aws(caller)) => {
                (Capacity::Account, (**account == caller.account).into())
            }
            (Principal::Identity(named), Caller::Aws(caller)) => match (&named.kind, &caller.kind) {
                (Kind::Role, Kind::Role) => (Capacity::Role, (named.arn == caller.arn).into()),
                (Kind::Role, Kind::Session) => (Capacity::Role, named.same_role(caller).into()),
                (Kind::Session, Kind::Role) if named.same_role(caller) => {
                    (Capacity::Direct, Truth::key(&SESSION_NAME.into()))
                }
                _ => (Capacity::Direct, (named.arn == caller.arn).into()),
            },
            (Principal::Service(named), Caller::Service(service)) => {
                (Capacity::Direct, (&**named == "*" || **named == *service).into())
            }
            (Principal::Federated(named), Caller::Federated(provider) | Caller::Service(provider)) => {
                (Capacity::Direct, (&**named == "*" || **named == *provider).into())
            }
            (Principal::Canonical(_), _) if aws => {
                (Capacity::Account, Truth::note("a canonical user id names an account that is not known"))
            }
            (Principal::Unusable(text), _) if aws => {
                (Capacity::Account, Truth::note(format!("the principal {} is not one AWS accepts", shorten(text))))
            }
            _ => (Capacity::Direct, Truth::No),
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Principal::Everyone => f.write_str("*"),
            Principal::Identity(identity) => f.write_str(&identity.arn),
            Principal::Account(text)
            | Principal::Service(text)
            | Principal::Federated(text)
            | Principal::Canonical(text)
            | Principal::Deleted(text)
            | Principal::Unusable(text) => f.write_str(text),
        }
    }
}

/// The condition key that a session's name goes by.
const SESSION_NAME: &str = "sts:RoleSessionName";

/// As what a resource policy names the caller; it decides which other policies still have to agree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Capacity {
    /// By itself: everyone, a user, a session, a service, a provider.
    Direct,
    /// By the role behind the session.
    Role,
    /// By its account.
    Account,
}

/// Whether a list of principals names the caller, by capacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) direct: Truth,
    pub(crate) role: Truth,
    pub(crate) account: Truth,
}

impl Standing {
    pub(crate) fn of(principals: &[Principal], caller: &Caller) -> Standing {
        let mut standing = Standing { direct: Truth::No, role: Truth::No, account: Truth::No };
        for principal in principals {
            let (capacity, truth) = principal.names(caller);
            let slot = match capacity {
                Capacity::Direct => &mut standing.direct,
                Capacity::Role => &mut standing.role,
                Capacity::Account => &mut standing.account,
            };
            *slot = std::mem::replace(slot, Truth::No).or(truth);
        }
        standing
    }

    /// In any capacity.
    pub(crate) fn any(self) -> Truth {
        self.direct.or(self.role).or(self.account)
    }

    /// Whether a `Deny` with `NotPrincipal` spares the caller. The documentation asks for the principal, the role behind a
    /// session and the account to be listed; with one of them missing AWS "might" deny. Naming the account alone spares
    /// its root user only.
    pub(crate) fn spared_by_deny(self, caller: &Caller) -> Truth {
        match caller {
            Caller::Aws(identity) => {
                let listed = match identity.kind {
                    Kind::Root => return self.any(),
                    Kind::Session => self.direct.clone().or(self.role.and(unsure(SESSION_LISTED))),
                    _ => self.direct.or(self.role),
                };
                listed.and(if self.account.is_no() { unsure(ACCOUNT_LISTED) } else { self.account })
            }
            _ => self.any(),
        }
    }
}

const SESSION_LISTED: &str = "NotPrincipal lists the role but not the session";
const ACCOUNT_LISTED: &str = "NotPrincipal lists the principal but not its account";

fn unsure(note: &str) -> Truth {
    Truth::note(note)
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Prefixes: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>.
fn is_unique_id(text: &str) -> bool {
    text.len() >= 16
        && ["AROA", "AIDA", "AGPA", "AIPA", "ANPA", "ANVA"].iter().any(|prefix| text.starts_with(prefix))
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The beginning of a text that may be long, for messages.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}
