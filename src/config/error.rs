//! What is wrong with a configuration, as one sentence: file, line, key, what was found, what is
//! allowed. Never: a badge or a password. Tests: config/tests.rs.

use std::fmt;
use std::io;

use dockside_core::domain::carrier::CarrierFault;
use dockside_core::domain::inspection::check::InspectionProblem;
use dockside_core::domain::policy::PolicyError;

/// One thing that is wrong.
#[derive(Debug)]
pub struct ConfigError {
    /// The file as it was named, or its name and "(built in)".
    pub file: String,
    /// Counts from 1; `None` when the file as a whole is meant.
    pub line: Option<usize>,
    /// Boxed, to keep every `Result` small.
    pub problem: Box<Problem>,
}

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("can't be read: {0}")]
    Unreadable(#[source] io::Error),
    #[error("is {bytes} bytes long, at most {max_bytes} are allowed")]
    TooLong { bytes: u64, max_bytes: u64 },
    #[error("there is no key {key} here; {allowed}")]
    UnknownKey { key: String, allowed: String },
    /// A value of another type, a missing key, or what is no TOML.
    #[error("{key}{message}")]
    Form { key: String, message: String },
    #[error("{key} = {found} is not allowed; {allowed}")]
    Value { key: String, found: String, allowed: String },
    #[error("{what} is there twice; each may be there once")]
    Twice { what: String },
    #[error("{what} is missing; {why}")]
    Missing { what: String, why: String },
    #[error("{0}")]
    Policy(#[source] PolicyError),
    #[error("{0}")]
    Inspection(InspectionProblem),
    /// `of` is the entry: its carrier and service.
    #[error("{of}: {fault}")]
    Carrier { of: String, fault: CarrierFault },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} line {line}: {}", self.file, self.problem),
            None => write!(f, "{}: {}", self.file, self.problem),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.problem.as_ref())
    }
}
