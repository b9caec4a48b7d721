//! README shows what the demo prints, line for line; `[...]` stands for what was left out.

use std::process::Command;

#[test]
fn the_transcript_in_the_readme_is_what_the_demo_prints() {
    let readme = include_str!("../../README.md");
    let transcript =
        readme.split("<!-- transcript: demo -->").nth(1).and_then(|rest| rest.split("<!-- end -->").next());
    let transcript = transcript.expect("README holds a transcript");
    let output = Command::new(env!("CARGO_BIN_EXE_sagescan"))
        .args(["demo", "--fail-on", "none"])
        .env_clear()
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("COLUMNS", "100")
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8_lossy(&output.stdout);
    // What depends on the day: when it was seen, and since when jobs count.
    let dated = |line: &str| line.starts_with("Seen ") || line.starts_with("Jobs ");
    let shown = transcript.lines().filter(|l| !l.starts_with("```") && !l.is_empty() && *l != "[...]" && !dated(l));
    let missing: Vec<&str> = shown.clone().filter(|line| !printed.lines().any(|p| p == *line)).collect();
    assert!(shown.count() > 20, "the transcript is too short to show anything");
    assert!(missing.is_empty(), "README shows what the demo does not print:\n{}", missing.join("\n"));
}
