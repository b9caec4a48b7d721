use super::ringing::of_variants;
use crate::aws::endpoint_status;
use crate::prelude::*;

pub(super) struct EndpointAlarmsInstanceHealth;

impl Check for EndpointAlarmsInstanceHealth {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-alarms-instance-health",
        title: "Alarms ring when the instances of an endpoint run short",
        severity: Severity::Low,
        reads: &[Table::Endpoints, Table::InferenceComponents, Table::Alarms, Table::CompositeAlarms],
        practices: &["LOG-3"],
        page: include_str!("endpoint_alarms_instance_health.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !endpoint_status::serves(status) {
            return Ok(exempt(format!("it is {status} and takes no requests")));
        }
        let variants = endpoint.variants.known("ProductionVariants")?;
        let on_instances = variants.iter().filter(|variant| !variant.serverless);
        let on_instances: Vec<&str> = on_instances.map(|variant| variant.name.as_str()).collect();
        if on_instances.is_empty() && !variants.is_empty() {
            return Ok(exempt("it is serverless and has no instances"));
        }
        let cover = of_variants(endpoint, &on_instances, (&NAMESPACES, &METRICS), here);
        cover.certain()?;
        Ok(match cover.bare.is_empty() {
            true => pass("alarms ring when its instances run short").with("alarms", cover.ringing),
            false => {
                let says = format!("no alarm rings when the instances of {} run short", cover.bare.join(", "));
                fail(says).with("without_action", cover.silent)
            }
        })
    }
}

/// Not that of invocations.
const NAMESPACES: [&str; 2] = ["/aws/sagemaker/Endpoints", "/aws/sagemaker/InferenceComponents"];
const METRICS: [&str; 9] = [
    "CPUUtilization",
    "CPUUtilizationNormalized",
    "MemoryUtilization",
    "MemoryUtilizationNormalized",
    "DiskUtilization",
    "GPUUtilization",
    "GPUUtilizationNormalized",
    "GPUMemoryUtilization",
    "GPUMemoryUtilizationNormalized",
];
