//! One return authorisation of the rmas file. Owns its keys and checks. Tests: file/tests.rs.

use dockside_core::domain::ids::{SiteId, Sku};
use dockside_core::domain::order::{AnnouncedLine, Promise, Rma};
use serde::{Deserialize, Serialize};

use crate::orderbook::file::{RowError, client, date, name, names, optional, or_default, qty};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RmaRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    pub rma: String,
    pub order_no: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub tracking: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced_at: Option<String>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<AnnouncedRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<PromiseWord>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub exchange_for: Vec<SkuQtyRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_elsewhere: Option<ReceivedElsewhereRecord>,
}

/// How the return was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    SelfService,
    Preprinted,
    CustomerService,
    Store,
    DropPoint,
    HomePickup,
    Letterbox,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseWord {
    Refund,
    Credit,
    Exchange,
    None,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AnnouncedRecord {
    pub line: u32,
    pub qty: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// So many pieces of an article: what is wanted in exchange, or what a set is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SkuQtyRecord {
    pub sku: String,
    pub qty: u64,
}

/// The return was handed in at a store: its units move stock, and no money.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReceivedElsewhereRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunded: Option<bool>,
}

impl Method {
    /// The word of the file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Method::SelfService => "self_service",
            Method::Preprinted => "preprinted",
            Method::CustomerService => "customer_service",
            Method::Store => "store",
            Method::DropPoint => "drop_point",
            Method::HomePickup => "home_pickup",
            Method::Letterbox => "letterbox",
        }
    }
}

impl From<PromiseWord> for Promise {
    fn from(word: PromiseWord) -> Promise {
        match word {
            PromiseWord::Refund => Promise::Refund,
            PromiseWord::Credit => Promise::Credit,
            PromiseWord::Exchange => Promise::Exchange,
            PromiseWord::None => Promise::None,
        }
    }
}

impl SkuQtyRecord {
    pub(super) fn check(
        &self,
        sku_key: &'static str,
        qty_key: &'static str,
    ) -> Result<(), RowError> {
        name::<Sku>(sku_key, &self.sku)?;
        qty(qty_key, self.qty)?;
        Ok(())
    }
}

impl TryFrom<&RmaRecord> for Rma {
    type Error = RowError;

    fn try_from(record: &RmaRecord) -> Result<Rma, RowError> {
        date("announced_at", record.announced_at.as_ref())?;
        for wanted in &record.exchange_for {
            wanted.check("exchange_for.sku", "exchange_for.qty")?;
        }
        if let Some(elsewhere) = &record.received_elsewhere {
            optional::<SiteId>("received_elsewhere.site", elsewhere.site.as_ref())?;
            date("received_elsewhere.at", elsewhere.at.as_ref())?;
        }
        let announced = |line: &AnnouncedRecord| {
            let qty = qty("lines.qty", line.qty)?;
            Ok(AnnouncedLine { line: line.line, qty, reason: line.reason.clone() })
        };
        Ok(Rma {
            client: client(record.client.as_ref())?,
            rma: name("rma", &record.rma)?,
            order_no: name("order_no", &record.order_no)?,
            method: record.method.map(|method| method.word().to_owned()),
            trackings: names("tracking", &record.tracking)?,
            lines: record.lines.iter().map(announced).collect::<Result<_, RowError>>()?,
            promise: record.promise.map(Promise::from).unwrap_or_default(),
        })
    }
}
