use crate::prelude::*;

pub(super) struct IamUserMfaSagemaker;

impl Check for IamUserMfaSagemaker {
    type On<'w> = &'w User;

    const META: Meta = Meta {
        id: "iam-user-mfa-sagemaker",
        title: "Console users with SageMaker rights have MFA",
        severity: Severity::High,
        reads: &[Table::Users, Table::Groups, Table::Policies, Table::Credentials],
        practices: &["ID-2"],
        page: include_str!("iam_user_mfa_sagemaker.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, user: &User, here: &Here<'_>) -> Judged {
        let permissions = here.world.user_permissions(user)?;
        let right = permissions.any_right_in("sagemaker");
        if matches!(right, Ok(None)) {
            return Ok(not_concerned());
        }
        let row = here.world.credentials(user)?;
        if !row.password.ok_or_else(|| unclear("the credential report does not tell password_enabled"))? {
            return Ok(exempt("it has no console password"));
        }
        let mfa = row.mfa.ok_or_else(|| unclear("the credential report does not tell mfa_active"))?;
        let Some(proof) = right? else {
            return Ok(not_concerned());
        };
        if !mfa {
            let says =
                format!("it signs in to the console with a password alone and has SageMaker rights: {}", proof.words());
            return Ok(proof.on(fail(says)).with("mfa", mfa));
        }
        // What was not seen could be a Deny that leaves the user without any right, and this check without a say.
        permissions.complete()?;
        Ok(pass("it has an MFA device").with("mfa", mfa))
    }
}
