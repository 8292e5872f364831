//! The way of central's verdicts through the loop: the sync task hands lost claims in and waits
//! until the session has them on record; and the way of its status to the screen.

use std::collections::VecDeque;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use dockside_core::session::input::{self, ClaimLost, Input};
use tokio::sync::{oneshot, watch};

use crate::central::sync::{SyncState, SyncStatus};
use crate::runtime::outbox::Herald;
use crate::runtime::station::Wake;

/// Who waits for verdicts to be on record, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    waiting: Arc<Mutex<VecDeque<oneshot::Sender<()>>>>,
}

impl Verdicts {
    /// What the sync task holds.
    #[must_use]
    pub fn herald(&self, wakes: Sender<Wake>) -> LoopHerald {
        LoopHerald { verdicts: self.clone(), wakes }
    }

    /// The oldest that waited is on record.
    pub fn kept(&self) {
        let oldest = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        if let Some(waiting) = oldest {
            // The sync task may have given up waiting; it hears it again then.
            let _ = waiting.send(());
        }
    }

    /// Nothing of it is stored; the sync task tries again.
    pub fn lost(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Hands lost claims to the loop.
#[derive(Debug)]
pub struct LoopHerald {
    verdicts: Verdicts,
    wakes: Sender<Wake>,
}

impl Herald for LoopHerald {
    fn claims_lost(&mut self, lost: Vec<ClaimLost>) -> Option<oneshot::Receiver<()>> {
        let (kept, hears) = oneshot::channel();
        let waiting = &self.verdicts.waiting;
        waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(kept);
        self.wakes.send(Wake::Input(Input::ClaimsLost(lost))).ok()?;
        Some(hears)
    }
}

/// Tells the loop what the indicator shows, as it changes.
pub async fn tell(mut heard: watch::Receiver<SyncStatus>, wakes: Sender<Wake>) {
    loop {
        let status = in_words(&heard.borrow_and_update());
        if wakes.send(Wake::Input(Input::Sync(status))).is_err() || heard.changed().await.is_err() {
            return;
        }
    }
}

fn in_words(status: &SyncStatus) -> input::SyncStatus {
    match &status.state {
        SyncState::InStep => input::SyncStatus::InStep,
        SyncState::Waiting => input::SyncStatus::Waiting {
            events: status.waiting,
            since_at: status.since_ms.unwrap_or_default(),
        },
        SyncState::Refused { why } => {
            input::SyncStatus::Refused { events: status.waiting, why: why.clone() }
        }
    }
}
