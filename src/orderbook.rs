//! The station's rebuildable copy of what was sold: orders, RMAs, products, in `orderbook.db`.
//! Decides what a number is known as. Owns its tables, the import of JSON lines, the personal data
//! of customers, kept apart so that they can be erased. Never: the journal, the screen, a clock.
//! Start at `OrderBook::open`, then `find` in lookup.rs for a scan and import.rs for a file.
//! Tests: orderbook/tests.rs, and beside the parsers.

pub mod code;
mod entry;
pub mod erase;
pub mod file;
pub mod floor;
pub mod import;
pub mod lines;
pub mod lookup;
mod schema;
mod store;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

/// The file's name within the data directory.
pub const FILE_NAME: &str = "orderbook.db";

/// How long a writer waits for another one. A batch commits well within a second; the indexes of a
/// first load of ten million lines take longer than this, and a second import says so.
const BUSY: Duration = Duration::from_secs(10);

/// What the connection wants of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Look-ups: the station, `decode`, `match`, `replay`.
    ReadOnly,
    /// Imports and erasure.
    ReadWrite,
}

/// Why the order book can't answer or take a file.
#[derive(Debug, thiserror::Error)]
pub enum OrderBookError {
    #[error("the order book {path:?} can't be opened")]
    Open { path: PathBuf, source: sqlx::Error },
    #[error("the directory {path:?} can't be made or read")]
    Directory { path: PathBuf, source: std::io::Error },
    #[error("the order book is of version {found}, this program reads {wanted}: import again")]
    Version { found: i64, wanted: i64 },
    #[error("the order book could not carry out a statement")]
    Statement(#[from] sqlx::Error),
    #[error("row {id} of {table} in the order book is not readable: import again")]
    Row { table: &'static str, id: i64, source: file::RowError },
    #[error("the order book holds a number of the unknown kind {found}: import again")]
    NumberKind { found: i64 },
    #[error("line {line} of the file could not be read")]
    Read { line: u64, source: std::io::Error },
    #[error("the rejected row of line {line} could not be written")]
    Reject { line: u64, source: std::io::Error },
    #[error("a batch could not be encoded")]
    Encode(#[source] serde_json::Error),
    #[error("the numbering of the order book is used up")]
    Numbering,
    #[error("{erased} customer records are erased, but another program still reads the old state")]
    StillRead { erased: u64 },
}

/// One connection to the order book; whoever holds it is its only user.
pub struct OrderBook {
    connection: SqliteConnection,
    set_aside: Option<PathBuf>,
}

impl OrderBook {
    /// Opens the order book of the data directory `dir`; a missing one is made, empty.
    ///
    /// A file of a version this program does not know, or that is no database, is rebuildable from
    /// the imports: for [`Access::ReadWrite`] it is renamed aside ([`OrderBook::set_aside`]) and an
    /// empty one takes its place.
    ///
    /// # Errors
    /// [`OrderBookError::Directory`] and [`OrderBookError::Open`] when the disk refuses;
    /// [`OrderBookError::Version`] for a foreign version under [`Access::ReadOnly`].
    pub async fn open(dir: &Path, access: Access) -> Result<OrderBook, OrderBookError> {
        std::fs::create_dir_all(dir)
            .map_err(|source| OrderBookError::Directory { path: dir.to_owned(), source })?;
        let path = dir.join(FILE_NAME);
        match access {
            Access::ReadWrite => Self::open_writable(&path).await,
            Access::ReadOnly => {
                if !path.exists() {
                    Self::open_writable(&path).await?.close().await?;
                }
                let mut connection = connect(&path, Access::ReadOnly).await?;
                match schema::version(&mut connection).await? {
                    schema::VERSION => Ok(OrderBook { connection, set_aside: None }),
                    found => Err(OrderBookError::Version { found, wanted: schema::VERSION }),
                }
            }
        }
    }

    async fn open_writable(path: &Path) -> Result<OrderBook, OrderBookError> {
        let mut set_aside = None;
        if !schema::is_ours(path).await? {
            set_aside = Some(schema::set_aside(path)?);
        }
        let mut connection = connect(path, Access::ReadWrite).await?;
        schema::prepare(&mut connection).await?;
        Ok(OrderBook { connection, set_aside })
    }

    /// Where the file that was no order book of this version stands, if one had to make room.
    #[must_use]
    pub fn set_aside(&self) -> Option<&Path> {
        self.set_aside.as_deref()
    }

    /// Closes the file in order: the write-ahead log is folded in by the last connection.
    ///
    /// # Errors
    /// [`OrderBookError::Statement`] when SQLite could not.
    pub async fn close(self) -> Result<(), OrderBookError> {
        Ok(self.connection.close().await?)
    }
}

async fn connect(path: &Path, access: Access) -> Result<SqliteConnection, OrderBookError> {
    let base = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY).foreign_keys(false);
    let options = match access {
        Access::ReadOnly => base.read_only(true),
        // Deleted personal data are overwritten with zeros, not only unlinked. The page cache of
        // 64 MiB holds the inner pages of a book of ten million lines while it is loaded.
        Access::ReadWrite => base
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("secure_delete", "on")
            .pragma("journal_size_limit", "67108864")
            .pragma("cache_size", "-65536"),
    };
    options
        .disable_statement_logging()
        .connect()
        .await
        .map_err(|source| OrderBookError::Open { path: path.to_owned(), source })
}
