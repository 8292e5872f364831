//! Every text the screens say, by id, in the receiver's language.
//! Owns: the texts (words/en.ftl, words/fr.ftl) and how numbers are written in them. Never: which
//! text is said when. No text is put together from pieces outside of these files.
//! Start at `Words::get`. Tests: words/tests.rs.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use dockside_core::domain::event::RefusedCause;
use dockside_core::domain::operator::Lang;

use crate::view::widgets::printable::printable;

#[cfg(test)]
mod tests;

/// An outside text set into a sentence is clipped here: the longest code people compare by eye,
/// an SSCC or a carrier's number, has at most 35 signs.
const ARG_CELLS: usize = 40;

const ENGLISH: &str = include_str!("words/en.ftl");
const FRENCH: &str = include_str!("words/fr.ftl");

/// Why a text can't be said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    #[error("no text {id} in {lang}")]
    Missing { id: String, lang: &'static str },
    #[error("the text {id} in {lang} wants other arguments: {why}")]
    Arguments { id: String, lang: &'static str, why: String },
}

/// A value set into a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg<'a> {
    /// Any text, from outside too: it passes `printable` here.
    Text(&'a str),
    /// Written with the language's thousands mark; decides between one and many.
    Number(u64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Arg<'a> {
        Arg::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Arg<'a> {
        Arg::Text(text)
    }
}

impl From<u64> for Arg<'_> {
    fn from(number: u64) -> Self {
        Arg::Number(number)
    }
}

impl From<u32> for Arg<'_> {
    fn from(number: u32) -> Self {
        Arg::Number(u64::from(number))
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Arg::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

/// What happened, what to do, what is safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreeLines {
    pub what: String,
    pub now: String,
    pub safe: String,
}

/// The texts of one language.
pub struct Words {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
    stretched: bool,
}

impl Words {
    #[must_use]
    pub fn new(lang: Lang) -> Words {
        let texts = match lang {
            Lang::En => ENGLISH,
            Lang::Fr => FRENCH,
        };
        // Both tags are well formed; the default would only cost the plural rules.
        let tag: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
        // A line that can't be read is left out by the parser and shows as a missing text.
        let resource = FluentResource::try_new(texts.to_owned()).unwrap_or_else(|(read, _)| read);
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match lang {
            Lang::En => english_number,
            Lang::Fr => french_number,
        }));
        bundle.add_resource_overriding(resource);
        Words { lang, bundle, stretched: false }
    }

    /// A made-up language for layout tests: each text is bracketed and two fifths longer, so that
    /// a cut text shows its missing bracket.
    #[must_use]
    pub fn pseudo(lang: Lang) -> Words {
        Words { stretched: true, ..Words::new(lang) }
    }

    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text with that id, `id.attribute` for a part of it. Where there is none the id stands in
    /// brackets: a screen with a hole still says which text it lacks.
    #[must_use]
    pub fn get(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.try_get(id, args).unwrap_or_else(|_| format!("[{id}]"))
    }

    /// The text with that id.
    ///
    /// # Errors
    /// [`WordsError::Missing`] when there is none, [`WordsError::Arguments`] when it needs a value
    /// that was not given.
    pub fn try_get(&self, id: &str, args: &[(&str, Arg<'_>)]) -> Result<String, WordsError> {
        let lang = self.lang.tag();
        let missing = || WordsError::Missing { id: id.to_owned(), lang };
        let (key, part) = match id.split_once('.') {
            Some((key, part)) => (key, Some(part)),
            None => (id, None),
        };
        let message = self.bundle.get_message(key).ok_or_else(missing)?;
        let pattern = match part {
            Some(part) => message.get_attribute(part).map(|attribute| attribute.value()),
            None => message.value(),
        };
        let given: FluentArgs<'_> = args.iter().map(|(name, arg)| (*name, value(*arg))).collect();
        let mut faults = Vec::new();
        let text =
            self.bundle.format_pattern(pattern.ok_or_else(missing)?, Some(&given), &mut faults);
        match faults.first() {
            Some(fault) => {
                Err(WordsError::Arguments { id: id.to_owned(), lang, why: fault.to_string() })
            }
            None if self.stretched => Ok(stretched(&text)),
            None => Ok(text.into_owned()),
        }
    }

    /// The three lines of a text that has them.
    #[must_use]
    pub fn three(&self, id: &str, args: &[(&str, Arg<'_>)]) -> ThreeLines {
        let part = |part: &str| self.get(&format!("{id}.{part}"), args);
        ThreeLines { what: part("what"), now: part("now"), safe: part("safe") }
    }
}

/// The id of a refusal's text: it has `.short`, for the list of last scans, and the three lines.
///
/// They may use `code` (what was scanned), `wanted` (the bin wanted), `other` (what the scan ran
/// into), `when`, `station` and `operator`; a caller hands in all of them, empty where unknown.
#[must_use]
pub fn refusal_id(cause: RefusedCause) -> String {
    let word = serde_json::to_value(cause).ok();
    let word = word.as_ref().and_then(serde_json::Value::as_str).unwrap_or("unknown-code");
    format!("refused-{}", word.replace('_', "-"))
}

fn value(arg: Arg<'_>) -> FluentValue<'static> {
    match arg {
        Arg::Text(text) => FluentValue::from(printable(text, ARG_CELLS)),
        Arg::Number(number) => FluentValue::from(number),
    }
}

fn english_number<M>(value: &FluentValue<'_>, _memoizer: &M) -> Option<String> {
    number(value, ',')
}

fn french_number<M>(value: &FluentValue<'_>, _memoizer: &M) -> Option<String> {
    number(value, '\u{a0}')
}

/// A number in groups of three digits; `None` leaves any other value as it is.
fn number(value: &FluentValue<'_>, mark: char) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let digits = number.as_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(mark);
        }
        text.push(digit);
    }
    Some(text)
}

fn stretched(text: &str) -> String {
    let longer = (text.chars().count() * 2).div_ceil(5);
    format!("[!! {text}{} !!]", "~".repeat(longer.saturating_sub(8)))
}
