//! The images that jobs and models name.

use crate::prelude::*;

/// What a workload runs.
pub(super) enum Images<'w> {
    /// Images, at least one.
    Named(Vec<&'w str>),
    /// Something that names its image elsewhere, and what that is.
    Elsewhere(String),
}

/// The images of a training job, a processing job or a model; others name none that matters here.
pub(super) fn of<'w>(workload: Workload<'w>) -> Result<Option<Images<'w>>, Unseen> {
    let images: Vec<&str> = match workload {
        Workload::TrainingJob(job) => match job.image.get()? {
            Some(image) => vec![image],
            None => return without_image(job).map(Some),
        },
        Workload::ProcessingJob(job) => vec![job.image.known("ImageUri")?],
        Workload::Model(model) => {
            let containers = model.containers.get()?.into_iter().flatten();
            containers.filter_map(|c| c.image.as_deref()).filter(|image| !image.is_empty()).collect()
        }
        _ => return Ok(None),
    };
    Ok(Some(if images.is_empty() {
        Images::Elsewhere("it names no image: its containers are those of a model package, or it has none".to_owned())
    } else {
        Images::Named(images)
    }))
}

/// A training job that names no image runs an algorithm's, or one that AWS brings.
fn without_image<'w>(job: &TrainingJob) -> Result<Images<'w>, Unseen> {
    if let Some(algorithm) = job.algorithm.get()? {
        return Ok(Images::Elsewhere(format!("it names the algorithm {}, not an image", short_name(algorithm))));
    }
    match job.serverless.get()? {
        Some(true) => Ok(Images::Elsewhere("it is serverless, and AWS brings the image".to_owned())),
        _ => Err(unclear("the answer carries no TrainingImage and no AlgorithmName")),
    }
}
