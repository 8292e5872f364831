//! Reads GS1 element strings: which Application Identifiers a text holds, and what is wrong with it.
//! Owns: where a value begins and ends, separators in every form, and the suspicion of a lost one.
//! Never: a clock (the current year is an argument), the AIM identifier, the order book.
//! Total and linear in the text, but for one value that is wrong, which is searched for a lost
//! separator within a bound. One list per text is allocated, nothing per element.
//! Start at `parse`; `ai` is the table, `rules` judges one value, `split` looks for a lost
//! separator, `sense` says what the elements mean, `link` reads web addresses, `kind` the prefixes
//! of a GTIN, `envelope` names what is not GS1's. Tests: gs1/tests.rs; cases: gs1/cases.txt.

pub mod ai;
pub mod envelope;
pub mod kind;
pub mod link;
mod rules;
pub mod sense;
mod split;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::domain::gs1::ai::Ai;

/// The separator between element strings as a scanner sends it: ASCII's group separator.
pub const GS: u8 = 0x1D;

/// Room for the elements of nearly every label, so that its list is allocated once.
const ELEMENTS_USUAL: usize = 8;

/// What is wrong at one place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No Application Identifier begins here.
    UnknownAi,
    /// A value is shorter or longer than its identifier allows.
    Length,
    Charset,
    CheckDigit,
    /// No such day or time.
    Date,
    /// Another rule of the identifier is broken.
    Value,
    /// A value that only reads as two, or that holds what reads as a further date or key.
    MissingSeparator,
    /// A `%` of a web address without its two hexadecimal digits, or bytes that are no text.
    BadEscape,
}

impl Fault {
    /// The word of the decode contract.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Fault::UnknownAi => "unknown_ai",
            Fault::Length => "length",
            Fault::Charset => "charset",
            Fault::CheckDigit => "check_digit",
            Fault::Date => "date",
            Fault::Value => "value",
            Fault::MissingSeparator => "missing_separator",
            Fault::BadEscape => "bad_escape",
        }
    }
}

/// A fault and its byte offset in the text that was parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} at {at}", .fault.code())]
pub struct Gs1Error {
    pub fault: Fault,
    pub at: usize,
}

/// One Application Identifier with its value, as scanned.
#[derive(Clone, Debug)]
pub struct Element<'a> {
    pub ai: &'static Ai,
    pub number: u16,
    pub value: Cow<'a, str>,
    /// Byte offset of the value in the text.
    pub at: usize,
}

impl Element<'_> {
    /// The identifier as it is written: two, three or four digits.
    #[must_use]
    pub fn code(&self) -> String {
        format!("{:0width$}", self.number, width = self.ai.digits)
    }
}

/// The elements of a text in the order they stand in it, and what is wrong.
///
/// A value whose check digit, date or content is wrong stays among the elements; one without the
/// right shape does not, and what follows it up to the next separator is not read either.
#[derive(Clone, Debug, Default)]
pub struct Gs1<'a> {
    pub elements: Vec<Element<'a>>,
    pub errors: Vec<Gs1Error>,
}

impl Gs1<'_> {
    /// Whether there are elements and nothing speaks against any of them.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.elements.is_empty() && self.errors.is_empty()
    }

    fn fail(&mut self, fault: Fault, at: usize) {
        self.errors.push(Gs1Error { fault, at });
    }
}

/// What ends a value besides [`GS`]: the texts that scanners are configured to send in its place,
/// such as `{GS}` or `~1`. An empty text is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Separators<'s> {
    pub substitutes: &'s [&'s str],
}

impl Separators<'_> {
    /// Length of the separator that stands at this place.
    fn len_at(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let rest = bytes.get(at..)?;
        if rest.first() == Some(&GS) {
            return Some(1);
        }
        self.substitutes
            .iter()
            .filter(|text| !text.is_empty() && rest.starts_with(text.as_bytes()))
            .map(|text| text.len())
            .max()
    }

    /// Where the text from `at` on is separated next: the end of what stands before, the start of
    /// what follows. Both are the end of the text where no separator comes.
    fn next(&self, bytes: &[u8], at: usize) -> (usize, usize) {
        if self.substitutes.is_empty() {
            let rest = bytes.get(at..).unwrap_or_default();
            return rest
                .iter()
                .position(|&byte| byte == GS)
                .map_or((bytes.len(), bytes.len()), |place| (at + place, at + place + 1));
        }
        for place in at..bytes.len() {
            if let Some(len) = self.len_at(bytes, place) {
                return (place, place + len);
            }
        }
        (bytes.len(), bytes.len())
    }
}

/// Whether an AIM identifier promises an element string: GS1-128, DataMatrix, DataBar and
/// composites, QR, DotCode.
///
/// Source: GS1 General Specifications, section 5.1.
#[must_use]
pub fn is_gs1_symbology(aim: &str) -> bool {
    matches!(aim, "]C1" | "]d2" | "]e0" | "]e1" | "]e2" | "]Q3" | "]J1")
}

/// Reads an element string, without its AIM identifier.
///
/// One separator in front, one behind, and needless ones after values of predefined length are
/// accepted. What is not ASCII is a fault of its place.
#[must_use]
pub fn parse<'a>(text: &'a str, separators: Separators<'_>) -> Gs1<'a> {
    let bytes = text.as_bytes();
    let mut gs1 = Gs1 { elements: Vec::with_capacity(ELEMENTS_USUAL), errors: Vec::new() };
    let mut at = separators.len_at(bytes, 0).unwrap_or_default();
    while at < bytes.len() {
        let (end, next) = separators.next(bytes, at);
        segment(&mut gs1, text, at, end);
        at = next;
    }
    gs1
}

/// Reads what stands between two separators.
fn segment<'a>(gs1: &mut Gs1<'a>, text: &'a str, start: usize, end: usize) {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        let Some((ai, number)) = bytes.get(at..end).and_then(ai::find) else {
            return gs1.fail(Fault::UnknownAi, at);
        };
        let from = at + ai.digits;
        // A value of fixed length ends where its length says, even without its separator.
        let until = if ai.is_fixed() { end.min(from + ai.max) } else { end };
        let value = bytes.get(from..until).unwrap_or_default();
        if let Err(problem) = rules::shape(ai, value) {
            let rest = bytes.get(from..end).unwrap_or_default();
            return match split::first(ai, rest).filter(|_| !ai.is_predefined) {
                Some(cut) => gs1.fail(Fault::MissingSeparator, from + cut),
                None => gs1.fail(problem.fault, from + problem.at),
            };
        }
        let problem = rules::content(ai, value);
        if let Some(problem) = problem {
            gs1.fail(problem.fault, from + problem.at);
        }
        if !ai.is_predefined && until < end {
            let rest = bytes.get(until..end).unwrap_or_default();
            if !split::is_read(rest) {
                return gs1.fail(Fault::Length, until);
            }
            gs1.fail(Fault::MissingSeparator, until);
        } else if !ai.is_fixed()
            && let Some(cut) = split::proven(ai, value)
        {
            gs1.fail(Fault::MissingSeparator, from + cut);
        }
        // The shape has been judged, so the value is ASCII and the cut falls between letters.
        let value = Cow::Borrowed(text.get(from..until).unwrap_or_default());
        gs1.elements.push(Element { ai, number, value, at: from });
        at = until;
        if at >= end {
            return;
        }
    }
}

/// Byte offsets where a separator may have been lost inside a value that reads well as it is.
///
/// Most numbers hold a pair of digits that is somebody's identifier, so that this is evidence only
/// over many scans of one device, not a fault of one scan.
#[must_use]
pub fn lost_separators(gs1: &Gs1<'_>) -> Vec<usize> {
    gs1.elements
        .iter()
        .filter(|element| !element.ai.is_fixed())
        .filter_map(|element| {
            let cut = split::inside(element.ai, element.value.as_bytes())?;
            Some(element.at + cut)
        })
        .collect()
}

/// Whether a text without an AIM identifier is an element string beyond reasonable doubt: it has a
/// separator and reads without a fault, or it begins with a GTIN or SSCC whose check digit is right
/// and all that follows, at least one element, reads too, be it that separators were lost in it.
#[must_use]
pub fn looks_like_element_string(text: &str, separators: Separators<'_>) -> bool {
    let bytes = text.as_bytes();
    let gs1 = parse(text, separators);
    let (first_end, _) = separators.next(bytes, 0);
    if gs1.is_sound() && first_end < bytes.len() {
        return true;
    }
    let Some(first) = gs1.elements.first().filter(|first| matches!(first.number, 0 | 1)) else {
        return false;
    };
    let is_number = first.value.bytes().any(|digit| digit != b'0');
    let is_read = gs1.errors.iter().all(|problem| problem.fault == Fault::MissingSeparator);
    is_number && is_read && (gs1.elements.len() > 1 || !gs1.errors.is_empty())
}
