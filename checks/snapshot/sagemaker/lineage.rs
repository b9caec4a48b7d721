//! Lineage: the groups that share it with other accounts, and experiments.

use jiff::Timestamp;

use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::{Ask, List, Seen, Spec, Table};

/// The service model declares `ResourceNotFound`; any other error leaves the policy unseen.
const POLICY: Ask = Ask {
    absent: &["ResourceNotFound"],
    ..Ask::of(read!("sagemaker", "GetLineageGroupPolicy"), &[("LineageGroupName", "LineageGroupName")])
};

record! {
    /// A lineage group: every account has the one that its lineage lies in.
    pub struct LineageGroup in lineage_groups {
        name: String = "LineageGroupName",
        arn: String = "LineageGroupArn",
        created: Seen<Timestamp> = "CreationTime",
    }
    also {
        /// The resource policy as it stands; none is unset.
        policy: Seen<String> = POLICY, "ResourcePolicy";
    }
    by Spec {
        arn: "LineageGroupArn",
        resource: "lineage-group/{LineageGroupName}",
        summary: &["LineageGroupName", "LineageGroupArn", "CreationTime"],
        ..Spec::of(Table::LineageGroups, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListLineageGroups"), "LineageGroupSummaries")
        })
    }
}

record! {
    /// An experiment.
    pub struct Experiment in experiments {
        name: String = "ExperimentName",
        arn: String = "ExperimentArn",
        created: Seen<Timestamp> = "CreationTime",
    }
    by Spec {
        arn: "ExperimentArn",
        resource: "experiment/{ExperimentName}",
        summary: &["ExperimentName", "ExperimentArn", "CreationTime"],
        ..Spec::of(Table::Experiments, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListExperiments"), "ExperimentSummaries")
        })
    }
}
