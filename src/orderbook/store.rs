//! Writes a batch of records: the whole record replaced by key, in one transaction of a few
//! statements. A batch travels as one JSON text per statement, because a statement for each row
//! costs tens of microseconds on its way to SQLite's thread and back.
//! Never: parsing a file. Start at `store`. Tests: orderbook/tests.rs.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, FromRow};

use crate::orderbook::entry::{Entry, NumberKind, Personal, Record, Traces};
use crate::orderbook::import::Kind;
use crate::orderbook::{OrderBookError, schema};

/// Records by (client, key): of two with one key in a batch the later row has won already.
pub(super) type Batch = BTreeMap<(String, String), Entry>;

/// Stores a batch. `deferred` says that the look-up indexes are left out for a first load; the
/// first record that replaces another one brings them back, or each would cost a full scan.
pub(super) async fn store<Rec: Record>(
    connection: &mut SqliteConnection,
    kind: Kind,
    batch: &Batch,
    deferred: &mut bool,
) -> Result<(), OrderBookError> {
    let mut transaction = connection.begin_with("begin immediate").await?;
    let known = known(&mut transaction, kind, batch).await?;
    if *deferred && !known.is_empty() {
        schema::make_lookup_indexes(&mut transaction).await?;
        *deferred = false;
    }
    let mut next_id = last_id(&mut transaction, kind).await?;
    let (mut gone, mut come) = (Rows::default(), Rows::default());
    for (key, entry) in batch {
        let Some(row) = known.get(key) else {
            next_id = next_id.checked_add(1).ok_or(OrderBookError::Numbering)?;
            come.record(next_id, entry)?;
            come.personal(next_id, entry)?;
            continue;
        };
        if row.body != entry.body.get() {
            let traces = Rec::traces_of(&row.body).map_err(|source| OrderBookError::Row {
                table: kind.word(),
                id: row.id,
                source,
            })?;
            gone.traces(row.id, &traces)?;
            come.record(row.id, entry)?;
        }
        match &entry.personal {
            Some(_) => come.personal(row.id, entry)?,
            None => gone.people.push(&row.id)?,
        }
    }
    gone.remove(&mut transaction, kind).await?;
    come.insert(&mut transaction, kind).await?;
    Ok(transaction.commit().await?)
}

/// A record that the order book has already.
#[derive(FromRow)]
struct Known {
    id: i64,
    client: String,
    key: String,
    body: String,
}

async fn known(
    connection: &mut SqliteConnection,
    kind: Kind,
    batch: &Batch,
) -> Result<BTreeMap<(String, String), Known>, OrderBookError> {
    let sql = match kind {
        Kind::Orders => {
            "select t.id, t.client, t.order_no as key, t.body
             from json_each(?1) j
             cross join sale t on t.client = j.value ->> 0 and t.order_no = j.value ->> 1
             order by t.id limit ?2"
        }
        Kind::Rmas => {
            "select t.id, t.client, t.rma as key, t.body
             from json_each(?1) j
             cross join rma t on t.client = j.value ->> 0 and t.rma = j.value ->> 1
             order by t.id limit ?2"
        }
        Kind::Products => {
            "select t.id, t.client, t.sku as key, t.body
             from json_each(?1) j
             cross join product t on t.client = j.value ->> 0 and t.sku = j.value ->> 1
             order by t.id limit ?2"
        }
    };
    let mut keys = JsonList::default();
    batch.keys().try_for_each(|key| keys.push(key))?;
    let limit = i64::try_from(batch.len()).unwrap_or(i64::MAX);
    let rows: Vec<Known> =
        sqlx::query_as(sql).bind(keys.finish()).bind(limit).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| ((row.client.clone(), row.key.clone()), row)).collect())
}

async fn last_id(connection: &mut SqliteConnection, kind: Kind) -> Result<i64, OrderBookError> {
    let sql = match kind {
        Kind::Orders => "select coalesce(max(id), 0) from sale",
        Kind::Rmas => "select coalesce(max(id), 0) from rma",
        Kind::Products => "select coalesce(max(id), 0) from product",
    };
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}

/// The rows of one batch, by the statement that takes them.
#[derive(Default)]
struct Rows {
    records: JsonList,
    numbers: BTreeMap<NumberKind, JsonPairs>,
    gtins: JsonPairs,
    people: JsonList,
}

impl Rows {
    fn record(&mut self, id: i64, entry: &Entry) -> Result<(), OrderBookError> {
        self.records.push(&(id, &entry.client, &entry.key, &entry.extra, &entry.body))?;
        self.traces(id, &entry.traces)
    }

    fn traces(&mut self, id: i64, traces: &Traces) -> Result<(), OrderBookError> {
        for (kind, code) in &traces.numbers {
            self.numbers.entry(*kind).or_default().push(code, id)?;
        }
        traces.gtins.iter().try_for_each(|gtin| self.gtins.push(&gtin.to_string(), id))
    }

    fn personal(&mut self, id: i64, entry: &Entry) -> Result<(), OrderBookError> {
        match &entry.personal {
            Some(Personal { customer_id, body }) => {
                self.people.push(&(id, &entry.client, customer_id, body))
            }
            None => Ok(()),
        }
    }

    /// Takes out what older bodies left behind, while `sale.placed_s` is still theirs.
    async fn remove(
        self,
        connection: &mut SqliteConnection,
        kind: Kind,
    ) -> Result<(), OrderBookError> {
        for (number_kind, codes) in self.numbers {
            sqlx::query(
                "delete from number where rowid in (
                     select n.rowid from json_each(?1) j
                     cross join number n on n.code = j.key and n.kind = ?2 and n.owner = j.value)",
            )
            .bind(codes.finish())
            .bind(number_kind.stored())
            .execute(&mut *connection)
            .await?;
        }
        if !self.gtins.is_empty() {
            sqlx::query(remove_gtins(kind))
                .bind(self.gtins.finish())
                .execute(&mut *connection)
                .await?;
        }
        if kind == Kind::Orders && !self.people.is_empty() {
            sqlx::query("delete from customer where sale in (select value from json_each(?1))")
                .bind(self.people.finish())
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    async fn insert(
        self,
        connection: &mut SqliteConnection,
        kind: Kind,
    ) -> Result<(), OrderBookError> {
        if !self.records.is_empty() {
            sqlx::query(insert_records(kind))
                .bind(self.records.finish())
                .execute(&mut *connection)
                .await?;
        }
        for (number_kind, codes) in self.numbers {
            sqlx::query(
                "insert into number (code, kind, owner)
                 select key, ?2, value from json_each(?1)",
            )
            .bind(codes.finish())
            .bind(number_kind.stored())
            .execute(&mut *connection)
            .await?;
        }
        if !self.gtins.is_empty() {
            sqlx::query(insert_gtins(kind))
                .bind(self.gtins.finish())
                .execute(&mut *connection)
                .await?;
        }
        if !self.people.is_empty() {
            sqlx::query(
                "insert into customer (sale, client, customer_id, body)
                 select value ->> 0, value ->> 1, value ->> 2, value -> 3
                 from json_each(?1) where true
                 on conflict (sale) do update
                 set customer_id = excluded.customer_id, body = excluded.body
                 where customer_id is not excluded.customer_id or body <> excluded.body",
            )
            .bind(self.people.finish())
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}

fn insert_records(kind: Kind) -> &'static str {
    match kind {
        Kind::Orders => {
            "insert into sale (id, client, order_no, placed_s, body)
             select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value -> 4
             from json_each(?1) where true
             on conflict (id) do update set placed_s = excluded.placed_s, body = excluded.body"
        }
        Kind::Rmas => {
            "insert into rma (id, client, rma, order_no, body)
             select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value -> 4
             from json_each(?1) where true
             on conflict (id) do update set order_no = excluded.order_no, body = excluded.body"
        }
        Kind::Products => {
            "insert into product (id, client, sku, body)
             select value ->> 0, value ->> 1, value ->> 2, value -> 4
             from json_each(?1) where true
             on conflict (id) do update set body = excluded.body"
        }
    }
}

/// RMAs name no GTIN; their statement is never reached with rows.
fn insert_gtins(kind: Kind) -> &'static str {
    match kind {
        Kind::Orders | Kind::Rmas => {
            "insert into line_gtin (gtin, placed_s, sale)
             select cast(j.key as integer), s.placed_s, j.value
             from json_each(?1) j cross join sale s on s.id = j.value"
        }
        Kind::Products => {
            "insert into product_gtin (gtin, product)
             select cast(key as integer), value from json_each(?1)"
        }
    }
}

fn remove_gtins(kind: Kind) -> &'static str {
    match kind {
        Kind::Orders | Kind::Rmas => {
            "delete from line_gtin where rowid in (
                 select g.rowid from json_each(?1) j
                 cross join sale s on s.id = j.value
                 cross join line_gtin g on g.gtin = cast(j.key as integer)
                     and g.placed_s = s.placed_s and g.sale = s.id)"
        }
        Kind::Products => {
            "delete from product_gtin where (gtin, product) in (
                 select cast(key as integer), value from json_each(?1))"
        }
    }
}

/// A JSON array, written as it grows.
#[derive(Default)]
struct JsonList(Vec<u8>);

impl JsonList {
    fn push(&mut self, value: &impl Serialize) -> Result<(), OrderBookError> {
        self.0.push(if self.0.is_empty() { b'[' } else { b',' });
        serde_json::to_writer(&mut self.0, value).map_err(OrderBookError::Encode)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn finish(self) -> String {
        finished(self.0, "[]", "]")
    }
}

/// A JSON object from a code to a row id; two records may have the same code, and both count.
/// SQLite reads its keys and values without a further parse, unlike the parts of an array.
#[derive(Default)]
struct JsonPairs(Vec<u8>);

impl JsonPairs {
    fn push(&mut self, code: &str, id: i64) -> Result<(), OrderBookError> {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        serde_json::to_writer(&mut self.0, code).map_err(OrderBookError::Encode)?;
        self.0.push(b':');
        serde_json::to_writer(&mut self.0, &id).map_err(OrderBookError::Encode)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn finish(self) -> String {
        finished(self.0, "{}", "}")
    }
}

fn finished(mut json: Vec<u8>, empty: &str, end: &str) -> String {
    json.extend(if json.is_empty() { empty.bytes() } else { end.bytes() });
    // serde_json writes nothing but UTF-8: this copies nothing and replaces nothing.
    String::from_utf8(json)
        .unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned())
}
