use super::*;
use proptest::prelude::*;

fn in_variable(name: &str, value: &str) -> Vec<Secret> {
    scan_pairs([(name, value)].into_iter(), "environment variable")
}

fn kinds_of(secrets: &[Secret]) -> Vec<&str> {
    secrets.iter().map(|secret| secret.kind.as_ref()).collect()
}

/// The secret part of an example.
fn body(kind: &str) -> String {
    let (_, value) = example(kind).unwrap();
    let hits = hits(&value);
    value[hits[0].secret.clone()].to_owned()
}

/// Repeats a pattern's filler without writing a token down.
fn of(alphabet: &str, length: usize) -> String {
    alphabet.chars().cycle().take(length).collect()
}

const HEX: &str = "7c0e9f3b5a1d8264";
const MIXED: &str = "q7Rk2Zp9Lw4Xn8Bt5Vc3Hd6Jm1Gf0Ys";

#[test]
fn every_pattern_compiles() {
    for rule in RULES {
        assert_eq!(regex::RegexBuilder::new(&rule.pattern()).unicode(false).build().err(), None, "{}", rule.kind);
        assert!(example(rule.kind).is_some(), "{}", rule.kind);
    }
    assert!(ANY.is_some());
}

#[test]
fn rows_of_one_kind_agree() {
    for rule in RULES {
        let same = |kind: &Kind| kind.id == rule.kind && kind.title == rule.title && kind.confidence == rule.confidence;
        assert_eq!(kinds().filter(same).count(), 1, "{}", rule.kind);
    }
}

#[test]
fn kinds_are_kebab_case_and_cite_a_source() {
    for kind in kinds() {
        assert!(kind.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", kind.id);
        assert!(!kind.title.is_empty() && !kind.source.is_empty());
    }
}

#[test]
fn every_example_is_found_as_its_kind_under_every_telling_name() {
    for kind in kinds() {
        let (_, value) = example(kind.id).unwrap();
        for name in RULES.iter().map(|rule| rule.variable).chain(["X", "learning_rate", "hyper.param-eter"]) {
            let found = in_variable(name, &value);
            assert_eq!(kinds_of(&found), [kind.id], "{name}={value}");
            assert_eq!(found[0].confidence, kind.confidence);
            assert_eq!(found[0].place, format!("environment variable {name}"), "{value}");
        }
    }
}

#[test]
fn every_example_is_found_as_its_kind_in_a_line() {
    for kind in kinds() {
        let (variable, value) = example(kind.id).unwrap();
        for line in [
            value.clone(),
            format!("export {variable}={value}"),
            format!("# once: {variable}='{value}' # remove"),
            format!("    os.environ[\"{variable}\"] = \"{value}\""),
            format!("{{\"{variable}\": \"{value}\"}}"),
            format!("run --option {value} --other"),
        ] {
            let found = scan_text(&format!("#!/bin/bash\n{line}\necho done\n"), "OnStart");
            assert_eq!(kinds_of(&found), [kind.id], "{line}");
            assert_eq!(found[0].place, "line 2 of OnStart");
        }
    }
}

#[test]
fn no_example_with_its_body_cut_short_is_found() {
    for kind in kinds() {
        let (_, value) = example(kind.id).unwrap();
        let short = &value[..value.len() - body(kind.id).len()];
        assert_eq!(kinds_of(&in_variable("X", short)), Vec::<&str>::new(), "{short}");
    }
}

#[test]
fn no_example_of_repeated_x_is_found() {
    for kind in kinds() {
        let (_, value) = example(kind.id).unwrap();
        let body = body(kind.id);
        let hidden = value.replace(&body, &body.replace(|c: char| c.is_ascii_alphanumeric(), "x"));
        assert_eq!(kinds_of(&in_variable("X", &hidden)), Vec::<&str>::new(), "{hidden}");
    }
}

#[test]
fn the_detector_is_not_its_own_finding() {
    for source in [include_str!("lib.rs"), include_str!("rules.rs"), include_str!("example.rs")] {
        let sure = |secret: &Secret| secret.confidence == Confidence::High;
        assert_eq!(scan_text(source, "the source").into_iter().find(sure), None);
    }
}

#[test]
fn unknown_kinds_have_no_example() {
    assert_eq!(example("no-such-kind"), None);
}

#[test]
fn aws_documentation_keys_are_samples() {
    let id = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    let key = ["wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"].concat();
    assert_eq!(in_variable("AWS_ACCESS_KEY_ID", &id), []);
    assert_eq!(in_variable("AWS_SECRET_ACCESS_KEY", &key), []);
    let real = ["AKIA", "IOSFODNN7RAMPAGE"].concat();
    assert_eq!(kinds_of(&in_variable("AWS_ACCESS_KEY_ID", &real)), ["aws-access-key"]);
}

#[test]
fn ordinary_sagemaker_values_are_no_secrets() {
    let pairs = [
        ("SAGEMAKER_PROGRAM", "train.py"),
        ("SAGEMAKER_SUBMIT_DIRECTORY", "s3://sagemaker-us-east-1-123456789012/job-2024-05-01/source/sourcedir.tar.gz"),
        ("SAGEMAKER_REGION", "us-gov-west-1"),
        ("SAGEMAKER_CONTAINER_LOG_LEVEL", "20"),
        ("SM_HP_TOKEN", "0.001"),
        ("HF_MODEL_ID", "meta-llama/Meta-Llama-3.1-8B-Instruct"),
        ("HF_TASK", "text-generation"),
        ("HF_HUB_ENABLE_HF_TRANSFER", "1"),
        ("TOKENIZERS_PARALLELISM", "false"),
        ("MAX_TOTAL_TOKENS", "4096"),
        ("MMS_MAX_REQUEST_SIZE", "2000000000"),
        ("MMS_DEFAULT_RESPONSE_TIMEOUT", "500"),
        ("learning_rate", "0.001"),
        ("layers", "[1,2]"),
        ("sagemaker_program", "\"train.py\""),
        ("config", r#"{"optimizer": "adam", "betas": [0.9, 0.999], "pad_token": "<pad>", "eos_token": "</s>"}"#),
        ("IMAGE", "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0-gpu-py310"),
        ("DIGEST", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("GIT_COMMIT", "356a192b7913b04c54574d18c28d46e6395428ab"),
        ("WANDB_GIT_COMMIT", "356a192b7913b04c54574d18c28d46e6395428ab"),
        ("RUN_ID", "550e8400-e29b-41d4-a716-446655440000"),
        ("KMS_KEY", "arn:aws:kms:us-east-1:123456789012:key/550e8400-e29b-41d4-a716-446655440000"),
        ("NOTE", "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZw=="),
        ("REPO", "git+https://github.com/wandb/wandb@356a192b7913b04c54574d18c28d46e6395428ab"),
        ("ENDPOINT", "https://api.wandb.ai:443/graphql"),
        ("GIT", "ssh://git@github.com/org/repo.git"),
        ("EMAIL", "someone@company.org"),
        ("PWD", "/opt/ml/code"),
    ];
    for (name, value) in pairs {
        assert_eq!(kinds_of(&in_variable(name, value)), Vec::<&str>::new(), "{name}={value}");
    }
}

#[test]
fn references_and_placeholders_are_no_secrets() {
    for name in ["DB_PASSWORD", "API_TOKEN", "CLIENT_SECRET", "HF_TOKEN", "MLFLOW_TRACKING_TOKEN", "db.password"] {
        for value in [
            "",
            "changeme",
            "change-me-please",
            "your-password-here",
            "<your token>",
            "${DB_PASSWORD}",
            "$DB_PASSWORD",
            "$(cat /run/secret)",
            "%DB_PASSWORD%",
            "{{resolve:secretsmanager:prod/db:SecretString:password}}",
            "{{ token }}",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbC12d",
            "/run/secrets/db_password1",
            "./token2.txt",
            "~/.cache/token1",
            "file:///opt/ml/token1",
            "s3://bucket/token-2024abcd1",
            "https://vault.internal/v1/secret1",
            "ssm:/prod/db/password1",
            "true",
            "None",
            "null",
            "123456",
            "3.14159265",
            "1e-10",
            "us-east-1",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/image:tag1",
            "********",
            "xxxxxxxxxxxxxxxxxxxx",
            "[REDACTED]",
            "EXAMPLE_TOKEN_0a1b2c3d",
        ] {
            assert_eq!(kinds_of(&in_variable(name, value)), Vec::<&str>::new(), "{name}={value}");
        }
    }
}

#[test]
fn names_that_only_speak_of_secrets_are_no_secrets() {
    for name in
        ["DB_PASSWORD_ARN", "SECRET_NAME", "TOKEN_URL", "PASSWORD_FILE", "tokenizer", "max_new_tokens", "compass"]
    {
        assert_eq!(in_variable(name, "a9B8c7D6e5F4g3H2"), [], "{name}");
    }
}

#[test]
fn a_secret_name_needs_a_random_value_and_a_password_name_does_not() {
    assert_eq!(kinds_of(&in_variable("CLIENT_SECRET", &of(MIXED, 24))), ["generic-secret"]);
    assert_eq!(kinds_of(&in_variable("apiKey", &of(MIXED, 24))), ["generic-secret"]);
    assert_eq!(kinds_of(&in_variable("API_TOKEN", &of(HEX, 40))), ["generic-secret"]);
    assert_eq!(in_variable("CLIENT_SECRET", "prod/sagemaker/database-credentials"), []);
    assert_eq!(in_variable("API_TOKEN", "the-one-for-production"), []);
    for value in ["letmein", "correct horse", "p=ss=w0rd", "S3cure!Pass", "q)K3[x}8;w,Z"] {
        assert_eq!(kinds_of(&in_variable("MYSQL_PASS", value)), ["generic-password"], "{value}");
        assert_eq!(in_variable("MYSQL_PASS", value)[0].confidence, Confidence::Low);
    }
}

#[test]
fn formats_without_a_mark_need_their_name() {
    for (name, value, kind) in [
        ("WANDB_API_KEY", of(HEX, 40), "wandb-api-key"),
        ("AWS_SECRET_ACCESS_KEY", of(MIXED, 40), "aws-secret-key"),
        ("aws_session_token", of(MIXED, 300), "aws-session-token"),
        ("DD_API_KEY", of(HEX, 32), "datadog-key"),
        ("DD_APP_KEY", of(HEX, 40), "datadog-key"),
        ("KAGGLE_KEY", of(HEX, 32), "kaggle-api-key"),
        ("COMET_API_KEY", of(MIXED, 25), "comet-api-key"),
        ("TWILIO_AUTH_TOKEN", of(HEX, 32), "twilio-token"),
        ("AZURE_STORAGE_KEY", format!("{}==", of(MIXED, 86)), "azure-storage-key"),
        ("MLFLOW_TRACKING_PASSWORD", "letmein2".to_owned(), "mlflow-credential"),
        ("SNOWFLAKE_PASSWORD", "letmein2".to_owned(), "snowflake-credential"),
    ] {
        assert_eq!(kinds_of(&in_variable(name, &value)), [kind], "{name}");
        assert_eq!(in_variable("CHECKSUM", &value), [], "{name}");
    }
}

#[test]
fn later_formats_of_a_provider_are_known() {
    for (value, kind) in [
        (format!("ghs_123456_ey{}.ey{}.{}", of(MIXED, 60), of(MIXED, 90), of(MIXED, 80)), "github-token"),
        (format!("github_pat_{}_{}", of(MIXED, 22), of(MIXED, 59)), "github-token"),
        (format!("gho_{}", of(MIXED, 36)), "github-token"),
        (format!("glrt-{}", of(MIXED, 20)), "gitlab-token"),
        (format!("wandb_v1_{}", of(MIXED, 77)), "wandb-api-key"),
        (format!("sk-proj-{}", of(MIXED, 120)), "openai-api-key"),
        (format!("sk-{}", of(MIXED, 48)), "openai-api-key"),
        (format!("bedrock-api-key-{}", of(MIXED, 400)), "aws-bedrock-key"),
        (format!("ASIA{}", of("IQ7ZKM2XNB5", 16)), "aws-access-key"),
        (format!("xapp-1-{}", of(MIXED, 40)), "slack-token"),
        (format!("ya29.{}", of(MIXED, 60)), "google-oauth-secret"),
        (format!("-----BEGIN RSA {} KEY-----\nMIIEow{}", "PRIVATE", of(MIXED, 58)), "private-key"),
        (format!("-----BEGIN OPENSSH {} KEY-----\\nb3Bl{}", "PRIVATE", of(MIXED, 58)), "private-key"),
        (format!("-----BEGIN PGP {} KEY BLOCK-----\n\nlQVY{}", "PRIVATE", of(MIXED, 58)), "private-key"),
    ] {
        assert_eq!(kinds_of(&in_variable("X", &value)), [kind], "{kind}");
        assert_eq!(kinds_of(&scan_text(&format!("x: \"{value}\""), "script")), [kind], "{kind}");
    }
}

#[test]
fn private_keys_are_found_in_the_variable_named_after_them() {
    let key = format!("-----BEGIN {} KEY-----\nMIIE{}", "PRIVATE", of(MIXED, 60));
    assert_eq!(in_variable("SSH_PRIVATE_KEY", &key)[0].place, "environment variable SSH_PRIVATE_KEY");
    assert_eq!(scan_text(&format!("cat <<EOF > key\n{key}"), "OnCreate")[0].place, "line 2 of OnCreate");
}

#[test]
fn private_keys_without_a_body_are_no_secrets() {
    assert_eq!(scan_text("grep -q 'BEGIN RSA PRIVATE KEY' key.pem", "OnStart"), []);
    assert_eq!(scan_text(&format!("echo '-----BEGIN {} KEY-----' > /dev/null", "PRIVATE"), "OnStart"), []);
}

#[test]
fn service_account_files_are_one_secret() {
    let file = format!(
        r#"{{"type": "service_account", "private_key_id": "{}", "private_key": "-----BEGIN {} KEY-----\nMIIE{}\n", "client_email": "a@b.iam"}}"#,
        of(HEX, 40),
        "PRIVATE",
        of(MIXED, 60)
    );
    assert_eq!(kinds_of(&in_variable("GCP", &file)), ["google-service-account"]);
    let escaped = file.replace('\\', "\\\\").replace('"', "\\\"");
    assert_eq!(kinds_of(&scan_text(&escaped, "PipelineDefinition")), ["google-service-account"]);
}

#[test]
fn logins_in_urls_are_found_and_bare_users_are_not() {
    for (url, kind) in [
        ("https://bot:s3cret99@git.company.org/team/repo.git".to_owned(), "http-credentials"),
        (format!("https://{}@git.company.org/team/repo.git", of(MIXED, 32)), "http-credentials"),
        (format!("https://oauth2:glpat-{}@gitlab.com/team/repo.git", of(MIXED, 20)), "gitlab-token"),
        (format!("https://ghp_{}@github.com/team/repo.git", of(MIXED, 36)), "github-token"),
        ("postgresql+psycopg2://app:s3cret99@db.internal:5432/main".to_owned(), "database-url"),
        ("redis://:s3cret99@cache.internal:6379".to_owned(), "database-url"),
        ("jdbc:postgresql://db.internal/main?user=app&password=s3cret99".to_owned(), "generic-password"),
    ] {
        assert_eq!(kinds_of(&scan_text(&url, "GitConfig")), [kind], "{kind}");
    }
    for url in [
        "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/team",
        "https://bot@github.com/team/repo.git",
        "https://bot:${TOKEN}@github.com/team/repo.git",
        "https://bot:$TOKEN@github.com/team/repo.git",
        "postgresql://user:password@localhost/db",
        "git@github.com:team/repo.git",
        "http://localhost:8080/@scope/package",
    ] {
        assert_eq!(kinds_of(&scan_text(url, "GitConfig")), Vec::<&str>::new(), "{url}");
    }
}

#[test]
fn scripts_are_read_line_by_line_with_their_comments() {
    let script = format!(
        "#!/bin/bash\nset -e\nwandb login {}\n# old: export DB_PASSWORD=hunter22\nmysql --password s3cret99\ncurl -u bot:s3cret99 https://x\ncurl -H 'Authorization: Bearer {}' https://x\nprintf 'machine api.wandb.ai\\n' \nmachine api.wandb.ai\n  login user\n  password {}\n",
        of(HEX, 40),
        of(MIXED, 40),
        of(HEX, 40),
    );
    let found: Vec<_> =
        scan_text(&script, "OnStart").into_iter().map(|secret| (secret.kind.into_owned(), secret.place)).collect();
    let expected = [
        ("wandb-api-key", 3),
        ("generic-password", 4),
        ("generic-password", 5),
        ("http-credentials", 6),
        ("http-credentials", 7),
        ("wandb-api-key", 11),
    ];
    assert_eq!(found, expected.map(|(kind, line)| (kind.to_owned(), format!("line {line} of OnStart"))));
}

#[test]
fn code_that_handles_secrets_is_no_secret() {
    for line in [
        "password = getpass.getpass('Password: ')",
        "password = args.db2_password",
        "connect(user=user, password=password, host=host)",
        "token = os.environ['HF_TOKEN']",
        "token = get_secret_value(SecretId='prod/token1')['SecretString']",
        "API_KEY=$(aws secretsmanager get-secret-value --secret-id prod/key1 --query SecretString)",
        "echo \"password: protected\"",
        "def login(password: str, token: Optional[str] = None):",
        "if [ -z \"$DB_PASSWORD\" ]; then echo missing; fi",
        ": \"${DB_PASSWORD:?must be set}\"",
        "tokenizer = AutoTokenizer.from_pretrained('bert-base-uncased')",
        "pip install git+https://github.com/huggingface/transformers@356a192b7913b04c54574d18c28d46e6395428ab",
        "aws s3 cp s3://bucket/secret-2024abcd1/token.json /tmp/token.json",
        "--password --user",
    ] {
        assert_eq!(kinds_of(&scan_text(line, "OnStart")), Vec::<&str>::new(), "{line}");
    }
}

#[test]
fn arguments_are_read_as_flags() {
    let arguments = format!("--epochs\n3\n--api-token\n{}\n--db-password=s3cret99", of(MIXED, 24));
    let found = scan_text(&arguments, "the arguments");
    assert_eq!(kinds_of(&found), ["generic-secret", "generic-password"]);
    assert_eq!(found[0].place, "line 4 of the arguments");
    assert_eq!(kinds_of(&scan_text(r#"["--db-password", "s3cret99"]"#, "ContainerArguments")), ["generic-password"]);
}

#[test]
fn one_value_may_hold_several_secrets_and_the_same_only_once() {
    let (_, github) = example("github-token").unwrap();
    let (_, wandb) = example("wandb-api-key").unwrap();
    let value = format!("{github} {wandb} {github}");
    assert_eq!(kinds_of(&in_variable("ALL", &value)), ["github-token", "wandb-api-key"]);
}

#[test]
fn a_name_that_repeats_the_secret_is_not_repeated() {
    let secret = of(MIXED, 24);
    let found = in_variable(&format!("{secret}_TOKEN"), &secret);
    assert_eq!(found[0].place, "environment variable number 1");
    let (_, token) = example("github-token").unwrap();
    let found = scan_pairs([("a", "b"), (token.as_str(), "x")].into_iter(), "hyperparameter");
    assert_eq!(found[0].place, "hyperparameter number 2");
}

#[test]
fn what_lies_beyond_the_bound_is_not_read() {
    let text = "é".repeat(MAX_TEXT);
    assert_eq!(readable(&text).len(), MAX_TEXT);
    assert_eq!(readable(&format!("x{text}")).len(), MAX_TEXT - 1);
    assert_eq!(readable("é"), "é");
}

#[test]
fn secrets_survive_serialization() {
    let (variable, value) = example("aws-access-key").unwrap();
    let found = in_variable(&variable, &value);
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(
        json,
        r#"[{"kind":"aws-access-key","title":"AWS access key","place":"environment variable AWS_ACCESS_KEY_ID","confidence":"high"}]"#
    );
    assert_eq!(serde_json::from_str::<Vec<Secret>>(&json).unwrap(), found);
}

/// No six characters in a row of the secret are in anything that a caller can see.
fn silent_about(secret: &str, found: &[Secret]) -> bool {
    let seen = format!("{found:?} {found:#?} {}", serde_json::to_string(found).unwrap());
    !shares_a_piece(&seen, secret)
}

#[test]
fn no_example_is_repeated_in_an_answer() {
    for kind in kinds() {
        let (variable, value) = example(kind.id).unwrap();
        let secret = body(kind.id);
        assert!(silent_about(&secret, &in_variable(&variable, &value)), "{}", kind.id);
        assert!(silent_about(&secret, &scan_text(&value, "OnStart")), "{}", kind.id);
    }
}

/// Text made of the things that rules look for, cut and mixed at will.
fn soup() -> impl Strategy<Value = String> {
    let pieces: Vec<String> = RULES
        .iter()
        .flat_map(|rule| {
            let (variable, value) = example(rule.kind).unwrap();
            [value[..value.len() / 2].to_owned(), value, variable]
        })
        .chain(
            ["=", ": ", "\"", "'", "\\n", "\n", "--", " ", "://", "@", ":", "é", "\u{0}", "${", "EXAMPLE"]
                .map(String::from),
        )
        .collect();
    proptest::collection::vec(proptest::sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_survived(text in any::<String>(), name in any::<String>(), soup in soup()) {
        for text in [&text, &soup] {
            scan_text(text, "text");
            scan_pairs([(name.as_str(), text.as_str()), (text.as_str(), name.as_str())].into_iter(), "pair");
        }
    }

    #[test]
    fn findings_of_a_text_never_overlap_and_are_in_order(soup in soup()) {
        let hits = hits(&soup);
        prop_assert!(hits.windows(2).all(|two| two[0].span.end <= two[1].span.start));
    }

    #[test]
    fn examples_are_found_under_any_name(
        name in "[A-Za-z_][A-Za-z0-9_.-]{0,40}",
        kind in proptest::sample::select(kinds().collect::<Vec<_>>()),
    ) {
        let (_, value) = example(kind.id).unwrap();
        let found = in_variable(&name, &value);
        prop_assert_eq!(kinds_of(&found), [kind.id]);
        prop_assert_eq!(found[0].confidence, kind.confidence);
    }

    #[test]
    fn a_secret_is_never_repeated(secret in "[A-Za-z0-9!?_-]{16,60}", near in "[A-Z_]{0,8}", cut in 0_usize..16) {
        for name in ["DB_PASSWORD", "API_TOKEN", "HF_TOKEN", "PLAIN"] {
            let leaky = format!("{near}{}_{name}", &secret[cut..]);
            for name in [name, leaky.as_str(), secret.as_str()] {
                let line = format!("{name}={secret}");
                prop_assert!(silent_about(&secret, &in_variable(name, &secret)));
                prop_assert!(silent_about(&secret, &scan_text(&line, "OnStart")));
            }
        }
    }
}
