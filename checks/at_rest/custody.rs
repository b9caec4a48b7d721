//! Whose key encrypts something: the customer's, or one that AWS manages on everyone's behalf.

use crate::aws::buckets::is_directory_bucket;
use crate::prelude::*;

/// Who holds the key, worst first, and a clause that says so.
pub(super) struct Custody {
    holder: Holder,
    says: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    /// AWS: the customer can neither cut off its use nor say who may use it.
    Aws,
    /// The customer.
    Customer,
    /// AWS, where no other choice exists.
    Fixed,
}

impl Custody {
    fn new(holder: Holder, says: impl Into<String>) -> Self {
        Custody { holder, says: says.into() }
    }

    /// No key was chosen, so one of AWS encrypts `what`.
    pub(super) fn unchosen(what: &str) -> Self {
        Custody::new(Holder::Aws, format!("no key is set, so a key of AWS encrypts {what}"))
    }

    /// The same clause with something before it.
    pub(super) fn after(mut self, lead: &str) -> Self {
        self.says.insert_str(0, lead);
        self
    }

    /// The same clause with something behind it.
    pub(super) fn but(mut self, remark: &str) -> Self {
        self.says.push_str(remark);
        self
    }

    /// A key of the customer passes, one of AWS fails.
    pub(super) fn verdict(self) -> Verdict {
        match self.holder {
            Holder::Customer => pass(self.says),
            Holder::Aws => fail(self.says),
            Holder::Fixed => exempt(self.says),
        }
    }
}

/// The key that a field names. AWS sometimes answers an empty string where nothing is set.
pub(super) fn named(field: Option<&String>) -> Option<&str> {
    field.map(String::as_str).filter(|key| !key.is_empty())
}

/// Whose key it is that is set for `what`.
pub(super) fn of_key(what: &str, key: &str, here: &Here<'_>) -> Result<Custody, Unseen> {
    Ok(match here.key_owner(key)? {
        KeyOwner::Customer => Custody::new(Holder::Customer, format!("the customer managed key {key} encrypts {what}")),
        KeyOwner::Aws => Custody::new(Holder::Aws, format!("{key}, a key that AWS manages, encrypts {what}")),
    })
}

/// Whose key a bucket uses for objects that ask for none. The key lies in the bucket's region, not in the asking one.
pub(super) fn of_bucket(bucket: &Bucket, here: &Here<'_>) -> Result<Custody, Unseen> {
    if is_directory_bucket(&bucket.name) {
        return Ok(Custody::new(Holder::Fixed, "is a directory bucket, with which SageMaker can use no KMS key"));
    }
    // Without a configuration S3 uses its own keys since January 2023 (S3 User Guide, "Default encryption FAQ").
    let Some(default) = bucket.encryption.get()? else {
        return Ok(Custody::new(Holder::Aws, "encrypts with S3's own keys by default"));
    };
    match (default.algorithm.as_str(), named(default.key.as_ref())) {
        ("AES256", _) => Ok(Custody::new(Holder::Aws, "encrypts with S3's own keys by default")),
        ("aws:kms" | "aws:kms:dsse", None) => {
            Ok(Custody::new(Holder::Aws, "encrypts with the key that AWS manages for S3 by default"))
        }
        ("aws:kms" | "aws:kms:dsse", Some(key)) => {
            let region = bucket.region.known("BucketRegion")?;
            let there = here.world.region(region).ok_or_else(|| {
                let detail = format!("key {key} lies in {region}, which was not scanned");
                Unseen(Gap::new(Reason::Skipped, detail))
            })?;
            Ok(match there.key_owner(key)? {
                KeyOwner::Customer => {
                    Custody::new(Holder::Customer, format!("encrypts with the customer managed key {key} by default"))
                }
                KeyOwner::Aws => {
                    Custody::new(Holder::Aws, format!("encrypts with {key} by default, a key that AWS manages"))
                }
            })
        }
        (other, _) => Err(unclear(format!("bucket {} encrypts with the unknown algorithm {other}", bucket.name))),
    }
}

/// Whose key encrypts what is written to S3: the key that the writer sets, else the default of the bucket.
pub(super) fn of_destination(what: &str, key: Option<&str>, uri: &str, here: &Here<'_>) -> Result<Custody, Unseen> {
    let bucket = bucket_of(uri);
    if let Some(name) = bucket.filter(|name| is_directory_bucket(name)) {
        let says = format!("{what} goes to {name}, a directory bucket, with which SageMaker can use no KMS key");
        return Ok(Custody::new(Holder::Fixed, says));
    }
    if let Some(key) = key {
        return of_key(what, key, here);
    }
    let name = bucket.ok_or_else(|| unclear(format!("{uri} names no bucket")))?;
    let custody = of_bucket(here.world.bucket(name)?, here)?;
    Ok(custody.after(&format!("no key is set for {what}, and bucket {name} ")))
}

/// The worst of several, of which there is at least one: a key of AWS is enough to fail, and a gap hides one.
pub(super) fn worst(several: impl IntoIterator<Item = Result<Custody, Unseen>>) -> Result<Option<Custody>, Unseen> {
    let (mut worst, mut gap) = (None::<Custody>, None);
    for one in several {
        match one {
            Ok(one) if worst.as_ref().is_none_or(|known| one.holder < known.holder) => worst = Some(one),
            Ok(_) => {}
            Err(unseen) => gap = gap.or(Some(unseen)),
        }
    }
    match (worst, gap) {
        (Some(worst), _) if worst.holder == Holder::Aws => Ok(Some(worst)),
        (_, Some(gap)) => Err(gap),
        (worst, None) => Ok(worst),
    }
}
