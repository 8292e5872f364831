//! Decides whether stored rows are the events they claim to be: seq, hash chain, stream, kind.
//! One code for the start of a station and for the auditor.
//! Never: a table or a file; rows are handed in. Tests: journal/tests/damage.rs, tests/audit.rs.

use dockside_core::domain::event::{Envelope, EnvelopeError, Event, GENESIS, Hash, chain, leaf};
use dockside_core::domain::replay::Refused;
use uuid::Uuid;

/// One event as it is stored: what is sent, exported and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub seq: u64,
    pub kind: String,
    /// The envelope's bytes as written.
    pub bytes: Vec<u8>,
    pub hash: Hash,
}

/// What is wrong with one event, and which.
#[derive(Debug, thiserror::Error)]
#[error("event {seq}: {why}")]
pub struct Fault {
    pub seq: u64,
    pub why: Why,
}

/// What can be wrong with a stored event.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    #[error("it is not there, event {0} follows")]
    Gone(i64),
    #[error("its row can't be read: {0}")]
    Row(String),
    #[error("its hash is not that of its body and the hash before it")]
    Hash,
    #[error("its body is no envelope: {0}")]
    Body(#[from] EnvelopeError),
    #[error("its body says it is event {0}")]
    Seq(u64),
    #[error("its body is of stream {0}")]
    Stream(Uuid),
    #[error("its column says {column}, its body {body}")]
    Kind { column: String, body: String },
    #[error("a stream starts with StreamOpened, not with {0}")]
    Start(String),
    #[error("it can't follow what is recorded before it: {0}")]
    Fold(#[from] Refused),
}

/// Goes along a stream and checks each event against the one before it.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    pub stream: Uuid,
    pub seq: u64,
    pub hash: Hash,
}

impl Walk {
    /// Before the first event.
    #[must_use]
    pub fn from_start(stream: Uuid) -> Walk {
        Walk { stream, seq: 0, hash: GENESIS }
    }

    /// Checks the next row and reads its envelope.
    ///
    /// # Errors
    /// [`Fault`] that names the event.
    pub fn step(&mut self, row: &Stored) -> Result<Envelope, Fault> {
        let seq = self.seq + 1;
        let envelope = self.check(row).map_err(|why| Fault { seq, why })?;
        self.seq = seq;
        self.hash = row.hash;
        Ok(envelope)
    }

    fn check(&self, row: &Stored) -> Result<Envelope, Why> {
        let seq = self.seq + 1;
        if row.seq != seq {
            return Err(Why::Gone(i64::try_from(row.seq).unwrap_or(i64::MAX)));
        }
        if chain(&self.hash, &leaf(&row.bytes)) != row.hash {
            return Err(Why::Hash);
        }
        let envelope = Envelope::from_bytes(&row.bytes)?;
        if envelope.seq != seq {
            return Err(Why::Seq(envelope.seq));
        }
        if envelope.stream != self.stream {
            return Err(Why::Stream(envelope.stream));
        }
        let kind = envelope.event.kind();
        if row.kind != kind {
            return Err(Why::Kind { column: row.kind.clone(), body: kind.to_owned() });
        }
        if seq == 1 && !matches!(envelope.event, Event::StreamOpened(_)) {
            return Err(Why::Start(kind.to_owned()));
        }
        Ok(envelope)
    }
}
