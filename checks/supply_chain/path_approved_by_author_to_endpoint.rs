use crate::aws::buckets::foreign_artifact;
use crate::aws::endpoint_status;
use crate::paths::Telling;
use crate::prelude::*;

pub(super) struct PathApprovedByAuthorToEndpoint;

impl Check for PathApprovedByAuthorToEndpoint {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "path-approved-by-author-to-endpoint",
        title: "No endpoint serves foreign artifacts that their own author approved",
        severity: Severity::High,
        reads: &[
            Table::Endpoints,
            Table::EndpointConfigs,
            Table::InferenceComponents,
            Table::Models,
            Table::ModelPackages,
            Table::Buckets,
        ],
        practices: &["RES-5"],
        page: include_str!("path_approved_by_author_to_endpoint.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        if !endpoint_status::serves(endpoint.status.known("EndpointStatus")?) {
            return Ok(exempt("it serves nothing"));
        }
        let (models, mut doubt) = models(endpoint, here)?;
        let mut from_registry = 0;
        for name in models {
            let containers = match here.model(&name) {
                Ok(Some(model)) => model.containers.known("PrimaryContainer"),
                Ok(None) => Err(unclear(format!("model {name} does not exist (any more)"))),
                Err(unseen) => Err(unseen),
            };
            let containers = match containers {
                Ok(containers) => containers,
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                    continue;
                }
            };
            for container in containers {
                let Some(named) = &container.model_package else { continue };
                from_registry += 1;
                match injected(named, container, here) {
                    Ok(Some(says)) => {
                        let telling = Telling::default()
                            .seen(
                                format!("model package {} holds what lies outside: {says}", short(named)),
                                "ModelDataUrl",
                            )
                            .seen(
                                "whoever made it approved it as well",
                                "CreatedBy, LastModifiedBy, ModelApprovalStatus",
                            )
                            .seen(format!("model {name} is made of it"), "ModelPackageName")
                            .seen(format!("endpoint {} serves the model", endpoint.name), "EndpointConfigName");
                        let says = format!(
                            "it serves model package {}, which its own author approved, and {says}",
                            short(named)
                        );
                        let verdict = fail(says).with("model_package", named.as_str()).with("model", name.as_str());
                        return Ok(telling.on(verdict, "have somebody else approve what others registered"));
                    }
                    Ok(None) => {}
                    Err(unseen) => drop(doubt.get_or_insert(unseen)),
                }
            }
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(match from_registry {
            0 => exempt("none of its models comes from the registry"),
            count => pass("what it serves of the registry lies here, or somebody else approved it")
                .with("model_packages", count),
        })
    }
}

/// The models that an endpoint runs, and why there may be more.
fn models(endpoint: &Endpoint, here: &Here<'_>) -> Result<(Vec<String>, Option<Unseen>), Unseen> {
    let name = endpoint.config.known("EndpointConfigName")?;
    let Some(config) = here.endpoint_config(name)? else {
        return Err(unclear(format!("its configuration {name} does not exist (any more)")));
    };
    let (mut models, mut doubt, mut components): (Vec<String>, Option<Unseen>, bool) = Default::default();
    let variants = config.variants.known("ProductionVariants")?;
    let shadows = config.shadow_variants.get().unwrap_or_else(|unseen| {
        doubt.get_or_insert(unseen);
        None
    });
    for variant in variants.iter().chain(shadows.into_iter().flatten()) {
        match &variant.model {
            Some(model) => models.push(model.clone()),
            None => components = true,
        }
    }
    if components {
        let all = &here.region.inference_components;
        doubt = doubt.or(all.missing.as_ref().map(Unseen::from));
        for component in all.iter() {
            let here_too = component.endpoint.known("EndpointName").map(|name| *name == endpoint.name);
            match (here_too, component.specifications.get()) {
                (Ok(false), _) => {}
                (Ok(true), Ok(parts)) => {
                    models.extend(parts.into_iter().flatten().filter_map(|part| part.model.clone()));
                }
                (Err(unseen), _) | (_, Err(unseen)) => drop(doubt.get_or_insert(unseen)),
            }
        }
    }
    models.sort();
    models.dedup();
    Ok((models, doubt))
}

/// Where the artifacts of a package lie outside, if they do and the one who made it approved it. A part that is certainly
/// missing decides, whatever else was not seen.
fn injected(named: &str, container: &Container, here: &Here<'_>) -> Result<Option<String>, Unseen> {
    if let Some(arn) = Arn::parse(named).filter(|arn| arn.account != here.account()) {
        let says =
            format!("model package {} belongs to account {}, which alone knows its author", short(named), arn.account);
        return Err(unclear(says));
    }
    let packages = &here.region.model_packages;
    let package = packages.find(|package| package.arn == *named || package.name == *named)?;
    let package =
        package.ok_or_else(|| unclear(format!("model package {} does not exist (any more)", short(named))))?;
    let approved = package.approval.get().map(|approval| approval.is_some_and(|approval| approval == "Approved"));
    let by_author = package.same_author.known("CreatedBy").copied();
    if approved == Ok(false) || by_author == Ok(false) {
        return Ok(None);
    }
    let outside = outside(package, container, here);
    if outside == Ok(None) {
        return Ok(None);
    }
    approved?;
    by_author?;
    outside
}

/// The first artifact of a package that is neither this account's nor AWS's.
fn outside(package: &ModelPackage, container: &Container, here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let mut doubt = None;
    let registered = package.containers.get().unwrap_or_else(|unseen| {
        doubt.get_or_insert(unseen);
        None
    });
    let registered = registered.into_iter().flatten().flat_map(|part| &part.data);
    for uri in registered.chain(&container.data) {
        match foreign_artifact(uri, here) {
            Ok(Some(says)) => return Ok(Some(says)),
            Ok(None) => {}
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    doubt.map_or(Ok(None), Err)
}

/// The group and version of a package.
fn short(named: &str) -> &str {
    named.split_once(":model-package/").map_or(named, |(_, rest)| rest)
}
