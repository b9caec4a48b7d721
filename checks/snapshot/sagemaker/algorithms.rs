//! Algorithms: packaged training code, one's own or subscribed in AWS Marketplace.

use jiff::Timestamp;

use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::Every;
use crate::snapshot::{Ask, List, Seen, Spec, Table};

record! {
    /// An algorithm.
    pub struct Algorithm in algorithms {
        name: String = "AlgorithmName",
        arn: String = "AlgorithmArn",
        status: Seen<String> = "AlgorithmStatus",
        created: Seen<Timestamp> = "CreationTime",
        image: Seen<String> = "TrainingSpecification.TrainingImage" => Image,
        inference_images: Seen<Vec<String>> = "InferenceSpecification.Containers[].Image" as Every => Image,
        validation_role: Seen<String> = "ValidationSpecification.ValidationRole" => Role,
        /// How each scan of an image ended: `NotStarted`, `InProgress`, `Completed`, `Failed`.
        image_scans: Seen<Vec<String>> = "AlgorithmStatusDetails.ImageScanStatuses[].Status" as Every,
        /// How each validation ended, in the same words.
        validations: Seen<Vec<String>> = "AlgorithmStatusDetails.ValidationStatuses[].Status" as Every,
        /// Of AWS Marketplace.
        product: Seen<String> = "ProductId",
        certified_for_marketplace: Seen<bool> = "CertifyForMarketplace",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeAlgorithm"), &[("AlgorithmName", "AlgorithmName")])),
        arn: "AlgorithmArn",
        resource: "algorithm/{AlgorithmName}",
        summary: &["AlgorithmName", "AlgorithmArn", "CreationTime", "AlgorithmStatus"],
        required: r#"{
            "TrainingSpecification": {
                "TrainingImage": "", "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"], "TrainingChannels": []
            },
            "AlgorithmStatusDetails": {
                "ImageScanStatuses?": [{"Name": "image"}], "ValidationStatuses?": [{"Name": "profile"}]
            },
            "ValidationSpecification?": {"ValidationProfiles": []}
        }"#,
        ..Spec::of(Table::Algorithms, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListAlgorithms"), "AlgorithmSummaryList")
        })
    }
}
