//! The records of the import format as this room writes them: one struct a file, keys as documented.
//! Owns: names and shapes only. Never: what is in them. No tests of its own; the order book's
//! import reads every one of them.

use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderRecord {
    pub client: &'static str,
    pub order_no: String,
    pub channel: &'static str,
    pub brand: &'static str,
    /// RFC 3339, UTC.
    pub placed_at: String,
    pub currency: &'static str,
    pub customer: CustomerRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<AddressRecord>,
    pub payments: Vec<PaymentRecord>,
    /// Minor units, with tax.
    pub shipping_paid: i64,
    pub lines: Vec<LineRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order_discounts: Vec<DiscountRecord>,
    pub shipments: Vec<ShipmentRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustomerRecord {
    pub id: String,
    pub name: String,
    pub email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub address: String,
    pub postcode: String,
    pub city: String,
    pub country: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AddressRecord {
    pub name: String,
    pub address: String,
    pub postcode: String,
    pub city: String,
    pub country: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentRecord {
    pub method: &'static str,
    /// Minor units.
    pub amount: i64,
    pub status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineRecord {
    pub line: u32,
    pub sku: String,
    /// 13 digits, as printed on the product.
    pub gtin: String,
    pub description: String,
    pub category: &'static str,
    pub qty: u32,
    /// One piece with tax before discount, in minor units.
    pub unit_price: i64,
    /// For the whole line, in minor units.
    pub discount: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub final_sale: bool,
    /// Pieces already returned elsewhere.
    pub returned: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiscountRecord {
    pub label: &'static str,
    pub amount: i64,
    /// The order's value from which it was granted; absent when it had no condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShipmentRecord {
    pub carrier: &'static str,
    pub tracking: String,
    pub shipped_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<String>,
    pub lines: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RmaRecord {
    pub client: &'static str,
    pub rma: String,
    pub order_no: String,
    pub method: &'static str,
    pub tracking: Vec<String>,
    pub announced_at: String,
    pub lines: Vec<AnnouncedRecord>,
    pub promise: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exchange_for: Vec<WantedRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_elsewhere: Option<ElsewhereRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnnouncedRecord {
    pub line: u32,
    pub qty: u32,
    pub reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WantedRecord {
    pub sku: String,
    pub qty: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ElsewhereRecord {
    pub site: &'static str,
    pub at: String,
    pub refunded: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProductRecord {
    pub client: &'static str,
    pub sku: String,
    pub gtins: Vec<String>,
    pub description: String,
    pub category: &'static str,
    pub style: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<&'static str>,
    pub weight_g: u32,
    pub size_class: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub serialised: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hygiene_seal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hazard: Option<&'static str>,
    pub supplier: &'static str,
    /// Minor units, with tax.
    pub list_price: i64,
}
