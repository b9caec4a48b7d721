//! `sagescan guardrails [FILE]`: which preventive controls hold, and the missing ones as documents.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::{AnsiColor, Effects, Style};
use sagescan_checks::draft::{CONTROL_POLICY, Draft, MANAGED_POLICY};
use sagescan_checks::engine::World;
use sagescan_checks::guardrails::{Form, IDS, READS, State, Tried, catalogue, documents, try_all};
use sagescan_checks::snapshot::Snapshot;
use serde::Serialize;

use super::source::Source;
use super::{Exit, Output, Stop, drafts};
use crate::config::{Settings, nearest};
use crate::console::{Console, Look, escape, pad, wrap};
use crate::report;

const EXAMPLES: &str = "\
Examples:
  sagescan guardrails                                  try them in the live account
  sagescan guardrails snapshot.json                    try them on a saved snapshot
  sagescan guardrails snapshot.json --format scp > scp.json
  sagescan guardrails --guardrail vpc,volume-key --format iam

A guardrail holds when its hostile requests are denied, whatever policies say in words. Try documents in \
a test account or organizational unit first: each guardrail has things that work no more, told by the table.

Exit codes: 0 the guardrails were tried, 2 wrong usage or input, 3 no user or role was seen to try them on.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    /// Tries only these; `accelerators` and `runtime` are written as documents only when they are named
    #[arg(long, value_name = "GUARDRAIL", value_delimiter = ',', value_parser = guardrail)]
    guardrail: Vec<String>,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Written,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Written {
    /// For people
    #[default]
    Table,
    /// For programs: `sagescan/guardrails/v1`
    Json,
    /// What is missing, as an IAM policy
    Iam,
    /// What is missing, as a service control policy
    Scp,
}

fn guardrail(text: &str) -> Result<String, String> {
    match (IDS.contains(&text), nearest(text, IDS)) {
        (true, _) => Ok(text.to_owned()),
        (_, Some(near)) => Err(format!("there is no guardrail `{text}`; did you mean `{near}`?")),
        _ => Err(format!("there is no guardrail `{text}`; there are {}", IDS.join(", "))),
    }
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    args.output.destination()?;
    let snapshot = args.source.snapshot(READS, file, console)?;
    let world = World::new(&snapshot);
    let wanted: Vec<&str> = args.guardrail.iter().map(String::as_str).collect();
    let list = catalogue(&world).into_iter().filter(|one| wanted.is_empty() || wanted.contains(&one.id)).collect();
    let tried = try_all(list, &world);
    let text = match args.format {
        Written::Table => {
            let look = if args.output.output.is_some() { console.look_of_file() } else { console.look() };
            table(&tried, &look)
        }
        Written::Json => json(&snapshot, &tried, &wanted),
        Written::Iam => policies(&tried, Form::Iam, &wanted, console),
        Written::Scp => policies(&tried, Form::Scp, &wanted, console),
    };
    args.output.write(&text, console)?;
    let account = &snapshot.account;
    if account.roles.is_empty() && account.users.is_empty() && account.roles.missing.is_some() {
        console.warning("could not see enough: no user or role was seen to try guardrails on");
        return Ok(Exit::Blind);
    }
    Ok(Exit::Clean)
}

/// The documents alone; what goes without one is told on stderr.
fn policies(tried: &[Tried], form: Form, wanted: &[&str], console: &Console) -> String {
    let documents = documents(tried, form, wanted);
    for one in tried {
        if let Some(why) = one.unwritten() {
            console.warning(&format!("no policy for {}: {why}", one.guardrail.id));
        }
    }
    if documents.is_empty() {
        console.note("no policy is missing that could be written");
        return String::new();
    }
    drafts::text(&documents, if form == Form::Scp { CONTROL_POLICY } else { MANAGED_POLICY }, console)
}

/// The result as programs see it: `sagescan/guardrails/v1`.
#[derive(Serialize)]
struct Whole<'s> {
    format: &'static str,
    account: &'s str,
    guardrails: Vec<Line<'s>>,
    documents: BTreeMap<&'static str, Vec<Draft>>,
}

#[derive(Serialize)]
struct Line<'s> {
    id: &'s str,
    prevents: &'s str,
    beware: &'s str,
    state: State,
    because: &'s [String],
    held: &'s BTreeSet<String>,
    open: &'s BTreeSet<String>,
    undecided: &'s BTreeSet<String>,
    passing: Vec<Passing<'s>>,
    denied_by: &'s BTreeSet<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_document: Option<&'s str>,
}

#[derive(Serialize)]
struct Passing<'s> {
    action: &'s str,
    with: &'s str,
    principals: usize,
}

impl<'s> Line<'s> {
    fn of(one: &'s Tried) -> Line<'s> {
        let passing = one.passing.iter();
        Line {
            id: one.guardrail.id,
            prevents: one.guardrail.prevents,
            beware: one.guardrail.beware,
            state: one.state,
            because: &one.because,
            held: &one.held,
            open: &one.open,
            undecided: &one.undecided,
            passing: passing.map(|((action, with), n)| Passing { action, with, principals: *n }).collect(),
            denied_by: &one.denied_by,
            no_document: one.unwritten(),
        }
    }
}

fn json(snapshot: &Snapshot, tried: &[Tried], wanted: &[&str]) -> String {
    report::pretty(&Whole {
        format: "sagescan/guardrails/v1",
        account: &snapshot.scan.account,
        guardrails: tried.iter().map(Line::of).collect(),
        documents: BTreeMap::from([
            ("iam", documents(tried, Form::Iam, wanted)),
            ("scp", documents(tried, Form::Scp, wanted)),
        ]),
    })
}

/// So many names are shown before the rest is counted.
const NAMES: usize = 3;

fn table(tried: &[Tried], look: &Look) -> String {
    let mut text = String::new();
    let count = |state: State| tried.iter().filter(|one| one.state == state).count();
    let holding = count(State::Holds) + count(State::Unused);
    let head = format!(
        "{holding} of {} guardrails hold; {} missing, {} for some only, {} unknown",
        tried.len(),
        count(State::Missing),
        count(State::HoldsForSome),
        count(State::Unknown)
    );
    text.push_str(&format!("{}\n", look.bold(&head)));
    for one in tried {
        row(one, look, &mut text);
    }
    if holding < tried.len() {
        text.push_str("\n`sagescan guardrails --format scp` and `--format iam` print what is missing as policies\n");
    }
    text
}

fn row(one: &Tried, look: &Look, text: &mut String) {
    let word = look.paint(style_of(one.state), &pad(one.state.word(), 14));
    text.push_str(&format!("\n{word} {}\n", look.bold(one.guardrail.id)));
    let mut line = |words: &str| {
        for (at, part) in wrap(&escape(words), look.width.saturating_sub(17).max(20)).into_iter().enumerate() {
            text.push_str(&format!("{}{part}\n", " ".repeat(if at == 0 { 15 } else { 17 })));
        }
    };
    line(&format!("prevents {}", one.guardrail.prevents));
    match one.state {
        State::Unused => line("nobody who was seen may make such a request"),
        State::Holds => line(&format!("denied to all {} who may make such requests", one.held.len())),
        _ => {
            let who = [("passes for", &one.open), ("denied to", &one.held), ("not decided for", &one.undecided)];
            who.into_iter().filter(|(_, names)| !names.is_empty()).for_each(|(says, names)| {
                line(&format!("{says} {}", some(names, look)));
            });
        }
    }
    if !one.denied_by.is_empty() {
        line(&format!("denied by {}", one.denied_by.iter().copied().collect::<Vec<_>>().join(", ")));
    }
    let mut shapes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (action, with) in one.passing.keys() {
        shapes.entry(with).or_default().push(action.split(':').nth(1).unwrap_or(action));
    }
    for (with, actions) in shapes {
        let shown = if look.verbose { actions.len() } else { NAMES };
        let more = match actions.len().saturating_sub(shown) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named: Vec<&str> = actions.into_iter().take(shown).collect();
        line(&format!("with {with}: {}{more}", named.join(", ")));
    }
    one.because.iter().for_each(|why| line(why));
    if let Some(why) = one.unwritten() {
        line(&format!("no policy can be written: {why}"));
    }
    if !matches!(one.state, State::Holds | State::Unused) {
        line(&format!("beware: {}", one.guardrail.beware));
    }
}

fn some(names: &BTreeSet<String>, look: &Look) -> String {
    let shown = if look.verbose { names.len() } else { NAMES };
    let mut text = names.iter().take(shown).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(shown) {
        0 => {}
        more => text.push_str(&format!(" and {more} more")),
    }
    text
}

fn style_of(state: State) -> Style {
    match state {
        State::Missing => AnsiColor::Red.on_default().bold(),
        State::HoldsForSome | State::Unknown => AnsiColor::Yellow.on_default().bold(),
        State::Holds => AnsiColor::Green.on_default(),
        State::Unused => Style::new().effects(Effects::DIMMED),
    }
}
