//! The table: what a credential of each provider looks like.
//!
//! Patterns are ASCII. In a pattern, the first group (if any) is the secret, otherwise all of it is. Rows are tried from
//! top to bottom and a stretch of text belongs to the first row that takes it, so what speaks for itself stands first,
//! then what needs a name, and the guesses last. No row holds a whole token: samples are generated from the patterns by [`crate::example`].

use regex::Regex;
use std::sync::LazyLock;

use crate::Confidence::{self, High, Low};

/// One row of the table.
pub(crate) struct Rule {
    pub(crate) kind: &'static str,
    pub(crate) title: &'static str,
    pub(crate) confidence: Confidence,
    /// The variable that people usually put it in.
    pub(crate) variable: &'static str,
    pub(crate) form: Form,
    /// The last word on a match: its text, and whether it stood in quotes.
    pub(crate) accept: fn(&str, bool) -> bool,
    /// The provider's documentation page about it.
    pub(crate) source: &'static str,
}

/// How a secret gives itself away.
pub(crate) enum Form {
    /// By its own shape.
    Alone(&'static str),
    /// By a fixed shape right behind a name: `name`, `value`.
    Near(&'static str, &'static str),
    /// Only by being assigned to a name: `name`, `value`.
    Assigned(&'static str, &'static str),
}

const fn alone(
    kind: &'static str,
    title: &'static str,
    variable: &'static str,
    value: &'static str,
    source: &'static str,
) -> Rule {
    Rule { kind, title, confidence: High, variable, form: Form::Alone(value), accept: anything, source }
}

const fn named(
    kind: &'static str,
    title: &'static str,
    variable: &'static str,
    form: Form,
    source: &'static str,
) -> Rule {
    Rule { kind, title, confidence: High, variable, form, accept: anything, source }
}

impl Rule {
    const fn low(mut self) -> Self {
        self.confidence = Low;
        self
    }

    const fn when(mut self, accept: fn(&str, bool) -> bool) -> Self {
        self.accept = accept;
        self
    }

    /// The pattern of the value, without its surroundings.
    pub(crate) fn value(&self) -> &'static str {
        match self.form {
            Form::Alone(value) | Form::Near(_, value) | Form::Assigned(_, value) => value,
        }
    }

    /// The whole pattern: group 1 is the match, group 2, if there is one, the secret in it.
    pub(crate) fn pattern(&self) -> String {
        // A token starts where a word starts, also behind the escaped line breaks of JSON.
        const START: &str = r"(?:^|(?u:[^A-Za-z0-9_])|\\[nrt])";
        const END: &str = r#"(?:[\s"'`,;&<>)}\]\\|#]|$)"#;
        // `NAME=`, `"name": "`, `name => '`, `get("NAME", "`
        const ASSIGN: &str = r#"(?:["'\\\])]{0,4}\s{0,4}[:=]=?>?|["'\\]{1,3},)\s{0,4}["'\\]{0,4}"#;
        match self.form {
            Form::Alone(value) => format!("{START}({value})"),
            Form::Near(name, value) => format!("(?i:{name})(?u:[^A-Za-z0-9]{{1,12}})({value}){END}"),
            Form::Assigned(name, value) => {
                format!(r#"(?:(?i:{name}){ASSIGN}|--[A-Za-z_.-]{{0,40}}?(?i:{name})["',\s]{{1,5}})({value}){END}"#)
            }
        }
    }
}

#[rustfmt::skip]
pub(crate) static RULES: &[Rule] = &[
    // Keys in files
    alone("google-service-account", "Google service account key", "GOOGLE_APPLICATION_CREDENTIALS_JSON",
        r#"private_key\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}"-----BEGIN PRIVATE KEY-----[\\nr\r\n]{0,8}([A-Za-z0-9+/=]{16})"#,
        "Google Cloud IAM: Create and delete service account keys"),
    alone("private-key", "Private key", "SSH_PRIVATE_KEY",
        r#"-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----[\\nr\s"'+,]{0,60}([A-Za-z0-9+/=]{16}|Proc-Type|Version:|Comment:)"#,
        "RFC 7468: Textual Encodings of PKIX, PKCS, and CMS Structures; RFC 4880: OpenPGP, ASCII armor"),

    // AWS
    alone("aws-access-key", "AWS access key", "AWS_ACCESS_KEY_ID",
        r"(?:AKIA|ASIA)[A-Z2-7]{16}\b", "IAM User Guide: IAM identifiers, Unique ID prefixes"),
    alone("aws-bedrock-key", "Amazon Bedrock API key", "AWS_BEARER_TOKEN_BEDROCK",
        r"(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/]{80,}={0,2}", "Amazon Bedrock User Guide: API keys"),
    alone("aws-presigned-url", "AWS presigned URL", "DATA_URL",
        r"X-Amz-Signature=([0-9a-f]{64})\b", "Amazon S3 API Reference: Authenticating requests using query parameters").low(),

    // Code and packages
    alone("github-token", "GitHub token", "GITHUB_TOKEN",
        r"ghp_[A-Za-z0-9]{36,}\b|gh[our]_[A-Za-z0-9]{36,}\b|ghs_[A-Za-z0-9._-]{36,}|github_pat_[A-Za-z0-9_]{60,}",
        "GitHub Docs: About authentication to GitHub, GitHub's token formats"),
    alone("gitlab-token", "GitLab token", "GITLAB_TOKEN",
        r"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|oas|ffct)-[A-Za-z0-9_.-]{20,}", "GitLab Docs: Token overview, Token prefixes"),
    alone("atlassian-token", "Atlassian or Bitbucket token", "BITBUCKET_TOKEN",
        r"AT[AC]TT3[A-Za-z0-9_=-]{60,}|ATBB[A-Za-z0-9]{28,}\b", "Atlassian Support: Using API tokens; App passwords"),
    alone("npm-token", "npm access token", "NPM_TOKEN",
        r"npm_[A-Za-z0-9]{36}\b", "npm Docs: About access tokens"),
    alone("pypi-token", "PyPI upload token", "TWINE_PASSWORD",
        r"pypi-[A-Za-z0-9_-]{80,}", "PyPI Help: API tokens"),
    alone("docker-token", "Docker Hub access token", "DOCKER_TOKEN",
        r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{24,}", "Docker Docs: Personal access tokens"),

    // Machine learning
    alone("hugging-face-token", "Hugging Face access token", "HF_TOKEN",
        r"(?:hf_|api_org_)[A-Za-z0-9]{34,40}\b", "Hugging Face Hub docs: User access tokens"),
    alone("wandb-api-key", "Weights & Biases API key", "WANDB_API_KEY",
        r"wandb_v1_[A-Za-z0-9_-]{40,}", "W&B Docs: wandb login, API key formats"),
    alone("neptune-api-token", "Neptune API token", "NEPTUNE_API_TOKEN",
        // Base64 of JSON that begins with the address of the API.
        r"eyJhcGlf[A-Za-z0-9+/_-]{40,}={0,2}", "Neptune Docs: API tokens"),
    alone("databricks-token", "Databricks token", "DATABRICKS_TOKEN",
        r"(?:dapi|dose|dkea)[0-9a-f]{32}\b", "Databricks Docs: Personal access token authentication"),
    alone("openrouter-api-key", "OpenRouter API key", "OPENROUTER_API_KEY",
        r"sk-or-v1-[0-9a-f]{64}\b", "OpenRouter Docs: Authentication"),
    alone("anthropic-api-key", "Anthropic API key", "ANTHROPIC_API_KEY",
        r"sk-ant-[a-z0-9]{3,8}-[A-Za-z0-9_-]{60,}", "Claude Docs: API overview, Authentication"),
    alone("openai-api-key", "OpenAI-style API key", "OPENAI_API_KEY",
        r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}|sk-[A-Za-z0-9]{32,64}\b", "OpenAI API Reference: Authentication"),
    alone("groq-api-key", "Groq API key", "GROQ_API_KEY",
        r"gsk_[A-Za-z0-9]{52}\b", "Groq Docs: API keys"),
    alone("replicate-token", "Replicate API token", "REPLICATE_API_TOKEN",
        r"r8_[A-Za-z0-9]{37}\b", "Replicate Docs: API tokens"),
    alone("nvidia-api-key", "NVIDIA API key", "NGC_API_KEY",
        r"nvapi-[A-Za-z0-9_-]{60,}", "NVIDIA NGC User Guide: API keys"),
    alone("langsmith-api-key", "LangSmith API key", "LANGSMITH_API_KEY",
        r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}\b", "LangSmith Docs: Create an account and API key"),
    alone("pinecone-api-key", "Pinecone API key", "PINECONE_API_KEY",
        r"pcsk_[A-Za-z0-9]{4,8}_[A-Za-z0-9]{40,}\b", "Pinecone Docs: Manage API keys"),

    // Other clouds and services
    alone("google-api-key", "Google API key", "GOOGLE_API_KEY",
        r"AIza[A-Za-z0-9_-]{35}", "Google Cloud: Manage API keys"),
    alone("google-oauth-secret", "Google OAuth secret", "GOOGLE_CLIENT_SECRET",
        r"GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{40,}", "Google Identity: Using OAuth 2.0 to access Google APIs"),
    alone("azure-sas-token", "Azure shared access signature", "AZURE_STORAGE_SAS_TOKEN",
        r"sig=([A-Za-z0-9%+/]{40,100}(?:%3[Dd]|=))", "Azure Storage: Create a service SAS"),
    alone("azure-client-secret", "Microsoft Entra client secret", "AZURE_CLIENT_SECRET",
        r"[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}", "Microsoft Entra: Add and manage application credentials"),
    alone("slack-token", "Slack token", "SLACK_TOKEN",
        r"xox[abeoprs]-[A-Za-z0-9-]{20,}|xapp-[0-9]-[A-Za-z0-9-]{20,}", "Slack API: Token types"),
    alone("slack-webhook", "Slack webhook", "SLACK_WEBHOOK_URL",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_-]{30,})", "Slack API: Sending messages using incoming webhooks"),
    alone("stripe-key", "Stripe key", "STRIPE_API_KEY",
        r"[sr]k_(?:live|test)_[A-Za-z0-9]{24,}\b", "Stripe Docs: API keys"),
    alone("sendgrid-api-key", "SendGrid API key", "SENDGRID_API_KEY",
        r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}", "SendGrid Docs: API keys"),
    alone("new-relic-key", "New Relic user key", "NEW_RELIC_API_KEY",
        r"NRAK-[A-Z0-9]{27}\b", "New Relic Docs: New Relic API keys"),
    alone("grafana-token", "Grafana token", "GRAFANA_TOKEN",
        r"gl(?:sa|c)_[A-Za-z0-9+/_]{32,}={0,2}", "Grafana Docs: Service accounts"),
    alone("vault-token", "HashiCorp Vault token", "VAULT_TOKEN",
        r"hv[sbr]\.[A-Za-z0-9_-]{24,}", "HashiCorp Vault Docs: Tokens, Token prefixes"),

    // Logins and bearer tokens of no one in particular
    alone("jwt", "JSON web token", "AUTH_JWT",
        r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}", "RFC 7519: JSON Web Token"),
    alone("database-url", "Database URL with a password", "DATABASE_URL",
        r"(?:postgres|postgresql|mysql|mariadb|mongodb|redis|rediss|amqp|amqps|mssql|sqlserver|oracle|clickhouse|snowflake|redshift)(?:\+[a-z0-9_]{1,20})?://[A-Za-z0-9._%+~-]{0,64}:([A-Za-z0-9!#$%&*+,.;=?^_|~()-]{4,128})@[A-Za-z0-9]",
        "RFC 3986: URI Generic Syntax, User information; PostgreSQL: Connection URIs").when(literal),
    alone("http-credentials", "Login in a URL or an HTTP request", "REPOSITORY_URL",
        r"(?:https?|[a-z][a-z0-9+.-]{1,15})://[A-Za-z0-9._%+~-]{0,64}:([A-Za-z0-9!#$%&*+,.;=?^_|~()-]{4,128})@[A-Za-z0-9]",
        "RFC 3986: URI Generic Syntax, User information").when(literal),
    alone("http-credentials", "Login in a URL or an HTTP request", "REPOSITORY_URL",
        r"https?://([A-Za-z0-9_-]{20,})@[A-Za-z0-9]", "RFC 3986: URI Generic Syntax, User information").when(random),
    alone("http-credentials", "Login in a URL or an HTTP request", "REPOSITORY_URL",
        r#"(?i:authorization)["'\\]{0,3}\s{0,4}[:=,]\s{0,4}["'\\]{0,3}(?i:basic|bearer|token|apikey) {1,4}([A-Za-z0-9+/._~-]{16,}={0,2})"#,
        "RFC 7617: The Basic HTTP Authentication Scheme; RFC 6750: Bearer Token Usage").when(random),
    alone("http-credentials", "Login in a URL or an HTTP request", "REPOSITORY_URL",
        r#"curl [ -~]{0,300}?(?:-u|--user)[ =]?["']?[A-Za-z0-9._@+-]{1,64}:([A-Za-z0-9!#$%&*+,.;=?^_|~-]{4,128})"#,
        "curl man page: --user").when(literal),

    // Formats without a mark of their own
    named("aws-secret-key", "AWS secret access key", "AWS_SECRET_ACCESS_KEY",
        Form::Near(r"aws[_.-]?secret[_.-]?(?:access[_.-]?)?key|secret[_.-]?access[_.-]?key", r"[A-Za-z0-9/+]{40}"),
        "IAM User Guide: Manage access keys for IAM users"),
    named("aws-session-token", "AWS session token", "AWS_SESSION_TOKEN",
        Form::Near(r"aws[_.-]?(?:session|security)[_.-]?token|session[_.-]?token", r"[A-Za-z0-9/+]{100,}={0,2}"),
        "IAM User Guide: Use temporary credentials with AWS resources"),
    named("wandb-api-key", "Weights & Biases API key", "WANDB_API_KEY",
        Form::Near(r"wandb[_.-]?(?:api[_.-]?)?key|wandb[_.-]?token|wandb[. ]login(?:[ (]+(?:--relogin|key))?|api\.wandb\.ai\s{1,4}login\s{1,4}\w{1,20}\s{1,4}password",
            r"[0-9a-f]{40}"),
        "W&B Docs: wandb login, API key formats"),
    named("comet-api-key", "Comet API key", "COMET_API_KEY",
        Form::Near(r"comet[_.-]?api[_.-]?key", r"[A-Za-z0-9]{25,64}"), "Comet Docs: Configure the SDK"),
    named("kaggle-api-key", "Kaggle API key", "KAGGLE_KEY",
        Form::Near(r#"kaggle[_.-]?(?:api[_.-]?)?(?:key|token)|\\?"username\\?"\s{0,4}:\s{0,4}\\?"[\w-]{1,60}\\?"\s{0,4},\s{0,4}\\?"key"#,
            r"[0-9a-f]{32}"),
        "Kaggle API documentation: API credentials"),
    named("azure-storage-key", "Azure storage account key", "AZURE_STORAGE_KEY",
        Form::Near(r"account[_.-]?key|azure[_.-]?storage[_.-]?(?:access[_.-]?)?key", r"[A-Za-z0-9+/]{86}=="),
        "Azure Storage: Manage storage account access keys"),
    named("twilio-token", "Twilio auth token", "TWILIO_AUTH_TOKEN",
        Form::Near(r"twilio[a-z_.-]{0,20}(?:token|secret)", r"[A-Za-z0-9]{32}"), "Twilio Docs: Auth tokens; API keys"),
    named("datadog-key", "Datadog key", "DD_API_KEY",
        Form::Near(r"(?:\bdd|_dd|datadog)[_.-]?(?:api|app|application)[_.-]?key", r"[0-9a-f]{40}|[0-9a-f]{32}"),
        "Datadog Docs: API and application keys"),

    // Variables that their documentation calls a credential, whatever it looks like
    named("mlflow-credential", "MLflow tracking credential", "MLFLOW_TRACKING_TOKEN",
        Form::Assigned(r"mlflow_tracking_(?:password|token)", r"[A-Za-z0-9+/_.~-]{8,256}={0,2}"),
        "MLflow Docs: Tracking server, Authentication variables").when(literal),
    named("snowflake-credential", "Snowflake credential", "SNOWFLAKE_PASSWORD",
        Form::Assigned(r"snowflake_(?:password|token|pat|private_key_passphrase)", r"[A-Za-z0-9+/_.~-]{8,256}={0,2}"),
        "Snowflake Docs: Programmatic access tokens; Configuring connections").when(literal),

    // Guesses
    named("generic-secret", "Value of a secret's name that looks random", "API_TOKEN",
        Form::Assigned(r"(?:secret|token|api[_.-]?key|(?:access|secret|private|auth|account|signing|encryption|master|client)[_.-]?key|credentials?|\bauth|[_.-]auth|\bpat|[_.-]pat)[0-9]{0,2}",
            r"[A-Za-z0-9+/_.~-]{16,256}={0,2}"),
        "Only its name and its randomness speak").low().when(random),
    named("generic-password", "Password", "DB_PASSWORD",
        Form::Assigned(r"(?:password|passwd|passphrase|pwd|\bpass|_pass)[0-9]{0,2}", r#"[!-~--["'`,;&<>(){}\[\]\\=|]]{6,128}={0,2}"#),
        "Only its name speaks").low().when(password),
    // In quotes it may hold what would otherwise end it.
    named("generic-password", "Password", "DB_PASSWORD",
        Form::Assigned(r"(?:password|passwd|passphrase|pwd|\bpass|_pass)[0-9]{0,2}", r#"[!-~--["'`\\]]{6,128}"#),
        "Only its name speaks").low().when(quoted_literal),
];

/// What authors write where a secret would stand. AWS ends its own documentation keys in EXAMPLE for this purpose, so
/// `AKIA…EXAMPLE` is a sample wherever it is found. Applied to every match.
static SAMPLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        r"(?i:example|change[-_ ]?me|change[-_ ]?this|replace[-_ ]?me|placeholder|redacted|dummy|your[-_]|insert[-_])|xxxx|XXXX|\*{4}|\.{4}|12345678|abcdefgh|ABCDEFGH|0{8}|1{8}",
    )
});

/// What names a secret, or is plainly none: variables, templates, paths, addresses, numbers, switches, regions. Applied
/// to what only its surroundings make a secret.
static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(concat!(
        r"^[-?$/.~@<({\[]|\$[{(]|\{\{|%\(|^%[A-Za-z_]+%?$",
        r"|^(?:arn|s3|s3a|gs|https?|file|ssm|vault|secretsmanager|resolve|env):",
        r"|^[0-9_.,:]+(?:[eE][-+]?[0-9]+)?$",
        r"|^[a-z]{2,3}(?:-[a-z]+){1,2}-[0-9]$|\.dkr\.ecr\.",
        r"|^(?i:true|false|yes|no|none|null|nil|undefined|default|required|disabled|enabled|missing|string|user|username|pass|passwd|password|secret|token|api_?key|input|prompt|test|admin)$",
    ))
});

/// The one place that compiles; a test compiles all of the table, so `None` never happens.
pub(crate) fn compile(pattern: &str) -> Option<Regex> {
    regex::RegexBuilder::new(pattern).unicode(false).build().ok()
}

pub(crate) fn is_sample(secret: &str) -> bool {
    SAMPLE.as_ref().is_some_and(|sample| sample.is_match(secret))
}

fn anything(_: &str, _: bool) -> bool {
    true
}

/// Stands for itself, and for nothing kept elsewhere.
fn literal(secret: &str, _: bool) -> bool {
    REFERENCE.as_ref().is_none_or(|reference| !reference.is_match(secret))
}

fn quoted_literal(secret: &str, quoted: bool) -> bool {
    quoted && literal(secret, quoted)
}

/// Looks drawn by chance: letters and digits mixed in one word, and few repetitions.
fn random(secret: &str, quoted: bool) -> bool {
    let mixed = |word: &str| {
        word.len() >= 8 && word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_alphabetic())
    };
    literal(secret, quoted)
        && secret.split(|c: char| !c.is_ascii_alphanumeric()).any(mixed)
        && bits_per_byte(secret.as_bytes()) >= 3.0
}

/// In quotes nearly anything is a password; bare words in a script may be code or prose.
fn password(secret: &str, quoted: bool) -> bool {
    let name = secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"._".contains(&b));
    let digit = |c: char| c.is_ascii_digit();
    let code = name
        && if secret.contains('.') {
            !secret.split('.').any(|s| s.starts_with(digit))
        } else {
            !secret.contains(digit)
        };
    literal(secret, quoted) && (quoted || !code)
}

/// Shannon entropy.
fn bits_per_byte(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    bytes.iter().for_each(|&b| counts[usize::from(b)] += 1);
    let total = bytes.len() as f64;
    counts.iter().filter(|&&n| n > 0).map(|&n| f64::from(n) / total).map(|p| -p * p.log2()).sum()
}
