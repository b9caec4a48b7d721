//! Attack paths, for people and for drawing programs. Names are whatever the account holds: each form escapes its own way.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sagescan_checks::paths::{AttackPath, Certainty, Confidence, End, Evidence, PathHop, PathReport};

use crate::console::{Look, escape, is_hostile, pad, style_of, wrap};

/// Sources, choke points and gaps that are shown before the rest is counted.
const NAMED: usize = 5;

/// The table: each path with its hops, then what ends most of them, then what was not seen.
pub fn table(report: &PathReport, look: &Look) -> String {
    let mut page = Page { look, text: String::new() };
    let found = report.paths.len() + report.cut.too_many;
    let count = match found {
        0 => "No attack path found".to_owned(),
        1 => "1 attack path".to_owned(),
        n => format!("{n} attack paths"),
    };
    page.line(&look.bold(&format!("{count} in account {}", escape(&report.account))));
    page.wrapped("", 0, &format!("{} nodes, {} edges; {}", report.graph.nodes, report.graph.edges, report.assumes));
    for path in &report.paths {
        page.path(path);
    }
    page.choke_points(report);
    page.gaps(report);
    page.cut(report);
    page.text
}

struct Page<'l> {
    look: &'l Look,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn wrapped(&mut self, first: &str, hang: usize, text: &str) {
        let width = self.look.width.saturating_sub(hang).max(20);
        for (at, line) in wrap(text, width).into_iter().enumerate() {
            let lead = if at == 0 { pad(first, hang) } else { " ".repeat(hang) };
            self.line(&format!("{lead}{line}"));
        }
    }

    fn path(&mut self, path: &AttackPath) {
        let look = self.look;
        self.line("");
        let severity = look.paint(style_of(path.severity), path.severity.word());
        self.line(&format!("{severity}{dot}{}{dot}{}", path.rule, path.id, dot = look.dot()));
        for line in wrap(&escape(&path.narrative), look.width) {
            let line = look.bold(&line);
            self.line(&line);
        }
        for hop in &path.hops {
            self.hop(hop);
        }
        self.wrapped("  weakest link", 16, &format!("hop {}: {}", path.weakest.hop, escape(&path.weakest.why)));
        match &path.cut {
            Some(cut) => {
                let others = match cut.ends.saturating_sub(1) {
                    0 => "this path".to_owned(),
                    1 => "this path and one other".to_owned(),
                    n => format!("this path and {n} others"),
                };
                self.wrapped("  cheapest cut", 16, &format!("{} (ends {others})", escape(&cut.change)));
            }
            None => {
                self.wrapped("  cheapest cut", 16, "no single change of one hop; there are other ways to the same end")
            }
        }
        if path.source_count > 1 {
            let shown = if self.look.verbose { path.sources.len() } else { NAMED };
            let names: Vec<String> = path.sources.iter().take(shown).map(|end| escape(&end.name)).collect();
            let more = match path.source_count.saturating_sub(names.len()) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            self.wrapped("  who", 16, &format!("{}{more}", names.join(", ")));
        }
    }

    fn hop(&mut self, hop: &PathHop) {
        let says = format!("{} {}", escape(&called(&hop.from)), escape(&hop.says));
        self.wrapped(&format!("  {}.", hop.number), 5, &says);
        let doubts = match &hop.certainty {
            Certainty::Certain => String::new(),
            Certainty::Conditional { keys } => format!("if {} allows it; ", escape(&keys.join(", "))),
            Certainty::Assumed { unseen } => format!("assumed, not seen: {}; ", escape(unseen)),
        };
        let waits = if hop.waits { "when it starts again; " } else { "" };
        let confidence = match hop.confidence {
            Confidence::Published => "",
            Confidence::Derived => " (derived from the API)",
            Confidence::Unverified => " (unverified)",
        };
        let evidence: Vec<String> = hop.evidence.iter().map(proof).collect();
        let text = format!("{doubts}{waits}{}{confidence}, by {}", hop.technique, escape(&evidence.join("; ")));
        for line in wrap(&text, self.look.width.saturating_sub(5).max(20)) {
            let line = self.look.dim(&line);
            self.line(&format!("     {line}"));
        }
    }

    fn choke_points(&mut self, report: &PathReport) {
        if report.choke_points.is_empty() {
            return;
        }
        self.line("");
        let heading = self.look.bold("Changes that end most paths");
        self.line(&heading);
        let shown = if self.look.verbose { usize::MAX } else { NAMED };
        for point in report.choke_points.iter().take(shown) {
            let ends = if point.ends == 1 { "1 path".to_owned() } else { format!("{} paths", point.ends) };
            self.wrapped(&format!("  {ends}"), 13, &escape(&point.change));
        }
        self.more(report.choke_points.len(), shown);
    }

    fn gaps(&mut self, report: &PathReport) {
        if report.gaps.is_empty() {
            return;
        }
        self.line("");
        let heading = self.look.bold("Not seen, so there may be more paths");
        self.line(&heading);
        let shown = if self.look.verbose { usize::MAX } else { NAMED };
        for gap in report.gaps.iter().take(shown) {
            let grant = gap.grant.as_ref().map(|grant| format!(" (grant {})", escape(grant))).unwrap_or_default();
            self.wrapped("  -", 4, &format!("{}: {}{grant}", escape(&gap.what), escape(&gap.why)));
        }
        self.more(report.gaps.len() + report.cut.gaps, shown);
    }

    fn more(&mut self, all: usize, shown: usize) {
        if all > shown {
            self.line(&format!("  and {} more", all - shown));
        }
    }

    fn cut(&mut self, report: &PathReport) {
        let cut = report.cut;
        let counts = [
            (cut.too_many, "paths beyond --limit"),
            (cut.too_long, "paths longer than --depth"),
            (cut.not_tried, "combinations of principals and targets not tried"),
        ];
        let left: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        if !left.is_empty() {
            self.line("");
            self.wrapped("", 0, &format!("Left out: {}", left.join(", ")));
        }
    }
}

fn called(end: &End) -> String {
    match end.kind {
        "internet" | "anyone" | "outsider" | "provider" | "admin" | "artifact" => end.name.clone(),
        kind => format!("{} {}", kind.replace('-', " "), end.name),
    }
}

fn proof(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Statement { holder, policy, statement, sid } => {
            let at = match sid.as_deref().filter(|sid| !sid.is_empty()) {
                Some(sid) => format!("statement {sid}"),
                None => format!("statement {statement}"),
            };
            match policy.starts_with("arn:") || policy.ends_with(holder) {
                true => format!("{at} of {policy}"),
                false => format!("{at} of {policy} of {holder}"),
            }
        }
        Evidence::Field { resource, field } => format!("{field} of {resource}"),
    }
}

/// Nodes of a drawing: each end once, numbered in order of first appearance, and the edges between them.
struct Drawing<'r> {
    ends: Vec<&'r End>,
    edges: Vec<(usize, usize, &'r PathHop)>,
}

impl<'r> Drawing<'r> {
    fn of(report: &'r PathReport) -> Drawing<'r> {
        let mut drawing = Drawing { ends: Vec::new(), edges: Vec::new() };
        let mut known: BTreeMap<&End, usize> = BTreeMap::new();
        let mut drawn = std::collections::BTreeSet::new();
        let mut number = |end: &'r End, ends: &mut Vec<&'r End>| {
            *known.entry(end).or_insert_with(|| {
                ends.push(end);
                ends.len() - 1
            })
        };
        for hop in report.paths.iter().flat_map(|path| &path.hops) {
            let from = number(&hop.from, &mut drawing.ends);
            let to = number(&hop.to, &mut drawing.ends);
            if drawn.insert((from, to, hop.edge, hop.technique)) {
                drawing.edges.push((from, to, hop));
            }
        }
        drawing
    }
}

/// Graphviz. A label is a quoted string in which backslash and quote are escaped.
pub fn dot(report: &PathReport) -> String {
    let drawing = Drawing::of(report);
    let mut text = "digraph attack_paths {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
    for (number, end) in drawing.ends.iter().enumerate() {
        let shape = if end.kind == "admin" { ", style=bold" } else { "" };
        let _ = writeln!(text, "  n{number} [label=\"{}\"{shape}];", quoted(&called(end)));
    }
    for (from, to, hop) in &drawing.edges {
        let style = if hop.certainty == Certainty::Certain { "" } else { ", style=dashed" };
        let _ = writeln!(text, "  n{from} -> n{to} [label=\"{}\"{style}];", quoted(&label(hop)));
    }
    text.push_str("}\n");
    text
}

fn label(hop: &PathHop) -> String {
    match hop.technique == hop.edge {
        true => hop.edge.to_owned(),
        false => format!("{} ({})", hop.edge, hop.technique),
    }
}

fn quoted(text: &str) -> String {
    escape(text).replace('\\', "\\\\").replace('"', "\\\"")
}

/// Mermaid. Whatever is no plain letter or digit stands as a numeric entity, so that no name can end a label or begin a
/// directive.
pub fn mermaid(report: &PathReport) -> String {
    let drawing = Drawing::of(report);
    let mut text = "flowchart LR\n".to_owned();
    for (number, end) in drawing.ends.iter().enumerate() {
        let _ = writeln!(text, "  n{number}[\"{}\"]", entities(&called(end)));
    }
    for (from, to, hop) in &drawing.edges {
        let arrow = if hop.certainty == Certainty::Certain { "-->" } else { "-.->" };
        let _ = writeln!(text, "  n{from} {arrow}|\"{}\"| n{to}", entities(&label(hop)));
    }
    text
}

fn entities(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_hostile(c) => {
                let _ = write!(safe, "\\u{:x}", u32::from(c));
            }
            c if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | ',') => safe.push(c),
            c => {
                let _ = write!(safe, "#{};", u32::from(c));
            }
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_a_label() {
        for name in ["a\"];evil[", "end\nclick n0", "<script>", "a\u{1b}[2J", "`x`", "#quot;", "\\\""] {
            let drawn = entities(name);
            assert!(!drawn.contains(['"', '[', ']', '<', '>', '\n', '\u{1b}', '`']), "{drawn}");
            let quoted = quoted(name);
            let mut escaped = false;
            for c in quoted.chars() {
                assert!(c != '"' || escaped, "{quoted}");
                escaped = c == '\\' && !escaped;
            }
            assert!(!escaped && !quoted.contains(['\n', '\u{1b}']), "{quoted}");
        }
    }
}
