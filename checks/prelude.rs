//! What a check needs: `use crate::prelude::*;`.

pub(crate) use crate::engine::{
    Arn, Check, Confidence, Containers, Egress, Here, Job, Judged, KeyOwner, Life, Meta, Severity, Verdict, What,
    Workload, bucket_of, exempt, fail, is_account_id, not_concerned, pass, unclear,
};
pub(crate) use crate::snapshot::*;
