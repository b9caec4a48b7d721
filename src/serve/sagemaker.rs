//! SageMaker: for each type a summary, as its list has it, and the whole, as its description has it.
//!
//! Members that the service model requires and the snapshot does not keep get plausible constants; everything else that
//! the snapshot does not keep is left out.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sagescan_checks::snapshot::{
    App, CaptureState, Container, Domain, Endpoint, EndpointConfig, Instances, LifecycleConfig, Listed, LiveVariant,
    Model, Notebook, ProcessingJob, Reason, Region, Seen, Space, Tag, TrainingJob, UserProfile, Variant, VpcConfig,
};
use serde_json::{Value, json};

use super::call::{Answer, Call, Operation, Outcome, Protocol, Service};
use super::fakes;
use super::faults::FROM_THE_FUTURE;
use super::paging::Paging;
use super::refusal::Refusal;

macro_rules! read {
    ($name:literal, $resource:literal, $answer:expr) => {
        Operation { name: $name, action: concat!("sagemaker:", $name), resource: $resource, answer: $answer }
    };
}

pub(super) static SERVICE: Service = Service {
    name: "sagemaker",
    protocol: Protocol::Json,
    label: "SageMaker",
    operations: &[
        read!("ListNotebookInstances", "notebook-instance/*", list::<Notebook>),
        read!("DescribeNotebookInstance", "notebook-instance/{NotebookInstanceName}", describe::<Notebook>),
        read!("ListNotebookInstanceLifecycleConfigs", "notebook-instance-lifecycle-config/*", list::<LifecycleConfig>),
        read!(
            "DescribeNotebookInstanceLifecycleConfig",
            "notebook-instance-lifecycle-config/{NotebookInstanceLifecycleConfigName}",
            describe::<LifecycleConfig>
        ),
        read!("ListTrainingJobs", "training-job/*", list::<TrainingJob>),
        read!("DescribeTrainingJob", "training-job/{TrainingJobName}", describe::<TrainingJob>),
        read!("ListProcessingJobs", "processing-job/*", list::<ProcessingJob>),
        read!("DescribeProcessingJob", "processing-job/{ProcessingJobName}", describe::<ProcessingJob>),
        read!("ListModels", "model/*", list::<Model>),
        read!("DescribeModel", "model/{ModelName}", describe::<Model>),
        read!("ListEndpointConfigs", "endpoint-config/*", list::<EndpointConfig>),
        read!("DescribeEndpointConfig", "endpoint-config/{EndpointConfigName}", describe::<EndpointConfig>),
        read!("ListEndpoints", "endpoint/*", list::<Endpoint>),
        read!("DescribeEndpoint", "endpoint/{EndpointName}", describe::<Endpoint>),
        read!("ListDomains", "domain/*", list::<Domain>),
        read!("DescribeDomain", "domain/{DomainId}", describe::<Domain>),
        read!("ListUserProfiles", "user-profile/{DomainIdEquals}/*", list::<UserProfile>),
        read!("DescribeUserProfile", "user-profile/{DomainId}/{UserProfileName}", describe::<UserProfile>),
        read!("ListSpaces", "space/{DomainIdEquals}/*", list::<Space>),
        read!("DescribeSpace", "space/{DomainId}/{SpaceName}", describe::<Space>),
        read!("ListApps", "app/{DomainIdEquals}/*", list::<App>),
        read!("DescribeApp", "app/{DomainId}/{UserProfileName}/{AppType}/{AppName}", describe::<App>),
        read!("ListTags", "{ResourceArn}", list_tags),
    ],
};

const PAGES: Paging = Paging { size: "MaxResults", token: "NextToken", default: 10, maximum: 100 };
const TAG_PAGES: Paging = Paging { size: "MaxResults", token: "NextToken", default: 50, maximum: 100 };

/// A type of resource: where its table is, how a request names one, and what its two operations say.
trait Resource: Sized + 'static {
    /// The member of the list's answer that holds the summaries.
    const LIST: &'static str;
    /// The parameters that name one, in the order of [`Resource::identity`].
    const NAMED_BY: &'static [&'static str];
    /// The code of the error for one that is not there.
    const ABSENT: &'static str = "ValidationException";

    fn table(region: &Region) -> &Listed<Self>;
    fn identity(&self) -> Vec<&str>;
    /// `None` where the snapshot keeps no tags of the type.
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        None
    }
    fn created(&self) -> Option<Timestamp>;
    /// The domain that it belongs to, and the user profile or space within.
    fn within(&self) -> [Option<&str>; 3] {
        [None; 3]
    }
    fn summary(&self) -> Result<Value, Refusal>;
    fn whole(&self) -> Result<Value, Refusal>;
}

/// The filters that are honoured; all others select everything.
const WITHIN: [&str; 3] = ["DomainIdEquals", "UserProfileNameEquals", "SpaceNameEquals"];

fn list<T: Resource>(call: &Call<'_>) -> Outcome {
    let table = T::table(call.here()?);
    let [by, order] = ["SortBy", "SortOrder"].map(|parameter| call.text(parameter).unwrap_or_default());
    let filters = WITHIN.map(|parameter| call.text(parameter));
    let key = format!("{}/{}/{by}/{order}/{filters:?}", call.region, call.operation.name);
    let chosen = call.world.remember(key, || arrange(&table.items, by, order, filters));
    let page = PAGES.page(call, chosen.len(), call.gap(table))?;
    let summaries = chosen[page.range].iter().map(|&row| table.items[row].summary());
    let summaries = summaries.collect::<Result<Vec<_>, _>>()?;
    Ok(Answer::Json(json!({ T::LIST: summaries, "NextToken": page.next })))
}

/// The rows that a list shows, in its order: by time if nothing else is asked for.
fn arrange<T: Resource>(items: &[T], by: &str, order: &str, filters: [Option<&str>; 3]) -> Vec<usize> {
    let fits = |item: &T| filters.iter().zip(item.within()).all(|(asked, is)| asked.is_none() || *asked == is);
    let mut rows: Vec<usize> = (0..items.len()).filter(|&row| fits(&items[row])).collect();
    match by {
        "Name" => rows.sort_by(|&a, &b| items[a].identity().cmp(&items[b].identity())),
        _ if by.is_empty() && order.is_empty() => {}
        _ => rows.sort_by_key(|&row| items[row].created()),
    }
    if order == "Descending" {
        rows.reverse();
    }
    rows
}

fn describe<T: Resource>(call: &Call<'_>) -> Outcome {
    let table = T::table(call.here()?);
    let key = format!("{}/{}", call.region, T::LIST);
    let rows = call.world.remember(key, || {
        let identities = table.items.iter().map(|item| item.identity().join("\n"));
        identities.zip(0..).collect::<HashMap<String, usize>>()
    });
    let wanted = T::NAMED_BY.iter().map(|parameter| call.text(parameter).unwrap_or_default()).collect::<Vec<_>>();
    match (rows.get(&wanted.join("\n")), &table.missing) {
        (Some(&row), _) => Ok(Answer::Json(table.items[row].whole()?)),
        (None, Some(gap)) => Err(gap.into()),
        (None, None) => Err(Refusal::absent(T::ABSENT, format!("Could not find \"{}\".", call.resource()))),
    }
}

fn list_tags(call: &Call<'_>) -> Outcome {
    let region = call.here()?;
    let all = call.world.remember(format!("{}/tags", call.region), || {
        let mut all = HashMap::new();
        note_tags::<Notebook>(region, &mut all);
        note_tags::<TrainingJob>(region, &mut all);
        note_tags::<ProcessingJob>(region, &mut all);
        note_tags::<Model>(region, &mut all);
        note_tags::<EndpointConfig>(region, &mut all);
        note_tags::<Endpoint>(region, &mut all);
        note_tags::<Domain>(region, &mut all);
        note_tags::<UserProfile>(region, &mut all);
        note_tags::<Space>(region, &mut all);
        all
    });
    let arn = call.required("ResourceArn")?;
    let Some(tags) = all.get(arn) else {
        return Err(Refusal::absent("ValidationException", format!("Could not find resource \"{arn}\".")));
    };
    let tags = tags.get()?.map_or(&[][..], Vec::as_slice);
    let page = TAG_PAGES.page(call, tags.len(), None)?;
    let tags = tags[page.range].iter().map(|tag| json!({ "Key": tag.key, "Value": tag.value }));
    Ok(Answer::Json(json!({ "Tags": tags.collect::<Vec<_>>(), "NextToken": page.next })))
}

fn note_tags<T: Resource>(region: &Region, all: &mut HashMap<String, Seen<Vec<Tag>>>) {
    let tagged = T::table(region).iter().filter_map(T::arn_and_tags);
    all.extend(tagged.map(|(arn, tags)| (arn.to_owned(), tags.clone())));
}

impl Resource for Notebook {
    const LIST: &'static str = "NotebookInstances";
    const NAMED_BY: &'static [&'static str] = &["NotebookInstanceName"];

    fn table(region: &Region) -> &Listed<Self> {
        &region.notebooks
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "NotebookInstanceName": self.name,
            "NotebookInstanceArn": self.arn,
            "NotebookInstanceStatus": self.status.shown(),
            "InstanceType": self.instance_type.shown(),
            "CreationTime": self.created.shown().map(seconds),
            "LastModifiedTime": self.modified.shown().map(seconds),
            "NotebookInstanceLifecycleConfigName": self.lifecycle_config.shown(),
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let repositories = self.code_repositories.get()?.map_or(&[][..], Vec::as_slice);
        let (first, others) = (repositories.first(), repositories.get(1..).filter(|others| !others.is_empty()));
        let imds = json!({ "MinimumInstanceMetadataServiceVersion": self.imds_version.get()? });
        Ok(json!({
            "NotebookInstanceName": self.name,
            "NotebookInstanceArn": self.arn,
            "NotebookInstanceStatus": self.status.get()?,
            "InstanceType": self.instance_type.get()?,
            "CreationTime": epoch(&self.created)?,
            "LastModifiedTime": epoch(&self.modified)?,
            "NotebookInstanceLifecycleConfigName": self.lifecycle_config.get()?,
            "RootAccess": switch(&self.root_access, ["Enabled", "Disabled"])?,
            "DirectInternetAccess": switch(&self.direct_internet, ["Enabled", "Disabled"])?,
            "SubnetId": self.subnet.get()?,
            "SecurityGroups": self.security_groups.get()?,
            "KmsKeyId": self.key.get()?,
            "RoleArn": self.role.get()?,
            "PlatformIdentifier": self.platform.get()?,
            "InstanceMetadataServiceConfiguration": imds,
            "IpAddressType": self.ip_address_type.get()?,
            "DefaultCodeRepository": first,
            "AdditionalCodeRepositories": others,
        }))
    }
}

impl Resource for LifecycleConfig {
    const LIST: &'static str = "NotebookInstanceLifecycleConfigs";
    const NAMED_BY: &'static [&'static str] = &["NotebookInstanceLifecycleConfigName"];

    fn table(region: &Region) -> &Listed<Self> {
        &region.lifecycle_configs
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.name]
    }
    fn created(&self) -> Option<Timestamp> {
        self.modified.shown().copied()
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "NotebookInstanceLifecycleConfigName": self.name,
            "NotebookInstanceLifecycleConfigArn": self.arn,
            "LastModifiedTime": self.modified.shown().map(seconds),
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let scripts = self.scripts.get()?.map_or(&[][..], Vec::as_slice);
        let hooks = |name: &str| -> Result<Option<Value>, Refusal> {
            let lines = fakes::lines(&self.secrets, name)?;
            if !scripts.iter().any(|script| script == name) {
                return Ok(None);
            }
            let mut lines = lines.unwrap_or_else(|| vec![String::new(), "set -e".to_owned()]);
            if let Some(first) = lines.first_mut().filter(|line| line.is_empty()) {
                "#!/bin/bash".clone_into(first);
            }
            Ok(Some(json!([{ "Content": STANDARD.encode(lines.join("\n")) }])))
        };
        Ok(json!({
            "NotebookInstanceLifecycleConfigName": self.name,
            "NotebookInstanceLifecycleConfigArn": self.arn,
            "LastModifiedTime": epoch(&self.modified)?,
            "OnCreate": hooks("OnCreate")?,
            "OnStart": hooks("OnStart")?,
        }))
    }
}

impl Resource for TrainingJob {
    const LIST: &'static str = "TrainingJobSummaries";
    const NAMED_BY: &'static [&'static str] = &["TrainingJobName"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.training_jobs
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "TrainingJobName": self.name,
            "TrainingJobArn": self.arn,
            "TrainingJobStatus": self.status.get()?,
            "CreationTime": epoch(&self.created)?,
            "TrainingEndTime": self.ended.shown().map(seconds),
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let status = self.status.get()?;
        let secondary = status.map(|status| if status == "InProgress" { "Training" } else { status.as_str() });
        let instances = self.instances.get()?.map_or(&[][..], Vec::as_slice);
        let output = self.output_path.get()?;
        let artifacts = format!("{}/{}/output/model.tar.gz", output.map_or("", String::as_str), self.name);
        let inputs = self.inputs.get()?.map(|inputs| {
            let channel = |(number, uri)| {
                let source = json!({ "S3DataSource": { "S3DataType": "S3Prefix", "S3Uri": uri } });
                json!({ "ChannelName": format!("channel-{number}"), "DataSource": source })
            };
            (1..).zip(inputs).map(channel).collect::<Vec<_>>()
        });
        Ok(json!({
            "TrainingJobName": self.name,
            "TrainingJobArn": self.arn,
            "TuningJobArn": self.tuning_job.get()?,
            "LabelingJobArn": self.labeling_job.get()?,
            "AutoMLJobArn": self.auto_ml_job.get()?,
            "ModelArtifacts": { "S3ModelArtifacts": artifacts },
            "TrainingJobStatus": status,
            "SecondaryStatus": secondary,
            "HyperParameters": fakes::named_values(&self.parameter_secrets, "hyperparameter")?,
            "AlgorithmSpecification": {
                "TrainingImage": self.image.get()?,
                "AlgorithmName": self.algorithm.get()?,
                "TrainingInputMode": "File",
                "ContainerEntrypoint": fakes::lines(&self.parameter_secrets, "container entrypoint")?,
                "ContainerArguments": arguments(&self.parameter_secrets)?,
            },
            "RoleArn": self.role.get()?,
            "InputDataConfig": inputs,
            "OutputDataConfig": { "S3OutputPath": output, "KmsKeyId": self.output_key.get()? },
            "ResourceConfig": resources(instances, self.volume_key.get()?),
            "VpcConfig": self.vpc.get()?.map(vpc),
            "StoppingCondition": { "MaxRuntimeInSeconds": 86_400 },
            "CreationTime": epoch(&self.created)?,
            "TrainingEndTime": epoch(&self.ended)?,
            "EnableNetworkIsolation": self.network_isolation.get()?,
            "EnableInterContainerTrafficEncryption": self.inter_container_encryption.get()?,
            "Environment": fakes::named_values(&self.environment_secrets, "environment variable")?,
            "ServerlessJobConfig": self.serverless.get()?.filter(|is| **is).map(|_| json!({
                "BaseModelArn": "arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model/sagescan/1.0.0",
                "JobType": "FineTuning",
            })),
        }))
    }
}

/// `ContainerArguments`, whichever way their places are worded.
fn arguments(secrets: &Seen<Vec<sagescan_secrets::Secret>>) -> Result<Option<Vec<String>>, Refusal> {
    let lines = fakes::lines(secrets, "container arguments")?;
    Ok(if lines.is_some() { lines } else { fakes::lines(secrets, "arguments")? })
}

/// `ResourceConfig`: one kind of instance stands alone, several form groups.
fn resources(instances: &[Instances], key: Option<&String>) -> Value {
    let group = |(number, group): (usize, &Instances)| {
        json!({
            "InstanceGroupName": format!("group-{number}"),
            "InstanceType": group.instance_type,
            "InstanceCount": group.count.unwrap_or(0),
        })
    };
    match instances {
        [] => json!({ "VolumeKmsKeyId": key }),
        [one] => json!({
            "InstanceType": one.instance_type,
            "InstanceCount": one.count,
            "VolumeSizeInGB": 30,
            "VolumeKmsKeyId": key,
        }),
        groups => {
            let groups: Vec<Value> = (1..).zip(groups).map(group).collect();
            json!({ "InstanceGroups": groups, "VolumeSizeInGB": 30, "VolumeKmsKeyId": key })
        }
    }
}

impl Resource for ProcessingJob {
    const LIST: &'static str = "ProcessingJobSummaries";
    const NAMED_BY: &'static [&'static str] = &["ProcessingJobName"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.processing_jobs
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "ProcessingJobName": self.name,
            "ProcessingJobArn": self.arn,
            "ProcessingJobStatus": self.status.get()?,
            "CreationTime": epoch(&self.created)?,
            "ProcessingEndTime": self.ended.shown().map(seconds),
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let inputs = self.inputs.get()?.map(|inputs| {
            let input = |(number, uri)| {
                json!({
                    "InputName": format!("input-{number}"),
                    "S3Input": {
                        "S3Uri": uri,
                        "LocalPath": format!("/opt/ml/processing/input/{number}"),
                        "S3DataType": "S3Prefix",
                        "S3InputMode": "File",
                    },
                })
            };
            (1..).zip(inputs).map(input).collect::<Vec<_>>()
        });
        let outputs = self.outputs.get()?;
        let output = |(number, uri)| {
            json!({
                "OutputName": format!("output-{number}"),
                "S3Output": {
                    "S3Uri": uri,
                    "LocalPath": format!("/opt/ml/processing/output/{number}"),
                    "S3UploadMode": "EndOfJob",
                },
            })
        };
        let output_key = self.output_key.get()?;
        let listed = outputs.map(|outputs| (1..).zip(outputs).map(output).collect::<Vec<_>>());
        let listed = listed.or_else(|| output_key.map(|_| Vec::new()));
        let instances = self.instances.get()?;
        Ok(json!({
            "ProcessingJobName": self.name,
            "ProcessingJobArn": self.arn,
            "ProcessingJobStatus": self.status.get()?,
            "CreationTime": epoch(&self.created)?,
            "ProcessingEndTime": epoch(&self.ended)?,
            "RoleArn": self.role.get()?,
            "ProcessingInputs": inputs,
            "ProcessingOutputConfig": { "Outputs": listed, "KmsKeyId": output_key },
            "ProcessingResources": { "ClusterConfig": {
                "InstanceType": instances.map(|one| &one.instance_type),
                "InstanceCount": instances.and_then(|one| one.count),
                "VolumeSizeInGB": 30,
                "VolumeKmsKeyId": self.volume_key.get()?,
            }},
            "NetworkConfig": {
                "EnableInterContainerTrafficEncryption": self.inter_container_encryption.get()?,
                "EnableNetworkIsolation": self.network_isolation.get()?,
                "VpcConfig": self.vpc.get()?.map(vpc),
            },
            "AppSpecification": {
                "ImageUri": self.image.get()?.map_or("", String::as_str),
                "ContainerEntrypoint": fakes::lines(&self.parameter_secrets, "container entrypoint")?,
                "ContainerArguments": arguments(&self.parameter_secrets)?,
            },
            "Environment": fakes::named_values(&self.environment_secrets, "environment variable")?,
            "MonitoringScheduleArn": self.monitoring_schedule.get()?,
            "AutoMLJobArn": self.auto_ml_job.get()?,
            "TrainingJobArn": self.training_job.get()?,
        }))
    }
}

impl Resource for Model {
    const LIST: &'static str = "Models";
    const NAMED_BY: &'static [&'static str] = &["ModelName"];

    fn table(region: &Region) -> &Listed<Self> {
        &region.models
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({ "ModelName": self.name, "ModelArn": self.arn, "CreationTime": epoch(&self.created)? }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        // Which container a variable belongs to is not kept: the first one gets them all.
        let mut environment = Some(fakes::named_values(&self.environment_secrets, "environment variable")?);
        let containers = self.containers.get()?.map_or(&[][..], Vec::as_slice);
        let mut shown: Vec<Value> = containers.iter().map(|one| container(one, environment.take())).collect();
        let primary = if shown.len() == 1 { shown.pop() } else { None };
        Ok(json!({
            "ModelName": self.name,
            "ModelArn": self.arn,
            "CreationTime": epoch(&self.created)?,
            "ExecutionRoleArn": self.role.get()?,
            "PrimaryContainer": primary,
            "Containers": (!shown.is_empty()).then_some(shown),
            "VpcConfig": self.vpc.get()?.map(vpc),
            "EnableNetworkIsolation": self.network_isolation.get()?,
        }))
    }
}

fn container(one: &Container, environment: Option<BTreeMap<String, String>>) -> Value {
    let source = one
        .data
        .get(1)
        .map(|uri| json!({ "S3DataSource": { "S3Uri": uri, "S3DataType": "S3Prefix", "CompressionType": "None" } }));
    json!({
        "ContainerHostname": one.hostname,
        "Image": one.image,
        "ImageConfig": { "RepositoryAccessMode": one.repository_access },
        "Mode": one.mode,
        "ModelDataUrl": one.data.first(),
        "ModelDataSource": source,
        "ModelPackageName": one.model_package,
        "Environment": environment,
    })
}

impl Resource for EndpointConfig {
    const LIST: &'static str = "EndpointConfigs";
    const NAMED_BY: &'static [&'static str] = &["EndpointConfigName"];

    fn table(region: &Region) -> &Listed<Self> {
        &region.endpoint_configs
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "EndpointConfigName": self.name,
            "EndpointConfigArn": self.arn,
            "CreationTime": epoch(&self.created)?,
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let variants = self.variants.get()?.map_or(&[][..], Vec::as_slice);
        let shadows = self.shadow_variants.get()?;
        let capture = self.data_capture.get()?.map(|capture| {
            json!({
                "EnableCapture": capture.enabled,
                "InitialSamplingPercentage": capture.percentage.unwrap_or(100),
                "DestinationS3Uri": capture.destination.as_deref().unwrap_or_default(),
                "KmsKeyId": capture.key,
                "CaptureOptions": capture.modes.iter().map(|mode| json!({ "CaptureMode": mode })).collect::<Vec<_>>(),
            })
        });
        let output = self.async_output.get()?.map(|output| {
            json!({ "OutputConfig": {
                "S3OutputPath": output.path,
                "S3FailurePath": output.failure_path,
                "KmsKeyId": output.key,
                "NotificationConfig": { "IncludeInferenceResponseIn": [] },
            }})
        });
        Ok(json!({
            "EndpointConfigName": self.name,
            "EndpointConfigArn": self.arn,
            "CreationTime": epoch(&self.created)?,
            "KmsKeyId": self.key.get()?,
            "ProductionVariants": variants.iter().map(variant).collect::<Vec<_>>(),
            "ShadowProductionVariants": shadows.map(|shadows| shadows.iter().map(variant).collect::<Vec<_>>()),
            "DataCaptureConfig": capture,
            "AsyncInferenceConfig": output,
            "VpcConfig": self.vpc.get()?.map(vpc),
            "EnableNetworkIsolation": self.network_isolation.get()?,
            "ExecutionRoleArn": self.role.get()?,
        }))
    }
}

fn variant(one: &Variant) -> Value {
    json!({
        "VariantName": one.name,
        "ModelName": one.model,
        "InstanceType": one.instance_type,
        "InitialInstanceCount": one.initial_count,
        "InitialVariantWeight": one.weight,
        "ServerlessConfig": serverless(one.serverless),
        "ManagedInstanceScaling": scaling(one.managed_minimum),
    })
}

fn serverless(is: bool) -> Option<Value> {
    is.then(|| json!({ "MemorySizeInMB": 2048, "MaxConcurrency": 5 }))
}

fn scaling(minimum: Option<i32>) -> Option<Value> {
    minimum
        .map(|minimum| json!({ "Status": "ENABLED", "MinInstanceCount": minimum, "MaxInstanceCount": minimum.max(1) }))
}

impl Resource for Endpoint {
    const LIST: &'static str = "Endpoints";
    const NAMED_BY: &'static [&'static str] = &["EndpointName"];

    fn table(region: &Region) -> &Listed<Self> {
        &region.endpoints
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "EndpointName": self.name,
            "EndpointArn": self.arn,
            "EndpointStatus": self.status.get()?,
            "CreationTime": epoch(&self.created)?,
            "LastModifiedTime": epoch(&self.modified)?,
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let live = |variants: &Vec<LiveVariant>| variants.iter().map(live_variant).collect::<Vec<_>>();
        Ok(json!({
            "EndpointName": self.name,
            "EndpointArn": self.arn,
            "EndpointStatus": self.status.get()?,
            "CreationTime": epoch(&self.created)?,
            "LastModifiedTime": epoch(&self.modified)?,
            "EndpointConfigName": self.config.get()?,
            "ProductionVariants": self.variants.get()?.map(live),
            "ShadowProductionVariants": self.shadow_variants.get()?.map(live),
            "DataCaptureConfig": self.capture.get()?.map(capture_state),
            "AsyncInferenceConfig": self.asynchronous.get()?.filter(|is| **is).map(|_| json!({
                "OutputConfig": { "NotificationConfig": { "IncludeInferenceResponseIn": [] } },
            })),
        }))
    }
}

fn live_variant(one: &LiveVariant) -> Value {
    json!({
        "VariantName": one.name,
        "CurrentInstanceCount": one.count,
        "CurrentWeight": one.weight,
        "CurrentServerlessConfig": serverless(one.serverless),
        "ManagedInstanceScaling": scaling(one.managed_minimum),
    })
}

/// The model requires every member of this one.
fn capture_state(capture: &CaptureState) -> Value {
    json!({
        "EnableCapture": capture.enabled,
        "CaptureStatus": capture.status.as_deref().unwrap_or("Stopped"),
        "CurrentSamplingPercentage": capture.percentage.unwrap_or(100),
        "DestinationS3Uri": capture.destination.as_deref().unwrap_or_default(),
        "KmsKeyId": capture.key.as_deref().unwrap_or_default(),
    })
}

// Settings that domains set as the default of their profiles, and profiles for themselves.

macro_rules! portal_settings {
    ($of:expr) => {
        json!({ "ExecutionRoleSessionNameMode": $of.session_name_mode.get()? })
    };
}

macro_rules! rstudio_settings {
    ($of:expr) => {
        json!({ "AccessStatus": $of.rstudio_access.get()?, "UserGroup": $of.rstudio_group.get()? })
    };
}

macro_rules! emr_settings {
    ($of:expr) => {
        json!({
            "AssumableRoleArns": $of.emr_assumable_roles.get()?,
            "ExecutionRoleArns": $of.emr_execution_roles.get()?,
        })
    };
}

macro_rules! canvas_settings {
    ($of:expr) => {
        json!({
            "ModelRegisterSettings": {
                "Status": $of.canvas_registration.get()?,
                "CrossAccountModelRegisterRoleArn": $of.canvas_registration_role.get()?,
            },
            "DirectDeploySettings": { "Status": $of.canvas_direct_deploy.get()? },
        })
    };
}

impl Resource for Domain {
    const LIST: &'static str = "Domains";
    const NAMED_BY: &'static [&'static str] = &["DomainId"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.domains
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.id]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "DomainId": self.id,
            "DomainArn": self.arn,
            "DomainName": self.name,
            "Status": self.status.shown(),
            "CreationTime": self.created.shown().map(seconds),
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let application = self.sso_application.get()?;
        let (by_arn, managed) = match application {
            Some(arn) if arn.starts_with("arn:") => (Some(arn), None),
            other => (None, other),
        };
        let idle = |seen: &Seen<bool>| -> Result<Value, Refusal> {
            let managed = switch(seen, ["ENABLED", "DISABLED"])?;
            Ok(json!({ "IdleSettings": { "LifecycleManagement": managed } }))
        };
        Ok(json!({
            "DomainId": self.id,
            "DomainArn": self.arn,
            "DomainName": self.name,
            "Status": self.status.get()?,
            "CreationTime": epoch(&self.created)?,
            "AuthMode": self.auth.get()?,
            "SingleSignOnApplicationArn": by_arn,
            "SingleSignOnManagedApplicationInstanceId": managed,
            "AppNetworkAccessType": self.network_access.get()?,
            "VpcId": self.vpc.get()?,
            "SubnetIds": self.subnets.get()?,
            "KmsKeyId": self.key.get()?,
            "HomeEfsFileSystemId": self.file_system.get()?,
            "DefaultUserSettings": {
                "ExecutionRole": self.role.get()?,
                "SecurityGroups": self.security_groups.get()?,
                "JupyterLabAppSettings": {
                    "AppLifecycleManagement": idle(&self.jupyterlab_idle_shutdown)?,
                    "EmrSettings": emr_settings!(self),
                },
                "CodeEditorAppSettings": { "AppLifecycleManagement": idle(&self.code_editor_idle_shutdown)? },
                "StudioWebPortalSettings": portal_settings!(self),
                "RStudioServerProAppSettings": rstudio_settings!(self),
                "CanvasAppSettings": canvas_settings!(self),
            },
            "DefaultSpaceSettings": {
                "ExecutionRole": self.space_role.get()?,
                "SecurityGroups": self.space_security_groups.get()?,
            },
            "DomainSettings": {
                "SecurityGroupIds": self.domain_security_groups.get()?,
                "ExecutionRoleIdentityConfig": self.role_identity.get()?,
                "TrustedIdentityPropagationSettings":
                    self.identity_propagation.get()?.map(|status| json!({ "Status": status })),
                "UnifiedStudioSettings": self.unified_studio.get()?.map(|id| json!({ "DomainId": id })),
            },
            "SecurityGroupIdForDomainBoundary": self.boundary_security_group.get()?,
        }))
    }
}

impl Resource for UserProfile {
    const LIST: &'static str = "UserProfiles";
    const NAMED_BY: &'static [&'static str] = &["DomainId", "UserProfileName"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.user_profiles
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.domain, &self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        None
    }
    fn within(&self) -> [Option<&str>; 3] {
        [Some(&self.domain), None, None]
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({ "DomainId": self.domain, "UserProfileName": self.name, "Status": self.status.shown() }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        let single_sign_on = self.sso_user.get()?.copied().unwrap_or(false);
        Ok(json!({
            "DomainId": self.domain,
            "UserProfileName": self.name,
            "UserProfileArn": self.arn,
            "Status": self.status.get()?,
            "SingleSignOnUserIdentifier": single_sign_on.then_some("UserName"),
            "SingleSignOnUserValue": single_sign_on.then_some("somebody@example.com"),
            "UserSettings": {
                "ExecutionRole": self.role.get()?,
                "SecurityGroups": self.security_groups.get()?,
                "JupyterLabAppSettings": { "EmrSettings": emr_settings!(self) },
                "StudioWebPortalSettings": portal_settings!(self),
                "RStudioServerProAppSettings": rstudio_settings!(self),
                "CanvasAppSettings": canvas_settings!(self),
            },
        }))
    }
}

impl Resource for Space {
    const LIST: &'static str = "Spaces";
    const NAMED_BY: &'static [&'static str] = &["DomainId", "SpaceName"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.spaces
    }
    fn identity(&self) -> Vec<&str> {
        vec![&self.domain, &self.name]
    }
    fn arn_and_tags(&self) -> Option<(&str, &Seen<Vec<Tag>>)> {
        Some((&self.arn, &self.tags))
    }
    fn created(&self) -> Option<Timestamp> {
        None
    }
    fn within(&self) -> [Option<&str>; 3] {
        [Some(&self.domain), None, Some(&self.name)]
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "DomainId": self.domain,
            "SpaceName": self.name,
            "Status": self.status.shown(),
            "SpaceSettingsSummary": { "AppType": self.app_type.shown() },
            "SpaceSharingSettingsSummary": { "SharingType": self.sharing.shown() },
            "OwnershipSettingsSummary": { "OwnerUserProfileName": self.owner.shown() },
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "DomainId": self.domain,
            "SpaceName": self.name,
            "SpaceArn": self.arn,
            "Status": self.status.get()?,
            "SpaceSettings": { "AppType": self.app_type.get()? },
            "SpaceSharingSettings": { "SharingType": self.sharing.get()? },
            "OwnershipSettings": { "OwnerUserProfileName": self.owner.get()? },
        }))
    }
}

impl Resource for App {
    const LIST: &'static str = "Apps";
    const NAMED_BY: &'static [&'static str] = &["DomainId", "UserProfileName", "SpaceName", "AppType", "AppName"];
    const ABSENT: &'static str = "ResourceNotFound";

    fn table(region: &Region) -> &Listed<Self> {
        &region.apps
    }
    fn identity(&self) -> Vec<&str> {
        let [profile, space] = [&self.profile, &self.space].map(|owner| owner.as_deref().unwrap_or_default());
        vec![&self.domain, profile, space, &self.kind, &self.name]
    }
    fn created(&self) -> Option<Timestamp> {
        self.created.shown().copied()
    }
    fn within(&self) -> [Option<&str>; 3] {
        [Some(&self.domain), self.profile.as_deref(), self.space.as_deref()]
    }

    fn summary(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "DomainId": self.domain,
            "UserProfileName": self.profile,
            "SpaceName": self.space,
            "AppType": self.kind,
            "AppName": self.name,
            "Status": self.status.shown(),
            "CreationTime": self.created.shown().map(seconds),
            "ResourceSpec": { "InstanceType": self.instance_type.shown() },
        }))
    }

    fn whole(&self) -> Result<Value, Refusal> {
        Ok(json!({
            "AppArn": self.arn,
            "DomainId": self.domain,
            "UserProfileName": self.profile,
            "SpaceName": self.space,
            "AppType": self.kind,
            "AppName": self.name,
            "Status": self.status.get()?,
            "CreationTime": epoch(&self.created)?,
            "LastUserActivityTimestamp": epoch(&self.last_activity)?,
            "EffectiveTrustedIdentityPropagationStatus": self.identity_propagation.get()?,
            "ResourceSpec": { "InstanceType": self.instance_type.get()? },
        }))
    }
}

fn vpc(config: &VpcConfig) -> Value {
    json!({ "SecurityGroupIds": config.security_groups, "Subnets": config.subnets })
}

/// A switch in the service's words. What the scan did not recognise is still not recognisable.
fn switch(seen: &Seen<bool>, [on, off]: [&'static str; 2]) -> Result<Option<&'static str>, Refusal> {
    match seen {
        Seen::Unseen(gap) if gap.reason == Reason::Unrecognised => Ok(Some(FROM_THE_FUTURE)),
        seen => Ok(seen.get()?.map(|is| if *is { on } else { off })),
    }
}

/// Seconds since 1970, as JSON protocols want them; milliseconds are all that AWS tells.
pub(super) fn epoch(seen: &Seen<Timestamp>) -> Result<Option<f64>, Refusal> {
    Ok(seen.get()?.map(seconds))
}

fn seconds(time: &Timestamp) -> f64 {
    // Exact for 285 thousand years around 1970.
    #[allow(clippy::cast_precision_loss)]
    let milliseconds = time.as_millisecond() as f64;
    milliseconds / 1000.0
}
