//! Pages and their tokens. A token is opaque, and good only for the request that it was given to.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sagescan_checks::snapshot::Gap;

use super::call::Call;
use super::faults::Fault;
use super::refusal::Refusal;

/// How an operation pages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paging {
    /// The parameter that asks for a size.
    pub(super) size: &'static str,
    /// The parameter that carries the token.
    pub(super) token: &'static str,
    /// The size where none is asked for.
    pub(super) default: usize,
    /// The largest size that may be asked for.
    pub(super) maximum: usize,
}

/// One page: which items are on it, and how to ask for the next.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) range: Range<usize>,
    pub(super) next: Option<String>,
}

impl Paging {
    /// The page that is asked for. What a table lacks is behind its last page: asking for it is refused.
    pub(super) fn page(&self, call: &Call<'_>, total: usize, missing: Option<&Gap>) -> Result<Page, Refusal> {
        let size = call.number(self.size)?.unwrap_or(self.default);
        if !(1..=self.maximum).contains(&size) {
            let (name, largest) = (self.size, self.maximum);
            return Err(Refusal::Invalid(format!(
                "1 validation error detected: Value '{size}' at '{name}' failed to satisfy constraint: Member must have value between 1 and {largest}"
            )));
        }
        let start = match call.text(self.token).filter(|token| !token.is_empty()) {
            None if call.fault == Some(Fault::EmptyPage) => {
                return Ok(Page { range: 0..0, next: Some(self.stamp(call, 0)) });
            }
            None => 0,
            Some(token) => self.read(call, token).filter(|start| *start <= total).ok_or_else(|| {
                Refusal::Invalid(format!("The {} that was given is not valid for this request", self.token))
            })?,
        };
        if let Some(gap) = missing.filter(|_| start == total) {
            return Err(gap.into());
        }
        let end = total.min(start + size);
        let next = match call.fault {
            Some(Fault::RepeatToken) => Some(self.stamp(call, if start == 0 { end } else { start })),
            _ => (end < total || missing.is_some()).then(|| self.stamp(call, end)),
        };
        Ok(Page { range: start..end, next })
    }

    fn stamp(&self, call: &Call<'_>, start: usize) -> String {
        URL_SAFE_NO_PAD.encode(format!("{start}.{:016x}", self.fingerprint(call)))
    }

    fn read(&self, call: &Call<'_>, token: &str) -> Option<usize> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let (start, fingerprint) = text.split_once('.')?;
        (u64::from_str_radix(fingerprint, 16).ok()? == self.fingerprint(call)).then(|| start.parse().ok())?
    }

    /// What a token is bound to: the operation, the region and all parameters but size and token.
    fn fingerprint(&self, call: &Call<'_>) -> u64 {
        let mut hasher = DefaultHasher::new();
        (call.service.name, call.operation.name, call.region).hash(&mut hasher);
        for (name, value) in call.input.iter().filter(|(name, _)| *name != self.size && *name != self.token) {
            (name, value.to_string()).hash(&mut hasher);
        }
        hasher.finish()
    }
}
