//! Policy texts with wildcards and variables, and ARNs taken apart.
//!
//! Sources: *IAM policy elements: Variables and tags*
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html> and *Resource*
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>.

use crate::context::{Context, Key, Value};
use crate::glob::{self, LITERAL_QUESTION, LITERAL_STAR};
use crate::truth::Truth;
use std::borrow::Cow;
use std::sync::Arc;

/// Texts of a request beyond this length are not compared: nothing AWS knows is as long, and the answer is a doubt.
pub(crate) const MAX_TEXT: usize = 4 * 1024;

/// A text after its variables have been replaced.
enum Expanded<'a> {
    /// All variables had a value.
    Known(Cow<'a, [u8]>),
    /// Some values are unknown: a star stands in their place, and these are the keys.
    Partly(Vec<u8>, Vec<Arc<str>>),
    /// A variable has no value and no default, so the text matches nothing.
    Valueless,
}

/// How `*` and `?` of the written text are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wildcards {
    /// As wildcards.
    Active,
    /// As the characters themselves.
    Literal,
}

/// Matches a written text against a value. With variables off, as in a document of the old version, `${` is plain text.
pub(crate) fn matches(written: &str, variables: bool, wildcards: Wildcards, value: &str, context: &Context) -> Truth {
    if value.len() > MAX_TEXT {
        return Truth::note("a value of the request is too long to compare");
    }
    if wildcards == Wildcards::Literal && !(variables && written.contains("${")) {
        return (written == value).into();
    }
    judge(expand(written, variables, wildcards, context), |pattern| glob::matches(pattern, value.as_bytes()))
}

/// Matches a written text without wildcards against a value, whatever the case of ASCII letters.
pub(crate) fn matches_any_case(written: &str, variables: bool, value: &str, context: &Context) -> Truth {
    judge(expand(written, variables, Wildcards::Literal, context), |pattern| {
        glob::matches_any_case(pattern, value.as_bytes())
    })
}

fn judge(expanded: Expanded, matched: impl Fn(&[u8]) -> bool) -> Truth {
    match expanded {
        Expanded::Known(pattern) => matched(&pattern).into(),
        Expanded::Valueless => Truth::No,
        Expanded::Partly(pattern, keys) if matched(&pattern) => Truth::all(keys.iter().map(Truth::key)),
        Expanded::Partly(..) => Truth::No,
    }
}

fn expand<'a>(written: &'a str, variables: bool, wildcards: Wildcards, context: &Context) -> Expanded<'a> {
    if !(variables && written.contains("${")) {
        return Expanded::Known(match wildcards {
            Wildcards::Active => Cow::Borrowed(written.as_bytes()),
            Wildcards::Literal => Cow::Owned(literally(written).collect()),
        });
    }
    let (mut out, mut unknown) = (Vec::with_capacity(written.len()), Vec::new());
    for piece in pieces(written) {
        match piece {
            Piece::Text(text) if wildcards == Wildcards::Active => out.extend_from_slice(text.as_bytes()),
            Piece::Text(text) => out.extend(literally(text)),
            Piece::Symbol(symbol) => out.extend(literally(symbol)),
            Piece::Variable { name, default } => match (context.get(&Key::new(name)), default) {
                (Value::Known([value]), _) => out.extend(literally(value)),
                (Value::Absent, Some(default)) => out.extend(literally(default)),
                (Value::Absent, None) => return Expanded::Valueless,
                // Keys with several values cannot be used as variables; what AWS makes of them is not documented.
                (Value::Known(_), _) => {
                    out.push(b'*');
                    unknown.push(Arc::from(name));
                }
                (Value::Unknown(key), _) => {
                    out.push(b'*');
                    unknown.push(key);
                }
            },
        }
    }
    if unknown.is_empty() { Expanded::Known(Cow::Owned(out)) } else { Expanded::Partly(out, unknown) }
}

fn literally(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| match byte {
        b'*' => LITERAL_STAR,
        b'?' => LITERAL_QUESTION,
        other => other,
    })
}

/// A written text cut at its variables.
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// `${*}`, `${?}` and `${$}`: the character itself.
    Symbol(&'a str),
    /// `${key}` or `${key, 'default'}`.
    Variable {
        name: &'a str,
        default: Option<&'a str>,
    },
}

/// Cuts a text at its variables. A `${` that is never closed is plain text.
pub(crate) fn pieces(written: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = written;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find("${").unwrap_or(rest.len());
        if start > 0 {
            let (text, after) = rest.split_at(start);
            rest = after;
            return Some(Piece::Text(text));
        }
        let Some(end) = rest.find('}') else {
            return Some(Piece::Text(std::mem::take(&mut rest)));
        };
        let inside = &rest[2..end];
        rest = &rest[end + 1..];
        Some(match (inside, inside.split_once(',')) {
            ("*" | "?" | "$", _) => Piece::Symbol(inside),
            (_, Some((name, default))) => {
                Piece::Variable { name: name.trim(), default: Some(default.trim().trim_matches('\'')) }
            }
            (_, None) => Piece::Variable { name: inside.trim(), default: None },
        })
    })
}

/// The resource of a request, or an ARN in its context, taken apart at the first five colons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a>(pub(crate) [&'a str; 6]);

impl<'a> Arn<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut parts = text.splitn(6, ':');
        let arn = Arn([parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?]);
        (arn.0[0] == "arn").then_some(arn)
    }

    pub(crate) fn account(&self) -> &'a str {
        self.0[4]
    }

    pub(crate) fn resource(&self) -> &'a str {
        self.0[5]
    }
}

/// A `Resource` element or the value of an ARN condition, compiled once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArnPattern {
    text: Box<str>,
    variables: bool,
    shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// Stars only: everything.
    Everything,
    /// Six parts, cut at these colons.
    Parts([u16; 5]),
    /// Fewer than six parts, ending in a star: the grammar asks for more, and AWS is known to fill up with stars.
    Short(Box<[u16]>),
    /// Not an ARN.
    Odd,
}

impl ArnPattern {
    /// Reads one written pattern; `variables` says whether the document's version knows policy variables.
    pub(crate) fn new(text: &str, variables: bool) -> ArnPattern {
        let colons = colons_outside_variables(text, variables);
        let shape = if !text.is_empty() && text.bytes().all(|byte| byte == b'*') {
            Shape::Everything
        } else if let Ok(cuts) = <[u16; 5]>::try_from(colons.as_slice()) {
            Shape::Parts(cuts)
        } else if text.starts_with("arn:") && text.ends_with('*') {
            Shape::Short(colons.into())
        } else {
            Shape::Odd
        };
        ArnPattern { text: text.into(), variables: variables && text.contains("${"), shape }
    }

    /// As written in the policy.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Is it the plain `*` that covers every resource?
    pub fn is_everything(&self) -> bool {
        self.shape == Shape::Everything
    }

    /// Why AWS may not read this `Resource` as one would expect, if there is a reason.
    pub fn doubt(&self) -> Option<&'static str> {
        let parts = match &self.shape {
            Shape::Everything => return None,
            Shape::Odd => return Some(NOT_AN_ARN),
            Shape::Short(_) => return Some("a resource ARN has fewer than six parts"),
            Shape::Parts(cuts) => cut(&self.text, cuts),
        };
        if self.variables && parts[..5].iter().any(|part| part.contains("${")) {
            return Some("a policy variable stands before the fifth colon of the resource ARN");
        }
        let kind = parts[5].find(['/', ':']).map(|end| &parts[5][..end]);
        let typed = !UNTYPED.contains(&parts[2]) && !parts[2].contains(['*', '?']);
        if typed && kind.is_some_and(|kind| !kind.contains("${") && kind.contains(['*', '?'])) {
            return Some("a wildcard stands in the part of the resource ARN that names the type");
        }
        None
    }

    /// Why the pattern reaches nothing, if it spells the type of a resource in other letter case than AWS does. ARNs are
    /// compared with their case, and AWS has published policies that miss for this reason.
    pub fn misspelling(&self) -> Option<&'static str> {
        let Shape::Parts(cuts) = &self.shape else { return None };
        let parts = cut(&self.text, cuts);
        let kind = &parts[5][..parts[5].find(['/', ':'])?];
        let known = MIXED_CASE.iter().filter(|(service, _)| *service == parts[2]);
        let wrong = match parts[2] {
            "sagemaker" => kind.bytes().any(|byte| byte.is_ascii_uppercase()) && !kind.contains("${"),
            _ => known.clone().any(|(_, right)| right.eq_ignore_ascii_case(kind) && *right != kind),
        };
        wrong.then_some("the letter case of the resource type is not that of AWS, so the ARN matches nothing")
    }

    /// Does the pattern cover this text? Each of the six parts is matched on its own.
    pub(crate) fn matches(&self, text: &str, context: &Context) -> Truth {
        self.compare(text, context, glob::matches)
    }

    /// Could the pattern and this text, read as a pattern itself, mean the same resource?
    pub(crate) fn overlaps(&self, text: &str, context: &Context) -> Truth {
        if text == "*" {
            return Truth::Yes;
        }
        self.compare(text, context, glob::overlap)
    }

    /// Could the pattern cover this text, or a part of what it covers if it is a pattern itself? Whatever is not known counts
    /// as yes: for sorting out what need not be asked.
    pub fn may_meet(&self, text: &str) -> bool {
        let fixed = |text: &str| text.find(['*', '?', '$']).unwrap_or(text.len());
        let shared = fixed(&self.text).min(fixed(text));
        if self.text.as_bytes().get(..shared) != text.as_bytes().get(..shared) && self.shape != Shape::Odd {
            return false;
        }
        let context = Context::open();
        // A plain text is walked once; two patterns need a table.
        let met = if text.contains('*') { self.overlaps(text, &context) } else { self.matches(text, &context) };
        !met.is_no()
    }

    fn compare(&self, text: &str, context: &Context, matched: fn(&[u8], &[u8]) -> bool) -> Truth {
        if text.len() > MAX_TEXT {
            return Truth::note("a name in the request is too long to compare");
        }
        let cuts: &[u16] = match &self.shape {
            Shape::Everything => return Truth::Yes,
            Shape::Odd => return self.compare_odd(text, context),
            Shape::Parts(cuts) => cuts,
            Shape::Short(cuts) => cuts,
        };
        let Some(Arn(parts)) = Arn::parse(text) else {
            return Truth::No;
        };
        Truth::all(cut(&self.text, cuts).into_iter().zip(parts).map(|(written, part)| {
            judge(expand(written, self.variables, Wildcards::Active, context), |pattern| {
                matched(pattern, part.as_bytes())
            })
        }))
    }

    /// A text that is no ARN as written may become one once its variables are filled in.
    fn compare_odd(&self, text: &str, context: &Context) -> Truth {
        match matches(&self.text, self.variables, Wildcards::Active, text, context) {
            Truth::No if !self.variables => Truth::note(NOT_AN_ARN),
            other => other,
        }
    }

    /// Does the pattern spell out all six parts of an ARN, or is it the plain `*`?
    pub(crate) fn is_whole(&self) -> bool {
        self.variables || matches!(self.shape, Shape::Everything | Shape::Parts(_))
    }

    /// The six parts with known variables filled in and everything else as wildcards; `None` if it can match nothing.
    pub(crate) fn globs(&self, context: &Context) -> Option<[Vec<u8>; 6]> {
        let parts = match &self.shape {
            Shape::Everything | Shape::Odd => return None,
            Shape::Parts(cuts) => cut(&self.text, cuts),
            Shape::Short(cuts) => cut(&self.text, cuts),
        };
        let mut globs = [const { Vec::new() }; 6];
        for (glob, part) in globs.iter_mut().zip(parts) {
            *glob = match expand(part, self.variables, Wildcards::Active, context) {
                Expanded::Known(bytes) => bytes.into_owned(),
                Expanded::Partly(bytes, _) => bytes,
                Expanded::Valueless => return None,
            };
        }
        Some(globs)
    }

    /// The names of the variables in the pattern.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        variables(&self.text, self.variables)
    }
}

/// The names of the variables in a written text.
pub(crate) fn variables(written: &str, enabled: bool) -> impl Iterator<Item = &str> {
    pieces(if enabled { written } else { "" }).filter_map(|piece| match piece {
        Piece::Variable { name, .. } => Some(name),
        _ => None,
    })
}

const NOT_AN_ARN: &str = "a resource is not an ARN";

/// Services whose ARNs carry no resource type before the first slash or colon.
const UNTYPED: [&str; 6] = ["s3", "s3express", "sns", "sqs", "execute-api", "apigateway"];

/// Resource types that AWS spells with capitals, of services that ML platforms use. The types of SageMaker are all in lower
/// case. *Service authorization reference*, read in September 2026:
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>.
const MIXED_CASE: [(&str, &str); 12] = [
    ("autoscaling", "autoScalingGroup"),
    ("autoscaling", "launchConfiguration"),
    ("cloudformation", "changeSet"),
    ("glue", "dataQualityRuleset"),
    ("glue", "devEndpoint"),
    ("glue", "mlTransform"),
    ("glue", "tableVersion"),
    ("glue", "usageProfile"),
    ("glue", "userDefinedFunction"),
    ("sso", "permissionSet"),
    ("states", "mapRun"),
    ("states", "stateMachine"),
];

fn cut<'a>(text: &'a str, cuts: &[u16]) -> [&'a str; 6] {
    let mut parts = ["*"; 6];
    let mut start = 0;
    for (part, &end) in parts.iter_mut().zip(cuts) {
        *part = &text[start..usize::from(end)];
        start = usize::from(end) + 1;
    }
    parts[cuts.len()] = &text[start..];
    parts
}

/// The first five colons that separate parts of an ARN rather than the prefix of a variable's name.
fn colons_outside_variables(text: &str, variables: bool) -> Vec<u16> {
    let mut colons = Vec::with_capacity(5);
    let (mut inside, mut previous) = (false, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if variables && previous == b'$' => inside = true,
            b'}' => inside = false,
            b':' if !inside && colons.len() < 5 => match u16::try_from(at) {
                Ok(at) => colons.push(at),
                Err(_) => break,
            },
            _ => {}
        }
        previous = byte;
    }
    colons
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, text: &str) -> Truth {
        ArnPattern::new(pattern, true).matches(text, &Context::closed().with("aws:username", "ana"))
    }

    #[test]
    fn arn_parts_are_matched_one_by_one() {
        assert!(covers("arn:aws:s3:::*", "arn:aws:s3:::data/a:b").is_yes());
        assert!(covers("arn:aws:*:us-east-1:1:x", "arn:aws:s3:a:us-east-1:1:x").is_no());
        assert!(covers("*", "*").is_yes());
        assert!(covers("arn:aws:s3:::*", "*").is_no());
    }

    #[test]
    fn variables_stand_for_their_value_or_default() {
        assert!(covers("arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home/ana/x").is_yes());
        assert!(covers("arn:aws:s3:::home/${aws:userid}/*", "arn:aws:s3:::home/ana/x").is_no());
        assert!(covers("arn:aws:s3:::home/${aws:userid, 'all'}/*", "arn:aws:s3:::home/all/x").is_yes());
    }

    #[test]
    fn an_unknown_variable_leaves_a_doubt_only_where_it_could_match() {
        let pattern = ArnPattern::new("arn:aws:s3:::corp-${aws:PrincipalTag/team}/*", true);
        let context = Context::open();
        assert_eq!(pattern.matches("arn:aws:s3:::corp-a/x", &context), Truth::key(&"aws:PrincipalTag/team".into()));
        assert!(pattern.matches("arn:aws:s3:::other/x", &context).is_no());
    }

    #[test]
    fn a_type_in_the_wrong_letter_case_is_named_and_matches_nothing() {
        let misspelled = |text| ArnPattern::new(text, true).misspelling().is_some();
        assert!(misspelled("arn:aws:states:*:*:statemachine:*sagemaker*"));
        assert!(misspelled("arn:aws:sagemaker:*:*:Training-Job/*"));
        assert!(!misspelled("arn:aws:states:*:*:stateMachine:*") && !misspelled("arn:aws:glue:*:*:table/Prices"));
        assert!(covers("arn:aws:states:*:*:statemachine:*", "arn:aws:states:us-east-1:1:stateMachine:x").is_no());
    }

    #[test]
    fn doubtful_spellings_are_named() {
        for doubtful in
            ["arn:aws:sagemaker:*:*:*/*", "arn:aws:s3:*", "data", "arn:aws:iam::${aws:PrincipalAccount}:role/x"]
        {
            assert!(ArnPattern::new(doubtful, true).doubt().is_some(), "{doubtful}");
        }
        for clear in ["*", "arn:aws:s3:::*/*", "arn:aws:sagemaker:*:*:*Canvas*", "arn:aws:iam::*:role/*"] {
            assert!(ArnPattern::new(clear, true).doubt().is_none(), "{clear}");
        }
    }
}
