//! The journal: what happened at this station, durable before it is shown, chained by hash.
//! Owns: journal.db (SQLite), its witness, the erasable private.db, the lock and the ballast of the
//! data directory, and the local tables that are projections of the events. Never: a decision about
//! goods, a screen, the order book, PostgreSQL, a clock.
//!
//! One actor owns the connection that writes and the state the events fold to; a handle asks it by
//! message and waits. A caller that stops waiting stops nothing: no database future is dropped
//! half-way.
//! Start at `Journal::open` and `Journal::append`. Tests: journal/tests.rs.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use dockside_core::domain::event::{Draft, Envelope, Hash};
use dockside_core::domain::facts::{Claim, Received};
use dockside_core::domain::ids::{ClientId, OrderNo, SiteId, Tracking};
use dockside_core::domain::replay::State;
use tokio::sync::{Mutex, mpsc, oneshot};
use uuid::Uuid;

pub mod ballast;
pub mod chain;
pub mod error;
mod load;
mod lock;
pub mod lookup;
pub mod open;
mod private;
mod store;
#[cfg(test)]
mod tests;
pub mod verify;
mod witness;
pub mod writer;

use ballast::Ballast;
use chain::Stored;
use error::JournalError;
use lookup::{Acked, Reader, Waiting};
use open::{Damage, Opening, Started};
use writer::Writer;

/// Requests that wait for the writer. A session asks for one append at a time, the sync for one
/// mark; more waiting means that someone does not wait for his answers.
const QUEUE_MAX: usize = 64;

/// A journal just opened.
#[derive(Debug)]
pub struct Opened {
    pub journal: Journal,
    /// The fold of all its events.
    pub state: State,
    /// A damaged journal was found and set aside; this one is a new stream.
    pub damage: Option<Damage>,
    /// The private texts were damaged and are kept under this name: their references lead nowhere.
    pub private_kept: Option<PathBuf>,
}

/// The handle: clone it freely. The actor ends, and the lock goes, with [`Journal::close`] or with
/// the last handle.
#[derive(Clone, Debug)]
pub struct Journal {
    writer: mpsc::Sender<Request>,
    reader: Arc<Mutex<Option<Reader>>>,
    site: SiteId,
    stream: Uuid,
    ballast: Ballast,
}

type Answer<T> = oneshot::Sender<Result<T, JournalError>>;

#[derive(Debug)]
enum Request {
    Append { at_ms: i64, drafts: Vec<Draft>, answer: Answer<Vec<Envelope>> },
    SetAcked { seq: u64, epoch: Uuid, answer: Answer<()> },
    ReadText { id: Uuid, answer: Answer<Option<String>> },
    EraseText { id: Uuid, answer: Answer<bool> },
    Close { answer: Answer<()> },
}

/// Answers requests one by one, each wholly before the next.
async fn act(mut writer: Writer, mut requests: mpsc::Receiver<Request>) {
    // An answer nobody waits for any more is no failure: hence `drop`.
    while let Some(request) = requests.recv().await {
        match request {
            Request::Append { at_ms, drafts, answer } => {
                drop(answer.send(writer.append(at_ms, drafts).await));
                writer.anchor().await;
            }
            Request::SetAcked { seq, epoch, answer } => {
                drop(answer.send(writer.set_acked(seq, epoch).await));
            }
            Request::ReadText { id, answer } => drop(answer.send(writer.private.read(id).await)),
            Request::EraseText { id, answer } => drop(answer.send(writer.private.erase(id).await)),
            Request::Close { answer } => {
                drop(answer.send(writer.close().await));
                return;
            }
        }
    }
    if let Err(problem) = writer.close().await {
        tracing::warn!(%problem, "the journal did not close cleanly");
    }
}

/// One look-up on the reading connection, finished even if its caller stops waiting.
macro_rules! read {
    ($journal:expr, $look_up:ident($($argument:expr),*)) => {{
        let reader = Arc::clone(&$journal.reader);
        finish(async move {
            let mut reader = reader.lock().await;
            reader.as_mut().ok_or(JournalError::Closed)?.$look_up($($argument),*).await
        })
        .await
    }};
}

async fn finish<T: Send + 'static>(
    work: impl Future<Output = Result<T, JournalError>> + Send + 'static,
) -> Result<T, JournalError> {
    tokio::spawn(work).await.map_err(|_| JournalError::Closed)?
}

impl Journal {
    /// Opens the journal of a data directory, made if it is not there, and takes its lock. Needs a
    /// tokio runtime around it, on which the actor then lives.
    ///
    /// # Errors
    /// [`JournalError::Locked`] when another program has the directory; never for a damaged
    /// journal, which is set aside and told of in [`Opened::damage`].
    pub async fn open(opening: Opening) -> Result<Opened, JournalError> {
        let Started { writer, damage, private_kept } = open::start(&opening).await?;
        let reader = Reader::open(&opening.dir).await?;
        let (requests, inbox) = mpsc::channel(QUEUE_MAX);
        let journal = Journal {
            writer: requests,
            reader: Arc::new(Mutex::new(Some(reader))),
            site: writer.identity.site.clone(),
            stream: writer.stream,
            ballast: writer.ballast.clone(),
        };
        let state = writer.state.clone();
        tokio::spawn(act(writer, inbox));
        Ok(Opened { journal, state, damage, private_kept })
    }

    /// The stream's id.
    #[must_use]
    pub fn stream(&self) -> Uuid {
        self.stream
    }

    /// The room set aside: whether it is there, and [`Ballast::refill`] once the disk has room.
    #[must_use]
    pub fn ballast(&self) -> &Ballast {
        &self.ballast
    }

    /// Records the drafts as events, all or none, and answers once they are durable. All get one
    /// time: `at_ms`, or a millisecond after the event before them where that is later.
    ///
    /// # Errors
    /// Nothing is stored then, and the state is as before. [`JournalError::is_permanent`] tells
    /// whether the same drafts may be tried again.
    pub async fn append(
        &self,
        at_ms: i64,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Envelope>, JournalError> {
        self.ask(|answer| Request::Append { at_ms, drafts, answer }).await
    }

    /// Notes central's mark. It may go back: central was restored, and the rest is sent again.
    ///
    /// # Errors
    /// [`JournalError::AckAhead`] for an event that is not here.
    pub async fn set_acked(&self, seq: u64, epoch: Uuid) -> Result<(), JournalError> {
        self.ask(|answer| Request::SetAcked { seq, epoch, answer }).await
    }

    /// The personal text behind a reference; `None` once it is erased.
    ///
    /// # Errors
    /// The store's.
    pub async fn private_text(&self, id: Uuid) -> Result<Option<String>, JournalError> {
        self.ask(|answer| Request::ReadText { id, answer }).await
    }

    /// Erases a personal text with its salt; `false` when there was none.
    ///
    /// # Errors
    /// The store's.
    pub async fn erase_private_text(&self, id: Uuid) -> Result<bool, JournalError> {
        self.ask(|answer| Request::EraseText { id, answer }).await
    }

    /// Units of this station that claim a sold unit of these orders.
    ///
    /// # Errors
    /// The store's.
    pub async fn claims(&self, orders: &[(ClientId, OrderNo)]) -> Result<Vec<Claim>, JournalError> {
        let orders = orders.to_vec();
        read!(self, claims(&orders))
    }

    /// Parcels this station has had with that label, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn received(&self, label: &str) -> Result<Vec<Received>, JournalError> {
        let (site, label) = (self.site.clone(), label.to_owned());
        read!(self, received(&site, &label))
    }

    /// Those of the parcel numbers under which a closed parcel stands here.
    ///
    /// # Errors
    /// The store's.
    pub async fn closed_trackings(
        &self,
        trackings: &[Tracking],
    ) -> Result<Vec<Tracking>, JournalError> {
        let trackings = trackings.to_vec();
        read!(self, closed_trackings(&trackings))
    }

    /// At most `limit` events after `after_seq`, in order and without a gap.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] rather than a list that skips one.
    pub async fn pending(&self, after_seq: u64, limit: u32) -> Result<Vec<Stored>, JournalError> {
        read!(self, events(after_seq, limit))
    }

    /// What central has not acknowledged yet.
    ///
    /// # Errors
    /// The store's.
    pub async fn waiting(&self) -> Result<Waiting, JournalError> {
        read!(self, waiting())
    }

    /// Central's last acknowledgement.
    ///
    /// # Errors
    /// The store's.
    pub async fn acked(&self) -> Result<Acked, JournalError> {
        read!(self, acked())
    }

    /// The hash of one event, `None` when it is not here; that of event 0 is what a stream starts
    /// from.
    ///
    /// # Errors
    /// The store's.
    pub async fn hash_at(&self, seq: u64) -> Result<Option<Hash>, JournalError> {
        read!(self, hash_at(seq))
    }

    /// Ends the actor once all earlier requests are answered, and gives the lock back.
    ///
    /// # Errors
    /// What closing the files says; every event answered is durable all the same.
    pub async fn close(self) -> Result<(), JournalError> {
        if let Some(reader) = self.reader.lock().await.take() {
            reader.close().await?;
        }
        self.ask(|answer| Request::Close { answer }).await
    }

    async fn ask<T>(&self, request: impl FnOnce(Answer<T>) -> Request) -> Result<T, JournalError> {
        let (answer, answered) = oneshot::channel();
        self.writer.send(request(answer)).await.map_err(|_| JournalError::Closed)?;
        answered.await.map_err(|_| JournalError::Closed)?
    }
}
