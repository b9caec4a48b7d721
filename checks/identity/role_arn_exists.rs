use crate::prelude::*;

pub(super) struct RoleArnExists;

impl Check for RoleArnExists {
    type On<'w> = Workload<'w>;

    const META: Meta = Meta {
        id: "role-arn-exists",
        title: "Roles that SageMaker resources name exist in this account",
        severity: Severity::Medium,
        reads: super::roles::TRUST,
        practices: &["ID-3"],
        page: include_str!("role_arn_exists.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, workload: Workload<'_>, here: &Here<'_>) -> Judged {
        let (mut named, mut doubt, mut wrong) = (Vec::new(), None, None);
        for reference in workload.references().into_iter().filter(|reference| reference.what == What::Role) {
            match reference.value.map_err(Unseen::from).and_then(|arn| Ok((arn, problem(arn, here)?))) {
                Ok((arn, problem)) => {
                    named.push(arn);
                    wrong = wrong.or(problem);
                }
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        match (wrong, doubt) {
            (Some(says), _) => Ok(fail(says).with("roles", named)),
            (None, Some(unseen)) => Err(unseen),
            (None, None) if named.is_empty() => Ok(not_concerned()),
            (None, None) => Ok(pass("every role it names exists in this account").with("roles", named)),
        }
    }
}

/// What is wrong with a reference to a role, if anything.
fn problem(role: &str, here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let arn = Arn::parse(role).filter(|arn| arn.service == "iam" && arn.named("role").is_some());
    let arn = arn.ok_or_else(|| unclear(format!("`{role}` is not the ARN of a role")))?;
    if arn.account != here.account() {
        return Ok(Some(format!("it runs under {role}, a role of another account")));
    }
    let exists = here.world.role(role)?.is_some();
    Ok((!exists).then(|| format!("it names {role}, which does not exist: whoever creates it decides what this may do")))
}
