use crate::prelude::*;

pub(super) struct IamPoliciesViaGroupsOrRoles;

impl Check for IamPoliciesViaGroupsOrRoles {
    type On<'w> = &'w User;

    const META: Meta = Meta {
        id: "iam-policies-via-groups-or-roles",
        title: "Users get SageMaker rights through groups or roles",
        severity: Severity::Low,
        reads: &[Table::Users, Table::Groups, Table::Policies],
        practices: &["ID-1"],
        page: include_str!("iam_policies_via_groups_or_roles.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, user: &User, here: &Here<'_>) -> Judged {
        let permissions = here.world.user_permissions(user)?;
        if let Some(proof) = permissions.any_direct_right_in("sagemaker")? {
            let says = format!("a policy of its own gives it SageMaker rights: {}", proof.words());
            return Ok(proof.on(fail(says)));
        }
        permissions.complete()?;
        Ok(match permissions.any_right_in("sagemaker")? {
            Some(proof) => proof.on(pass("its SageMaker rights come through groups")),
            None => not_concerned(),
        })
    }
}
