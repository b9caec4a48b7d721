use sagescan_policy::Context;

use super::roles;
use crate::paths::Telling;
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct PathNamedLambdaInvocation;

impl Check for PathNamedLambdaInvocation {
    type On<'w> = &'w LambdaFunction;

    const META: Meta = Meta {
        id: "path-named-lambda-invocation",
        title: "No execution role invokes a stronger function by its name",
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        reads: workloads![LambdaFunctions, Users, Groups, Roles, Policies, Organization],
        practices: &["ID-4"],
        page: include_str!("path_named_lambda_invocation.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, function: &LambdaFunction, here: &Here<'_>) -> Judged {
        if !LambdaFunction::is_invoked_by_name(&function.name) {
            return Ok(not_concerned());
        }
        let runs_as = function.role.known("Role")?;
        let survey = here.world.survey();
        let Some(person) = survey.find(runs_as)? else {
            return Ok(exempt(format!("its role {runs_as} is gone, so it can do nothing")));
        };
        let Some((words, power)) = survey.power(person)? else {
            return Ok(
                pass("its role is no administrator and does not read every bucket").with("role", runs_as.as_str())
            );
        };
        let all = &here.world.snapshot.account.roles;
        let mut doubt = all.missing.as_ref().map(Unseen::from);
        for role in all.iter().filter(|role| role.arn != *runs_as) {
            match invokes(role, function, here) {
                Ok(Some(proof)) => {
                    let says = format!(
                        "execution role {} may invoke it, and it runs as {}, which {words}: {}",
                        role.name,
                        short_name(runs_as),
                        proof.words()
                    );
                    let telling = Telling::default()
                        .by(format!("role {} may invoke function {}", role.name, function.name), &proof)
                        .by(format!("the function's role {} {words}", short_name(runs_as)), &power);
                    let verdict =
                        proof.on(fail(says)).with("invoker", role.arn.as_str()).with("role", runs_as.as_str());
                    let verdict = if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Low) };
                    return Ok(telling.on(verdict, "give the function a role with only the rights that it needs"));
                }
                Ok(None) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(pass("no execution role with fewer rights may invoke it").with("role", runs_as.as_str()))
    }
}

/// The right of an execution role that is not powerful itself to invoke the function.
fn invokes(role: &Role, function: &LambdaFunction, here: &Here<'_>) -> Result<Option<crate::engine::Proof>, Unseen> {
    if roles::is_service_linked(role) || !here.world.is_execution_role(&role.arn)? {
        return Ok(None);
    }
    let proof = here.world.role_permissions(role)?.may("lambda:InvokeFunction", &function.arn, Context::open())?;
    let Some(proof) = proof else { return Ok(None) };
    let survey = here.world.survey();
    let strong = match survey.find(&role.arn)? {
        Some(person) => survey.power(person)?.is_some(),
        None => false,
    };
    Ok((!strong).then_some(proof))
}
