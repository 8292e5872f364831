//! What the session has to say, as data: the view finds the words, in the receiver's language.

use crate::domain::bin::Disposition;
use crate::domain::event::RefusedCause;
use crate::domain::ids::{BinCode, ClientId, Lpn, OperatorId, ParcelId, SiteId, StationNo};
use crate::session::input::StoreFailure;

/// How a notice reads: mark, colour and sound follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Ok,
    /// A parcel is complete.
    Done,
    Attention,
    Info,
    /// Seen and set aside: a bounce.
    Dim,
}

/// Something said.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub tone: Tone,
    pub say: Say,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Say {
    SignedIn {
        name: String,
    },
    SignedOut,
    ParcelOpened {
        parcel: ParcelId,
        client: ClientId,
        order_no: String,
        expected: u32,
    },
    /// Nobody announced it: open it and scan what is inside.
    BlindOpened {
        parcel: ParcelId,
    },
    /// A parcel without announcement now has its order.
    Matched {
        client: ClientId,
        order_no: String,
    },
    UnitIdentified {
        lpn: Lpn,
        what: String,
    },
    /// Not announced, not of this order, or one more than was sold.
    UnitUnexpected {
        lpn: Lpn,
        what: String,
        why: crate::domain::unit::Unexpected,
    },
    QuestionsOpened,
    Answered {
        label: String,
    },
    Graded {
        grade: String,
        disposition: Disposition,
        bin: BinCode,
    },
    Binned {
        bin: BinCode,
    },
    ParcelClosed {
        parcel: ParcelId,
        units: usize,
        missing: u32,
        parcels_out: usize,
    },
    ParcelEmpty {
        parcel: ParcelId,
    },
    Reopened {
        parcel: ParcelId,
    },
    /// The same card again confirms.
    ConfirmDone {
        missing: u32,
    },
    ConfirmEmpty,
    ConfirmEnd,
    ConfirmQuit,
    /// The same scan again opens it as a parcel nobody announced.
    Undone {
        events: usize,
    },
    Again,
    Refused(Refusal),
    /// Central says that somebody else received this sold unit first.
    DoubleReturn {
        lpn: Lpn,
        site: SiteId,
        before: Before,
    },
    ScannerLost {
        device: String,
        partial_bytes: u32,
    },
    ScannerReady {
        device: String,
    },
}

/// A scan that changed nothing, with all that words may need.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub cause: RefusedCause,
    /// What was scanned, safe for a screen.
    pub code: String,
    /// What kind of code it is, as `scan::Reading::word` says.
    pub kind: &'static str,
    /// The bin that was wanted instead.
    pub wanted: Option<BinCode>,
    pub disposition: Option<Disposition>,
    /// The parcel, unit or device the scan ran into.
    pub other: Option<String>,
    /// When, where and by whom it was received before.
    pub before: Option<Before>,
}

/// When, where and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    pub at: i64,
    pub station: StationNo,
    pub operator: Option<OperatorId>,
}

/// A screen that only a card or F12 leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    NotStored(StoreFailure),
    /// The same wrong bin was scanned twice.
    WrongBin {
        bin: BinCode,
        wanted: BinCode,
    },
}

/// One line of the last scans.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanLine {
    pub at: i64,
    pub code: String,
    pub notice: Notice,
}
