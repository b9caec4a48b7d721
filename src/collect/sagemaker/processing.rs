//! Processing jobs.

use aws_sdk_sagemaker::operation::describe_processing_job::DescribeProcessingJobOutput;
use aws_sdk_sagemaker::types::{ProcessingJobStatus, ProcessingJobSummary, SortBy, SortOrder};
use sagescan_checks::snapshot::{Gap, Instances, Listed, ProcessingJob, Reason, Seen, Tag};
use sagescan_secrets::{scan_pairs, scan_text};

use super::{TAGS, Window, name, tags, vpc};
use crate::collect::call::{Call, read};
use crate::collect::places::Place;
use crate::collect::translate::{text, time};

const LIST: Call = read!("sagemaker", "ListProcessingJobs");
const DESCRIBE: Call = read!("sagemaker", "DescribeProcessingJob");

pub(in crate::collect) const PROCESSING_JOBS: &[Call] = &[LIST, DESCRIBE, TAGS];

pub(in crate::collect) async fn processing_jobs(place: &Place) -> Listed<ProcessingJob> {
    let sm = &place.sagemaker;
    let mut window = Window::new(place);
    let listed = place
        .asker
        .pages(
            &LIST,
            |token| {
                let request = sm.list_processing_jobs().max_results(100).set_next_token(token);
                request.sort_by(SortBy::CreationTime).sort_order(SortOrder::Descending).send()
            },
            |page| (page.processing_job_summaries.unwrap_or_default(), page.next_token),
            |job: &ProcessingJobSummary| window.ends(job.creation_time()),
        )
        .await;
    let listed = window.cut(place, &LIST, listed, |job| job.creation_time(), runs);
    let describe = |one: ProcessingJobSummary| async move {
        let request = || sm.describe_processing_job().set_processing_job_name(one.processing_job_name.clone());
        let seen = place.asker.ask_planned(&DESCRIBE, &[], || request().send()).await;
        let tags = if runs(&one) {
            tags(place, one.processing_job_arn().unwrap_or_default()).await
        } else {
            Seen::Unseen(Gap::new(Reason::Skipped, "tags of finished jobs are not read"))
        };
        processing_job(&one, &seen, tags)
    };
    place.asker.each(listed, describe).await
}

fn runs(job: &ProcessingJobSummary) -> bool {
    matches!(job.processing_job_status(), Some(ProcessingJobStatus::InProgress | ProcessingJobStatus::Stopping))
}

fn processing_job(
    one: &ProcessingJobSummary,
    seen: &Seen<DescribeProcessingJobOutput>,
    tags: Seen<Vec<Tag>>,
) -> ProcessingJob {
    ProcessingJob {
        name: name(one.processing_job_name()),
        arn: name(one.processing_job_arn()),
        status: one.processing_job_status().map(|s| s.as_str().to_owned()).into(),
        created: one.creation_time().and_then(time).into(),
        ended: one.processing_end_time().and_then(time).into(),
        role: seen.field(|d| text(d.role_arn())),
        instances: seen.field(|d| {
            let cluster = d.processing_resources()?.cluster_config()?;
            let instance_type = cluster.instance_type()?.as_str().to_owned();
            Some(Instances { instance_type, count: cluster.instance_count() })
        }),
        volume_key: seen.field(|d| text(d.processing_resources()?.cluster_config()?.volume_kms_key_id())),
        output_key: seen.field(|d| text(d.processing_output_config()?.kms_key_id())),
        outputs: seen.field(|d| {
            let outputs = d.processing_output_config().map(|c| c.outputs()).unwrap_or_default();
            Some(outputs.iter().filter_map(|o| text(o.s3_output()?.s3_uri())).collect())
        }),
        inputs: seen
            .field(|d| Some(d.processing_inputs().iter().filter_map(|i| text(i.s3_input()?.s3_uri())).collect())),
        vpc: seen.field(|d| d.network_config()?.vpc_config().map(vpc)),
        network_isolation: seen.field(|d| d.network_config()?.enable_network_isolation()),
        inter_container_encryption: seen.field(|d| d.network_config()?.enable_inter_container_traffic_encryption()),
        image: seen.field(|d| text(d.app_specification()?.image_uri())),
        monitoring_schedule: seen.field(|d| text(d.monitoring_schedule_arn())),
        auto_ml_job: seen.field(|d| text(d.auto_ml_job_arn())),
        training_job: seen.field(|d| text(d.training_job_arn())),
        environment_secrets: seen.field(|d| {
            let mut pairs: Vec<_> = d.environment()?.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            pairs.sort_unstable();
            Some(scan_pairs(pairs.into_iter(), "environment variable"))
        }),
        parameter_secrets: seen.field(|d| {
            let spec = d.app_specification()?;
            let words = [spec.container_entrypoint(), spec.container_arguments()].concat();
            Some(scan_text(&words.join("\n"), "container arguments"))
        }),
        tags,
    }
}
