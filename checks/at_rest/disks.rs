//! What kind of disk instances of SageMaker work on, because a local one takes no key.

use crate::aws::instance_types::has_local_storage;
use crate::prelude::*;

/// The verdict on instances for which no volume key is set: network volumes could have one, local disks could not.
pub(super) fn without_key<'a>(types: impl IntoIterator<Item = &'a str>) -> Judged {
    let (mut local, mut gap) = (Vec::new(), None);
    for kind in types {
        match has_local_storage(kind) {
            Ok(true) => local.push(kind),
            Ok(false) => return Ok(fail(format!("no key is set, so a key of AWS encrypts the volume of {kind}"))),
            Err(unseen) => gap = gap.or(Some(unseen)),
        }
    }
    match (gap, local.first()) {
        (Some(gap), _) => Err(gap),
        (None, Some(kind)) => {
            Ok(exempt(format!("{kind} works on local disks, which its hardware encrypts and which take no key")))
        }
        (None, None) => Err(unclear("the answer names no instance type")),
    }
}
