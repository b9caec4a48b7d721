//! What a role may do beyond its work, found by asking: each probe is a request that no execution role needs for running
//! jobs and models, put to everything that was seen of the role's policies.

use std::collections::BTreeSet;

use sagescan_policy::{Context, Effect};
use serde::Serialize;

use crate::engine::{Permissions, Proof, STRANGER};
use crate::prelude::*;

/// A request that running jobs and models never takes.
struct Probe {
    says: &'static str,
    action: &'static str,
    /// `P` partition, `A` own account, `R` any region, `Q` a name that no policy knows.
    resource: &'static str,
    /// Condition keys that the request carries.
    keys: &'static [(&'static str, &'static str)],
}

const fn probe(says: &'static str, action: &'static str, resource: &'static str) -> Probe {
    Probe { says, action, resource, keys: &[] }
}

/// Source of the choice: AWS prescribes named buckets, repositories, keys and logs for execution roles ("How to use
/// SageMaker AI execution roles"); the rest are the ways from a job to other people's data, to other roles and to the account
/// that the literature on SageMaker lists. Resource types: service authorization reference, September 2026.
const PROBES: &[Probe] = &[
    probe("read any object", "s3:GetObject", "arn:P:s3:::Q/Q"),
    probe("write any object", "s3:PutObject", "arn:P:s3:::Q/Q"),
    probe("delete any object", "s3:DeleteObject", "arn:P:s3:::Q/Q"),
    probe("list any bucket", "s3:ListBucket", "arn:P:s3:::Q"),
    probe("change bucket policies", "s3:PutBucketPolicy", "arn:P:s3:::Q"),
    probe("create buckets", "s3:CreateBucket", "arn:P:s3:::Q"),
    probe("pull any image", "ecr:BatchGetImage", "arn:P:ecr:R:A:repository/Q"),
    probe("push images", "ecr:PutImage", "arn:P:ecr:R:A:repository/Q"),
    probe("share repositories", "ecr:SetRepositoryPolicy", "arn:P:ecr:R:A:repository/Q"),
    probe("decrypt with any key", "kms:Decrypt", "arn:P:kms:R:A:key/Q"),
    probe("hand keys to others", "kms:CreateGrant", "arn:P:kms:R:A:key/Q"),
    probe("change key policies", "kms:PutKeyPolicy", "arn:P:kms:R:A:key/Q"),
    probe("read secrets", "secretsmanager:GetSecretValue", "arn:P:secretsmanager:R:A:secret:Q"),
    probe("read parameters", "ssm:GetParameter", "arn:P:ssm:R:A:parameter/Q"),
    probe("run commands on instances", "ssm:SendCommand", "arn:P:ec2:R:A:instance/Q"),
    probe("open sessions on instances", "ssm:StartSession", "arn:P:ec2:R:A:instance/Q"),
    Probe {
        says: "pass any role to SageMaker",
        action: "iam:PassRole",
        resource: "arn:P:iam::A:role/Q",
        keys: &[("iam:PassedToService", "sagemaker.amazonaws.com")],
    },
    Probe {
        says: "pass any role to Lambda",
        action: "iam:PassRole",
        resource: "arn:P:iam::A:role/Q",
        keys: &[("iam:PassedToService", "lambda.amazonaws.com")],
    },
    probe("assume any role", "sts:AssumeRole", "arn:P:iam::A:role/Q"),
    probe("create roles", "iam:CreateRole", "arn:P:iam::A:role/Q"),
    probe("give roles policies", "iam:AttachRolePolicy", "arn:P:iam::A:role/Q"),
    probe("create access keys", "iam:CreateAccessKey", "arn:P:iam::A:user/Q"),
    probe("start training jobs", "sagemaker:CreateTrainingJob", "arn:P:sagemaker:R:A:training-job/Q"),
    probe("start processing jobs", "sagemaker:CreateProcessingJob", "arn:P:sagemaker:R:A:processing-job/Q"),
    probe("create notebooks", "sagemaker:CreateNotebookInstance", "arn:P:sagemaker:R:A:notebook-instance/Q"),
    probe(
        "open the notebooks of others",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
        "arn:P:sagemaker:R:A:notebook-instance/Q",
    ),
    probe("sign in to Studio as others", "sagemaker:CreatePresignedDomainUrl", "arn:P:sagemaker:R:A:user-profile/Q/Q"),
    probe(
        "change scripts that notebooks run",
        "sagemaker:UpdateNotebookInstanceLifecycleConfig",
        "arn:P:sagemaker:R:A:notebook-instance-lifecycle-config/Q",
    ),
    probe("change endpoints", "sagemaker:UpdateEndpoint", "arn:P:sagemaker:R:A:endpoint/Q"),
    probe("call endpoints", "sagemaker:InvokeEndpoint", "arn:P:sagemaker:R:A:endpoint/Q"),
    probe("change pipelines", "sagemaker:UpdatePipeline", "arn:P:sagemaker:R:A:pipeline/Q"),
    probe("delete models", "sagemaker:DeleteModel", "arn:P:sagemaker:R:A:model/Q"),
    probe("call functions", "lambda:InvokeFunction", "arn:P:lambda:R:A:function:Q"),
    probe("change functions", "lambda:UpdateFunctionCode", "arn:P:lambda:R:A:function:Q"),
    probe("start instances", "ec2:RunInstances", "arn:P:ec2:R:A:instance/Q"),
    probe("open security groups", "ec2:AuthorizeSecurityGroupIngress", "arn:P:ec2:R:A:security-group/Q"),
    probe("start builds", "codebuild:StartBuild", "arn:P:codebuild:R:A:project/Q"),
    probe("create stacks", "cloudformation:CreateStack", "arn:P:cloudformation:R:A:stack/Q/Q"),
    probe("start Glue jobs", "glue:StartJobRun", "arn:P:glue:R:A:job/Q"),
    probe("query with Athena", "athena:StartQueryExecution", "arn:P:athena:R:A:workgroup/Q"),
    probe("read tables", "dynamodb:GetItem", "arn:P:dynamodb:R:A:table/Q"),
    probe("query Redshift", "redshift-data:ExecuteStatement", "arn:P:redshift:R:A:cluster:Q"),
    probe("read logs", "logs:GetLogEvents", "arn:P:logs:R:A:log-group:Q:log-stream:Q"),
    probe("delete logs", "logs:DeleteLogGroup", "arn:P:logs:R:A:log-group:Q"),
    probe("stop the audit trail", "cloudtrail:StopLogging", "arn:P:cloudtrail:R:A:trail/Q"),
    probe("send messages", "sqs:SendMessage", "arn:P:sqs:R:A:Q"),
    probe("publish messages", "sns:Publish", "arn:P:sns:R:A:Q"),
    probe("start state machines", "states:StartExecution", "arn:P:states:R:A:stateMachine:Q"),
];

/// A right that no need of a workload explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Surplus {
    /// What it lets somebody do.
    pub says: String,
    /// The action.
    pub action: String,
    /// On what: a pattern of the policies, or `*` for everything they do not single out.
    pub resource: String,
    /// The statement that gives it.
    #[serde(serialize_with = "words")]
    pub proof: Proof,
}

fn words<S: serde::Serializer>(proof: &Proof, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Plain<'a> {
        policy: &'a str,
        statement: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        sid: Option<&'a str>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        condition_keys: Vec<&'a str>,
    }
    Plain {
        policy: &proof.policy,
        statement: proof.statement,
        sid: proof.sid.as_deref(),
        condition_keys: proof.keys.iter().map(|key| &**key).collect(),
    }
    .serialize(serializer)
}

/// So many named resources of policies are asked about; a policy of 6,144 characters holds fewer.
const ASKED: usize = 400;

/// What asking came to.
#[derive(Debug, Default)]
pub struct Probed {
    /// What is granted and not needed.
    pub surplus: Vec<Surplus>,
    /// What could not be decided, and why; each once.
    pub blind: BTreeSet<String>,
}

/// Asks the role for everything on the list: on what no policy names, and on each resource that its policies name. `needed`
/// tells whether the work of the role needs exactly this.
pub fn probe_all(permissions: &Permissions, needed: impl Fn(&str, &str, Context) -> bool) -> Probed {
    let mut probed = Probed::default();
    let mut asked = 0;
    for probe in PROBES {
        let context = || probe.keys.iter().fold(Context::open(), |context, (key, value)| context.with(key, *value));
        let stranger = spelled(permissions, probe.resource);
        match permissions.may(probe.action, &stranger, context()) {
            Ok(Some(proof)) => {
                probed.surplus.push(surplus(probe, "*", proof));
                continue;
            }
            Ok(None) => {}
            Err(Unseen(gap)) => drop(probed.blind.insert(format!("whether it may {}: {gap}", probe.says))),
        }
        for named in named(permissions, probe) {
            asked += 1;
            if asked > ASKED {
                probed.blind.insert("its policies name more resources than are asked about".into());
                return probed;
            }
            if needed(probe.action, &named, context()) {
                continue;
            }
            if let Ok(Some(proof)) = permissions.may(probe.action, &named, context()) {
                probed.surplus.push(surplus(probe, &named, proof));
            }
        }
    }
    probed
}

fn surplus(probe: &Probe, resource: &str, proof: Proof) -> Surplus {
    let says = match resource {
        "*" => probe.says.to_owned(),
        // "any" is what no policy names.
        _ => probe.says.replace("any ", ""),
    };
    Surplus { says, action: probe.action.into(), resource: resource.into(), proof }
}

/// The resources that statements about the action name, wildcards and all, without variables.
fn named(permissions: &Permissions, probe: &Probe) -> BTreeSet<String> {
    let about = permissions.allows().filter(|s| s.effect == Effect::Allow && s.covers_action(probe.action));
    let listed = about.flat_map(|statement| statement.resources.only());
    let fits = |arn: &&sagescan_policy::ArnPattern| {
        !arn.is_everything() && !arn.text().contains("${") && kind_fits(arn.text(), probe.resource)
    };
    listed.filter(fits).map(|arn| arn.text().to_owned()).collect()
}

/// Whether a named resource can be what the probe is about: of its service, and of its form. An object has a key.
fn kind_fits(named: &str, template: &str) -> bool {
    let (Some(named), Some(template)) = (Arn::parse(named), Arn::parse(template)) else {
        return false;
    };
    let kind = |resource: &str| resource.split(['/', ':']).next().unwrap_or_default().to_owned();
    let (is, wanted) = (kind(named.resource), kind(template.resource));
    named.service == template.service
        && match template.service {
            "s3" => named.resource.contains('/') == template.resource.contains('/'),
            _ => wanted == "Q" || is == wanted || is.contains('*'),
        }
}

fn spelled(permissions: &Permissions, template: &str) -> String {
    let part = |part: &str| match part {
        "P" => permissions.partition().to_owned(),
        "A" => permissions.account().to_owned(),
        "R" => STRANGER.to_owned(),
        other => other.split('/').map(|p| if p == "Q" { STRANGER } else { p }).collect::<Vec<_>>().join("/"),
    };
    template.split(':').map(part).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::least_privilege::needs::Purpose;

    #[test]
    fn a_resource_is_asked_about_what_it_can_be() {
        let bucket = "arn:P:s3:::Q";
        let object = "arn:P:s3:::Q/Q";
        assert!(kind_fits("arn:aws:s3:::data/*", object) && !kind_fits("arn:aws:s3:::data/*", bucket));
        assert!(kind_fits("arn:aws:s3:::data", bucket) && !kind_fits("arn:aws:s3:::data", object));
        assert!(kind_fits("arn:aws:iam::1:role/x", "arn:P:iam::A:role/Q"));
        assert!(!kind_fits("arn:aws:iam::1:user/x", "arn:P:iam::A:role/Q"));
        assert!(!kind_fits("*", object));
    }

    #[test]
    fn each_probe_is_told_apart_and_well_formed() {
        let mut seen = BTreeSet::new();
        for probe in PROBES {
            assert!(seen.insert(probe.says), "{}", probe.says);
            assert!(Arn::parse(probe.resource).is_some() && probe.action.contains(':'), "{}", probe.says);
        }
    }

    /// What is needed on everything cannot be a surplus.
    #[test]
    fn no_probe_asks_for_what_jobs_need_everywhere() {
        let everywhere = [Purpose::LogInToRegistry, Purpose::PublishMetrics, Purpose::JoinNetwork];
        let needed: Vec<&str> = everywhere.iter().flat_map(|purpose| purpose.actions()).copied().collect();
        assert!(PROBES.iter().all(|probe| !needed.contains(&probe.action)));
    }
}
