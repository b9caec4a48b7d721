//! The commands that look at an account, as people and scripts meet them: the real binary against `sagescan serve`.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The program in a clean environment: nobody's AWS configuration, settings, colours or terminal.
struct Run {
    command: Command,
}

fn sagescan(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sagescan"));
    command.args(arguments).env_clear().current_dir(env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null());
    command.env("LC_ALL", "C.UTF-8").env("HOME", env!("CARGO_TARGET_TMPDIR"));
    // A build machine may itself have a role.
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", "absent").env("AWS_SHARED_CREDENTIALS_FILE", "absent");
    Run { command }
}

/// The same, with credentials and an AWS to ask.
fn asking(url: &str, arguments: &[&str]) -> Run {
    sagescan(arguments)
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "not-a-secret")
}

impl Run {
    fn env(mut self, name: &str, value: &str) -> Run {
        self.command.env(name, value);
        self
    }

    fn without(mut self, name: &str) -> Run {
        self.command.env_remove(name);
        self
    }

    fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Run {
        self.command.arg(argument);
        self
    }

    /// Runs, and demands the exit code.
    #[track_caller]
    fn exits(mut self, code: i32) -> Said {
        Said::of(self.command.output().expect("the program runs"), code)
    }
}

struct Said {
    out: String,
    err: String,
}

impl Said {
    #[track_caller]
    fn of(output: Output, code: i32) -> Said {
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        let said = Said { out: text(output.stdout), err: text(output.stderr) };
        assert_eq!(output.status.code(), Some(code), "stdout:\n{}\nstderr:\n{}", said.out, said.err);
        assert!(!said.err.contains("panicked"), "{}", said.err);
        said
    }

    #[track_caller]
    fn tells(&self, words: &str) -> &Said {
        assert!(self.err.contains(words), "stderr does not say {words:?}:\n{}", self.err);
        self
    }

    #[track_caller]
    fn shows(&self, words: &str) -> &Said {
        assert!(self.out.contains(words), "stdout does not show {words:?}:\n{}", self.out);
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("stdout is JSON")
    }
}

/// A running `sagescan serve`, which ends with the test.
struct Served {
    child: Child,
    url: String,
    _out: BufReader<ChildStdout>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(world: &Path, options: &[&str]) -> Served {
    let mut run = sagescan(&["serve"]).arg(world);
    let mut child =
        run.command.args(options).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("a line");
    assert!(line.starts_with("http://127.0.0.1:"), "{line:?}");
    Served { child, url: line.trim().to_owned(), _out: out }
}

/// An empty folder of the test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The sample account as a file.
fn world() -> &'static Path {
    static WORLD: OnceLock<PathBuf> = OnceLock::new();
    WORLD.get_or_init(|| {
        let world = sagescan::demo::account(jiff::Timestamp::now()).unwrap();
        let path = folder("world").join("world.json");
        fs::write(&path, serde_json::to_vec(&world).unwrap()).unwrap();
        path
    })
}

mod scanning {
    use super::*;

    #[test]
    fn what_was_collected_is_judged_as_it_would_have_been_at_once() {
        let aws = serve(world(), &[]);
        let at_once = asking(&aws.url, &["scan", "--region", "eu-west-1,us-east-1,us-west-2", "--format", "json"]).exits(1).json();
        let file = folder("collected").join("x.json.gz");
        asking(&aws.url, &["collect", "--region", "us-west-2,eu-west-1,us-east-1", "-o"]).arg(&file).exits(0).tells("sagescan judge");
        assert!(fs::read(&file).unwrap().starts_with(&[0x1f, 0x8b]), "packed, as the name says");
        let later = sagescan(&["judge", "--format", "json"]).arg(&file).exits(1).json();
        assert_eq!(at_once["findings"], later["findings"]);
        assert_eq!(at_once["score"], later["score"]);
    }
}
