use std::collections::BTreeSet;

use crate::aws::endpoint_status;
use crate::paths::stage::{Whose, of_endpoint, whose};
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
            Table::EcrRepositories,
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
        let (images, hidden) = images(endpoint, here);
        let looked_at_images = !images.is_empty();
        for image in images {
            match pushed(&image, endpoint, here) {
                Ok(Some(verdict)) => return Ok(verdict),
                Ok(None) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        doubt.or(hidden).map_or(Ok(()), Err)?;
        survey.everyone()?;
        if piece.loads.is_empty() && !looked_at_images {
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

/// The finding on an image that more than one role, or a user, can put another in the place of.
fn pushed(image: &str, endpoint: &Endpoint, here: &Here<'_>) -> Result<Option<Verdict>, Unseen> {
    let survey = here.world.survey();
    let Whose::Ours(pulled) = whose(image, here)? else { return Ok(None) };
    let ordinary = |person: usize| survey.is_ordinary(person);
    let found = survey.users_of(("ecr:PutImage", "@"), &pulled.repository, MOST, ordinary);
    let is_user = |person: usize| survey.cast.people.get(person).is_some_and(|who| who.is_user);
    let counts = found.found.iter().map(|(person, alike, _)| if is_user(*person) { 2 } else { (*alike).max(1) });
    let (count, first) = (counts.sum::<usize>(), found.found.first());
    let Some((person, alike, proof)) = first.filter(|_| count > 1) else {
        // One role is what a release needs.
        return found.none().map(|()| None);
    };
    if let Some(gap) = pulled.doubt {
        return Err(Unseen(gap));
    }
    let (who, name) = (survey.called(*person, *alike), &pulled.name);
    let says = format!(
        "{who} can put another image in the place of {name}, which it runs when it is deployed again: {}",
        proof.words()
    );
    let severity = if proof.keys.is_empty() { Severity::High } else { Severity::Medium };
    let verdict = proof.on(fail(says)).severity(severity).with("image", name.as_str());
    let named: Vec<String> = found.found.iter().map(|(person, alike, _)| survey.called(*person, *alike)).collect();
    let telling = Telling::default()
        .by(format!("{who} can put another image in the place of {name}"), proof)
        .seen(format!("endpoint {} runs it when it is deployed again", endpoint.name), "Image");
    Ok(Some(telling.on(verdict.with("writers", named), "name the image by its digest, or make its tags immutable")))
}

/// The images of this account's registry that an endpoint runs, and why there may be more that can be changed.
fn images(endpoint: &Endpoint, here: &Here<'_>) -> (BTreeSet<String>, Option<Unseen>) {
    let mut images = BTreeSet::new();
    let collected = collect(endpoint, here, &mut images);
    (images, collected.err())
}

fn collect(endpoint: &Endpoint, here: &Here<'_>, images: &mut BTreeSet<String>) -> Result<(), Unseen> {
    let name = endpoint.config.known("EndpointConfigName")?;
    let Some(config) = here.endpoint_config(name)? else {
        return Err(unclear(format!("its configuration {name} does not exist (any more)")));
    };
    let variants = config.variants.known("ProductionVariants")?;
    let shadows = config.shadow_variants.get()?;
    let mut doubt = None;
    for variant in variants.iter().chain(shadows.into_iter().flatten()) {
        let containers = || -> Result<&[Container], Unseen> {
            let Some(model) = &variant.model else {
                return Err(unclear("inference components bring its models, and were not looked at"));
            };
            let Some(model) = here.model(model)? else {
                return Err(unclear(format!("model {model} does not exist (any more)")));
            };
            Ok(model.containers.known("PrimaryContainer")?)
        };
        match containers() {
            Ok(containers) => {
                for container in containers {
                    if container.model_package.is_some() && container.data.is_empty() {
                        doubt.get_or_insert_with(|| {
                            unclear("a model package brings its artifact, and was not looked at")
                        });
                    }
                    let own = |image: &&String| image.starts_with(&format!("{}.dkr.ecr.", here.account()));
                    images.extend(container.image.iter().filter(own).cloned());
                }
            }
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    doubt.map_or(Ok(()), Err)
}
