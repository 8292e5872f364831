//! The task that brings what waits in the journal to central, and tries for ever.
//! Owns: the order hello, push, verdicts, acknowledgement; what the indicator shows. Never: the
//! journal itself (an `Outbox` stands for it), a wall clock.
//! Start at `run_sync`. Tests: tests/it/sync.rs.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use dockside_core::domain::event::{GENESIS, Hash};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::central::plan::{JournalMark, Plan, Stop, plan};
use crate::central::retry::{Chance, pause};
use crate::central::wire::{Batch, EVENTS_MAX, Verdict, Waiting};
use crate::central::{Central, CentralConfig, CentralError};

/// How often central is greeted when nothing waits: soon enough to notice within a minute that it
/// lost rows, seldom enough for a thousand stations.
pub const GREETING: Duration = Duration::from_secs(30);

/// The journal, as the sync task needs it.
pub trait Outbox: Send {
    type Error: std::error::Error + Send + Sync + 'static;

    /// Where the journal stands.
    fn mark(&mut self) -> impl Future<Output = Result<JournalMark, Self::Error>> + Send;

    /// The hash of event `seq`, at least 1; `None` when the journal holds no such event.
    fn hash_at(
        &mut self,
        seq: u64,
    ) -> impl Future<Output = Result<Option<Hash>, Self::Error>> + Send;

    /// The events after `after` in order, at most `limit`.
    fn pending(
        &mut self,
        after: u64,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Waiting>, Self::Error>> + Send;

    /// Keeps what central said of single events. Called before [`Outbox::acked`], and possibly a
    /// second time with the same: each must be kept once.
    fn verdicts(
        &mut self,
        verdicts: Vec<Verdict>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Keeps that central of that epoch holds the events up to `seq`, verdicts heard. `seq` may be
    /// lower than it was: central lost rows, and they wait again.
    fn acked(
        &mut self,
        seq: u64,
        epoch: Uuid,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// What the task needs to know.
#[derive(Clone, Debug)]
pub struct SyncConfig {
    pub central: CentralConfig,
    /// Spreads the pauses; another one on each station.
    pub seed: u64,
}

/// What the indicator shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncStatus {
    /// Events that have not reached central.
    pub waiting: u64,
    /// `at` of the oldest of them: milliseconds UTC.
    pub since_ms: Option<i64>,
    pub state: SyncState,
    /// Why the last try failed; empty again after one that did not.
    pub last_error: Option<String>,
}

impl Default for SyncStatus {
    /// Before the journal was asked.
    fn default() -> SyncStatus {
        SyncStatus { waiting: 0, since_ms: None, state: SyncState::Waiting, last_error: None }
    }
}

/// How central and the station stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncState {
    /// Central has everything and said so.
    InStep,
    /// There is something to send, or central has not answered yet.
    Waiting,
    /// Only a person can mend it. It is tried again all the same.
    Refused { why: String },
}

/// Why a round failed.
#[derive(Debug, thiserror::Error)]
pub enum SyncError<E: std::error::Error + 'static> {
    #[error(transparent)]
    Central(#[from] CentralError),
    #[error("the journal could not be asked")]
    Outbox(#[source] E),
    #[error(transparent)]
    Stopped(#[from] Stop),
}

impl<E: std::error::Error + 'static> SyncError<E> {
    /// Whether only a person can mend it.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            SyncError::Central(error) => error.is_permanent(),
            SyncError::Outbox(_) => false,
            SyncError::Stopped(_) => true,
        }
    }
}

/// Pushes for ever. `wake` gets a `notify_one` when events were appended; `status` gets each change.
/// Dropping the future at any point is safe: what was under way is sent again.
pub async fn run_sync<O: Outbox>(
    outbox: O,
    config: SyncConfig,
    wake: Arc<Notify>,
    status: watch::Sender<SyncStatus>,
) -> Infallible {
    let mut chance = Chance::new(config.seed);
    let mut task = Task { outbox, central: config.central, status };
    let mut connection = None;
    let mut n_failures: u32 = 0;
    loop {
        match task.round(connection.take()).await {
            Ok(kept) => {
                n_failures = 0;
                connection = Some(kept);
                // A greeting comes early when there is something to say.
                let _ = tokio::time::timeout(GREETING, wake.notified()).await;
            }
            Err(error) => {
                n_failures = n_failures.saturating_add(1);
                tracing::warn!(error = %chain_of(&error), n_failures, "central not reached");
                task.failed(&error).await;
                // What only a person can mend may be mended within a second, too.
                task.rest(pause(n_failures, chance.draw()), &wake).await;
            }
        }
    }
}

/// One round: pushes all that waits and says how it stands.
///
/// # Errors
/// Why not all of it arrived.
pub async fn sync_once<O: Outbox>(
    outbox: O,
    central: CentralConfig,
) -> Result<SyncStatus, SyncError<O::Error>> {
    let (status, heard) = watch::channel(SyncStatus::default());
    let mut task = Task { outbox, central, status };
    task.round(None).await?;
    Ok(heard.borrow().clone())
}

struct Task<O> {
    outbox: O,
    central: CentralConfig,
    status: watch::Sender<SyncStatus>,
}

impl<O: Outbox> Task<O> {
    /// Greets, then pushes until both sides are in step. Gives the connection back for the next
    /// round; an error leaves none.
    async fn round(&mut self, kept: Option<Central>) -> Result<Central, SyncError<O::Error>> {
        self.recount().await?;
        let mut central = match kept {
            Some(central) => central,
            None => Central::connect(&self.central).await?,
        };
        loop {
            let journal = self.outbox.mark().await.map_err(SyncError::Outbox)?;
            let (greeted, hello) = central.hello(journal.stream).await?;
            central = greeted;
            let at_mark = self.hash_at(hello.mark.last_seq).await?;
            let after = match plan(&journal, &hello.mark, at_mark) {
                Plan::InStep => {
                    if journal.epoch != Some(hello.mark.epoch) {
                        self.acked(journal.acked_seq, hello.mark.epoch).await?;
                    }
                    self.show(SyncState::InStep, None).await?;
                    return Ok(central);
                }
                Plan::Send { after, heals } => {
                    if heals {
                        tracing::warn!(after, acked = journal.acked_seq, "central lost events");
                        self.acked(after, hello.mark.epoch).await?;
                    }
                    after
                }
                Plan::Stop(stop) => return Err(stop.into()),
            };
            let until = journal.last_seq;
            central = self.push(central, journal.stream, hello.mark.epoch, after, until).await?;
        }
    }

    /// Pushes the events after `after` up to `until`.
    async fn push(
        &mut self,
        mut central: Central,
        stream: Uuid,
        epoch: Uuid,
        mut after: u64,
        until: u64,
    ) -> Result<Central, SyncError<O::Error>> {
        let mut previous = self.hash_at(after).await?.ok_or(Stop::NotKept { seq: after })?;
        while after < until {
            let waiting =
                self.outbox.pending(after, EVENTS_MAX).await.map_err(SyncError::Outbox)?;
            let batch = Batch::take(after, waiting).map_err(CentralError::from)?;
            let (kept, verdicts) = central.ingest(stream, &previous, &batch).await?;
            central = kept;
            let news: Vec<Verdict> =
                verdicts.into_iter().filter(|verdict| verdict.outcome.is_news()).collect();
            if !news.is_empty() {
                self.outbox.verdicts(news).await.map_err(SyncError::Outbox)?;
            }
            after = batch.last_seq();
            previous = *batch.last_hash();
            self.acked(after, epoch).await?;
            self.show(SyncState::Waiting, None).await?;
        }
        Ok(central)
    }

    async fn hash_at(&mut self, seq: u64) -> Result<Option<Hash>, SyncError<O::Error>> {
        if seq == 0 {
            return Ok(Some(GENESIS));
        }
        self.outbox.hash_at(seq).await.map_err(SyncError::Outbox)
    }

    async fn acked(&mut self, seq: u64, epoch: Uuid) -> Result<(), SyncError<O::Error>> {
        self.outbox.acked(seq, epoch).await.map_err(SyncError::Outbox)
    }

    async fn show(
        &mut self,
        state: SyncState,
        last_error: Option<String>,
    ) -> Result<(), SyncError<O::Error>> {
        let mark = self.outbox.mark().await.map_err(SyncError::Outbox)?;
        let waiting = mark.last_seq.saturating_sub(mark.acked_seq);
        let since_ms = mark.oldest_waiting_at.filter(|_| waiting > 0);
        let state = match state {
            SyncState::InStep if waiting > 0 => SyncState::Waiting,
            SyncState::InStep | SyncState::Waiting | SyncState::Refused { .. } => state,
        };
        let next = SyncStatus { waiting, since_ms, state, last_error };
        self.status.send_if_modified(|shown| {
            let changed = *shown != next;
            *shown = next;
            changed
        });
        Ok(())
    }

    /// Shows what waits at this moment; what was last heard of central stands, so that the
    /// indicator does not flicker while central is being asked.
    async fn recount(&mut self) -> Result<(), SyncError<O::Error>> {
        let shown = self.status.borrow().clone();
        self.show(shown.state, shown.last_error).await
    }

    async fn failed(&mut self, error: &SyncError<O::Error>) {
        let why = chain_of(error);
        let state = match error.is_permanent() {
            true => SyncState::Refused { why: why.clone() },
            false => SyncState::Waiting,
        };
        if let Err(silent) = self.show(state, Some(why)).await {
            tracing::warn!(error = %chain_of(&silent), "the journal does not say what waits");
        }
    }

    /// Waits, and keeps the count of what waits true meanwhile.
    async fn rest(&mut self, waits: Duration, wake: &Notify) {
        let over = tokio::time::sleep(waits);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => return,
                () = wake.notified() => {
                    if let Err(silent) = self.recount().await {
                        tracing::warn!(error = %chain_of(&silent), "the journal is silent");
                    }
                }
            }
        }
    }
}

/// An error with its causes, in one line.
fn chain_of(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    text
}
