//! Judges one value against the row of its Application Identifier.
//! Owns: character sets, check digits, check pairs, dates and the small rules of single parts.
//! Never: where a value begins or ends in a text.
//! Start at `shape`, then `content`. Tests: gs1/tests.rs.
//! Source: GS1 General Specifications, sections 3, 7.9 and 7.11.

use chrono::{Datelike, NaiveDate};

use crate::domain::gs1::ai::{Ai, Part, Rule, Set};
use crate::domain::gs1::{Fault, Gs1Error};

/// Whether a value has a length and the characters that its identifier allows. The offset of an
/// error counts from the start of the value.
///
/// # Errors
/// [`Fault::Length`] or [`Fault::Charset`], whichever stands first.
pub(super) fn shape(ai: &Ai, value: &[u8]) -> Result<(), Gs1Error> {
    let mut at = 0;
    for part in ai.parts() {
        let rest = value.get(at..).unwrap_or_default();
        if rest.is_empty() && part.is_optional {
            continue;
        }
        let len = rest.len().min(part.max);
        let taken = rest.get(..len).unwrap_or_default();
        if let Some(bad) = taken.iter().position(|&byte| !is_in(part.set, byte)) {
            return Err(Gs1Error { fault: Fault::Charset, at: at + bad });
        }
        if len < part.min {
            return Err(Gs1Error { fault: Fault::Length, at: at + len });
        }
        at += len;
    }
    if at < value.len() {
        return Err(Gs1Error { fault: Fault::Length, at });
    }
    Ok(())
}

/// What is wrong with the content of a value that has the right shape.
pub(super) fn content(ai: &Ai, value: &[u8]) -> Option<Gs1Error> {
    let mut at = 0;
    for part in ai.parts() {
        let rest = value.get(at..).unwrap_or_default();
        let taken = rest.get(..rest.len().min(part.max)).unwrap_or_default();
        if taken.is_empty() {
            continue;
        }
        if let Some(fault) = broken(part, taken) {
            return Some(Gs1Error { fault, at });
        }
        at += taken.len();
    }
    None
}

/// Whether a value is right in every respect.
pub(super) fn is_right(ai: &Ai, value: &[u8]) -> bool {
    shape(ai, value).is_ok() && content(ai, value).is_none()
}

fn is_in(set: Set, byte: u8) -> bool {
    let letters = match set {
        Set::N => DIGITS,
        Set::X => LETTERS_X,
        Set::Y => LETTERS_Y,
        Set::Z => LETTERS_Z,
    };
    byte.is_ascii() && letters >> byte & 1 == 1
}

/// One bit for each ASCII character of a set: every letter of every scan is asked for.
const fn letters(text: &[u8]) -> u128 {
    let mut bits = 0;
    let mut nth = 0;
    while nth < text.len() {
        bits |= 1 << text[nth];
        nth += 1;
    }
    bits
}

const DIGITS: u128 = letters(b"0123456789");
const LETTERS_X: u128 = letters(SET_82);
const LETTERS_Y: u128 = letters(b"#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const LETTERS_Z: u128 =
    letters(b"-0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

fn broken(part: &Part, taken: &[u8]) -> Option<Fault> {
    let (is_kept, fault) = match part.rule {
        Rule::Any => return None,
        Rule::Check => (has_check_digit(taken), Fault::CheckDigit),
        Rule::CheckPair => (has_check_pair(taken), Fault::CheckDigit),
        Rule::DateOrMonth => (is_short_date(taken, 0), Fault::Date),
        Rule::Date => (is_short_date(taken, 1), Fault::Date),
        Rule::LongDate => (is_long_date(taken), Fault::Date),
        Rule::Hour => (number(taken) < 24, Fault::Date),
        Rule::Minute => (number(taken) < 60, Fault::Date),
        Rule::HourMinute => (number(taken) / 100 < 24 && number(taken) % 100 < 60, Fault::Date),
        Rule::Zero => (number(taken) == 0, Fault::Value),
        Rule::YesNo => (number(taken) <= 1, Fault::Value),
        Rule::NonZero => (number(taken) > 0, Fault::Value),
        Rule::NoLeadingZero => (taken == b"0" || !taken.starts_with(b"0"), Fault::Value),
        Rule::PieceOfTotal => {
            let (piece, total) = (number(taken) / 100, number(taken) % 100);
            (piece > 0 && piece <= total, Fault::Value)
        }
        Rule::ChildOfTotal => (is_child_of_total(taken), Fault::Value),
        Rule::Winding => (matches!(taken, b"0" | b"1" | b"9"), Fault::Value),
        Rule::Minus => (taken == b"-", Fault::Value),
        Rule::Latitude => (number(taken) <= 1_800_000_000, Fault::Value),
        Rule::Longitude => (number(taken) <= 3_600_000_000, Fault::Value),
        Rule::Sex => (matches!(taken, b"0" | b"1" | b"2" | b"9"), Fault::Value),
        Rule::CountryLetters => (taken.iter().all(u8::is_ascii_uppercase), Fault::Value),
        Rule::Iban => (is_iban(taken), Fault::CheckDigit),
        Rule::Escaped => (is_escaped(taken), Fault::Value),
    };
    (!is_kept).then_some(fault)
}

/// The number that digits make; other bytes never come here, and no part with a rule on its number
/// is longer than ten digits.
fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0_u64, |sum, &byte| {
        sum.wrapping_mul(10).wrapping_add(u64::from(byte.wrapping_sub(b'0')))
    })
}

/// Whether the last digit is the check digit of the others: with weights 1 and 3 from the right the
/// sum is a multiple of ten.
pub(super) fn has_check_digit(digits: &[u8]) -> bool {
    let mut sum = 0_u32;
    let mut weight = 1;
    for &byte in digits.iter().rev() {
        sum += u32::from(byte.wrapping_sub(b'0')) * weight;
        weight = 4 - weight;
    }
    sum.is_multiple_of(10)
}

/// The characters of set 82 in the order of their worth.
const SET_82: &[u8] =
    b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
/// The characters a check pair is written with, in the order of their worth.
const SET_32: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// One prime for each place, counted from the right of what the pair checks.
const PRIMES: [usize; 23] =
    [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];
const PAIR_MODULUS: usize = 1021;

fn has_check_pair(text: &[u8]) -> bool {
    let Some((body, [first, second])) = text.split_last_chunk::<2>() else { return false };
    if body.is_empty() || body.len() > PRIMES.len() {
        return false;
    }
    let mut sum = 0;
    for (byte, prime) in body.iter().rev().zip(PRIMES) {
        let Some(worth) = SET_82.iter().position(|known| known == byte) else { return false };
        sum += worth * prime;
    }
    let sum = sum % PAIR_MODULUS;
    SET_32.get(sum / 32) == Some(first) && SET_32.get(sum % 32) == Some(second)
}

/// YYMMDD. The 29th of February passes where one of the centuries may have it.
fn is_short_date(digits: &[u8], first_day: u64) -> bool {
    let (year, month, day) =
        (number(digits) / 10_000, number(digits) / 100 % 100, number(digits) % 100);
    let last_day = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return false,
    };
    (first_day..=last_day).contains(&day)
}

fn is_long_date(digits: &[u8]) -> bool {
    let (year, rest) = (number(digits) / 10_000, number(digits) % 10_000);
    day_of(year, rest / 100, rest % 100).is_some()
}

fn day_of(year: u64, month: u64, day: u64) -> Option<NaiveDate> {
    let (month, day) = (u32::try_from(month).ok()?, u32::try_from(day).ok()?);
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The day that YYMMDD names, seen from `current_year`: a year more than 50 ahead lies in the
/// century before, one 50 or more behind in the century after. Day 00 is the last of its month.
///
/// Source: GS1 General Specifications, section 7.12.
pub(super) fn resolve(digits: &str, current_year: u16) -> Option<NaiveDate> {
    let bytes = digits.as_bytes();
    if bytes.len() != 6 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (short, month, day) =
        (number(bytes) / 10_000, number(bytes) / 100 % 100, number(bytes) % 100);
    let current = u64::from(current_year);
    let (century, behind) = (current - current % 100, current % 100);
    let year = if short > behind + 50 {
        (century + short).checked_sub(100)?
    } else if short + 50 <= behind {
        century + short + 100
    } else {
        century + short
    };
    if day > 0 {
        return day_of(year, month, day);
    }
    let first = day_of(year, month, 1)?;
    first.with_day(u32::from(first.num_days_in_month()))
}

fn is_child_of_total(text: &[u8]) -> bool {
    matches!(text, [child @ b'1'..=b'9', b'/', total @ b'1'..=b'9'] if child <= total)
}

fn is_escaped(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&byte| byte == b'%') {
        let Some([_, high, low, after @ ..]) = rest.get(at..) else { return false };
        if !high.is_ascii_hexdigit() || !low.is_ascii_hexdigit() {
            return false;
        }
        rest = after;
    }
    true
}

/// Two letters, two check digits, then up to 30 letters and digits; moved round and with letters
/// counted from 10 the whole leaves 1 when divided by 97.
fn is_iban(text: &[u8]) -> bool {
    let Some((head, body)) = text.split_first_chunk::<4>() else { return false };
    let well_formed = head.iter().take(2).all(u8::is_ascii_uppercase)
        && head.iter().skip(2).all(u8::is_ascii_digit)
        && !body.is_empty();
    if !well_formed {
        return false;
    }
    let mut remainder = 0_u32;
    for &byte in body.iter().chain(head) {
        remainder = match byte {
            b'0'..=b'9' => remainder * 10 + u32::from(byte - b'0'),
            b'A'..=b'Z' => remainder * 100 + u32::from(byte - b'A') + 10,
            _ => return false,
        } % 97;
    }
    remainder == 1
}
