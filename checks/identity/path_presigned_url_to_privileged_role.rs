use super::openings;
use crate::engine::Session;
use crate::paths::Telling;
use crate::paths::stage::{of_notebook, of_profile};
use crate::prelude::*;

pub(super) struct PathPresignedUrlToPrivilegedRole;

impl Check for PathPresignedUrlToPrivilegedRole {
    type On<'w> = Session<'w>;

    const META: Meta = Meta {
        id: "path-presigned-url-to-privileged-role",
        title: "Nobody can open a session that runs as an administrator",
        severity: Severity::Critical,
        reads: openings::TABLES,
        practices: &["ID-7"],
        page: include_str!("path_presigned_url_to_privileged_role.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, session: Session<'_>, here: &Here<'_>) -> Judged {
        let piece = match session.0 {
            Workload::Notebook(notebook) => of_notebook(notebook, here),
            Workload::UserProfile(profile) => of_profile(profile, here),
            _ => return Ok(not_concerned()),
        };
        let survey = here.world.survey();
        let Some(role) = openings::role_of(&piece, survey)? else {
            return Ok(pass("its role does not exist, so a session has no rights to lend"));
        };
        let power = survey.power(role);
        // Whoever reads every bucket is another matter; a session of an administrator is the whole account.
        let power = match power {
            Ok(Some((words, proof))) if survey.cast.is_admin(role) => Ok(Some((words, proof))),
            Ok(_) => match &survey.cast.standing(role).0 {
                crate::paths::Standing::Doubt(gap) => Err(Unseen(gap.clone())),
                _ => Ok(None),
            },
            Err(unseen) => Err(unseen),
        };
        if power == Ok(None) {
            return Ok(pass("its role is no administrator and cannot make itself one")
                .with("role", openings::name(role, survey)));
        }
        // Only now: what holds of the role holds however its domain signs people in.
        if piece.opens == Some(false) {
            return Ok(exempt("its domain signs people in through IAM Identity Center, which takes no presigned URLs"));
        }
        let openers =
            survey.openers(&piece, &["sm-ex-01", "sm-ex-02"], 5, |person| openings::gains(survey, person, role));
        let Some(first) = openers.found.iter().min_by_key(|one| (one.proof.keys.len(), one.person)) else {
            openers.none()?;
            survey.everyone()?;
            return Ok(pass("nobody but administrators can open a session of it"));
        };
        let Some((words, proof)) = power? else { return Ok(not_concerned()) };
        if piece.opens.is_none() {
            return Err(unclear("it was not seen how its domain signs people in"));
        }
        let who = survey.called(first.person, first.alike);
        let says = format!(
            "{who} can {} it and act as {}, which {words}: {}",
            first.way.says,
            openings::name(role, survey),
            first.proof.words()
        );
        let verdict = first.proof.on(fail(says));
        let verdict = match first.proof.keys.is_empty() && proof.keys.is_empty() {
            true => verdict,
            false => verdict.severity(Severity::High),
        };
        let (name, called) = (openings::name(role, survey), format!("{} {}", piece.kind, piece.name));
        let telling = Telling::default()
            .by(format!("{who} can {} {called}", first.way.says), &first.proof)
            .seen(format!("{called} runs as role {name}"), piece.roles.first().map_or("", |(_, field)| field))
            .by(format!("role {name} {words}"), &proof);
        let verdict = verdict
            .with("role", name)
            .with("technique", first.way.id)
            .with("who", openers.found.iter().map(|one| survey.called(one.person, one.alike)).collect::<Vec<_>>());
        Ok(telling.on(verdict, format!("give {called} a role that is no administrator")))
    }
}
