use crate::prelude::*;

pub(super) struct PartnerAppIdentity;

impl Check for PartnerAppIdentity {
    type On<'w> = &'w PartnerApp;

    const META: Meta = Meta {
        id: "partner-app-identity",
        title: "Partner apps tell their users apart",
        severity: Severity::Medium,
        reads: &[Table::PartnerApps],
        practices: &["ID-12"],
        page: include_str!("partner_app_identity.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, app: &PartnerApp, _: &Here<'_>) -> Judged {
        if app.status.known("Status")? == "Deleted" {
            return Ok(not_concerned());
        }
        match app.auth.known("AuthType")?.as_str() {
            "IDC" => Ok(pass("people sign in through IAM Identity Center").with("auth_type", "IDC")),
            "IAM" => match app.session_identity.get()? {
                Some(true) => Ok(pass("it tells people apart by the names of their IAM sessions")
                    .with("auth_type", "IAM")
                    .with("session_based_identity", true)),
                Some(false) | None => {
                    let says = "everyone who comes with the same IAM role is the same user to it";
                    let named = app.admin_users.shown().copied();
                    Ok(fail(says)
                        .with("auth_type", "IAM")
                        .with("session_based_identity", false)
                        .with("names_admins", named))
                }
            },
            other => Err(unclear(format!("AuthType {other} is not known"))),
        }
    }
}
