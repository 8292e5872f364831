//! The fleet's truth in PostgreSQL: what a station pushes there, and how its login is made.
//! Owns: the one connection, the words of hello and ingest, what a refusal means. Never: the
//! journal (it comes as an `Outbox`), a rule of the trade, a wall clock.
//! Start at `Central::ingest`; `sync` is the task around it; `plan`, `retry`, `wire` and `scram` do
//! no I/O. Tests: tests/it/{central,claims,provision,sync}.rs, and
//! beside the pure parts.

use std::path::PathBuf;
use std::time::Duration;

use dockside_core::domain::event::Hash;
use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions, Row};
use uuid::Uuid;

use crate::central::address::AddressError;
use crate::central::plan::CentralMark;
use crate::central::wire::{Batch, Refusal, Verdict, WireError};

pub mod address;
pub mod plan;
pub mod provision;
pub mod retry;
pub mod scram;
pub mod sync;
pub mod wire;

/// How long a connection may take to stand, TLS and login included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an answer may take. The server gives up earlier, after 20 s (`STATEMENT_TIMEOUT`), so
/// that what we no longer wait for does not go on without us.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Where central is, and with which secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralConfig {
    /// `postgres://login@host:port/database`, with `sslmode` and `sslrootcert` as libpq knows them.
    pub url: String,
    /// A file of mode 0600 whose first line is the password; none where the server needs none.
    pub password_file: Option<PathBuf>,
}

/// Why central did not do as it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CentralError {
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("central did not {doing} within {} s", after.as_secs())]
    TimedOut { doing: &'static str, after: Duration },
    #[error("central can't be reached")]
    Unreachable(#[source] sqlx::Error),
    #[error("central refused: {message}")]
    Refused { refusal: Refusal, message: String },
    #[error("central failed with {sqlstate}: {message}")]
    Failed { sqlstate: String, message: String },
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error("central's tables can't be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl CentralError {
    /// Whether only a person can mend it. It is still tried again, at the longest pause: the
    /// person may be at central.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            CentralError::Address(_) | CentralError::Migrate(_) => true,
            CentralError::TimedOut { .. } | CentralError::Unreachable(_) => false,
            CentralError::Wire(problem) => problem.is_permanent(),
            CentralError::Refused { refusal, .. } => refusal.is_permanent(),
            CentralError::Failed { sqlstate, .. } => retry::is_permanent(sqlstate),
        }
    }
}

impl From<sqlx::Error> for CentralError {
    fn from(error: sqlx::Error) -> CentralError {
        let Some(database) = error.as_database_error() else {
            return CentralError::Unreachable(error);
        };
        let sqlstate = database.code().unwrap_or_default().into_owned();
        let message = database.message().to_owned();
        let detail = database
            .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
            .and_then(sqlx::postgres::PgDatabaseError::detail);
        match Refusal::read(&sqlstate, detail) {
            Some(refusal) => CentralError::Refused { refusal, message },
            None => CentralError::Failed { sqlstate, message },
        }
    }
}

/// What central said when greeted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    pub mark: CentralMark,
    /// Central's clock: milliseconds UTC.
    pub server_time: i64,
    /// The highest version of ingest central knows.
    pub proto: i32,
}

/// The connection. Every call takes it and gives it back only when the answer was whole: after an
/// error, a time-out or a dropped future there is nothing left to go on with, because a connection
/// in doubt may stand inside somebody's half transaction.
pub struct Central {
    connection: PgConnection,
}

impl Central {
    /// Connects and logs in.
    ///
    /// # Errors
    /// [`CentralError::Address`] when the configuration can't be used, else why there is no
    /// connection.
    pub async fn connect(config: &CentralConfig) -> Result<Central, CentralError> {
        let options = address::options(config)?;
        let connection = in_time("connect", CONNECT_TIMEOUT, options.connect()).await?;
        Ok(Central { connection })
    }

    /// Asks where `stream` stands at central.
    ///
    /// # Errors
    /// [`CentralError`]; the connection is gone then.
    pub async fn hello(mut self, stream: Uuid) -> Result<(Central, Hello), CentralError> {
        let query = sqlx::query(
            "select epoch, last_seq, last_hash, server_time, proto from dockside.hello_v1($1)",
        )
        .bind(stream);
        let row = in_time("answer", ANSWER_TIMEOUT, query.fetch_one(&mut self.connection)).await?;
        let last_seq: i64 = row.try_get("last_seq")?;
        let last_hash: Vec<u8> = row.try_get("last_hash")?;
        let mark = CentralMark {
            epoch: row.try_get("epoch")?,
            last_seq: wire::seq(last_seq)?,
            last_hash: wire::hash(&last_hash)?,
        };
        let hello =
            Hello { mark, server_time: row.try_get("server_time")?, proto: row.try_get("proto")? };
        Ok((self, hello))
    }

    /// Pushes a batch in one statement. `previous` is the hash of the event before it, 32 zero
    /// bytes before the first of all. Safe to repeat: central takes each event once.
    ///
    /// # Errors
    /// [`CentralError`]; the connection is gone then, and whether the batch arrived is for the next
    /// hello to say.
    pub async fn ingest(
        mut self,
        stream: Uuid,
        previous: &Hash,
        batch: &Batch,
    ) -> Result<(Central, Vec<Verdict>), CentralError> {
        let query = sqlx::query_as::<_, (i64, String, Option<String>)>(
            "select seq, outcome, detail::text
             from dockside.ingest_v1($1, $2, $3, $4, $5) order by seq",
        )
        .bind(stream)
        .bind(wire::number(batch.first_seq())?)
        .bind(previous.as_slice())
        .bind(batch.bodies())
        .bind(batch.hashes());
        let rows = in_time("answer", ANSWER_TIMEOUT, query.fetch_all(&mut self.connection)).await?;
        Ok((self, batch.verdicts(rows)?))
    }
}

async fn in_time<T>(
    doing: &'static str,
    after: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, CentralError> {
    match tokio::time::timeout(after, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(CentralError::TimedOut { doing, after }),
    }
}
