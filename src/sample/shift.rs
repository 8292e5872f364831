//! A shift to play: the parcels on the pallet this morning and what is really inside each.
//! Owns: what the inspector will see, and the parcels that are not as announced. Never: what the
//! station makes of them. Start at `Warehouse::shift`. Tests: sample/tests.rs.
//!
//! The truth stands beside each parcel, so that a tray can show it and a test can compare.

use super::Warehouse;
use super::catalogue::Nature;
use super::client::House;
use super::comeback::{Comeback, return_carrier};
use super::dice::{Dice, Purpose};
use super::label::{self, Slot};
use super::sale::{Sale, SoldLine};

/// The parcels of one shift, in the order they lie on the pallet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    pub parcels: Vec<ShiftParcel>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftParcel {
    /// What a scanner reads from the parcel's label.
    pub label: String,
    pub story: Story,
    pub client: &'static str,
    /// Whose order it is in truth, even where the label doesn't tell.
    pub order_no: String,
    /// `None` when nothing was announced.
    pub rma: Option<String>,
    /// What is inside.
    pub units: Vec<ShiftUnit>,
}

/// What is particular about a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Story {
    /// What was announced is inside, whatever its state.
    AsAnnounced,
    /// The first of the two parcels of one RMA.
    FirstOfTwo,
    SecondOfTwo,
    /// One announced unit is not inside.
    UnitMissing,
    /// What was announced is inside, and a unit that nobody bought with this order.
    UnitNotOnOrder,
    /// All pieces of a line are inside, and one more of the same.
    OneMoreThanSold,
    /// The label carries the order's number alone: a return leaflet printed in advance.
    OrderNumberLabel,
    /// Postage the customer bought himself: no file knows the number.
    Blind,
}

/// One piece of goods inside a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftUnit {
    /// The 13 digits a scanner reads from the unit.
    pub gtin: String,
    /// As the maker printed it, on what has one.
    pub serial: Option<String>,
    pub description: String,
    pub look: Look,
    /// The line of the order it was sold on; `None` for what was never sold with this order.
    pub line: Option<u32>,
}

/// What the inspector sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// As new, complete: back on the shelf.
    Clean,
    TagsMissing,
    Worn,
    Stained,
    SealBroken,
    BoxDamaged,
    /// Torn, cracked or not working.
    Broken,
}

impl ShiftUnit {
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.look == Look::Clean
    }
}

/// What the next place on the pallet asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// One clean unit: what a newcomer should meet first.
    Simple,
    Any,
    Told(Story),
}

/// The pallet repeats after these: each particular parcel early, so that ten minutes show them all,
/// and thirteen of twenty as announced.
const PALLET: [Wanted; 20] = [
    Wanted::Simple,
    Wanted::Simple,
    Wanted::Any,
    Wanted::Told(Story::UnitMissing),
    Wanted::Any,
    Wanted::Told(Story::UnitNotOnOrder),
    Wanted::Told(Story::FirstOfTwo),
    Wanted::Any,
    Wanted::Told(Story::Blind),
    Wanted::Told(Story::SecondOfTwo),
    Wanted::Any,
    Wanted::Told(Story::OneMoreThanSold),
    Wanted::Any,
    Wanted::Told(Story::OrderNumberLabel),
    Wanted::Any,
    Wanted::Any,
    Wanted::Any,
    Wanted::Any,
    Wanted::Any,
    Wanted::Any,
];

/// Days a parcel is on its way back, from the announcement on.
const ON_THE_WAY_DAYS: std::ops::RangeInclusive<i64> = 2..=16;

/// Days after delivery within which most blind parcels come.
const BLIND_DAYS: i64 = 30;

impl Warehouse {
    /// The parcels of a shift, `parcels` at most: a small warehouse has fewer, and may lack some of
    /// the particular ones.
    #[must_use]
    pub fn shift(&self, parcels: usize) -> Shift {
        let mut pallet = Pallet::new(self);
        let mut found = Vec::new();
        for wanted in PALLET.iter().cycle().take(parcels) {
            let parcel = pallet.next(*wanted).or_else(|| pallet.next(Wanted::Any));
            found.extend(parcel);
        }
        Shift { parcels: found }
    }
}

/// Walks all orders once, in an order of its own, and takes what fits.
struct Pallet<'a> {
    warehouse: &'a Warehouse,
    dice: Dice,
    at: u64,
    stride: u64,
    visited: u64,
    /// The second parcel of two, until its place comes.
    held: Option<ShiftParcel>,
}

impl<'a> Pallet<'a> {
    fn new(warehouse: &'a Warehouse) -> Pallet<'a> {
        let orders = warehouse.plan.orders;
        let mut dice = Dice::new(warehouse.plan.seed, Purpose::Shift, 0);
        let at = dice.below(orders);
        // A prime that doesn't divide the count visits every order once.
        let stride = [7_919_u64, 7_927, 7_933]
            .into_iter()
            .find(|prime| !orders.is_multiple_of(*prime))
            .unwrap_or(1);
        Pallet { warehouse, dice, at, stride, visited: 0, held: None }
    }

    fn next(&mut self, wanted: Wanted) -> Option<ShiftParcel> {
        if wanted == Wanted::Told(Story::SecondOfTwo) {
            return self.held.take();
        }
        let orders = self.warehouse.plan.orders;
        while self.visited < orders {
            let at = self.at;
            self.at = (self.at + self.stride) % orders;
            self.visited += 1;
            if let Some(parcel) = self.parcel(wanted, at) {
                return Some(parcel);
            }
        }
        None
    }

    fn parcel(&mut self, wanted: Wanted, at: u64) -> Option<ShiftParcel> {
        if wanted == Wanted::Told(Story::Blind) {
            return self.blind(at);
        }
        let comeback = self.warehouse.comeback(at)?;
        let days = self.warehouse.calendar.days_since(comeback.announced);
        if comeback.is_received_elsewhere() || !ON_THE_WAY_DAYS.contains(&days) {
            return None;
        }
        let mut units = self.units(&comeback);
        let story = match wanted {
            Wanted::Simple if units.len() == 1 && units[0].is_clean() => Story::AsAnnounced,
            Wanted::Simple => return None,
            Wanted::Any => Story::AsAnnounced,
            Wanted::Told(story) => story,
        };
        match story {
            Story::AsAnnounced => {}
            Story::UnitMissing => drop_one(&mut units)?,
            Story::UnitNotOnOrder => units.push(self.stranger(&comeback.sale)),
            Story::OneMoreThanSold => units.push(one_more(&comeback, &units)?),
            Story::OrderNumberLabel => return order_number_label(&comeback, units),
            Story::FirstOfTwo => return self.first_of_two(&comeback, units),
            Story::SecondOfTwo | Story::Blind => return None,
        }
        let [label] = comeback.tracking.as_slice() else { return None };
        Some(parcel(label, story, &comeback, units))
    }

    /// The announced pieces, as they will be found.
    fn units(&mut self, comeback: &Comeback<'_>) -> Vec<ShiftUnit> {
        let mut units = Vec::new();
        for announced in &comeback.lines {
            let Some(line) = comeback.sale.lines.iter().find(|line| line.line == announced.line)
            else {
                continue;
            };
            for piece in 0..announced.qty {
                let look = self.look(comeback.sale.house, line, announced.reason);
                units.push(unit(&comeback.sale, line, piece, look));
            }
        }
        units
    }

    fn look(&mut self, house: House, line: &SoldLine<'_>, reason: &str) -> Look {
        match reason {
            "defective" if self.dice.percent(80) => return Look::Broken,
            "damaged_in_transit" if self.dice.percent(90) => return Look::BoxDamaged,
            _ => {}
        }
        let draw = self.dice.below(100);
        match (house, line.article.kind.nature) {
            (_, Nature::Sealed) if draw < 15 => Look::SealBroken,
            (House::Lumen, _) if draw < 6 => Look::TagsMissing,
            (House::Lumen, _) if draw < 12 => Look::Worn,
            (House::Lumen, _) if draw < 15 => Look::Stained,
            (House::Brico, _) if draw < 18 => Look::BoxDamaged,
            (House::Lumen | House::Brico, _) => Look::Clean,
        }
    }

    /// An article of the same client that is not on the order.
    fn stranger(&mut self, sale: &Sale<'_>) -> ShiftUnit {
        let articles = self.warehouse.catalogue.of(sale.house);
        let is_sold = |sku: &str| sale.lines.iter().any(|line| line.article.sku == sku);
        let others: Vec<_> = articles.iter().filter(|article| !is_sold(&article.sku)).collect();
        let article = others[self.dice.place(others.len())];
        ShiftUnit {
            gtin: article.gtin.clone(),
            serial: None,
            description: article.description.clone(),
            look: Look::Clean,
            line: None,
        }
    }

    fn first_of_two(
        &mut self,
        comeback: &Comeback<'_>,
        mut units: Vec<ShiftUnit>,
    ) -> Option<ShiftParcel> {
        let [first, second] = comeback.tracking.as_slice() else { return None };
        let rest = units.split_off(units.len().div_ceil(2));
        if rest.is_empty() {
            return None;
        }
        self.held = Some(parcel(second, Story::SecondOfTwo, comeback, rest));
        Some(parcel(first, Story::FirstOfTwo, comeback, units))
    }

    /// Something of an order of the last weeks of which nothing was announced.
    fn blind(&mut self, at: u64) -> Option<ShiftParcel> {
        if self.warehouse.comeback(at).is_some() {
            return None;
        }
        let sale = self.warehouse.sale(at);
        let days = self.warehouse.calendar.days_since(sale.delivered()?);
        let line = sale.lines.iter().find(|line| !line.is_final && line.returned == 0)?;
        if !(3..=BLIND_DAYS).contains(&days) {
            return None;
        }
        let look = self.look(sale.house, line, "changed_mind");
        let carrier = return_carrier(sale.country, &mut self.dice);
        Some(ShiftParcel {
            label: label::tracking(carrier, at, Slot::OwnPostage),
            story: Story::Blind,
            client: sale.house.word(),
            units: vec![unit(&sale, line, 0, look)],
            order_no: sale.order_no,
            rma: None,
        })
    }
}

/// One piece of a line; `piece` counts from 0 over those not returned before.
fn unit(sale: &Sale<'_>, line: &SoldLine<'_>, piece: u32, look: Look) -> ShiftUnit {
    let nth = usize::try_from(line.returned + piece).unwrap_or(usize::MAX);
    ShiftUnit {
        gtin: line.article.gtin.clone(),
        serial: line.serials(sale.at).into_iter().nth(nth),
        description: line.article.description.clone(),
        look,
        line: Some(line.line),
    }
}

fn drop_one(units: &mut Vec<ShiftUnit>) -> Option<()> {
    if units.len() < 2 {
        return None;
    }
    units.pop().map(|_| ())
}

/// One more piece of a line that comes back whole; only of what has no serial, which would tell.
fn one_more(comeback: &Comeback<'_>, units: &[ShiftUnit]) -> Option<ShiftUnit> {
    let whole = comeback.lines.iter().find_map(|announced| {
        let line = comeback.sale.lines.iter().find(|line| line.line == announced.line)?;
        (line.returned == 0 && line.qty == announced.qty).then_some(line)
    })?;
    if whole.article.kind.nature.is_serialised() {
        return None;
    }
    let same = units.iter().find(|unit| unit.line == Some(whole.line))?;
    Some(ShiftUnit { look: Look::Clean, line: None, ..same.clone() })
}

/// A parcel of an RMA that has no tracking number: the leaflet's code is the order's number.
fn order_number_label(comeback: &Comeback<'_>, units: Vec<ShiftUnit>) -> Option<ShiftParcel> {
    if !comeback.tracking.is_empty() {
        return None;
    }
    Some(parcel(&comeback.sale.order_no, Story::OrderNumberLabel, comeback, units))
}

fn parcel(
    label: &str,
    story: Story,
    comeback: &Comeback<'_>,
    units: Vec<ShiftUnit>,
) -> ShiftParcel {
    ShiftParcel {
        label: label.to_owned(),
        story,
        client: comeback.sale.house.word(),
        order_no: comeback.sale.order_no.clone(),
        rma: Some(comeback.rma.clone()),
        units,
    }
}
