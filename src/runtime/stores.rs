//! Performs the effects that touch the disk: look-ups and appends, for the station, the replay and
//! the measurements alike.
//! Start at `Stores::answer`. Tests: tests/it/replay.rs.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::{Mutex, Notify};

use dockside_core::domain::event::{Draft, Event};
use dockside_core::domain::facts::Found;
use dockside_core::domain::ids::{ClientId, OrderNo, Tracking};
use dockside_core::domain::order::Rma;
use dockside_core::domain::replay::State;
use dockside_core::session::effect::{Ask, Effect};
use dockside_core::session::input::{DiskState, Input, StoreFailure, Ticket};

use crate::journal::Journal;
use crate::journal::error::JournalError;
use crate::journal::open::Opening;
use crate::orderbook::{Access, OrderBook, OrderBookError};

/// The two stores of a station.
pub struct Stores {
    pub journal: Journal,
    book: Mutex<OrderBook>,
    fresh: Arc<Notify>,
}

/// Why a look-up has no answer.
#[derive(Debug, thiserror::Error)]
enum LookUpError {
    #[error(transparent)]
    Book(#[from] OrderBookError),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Why the stores can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoresError {
    #[error("the journal can't be opened")]
    Journal(#[from] JournalError),
    #[error("the order book can't be opened")]
    Book(#[from] OrderBookError),
}

impl Stores {
    /// Opens both, and says how the station stands. The order book is that of `book_dir`.
    ///
    /// # Errors
    /// [`StoresError`], with the holder where another program has the journal.
    pub async fn open(opening: Opening, book_dir: &Path) -> Result<(Stores, State), StoresError> {
        let opened = Journal::open(opening).await?;
        if let Some(damage) = &opened.damage {
            tracing::error!(?damage, "the journal was damaged and set aside; a new stream begins");
        }
        let book = OrderBook::open(book_dir, Access::ReadOnly).await?;
        let stores =
            Stores { journal: opened.journal, book: Mutex::new(book), fresh: Arc::default() };
        Ok((stores, opened.state))
    }

    /// Rings when there is something new to push.
    #[must_use]
    pub fn fresh(&self) -> Arc<Notify> {
        Arc::clone(&self.fresh)
    }

    /// Performs an effect and gives the inputs that answer it; none for effects that are not the
    /// stores'. `at` is in milliseconds UTC.
    pub async fn answer(&self, at: i64, effect: Effect) -> Vec<Input> {
        match effect {
            Effect::LookUp { ticket, ask } => vec![match self.look_up(&ask).await {
                Ok(found) => Input::Found { ticket, found: Box::new(found) },
                Err(error) => {
                    tracing::error!(%error, "a look-up failed");
                    Input::NotFound { ticket, why: error.to_string() }
                }
            }],
            Effect::Append { ticket, drafts } => self.append(at, ticket, drafts).await,
            Effect::Sound(_) | Effect::VerdictsKept | Effect::Quit => Vec::new(),
        }
    }

    /// On a full disk the reserve is freed once: what belongs to the open parcel is then stored,
    /// a new parcel is not begun.
    async fn append(&self, at: i64, ticket: Ticket, drafts: Vec<Draft>) -> Vec<Input> {
        let begins = drafts.iter().any(|draft| matches!(draft.event, Event::ParcelArrived(_)));
        let mut inputs = Vec::new();
        let mut stored = self.journal.append(at, drafts.clone()).await;
        if let Err(JournalError::DiskFull { ballast_freed }) = &stored {
            let again = *ballast_freed && !begins;
            inputs.push(Input::Disk(DiskState::Full));
            if again {
                stored = self.journal.append(at, drafts).await;
            }
        }
        inputs.push(match stored {
            Ok(envelopes) => {
                self.fresh.notify_one();
                Input::Durable { ticket, envelopes }
            }
            Err(error) => {
                tracing::error!(%error, "events were not stored");
                Input::NotStored { ticket, failure: failure(&error) }
            }
        });
        inputs
    }

    async fn look_up(&self, ask: &Ask) -> Result<Found, LookUpError> {
        let readings = ask.scan.as_ref().map_or(&[][..], |scan| &scan.readings);
        let mut found = self.book.lock().await.find(readings, ask.current.as_ref()).await?;
        let orders = orders_of(&found);
        found.claims = self.journal.claims(&orders).await?;
        let mut labels: Vec<&str> = found.orders.iter().map(|hit| hit.code.as_str()).collect();
        labels.extend(ask.scan.as_ref().map(|scan| scan.text.as_str()));
        labels.dedup();
        let mut received = Vec::new();
        // With an order on the bench the scan is a piece of it; parcels of that label don't matter.
        let is_label = ask.current.is_none();
        for label in labels.into_iter().filter(|label| is_label && !label.is_empty()) {
            received.extend(self.journal.received(label).await?);
        }
        found.received = received;
        let trackings = trackings_of(&found);
        if !trackings.is_empty() {
            found.closed_trackings = self.journal.closed_trackings(&trackings).await?;
        }
        Ok(found)
    }

    /// Closes both in order.
    pub async fn close(self) {
        if let Err(error) = self.book.into_inner().close().await {
            tracing::warn!(%error, "the order book was not closed in order");
        }
        if let Err(error) = self.journal.close().await {
            tracing::warn!(%error, "the journal was not closed in order");
        }
    }
}

fn orders_of(found: &Found) -> Vec<(ClientId, OrderNo)> {
    let hits = found.orders.iter().map(|hit| &hit.order);
    let current = found.current.iter().map(|(order, _)| order);
    let mut orders: Vec<_> =
        hits.chain(current).map(|order| (order.client.clone(), order.order_no.clone())).collect();
    orders.sort();
    orders.dedup();
    orders
}

fn trackings_of(found: &Found) -> Vec<Tracking> {
    let of_hits = found.orders.iter().filter_map(|hit| hit.rma.as_ref());
    let of_current = found.current.iter().filter_map(|(_, rma)| rma.as_ref());
    // A return of one parcel has no other that could be closed.
    let of_several = of_hits.chain(of_current).filter(|rma: &&Rma| rma.trackings.len() > 1);
    of_several.flat_map(|rma| rma.trackings.iter().cloned()).collect()
}

fn failure(error: &JournalError) -> StoreFailure {
    match error {
        JournalError::DiskFull { .. } => StoreFailure::DiskFull,
        JournalError::Busy(_) | JournalError::Locked { .. } => StoreFailure::Locked,
        JournalError::Refused { source, .. } => StoreFailure::Refused(source.to_string()),
        JournalError::Io(_)
        | JournalError::Database(_)
        | JournalError::Corrupt(_)
        | JournalError::Envelope(_)
        | JournalError::TooMany { .. }
        | JournalError::AckAhead { .. }
        | JournalError::Schema(_)
        | JournalError::Setting { .. }
        | JournalError::State(_)
        | JournalError::Closed => StoreFailure::Io(error.to_string()),
    }
}
