//! Rights in IAM and in compute services that let their holder gain further rights.
//!
//! Facts from pathfinding.cloud (December 2025), Rhino Security Labs (2018, 2019), HackTricks Cloud (August 2026) and the
//! Service Authorization Reference (September 2026); put together in November 2026. Left out are ways through things of
//! which a scan sees nothing (functions, jobs and instances that exist already), and CodeStar, which is retired.

/// One way to gain rights. Every step must be allowed.
pub(crate) struct Escalation {
    /// A stable name for evidence.
    pub(crate) id: &'static str,
    /// What its holder may do, after "it may".
    pub(crate) words: &'static str,
    /// The rights that it takes.
    pub(crate) steps: &'static [Step],
}

/// One right.
pub(crate) struct Step {
    /// The action.
    pub(crate) action: &'static str,
    /// What it must be allowed on.
    pub(crate) over: Over,
}

/// What a right must reach to count. `P` stands for the partition, `A` for the account, `Q` for a name that no policy knows,
/// `*` for any name.
pub(crate) enum Over {
    /// Things that the policies do not single out, such as this one.
    Any(&'static str),
    /// Something such as this: its holder chooses the name, so one that the policies let through suffices.
    Some(&'static str),
    /// Any role, or the very role that holds the right.
    AnyRoleOrItself,
    /// Any managed policy, or one that is attached to the holder.
    AnyPolicyOrAttached,
    /// Any role, handed over to this service.
    PassedTo(&'static str),
}

const ROLE: Over = Over::Any("arn:P:iam::A:role/Q");
const USER: Over = Over::Any("arn:P:iam::A:user/Q");
const GROUP: Over = Over::Any("arn:P:iam::A:group/Q");

macro_rules! ways {
    ($($id:literal $words:literal: $($action:literal on $over:expr),+;)+) => {
        /// Every way, those within IAM first.
        pub(crate) const ESCALATIONS: &[Escalation] = &[$(
            Escalation { id: $id, words: $words, steps: &[$(Step { action: $action, over: $over }),+] },
        )+];
    };
}

ways! {
    "iam-create-policy-version" "rewrite managed policies":
        "iam:CreatePolicyVersion" on Over::AnyPolicyOrAttached;
    "iam-set-default-policy-version" "bring back older versions of managed policies":
        "iam:SetDefaultPolicyVersion" on Over::AnyPolicyOrAttached;
    "iam-attach-role-policy" "attach policies to roles":
        "iam:AttachRolePolicy" on Over::AnyRoleOrItself;
    "iam-put-role-policy" "write inline policies of roles":
        "iam:PutRolePolicy" on Over::AnyRoleOrItself;
    "iam-attach-user-policy" "attach policies to users":
        "iam:AttachUserPolicy" on USER;
    "iam-put-user-policy" "write inline policies of users":
        "iam:PutUserPolicy" on USER;
    "iam-attach-group-policy" "attach policies to groups":
        "iam:AttachGroupPolicy" on GROUP;
    "iam-put-group-policy" "write inline policies of groups":
        "iam:PutGroupPolicy" on GROUP;
    "iam-add-user-to-group" "put users into any group":
        "iam:AddUserToGroup" on GROUP;
    "iam-update-assume-role-policy" "decide who may assume roles":
        "iam:UpdateAssumeRolePolicy" on ROLE;
    "iam-create-access-key" "make access keys for users":
        "iam:CreateAccessKey" on USER;
    "iam-create-login-profile" "give users a console password":
        "iam:CreateLoginProfile" on USER;
    "iam-update-login-profile" "change the console passwords of users":
        "iam:UpdateLoginProfile" on USER;
    "iam-update-saml-provider" "replace the identity provider that people sign in with":
        "iam:UpdateSAMLProvider" on Over::Any("arn:P:iam::A:saml-provider/Q");
    "iam-delete-role-boundary" "remove the permissions boundary of roles":
        "iam:DeleteRolePermissionsBoundary" on Over::AnyRoleOrItself;
    "iam-put-role-boundary" "replace the permissions boundary of roles":
        "iam:PutRolePermissionsBoundary" on Over::AnyRoleOrItself;
    "iam-delete-user-boundary" "remove the permissions boundary of users":
        "iam:DeleteUserPermissionsBoundary" on USER;
    "iam-put-user-boundary" "replace the permissions boundary of users":
        "iam:PutUserPermissionsBoundary" on USER;
    "lambda-create-function" "run a Lambda function under any role":
        "iam:PassRole" on Over::PassedTo("lambda.amazonaws.com"),
        "lambda:CreateFunction" on Over::Some("arn:P:lambda:*:A:function:*");
    "glue-create-job" "run a Glue job under any role":
        "iam:PassRole" on Over::PassedTo("glue.amazonaws.com"),
        "glue:CreateJob" on Over::Some("arn:P:glue:*:A:job/*"),
        "glue:StartJobRun" on Over::Some("arn:P:glue:*:A:job/*");
    "glue-update-job" "change a Glue job to run under any role":
        "iam:PassRole" on Over::PassedTo("glue.amazonaws.com"),
        "glue:UpdateJob" on Over::Some("arn:P:glue:*:A:job/*"),
        "glue:StartJobRun" on Over::Some("arn:P:glue:*:A:job/*");
    "glue-create-session" "open a Glue session under any role":
        "iam:PassRole" on Over::PassedTo("glue.amazonaws.com"),
        "glue:CreateSession" on Over::Some("arn:P:glue:*:A:session/*"),
        "glue:RunStatement" on Over::Some("arn:P:glue:*:A:session/*");
    "glue-create-dev-endpoint" "open a Glue development endpoint under any role":
        "iam:PassRole" on Over::PassedTo("glue.amazonaws.com"),
        "glue:CreateDevEndpoint" on Over::Some("arn:P:glue:*:A:devEndpoint/*");
    "ec2-run-instances" "start an EC2 instance under any role":
        "iam:PassRole" on Over::PassedTo("ec2.amazonaws.com"),
        "ec2:RunInstances" on Over::Some("arn:P:ec2:*:A:instance/*");
    "ec2-associate-profile" "give any role to a running EC2 instance":
        "iam:PassRole" on Over::PassedTo("ec2.amazonaws.com"),
        "ec2:AssociateIamInstanceProfile" on Over::Some("arn:P:ec2:*:A:instance/*");
    "emr-run-job-flow" "start an EMR cluster under any role":
        "iam:PassRole" on Over::PassedTo("ec2.amazonaws.com"),
        "elasticmapreduce:RunJobFlow" on Over::Some("arn:P:elasticmapreduce:*:A:cluster/*");
    "emr-serverless-start-job" "run an EMR Serverless job under any role":
        "iam:PassRole" on Over::PassedTo("emr-serverless.amazonaws.com"),
        "emr-serverless:StartJobRun" on Over::Some("arn:P:emr-serverless:*:A:/applications/*");
    "cloudformation-create-stack" "create a CloudFormation stack under any role":
        "iam:PassRole" on Over::PassedTo("cloudformation.amazonaws.com"),
        "cloudformation:CreateStack" on Over::Some("arn:P:cloudformation:*:A:stack/*");
    "codebuild-create-project" "run a CodeBuild project under any role":
        "iam:PassRole" on Over::PassedTo("codebuild.amazonaws.com"),
        "codebuild:CreateProject" on Over::Some("arn:P:codebuild:*:A:project/*"),
        "codebuild:StartBuild" on Over::Some("arn:P:codebuild:*:A:project/*");
    "ecs-run-task" "run an ECS task under any role":
        "iam:PassRole" on Over::PassedTo("ecs-tasks.amazonaws.com"),
        "ecs:RunTask" on Over::Some("arn:P:ecs:*:A:task-definition/*");
    "states-create-state-machine" "run a state machine under any role":
        "iam:PassRole" on Over::PassedTo("states.amazonaws.com"),
        "states:CreateStateMachine" on Over::Some("arn:P:states:*:A:stateMachine:*"),
        "states:StartExecution" on Over::Some("arn:P:states:*:A:stateMachine:*");
    "scheduler-create-schedule" "have EventBridge Scheduler act under any role":
        "iam:PassRole" on Over::PassedTo("scheduler.amazonaws.com"),
        "scheduler:CreateSchedule" on Over::Some("arn:P:scheduler:*:A:schedule/*");
    "ssm-start-automation" "run an automation of Systems Manager under any role":
        "iam:PassRole" on Over::PassedTo("ssm.amazonaws.com"),
        "ssm:StartAutomationExecution" on Over::Some("arn:P:ssm:*:A:automation-definition/*");
    "apprunner-create-service" "run an App Runner service under any role":
        "iam:PassRole" on Over::PassedTo("tasks.apprunner.amazonaws.com"),
        "apprunner:CreateService" on Over::Some("arn:P:apprunner:*:A:service/*");
    "bedrock-code-interpreter" "run code in Bedrock AgentCore under any role":
        "iam:PassRole" on Over::PassedTo("bedrock-agentcore.amazonaws.com"),
        "bedrock-agentcore:CreateCodeInterpreter" on Over::Some("arn:P:bedrock-agentcore:*:A:code-interpreter/*"),
        "bedrock-agentcore:InvokeCodeInterpreter" on Over::Some("arn:P:bedrock-agentcore:*:A:code-interpreter/*");
}
