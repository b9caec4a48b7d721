//! Fakes: a value that the detector takes for a secret of a given kind, spelled from the rule's own pattern.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::rules::{Form, RULES};

/// The name of a variable and a fake value which, under that name, any other name or in a line of text, is found to be
/// exactly of this kind. `None` for an unknown kind.
///
/// The fake says what it is (`SAGESCANFAKE…` as far as the format allows) and opens nothing. A kind that only its name
/// tells from noise carries the name within the value (`WANDB_API_KEY=…`).
///
/// ```
/// let (variable, value) = sagescan_secrets::example("hugging-face-token").unwrap();
/// assert_eq!(variable, "HF_TOKEN");
/// let found = sagescan_secrets::scan_text(&value, "the example");
/// assert_eq!(found[0].kind, "hugging-face-token");
/// ```
pub fn example(kind: &str) -> Option<(String, String)> {
    let rule = RULES.iter().find(|rule| rule.kind == kind)?;
    let hir = ParserBuilder::new().unicode(false).build().parse(rule.value()).ok()?;
    let mut fake = String::new();
    spell(&hir, &mut fake, &mut 0);
    let value = match rule.form {
        Form::Alone(_) => fake,
        Form::Near(..) | Form::Assigned(..) => format!("{}={fake}", rule.variable),
    };
    Some((rule.variable.to_owned(), value))
}

/// The shortest text of the pattern, first branches first; where the length is open, at least 16 characters.
fn spell(hir: &Hir, fake: &mut String, count: &mut usize) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => fake.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => {
            fake.extend(letter(class, *count));
            *count += 1;
        }
        HirKind::Repetition(repetition) => {
            let longest = repetition.max.unwrap_or(u32::MAX);
            let times = if repetition.min < 4 { repetition.min } else { repetition.min.max(16).min(longest) };
            (0..times).for_each(|_| spell(&repetition.sub, fake, count));
        }
        HirKind::Capture(capture) => spell(&capture.sub, fake, count),
        HirKind::Concat(parts) => parts.iter().for_each(|part| spell(part, fake, count)),
        HirKind::Alternation(branches) => branches.iter().take(1).for_each(|branch| spell(branch, fake, count)),
    }
}

/// A member of the class: a letter of our signature on every other round, else a step through the class.
fn letter(class: &Class, count: usize) -> Option<char> {
    const SIGNATURE: &[u8] = b"SAGESCANFAKE";
    let member = |b: u8| match class {
        Class::Bytes(class) => class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&b)),
        Class::Unicode(class) => {
            class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&char::from(b)))
        }
    };
    let sign = SIGNATURE[count % SIGNATURE.len()];
    let signed = [sign, sign.to_ascii_lowercase()].into_iter().find(|&b| member(b));
    let signed = signed.filter(|_| (count / SIGNATURE.len()).is_multiple_of(2));
    let plain: Vec<u8> = (b'0'..=b'z').filter(|&b| b.is_ascii_alphanumeric() && member(b)).collect();
    let any = || (b' '..=b'~').find(|&b| member(b));
    signed.or_else(|| plain.get(count % SIGNATURE.len() * 3 % plain.len().max(1)).copied()).or_else(any).map(char::from)
}
