//! Files as written -> checked values. Owns: the form of every configuration file and its default,
//! which is the commented file in config/, compiled in.
//! Never: what a value is used for; a device, a store. No key that isn't known is accepted.
//! Start at `load`; what is wrong is told by `error`. Tests: config/tests.rs.

pub mod bins;
pub mod carriers;
pub mod error;
pub mod inspection;
pub mod keys;
pub mod operators;
pub mod policy;
pub mod source;
pub mod station;
#[cfg(test)]
mod tests;

use std::path::Path;

use dockside_core::domain::bin::Bins;
use dockside_core::domain::carrier::Carriers;
use dockside_core::domain::ids::BadgeCode;
use dockside_core::domain::inspection::Inspection;
use dockside_core::domain::operator::Operators;
use dockside_core::domain::policy::Policy;

use crate::config::error::ConfigError;
use crate::config::keys::Keys;
use crate::config::source::{Origin, Source};
use crate::config::station::Station;

/// The badges of the built-in operators: everybody knows them.
pub const DEFAULT_BADGES: [&str; 3] = ["BDGRECEIVER", "BDGLEAD", "BDGTECH"];

/// Every value of the configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub station: Station,
    pub operators: Operators,
    /// Badges of [`DEFAULT_BADGES`] that are in the operators' file but not in `operators`, because
    /// a station with a central is no place for a badge that everybody knows.
    pub refused_badges: Vec<BadgeCode>,
    pub policy: Policy,
    pub inspection: Inspection,
    pub bins: Bins,
    pub carriers: Carriers,
    pub keys: Keys,
    pub origins: Origins,
}

/// Where the values of each file come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins {
    pub station: Origin,
    pub operators: Origin,
    pub policy: Origin,
    pub inspection: Origin,
    pub bins: Origin,
    pub carriers: Origin,
    pub keys: Origin,
}

/// Reads station.toml and the other files beside it; each of those that is missing is its compiled
/// default, and without `station_toml` all are.
///
/// # Errors
/// [`ConfigError`] for the first thing that is wrong: the file, its line, the key, what was found
/// and what is allowed.
pub fn load(station_toml: Option<&Path>) -> Result<Config, ConfigError> {
    let beside = |default| Source::beside(station_toml, default);
    let station = match station_toml {
        Some(path) => Source::named(path)?,
        None => Source::compiled(&source::STATION),
    };
    let operators = beside(&source::OPERATORS)?;
    let policy = beside(&source::POLICY)?;
    let inspection = beside(&source::INSPECTION)?;
    let bins = beside(&source::BINS)?;
    let carriers = beside(&source::CARRIERS)?;
    let keys = beside(&source::KEYS)?;
    let mut config = Config {
        station: station::read(&station)?,
        operators: operators::read(&operators)?,
        refused_badges: Vec::new(),
        policy: policy::read(&policy)?,
        inspection: inspection::read(&inspection)?,
        bins: bins::read(&bins)?,
        carriers: carriers::read(&carriers)?,
        keys: keys::read(&keys)?,
        origins: Origins {
            station: station.origin,
            operators: operators.origin,
            policy: policy.origin,
            inspection: inspection.origin,
            bins: bins.origin,
            carriers: carriers.origin,
            keys: keys.origin,
        },
    };
    if config.station.central.is_some() {
        let is_default = |badge: &BadgeCode| DEFAULT_BADGES.contains(&badge.as_str());
        config.refused_badges =
            config.operators.keys().filter(|b| is_default(b)).cloned().collect();
        config.operators.retain(|badge, _| !is_default(badge));
    }
    Ok(config)
}
