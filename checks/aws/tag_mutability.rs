//! Whether the tags of a repository can be moved to other images. Source: Amazon ECR User Guide, "Preventing image tags from
//! being overwritten", with the exclusion filters of 2025; read November 2026.

use crate::prelude::*;

/// Whether whoever may push can move this tag to another image.
///
/// # Errors
/// The gap of a setting that decides.
pub(crate) fn moves(repository: &Repository, tag: &str) -> Result<bool, Unseen> {
    let excluded = || -> Result<bool, Unseen> {
        let filters = repository.exclusions.known("imageTagMutabilityExclusionFilters")?;
        Ok(filters.iter().any(|filter| covers(filter, tag)))
    };
    // A tag is what the exclusion says if a filter covers it, and the opposite otherwise.
    match repository.tag_mutability.known("imageTagMutability")?.as_str() {
        "IMMUTABLE" => Ok(false),
        "MUTABLE" => Ok(true),
        "IMMUTABLE_WITH_EXCLUSION" => excluded(),
        "MUTABLE_WITH_EXCLUSION" => Ok(!excluded()?),
        other => Err(unclear(format!("tags of repository {} are `{other}`", repository.name))),
    }
}

/// Whether a filter, in which `*` stands for anything, covers a tag.
pub(crate) fn covers(filter: &str, tag: &str) -> bool {
    let mut parts = filter.split('*');
    let Some(mut rest) = parts.next().and_then(|first| tag.strip_prefix(first)) else { return false };
    let Some(last) = filter.rfind('*').and_then(|at| filter.get(at + 1..)) else { return rest.is_empty() };
    let between = parts.clone().count().saturating_sub(1);
    for part in parts.take(between) {
        match rest.find(part).and_then(|at| rest.get(at + part.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_in_a_filter_stands_for_anything() {
        for (filter, tag) in [("dev-*", "dev-1"), ("*", ""), ("latest", "latest"), ("a*b*c", "a1b2c"), ("*-rc", "2-rc")]
        {
            assert!(covers(filter, tag), "{filter} {tag}");
        }
        for (filter, tag) in
            [("dev-*", "prod-1"), ("latest", "latest2"), ("a*b*c", "a1c"), ("*-rc", "2-rc1"), ("ab*b", "ab")]
        {
            assert!(!covers(filter, tag), "{filter} {tag}");
        }
    }
}
