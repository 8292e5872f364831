//! From a checked record to what the tables hold: its key, its body, the numbers it is found by.
//! Owns: which of a record's numbers lead to it. Pure. Never: SQL. Start at `Record::entry`.
//! Tests: orderbook/tests.rs.

use std::collections::BTreeSet;

use dockside_core::domain::ids::Gtin;
use dockside_core::domain::order::{Order, Product, Rma};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};

use crate::orderbook::code::normalise;
use crate::orderbook::file::order::{OrderRecord, People};
use crate::orderbook::file::product::ProductRecord;
use crate::orderbook::file::rma::RmaRecord;
use crate::orderbook::file::{RowError, UnknownKeys, parse, seconds};

/// What a number is to the record it leads to. The order is that of the evidence, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NumberKind {
    ReturnTracking,
    Rma,
    OutboundTracking,
    OrderNo,
    Serial,
}

impl NumberKind {
    pub(super) const ALL: [NumberKind; 5] = [
        NumberKind::ReturnTracking,
        NumberKind::Rma,
        NumberKind::OutboundTracking,
        NumberKind::OrderNo,
        NumberKind::Serial,
    ];

    /// As `number.kind` holds it.
    pub(super) fn stored(self) -> i64 {
        match self {
            NumberKind::ReturnTracking => 1,
            NumberKind::Rma => 2,
            NumberKind::OutboundTracking => 3,
            NumberKind::OrderNo => 4,
            NumberKind::Serial => 5,
        }
    }
}

/// What leads to a record besides its key. Made from the body alone, so that what an older body
/// left in the tables can be taken out again.
#[derive(Debug, Default)]
pub(super) struct Traces {
    pub(super) numbers: BTreeSet<(NumberKind, String)>,
    pub(super) gtins: BTreeSet<u64>,
}

impl Traces {
    fn number(&mut self, kind: NumberKind, text: &str) {
        let code = normalise(text);
        if !code.is_empty() {
            self.numbers.insert((kind, code));
        }
    }
}

/// The column that only one of the tables has.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Extra {
    PlacedS(i64),
    OrderNo(String),
    Nothing,
}

/// The people of an order, ready to be stored apart.
#[derive(Debug)]
pub(super) struct Personal {
    pub(super) customer_id: Option<String>,
    pub(super) body: Box<RawValue>,
}

/// One record, ready to be stored.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) client: String,
    pub(super) key: String,
    pub(super) extra: Extra,
    pub(super) body: Box<RawValue>,
    pub(super) traces: Traces,
    pub(super) personal: Option<Personal>,
}

/// A record of one of the import files.
pub(super) trait Record: DeserializeOwned + Serialize {
    fn traces(&self) -> Traces;

    /// # Errors
    /// Why the row is not taken.
    fn entry(self) -> Result<Entry, RowError>;

    /// # Errors
    /// Why the row is not taken.
    fn read(row: &str, unknown: &mut UnknownKeys) -> Result<Entry, RowError> {
        parse::<Self>(row, unknown)?.entry()
    }

    /// # Errors
    /// The body is not one this program wrote.
    fn traces_of(body: &str) -> Result<Traces, RowError> {
        Ok(serde_json::from_str::<Self>(body)?.traces())
    }
}

impl Record for OrderRecord {
    fn traces(&self) -> Traces {
        let mut traces = Traces::default();
        traces.number(NumberKind::OrderNo, &self.order_no);
        for tracking in self.shipments.iter().filter_map(|shipment| shipment.tracking.as_ref()) {
            traces.number(NumberKind::OutboundTracking, tracking);
        }
        for line in &self.lines {
            line.serials.iter().for_each(|serial| traces.number(NumberKind::Serial, serial));
            traces.gtins.extend(line.gtin.as_deref().and_then(gtin_number));
        }
        traces
    }

    fn entry(mut self) -> Result<Entry, RowError> {
        let people = self.split();
        let order = Order::try_from(&self)?;
        let placed_s = self.placed_at.as_deref().and_then(seconds).unwrap_or_default();
        Ok(Entry {
            client: order.client.into(),
            key: order.order_no.into(),
            extra: Extra::PlacedS(placed_s),
            body: to_raw_value(&self)?,
            traces: self.traces(),
            personal: people.map(Personal::try_from).transpose()?,
        })
    }
}

impl TryFrom<People> for Personal {
    type Error = RowError;

    fn try_from(people: People) -> Result<Personal, RowError> {
        let body = to_raw_value(&people)?;
        Ok(Personal { customer_id: people.customer.and_then(|customer| customer.id), body })
    }
}

impl Record for RmaRecord {
    fn traces(&self) -> Traces {
        let mut traces = Traces::default();
        traces.number(NumberKind::Rma, &self.rma);
        self.tracking.iter().for_each(|text| traces.number(NumberKind::ReturnTracking, text));
        traces
    }

    fn entry(self) -> Result<Entry, RowError> {
        let rma = Rma::try_from(&self)?;
        Ok(Entry {
            client: rma.client.into(),
            key: rma.rma.into(),
            extra: Extra::OrderNo(rma.order_no.into()),
            body: to_raw_value(&self)?,
            traces: self.traces(),
            personal: None,
        })
    }
}

impl Record for ProductRecord {
    fn traces(&self) -> Traces {
        let gtins = self.gtins.iter().filter_map(|gtin| gtin_number(gtin)).collect();
        Traces { numbers: BTreeSet::new(), gtins }
    }

    fn entry(self) -> Result<Entry, RowError> {
        let product = Product::try_from(&self)?;
        Ok(Entry {
            client: product.client.into(),
            key: product.sku.into(),
            extra: Extra::Nothing,
            body: to_raw_value(&self)?,
            traces: self.traces(),
            personal: None,
        })
    }
}

fn gtin_number(text: &str) -> Option<u64> {
    text.parse::<Gtin>().ok().map(Gtin::number)
}
