use super::roles;
use crate::engine::Principal;
use crate::paths::{Answer, Standing, Telling};
use crate::prelude::*;

pub(super) struct PathPassroleCreatejobToAdmin;

impl Check for PathPassroleCreatejobToAdmin {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "path-passrole-createjob-to-admin",
        title: "Nobody can start SageMaker work under an administrator role",
        severity: Severity::Critical,
        reads: &[Table::Users, Table::Groups, Table::Roles, Table::Policies, Table::Organization],
        practices: &["ID-7"],
        page: include_str!("path_passrole_createjob_to_admin.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let arn = match principal {
            Principal::Role(role) if roles::is_service_linked(role) => return Ok(not_concerned()),
            Principal::Role(role) => &role.arn,
            Principal::User(user) => &user.arn,
        };
        let survey = here.world.survey();
        let person = survey.find(arn)?.ok_or_else(|| unclear(format!("{arn} is not of this snapshot")))?;
        if let (Standing::Admin(proof), _) = survey.cast.standing(person)
            && proof.keys.is_empty()
            && proof.unread.is_none()
        {
            return Ok(not_concerned());
        }
        let mut handed = survey.handed(person, survey.admins(), usize::MAX);
        let mut doubt = None;
        handed.found.retain(|one| match survey.cast.standing(one.role).0.clone() {
            Standing::Admin(_) if one.way.service.ends_with("sagemaker") => true,
            Standing::Doubt(gap) => {
                doubt.get_or_insert(Unseen(gap));
                false
            }
            _ => false,
        });
        let conditions = |one: &crate::paths::Handed| -> usize {
            let role = match &survey.cast.standing(one.role).0 {
                Standing::Admin(proof) => proof.keys.len(),
                _ => 0,
            };
            one.pass.keys.len() + one.used.keys.len() + one.trust.keys.len() + role
        };
        let best = handed.found.iter().min_by_key(|one| (conditions(one), one.way.confidence, one.role));
        if let Some(best) = best {
            let role = survey.cast.people.get(best.role).map_or("", |role| role.name.as_str());
            let power = survey.power(best.role)?.map_or("is administrator", |(words, _)| words);
            let says = format!(
                "it can {} {role}, which {power}: it may pass the role by {}",
                best.way.says,
                best.pass.words()
            );
            let verdict = best.pass.on(fail(says));
            let verdict = match conditions(best) {
                0 => verdict,
                _ => verdict.severity(Severity::High),
            };
            let others: Vec<&str> = handed
                .found
                .iter()
                .filter(|one| one.role != best.role)
                .take(5)
                .filter_map(|one| survey.cast.people.get(one.role).map(|role| role.name.as_str()))
                .collect();
            let verdict = if others.is_empty() { verdict } else { verdict.with("other_roles", others) };
            let who = survey.called(person, 1);
            let mut telling = Telling::default()
                .by(format!("{who} may pass role {role} to SageMaker"), &best.pass)
                .by(format!("role {role} trusts SageMaker"), &best.trust)
                .by(format!("{who} can {} {role}", best.way.says), &best.used);
            if let Standing::Admin(proof) = &survey.cast.standing(best.role).0 {
                telling = telling.by(format!("role {role} {power}"), proof);
            }
            let cut = format!("have role {role} trust SageMaker no more: that ends every path of this kind to it");
            return Ok(telling.on(verdict.with("role", role).with("technique", best.way.id), cut));
        }
        doubt.map_or(Ok(()), Err)?;
        handed.none()?;
        survey.cast.roles_missing.as_ref().map_or(Ok(()), |gap| Err(Unseen(gap.clone())))?;
        if let Some((_, gap)) = survey.cast.unread.first() {
            return Err(Unseen(gap.clone()));
        }
        // An administrator, unless what was not seen takes that away, has no need of anybody's role.
        if let (Standing::Admin(proof), _) = survey.cast.standing(person)
            && let Some(unread) = proof.unread.as_ref().filter(|_| proof.keys.is_empty())
        {
            return Err(unclear(unread.clone()));
        }
        match survey.may_hand_over(person) {
            Answer::No => return Ok(not_concerned()),
            Answer::Doubt(gap) => return Err(Unseen(gap)),
            Answer::Yes(_) => {}
        }
        Ok(pass("no role that it may hand to SageMaker is an administrator, or can make itself one"))
    }
}
