//! The one writer: it alone holds the connection that writes, and the state the journal folds to.
//! Owns: the order of a commit (private texts, then events and rows in one transaction, then the
//! witness, then the answer). Never: a look-up, a decision. After any failure memory is made equal
//! to the disk again, never the reverse. Start at `Writer::append`. Tests: journal/tests.rs.

use dockside_core::domain::event::{Draft, Envelope, chain, leaf};
use dockside_core::domain::ids::{SiteId, StationNo};
use dockside_core::domain::replay::State;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use uuid::Uuid;

use crate::faults;
use crate::journal::ballast::Ballast;
use crate::journal::chain::Stored;
use crate::journal::error::JournalError;
use crate::journal::load::{Loaded, load};
use crate::journal::lock::Lock;
use crate::journal::private::{Private, PrivateText};
use crate::journal::store::{self, Rows};
use crate::journal::witness::{Head, Witness};

/// Events in one append: a parcel of 999 units with a missing-unit event each, and room.
pub const DRAFTS_MAX: usize = 4_096;

/// An anchor this often. Between two of them a start folds at most as many events, some
/// tens of milliseconds; the anchor itself is some 200 KB.
pub const ANCHOR_EVERY: u64 = 1_024;

/// Where this journal is kept; on every envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub site: SiteId,
    pub station: StationNo,
}

pub(super) struct Writer {
    pub(super) options: SqliteConnectOptions,
    pub(super) conn: SqliteConnection,
    pub(super) private: Private,
    pub(super) identity: Identity,
    pub(super) stream: Uuid,
    pub(super) state: State,
    pub(super) tip: Head,
    pub(super) anchored: u64,
    pub(super) witness: Witness,
    pub(super) ballast: Ballast,
    /// Memory may differ from the disk: nothing is appended before it is read again.
    pub(super) in_doubt: bool,
    pub(super) lock: Lock,
}

/// One append, ready to be stored.
struct Batch {
    envelopes: Vec<Envelope>,
    events: Vec<Stored>,
    rows: Rows,
    texts: Vec<PrivateText>,
    tip: Head,
}

impl Writer {
    /// Stores the drafts as events, all or none, and returns once the disk has them.
    pub(super) async fn append(
        &mut self,
        at_ms: i64,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Envelope>, JournalError> {
        if drafts.is_empty() {
            return Ok(Vec::new());
        }
        if drafts.len() > DRAFTS_MAX {
            return Err(JournalError::TooMany { count: drafts.len(), max: DRAFTS_MAX });
        }
        if self.in_doubt {
            self.recover().await?;
        }
        let before = self.state.seq;
        let batch = match self.prepare(at_ms, drafts) {
            Ok(batch) => batch,
            Err(problem) => {
                if self.state.seq != before {
                    self.recover().await?;
                }
                return Err(problem);
            }
        };
        if let Err(problem) = self.store(&batch).await {
            self.after_failure(&batch, problem).await?;
        }
        self.tip = batch.tip;
        self.testify();
        faults::point("journal_after_witness");
        Ok(batch.envelopes)
    }

    /// Stamps the drafts and folds them into the state.
    fn prepare(&mut self, at_ms: i64, drafts: Vec<Draft>) -> Result<Batch, JournalError> {
        let at = at_ms.max(self.state.last_at.saturating_add(1));
        let mut batch = Batch {
            envelopes: Vec::with_capacity(drafts.len()),
            events: Vec::with_capacity(drafts.len()),
            rows: Rows::new(),
            texts: Vec::new(),
            tip: self.tip,
        };
        for (index, draft) in drafts.into_iter().enumerate() {
            let mut event = draft.event;
            if let Some(text) = draft.private {
                let text = PrivateText::new(text);
                event = event.with_private(text.reference());
                batch.texts.push(text);
            }
            let envelope = Envelope {
                id: event_id(at, index),
                site: self.identity.site.clone(),
                station: self.identity.station,
                stream: self.stream,
                seq: self.state.seq + 1,
                at,
                operator: draft.operator,
                device: draft.device,
                rules: draft.rules,
                event,
            };
            let bytes = envelope.to_bytes()?;
            let changes = self.state.apply(&envelope);
            for change in &changes.map_err(|source| JournalError::Refused { index, source })? {
                store::note(&mut batch.rows, change)?;
            }
            let hash = chain(&batch.tip.hash, &leaf(&bytes));
            batch.tip = Head { seq: envelope.seq, hash };
            let kind = envelope.event.kind().to_owned();
            batch.events.push(Stored { seq: envelope.seq, kind, bytes, hash });
            batch.envelopes.push(envelope);
        }
        Ok(batch)
    }

    async fn store(&mut self, batch: &Batch) -> Result<(), JournalError> {
        faults::point("journal_before_begin");
        self.private.keep(&batch.texts, self.state.last_at).await?;
        let mut tx = self.conn.begin_with("begin immediate").await?;
        store::insert_events(&mut tx, &batch.events).await?;
        store::write_rows(&mut tx, &batch.rows).await?;
        faults::point("journal_before_commit");
        tx.commit().await?;
        faults::point("journal_after_commit");
        Ok(())
    }

    /// Writes an anchor when one is due: after the answer, so that no scan waits for it. It is
    /// keyed by its seq and a start folds what follows it, so one that is missing costs time only.
    pub(super) async fn anchor(&mut self) {
        if self.in_doubt || self.state.seq < self.anchored + ANCHOR_EVERY {
            return;
        }
        match self.write_anchor().await {
            Ok(()) => self.anchored = self.state.seq,
            Err(problem) => tracing::warn!(%problem, "the anchor can't be written yet"),
        }
    }

    async fn write_anchor(&mut self) -> Result<(), JournalError> {
        let mut tx = self.conn.begin_with("begin immediate").await?;
        store::insert_anchor(&mut tx, &self.state).await?;
        Ok(tx.commit().await?)
    }

    /// Makes memory equal to the disk. `Ok` when the disk has the batch after all: a commit whose
    /// answer was an error may have taken place.
    async fn after_failure(
        &mut self,
        batch: &Batch,
        problem: JournalError,
    ) -> Result<(), JournalError> {
        let problem = self.ballast.relieve(problem);
        tracing::error!(seq = batch.tip.seq, %problem, "an append failed");
        if let Err(second) = self.recover().await {
            tracing::error!(%second, "the journal can't be read again yet");
            return Err(problem);
        }
        if self.tip == batch.tip {
            return Ok(());
        }
        if let Err(second) = self.private.forget(&batch.texts).await {
            tracing::warn!(%second, "a private text without an event stays until it is erased");
        }
        Err(problem)
    }

    /// Opens the file again and folds what it holds: after an I/O error the kernel may have dropped
    /// pages that the old connection takes for written.
    async fn recover(&mut self) -> Result<(), JournalError> {
        self.in_doubt = true;
        let fresh = store::connect(&self.options, "wal").await?;
        let old = std::mem::replace(&mut self.conn, fresh);
        if let Err(problem) = old.close().await {
            tracing::warn!(%problem, "the failed connection did not close cleanly");
        }
        let Loaded { state, tip, anchored } = load(&mut self.conn, self.stream).await?;
        (self.state, self.tip, self.anchored) = (state, tip, anchored);
        self.in_doubt = false;
        Ok(())
    }

    /// Rewrites the witness. A failure is no failure of the append: the events are durable, and a
    /// witness that is behind is accepted and rewritten by the next append.
    pub(super) fn testify(&self) {
        if let Err(problem) = self.witness.write(self.tip) {
            tracing::error!(seq = self.tip.seq, %problem, "the witness can't be written");
        }
    }

    pub(super) async fn set_acked(&mut self, seq: u64, epoch: Uuid) -> Result<(), JournalError> {
        if seq > self.tip.seq {
            return Err(JournalError::AckAhead { seq, last: self.tip.seq });
        }
        let mark = sqlx::query("update push set acked_seq = ?1, hub_epoch = ?2 where one = 1")
            .bind(store::signed(seq))
            .bind(epoch)
            .execute(&mut self.conn)
            .await;
        mark.map(drop).map_err(|problem| self.ballast.relieve(problem.into()))
    }

    /// Closes both files; the lock is the last to go.
    pub(super) async fn close(self) -> Result<(), JournalError> {
        let Writer { conn, private, lock, .. } = self;
        let (journal, private) = (conn.close().await, private.close().await);
        drop(lock);
        journal?;
        private
    }
}

/// A UUIDv7 of that time. The first 12 of its random bits count within the append, so that ids
/// sort as their events do.
fn event_id(at_ms: i64, index: usize) -> Uuid {
    let random = Uuid::new_v4().into_bytes();
    let mut bytes = [0_u8; 10];
    bytes[..2].copy_from_slice(&u16::try_from(index).unwrap_or(u16::MAX).to_be_bytes());
    bytes[2..6].copy_from_slice(&random[..4]);
    bytes[6..].copy_from_slice(&random[12..]);
    let millis = u64::try_from(at_ms).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}
