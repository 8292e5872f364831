//! Bytes from hardware, and the little that goes back to it. Owns: ports, their threads, what is
//! told when a device comes, goes or cannot be opened.
//! Never: what a scan means (`domain::scan`), where it begins and ends (`domain::framing`,
//! `domain::wedge`), the screen, the journal. A device that comes and goes is a normal day.
//! Start at `DeviceInput`, then `serial::spawn_serial`. Tests: serial/tests.rs, over pseudo-terminals.

use std::path::PathBuf;

use dockside_core::domain::framing::Frame;
use dockside_core::domain::ids::DeviceName;

use crate::device::serial::LineSettings;

pub mod serial;
pub mod wedge;

/// What a device has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInput {
    /// Its name in the configuration.
    pub device: DeviceName,
    pub what: What,
}

/// What happened at a device. Its times are milliseconds since the origin given at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is open and read from here on.
    Attached {
        transport: Transport,
    },
    /// Bytes of scans that were made before it was open, dropped: nobody saw them being made.
    Stale {
        bytes: usize,
    },
    Scan(Frame),
    /// It is gone in the middle of its work; it is tried again.
    Lost {
        /// Bytes of a scan whose end never came; they are not glued to the next one.
        partial_bytes: usize,
        why: LostCause,
    },
    /// It cannot be opened; it is tried again. Told once for each cause, not at every attempt.
    Waiting(WaitCause),
    /// The signal to the operator did not reach it.
    BellFailed {
        why: String,
    },
}

/// How a device is connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    Serial {
        path: PathBuf,
        asked: LineSettings,
        /// What the port says it does. Where it differs from what was asked, scans may be garbled.
        found: LineSettings,
    },
}

/// Why an open device went away.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LostCause {
    #[error("it was unplugged or switched off")]
    HungUp,
    #[error("reading failed: {why}")]
    Failed { why: String },
}

/// Why a device cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaitCause {
    #[error("{path:?} is not there")]
    Absent { path: PathBuf },
    #[error("{path:?} may not be opened by this user")]
    Denied { path: PathBuf },
    #[error("{path:?} is in use by another program")]
    Busy { path: PathBuf },
    #[error("{path:?} cannot be used as a serial port: {why}")]
    Unusable { path: PathBuf, why: String },
}
