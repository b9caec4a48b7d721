use crate::prelude::*;

pub(super) struct ResourceTagsClassification;

impl Check for ResourceTagsClassification {
    type On<'w> = Workload<'w>;

    const META: Meta = Meta {
        id: "resource-tags-classification",
        title: "Resources carry tags for owner, environment and data class",
        severity: Severity::Low,
        reads: Table::WORKLOADS,
        practices: &["ID-9", "PRIV-3"],
        page: include_str!("resource_tags_classification.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, workload: Workload<'_>, _here: &Here<'_>) -> Judged {
        let status = match workload {
            Workload::TrainingJob(job) => Some(job.status.known("TrainingJobStatus")?),
            Workload::ProcessingJob(job) => Some(job.status.known("ProcessingJobStatus")?),
            _ => None,
        };
        if let Some(status @ ("Completed" | "Failed" | "Stopped")) = status.map(String::as_str) {
            return Ok(exempt("the job is finished, and tags of finished jobs are not read").with("status", status));
        }
        let Some(tags) = workload.tags() else { return Ok(not_concerned()) };
        let tags = tags.get()?.map(Vec::as_slice).unwrap_or_default();
        let missing: Vec<&str> = MANDATORY
            .iter()
            .filter(|wanted| !tags.iter().any(|tag| wanted.is_met_by(tag)))
            .map(|wanted| wanted.what)
            .collect();
        Ok(match missing.as_slice() {
            [] => pass("its tags tell owner, environment and data class"),
            _ => fail(format!("no tag tells its {}", missing.join(" or its "))).with("missing", missing),
        })
    }
}

/// A kind of tag that must be there, in the usual spellings.
struct Wanted {
    what: &'static str,
    /// What a key may begin or end with: `DataOwner` and `owner-email` both name an owner.
    stems: &'static [&'static str],
    /// Words too short or too common to be taken for a part of another.
    words: &'static [&'static str],
}

const MANDATORY: [Wanted; 3] = [
    Wanted {
        what: "owner",
        stems: &["owner", "contact", "responsible", "maintainer", "steward"],
        words: &["team", "squad"],
    },
    Wanted { what: "environment", stems: &["environment"], words: &["env", "stage", "envtype", "envname"] },
    Wanted {
        what: "data class",
        stems: &["classification", "dataclass", "sensitivity", "confidentiality", "datacategory"],
        words: &["classified"],
    },
];

impl Wanted {
    fn is_met_by(&self, tag: &Tag) -> bool {
        // AWS sets its own tags; nobody in the account has thought about those.
        let reserved = tag.key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
        if reserved || tag.value.trim().is_empty() {
            return false;
        }
        // `acme:ml/Data-Owner` is a data owner.
        let name = tag.key.rsplit([':', '/']).next().unwrap_or_default();
        let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        self.words.contains(&name.as_str())
            || self.stems.iter().any(|stem| name.starts_with(stem) || name.ends_with(stem))
    }
}
