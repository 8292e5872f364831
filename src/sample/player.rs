//! Plays a shift as a receiver would: looks at the screen's model and says what to scan next.
//! Owns: which parcel and which unit come next, and which answer a unit's look deserves. Never: what
//! the station makes of a scan, a clock, a store.
//! Start at `Player::next`; what a newcomer may scan instead is in player/choices.rs.
//! Tests: tests/it/demo.rs, over the real session and its stores; beside the code for the answers.

pub mod choices;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use dockside_core::domain::ids::{BadgeCode, Gtin, ParcelId};
use dockside_core::domain::operator::Role;
use dockside_core::domain::replay::UnitRow;
use dockside_core::domain::scan;
use dockside_core::session::actions::{ACTIONS, Action, Tile};
use dockside_core::session::model::{ConfirmWhat, Model, Screen};

use super::shift::{Shift, ShiftParcel, ShiftUnit};

/// The same scan on the same screen is made at most so often in a row: DONE asks to be confirmed,
/// and one repeat more is for a scan that was lost.
const REPEATS_MAX: u8 = 3;

/// A unit is scanned by its serial number, then by its GTIN; what neither identifies stays aside.
const UNIT_TRIES: u8 = 2;

/// Walks through a shift.
#[derive(Clone, Debug)]
pub struct Player {
    parcels: Vec<ShiftParcel>,
    /// Parcels that have left the pallet, by their place in the shift.
    taken: BTreeSet<usize>,
    /// How often each unit was scanned, by the places of parcel and unit.
    tries: BTreeMap<(usize, usize), u8>,
    last: Option<(Screen, String)>,
    repeats: u8,
}

/// What is scanned next, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wish {
    code: String,
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Parcel(usize),
    Unit(usize, usize),
    Other,
}

impl Player {
    #[must_use]
    pub fn new(shift: Shift) -> Player {
        Player {
            parcels: shift.parcels,
            taken: BTreeSet::new(),
            tries: BTreeMap::new(),
            last: None,
            repeats: 0,
        }
    }

    /// The next scan. `None` when the pallet is empty and its last parcel closed, and where only a
    /// person can go on: the same scan was refused again and again.
    pub fn next(&mut self, model: &Model) -> Option<String> {
        self.observe(model);
        let wish = self.wish(model)?;
        let now = (model.screen(), wish.code.clone());
        if self.last.as_ref() == Some(&now) {
            self.repeats += 1;
            if self.repeats >= REPEATS_MAX {
                self.repeats = REPEATS_MAX; // stays so until the screen asks for something else
                return None;
            }
        } else {
            (self.last, self.repeats) = (Some(now), 0);
        }
        match wish.of {
            Of::Parcel(place) => {
                self.taken.insert(place);
            }
            Of::Unit(parcel, unit) => *self.tries.entry((parcel, unit)).or_default() += 1,
            Of::Other => {}
        }
        Some(wish.code)
    }

    /// Notes which parcels are off the pallet, also when somebody else scanned them.
    pub fn observe(&mut self, model: &Model) {
        let here = |label: &str| model.state.parcels.values().any(|parcel| parcel.label == label);
        let parcels = self.parcels.iter().enumerate();
        let taken: Vec<usize> =
            parcels.filter(|(_, parcel)| here(&parcel.label)).map(|(place, _)| place).collect();
        self.taken.extend(taken);
    }

    fn wish(&self, model: &Model) -> Option<Wish> {
        let other = |code: String| Some(Wish { code, of: Of::Other });
        match model.screen() {
            Screen::Badge => other(badge(model)?.to_string()),
            Screen::Receive => self.late(model).or_else(|| self.parcel(model)),
            Screen::Choose => other(card(Action::Answer(self.tile_of_choice(model)))?),
            Screen::Item => match self.open(model).and_then(|parcel| self.unit(model, parcel)) {
                Some(unit) => Some(unit),
                None => other(card(Action::Done)?),
            },
            Screen::Offer if self.in_hand(model).is_none_or(ShiftUnit::is_clean) => {
                other(model.proposed_bin()?.to_string())
            }
            Screen::Offer => other(card(Action::Inspect)?),
            Screen::Inspect => other(card(Action::Answer(self.answer(model)?))?),
            Screen::Put => other(model.proposed_bin()?.to_string()),
            Screen::Stop => other(card(Action::Ok)?),
        }
    }

    /// A unit still in the parcel that closed itself when all that was announced had come. By its
    /// GTIN: a serial number alone leads to an order, as a label does.
    fn late(&self, model: &Model) -> Option<Wish> {
        let closed = model.state.parcels.get(&model.state.last_closed?)?;
        let parcel = self.place_of(&closed.label)?;
        let (place, unit) = self.untried(model, closed.id, parcel)?;
        Some(Wish { code: unit.gtin.clone(), of: Of::Unit(parcel, place) })
    }

    /// The next label; once more for one that the station asks to be scanned again.
    fn parcel(&self, model: &Model) -> Option<Wish> {
        let doubted = model.confirm.as_ref().and_then(|confirm| match &confirm.what {
            ConfirmWhat::Label(label) => Some(label.clone()),
            ConfirmWhat::Done | ConfirmWhat::End | ConfirmWhat::Quit => None,
        });
        if let Some(code) = doubted {
            return Some(Wish { code, of: Of::Other });
        }
        let (place, parcel) = self.on_pallet().next()?;
        Some(Wish { code: parcel.label.clone(), of: Of::Parcel(place) })
    }

    /// Parcels nobody has scanned yet, with their places.
    fn on_pallet(&self) -> impl Iterator<Item = (usize, &ShiftParcel)> {
        self.parcels.iter().enumerate().filter(|(place, _)| !self.taken.contains(place))
    }

    /// The place of the parcel on the bench; `None` when it is none of the shift's.
    fn open(&self, model: &Model) -> Option<usize> {
        self.place_of(&model.state.open_parcel()?.label)
    }

    fn place_of(&self, label: &str) -> Option<usize> {
        self.parcels.iter().position(|parcel| parcel.label == label)
    }

    /// The next unit of the open parcel: by its serial number, or by its GTIN where that failed.
    fn unit(&self, model: &Model, parcel: usize) -> Option<Wish> {
        let (place, unit) = self.untried(model, model.state.open?, parcel)?;
        let serial = unit.serial.as_ref().filter(|_| self.tried(parcel, place) == 0);
        let code = serial.unwrap_or(&unit.gtin).clone();
        Some(Wish { code, of: Of::Unit(parcel, place) })
    }

    fn tried(&self, parcel: usize, unit: usize) -> u8 {
        self.tries.get(&(parcel, unit)).copied().unwrap_or_default()
    }

    /// The first unit left in a parcel that was not refused each time.
    fn untried<'a>(
        &'a self,
        model: &'a Model,
        id: ParcelId,
        parcel: usize,
    ) -> Option<(usize, &'a ShiftUnit)> {
        let (_, left) = self.sorted(model, id, parcel);
        left.into_iter().find(|(place, _)| self.tried(parcel, *place) < UNIT_TRIES)
    }

    /// What is still in the open parcel.
    fn left<'a>(&'a self, model: &'a Model) -> Vec<&'a ShiftUnit> {
        let open = model.state.open.zip(self.open(model));
        let left = open.map(|(id, parcel)| self.sorted(model, id, parcel).1);
        left.into_iter().flatten().map(|(_, unit)| unit).collect()
    }

    /// The unit in the receiver's hand, as it really is.
    fn in_hand<'a>(&'a self, model: &'a Model) -> Option<&'a ShiftUnit> {
        let hand = model.state.in_hand()?;
        let (out, _) = self.sorted(model, hand.parcel, self.open(model)?);
        out.into_iter().find_map(|(row, unit)| (row.lpn == hand.lpn).then_some(unit))
    }

    /// Which unit is which: those taken out with their rows, then those left with their places.
    /// Pieces that no code tells apart count in the order they lie in the parcel.
    fn sorted<'a>(
        &'a self,
        model: &'a Model,
        id: ParcelId,
        parcel: usize,
    ) -> (Vec<Out<'a>>, Vec<Left<'a>>) {
        let units = self.parcels.get(parcel).map_or(&[][..], |parcel| &parcel.units);
        let mut left: Vec<(usize, &ShiftUnit)> = units.iter().enumerate().collect();
        let mut out = Vec::new();
        for row in model.state.units_of(id) {
            let same = left.iter().position(|(_, unit)| is_it(row, unit));
            if let Some(same) = same {
                out.push((row, left.remove(same).1));
            }
        }
        (out, left)
    }

    /// The tile of the parcel's own order, else the first.
    fn tile_of_choice(&self, model: &Model) -> Tile {
        let place = model.choice.as_ref().and_then(|choice| {
            let truth = self.parcels.iter().find(|parcel| parcel.label == choice.label)?;
            choice.hits.iter().position(|hit| {
                hit.order.client.as_str() == truth.client
                    && hit.order.order_no.as_str() == truth.order_no
            })
        });
        place.and_then(|place| Tile::ALL.get(place).copied()).unwrap_or(Tile::B)
    }

    /// The answer that the unit's look deserves, always one of the tiles shown.
    fn answer(&self, model: &Model) -> Option<Tile> {
        let unit = model.state.in_hand()?;
        let path = model.path(unit)?;
        let (question, _) = model.question()?;
        let scale = model.setup.inspection.scale(path)?;
        let look = self.in_hand(model).map_or(super::shift::Look::Clean, |unit| unit.look);
        Tile::ALL.get(verdict::answer(path, scale, question, look)).copied()
    }
}

/// A piece that was taken out, with its row in the journal.
type Out<'a> = (&'a UnitRow, &'a ShiftUnit);

/// A piece still inside, with its place in the parcel.
type Left<'a> = (usize, &'a ShiftUnit);

/// Whether a row of the journal is this piece.
fn is_it(row: &UnitRow, unit: &ShiftUnit) -> bool {
    match (&row.serial, &unit.serial) {
        (Some(read), Some(printed)) => read.as_str() == printed,
        (Some(_), None) => false,
        (None, Some(_) | None) => row.gtin.is_some() && row.gtin == unit.gtin.parse::<Gtin>().ok(),
    }
}

/// The badge of somebody who receives here.
fn badge(model: &Model) -> Option<&BadgeCode> {
    let operators = &model.setup.operators;
    let receiver = operators.iter().find(|(_, operator)| operator.role == Role::Receiver);
    receiver.or_else(|| operators.first_key_value()).map(|(badge, _)| badge)
}

/// The code of an action's card; `None` for what only a key asks for.
fn card(action: Action) -> Option<String> {
    let row = ACTIONS.iter().find(|row| row.action == action)?;
    scan::card(row.card?)
}
