//! One order of the orders file. Owns its keys and checks, and the cut between what was sold and
//! whom it was sold to. Start at `OrderRecord::split`. Tests: file/tests.rs.

use std::collections::BTreeSet;

use dockside_core::domain::ids::{Category, Gtin, OrderNo, SerialNo, Tracking};
use dockside_core::domain::order::{Order, OrderDiscount, OrderLine};
use serde::{Deserialize, Serialize};

use crate::orderbook::file::{
    AMOUNT_MAX_MINOR, RowError, amount, amount_from, client, date, name, names, optional,
    or_default, qty,
};

/// An order as the file writes it. As a stored body it has no `customer` and no `ship_to`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrderRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    pub order_no: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<String>,
    pub currency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<PersonRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<PersonRecord>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<PaymentRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_paid: Option<i64>,
    pub lines: Vec<LineRecord>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub order_discounts: Vec<DiscountRecord>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub shipments: Vec<ShipmentRecord>,
}

/// A customer or the one it was sent to: personal data, all of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PersonRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PaymentRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineRecord {
    pub line: u32,
    pub sku: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    pub qty: u64,
    pub unit_price: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_sale: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<u32>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiscountRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub amount: i64,
    /// What the order must keep for the discount to stay, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShipmentRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipped_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<String>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<u32>,
}

/// The people of one order, stored apart from it so that they can be erased.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct People {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<PersonRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<PersonRecord>,
}

impl OrderRecord {
    /// Takes the personal data out: what is left can be stored as the order's body.
    pub fn split(&mut self) -> Option<People> {
        let people = People { customer: self.customer.take(), ship_to: self.ship_to.take() };
        (people != People::default()).then_some(people)
    }

    fn check_what_rules_do_not_see(&self) -> Result<(), RowError> {
        date("placed_at", self.placed_at.as_ref())?;
        amount("shipping_paid", self.shipping_paid.unwrap_or_default())?;
        for payment in &self.payments {
            // A payment below zero is a refund that the shop has made already.
            amount_from("payments.amount", payment.amount.unwrap_or_default(), -AMOUNT_MAX_MINOR)?;
        }
        for shipment in &self.shipments {
            date("shipments.shipped_at", shipment.shipped_at.as_ref())?;
            date("shipments.delivered_at", shipment.delivered_at.as_ref())?;
        }
        for discount in &self.order_discounts {
            amount("order_discounts.minimum", discount.minimum.unwrap_or_default())?;
        }
        Ok(())
    }

    fn trackings(&self) -> Result<Vec<Tracking>, RowError> {
        let mut trackings: Vec<Tracking> = Vec::new();
        for text in self.shipments.iter().filter_map(|shipment| shipment.tracking.as_ref()) {
            let tracking = name("shipments.tracking", text)?;
            if !trackings.contains(&tracking) {
                trackings.push(tracking);
            }
        }
        Ok(trackings)
    }
}

impl TryFrom<&OrderRecord> for Order {
    type Error = RowError;

    fn try_from(record: &OrderRecord) -> Result<Order, RowError> {
        record.check_what_rules_do_not_see()?;
        let lines: Vec<OrderLine> =
            record.lines.iter().map(OrderLine::try_from).collect::<Result<_, _>>()?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = lines.iter().find(|line| !seen.insert(line.line)) {
            return Err(RowError::LineTwice { line: twice.line });
        }
        let discount = |discount: &DiscountRecord| {
            let amount = amount("order_discounts.amount", discount.amount)?;
            Ok(OrderDiscount { label: discount.label.clone().unwrap_or_default(), amount })
        };
        Ok(Order {
            client: client(record.client.as_ref())?,
            order_no: name::<OrderNo>("order_no", &record.order_no)?,
            placed_at: record.placed_at.clone(),
            currency: record.currency.parse().map_err(RowError::Currency)?,
            lines,
            discounts: record
                .order_discounts
                .iter()
                .map(discount)
                .collect::<Result<_, RowError>>()?,
            trackings: record.trackings()?,
        })
    }
}

impl TryFrom<&LineRecord> for OrderLine {
    type Error = RowError;

    fn try_from(record: &LineRecord) -> Result<OrderLine, RowError> {
        let line = record.line;
        let qty = qty("lines.qty", record.qty)?;
        let unit_price = amount("lines.unit_price", record.unit_price)?;
        let gross = unit_price.saturating_mul(i64::from(qty));
        let discount = record.discount.unwrap_or_default();
        if discount < 0 || discount > gross {
            return Err(RowError::Discount { line, discount, gross });
        }
        let returned = record.returned.unwrap_or_default();
        if returned > qty {
            return Err(RowError::Returned { line, returned, qty });
        }
        Ok(OrderLine {
            line,
            sku: name("lines.sku", &record.sku)?,
            gtin: optional::<Gtin>("lines.gtin", record.gtin.as_ref())?,
            description: record.description.clone().unwrap_or_default(),
            category: optional::<Category>("lines.category", record.category.as_ref())?,
            qty,
            unit_price,
            discount,
            final_sale: record.final_sale.unwrap_or_default(),
            returned,
            serials: names::<SerialNo>("lines.serials", &record.serials)?,
        })
    }
}
