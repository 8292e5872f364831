//! Decides which carriers a code can be the parcel number of. Owns: the compiled table, the ranks.
//! Never: which numbers are expected, which carriers come to the dock; a file. The rules of each
//! carrier are data: what a pattern may say stands in `carrier/pattern.rs`, the check digits in
//! `carrier/check.rs`. Linear in the text and in the entries of its length.
//! Start at `Carriers::read`. Tests: carrier/tests.rs; the built-in table's in src/config/carriers/tests.rs.

pub mod check;
pub mod pattern;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::carrier::check::Check;
use crate::domain::carrier::pattern::{Form, LENGTH_MAX, Pattern, Role};

/// Between an example's text and the number that it has to be read as.
const EXAMPLE_ARROW: &str = " => ";

/// Fewest fixed characters at the start that nothing else begins with by chance.
const HARD_PREFIX_MIN: usize = 3;

/// How far a reading can be trusted without a list of expected numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// The length alone.
    Possible,
    /// A prefix and the length; or a check digit that others use for the same shape.
    Likely,
    /// A check digit that is right, or a prefix that nothing else has.
    Strong,
}

/// What a text is as a parcel number of one carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierReading {
    pub carrier: String,
    pub service: Option<String>,
    /// The number as the carrier's own tracking takes it: without routing, blanks and small letters.
    pub tracking: String,
    pub strength: Strength,
    /// The entry of the table, counted from 0.
    pub entry: usize,
}

/// One rule of one carrier, as it is written in carriers.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierEntry {
    pub carrier: String,
    pub service: Option<String>,
    /// Names of what the group `service` holds; one that isn't here is named by `service`.
    pub services: BTreeMap<String, String>,
    pub pattern: Pattern,
    pub check: Check,
    /// Is put before what the check digit covers.
    pub check_prefix: String,
    /// The strength of a text that has this form and whose check digits are right.
    pub strength: Strength,
    /// Two letters each. Where there is a group `country`, it has to be one of these.
    pub countries: Vec<String>,
    /// The carrier that stands for this one, by what the group `country` holds.
    pub posts: BTreeMap<String, String>,
    /// Carriers whose reading, at least as strong, takes the place of this one's.
    pub unless: Vec<String>,
    /// Small letters and blanks are accepted.
    pub is_loose: bool,
    /// Texts that this entry has to read: `text`, or `text => number`.
    pub good: Vec<String>,
    /// Texts that this entry must not read.
    pub bad: Vec<String>,
}

/// Why a table can't be used: the first entry that is wrong, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct CarrierError {
    pub entry: usize,
    pub fault: CarrierFault,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CarrierFault {
    #[error("the check digit has no place: the pattern wants as many check groups as covered ones")]
    CheckPlace,
    #[error("check is \"none\", but the pattern has a check group")]
    CheckUnused,
    #[error("\"strong\" wants a check digit, or {HARD_PREFIX_MIN} fixed characters at the start")]
    TooStrong,
    #[error("the pattern has a group country, but countries is empty")]
    NoCountries,
    #[error("an entry needs an example under good")]
    NoExample,
    #[error("the good example {text:?} is not read as it should: {found}")]
    GoodUnread { text: String, found: String },
    #[error("the bad example {text:?} is read as {tracking:?}")]
    BadRead { text: String, tracking: String },
}

/// The table, compiled and checked by its own examples. The default reads nothing.
#[derive(Clone, Debug, Default)]
pub struct Carriers {
    entries: Vec<CarrierEntry>,
    /// By length in bytes: entry and number of its form, in the order of the entries.
    by_length: Vec<Vec<(usize, usize)>>,
}

impl Carriers {
    /// Compiles and checks the entries; their order ranks readings of the same strength.
    ///
    /// # Errors
    /// [`CarrierError`] for the first entry that contradicts itself or its examples.
    pub fn new(entries: Vec<CarrierEntry>) -> Result<Carriers, CarrierError> {
        let mut by_length = vec![Vec::new(); LENGTH_MAX + 1];
        for (index, entry) in entries.iter().enumerate() {
            sound(entry).map_err(|fault| CarrierError { entry: index, fault })?;
            for (number, form) in entry.pattern.forms().iter().enumerate() {
                if let Some(of_length) = by_length.get_mut(form.len()) {
                    of_length.push((index, number));
                }
            }
        }
        let carriers = Carriers { entries, by_length };
        for index in 0..carriers.entries.len() {
            let examples = carriers.keeps_examples(index);
            examples.map_err(|fault| CarrierError { entry: index, fault })?;
        }
        Ok(carriers)
    }

    #[must_use]
    pub fn entries(&self) -> &[CarrierEntry] {
        &self.entries
    }

    /// Every parcel number that the text can be, the strongest first; at most one an entry.
    /// Never looks at more than the first [`LENGTH_MAX`] characters that count.
    #[must_use]
    pub fn read(&self, text: &str) -> Vec<CarrierReading> {
        let mut readings: Vec<CarrierReading> = Vec::new();
        self.each_form(text, |index, entry, form, text| {
            if readings.last().is_none_or(|last| last.entry != index)
                && entry.passes(form, text)
                && let Some(reading) = entry.reading(index, form, text)
            {
                readings.push(reading);
            }
        });
        let silenced: Vec<bool> =
            readings.iter().map(|one| self.is_silenced(one, &readings)).collect();
        let mut silenced = silenced.into_iter();
        readings.retain(|_| !silenced.next().unwrap_or(false));
        readings.sort_by(|a, b| b.strength.cmp(&a.strength).then(a.entry.cmp(&b.entry)));
        readings
    }

    /// The entries whose form the text has, but not their check digit: a misread number, perhaps.
    #[must_use]
    pub fn failed_checks(&self, text: &str) -> Vec<usize> {
        let mut failed: Vec<usize> = Vec::new();
        self.each_form(text, |index, entry, form, text| {
            if !entry.passes(form, text) && failed.last() != Some(&index) {
                failed.push(index);
            }
        });
        failed.retain(|index| !self.read(text).iter().any(|reading| reading.entry == *index));
        failed
    }

    /// Calls for each form that fits, in the order of the entries, with the text it was laid on.
    fn each_form(&self, text: &str, mut visit: impl FnMut(usize, &CarrierEntry, &Form, &str)) {
        let Some(loose) = loosened(text) else { return };
        let lengths = [text.len(), loose.len()];
        let of_length = |length: usize| self.by_length.get(length).map_or(&[][..], Vec::as_slice);
        let is_same = loose == text;
        for (pass, length) in lengths.into_iter().enumerate() {
            let laid_on_loose = pass == 1;
            for &(index, number) in of_length(length) {
                let Some(entry) = self.entries.get(index) else { continue };
                if !is_same && entry.is_loose != laid_on_loose {
                    continue;
                }
                let Some(form) = entry.pattern.forms().get(number) else { continue };
                let text = if laid_on_loose { &*loose } else { text };
                if form.fits(text.as_bytes()) {
                    visit(index, entry, form, text);
                }
            }
            if is_same {
                return;
            }
        }
    }

    fn is_silenced(&self, reading: &CarrierReading, readings: &[CarrierReading]) -> bool {
        let unless = self.entries.get(reading.entry).map_or(&[][..], |entry| &entry.unless);
        readings.iter().any(|other| {
            other.strength >= reading.strength
                && other.entry != reading.entry
                && unless.contains(&other.carrier)
        })
    }

    fn keeps_examples(&self, index: usize) -> Result<(), CarrierFault> {
        let Some(entry) = self.entries.get(index) else { return Ok(()) };
        if entry.good.is_empty() {
            return Err(CarrierFault::NoExample);
        }
        let by_this = |text: &str| self.read(text).into_iter().find(|one| one.entry == index);
        for example in &entry.good {
            let (text, wanted) = match example.split_once(EXAMPLE_ARROW) {
                Some((text, wanted)) => (text, Some(wanted)),
                None => (example.as_str(), None),
            };
            let found = match by_this(text) {
                None if self.failed_checks(text).contains(&index) => "the check digit is wrong",
                None => "not at all",
                Some(reading) if wanted.is_none_or(|wanted| wanted == reading.tracking) => continue,
                Some(reading) => &format!("as {:?}", reading.tracking),
            };
            let found = found.to_owned();
            return Err(CarrierFault::GoodUnread { text: text.to_owned(), found });
        }
        for text in &entry.bad {
            if let Some(reading) = by_this(text) {
                let tracking = reading.tracking;
                return Err(CarrierFault::BadRead { text: text.clone(), tracking });
            }
        }
        Ok(())
    }
}

impl CarrierEntry {
    /// Whether each check group holds what the covered group of the same rank asks for.
    fn passes(&self, form: &Form, text: &str) -> bool {
        if self.check == Check::None {
            return true;
        }
        let checks = form.spans(Role::Check);
        checks.zip(form.spans(Role::Covered)).all(|(check, covered)| {
            let covered = text.get(covered).unwrap_or_default();
            let wanted = self.check.character(self.check_prefix.bytes().chain(covered.bytes()));
            let found = text.as_bytes().get(check);
            matches!((wanted, found), (Some(wanted), Some([found])) if wanted == *found)
        })
    }

    /// `None` when the country is none of the entry's.
    fn reading(&self, entry: usize, form: &Form, text: &str) -> Option<CarrierReading> {
        let part = |role| form.spans(role).next().and_then(|span| text.get(span));
        let mut carrier = &self.carrier;
        if let Some(country) = part(Role::Country) {
            if !self.countries.iter().any(|one| one == country) {
                return None;
            }
            carrier = self.posts.get(country).unwrap_or(carrier);
        }
        let named = part(Role::Service).and_then(|service| self.services.get(service));
        let mut tracking: String =
            form.spans(Role::Tracking).filter_map(|span| text.get(span)).collect();
        if tracking.is_empty() {
            text.clone_into(&mut tracking);
        }
        Some(CarrierReading {
            carrier: carrier.clone(),
            service: named.or(self.service.as_ref()).cloned(),
            tracking,
            strength: self.strength,
            entry,
        })
    }
}

/// What can be told of an entry without its examples.
fn sound(entry: &CarrierEntry) -> Result<(), CarrierFault> {
    let is_checked = entry.check != Check::None;
    for form in entry.pattern.forms() {
        let n_checks = form.spans(Role::Check).count();
        if is_checked && (n_checks == 0 || n_checks != form.spans(Role::Covered).count()) {
            return Err(CarrierFault::CheckPlace);
        }
        if !is_checked && n_checks > 0 {
            return Err(CarrierFault::CheckUnused);
        }
        let is_hard = form.n_fixed() >= HARD_PREFIX_MIN || form.starts_with_sign();
        if entry.strength == Strength::Strong && !is_checked && !is_hard {
            return Err(CarrierFault::TooStrong);
        }
        if form.spans(Role::Country).count() > 0 && entry.countries.is_empty() {
            return Err(CarrierFault::NoCountries);
        }
    }
    Ok(())
}

/// The text in capitals and without blanks; `None` when more is left than any number has.
fn loosened(text: &str) -> Option<Cow<'_, str>> {
    let is_plain = |byte: u8| byte != b' ' && !byte.is_ascii_lowercase();
    if text.len() <= LENGTH_MAX && text.bytes().all(is_plain) {
        return Some(Cow::Borrowed(text));
    }
    let mut kept = String::new();
    for character in text.chars().filter(|character| *character != ' ') {
        if kept.len() >= LENGTH_MAX {
            return None;
        }
        kept.push(character.to_ascii_uppercase());
    }
    Some(Cow::Owned(kept))
}
