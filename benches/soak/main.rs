//! A soak: fifty regions with every service, scanned over and over while AWS misbehaves at random. Nothing may leak, no
//! item may be lost without a gap that names it, and the ledger must account for every request.
//!
//! `cargo bench --profile dev --bench soak -- --minutes 10 --seed 1`. Never part of the tests; exits with 1 when
//! something is wrong.

mod dice;
#[path = "../../tests/live/loopback.rs"]
#[allow(dead_code)]
mod loopback;
mod trouble;
mod verify;
mod world;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::{Duration, Instant};

use sagescan::collect::Request;
use sagescan::serve::Options;
use sagescan_checks::engine::{Finding, Status, judge};
use sagescan_checks::snapshot::{Reason, Snapshot};

use dice::Dice;

struct Arguments {
    minutes: f64,
    seed: u64,
    regions: usize,
}

fn arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments { minutes: 10.0, seed: 1, regions: 50 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--minutes" => arguments.minutes = number(&word, words.next())?,
            "--seed" => arguments.seed = number(&word, words.next())?,
            "--regions" => arguments.regions = number(&word, words.next())?,
            // What cargo says to every benchmark.
            "--bench" => {}
            other => return Err(format!("there is no {other}; say --minutes 10 --seed 1 --regions 50")),
        }
    }
    Ok(arguments)
}

fn number<T: FromStr>(option: &str, text: Option<String>) -> Result<T, String> {
    text.and_then(|text| text.parse().ok()).ok_or_else(|| format!("{option} wants a number"))
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(wrong) => {
            println!("error: {wrong}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let wrong = runtime.block_on(soak(&arguments));
    println!(
        "\nverdict: {}",
        if wrong == 0 { "nothing leaked, nothing was lost, the ledger is complete" } else { "FAILED" }
    );
    ExitCode::from(u8::from(wrong > 0))
}

/// Scans until the time is up; returns how much was wrong.
async fn soak(arguments: &Arguments) -> usize {
    let mut dice = Dice::new(arguments.seed);
    let world = world::wide(arguments.regions);
    let (healthy, stats) = loopback::scan(&world, Options::default(), patient).await;
    let healthy = healthy.expect("the loopback AWS answers");
    let mut wrong = verify::unseen_of(&world, &healthy);
    wrong.extend(verify::ledger(&healthy, &stats));
    println!(
        "{} regions, {} things, {} calls for one quiet scan; {} minutes with seed {}",
        world.regions.len(),
        verify::count(&healthy),
        stats.total().requests,
        arguments.minutes,
        arguments.seed
    );
    report("the quiet scan", &wrong);
    let mut problems = wrong.len();
    let passes = allowed(&healthy);

    println!("\nround |   time, s |  calls | throttled | faulted | denied | items seen | tasks | files | memory, MB");
    let (start, length) = (Instant::now(), Duration::from_secs_f64(arguments.minutes * 60.0));
    let mut leaks = Leaks::default();
    let (mut round, mut calls) = (0, 0);
    while start.elapsed() < length {
        round += 1;
        let options = trouble::at_random(&mut dice);
        let told = trouble::told(&options);
        let began = Instant::now();
        let (seen, stats) = loopback::scan(&world, options, hasty).await;
        let took = began.elapsed();
        let mut wrong = Vec::new();
        let mut items = 0;
        match seen {
            Ok(seen) => {
                wrong.extend(verify::lost(&healthy, &seen));
                wrong.extend(verify::ledger(&seen, &stats));
                wrong.extend(gained(&passes, &seen));
                items = verify::count(&seen);
            }
            Err(error) => wrong.push(format!("there is no report at all: {error}")),
        }
        let total = stats.total();
        calls += total.requests;
        let usage = leaks.note().await;
        println!(
            "{round:>5} | {:>9.1} | {:>6} | {:>9} | {:>7} | {:>6} | {items:>10} | {:>5} | {:>5} | {:>10.0}",
            took.as_secs_f64(),
            total.requests,
            total.throttled,
            total.faulted,
            total.denied,
            usage.tasks,
            usage.files,
            usage.memory
        );
        if !wrong.is_empty() {
            report(&format!("round {round} with {told}"), &wrong);
        }
        problems += wrong.len();
    }
    println!("\n{round} rounds, {calls} calls, {:.0} s", start.elapsed().as_secs_f64());
    let leaked = leaks.verdict();
    report("leaks", &leaked);
    problems + leaked.len()
}

/// All jobs, whatever their age, and time enough.
fn patient(request: &mut Request) {
    request.jobs_since_days = 36_500;
}

/// The same with little time for each call: hanging calls must not make up the whole soak.
fn hasty(request: &mut Request) {
    patient(request);
    request.call_timeout = Duration::from_millis(700);
}

fn report(what: &str, wrong: &[String]) {
    const SHOWN: usize = 20;
    if !wrong.is_empty() {
        println!("{what}: {} problems", wrong.len());
        wrong.iter().take(SHOWN).for_each(|one| println!("  {one}"));
    }
}

fn passes(snapshot: &Snapshot) -> BTreeSet<String> {
    let checks: Vec<_> = sagescan_checks::catalogue().collect();
    let report = judge(snapshot, &checks, "soak");
    report
        .findings
        .into_iter()
        .filter(|f| f.status == Status::Pass)
        .map(|f| format!("{} {}", f.id, f.message))
        .collect()
}

/// What may pass under trouble: what passes without, and what is not judged because it is over or was not asked on purpose.
/// Nobody can tell that a job is over where its status is a word of the future.
fn allowed(healthy: &Snapshot) -> BTreeSet<String> {
    let checks: Vec<_> = sagescan_checks::catalogue().collect();
    let may = |finding: &Finding| {
        matches!(finding.status, Status::Pass | Status::Exempt)
            || finding.gap.as_ref().is_some_and(|gap| gap.reason == Reason::Skipped)
    };
    let findings = judge(healthy, &checks, "soak").findings.into_iter();
    findings.filter(may).map(|finding| format!("{} {}", finding.id, finding.message)).collect()
}

/// Passes that only trouble brought about. The message may differ, the finding may not.
fn gained(before: &BTreeSet<String>, seen: &Snapshot) -> Vec<String> {
    let id = |pass: &str| pass.split_once(' ').map(|(id, _)| id.to_owned()).unwrap_or_default();
    let known: BTreeSet<String> = before.iter().map(|pass| id(pass)).collect();
    let gained = passes(seen).into_iter().filter(|pass| !known.contains(&id(pass)));
    gained.map(|pass| format!("this became a pass: {pass}")).collect()
}

/// What a process holds, round after round.
#[derive(Default)]
struct Leaks {
    rounds: Vec<Usage>,
}

#[derive(Clone, Copy)]
struct Usage {
    tasks: usize,
    /// Open files, sockets above all; 0 where the system does not tell.
    files: usize,
    /// Resident megabytes; 0 where the system does not tell.
    memory: f64,
}

impl Leaks {
    /// Notes what is held now that a round is over. Connections close in the background: they get a moment.
    async fn note(&mut self) -> Usage {
        let fewest = self.rounds.iter().map(|usage| (usage.tasks, usage.files)).min().unwrap_or_default();
        for _ in 0..100 {
            let now = Usage::now();
            if (now.tasks, now.files) <= fewest {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let now = Usage::now();
        self.rounds.push(now);
        now
    }

    /// Compares the last quarter of the rounds with the second one; the first is for warming up.
    fn verdict(&self) -> Vec<String> {
        let quarter = self.rounds.len() / 4;
        if quarter < 2 {
            println!("too few rounds to tell about leaks");
            return Vec::new();
        }
        let (early, late) = (&self.rounds[quarter..2 * quarter], &self.rounds[self.rounds.len() - quarter..]);
        let mut wrong = Vec::new();
        let least = |rounds: &[Usage], of: fn(&Usage) -> usize| rounds.iter().map(of).min().unwrap_or_default();
        for (what, of) in [("tasks", (|u| u.tasks) as fn(&Usage) -> usize), ("open files", |u| u.files)] {
            let (before, after) = (least(early, of), least(late, of));
            println!("{what}: {before} in the second quarter of the rounds, {after} in the last");
            if after > before {
                wrong.push(format!("{what} grew from {before} to {after}"));
            }
        }
        let most = |rounds: &[Usage]| rounds.iter().map(|usage| usage.memory).fold(0.0, f64::max);
        let (before, after) = (most(early), most(late));
        println!("memory: {before:.0} MB at most in the second quarter of the rounds, {after:.0} MB in the last");
        // Rounds differ, and an allocator keeps what it once had: a tenth and 32 MB are no leak.
        if after > before * 1.1 + 32.0 {
            wrong.push(format!("memory grew from {before:.0} to {after:.0} MB"));
        }
        wrong
    }
}

impl Usage {
    fn now() -> Usage {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        Usage {
            tasks: tokio::runtime::Handle::current().metrics().num_alive_tasks(),
            files: std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count),
            memory: kilobytes.unwrap_or_default() / 1024.0,
        }
    }
}
