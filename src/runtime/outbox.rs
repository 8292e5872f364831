//! The journal as the sync task sees it. What central says of single events goes through the
//! session, which alone decides on events; it is acknowledged once it is in the journal.
//! Tests: tests/it/e2e_central.rs.

use dockside_core::domain::event::{Envelope, Event, Hash};
use dockside_core::session::input::ClaimLost;
use dockside_core::session::notice::Before;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::central::plan::JournalMark;
use crate::central::sync::Outbox;
use crate::central::wire::{Outcome, Verdict, Waiting, Winner};
use crate::journal::Journal;
use crate::journal::chain::Stored;
use crate::journal::error::JournalError;

/// Takes lost claims to whoever puts them on record, and hears when they are.
pub trait Herald: Send + Sync {
    /// Resolves once the events are durable; an error when nobody is there to do it.
    fn claims_lost(&mut self, lost: Vec<ClaimLost>) -> Option<oneshot::Receiver<()>>;
}

/// A journal with somebody who puts central's verdicts on record.
pub struct JournalOutbox<H> {
    pub journal: Journal,
    pub herald: H,
}

#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("central's verdicts are not on record yet: the station is not there to take them")]
    NotKept,
}

impl<H: Herald> JournalOutbox<H> {
    /// A lost claim with what the journal knows of the unit.
    async fn lost(&self, seq: u64, winner: Winner) -> Result<Option<ClaimLost>, JournalError> {
        let Some(before) = seq.checked_sub(1) else { return Ok(None) };
        let stored = self.journal.pending(before, 1).await?;
        let envelope = stored.first().and_then(|stored| Envelope::from_bytes(&stored.bytes).ok());
        let Some(Envelope { id, event: Event::UnitIdentified(unit), .. }) = envelope else {
            return Ok(None);
        };
        Ok(Some(ClaimLost {
            of: id,
            lpn: unit.lpn,
            sold: winner.unit,
            winner: Before { at: winner.at, station: winner.station, operator: winner.operator },
            winner_site: winner.site,
        }))
    }
}

impl<H: Herald> Outbox for JournalOutbox<H> {
    type Error = OutboxError;

    async fn mark(&mut self) -> Result<JournalMark, OutboxError> {
        let acked = self.journal.acked().await?;
        let waiting = self.journal.waiting().await?;
        Ok(JournalMark {
            stream: self.journal.stream(),
            acked_seq: acked.seq,
            last_seq: acked.seq + waiting.count,
            oldest_waiting_at: waiting.oldest_at,
            epoch: acked.epoch,
        })
    }

    async fn hash_at(&mut self, seq: u64) -> Result<Option<Hash>, OutboxError> {
        Ok(self.journal.hash_at(seq).await?)
    }

    async fn pending(&mut self, after: u64, limit: usize) -> Result<Vec<Waiting>, OutboxError> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let stored = self.journal.pending(after, limit).await?;
        let waiting = |s: Stored| Waiting { seq: s.seq, body: s.bytes, hash: s.hash };
        Ok(stored.into_iter().map(waiting).collect())
    }

    async fn verdicts(&mut self, verdicts: Vec<Verdict>) -> Result<(), OutboxError> {
        let mut lost = Vec::new();
        for Verdict { seq, outcome } in verdicts {
            match outcome {
                Outcome::ClaimLost(winner) => lost.extend(self.lost(seq, *winner).await?),
                Outcome::Quarantined { why } => {
                    tracing::error!(seq, why, "central keeps an event apart: it can't read it");
                }
                Outcome::Unknown { word, .. } => {
                    tracing::warn!(seq, word, "central says a word of a newer version");
                }
                Outcome::Applied | Outcome::Duplicate => {}
            }
        }
        if lost.is_empty() {
            return Ok(());
        }
        let kept = self.herald.claims_lost(lost).ok_or(OutboxError::NotKept)?;
        kept.await.map_err(|_| OutboxError::NotKept)
    }

    async fn acked(&mut self, seq: u64, epoch: Uuid) -> Result<(), OutboxError> {
        Ok(self.journal.set_acked(seq, epoch).await?)
    }
}
