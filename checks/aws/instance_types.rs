//! Which instance types keep their data on local NVMe disks, which take no key (catalogue rule 6).
//!
//! SageMaker says of `VolumeKmsKeyId` that it cannot be requested for instance types with local storage, which a
//! hardware module on the instance encrypts, and refers to EC2's list of instance store volumes. All sizes of a family
//! agree. Sources: `InstanceStorageSupported` of EC2 DescribeInstanceTypes, as moto 5.2.1 ships the answers, for the
//! families that SageMaker offers (SDK model of botocore 1.43) or may soon; the EC2 product pages for `p2`, `p3` and
//! `p6e-gb200`, which those answers lack. November 2026.

use crate::prelude::*;

/// Families whose data lies on local NVMe disks.
const LOCAL: &[&str] = &[
    "c5ad",
    "c5d",
    "c6gd",
    "c6id",
    "c7gd",
    "c8gd",
    "c8id",
    "dl1",
    "f2",
    "g4ad",
    "g4dn",
    "g5",
    "g6",
    "g6e",
    "g6f",
    "g7e",
    "gr6",
    "gr6f",
    "i3",
    "i3en",
    "i4g",
    "i4i",
    "i7i",
    "i7ie",
    "i8g",
    "i8ge",
    "m5ad",
    "m5d",
    "m5dn",
    "m6gd",
    "m6id",
    "m6idn",
    "m7gd",
    "m8gd",
    "m8id",
    "p3dn",
    "p4d",
    "p4de",
    "p5",
    "p5e",
    "p5en",
    "p6-b200",
    "p6-b300",
    "p6e-gb200",
    "r5ad",
    "r5d",
    "r5dn",
    "r6gd",
    "r6id",
    "r6idn",
    "r7gd",
    "r8gd",
    "r8id",
    "trn1",
    "trn1n",
    "trn2",
    "x2gd",
    "x2idn",
    "x2iedn",
    "z1d",
];

/// Families whose data lies on network volumes only.
const NETWORK: &[&str] = &[
    "c4", "c5", "c5a", "c5n", "c6a", "c6g", "c6gn", "c6i", "c6in", "c7a", "c7g", "c7gn", "c7i", "c7i-flex", "c8a",
    "c8g", "c8gb", "c8gn", "c8i", "c8i-flex", "c8in", "dl2q", "g5g", "inf1", "inf2", "m4", "m5", "m5a", "m5n", "m5zn",
    "m6a", "m6g", "m6i", "m6in", "m7a", "m7g", "m7i", "m7i-flex", "m8a", "m8g", "m8gb", "m8gn", "m8i", "m8i-flex",
    "m8in", "p2", "p3", "r4", "r5", "r5a", "r5b", "r5n", "r6a", "r6g", "r6i", "r6in", "r7a", "r7g", "r7i", "r7iz",
    "r8a", "r8g", "r8gb", "r8gn", "r8i", "r8i-flex", "r8in", "t2", "t3", "t3a", "t4g", "x2iezn", "x8g", "x8i",
];

/// Whether the instance type, with or without the `ml.` prefix, keeps its data on local NVMe disks.
pub(crate) fn has_local_storage(instance_type: &str) -> Result<bool, Unseen> {
    let plain = instance_type.strip_prefix("ml.").unwrap_or(instance_type);
    let family = plain.split('.').next().unwrap_or_default();
    match (LOCAL.contains(&family), NETWORK.contains(&family)) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(unclear(format!(
            "this version does not know whether {instance_type} works on local disks, which take no key"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_local_or_on_the_network_and_a_new_one_is_neither() {
        assert_eq!(has_local_storage("ml.g5.xlarge"), Ok(true));
        assert_eq!(has_local_storage("ml.p6-b200.48xlarge"), Ok(true));
        assert_eq!(has_local_storage("m5.large"), Ok(false));
        assert_eq!(has_local_storage("ml.p3.2xlarge"), Ok(false));
        assert_eq!(has_local_storage("ml.p3dn.24xlarge"), Ok(true));
        for odd in ["", "ml.", "ml.zz9.large", "ml.é", "."] {
            assert!(has_local_storage(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn the_tables_are_sorted_and_disjoint() {
        assert!(LOCAL.is_sorted() && NETWORK.is_sorted());
        assert!(LOCAL.iter().all(|family| !NETWORK.contains(family)));
    }
}
