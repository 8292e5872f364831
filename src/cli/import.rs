//! `dockside import orders|rmas|products FILE..`: files of JSON lines into the order book.
//! Owns: where files and reject files are, what is printed, the exit code. Never: what a row may
//! hold (orderbook). Start at `run`. Tests: import/tests.rs.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::cli::{DONE, FOUND, Global, WrongUsage};
use crate::orderbook::import::{ImportReport, Kind};
use crate::orderbook::{Access, OrderBook};

/// The reject files' directory within the data directory.
const REJECTS: &str = "rejects";

/// Why a file is not even opened: wrong usage.
#[derive(Debug, thiserror::Error)]
pub enum ImportRefused {
    #[error("{path:?} is CSV: import reads JSON lines, one record as a JSON object on each line")]
    Csv { path: PathBuf },
    #[error("no file to import: name one, or - for standard input")]
    NoFile,
    #[error("standard input is named twice")]
    StdinTwice,
}

/// What `import` takes.
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[arg(value_enum)]
    pub kind: KindWord,
    /// JSON lines; - is standard input
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum KindWord {
    Orders,
    Rmas,
    Products,
}

/// # Errors
/// As [`run`].
pub fn main(global: &Global, args: &ImportArgs, out: &mut impl Write) -> anyhow::Result<u8> {
    let kind = match args.kind {
        KindWord::Orders => Kind::Orders,
        KindWord::Rmas => Kind::Rmas,
        KindWord::Products => Kind::Products,
    };
    let wrong = |refused: ImportRefused| WrongUsage(refused.to_string());
    check(&args.files).map_err(wrong)?;
    run(&global.data_dir()?, kind, &args.files, global.json, out)
}

/// What is printed for each file.
#[derive(Debug, Serialize)]
struct Outcome {
    read: u64,
    stored: u64,
    rejected: u64,
    reject_file: Option<PathBuf>,
}

/// Imports `files` one after the other into the order book of `data_dir`, and prints one line for
/// each: a JSON object when `json` or when standard output is no terminal.
///
/// The exit code is 1 when any row was rejected, else 0.
///
/// # Errors
/// [`ImportRefused`] before anything is read; otherwise what the disk or the order book refused,
/// the batches before being stored.
pub fn run(
    data_dir: &Path,
    kind: Kind,
    files: &[PathBuf],
    json: bool,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    check(files)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(async {
        let mut book = OrderBook::open(data_dir, Access::ReadWrite).await?;
        if let Some(aside) = book.set_aside() {
            warn(&format!("the order book was not of this version and stands aside as {aside:?}"));
        }
        let mut code = DONE;
        let mut taken = BTreeSet::new();
        for file in files {
            let rejects = RejectFile::new(data_dir, kind, file, &mut taken)?;
            let outcome = import_file(&mut book, kind, file, rejects)
                .await
                .with_context(|| format!("{file:?} is not imported to its end"))?;
            print(out, kind, file, &outcome, json || !std::io::stdout().is_terminal())?;
            if outcome.rejected > 0 {
                code = FOUND;
            }
        }
        book.close().await?;
        Ok(code)
    })
}

fn check(files: &[PathBuf]) -> Result<(), ImportRefused> {
    if files.is_empty() {
        return Err(ImportRefused::NoFile);
    }
    let is_csv = |path: &&PathBuf| {
        path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
    };
    if let Some(path) = files.iter().find(is_csv) {
        return Err(ImportRefused::Csv { path: path.clone() });
    }
    if files.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err(ImportRefused::StdinTwice);
    }
    Ok(())
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

async fn import_file(
    book: &mut OrderBook,
    kind: Kind,
    file: &Path,
    mut rejects: RejectFile,
) -> anyhow::Result<Outcome> {
    let (reader, len_bytes): (Box<dyn BufRead>, Option<u64>) = if is_stdin(file) {
        (Box::new(std::io::stdin().lock()), None)
    } else {
        let opened = File::open(file).context("the file can't be opened")?;
        let len_bytes = opened.metadata()?.len();
        (Box::new(BufReader::with_capacity(1 << 18, opened)), Some(len_bytes))
    };
    let bar = progress_bar(len_bytes);
    let progress = |bytes_read| bar.set_position(bytes_read);
    let report = book.import(kind, reader, &mut rejects, progress).await?;
    bar.finish_and_clear();
    warn_unknown(kind, &report);
    Ok(Outcome {
        read: report.read,
        stored: report.stored,
        rejected: report.rejected,
        reject_file: rejects.written(),
    })
}

/// indicatif draws on standard error, and on a terminal only.
fn progress_bar(len_bytes: Option<u64>) -> ProgressBar {
    let template = "{bar:30} {bytes} / {total_bytes}, {eta} left";
    match (len_bytes, ProgressStyle::with_template(template)) {
        (Some(len_bytes), Ok(style)) => ProgressBar::new(len_bytes).with_style(style),
        (Some(_), Err(_)) | (None, _) => ProgressBar::no_length(),
    }
}

fn warn_unknown(kind: Kind, report: &ImportReport) {
    for key in &report.unknown_keys {
        warn(&format!("unknown key in {}: {key} (its values are not stored)", kind.word()));
    }
}

/// A warning reaches the person, not the program that reads standard output. A closed standard
/// error takes nothing away from the import, so that failure is let go.
fn warn(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn print(
    out: &mut impl Write,
    kind: Kind,
    file: &Path,
    outcome: &Outcome,
    json: bool,
) -> anyhow::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, outcome)?;
        writeln!(out)?;
        return Ok(());
    }
    let Outcome { read, stored, rejected, reject_file } = outcome;
    write!(out, "{} from {file:?}: {read} read, {stored} stored", kind.word())?;
    match reject_file {
        Some(path) => writeln!(out, ", {rejected} rejected, with their causes in {path:?}")?,
        None => writeln!(out)?,
    }
    Ok(())
}

/// The reject file, made with its first row. What an earlier import of the same name left is
/// removed: it is out of date, and holds personal data.
struct RejectFile {
    path: PathBuf,
    file: Option<std::io::BufWriter<File>>,
}

impl RejectFile {
    /// `taken` holds the reject files of this call: two files of one name keep theirs apart.
    fn new(
        data_dir: &Path,
        kind: Kind,
        source: &Path,
        taken: &mut BTreeSet<PathBuf>,
    ) -> anyhow::Result<RejectFile> {
        let name = match source.file_name() {
            Some(name) if !is_stdin(source) => name.to_string_lossy().into_owned(),
            Some(_) | None => "stdin".to_owned(),
        };
        let name = name.strip_suffix(".jsonl").unwrap_or(&name);
        let stem = data_dir.join(REJECTS).join(format!("{}-{name}", kind.word()));
        let mut path = with_end(&stem, ".jsonl");
        let mut n = 1_u32;
        while !taken.insert(path.clone()) {
            n += 1;
            path = with_end(&stem, &format!("-{n}.jsonl"));
        }
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => {}
            Err(problem) => {
                return Err(problem).with_context(|| format!("{path:?} can't be replaced"));
            }
        }
        Ok(RejectFile { path, file: None })
    }

    fn written(self) -> Option<PathBuf> {
        self.file.map(|_| self.path)
    }

    fn open(&mut self) -> std::io::Result<&mut std::io::BufWriter<File>> {
        if let Some(directory) = self.path.parent() {
            std::fs::create_dir_all(directory)?;
        }
        match &mut self.file {
            Some(file) => Ok(file),
            empty @ None => Ok(empty.insert(std::io::BufWriter::new(File::create(&self.path)?))),
        }
    }
}

fn with_end(stem: &Path, end: &str) -> PathBuf {
    let mut name = stem.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

impl Write for RejectFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => self.open()?.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}
