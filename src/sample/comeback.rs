//! One made-up return authorisation: who sends what back, why, and in how many parcels.
//! Owns: return rates and reasons. Never: what the inspector finds (that is `shift`). Start at
//! `Warehouse::comeback`. Tests: those of the room, in sample/tests.rs.
//!
//! Rates by what is sold, between a quarter and two fifths for fashion, under a fifth for hard
//! goods: the order of magnitude of the trade's published figures.

use chrono::{NaiveDateTime, TimeDelta};

use super::Warehouse;
use super::calendar::rfc3339;
use super::client::House;
use super::dice::{Dice, Purpose};
use super::label::{self, Carrier, Nth, Slot};
use super::people::Country;
use super::record::{AnnouncedRecord, ElsewhereRecord, RmaRecord, WantedRecord};
use super::sale::{Sale, SoldLine, other_size};

/// A return authorisation before it is written down.
#[derive(Clone, Debug)]
pub(super) struct Comeback<'a> {
    pub(super) sale: Sale<'a>,
    pub(super) rma: String,
    method: &'static str,
    /// The numbers on the return labels; none where the customer buys his own postage.
    pub(super) tracking: Vec<String>,
    pub(super) announced: NaiveDateTime,
    pub(super) lines: Vec<AnnouncedRecord>,
    promise: &'static str,
    exchange_for: Vec<WantedRecord>,
    received_elsewhere: Option<ElsewhereRecord>,
}

impl Warehouse {
    /// What comes back of the nth order; `None` when nothing was announced.
    pub(super) fn comeback(&self, at: u64) -> Option<Comeback<'_>> {
        let mut dice = Dice::new(self.plan.seed, Purpose::Rma, at);
        let percent = match House::of(at).0 {
            House::Lumen => 45,
            House::Brico => 22,
        };
        if !dice.percent(percent) {
            return None;
        }
        let sale = self.sale(at);
        let announced = self.calendar.announced_at(sale.delivered()?, &mut dice);
        if !self.calendar.is_past(announced) {
            return None;
        }
        let lines = announced_lines(&sale, &mut dice);
        let first = lines.first()?;
        let method = method(&mut dice);
        let tracking = tracking(&sale, method, pieces(&lines), &mut dice);
        let wants_other_size =
            matches!(first.reason, "too_small" | "too_large") && dice.percent(30);
        let exchange_for =
            if wants_other_size { self.wanted(&sale, first, &mut dice) } else { Vec::new() };
        let promise = match exchange_for.is_empty() {
            false => "exchange",
            true if dice.percent(8) => "credit",
            true => "refund",
        };
        let handed_in = announced + TimeDelta::days(1);
        let in_store = method == "store" && dice.percent(35) && self.calendar.is_past(handed_in);
        let received_elsewhere = in_store.then(|| ElsewhereRecord {
            site: "lille-centre",
            at: rfc3339(handed_in),
            refunded: true,
        });
        Some(Comeback {
            rma: label::rma(sale.house, at),
            sale,
            method,
            tracking,
            announced,
            lines,
            promise,
            exchange_for,
            received_elsewhere,
        })
    }

    /// The same article in another size, where it has sizes.
    fn wanted(
        &self,
        sale: &Sale<'_>,
        announced: &AnnouncedRecord,
        dice: &mut Dice,
    ) -> Vec<WantedRecord> {
        let Some(line) = sale.lines.iter().find(|line| line.line == announced.line) else {
            return Vec::new();
        };
        let other = other_size(self.catalogue.of(sale.house), line.article, dice);
        if !other.is_other_size_of(line.article) {
            return Vec::new();
        }
        vec![WantedRecord { sku: other.sku.clone(), qty: announced.qty }]
    }
}

fn pieces(lines: &[AnnouncedRecord]) -> u32 {
    lines.iter().map(|line| line.qty).sum()
}

fn method(dice: &mut Dice) -> &'static str {
    let methods = [
        ("self_service", 62),
        ("preprinted", 12),
        ("customer_service", 8),
        ("drop_point", 10),
        ("store", 5),
        ("home_pickup", 3),
    ];
    dice.weighted(&methods, |(_, weight)| *weight).0
}

/// Some of the lines that may come back, at least one where there is one.
fn announced_lines(sale: &Sale<'_>, dice: &mut Dice) -> Vec<AnnouncedRecord> {
    let allowed: Vec<&SoldLine<'_>> =
        sale.lines.iter().filter(|line| !line.is_final && line.qty > line.returned).collect();
    if allowed.is_empty() {
        return Vec::new();
    }
    let sure = dice.place(allowed.len());
    let mut lines = Vec::new();
    for (place, line) in allowed.into_iter().enumerate() {
        let comes = place == sure || dice.percent(38);
        let left = line.qty - line.returned;
        let qty = if dice.percent(75) { 1 } else { left };
        let reason = reason(sale.house, line, dice);
        if comes {
            lines.push(AnnouncedRecord { line: line.line, qty, reason });
        }
    }
    lines
}

fn reason(house: House, line: &SoldLine<'_>, dice: &mut Dice) -> &'static str {
    let fitted = [
        ("too_small", 30),
        ("too_large", 24),
        ("changed_mind", 22),
        ("not_as_described", 12),
        ("defective", 4),
        ("wrong_item", 4),
        ("arrived_too_late", 4),
    ];
    let hard = [
        ("changed_mind", 34),
        ("defective", 26),
        ("not_as_described", 16),
        ("damaged_in_transit", 12),
        ("wrong_item", 6),
        ("arrived_too_late", 6),
    ];
    let is_fitted = house == House::Lumen && line.article.size.is_some();
    let reasons: &[(&'static str, u64)] = if is_fitted { &fitted } else { &hard };
    dice.weighted(reasons, |(_, weight)| *weight).0
}

/// The return labels. A leaflet printed in advance carries no number we know, only the order's.
fn tracking(sale: &Sale<'_>, method: &str, pieces: u32, dice: &mut Dice) -> Vec<String> {
    let carrier = return_carrier(sale.country, dice);
    let two_parcels = pieces > 1 && dice.percent(15);
    if method == "preprinted" {
        return Vec::new();
    }
    let slots: &[Nth] = if two_parcels { &[Nth::First, Nth::Second] } else { &[Nth::First] };
    slots.iter().map(|nth| label::tracking(carrier, sale.at, Slot::Return(*nth))).collect()
}

pub(super) fn return_carrier(country: Country, dice: &mut Dice) -> Carrier {
    let choice: &[(Carrier, u64)] = match country {
        Country::France => {
            &[(Carrier::Colissimo, 72), (Carrier::Chronopost, 12), (Carrier::Ups, 16)]
        }
        Country::Belgium => &[(Carrier::Bpost, 80), (Carrier::Dpd, 20)],
        Country::Germany => &[(Carrier::Dhl, 85), (Carrier::Dpd, 15)],
    };
    dice.weighted(choice, |(_, weight)| *weight).0
}

impl Comeback<'_> {
    /// Whether a shop has taken it in already: no parcel of it comes to this dock.
    pub(super) fn is_received_elsewhere(&self) -> bool {
        self.received_elsewhere.is_some()
    }

    pub(super) fn record(&self) -> RmaRecord {
        RmaRecord {
            client: self.sale.house.word(),
            rma: self.rma.clone(),
            order_no: self.sale.order_no.clone(),
            method: self.method,
            tracking: self.tracking.clone(),
            announced_at: rfc3339(self.announced),
            lines: self.lines.clone(),
            promise: self.promise,
            exchange_for: self.exchange_for.clone(),
            received_elsewhere: self.received_elsewhere.clone(),
        }
    }
}
