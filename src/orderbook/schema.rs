//! The tables of the order book and their version. Owns the DDL and the renaming of a file that is
//! not ours. Never: what the rows mean (store.rs writes them, lookup.rs reads them).
//! Start at `prepare`. Tests: orderbook/tests.rs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use crate::orderbook::{Access, OrderBookError, connect};

/// Raised with every change of the tables below, of the stored bodies, or of how numbers are
/// normalised. There is no migration: a book of another version is set aside and imported anew.
pub(super) const VERSION: i64 = 1;

/// More set-aside files than this are not kept apart: the last name is used again.
const ASIDE_MAX: u32 = 99;

/// `number.kind` decides whose id `owner` is: 1 and 2 an RMA's, 3 to 5 a sale's.
/// `customer` alone holds personal data.
const TABLES: &str = "
create table sale (
    id integer primary key,
    client text not null,
    order_no text not null,
    placed_s integer not null,
    body text not null
) strict;
create unique index sale_by_key on sale (client, order_no);
create table customer (
    sale integer primary key,
    client text not null,
    customer_id text,
    body text not null
) strict;
create table rma (
    id integer primary key,
    client text not null,
    rma text not null,
    order_no text not null,
    body text not null
) strict;
create unique index rma_by_key on rma (client, rma);
create index rma_by_order on rma (client, order_no);
create table product (
    id integer primary key,
    client text not null,
    sku text not null,
    body text not null
) strict;
create unique index product_by_key on product (client, sku);
create table product_gtin (
    gtin integer not null,
    product integer not null,
    primary key (gtin, product)
) strict, without rowid;
create table number (code text not null, kind integer not null, owner integer not null) strict;
create table line_gtin (
    gtin integer not null,
    placed_s integer not null,
    sale integer not null
) strict;
pragma user_version = 1;
";

/// Apart from the tables, because a first load is several times faster without them.
const LOOKUP_INDEXES: &str = "
create index if not exists number_by_code on number (code, kind, owner);
create index if not exists line_gtin_newest on line_gtin (gtin, placed_s desc, sale desc);
create index if not exists customer_by_id on customer (client, customer_id)
    where customer_id is not null;
";

const DROP_LOOKUP_INDEXES: &str = "
drop index if exists number_by_code;
drop index if exists line_gtin_newest;
drop index if exists customer_by_id;
";

/// The version the file says it has; 0 for an empty one.
pub(super) async fn version(connection: &mut SqliteConnection) -> Result<i64, OrderBookError> {
    Ok(sqlx::query_scalar("pragma user_version").fetch_one(connection).await?)
}

/// Whether the file at `path` is missing, empty, or an order book of this version.
pub(super) async fn is_ours(path: &Path) -> Result<bool, OrderBookError> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() == 0) || !path.exists() {
        return Ok(true);
    }
    let mut connection = match connect(path, Access::ReadWrite).await {
        Ok(connection) => connection,
        Err(OrderBookError::Open { source, .. }) if is_damage(&source) => return Ok(false),
        Err(problem) => return Err(problem),
    };
    let found = match version(&mut connection).await {
        Ok(found) => found,
        Err(OrderBookError::Statement(source)) if is_damage(&source) => return Ok(false),
        Err(problem) => return Err(problem),
    };
    connection.close().await?;
    Ok(found == VERSION)
}

/// SQLITE_CORRUPT and SQLITE_NOTADB: the bytes are wrong, and trying again won't help.
fn is_damage(problem: &sqlx::Error) -> bool {
    problem
        .as_database_error()
        .and_then(|problem| problem.code())
        .is_some_and(|code| matches!(code.as_ref(), "11" | "26"))
}

/// Renames a file that is no order book of this version, with what belongs to it.
pub(super) fn set_aside(path: &Path) -> Result<PathBuf, OrderBookError> {
    let with = |end: &str| {
        let mut name = OsString::from(path);
        name.push(end);
        PathBuf::from(name)
    };
    let names = (1..=ASIDE_MAX).map(|n| with(&format!(".aside-{n}")));
    let free = names.into_iter().find(|name| !name.exists());
    let aside = free.unwrap_or_else(|| with(&format!(".aside-{ASIDE_MAX}")));
    let failed = |source| OrderBookError::Directory { path: aside.clone(), source };
    std::fs::rename(path, &aside).map_err(failed)?;
    for end in ["-wal", "-shm"] {
        let beside = with(end);
        if beside.exists() {
            std::fs::remove_file(&beside)
                .map_err(|source| OrderBookError::Directory { path: beside.clone(), source })?;
        }
    }
    Ok(aside)
}

/// Makes the tables in an empty file, and the look-up indexes wherever a load left them out.
pub(super) async fn prepare(connection: &mut SqliteConnection) -> Result<(), OrderBookError> {
    let mut transaction = connection.begin_with("begin immediate").await?;
    if version(&mut transaction).await? == 0 {
        sqlx::raw_sql(TABLES).execute(&mut *transaction).await?;
    }
    make_lookup_indexes(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

/// Drops the look-up indexes of a book that holds nothing to look up. Says whether it did.
pub(super) async fn defer_lookup_indexes(
    connection: &mut SqliteConnection,
) -> Result<bool, OrderBookError> {
    let mut transaction = connection.begin_with("begin immediate").await?;
    let empty: bool = sqlx::query_scalar(
        "select not exists (select 1 from sale) and not exists (select 1 from number)",
    )
    .fetch_one(&mut *transaction)
    .await?;
    if empty {
        sqlx::raw_sql(DROP_LOOKUP_INDEXES).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(empty)
}

/// Makes the look-up indexes again: sorted once, which is what a first load saves.
pub(super) async fn make_lookup_indexes(
    connection: &mut SqliteConnection,
) -> Result<(), OrderBookError> {
    sqlx::raw_sql(LOOKUP_INDEXES).execute(connection).await?;
    Ok(())
}
