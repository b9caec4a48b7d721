use crate::prelude::*;

pub(super) struct FeatureStoreCatalogEncrypted;

impl Check for FeatureStoreCatalogEncrypted {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "feature-store-catalog-encrypted",
        title: "The catalog of feature groups, and what queries of it answer, is encrypted",
        severity: Severity::Low,
        reads: &[Table::FeatureGroups, Table::CatalogEncryption, Table::AthenaWorkgroups],
        practices: &["REST-5"],
        page: include_str!("feature_store_catalog_encrypted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        let groups = &region.region.feature_groups;
        let catalogued = groups.iter().find(|group| group.catalog_database.shown().is_some());
        let Some(example) = catalogued else {
            groups.all()?;
            let hidden = groups.iter().find_map(|group| group.catalog_database.get().err());
            return hidden.map_or(Ok(not_concerned()), Err);
        };
        let (mut poor, mut doubt) = (Vec::new(), None);
        for judged in [catalog(&region), workgroup(&region)] {
            match judged {
                Ok(None) => {}
                Ok(Some(why)) => poor.push(why),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        let verdict = match (poor.is_empty(), doubt) {
            (false, _) => fail(poor.join("; ")),
            (true, Some(unseen)) => return Err(unseen),
            (true, None) => pass("the Glue catalog and the answers of Athena's primary workgroup are encrypted"),
        };
        Ok(verdict.with("database", example.catalog_database.shown().cloned()))
    }
}

/// What is wrong with the catalog.
fn catalog(here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let settings = here.region.catalog_encryption.find(|_| true)?;
    let settings = settings.ok_or_else(|| unclear("the settings of the Glue catalog were not told"))?;
    match settings.mode.known("CatalogEncryptionMode")?.as_str() {
        "DISABLED" => Ok(Some("the Glue catalog does not encrypt what it says of tables".to_owned())),
        mode if mode.starts_with("SSE-KMS") => Ok(None),
        other => Err(unclear(format!("CatalogEncryptionMode is {other}"))),
    }
}

/// What is wrong with the workgroup that queries go to.
fn workgroup(here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let group = here.region.athena_workgroups.find(|group| group.name == PRIMARY)?;
    let group = group.ok_or_else(|| unclear("Athena's primary workgroup is not among those of the region"))?;
    if group.managed_results.get()?.is_some_and(|managed| *managed) || group.encryption.get()?.is_some() {
        return Ok(None);
    }
    // A workgroup that is switched off answers nothing.
    Ok(match group.status.get()?.map(String::as_str) {
        Some("DISABLED") => None,
        _ => Some("Athena's primary workgroup does not say how answers are encrypted".to_owned()),
    })
}
