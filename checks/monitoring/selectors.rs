//! Which events the selectors of a trail or an event data store let through.

use crate::prelude::*;

/// How much of one kind of events is recorded.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recorded {
    /// All events that only read.
    pub(super) reads: bool,
    /// All events that write.
    pub(super) writes: bool,
    /// Some events, by a condition on names, sources or ARNs.
    pub(super) part: bool,
}

impl Recorded {
    const ALL: Recorded = Recorded { reads: true, writes: true, part: false };
    const READS: Recorded = Recorded { reads: true, writes: false, part: false };
    const WRITES: Recorded = Recorded { reads: false, writes: true, part: false };
    const PART: Recorded = Recorded { reads: false, writes: false, part: true };

    /// What is recorded by one or the other.
    pub(super) fn or(self, other: Recorded) -> Recorded {
        Recorded {
            reads: self.reads || other.reads,
            writes: self.writes || other.writes,
            part: self.part || other.part,
        }
    }

    /// Nothing is left out.
    pub(super) fn is_whole(self) -> bool {
        self.reads && self.writes
    }

    /// Nothing is recorded.
    pub(super) fn is_none(self) -> bool {
        self == Recorded::default()
    }
}

/// The noisy sources that CloudTrail lets one exclude from management events without losing anything about SageMaker.
const NOISE: [&str; 2] = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/// Which management events pass the selectors of a trail.
pub(super) fn management(selectors: &Selectors) -> Recorded {
    let is_noise = |source: &String| NOISE.contains(&source.as_str());
    let basic = selectors.basic.iter().filter(|s| s.management).map(|s| match s.read_write.as_str() {
        _ if !s.exclude_sources.iter().all(is_noise) => Recorded::PART,
        "All" => Recorded::ALL,
        "ReadOnly" => Recorded::READS,
        "WriteOnly" => Recorded::WRITES,
        _ => Recorded::PART,
    });
    let harmless = |f: &FieldSelector| {
        f.field == "eventSource" && f.equals.is_empty() && !is_narrowed(f) && f.not_equals.iter().all(is_noise)
    };
    let advanced = selectors.advanced.iter().map(|s| advanced(s, "Management", harmless));
    basic.chain(advanced).fold(Recorded::default(), Recorded::or)
}

/// Whether the management events of a source are left out, as those of KMS may be.
pub(super) fn leaves_out(selectors: &Selectors, source: &str) -> bool {
    let names = |sources: &[String]| sources.iter().any(|one| one == source);
    let basic = selectors.basic.iter().filter(|s| s.management).map(|s| names(&s.exclude_sources));
    let of_management = |f: &FieldSelector| f.field == "eventCategory" && equals(f, "Management");
    let advanced = selectors.advanced.iter().filter(|s| s.iter().any(of_management));
    let advanced = advanced.map(|s| s.iter().any(|f| f.field == "eventSource" && names(&f.not_equals)));
    basic.chain(advanced).all(|left_out| left_out)
}

/// Which data events of a resource type pass advanced selectors. Basic ones know no SageMaker types.
pub(super) fn data(selectors: &[Vec<FieldSelector>], kind: &str) -> Recorded {
    let of_kind = |f: &FieldSelector| f.field == "resources.type" && equals(f, kind);
    let concerned = selectors.iter().filter(|s| s.iter().any(of_kind));
    concerned.map(|s| advanced(s, "Data", of_kind)).fold(Recorded::default(), Recorded::or)
}

/// What one advanced selector, all of whose conditions must hold, lets through of a category. `harmless` conditions
/// leave nothing out.
fn advanced(selector: &[FieldSelector], category: &str, harmless: impl Fn(&FieldSelector) -> bool) -> Recorded {
    if !selector.iter().any(|f| f.field == "eventCategory" && equals(f, category)) {
        return Recorded::default();
    }
    let mut recorded = Recorded::ALL;
    for field in selector {
        match field.field.as_str() {
            "eventCategory" if equals(field, category) => {}
            "readOnly" if equals(field, "true") && field.equals.len() == 1 => recorded.writes = false,
            "readOnly" if equals(field, "false") && field.equals.len() == 1 => recorded.reads = false,
            _ if harmless(field) => {}
            _ => return Recorded::PART,
        }
    }
    recorded
}

/// The field may have this value, and no other operator takes some of it back.
fn equals(field: &FieldSelector, value: &str) -> bool {
    field.equals.iter().any(|v| v == value) && field.not_equals.is_empty() && !is_narrowed(field)
}

/// An operator that compares beginnings or ends is used.
fn is_narrowed(field: &FieldSelector) -> bool {
    field.narrowed || !field.starts_with.is_empty()
}

/// Which data events of the objects of a bucket pass the selectors of a trail.
pub(super) fn objects(selectors: &Selectors, bucket: &str) -> Recorded {
    let basic = selectors.basic.iter().map(|selector| {
        let objects = selector.data_resources.iter().filter(|resource| resource.kind == OBJECTS);
        let reach = objects.flat_map(|resource| &resource.values).filter_map(|value| reach(value, bucket)).max();
        match (reach, selector.read_write.as_str()) {
            (None, _) => Recorded::default(),
            (Some(Reach::Part), _) => Recorded::PART,
            (Some(Reach::Whole), "All") => Recorded::ALL,
            (Some(Reach::Whole), "ReadOnly") => Recorded::READS,
            (Some(Reach::Whole), "WriteOnly") => Recorded::WRITES,
            (Some(Reach::Whole), _) => Recorded::PART,
        }
    });
    basic.fold(objects_of_advanced(&selectors.advanced, bucket), Recorded::or)
}

/// The same of advanced selectors, which event data stores have too.
pub(super) fn objects_of_advanced(selectors: &[Vec<FieldSelector>], bucket: &str) -> Recorded {
    let of_objects = |f: &FieldSelector| f.field == "resources.type" && equals(f, OBJECTS);
    let recorded = selectors.iter().filter(|s| s.iter().any(of_objects)).map(|selector| {
        let (mut nothing, mut part) = (false, false);
        for field in selector.iter().filter(|f| f.field == "resources.ARN") {
            let others = field.narrowed || !field.not_equals.is_empty();
            let reach = field.starts_with.iter().filter_map(|start| beginning(start, bucket)).max();
            let one = field.equals.iter().any(|arn| reach_of_arn(arn, bucket));
            match (others, reach, one) {
                (false, Some(Reach::Whole), _) => {}
                (false, None, false) => nothing = true,
                _ => part = true,
            }
        }
        let about = |f: &FieldSelector| of_objects(f) || f.field == "resources.ARN";
        match (nothing, advanced(selector, "Data", about)) {
            (true, _) => Recorded::default(),
            (false, recorded) if part && !recorded.is_none() => Recorded::PART,
            (false, recorded) => recorded,
        }
    });
    recorded.fold(Recorded::default(), Recorded::or)
}

const OBJECTS: &str = "AWS::S3::Object";

/// How much of a bucket a value is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Part,
    Whole,
}

/// What stands behind `arn:PARTITION:s3:::`.
fn behind_s3(arn: &str) -> Option<&str> {
    let (prefix, rest) = arn.split_once(":s3")?;
    (prefix.starts_with("arn:") && !prefix[4..].contains(':')).then(|| rest.strip_prefix(":::").unwrap_or(rest))
}

/// A value of a basic selector: `arn:aws:s3` is every bucket, `arn:aws:s3:::BUCKET/PREFIX` objects that begin so.
fn reach(value: &str, bucket: &str) -> Option<Reach> {
    match behind_s3(value)? {
        "" => Some(Reach::Whole),
        named => match named.strip_prefix(bucket)?.strip_prefix('/')? {
            "" => Some(Reach::Whole),
            _ => Some(Reach::Part),
        },
    }
}

/// A beginning of ARNs: all of the bucket if the bucket's own objects all begin so.
fn beginning(start: &str, bucket: &str) -> Option<Reach> {
    let objects = format!("{bucket}/");
    let named = behind_s3(start)?;
    match (objects.starts_with(named), named.starts_with(&objects)) {
        (true, _) => Some(Reach::Whole),
        (false, true) => Some(Reach::Part),
        (false, false) => None,
    }
}

fn reach_of_arn(arn: &str, bucket: &str) -> bool {
    behind_s3(arn).and_then(|named| named.strip_prefix(bucket)).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arns(starts_with: &[&str]) -> Vec<Vec<FieldSelector>> {
        let equals = |field: &str, value: &str| FieldSelector {
            field: field.to_owned(),
            equals: vec![value.to_owned()],
            ..FieldSelector::default()
        };
        let arn = FieldSelector {
            field: "resources.ARN".to_owned(),
            starts_with: starts_with.iter().map(|&start| start.to_owned()).collect(),
            ..FieldSelector::default()
        };
        vec![vec![equals("eventCategory", "Data"), equals("resources.type", OBJECTS), arn]]
    }

    #[test]
    fn a_beginning_covers_the_buckets_that_begin_so() {
        assert!(objects_of_advanced(&arns(&["arn:aws:s3:::data/"]), "data").is_whole());
        assert!(objects_of_advanced(&arns(&["arn:aws:s3:::other/", "arn:aws:s3:::da"]), "data").is_whole());
        assert_eq!(objects_of_advanced(&arns(&["arn:aws:s3:::data/raw/"]), "data"), Recorded::PART);
        assert!(objects_of_advanced(&arns(&["arn:aws:s3:::database/"]), "data").is_none());
    }

    #[test]
    fn values_of_basic_selectors_are_every_bucket_one_or_a_part_of_one() {
        assert_eq!(reach("arn:aws:s3", "data"), Some(Reach::Whole));
        assert_eq!(reach("arn:aws-cn:s3:::", "data"), Some(Reach::Whole));
        assert_eq!(reach("arn:aws:s3:::data/", "data"), Some(Reach::Whole));
        assert_eq!(reach("arn:aws:s3:::data/raw/", "data"), Some(Reach::Part));
        assert_eq!(reach("arn:aws:s3:::database/", "data"), None);
        assert_eq!(reach("arn:aws:lambda", "data"), None);
        assert_eq!(reach("", "data"), None);
    }
}
