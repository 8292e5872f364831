//! What a scan is, told whole: the answer of `dockside decode`.
//! Owns: which reading comes first, and the words of the contract. Never: the order book (what it
//! knows comes as an argument), a clock (so does the year).
//! Start at `decode`. Tests: decode/tests.rs.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::carrier::{CarrierReading, Carriers, Strength};
use crate::domain::gs1::link::{Linked, read_link};
use crate::domain::gs1::{self, Gs1, Separators};
use crate::domain::ids::Gtin;
use crate::domain::scan::{self, Reading, SCAN_MAX_BYTES, Scan, ScanFault};

/// One scan, told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Decoded {
    pub input: String,
    pub aim: Option<String>,
    pub kind: Kind,
    pub gtin: Option<Gtin>,
    pub elements: Option<BTreeMap<String, String>>,
    pub serial: Option<String>,
    pub lot: Option<String>,
    pub expiry: Option<String>,
    pub sscc: Option<String>,
    pub carrier: Option<String>,
    pub service: Option<String>,
    pub tracking: Option<String>,
    pub alternatives: Vec<Alternative>,
    pub errors: Vec<Error>,
}

/// What a scan can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Gtin,
    Gs1,
    DigitalLink,
    Sscc,
    Tracking,
    Lpn,
    Order,
    Rma,
    Bin,
    Badge,
    Command,
    Serial,
    #[default]
    Unknown,
}

/// Another thing the same scan can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alternative {
    pub kind: Kind,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub gtin: Option<Gtin>,
}

/// What is wrong, and where: a byte offset after unescaping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Error {
    pub code: &'static str,
    pub message: String,
    pub at: usize,
}

/// One way to read the scan, with what it gives.
#[derive(Clone, Debug)]
struct Way {
    kind: Kind,
    gtin: Option<Gtin>,
    sscc: Option<String>,
    carrier: Option<CarrierReading>,
}

impl Way {
    fn of(kind: Kind) -> Way {
        Way { kind, gtin: None, sscc: None, carrier: None }
    }

    fn carried(reading: CarrierReading) -> Way {
        Way { carrier: Some(reading), ..Way::of(Kind::Tracking) }
    }
}

/// Decodes the bytes of one scan. `input` is the line as it was written; `known` what the order
/// book says the number is, where it was asked; `year` the current one, for the century of dates.
#[must_use]
pub fn decode(
    input: &str,
    bytes: &[u8],
    carriers: &Carriers,
    known: &[Kind],
    year: u16,
) -> Decoded {
    let scan = scan::read(bytes);
    let mut told = Decoded { input: input.to_owned(), aim: scan.aim.clone(), ..Decoded::default() };
    if bytes.len() > SCAN_MAX_BYTES {
        let message = format!("longer than {SCAN_MAX_BYTES} bytes");
        told.errors.push(Error { code: "too_long", message, at: SCAN_MAX_BYTES });
        return told;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        told.errors.extend(fault_of(&scan, bytes));
        return told;
    };
    let (skipped, body) = body_of(text, scan.aim.as_deref());
    match read_link(body) {
        Linked::DigitalLink(link) => {
            told.kind = Kind::DigitalLink;
            fill(&mut told, &link, skipped, year);
            return told;
        }
        Linked::Compressed => {
            let message = "a Digital Link in compressed form, which is not read".to_owned();
            told.errors.push(Error { code: "unknown_ai", message, at: skipped });
            return told;
        }
        Linked::OtherUrl => return told,
        Linked::NotUrl => {}
    }
    if is_gs1(body, scan.aim.as_deref()) {
        element_string(&mut told, body, skipped, carriers, year);
    } else {
        plain(&mut told, &scan, bytes, carriers, known);
    }
    told
}

/// The text behind an AIM identifier and one leading separator, and how many bytes were skipped.
fn body_of<'a>(text: &'a str, aim: Option<&str>) -> (usize, &'a str) {
    let after_aim = aim.and_then(|aim| text.strip_prefix(aim)).unwrap_or(text);
    let body = after_aim.strip_prefix('\u{1d}').unwrap_or(after_aim);
    let body = body.trim_end_matches(['\r', '\n']);
    (text.len() - after_aim.len() + usize::from(after_aim.starts_with('\u{1d}')), body)
}

fn is_gs1(body: &str, aim: Option<&str>) -> bool {
    match aim {
        Some(aim) => gs1::is_gs1_symbology(aim),
        None => {
            body.as_bytes().contains(&gs1::GS)
                || gs1::looks_like_element_string(body, Separators::default())
        }
    }
}

fn element_string(told: &mut Decoded, body: &str, skipped: usize, carriers: &Carriers, year: u16) {
    let parsed = gs1::parse(body, Separators::default());
    fill(told, &parsed, skipped, year);
    let joined: String = body.chars().filter(|letter| *letter != '\u{1d}').collect();
    let readings = carriers.read(&joined);
    let is_sscc_alone = told.sscc.is_some() && parsed.elements.len() == 1;
    let strongest = readings.first().filter(|reading| reading.strength == Strength::Strong);
    if is_sscc_alone {
        told.kind = Kind::Sscc;
        told.alternatives.extend(readings.into_iter().map(|r| alternative(Way::carried(r))));
    } else if let Some(strongest) = strongest.cloned() {
        carry(told, &strongest);
        let gtin = told.gtin;
        told.alternatives.push(Alternative { gtin, ..alternative(Way::of(Kind::Gs1)) });
        let others = readings.into_iter().skip(1);
        told.alternatives.extend(others.map(|reading| alternative(Way::carried(reading))));
    } else if !parsed.elements.is_empty() {
        told.kind = Kind::Gs1;
        told.alternatives.extend(readings.into_iter().map(|r| alternative(Way::carried(r))));
    }
}

/// What the elements say.
fn fill(told: &mut Decoded, parsed: &Gs1<'_>, skipped: usize, year: u16) {
    told.gtin = parsed.gtin();
    told.sscc = parsed.sscc().map(|sscc| sscc.to_string());
    told.serial = parsed.serial().map(str::to_owned);
    told.lot = parsed.lot().map(str::to_owned);
    told.expiry = parsed.expiry(year).map(|day| day.to_string());
    told.elements = (!parsed.elements.is_empty()).then(|| parsed.map());
    told.errors.extend(parsed.errors.iter().map(|error| Error {
        code: error.fault.code(),
        message: error.to_string(),
        at: error.at + skipped,
    }));
}

fn plain(told: &mut Decoded, scan: &Scan, bytes: &[u8], carriers: &Carriers, known: &[Kind]) {
    let is_ean = scan.aim.as_deref().is_some_and(|aim| aim.starts_with("]E"));
    let mut ways: Vec<Way> = known.iter().map(|kind| Way::of(*kind)).collect();
    let mut number: Option<&str> = None;
    for reading in &scan.readings {
        match reading {
            Reading::Badge(_) => ways.push(Way::of(Kind::Badge)),
            Reading::Bin(_) => ways.push(Way::of(Kind::Bin)),
            Reading::Lpn(_) => ways.push(Way::of(Kind::Lpn)),
            Reading::Command(_) => ways.push(Way::of(Kind::Command)),
            Reading::Gtin(gtin) => {
                ways.push(Way { gtin: Some(*gtin), ..Way::of(Kind::Gtin) });
            }
            Reading::Sscc(sscc) => {
                ways.push(Way { sscc: Some(sscc.to_string()), ..Way::of(Kind::Sscc) });
            }
            Reading::Number(text) => number = Some(text.as_str()),
        }
    }
    let readings = number.filter(|_| !is_ean).map(|text| carriers.read(text)).unwrap_or_default();
    let (sure, possible): (Vec<_>, Vec<_>) =
        readings.into_iter().partition(|reading| reading.strength > Strength::Possible);
    for reading in sure {
        match ways.first_mut() {
            // The order book knows the number, this carrier its form: one reading.
            Some(first) if first.kind == Kind::Tracking && first.carrier.is_none() => {
                first.carrier = Some(reading);
            }
            Some(_) | None => ways.push(Way::carried(reading)),
        }
    }
    let failed = number.is_some_and(|text| !is_ean && !carriers.failed_checks(text).is_empty());
    let mut ways = ways.into_iter();
    match ways.next() {
        Some(first) => {
            take(told, first);
            // What the order book says of a number, it says of the number as scanned.
            match told.kind {
                Kind::Serial => told.serial = number.map(str::to_owned),
                Kind::Tracking if told.tracking.is_none() => {
                    told.tracking = number.map(str::to_owned);
                }
                Kind::Gtin
                | Kind::Gs1
                | Kind::DigitalLink
                | Kind::Sscc
                | Kind::Tracking
                | Kind::Lpn
                | Kind::Order
                | Kind::Rma
                | Kind::Bin
                | Kind::Badge
                | Kind::Command
                | Kind::Unknown => {}
            }
        }
        None => {
            told.errors.extend(fault_of(scan, bytes));
            if told.errors.is_empty() && failed {
                let message = "the check digit of this parcel number is wrong".to_owned();
                let at = bytes.len().saturating_sub(1);
                told.errors.push(Error { code: "check_digit", message, at });
            }
        }
    }
    told.alternatives.extend(ways.map(alternative));
    told.alternatives.extend(possible.into_iter().map(|r| alternative(Way::carried(r))));
}

fn take(told: &mut Decoded, way: Way) {
    told.kind = way.kind;
    told.gtin = way.gtin;
    told.sscc = way.sscc;
    if let Some(reading) = &way.carrier {
        carry(told, reading);
    }
}

fn carry(told: &mut Decoded, reading: &CarrierReading) {
    told.kind = Kind::Tracking;
    told.carrier = Some(reading.carrier.clone());
    told.service.clone_from(&reading.service);
    told.tracking = Some(reading.tracking.clone());
}

fn alternative(way: Way) -> Alternative {
    let (carrier, tracking) =
        way.carrier.map(|reading| (reading.carrier, reading.tracking)).unzip();
    Alternative { kind: way.kind, carrier, tracking, gtin: way.gtin }
}

fn fault_of(scan: &Scan, bytes: &[u8]) -> Option<Error> {
    let fault = scan.fault.as_ref()?;
    let (code, at) = match fault {
        ScanFault::Empty => ("length", 0),
        ScanFault::TooLong { .. } => ("too_long", SCAN_MAX_BYTES),
        ScanFault::Charset { at } => ("charset", *at),
        ScanFault::CheckDigit { .. } => ("check_digit", bytes.len().saturating_sub(1)),
        ScanFault::Glued { first, .. } => ("length", first.len()),
    };
    Some(Error { code, message: fault.to_string(), at })
}
