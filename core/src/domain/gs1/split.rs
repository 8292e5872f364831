//! Looks for the place where a separator was lost: a value that is really two elements or more.
//! Owns: the three degrees of that suspicion. Never: the text outside of the one value.
//! Start at `first` (the value is wrong as it stands), `proven` (it is right, yet ends in a key or
//! date), `inside` (it is right, and the end could be anything). Tests: gs1/tests.rs.

use crate::domain::gs1::ai::{Ai, find};
use crate::domain::gs1::rules;

/// A value longer than this is not searched: the search tries every pair of places, and no symbol
/// that carries element strings and is printed on goods holds more in one run.
const SEARCH_MAX_BYTES: usize = 256;

/// Where the value of `ai` ends so that all that follows reads as elements; `None` when there is no
/// such place. The latest one: it takes the fewest elements for granted.
pub(super) fn first(ai: &Ai, rest: &[u8]) -> Option<usize> {
    let reads = readable(rest)?;
    let longest = ai.max.min(rest.len().saturating_sub(1));
    (ai.min.max(1)..=longest).rev().find(|&cut| {
        reads.get(cut) == Some(&true) && rest.get(..cut).is_some_and(|it| rules::is_right(ai, it))
    })
}

/// The same for a value that reads well as it stands.
pub(super) fn inside(ai: &Ai, value: &[u8]) -> Option<usize> {
    first(ai, value)
}

/// Whether a text reads as elements, each ending where it may.
pub(super) fn is_read(rest: &[u8]) -> bool {
    readable(rest).is_some_and(|reads| reads.first() == Some(&true))
}

/// Where a value ends in an element that proves itself by a check digit or a date, alone or with
/// more that reads behind it.
pub(super) fn proven(ai: &Ai, value: &[u8]) -> Option<usize> {
    let mut reads = None;
    (ai.min.max(1)..value.len()).find(|&cut| {
        let Some(len) = value.get(cut..).and_then(proof) else { return false };
        let end = cut + len;
        let is_read = end == value.len()
            || reads
                .get_or_insert_with(|| readable(value))
                .is_some_and(|reads| reads.get(end) == Some(&true));
        is_read && value.get(..cut).is_some_and(|before| rules::is_right(ai, before))
    })
}

/// Length of the element at the start of a text that proves itself.
fn proof(tail: &[u8]) -> Option<usize> {
    let (ai, _) = find(tail).filter(|(ai, _)| ai.is_proof())?;
    let end = ai.digits + ai.max;
    tail.get(ai.digits..end).filter(|value| rules::is_right(ai, value)).map(|_| end)
}

/// For each place of a text whether elements fill it from there to its end. The end itself is one.
fn readable(text: &[u8]) -> Option<[bool; SEARCH_MAX_BYTES + 1]> {
    let mut reads = [false; SEARCH_MAX_BYTES + 1];
    *reads.get_mut(text.len())? = true;
    for at in (0..text.len()).rev() {
        let Some((ai, _)) = text.get(at..).and_then(find) else { continue };
        let from = at + ai.digits;
        let lengths = ai.min.max(1)..=ai.max.min(text.len().saturating_sub(from));
        let fits = |len: usize| {
            reads.get(from + len) == Some(&true)
                && text.get(from..from + len).is_some_and(|value| rules::is_right(ai, value))
        };
        let is_read = lengths.rev().any(fits);
        if let Some(place) = reads.get_mut(at) {
            *place = is_read;
        }
    }
    Some(reads)
}
