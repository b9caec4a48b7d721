use crate::aws::endpoint_status;
use crate::paths::Telling;
use crate::prelude::*;

pub(super) struct PathEndpointExfilCapable;

impl Check for PathEndpointExfilCapable {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "path-endpoint-exfil-capable",
        title: "No endpoint runs an open container under a role with broad data access",
        severity: Severity::High,
        reads: &[
            Table::Endpoints,
            Table::EndpointConfigs,
            Table::Models,
            Table::Users,
            Table::Groups,
            Table::Roles,
            Table::Policies,
            Table::Organization,
        ],
        practices: &["NET-3"],
        page: include_str!("path_endpoint_exfil_capable.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.get();
        if let Ok(Some(status)) = &status
            && !endpoint_status::serves(status)
        {
            return Ok(exempt(format!("it serves nothing: its status is {status}")));
        }
        let name = endpoint.config.known("EndpointConfigName")?;
        let config = here
            .endpoint_config(name)?
            .ok_or_else(|| unclear(format!("its configuration {name} does not exist (any more)")))?;
        let mut doubt = status.err();
        let mut containers = Vec::new();
        let variants = config.variants.known("ProductionVariants")?;
        let shadows = config.shadow_variants.get().unwrap_or_else(|unseen| {
            doubt.get_or_insert(unseen);
            None
        });
        for variant in variants.iter().chain(shadows.into_iter().flatten()) {
            match &variant.model {
                Some(model) => match here.model(model) {
                    Ok(Some(model)) => containers.push((
                        format!("model {}", model.name),
                        &model.network_isolation,
                        &model.vpc,
                        &model.role,
                    )),
                    Ok(None) => drop(doubt.get_or_insert(unclear(format!("model {model} does not exist (any more)")))),
                    Err(unseen) => drop(doubt.get_or_insert(unseen)),
                },
                // Inference components take these settings from the configuration.
                None => containers.push((
                    format!("variant {}", variant.name),
                    &config.network_isolation,
                    &config.vpc,
                    &config.role,
                )),
            }
        }
        for (what, isolation, vpc, role) in containers {
            match open_and_powerful(isolation, vpc, role, here) {
                Ok(Some((name, words, proof))) => {
                    let says = format!(
                        "{what} has neither network isolation nor a VPC, and its role {name} {words}: {}",
                        proof.words()
                    );
                    let telling = Telling::default()
                        .seen(format!("the endpoint runs {what}"), "ProductionVariants")
                        .seen("its container can reach the internet", "EnableNetworkIsolation, VpcConfig")
                        .by(format!("role {name} {words}"), &proof);
                    let verdict = proof.on(fail(says)).with("container", what).with("role", name);
                    let verdict = telling.on(verdict, "isolate the container from the network");
                    return Ok(if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) });
                }
                Ok(None) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(pass("each of its containers is isolated, in a VPC, or under a role without broad data access"))
    }
}

/// The role, and why it is powerful, if the container is open; a factor that is certainly missing decides.
fn open_and_powerful(
    isolation: &Seen<bool>,
    vpc: &Seen<VpcConfig>,
    role: &Seen<String>,
    here: &Here<'_>,
) -> Result<Option<(String, &'static str, crate::engine::Proof)>, Unseen> {
    let survey = here.world.survey();
    let isolated = isolation.get().map(|isolated| isolated.copied().unwrap_or(false));
    let inside = vpc.get().map(|vpc| vpc.is_some_and(|vpc| !vpc.subnets.is_empty()));
    let person = role.get().and_then(|arn| arn.map_or(Ok(None), |arn| survey.find(arn)));
    let power = person.clone().and_then(|person| person.map_or(Ok(None), |person| survey.power(person)));
    if isolated == Ok(true) || inside == Ok(true) || power == Ok(None) {
        return Ok(None);
    }
    isolated?;
    inside?;
    let (Some((words, proof)), Some(person)) = (power?, person?) else { return Ok(None) };
    let name = survey.cast.people.get(person).map_or_else(String::new, |role| role.name.clone());
    Ok(Some((name, words, proof)))
}
