//! Runs the command line and turns the outcome into an exit code.

fn main() -> std::process::ExitCode {
    sagescan::cli::run_guarded(std::env::args_os()).into()
}
