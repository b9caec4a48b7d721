//! Policies that are written rather than read: drafts of IAM and organization documents, small and in a fixed order.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

/// The characters that a managed policy may have, whitespace not counted. Source: IAM user guide, "IAM and AWS STS quotas".
pub const MANAGED_POLICY: usize = 6_144;

/// The characters that a service control policy may have, whitespace counted. Source: AWS Organizations user guide, "Troubleshooting
/// AWS Organizations policies": 5,120. Newer organizations may have more, which is no reason to need it.
pub const CONTROL_POLICY: usize = 5_120;

/// A policy document. In JSON it is what AWS takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Draft {
    version: &'static str,
    statement: Vec<DraftStatement>,
}

/// A statement of a [`Draft`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DraftStatement {
    /// Letters and digits; unique in its document.
    pub sid: String,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// The actions.
    #[serde(serialize_with = "one_or_many")]
    pub action: BTreeSet<String>,
    /// The resources it is about.
    #[serde(flatten)]
    pub resource: Resources,
    /// Operator, key, values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "conditions")]
    pub condition: Conditions,
}

/// What a statement of a draft is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Resources {
    /// These.
    #[serde(rename = "Resource", serialize_with = "one_or_many")]
    These(BTreeSet<String>),
    /// All but these.
    #[serde(rename = "NotResource", serialize_with = "one_or_many")]
    AllBut(BTreeSet<String>),
}

impl Resources {
    /// Every resource.
    pub fn all() -> Resources {
        Resources::These(BTreeSet::from(["*".to_owned()]))
    }
}

/// Operator, key, values.
pub type Conditions = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// One condition.
pub fn condition<V: Into<String>>(operator: &str, key: &str, values: impl IntoIterator<Item = V>) -> Conditions {
    let values = values.into_iter().map(Into::into).collect();
    BTreeMap::from([(operator.to_owned(), BTreeMap::from([(key.to_owned(), values)]))])
}

fn one_or_many<S: Serializer>(values: &BTreeSet<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match values.first() {
        Some(only) if values.len() == 1 => serializer.serialize_str(only),
        _ => serializer.collect_seq(values),
    }
}

fn conditions<S: Serializer>(all: &Conditions, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    #[serde(transparent)]
    struct Values<'a>(#[serde(serialize_with = "one_or_many")] &'a BTreeSet<String>);
    let operators = all.iter().map(|(operator, keys)| {
        let keys: BTreeMap<&String, Values<'_>> = keys.iter().map(|(key, values)| (key, Values(values))).collect();
        (operator, keys)
    });
    serializer.collect_map(operators)
}

impl Draft {
    fn new(statement: Vec<DraftStatement>) -> Draft {
        Draft { version: "2012-10-17", statement }
    }

    /// The statements, in their order.
    pub fn statements(&self) -> &[DraftStatement] {
        &self.statement
    }

    /// The document on one line.
    pub fn compact(&self) -> String {
        // Strings alone: nothing in it can fail to be JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Its size without whitespace, in characters.
    pub fn size(&self) -> usize {
        self.compact().chars().count()
    }
}

/// Packs statements into as few documents as keep the limit, in their order. A statement too large for one document is
/// divided by its resources or, where these cannot be divided, by its actions; the parts are numbered. A single resource
/// name beyond the limit is not divided: AWS knows none.
pub fn pack(statements: Vec<DraftStatement>, limit: usize) -> Vec<Draft> {
    let mut documents: Vec<Draft> = Vec::new();
    for statement in statements.into_iter().flat_map(|statement| divided(statement, limit)) {
        match documents.last_mut() {
            Some(last) if last.size() + size_of(&statement) < limit => last.statement.push(statement),
            _ => documents.push(Draft::new(vec![statement])),
        }
    }
    documents
}

fn size_of(statement: &DraftStatement) -> usize {
    serde_json::to_string(statement).map_or(0, |text| text.chars().count())
}

fn divided(statement: DraftStatement, limit: usize) -> Vec<DraftStatement> {
    let mut whole = vec![statement];
    // Every round halves something; names alone remain in the end.
    while let Some(at) = whole.iter().position(|part| Draft::new(vec![part.clone()]).size() > limit && can_halve(part))
    {
        let (one, two) = halves(whole.remove(at));
        whole.splice(at..at, [one, two]);
    }
    if whole.len() > 1 {
        for (number, part) in whole.iter_mut().enumerate() {
            part.sid = format!("{}Part{}", part.sid, number + 1);
        }
    }
    whole
}

fn can_halve(statement: &DraftStatement) -> bool {
    matches!(&statement.resource, Resources::These(all) if all.len() > 1) || statement.action.len() > 1
}

fn halves(statement: DraftStatement) -> (DraftStatement, DraftStatement) {
    let (mut one, mut two) = (statement.clone(), statement);
    match (&mut one.resource, &mut two.resource) {
        // Exceptions cannot be divided: each half would hit what the other spares.
        (Resources::These(first), Resources::These(second)) if first.len() > 1 => {
            (*first, *second) = split(std::mem::take(first));
        }
        _ => (one.action, two.action) = split(std::mem::take(&mut one.action)),
    }
    (one, two)
}

fn split(all: BTreeSet<String>) -> (BTreeSet<String>, BTreeSet<String>) {
    let middle = all.len() / 2;
    let mut all = all.into_iter();
    let first = all.by_ref().take(middle).collect();
    (first, all.collect())
}

/// A name as a policy writes it, where it must stand for itself: the characters that mean something in a policy are
/// written as the variables that stand for them. Source: IAM user guide, "IAM policy elements: Variables and tags".
pub fn literal(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '*' => text.push_str("${*}"),
            '?' => text.push_str("${?}"),
            '$' => text.push_str("${$}"),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use sagescan_policy::Document;

    fn statement(sid: &str, resources: usize, actions: usize) -> DraftStatement {
        let many = |what: &str, count: usize| (0..count).map(|n| format!("{what}{n:04}")).collect();
        DraftStatement {
            sid: sid.into(),
            effect: "Allow",
            action: many("s3:Get", actions),
            resource: Resources::These(many("arn:aws:s3:::bucket-", resources)),
            condition: condition("StringEquals", "aws:ResourceAccount", ["111122223333"]),
        }
    }

    #[test]
    fn a_draft_is_what_aws_takes() {
        let documents = pack(vec![statement("One", 1, 2)], MANAGED_POLICY);
        assert_eq!(
            documents[0].compact(),
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Allow","Action":["s3:Get0000","s3:Get0001"],"Resource":"arn:aws:s3:::bucket-0000","Condition":{"StringEquals":{"aws:ResourceAccount":"111122223333"}}}]}"#
        );
    }

    #[test]
    fn what_does_not_fit_is_divided_and_nothing_is_lost() {
        let documents =
            pack(vec![statement("Small", 2, 2), statement("Large", 900, 3), statement("Wide", 1, 900)], 5_120);
        assert!(documents.len() > 2);
        let (mut resources, mut actions, mut sids) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for document in &documents {
            assert!(document.size() <= 5_120, "{}", document.size());
            assert!(
                Document::parse("draft", &document.compact()).unwrap().statements().iter().all(|s| s.flaw.is_none())
            );
            for statement in document.statements() {
                assert!(sids.insert(statement.sid.clone()), "{} stands there twice", statement.sid);
                actions.extend(statement.action.clone());
                if let Resources::These(these) = &statement.resource {
                    resources.extend(these.clone());
                }
            }
        }
        assert_eq!((resources.len(), actions.len()), (900, 900));
    }

    #[test]
    fn a_name_stands_for_itself() {
        assert_eq!(literal("a*b?${x}"), "a${*}b${?}${$}{x}");
    }
}
