//! Conditions: operators, set operators, and what they make of absent and unknown keys.
//!
//! Source: *IAM JSON policy elements: Condition operators*
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html> and *Set operators*
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>.

use crate::context::{Context, Key, Value};
use crate::pattern::{self, ArnPattern, MAX_TEXT, Wildcards};
use crate::principal::shorten;
use crate::truth::Truth;
use std::cmp::Ordering;
use std::net::IpAddr;
use std::sync::Arc;

/// One key under one operator, with its listed values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    operator: Arc<str>,
    test: Test,
    negated: bool,
    if_exists: bool,
    set: Option<SetOperator>,
    key: Key,
    values: Vec<Operand>,
    variables: bool,
}

/// What an operator does with one value of the request and one value of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Equals,
    EqualsAnyCase,
    Like,
    Arn,
    Numeric(Compare),
    Date(Compare),
    Bool,
    Binary,
    IpAddress,
    Null,
    /// Not an operator AWS knows.
    Unheard,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Equals,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SetOperator {
    All,
    Any,
}

/// A listed value, read once as what its operator compares.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Operand {
    text: Box<str>,
    reading: Reading,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reading {
    Text,
    Arn(Box<ArnPattern>),
    Number(Number),
    Bool(bool),
    Network(IpAddr, u8),
    /// The operator cannot compare with this text.
    Unreadable,
}

/// A finite number; equality is that of its bits, which is all that derived traits need.
#[derive(Clone, Copy, Debug)]
struct Number(f64);

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.0.total_cmp(&other.0) == Ordering::Equal
    }
}

impl Eq for Number {}

impl Condition {
    /// Compiles one key of one operator block. Never fails: what cannot be understood evaluates to a doubt.
    pub(crate) fn new(operator: &Arc<str>, key: &str, values: Vec<String>, variables: bool) -> Condition {
        let folded = operator.to_ascii_lowercase();
        let (set, name) = match folded.split_once(':') {
            Some(("forallvalues", name)) => (Some(SetOperator::All), name),
            Some(("foranyvalue", name)) => (Some(SetOperator::Any), name),
            _ => (None, &*folded),
        };
        let (name, if_exists) = match name.strip_suffix("ifexists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (test, negated) = operator_named(name);
        let test = if test == Test::Null && (if_exists || set.is_some()) { Test::Unheard } else { test };
        let values =
            values.into_iter().map(|text| Operand { reading: read(test, &text, variables), text: text.into() });
        Condition {
            operator: operator.clone(),
            test,
            negated,
            if_exists,
            set,
            key: Key::new(key),
            values: values.collect(),
            variables,
        }
    }

    /// The operator as written, with set operator and `IfExists`.
    pub fn operator(&self) -> &str {
        &self.operator
    }

    /// The condition key as written.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The listed values as written.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|value| &*value.text)
    }

    /// Does the operator ask for the opposite, as `StringNotEquals` does?
    pub fn is_negated(&self) -> bool {
        self.negated
    }

    /// Does the condition pin its key to fixed values: a positive operator on a present key, no wildcard, no variable?
    /// This is what makes a statement for everyone *not public* in the sense of S3:
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>.
    pub fn pins(&self) -> bool {
        let positive =
            matches!(self.test, Test::Equals | Test::EqualsAnyCase | Test::Like | Test::Arn | Test::IpAddress);
        positive
            && !self.negated
            && !self.if_exists
            && self.set != Some(SetOperator::All)
            && !self.values.is_empty()
            && self.values.iter().all(|value| match &value.reading {
                Reading::Network(IpAddr::V4(_), bits) => *bits >= 8,
                Reading::Network(IpAddr::V6(_), bits) => *bits >= 32,
                // For source ARNs S3 accepts wildcards as long as the account is fixed.
                Reading::Arn(_) => {
                    pattern_account(&value.text).is_some_and(|account| !account.contains(['*', '?', '$']))
                }
                _ => !value.text.contains(['*', '?']) && !value.text.contains("${"),
            })
    }

    /// Why AWS may not read this condition as one would expect, if there is a reason.
    pub fn doubt(&self) -> Option<String> {
        if self.test == Test::Unheard {
            return Some(format!("{} is not a condition operator", shorten(&self.operator)));
        }
        if self.needs_set_operator() {
            return Some(format!(
                "{} holds a list, which {} does not say how to compare",
                self.key.name, self.operator
            ));
        }
        let unreadable = self.values.iter().find(|value| value.reading == Reading::Unreadable)?;
        Some(format!("{} cannot compare with {}", self.operator, shorten(&unreadable.text)))
    }

    /// Does the request meet the condition?
    pub(crate) fn holds(&self, context: &Context) -> Truth {
        if self.test == Test::Unheard {
            return Truth::note(format!("{} is not a condition operator", shorten(&self.operator)));
        }
        let given = match context.get(&self.key) {
            Value::Unknown(key) => return Truth::key(&key),
            Value::Absent if self.test == Test::Null => return self.null(true),
            Value::Known(_) if self.test == Test::Null => return self.null(false),
            Value::Absent => return self.absent(),
            Value::Known(given) => given,
        };
        let mut each = given.iter().map(|value| {
            let hit = Truth::any(self.values.iter().map(|operand| self.compare(operand, value, context)));
            if self.negated { hit.not() } else { hit }
        });
        match (self.set, given.len()) {
            (Some(SetOperator::All), _) => Truth::all(each),
            (Some(SetOperator::Any), _) => Truth::any(each),
            (None, 1) if !self.needs_set_operator() => each.next().unwrap_or(Truth::No),
            // A list without a set operator: the documentation asks for one and leaves the result open.
            (None, _) => Truth::key(&self.key.name),
        }
    }

    /// Is the key known to hold a list, and the operator for single values?
    fn needs_set_operator(&self) -> bool {
        self.set.is_none() && self.test != Test::Null && MULTIVALUED.contains(&self.key.folded())
    }

    fn absent(&self) -> Truth {
        match (self.set, self.if_exists) {
            (Some(SetOperator::All), _) | (None, true) => Truth::Yes,
            (Some(SetOperator::Any), false) => Truth::No,
            // Either rule could win: the documentation does not say.
            (Some(SetOperator::Any), true) => Truth::key(&self.key.name),
            (None, false) => self.negated.into(),
        }
    }

    fn null(&self, absent: bool) -> Truth {
        Truth::any(self.values.iter().map(|value| match value.reading {
            Reading::Bool(wanted) => (wanted == absent).into(),
            _ => Truth::note(format!("Null cannot compare with {}", shorten(&value.text))),
        }))
    }

    fn compare(&self, operand: &Operand, value: &str, context: &Context) -> Truth {
        let text = |wildcards| pattern::matches(&operand.text, self.variables, wildcards, value, context);
        match (self.test, &operand.reading) {
            (_, Reading::Unreadable) => {
                Truth::note(format!("{} cannot compare with {}", self.operator, shorten(&operand.text)))
            }
            (Test::Equals, _) => text(Wildcards::Literal),
            (Test::Like, _) => text(Wildcards::Active),
            (Test::EqualsAnyCase, _) if value.len() > MAX_TEXT => text(Wildcards::Literal),
            (Test::EqualsAnyCase, _) => pattern::matches_any_case(&operand.text, self.variables, value, context),
            (Test::Arn, Reading::Arn(pattern)) if pattern.is_whole() => pattern.matches(value, context),
            (Test::Arn, Reading::Arn(pattern)) => pattern.matches(value, context).and(Truth::note(NOT_WHOLE)),
            (Test::Numeric(compare), Reading::Number(bound)) => {
                number(value).is_some_and(|given| compare.holds(given, *bound)).into()
            }
            (Test::Date(compare), Reading::Number(bound)) => {
                date(value).is_some_and(|given| compare.holds(given, *bound)).into()
            }
            (Test::Bool, Reading::Bool(wanted)) => (boolean(value) == Some(*wanted)).into(),
            (Test::Binary, _) => (*operand.text == *value).into(),
            (Test::IpAddress, Reading::Network(base, bits)) => {
                value.parse().is_ok_and(|address| contains(*base, *bits, address)).into()
            }
            _ => Truth::No,
        }
    }

    /// Values of the key that could make a difference to this condition, for the solver in [`crate::reach`].
    pub(crate) fn telling_values(&self, context: &Context) -> Vec<String> {
        let plain = |text: &str, star: &str| {
            let filled: Vec<Option<String>> = pattern::pieces(text)
                .map(|piece| match piece {
                    pattern::Piece::Variable { name, default } if self.variables => {
                        match context.get(&Key::new(name)) {
                            Value::Known([value]) => Some(value.clone()),
                            Value::Known(_) | Value::Unknown(_) => None,
                            Value::Absent => default.map(str::to_owned),
                        }
                    }
                    pattern::Piece::Symbol(symbol) if self.variables => Some(symbol.into()),
                    pattern::Piece::Text(text) if matches!(self.test, Test::Like | Test::Arn) => {
                        Some(text.replace('*', star).replace('?', "x"))
                    }
                    pattern::Piece::Text(text) => Some(text.into()),
                    _ => None,
                })
                .collect();
            filled.into_iter().collect::<Option<String>>()
        };
        let mut telling = Vec::new();
        for value in &self.values {
            match (&value.reading, self.test) {
                (Reading::Number(bound), Test::Date(_)) => telling.extend(neighbours(bound.0.trunc())),
                (Reading::Number(bound), _) => telling.extend(neighbours(bound.0)),
                (Reading::Network(base, _), _) => telling.extend([base.to_string(), FRESH_ADDRESS.into()]),
                (Reading::Bool(_), Test::Bool) => telling.extend(["true".into(), "false".into()]),
                (Reading::Bool(_) | Reading::Unreadable, _) => {}
                (Reading::Text | Reading::Arn(_), _) => {
                    telling.extend(plain(&value.text, ""));
                    if let Some((head, _)) = value.text.rsplit_once(':').filter(|_| self.test == Test::Arn) {
                        telling.extend(plain(&format!("{head}:{}", crate::reach::FRESH), crate::reach::FRESH));
                    }
                    if value.text.contains('*') {
                        telling.extend(plain(&value.text, crate::reach::FRESH));
                    }
                }
            }
        }
        telling
    }

    /// The listed values that are patterns without variables.
    pub(crate) fn like_patterns(&self) -> impl Iterator<Item = &str> {
        let like = self.test == Test::Like && !self.negated;
        self.values().filter(move |value| like && value.contains(['*', '?']) && !value.contains("${"))
    }

    /// Does the condition treat its key as one with several values?
    pub(crate) fn is_set(&self) -> bool {
        self.set.is_some()
    }

    /// The names of the policy variables among the values.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.values.iter().flat_map(|value| pattern::variables(&value.text, self.variables))
    }
}

/// Keys that hold lists: *AWS global condition context keys*
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html> and the keys of type *ArrayOf…* in
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html>, read in September 2026.
const MULTIVALUED: [&str; 14] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:tagkeys",
    "sagemaker:acceleratortypes",
    "sagemaker:customermetadatapropertiestoremove",
    "sagemaker:imagearns",
    "sagemaker:imageversionarns",
    "sagemaker:instancetypes",
    "sagemaker:notebookinstancelifecycleconfigarns",
    "sagemaker:studiolifecycleconfigarns",
    "sagemaker:updatablefeatures",
    "sagemaker:vpcsecuritygroupids",
    "sagemaker:vpcsubnets",
];

const NOT_WHOLE: &str = "an ARN condition compares with a text that is not an ARN of six parts";

/// An address from a range reserved for documentation, likely outside every listed range.
const FRESH_ADDRESS: &str = "192.0.2.77";

fn neighbours(bound: f64) -> [String; 3] {
    [bound, bound - 1.0, bound + 1.0].map(|number| number.to_string())
}

fn pattern_account(text: &str) -> Option<&str> {
    text.split(':').nth(4)
}

fn operator_named(folded: &str) -> (Test, bool) {
    use Compare::*;
    match folded {
        "stringequals" => (Test::Equals, false),
        "stringnotequals" => (Test::Equals, true),
        "stringequalsignorecase" => (Test::EqualsAnyCase, false),
        "stringnotequalsignorecase" => (Test::EqualsAnyCase, true),
        "stringlike" => (Test::Like, false),
        "stringnotlike" => (Test::Like, true),
        "numericequals" => (Test::Numeric(Equals), false),
        "numericnotequals" => (Test::Numeric(Equals), true),
        "numericlessthan" => (Test::Numeric(Less), false),
        "numericlessthanequals" => (Test::Numeric(LessOrEqual), false),
        "numericgreaterthan" => (Test::Numeric(Greater), false),
        "numericgreaterthanequals" => (Test::Numeric(GreaterOrEqual), false),
        "dateequals" => (Test::Date(Equals), false),
        "datenotequals" => (Test::Date(Equals), true),
        "datelessthan" => (Test::Date(Less), false),
        "datelessthanequals" => (Test::Date(LessOrEqual), false),
        "dategreaterthan" => (Test::Date(Greater), false),
        "dategreaterthanequals" => (Test::Date(GreaterOrEqual), false),
        "bool" => (Test::Bool, false),
        "binaryequals" => (Test::Binary, false),
        "ipaddress" => (Test::IpAddress, false),
        "notipaddress" => (Test::IpAddress, true),
        "arnequals" | "arnlike" => (Test::Arn, false),
        "arnnotequals" | "arnnotlike" => (Test::Arn, true),
        "null" => (Test::Null, false),
        _ => (Test::Unheard, false),
    }
}

fn read(test: Test, text: &str, variables: bool) -> Reading {
    let read = match test {
        Test::Numeric(_) => number(text).map(Reading::Number),
        Test::Date(_) => date(text).map(Reading::Number),
        Test::Bool | Test::Null => boolean(text).map(Reading::Bool),
        Test::IpAddress => network(text),
        Test::Arn => Some(Reading::Arn(Box::new(ArnPattern::new(text, variables)))),
        Test::Equals | Test::EqualsAnyCase | Test::Like | Test::Binary | Test::Unheard => Some(Reading::Text),
    };
    read.unwrap_or(Reading::Unreadable)
}

impl Compare {
    fn holds(self, given: Number, bound: Number) -> bool {
        match self {
            Compare::Equals => given.0 == bound.0,
            Compare::Less => given.0 < bound.0,
            Compare::LessOrEqual => given.0 <= bound.0,
            Compare::Greater => given.0 > bound.0,
            Compare::GreaterOrEqual => given.0 >= bound.0,
        }
    }
}

fn number(text: &str) -> Option<Number> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite()).map(Number)
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn network(text: &str) -> Option<Reading> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(width);
    (bits <= width).then_some(Reading::Network(address, bits))
}

fn contains(base: IpAddr, bits: u8, address: IpAddr) -> bool {
    let differ = match (base, address.to_canonical()) {
        (IpAddr::V4(base), IpAddr::V4(address)) => u128::from(base.to_bits() ^ address.to_bits()) << 96,
        (IpAddr::V6(base), IpAddr::V6(address)) => base.to_bits() ^ address.to_bits(),
        _ => return false,
    };
    differ.leading_zeros() >= u32::from(bits)
}

/// Seconds since 1970 from an ISO 8601 date (`2026`, `2026-02`, `2026-02-01`, with `T10:00Z`, seconds, fractions, offsets)
/// or from the number of seconds itself.
fn date(text: &str) -> Option<Number> {
    let text = text.trim();
    let (day, time) = text.split_once(['T', 't']).map_or((text, None), |(day, time)| (day, Some(time)));
    let mut parts = day.splitn(3, '-');
    let year = parts.next()?;
    if year.len() != 4 {
        return number(text);
    }
    let year: i64 = digits(year)?;
    let month = parts.next().map_or(Some(1), digits)?;
    let day = parts.next().map_or(Some(1), digits)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let seconds = time.map_or(Some(0.0), time_of_day)?;
    #[expect(clippy::cast_precision_loss, reason = "four-digit years are far below 2^53 seconds")]
    let midnight = (days_since_1970(year, month, day) * 86_400) as f64;
    Some(Number(midnight + seconds))
}

fn time_of_day(text: &str) -> Option<f64> {
    let zone = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone);
    let mut parts = clock.splitn(3, ':');
    let hours = digits(parts.next()?)?;
    let minutes = digits(parts.next()?)?;
    let seconds: f64 = parts.next().map_or(Some(0.0), |text| text.parse().ok())?;
    let offset = match zone.as_bytes().first() {
        None | Some(b'Z' | b'z') => 0,
        Some(sign) => {
            let (hours, minutes) = zone[1..].split_once(':')?;
            let minutes = digits(hours)? * 60 + digits(minutes)?;
            if *sign == b'-' { -minutes } else { minutes }
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "minutes of a day are small")]
    let minutes = (hours * 60 + minutes - offset) as f64;
    (hours <= 24 && seconds.is_finite()).then_some(minutes * 60.0 + seconds)
}

fn digits(text: &str) -> Option<i64> {
    (text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The civil calendar counted in eras of 400 years that begin in March, so that leap days come last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(operator: &str, listed: &[&str], context: &Context) -> Truth {
        let values = listed.iter().map(|value| (*value).to_owned()).collect();
        Condition::new(&operator.into(), "k", values, true).holds(context)
    }

    #[test]
    fn dates_are_read_in_every_documented_form() {
        let seconds = |text| date(text).map(|number| number.0);
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0.0));
        assert_eq!(seconds("2026-02-28T23:59:59Z"), Some(1_772_323_199.0));
        assert_eq!(seconds("2024-02-29"), seconds("2024-02-29T00:00Z"));
        assert_eq!(seconds("2026-01-01T02:00:00+02:00"), seconds("2026"));
        assert_eq!(seconds("1772323199"), Some(1_772_323_199.0));
        assert_eq!((seconds("2026-13-01"), seconds("soon"), seconds("2026-01-01Tx")), (None, None, None));
    }

    #[test]
    fn absent_keys_follow_the_table() {
        let absent = Context::closed();
        for (operator, expected) in [
            ("StringEquals", Truth::No),
            ("StringNotEquals", Truth::Yes),
            ("StringEqualsIfExists", Truth::Yes),
            ("StringNotEqualsIfExists", Truth::Yes),
            ("ForAllValues:StringEquals", Truth::Yes),
            ("ForAnyValue:StringNotEquals", Truth::No),
            ("ForAnyValue:StringEqualsIfExists", Truth::key(&"k".into())),
        ] {
            assert_eq!(holds(operator, &["v"], &absent), expected, "{operator}");
        }
        assert!(holds("Null", &["true"], &absent).is_yes() && holds("Null", &["false"], &absent).is_no());
    }

    #[test]
    fn an_unknown_key_decides_nothing() {
        for operator in ["StringEquals", "StringNotEquals", "BoolIfExists", "ForAllValues:StringLike", "Null"] {
            assert_eq!(holds(operator, &["true"], &Context::open()), Truth::key(&"k".into()), "{operator}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_a_doubt() {
        let context = Context::closed().with("k", "5");
        for (operator, value) in
            [("NumericEquals", "five"), ("IpAddress", "10.0.0.0/33"), ("StringSimilar", "x"), ("Bool", "yes")]
        {
            assert!(matches!(holds(operator, &[value], &context), Truth::Maybe(_)), "{operator}");
        }
    }

    #[test]
    fn a_key_that_holds_a_list_needs_a_set_operator_even_for_one_value() {
        let condition = |operator: &str| Condition::new(&operator.into(), "aws:TagKeys", vec!["a".into()], true);
        let context = Context::closed().with("aws:TagKeys", "a");
        assert_eq!(condition("StringEquals").holds(&context), Truth::key(&"aws:TagKeys".into()));
        assert!(condition("StringEquals").doubt().is_some());
        assert!(condition("ForAnyValue:StringEquals").holds(&context).is_yes());
        assert!(condition("StringEquals").holds(&Context::closed()).is_no());
        assert!(condition("Null").doubt().is_none_or(|doubt| !doubt.contains("list")));
    }

    #[test]
    fn several_values_need_a_set_operator() {
        let several = Context::closed().with_all("k", ["a", "b"]);
        assert_eq!(holds("StringEquals", &["a"], &several), Truth::key(&"k".into()));
        assert!(holds("ForAnyValue:StringEquals", &["a"], &several).is_yes());
        assert!(holds("ForAllValues:StringEquals", &["a"], &several).is_no());
    }

    #[test]
    fn networks_hold_their_addresses() {
        let from = |address: &str| Context::closed().with("k", address);
        assert!(holds("IpAddress", &["203.0.113.7/24"], &from("203.0.113.200")).is_yes());
        assert!(holds("IpAddress", &["0.0.0.0/0"], &from("2001:db8::1")).is_no());
        assert!(holds("NotIpAddress", &["2001:db8::/32"], &from("2001:db9::1")).is_yes());
    }
}
