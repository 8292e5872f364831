//! Folds events into the state of the station: the very code path of normal work, of resuming after
//! a crash, of verifying a journal and of the local tables.
//! Owns: `State` and what one event does to it. Never: a decision (the session decides; here only
//! what can't be true is refused), a clock, a file.
//!
//! Every event that can be taken back leaves the rows it changed on the undo stack, as they were.
//! `Reversed` names the event on top of the stack and puts its rows back: so any sequence followed
//! by its reversal is the state before it, by construction.
//! Start at `State::apply`. Tests: replay/tests.rs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::bin::Disposition;
use crate::domain::event::{Envelope, Event, MatchedBy, Verdict};
use crate::domain::ids::{
    BinCode, CaseId, ClientId, DeviceName, FillingId, Gtin, Lpn, OperatorId, OrderNo, ParcelId,
    RmaNo, SerialNo, Sku, SoldUnit,
};
use crate::domain::operator::{Lang, Role};
use crate::domain::parcel::{self, ParcelAct, ParcelKind, ParcelRefused, ParcelStage};
use crate::domain::settlement::{
    Acceptance, AcceptanceAct, AcceptanceRefused, SettlementAct, SettlementRefused,
    SettlementStage, step_acceptance, step_settlement,
};
use crate::domain::unit::{self, Unexpected, UnitAct, UnitRefused, UnitStage};

mod fold;
#[cfg(test)]
mod tests;

/// Events that can be taken back at most: a shift's worth of one long parcel; what is older is
/// mended by a case, not by undo.
pub const UNDO_MAX: usize = 256;

/// A parcel as the events tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelRow {
    pub id: ParcelId,
    pub label: String,
    pub kind: ParcelKind,
    pub stage: ParcelStage,
    pub client: Option<ClientId>,
    pub order_no: Option<OrderNo>,
    pub rma: Option<RmaNo>,
    pub matched_by: Option<MatchedBy>,
    pub arrived_at: i64,
    pub closed_at: Option<i64>,
    /// Who opened it.
    pub operator: Option<OperatorId>,
    /// Seq of the newest event about it.
    pub last_seq: u64,
}

/// A unit as the events tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    pub lpn: Lpn,
    pub parcel: ParcelId,
    pub client: Option<ClientId>,
    pub gtin: Option<Gtin>,
    pub sku: Option<Sku>,
    pub serial: Option<SerialNo>,
    pub order_no: Option<OrderNo>,
    pub line: Option<u32>,
    pub n: Option<u32>,
    pub unexpected: Option<Unexpected>,
    pub stage: UnitStage,
    pub acceptance: Acceptance,
    pub settlement: SettlementStage,
    pub scale: Option<String>,
    pub grade: Option<String>,
    /// Question and answer, in the order given.
    pub answers: Vec<(String, String)>,
    pub disposition: Option<Disposition>,
    /// Proposed when dispositioned, true when binned.
    pub bin: Option<BinCode>,
    pub filling: Option<FillingId>,
    pub identified_at: i64,
    /// Who touched it first, and with which device: one lane, one scanner in mid-unit.
    pub operator: Option<OperatorId>,
    pub device: Option<DeviceName>,
}

impl UnitRow {
    /// The sold unit it claims, if it is one.
    #[must_use]
    pub fn sold(&self) -> Option<SoldUnit> {
        Some(SoldUnit {
            client: self.client.clone()?,
            order_no: self.order_no.clone()?,
            line: self.line?,
            n: self.n?,
        })
    }
}

/// A case as the events tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    pub id: CaseId,
    pub cause: crate::domain::event::CaseCause,
    pub parcel: Option<ParcelId>,
    pub lpn: Option<Lpn>,
    pub opened_at: i64,
}

/// What is put into one bin until it leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FillingRow {
    pub id: FillingId,
    pub bin: BinCode,
    pub units: u32,
    pub opened_at: i64,
}

/// Who is working.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    pub operator: OperatorId,
    pub role: Role,
    pub lang: Option<Lang>,
    pub started_at: i64,
}

/// The last number given of each kind. Never goes back, not even by reversal: a plate that was
/// printed is never printed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    pub parcel: u32,
    pub lpn: u32,
    pub case: u32,
    pub filling: u32,
}

/// What the journal has seen, for the head of the screen and the summary of a replay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub parcels: u64,
    pub units: u64,
    pub by_disposition: BTreeMap<Disposition, u64>,
    pub cases: u64,
    pub settlements: u64,
}

/// A row of the local tables after an event, or that it is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    Parcel(ParcelId, Option<ParcelRow>),
    Unit(Lpn, Option<UnitRow>),
    Case(CaseId, Option<CaseRow>),
    Filling(BinCode, Option<FillingRow>),
}

/// One event that can be taken back, with what it changed as it was before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    pub id: Uuid,
    pub seq: u64,
    pub at: i64,
    before: Vec<Change>,
    open: Option<ParcelId>,
    last_closed: Option<ParcelId>,
    tally: Tally,
}

/// The state of the station. Bounded: closed parcels leave it once they can't be taken back; their
/// rows stay in the local tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub seq: u64,
    pub last_at: i64,
    pub shift: Option<Shift>,
    pub counters: Counters,
    pub parcels: BTreeMap<ParcelId, ParcelRow>,
    pub units: BTreeMap<Lpn, UnitRow>,
    pub cases: BTreeMap<CaseId, CaseRow>,
    /// The open filling of each bin.
    pub fillings: BTreeMap<BinCode, FillingRow>,
    /// The parcel on the bench.
    pub open: Option<ParcelId>,
    pub last_closed: Option<ParcelId>,
    pub tally: Tally,
    pub undo: VecDeque<Undo>,
    /// Events whose claim central gave to another.
    pub claims_lost: BTreeSet<Uuid>,
    /// Events of a kind or version this program does not know: kept, not applied.
    pub quarantined: u64,
}

/// Why an event can't follow from the state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("event {seq} does not follow {after}")]
    Sequence { seq: u64, after: u64 },
    #[error("event {seq} is of an earlier time than the one before it")]
    Time { seq: u64 },
    #[error("parcel {0} is not known here")]
    NoParcel(ParcelId),
    #[error("parcel {0} is known already")]
    ParcelTwice(ParcelId),
    #[error("parcel {0} is open, one lane has one open parcel")]
    OtherOpen(ParcelId),
    #[error("unit {0} is not known here")]
    NoUnit(Lpn),
    #[error("unit {0} is known already")]
    UnitTwice(Lpn),
    #[error("unit {lpn} claims a sold unit that unit {held} of this parcel has")]
    ClaimTwice { lpn: Lpn, held: Lpn },
    #[error("case {0} is known already")]
    CaseTwice(CaseId),
    #[error("bin {0} has an open filling already")]
    FillingTwice(BinCode),
    #[error("bin {0} has no such open filling")]
    NoFilling(BinCode),
    #[error("unit {lpn} belongs into {proposed}, not into {bin}")]
    WrongBin { lpn: Lpn, proposed: BinCode, bin: BinCode },
    #[error("event {of} is not the last that can be taken back")]
    NotLast { of: Uuid },
    #[error("unit {lpn} proposes a settlement without being accepted")]
    NotAccepted { lpn: Lpn },
    #[error(transparent)]
    Parcel(#[from] ParcelRefused),
    #[error(transparent)]
    Unit(#[from] UnitRefused),
    #[error(transparent)]
    Acceptance(#[from] AcceptanceRefused),
    #[error(transparent)]
    Settlement(#[from] SettlementRefused),
}

impl State {
    /// Folds one event in and says which rows of the local tables changed, in order. On a refusal
    /// the state is as before.
    ///
    /// # Errors
    /// [`Refused`] when the event can't be true after those before it.
    pub fn apply(&mut self, envelope: &Envelope) -> Result<Vec<Change>, Refused> {
        if envelope.seq != self.seq + 1 {
            return Err(Refused::Sequence { seq: envelope.seq, after: self.seq });
        }
        if envelope.at < self.last_at {
            return Err(Refused::Time { seq: envelope.seq });
        }
        let changes = self.fold(envelope)?;
        self.seq = envelope.seq;
        self.last_at = envelope.at;
        Ok(changes)
    }

    /// The unit that has no bin yet, of the open parcel: the one in the receiver's hand.
    #[must_use]
    pub fn in_hand(&self) -> Option<&UnitRow> {
        let open = self.open?;
        self.units.values().rev().find(|unit| unit.parcel == open && unit.stage < UnitStage::Binned)
    }

    /// The parcel on the bench.
    #[must_use]
    pub fn open_parcel(&self) -> Option<&ParcelRow> {
        self.parcels.get(&self.open?)
    }

    /// The units of one parcel, in the order of their plates.
    pub fn units_of(&self, parcel: ParcelId) -> impl Iterator<Item = &UnitRow> {
        self.units.values().filter(move |unit| unit.parcel == parcel)
    }

    /// The ids to reverse, newest first, to take back the last step whole. Empty when there is
    /// nothing that can be taken back.
    #[must_use]
    pub fn last_step(&self) -> Vec<Uuid> {
        let Some(last) = self.undo.back() else { return Vec::new() };
        self.undo.iter().rev().take_while(|undo| undo.at == last.at).map(|undo| undo.id).collect()
    }
}
