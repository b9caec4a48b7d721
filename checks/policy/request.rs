//! The question: who wants to do what, on which resource, in which context.

use crate::context::Context;
use crate::pattern::Arn;
use crate::principal::Caller;

/// One request. An action or a resource with a `*` in it asks about all that the pattern covers at once: an `Allow` must
/// cover the whole of it, and a `Deny` counts only if it covers the whole of it too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub caller: Caller,
    /// The action, such as `s3:GetObject`; case does not matter.
    pub action: String,
    /// The ARN of the resource, or `*` for actions that know no resources.
    pub resource: String,
    /// The account that owns the resource, where the ARN does not say (S3) or says something else.
    pub resource_account: Option<String>,
    /// The condition keys.
    pub context: Context,
}

impl Request {
    /// A request by the principal of this ARN (see [`Caller::parse`]) in a closed, empty context.
    pub fn new(caller: &str, action: &str, resource: &str) -> Request {
        Request {
            caller: Caller::parse(caller),
            action: action.into(),
            resource: resource.into(),
            resource_account: None,
            context: Context::closed(),
        }
    }

    /// The same request, on a resource of this account.
    #[must_use]
    pub fn owned_by(mut self, account: &str) -> Request {
        self.resource_account = Some(account.into());
        self
    }

    /// The same request, in this context.
    #[must_use]
    pub fn within(mut self, context: Context) -> Request {
        self.context = context;
        self
    }

    /// The same request with the keys set that follow from its caller and the owner of its resource, where they are known:
    /// `aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalType`, `aws:username`, `aws:PrincipalIsAWSService` and
    /// `aws:ResourceAccount`. The ARN of a session does not tell the path of its role, so its `aws:PrincipalArn` is unknown.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
    #[must_use]
    pub fn with_known_keys(mut self) -> Request {
        let service = matches!(self.caller, Caller::Service(_));
        let mut context = self.context.with("aws:PrincipalIsAWSService", service.to_string());
        if let Caller::Aws(identity) = &self.caller {
            context = context.with("aws:PrincipalAccount", identity.account());
            context = match identity.role_arn() {
                Some(arn) => context.with("aws:PrincipalArn", arn),
                None => context.with_unknown("aws:PrincipalArn"),
            };
            if let Some(kind) = identity.principal_type() {
                context = context.with("aws:PrincipalType", kind);
            }
            context = match identity.user_name() {
                Some(name) => context.with("aws:username", name),
                None => context.without("aws:username"),
            };
        }
        self.context = context;
        if let Some(owner) = self.owner().map(str::to_owned) {
            self.context = self.context.with("aws:ResourceAccount", owner);
        }
        self
    }

    /// The account of the resource: as given, else from its ARN, else that of the caller.
    pub(crate) fn owner(&self) -> Option<&str> {
        let from_arn = || {
            Arn::parse(&self.resource).map(|arn| arn.account()).filter(|account| !account.is_empty() && *account != "*")
        };
        self.resource_account.as_deref().or_else(from_arn).or_else(|| self.caller.account())
    }

    pub(crate) fn is_action(&self, action: &str) -> bool {
        self.action.eq_ignore_ascii_case(action)
    }

    /// The service prefix of the action, as written.
    pub(crate) fn service(&self) -> &str {
        self.action.split(':').next().unwrap_or_default()
    }
}
