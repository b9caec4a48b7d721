//! The program as people and scripts meet it: transcripts of the real binary.
//!
//! `UPDATE=1 cargo test` rewrites the golden transcripts in `tests/cli/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The one check that these transcripts are about; others come and go.
const CHECK: &str = "notebook-no-direct-internet";

/// The program in a clean environment: nobody's AWS configuration, settings, colours or terminal.
struct Run {
    command: Command,
}

fn sagescan(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sagescan"));
    command.args(arguments).env_clear().env("LC_ALL", "C.UTF-8").current_dir(env!("CARGO_TARGET_TMPDIR"));
    Run { command }
}

fn judge(file: &Path, more: &[&str]) -> Run {
    let mut run = sagescan(&["judge", "--check", CHECK]);
    run.command.arg(file).args(more);
    run
}

impl Run {
    fn env(mut self, name: &str, value: &str) -> Run {
        self.command.env(name, value);
        self
    }

    fn within(mut self, folder: &Path) -> Run {
        self.command.current_dir(folder);
        self
    }

    fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Run {
        self.command.arg(argument);
        self
    }

    /// Runs, and demands the exit code.
    fn exits(mut self, code: i32) -> Said {
        let output: Output = self.command.stdin(Stdio::null()).output().expect("the program runs");
        let said = Said { out: text(output.stdout), err: text(output.stderr) };
        assert_eq!(output.status.code(), Some(code), "stdout:\n{}\nstderr:\n{}", said.out, said.err);
        said
    }
}

struct Said {
    out: String,
    err: String,
}

impl Said {
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
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("output is UTF-8")
}

/// An empty folder of the test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// A small account: six open notebooks, a shut one, and a region that was denied.
fn account() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/account.json")
}

/// An account with these notebooks, everything answered.
fn notebooks(folder: &Path, name: &str, notebooks: &str) -> PathBuf {
    let text = format!(
        r#"{{"format": "sagescan/snapshot/v1",
            "scan": {{"account": "111122223333", "partition": "aws", "regions": ["us-east-1"], "finished": "2026-11-01T12:00:00Z"}},
            "regions": {{"us-east-1": {{"notebooks": {notebooks}}}}},
            "coverage": [{{"source": "sagemaker:ListNotebookInstances", "region": "us-east-1", "state": "complete"}}]}}"#
    );
    file(folder, name, &text)
}

const OPEN: &str = r#"[{"name": "churn", "direct_internet": true, "subnet": null}]"#;
const SHUT: &str = r#"[{"name": "churn", "direct_internet": false, "subnet": "subnet-1"}]"#;

#[track_caller]
fn golden(name: &str, text: &str) {
    // What changes without anybody touching the layout.
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let text: Vec<&str> = text.lines().filter(|line| !line.contains("by hand") && !line.contains("manual`")).collect();
    let text = text.join("\n") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name} changed; `UPDATE=1 cargo test` rewrites it");
}

mod usage {
    use super::*;

    #[test]
    fn help_goes_to_stdout() {
        let said = sagescan(&["--help"]).exits(0);
        said.shows("judge").shows("Exit codes");
        assert_eq!(said.err, "");
        sagescan(&["--version"]).exits(0).shows(env!("CARGO_PKG_VERSION"));
    }

    #[test]
    fn every_command_explains_itself() {
        for command in ["judge", "diff", "checks", "explain", "serve", "simulate"] {
            sagescan(&[command, "--help"]).exits(0).shows("Usage: sagescan");
        }
    }

    #[test]
    fn unknown_flags_and_commands_are_wrong_usage() {
        sagescan(&["judge", "--fial-on", "low", "x"]).exits(2).tells("--fail-on");
        sagescan(&["juge"]).exits(2).tells("judge");
        let said = sagescan(&[]).exits(2);
        assert_eq!(said.out, "");
    }

    #[cfg(not(feature = "aws"))]
    #[test]
    fn a_build_without_aws_says_so() {
        for command in ["scan", "demo", "collect", "policy"] {
            sagescan(&[command, "--region", "all"]).exits(2).tells("without the feature `aws`").tells("sagescan judge");
        }
    }

    #[test]
    fn wrong_names_get_the_nearest_right_one() {
        sagescan(&["explain", "notebook-no-direct-internt"])
            .exits(2)
            .tells("did you mean `notebook-no-direct-internet`?");
        sagescan(&["judge", "x", "--section", "netwrok"]).exits(2).tells("did you mean `network`?");
        sagescan(&["judge", "x", "--framework", "aws-fsb"]).exits(2).tells("did you mean `aws-fsbp`?");
        sagescan(&["judge", "x", "--severity", "hihg"]).exits(2).tells("did you mean `high`?");
        sagescan(&["judge", "x", "--format", "jsn"]).exits(2).tells("did you mean `json`?");
        sagescan(&["judge", "x", "--report", "jsn=f"]).exits(2).tells("did you mean `json`?");
        sagescan(&["explain", "zzzz"]).exits(2).tells("`sagescan checks`");
    }

    #[test]
    fn what_is_typed_is_never_echoed_raw() {
        let said = sagescan(&["explain", "\u{1b}[31mred\u{202e}"]).exits(2);
        assert!(!said.err.contains(['\u{1b}', '\u{202e}']), "{:?}", said.err);
        let said = sagescan(&["judge", "\u{1b}[31mred"]).exits(2);
        assert!(!said.err.contains('\u{1b}'), "{:?}", said.err);
    }
}

mod catalogue {
    use super::*;

    #[test]
    fn checks_are_listed_by_section() {
        sagescan(&["checks"]).exits(0).shows("Network isolation (network)").shows(CHECK);
        let said = sagescan(&["checks", "--section", "resilience", "--severity", "critical"]).exits(0);
        assert!(!said.out.contains(CHECK));
        sagescan(&["checks", "--framework", "aws-fsbp", "--section", "network"]).exits(0).shows(CHECK);
    }

    #[test]
    fn programs_get_the_catalogue_as_json() {
        let said = sagescan(&["checks", "--format", "json", "--check", CHECK]).exits(0);
        let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(json["checks"][0]["id"], CHECK);
        assert_eq!(json["checks"][0]["severity"], "high");
    }

    #[test]
    fn a_page_is_explained_without_its_cases() {
        let said = sagescan(&["explain", CHECK]).exits(0);
        said.shows("Why it matters").shows("How to fix").shows("# terraform").shows("exam mla-c01");
        assert!(!said.out.contains("Cases") && !said.out.contains("```"), "{}", said.out);
    }
}

mod judging {
    use super::*;

    #[test]
    fn the_table() {
        let said = judge(&account(), &[]).exits(1);
        golden("table.txt", &said.out);
        assert_eq!(said.err, "");
    }

    #[test]
    fn the_table_on_a_narrow_terminal() {
        let said = judge(&account(), &[]).env("COLUMNS", "60").exits(1);
        assert!(said.out.lines().all(|line| line.chars().count() <= 60), "{}", said.out);
        golden("table-60.txt", &said.out);
    }

    #[test]
    fn the_table_with_every_detail_and_without_unicode() {
        let said = judge(&account(), &["-v"]).env("LC_ALL", "C").exits(1);
        assert!(said.out.is_ascii(), "{}", said.out);
        golden("table-verbose.txt", &said.out);
    }

    #[test]
    fn json_is_the_contract_and_always_the_same() {
        let said = judge(&account(), &["--format", "json"]).exits(1);
        assert_eq!(said.out, judge(&account(), &["--format", "json"]).exits(1).out);
        let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(json["format"], "sagescan/report/v1");
        assert_eq!(json["scan"]["throttled"], 2);
        assert_eq!(json["findings"].as_array().unwrap().len(), 8);
        assert_eq!(json["findings"][0]["resource"]["type"], "notebook-instance");
        assert_eq!(json["findings"][0]["waived"], serde_json::Value::Null);
        assert_eq!(json["coverage"][0]["grant"], "sagemaker:ListNotebookInstances");
    }

    #[test]
    fn filters_hide_and_the_score_counts_all() {
        let all: serde_json::Value =
            serde_json::from_str(&judge(&account(), &["--format", "json"]).exits(1).out).unwrap();
        for filter in [["--status", "pass"], ["--severity", "low"], ["--section", "identity"]] {
            let said = judge(&account(), &["--format", "json", filter[0], filter[1]]).exits(1);
            let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
            assert_eq!(json["score"], all["score"], "{filter:?}");
            assert!(json["findings"].as_array().unwrap().len() < 8, "{filter:?}");
        }
        judge(&account(), &["--status", "pass"])
            .exits(1)
            .shows("Hidden by filters: 7 findings, 6 failures")
            .shows("safe");
    }

    #[test]
    fn several_reports_come_from_one_judging() {
        let folder = folder("several");
        judge(&account(), &["--report", "json=a.json", "--report", "table=a.txt", "-o", "b.txt", "-q"])
            .within(&folder)
            .exits(1);
        assert!(fs::read_to_string(folder.join("a.json")).unwrap().contains("sagescan/report/v1"));
        assert_eq!(fs::read(folder.join("a.txt")).unwrap(), fs::read(folder.join("b.txt")).unwrap());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3, "no temporary files stay behind");
    }

    #[test]
    fn packed_snapshots_are_recognised_by_their_content() {
        let folder = folder("packed");
        let path = folder.join("snapshot");
        let mut packer = flate2::write::GzEncoder::new(fs::File::create(&path).unwrap(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packer, &fs::read(account()).unwrap()).unwrap();
        packer.finish().unwrap();
        assert_eq!(judge(&path, &[]).exits(1).out, judge(&account(), &[]).exits(1).out);
        let packed = fs::read(&path).unwrap();
        fs::write(&path, &packed[..packed.len() / 2]).unwrap();
        judge(&path, &[]).exits(2).tells("cannot read");
    }

    #[test]
    fn a_snapshot_may_come_through_a_pipe() {
        let mut run = judge(Path::new("-"), &[]);
        let output = run.command.stdin(fs::File::open(account()).unwrap()).output().unwrap();
        assert_eq!(text(output.stdout), judge(&account(), &[]).exits(1).out);
    }

    #[test]
    fn colour_is_a_choice() {
        let colourful = |said: Said| said.out.contains('\u{1b}');
        assert!(!colourful(judge(&account(), &[]).exits(1)));
        assert!(colourful(judge(&account(), &["--color", "always"]).exits(1)));
        assert!(colourful(judge(&account(), &[]).env("CLICOLOR_FORCE", "1").exits(1)));
        assert!(!colourful(judge(&account(), &[]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").exits(1)));
        assert!(!colourful(judge(&account(), &["--color", "never"]).env("CLICOLOR_FORCE", "1").exits(1)));
        assert!(colourful(judge(&account(), &[]).env("SAGESCAN_COLOR", "always").exits(1)));
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let coloured = judge(&account(), &["--color", "always"]).exits(1).out;
        let mut plain = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        plain.push_str(rest);
        let trimmed: Vec<&str> = plain.lines().map(str::trim_end).collect();
        assert_eq!(trimmed, judge(&account(), &[]).exits(1).out.lines().collect::<Vec<_>>());
    }

    #[test]
    fn hostile_names_reach_no_terminal() {
        let folder = folder("hostile");
        let evil =
            r#"[{"name": "a\u001b[2J\u202e\u200b\nCRITICAL fake\u009b31m", "direct_internet": true, "subnet": null}]"#;
        let snapshot = notebooks(&folder, "evil.json", evil);
        let calm = notebooks(&folder, "calm.json", "[]");
        let diff = sagescan(&["diff"]).arg(&calm).arg(&snapshot);
        for said in [judge(&snapshot, &[]).exits(1), judge(&snapshot, &["--format", "json"]).exits(1), diff.exits(1)] {
            let hostile = |c: char| c != '\n' && sagescan::console::is_hostile(c);
            assert!(!said.out.contains(hostile), "{:?}", said.out);
            assert!(!said.out.lines().any(|line| line.starts_with("CRITICAL")), "{}", said.out);
        }
        judge(&snapshot, &[]).exits(1).shows("a\\u{1b}[2J\\u{202e}\\u{200b}\\nCRITICAL fake\\u{9b}31m");
    }
}

mod exit_codes {
    use super::*;

    #[test]
    fn findings_count_from_fail_on_up() {
        judge(&account(), &["--fail-on", "critical"]).exits(0);
        judge(&account(), &["--fail-on", "none"]).exits(0);
        judge(&account(), &["--fail-on", "low"]).exits(1);
        judge(&account(), &[]).env("SAGESCAN_FAIL_ON", "none").exits(0);
        judge(&account(), &["--fail-on", "high"]).env("SAGESCAN_FAIL_ON", "none").exits(1);
    }

    #[test]
    fn too_little_sight_is_not_green_and_still_reported() {
        judge(&account(), &["--fail-on", "none", "--require-coverage", "0.99"]).exits(3).tells("0.875").shows("Score");
        judge(&account(), &["--require-coverage", "2"]).exits(2);
        let folder = folder("blind");
        let denied =
            r#"{"format": "sagescan/snapshot/v1", "regions": {"us-east-1": {}}, "coverage": [{"state": "denied"}]}"#;
        judge(&file(&folder, "denied.json", denied), &[]).exits(3).tells("no call was answered").shows("Score none");
        let early =
            fs::read_to_string(account()).unwrap().replace(r#""throttled": 2"#, r#""interrupted": "time ran out""#);
        judge(&file(&folder, "early.json", &early), &[]).exits(3).tells("time ran out").shows("HIGH");
    }

    #[test]
    fn an_empty_account_that_answered_is_clean() {
        judge(&notebooks(&folder("empty"), "empty.json", "[]"), &[]).exits(0);
    }

    #[test]
    fn quiet_is_silent() {
        let said = judge(&account(), &["-q", "--require-coverage", "1"]).exits(3);
        assert_eq!(said.err, "");
    }
}

mod input {
    use super::*;

    #[test]
    fn what_is_no_snapshot_is_refused_with_a_reason() {
        let folder = folder("refused");
        let refused = |name: &str, text: &str, why: &str| {
            let said = judge(&file(&folder, name, text), &[]).exits(2);
            said.tells(why);
            assert_eq!(said.out, "");
        };
        refused("broken.json", r#"{"format": "sagescan/snap"#, "this is not a snapshot");
        refused("empty.json", "", "this is not a snapshot");
        refused("foreign.json", r#"{"Reservations": []}"#, "sagescan collect -o FILE");
        refused("newer.json", r#"{"format": "sagescan/snapshot/v9"}"#, "use a newer sagescan");
        refused("damaged.json", r#"{"format": "sagescan/snapshot/v1", "regoins": {}}"#, "regoins");
        judge(&folder, &[]).exits(2).tells("cannot read");
        judge(&folder.join("absent.json"), &[]).exits(2).tells("cannot read");
    }
}

mod output {
    use super::*;

    #[test]
    fn a_missing_folder_is_one_clear_error() {
        let folder = folder("missing");
        let said = judge(&account(), &["-o", "nowhere/report.txt"]).within(&folder).exits(2);
        said.tells("there is no folder nowhere");
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
        judge(&account(), &["--report", "json=nowhere/r.json"])
            .within(&folder)
            .exits(2)
            .tells("there is no folder nowhere");
        judge(&account(), &["-o", "."]).within(&folder).exits(2).tells("it is a folder");
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = folder("replaced");
        let target = file(&folder, "report.txt", "old");
        judge(&account(), &["-o", "report.txt"]).within(&folder).exits(1).tells("wrote");
        assert!(fs::read_to_string(target).unwrap().contains("Score"));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_one_clear_error() {
        let said = judge(&account(), &["-o", "/dev/full"]).exits(2);
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
        let mut run = judge(&account(), &[]);
        let output =
            run.command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap()).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(output.stderr).contains("cannot write to stdout"));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_and_not_replaced() {
        use std::os::unix::fs::FileTypeExt;
        judge(&account(), &["-o", "/dev/null", "-q"]).exits(1);
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[test]
    fn a_closed_pipe_ends_quietly_with_the_right_code() {
        for (fail_on, code) in [("high", 1), ("none", 0)] {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let mut run = judge(&account(), &["--fail-on", fail_on]);
            let output = run.command.stdout(writer).output().unwrap();
            assert_eq!((output.status.code(), text(output.stderr)), (Some(code), String::new()));
        }
    }
}

mod waivers {
    use super::*;

    const REST: &str = "reason = 'sandbox'\nowner = 'ml-team'\n";

    fn waived(test: &str, waivers: &str) -> Run {
        let folder = folder(test);
        let waivers = file(&folder, "waivers.toml", waivers);
        let snapshot = notebooks(&folder, "open.json", OPEN);
        judge(&snapshot, &[]).arg("--waivers").arg(waivers)
    }

    #[test]
    fn an_accepted_failure_neither_fails_nor_costs() {
        let waiver = format!("[[waiver]]\ncheck = '{CHECK}'\nresource = 'chu*'\nuntil = 2099-01-31\n{REST}");
        let said = waived("accepted", &waiver).exits(0);
        said.shows("Waived: 1 failure").shows("sandbox (until 2099-01-31, ml-team)").shows("Score 100");
        assert_eq!(said.err, "");
        let said = waived("accepted-json", &waiver).arg("--format=json").exits(0);
        let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(json["findings"][0]["waived"]["until"], "2099-01-31");
        assert_eq!(json["findings"][0]["status"], "fail");
    }

    #[test]
    fn an_expired_waiver_does_not_apply_and_says_so() {
        let waiver = format!("[[waiver]]\ncheck = '{CHECK}'\nresource = 'churn'\nuntil = '2026-10-31'\n{REST}");
        waived("expired", &waiver).exits(1).tells("ended on 2026-10-31");
        let waiver = waiver.replace("2026-10-31", "2026-11-01");
        waived("last-day", &waiver).exits(0);
    }

    #[test]
    fn a_waiver_of_nothing_is_a_warning() {
        let waiver = format!("[[waiver]]\ncheck = '{CHECK}'\nresource = 'other'\nuntil = 2099-01-31\n{REST}");
        waived("nothing", &waiver).exits(1).tells("matches no failure");
        let elsewhere = waiver.replace("'other'", "'churn'\nregion = 'eu-west-1'");
        waived("elsewhere", &elsewhere).exits(1).tells("matches no failure");
    }

    #[test]
    fn mistakes_point_at_their_line() {
        let waiver = format!("[[waiver]]\ncheck = '{CHECK}'\nresource = 'churn'\nuntill = 2099-01-31\n{REST}");
        waived("key", &waiver).exits(2).tells("line 4").tells("did you mean `until`?");
        let waiver = format!("[[waiver]]\ncheck = '{CHECK}'\nresource = 'churn'\n{REST}");
        waived("endless", &waiver).exits(2).tells("missing field `until`");
        let waiver =
            format!("[[waiver]]\ncheck = 'notebook-no-direct-internt'\nresource = '*'\nuntil = 2099-01-31\n{REST}");
        waived("check", &waiver).exits(2).tells("line 2").tells("did you mean `notebook-no-direct-internet`?");
        waived("table", "[[wavier]]\n").exits(2).tells("line 1").tells("did you mean `waiver`?");
    }
}

mod settings {
    use super::*;

    #[test]
    fn flags_come_before_environment_before_file() {
        let folder = folder("settings");
        file(&folder, "sagescan.toml", "fail-on = 'none'\n[aws]\nregion = ['eu-west-1']\n");
        judge(&account(), &[]).within(&folder).exits(0);
        judge(&account(), &[]).within(&folder).env("SAGESCAN_FAIL_ON", "high").exits(1);
        judge(&account(), &["--fail-on", "critical"]).within(&folder).env("SAGESCAN_FAIL_ON", "high").exits(0);
    }

    #[test]
    fn unknown_keys_point_at_their_line() {
        let folder = folder("unknown-keys");
        let settings = file(&folder, "other.toml", "format = 'json'\nfail_on = 'none'\n");
        judge(&account(), &[]).arg("--config").arg(settings).exits(2).tells("line 2").tells("did you mean `fail-on`?");
        judge(&account(), &["--config", "absent.toml"]).within(&folder).exits(2).tells("absent.toml");
    }

    #[test]
    fn a_file_speaks_of_its_neighbours() {
        let folder = folder("neighbours");
        fs::create_dir(folder.join("etc")).unwrap();
        file(&folder, "etc/waivers.toml", "");
        file(&folder, "etc/sagescan.toml", "waivers = 'waivers.toml'\n");
        judge(&account(), &["--config", "etc/sagescan.toml"]).within(&folder).exits(1);
    }
}

mod diff {
    use super::*;

    #[test]
    fn new_failures_fail_and_mended_ones_are_told() {
        let folder = folder("diff");
        let (open, shut) = (notebooks(&folder, "open.json", OPEN), notebooks(&folder, "shut.json", SHUT));
        let diff = |old: &Path, new: &Path, more: &[&str]| {
            let mut run = sagescan(&["diff", "--check", CHECK]);
            run.command.arg(old).arg(new).args(more);
            run
        };
        diff(&shut, &open, &[]).exits(1).shows("New failures").shows("was pass");
        diff(&shut, &open, &["--fail-on", "none"]).exits(0);
        diff(&open, &shut, &[]).exits(0).shows("Mended").shows("now pass");
        let said = diff(&open, &shut, &["--format", "json"]).exits(0);
        let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(json["mended"][0]["before"]["status"], "fail");
        judge(&open, &["--format", "json", "-o"]).arg(folder.join("report.json")).exits(1);
        diff(&folder.join("report.json"), &shut, &[]).exits(0).shows("Mended");
    }

    #[test]
    fn a_filtered_report_is_not_mistaken_for_a_whole_one() {
        let folder = folder("filtered");
        let open = notebooks(&folder, "open.json", OPEN);
        judge(&open, &["--format", "json", "--status", "pass", "-o"]).arg(folder.join("part.json")).exits(1);
        sagescan(&["diff", "--check", CHECK])
            .arg(&open)
            .arg(folder.join("part.json"))
            .exits(0)
            .tells("written with filters");
    }
}

mod simulating {
    use super::*;

    const CASES: &str = r#"{"meta": {"format": "iam-conformance-vectors/1"}, "vectors": [
        {"id": "one", "request": {"principal": "arn:aws:iam::111122223333:role/ml", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"},
         "policies": {"identity": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}}},
        {"id": "two"}]}"#;

    #[test]
    fn one_object_a_line_and_bad_cases_stop_nobody() {
        let folder = folder("simulate");
        let said = sagescan(&["simulate"]).arg(file(&folder, "cases.json", CASES)).exits(2);
        said.tells("case two");
        assert_eq!(said.out.lines().count(), 1);
        let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!((&answer["id"], &answer["decision"]), (&"one".into(), &"allow".into()));
        sagescan(&["simulate"]).arg(file(&folder, "other.json", "{}")).exits(2).tells("names no format");
    }
}
