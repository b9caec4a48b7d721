//! Policy documents: read once, judged many times.
//!
//! Reading is lenient about form (one value or a list, one statement or many, element names in any case, URL encoding)
//! and strict about meaning: a statement that cannot be understood is kept with its flaw, counts as a *possible* match and
//! is never dropped. Source: *Grammar of the IAM JSON policy language*
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.

use crate::condition::Condition;
use crate::context::Context;
use crate::glob;
use crate::json::Json;
use crate::pattern::ArnPattern;
use crate::principal::{Caller, Principal, Standing, shorten};
use crate::request::Request;
use crate::truth::Truth;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Documents beyond this size are refused. The largest policy AWS accepts, a key policy, has 32 KiB:
/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>.
pub const MAX_DOCUMENT: usize = 256 * 1024;

/// Longer texts inside a document are a flaw: an ARN has at most 2,048 characters.
const MAX_TEXT: usize = 4096;

/// A policy document, compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    name: Arc<str>,
    statements: Vec<Statement>,
}

/// Why a text is not a policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentError {
    /// Larger than [`MAX_DOCUMENT`]; the size in bytes.
    TooLarge(usize),
    /// Not JSON, or nested too deeply; the reason with line and column.
    NotJson(String),
    /// JSON, but not a policy; what is wrong.
    NotAPolicy(String),
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DocumentError::TooLarge(size) => {
                write!(f, "the document has {size} bytes, far more than any AWS policy ({MAX_DOCUMENT} are read)")
            }
            DocumentError::NotJson(reason) => write!(f, "the document is not JSON: {reason}"),
            DocumentError::NotAPolicy(reason) => write!(f, "the document is not a policy: {reason}"),
        }
    }
}

impl std::error::Error for DocumentError {}

/// One statement of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The position in the document, from 0.
    pub index: usize,
    /// The `Sid`, if there is one.
    pub sid: Option<Arc<str>>,
    /// Allow or deny.
    pub effect: Effect,
    /// `Action` or `NotAction`.
    pub actions: Element<ActionPattern>,
    /// `Resource` or `NotResource`.
    pub resources: Element<ArnPattern>,
    /// `Principal` or `NotPrincipal`.
    pub principals: Element<Principal>,
    /// Every key of every operator; all must hold.
    pub conditions: Vec<Condition>,
    /// Why the statement cannot be taken at its word, if so. It then never matches with certainty.
    pub flaw: Option<Arc<str>>,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `"Allow"`.
    Allow,
    /// `"Deny"`.
    Deny,
    /// Anything else: the statement has a flaw and may be either.
    Unclear,
}

/// An element that lists patterns, plain or negated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element<T> {
    /// `Action`, `Resource`, `Principal`: any of these.
    Only(Vec<T>),
    /// `NotAction`, `NotResource`, `NotPrincipal`: all but these.
    AllBut(Vec<T>),
    /// The statement does not have the element.
    Unstated,
}

impl<T> Element<T> {
    /// The listed patterns of the plain element; empty for the negated one.
    pub fn only(&self) -> &[T] {
        match self {
            Element::Only(listed) => listed,
            _ => &[],
        }
    }

    /// The listed patterns, plain or negated.
    pub fn listed(&self) -> &[T] {
        match self {
            Element::Only(listed) | Element::AllBut(listed) => listed,
            Element::Unstated => &[],
        }
    }
}

/// An action as a policy writes it: `*`, `s3:Get*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionPattern {
    text: Box<str>,
    colon: Option<usize>,
}

impl ActionPattern {
    fn new(text: &str) -> ActionPattern {
        ActionPattern { text: text.into(), colon: text.find(':') }
    }

    /// As written in the policy.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The service prefix as written; empty for the plain `*`.
    pub fn service(&self) -> &str {
        self.colon.map_or("", |colon| &self.text[..colon])
    }

    /// Does the pattern cover the action? Case is ignored, and a question such as `s3:*` is covered only as a whole.
    pub fn covers(&self, action: &str) -> bool {
        match (self.colon, action.find(':')) {
            (None, _) => self.is_everything(),
            (Some(own), Some(other)) if own != other && !self.service().contains(['*', '?']) => false,
            _ => glob::matches_any_case(self.text.as_bytes(), action.as_bytes()),
        }
    }

    /// Is it `*` or `*:*`?
    pub fn is_everything(&self) -> bool {
        matches!(&*self.text, "*" | "*:*" | "**")
    }

    fn overlaps(&self, action: &str) -> bool {
        glob::overlap(self.text.to_ascii_lowercase().as_bytes(), action.to_ascii_lowercase().as_bytes())
    }

    fn flaw(&self) -> Option<String> {
        if self.is_everything() {
            return None;
        }
        if self.colon.is_none() || self.service().is_empty() {
            return Some(format!("the action {} names no service", shorten(&self.text)));
        }
        (self.service().contains(['*', '?'])).then(|| format!("the service of {} has a wildcard", shorten(&self.text)))
    }
}

impl Document {
    /// Reads a document, plain or URL-encoded as the IAM API hands it out. The name, usually the policy's ARN, is what
    /// evidence refers to.
    pub fn parse(name: &str, text: &str) -> Result<Document, DocumentError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.len() > MAX_DOCUMENT * 3 {
            return Err(DocumentError::TooLarge(text.len()));
        }
        let decoded = if text.starts_with('%') { percent_decoded(text)? } else { text.to_owned() };
        if decoded.len() > MAX_DOCUMENT {
            return Err(DocumentError::TooLarge(decoded.len()));
        }
        let json = serde_json::from_str(&decoded).map_err(|error| DocumentError::NotJson(error.to_string()))?;
        let statements = statements(json)?;
        Ok(Document { name: name.into(), statements })
    }

    /// Like [`Document::parse`], but an unreadable text becomes a document that may allow and may deny anything. This is how
    /// a broken document takes part in an evaluation.
    pub fn parse_or_doubt(name: &str, text: &str) -> Document {
        Document::parse(name, text).unwrap_or_else(|error| Document::unreadable(name, &error.to_string()))
    }

    /// A document whose content is not known for the given reason: it may allow and may deny anything.
    pub fn unreadable(name: &str, reason: &str) -> Document {
        let statement = Statement {
            index: 0,
            sid: None,
            effect: Effect::Unclear,
            actions: Element::Only(vec![ActionPattern::new("*")]),
            resources: Element::Unstated,
            principals: Element::Unstated,
            conditions: Vec::new(),
            flaw: Some(format!("{}: {reason}", shorten(name)).into()),
        };
        Document { name: name.into(), statements: vec![statement] }
    }

    /// The name given at reading.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The statements in their order.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

/// Which side of a request a document stands on; it decides what missing elements mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Identity, boundary, session and service control policies: no principal, always a resource.
    Caller,
    /// Resource, resource control and endpoint policies: always a principal; trust policies leave the resource out.
    Resource,
}

impl Statement {
    /// Spellings that AWS may not read as one would expect: doubtful resource ARNs and conditions.
    pub fn remarks(&self) -> Vec<String> {
        let resources = self.resources.listed().iter().filter_map(|arn| {
            arn.doubt().or_else(|| arn.misspelling()).map(|doubt| format!("{doubt}: {}", arn.text()))
        });
        resources.chain(self.conditions.iter().filter_map(Condition::doubt)).collect()
    }

    /// The condition keys of the statement as written, each once.
    pub fn condition_keys(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let keys = self.conditions.iter().map(Condition::key);
        keys.filter(|key| seen.insert(key.folded())).map(|key| &*key.name).collect()
    }

    /// Could the statement have this effect?
    pub(crate) fn may(&self, effect: Effect) -> bool {
        self.effect == effect || self.effect == Effect::Unclear
    }

    /// Does the statement speak about the action at all? The cheap first question.
    pub fn covers_action(&self, action: &str) -> bool {
        match &self.actions {
            Element::Only(listed) => listed.iter().any(|pattern| pattern.covers(action)),
            Element::AllBut(listed) if action.contains('*') => !listed.iter().any(|pattern| pattern.overlaps(action)),
            Element::AllBut(listed) => !listed.iter().any(|pattern| pattern.covers(action)),
            Element::Unstated => true,
        }
    }

    /// Does the statement speak about at least some of the actions a pattern covers?
    pub fn may_cover_some(&self, action: &str) -> bool {
        match &self.actions {
            Element::Only(listed) => listed.iter().any(|pattern| pattern.overlaps(action)),
            Element::AllBut(listed) => !listed.iter().any(|pattern| pattern.covers(action)),
            Element::Unstated => true,
        }
    }

    /// How the statement sees a caller: a letter for each condition on who calls. `None` where it compares with something of
    /// the caller (`${aws:username}`), for then it may see each caller in its own way. Callers of one account and kind that a
    /// statement sees alike get the same answers from it, whatever the request.
    pub fn view_of(&self, caller: &str) -> Option<String> {
        const OF_CALLER: [&str; 4] = ["aws:principalarn", "aws:principaltype", "aws:username", "aws:userid"];
        let is_own = |key: &str| OF_CALLER.iter().any(|own| own.eq_ignore_ascii_case(key));
        let of_resources = self.resources.listed().iter().flat_map(ArnPattern::variables);
        let of_conditions = self.conditions.iter().flat_map(Condition::variables);
        if of_resources.chain(of_conditions).any(is_own) {
            return None;
        }
        let mut own = self.conditions.iter().filter(|condition| is_own(condition.key().folded())).peekable();
        if own.peek().is_none() {
            return Some(String::new());
        }
        let context = Request::new(caller, "*", "*").within(Context::open()).with_known_keys().context;
        let letter = |condition: &Condition| match condition.holds(&context) {
            Truth::Yes => 'y',
            Truth::No => 'n',
            Truth::Maybe(_) => '?',
        };
        Some(own.map(letter).collect())
    }

    /// Everything but the principal: action, resource, conditions, flaw.
    pub(crate) fn applies(&self, request: &Request, side: Side) -> Truth {
        if !self.covers_action(&request.action) {
            return Truth::No;
        }
        let resources = self.covers_resource(request, side);
        if resources.is_no() {
            return Truth::No;
        }
        let conditions = Truth::all(self.conditions.iter().map(|condition| condition.holds(&request.context)));
        resources.and(conditions).and(self.flaw.clone().map_or(Truth::Yes, Truth::note))
    }

    /// Does the statement cover the resource, or all of them if the question is a pattern?
    fn covers_resource(&self, request: &Request, side: Side) -> Truth {
        let (resource, context) = (&*request.resource, &request.context);
        match &self.resources {
            Element::Only(listed) => {
                Truth::any(listed.iter().map(|arn| self.credit(arn, arn.matches(resource, context))))
            }
            Element::AllBut(listed) if resource == "*" && !request.action.contains('*') => {
                if listed.iter().any(ArnPattern::is_everything) { Truth::No } else { Truth::note(NO_RESOURCE) }
            }
            Element::AllBut(listed) if resource.contains('*') => {
                Truth::any(listed.iter().map(|arn| hedge(arn, arn.overlaps(resource, context)))).not()
            }
            Element::AllBut(listed) => {
                Truth::any(listed.iter().map(|arn| hedge(arn, arn.matches(resource, context)))).not()
            }
            Element::Unstated if side == Side::Resource || self.flaw.is_some() => Truth::Yes,
            Element::Unstated => Truth::note("a statement names no resource"),
        }
    }

    /// A doubtful spelling in an `Allow` counts as the grant it was meant to be; in a `Deny` it is not relied upon.
    fn credit(&self, arn: &ArnPattern, matched: Truth) -> Truth {
        if self.effect == Effect::Allow { matched } else { hedge(arn, matched) }
    }

    /// In which capacity the principals of an `Allow` name the caller.
    pub(crate) fn admits(&self, caller: &Caller) -> Standing {
        match &self.principals {
            Element::Only(listed) => Standing::of(listed, caller),
            Element::AllBut(listed) => {
                Standing { direct: Standing::of(listed, caller).any().not(), role: Truth::No, account: Truth::No }
            }
            Element::Unstated => Standing { direct: self.unnamed(), role: Truth::No, account: Truth::No },
        }
    }

    /// Whether the principals of a `Deny` hit the caller. One with a boundary is never spared by `NotPrincipal`:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>.
    pub(crate) fn hits(&self, caller: &Caller, bounded: bool) -> Truth {
        match &self.principals {
            Element::Only(listed) => Standing::of(listed, caller).any(),
            Element::AllBut(_) if bounded => Truth::Yes,
            Element::AllBut(listed) => Standing::of(listed, caller).spared_by_deny(caller).not(),
            Element::Unstated => self.unnamed(),
        }
    }

    fn unnamed(&self) -> Truth {
        self.flaw.clone().map_or_else(|| Truth::note("a statement names no principal"), Truth::note)
    }
}

/// An action that knows no resources is asked about with `*`, and `NotResource` lets it through. The same question about any
/// other action means all of its resources, which `NotResource` does not let through. Which actions know no resources is in
/// the service authorization reference, which the engine does not carry.
const NO_RESOURCE: &str = "NotResource covers the request only if the action knows no resources";

fn hedge(arn: &ArnPattern, matched: Truth) -> Truth {
    match arn.doubt() {
        Some(doubt) => matched.and(Truth::note(doubt)),
        None => matched,
    }
}

/// Decodes `%7B` and the like once.
fn percent_decoded(text: &str) -> Result<String, DocumentError> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut nibble = || bytes.next().and_then(|digit| char::from(digit).to_digit(16));
        match (nibble(), nibble()) {
            (Some(high), Some(low)) => out.extend(u8::try_from(high * 16 + low)),
            _ => return Err(DocumentError::NotJson("its URL encoding is broken".into())),
        }
    }
    String::from_utf8(out).map_err(|_| DocumentError::NotJson("it is not UTF-8".into()))
}

fn statements(json: Json) -> Result<Vec<Statement>, DocumentError> {
    let not = |reason: &str| Err(DocumentError::NotAPolicy(reason.to_owned()));
    let Json::Object(members) = json else {
        return not("it is not an object");
    };
    let (mut version, mut body) = (None, None);
    for (name, value) in members {
        let slot = match () {
            () if name.eq_ignore_ascii_case("version") => &mut version,
            () if name.eq_ignore_ascii_case("statement") => &mut body,
            () => continue,
        };
        if slot.replace(value).is_some() {
            return Err(DocumentError::NotAPolicy(format!("it has two elements {name}")));
        }
    }
    let variables = match version {
        None => false,
        Some(Json::Text(version)) if version == "2008-10-17" => false,
        Some(Json::Text(version)) if version == "2012-10-17" => true,
        Some(_) => return not("its Version is neither 2012-10-17 nor 2008-10-17"),
    };
    let items = match body {
        Some(Json::List(items)) => items,
        Some(one @ Json::Object(_)) => vec![one],
        Some(_) => return not("its Statement is neither an object nor a list"),
        None => return not("it has no Statement"),
    };
    Ok(items.into_iter().enumerate().map(|(index, item)| statement(index, item, variables)).collect())
}

fn statement(index: usize, json: Json, variables: bool) -> Statement {
    let mut reader = Reader {
        variables,
        seen: Vec::new(),
        statement: Statement {
            index,
            sid: None,
            effect: Effect::Unclear,
            actions: Element::Unstated,
            resources: Element::Unstated,
            principals: Element::Unstated,
            conditions: Vec::new(),
            flaw: None,
        },
    };
    match json {
        Json::Object(members) => members.into_iter().for_each(|(name, value)| reader.element(&name, value)),
        _ => reader.flaw("it is not an object".into()),
    }
    if reader.statement.effect == Effect::Unclear {
        reader.flaw("its Effect is neither Allow nor Deny".into());
    }
    if reader.statement.actions == Element::Unstated {
        reader.flaw("it has neither Action nor NotAction".into());
    }
    reader.statement
}

/// Fills one statement, element by element, and remembers the first flaw.
struct Reader {
    variables: bool,
    seen: Vec<&'static str>,
    statement: Statement,
}

impl Reader {
    fn flaw(&mut self, reason: String) {
        let flaw = || match &self.statement.sid {
            Some(sid) => format!("statement {} ({}) is unclear: {reason}", self.statement.index + 1, shorten(sid)),
            None => format!("statement {} is unclear: {reason}", self.statement.index + 1),
        };
        if self.statement.flaw.is_none() {
            self.statement.flaw = Some(flaw().into());
        }
    }

    fn element(&mut self, name: &str, value: Json) {
        const ELEMENTS: [&str; 9] = [
            "Sid",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Principal",
            "NotPrincipal",
            "Condition",
        ];
        let Some(known) = ELEMENTS.into_iter().find(|known| known.eq_ignore_ascii_case(name)) else {
            return self.flaw(format!("it has an element {}", shorten(name)));
        };
        if self.seen.contains(&known) {
            return self.flaw(format!("it has two elements {known}"));
        }
        let opposite = known.strip_prefix("Not");
        if self.seen.iter().any(|seen| opposite == Some(*seen) || seen.strip_prefix("Not") == Some(known)) {
            return self.flaw(format!("it has both {known} and its opposite"));
        }
        self.seen.push(known);
        match known {
            "Sid" => self.statement.sid = value.scalars().and_then(|texts| texts.into_iter().next()).map(Into::into),
            "Effect" => {
                self.statement.effect = match value {
                    Json::Text(effect) if effect == "Allow" => Effect::Allow,
                    Json::Text(effect) if effect == "Deny" => Effect::Deny,
                    _ => Effect::Unclear,
                }
            }
            "Action" | "NotAction" => {
                let Some(texts) = self.texts(known, value) else { return };
                let patterns: Vec<_> = texts.iter().map(|text| ActionPattern::new(text)).collect();
                if let Some(flaw) = patterns.iter().find_map(ActionPattern::flaw) {
                    self.flaw(flaw);
                }
                self.statement.actions = element(opposite.is_some(), patterns);
            }
            "Resource" | "NotResource" => {
                let Some(texts) = self.texts(known, value) else { return };
                let patterns = texts.iter().map(|text| ArnPattern::new(text, self.variables)).collect();
                self.statement.resources = element(opposite.is_some(), patterns);
            }
            "Principal" | "NotPrincipal" => {
                let Some(principals) = self.principals(known, value) else { return };
                self.statement.principals = element(opposite.is_some(), principals);
            }
            _ => self.conditions(value),
        }
    }

    /// The texts of an element; anything else is a flaw, and the element then says nothing.
    fn texts(&mut self, name: &str, value: Json) -> Option<Vec<String>> {
        let listed = match value {
            Json::Text(text) => Some(vec![text]),
            Json::List(items) => {
                items.into_iter().map(|item| if let Json::Text(text) = item { Some(text) } else { None }).collect()
            }
            _ => None,
        };
        let Some(texts) = listed else {
            self.flaw(format!("its {name} is neither a text nor a list of texts"));
            return None;
        };
        self.within_limits(name, texts)
    }

    fn within_limits(&mut self, name: &str, texts: Vec<String>) -> Option<Vec<String>> {
        if texts.is_empty() {
            self.flaw(format!("its {} is empty", shorten(name)));
        }
        if texts.iter().any(|text| text.len() > MAX_TEXT) {
            self.flaw(format!("its {} holds a text longer than any AWS name", shorten(name)));
            return None;
        }
        Some(texts)
    }

    fn principals(&mut self, name: &str, value: Json) -> Option<Vec<Principal>> {
        let kinds = match value {
            Json::Text(text) => return Some(vec![Principal::parse("AWS", &text)]),
            Json::Object(kinds) => kinds,
            _ => {
                self.flaw(format!("its {name} is neither * nor an object"));
                return None;
            }
        };
        let mut principals = Vec::new();
        for (kind, value) in kinds {
            let texts = self.texts(name, value)?;
            principals.extend(texts.iter().map(|text| Principal::parse(&kind, text)));
        }
        if principals.is_empty() {
            self.flaw(format!("its {name} is empty"));
        }
        Some(principals)
    }

    fn conditions(&mut self, value: Json) {
        let Json::Object(operators) = value else {
            return self.flaw("its Condition is not an object".into());
        };
        for (at, (operator, keys)) in operators.iter().enumerate() {
            if operators[..at].iter().any(|(earlier, _)| earlier == operator) {
                self.flaw(format!("its Condition has {} twice", shorten(operator)));
            }
            if at >= 64 {
                return self.flaw("its Condition has more operators than exist".into());
            }
            let Json::Object(keys) = keys else {
                self.flaw(format!("its Condition {} is not an object", shorten(operator)));
                continue;
            };
            let operator: Arc<str> = operator.as_str().into();
            let mut named: Vec<&str> = keys.iter().map(|(key, _)| key.as_str()).collect();
            named.sort_unstable();
            if named.windows(2).any(|pair| pair[0] == pair[1]) {
                self.flaw(format!("its Condition {} has a key twice", shorten(&operator)));
            }
            for (key, values) in keys {
                let Some(texts) = values.clone().scalars() else {
                    self.flaw(format!("its Condition {} {} is not a list of values", shorten(&operator), shorten(key)));
                    continue;
                };
                let Some(texts) = self.within_limits(key, texts) else { continue };
                self.statement.conditions.push(Condition::new(&operator, key, texts, self.variables));
            }
        }
    }
}

fn element<T>(negated: bool, listed: Vec<T>) -> Element<T> {
    if negated { Element::AllBut(listed) } else { Element::Only(listed) }
}
