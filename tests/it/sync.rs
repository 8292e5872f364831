//! The sync task against a real PostgreSQL: it delivers, heals, stops at a fork, and comes back.
#![cfg(test)]

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dockside::central::CentralConfig;
use dockside::central::plan::{JournalMark, Stop};
use dockside::central::sync::{
    Outbox, SyncConfig, SyncError, SyncState, SyncStatus, run_sync, sync_once,
};
use dockside::central::wire::{Outcome, Verdict, Waiting};
use dockside_core::domain::event::Hash;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::postgres::{Station, cluster};
use crate::stream::{START_MS, Stream, identified, lost_device};

/// A journal in memory; clones are the same journal.
#[derive(Clone)]
struct Journal(Arc<Mutex<Kept>>);

struct Kept {
    stream: Stream,
    acked_seq: u64,
    epoch: Option<Uuid>,
    verdicts: Vec<Verdict>,
}

impl Journal {
    fn of(stream: Stream) -> Journal {
        let kept = Kept { stream, acked_seq: 0, epoch: None, verdicts: Vec::new() };
        Journal(Arc::new(Mutex::new(kept)))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.0.lock().unwrap())
    }

    fn mark_now(&self) -> JournalMark {
        self.with(|kept| JournalMark {
            stream: kept.stream.uuid(),
            acked_seq: kept.acked_seq,
            last_seq: u64::try_from(kept.stream.events.len()).unwrap(),
            oldest_waiting_at: Some(START_MS + i64::try_from(kept.acked_seq).unwrap() + 1),
            epoch: kept.epoch,
        })
    }
}

impl Outbox for Journal {
    type Error = Infallible;

    async fn mark(&mut self) -> Result<JournalMark, Infallible> {
        Ok(self.mark_now())
    }

    async fn hash_at(&mut self, seq: u64) -> Result<Option<Hash>, Infallible> {
        let place = usize::try_from(seq).unwrap() - 1;
        Ok(self.with(|kept| kept.stream.events.get(place).map(|event| event.hash)))
    }

    async fn pending(&mut self, after: u64, limit: usize) -> Result<Vec<Waiting>, Infallible> {
        let skipped = usize::try_from(after).unwrap();
        Ok(self.with(|kept| kept.stream.events.iter().skip(skipped).take(limit).cloned().collect()))
    }

    async fn verdicts(&mut self, verdicts: Vec<Verdict>) -> Result<(), Infallible> {
        self.with(|kept| kept.verdicts.extend(verdicts));
        Ok(())
    }

    async fn acked(&mut self, seq: u64, epoch: Uuid) -> Result<(), Infallible> {
        self.with(|kept| (kept.acked_seq, kept.epoch) = (seq, Some(epoch)));
        Ok(())
    }
}

fn journal_of(station: &Station, n_units: u32) -> Journal {
    let mut stream = Stream::of(station);
    for n in 1..=n_units {
        stream.add(identified("W1", n));
    }
    Journal::of(stream)
}

async fn wait_for(
    status: &mut watch::Receiver<SyncStatus>,
    wanted: impl Fn(&SyncStatus) -> bool,
) -> SyncStatus {
    let patience = Duration::from_secs(60);
    let seen = tokio::time::timeout(patience, status.wait_for(|s| wanted(s)))
        .await
        .map(|seen| seen.expect("the task lives").clone());
    seen.unwrap_or_else(|_| panic!("not in time, but {:?}", status.borrow()))
}

#[tokio::test]
async fn what_waits_arrives_and_what_comes_later_too() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let journal = journal_of(&station, 1_200);
    let (sender, mut status) = watch::channel(SyncStatus::default());
    let wake = Arc::new(Notify::new());
    let config = SyncConfig { central: station.config.clone(), seed: 1 };
    let task = tokio::spawn(run_sync(journal.clone(), config, wake.clone(), sender));
    let shown = wait_for(&mut status, |s| s.state == SyncState::InStep).await;
    assert_eq!((shown.waiting, shown.since_ms, shown.last_error), (0, None, None));
    assert_eq!(db.count("select count(*) from dockside.event").await, 1_200);

    journal.with(|kept| kept.stream.add(lost_device()));
    wake.notify_one();
    wait_for(&mut status, |s| s.waiting == 1).await;
    wait_for(&mut status, |s| s.state == SyncState::InStep && s.waiting == 0).await;
    assert_eq!(db.count("select count(*) from dockside.event").await, 1_201);
    assert_eq!(journal.mark_now().acked_seq, 1_201);
    assert!(journal.mark_now().epoch.is_some());
    task.abort();
}

#[tokio::test]
async fn central_out_of_reach_is_waited_for_and_said_so() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let journal = journal_of(&station, 3);
    db.open(false).await;
    let (sender, mut status) = watch::channel(SyncStatus::default());
    let wake = Arc::new(Notify::new());
    let config = SyncConfig { central: station.config.clone(), seed: 1 };
    let task = tokio::spawn(run_sync(journal.clone(), config, wake.clone(), sender));
    let shown = wait_for(&mut status, |s| s.last_error.is_some()).await;
    assert_eq!((shown.waiting, shown.since_ms), (3, Some(START_MS + 1)));
    assert_eq!(shown.state, SyncState::Waiting);
    // What is scanned meanwhile is counted at once.
    journal.with(|kept| kept.stream.add(lost_device()));
    wake.notify_one();
    wait_for(&mut status, |s| s.waiting == 4).await;
    db.open(true).await;
    wait_for(&mut status, |s| s.state == SyncState::InStep).await;
    assert_eq!(db.count("select count(*) from dockside.event").await, 4);
    task.abort();
}

#[tokio::test]
async fn an_answer_lost_on_the_way_does_not_lose_the_lost_claim() {
    let db = cluster().fresh_database().await;
    let (first, second) = (db.station("lille", 7).await, db.station("lyon", 3).await);
    sync_once(journal_of(&first, 1), first.config.clone()).await.unwrap();
    let journal = journal_of(&second, 2);
    sync_once(journal.clone(), second.config.clone()).await.unwrap();
    // As if it had crashed before it heard: central has the events, the journal no verdict.
    journal.with(|kept| {
        kept.acked_seq = 0;
        kept.verdicts.clear();
    });
    let shown = sync_once(journal.clone(), second.config.clone()).await.unwrap();
    assert_eq!(shown.state, SyncState::InStep);
    let verdicts = journal.with(|kept| kept.verdicts.clone());
    let [Verdict { seq: 1, outcome: Outcome::ClaimLost(winner) }] = verdicts.as_slice() else {
        panic!("{verdicts:?}");
    };
    assert_eq!(winner.site, first.site);
}

#[tokio::test]
async fn a_central_that_lost_rows_gets_them_again() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let journal = journal_of(&station, 5);
    sync_once(journal.clone(), station.config.clone()).await.unwrap();
    db.sql("truncate dockside.event, dockside.claim, dockside.stream_mark").await;
    sync_once(journal.clone(), station.config.clone()).await.unwrap();
    assert_eq!(db.count("select count(*) from dockside.event").await, 5);
    assert_eq!(db.count("select count(*) from dockside.claim").await, 5);
    assert_eq!(journal.mark_now().acked_seq, 5);
}

#[tokio::test]
async fn an_older_copy_of_a_journal_stops_and_says_why() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let journal = journal_of(&station, 5);
    let copy = journal_of(&station, 0);
    let before = journal.with(|kept| kept.stream.clone());
    copy.with(|kept| {
        kept.stream = before;
        kept.stream.events.truncate(3);
    });
    sync_once(journal, station.config.clone()).await.unwrap();
    let stopped = sync_once(copy.clone(), station.config.clone()).await.unwrap_err();
    assert!(matches!(stopped, SyncError::Stopped(Stop::CentralAhead { journal: 3, central: 5 })));
    copy.with(|kept| {
        for n in 1..=4 {
            kept.stream.add(identified("W9", n));
        }
    });
    let stopped = sync_once(copy, station.config.clone()).await.unwrap_err();
    assert!(matches!(stopped, SyncError::Stopped(Stop::OtherHistory { seq: 5 })));
    assert_eq!(db.count("select count(*) from dockside.event").await, 5);
}

#[tokio::test]
async fn a_refusal_is_shown_as_one() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let central = CentralConfig { password_file: None, ..station.config.clone() };
    let (sender, mut status) = watch::channel(SyncStatus::default());
    let config = SyncConfig { central, seed: 1 };
    let task =
        tokio::spawn(run_sync(journal_of(&station, 1), config, Arc::new(Notify::new()), sender));
    let shown = wait_for(&mut status, |s| matches!(s.state, SyncState::Refused { .. })).await;
    assert_eq!(shown.waiting, 1);
    task.abort();
}
