//! Service Quotas: how many instances endpoints may have.

use serde_json::Value;

use super::autoscaling::where_endpoints_are;
use super::record::record;
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

/// How the quota on instances of one type for endpoints is called: `ml.m5.large for endpoint usage`. The codes of quotas
/// say nothing; SageMaker's refusals name them so, too (github.com/aws/amazon-sagemaker-examples, issue 307).
pub const FOR_ENDPOINTS: &str = " for endpoint usage";

record! {
    /// A quota on instances of a type that endpoint configurations name (ListServiceQuotas).
    pub struct ServiceQuota in service_quotas {
        /// `ml.m5.large for endpoint usage`, …
        name: String = "QuotaName",
        arn: String = "QuotaArn",
        code: Seen<String> = "QuotaCode",
        value: Seen<f64> = "Value",
    }
    by Spec {
        arn: "QuotaArn",
        created: "",
        summary: &["QuotaName", "QuotaArn", "QuotaCode", "Value"],
        needs: &[Table::Endpoints, Table::EndpointConfigs],
        ..Spec::of(Table::ServiceQuotas, List {
            with: r#"{"ServiceCode": "sagemaker"}"#,
            per: Some(where_types_are_named),
            keep: Some(is_of_a_type_in_use),
            ..List::of(read!("servicequotas", "ListServiceQuotas"), "Quotas")
        })
    }
}

/// One question where there may be endpoints. A configuration that was not seen may name further types.
fn where_types_are_named(known: &Known<'_>) -> Listed<Value> {
    let configs = &known.region.endpoint_configs;
    let variants = configs.iter().flat_map(|config| [config.variants.gap(), config.shadow_variants.gap()]);
    let missing = configs.missing.as_ref().or_else(|| variants.flatten().next()).cloned();
    Listed { missing, ..where_endpoints_are(known) }
}

/// SageMaker has thousands of quotas; only those of instance types count that an endpoint configuration names.
fn is_of_a_type_in_use(known: &Known<'_>, quota: &Value) -> bool {
    let name = quota.get("QuotaName").and_then(Value::as_str);
    let Some(wanted) = name.and_then(|name| name.strip_suffix(FOR_ENDPOINTS)) else { return false };
    let lists = known.region.endpoint_configs.iter().flat_map(|config| [&config.variants, &config.shadow_variants]);
    let mut variants = lists.filter_map(Seen::shown).flatten();
    variants.any(|variant| variant.instance_type.as_deref() == Some(wanted))
}
