//! Everything the station knows right now: the folded state, the facts of the open parcel, what is
//! asked and not yet answered, what was said last. The screen is a function of it.
//! Owns: which screen is shown (derived, never stored). Never: a decision on a scan.
//! Start at `Model` and `Model::screen`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::domain::bin::{Bin, BinUse, Bins, Disposition};
use crate::domain::event::Draft;
use crate::domain::facts::{Claim, OrderHit, OrderKey};
use crate::domain::ids::{BadgeCode, BinCode, DeviceName, SiteId, StationNo, Tracking};
use crate::domain::inspection::{Inspection, Path, Question, Step};
use crate::domain::operator::{Lang, Operator, Operators};
use crate::domain::order::{AnnouncedLine, Order, Product, Rma};
use crate::domain::parcel::ParcelKind;
use crate::domain::policy::{Chosen, Policy, UnitFacts};
use crate::domain::replay::{State, UnitRow};
use crate::domain::settlement::AcceptanceAct;
use crate::domain::unit::{Unexpected, UnitStage};
use crate::session::actions::Action;
use crate::session::input::{DiskState, Input, SyncStatus, Ticket};
use crate::session::notice::{Notice, ScanLine, Stop};

/// Scans kept on the screen.
pub const LAST_SCANS_MAX: usize = 32;

/// Inputs that wait while one is being answered. A scanner emptying its memory writes thousands at
/// once; past this each further one is refused, audibly and on record.
pub const QUEUE_MAX: usize = 20_000;

/// The pseudo-question of the offer: "clean?", answered by the bin or by asking for the questions.
pub const CLEAN_QUESTION: &str = "clean";

/// What does not change while the station runs.
#[derive(Clone)]
pub struct Setup {
    pub site: SiteId,
    pub station: StationNo,
    pub operators: Operators,
    /// Badges everybody knows, which a station with a central does not take.
    pub refused_badges: Vec<BadgeCode>,
    pub policy: Policy,
    pub inspection: Inspection,
    pub bins: Bins,
    /// The language before anybody signs in.
    pub lang: Lang,
    /// The same code from the same device within this time is a bounce, in milliseconds.
    pub bounce_ms: i64,
    /// The same code from another device within this time is one symbol seen twice.
    pub echo_ms: i64,
    /// The same card again within this time confirms, in milliseconds.
    pub confirm_ms: i64,
    /// Which action each key asks for.
    pub keys: BTreeMap<String, Action>,
}

/// One decision a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Screen {
    Badge,
    Receive,
    /// Several orders have that number.
    Choose,
    /// A parcel is open: scan what is inside.
    Item,
    /// A unit is in hand and its clean bin is proposed.
    Offer,
    Inspect,
    Put,
    Stop,
}

impl Screen {
    /// The word of the replay's summary.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Screen::Badge => "badge",
            Screen::Receive => "receive",
            Screen::Choose => "choose",
            Screen::Item => "item",
            Screen::Offer => "offer",
            Screen::Inspect => "inspect",
            Screen::Put => "put",
            Screen::Stop => "stop",
        }
    }
}

/// What the order book said of the parcel on the bench.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderFacts {
    pub order: Order,
    pub rma: Option<Rma>,
    pub claims: Vec<Claim>,
    /// Numbers of this RMA whose parcels are closed here.
    pub closed_trackings: Vec<Tracking>,
}

/// Several orders have the scanned number: the receiver says which.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub label: String,
    pub hits: Vec<OrderHit>,
    pub device: Option<DeviceName>,
}

/// What waits to be scanned once more.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    pub what: ConfirmWhat,
    pub until: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfirmWhat {
    Done,
    End,
    Quit,
    /// A number that fails a check digit: a damaged code, or a carrier's own number.
    Label(String),
}

/// What the session waits for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Pending {
    #[default]
    Nothing,
    LookUp {
        ticket: Ticket,
        scan: Option<crate::domain::scan::Scan>,
        device: Option<DeviceName>,
    },
    Append {
        ticket: Ticket,
        drafts: Vec<Draft>,
        line: Option<ScanLine>,
    },
}

/// The state of one device, for the head of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceState {
    Ready,
    Lost,
    Down(String),
}

/// The station.
#[derive(Clone)]
pub struct Model {
    pub setup: Arc<Setup>,
    pub state: State,
    /// Milliseconds UTC of the newest input.
    pub now: i64,
    pub lang: Lang,
    pub facts: Option<OrderFacts>,
    /// Products met by GTIN, so that a unit has a name on the screen.
    pub products: Vec<Product>,
    pub choice: Option<Choice>,
    pub confirm: Option<Confirm>,
    pub pending: Pending,
    pub queue: VecDeque<(i64, Input)>,
    pub banner: Option<Notice>,
    pub stop: Option<Stop>,
    pub last_scans: VecDeque<ScanLine>,
    /// The wrong bin of the last scan: the same again is a STOP.
    pub wrong_bin: Option<BinCode>,
    pub bounce: Option<(DeviceName, Vec<u8>, i64)>,
    pub devices: BTreeMap<DeviceName, DeviceState>,
    pub sync: SyncStatus,
    pub disk: DiskState,
    pub show_help: bool,
    pub typing: String,
    pub tickets: Ticket,
    /// Goes up whenever something that shows has changed.
    pub version: u64,
}

impl Model {
    #[must_use]
    pub fn new(setup: Arc<Setup>, state: State, at: i64) -> Model {
        let lang = state.shift.as_ref().and_then(|shift| shift.lang).unwrap_or(setup.lang);
        Model {
            setup,
            state,
            now: at,
            lang,
            facts: None,
            products: Vec::new(),
            choice: None,
            confirm: None,
            pending: Pending::Nothing,
            queue: VecDeque::new(),
            banner: None,
            stop: None,
            last_scans: VecDeque::new(),
            wrong_bin: None,
            bounce: None,
            devices: BTreeMap::new(),
            sync: SyncStatus::default(),
            disk: DiskState::default(),
            show_help: false,
            typing: String::new(),
            tickets: 0,
            version: 0,
        }
    }

    /// The screen that the model stands on.
    #[must_use]
    pub fn screen(&self) -> Screen {
        if self.stop.is_some() {
            return Screen::Stop;
        }
        if self.state.shift.is_none() {
            return Screen::Badge;
        }
        if self.choice.is_some() {
            return Screen::Choose;
        }
        if self.state.open.is_none() {
            return Screen::Receive;
        }
        let Some(unit) = self.state.in_hand() else { return Screen::Item };
        match unit.stage {
            UnitStage::Identified if self.offered(unit).is_some() => Screen::Offer,
            UnitStage::Identified => Screen::Inspect,
            UnitStage::Inspected
            | UnitStage::Dispositioned
            | UnitStage::Binned
            | UnitStage::Departed => Screen::Put,
        }
    }

    /// The person signed in, as the operators file names him now.
    #[must_use]
    pub fn operator(&self) -> Option<&Operator> {
        let shift = self.state.shift.as_ref()?;
        self.setup.operators.values().find(|operator| operator.id == shift.operator)
    }

    /// The order under which the open parcel is received.
    #[must_use]
    pub fn current(&self) -> Option<OrderKey> {
        let parcel = self.state.open_parcel()?;
        Some(OrderKey {
            client: parcel.client.clone()?,
            order_no: parcel.order_no.clone()?,
            rma: parcel.rma.clone(),
        })
    }

    /// The bin the unit in hand is to be put into.
    #[must_use]
    pub fn proposed_bin(&self) -> Option<BinCode> {
        let unit = self.state.in_hand()?;
        match unit.stage {
            UnitStage::Identified => self.offered(unit).map(|(_, bin)| bin.code.clone()),
            UnitStage::Inspected
            | UnitStage::Dispositioned
            | UnitStage::Binned
            | UnitStage::Departed => unit.bin.clone(),
        }
    }

    /// Where the unit goes if it is clean, where the policy lets its bin say so.
    pub(crate) fn offered(&self, unit: &UnitRow) -> Option<(Chosen, &Bin)> {
        if !unit.answers.is_empty() {
            return None;
        }
        let grade = self.clean_grade(unit)?;
        let facts = self.unit_facts(unit, Some(grade));
        if !self.setup.policy.trusts_clean(&facts, unit.lpn) {
            return None;
        }
        let chosen = self.setup.policy.decide(&facts);
        let clean = chosen.disposition == Disposition::Restock
            && chosen.acceptance == AcceptanceAct::Accept;
        if !clean {
            return None;
        }
        let takes = BinUse::For(Disposition::Restock);
        let bin = self.setup.bins.propose(takes, unit.client.as_ref())?;
        (bin.takes == takes).then_some((chosen, bin))
    }

    /// The scale of the unit's category and the grade that stands for clean.
    pub(crate) fn clean_grade(&self, unit: &UnitRow) -> Option<(&str, &str)> {
        let scale = self.setup.inspection.scale(self.path(unit)?)?;
        Some((&scale.id, &scale.clean))
    }

    /// The question path of the unit's category.
    #[must_use]
    pub fn path(&self, unit: &UnitRow) -> Option<&Path> {
        let category = self.category(unit);
        self.setup.inspection.path(category.as_ref())
    }

    /// The question the unit in hand stands on, with its place counted from 1.
    #[must_use]
    pub fn question(&self) -> Option<(&Question, usize)> {
        let unit = self.state.in_hand()?;
        let answers = Self::answers(unit);
        match self.setup.inspection.step(self.path(unit)?, &answers)? {
            Step::Ask(question) => Some((question, answers.len() + 1)),
            Step::Graded { .. } => None,
        }
    }

    /// The answers to questions of the path, without the offer's own.
    pub(crate) fn answers(unit: &UnitRow) -> Vec<(String, String)> {
        unit.answers.iter().filter(|(question, _)| question != CLEAN_QUESTION).cloned().collect()
    }

    /// What a rule may look at for this unit.
    pub(crate) fn unit_facts(&self, unit: &UnitRow, grade: Option<(&str, &str)>) -> UnitFacts {
        let parcel = self.state.parcels.get(&unit.parcel);
        let line = self.order_line(unit);
        let product = self.product(unit);
        let announced = self.announced(unit.line);
        UnitFacts {
            client: unit.client.clone(),
            category: self.category(unit),
            scale: grade.map(|(scale, _)| scale.to_owned()),
            grade: grade.map(|(_, grade)| grade.to_owned()),
            parcel_kind: parcel.map_or(ParcelKind::Blind, |parcel| parcel.kind),
            unexpected: unit.unexpected,
            reason: announced.and_then(|line| line.reason.clone()),
            paid_minor: self.paid_minor(unit),
            final_sale: line.is_some_and(|line| line.final_sale),
            hazard: product.and_then(|product| product.hazard.clone()),
            size_class: product.and_then(|product| product.size_class.clone()),
        }
    }

    pub(crate) fn order_line(&self, unit: &UnitRow) -> Option<&crate::domain::order::OrderLine> {
        self.facts.as_ref()?.order.line(unit.line?)
    }

    pub(crate) fn product(&self, unit: &UnitRow) -> Option<&Product> {
        let same_client =
            |product: &&Product| unit.client.as_ref().is_none_or(|c| *c == product.client);
        let by_gtin = |product: &&Product| unit.gtin.is_some_and(|g| product.gtins.contains(&g));
        self.products.iter().filter(same_client).find(by_gtin)
    }

    fn category(&self, unit: &UnitRow) -> Option<crate::domain::ids::Category> {
        let of_line = self.order_line(unit).and_then(|line| line.category.clone());
        of_line.or_else(|| self.product(unit).and_then(|product| product.category.clone()))
    }

    /// What the customer announced of that line, if he announced lines at all.
    pub(crate) fn announced(&self, line: Option<u32>) -> Option<&AnnouncedLine> {
        let rma = self.facts.as_ref()?.rma.as_ref()?;
        rma.lines.iter().find(|announced| Some(announced.line) == line)
    }

    /// What was really paid for the unit, in minor units.
    pub(crate) fn paid_minor(&self, unit: &UnitRow) -> Option<i64> {
        self.facts.as_ref()?.order.paid_minor(&unit.sold()?)
    }

    /// A name for the unit that a person knows it by.
    #[must_use]
    pub fn name_of(&self, unit: &UnitRow) -> String {
        let product = self.product(unit);
        let line = self.order_line(unit).map(|line| line.description.as_str());
        let name = line.filter(|text| !text.is_empty());
        let name = name.or(product.map(|product| product.description.as_str()));
        let mut words: Vec<String> = Vec::new();
        words.extend(name.map(str::to_owned));
        if let Some(product) = product {
            words.extend(product.colour.clone().filter(|c| !name.is_some_and(|n| n.contains(c))));
            words.extend(product.size.clone().filter(|s| !name.is_some_and(|n| n.ends_with(s))));
        }
        if words.is_empty() {
            words.extend(unit.sku.as_ref().map(ToString::to_string));
        }
        if words.is_empty() {
            words.extend(unit.gtin.as_ref().map(ToString::to_string));
        }
        words.join(" ")
    }

    /// How many units are expected in this return, and how many of them have come, in whatever
    /// parcel. `None` when nothing was announced line by line.
    #[must_use]
    pub fn expected(&self) -> Option<(u32, u32)> {
        let rma = self.facts.as_ref()?.rma.as_ref().filter(|rma| !rma.lines.is_empty())?;
        let total = rma.lines.iter().map(|line| line.qty).sum();
        let come = rma.lines.iter().map(|line| self.come(line.line).min(line.qty)).sum();
        Some((come, total))
    }

    /// Pieces of one line that came under this RMA.
    pub(crate) fn come(&self, line: u32) -> u32 {
        let Some(parcel) = self.state.open_parcel() else { return 0 };
        let of_rma = |claim: &&Claim| {
            claim.rma == parcel.rma && claim.sold.line == line && claim.parcel != parcel.id
        };
        let earlier = self.facts.iter().flat_map(|facts| &facts.claims).filter(of_rma).count();
        let here = |unit: &&UnitRow| unit.line == Some(line) && unit.n.is_some();
        let here = self.state.units_of(parcel.id).filter(here).count();
        u32::try_from(earlier + here).unwrap_or(u32::MAX)
    }

    /// Announced pieces that have not come, by line.
    #[must_use]
    pub fn missing(&self) -> Vec<(u32, u32)> {
        let rma = self.facts.as_ref().and_then(|facts| facts.rma.as_ref());
        let left = |line: &AnnouncedLine| {
            let left = line.qty.saturating_sub(self.come(line.line));
            (left > 0).then_some((line.line, left))
        };
        rma.into_iter().flat_map(|rma| &rma.lines).filter_map(left).collect()
    }

    /// Parcels of this return that have not been closed here, the open one left out.
    #[must_use]
    pub fn parcels_out(&self) -> usize {
        let Some(facts) = &self.facts else { return 0 };
        let Some(rma) = &facts.rma else { return 0 };
        let own = self.state.open_parcel().map(|parcel| parcel.label.as_str());
        let closed = |tracking: &&Tracking| {
            Some(tracking.as_str()) != own && facts.closed_trackings.contains(tracking)
        };
        let closed = rma.trackings.iter().filter(closed).count();
        rma.trackings.len().saturating_sub(closed + 1)
    }

    /// Whether the piece is one that was sold and not announced.
    pub(crate) fn not_announced(&self, line: u32) -> Option<Unexpected> {
        let rma = self.facts.as_ref()?.rma.as_ref().filter(|rma| !rma.lines.is_empty())?;
        let announced = rma.lines.iter().find(|announced| announced.line == line);
        let room = announced.is_some_and(|announced| self.come(line) < announced.qty);
        (!room).then_some(Unexpected::NotAnnounced)
    }
}
