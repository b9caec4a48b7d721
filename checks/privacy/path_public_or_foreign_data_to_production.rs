use std::collections::BTreeSet;

use sagescan_policy::{Principal, admissions};

use crate::aws::buckets::is_directory_bucket;
use crate::aws::endpoint_status;
use crate::engine::STRANGER;
use crate::paths::stage::of_endpoint;
use crate::paths::{Answer, Survey, Telling, object_of};
use crate::prelude::*;

pub(super) struct PathPublicOrForeignDataToProduction;

impl Check for PathPublicOrForeignDataToProduction {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "path-public-or-foreign-data-to-production",
        title: "Nobody outside the account can write what a served model is made of",
        severity: Severity::Critical,
        reads: &[
            Table::Endpoints,
            Table::EndpointConfigs,
            Table::Models,
            Table::TrainingJobs,
            Table::Buckets,
            Table::PublicAccessBlock,
            Table::Organization,
        ],
        practices: &["SUP-4"],
        page: include_str!("path_public_or_foreign_data_to_production.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        if !endpoint_status::serves(endpoint.status.known("EndpointStatus")?) {
            return Ok(exempt("it serves nothing"));
        }
        let piece = of_endpoint(endpoint, here);
        let mut doubt = piece.doubt.clone().map(Unseen);
        let mut sources: BTreeSet<(String, String, String)> = BTreeSet::new();
        for (bucket, key) in &piece.loads {
            sources.insert((bucket.clone(), key.clone(), "the artifact it loads".to_owned()));
            let listed = here.region.training_jobs.missing.as_ref();
            doubt = doubt.or(listed.map(Unseen::from));
            for job in here.region.training_jobs.iter() {
                let output = match job.output_path.get() {
                    Ok(output) => output.and_then(|uri| object_of(uri)),
                    Err(unseen) => {
                        doubt.get_or_insert(unseen);
                        continue;
                    }
                };
                let made = output.is_some_and(|(place, prefix)| {
                    place == bucket
                        && key.starts_with(prefix)
                        && key.contains(job.name.as_str())
                        && !job.name.is_empty()
                });
                if !made {
                    continue;
                }
                match job.inputs.get() {
                    Ok(inputs) => sources.extend(inputs.into_iter().flatten().filter_map(|uri| {
                        let (bucket, key) = object_of(uri)?;
                        Some((bucket.to_owned(), key.to_owned(), format!("the training data of job {}", job.name)))
                    })),
                    Err(unseen) => drop(doubt.get_or_insert(unseen)),
                }
            }
        }
        for (bucket, key, what) in &sources {
            match outsider(bucket, key, here) {
                Ok(Some((who, how, severity))) => {
                    let says = format!("{who} can write s3://{bucket}/{key}, {what}: {how}");
                    let telling = Telling::default()
                        .seen(format!("{who} can write s3://{bucket}/{key}"), &how)
                        .seen(format!("endpoint {} serves what is made of it", endpoint.name), what);
                    let verdict = fail(says).severity(severity).with("bucket", bucket.as_str()).with("who", who);
                    return Ok(telling.on(verdict, "close the bucket to the outside"));
                }
                Ok(None) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        doubt.map_or(Ok(()), Err)?;
        if sources.is_empty() {
            return Ok(exempt("it loads nothing from S3 that is known"));
        }
        let buckets: BTreeSet<&str> = sources.iter().map(|(bucket, ..)| bucket.as_str()).collect();
        Ok(pass("the buckets of its artifacts and of their training data let nobody from outside write")
            .with("buckets", buckets.into_iter().collect::<Vec<_>>()))
    }
}

/// Who from outside the account can write there, and how.
fn outsider(bucket: &str, key: &str, here: &Here<'_>) -> Result<Option<(String, String, Severity)>, Unseen> {
    if is_directory_bucket(bucket) {
        return Ok(None);
    }
    let seen = here.world.bucket(bucket)?;
    let account = &here.world.snapshot.account.public_access_block;
    let blocked = |setting: fn(&PublicAccessBlock) -> bool| match (account.get(), seen.public_access_block.get()) {
        (Ok(Some(block)), _) | (_, Ok(Some(block))) if setting(block) => Ok(true),
        (Err(unseen), _) | (_, Err(unseen)) => Err(unseen),
        _ => Ok(false),
    };
    let survey = here.world.survey();
    let mut doubt = None;
    let restricted = blocked(|block| block.restrict_buckets);
    for (caller, name) in callers(survey, bucket, here) {
        let asked = |restricted: bool| survey.outsider_touches(&caller, "s3:PutObject", bucket, key, restricted);
        let answer = match &restricted {
            Ok(restricted) => asked(*restricted),
            Err(unseen) => match (asked(true), asked(false)) {
                (Answer::Yes(proof), _) => Answer::Yes(proof),
                (_, Answer::No) => Answer::No,
                _ => Answer::Doubt(unseen.0.clone()),
            },
        };
        match answer {
            Answer::Yes(proof) => {
                let severity = if proof.keys.is_empty() { Severity::Critical } else { Severity::High };
                return Ok(Some((name, proof.words(), severity)));
            }
            Answer::Doubt(gap) => drop(doubt.get_or_insert(Unseen(gap))),
            Answer::No => {}
        }
    }
    match by_acl(seen, blocked(|block| block.ignore_acls)) {
        Ok(Some(grant)) => {
            let who = if grant.grantee.ends_with("AllUsers") { "everyone" } else { "every AWS account" };
            let how = format!("its access control list grants {}", grant.permission);
            return Ok(Some((who.to_owned(), how, Severity::Critical)));
        }
        Ok(None) => {}
        Err(unseen) => drop(doubt.get_or_insert(unseen)),
    }
    doubt.map_or(Ok(None), Err)
}

/// Outsiders to try: nobody in particular, an account that no policy knows, and those that the bucket policy names.
fn callers(survey: &Survey, bucket: &str, here: &Here<'_>) -> Vec<(String, String)> {
    let other = if here.account() == "999999999999" { "888888888888" } else { "999999999999" };
    let someone = |account: &str| format!("arn:{}:iam::{account}:role/{STRANGER}", here.partition());
    let mut all =
        vec![("anonymous".to_owned(), "everyone".to_owned()), (someone(other), "every AWS account".to_owned())];
    let document = survey.buckets.get(bucket).and_then(|policy| policy.policy.as_ref().ok()?.as_ref());
    for one in document.iter().flat_map(|document| admissions(document, "s3:*")).take(256) {
        match one.who {
            Principal::Identity(identity) if identity.account() != here.account() => {
                all.push((identity.arn().to_owned(), identity.arn().to_owned()));
            }
            Principal::Account(account) if **account != *here.account() => {
                all.push((someone(account), format!("account {account}")));
            }
            _ => {}
        }
    }
    all.dedup();
    all
}

/// A grant of the access control list that lets the public write.
fn by_acl(bucket: &Bucket, ignored: Result<bool, Unseen>) -> Result<Option<&AclGrant>, Unseen> {
    if bucket.ownership.shown().is_some_and(|ownership| ownership == "BucketOwnerEnforced") || ignored == Ok(true) {
        return Ok(None);
    }
    let grant = bucket.acl.known("Grants")?.iter().find(|grant| {
        let public =
            grant.grantee.ends_with("/global/AllUsers") || grant.grantee.ends_with("/global/AuthenticatedUsers");
        public && ["WRITE", "FULL_CONTROL"].contains(&grant.permission.as_str())
    });
    if grant.is_some() {
        ignored?;
    }
    Ok(grant)
}
