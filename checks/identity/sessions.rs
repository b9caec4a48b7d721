//! The calls that hand out an interactive session.

use sagescan_policy::Context;

use super::callers::Answers;
use crate::engine::{Permissions, Right, STRANGER};
use crate::prelude::*;

/// A call, what it is about (`!` marks whose session it is), and what it opens. Source: service authorization reference of
/// SageMaker, 2026.
pub(super) struct Session {
    pub(super) call: &'static str,
    resource: &'static str,
    pub(super) opens: &'static str,
}

/// Calls that return a URL which signs in whoever opens it.
pub(super) static PRESIGNED: [Session; 5] = [
    Session { call: "CreatePresignedDomainUrl", resource: "user-profile/*/!", opens: "Studio as any user profile" },
    Session {
        call: "CreatePresignedNotebookInstanceUrl",
        resource: "notebook-instance/!",
        opens: "any notebook instance",
    },
    Session {
        call: "CreatePresignedMlflowTrackingServerUrl",
        resource: "mlflow-tracking-server/!",
        opens: "any MLflow tracking server",
    },
    Session { call: "CreatePresignedMlflowAppUrl", resource: "mlflow-app/!", opens: "any MLflow app" },
    Session { call: "CreatePartnerAppPresignedUrl", resource: "partner-app/!", opens: "any partner app" },
];

/// The call that attaches an editor outside to a space.
pub(super) const REMOTE: Session = Session { call: "StartSession", resource: "space/*/!", opens: "any space" };

impl Session {
    /// The right to open one that the caller may pick.
    pub(super) fn some(&self, permissions: &Permissions, context: Context) -> Result<Option<Right>, Unseen> {
        self.ask(permissions, "*", context)
    }

    /// The right to open one that no policy names and that bears no tags.
    pub(super) fn any(&self, permissions: &Permissions) -> Result<Option<Right>, Unseen> {
        self.ask(permissions, STRANGER, permissions.on_tagged(Context::open(), None))
    }

    fn ask(&self, permissions: &Permissions, whose: &str, context: Context) -> Result<Option<Right>, Unseen> {
        let resource = permissions.own_arn("sagemaker", "*", &self.resource.replace('!', whose));
        permissions.may_by_choice(&format!("sagemaker:{}", self.call), &resource, context)
    }
}

/// The sessions that a caller may open in these circumstances.
pub(super) fn open<'s>(
    sessions: impl IntoIterator<Item = &'s Session>,
    permissions: &Permissions,
    context: &Context,
) -> Result<Vec<(&'s Session, Right)>, Unseen> {
    let mut answers = Answers::none();
    for session in sessions {
        answers.ask(session, session.some(permissions, context.clone()));
    }
    answers.settle()
}

/// The names of the calls, for evidence.
pub(super) fn calls(of: &[(&Session, Right)]) -> Vec<&'static str> {
    of.iter().map(|(session, _)| session.call).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presigned_urls_come_from_calls_of_two_forms() {
        for session in &PRESIGNED {
            let form = session.call.starts_with("CreatePresigned") || session.call.ends_with("PresignedUrl");
            assert!(form && session.call.ends_with("Url"), "{}", session.call);
        }
    }
}
