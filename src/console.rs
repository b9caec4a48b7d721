//! The only place that prints. stdout carries data alone; stderr carries progress, notes, hints and errors.
//!
//! Names, tags and messages of an account are whatever somebody typed into it: [`escape`] makes visible what would
//! otherwise move the cursor, change a colour, or reverse the reading order.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Effects, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sagescan_checks::engine::Severity;
use serde::Deserialize;
use unicode_width::UnicodeWidthChar;

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always, also into files and pipes.
    Always,
    /// Never.
    Never,
}

/// How text for people is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// Whether to use colour.
    pub color: bool,
    /// Whether signs outside ASCII can be shown.
    pub unicode: bool,
    /// Whether to show every detail.
    pub verbose: bool,
}

/// What output is laid out for when nobody says how wide it may be.
const WIDTH: usize = 100;

impl Look {
    /// Wraps text in a style, when there is colour.
    pub fn paint(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Bold text.
    pub fn bold(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// Text that may be overlooked.
    pub fn dim(&self, text: &str) -> String {
        self.paint(Style::new().effects(Effects::DIMMED), text)
    }

    /// The sign between two short facts.
    pub fn dot(&self) -> &'static str {
        if self.unicode { " · " } else { " | " }
    }

    /// The sign that begins an item of a list.
    pub fn bullet(&self) -> &'static str {
        if self.unicode { "•" } else { "-" }
    }
}

/// The colour of a severity.
pub fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold().invert(),
        Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low => AnsiColor::Cyan.on_default(),
        Severity::Info => Style::new().effects(Effects::DIMMED),
    }
}

/// Everything that leaves the program passes through here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Console {
    /// Says nothing but errors.
    pub quiet: bool,
    /// Shows every detail.
    pub verbose: bool,
    /// When to use colour.
    pub color: Color,
}

impl Console {
    /// How text on stdout is laid out.
    pub fn look(&self) -> Look {
        Look { color: self.colors(&io::stdout()), ..self.look_of_file() }
    }

    /// How text in a file is laid out.
    pub fn look_of_file(&self) -> Look {
        Look { width: width(), color: self.color == Color::Always, unicode: locale_is_utf8(), verbose: self.verbose }
    }

    fn colors(&self, stream: &impl anstream::stream::RawStream) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never,
        }
    }

    /// Writes the result to stdout. A reader that has seen enough is no error.
    pub fn data(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// Says something worth knowing.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.say("", Style::new(), text);
        }
    }

    /// Says what to do next.
    pub fn hint(&self, text: &str) {
        if !self.quiet {
            self.say("hint: ", AnsiColor::Cyan.on_default().bold(), text);
        }
    }

    /// Says what is odd, though work goes on.
    pub fn warning(&self, text: &str) {
        if !self.quiet {
            self.say("warning: ", AnsiColor::Yellow.on_default().bold(), text);
        }
    }

    /// Says why work ended. Never silenced.
    pub fn error(&self, text: &str) {
        self.say("error: ", AnsiColor::Red.on_default().bold(), text);
    }

    /// Says how the command line was misunderstood, in the words of clap.
    pub fn usage(&self, text: &str) {
        self.say("", Style::new(), text.trim_end());
    }

    fn say(&self, label: &str, style: Style, text: &str) {
        let stderr = io::stderr();
        let label = match self.colors(&stderr) && !label.is_empty() {
            true => format!("{style}{label}{style:#}"),
            false => label.to_owned(),
        };
        // Nobody is left to be told when stderr is gone.
        let _ = writeln!(stderr.lock(), "{label}{}", escape_lines(text));
    }

    /// A progress display: done and planned calls, on a terminal alone.
    pub fn progress(&self) -> Progress {
        let shown = !self.quiet && io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(
            Some(0),
            if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() },
        );
        let template = "{elapsed_precise} [{bar:30}] {pos}/{len} calls, {eta} left{msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars(if locale_is_utf8() { "█▉ " } else { "=> " }));
        }
        Progress { console: *self, bar, throttled: std::sync::atomic::AtomicU64::new(0) }
    }
}

/// Shows how far a scan has come. Notes appear above the bar.
pub struct Progress {
    console: Console,
    bar: ProgressBar,
    throttled: std::sync::atomic::AtomicU64,
}

impl Progress {
    /// More calls lie ahead.
    pub fn planned(&self, calls: u64) {
        self.bar.inc_length(calls);
    }

    /// One call is over.
    pub fn done(&self) {
        self.bar.inc(1);
    }

    /// AWS asked to slow down.
    pub fn throttled(&self) {
        let times = 1 + self.throttled.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.bar.set_message(format!(", throttled {times} times"));
    }

    /// Something worth knowing happened.
    pub fn note(&self, text: &str) {
        self.bar.suspend(|| self.console.note(text));
    }

    /// Something for those who asked for every detail.
    pub fn detail(&self, text: &str) {
        if self.console.verbose {
            self.note(text);
        }
    }

    /// Something is odd.
    pub fn warning(&self, text: &str) {
        self.bar.suspend(|| self.console.warning(text));
    }

    /// What somebody at the terminal answers; nothing without a terminal, and nothing for an empty line.
    pub fn asked(&self, question: &str) -> Option<String> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        self.bar.suspend(|| {
            let mut stderr = io::stderr().lock();
            write!(stderr, "{}", escape(question)).and_then(|()| stderr.flush()).ok()?;
            let mut answer = String::new();
            io::stdin().read_line(&mut answer).ok()?;
            Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty())
        })
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    told.or_else(of_terminal).unwrap_or(WIDTH).clamp(40, 200)
}

fn locale_is_utf8() -> bool {
    let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// Whether a character does something other than show itself: controls, invisible signs, reading order.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Makes one line of text safe to show: whatever is hostile becomes a visible escape, line ends included.
pub fn escape(text: &str) -> String {
    escaped(text, |_| false)
}

/// Makes a block of text safe to show, keeping its line ends.
pub fn escape_lines(text: &str) -> String {
    escaped(text, |c| c == '\n')
}

fn escaped(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if keep(c) || !is_hostile(c) => safe.push(c),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            c => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    safe
}

/// The columns a text takes, which is not its number of characters.
pub fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Fills a text up with spaces on the right.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Breaks a text into lines at spaces; a word too long for a line is broken anywhere.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for word in text.split_whitespace() {
        let long = columns(word);
        if used > 0 && used + 1 + long > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        if long <= width {
            line.push_str(word);
            used += long;
            continue;
        }
        for c in word.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > width && used > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += wide;
        }
    }
    if used > 0 {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_become_visible() {
        assert_eq!(escape("\u{1b}[2Jgone"), "\\u{1b}[2Jgone");
        assert_eq!(escape("a\nb\tc\rd\u{7f}\u{9b}31m"), "a\\nb\\tc\\rd\\u{7f}\\u{9b}31m");
    }

    #[test]
    fn reading_order_and_invisible_signs_become_visible() {
        assert_eq!(escape("abc\u{202e}fdp\u{2066}"), "abc\\u{202e}fdp\\u{2066}");
        assert_eq!(escape("pay\u{200b}roll\u{feff}"), "pay\\u{200b}roll\\u{feff}");
        assert_eq!(escape("\u{e0041}"), "\\u{e0041}");
    }

    #[test]
    fn honest_text_stays_as_it_is() {
        assert_eq!(escape("Größe 模型 ok"), "Größe 模型 ok");
    }

    #[test]
    fn a_block_keeps_its_lines_and_nothing_else() {
        assert_eq!(escape_lines("one\ntwo\u{1b}"), "one\ntwo\\u{1b}");
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing() {
        let text = "a short story about averyveryverylongword 模型模型模型";
        for width in 1..40 {
            let lines = wrap(text, width);
            assert!(lines.iter().all(|line| columns(line) <= width.max(2)), "{width}: {lines:?}");
            let whole: String = lines.concat().split_whitespace().collect();
            assert_eq!(whole, text.split_whitespace().collect::<String>());
        }
    }
}
