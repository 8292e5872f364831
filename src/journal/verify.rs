//! The auditor: the whole chain from its first event, the witness, and the local tables rebuilt and
//! compared row by row. Owns: `Report`. Never: a write, the lock; it reads one snapshot beside a
//! live station. Start at `verify`. Tests: journal/tests/audit.rs.

use std::collections::BTreeMap;
use std::path::Path;

use dockside_core::domain::event::{Envelope, Hash, leaf};
use dockside_core::domain::replay::State;
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};
use uuid::Uuid;

use crate::journal::chain::{Fault, Walk, Why};
use crate::journal::error::{Cause, JournalError};
use crate::journal::load::{BATCH, STREAM};
use crate::journal::open::{JOURNAL, WITNESS};
use crate::journal::store::{self, Rows, Table};
use crate::journal::witness::{self, Head, Testimony};

/// What an audit found; its JSON is a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub ok: bool,
    /// Events found, up to the first bad one.
    pub events: u64,
    pub stream: Option<Uuid>,
    pub first_bad: Option<FirstBad>,
}

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FirstBad {
    pub seq: u64,
    pub why: String,
}

impl From<Fault> for FirstBad {
    fn from(fault: Fault) -> FirstBad {
        FirstBad { seq: fault.seq, why: fault.why.to_string() }
    }
}

/// What stops an audit: something wrong in the journal, or a disk that does not let it be read.
enum Stop {
    Bad(FirstBad),
    Failed(JournalError),
}

impl From<JournalError> for Stop {
    fn from(problem: JournalError) -> Stop {
        Stop::Failed(problem)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Bad(fault.into())
    }
}

/// Rows of the local tables as the events make them: by table and key, the event that last changed
/// it and the hash of its JSON.
type Rebuilt = BTreeMap<(Table, String), (u64, Hash)>;

/// Checks the journal in `dir` from its first event.
///
/// # Errors
/// [`JournalError`] when it can't be read at all; whatever is wrong inside is in the report.
pub async fn verify(dir: &Path) -> Result<Report, JournalError> {
    let testimony = testimony(&dir.join(WITNESS))?;
    let mut conn = store::connect_reading(&dir.join(JOURNAL)).await?;
    let mut audit = Audit { walk: Walk::from_start(Uuid::nil()), rebuilt: Rebuilt::new() };
    let outcome = audit.whole(&mut conn, testimony).await;
    let first_bad = match outcome {
        Ok(()) => None,
        Err(Stop::Bad(bad)) => Some(bad),
        // SQLite itself finds the page torn: that is a finding, after the last event it gave.
        Err(Stop::Failed(JournalError::Corrupt(Cause::Unreadable(why)))) => {
            Some(FirstBad { seq: audit.walk.seq + 1, why })
        }
        Err(Stop::Failed(problem)) => return Err(problem),
    };
    let stream = Some(audit.walk.stream).filter(|stream| !stream.is_nil());
    Ok(Report { ok: first_bad.is_none(), events: audit.walk.seq, stream, first_bad })
}

/// Read before the journal is: what the witness has seen then is in every later snapshot. A live
/// station may be rewriting it, so that a torn one is read again.
fn testimony(path: &Path) -> Result<Testimony, JournalError> {
    const TRIES: u32 = 20;
    for _ in 1..TRIES {
        let testimony = witness::read(path)?;
        if testimony != Testimony::Torn {
            return Ok(testimony);
        }
    }
    Ok(witness::read(path)?)
}

struct Audit {
    walk: Walk,
    rebuilt: Rebuilt,
}

impl Audit {
    async fn whole(
        &mut self,
        conn: &mut SqliteConnection,
        testimony: Testimony,
    ) -> Result<(), Stop> {
        if !store::has_tables(conn).await? {
            // Killed before the first start had made them; a witness knows of tables that were.
            return self.witness(testimony);
        }
        self.begin(conn).await?;
        self.run(conn, testimony).await
    }

    async fn begin(&mut self, conn: &mut SqliteConnection) -> Result<(), Stop> {
        let unreadable =
            || Fault { seq: 1, why: Why::Row("the stream's id is not there".to_owned()) };
        match store::meta(conn, STREAM).await? {
            Some(bytes) => {
                self.walk.stream = Uuid::from_slice(&bytes).map_err(|_| unreadable())?;
                Ok(())
            }
            // Killed at its very first start: the next one gives it its stream.
            None if store::rows_after(conn, i64::MIN, 1).await?.is_empty() => Ok(()),
            None => Err(unreadable().into()),
        }
    }

    /// One read transaction, so that the tables are those of the last event seen.
    async fn run(&mut self, conn: &mut SqliteConnection, testimony: Testimony) -> Result<(), Stop> {
        let mut snapshot = conn.begin().await.map_err(JournalError::from)?;
        self.events(&mut snapshot, testimony).await?;
        self.witness(testimony)?;
        self.tables(&mut snapshot).await?;
        Ok(snapshot.rollback().await.map_err(JournalError::from)?)
    }

    async fn events(
        &mut self,
        conn: &mut SqliteConnection,
        testimony: Testimony,
    ) -> Result<(), Stop> {
        let mut state = State::default();
        let mut after = i64::MIN; // a row before the first event is as wrong as a missing one
        loop {
            let rows = store::rows_after(conn, after, BATCH).await?;
            for row in &rows {
                let event = store::stored(row, self.walk.seq + 1)?;
                let envelope = self.walk.step(&event)?;
                self.seen(testimony)?;
                self.fold(&mut state, &envelope)?;
            }
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.try_get("seq").map_err(JournalError::from)?;
        }
    }

    /// The event the witness names must be the one that is here.
    fn seen(&self, testimony: Testimony) -> Result<(), Stop> {
        match testimony {
            Testimony::Seen(Head { seq, hash })
                if seq == self.walk.seq && hash != self.walk.hash =>
            {
                let why = "it is not the event the witness has seen".to_owned();
                Err(Stop::Bad(FirstBad { seq, why }))
            }
            Testimony::Seen(_) | Testimony::Absent | Testimony::Torn => Ok(()),
        }
    }

    fn fold(&mut self, state: &mut State, envelope: &Envelope) -> Result<(), Stop> {
        let seq = envelope.seq;
        let changes =
            state.apply(envelope).map_err(|refused| Fault { seq, why: refused.into() })?;
        let mut rows = Rows::new();
        for change in &changes {
            store::note(&mut rows, change)?;
        }
        for (key, row) in rows {
            match row {
                Some(row) => self.rebuilt.insert(key, (seq, leaf(row.as_bytes()))),
                None => self.rebuilt.remove(&key),
            };
        }
        Ok(())
    }

    fn witness(&self, testimony: Testimony) -> Result<(), Stop> {
        let last = self.walk.seq;
        let (seq, why) = match testimony {
            Testimony::Seen(head) if head.seq <= last => return Ok(()),
            // It is written for the first time before the first event is.
            Testimony::Absent | Testimony::Torn if last == 0 => return Ok(()),
            Testimony::Seen(head) => {
                (last + 1, format!("it is not there, the witness has seen event {}", head.seq))
            }
            Testimony::Absent => (last, "the witness is not there".to_owned()),
            Testimony::Torn => (last, "the witness is damaged".to_owned()),
        };
        Err(Stop::Bad(FirstBad { seq, why }))
    }

    /// Every local row against the rebuilt one, both ways.
    async fn tables(&mut self, conn: &mut SqliteConnection) -> Result<(), Stop> {
        let last = self.walk.seq;
        for table in Table::ALL {
            let mut after = String::new();
            loop {
                let page = store::page(conn, table, &after, BATCH).await?;
                for (key, row) in &page {
                    let bad = |seq, what: &str| {
                        let why = format!("{} {key} {what}", table.name());
                        Err(Stop::Bad(FirstBad { seq, why }))
                    };
                    match self.rebuilt.remove(&(table, key.clone())) {
                        Some((_, hash)) if hash == leaf(row.as_bytes()) => {}
                        Some((seq, _)) => return bad(seq, "is not as the events make it"),
                        None => return bad(last, "comes from no event"),
                    }
                }
                let Some((key, _)) = page.last() else { break };
                after.clone_from(key);
            }
        }
        match self.rebuilt.first_key_value() {
            None => Ok(()),
            Some(((table, key), (seq, _))) => {
                let why = format!("{} {key} is missing from its table", table.name());
                Err(Stop::Bad(FirstBad { seq: *seq, why }))
            }
        }
    }
}
