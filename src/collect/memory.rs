//! What a scan need not ask again: what an earlier run of it wrote to a checkpoint before it was ended, and what an
//! earlier snapshot holds of things that do not change.

use std::collections::{BTreeSet, HashMap};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{Timestamp, ToSpan};
use sagescan_checks::engine::GLOBAL;
use sagescan_checks::snapshot::{Account, Coverage, Part, Region, Snapshot, Table, Tables};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kind::{self, Answered, Item, Kind};
use crate::files;

const FORMAT: &str = "sagescan/checkpoint/v1";
/// Hours after which a checkpoint tells too little of the account as it is.
const STALE: i64 = 24;

/// The scan that a checkpoint is of: one of another account or with other limits cannot go on from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) version: String,
    pub(super) account: String,
    pub(super) started: Timestamp,
    pub(super) jobs_since_days: u32,
    pub(super) max_per_type: Option<usize>,
    /// What belongs to the account follows from what all of them name.
    pub(super) regions: Vec<String>,
    pub(super) last_accessed: bool,
    pub(super) service_quotas: bool,
    pub(super) activity: bool,
    pub(super) log_samples: bool,
}

impl Header {
    pub(super) fn new(account: &str, started: Timestamp, regions: &[String], request: &super::Request) -> Header {
        Header {
            format: FORMAT.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            account: account.to_owned(),
            started,
            jobs_since_days: request.jobs_since_days,
            max_per_type: request.max_per_type,
            regions: regions.to_vec(),
            last_accessed: request.last_accessed,
            service_quotas: request.service_quotas,
            activity: request.activity,
            log_samples: request.log_samples,
        }
    }

    fn is_of_the_same_scan_as(&self, other: &Header) -> bool {
        *self == Header { started: self.started, ..other.clone() }
    }
}

/// One line of a checkpoint: tables that are whole, one resource, or what one request to Search led to.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Line {
    /// A region, or `global`.
    place: String,
    tables: BTreeSet<Table>,
    /// The summary of the one resource.
    item: Option<String>,
    /// The request to Search; without a region it showed too much and was cut in halves.
    slice: Option<String>,
    /// When each of the resources that it showed was changed last: the model does not keep that.
    modified: Vec<Option<Timestamp>>,
    region: Option<Box<Region>>,
    account: Option<Box<Account>>,
    coverage: Vec<Coverage>,
    /// The scan came to its end.
    finished: bool,
}

/// What holds tables, as a checkpoint names it.
pub(super) trait Kept: Tables + Send {
    /// Its name in a line.
    const NAME: &'static str;
    /// Out of a line.
    fn of(line: Line) -> Option<Self>;
    /// As JSON.
    fn write(&self, tables: &BTreeSet<Table>, out: &mut dyn Write) -> io::Result<()>;
}

impl Kept for Region {
    const NAME: &'static str = "region";

    fn of(line: Line) -> Option<Self> {
        line.region.map(|region| *region)
    }

    fn write(&self, tables: &BTreeSet<Table>, out: &mut dyn Write) -> io::Result<()> {
        Ok(serde_json::to_writer(out, &Part { of: self, tables })?)
    }
}

impl Kept for Account {
    const NAME: &'static str = "account";

    fn of(line: Line) -> Option<Self> {
        line.account.map(|account| *account)
    }

    fn write(&self, tables: &BTreeSet<Table>, out: &mut dyn Write) -> io::Result<()> {
        Ok(serde_json::to_writer(out, &Part { of: self, tables })?)
    }
}

/// Why a checkpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// It cannot be read or written.
    #[error("cannot use the checkpoint {}: {}", .0.display(), .1)]
    File(PathBuf, io::Error),
    /// It is none.
    #[error("{} is no checkpoint; name a file that does not exist yet, or one that --checkpoint wrote", .0.display())]
    Foreign(PathBuf),
    /// It is of another account.
    #[error("the checkpoint {} is of account {}, and this scan is of {}; name another file", .0.display(), .1, .2)]
    OtherAccount(PathBuf, String, String),
    /// Another scan holds it.
    #[error("another scan is writing to the checkpoint {}", .0.display())]
    InUse(PathBuf),
}

/// Resources by region, table and summary.
type Items = HashMap<(String, Table, String), Box<dyn Item>>;

/// What requests to Search led to, by region, table and request.
type Slices = HashMap<(String, Table, String), (Option<Box<Region>>, Vec<Option<Timestamp>>)>;

/// What one request to Search led to.
pub(super) enum Slice {
    /// These records, each with when it was changed last.
    Records(Vec<(Value, Box<dyn Item>, Option<Timestamp>)>),
    /// Too many.
    TooLong,
}

/// What was read out of a checkpoint, and the file to go on writing.
struct Journal {
    file: Mutex<BufWriter<File>>,
    /// Set when the disk is full: the scan goes on without.
    broken: AtomicBool,
    lines: Mutex<Vec<Line>>,
    items: Mutex<Items>,
    slices: Mutex<Slices>,
    /// The tables of this run that are whole, by place.
    whole: Mutex<BTreeSet<(String, Table)>>,
    regions: Vec<String>,
}

/// What is known before anything is asked.
#[derive(Default)]
pub(super) struct Memory {
    journal: Option<Journal>,
    last: Option<Arc<Snapshot>>,
    used_last: AtomicBool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    pub(super) fn of_last_scan(last: Option<Arc<Snapshot>>) -> Memory {
        Memory { last, ..Memory::default() }
    }

    /// Goes on from a checkpoint where it is of the same scan, and begins one where there is none. Returns when the scan
    /// began, the ledger as it was, and what to tell the user.
    pub(super) fn resume(
        &mut self,
        path: &Path,
        header: &Header,
    ) -> Result<(Timestamp, Vec<Coverage>, Option<String>), CheckpointError> {
        let failed = |error| CheckpointError::File(path.to_owned(), error);
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(CheckpointError::InUse(path.to_owned())),
            // A file system without locks is no reason to refuse.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let Read { header: found, lines, whole } =
            read(&file).map_err(failed)?.ok_or(CheckpointError::Foreign(path.to_owned()))?;
        let mut journal = Journal {
            file: Mutex::new(BufWriter::new(file)),
            broken: AtomicBool::new(false),
            lines: Mutex::default(),
            items: Mutex::default(),
            slices: Mutex::default(),
            whole: Mutex::default(),
            regions: header.regions.clone(),
        };
        let (mut began, mut coverage, mut says) = (header.started, Vec::new(), None);
        if let Some(found) = &found {
            if found.account != header.account {
                let (theirs, ours) = (found.account.clone(), header.account.clone());
                return Err(CheckpointError::OtherAccount(path.to_owned(), theirs, ours));
            }
            let stale = found.started.checked_add(STALE.hours()).is_ok_and(|until| until < header.started);
            let anew = match () {
                () if lines.iter().any(|line| line.finished) => Some("is of a scan that came to its end".to_owned()),
                () if stale => Some(format!("is more than {STALE} hours old")),
                () if !found.is_of_the_same_scan_as(header) => Some("is of a scan with other options".to_owned()),
                () => None,
            };
            says = Some(match &anew {
                Some(why) => format!("the checkpoint {why}: starting anew"),
                None => format!("going on from the checkpoint of {}", found.started),
            });
            if anew.is_none() {
                // What broke off would spoil the line that follows.
                locked(&journal.file).get_ref().set_len(whole).map_err(failed)?;
                began = found.started;
                coverage = lines.iter().flat_map(|line| line.coverage.clone()).collect();
                journal.remember(lines);
            }
        }
        // Without a word of it in front, nothing that follows could be used.
        if found.is_none() || began == header.started {
            journal.begin(header).map_err(failed)?;
        }
        self.journal = Some(journal);
        Ok((began, coverage, says))
    }

    /// Tables that were filled before.
    pub(super) fn tables<T: Kept>(&self, place: &str, tables: &BTreeSet<Table>) -> Option<T> {
        let journal = self.journal.as_ref()?;
        let mut lines = locked(&journal.lines);
        let at = lines.iter().position(|line| line.place == place && line.tables.is_superset(tables))?;
        journal.is_whole(place, tables);
        T::of(lines.swap_remove(at))
    }

    /// Writes tables down, unless something in them, or in what they follow from, may be seen yet.
    pub(super) fn note_tables<T: Kept>(&self, place: &str, tables: &BTreeSet<Table>, of: &T, coverage: &[Coverage]) {
        let Some(journal) = &self.journal else { return };
        let mut look = BufWriter::with_capacity(1 << 16, Look::default());
        let looked = of.write(tables, &mut look).and_then(|()| look.flush());
        if looked.is_err() || look.get_ref().transient || !journal.follow_from_whole_ones(place, tables) {
            return;
        }
        journal.is_whole(place, tables);
        journal.write(|out| {
            write!(out, "{{\"place\":{},\"tables\":", Value::from(place))?;
            serde_json::to_writer(&mut *out, tables)?;
            write!(out, ",\"coverage\":")?;
            serde_json::to_writer(&mut *out, coverage)?;
            write!(out, ",\"{}\":", T::NAME)?;
            of.write(tables, out)?;
            out.write_all(b"}\n")
        });
    }

    /// A resource that was described before, when its summary was the same.
    pub(super) fn item(&self, place: &str, table: Table, summary: &str) -> Option<Box<dyn Item>> {
        let journal = self.journal.as_ref()?;
        locked(&journal.items).remove(&(place.to_owned(), table, summary.to_owned()))
    }

    /// Writes one resource down.
    pub(super) fn note_item(&self, place: &str, table: Table, summary: &str, item: &dyn Item) {
        let Some(journal) = &self.journal else { return };
        let text = item.to_json();
        if TRANSIENT.iter().any(|sign| text.contains(sign)) {
            return;
        }
        journal.write(|out| {
            let (place, key, item) = (Value::from(place), table.key(), Value::from(summary));
            writeln!(
                out,
                "{{\"place\":{place},\"tables\":[\"{key}\"],\"item\":{item},\"region\":{{\"{key}\":[{text}]}}}}"
            )
        });
    }

    /// What a request to Search led to before.
    pub(super) fn slice(&self, place: &str, kind: &Kind, request: &str) -> Option<Slice> {
        let journal = self.journal.as_ref()?;
        let key = (place.to_owned(), kind.spec.table, request.to_owned());
        let (region, modified) = locked(&journal.slices).remove(&key)?;
        let Some(region) = region else { return Some(Slice::TooLong) };
        let items = (kind.seen)(&region).filter(|items| items.len() == modified.len())?;
        let records = items.into_iter().zip(modified).map(|((answer, item), modified)| (answer, item, modified));
        Some(Slice::Records(records.collect()))
    }

    /// Writes down what a request to Search led to; `None` where that was too much.
    pub(super) fn note_slice(
        &self,
        place: &str,
        table: Table,
        request: &str,
        records: Option<&[(&dyn Item, Option<Timestamp>)]>,
    ) {
        let Some(journal) = &self.journal else { return };
        journal.write(|out| {
            let (place, key, request) = (Value::from(place), table.key(), Value::from(request));
            write!(out, "{{\"place\":{place},\"tables\":[\"{key}\"],\"slice\":{request}")?;
            if let Some(records) = records {
                let modified: Vec<_> = records.iter().map(|(_, modified)| modified).collect();
                write!(out, ",\"modified\":{},\"region\":{{\"{key}\":[", serde_json::to_string(&modified)?)?;
                for (number, (item, _)) in records.iter().enumerate() {
                    write!(out, "{}{}", if number > 0 { "," } else { "" }, item.to_json())?;
                }
                write!(out, "]}}")?;
            }
            out.write_all(b"}\n")
        });
    }

    /// The scan came to its end: the next one begins anew.
    pub(super) fn finish(&self) {
        if let Some(journal) = &self.journal {
            journal.write(|out| out.write_all(b"{\"finished\":true}\n"));
        }
    }

    /// What the last scan saw of a type in a region, each with the answer that it was made of, if it saw all of it back
    /// to `since`; and when it began.
    pub(super) fn last(&self, place: &str, kind: &Kind, since: Timestamp) -> Option<(Timestamp, Answered)> {
        let last = self.last.as_ref()?;
        let whole = last.scan.interrupted.is_none() && last.scan.jobs_since.is_some_and(|from| from <= since);
        let items = (kind.seen)(last.regions.get(place)?).filter(|_| whole)?;
        Some((last.scan.started, items))
    }

    /// The last scan spared a question.
    pub(super) fn used_last(&self) {
        self.used_last.store(true, Ordering::Relaxed);
    }

    /// When the scan was made that questions were spared by.
    pub(super) fn since_last(&self) -> Option<Timestamp> {
        let used = self.used_last.load(Ordering::Relaxed);
        self.last.as_ref().filter(|_| used).map(|last| last.scan.finished)
    }
}

impl Journal {
    /// Throws away what the file held and says what it is of.
    fn begin(&self, header: &Header) -> io::Result<()> {
        let mut file = locked(&self.file);
        file.get_ref().set_len(0)?;
        serde_json::to_writer(&mut *file, header)?;
        file.write_all(b"\n")?;
        file.flush()
    }

    fn is_whole(&self, place: &str, tables: &BTreeSet<Table>) {
        locked(&self.whole).extend(tables.iter().map(|table| (place.to_owned(), *table)));
    }

    /// Whether nothing is missing of what says what these tables hold: else the next run may name more. What belongs to
    /// the account, or follows from it, follows from all regions.
    fn follow_from_whole_ones(&self, place: &str, tables: &BTreeSet<Table>) -> bool {
        let whole = locked(&self.whole);
        let everywhere = place == GLOBAL || tables.iter().any(|table| table.follows_the_account());
        let is_whole = |place: &str, table: Table| whole.contains(&(place.to_owned(), table));
        let mut needs = tables.iter().flat_map(|table| table.needs()).filter(|need| !tables.contains(need));
        needs.all(|need| match need.of_account() {
            true => is_whole(GLOBAL, *need),
            false if everywhere => self.regions.iter().all(|region| is_whole(region, *need)),
            false => is_whole(place, *need),
        })
    }

    fn remember(&mut self, lines: Vec<Line>) {
        let (mut tables, mut items, mut slices) = (Vec::new(), HashMap::new(), HashMap::new());
        for mut line in lines {
            if let Some((request, table)) = line.slice.take().zip(line.tables.first().copied()) {
                slices.insert((line.place, table, request), (line.region, line.modified));
                continue;
            }
            match (line.item.take(), line.tables.first().copied()) {
                (None, _) => tables.push(line),
                (Some(summary), Some(table)) => {
                    let item = kind::of(table)
                        .zip(line.region.as_deref())
                        .and_then(|(kind, region)| (kind.seen)(region).and_then(|mut seen| seen.pop()));
                    if let Some((_, item)) = item {
                        items.insert((line.place, table, summary), item);
                    }
                }
                (Some(_), None) => {}
            }
        }
        // Of a table that is whole, its parts tell nothing more.
        let whole: BTreeSet<(String, Table)> =
            tables.iter().flat_map(|line| line.tables.iter().map(|table| (line.place.clone(), *table))).collect();
        let of_unfinished = |(place, table, _): &(String, Table, String)| !whole.contains(&(place.clone(), *table));
        items.retain(|key, _| of_unfinished(key));
        slices.retain(|key, _| of_unfinished(key));
        (self.lines, self.items, self.slices) = (Mutex::new(tables), Mutex::new(items), Mutex::new(slices));
    }

    /// Each line is on its way to the disk before the next question is asked. A full disk ends the checkpoint, not the
    /// scan.
    fn write(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.broken.load(Ordering::Relaxed) {
            return;
        }
        let mut file = locked(&self.file);
        if fill(&mut *file).and_then(|()| file.flush()).is_err() {
            self.broken.store(true, Ordering::Relaxed);
        }
    }
}

/// What a checkpoint holds.
struct Read {
    /// None in an empty file.
    header: Option<Header>,
    lines: Vec<Line>,
    /// The length of all this, in bytes. A line that breaks off is the last thing that a killed scan wrote.
    whole: u64,
}

/// Reads a checkpoint; nothing of a file that is none.
fn read(file: &File) -> io::Result<Option<Read>> {
    let mut file = BufReader::new(file);
    let mut line = Vec::new();
    let mut whole = file.read_until(b'\n', &mut line)? as u64;
    let mut all = Read { header: None, lines: Vec::new(), whole };
    if whole == 0 {
        return Ok(Some(all));
    }
    all.header = files::parse::<Header>(&line).ok().filter(|header| header.format == FORMAT);
    if all.header.is_none() {
        return Ok(None);
    }
    loop {
        line.clear();
        whole += file.read_until(b'\n', &mut line)? as u64;
        match files::parse::<Line>(&line) {
            Ok(read) if line.ends_with(b"\n") => all.lines.push(read),
            _ => return Ok(Some(all)),
        }
        all.whole = whole;
    }
}

/// Signs of a gap that another attempt may fill, as they stand in JSON. Quotes in a text would be escaped.
const TRANSIENT: [&str; 3] = ["\"reason\":\"failed\"", "\"reason\":\"throttled\"", "\"detail\":\"not asked: "];

/// Looks for such signs in what passes by.
#[derive(Default)]
struct Look {
    tail: Vec<u8>,
    transient: bool,
}

impl Write for Look {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tail.extend_from_slice(bytes);
        let found = |sign: &&str| self.tail.windows(sign.len()).any(|window| window == sign.as_bytes());
        self.transient = self.transient || TRANSIENT.iter().any(found);
        let keep = TRANSIENT.iter().map(|sign| sign.len()).max().unwrap_or_default();
        self.tail.drain(..self.tail.len().saturating_sub(keep));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
