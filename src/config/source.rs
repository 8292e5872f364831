//! The text of one file and where it comes from; its values with their lines.
//! Owns: reading, limits, the compiled defaults. Tests: config/tests.rs.

use std::fs;
use std::io;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::config::error::{ConfigError, Problem};

/// Longest configuration file in bytes: a thousand operators are a tenth of it.
pub const FILE_MAX_BYTES: u64 = 1 << 20;

/// Longest found value that an error repeats, in characters.
const FOUND_MAX_CHARS: usize = 60;

/// A default file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultFile {
    pub name: &'static str,
    pub text: &'static str,
}

pub const STATION: DefaultFile =
    DefaultFile { name: "station.toml", text: include_str!("../../config/station.toml") };
pub const OPERATORS: DefaultFile =
    DefaultFile { name: "operators.toml", text: include_str!("../../config/operators.toml") };
pub const POLICY: DefaultFile =
    DefaultFile { name: "policy.toml", text: include_str!("../../config/policy.toml") };
pub const INSPECTION: DefaultFile =
    DefaultFile { name: "inspection.toml", text: include_str!("../../config/inspection.toml") };
pub const BINS: DefaultFile =
    DefaultFile { name: "bins.toml", text: include_str!("../../config/bins.toml") };
pub const CARRIERS: DefaultFile =
    DefaultFile { name: "carriers.toml", text: include_str!("../../config/carriers.toml") };
pub const KEYS: DefaultFile =
    DefaultFile { name: "keys.toml", text: include_str!("../../config/keys.toml") };

/// Where a file's values come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    File(PathBuf),
    /// The default of that name, compiled in.
    BuiltIn(&'static str),
}

/// One file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub origin: Origin,
    pub text: String,
}

impl Source {
    #[must_use]
    pub fn compiled(default: &DefaultFile) -> Source {
        Source { origin: Origin::BuiltIn(default.name), text: default.text.to_owned() }
    }

    /// Reads a file that was asked for by name.
    ///
    /// # Errors
    /// [`Problem::Unreadable`], [`Problem::TooLong`].
    pub fn named(path: &Path) -> Result<Source, ConfigError> {
        let refuse = |problem| ConfigError {
            file: path.display().to_string(),
            line: None,
            problem: Box::new(problem),
        };
        let bytes = fs::metadata(path).map_err(|e| refuse(Problem::Unreadable(e)))?.len();
        if bytes > FILE_MAX_BYTES {
            return Err(refuse(Problem::TooLong { bytes, max_bytes: FILE_MAX_BYTES }));
        }
        let text = fs::read_to_string(path).map_err(|e| refuse(Problem::Unreadable(e)))?;
        Ok(Source { origin: Origin::File(path.to_owned()), text })
    }

    /// Reads the file of that name beside station.toml; the default when there is none.
    ///
    /// # Errors
    /// As [`Source::named`], but for a file that isn't there.
    pub fn beside(
        station_toml: Option<&Path>,
        default: &DefaultFile,
    ) -> Result<Source, ConfigError> {
        let Some(station_toml) = station_toml else { return Ok(Source::compiled(default)) };
        let read = Source::named(&station_toml.with_file_name(default.name));
        let is_absent = |error: &ConfigError| {
            matches!(error.problem.as_ref(),
                Problem::Unreadable(cause) if cause.kind() == io::ErrorKind::NotFound)
        };
        match read {
            Err(error) if is_absent(&error) => Ok(Source::compiled(default)),
            read => read,
        }
    }

    /// The values of the file as they are written.
    ///
    /// # Errors
    /// [`Problem::UnknownKey`] or [`Problem::Form`], with the line.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        toml::from_str(&self.text).map_err(|problem| self.worded(&problem))
    }

    /// An error at a place of the text.
    #[must_use]
    pub fn at(&self, span: Range<usize>, problem: Problem) -> ConfigError {
        ConfigError {
            file: self.name(),
            line: Some(self.line(span.start)),
            problem: Box::new(problem),
        }
    }

    /// An error of the whole file.
    #[must_use]
    pub fn whole(&self, problem: Problem) -> ConfigError {
        ConfigError { file: self.name(), line: None, problem: Box::new(problem) }
    }

    /// The error of a value that is out of bounds.
    #[must_use]
    pub fn refuse<T>(
        &self,
        key: &str,
        value: &Spanned<T>,
        allowed: impl Into<String>,
    ) -> ConfigError {
        let written = self.text.get(value.span()).unwrap_or_default();
        let mut found: String = written.escape_debug().take(FOUND_MAX_CHARS).collect();
        // A quote or two of TOML's own are no surprise, their escape would be.
        found = found.replace("\\\"", "\"").replace("\\'", "'");
        let problem = Problem::Value { key: key.to_owned(), found, allowed: allowed.into() };
        self.at(value.span(), problem)
    }

    /// A whole number within `range`.
    ///
    /// # Errors
    /// [`Problem::Value`] when it is outside.
    pub fn number<N: TryFrom<i64>>(
        &self,
        key: &str,
        value: &Spanned<i64>,
        range: RangeInclusive<i64>,
    ) -> Result<N, ConfigError> {
        let number = *value.get_ref();
        let refused = || self.refuse(key, value, format!("{} to {}", range.start(), range.end()));
        if !range.contains(&number) {
            return Err(refused());
        }
        N::try_from(number).map_err(|_| refused())
    }

    /// One of a few words.
    ///
    /// # Errors
    /// [`Problem::Value`] with the words for any other.
    pub fn word<T: Copy>(
        &self,
        key: &str,
        value: &Spanned<String>,
        words: &[(&str, T)],
    ) -> Result<T, ConfigError> {
        let found = words.iter().find(|(word, _)| word == value.get_ref());
        found.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words: Vec<_> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            self.refuse(key, value, format!("one of {}", words.join(", ")))
        })
    }

    fn name(&self) -> String {
        match &self.origin {
            Origin::File(path) => path.display().to_string(),
            Origin::BuiltIn(name) => format!("{name} (built in)"),
        }
    }

    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or(self.text.as_bytes());
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// Puts what the TOML reader says into our words; it gives the place, but not the key.
    fn worded(&self, error: &toml::de::Error) -> ConfigError {
        let span = error.span().unwrap_or_default();
        let message = error.message().lines().next().unwrap_or_default();
        if let Some(rest) = message.strip_prefix("unknown field `")
            && let Some((key, allowed)) = rest.split_once("`, ")
        {
            let allowed = allowed.replace('`', "").replacen("expected", "allowed:", 1);
            return self.at(span, Problem::UnknownKey { key: key.to_owned(), allowed });
        }
        let message = message
            .replace("expected i64", "a whole number is expected")
            .replace("expected a boolean", "true or false is expected")
            .replace("missing field", "there is no key");
        let key = match self.key_at(span.start) {
            Some(key) if message.starts_with("invalid type") => format!("{key}: "),
            Some(_) | None => String::new(),
        };
        self.at(span, Problem::Form { key, message })
    }

    /// What stands before `=` on the line of a value.
    fn key_at(&self, at: usize) -> Option<&str> {
        let line_start = self.text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
        let (key, _) = self.text.get(line_start..)?.lines().next()?.split_once('=')?;
        Some(key.trim())
    }
}
