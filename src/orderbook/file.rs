//! The rows of the import files as written, and the checks that let them in.
//! Owns: which keys there are, which values are refused and with what cause. What is stored as a
//! row's body is the same form again. Never: SQL, the disk. Start at `parse`.
//! Tests: file/tests.rs.

pub mod order;
pub mod product;
pub mod rma;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate};
use dockside_core::domain::ids::{ClientId, IdError};
use dockside_core::domain::money::MoneyError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// More pieces than this on one line are a mistake of the file: nobody returns them singly.
pub const QTY_MAX: u32 = 10_000;

/// The largest amount in minor units. Twenty thousand lines, as many as one row has bytes for, of
/// [`QTY_MAX`] pieces at this price still add up within 64 bits.
pub const AMOUNT_MAX_MINOR: i64 = 10_000_000_000;

/// More different unknown keys than this are not collected: the file is of another kind.
pub const UNKNOWN_KEYS_MAX: usize = 64;

/// Why a row is not taken.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    #[error("the row is longer than {max} bytes")]
    TooLong { max: usize },
    #[error("byte {at} of the row is no UTF-8")]
    Utf8 { at: usize },
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{key}: {source}")]
    Name { key: &'static str, source: IdError },
    #[error("currency: {0}")]
    Currency(#[source] MoneyError),
    #[error("{key}: {found:?} is neither a date (YYYY-MM-DD) nor a time (RFC 3339)")]
    Date { key: &'static str, found: String },
    #[error("{key}: {found} is not between {least} and {AMOUNT_MAX_MINOR} minor units")]
    Amount { key: &'static str, found: i64, least: i64 },
    #[error("{key}: {found} pieces are not between 1 and {QTY_MAX}")]
    Qty { key: &'static str, found: u64 },
    #[error("line {line}: a discount of {discount} on {gross} minor units")]
    Discount { line: u32, discount: i64, gross: i64 },
    #[error("line {line}: {returned} returned, of {qty} sold")]
    Returned { line: u32, returned: u32, qty: u32 },
    #[error("two lines have the number {line}")]
    LineTwice { line: u32 },
}

/// Keys that no record has, by their path without positions, such as `lines.colour`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnknownKeys(pub BTreeSet<String>);

impl UnknownKeys {
    fn note(&mut self, path: &serde_ignored::Path<'_>) {
        if self.0.len() < UNKNOWN_KEYS_MAX {
            let mut name = String::new();
            write_path(path, &mut name);
            self.0.insert(name);
        }
    }
}

fn write_path(path: &serde_ignored::Path<'_>, name: &mut String) {
    use serde_ignored::Path;
    match path {
        Path::Root => {}
        Path::Seq { parent, .. }
        | Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => write_path(parent, name),
        Path::Map { parent, key } => {
            write_path(parent, name);
            if !name.is_empty() {
                name.push('.');
            }
            // A key comes from outside: what is shown of it is bounded and has no control bytes.
            name.extend(key.chars().take(60).flat_map(char::escape_debug));
        }
    }
}

/// Reads one row of a file into its record, and notes the keys it does not know.
///
/// # Errors
/// [`RowError::Json`] for broken JSON, a missing key or a value of the wrong type.
pub fn parse<Record: DeserializeOwned>(
    row: &str,
    unknown: &mut UnknownKeys,
) -> Result<Record, RowError> {
    let mut json = serde_json::Deserializer::from_str(row);
    let record = serde_ignored::deserialize(&mut json, |path| unknown.note(&path))?;
    json.end()?;
    Ok(record)
}

/// Null and an absent key are the same: an optional key may be either.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn name<Name: FromStr<Err = IdError>>(key: &'static str, text: &str) -> Result<Name, RowError> {
    text.parse().map_err(|source| RowError::Name { key, source })
}

fn names<Name: FromStr<Err = IdError>>(
    key: &'static str,
    texts: &[String],
) -> Result<Vec<Name>, RowError> {
    texts.iter().map(|text| name(key, text)).collect()
}

fn optional<Name: FromStr<Err = IdError>>(
    key: &'static str,
    text: Option<&String>,
) -> Result<Option<Name>, RowError> {
    text.map(|text| name(key, text)).transpose()
}

/// The client of a row; one that names none belongs to the single client of the site.
fn client(text: Option<&String>) -> Result<ClientId, RowError> {
    Ok(optional("client", text)?.unwrap_or_default())
}

fn date(key: &'static str, text: Option<&String>) -> Result<(), RowError> {
    match text {
        Some(text) if seconds(text).is_none() => {
            Err(RowError::Date { key, found: text.chars().take(60).collect() })
        }
        Some(_) | None => Ok(()),
    }
}

/// Seconds since 1970 of a date or time as imported, for sorting only: a bare date counts as
/// midnight UTC, because the site's time zone is not known here. `None` when it is neither.
#[must_use]
pub fn seconds(text: &str) -> Option<i64> {
    if text.len() == 10 {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        return Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp());
    }
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp())
}

/// An amount that can't be below zero.
fn amount(key: &'static str, found: i64) -> Result<i64, RowError> {
    amount_from(key, found, 0)
}

fn amount_from(key: &'static str, found: i64, least: i64) -> Result<i64, RowError> {
    if (least..=AMOUNT_MAX_MINOR).contains(&found) {
        return Ok(found);
    }
    Err(RowError::Amount { key, found, least })
}

fn qty(key: &'static str, found: u64) -> Result<u32, RowError> {
    match u32::try_from(found) {
        Ok(qty) if (1..=QTY_MAX).contains(&qty) => Ok(qty),
        Ok(_) | Err(_) => Err(RowError::Qty { key, found }),
    }
}
