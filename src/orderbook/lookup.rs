//! What the order book knows of one scan. Owns: which reading is looked up where, the order of the
//! evidence, two codes glued together. Never: what the journal knows (claims, parcels received), a
//! decision. Start at `OrderBook::find`. Tests: orderbook/tests.rs.

use std::collections::BTreeSet;

use dockside_core::domain::event::MatchedBy;
use dockside_core::domain::facts::{Found, HITS_MAX, OrderHit, OrderKey};
use dockside_core::domain::ids::Gtin;
use dockside_core::domain::order::{Order, OrderLine, Product, Rma};
use dockside_core::domain::scan::Reading;
use sqlx::FromRow;

use crate::orderbook::code::normalise;
use crate::orderbook::entry::NumberKind;
use crate::orderbook::file::RowError;
use crate::orderbook::file::order::OrderRecord;
use crate::orderbook::file::product::ProductRecord;
use crate::orderbook::file::rma::RmaRecord;
use crate::orderbook::{OrderBook, OrderBookError};

/// Readings of one scan that are looked up, best first.
const READINGS_MAX: usize = 8;

/// The shortest text taken for two codes glued together: the shortest parcel numbers in use have
/// eight characters, and there are two of them.
const GLUED_MIN_CHARS: usize = 16;

/// The longest: two names of the longest kind that a file may hold are shorter in practice, and
/// each character costs two point look-ups.
const GLUED_MAX_CHARS: usize = 120;

/// A shorter part is found in any text by chance.
const PART_MIN_CHARS: usize = 6;

impl OrderBook {
    /// What the order book knows of a scan's readings, and the order of the open parcel afresh.
    ///
    /// Fills `orders`, `products`, `current` and `glued`; the rest is the journal's. An RMA whose
    /// order is not in the book leads nowhere.
    ///
    /// # Errors
    /// [`OrderBookError::Statement`] when SQLite could not, [`OrderBookError::Row`] for a stored
    /// row that does not read.
    pub async fn find(
        &mut self,
        readings: &[Reading],
        current: Option<&OrderKey>,
    ) -> Result<Found, OrderBookError> {
        let mut found = Found::default();
        let mut only_numbers = true;
        for reading in readings.iter().take(READINGS_MAX) {
            match reading {
                Reading::Number(text) => self.add_hits(text, &mut found.orders).await?,
                Reading::Sscc(sscc) => {
                    only_numbers = false;
                    self.add_hits(&sscc.to_string(), &mut found.orders).await?;
                }
                Reading::Gtin(gtin) => {
                    only_numbers = false;
                    found.products.extend(self.products_of(*gtin).await?);
                }
                Reading::Badge(_) | Reading::Bin(_) | Reading::Lpn(_) | Reading::Command(_) => {
                    only_numbers = false;
                }
            }
        }
        if only_numbers && found.orders.is_empty() {
            for reading in readings.iter().take(READINGS_MAX) {
                if let (Reading::Number(text), None) = (reading, &found.glued) {
                    found.glued = self.glued(text).await?;
                }
            }
        }
        if let Some(key) = current {
            found.current = self.current(key).await?;
        }
        Ok(found)
    }

    /// Orders with a line of that GTIN, newest first, at most `limit`.
    ///
    /// # Errors
    /// As for [`OrderBook::find`].
    pub async fn newest_with_gtin(
        &mut self,
        gtin: Gtin,
        limit: u16,
    ) -> Result<Vec<Order>, OrderBookError> {
        let rows: Vec<BodyRow> = sqlx::query_as(
            "select s.id, s.body from line_gtin g cross join sale s on s.id = g.sale
             where g.gtin = ?1 order by g.placed_s desc, g.sale desc limit ?2",
        )
        .bind(stored_gtin(gtin))
        .bind(limit)
        .fetch_all(&mut self.connection)
        .await?;
        rows.iter().map(|row| order(row.id, &row.body)).collect()
    }

    async fn add_hits(
        &mut self,
        text: &str,
        hits: &mut Vec<OrderHit>,
    ) -> Result<(), OrderBookError> {
        let code = normalise(text);
        if code.is_empty() || hits.len() >= HITS_MAX {
            return Ok(());
        }
        for row in self.rows_of(&code).await? {
            let hit = row.hit(&code)?;
            let same = |other: &OrderHit| {
                other.order.client == hit.order.client
                    && other.order.order_no == hit.order.order_no
                    && other.rma == hit.rma
            };
            if hits.len() < HITS_MAX && !hits.iter().any(same) {
                hits.push(hit);
            }
        }
        Ok(())
    }

    async fn rows_of(&mut self, code: &str) -> Result<Vec<HitRow>, OrderBookError> {
        // At most 16: several clients may use a number, and a file may have put one filler text
        // into the serial numbers of all its orders; more than a screen shows, because rows of one
        // order fall together. Bounds stand in the text, or SQLite plans the statement each time.
        // Kinds 1 and 2 are an RMA's numbers, the others a sale's. A sale's number brings the RMA
        // along only when there is exactly one: of two, the receiver must choose.
        let rows = sqlx::query_as(
            "with hit as materialized (
                 select kind, owner from number where code = ?1
                 order by kind, owner desc limit 16),
             named as (
                 select h.kind, s.id as sale, r.id as rma
                 from hit h cross join rma r on r.id = h.owner
                 cross join sale s on s.client = r.client and s.order_no = r.order_no
                 where h.kind in (1, 2)
                 union all
                 select h.kind, s.id, (
                     select case count(*) when 1 then max(r.id) end from rma r
                     where r.client = s.client and r.order_no = s.order_no)
                 from hit h cross join sale s on s.id = h.owner
                 where h.kind in (3, 4, 5))
             select n.kind, s.id as sale, s.body as order_body, r.id as rma, r.body as rma_body
             from named n cross join sale s on s.id = n.sale left join rma r on r.id = n.rma
             order by n.kind, s.placed_s desc, s.id desc, r.id desc limit 16",
        )
        .bind(code)
        .fetch_all(&mut self.connection)
        .await?;
        Ok(rows)
    }

    /// At most 32: one a client of a large third-party warehouse.
    async fn products_of(&mut self, gtin: Gtin) -> Result<Vec<Product>, OrderBookError> {
        let rows: Vec<BodyRow> = sqlx::query_as(
            "select p.id, p.body from product_gtin g cross join product p on p.id = g.product
             where g.gtin = ?1 order by p.client, p.sku limit 32",
        )
        .bind(stored_gtin(gtin))
        .fetch_all(&mut self.connection)
        .await?;
        rows.iter().map(|row| product(row.id, &row.body)).collect()
    }

    async fn current(
        &mut self,
        key: &OrderKey,
    ) -> Result<Option<(Order, Option<Rma>)>, OrderBookError> {
        let row: Option<CurrentRow> = sqlx::query_as(
            "select s.id as sale, s.body as order_body, r.id as rma, r.body as rma_body
             from sale s left join rma r
             on r.client = s.client and r.rma = ?3 and r.order_no = s.order_no
             where s.client = ?1 and s.order_no = ?2 order by s.id limit 1",
        )
        .bind(key.client.as_str())
        .bind(key.order_no.as_str())
        .bind(key.rma.as_ref().map(|rma| rma.as_str()))
        .fetch_optional(&mut self.connection)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((order(row.sale, &row.order_body)?, rma_of(row.rma, row.rma_body.as_deref())?)))
    }

    /// Two codes in one scan: a known number, then another known one or a GTIN. The first split
    /// with the longest first part is named, in the form numbers are compared in.
    async fn glued(&mut self, text: &str) -> Result<Option<(String, String)>, OrderBookError> {
        let code = normalise(text);
        let splits = splits(&code);
        if splits.is_empty() {
            return Ok(None);
        }
        let parts: BTreeSet<&str> =
            splits.iter().flat_map(|(first, second)| [*first, *second]).collect();
        let parts = serde_json::to_string(&parts).map_err(OrderBookError::Encode)?;
        let known: Vec<String> = sqlx::query_scalar(
            "select j.value from json_each(?1) j
             where exists (select 1 from number n where n.code = j.value)
             order by j.value limit 240",
        )
        .bind(parts)
        .fetch_all(&mut self.connection)
        .await?;
        let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
        let is_code = |text: &str| known.contains(text) || text.parse::<Gtin>().is_ok();
        let split = splits.into_iter().rev().find(|(a, b)| known.contains(a) && is_code(b));
        Ok(split.map(|(first, second)| (first.to_owned(), second.to_owned())))
    }
}

/// Every way to cut the text into two parts that are long enough, the shortest first part first.
fn splits(code: &str) -> Vec<(&str, &str)> {
    let chars = code.chars().count();
    if !(GLUED_MIN_CHARS..=GLUED_MAX_CHARS).contains(&chars) {
        return Vec::new();
    }
    code.char_indices()
        .skip(PART_MIN_CHARS)
        .take(chars + 1 - 2 * PART_MIN_CHARS)
        .map(|(at, _)| code.split_at(at))
        .collect()
}

#[derive(FromRow)]
struct BodyRow {
    id: i64,
    body: String,
}

#[derive(FromRow)]
struct CurrentRow {
    sale: i64,
    order_body: String,
    rma: Option<i64>,
    rma_body: Option<String>,
}

#[derive(FromRow)]
struct HitRow {
    kind: i64,
    sale: i64,
    order_body: String,
    rma: Option<i64>,
    rma_body: Option<String>,
}

impl HitRow {
    fn hit(&self, code: &str) -> Result<OrderHit, OrderBookError> {
        let order = order(self.sale, &self.order_body)?;
        let rma = rma_of(self.rma, self.rma_body.as_deref())?;
        let kind = NumberKind::ALL.into_iter().find(|kind| kind.stored() == self.kind);
        let kind = kind.ok_or(OrderBookError::NumberKind { found: self.kind })?;
        let is_it = |text: &&str| normalise(text) == code;
        let written = match kind {
            NumberKind::ReturnTracking => {
                let trackings = rma.iter().flat_map(|rma| &rma.trackings);
                trackings.map(|tracking| tracking.as_str()).find(is_it)
            }
            NumberKind::Rma => rma.as_ref().map(|rma| rma.rma.as_str()),
            NumberKind::OutboundTracking => {
                order.trackings.iter().map(|tracking| tracking.as_str()).find(is_it)
            }
            NumberKind::OrderNo => Some(order.order_no.as_str()),
            NumberKind::Serial => {
                let serials = order.lines.iter().flat_map(|line| &line.serials);
                serials.map(|serial| serial.as_str()).find(is_it)
            }
        };
        let has_it = |line: &&OrderLine| {
            line.serials.iter().any(|serial| normalise(serial.as_str()) == code)
        };
        let serial_of = match kind {
            NumberKind::Serial => order.lines.iter().find(has_it).map(|line| line.line),
            NumberKind::ReturnTracking
            | NumberKind::Rma
            | NumberKind::OutboundTracking
            | NumberKind::OrderNo => None,
        };
        let code = written.unwrap_or(code).to_owned();
        let outbound = kind == NumberKind::OutboundTracking;
        Ok(OrderHit { order, rma, by: matched_by(kind), outbound, serial_of, code })
    }
}

fn matched_by(kind: NumberKind) -> MatchedBy {
    match kind {
        NumberKind::ReturnTracking | NumberKind::OutboundTracking => MatchedBy::Tracking,
        NumberKind::Rma => MatchedBy::Rma,
        NumberKind::OrderNo => MatchedBy::OrderNo,
        NumberKind::Serial => MatchedBy::Serial,
    }
}

fn order(id: i64, body: &str) -> Result<Order, OrderBookError> {
    let record = serde_json::from_str::<OrderRecord>(body).map_err(RowError::from);
    record.and_then(|record| Order::try_from(&record)).map_err(|source| OrderBookError::Row {
        table: "orders",
        id,
        source,
    })
}

fn rma_of(id: Option<i64>, body: Option<&str>) -> Result<Option<Rma>, OrderBookError> {
    let (Some(id), Some(body)) = (id, body) else { return Ok(None) };
    let record = serde_json::from_str::<RmaRecord>(body).map_err(RowError::from);
    record
        .and_then(|record| Rma::try_from(&record))
        .map(Some)
        .map_err(|source| OrderBookError::Row { table: "rmas", id, source })
}

fn product(id: i64, body: &str) -> Result<Product, OrderBookError> {
    let record = serde_json::from_str::<ProductRecord>(body).map_err(RowError::from);
    record.and_then(|record| Product::try_from(&record)).map_err(|source| OrderBookError::Row {
        table: "products",
        id,
        source,
    })
}

/// A GTIN has at most 14 digits: it always fits the store's integers.
fn stored_gtin(gtin: Gtin) -> i64 {
    i64::try_from(gtin.number()).unwrap_or(i64::MAX)
}
