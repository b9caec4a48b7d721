//! The pattern of a metric filter, read as CloudWatch Logs reads it, and tried on what CloudTrail would record.
//!
//! Source: Amazon CloudWatch Logs User Guide, "Filter pattern syntax for metric filters", November 2026. What is not
//! understood fits nothing for certain and excludes nothing for certain.

use super::occurrence::{Field, Fit, Occurrence, fits_wildcard};

/// Longest pattern that is read, in bytes; CloudWatch Logs takes 1024.
const LONGEST: usize = 4096;
/// Deepest nesting of parentheses.
const DEEPEST: usize = 32;

/// A pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pattern {
    /// No pattern at all: every line.
    Everything,
    /// A condition on the fields of a JSON line.
    When(Condition),
    /// Words, columns, or something that this version cannot read.
    Unclear,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Test(String, Test),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Equals(String),
    Differs(String),
    Exists,
    Missing,
    /// A comparison of numbers, a regular expression, a test for null or truth.
    Other,
}

impl Pattern {
    /// Reads the pattern of a filter.
    pub(super) fn parse(text: &str) -> Pattern {
        let text = text.trim();
        if text.is_empty() {
            return Pattern::Everything;
        }
        let inside = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let Some(inside) = inside.filter(|inside| inside.len() <= LONGEST) else { return Pattern::Unclear };
        let mut words = Words { rest: inside };
        match words.any(0) {
            Some(condition) if words.next().is_none() => Pattern::When(condition),
            _ => Pattern::Unclear,
        }
    }

    /// Whether the filter counts a record of this.
    pub(super) fn fits(&self, occurrence: &Occurrence) -> Fit {
        match self {
            Pattern::Everything => Fit::Yes,
            Pattern::When(condition) => condition.fits(occurrence),
            Pattern::Unclear => Fit::Maybe,
        }
    }
}

impl Condition {
    fn fits(&self, occurrence: &Occurrence) -> Fit {
        match self {
            Condition::All(all) => all.iter().fold(Fit::Yes, |fit, one| fit.and(one.fits(occurrence))),
            Condition::Any(any) => any.iter().fold(Fit::No, |fit, one| fit.or(one.fits(occurrence))),
            Condition::Test(path, test) => test.fits(&occurrence.field(path)),
        }
    }
}

impl Test {
    fn fits(&self, field: &Field) -> Fit {
        match (self, field) {
            (Test::Equals(wanted), Field::Is(value)) => fits_wildcard(wanted, value).into(),
            (Test::Equals(_), Field::Absent) => Fit::No,
            (Test::Differs(other), Field::Is(value)) => (!fits_wildcard(other, value)).into(),
            (Test::Exists, Field::Is(_)) | (Test::Missing, Field::Absent) => Fit::Yes,
            (Test::Exists, Field::Absent) | (Test::Missing, Field::Is(_)) => Fit::No,
            (_, Field::Unknown) | (Test::Differs(_), Field::Absent) | (Test::Other, _) => Fit::Maybe,
        }
    }
}

/// A word of a pattern.
#[derive(Debug, PartialEq)]
enum Word<'a> {
    Open,
    Close,
    And,
    Or,
    /// `=`, `!=`, `<`, …
    Sign(&'a str),
    Quoted(String),
    Bare(&'a str),
}

struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<Word<'a>> {
        self.rest = self.rest.trim_start();
        for (text, word) in [("(", Word::Open), (")", Word::Close), ("&&", Word::And), ("||", Word::Or)] {
            if let Some(rest) = self.rest.strip_prefix(text) {
                self.rest = rest;
                return Some(word);
            }
        }
        for sign in ["!=", "<=", ">=", "=", "<", ">"] {
            if let Some(rest) = self.rest.strip_prefix(sign) {
                self.rest = rest;
                return Some(Word::Sign(sign));
            }
        }
        if let Some(rest) = self.rest.strip_prefix('"') {
            let mut text = String::new();
            let mut escaped = false;
            for (at, c) in rest.char_indices() {
                match c {
                    '"' if !escaped => {
                        self.rest = rest.get(at + 1..).unwrap_or_default();
                        return Some(Word::Quoted(text));
                    }
                    '\\' if !escaped => escaped = true,
                    c => {
                        escaped = false;
                        text.push(c);
                    }
                }
            }
            return None;
        }
        let ends = |c: char| c.is_whitespace() || "()&|=<>!\"".contains(c);
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!word.is_empty()).then_some(Word::Bare(word))
    }

    fn peek(&self) -> Option<Word<'a>> {
        Words { rest: self.rest }.next()
    }

    /// Conditions divided by `||`, which binds less than `&&`.
    fn any(&mut self, depth: usize) -> Option<Condition> {
        let mut all = vec![self.all(depth)?];
        while self.peek() == Some(Word::Or) {
            self.next();
            all.push(self.all(depth)?);
        }
        if all.len() == 1 { all.pop() } else { Some(Condition::Any(all)) }
    }

    fn all(&mut self, depth: usize) -> Option<Condition> {
        let mut all = vec![self.one(depth)?];
        while self.peek() == Some(Word::And) {
            self.next();
            all.push(self.one(depth)?);
        }
        if all.len() == 1 { all.pop() } else { Some(Condition::All(all)) }
    }

    fn one(&mut self, depth: usize) -> Option<Condition> {
        match self.next()? {
            Word::Open if depth < DEEPEST => {
                let inside = self.any(depth + 1)?;
                (self.next()? == Word::Close).then_some(inside)
            }
            Word::Bare(path) => {
                let path = path.strip_prefix("$.")?;
                Some(Condition::Test(path.to_owned(), self.test()?))
            }
            _ => None,
        }
    }

    fn test(&mut self) -> Option<Test> {
        match self.next()? {
            Word::Sign(sign @ ("=" | "!=")) => {
                let value = match self.next()? {
                    // A regular expression stands between percent signs.
                    Word::Bare(value) if value.starts_with('%') => return None,
                    Word::Bare(value) => value.to_owned(),
                    Word::Quoted(value) => value,
                    _ => return None,
                };
                Some(if sign == "=" { Test::Equals(value) } else { Test::Differs(value) })
            }
            Word::Sign(_) => matches!(self.next()?, Word::Bare(_)).then_some(Test::Other),
            Word::Bare(word) if word.eq_ignore_ascii_case("exists") => Some(Test::Exists),
            Word::Bare(word) if word.eq_ignore_ascii_case("not") => match self.next()? {
                Word::Bare(word) if word.eq_ignore_ascii_case("exists") => Some(Test::Missing),
                _ => None,
            },
            Word::Bare(word) if word.eq_ignore_ascii_case("is") => match self.next()? {
                Word::Bare(word) if ["null", "true", "false"].iter().any(|w| word.eq_ignore_ascii_case(w)) => {
                    Some(Test::Other)
                }
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, occurrence: &Occurrence) -> Fit {
        Pattern::parse(pattern).fits(occurrence)
    }

    #[test]
    fn patterns_of_the_benchmark_are_understood() {
        let call = Occurrence::call("iam.amazonaws.com", "PutRolePolicy");
        let changes =
            "{($.eventSource=iam.amazonaws.com) && (($.eventName=DeleteGroupPolicy)||($.eventName=PutRolePolicy))}";
        assert_eq!(fits(changes, &call), Fit::Yes);
        assert_eq!(fits(changes, &Occurrence::call("iam.amazonaws.com", "CreatePolicy")), Fit::No);
        assert_eq!(fits("{ $.eventName = \"Put*\" }", &call), Fit::Yes);
        let root = "{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }";
        assert_eq!(fits(root, &call), Fit::Maybe, "nobody knows who calls");
    }

    #[test]
    fn and_binds_more_than_or() {
        let call = Occurrence::call("s3.amazonaws.com", "PutBucketPolicy");
        assert_eq!(fits("{ $.eventName = PutBucketPolicy || $.eventName = X && $.eventSource = Y }", &call), Fit::Yes);
        assert_eq!(fits("{ ($.eventName = PutBucketPolicy || $.eventName = X) && $.eventSource = Y }", &call), Fit::No);
    }

    #[test]
    fn a_condition_on_something_else_leaves_it_open() {
        let call = Occurrence::call("s3.amazonaws.com", "PutBucketPolicy");
        assert_eq!(fits("{ $.eventName = PutBucketPolicy && $.awsRegion = eu-west-1 }", &call), Fit::Maybe);
        assert_eq!(fits("{ $.eventName = PutBucketPolicy && $.errorCode NOT EXISTS }", &call), Fit::Yes);
        assert_eq!(fits("{ $.eventName = PutBucketPolicy && $.errorCode = * }", &call), Fit::No);
    }

    #[test]
    fn what_is_not_understood_may_be_anything() {
        let call = Occurrence::call("s3.amazonaws.com", "PutBucketPolicy");
        for odd in [
            "PutBucketPolicy",
            "\"PutBucketPolicy\"",
            "[a, b]",
            "{ $.eventName = %Put.*% }",
            "{ $.eventName }",
            "{ }",
            "{",
            "{ ($.eventName = PutBucketPolicy }",
            "{ $.eventName = PutBucketPolicy ) }",
            "{ $.eventName = \"Put }",
            "{ eventName = PutBucketPolicy }",
            "{ $.eventName = PutBucketPolicy $.x = 1 }",
            "{ $.a IS ODD }",
            "{é",
            "{ \u{1f600} }",
        ] {
            assert_eq!(fits(odd, &call), Fit::Maybe, "{odd}");
        }
        assert_eq!(fits("", &call), Fit::Yes);
        assert_eq!(fits("{ $.requestParameters.count > 5 }", &call), Fit::Maybe);
        let deep = format!("{{ {}$.eventName = x{} }}", "(".repeat(5000), ")".repeat(5000));
        assert_eq!(fits(&deep, &call), Fit::Maybe);
    }
}
