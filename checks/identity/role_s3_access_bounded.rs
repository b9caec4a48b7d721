use super::patterns::{bounded, filled, is_open};
use super::roles;
use crate::engine::{Permissions, Proof, STRANGER};
use crate::prelude::*;

pub(super) struct RoleS3AccessBounded;

/// What is asked about objects, and the words for it.
const RIGHTS: [(&str, &str); 3] = [
    ("s3:PutObject", "write objects to"),
    ("s3:GetObject", "read objects of"),
    ("s3:DeleteObject", "delete objects of"),
];

impl Check for RoleS3AccessBounded {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-s3-access-bounded",
        title: "Execution roles reach only named buckets, or only those of this account",
        severity: Severity::High,
        reads: roles::POLICIES,
        practices: &["ID-4", "EX-1"],
        page: include_str!("role_s3_access_bounded.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let permissions = here.world.role_permissions(role)?;
        let (mut found, mut doubt): (Vec<Wide>, Option<Unseen>) = (Vec::new(), None);
        for (action, words) in RIGHTS {
            let (patterns, more) = bounded(permissions.resources_of(action).into_iter().filter_map(Pattern::of));
            doubt = doubt.or(more);
            for pattern in patterns {
                match pattern.judge(permissions, action, words) {
                    Ok(wide) => found.extend(wide),
                    Err(unseen) => {
                        doubt.get_or_insert(unseen);
                    }
                }
            }
        }
        found.sort_by_key(|wide| std::cmp::Reverse(wide.severity));
        let Some(worst) = found.first() else {
            if let Some(unseen) = doubt {
                return Err(unseen);
            }
            permissions.complete()?;
            return Ok(pass("its rights over S3 objects name the buckets, or stop at the border of this account"));
        };
        let mut patterns: Vec<&str> = found.iter().map(|wide| wide.pattern.as_str()).collect();
        patterns.dedup();
        patterns.truncate(20);
        let says = format!("it may {}: {}", worst.says, worst.proof.words());
        let verdict = worst.proof.on(fail(says)).severity(worst.severity).with("patterns", patterns);
        let fence = format!("StringEquals aws:ResourceAccount {} in this statement", permissions.account());
        Ok(verdict
            .with("remedy", if worst.at_home { "the names of the buckets in this statement".into() } else { fence }))
    }
}

/// A resource pattern about objects that does not name its bucket.
struct Pattern<'p> {
    written: &'p str,
    /// What stands in the place of the bucket, as written.
    bucket: &'p str,
    key: Option<&'p str>,
}

/// A right that reaches too far.
struct Wide {
    severity: Severity,
    says: String,
    proof: Proof,
    pattern: String,
    /// It stays within the account.
    at_home: bool,
}

impl<'p> Pattern<'p> {
    /// `None` for a pattern that names one bucket, or covers no objects.
    fn of(written: &'p str) -> Option<Self> {
        let Some(arn) = Arn::parse(written) else {
            // The plain star, or too few parts: AWS fills up with stars.
            return Some(Pattern { written, bucket: "*", key: None });
        };
        if arn.service != "s3" && !is_open(arn.service) {
            return None;
        }
        match arn.resource.split_once('/') {
            Some((bucket, key)) => is_open(bucket).then_some(Pattern { written, bucket, key: Some(key) }),
            None => arn.resource.contains('*').then_some(Pattern { written, bucket: arn.resource, key: None }),
        }
    }

    fn is_everything(&self) -> bool {
        let stars = |text: &str| text.bytes().all(|byte| byte == b'*');
        stars(self.bucket) && self.key.is_none_or(stars)
    }

    /// One object that the pattern covers, in a bucket that no policy knows.
    fn object(&self, permissions: &Permissions) -> String {
        let account = permissions.account();
        let path = match self.key {
            Some(key) => format!("{}/{}", filled(self.bucket, account), filled(key, account)),
            // A star crosses the slash: the first one stands for the rest of the bucket and the start of the key.
            None => match self.bucket.split_once('*') {
                Some((start, end)) => {
                    format!("{}{STRANGER}/{STRANGER}{}", filled(start, account), filled(end, account))
                }
                None => format!("{}/{STRANGER}", filled(self.bucket, account)),
            },
        };
        format!("arn:{}:s3:::{path}", permissions.partition())
    }

    fn judge(&self, permissions: &Permissions, action: &str, words: &str) -> Result<Option<Wide>, Unseen> {
        let object = self.object(permissions);
        let own = permissions.account();
        let other = if own == "999999999999" { "888888888888" } else { "999999999999" };
        let wide =
            |severity, says, proof, at_home| Wide { severity, says, proof, pattern: self.written.into(), at_home };
        if let Some(proof) = permissions.may_abroad(action, &object, other)? {
            let severity = match (self.bucket.contains(own), proof.keys.is_empty()) {
                (true, _) => Severity::Low,
                (false, true) => Severity::High,
                (false, false) => Severity::Medium,
            };
            let says = match self.is_everything() {
                true => format!("{words} any bucket of any account"),
                false => format!("{words} whatever fits {}, and anyone may create such a bucket", self.written),
            };
            return Ok(Some(wide(severity, says, proof, false)));
        }
        if !self.is_everything() {
            return Ok(None);
        }
        let context = sagescan_policy::Context::open().with("s3:ResourceAccount", own);
        let Some(proof) = permissions.may(action, &object, context)? else { return Ok(None) };
        let severity = if proof.keys.is_empty() { Severity::Medium } else { Severity::Low };
        Ok(Some(wide(severity, format!("{words} every bucket of this account"), proof, true)))
    }
}
