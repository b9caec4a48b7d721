use std::collections::BTreeMap;

use crate::aws::buckets::is_directory_bucket;
use crate::paths::way_out::{self, WayOut};
use crate::paths::{Answer, Telling};
use crate::prelude::*;

pub(super) struct PathPiiBucketToOpenNotebook;

/// From this score on Macie calls a bucket sensitive; 50 is one that it has not looked into yet, below lies what is not
/// sensitive, and -1 is one that it could not look into (Macie User Guide, "Sensitivity scoring for S3 buckets", 2026).
const SENSITIVE: i32 = 51;
const NOT_YET: i32 = 50;

/// Roles that are tried out.
const MOST: usize = 1024;

impl Check for PathPiiBucketToOpenNotebook {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "path-pii-bucket-to-open-notebook",
        title: "No notebook or domain with a way to the internet reads what Macie calls sensitive",
        severity: Severity::High,
        reads: &[
            Table::Buckets,
            Table::MacieSessions,
            Table::MacieBuckets,
            Table::Keys,
            Table::KeyGrants,
            Table::Notebooks,
            Table::Domains,
            Table::UserProfiles,
            Table::Subnets,
            Table::RouteTables,
            Table::SecurityGroups,
            Table::Users,
            Table::Groups,
            Table::Roles,
            Table::Policies,
            Table::Organization,
        ],
        practices: &["PRIV-1"],
        page: include_str!("path_pii_bucket_to_open_notebook.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("it is a directory bucket, which Macie does not know"));
        }
        let score = match score(bucket, here)? {
            Ok(score) => score,
            Err(why) => return Ok(exempt(why)),
        };
        if score < SENSITIVE {
            return Ok(pass("Macie found nothing sensitive in it").with("sensitivity", score));
        }
        let survey = here.world.survey();
        let (open, mut doubt) = open_roles(here);
        let open_at_all = !open.is_empty();
        if open.len() > MOST {
            doubt.get_or_insert_with(|| unclear(format!("more than {MOST} roles were too many to try out")));
        }
        for (arn, Open { what, how, field }) in open.into_iter().take(MOST) {
            let person = match survey.find(&arn) {
                Ok(Some(person)) => person,
                Ok(None) => continue,
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                    continue;
                }
            };
            match survey.touches(person, "s3:GetObject", &bucket.name, "") {
                Answer::Yes(proof) => {
                    let name = short_name(&arn);
                    let says = format!(
                        "Macie calls it sensitive (score {score}), and role {name} of {what} reads it, where {how}: {}",
                        proof.words()
                    );
                    let telling = Telling::default()
                        .seen(format!("{what} leads to the internet: {how}"), field)
                        .seen(format!("{what} works under role {name}"), "ExecutionRole, RoleArn")
                        .by(format!("role {name} reads bucket {}", bucket.name), &proof)
                        .seen("the bucket holds sensitive data", "sensitivityScore");
                    let verdict = proof.on(fail(says)).with("sensitivity", score).with("role", name).with("open", what);
                    let verdict = if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) };
                    return Ok(telling.on(verdict, "read sensitive buckets from networks without a way out only"));
                }
                Answer::Doubt(gap) => drop(doubt.get_or_insert(Unseen(gap))),
                Answer::No => {}
            }
        }
        doubt.map_or(Ok(()), Err)?;
        let says = match open_at_all {
            true => "it is sensitive, and no role of a notebook or domain with a way to the internet reads it",
            false => "it is sensitive, and no notebook or domain has a way to the internet",
        };
        Ok(pass(says).with("sensitivity", score))
    }
}

/// The score that Macie gives a bucket, or why it gives none.
fn score(bucket: &Bucket, here: &Here<'_>) -> Result<Result<i32, String>, Unseen> {
    let Some(at) = bucket.region.get()? else {
        return Ok(Err("it does not exist (any more)".to_owned()));
    };
    let place = here.world.region(at).ok_or_else(|| unclear(format!("it lies in {at}, which was not scanned")))?;
    let known = place.region.macie_buckets.iter().find(|known| known.name == bucket.name);
    let Some(known) = known else {
        if place.region.macie_sessions.all()?.is_empty() {
            return Ok(Err(format!("Macie is not enabled in {at}, so nobody knows how sensitive it is")));
        }
        place.region.macie_buckets.all()?;
        return Err(unclear("Macie of this account does not know it: it is new, or not ours"));
    };
    let score = *known.sensitivity.known("sensitivityScore")?;
    Ok(match score {
        ..0 => Err("Macie could not look into it".to_owned()),
        NOT_YET => Err("Macie has not looked into it yet".to_owned()),
        score => Ok(score),
    })
}

/// Something that leads to the internet.
struct Open {
    what: String,
    how: &'static str,
    /// The fields that say so.
    field: &'static str,
}

/// The roles of notebooks and domains that have a way to the internet, and why there may be more.
fn open_roles(here: &Here<'_>) -> (BTreeMap<String, Open>, Option<Unseen>) {
    let (mut roles, mut doubt): (BTreeMap<String, Open>, Option<Unseen>) = (BTreeMap::new(), None);
    let mut add = |role: Result<Option<String>, Unseen>, way: WayOut, what: String, field: &'static str| {
        match (role, way) {
            // Nobody works there, or nothing leads out.
            (Ok(None), _) | (_, Ok(None)) => {}
            (Ok(Some(role)), Ok(Some(how))) => drop(roles.entry(role).or_insert(Open { what, how, field })),
            (Err(unseen), _) | (_, Err(unseen)) => drop(doubt.get_or_insert(unseen)),
        }
    };
    let mut missing = None;
    for place in here.world.regions() {
        let region = place.region;
        let listed = [&region.notebooks.missing, &region.domains.missing, &region.user_profiles.missing];
        missing = missing.or_else(|| listed.into_iter().flatten().next().map(Unseen::from));
        for notebook in region.notebooks.iter() {
            let role = notebook.role.known("RoleArn").cloned().map(Some);
            let what = format!("notebook {}", notebook.name);
            add(role, way_out::of_notebook(notebook, &place), what, "DirectInternetAccess, SubnetId");
        }
        for domain in region.domains.iter() {
            let way = way_out::of_domain(domain, &place);
            let profiles = region.user_profiles.iter().filter(|profile| profile.domain == domain.id);
            let own = [&domain.role, &domain.space_role];
            for role in own.into_iter().chain(profiles.map(|profile| &profile.role)) {
                let role = role.get().map(|role| role.cloned());
                add(role, way.clone(), format!("domain {}", domain.id), "AppNetworkAccessType, SubnetIds");
            }
        }
    }
    (roles, doubt.or(missing))
}
