use crate::aws::registries::Registry;
use crate::prelude::*;

pub(super) struct ModelPrivateRegistry;

impl Check for ModelPrivateRegistry {
    type On<'w> = &'w Model;

    const META: Meta = Meta {
        id: "model-private-registry",
        title: "Model images outside of ECR come from a private registry in the VPC",
        severity: Severity::Low,
        reads: &[Table::Models, Table::EndpointConfigs, Table::Endpoints],
        practices: &["SUP-1"],
        page: include_str!("model_private_registry.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, model: &Model, _: &Here<'_>) -> Judged {
        let containers = model.containers.get()?.into_iter().flatten();
        let named: Vec<(&str, &str)> = containers
            .filter_map(|c| Some((c.image.as_deref()?, c.repository_access.as_deref().unwrap_or("Platform"))))
            .filter(|(image, _)| !image.is_empty())
            .collect();
        if named.is_empty() {
            return Ok(exempt("it names no image: its containers are those of a model package, or it has none"));
        }
        let outside: Vec<&(&str, &str)> =
            named.iter().filter(|(image, _)| !matches!(Registry::of(image), Registry::Ecr { .. })).collect();
        let verdict = match outside.iter().find(|(_, access)| *access != "Vpc") {
            Some((image, access)) => fail(format!("{image} lies outside of ECR, and RepositoryAccessMode is {access}")),
            None if outside.is_empty() => pass("its images lie in ECR"),
            None => pass("its images outside of ECR come through its VPC"),
        };
        let access: Vec<&str> = named.iter().map(|(_, access)| *access).collect();
        Ok(verdict.with("repository_access", access))
    }
}
