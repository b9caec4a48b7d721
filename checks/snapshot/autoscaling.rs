//! Application Auto Scaling: which variants and inference components of endpoints grow with the load.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::record;
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// Something of an endpoint that may be scaled (DescribeScalableTargets).
    pub struct ScalableTarget in scalable_targets {
        /// `endpoint/NAME/variant/NAME` or `inference-component/NAME`.
        id: String = "ResourceId",
        arn: String = "ScalableTargetARN",
        /// What is counted: `sagemaker:variant:DesiredInstanceCount`, …
        dimension: String = "ScalableDimension",
        created: Seen<Timestamp> = "CreationTime",
        minimum: Seen<i32> = "MinCapacity",
        maximum: Seen<i32> = "MaxCapacity",
        /// Whether policies may not add capacity for now.
        scale_out_suspended: Seen<bool> = "SuspendedState.DynamicScalingOutSuspended",
    }
    by Spec {
        arn: "ScalableTargetARN",
        summary: &[
            "ResourceId", "ScalableTargetARN", "ScalableDimension", "CreationTime", "MinCapacity", "MaxCapacity",
            "SuspendedState", "ServiceNamespace", "RoleARN",
        ],
        required: r#"{"ServiceNamespace": "sagemaker", "RoleARN": "arn:aws:iam::111122223333:role/scaling"}"#,
        needs: &[Table::Endpoints],
        ..Spec::of(Table::ScalableTargets, List {
            size: Some(("MaxResults", 50)),
            with: SAGEMAKER,
            per: Some(where_endpoints_are),
            ..List::of(read!("application-autoscaling", "DescribeScalableTargets"), "ScalableTargets")
        })
    }
}

record! {
    /// When and how far something is scaled (DescribeScalingPolicies).
    pub struct ScalingPolicy in scaling_policies {
        name: String = "PolicyName",
        arn: String = "PolicyARN",
        /// The `ResourceId` of what it scales.
        target: String = "ResourceId",
        /// What is counted: `sagemaker:variant:DesiredInstanceCount`, …
        dimension: String = "ScalableDimension",
        /// `StepScaling`, `TargetTrackingScaling` or `PredictiveScaling`.
        kind: Seen<String> = "PolicyType",
        created: Seen<Timestamp> = "CreationTime",
    }
    by Spec {
        arn: "PolicyARN",
        summary: &[
            "PolicyName", "PolicyARN", "ResourceId", "ScalableDimension", "PolicyType", "CreationTime",
            "ServiceNamespace",
        ],
        required: r#"{"ServiceNamespace": "sagemaker"}"#,
        needs: &[Table::Endpoints],
        ..Spec::of(Table::ScalingPolicies, List {
            size: Some(("MaxResults", 10)),
            with: SAGEMAKER,
            per: Some(where_endpoints_are),
            ..List::of(read!("application-autoscaling", "DescribeScalingPolicies"), "ScalingPolicies")
        })
    }
}

/// Of all that is scaled in a region, what is SageMaker's.
const SAGEMAKER: &str = r#"{"ServiceNamespace": "sagemaker"}"#;

/// One question where there may be endpoints, none where there are none.
pub(super) fn where_endpoints_are(known: &Known<'_>) -> Listed<Value> {
    let endpoints = &known.region.endpoints;
    let none = endpoints.is_empty() && endpoints.missing.is_none();
    Listed::complete(if none { Vec::new() } else { vec![json!({})] })
}
