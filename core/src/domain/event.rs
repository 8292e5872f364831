//! A past-tense fact and the envelope it travels in: what the journal stores, central receives and
//! every screen is folded from.
//! Owns: the kinds, their payloads, the canonical bytes and the hash chain. Never: what a fact does
//! to the state (that is `replay`), nor personal data (they stand in the erasable side table; an
//! event carries a reference and a salted hash).
//! Start at `Envelope`. Tests: event/tests.rs.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::bin::Disposition;
use crate::domain::ids::{
    BinCode, CaseId, ClientId, DeviceName, FillingId, Gtin, Lpn, OperatorId, OrderNo, ParcelId,
    RmaNo, SerialNo, SiteId, Sku, SoldUnit, StationNo,
};
use crate::domain::money::Currency;
use crate::domain::operator::{Lang, Role};
use crate::domain::parcel::ParcelKind;
use crate::domain::settlement::SettlementKind;
use crate::domain::unit::Unexpected;

#[cfg(test)]
mod tests;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// What the first event of a stream is chained to.
pub const GENESIS: Hash = [0; 32];

/// SHA-256 of an envelope's bytes. A proof can carry bare leaves for events of others.
#[must_use]
pub fn leaf(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// SHA-256 of the previous hash followed by the leaf: what makes a stream tamper-evident.
#[must_use]
pub fn chain(previous: &Hash, leaf: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(leaf);
    hasher.finalize().into()
}

/// Where a personal text stands in the side table, and its salted hash: after the row is erased
/// with its salt, nothing in the journal leads back to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateRef {
    pub id: Uuid,
    /// SHA-256 of the salt followed by the text, in hexadecimal.
    pub hash: String,
}

/// Why a bytes string is no envelope.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    #[error("not the JSON of an envelope")]
    Shape(#[source] serde_json::Error),
    #[error("the payload of {kind} version {v} is not as that version defines it")]
    Payload {
        kind: String,
        v: u16,
        #[source]
        source: serde_json::Error,
    },
    #[error("the envelope can't be written as JSON")]
    Write(#[source] serde_json::Error),
}

/// One event as it is stored, sent and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// UUIDv7; the idempotency key all the way to the shop.
    pub id: Uuid,
    pub site: SiteId,
    pub station: StationNo,
    /// Born with the journal file.
    pub stream: Uuid,
    /// Dense from 1 within the stream.
    pub seq: u64,
    /// Milliseconds UTC. All events of one commit share it, and each commit's is greater than the
    /// one before, even when the wall clock stands still or steps back: so the steps of the floor
    /// can be told apart in the journal, and `undo` takes back one of them whole.
    pub at: i64,
    pub operator: Option<OperatorId>,
    pub device: Option<DeviceName>,
    /// Rule set version that was in force.
    pub rules: String,
    pub event: Event,
}

/// What the session wants recorded; the journal makes it an [`Envelope`].
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub operator: Option<OperatorId>,
    pub device: Option<DeviceName>,
    pub rules: String,
    pub event: Event,
    /// Goes to the side table; its reference is set into the event. Only for [`ScanRefused`].
    pub private: Option<String>,
}

#[derive(Serialize)]
struct EnvelopeOut<'a> {
    id: Uuid,
    site: &'a SiteId,
    station: StationNo,
    stream: Uuid,
    seq: u64,
    at: i64,
    operator: &'a Option<OperatorId>,
    device: &'a Option<DeviceName>,
    rules: &'a str,
    kind: &'a str,
    v: u16,
    payload: Box<RawValue>,
}

#[derive(Deserialize)]
struct EnvelopeIn<'a> {
    id: Uuid,
    site: SiteId,
    station: StationNo,
    stream: Uuid,
    seq: u64,
    at: i64,
    operator: Option<OperatorId>,
    device: Option<DeviceName>,
    rules: String,
    kind: String,
    v: u16,
    #[serde(borrow)]
    payload: &'a RawValue,
}

impl Envelope {
    /// The canonical bytes: keys in the order of the struct, no white space. They are stored once
    /// and hashed as written, never written again from a parsed envelope.
    ///
    /// # Errors
    /// [`EnvelopeError::Write`], which no event of ours causes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EnvelopeError> {
        let out = EnvelopeOut {
            id: self.id,
            site: &self.site,
            station: self.station,
            stream: self.stream,
            seq: self.seq,
            at: self.at,
            operator: &self.operator,
            device: &self.device,
            rules: &self.rules,
            kind: self.event.kind(),
            v: self.event.version(),
            payload: self.event.payload().map_err(EnvelopeError::Write)?,
        };
        serde_json::to_vec(&out).map_err(EnvelopeError::Write)
    }

    /// Reads stored bytes back. A kind or version this program does not know becomes
    /// [`Event::Unknown`]: kept, never defaulted.
    ///
    /// # Errors
    /// [`EnvelopeError::Shape`] or [`EnvelopeError::Payload`] when the bytes are not as written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Envelope, EnvelopeError> {
        let read: EnvelopeIn<'_> = serde_json::from_slice(bytes).map_err(EnvelopeError::Shape)?;
        let event = Event::decode(&read.kind, read.v, read.payload).map_err(|source| {
            EnvelopeError::Payload { kind: read.kind.clone(), v: read.v, source }
        })?;
        Ok(Envelope {
            id: read.id,
            site: read.site,
            station: read.station,
            stream: read.stream,
            seq: read.seq,
            at: read.at,
            operator: read.operator,
            device: read.device,
            rules: read.rules,
            event,
        })
    }
}

/// A kind or version of a newer program, kept as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    pub kind: String,
    pub v: u16,
    pub payload: serde_json::Value,
}

macro_rules! kinds {
    ($($kind:ident = $v:literal),+ $(,)?) => {
        /// Every kind of fact a station records.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Event {
            $($kind($kind),)+
            Unknown(Unknown),
        }

        impl Event {
            /// The kinds this program writes, with their payload versions.
            pub const KINDS: &'static [(&'static str, u16)] = &[$((stringify!($kind), $v)),+];

            #[must_use]
            pub fn kind(&self) -> &str {
                match self {
                    $(Event::$kind(_) => stringify!($kind),)+
                    Event::Unknown(unknown) => &unknown.kind,
                }
            }

            #[must_use]
            pub fn version(&self) -> u16 {
                match self {
                    $(Event::$kind(_) => $v,)+
                    Event::Unknown(unknown) => unknown.v,
                }
            }

            /// The payload's JSON as it is written into the envelope.
            ///
            /// # Errors
            /// When the payload can't be written, which none of ours causes.
            pub fn payload(&self) -> Result<Box<RawValue>, serde_json::Error> {
                match self {
                    $(Event::$kind(payload) => serde_json::value::to_raw_value(payload),)+
                    Event::Unknown(unknown) => serde_json::value::to_raw_value(&unknown.payload),
                }
            }

            fn decode(kind: &str, v: u16, payload: &RawValue) -> Result<Event, serde_json::Error> {
                match (kind, v) {
                    $((stringify!($kind), $v) => {
                        serde_json::from_str(payload.get()).map(Event::$kind)
                    })+
                    _ => Ok(Event::Unknown(Unknown {
                        kind: kind.to_owned(),
                        v,
                        payload: serde_json::from_str(payload.get())?,
                    })),
                }
            }
        }

        $(impl From<$kind> for Event {
            fn from(payload: $kind) -> Event {
                Event::$kind(payload)
            }
        })+
    };
}

kinds! {
    StreamOpened = 1, ShiftStarted = 1, ShiftEnded = 1,
    ParcelArrived = 1, ParcelOpened = 1, ParcelMatched = 1, ParcelUnmatched = 1, ParcelClosed = 1,
    ScanRefused = 1,
    UnitIdentified = 1, UnitUnexpected = 1, UnitMissing = 1, AnswerGiven = 1, UnitGraded = 1,
    UnitAccepted = 1, UnitRejected = 1, DecisionAsked = 1, UnitDispositioned = 1, UnitBinned = 1,
    FillingOpened = 1, CaseOpened = 1, SettlementProposed = 1, Reversed = 1,
    DeviceAttached = 1, DeviceLost = 1, VerdictReceived = 1,
}

macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }
    };
}

macro_rules! word {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }
    };
}

payload!(
    /// The first event of every stream.
    StreamOpened { software: String, schema: u32 }
);
payload!(ShiftStarted { operator: OperatorId, role: Role, lang: Option<Lang> });
payload!(ShiftEnded { operator: OperatorId });

payload!(
    /// The first scan of a parcel here: dock-to-stock starts.
    ParcelArrived {
        parcel: ParcelId,
        /// The label's text as it was read, in the order book's form where it is known there.
        label: String,
        parcel_kind: ParcelKind,
    }
);
payload!(
    /// Opened at this station, or opened again for one more unit.
    ParcelOpened { parcel: ParcelId }
);

word!(
    /// Who or what linked a parcel to its order.
    Author { Rule, Person }
);
word!(
    /// By what a parcel was linked to its order.
    MatchedBy { Tracking, Rma, OrderNo, Serial, Choice }
);

payload!(ParcelMatched {
    parcel: ParcelId,
    client: ClientId,
    order_no: OrderNo,
    rma: Option<RmaNo>,
    author: Author,
    by: MatchedBy,
    /// 0 to 1.
    probability: f64,
});
payload!(ParcelUnmatched { parcel: ParcelId });

word!(
    /// How a parcel was left.
    ClosedHow {
        /// Every announced unit has its bin.
        Complete,
        /// The receiver said there is nothing more in it.
        Short,
        /// Its order is not known yet.
        Unmatched,
        /// Nothing was in it.
        Empty,
    }
);

payload!(ParcelClosed { parcel: ParcelId, how: ClosedHow });

word!(
    /// Why a scan was refused.
    RefusedCause {
        NotSignedIn, UnknownBadge, UnknownCode, CheckDigit, Charset, TooLong, Glued, Empty,
        AlreadyReceived, ParcelStillOpen, ParcelExpected, UnitInHand, UnitExpected, NoUnitInHand,
        WrongBin, UnknownBin, OtherClient, UnknownCard, NotHere, NothingToUndo, AnswerExpected,
        ChoiceExpected, OtherScanner, StopShown, TooMany, RoleTooLow, DefaultBadge, BookFailed, DiskFull,
    }
);

payload!(
    /// A scan that changed nothing. The code stands here when its kind is known; any other text
    /// may name a person and goes to the side table.
    ScanRefused {
        cause: RefusedCause,
        /// `gtin`, `bin` and so on; `unknown` when it has no reading.
        reading: String,
        code: Option<String>,
        len_bytes: u32,
        text: Option<PrivateRef>,
    }
);

payload!(
    /// First touch of one piece: it gets its plate. No `line` and `n` when it is no sold unit of a
    /// known order.
    UnitIdentified {
        lpn: Lpn,
        parcel: ParcelId,
        client: Option<ClientId>,
        gtin: Option<Gtin>,
        sku: Option<Sku>,
        serial: Option<SerialNo>,
        order_no: Option<OrderNo>,
        line: Option<u32>,
        n: Option<u32>,
    }
);
payload!(UnitUnexpected { lpn: Lpn, why: Unexpected });
payload!(
    /// Announced, and in no parcel of its RMA.
    UnitMissing {
        parcel: ParcelId,
        client: ClientId,
        order_no: OrderNo,
        rma: Option<RmaNo>,
        line: u32,
        qty: u32,
    }
);

word!(
    /// By what an answer was given.
    AnswerBy { Card, Key, Bin }
);

payload!(AnswerGiven { lpn: Lpn, question: String, answer: String, by: AnswerBy });
payload!(UnitGraded {
    lpn: Lpn,
    scale: String,
    grade: String,
    /// No question was asked: the restock bin was scanned, or the rule set it.
    implied: bool,
});
payload!(UnitAccepted { lpn: Lpn });
payload!(UnitRejected { lpn: Lpn, finding: String });
payload!(DecisionAsked { lpn: Lpn, finding: String });
payload!(UnitDispositioned { lpn: Lpn, disposition: Disposition, rule: String, bin: BinCode });
payload!(UnitBinned { lpn: Lpn, bin: BinCode, filling: FillingId });
payload!(FillingOpened { filling: FillingId, bin: BinCode });

word!(
    /// What kind of exception people work off.
    CaseCause {
        Unmatched, WrongItem, MissingItem, OverCount, SerialMismatch, DoubleReturn, Ineligible,
        CarrierDamage, EmptyParcel, SuspectedFraud, UnpaidOrder, Hazard, Misrouted, Other,
    }
);

payload!(CaseOpened { case: CaseId, cause: CaseCause, parcel: Option<ParcelId>, lpn: Option<Lpn> });

/// One line of a settlement's breakdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementLine {
    pub label: String,
    pub minor: i64,
}

payload!(SettlementProposed {
    lpn: Lpn,
    client: ClientId,
    order_no: OrderNo,
    line: u32,
    n: u32,
    settlement: SettlementKind,
    total_minor: i64,
    currency: Currency,
    lines: Vec<SettlementLine>,
});
payload!(
    /// A compensating event: the one with that id did not happen.
    Reversed { of: Uuid }
);

payload!(DeviceAttached { device: DeviceName, transport: String });
payload!(DeviceLost { device: DeviceName, partial_bytes: u32 });

word!(
    /// What central answered to one of this station's events.
    Verdict { ClaimLost, Quarantined }
);

payload!(
    /// Appended to the station's own stream, so that replay needs nothing else; an echo to central.
    VerdictReceived {
        /// The event central speaks of.
        of: Uuid,
        verdict: Verdict,
        sold: Option<SoldUnit>,
        winner_site: Option<SiteId>,
        winner_station: Option<StationNo>,
        winner_at: Option<i64>,
        winner_operator: Option<OperatorId>,
    }
);

impl Event {
    /// Sets the reference of a personal text that went to the side table.
    #[must_use]
    pub fn with_private(self, reference: PrivateRef) -> Event {
        #[expect(clippy::wildcard_enum_match_arm, reason = "one kind alone carries such a text")]
        match self {
            Event::ScanRefused(refused) => {
                Event::ScanRefused(ScanRefused { text: Some(reference), ..refused })
            }
            other => other,
        }
    }
}
