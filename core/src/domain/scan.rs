//! What a scan can be: every reading it has, ranked, and what is wrong with it. The order book is
//! the judge of what remains open.
//! Owns: the shapes of codes. Never: the order book, the screen. Total: no bytes make it panic.
//! Start at `read`; `glue` finds two codes in one scan, `shown` makes a text safe for a screen.
//! Tests: scan/tests.rs.

mod glue;
pub mod shown;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{
    BadgeCode, BinCode, Gtin, IdError, LPN_PREFIX, Lpn, NAME_MAX_BYTES, Sscc,
};

/// Longest scan in bytes: the largest symbol in use, a QR code of version 40, holds 4,296 letters
/// or 2,953 bytes; nothing on a parcel or a product comes near.
pub const SCAN_MAX_BYTES: usize = 4096;

/// How much of a scan that is too long is kept for the screen, in characters: one line of it.
const TOO_LONG_SHOWN_CHARS: usize = 64;

/// What every operator's badge starts with.
pub const BADGE_PREFIX: &str = "BDG";

/// What every bin's label starts with.
pub const BIN_PREFIX: &str = "BIN-";

/// What every command card starts with.
pub const CARD_PREFIX: &str = "XX";

/// The letters of command cards: those that sit on the same key of AZERTY, QWERTY and QWERTZ
/// keyboards, so that a card survives a scanner set to another layout. The place of a letter, from
/// 0, is its worth in the check.
pub const CARD_LETTERS: &str = "BCDEFGHIJKLNOPRSTUVX";

/// A number that is looked up has at least so many characters: shorter ones are anybody's.
const NUMBER_MIN_CHARS: usize = 4;

/// And at most so many: no carrier's, order's or maker's number is longer, a web address is.
const NUMBER_MAX_CHARS: usize = 64;

/// One thing a scan can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    Badge(BadgeCode),
    Bin(BinCode),
    Lpn(Lpn),
    Command(CardWord),
    Gtin(Gtin),
    Sscc(Sscc),
    /// A number that only a look-up can judge: tracking, order, RMA or serial.
    Number(String),
}

impl Reading {
    /// The word of the decode contract and of `ScanRefused`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Reading::Badge(_) => "badge",
            Reading::Bin(_) => "bin",
            Reading::Lpn(_) => "lpn",
            Reading::Command(_) => "command",
            Reading::Gtin(_) => "gtin",
            Reading::Sscc(_) => "sscc",
            Reading::Number(_) => "unknown",
        }
    }
}

/// The word of a command card, without `XX` and without its check letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CardWord(pub String);

/// What is wrong with a scan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanFault {
    #[error("empty")]
    Empty,
    #[error("{len} bytes long, at most {SCAN_MAX_BYTES} are allowed")]
    TooLong { len: usize },
    #[error("a byte at {at} is no text")]
    Charset { at: usize },
    #[error("the check digit of this {what} is wrong")]
    CheckDigit { what: &'static str },
    #[error("two codes in one scan: {first:?} and {second:?}")]
    Glued { first: String, second: String },
}

/// One scan, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The text without AIM identifier, control bytes shown as their pictures: safe for a screen.
    pub text: String,
    /// The AIM symbology identifier, such as `]E0`.
    pub aim: Option<String>,
    /// Ranked, best first.
    pub readings: Vec<Reading>,
    pub fault: Option<ScanFault>,
    pub len_bytes: usize,
}

/// Reads one framed scan.
///
/// `fault` beside readings means that a better reading failed (a check digit, two numbers back to
/// back): the readings are looked up, and the fault is what to say when nothing is found.
/// Offsets in faults count from the first byte given, before trimming.
#[must_use]
pub fn read(bytes: &[u8]) -> Scan {
    let len_bytes = bytes.len();
    if len_bytes > SCAN_MAX_BYTES {
        return too_long(bytes);
    }
    let (at, trimmed) = trim(0, bytes);
    let (aim, at, body) = split_aim(at, trimmed);
    let refused = |text: String, fault: ScanFault| Scan {
        text,
        aim: aim.map(str::to_owned),
        readings: Vec::new(),
        fault: Some(fault),
        len_bytes,
    };
    if body.is_empty() {
        return refused(String::new(), ScanFault::Empty);
    }
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(problem) => {
            let lossy = String::from_utf8_lossy(body);
            let hidden = shown::first_hidden(&lossy).unwrap_or(usize::MAX);
            let at = at + problem.valid_up_to().min(hidden);
            return refused(shown::safe_text(&lossy).into_owned(), ScanFault::Charset { at });
        }
    };
    if let Some(hidden) = shown::first_hidden(text) {
        let fault = ScanFault::Charset { at: at + hidden };
        return refused(shown::safe_text(text).into_owned(), fault);
    }
    let (readings, fault) = readings(&without_spaces(text), aim);
    Scan { text: text.to_owned(), aim: aim.map(str::to_owned), readings, fault, len_bytes }
}

fn too_long(bytes: &[u8]) -> Scan {
    // A character is at most four bytes, so this much holds all that is shown.
    let head = bytes.get(..TOO_LONG_SHOWN_CHARS * 4).unwrap_or(bytes);
    let lossy: String = String::from_utf8_lossy(head).chars().take(TOO_LONG_SHOWN_CHARS).collect();
    Scan {
        text: shown::safe_text(&lossy).into_owned(),
        aim: None,
        readings: Vec::new(),
        fault: Some(ScanFault::TooLong { len: bytes.len() }),
        len_bytes: bytes.len(),
    }
}

/// The bytes without the blanks and NULs around them, and where they start.
fn trim(at: usize, bytes: &[u8]) -> (usize, &[u8]) {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0);
    let Some(first) = bytes.iter().position(|byte| !is_blank(byte)) else { return (at, &[]) };
    let end = bytes.iter().rposition(|byte| !is_blank(byte)).map_or(first, |last| last + 1);
    (at + first, bytes.get(first..end).unwrap_or_default())
}

/// Takes the AIM identifier off: `]`, a letter for the symbology and a modifier.
///
/// Source: ISO/IEC 15424, section 4.
fn split_aim(at: usize, bytes: &[u8]) -> (Option<&str>, usize, &[u8]) {
    let (Some(head), Some(rest)) = (bytes.get(..AIM_BYTES), bytes.get(AIM_BYTES..)) else {
        return (None, at, bytes);
    };
    let Some(aim) = std::str::from_utf8(head).ok().filter(|head| is_aim(head)) else {
        return (None, at, bytes);
    };
    let (at, body) = trim(at + AIM_BYTES, rest);
    (Some(aim), at, body)
}

const AIM_BYTES: usize = 3;

fn is_aim(head: &str) -> bool {
    matches!(head.as_bytes(), [b']', symbology, modifier]
        if symbology.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric())
}

fn without_spaces(text: &str) -> Cow<'_, str> {
    if text.contains(' ') { Cow::Owned(text.replace(' ', "")) } else { Cow::Borrowed(text) }
}

/// All that a visible text without spaces can be, best first.
fn readings(code: &str, aim: Option<&str>) -> (Vec<Reading>, Option<ScanFault>) {
    if !code.bytes().all(|byte| byte.is_ascii_graphic()) {
        return (Vec::new(), None); // codes of the trade are ASCII: the text is shown, nothing else
    }
    let is_retail = aim.is_some_and(|aim| aim.starts_with("]E"));
    if let Some(glue) = glue::find(code, aim) {
        let is_open = glue.is_open && !is_retail;
        let readings = number(code).filter(|_| is_open).into_iter().collect();
        return (readings, Some(ScanFault::Glued { first: glue.first, second: glue.second }));
    }
    if is_retail {
        return retail(code, aim);
    }
    match ours(code) {
        Ours::Reads(reading) => (vec![reading], None),
        Ours::Damaged(what) => (Vec::new(), Some(ScanFault::CheckDigit { what })),
        Ours::No => {
            let (checked, fault) = checked_number(code);
            (checked.into_iter().chain(number(code)).collect(), fault)
        }
    }
}

/// Whether a text is one of the codes we print ourselves.
enum Ours {
    Reads(Reading),
    /// It has the shape, but its check is wrong; nothing else is printed in that shape.
    Damaged(&'static str),
    No,
}

fn ours(code: &str) -> Ours {
    let has_tail = |prefix: &str| code.len() > prefix.len() && code.len() <= NAME_MAX_BYTES;
    if code.starts_with(BADGE_PREFIX) && has_tail(BADGE_PREFIX) {
        return code.parse().map_or(Ours::No, |badge| Ours::Reads(Reading::Badge(badge)));
    }
    if code.starts_with(BIN_PREFIX) && has_tail(BIN_PREFIX) {
        return code.parse().map_or(Ours::No, |bin| Ours::Reads(Reading::Bin(bin)));
    }
    if code.starts_with(LPN_PREFIX) {
        return match code.parse::<Lpn>() {
            Ok(lpn) => Ours::Reads(Reading::Lpn(lpn)),
            Err(IdError::CheckDigit { .. }) => Ours::Damaged("LPN"),
            Err(
                IdError::Empty { .. }
                | IdError::TooLong { .. }
                | IdError::Control { .. }
                | IdError::Form { .. },
            ) => Ours::No,
        };
    }
    match card_body(code) {
        Some(_) => match read_card(code) {
            Some(word) => Ours::Reads(Reading::Command(word)),
            None => Ours::Damaged("card"),
        },
        None => Ours::No,
    }
}

/// A number with a check digit of GS1's: GTIN or SSCC. One that fails it is still somebody's number.
fn checked_number(code: &str) -> (Option<Reading>, Option<ScanFault>) {
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return (None, None);
    }
    let (what, read) = match code.len() {
        8 | 12 | 13 | 14 => ("GTIN", code.parse().map(Reading::Gtin)),
        18 => ("SSCC", code.parse().map(Reading::Sscc)),
        20 => match code.strip_prefix("00") {
            Some(sscc) => ("SSCC", sscc.parse().map(Reading::Sscc)),
            None => return (None, None),
        },
        _ => return (None, None),
    };
    match read {
        Ok(reading) => (Some(reading), None),
        Err(IdError::CheckDigit { .. }) => (None, Some(ScanFault::CheckDigit { what })),
        Err(
            IdError::Empty { .. }
            | IdError::TooLong { .. }
            | IdError::Control { .. }
            | IdError::Form { .. },
        ) => (None, None),
    }
}

/// What the scanner calls EAN or UPC is a GTIN or nothing. Modifier 3 says that an add-on of 2 or 5
/// digits (issue, price) follows the 13.
fn retail(code: &str, aim: Option<&str>) -> (Vec<Reading>, Option<ScanFault>) {
    let has_add_on = aim == Some("]E3") && matches!(code.len(), 15 | 18);
    let body = if has_add_on { code.get(..13).unwrap_or(code) } else { code };
    if !matches!(body.len(), 8 | 12 | 13 | 14) {
        return (Vec::new(), None);
    }
    let (reading, fault) = checked_number(body);
    (reading.into_iter().collect(), fault)
}

fn number(code: &str) -> Option<Reading> {
    let is_number = (NUMBER_MIN_CHARS..=NUMBER_MAX_CHARS).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_graphic())
        && code.bytes().any(|byte| byte.is_ascii_digit());
    is_number.then(|| Reading::Number(code.to_owned()))
}

/// The full code of the card with this word: `XX`, the word in capitals and its check letter.
/// `None` for a word that is empty, has a letter outside [`CARD_LETTERS`], or holds `XX` (two cards
/// read as one would look like it).
///
/// The check letter is the sum of the word's letters' places, modulo 20: a single wrong letter is
/// always noticed.
#[must_use]
pub fn card(word: &str) -> Option<String> {
    let word = word.to_ascii_uppercase();
    let check = check_letter(&word)?;
    Some(format!("{CARD_PREFIX}{word}{check}"))
}

fn check_letter(word: &str) -> Option<char> {
    if word.is_empty() || word.contains(CARD_PREFIX) {
        return None;
    }
    let sum = word.chars().try_fold(0, |sum, letter| Some(sum + CARD_LETTERS.find(letter)?))?;
    CARD_LETTERS.chars().nth(sum % CARD_LETTERS.len())
}

/// What follows `XX` where only letters do: word and check letter, in the case they were read in.
fn card_body(code: &str) -> Option<&str> {
    let (prefix, body) = code.split_at_checked(CARD_PREFIX.len())?;
    let is_card = prefix.eq_ignore_ascii_case(CARD_PREFIX)
        && body.len() >= 2
        && body.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_card.then_some(body)
}

fn read_card(code: &str) -> Option<CardWord> {
    let body = card_body(code)?.to_ascii_uppercase();
    let (word, check) = body.split_at_checked(body.len() - 1)?;
    let wanted = check_letter(word)?;
    check.starts_with(wanted).then(|| CardWord(word.to_owned()))
}
