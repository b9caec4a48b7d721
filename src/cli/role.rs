//! `sagescan role ROLE [FILE]`: what a role can do, what its workloads need, and a policy for that alone.

use std::collections::BTreeMap;

use sagescan_checks::draft::{Draft, MANAGED_POLICY};
use sagescan_checks::engine::World;
use sagescan_checks::least_privilege::{Because, Granted, Need, Purpose, READS, Service, Study, Surplus, Used, study};
use sagescan_checks::snapshot::{Role, Snapshot, Unseen};
use serde::Serialize;

use super::source::Source;
use super::{Exit, Output, Stop, drafts};
use crate::config::{Settings, nearest};
use crate::console::{Console, Look, escape, pad, wrap};
use crate::report;

const EXAMPLES: &str = "\
Examples:
  sagescan role churn-training                         look at the live account
  sagescan role churn-training snapshot.json           look at a saved snapshot
  sagescan role churn-training snapshot.json --policy > proposal.json

The policy is a proposal: it knows what the snapshot shows of jobs, models, endpoints and domains, and \
nothing of what people do by hand. Read what it could not see before you attach it.

Exit codes: 0 the role was studied, 2 wrong usage or no such role, 3 too little was seen of it.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The role, by name or ARN
    #[arg(value_name = "ROLE")]
    role: String,
    #[command(flatten)]
    source: Source,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Form,
    /// Prints the proposed policy alone, as IAM takes it
    #[arg(long, conflicts_with = "format")]
    policy: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people
    #[default]
    Table,
    /// For programs: `sagescan/role/v1`
    Json,
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    args.output.destination()?;
    let snapshot = args.source.snapshot(READS, file, console)?;
    let role = find(&snapshot, &args.role)?;
    let world = World::new(&snapshot);
    let blind = |Unseen(gap)| Stop {
        exit: Exit::Blind,
        says: format!("the rights of role {} cannot be told: {gap}", role.name),
        hint: None,
    };
    let study = study(role, &world).map_err(blind)?;
    if args.policy {
        return policy(role, &study, &args.output, console);
    }
    let text = match args.format {
        Form::Json => json(role, &snapshot, &study),
        Form::Table => {
            let look = if args.output.output.is_some() { console.look_of_file() } else { console.look() };
            table(role, &study, &look)
        }
    };
    args.output.write(&text, console)?;
    Ok(exit_of(&study, console))
}

/// A study that looked at nothing says nothing.
fn exit_of(study: &Study, console: &Console) -> Exit {
    if study.needs.looked {
        return Exit::Clean;
    }
    console.warning("no list of jobs, models or notebooks was seen: the needs of the role are not known");
    Exit::Blind
}

fn find<'s>(snapshot: &'s Snapshot, wanted: &str) -> Result<&'s Role, Stop> {
    let roles = &snapshot.account.roles;
    let is_it = |role: &&Role| if wanted.starts_with("arn:") { role.arn == wanted } else { role.name == wanted };
    if let Some(role) = roles.iter().find(is_it) {
        return Ok(role);
    }
    if let Some(gap) = &roles.missing {
        let says = format!("role `{wanted}` was not seen: {gap}");
        return Err(Stop { exit: Exit::Blind, says, hint: None });
    }
    let name = wanted.rsplit('/').next().unwrap_or(wanted);
    let mut near: Vec<&str> = Vec::new();
    while near.len() < 3
        && let Some(next) =
            nearest(name, roles.iter().map(|role| role.name.as_str()).filter(|name| !near.contains(name)))
    {
        near.push(next);
    }
    let names: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    Err(Stop::usage(match names.is_empty() {
        true => format!("the account has no role `{wanted}`, nor one of a similar name"),
        false => format!("the account has no role `{wanted}`; did you mean {}?", names.join(", ")),
    }))
}

fn policy(role: &Role, study: &Study, output: &Output, console: &Console) -> Result<Exit, Stop> {
    if study.proposal.is_empty() {
        let says = format!("nothing that was seen needs role {}, so there is no policy to propose", role.name);
        return Err(Stop { exit: Exit::Blind, says, hint: None });
    }
    output.write(&drafts::text(&study.proposal, MANAGED_POLICY, console), console)?;
    for doubt in &study.doubts {
        console.warning(&format!("the proposal may give too little: {doubt}"));
    }
    Ok(exit_of(study, console))
}

fn granted_word(granted: &Granted) -> String {
    match granted {
        Granted::Yes => "has it".to_owned(),
        Granted::Under(keys) => format!("has it under conditions on {}", keys.join(", ")),
        Granted::Lacks(actions) => format!("lacks {}", actions.join(", ")),
        Granted::Unknown(why) => format!("not known: {why}"),
    }
}

/// The result as programs see it: `sagescan/role/v1`.
#[derive(Serialize)]
struct Whole<'s> {
    format: &'static str,
    account: &'s str,
    role: Named<'s>,
    workloads: BTreeMap<&'s str, usize>,
    needs: Vec<NeedLine<'s>>,
    surplus: &'s [Surplus],
    services: &'s BTreeMap<String, Service>,
    proposal: Proposal<'s>,
    assumptions: &'s [String],
}

#[derive(Serialize)]
struct Named<'s> {
    name: &'s str,
    arn: &'s str,
}

#[derive(Serialize)]
struct NeedLine<'s> {
    purpose: Purpose,
    actions: &'static [&'static str],
    resource: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<&'s str>,
    granted: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    condition_keys: &'s [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    lacking: &'s [&'static str],
    because: &'s [Because],
    more: usize,
}

#[derive(Serialize)]
struct Proposal<'s> {
    note: &'static str,
    documents: &'s [Draft],
    evidence: BTreeMap<&'s str, Vec<&'s Because>>,
    may_lack: &'s [String],
}

/// So many places are told for each statement of a proposal.
const EVIDENCE: usize = 10;

impl<'s> NeedLine<'s> {
    fn of(need: &'s Need, granted: &'s Granted) -> NeedLine<'s> {
        NeedLine {
            purpose: need.purpose,
            actions: need.purpose.actions(),
            resource: need.object.pattern(),
            prefix: need.object.prefix.as_deref(),
            granted: match granted {
                Granted::Yes => "yes",
                Granted::Under(_) => "under-conditions",
                Granted::Lacks(_) => "no",
                Granted::Unknown(_) => "unknown",
            },
            lacking: if let Granted::Lacks(actions) = granted { actions } else { &[] },
            condition_keys: if let Granted::Under(keys) = granted { keys } else { &[] },
            because: &need.because,
            more: need.more,
        }
    }
}

fn json(role: &Role, snapshot: &Snapshot, study: &Study) -> String {
    let statements = study.proposal.iter().flat_map(Draft::statements);
    let evidence = statements.map(|statement| {
        let needs = study.evidence(statement);
        (statement.sid.as_str(), needs.into_iter().flat_map(|need| &need.because).take(EVIDENCE).collect())
    });
    report::pretty(&Whole {
        format: "sagescan/role/v1",
        account: &snapshot.scan.account,
        role: Named { name: &role.name, arn: &role.arn },
        workloads: study.needs.workloads.iter().map(|(kind, count)| (&**kind, *count)).collect(),
        needs: study.needs.all.iter().zip(&study.granted).map(|(need, granted)| NeedLine::of(need, granted)).collect(),
        surplus: &study.surplus,
        services: &study.services,
        proposal: Proposal {
            note: "a proposal made from what was seen; read `may_lack` before using it",
            documents: &study.proposal,
            evidence: evidence.collect(),
            may_lack: &study.doubts,
        },
        assumptions: &study.assumptions,
    })
}

/// Text under construction.
struct Page<'l> {
    look: &'l Look,
    text: String,
}

impl Page<'_> {
    /// A line whose further lines are indented; whatever the account named is made safe.
    fn line(&mut self, indent: usize, text: &str) {
        let width = self.look.width.saturating_sub(indent + 2).max(20);
        for (at, line) in wrap(&escape(text), width).into_iter().enumerate() {
            let hang = if at == 0 { indent } else { indent + 2 };
            self.text.push_str(&format!("{}{line}\n", " ".repeat(hang)));
        }
    }

    fn heading(&mut self, text: &str) {
        self.text.push_str(&format!("\n{}\n", self.look.bold(&escape(text))));
    }

    fn list(&mut self, heading: &str, items: &[String]) {
        if !items.is_empty() {
            self.heading(heading);
            items.iter().for_each(|item| self.line(2, &format!("{} {item}", self.look.bullet())));
        }
    }
}

fn table(role: &Role, study: &Study, look: &Look) -> String {
    let mut page = Page { look, text: String::new() };
    page.text.push_str(&format!("{} {}\n", look.bold("Role"), escape(&role.name)));
    page.line(0, &role.arn);
    let kinds = study.needs.workloads.iter().map(|(kind, count)| {
        let plural = if *count == 1 { "" } else { "s" };
        format!("{count} {}{plural}", kind.replace('-', " "))
    });
    let kinds: Vec<String> = kinds.collect();
    page.line(
        0,
        &match kinds.is_empty() {
            true => "Nothing that was seen runs as this role.".to_owned(),
            false => format!("{} run as it.", kinds.join(", ")),
        },
    );
    needs(&mut page, study);
    surplus(&mut page, study);
    services(&mut page, study);
    proposal(&mut page, role, study);
    page.list("The proposal may give too little", &study.doubts);
    page.list("What is said about today's rights rests on this", &study.assumptions);
    page.text
}

fn needs(page: &mut Page<'_>, study: &Study) {
    page.heading(&format!("What its workloads need ({})", study.needs.all.len()));
    if study.needs.all.is_empty() {
        page.line(2, "nothing that was seen");
    }
    for (need, granted) in study.needs.all.iter().zip(&study.granted) {
        let place = match (need.object.name.as_str(), need.object.prefix.as_deref()) {
            ("", _) => "*".to_owned(),
            (_, Some(prefix)) if !prefix.is_empty() => format!("{} below {prefix}", need.object.pattern()),
            _ => need.object.pattern(),
        };
        page.line(2, &format!("{}: {place} ({})", need.purpose.words(), granted_word(granted)));
        page.line(4, &because(need));
    }
}

fn because(need: &Need) -> String {
    let shown = if need.because.len() > 2 { 2 } else { need.because.len() };
    let places = need
        .because
        .iter()
        .take(shown)
        .map(|b| format!("{} {} ({}, {})", b.kind.replace('-', " "), b.name, b.field, b.region));
    let mut text = places.collect::<Vec<_>>().join(", ");
    match need.because.len() - shown + need.more {
        0 => {}
        more => text.push_str(&format!(", and {more} more")),
    }
    text
}

fn surplus(page: &mut Page<'_>, study: &Study) {
    page.heading(&format!("What it may do beyond ({})", study.surplus.len()));
    if study.surplus.is_empty() {
        page.line(2, "nothing of what was tried");
    }
    // One wide statement often gives most of it.
    let mut by_statement: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in &study.surplus {
        let place = if one.resource == "*" { String::new() } else { format!(" {}", one.resource) };
        by_statement.entry(one.proof.words()).or_default().push(format!("{}{place}", one.says));
    }
    for (statement, rights) in by_statement {
        page.line(2, &rights.join(", "));
        page.line(4, &statement);
    }
}

fn services(page: &mut Page<'_>, study: &Study) {
    if study.services.is_empty() {
        return;
    }
    page.heading("Services");
    let widest = study.services.keys().map(|name| escape(name).chars().count()).max().unwrap_or_default().min(30);
    for (name, service) in &study.services {
        let need = if service.needed { "needed" } else { "not needed" };
        let used = match service.used {
            Used::At(at) => format!(", last used {}", at.strftime("%Y-%m-%d")),
            Used::Never => ", not used in 400 days".to_owned(),
            Used::Unknown => String::new(),
        };
        page.line(2, &format!("{} {need}{used}", pad(&escape(name), widest)));
    }
}

fn proposal(page: &mut Page<'_>, role: &Role, study: &Study) {
    if study.proposal.is_empty() {
        return;
    }
    let count = study.proposal.len();
    page.heading(&match count {
        1 => "Proposal: one policy".to_owned(),
        _ => format!("Proposal: {count} policies"),
    });
    for draft in &study.proposal {
        page.line(2, &format!("{} of {MANAGED_POLICY} characters", draft.size()));
        for statement in draft.statements() {
            let evidence = study.evidence(statement);
            let first = evidence.first().map(|need| because(need)).unwrap_or_default();
            let more = match evidence.len() {
                0 | 1 => String::new(),
                2 => "; and for 1 other resource".to_owned(),
                n => format!("; and for {} other resources", n - 1),
            };
            page.line(4, &format!("{}: {first}{more}", statement.sid));
        }
    }
    page.line(2, &format!("`sagescan role {} --policy` prints it", role.name));
}
