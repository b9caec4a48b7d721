use super::openings;
use crate::paths::stage::of_profile;
use crate::paths::{Answer, Survey, Telling};
use crate::prelude::*;

pub(super) struct PathDomainHopping;

/// Roles of one domain, and domains and profiles of the others, that are tried out.
const MOST: usize = 32;

impl Check for PathDomainHopping {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "path-domain-hopping",
        title: "Roles of one Studio domain open no door to another",
        severity: Severity::High,
        reads: &[
            Table::Domains,
            Table::UserProfiles,
            Table::Users,
            Table::Groups,
            Table::Roles,
            Table::Policies,
            Table::Organization,
        ],
        practices: &["ID-3"],
        page: include_str!("path_domain_hopping.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let survey = here.world.survey();
        let others: Vec<(Here<'_>, &Domain)> = here
            .world
            .regions()
            .flat_map(|place| place.region.domains.iter().map(move |other| (place, other)))
            .filter(|(place, other)| (place.name, &other.id) != (here.name, &domain.id))
            .collect();
        let mut doubt = here.world.regions().find_map(|place| place.region.domains.missing.as_ref()).map(Unseen::from);
        if others.is_empty() {
            return doubt.map_or_else(|| Ok(not_concerned()), Err);
        }
        let (roles, unseen) = roles_of(domain, here);
        doubt = doubt.or(unseen);
        if roles.len() > MOST || others.len() > MOST {
            doubt.get_or_insert_with(|| unclear(format!("more than {MOST} roles or domains were too many to try out")));
        }
        for arn in roles.iter().take(MOST) {
            let Some(role) = (match survey.find(arn) {
                Ok(role) => role,
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                    continue;
                }
            }) else {
                continue;
            };
            if survey.cast.is_admin(role) {
                let says = format!(
                    "its role {} is an administrator, for whom domains are no boundary",
                    openings::name(role, survey)
                );
                return Ok(fail(says).with("role", openings::name(role, survey)));
            }
            for (place, other) in others.iter().take(MOST) {
                match hop(survey, role, place, other, &roles) {
                    Ok(Some((what, proof))) => {
                        let says = format!(
                            "its role {} can {what} of domain {}: {}",
                            openings::name(role, survey),
                            other.id,
                            proof.words()
                        );
                        let verdict = proof.on(fail(says));
                        let verdict = if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) };
                        let name = openings::name(role, survey);
                        let telling = Telling::default()
                            .seen(format!("people of domain {} work under role {name}", domain.id), "ExecutionRole")
                            .by(format!("role {name} can {what} of domain {}", other.id), &proof);
                        let verdict = verdict.with("role", name).with("other_domain", other.id.as_str());
                        return Ok(telling.on(verdict, "name the role's own domain in the resources of the statement"));
                    }
                    Ok(None) => {}
                    Err(unseen) => {
                        doubt.get_or_insert(unseen);
                    }
                }
            }
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(pass("none of its roles can open a session, start an app or pass a role of another domain")
            .with("other_domains", others.len()))
    }
}

/// The roles that people of a domain work under, and why there may be more.
pub(super) fn roles_of(domain: &Domain, here: &Here<'_>) -> (Vec<String>, Option<Unseen>) {
    let mut doubt = here.region.user_profiles.missing.as_ref().map(Unseen::from);
    let mut roles = Vec::new();
    let profiles = here.region.user_profiles.iter().filter(|profile| profile.domain == domain.id);
    let own = [&domain.role, &domain.space_role];
    for seen in own.into_iter().chain(profiles.map(|profile| &profile.role)) {
        match seen.get() {
            Ok(role) => roles.extend(role.cloned()),
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    roles.sort();
    roles.dedup();
    (roles, doubt)
}

/// What a role can do to another domain, and by which statement.
fn hop(
    survey: &Survey,
    role: usize,
    place: &Here<'_>,
    other: &Domain,
    own: &[String],
) -> Result<Option<(String, crate::engine::Proof)>, Unseen> {
    let mut doubt = None;
    let unknown: Seen<Vec<Tag>> = Seen::default();
    let opens = other.auth.get().map(|auth| auth.is_some_and(|auth| auth == "IAM"));
    let profiles = place.region.user_profiles.iter().filter(|profile| profile.domain == other.id);
    for profile in profiles.take(MOST) {
        let piece = of_profile(profile, place);
        let app = piece.arn.replacen(":user-profile/", ":app/", 1) + "/*";
        let ways = [
            ("sagemaker:CreatePresignedDomainUrl", piece.arn.as_str(), "sign in as users"),
            ("sagemaker:CreateApp", app.as_str(), "start apps for users"),
        ];
        for (action, arn, words) in ways {
            if action == "sagemaker:CreatePresignedDomainUrl" && opens == Ok(false) {
                continue;
            }
            let tagged = if action == "sagemaker:CreateApp" { &unknown } else { &profile.tags };
            match survey.cast.holds(role, &(action, "@"), Some((arn, tagged))) {
                Answer::Yes(proof) => return Ok(Some((words.to_owned(), proof))),
                Answer::Doubt(gap) => drop(doubt.get_or_insert(Unseen(gap))),
                // A tag in the way is none for those who may change tags.
                Answer::No => {
                    let could = survey.cast.holds(role, &(action, "@"), Some((arn, &unknown)));
                    let retag =
                        || survey.cast.holds(role, &("sagemaker:AddTags", "@"), Some((&piece.arn, &profile.tags)));
                    if let Answer::Yes(_) = could
                        && let Answer::Yes(proof) = retag()
                    {
                        return Ok(Some((format!("change tags so as to {words}"), proof)));
                    }
                }
            }
        }
    }
    if let Err(unseen) = opens {
        doubt.get_or_insert(unseen);
    }
    if let Some(gap) = &place.region.user_profiles.missing {
        doubt.get_or_insert(gap.into());
    }
    match other.role.get() {
        Ok(Some(theirs)) if !own.contains(theirs) => {
            let tags = here_tags(survey, theirs);
            match survey.passes(role, theirs, "sagemaker", &tags) {
                Answer::Yes(proof) if survey.may_hand_over(role) != Answer::No => {
                    return Ok(Some(("pass the role".to_owned(), proof)));
                }
                Answer::Doubt(gap) => drop(doubt.get_or_insert(Unseen(gap))),
                _ => {}
            }
        }
        Ok(_) => {}
        Err(unseen) => drop(doubt.get_or_insert(unseen)),
    }
    doubt.map_or(Ok(None), Err)
}

fn here_tags(survey: &Survey, role: &str) -> Seen<Vec<Tag>> {
    survey.cast.person(role).and_then(|at| survey.cast.people.get(at)).map(|p| p.tags.clone()).unwrap_or_default()
}
