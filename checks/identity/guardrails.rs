//! Guardrails on what is created: for each, the requests that it must stop.

use sagescan_policy::Context;

/// One guardrail: a parameter of some calls, and the requests that must not pass.
pub(super) struct Guardrail {
    /// What passes when it is missing, as `create …`.
    pub(super) risk: &'static str,
    /// The condition keys of the parameter, all spellings.
    keys: &'static [&'static str],
    /// The value that must not pass, if there is one.
    bad: Option<&'static str>,
    /// Whether a create call must not leave the parameter out, either.
    mandatory: bool,
    /// The calls with the parameter, each with the resource it is about.
    pub(super) calls: &'static [(&'static str, &'static str)],
    /// The condition under which a `Deny` of the calls closes it.
    pub(super) deny_when: &'static str,
}

const NOTEBOOK: (&str, &str) = ("CreateNotebookInstance", "notebook-instance/*");
const NOTEBOOK_AGAIN: (&str, &str) = ("UpdateNotebookInstance", "notebook-instance/*");
const TRAINING: (&str, &str) = ("CreateTrainingJob", "training-job/*");
const TRAINING_AGAIN: (&str, &str) = ("UpdateTrainingJob", "training-job/*");
const PROCESSING: (&str, &str) = ("CreateProcessingJob", "processing-job/*");
const TUNING: (&str, &str) = ("CreateHyperParameterTuningJob", "hyper-parameter-tuning-job/*");
const AUTO_ML: (&str, &str) = ("CreateAutoMLJobV2", "automl-job/*");
const TRANSFORM: (&str, &str) = ("CreateTransformJob", "transform-job/*");
const MODEL: (&str, &str) = ("CreateModel", "model/*");
const CONFIG: (&str, &str) = ("CreateEndpointConfig", "endpoint-config/*");
const DOMAIN: (&str, &str) = ("CreateDomain", "domain/*");
const DOMAIN_AGAIN: (&str, &str) = ("UpdateDomain", "domain/*");
const SPACE: (&str, &str) = ("CreateSpace", "space/*/*");
const SPACE_AGAIN: (&str, &str) = ("UpdateSpace", "space/*/*");

/// A subnet that no policy names.
const STRANGE_SUBNET: &str = "subnet-0qx7zwk";

/// The guardrails, gravest first. Source: service authorization reference of SageMaker (condition keys by action) and the API
/// reference (defaults of parameters), 2026.
pub(super) const ALL: &[Guardrail] = &[
    Guardrail {
        risk: "notebooks with direct internet access",
        keys: &["sagemaker:DirectInternetAccess"],
        bad: Some("Enabled"),
        mandatory: true,
        calls: &[NOTEBOOK],
        deny_when: "StringNotEquals sagemaker:DirectInternetAccess Disabled",
    },
    Guardrail {
        risk: "notebooks with root access",
        keys: &["sagemaker:RootAccess"],
        bad: Some("Enabled"),
        mandatory: true,
        calls: &[NOTEBOOK, NOTEBOOK_AGAIN],
        deny_when: "StringNotEquals sagemaker:RootAccess Disabled (StringEquals Enabled for the update)",
    },
    Guardrail {
        risk: "notebooks with instance metadata version 1",
        keys: &["sagemaker:MinimumInstanceMetadataServiceVersion"],
        bad: Some("1"),
        mandatory: true,
        calls: &[NOTEBOOK, NOTEBOOK_AGAIN],
        deny_when: "StringNotEquals sagemaker:MinimumInstanceMetadataServiceVersion 2 (StringEquals 1 for the update)",
    },
    Guardrail {
        risk: "domains open to the internet",
        keys: &["sagemaker:AppNetworkAccessType"],
        bad: Some("PublicInternetOnly"),
        mandatory: true,
        calls: &[DOMAIN, DOMAIN_AGAIN],
        deny_when: "StringNotEquals sagemaker:AppNetworkAccessType VpcOnly (StringEquals PublicInternetOnly for the update)",
    },
    Guardrail {
        risk: "workloads outside approved subnets",
        keys: &["sagemaker:VpcSubnets"],
        bad: Some(STRANGE_SUBNET),
        mandatory: true,
        calls: &[NOTEBOOK, TRAINING, PROCESSING, TUNING, AUTO_ML, MODEL],
        deny_when: "Null sagemaker:VpcSubnets true; and, in a statement of its own, ForAnyValue:StringNotEquals sagemaker:VpcSubnets with your subnets",
    },
    Guardrail {
        risk: "containers without network isolation",
        keys: &["sagemaker:NetworkIsolation"],
        bad: Some("false"),
        mandatory: true,
        calls: &[TRAINING, PROCESSING, TUNING, MODEL],
        deny_when: "BoolIfExists sagemaker:NetworkIsolation false",
    },
    Guardrail {
        risk: "jobs whose nodes talk in the clear",
        keys: &["sagemaker:InterContainerTrafficEncryption"],
        bad: Some("false"),
        mandatory: true,
        calls: &[TRAINING, PROCESSING, TUNING],
        deny_when: "BoolIfExists sagemaker:InterContainerTrafficEncryption false",
    },
    Guardrail {
        risk: "volumes without a key of yours",
        keys: &["sagemaker:VolumeKmsKey", "sagemaker:VolumeKmsKeyArn"],
        bad: None,
        mandatory: true,
        calls: &[NOTEBOOK, TRAINING, PROCESSING, TUNING, TRANSFORM, CONFIG, DOMAIN],
        deny_when: "Null sagemaker:VolumeKmsKey true and Null sagemaker:VolumeKmsKeyArn true",
    },
    Guardrail {
        risk: "output without a key of yours",
        keys: &["sagemaker:OutputKmsKey", "sagemaker:OutputKmsKeyArn"],
        bad: None,
        mandatory: true,
        calls: &[TRAINING, PROCESSING, TUNING, TRANSFORM],
        deny_when: "Null sagemaker:OutputKmsKey true and Null sagemaker:OutputKmsKeyArn true",
    },
    Guardrail {
        risk: "training jobs that allow remote debugging",
        keys: &["sagemaker:EnableRemoteDebug"],
        bad: Some("true"),
        mandatory: false,
        calls: &[TRAINING, TRAINING_AGAIN],
        deny_when: "Bool sagemaker:EnableRemoteDebug true",
    },
    Guardrail {
        risk: "spaces that allow remote access",
        keys: &["sagemaker:RemoteAccess"],
        bad: Some("ENABLED"),
        mandatory: false,
        calls: &[SPACE, SPACE_AGAIN],
        deny_when: "StringEquals sagemaker:RemoteAccess ENABLED",
    },
];

impl Guardrail {
    /// The requests of a call that must not pass: the parameter set badly, and left out. An update that leaves it out changes
    /// nothing.
    pub(super) fn hostile(&self, call: &str) -> Vec<(Shape, Context)> {
        let set = self.bad.map(|bad| {
            let context = self.keys.iter().fold(Context::open(), |context, key| context.with(key, bad));
            (Shape::Set(if bad == STRANGE_SUBNET { "a subnet that no policy names" } else { bad }), context)
        });
        let left_out = || {
            let context = self.keys.iter().fold(Context::open(), |context, key| context.without(key));
            (Shape::LeftOut, context)
        };
        let left_out = (self.mandatory && call.starts_with("Create")).then(left_out);
        set.into_iter().chain(left_out).collect()
    }

    /// The name of the parameter.
    pub(super) fn parameter(&self) -> &'static str {
        self.keys.first().and_then(|key| key.split_once(':')).map_or("", |(_, name)| name)
    }

    /// Whether a request with the bad value is among those that must not pass.
    pub(super) fn has_bad_value(&self) -> bool {
        self.bad.is_some()
    }
}

/// How a request treats the parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// It sets it to this.
    Set(&'static str),
    /// It leaves it out.
    LeftOut,
}

impl Shape {
    /// How it reads after the name of the parameter.
    pub(super) fn words(self) -> String {
        match self {
            Shape::Set(value) => format!("set to {value}"),
            Shape::LeftOut => "left out".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_of_every_guardrail_is_tried_and_an_update_never_without_the_parameter() {
        for guardrail in ALL {
            for (call, _) in guardrail.calls {
                let shapes: Vec<Shape> = guardrail.hostile(call).into_iter().map(|(shape, _)| shape).collect();
                assert!(!shapes.is_empty(), "{} {call}", guardrail.risk);
                assert!(
                    call.starts_with("Create") || call.starts_with("Update"),
                    "{call} is none of those that are compared"
                );
                assert!(call.starts_with("Create") || !shapes.contains(&Shape::LeftOut), "{} {call}", guardrail.risk);
            }
        }
    }
}
