use std::collections::BTreeSet;

use crate::paths::Telling;
use crate::prelude::*;

pub(super) struct PathFeatureStorePoisoning;

/// The calls that change what models are told online. Source: service authorization reference of SageMaker, 2026.
const WRITES: [&str; 2] = ["sagemaker:PutRecord", "sagemaker:DeleteRecord"];

/// Writers that are named in a finding.
const MOST: usize = 20;

impl Check for PathFeatureStorePoisoning {
    type On<'w> = &'w FeatureGroup;

    const META: Meta = Meta {
        id: "path-feature-store-poisoning",
        title: "Only the ingestion role writes online features",
        severity: Severity::High,
        confidence: Confidence::Medium,
        reads: &[Table::FeatureGroups, Table::Users, Table::Groups, Table::Roles, Table::Policies, Table::Organization],
        practices: &["SUP-4"],
        page: include_str!("path_feature_store_poisoning.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, group: &FeatureGroup, here: &Here<'_>) -> Judged {
        if group.online.get()? != Some(&true) {
            return Ok(not_concerned());
        }
        if Arn::parse(&group.arn).is_none_or(|arn| arn.service != "sagemaker") {
            return Err(unclear(format!("`{}` is not the ARN of a feature group", group.arn)));
        }
        let survey = here.world.survey();
        let (mut writers, mut doubt) = (Vec::new(), None);
        for action in WRITES {
            let found = survey.holders(action, &group.arn, &group.tags, MOST, |person| survey.is_ordinary(person));
            doubt = doubt.or(found.none().err());
            writers.extend(found.found.into_iter().map(|(person, alike, proof)| (person, alike, action, proof)));
        }
        let ordered = |person: usize| survey.cast.people.get(person).is_none_or(|who| !who.is_user);
        writers.sort_by_key(|(person, .., proof)| (!proof.keys.is_empty(), ordered(*person), *person));
        let mut counted = BTreeSet::new();
        let count: usize = writers
            .iter()
            .filter(|(person, ..)| counted.insert(*person))
            .map(|(person, alike, ..)| {
                // One role is what ingestion needs; a person with rights of their own is not a pipeline.
                let is_user = survey.cast.people.get(*person).is_some_and(|who| who.is_user);
                if is_user { 2 } else { (*alike).max(1) }
            })
            .sum();
        let names: BTreeSet<String> =
            writers.iter().take(MOST).map(|(person, alike, ..)| survey.called(*person, *alike)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if let Some((person, alike, action, proof)) = writers.first().filter(|_| count > 1) {
            let who = survey.called(*person, *alike);
            let deed = if action.ends_with("PutRecord") { "write its records" } else { "delete its records" };
            let says = format!("{who} can {deed}, and is not the only one who can change them: {}", proof.words());
            let verdict = proof.on(fail(says));
            let verdict = if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) };
            let telling = Telling::default().by(format!("{who} can {deed}"), proof).seen(
                "models that read the online store decide by them at once",
                "OnlineStoreConfig.EnableOnlineStore",
            );
            let verdict = verdict.with("writers", names);
            return Ok(telling.on(verdict, "let only the ingestion role call PutRecord and DeleteRecord"));
        }
        doubt.map_or(Ok(()), Err)?;
        survey.everyone()?;
        Ok(pass("at most one role besides administrators can write or delete its records").with("writers", names))
    }
}
