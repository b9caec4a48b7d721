use super::openings;
use super::path_domain_hopping::roles_of;
use crate::paths::{Answer, Telling};
use crate::prelude::*;

pub(super) struct PathCanvasSecretsCrossDomain;

/// Roles of other domains that are tried out.
const MOST: usize = 512;

impl Check for PathCanvasSecretsCrossDomain {
    type On<'w> = &'w ManagedSecret;

    const META: Meta = Meta {
        id: "path-canvas-secrets-cross-domain",
        title: "Secrets of one Studio domain stay closed to the roles of others",
        severity: Severity::High,
        reads: &[
            Table::ManagedSecrets,
            Table::Domains,
            Table::UserProfiles,
            Table::Keys,
            Table::KeyGrants,
            Table::Roles,
            Table::Policies,
            Table::Organization,
        ],
        practices: &["ID-4"],
        page: include_str!("path_canvas_secrets_cross_domain.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, secret: &ManagedSecret, here: &Here<'_>) -> Judged {
        let domains: Vec<(&Domain, Named)> =
            here.region.domains.iter().map(|domain| (domain, names(domain, secret, here))).collect();
        let owners: Vec<&str> =
            domains.iter().filter(|(_, named)| *named == Ok(true)).map(|(domain, _)| domain.id.as_str()).collect();
        let mut doubt = here.region.domains.missing.as_ref().map(Unseen::from);
        if owners.is_empty() {
            let unsure = domains.iter().find_map(|(_, named)| named.as_ref().err().cloned());
            return doubt.or(unsure).map_or_else(|| Ok(not_concerned()), Err);
        }
        if secret.deleted.get()?.is_some() {
            return Ok(exempt("it is to be deleted, and nobody can read it until it is restored"));
        }
        let survey = here.world.survey();
        let mut tried = 0;
        for place in here.world.regions() {
            if let Some(gap) = &place.region.domains.missing {
                doubt.get_or_insert(gap.into());
            }
            for other in place.region.domains.iter() {
                let here_too = place.name == here.name;
                let named =
                    domains.iter().find(|(domain, _)| here_too && domain.id == other.id).map(|(_, named)| named);
                if named == Some(&Ok(true)) {
                    continue;
                }
                let (roles, unseen) = roles_of(other, &place);
                doubt = doubt.or(unseen);
                for arn in roles {
                    tried += 1;
                    if tried > MOST {
                        doubt
                            .get_or_insert_with(|| unclear(format!("more than {MOST} roles were too many to try out")));
                        break;
                    }
                    let role = match survey.find(&arn) {
                        Ok(Some(role)) => role,
                        Ok(None) => continue,
                        Err(unseen) => {
                            doubt.get_or_insert(unseen);
                            continue;
                        }
                    };
                    match (survey.reads_secret(role, secret, here), named) {
                        (Answer::No, _) => {}
                        (Answer::Doubt(gap), _) => drop(doubt.get_or_insert(Unseen(gap))),
                        // It may be the secret of both.
                        (Answer::Yes(_), Some(Err(unseen))) => drop(doubt.get_or_insert(unseen.clone())),
                        (Answer::Yes(proof), _) => {
                            let name = openings::name(role, survey);
                            let owner = owners.join(" and ");
                            let says = format!(
                                "it belongs to domain {owner}, and role {name} of domain {} reads it: {}",
                                other.id,
                                proof.words()
                            );
                            let verdict = proof.on(fail(says));
                            let verdict =
                                if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) };
                            let telling = Telling::default()
                                .seen(format!("people of domain {} work under role {name}", other.id), "ExecutionRole")
                                .by(format!("role {name} reads the secret of domain {owner}"), &proof);
                            let verdict = verdict
                                .with("role", name)
                                .with("domains", owners.clone())
                                .with("other_domain", other.id.as_str());
                            return Ok(telling.on(verdict, "let a role read the secrets of its own domain only"));
                        }
                    }
                }
            }
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(pass("no role of another domain reads it").with("domains", owners))
    }
}

/// Whether something says that a secret is its own.
type Named = Result<bool, Unseen>;

/// Whether a domain, by its defaults or by one of its profiles, has Canvas sign in with the secret.
fn names(domain: &Domain, secret: &ManagedSecret, here: &Here<'_>) -> Named {
    let spelt = [&secret.reference, &secret.arn, &secret.name];
    let profiles = here.region.user_profiles.iter().filter(|profile| profile.domain == domain.id);
    let mut doubt = here.region.user_profiles.missing.as_ref().map(Unseen::from);
    for secrets in [&domain.canvas_secrets].into_iter().chain(profiles.map(|profile| &profile.canvas_secrets)) {
        match secrets.get() {
            Ok(names) if names.into_iter().flatten().any(|name| !name.is_empty() && spelt.contains(&name)) => {
                return Ok(true);
            }
            Ok(_) => {}
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    doubt.map_or(Ok(false), Err)
}
