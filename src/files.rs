//! Files in and out: snapshots are read as a stream and within bounds, results appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use sagescan_checks::engine::{REPORT_FORMAT, Report};
use sagescan_checks::snapshot::{FORMAT, ReadError, Snapshot};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// No file is read further than this, uncompressed: a small file can unpack to anything.
const LIMIT: u64 = 4 << 30;

/// Texts that are typed by hand or made by other tools are smaller.
const TEXT_LIMIT: u64 = 256 << 20;

/// Why a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Not there, not allowed, or broken on the way.
    #[error("cannot read {}: {}", .0.display(), .1)]
    Read(PathBuf, io::Error),
    /// Reads, but is not what it should be.
    #[error("cannot use {}: {}", .0.display(), .1)]
    Snapshot(PathBuf, ReadError),
    /// Neither a snapshot nor a report.
    #[error("cannot use {}: {}", .0.display(), .1)]
    Report(PathBuf, String),
    /// Larger than any honest file.
    #[error("cannot use {}: it holds more than {} MiB, which no honest file does", .0.display(), .1 >> 20)]
    TooLarge(PathBuf, u64),
    /// Cannot be created or filled.
    #[error("cannot write {}: {}", .0.display(), .1)]
    Write(PathBuf, io::Error),
}

/// Passes bytes on until there are too many of them.
struct Bounded<R> {
    inner: R,
    left: u64,
}

const TOO_LARGE: &str = "more than the limit";

/// All JSON is read through this one type: the code that reads a snapshot is large, and exists once for each.
fn buffered(inner: Box<dyn Read + '_>, limit: u64) -> BufReader<Bounded<Box<dyn Read + '_>>> {
    BufReader::with_capacity(1 << 16, Bounded { inner, left: limit })
}

/// Reads JSON that is in memory already.
///
/// # Errors
/// What is wrong with its shape.
pub(crate) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_reader(buffered(Box::new(json), LIMIT))
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.left =
            self.left.checked_sub(got as u64).ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, TOO_LARGE))?;
        Ok(got)
    }
}

/// A file that can be read more than once: what comes through a pipe is held in memory.
struct Source<'p> {
    path: &'p Path,
    held: Option<Vec<u8>>,
}

impl<'p> Source<'p> {
    /// `-` is standard input.
    fn new(path: &'p Path, limit: u64) -> Result<Self, FileError> {
        let failed = |error| FileError::Read(path.to_owned(), error);
        let hold = |from: &mut dyn Read| {
            let mut held = Vec::new();
            let read = Bounded { inner: from, left: limit }.read_to_end(&mut held);
            read.map(|_| held).map_err(|error| too_large(path, limit, error))
        };
        if path == Path::new("-") {
            return Ok(Source { path, held: Some(hold(&mut io::stdin().lock())?) });
        }
        let found = fs::metadata(path).map_err(failed)?;
        let held = match found.is_file() {
            true => None,
            false => Some(hold(&mut File::open(path).map_err(failed)?)?),
        };
        Ok(Source { path, held })
    }

    /// Reads from the beginning, unpacking what begins as gzip does.
    fn open(&self, limit: u64) -> Result<impl BufRead + '_, FileError> {
        let failed = |error| FileError::Read(self.path.to_owned(), error);
        let mut raw: Box<dyn BufRead + '_> = match &self.held {
            Some(held) => Box::new(held.as_slice()),
            None => Box::new(BufReader::with_capacity(1 << 16, File::open(self.path).map_err(failed)?)),
        };
        let packed = raw.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
        Ok(buffered(if packed { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) }, limit))
    }

    /// Reads JSON. The inner error is the shape's, the outer one the file's.
    fn json<T: DeserializeOwned>(&self) -> Result<Result<T, serde_json::Error>, FileError> {
        match serde_json::from_reader(self.open(LIMIT)?) {
            Err(error) if error.is_io() => Err(too_large(self.path, LIMIT, error.into())),
            result => Ok(result),
        }
    }

    /// The format that the JSON claims to have.
    fn format(&self) -> Result<Option<String>, FileError> {
        #[derive(Deserialize)]
        struct Head {
            format: Option<String>,
        }
        let head = self.json::<Head>()?.map_err(|error| self.wrong(ReadError::Json(error)))?;
        Ok(head.format)
    }

    fn snapshot(&self) -> Result<Snapshot, FileError> {
        match self.format()? {
            None => Err(self.wrong(ReadError::Foreign)),
            Some(format) if format != FORMAT => Err(self.wrong(ReadError::Format(format))),
            Some(_) => self.json()?.map_err(|error| self.wrong(ReadError::Damaged(error))),
        }
    }

    fn wrong(&self, error: ReadError) -> FileError {
        FileError::Snapshot(self.path.to_owned(), error)
    }
}

fn too_large(path: &Path, limit: u64, error: io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => FileError::TooLarge(path.to_owned(), limit),
        _ => FileError::Read(path.to_owned(), error),
    }
}

/// Reads a snapshot, `.json` or `.json.gz`.
pub fn read_snapshot(path: &Path) -> Result<Snapshot, FileError> {
    Source::new(path, LIMIT)?.snapshot()
}

/// What `diff` compares.
pub enum Seen {
    /// Yet to be judged.
    Snapshot(Box<Snapshot>),
    /// Judged already.
    Report(Box<Report>),
}

/// Reads a snapshot or a JSON report, whichever the file says it is.
pub fn read_snapshot_or_report(path: &Path) -> Result<Seen, FileError> {
    let source = Source::new(path, LIMIT)?;
    match source.format()?.as_deref() {
        Some(REPORT_FORMAT) => source
            .json()?
            .map(|report| Seen::Report(Box::new(report)))
            .map_err(|error| FileError::Report(path.to_owned(), format!("the report is damaged: {error}"))),
        _ => source.snapshot().map(|snapshot| Seen::Snapshot(Box::new(snapshot))),
    }
}

/// Reads a text file: waivers, configuration, requests.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    let mut text = String::new();
    let read = Source::new(path, TEXT_LIMIT)?.open(TEXT_LIMIT)?.read_to_string(&mut text);
    read.map(|_| text).map_err(|error| too_large(path, TEXT_LIMIT, error))
}

/// A place for a result, known to be usable before the work for it begins.
#[derive(Debug, Clone)]
pub struct Destination {
    path: PathBuf,
    /// A device or pipe: written as it is, never replaced.
    special: bool,
}

impl Destination {
    /// Makes sure that the folder is there.
    pub fn new(path: &Path) -> Result<Destination, FileError> {
        let failed = |error| FileError::Write(path.to_owned(), error);
        let found = fs::metadata(path).ok();
        if found.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(failed(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")));
        }
        if !fs::metadata(folder_of(path)).is_ok_and(|folder| folder.is_dir()) {
            let why = format!("there is no folder {}", folder_of(path).display());
            return Err(failed(io::Error::new(io::ErrorKind::NotFound, why)));
        }
        let special = found.is_some_and(|found| !found.is_file());
        // A link keeps pointing where it points; what it points at is replaced.
        let path = if special { path.to_owned() } else { fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()) };
        Ok(Destination { path, special })
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the whole file, or leaves what was there.
    pub fn write(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), FileError> {
        self.try_write(fill).map_err(|error| FileError::Write(self.path.clone(), error))
    }

    fn try_write(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        if self.special {
            let mut out = BufWriter::new(fs::OpenOptions::new().write(true).open(&self.path)?);
            return fill(&mut out).and_then(|()| out.flush());
        }
        let (beside, out) = self.temporary()?;
        let written = fill_all(out, fill).and_then(|()| {
            if let Ok(old) = fs::metadata(&self.path) {
                fs::set_permissions(&beside, old.permissions())?;
            }
            fs::rename(&beside, &self.path)
        });
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written
    }

    /// A new file beside the destination, never one that somebody else has put there.
    fn temporary(&self) -> io::Result<(PathBuf, File)> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let mut attempt = 0;
        loop {
            let beside = self.path.with_file_name(format!(".{name}.{}-{attempt}.tmp", std::process::id()));
            match File::create_new(&beside) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 100 => attempt += 1,
                created => return created.map(|file| (beside, file)),
            }
        }
    }

    /// Writes a snapshot, packed when the name ends in `.gz`.
    pub fn write_snapshot(&self, snapshot: &Snapshot) -> Result<(), FileError> {
        let packed = self.path.extension().is_some_and(|extension| extension == "gz");
        self.write(|out| {
            if packed {
                let mut packer = GzEncoder::new(out, Compression::default());
                snapshot.write(&mut packer)?;
                packer.finish().map(drop)
            } else {
                snapshot.write(&mut *out)?;
                out.write_all(b"\n")
            }
        })
    }
}

fn fill_all(file: File, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    fill(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_beyond_the_limit_are_an_error_and_not_an_end() {
        let mut out = Vec::new();
        let mut reader = Bounded { inner: &b"twelve bytes"[..], left: 12 };
        assert_eq!(reader.read_to_end(&mut out).unwrap(), 12);
        let mut reader = Bounded { inner: &b"twelve bytes"[..], left: 11 };
        assert_eq!(reader.read_to_end(&mut out).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
