//! What reaches the session. Closed: whatever happens outside is one of these.

use uuid::Uuid;

use crate::domain::event::Envelope;
use crate::domain::facts::Found;
use crate::domain::ids::{DeviceName, Lpn, SiteId, SoldUnit};
use crate::session::notice::Before;

/// Pairs an answer with what was asked.
pub type Ticket = u64;

#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// One framed scan. `overlong` tells its whole length when the frame was cut.
    Scanned {
        device: DeviceName,
        bytes: Vec<u8>,
        overlong: Option<usize>,
    },
    /// A key that is no part of a scan, by its name in keys.toml.
    Pressed(String),
    /// What is being typed, before Enter; shown, decides nothing.
    Typing(String),
    /// The answer to a look-up.
    Found {
        ticket: Ticket,
        found: Box<Found>,
    },
    /// The order book could not answer.
    NotFound {
        ticket: Ticket,
        why: String,
    },
    /// The events are committed, with the envelopes they got.
    Durable {
        ticket: Ticket,
        envelopes: Vec<Envelope>,
    },
    /// Nothing of that append is stored.
    NotStored {
        ticket: Ticket,
        failure: StoreFailure,
    },
    DeviceAttached {
        device: DeviceName,
        transport: String,
    },
    /// `partial_bytes` of an unfinished scan are lost with it.
    DeviceLost {
        device: DeviceName,
        partial_bytes: u32,
    },
    /// A device that is configured and can't be used, with the cause in words of the system.
    DeviceDown {
        device: DeviceName,
        why: String,
    },
    Sync(SyncStatus),
    /// Central gave these claims to others; answered by `Effect::VerdictsKept`.
    ClaimsLost(Vec<ClaimLost>),
    /// The free space of the data directory crossed a threshold.
    Disk(DiskState),
    /// The minute on the screen changes.
    Tick,
}

/// A sold unit that somebody else received first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimLost {
    /// The event that claimed it here.
    pub of: Uuid,
    pub lpn: Lpn,
    pub sold: SoldUnit,
    pub winner: Before,
    pub winner_site: SiteId,
}

/// Why an append is not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreFailure {
    DiskFull,
    Locked,
    Io(String),
    /// The events contradict the journal: a fault of this program, never of the receiver.
    Refused(String),
}

/// What has not reached central yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SyncStatus {
    /// No central is configured.
    #[default]
    Alone,
    InStep,
    /// `since_at` is when the oldest waiting event was recorded.
    Waiting {
        events: u64,
        since_at: i64,
    },
    /// Central refuses this station; retrying does not mend it.
    Refused {
        events: u64,
        why: String,
    },
}

/// How much room the journal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiskState {
    #[default]
    Roomy,
    /// Under the warning threshold.
    Low,
    /// Only the ballast is left: the open parcel can be finished, no other begun.
    Full,
}
