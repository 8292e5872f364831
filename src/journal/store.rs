//! The statements that write and read `journal.db`, and the settings its durability rests on.
//! Owns: the names of the tables. Never: the order in which they are called (writer, load), nor
//! what an event means. Start at `connect`. Tests: journal/tests.rs.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use dockside_core::domain::event::{GENESIS, Hash};
use dockside_core::domain::replay::{Change, State};
use serde::Serialize;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow, SqliteSynchronous,
};
use sqlx::{Connection, Row};

use crate::journal::chain::{Fault, Stored, Why};
use crate::journal::error::JournalError;
use crate::journal::witness::Head;

/// Below it, two connections and a checkpoint can corrupt a write-ahead log.
/// Source: sqlite.org/changes.html, 3.51.3.
pub const SQLITE_LEAST: (u32, u32, u32) = (3, 51, 3);

/// How long a statement waits for another program's lock: a copy or a shell, never a station.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The write-ahead log is cut back to it once it was larger. Bytes.
const LOG_LIMIT_BYTES: &str = "67108864";

/// The version of the stored state; another one's anchors are not trusted.
pub(super) const SCHEMA: u32 = 1;

/// How a journal's file is written.
pub(super) fn writing(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("journal_size_limit", LOG_LIMIT_BYTES)
}

/// Connects, and checks that SQLite is what it should be and does what it was told.
pub(super) async fn connect(
    options: &SqliteConnectOptions,
    journal_mode: &'static str,
) -> Result<SqliteConnection, JournalError> {
    let mut conn = SqliteConnection::connect_with(options).await?;
    let found: String = sqlx::query_scalar("select sqlite_version()").fetch_one(&mut conn).await?;
    let numbers: Vec<u32> = found.split('.').filter_map(|part| part.parse().ok()).collect();
    let (major, minor, patch) = SQLITE_LEAST;
    if numbers < vec![major, minor, patch] {
        return Err(JournalError::Setting { name: "version", wanted: "3.51.3 or later", found });
    }
    let found: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&mut conn).await?;
    if found != journal_mode {
        return Err(JournalError::Setting { name: "journal_mode", wanted: journal_mode, found });
    }
    let found: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(&mut conn).await?;
    if found != 2 {
        let found = found.to_string();
        return Err(JournalError::Setting { name: "synchronous", wanted: "2", found });
    }
    Ok(conn)
}

/// Connects beside a live station, to read only. The file must be there.
pub(super) async fn connect_reading(path: &Path) -> Result<SqliteConnection, JournalError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(BUSY_TIMEOUT);
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// A seq as SQLite keeps it.
pub(super) fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// A number SQLite keeps that is never negative; a damaged one reads as 0.
pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// One event on its way into the table: JSON carries text, so the hash goes as hexadecimal.
#[derive(Serialize)]
struct EventText<'a> {
    s: i64,
    k: &'a str,
    b: &'a str,
    h: String,
}

/// All events of a commit in one statement: each statement is a message to SQLite's thread and
/// back, and a scan waits for all of them.
pub(super) async fn insert_events(
    conn: &mut SqliteConnection,
    events: &[Stored],
) -> Result<(), JournalError> {
    let mut texts = Vec::with_capacity(events.len());
    for event in events {
        let body = std::str::from_utf8(&event.bytes);
        let body =
            body.map_err(|_| Fault { seq: event.seq, why: Why::Row("no text".to_owned()) })?;
        let hash = event.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        texts.push(EventText { s: signed(event.seq), k: &event.kind, b: body, h: hash });
    }
    sqlx::query(
        "insert into event (seq, kind, body, hash)
         select j.value ->> 's', j.value ->> 'k', cast(j.value ->> 'b' as blob),
                unhex(j.value ->> 'h')
         from json_each(?1) j order by j.key",
    )
    .bind(serde_json::to_string(&texts)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// At most `limit` events after `after_seq`, in order.
///
/// The raw rows: one that can't be read is an error only once [`stored`] is asked for it, so that
/// an auditor hears of the events before it.
pub(super) async fn rows_after(
    conn: &mut SqliteConnection,
    after_seq: i64,
    limit: u32,
) -> Result<Vec<SqliteRow>, JournalError> {
    let rows =
        sqlx::query("select seq, kind, body, hash from event where seq > ?1 order by seq limit ?2")
            .bind(after_seq)
            .bind(limit)
            .fetch_all(conn)
            .await?;
    Ok(rows)
}

/// Reads one row of `event`; `seq` is the one expected there.
pub(super) fn stored(row: &SqliteRow, seq: u64) -> Result<Stored, Fault> {
    let unreadable = |error: sqlx::Error| Fault { seq, why: Why::Row(error.to_string()) };
    let found: i64 = row.try_get("seq").map_err(unreadable)?;
    let hash: Vec<u8> = row.try_get("hash").map_err(unreadable)?;
    Ok(Stored {
        seq: u64::try_from(found).map_err(|_| Fault { seq, why: Why::Gone(found) })?,
        kind: row.try_get("kind").map_err(unreadable)?,
        bytes: row.try_get("body").map_err(unreadable)?,
        hash: hash.try_into().map_err(|_| Fault { seq, why: Why::Hash })?,
    })
}

/// The last event's seq and hash.
pub(super) async fn tip(conn: &mut SqliteConnection) -> Result<Head, JournalError> {
    let row: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select seq, hash from event order by seq desc limit 1")
            .fetch_optional(conn)
            .await?;
    let Some((seq, hash)) = row else { return Ok(Head::EMPTY) };
    let seq = unsigned(seq);
    let hash = hash.try_into().map_err(|_| Fault { seq, why: Why::Hash })?;
    Ok(Head { seq, hash })
}

/// The hash of one event; that of none is what a stream starts from.
pub(super) async fn hash_at(
    conn: &mut SqliteConnection,
    seq: u64,
) -> Result<Option<Hash>, JournalError> {
    if seq == 0 {
        return Ok(Some(GENESIS));
    }
    let hash: Option<Vec<u8>> = sqlx::query_scalar("select hash from event where seq = ?1")
        .bind(signed(seq))
        .fetch_optional(conn)
        .await?;
    Ok(hash.and_then(|hash| hash.try_into().ok()))
}

/// Whether the journal's tables have been made.
pub(super) async fn has_tables(conn: &mut SqliteConnection) -> Result<bool, JournalError> {
    let query =
        "select exists (select 1 from sqlite_schema where type = 'table' and name = 'meta')";
    Ok(sqlx::query_scalar(query).fetch_one(conn).await?)
}

pub(super) async fn meta(
    conn: &mut SqliteConnection,
    key: &'static str,
) -> Result<Option<Vec<u8>>, JournalError> {
    let value = sqlx::query_scalar("select v from meta where k = ?1").bind(key);
    Ok(value.fetch_optional(conn).await?)
}

pub(super) async fn set_meta(
    conn: &mut SqliteConnection,
    key: &'static str,
    value: &[u8],
) -> Result<(), JournalError> {
    sqlx::query("insert into meta (k, v) values (?1, ?2) on conflict (k) do update set v = ?2")
        .bind(key)
        .bind(value)
        .execute(conn)
        .await?;
    Ok(())
}

/// The whole state, kept beside the one before it: if this can't be read, that one can.
pub(super) async fn insert_anchor(
    conn: &mut SqliteConnection,
    state: &State,
) -> Result<(), JournalError> {
    sqlx::query("insert or replace into anchor (seq, schema, body) values (?1, ?2, ?3)")
        .bind(signed(state.seq))
        .bind(SCHEMA)
        .bind(serde_json::to_string(state)?)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "delete from anchor
         where seq < (select seq from anchor order by seq desc limit 1 offset 1)",
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The anchors of this program's schema, newest first.
pub(super) async fn anchors(conn: &mut SqliteConnection) -> Result<Vec<String>, JournalError> {
    let bodies =
        sqlx::query_scalar("select body from anchor where schema = ?1 order by seq desc limit 2")
            .bind(SCHEMA);
    Ok(bodies.fetch_all(conn).await?)
}

/// The local tables, as projections name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    Parcel,
    Unit,
    CaseFile,
    Filling,
}

impl Table {
    pub(super) const ALL: [Table; 4] =
        [Table::Parcel, Table::Unit, Table::CaseFile, Table::Filling];

    pub(super) fn name(self) -> &'static str {
        match self {
            Table::Parcel => "parcel",
            Table::Unit => "unit",
            Table::CaseFile => "case_file",
            Table::Filling => "filling",
        }
    }

    fn put(self) -> &'static str {
        match self {
            Table::Parcel => {
                "insert into parcel (id, row) values (?1, ?2)
                 on conflict (id) do update set row = ?2"
            }
            Table::Unit => {
                "insert into unit (lpn, row) values (?1, ?2)
                 on conflict (lpn) do update set row = ?2"
            }
            Table::CaseFile => {
                "insert into case_file (id, row) values (?1, ?2)
                 on conflict (id) do update set row = ?2"
            }
            Table::Filling => {
                "insert into filling (bin, row) values (?1, ?2)
                 on conflict (bin) do update set row = ?2"
            }
        }
    }

    fn delete(self) -> &'static str {
        match self {
            Table::Parcel => "delete from parcel where id = ?1",
            Table::Unit => "delete from unit where lpn = ?1",
            Table::CaseFile => "delete from case_file where id = ?1",
            Table::Filling => "delete from filling where bin = ?1",
        }
    }

    fn page(self) -> &'static str {
        match self {
            Table::Parcel => "select id as k, row from parcel where id > ?1 order by id limit ?2",
            Table::Unit => "select lpn as k, row from unit where lpn > ?1 order by lpn limit ?2",
            Table::CaseFile => {
                "select id as k, row from case_file where id > ?1 order by id limit ?2"
            }
            Table::Filling => {
                "select bin as k, row from filling where bin > ?1 order by bin limit ?2"
            }
        }
    }
}

/// The rows an append leaves behind, by table and key: the JSON, or that it is gone.
pub(super) type Rows = BTreeMap<(Table, String), Option<String>>;

/// Notes what an event changed; a later change of the same row replaces an earlier one.
pub(super) fn note(rows: &mut Rows, change: &Change) -> Result<(), JournalError> {
    fn json<T: serde::Serialize>(row: Option<&T>) -> Result<Option<String>, serde_json::Error> {
        row.map(serde_json::to_string).transpose()
    }
    let (table, key, row) = match change {
        Change::Parcel(id, row) => (Table::Parcel, id.to_string(), json(row.as_ref())?),
        Change::Unit(lpn, row) => (Table::Unit, lpn.to_string(), json(row.as_ref())?),
        Change::Case(id, row) => (Table::CaseFile, id.to_string(), json(row.as_ref())?),
        Change::Filling(bin, row) => (Table::Filling, bin.to_string(), json(row.as_ref())?),
    };
    rows.insert((table, key), row);
    Ok(())
}

pub(super) async fn write_rows(
    conn: &mut SqliteConnection,
    rows: &Rows,
) -> Result<(), JournalError> {
    for ((table, key), row) in rows {
        match row {
            Some(row) => {
                let put = sqlx::query(table.put()).bind(key.as_str()).bind(row.as_str());
                put.execute(&mut *conn).await?
            }
            None => sqlx::query(table.delete()).bind(key.as_str()).execute(&mut *conn).await?,
        };
    }
    Ok(())
}

/// At most `limit` rows of a local table after `key`, in the order of their keys.
pub(super) async fn page(
    conn: &mut SqliteConnection,
    table: Table,
    after_key: &str,
    limit: u32,
) -> Result<Vec<(String, String)>, JournalError> {
    let rows = sqlx::query_as(table.page()).bind(after_key).bind(limit);
    Ok(rows.fetch_all(conn).await?)
}
