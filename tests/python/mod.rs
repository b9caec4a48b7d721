//! AWS's own Python client, for tests that hold this program to AWS's service models.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BOTOCORE: &str = "botocore==1.44.5";

/// A Python of its own with the pinned client in it, made once below the target directory.
pub fn python_with_botocore() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(BOTOCORE.replace("==", "-"));
    let python = if cfg!(windows) { home.join("Scripts/python.exe") } else { home.join("bin/python") };
    let complete = home.join("complete");
    // Several test programs may come here at the same time; the lock goes with the file.
    let lock = File::create(home.with_extension("lock")).expect("the target directory can be written");
    lock.lock().expect("the file system knows locks");
    if !complete.exists() {
        let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home).output();
        let made = made.expect("this test needs python3 on the PATH (Python 3.10 or later, with the venv module)");
        assert!(made.status.success(), "python3 cannot make a virtual environment:\n{}", said(&made));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", BOTOCORE];
        let installed = Command::new(&python).args(pip).output().expect("the new Python starts");
        assert!(installed.status.success(), "this test needs {BOTOCORE} from a package index:\n{}", said(&installed));
        std::fs::write(&complete, "").expect("the target directory can be written");
    }
    python
}

/// All that a program printed.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
