//! `dockside decode`: what each scan is. One line in, one JSON line out, flushed each; with `--data`
//! the order book says which numbers it knows.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, Datelike, Utc};
use clap::Args;
use dockside_core::domain::carrier::Carriers;
use dockside_core::domain::decode::{Kind, decode};
use dockside_core::domain::event::MatchedBy;
use dockside_core::domain::scan;
use serde_json::json;

use crate::cli::escape::unescape;
use crate::cli::{DONE, FOUND, Global};
use crate::orderbook::{Access, OrderBook};
use crate::runtime::clock::now_ms;

/// What `decode` takes.
#[derive(Debug, Args)]
pub struct DecodeArgs {
    /// One scan a line; standard input when no file is named
    pub files: Vec<PathBuf>,
}

/// Longest line: every byte of the longest scan escaped, and room to say that one is too long.
const LINE_MAX_BYTES: u64 = 64 * 1024;

/// # Errors
/// The configuration, an unreadable file, or an order book that can't be opened.
pub fn run(global: &Global, args: &DecodeArgs, out: &mut impl Write) -> anyhow::Result<u8> {
    let config = global.load()?;
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let book = match &global.data {
        Some(dir) => Some(tokio.block_on(OrderBook::open(dir, Access::ReadOnly))?),
        None => None,
    };
    let today: Option<DateTime<Utc>> = DateTime::from_timestamp_millis(now_ms());
    let year = today.and_then(|today| u16::try_from(today.year()).ok()).unwrap_or_default();
    let mut decoder = Decoder { tokio, book, carriers: config.carriers, year };
    let stdin = [PathBuf::from("-")];
    let files = if args.files.is_empty() { &stdin[..] } else { &args.files };
    let mut code = DONE;
    for file in files {
        let mut lines = open(file)?;
        while let Some(line) = next_line(&mut lines)? {
            if !decoder.line(&line, out)? {
                code = FOUND;
            }
        }
    }
    Ok(code)
}

fn open(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(file).with_context(|| format!("{} can't be read", file.display()))?;
    Ok(Box::new(BufReader::new(opened)))
}

/// The next line without its end, cut where it is longer than any scan; the rest of it is skipped.
fn next_line(lines: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if lines.take(LINE_MAX_BYTES).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        let mut rest = Vec::new();
        while lines.take(LINE_MAX_BYTES).read_until(b'\n', &mut rest)? > 0 {
            if rest.last() == Some(&b'\n') {
                break;
            }
            rest.clear();
        }
    }
    while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        line.pop();
    }
    Ok(Some(line))
}

struct Decoder {
    tokio: tokio::runtime::Runtime,
    book: Option<OrderBook>,
    carriers: Carriers,
    year: u16,
}

impl Decoder {
    /// Writes one line, and says whether the input could be read at all.
    fn line(&mut self, line: &[u8], out: &mut impl Write) -> anyhow::Result<bool> {
        let text = String::from_utf8_lossy(line);
        let unescaped = match std::str::from_utf8(line) {
            Ok(text) => unescape(text).map_err(|error| ("bad_escape", error.to_string())),
            Err(error) => Err(("charset", format!("not UTF-8: {error}"))),
        };
        let bytes = match unescaped {
            Ok(bytes) => bytes,
            Err((code, message)) => {
                writeln!(out, "{}", json!({"error": {"code": code, "message": message}}))?;
                out.flush()?;
                return Ok(false);
            }
        };
        let known = self.known(&bytes)?;
        let told = decode(&text, &bytes, &self.carriers, &known, self.year);
        writeln!(out, "{}", serde_json::to_string(&told)?)?;
        out.flush()?;
        Ok(true)
    }

    /// What the order book says the scan is, best first.
    fn known(&mut self, bytes: &[u8]) -> anyhow::Result<Vec<Kind>> {
        let Some(book) = &mut self.book else { return Ok(Vec::new()) };
        let found = self.tokio.block_on(book.find(&scan::read(bytes).readings, None))?;
        let kind = |by: MatchedBy| match by {
            MatchedBy::Tracking => Kind::Tracking,
            MatchedBy::Rma => Kind::Rma,
            MatchedBy::OrderNo | MatchedBy::Choice => Kind::Order,
            MatchedBy::Serial => Kind::Serial,
        };
        let mut kinds: Vec<Kind> = found.orders.iter().map(|hit| kind(hit.by)).collect();
        kinds.dedup();
        Ok(kinds)
    }
}
