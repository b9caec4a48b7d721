//! What matters most of what a role can do, as questions that compare one role with another.

use sagescan_policy::Context;

use super::wide::{self, Answer};
use crate::engine::Permissions;

/// A right over things that no policy singles out.
pub(super) struct Probe {
    /// What its holder may do, after "it may".
    pub(super) words: &'static str,
    action: &'static str,
    /// Spelled as in [`wide::spelled`].
    thing: &'static str,
}

impl Probe {
    /// Whether the right is there.
    pub(super) fn ask(&self, permissions: &Permissions) -> Answer {
        permissions.may(self.action, &wide::spelled(permissions, self.thing), Context::open())
    }
}

macro_rules! probes {
    ($($words:literal = $action:literal on $thing:literal;)+) => {
        /// The rights that tell a strong role from a weak one, worst first.
        pub(super) const PROBES: &[Probe] =
            &[$(Probe { words: $words, action: $action, thing: $thing }),+];
    };
}

probes! {
    "do everything in the account" = "qx7zwk:Qx7zwk" on "arn:P:Q:Q:A:Q";
    "change roles" = "iam:PutRolePolicy" on "arn:P:iam::A:role/Q";
    "attach policies to roles" = "iam:AttachRolePolicy" on "arn:P:iam::A:role/Q";
    "pass any role" = "iam:PassRole" on "arn:P:iam::A:role/Q";
    "assume any role" = "sts:AssumeRole" on "arn:P:iam::A:role/Q";
    "read objects of any bucket" = "s3:GetObject" on "arn:P:s3:::Q/Q";
    "write objects to any bucket" = "s3:PutObject" on "arn:P:s3:::Q/Q";
    "delete objects of any bucket" = "s3:DeleteObject" on "arn:P:s3:::Q/Q";
    "change the policy of any bucket" = "s3:PutBucketPolicy" on "arn:P:s3:::Q";
    "decrypt with any key" = "kms:Decrypt" on "arn:P:kms:Q:A:key/Q";
    "grant the use of any key" = "kms:CreateGrant" on "arn:P:kms:Q:A:key/Q";
    "read any secret" = "secretsmanager:GetSecretValue" on "arn:P:secretsmanager:Q:A:secret:Q";
    "read any parameter" = "ssm:GetParameter" on "arn:P:ssm:Q:A:parameter/Q";
    "read any DynamoDB table" = "dynamodb:GetItem" on "arn:P:dynamodb:Q:A:table/Q";
    "read any table of the Glue catalogue" = "glue:GetTable" on "arn:P:glue:Q:A:table/Q/Q";
    "change the code of any Lambda function" = "lambda:UpdateFunctionCode" on "arn:P:lambda:Q:A:function:Q";
    "run any Lambda function" = "lambda:InvokeFunction" on "arn:P:lambda:Q:A:function:Q";
    "open a shell on any EC2 instance" = "ssm:StartSession" on "arn:P:ec2:Q:A:instance/Q";
    "open Studio as any user" = "sagemaker:CreatePresignedDomainUrl" on "arn:P:sagemaker:Q:A:user-profile/Q/Q";
    "open any notebook instance" = "sagemaker:CreatePresignedNotebookInstanceUrl" on "arn:P:sagemaker:Q:A:notebook-instance/Q";
    "change any user profile" = "sagemaker:UpdateUserProfile" on "arn:P:sagemaker:Q:A:user-profile/Q/Q";
    "change any domain" = "sagemaker:UpdateDomain" on "arn:P:sagemaker:Q:A:domain/Q";
    "edit any lifecycle configuration" = "sagemaker:UpdateNotebookInstanceLifecycleConfig" on "arn:P:sagemaker:Q:A:notebook-instance-lifecycle-config/Q";
    "change any endpoint" = "sagemaker:UpdateEndpoint" on "arn:P:sagemaker:Q:A:endpoint/Q";
    "delete any endpoint" = "sagemaker:DeleteEndpoint" on "arn:P:sagemaker:Q:A:endpoint/Q";
    "approve any model" = "sagemaker:UpdateModelPackage" on "arn:P:sagemaker:Q:A:model-package/Q/1";
    "call any endpoint" = "sagemaker:InvokeEndpoint" on "arn:P:sagemaker:Q:A:endpoint/Q";
    "start training jobs of any name" = "sagemaker:CreateTrainingJob" on "arn:P:sagemaker:Q:A:training-job/Q";
    "start processing jobs of any name" = "sagemaker:CreateProcessingJob" on "arn:P:sagemaker:Q:A:processing-job/Q";
    "create models of any name" = "sagemaker:CreateModel" on "arn:P:sagemaker:Q:A:model/Q";
    "read any feature" = "sagemaker:GetRecord" on "arn:P:sagemaker:Q:A:feature-group/Q";
    "write any feature" = "sagemaker:PutRecord" on "arn:P:sagemaker:Q:A:feature-group/Q";
    "push images to any repository" = "ecr:PutImage" on "arn:P:ecr:Q:A:repository/Q";
    "pull images of any repository" = "ecr:BatchGetImage" on "arn:P:ecr:Q:A:repository/Q";
}
