//! `dockside sync`: what has not reached central yet, since when and why; push at once.

use std::io::Write;

use anyhow::Context;
use clap::Subcommand;
use dockside_core::session::effect::Effect;
use dockside_core::session::input::{ClaimLost, Input};
use dockside_core::session::model::Model;
use dockside_core::session::update;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

use crate::central::sync::{SyncError, SyncState, sync_once};
use crate::cli::{DONE, FOUND, Global, WrongUsage};
use crate::journal::lookup::Reader;
use crate::runtime::clock::now_ms;
use crate::runtime::outbox::{Herald, JournalOutbox};
use crate::runtime::setup;
use crate::runtime::stores::Stores;

#[derive(Debug, Subcommand)]
pub enum SyncVerb {
    /// What is waiting, and since when
    Status,
    /// Pushes everything that waits, at once
    Now,
}

/// # Errors
/// The configuration, the journal, or a central that can't be reached.
pub fn run(global: &Global, verb: &SyncVerb, out: &mut impl Write) -> anyhow::Result<u8> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match verb {
        SyncVerb::Status => tokio.block_on(status(global, out)),
        SyncVerb::Now => tokio.block_on(now(global, out)),
    }
}

/// Reads beside a live station.
async fn status(global: &Global, out: &mut impl Write) -> anyhow::Result<u8> {
    let config = global.load()?;
    let dir = global.data_dir()?;
    if !dir.join("journal.db").exists() {
        return Err(WrongUsage(format!("no journal in {}", dir.display())).into());
    }
    let mut reader = Reader::open(&dir).await?;
    let (waiting, acked) = (reader.waiting().await?, reader.acked().await?);
    reader.close().await?;
    let central = config.station.central.map(|central| central.url);
    if global.wants_json() {
        let status = json!({
            "central": central,
            "acked": acked.seq,
            "waiting": waiting.count,
            "since": waiting.oldest_at,
        });
        writeln!(out, "{status}")?;
        return Ok(DONE);
    }
    match (&central, waiting.count) {
        (None, count) => writeln!(out, "No central is configured; {count} events stand here.")?,
        (Some(url), 0) => writeln!(out, "All {} events are at {url}.", acked.seq)?,
        (Some(url), count) => {
            let since = waiting.oldest_at.and_then(chrono::DateTime::from_timestamp_millis);
            let since = since.map(|at| at.format(" since %Y-%m-%d %H:%M:%S UTC").to_string());
            let since = since.unwrap_or_default();
            writeln!(out, "{count} events wait for {url}{since}; {} are there.", acked.seq)?;
        }
    }
    Ok(DONE)
}

async fn now(global: &Global, out: &mut impl Write) -> anyhow::Result<u8> {
    let config = global.load()?;
    let dir = global.data_dir()?;
    let missing = "no [central] section in station.toml: this station runs alone";
    let central = setup::central(&config).ok_or_else(|| WrongUsage(missing.to_owned()))?;
    let (stores, state) = Stores::open(setup::opening(&config, &dir), &dir).await?;
    let model = Model::new(Arc::new(setup::session(&config)), state, now_ms());
    let (hands, handed) = mpsc::unbounded_channel();
    let outbox = JournalOutbox { journal: stores.journal.clone(), herald: Desk { hands } };
    let keeper = keep(&stores, model, handed);
    let (pushed, ()) = tokio::join!(sync_once(outbox, central), keeper);
    let waiting = stores.journal.waiting().await?;
    stores.close().await;
    match pushed {
        Ok(status) => {
            let refused = match &status.state {
                SyncState::Refused { why } => Some(why.clone()),
                SyncState::InStep | SyncState::Waiting => None,
            };
            writeln!(out, "{}", json!({"waiting": waiting.count, "refused": refused}))?;
            Ok(if waiting.count == 0 && refused.is_none() { DONE } else { FOUND })
        }
        Err(problem @ SyncError::Stopped(_)) => {
            writeln!(out, "{}", json!({"waiting": waiting.count, "refused": problem.to_string()}))?;
            Ok(FOUND)
        }
        Err(problem @ (SyncError::Central(_) | SyncError::Outbox(_))) => {
            Err(problem).context(format!("{} events wait here", waiting.count))
        }
    }
}

/// Lost claims on their way to the session.
struct Desk {
    hands: mpsc::UnboundedSender<(Vec<ClaimLost>, oneshot::Sender<()>)>,
}

impl Herald for Desk {
    fn claims_lost(&mut self, lost: Vec<ClaimLost>) -> Option<oneshot::Receiver<()>> {
        let (kept, hears) = oneshot::channel();
        self.hands.send((lost, kept)).ok()?;
        Some(hears)
    }
}

/// Puts lost claims on record through the session, as the running station does.
async fn keep(
    stores: &Stores,
    mut model: Model,
    mut handed: mpsc::UnboundedReceiver<(Vec<ClaimLost>, oneshot::Sender<()>)>,
) {
    while let Some((lost, kept)) = handed.recv().await {
        let mut kept = Some(kept);
        let mut effects = update(&mut model, now_ms(), Input::ClaimsLost(lost));
        while let Some(effect) = effects.pop() {
            if effect == Effect::VerdictsKept {
                // The push goes on; it may have been given up meanwhile.
                let _ = kept.take().map(|kept| kept.send(()));
                continue;
            }
            for input in stores.answer(now_ms(), effect).await {
                effects.extend(update(&mut model, now_ms(), input));
            }
        }
    }
}
