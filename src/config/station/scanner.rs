//! The `[[scanner]]` blocks of station.toml: a port, its line settings and how codes are told apart.
//! Never: opening the port (that is `device`). Tests: config/tests.rs.

use std::path::PathBuf;

use dockside_core::domain::framing::Terminator;
use dockside_core::domain::ids::DeviceName;
use serde::Deserialize;
use toml::Spanned;

use crate::config::error::{ConfigError, Problem};
use crate::config::source::Source;

/// The speeds in use, in baud.
pub const BAUDS: [i64; 8] = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];

/// Longest prefix a scanner sends, in characters.
pub const PREFIX_MAX_CHARS: usize = 16;

/// One scanner on a serial port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    pub name: DeviceName,
    pub transport: Transport,
    pub path: PathBuf,
    pub line: Line,
    /// Taken off the front of every code.
    pub prefix: String,
    /// What ends a code; CR followed by LF ends one.
    pub terminators: Vec<Terminator>,
    /// Silence that ends a code without a terminator.
    pub idle_ms: u64,
    /// The same code again within this is the same scan; 0 is off.
    pub bounce_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Serial,
}

/// The settings of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub baud: u32,
    pub data_bits: DataBits,
    pub parity: Parity,
    pub stop_bits: StopBits,
    pub flow: Flow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataBits {
    Seven,
    Eight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    None,
    Even,
    Odd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopBits {
    One,
    Two,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    None,
    /// XON and XOFF.
    Software,
    /// RTS and CTS.
    Hardware,
}

/// A block as it is written; the defaults are those that the comments of the default file name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScannerEntry {
    name: Spanned<String>,
    transport: Option<Spanned<String>>,
    path: Spanned<String>,
    baud: Option<Spanned<i64>>,
    data_bits: Option<Spanned<i64>>,
    parity: Option<Spanned<String>>,
    stop_bits: Option<Spanned<i64>>,
    flow: Option<Spanned<String>>,
    prefix: Option<Spanned<String>>,
    terminators: Option<Vec<Spanned<String>>>,
    idle_ms: Option<Spanned<i64>>,
    bounce_ms: Option<Spanned<i64>>,
}

pub(super) fn read(source: &Source, entries: &[ScannerEntry]) -> Result<Vec<Scanner>, ConfigError> {
    let mut scanners: Vec<Scanner> = Vec::with_capacity(entries.len());
    for entry in entries {
        let scanner = scanner(source, entry)?;
        if scanners.iter().any(|other| other.name == scanner.name) {
            let what = format!("scanner {}", scanner.name);
            return Err(source.at(entry.name.span(), Problem::Twice { what }));
        }
        if scanners.iter().any(|other| other.path == scanner.path) {
            let what = format!("port {}", scanner.path.display());
            return Err(source.at(entry.path.span(), Problem::Twice { what }));
        }
        scanners.push(scanner);
    }
    Ok(scanners)
}

fn scanner(source: &Source, entry: &ScannerEntry) -> Result<Scanner, ConfigError> {
    let name = entry.name.get_ref().parse::<DeviceName>();
    if entry.path.get_ref().trim().is_empty() {
        return Err(source.refuse("path", &entry.path, "the port's file, such as /dev/ttyACM0"));
    }
    let number = |key, value: &Option<Spanned<i64>>, otherwise: u64, least, most| {
        value.as_ref().map_or(Ok(otherwise), |value| source.number(key, value, least..=most))
    };
    Ok(Scanner {
        name: name.map_err(|problem| source.refuse("name", &entry.name, problem.to_string()))?,
        transport: word(source, "transport", &entry.transport, &[("serial", Transport::Serial)])?,
        path: entry.path.get_ref().into(),
        line: line(source, entry)?,
        prefix: prefix(source, entry.prefix.as_ref())?,
        terminators: terminators(source, entry.terminators.as_deref())?,
        idle_ms: number("idle_ms", &entry.idle_ms, 100, 10, 2000)?,
        bounce_ms: number("bounce_ms", &entry.bounce_ms, 300, 0, 5000)?,
    })
}

/// One of a few words; the first stands for a key that is left out.
fn word<T: Copy, const N: usize>(
    source: &Source,
    key: &str,
    written: &Option<Spanned<String>>,
    words: &[(&str, T); N],
) -> Result<T, ConfigError> {
    match (written, words.first()) {
        (None, Some((_, first))) => Ok(*first),
        (Some(written), _) => source.word(key, written, words),
        (None, None) => Err(source
            .whole(Problem::Missing { what: key.to_owned(), why: "it has no default".to_owned() })),
    }
}

fn line(source: &Source, entry: &ScannerEntry) -> Result<Line, ConfigError> {
    let baud = match &entry.baud {
        None => 9600,
        Some(written) if BAUDS.contains(written.get_ref()) => {
            source.number("baud", written, 1200..=115_200)?
        }
        Some(written) => {
            let bauds = BAUDS.map(|baud| baud.to_string()).join(", ");
            return Err(source.refuse("baud", written, format!("one of {bauds}")));
        }
    };
    let data_bits = match entry.data_bits.as_ref().map(|written| (*written.get_ref(), written)) {
        None | Some((8, _)) => DataBits::Eight,
        Some((7, _)) => DataBits::Seven,
        Some((_, written)) => return Err(source.refuse("data_bits", written, "7 or 8")),
    };
    let stop_bits = match entry.stop_bits.as_ref().map(|written| (*written.get_ref(), written)) {
        None | Some((1, _)) => StopBits::One,
        Some((2, _)) => StopBits::Two,
        Some((_, written)) => return Err(source.refuse("stop_bits", written, "1 or 2")),
    };
    let parities = [("none", Parity::None), ("even", Parity::Even), ("odd", Parity::Odd)];
    let flows = [("none", Flow::None), ("software", Flow::Software), ("hardware", Flow::Hardware)];
    let parity = word(source, "parity", &entry.parity, &parities)?;
    let flow = word(source, "flow", &entry.flow, &flows)?;
    Ok(Line { baud, data_bits, parity, stop_bits, flow })
}

fn prefix(source: &Source, written: Option<&Spanned<String>>) -> Result<String, ConfigError> {
    let Some(written) = written else { return Ok(String::new()) };
    let prefix = written.get_ref();
    if prefix.len() > PREFIX_MAX_CHARS || !prefix.is_ascii() {
        let allowed = format!("0 to {PREFIX_MAX_CHARS} ASCII characters");
        return Err(source.refuse("prefix", written, allowed));
    }
    Ok(prefix.clone())
}

fn terminators(
    source: &Source,
    written: Option<&[Spanned<String>]>,
) -> Result<Vec<Terminator>, ConfigError> {
    const WORDS: [(&str, Terminator); 5] = [
        ("cr", Terminator::Cr),
        ("lf", Terminator::Lf),
        ("crlf", Terminator::CrLf),
        ("tab", Terminator::Tab),
        ("stx_etx", Terminator::StxEtx),
    ];
    let Some(written) = written else { return Ok(vec![Terminator::Cr, Terminator::Lf]) };
    written.iter().map(|word| source.word("terminators", word, &WORDS)).collect()
}
