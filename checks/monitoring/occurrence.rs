//! Something that happens in an account, as far as a pattern can be tried on it before it happens.

/// Whether a pattern fits: for certain, for certain not, or depending on what is not known of the occurrence or the pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    No,
    Maybe,
}

impl Fit {
    pub(super) fn and(self, other: Fit) -> Fit {
        match (self, other) {
            (Fit::No, _) | (_, Fit::No) => Fit::No,
            (Fit::Yes, Fit::Yes) => Fit::Yes,
            _ => Fit::Maybe,
        }
    }

    pub(super) fn or(self, other: Fit) -> Fit {
        !((!self).and(!other))
    }
}

impl std::ops::Not for Fit {
    type Output = Fit;

    fn not(self) -> Fit {
        match self {
            Fit::Yes => Fit::No,
            Fit::No => Fit::Yes,
            Fit::Maybe => Fit::Maybe,
        }
    }
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Self {
        if fits { Fit::Yes } else { Fit::No }
    }
}

/// A record of CloudTrail's that there would be. Fields that are not listed may have any value, or none.
#[derive(Debug, Clone)]
pub(super) struct Occurrence {
    /// What happened, for people.
    pub(super) says: &'static str,
    /// CloudTrail records it in one region of the partition, wherever it was done.
    pub(super) global: bool,
    /// `detail-type` of the event that EventBridge makes of it.
    pub(super) kind: &'static str,
    /// Paths in the record, with the value, or `None` for what is not there.
    pub(super) fields: Vec<(&'static str, Option<&'static str>)>,
}

/// What is known of a field.
pub(super) enum Field {
    Is(&'static str),
    Absent,
    Unknown,
}

impl Occurrence {
    /// A call of the API that succeeds, made by somebody rather than by a service for them.
    pub(super) fn call(source: &'static str, name: &'static str) -> Occurrence {
        Occurrence {
            says: name,
            global: source == "iam.amazonaws.com",
            kind: "AWS API Call via CloudTrail",
            fields: vec![
                ("eventSource", Some(source)),
                ("eventName", Some(name)),
                ("eventType", Some("AwsApiCall")),
                ("errorCode", None),
                ("errorMessage", None),
                ("userIdentity.invokedBy", None),
            ],
        }
    }

    /// Several calls of one service.
    pub(super) fn calls(source: &'static str, names: &[&'static str]) -> Vec<Occurrence> {
        names.iter().map(|name| Occurrence::call(source, name)).collect()
    }

    /// A field of the record, by its path.
    pub(super) fn field(&self, path: &str) -> Field {
        match self.fields.iter().find(|(known, _)| *known == path) {
            Some((_, Some(value))) => Field::Is(value),
            Some((_, None)) => Field::Absent,
            None => Field::Unknown,
        }
    }

    /// `source` of the event that EventBridge makes of it: `aws.iam` for `iam.amazonaws.com`.
    pub(super) fn source(&self) -> Option<String> {
        match self.field("eventSource") {
            Field::Is(source) => Some(format!("aws.{}", source.split('.').next().unwrap_or_default())),
            _ => None,
        }
    }
}

/// Whether a text fits a pattern in which `*` stands for any characters.
pub(super) fn fits_wildcard(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut last = None;
    for piece in pieces {
        // All but the last piece may stand at the first place where they are found.
        if let Some(found) = last.replace(piece) {
            match rest.split_once(found) {
                Some((_, behind)) => rest = behind,
                None => return false,
            }
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text) in [
            ("a*", "abc"),
            ("*c", "abc"),
            ("a*c", "abc"),
            ("*", ""),
            ("a*b*c", "aXbYbZc"),
            ("abc", "abc"),
            ("*b*", "abc"),
        ] {
            assert!(fits_wildcard(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("a*c", "abcd"), ("abc", "abcd"), ("", "a"), ("a*a", "a"), ("*x*", "abc"), ("b*", "abc")]
        {
            assert!(!fits_wildcard(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_doubt_counts_only_where_it_can_decide() {
        assert_eq!(Fit::No.and(Fit::Maybe), Fit::No);
        assert_eq!(Fit::Yes.or(Fit::Maybe), Fit::Yes);
        assert_eq!(Fit::Yes.and(Fit::Maybe), Fit::Maybe);
        assert_eq!(!Fit::Maybe, Fit::Maybe);
    }
}
