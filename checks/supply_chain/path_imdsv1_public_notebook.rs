use crate::paths::Telling;
use crate::paths::stage::faces_internet;
use crate::prelude::*;

pub(super) struct PathImdsv1PublicNotebook;

impl Check for PathImdsv1PublicNotebook {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "path-imdsv1-public-notebook",
        title: "No notebook on the internet hands its credentials to a single forged request",
        severity: Severity::High,
        reads: &[
            Table::Notebooks,
            Table::Subnets,
            Table::RouteTables,
            Table::Users,
            Table::Groups,
            Table::Roles,
            Table::Policies,
            Table::Organization,
        ],
        practices: &["NET-2"],
        page: include_str!("path_imdsv1_public_notebook.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, here: &Here<'_>) -> Judged {
        let internet = faces_internet(notebook, here);
        let version = notebook.imds_version.known("MinimumInstanceMetadataServiceVersion").and_then(|version| {
            match version.as_str() {
                "1" => Ok(true),
                "2" => Ok(false),
                other => Err(unclear(format!("metadata service version {other}"))),
            }
        });
        let survey = here.world.survey();
        let person = notebook.role.known("RoleArn").and_then(|arn| survey.find(arn));
        let gain = person.clone().and_then(|person| person.map_or(Ok(None), |person| survey.gain(person)));
        if version == Ok(false) {
            return Ok(pass("its metadata service asks for a session token first").with("imds_version", "2"));
        }
        if internet == Ok(None) {
            return Ok(pass("nothing leads from it straight to the internet"));
        }
        if gain == Ok(None) {
            return Ok(pass("its role gives no access to data, other roles or IAM"));
        }
        let (Some(way), true, Some((words, proof)), Some(person)) = (internet?, version?, gain?, person?) else {
            return Ok(not_concerned());
        };
        let name = survey.cast.people.get(person).map_or("", |role| role.name.as_str());
        let says = format!(
            "version 1 of its metadata service answers any request from inside, {way}, and its role {name} {words}: {}",
            proof.words()
        );
        let verdict = proof.on(fail(says)).with("imds_version", "1").with("internet", way).with("role", name);
        let telling = Telling::default()
            .seen(format!("the internet reaches into the notebook: {way}"), "DirectInternetAccess, SubnetId")
            .seen("a forged request reads credentials", "MinimumInstanceMetadataServiceVersion is 1")
            .by(format!("they are those of role {name}, which {words}"), &proof);
        let verdict = telling.on(verdict, "ask for version 2 of the metadata service");
        Ok(if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) })
    }
}
