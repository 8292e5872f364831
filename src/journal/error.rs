//! What can go wrong with the journal, told apart by what a caller can do about it: wait, make
//! room, say who holds it, or stop. Owns: the reading of SQLite's result codes.
//! Never: the receiver's words (those are in the view). Tests: in journal/tests.

use std::io;

use dockside_core::domain::event::EnvelopeError;
use dockside_core::domain::replay::Refused;
use sqlx::migrate::MigrateError;

use crate::journal::chain::Fault;

/// Why the journal did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the data directory is in use by {holder}")]
    Locked { holder: String },
    #[error("another program holds the database file")]
    Busy(#[source] sqlx::Error),
    /// With `ballast_freed` room was made just before this error: the same append may be repeated,
    /// to finish what is open and nothing more.
    #[error("the disk is full{}", if *.ballast_freed { ", the reserve was freed" } else { "" })]
    DiskFull { ballast_freed: bool },
    #[error("the disk failed")]
    Io(#[from] io::Error),
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    #[error("the journal is damaged")]
    Corrupt(#[from] Cause),
    /// Nothing of the append was stored. `index` is that of the draft, from 0.
    #[error("draft {index} of the append can't follow what is recorded")]
    Refused {
        index: usize,
        #[source]
        source: Refused,
    },
    #[error("an event can't be written")]
    Envelope(#[from] EnvelopeError),
    #[error("{count} drafts in one append, at most {max} are allowed")]
    TooMany { count: usize, max: usize },
    #[error("event {seq} can't be acknowledged, {last} is the last")]
    AckAhead { seq: u64, last: u64 },
    #[error("the tables are of another version of the program")]
    Schema(#[source] MigrateError),
    #[error("SQLite refused {name}={wanted}, it is {found}")]
    Setting { name: &'static str, wanted: &'static str, found: String },
    #[error("the state can't be written or read")]
    State(#[from] serde_json::Error),
    #[error("the journal is closed")]
    Closed,
}

/// How a journal is known to be damaged.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error("SQLite can't read the file: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Broken(#[from] Fault),
    /// Events that were acknowledged are gone.
    #[error("it ends at event {journal}, the witness has seen event {witness}")]
    CutShort { journal: u64, witness: u64 },
    #[error("event {seq} is not the one the witness has seen")]
    Rewritten { seq: u64 },
}

impl JournalError {
    /// Whether repeating the same request can't help: `false` means try again later.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            JournalError::Locked { .. }
            | JournalError::Busy(_)
            | JournalError::DiskFull { .. }
            | JournalError::Io(_)
            | JournalError::Database(_) => false,
            JournalError::Corrupt(_)
            | JournalError::Refused { .. }
            | JournalError::Envelope(_)
            | JournalError::TooMany { .. }
            | JournalError::AckAhead { .. }
            | JournalError::Schema(_)
            | JournalError::Setting { .. }
            | JournalError::State(_)
            | JournalError::Closed => true,
        }
    }
}

/// SQLite's primary result codes that a caller can act on. Source: sqlite.org/rescode.html.
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const NOT_A_DATABASE: i32 = 26;

impl From<Fault> for JournalError {
    fn from(fault: Fault) -> JournalError {
        JournalError::Corrupt(fault.into())
    }
}

impl From<sqlx::Error> for JournalError {
    fn from(error: sqlx::Error) -> JournalError {
        if let sqlx::Error::ColumnDecode { .. } = error {
            return Cause::Unreadable(error.to_string()).into(); // strict tables hold no other type
        }
        let code = error.as_database_error().and_then(|database| database.code());
        // The low byte of an extended code is the primary one.
        let code = code.and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff);
        match code {
            Some(BUSY | LOCKED) => JournalError::Busy(error),
            Some(FULL) => JournalError::DiskFull { ballast_freed: false },
            Some(CORRUPT | NOT_A_DATABASE) => Cause::Unreadable(error.to_string()).into(),
            Some(_) | None => JournalError::Database(error),
        }
    }
}

impl From<MigrateError> for JournalError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a foreign enum that may grow")]
    fn from(error: MigrateError) -> JournalError {
        match error {
            MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => {
                source.into()
            }
            other => JournalError::Schema(other),
        }
    }
}

impl JournalError {
    /// A file's error, with a full disk told apart.
    pub(super) fn file(error: io::Error) -> JournalError {
        if error.kind() == io::ErrorKind::StorageFull {
            return JournalError::DiskFull { ballast_freed: false };
        }
        JournalError::Io(error)
    }
}
