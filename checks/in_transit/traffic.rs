//! Whether the containers of a job have anybody to talk to (catalogue rule 7).

use crate::prelude::*;

/// On how many instances a job runs, all groups together. A group without a number has at least one.
pub(super) fn instances_of(groups: &[Instances]) -> Result<u64, Unseen> {
    let least = groups.iter().map(|group| group.count.map_or(1, |n| u64::try_from(n).unwrap_or(0))).sum();
    let is_counted = !groups.is_empty() && groups.iter().all(|group| group.count.is_some());
    if is_counted || least >= 2 { Ok(least) } else { Err(unclear("the answer carries no InstanceCount")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_added_up_and_a_missing_number_is_no_zero() {
        let groups = |counts: &[Option<i32>]| -> Vec<Instances> {
            counts.iter().map(|count| Instances { instance_type: String::new(), count: *count }).collect()
        };
        assert_eq!(instances_of(&groups(&[Some(1)])), Ok(1));
        assert_eq!(instances_of(&groups(&[Some(1), Some(1)])), Ok(2));
        assert_eq!(instances_of(&groups(&[Some(1), None])), Ok(2));
        assert!(instances_of(&groups(&[None])).is_err());
        assert!(instances_of(&[]).is_err());
    }
}
