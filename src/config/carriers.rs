//! carriers.toml: what the parcel numbers of each carrier look like. Whether the table is sound is
//! the core's word. Tests: carriers/tests.rs.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use dockside_core::domain::carrier::check::{Check, FEDEX_WEIGHTS};
use dockside_core::domain::carrier::pattern::Pattern;
use dockside_core::domain::carrier::{CarrierEntry, CarrierFault, Carriers, Strength};
use serde::Deserialize;
use toml::Spanned;

use crate::config::error::{ConfigError, Problem};
use crate::config::source::Source;

/// Longest name of a carrier or a service, in characters.
const NAME_MAX_CHARS: usize = 32;

/// GS1's weights, the most common ones.
const GS1_WEIGHTS: [u32; 2] = [3, 1];

/// Weights of Identcode and Leitcode.
const IDENTCODE_WEIGHTS: [u32; 2] = [4, 9];

const STRENGTHS: [(&str, Strength); 3] =
    [("strong", Strength::Strong), ("likely", Strength::Likely), ("possible", Strength::Possible)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarriersFile {
    #[serde(default)]
    carrier: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    carrier: Spanned<String>,
    service: Option<Spanned<String>>,
    #[serde(default)]
    services: BTreeMap<String, Spanned<String>>,
    pattern: Spanned<String>,
    check: Option<Spanned<String>>,
    #[serde(default)]
    weights: Vec<Spanned<i64>>,
    check_prefix: Option<Spanned<String>>,
    strength: Spanned<String>,
    #[serde(default)]
    countries: Vec<Spanned<String>>,
    #[serde(default)]
    posts: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    #[serde(default)]
    loose: bool,
    #[serde(default)]
    good: Vec<String>,
    #[serde(default)]
    bad: Vec<String>,
}

/// Reads the table and has it tried on its own examples. Without an entry no parcel number is known.
///
/// # Errors
/// [`ConfigError`]: a pattern, a rule or a name that can't be, an entry that contradicts itself, an
/// example that is not read as it should, with the line of the entry.
pub fn read(source: &Source) -> Result<Carriers, ConfigError> {
    let file: CarriersFile = source.parse()?;
    let entries: Result<Vec<_>, _> = file.carrier.iter().map(|one| entry(source, one)).collect();
    Carriers::new(entries?).map_err(|error| match file.carrier.get(error.entry) {
        Some(one) => source.at(one.carrier.span(), problem(one, error.fault)),
        None => source.whole(Problem::Carrier { of: String::new(), fault: error.fault }),
    })
}

fn problem(entry: &Entry, fault: CarrierFault) -> Problem {
    let service = entry.service.as_ref().map_or(String::new(), |one| format!(" {}", one.get_ref()));
    Problem::Carrier { of: format!("{}{service}", entry.carrier.get_ref()), fault }
}

fn entry(source: &Source, entry: &Entry) -> Result<CarrierEntry, ConfigError> {
    let pattern = Pattern::parse(entry.pattern.get_ref())
        .map_err(|problem| source.refuse("pattern", &entry.pattern, problem.to_string()))?;
    let named = |key: &'static str, names: &BTreeMap<String, Spanned<String>>| {
        let pairs = names.iter().map(|(code, one)| Ok((code.clone(), name(source, key, one)?)));
        pairs.collect::<Result<BTreeMap<_, _>, ConfigError>>()
    };
    let service = entry.service.as_ref().map(|one| name(source, "service", one)).transpose()?;
    let unless = entry.unless.iter().map(|one| name(source, "unless", one));
    let countries = entry.countries.iter().map(|one| country(source, one));
    Ok(CarrierEntry {
        carrier: name(source, "carrier", &entry.carrier)?,
        service,
        services: named("services", &entry.services)?,
        pattern,
        check: check(source, entry)?,
        check_prefix: check_prefix(source, entry)?,
        strength: source.word("strength", &entry.strength, &STRENGTHS)?,
        countries: countries.collect::<Result<_, _>>()?,
        posts: named("posts", &entry.posts)?,
        unless: unless.collect::<Result<_, _>>()?,
        is_loose: entry.loose,
        good: entry.good.clone(),
        bad: entry.bad.clone(),
    })
}

/// Names stand in events and exports, so they are plain.
fn name(source: &Source, key: &str, written: &Spanned<String>) -> Result<String, ConfigError> {
    let name = written.get_ref();
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty() || name.len() > NAME_MAX_CHARS || !name.bytes().all(is_plain) {
        let allowed = format!("1 to {NAME_MAX_CHARS} small letters, digits or _");
        return Err(source.refuse(key, written, allowed));
    }
    Ok(name.clone())
}

fn country(source: &Source, written: &Spanned<String>) -> Result<String, ConfigError> {
    let country = written.get_ref();
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(source.refuse("countries", written, "two capital letters"));
    }
    Ok(country.clone())
}

fn check_prefix(source: &Source, entry: &Entry) -> Result<String, ConfigError> {
    let Some(written) = &entry.check_prefix else { return Ok(String::new()) };
    let prefix = written.get_ref();
    if prefix.len() > NAME_MAX_CHARS || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        let allowed = format!("at most {NAME_MAX_CHARS} digits");
        return Err(source.refuse("check_prefix", written, allowed));
    }
    Ok(prefix.clone())
}

fn check(source: &Source, entry: &Entry) -> Result<Check, ConfigError> {
    let weights = entry.weights.iter().map(|one| source.number("weights", one, 1..=99));
    let mut weights = weights.collect::<Result<Vec<u32>, _>>()?;
    let Some(written) = &entry.check else { return Ok(Check::None) };
    let takes_weights = ["mod10", "sum_mod11_mod10"].contains(&written.get_ref().as_str());
    if let Some(first) = entry.weights.first().filter(|_| !takes_weights) {
        return Err(source.refuse("weights", first, "none: this check has its own"));
    }
    if weights.is_empty() {
        weights = GS1_WEIGHTS.to_vec();
    }
    let rules = [
        ("none", Check::None),
        ("mod10", Check::Mod10 { weights: weights.clone() }),
        ("mod10_4_9", Check::Mod10 { weights: IDENTCODE_WEIGHTS.to_vec() }),
        ("sum_mod11_mod10", Check::SumMod11Mod10 { weights }),
        ("fedex_12", Check::SumMod11Mod10 { weights: FEDEX_WEIGHTS.to_vec() }),
        ("upu_s10", Check::UpuS10),
        ("ups_1z", Check::Ups1z),
        ("mod7", Check::Mod7),
        ("iso7064_mod37_36", Check::Iso7064Mod37And36),
        ("mondial_relay", Check::MondialRelay),
    ];
    let words: Vec<_> = rules.iter().map(|(word, rule)| (*word, rule)).collect();
    source.word("check", written, &words).cloned()
}
