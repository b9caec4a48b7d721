//! Training jobs.

use aws_sdk_sagemaker::operation::describe_training_job::DescribeTrainingJobOutput;
use aws_sdk_sagemaker::types::{SortBy, SortOrder, TrainingJobStatus, TrainingJobSummary};
use sagescan_checks::snapshot::{Gap, Instances, Listed, Reason, Seen, Tag, TrainingJob};
use sagescan_secrets::{scan_pairs, scan_text};

use super::{TAGS, Window, name, tags, vpc};
use crate::collect::call::{Call, read};
use crate::collect::places::Place;
use crate::collect::translate::{text, time};

const LIST: Call = read!("sagemaker", "ListTrainingJobs");
const DESCRIBE: Call = read!("sagemaker", "DescribeTrainingJob");

pub(in crate::collect) const TRAINING_JOBS: &[Call] = &[LIST, DESCRIBE, TAGS];

pub(in crate::collect) async fn training_jobs(place: &Place) -> Listed<TrainingJob> {
    let sm = &place.sagemaker;
    let mut window = Window::new(place);
    let listed = place
        .asker
        .pages(
            &LIST,
            |token| {
                let request = sm.list_training_jobs().max_results(100).set_next_token(token);
                request.sort_by(SortBy::CreationTime).sort_order(SortOrder::Descending).send()
            },
            |page| (page.training_job_summaries.unwrap_or_default(), page.next_token),
            |job: &TrainingJobSummary| window.ends(job.creation_time()),
        )
        .await;
    let listed = window.cut(place, &LIST, listed, |job| job.creation_time(), runs);
    let describe = |one: TrainingJobSummary| async move {
        let request = || sm.describe_training_job().set_training_job_name(one.training_job_name.clone());
        let seen = place.asker.ask_planned(&DESCRIBE, &[], || request().send()).await;
        let tags = if runs(&one) {
            tags(place, one.training_job_arn().unwrap_or_default()).await
        } else {
            Seen::Unseen(Gap::new(Reason::Skipped, "tags of finished jobs are not read"))
        };
        training_job(&one, &seen, tags)
    };
    place.asker.each(listed, describe).await
}

fn runs(job: &TrainingJobSummary) -> bool {
    matches!(job.training_job_status(), Some(TrainingJobStatus::InProgress | TrainingJobStatus::Stopping))
}

fn training_job(one: &TrainingJobSummary, seen: &Seen<DescribeTrainingJobOutput>, tags: Seen<Vec<Tag>>) -> TrainingJob {
    TrainingJob {
        name: name(one.training_job_name()),
        arn: name(one.training_job_arn()),
        status: one.training_job_status().map(|s| s.as_str().to_owned()).into(),
        created: one.creation_time().and_then(time).into(),
        ended: one.training_end_time().and_then(time).into(),
        role: seen.field(|d| text(d.role_arn())),
        instances: seen.field(instances),
        serverless: seen.field(|d| Some(d.serverless_job_config().is_some())),
        volume_key: seen.field(|d| text(d.resource_config()?.volume_kms_key_id())),
        output_key: seen.field(|d| text(d.output_data_config()?.kms_key_id())),
        output_path: seen.field(|d| text(d.output_data_config()?.s3_output_path())),
        inputs: seen.field(|d| {
            let sources = d.input_data_config().iter().filter_map(|c| c.data_source()?.s3_data_source()?.s3_uri());
            Some(sources.map(str::to_owned).collect())
        }),
        vpc: seen.field(|d| d.vpc_config().map(vpc)),
        network_isolation: seen.field(|d| d.enable_network_isolation()),
        inter_container_encryption: seen.field(|d| d.enable_inter_container_traffic_encryption()),
        image: seen.field(|d| text(d.algorithm_specification()?.training_image())),
        algorithm: seen.field(|d| text(d.algorithm_specification()?.algorithm_name())),
        tuning_job: seen.field(|d| text(d.tuning_job_arn())),
        auto_ml_job: seen.field(|d| text(d.auto_ml_job_arn())),
        labeling_job: seen.field(|d| text(d.labeling_job_arn())),
        environment_secrets: seen.field(|d| {
            let mut pairs: Vec<_> = d.environment()?.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            pairs.sort_unstable();
            Some(scan_pairs(pairs.into_iter(), "environment variable"))
        }),
        parameter_secrets: seen.field(|d| {
            let mut pairs: Vec<_> =
                d.hyper_parameters().into_iter().flatten().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            pairs.sort_unstable();
            let mut found = scan_pairs(pairs.into_iter(), "hyperparameter");
            if let Some(spec) = d.algorithm_specification() {
                let words = [spec.container_entrypoint(), spec.container_arguments()].concat();
                found.extend(scan_text(&words.join("\n"), "container arguments"));
            }
            Some(found)
        }),
        tags,
    }
}

fn instances(job: &DescribeTrainingJobOutput) -> Option<Vec<Instances>> {
    let config = job.resource_config()?;
    let groups = config.instance_groups().iter().map(|g| Instances {
        instance_type: g.instance_type().map(|t| t.as_str().to_owned()).unwrap_or_default(),
        count: g.instance_count(),
    });
    let one = config
        .instance_type()
        .map(|t| Instances { instance_type: t.as_str().to_owned(), count: config.instance_count() });
    Some(one.into_iter().chain(groups).collect())
}
