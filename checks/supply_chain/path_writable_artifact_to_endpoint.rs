use std::collections::BTreeSet;

use crate::aws::endpoint_status;
use crate::aws::registries::is_pinned;
use crate::paths::stage::of_endpoint;
use crate::paths::{Telling, object_of};
use crate::prelude::*;

pub(super) struct PathWritableArtifactToEndpoint;

impl Check for PathWritableArtifactToEndpoint {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "path-writable-artifact-to-endpoint",
        title: "Only the release role can overwrite what an endpoint loads next",
        severity: Severity::Critical,
        confidence: Confidence::Medium,
        reads: &[
            Table::Endpoints,
            Table::EndpointConfigs,
            Table::Models,
            Table::TrainingJobs,
            Table::Buckets,
            Table::Users,
            Table::Groups,
            Table::Roles,
            Table::Policies,
            Table::Organization,
        ],
        practices: &["SUP-4"],
        page: include_str!("path_writable_artifact_to_endpoint.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let survey = here.world.survey();
        let piece = of_endpoint(endpoint, here);
        if !endpoint_status::serves(endpoint.status.known("EndpointStatus")?) {
            return Ok(exempt("it serves nothing"));
        }
        let mut doubt = piece.doubt.clone().map(Unseen);
        let mut writers = BTreeSet::new();
        let mut first = None;
        for (bucket, key) in &piece.loads {
            // The jobs that made the artifact have to write it.
            let makers = makers_of(bucket, key, here);
            let ordinary = |person: usize| {
                survey.is_ordinary(person)
                    && survey.cast.people.get(person).is_some_and(|p| !makers.contains(p.arn.as_str()))
            };
            let found = survey.users_of_bucket("s3:PutObject", bucket, key, MOST, ordinary);
            for (person, alike, proof) in &found.found {
                let who = survey.cast.people.get(*person);
                // One role is what a release needs; a person with a key of their own is not a release.
                let counts = if who.is_some_and(|who| who.is_user) { 2 } else { (*alike).max(1) };
                writers.insert((survey.called(*person, *alike), counts));
                if first.is_none() {
                    first = Some((bucket.clone(), key.clone(), survey.called(*person, *alike), proof.clone()));
                }
            }
            if let Err(unseen) = found.none() {
                doubt.get_or_insert(unseen);
            }
        }
        let count: usize = writers.iter().map(|(_, counts)| counts).sum();
        if let Some((bucket, key, who, proof)) = first.filter(|_| count > 1) {
            let versioned = survey.buckets.get(&bucket).and_then(|policy| policy.versioned) == Some(true);
            let says = format!("{who} can overwrite s3://{bucket}/{key}, which it loads next: {}", proof.words());
            let verdict = proof.on(fail(says));
            let verdict = match (proof.keys.is_empty(), versioned) {
                (true, false) => verdict,
                (true, true) | (false, false) => verdict.severity(Severity::High),
                (false, true) => verdict.severity(Severity::Medium),
            };
            let telling = Telling::default()
                .by(format!("{who} can replace s3://{bucket}/{key}"), &proof)
                .seen(format!("endpoint {} loads and runs it when an instance starts", endpoint.name), "ModelDataUrl");
            let verdict = telling.on(verdict, "let only the release role write to the bucket");
            let named: Vec<&str> = writers.iter().map(|(who, _)| who.as_str()).collect();
            return Ok(verdict
                .with("writers", named)
                .with("versioned", versioned)
                .with("artifact", format!("s3://{bucket}/{key}")));
        }
        doubt.map_or(Ok(()), Err)?;
        survey.everyone()?;
        if let Some(image) = pushable_image(endpoint, here)? {
            return Err(unclear(format!(
                "who may push over {image} was not looked at: it is named by tag, not by digest"
            )));
        }
        if piece.loads.is_empty() {
            return Ok(exempt("it loads nothing from S3, and its images cannot be changed from this account"));
        }
        let names: Vec<&str> = writers.iter().map(|(who, _)| who.as_str()).collect();
        Ok(pass("at most one role besides administrators and its own training job can overwrite what it loads")
            .with("writers", names))
    }
}

/// Writers that are named in a finding.
const MOST: usize = 20;

/// The roles of the training jobs whose output lies where the artifact does.
fn makers_of<'w>(bucket: &str, key: &str, here: &Here<'w>) -> BTreeSet<&'w str> {
    let jobs = here.region.training_jobs.iter().filter(|job| {
        let output = job.output_path.shown().and_then(|uri| object_of(uri));
        output.is_some_and(|(place, prefix)| {
            place == bucket && key.starts_with(prefix) && key.contains(job.name.as_str()) && !job.name.is_empty()
        })
    });
    jobs.filter_map(|job| job.role.shown()).map(String::as_str).collect()
}

/// An image of this account's registry that is named by tag.
fn pushable_image(endpoint: &Endpoint, here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let name = endpoint.config.known("EndpointConfigName")?;
    let Some(config) = here.endpoint_config(name)? else {
        return Err(unclear(format!("its configuration {name} does not exist (any more)")));
    };
    let variants = config.variants.known("ProductionVariants")?;
    let shadows = config.shadow_variants.get()?;
    for variant in variants.iter().chain(shadows.into_iter().flatten()) {
        let Some(model) = &variant.model else {
            return Err(unclear("inference components bring its models, and were not looked at"));
        };
        let Some(model) = here.model(model)? else {
            return Err(unclear(format!("model {model} does not exist (any more)")));
        };
        for container in model.containers.known("PrimaryContainer")? {
            if container.model_package.is_some() && container.data.is_empty() {
                return Err(unclear("a model package brings its artifact, and was not looked at"));
            }
            let own = |image: &&String| image.starts_with(&format!("{}.dkr.ecr.", here.account()));
            if let Some(image) = container.image.as_ref().filter(own).filter(|image| !is_pinned(image)) {
                return Ok(Some(image.clone()));
            }
        }
    }
    Ok(None)
}
