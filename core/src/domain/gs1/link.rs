//! Reads GS1 Digital Link addresses: the elements that a web address of any host carries.
//! Owns: which identifiers may lead a path, which may follow, the short names of old links, percent
//! escapes, and the recognition of compressed links, which are refused by name.
//! Never: a network; what the address shows is nobody's business here.
//! Start at `read_link`. Tests: gs1/tests.rs.
//! Source: GS1 Digital Link Standard: URI Syntax, release 1.6, and its compression companion.

use std::borrow::Cow;

use crate::domain::gs1::ai::{Ai, find};
use crate::domain::gs1::{Element, Fault, Gs1, rules};

/// What a text is as a web address.
#[derive(Clone, Debug)]
pub enum Linked<'a> {
    /// The elements of the path and the query, and what is wrong with them.
    DigitalLink(Gs1<'a>),
    /// A Digital Link in compressed form, which is not read.
    Compressed,
    /// A web address without identifiers.
    OtherUrl,
    NotUrl,
}

/// The identifiers that may lead a path, and those that may follow each, in their order; one that
/// stands twice has two sets of followers that exclude each other.
const KEYS: &[(u16, &[u16])] = &[
    (0, &[]),
    (1, &[22, 10, 21]),
    (1, &[235]),
    (253, &[]),
    (255, &[]),
    (401, &[]),
    (402, &[]),
    (414, &[254]),
    (414, &[7040]),
    (415, &[8020]),
    (417, &[7040]),
    (8003, &[]),
    (8004, &[7040]),
    (8006, &[22, 10, 21]),
    (8010, &[8011]),
    (8013, &[]),
    (8017, &[8019]),
    (8018, &[8019]),
];

/// The words that links of the first releases may have in place of numbers.
const SHORT_NAMES: &[(&str, &str)] = &[
    ("sscc", "00"),
    ("gtin", "01"),
    ("lot", "10"),
    ("ser", "21"),
    ("cpv", "22"),
    ("gdti", "253"),
    ("glnx", "254"),
    ("gcn", "255"),
    ("ginc", "401"),
    ("gsin", "402"),
    ("gln", "414"),
    ("payTo", "415"),
    ("party", "417"),
    ("grai", "8003"),
    ("giai", "8004"),
    ("itip", "8006"),
    ("cpid", "8010"),
    ("cpsn", "8011"),
    ("gmn", "8013"),
    ("gsrnp", "8017"),
    ("gsrn", "8018"),
    ("srin", "8019"),
    ("refno", "8020"),
];

/// A path has at most a key and four that follow, each with its value; what stands before is the
/// site's own and not bounded.
const TAIL_MAX_PAIRS: usize = 5;

/// Reads a text as a Digital Link.
#[must_use]
pub fn read_link(text: &str) -> Linked<'_> {
    let Some((host, path_at)) = split_host(text) else { return Linked::NotUrl };
    let end = text.find('#').unwrap_or(text.len()).max(path_at);
    let address = text.get(path_at..end).unwrap_or_default();
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    };
    let segments = segments_of(path, path_at);
    let Some(tail) = tail_of(&segments) else {
        let last = segments.last().map(|&(_, segment)| segment);
        let is_compressed = last.is_some_and(|segment| is_compressed(segment, host));
        return if is_compressed { Linked::Compressed } else { Linked::OtherUrl };
    };
    let mut gs1 = Gs1::default();
    for pair in tail.chunks_exact(2) {
        if let [(_, key), (at, value)] = *pair
            && let Some((ai, number)) = identifier(key)
        {
            add(&mut gs1, ai, number, value, at);
        }
    }
    if let Some(query) = query {
        read_query(&mut gs1, query, path_at + path.len() + 1);
    }
    Linked::DigitalLink(gs1)
}

/// The host of a web address and the offset of its path.
fn split_host(text: &str) -> Option<(&str, usize)> {
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let host_len = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest.get(..host_len).filter(|host| !host.is_empty())?;
    Some((host, text.len() - rest.len() + host_len))
}

/// The last parts of a path with their offsets, no more than a link can need and one to spare.
fn segments_of(path: &str, path_at: usize) -> Vec<(usize, &str)> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut end = path.len();
    let mut segments: Vec<(usize, &str)> = Vec::new();
    for segment in path.rsplit('/').take(2 * TAIL_MAX_PAIRS) {
        let at = end - segment.len();
        segments.push((path_at + at, segment));
        end = at.saturating_sub(1);
    }
    segments.reverse();
    segments
}

/// The end of a path that begins with a leading identifier and has only pairs that may follow it.
fn tail_of<'p, 't>(segments: &'p [(usize, &'t str)]) -> Option<&'p [(usize, &'t str)]> {
    (0..segments.len()).filter_map(|start| segments.get(start..)).find(|tail| is_tail(tail))
}

fn is_tail(tail: &[(usize, &str)]) -> bool {
    let [(_, key), (_, value), rest @ ..] = tail else { return false };
    let Some((ai, number)) = identifier(key) else { return false };
    // A shop may have a folder named 01: only what looks like the key's value makes it a link.
    let looks_right = unescape(value)
        .is_ok_and(|value| rules::shape(ai, padded(number, value).as_bytes()).is_ok());
    if !looks_right || !rest.len().is_multiple_of(2) {
        return false;
    }
    KEYS.iter().filter(|(lead, _)| *lead == number).any(|(_, followers)| {
        let mut allowed = followers.iter();
        rest.chunks_exact(2).all(|pair| {
            let follower = pair.first().and_then(|(_, key)| identifier(key));
            follower.is_some_and(|(_, number)| allowed.any(|&allowed| allowed == number))
        })
    })
}

/// The row of the table for a whole text of digits, or for a short name.
fn identifier(key: &str) -> Option<(&'static Ai, u16)> {
    let number = SHORT_NAMES.iter().find(|(name, _)| *name == key).map_or(key, |(_, code)| code);
    find(number.as_bytes()).filter(|(ai, _)| ai.digits == number.len())
}

/// Reads the attributes behind the question mark; a word that is no number is the site's own.
fn read_query<'a>(gs1: &mut Gs1<'a>, query: &'a str, query_at: usize) {
    let mut at = query_at;
    for pair in query.split(['&', ';']) {
        if let Some((key, value)) = pair.split_once('=') {
            let is_number = matches!(key.len(), 2..=4) && key.bytes().all(|b| b.is_ascii_digit());
            match identifier(key) {
                Some((ai, number)) => {
                    add(gs1, ai, number, value, at + key.len() + 1);
                }
                None if is_number => gs1.fail(Fault::UnknownAi, at),
                None => {}
            }
        }
        at += pair.len() + 1;
    }
}

fn add<'a>(gs1: &mut Gs1<'a>, ai: &'static Ai, number: u16, value: &'a str, at: usize) {
    let value = match unescape(value) {
        Ok(value) => padded(number, value),
        Err(bad) => return gs1.fail(Fault::BadEscape, at + bad),
    };
    // Where something was unescaped or padded, an offset within the value is none of the text.
    let inner = |offset: usize| if matches!(value, Cow::Borrowed(_)) { at + offset } else { at };
    if let Err(problem) = rules::shape(ai, value.as_bytes()) {
        return gs1.fail(problem.fault, inner(problem.at));
    }
    if let Some(problem) = rules::content(ai, value.as_bytes()) {
        gs1.fail(problem.fault, inner(problem.at));
    }
    gs1.elements.push(Element { ai, number, value, at });
}

/// A GTIN may stand in a link in its shorter lengths; elements have it in 14 digits.
fn padded(number: u16, value: Cow<'_, str>) -> Cow<'_, str> {
    if number == 1 && matches!(value.len(), 8 | 12 | 13) {
        return Cow::Owned(format!("{value:0>14}"));
    }
    value
}

/// The text that percent escapes stand for, or the offset of the first bad one. A plus is itself:
/// no value has a space that it could stand for.
fn unescape(text: &str) -> Result<Cow<'_, str>, usize> {
    if !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    let mut plain = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'%' {
            plain.push(byte);
            at += 1;
            continue;
        }
        let digits =
            text.get(at + 1..at + 3).filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or(at)?;
        plain.push(code);
        at += 3;
    }
    String::from_utf8(plain).map(Cow::Owned).map_err(|_| 0)
}

/// The host whose addresses without a readable identifier are compressed ones.
const RESOLVER: &str = "id.gs1.org";
/// Shortest compressed text: the code of the identifier and a GTIN are 55 bits.
const COMPRESSED_MIN_CHARS: usize = 10;
/// Bits of the number behind the code of an identifier: so many hold any 14 digits.
const GTIN_BITS: usize = 47;

/// Whether a part of a path is a compressed link: a GTIN with the right check digit stands behind
/// the code of its identifier, or GS1's own resolver is the host.
fn is_compressed(segment: &str, host: &str) -> bool {
    let is_word =
        segment.len() >= COMPRESSED_MIN_CHARS && segment.bytes().all(|byte| sextet(byte).is_some());
    if !is_word {
        return false;
    }
    if host.eq_ignore_ascii_case(RESOLVER) {
        return true;
    }
    let bits = segment.bytes().filter_map(sextet).take(COMPRESSED_MIN_CHARS);
    let head = bits.fold(0_u64, |sum, bits| sum << 6 | u64::from(bits));
    let after_code = COMPRESSED_MIN_CHARS * 6 - 8;
    let code = head >> after_code;
    // 01 alone, or the codes of common runs that begin with it: their last digit is a letter.
    let leads = code == 0x01 || (code >> 4 <= 2 && code & 0xF >= 0xA);
    let gtin = head >> (after_code - GTIN_BITS) & ((1 << GTIN_BITS) - 1);
    let digits = format!("{gtin:014}");
    leads && gtin > 0 && digits.len() == 14 && rules::has_check_digit(digits.as_bytes())
}

/// What a character of base 64 for addresses is worth.
fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}
