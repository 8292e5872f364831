//! Rebuilds the state from the disk: the newest readable anchor, then the events after it, each
//! checked against the chain. Owns: what counts as damage. Never: what is done about it (`open`).
//! Start at `load`. Tests: journal/tests.rs, journal/tests/damage.rs.

use dockside_core::domain::ids::SERIAL_MAX;
use dockside_core::domain::replay::{Counters, State};
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use crate::journal::chain::{Fault, Walk, Why};
use crate::journal::error::{Cause, JournalError};
use crate::journal::store;
use crate::journal::witness::{Head, Testimony};

/// Events read in one statement: some 250 KB of bodies.
pub(super) const BATCH: u32 = 500;

/// Keys of `meta`.
pub(super) const STREAM: &str = "stream";
pub(super) const NUMBERS: &str = "numbers_from";

/// What the disk says.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) state: State,
    pub(super) tip: Head,
    /// Seq of the anchor the state was folded from, 0 for none.
    pub(super) anchored: u64,
}

/// Folds what is on the disk.
pub(super) async fn load(
    conn: &mut SqliteConnection,
    stream: Uuid,
) -> Result<Loaded, JournalError> {
    let mut state = starting_state(conn).await?;
    let anchored = state.seq;
    let hash = store::hash_at(conn, anchored).await?;
    let hash = hash.ok_or(Fault { seq: anchored, why: Why::Hash })?;
    let mut walk = Walk { stream, seq: anchored, hash };
    loop {
        let rows = store::rows_after(conn, store::signed(walk.seq), BATCH).await?;
        for row in &rows {
            let envelope = walk.step(&store::stored(row, walk.seq + 1)?)?;
            state
                .apply(&envelope)
                .map_err(|refused| Fault { seq: walk.seq, why: refused.into() })?;
        }
        if rows.is_empty() {
            return Ok(Loaded { state, tip: Head { seq: walk.seq, hash: walk.hash }, anchored });
        }
    }
}

/// The newest anchor that reads and whose event is there, else the state before the first event.
async fn starting_state(conn: &mut SqliteConnection) -> Result<State, JournalError> {
    let tip = store::tip(conn).await?;
    for body in store::anchors(conn).await? {
        match serde_json::from_str::<State>(&body) {
            Ok(state) if state.seq <= tip.seq => return Ok(state),
            Ok(_) | Err(_) => tracing::warn!("an anchor can't be used, folding from further back"),
        }
    }
    let numbers = store::meta(conn, NUMBERS).await?;
    let counters = numbers.map(|json| serde_json::from_slice(&json)).transpose();
    let counters = counters.map_err(|error| Cause::Unreadable(error.to_string()))?;
    Ok(State { counters: counters.unwrap_or_default(), ..State::default() })
}

/// Holds the journal's end against the witness. A witness that is behind is the trace of a crash
/// between commit and witness; one that is ahead, of lost events.
pub(super) async fn compare(
    conn: &mut SqliteConnection,
    tip: Head,
    testimony: Testimony,
) -> Result<(), JournalError> {
    let head = match testimony {
        Testimony::Seen(head) => head,
        Testimony::Absent | Testimony::Torn => {
            if tip.seq > 0 {
                tracing::warn!(seq = tip.seq, "the witness can't be read: it starts again here");
            }
            return Ok(());
        }
    };
    if head.seq > tip.seq {
        return Err(Cause::CutShort { journal: tip.seq, witness: head.seq }.into());
    }
    if store::hash_at(conn, head.seq).await? != Some(head.hash) {
        return Err(Cause::Rewritten { seq: head.seq }.into());
    }
    Ok(())
}

/// What can still be said of a damaged journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Remains {
    pub(super) last_seq: u64,
    pub(super) acked_seq: u64,
    pub(super) numbers: Counters,
}

/// Reads what can be read; nothing here fails, an unreadable figure is 0.
pub(super) async fn remains(conn: &mut SqliteConnection, testimony: Testimony) -> Remains {
    let last_seq = store::tip(conn).await.map_or(0, |tip| tip.seq);
    let acked =
        sqlx::query_scalar("select acked_seq from push where one = 1").fetch_one(&mut *conn);
    let acked_seq = acked.await.map_or(0, store::unsigned);
    let start = starting_state(conn).await.unwrap_or_default();
    let reached = match testimony {
        Testimony::Seen(head) => head.seq.max(last_seq),
        Testimony::Absent | Testimony::Torn => last_seq,
    };
    let numbers = numbers_after(start.counters, reached.saturating_sub(start.seq));
    Remains { last_seq, acked_seq, numbers }
}

/// The highest numbers that can have been given when `events` followed `known`: an event gives at
/// most one number of each kind.
pub(super) fn numbers_after(known: Counters, events: u64) -> Counters {
    let events = u32::try_from(events).unwrap_or(u32::MAX);
    let after = |number: u32| number.saturating_add(events).min(SERIAL_MAX);
    Counters {
        parcel: after(known.parcel),
        lpn: after(known.lpn),
        case: after(known.case),
        filling: after(known.filling),
    }
}
