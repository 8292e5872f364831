//! Two codes in one scan: a scanner without a suffix, or two triggers in one frame, hands them over
//! as one text. Owns: when that is certain and when only a look-up can tell.
//! Start at `find`. Tests: scan/tests.rs.

use super::{
    AIM_BYTES, BADGE_PREFIX, BIN_PREFIX, CARD_PREFIX, Ours, checked_number, is_aim, number, ours,
    read_card,
};
use crate::domain::ids::{LPN_PREFIX, Lpn};

/// A half that is repeated has at least so many characters: shorter ones repeat in real numbers.
const REPEATED_MIN_CHARS: usize = 8;

/// How long a printed plate is: prefix, station, serial and check digit.
const LPN_CHARS: usize = 14;

/// The lengths of two GTINs that are met back to back.
const GTIN_PAIRS: [(usize, usize); 6] = [(13, 13), (8, 8), (12, 12), (14, 14), (13, 8), (8, 13)];

pub(super) struct Glue {
    pub(super) first: String,
    pub(super) second: String,
    /// Two check digits that fit may be chance (a carrier's long number has that in one of a
    /// hundred, with a check digit of the same rule in one of ten): the whole may be a number.
    pub(super) is_open: bool,
}

/// Finds the two codes in `code`, visible ASCII without spaces.
pub(super) fn find(code: &str, aim: Option<&str>) -> Option<Glue> {
    if let Reads::Whole = whole(code) {
        return None;
    }
    let certain = |(first, second)| glue(first, second, false);
    inner_aim(code, aim)
        .or_else(|| inner_lpn(code))
        .or_else(|| inner_prefix(code))
        .or_else(|| repeated(code))
        .map(certain)
        .or_else(|| gtin_pair(code).map(|(first, second)| glue(first, second, true)))
}

fn glue(first: &str, second: &str, is_open: bool) -> Glue {
    Glue { first: first.to_owned(), second: second.to_owned(), is_open }
}

enum Reads {
    /// By a check of its own, as one code.
    Whole,
    /// Not at all, or by its beginning only.
    Open,
}

/// A badge and a bin have no check, so another code may hide behind them.
fn whole(code: &str) -> Reads {
    let is_plate = code.len() == LPN_CHARS && code.parse::<Lpn>().is_ok();
    if is_plate || read_card(code).is_some() || checked_number(code).0.is_some() {
        return Reads::Whole;
    }
    Reads::Open
}

/// A second AIM identifier: a scanner that sends them sends one a code.
fn inner_aim<'a>(code: &'a str, aim: Option<&str>) -> Option<(&'a str, &'a str)> {
    aim?;
    code.match_indices(']').find_map(|(at, _)| {
        let (first, rest) = code.split_at_checked(at)?;
        let (head, second) = rest.split_at_checked(AIM_BYTES)?;
        (is_aim(head) && reads(first) && reads(second)).then_some((first, second))
    })
}

/// A plate with the right check digit is no accident inside a longer text.
fn inner_lpn(code: &str) -> Option<(&str, &str)> {
    code.match_indices(LPN_PREFIX).find_map(|(at, _)| {
        let end = at + LPN_CHARS;
        code.get(at..end)?.parse::<Lpn>().ok()?;
        let (before, after) = (code.get(..at)?, code.get(end..)?);
        if reads(before) {
            return code.split_at_checked(at);
        }
        (before.is_empty() && reads(after)).then_some(())?;
        code.split_at_checked(end)
    })
}

/// A badge, a bin or a card right behind a code that has a check or a prefix of ours.
fn inner_prefix(code: &str) -> Option<(&str, &str)> {
    let split = |at: usize| {
        let (first, second) = code.split_at_checked(at)?;
        (is_checked_or_ours(first) && is_checked_or_ours(second)).then_some((first, second))
    };
    let behind = |prefix: &'static str| {
        code.match_indices(prefix).filter(|(at, _)| *at > 0).find_map(move |(at, _)| split(at))
    };
    behind(BIN_PREFIX)
        .or_else(|| behind(BADGE_PREFIX))
        .or_else(|| behind(CARD_PREFIX))
        .or_else(|| behind("xx"))
        .or_else(|| number_behind_card(code))
}

/// A card's letters end where the digits of the next code begin.
fn number_behind_card(code: &str) -> Option<(&str, &str)> {
    let at = code.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let (first, second) = code.split_at_checked(at)?;
    (read_card(first).is_some() && checked_number(second).0.is_some()).then_some((first, second))
}

fn repeated(code: &str) -> Option<(&str, &str)> {
    let (first, second) = code.split_at_checked(code.len() / 2)?;
    (first == second && first.len() >= REPEATED_MIN_CHARS).then_some((first, second))
}

fn gtin_pair(code: &str) -> Option<(&str, &str)> {
    let is_digits = code.bytes().all(|byte| byte.is_ascii_digit());
    let lengths = || GTIN_PAIRS.iter().filter(|(first, second)| first + second == code.len());
    lengths().filter(|_| is_digits).find_map(|(first, _)| {
        let (first, second) = code.split_at_checked(*first)?;
        let are_gtins = checked_number(first).0.is_some() && checked_number(second).0.is_some();
        are_gtins.then_some((first, second))
    })
}

fn is_checked_or_ours(code: &str) -> bool {
    matches!(ours(code), Ours::Reads(_)) || checked_number(code).0.is_some()
}

fn reads(code: &str) -> bool {
    is_checked_or_ours(code) || number(code).is_some()
}
