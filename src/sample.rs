//! A made-up warehouse: two clients, what they sold, what comes back, and a shift to play on it.
//! Owns: the files of the import format for demo, measurements and tests; the same plan writes the
//! same bytes for ever. Never: a clock, a store, a screen, a system's randomness. Each order is made
//! from its number alone, so that half a million of them never stand in memory.
//! Start at `Warehouse::new`. Tests: sample/tests.rs and beside the parts.

mod calendar;
mod catalogue;
mod client;
mod comeback;
mod dice;
mod label;
pub mod lines;
mod people;
pub mod player;
pub mod record;
mod sale;
pub mod shift;

use std::io::Write;

use chrono::NaiveDate;
use serde::Serialize;

use self::calendar::Calendar;
use self::catalogue::Catalogue;
use self::record::{OrderRecord, ProductRecord, RmaRecord};

/// How many orders the demo's warehouse has.
pub const DEMO_ORDERS: u64 = 20_000;

/// Most orders a warehouse can have: the shortest tracking numbers have room for no more.
pub const ORDERS_MAX: u64 = 10_000_000;

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    /// At most [`ORDERS_MAX`]; more are not made.
    pub orders: u64,
    /// The day of the shift: the orders were placed in the 90 days before it, and nothing in the
    /// files is later than its early morning.
    pub today: NaiveDate,
}

/// The made-up warehouse. Holds its assortment and nothing else.
#[derive(Clone, Debug)]
pub struct Warehouse {
    plan: Plan,
    calendar: Calendar,
    catalogue: Catalogue,
}

/// Why records couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    #[error("a record can't be written as JSON")]
    Json(#[from] serde_json::Error),
    #[error("the records can't be written")]
    Write(#[from] std::io::Error),
}

impl Warehouse {
    #[must_use]
    pub fn new(plan: Plan) -> Warehouse {
        let plan = Plan { orders: plan.orders.min(ORDERS_MAX), ..plan };
        let calendar = Calendar::new(plan.today, plan.orders);
        Warehouse { plan, calendar, catalogue: Catalogue::build() }
    }

    /// Every product of both clients, as `dockside import products` reads them.
    pub fn products(&self) -> impl Iterator<Item = ProductRecord> + '_ {
        self.catalogue.records()
    }

    /// Every order, oldest first, as `dockside import orders` reads them.
    pub fn orders(&self) -> impl Iterator<Item = OrderRecord> + '_ {
        (0..self.plan.orders).map(|at| self.sale(at).record(self.plan.seed))
    }

    /// Every return authorisation, oldest order first, as `dockside import rmas` reads them.
    pub fn rmas(&self) -> impl Iterator<Item = RmaRecord> + '_ {
        (0..self.plan.orders).filter_map(|at| self.comeback(at)).map(|comeback| comeback.record())
    }
}

/// Writes one record a line and says how many. A record is written as soon as it is made.
///
/// # Errors
/// [`SampleError`] when `out` takes no more.
pub fn write_jsonl<R: Serialize>(
    records: impl IntoIterator<Item = R>,
    out: &mut impl Write,
) -> Result<u64, SampleError> {
    let mut written = 0;
    for record in records {
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
        written += 1;
    }
    Ok(written)
}

#[cfg(test)]
mod tests;
