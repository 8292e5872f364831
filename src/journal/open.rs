//! Opens a station's journal: lock, tables, state, witness; sets a damaged one aside and starts a
//! stream of its own beside it. Owns: the names of the files. Never: a salvage that nobody sees;
//! what was found is told, and the damaged files are kept as they are.
//! Start at `start`. Tests: journal/tests/damage.rs.

use std::io;
use std::path::{Path, PathBuf};

use dockside_core::domain::event::{Draft, Envelope, StreamOpened};
use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use crate::journal::ballast::Ballast;
use crate::journal::error::{Cause, JournalError};
use crate::journal::load::{self, Loaded, Remains};
use crate::journal::lock::Lock;
use crate::journal::private::Private;
use crate::journal::store;
use crate::journal::witness::{self, Head, Testimony, Witness};
use crate::journal::writer::{Identity, Writer};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/station");

/// Files of the data directory.
pub(super) const JOURNAL: &str = "journal.db";
pub(super) const WITNESS: &str = "journal.head";
const PRIVATE: &str = "private.db";
const LOCK: &str = "lock";
const BALLAST: &str = "ballast";

/// Damaged journals of the same millisecond that are told apart by a count; more is a mistake.
const ASIDE_MAX: u32 = 100;

/// What a station needs to open its journal.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Made if it is not there.
    pub dir: PathBuf,
    pub identity: Identity,
    /// The wall clock, milliseconds UTC.
    pub at_ms: i64,
    /// Name and version of the program, for the first event of a stream.
    pub software: String,
    /// Rule set version in force.
    pub rules: String,
    /// Room to set aside, usually [`crate::journal::ballast::BALLAST_BYTES`].
    pub ballast_bytes: u64,
}

/// A damaged journal that was set aside. Its events that central had not acknowledged are in no
/// other place than the file kept.
#[derive(Debug)]
pub struct Damage {
    pub cause: Cause,
    /// The damaged file, under its new name; its log and witness stand beside it.
    pub kept: PathBuf,
    /// The last event that can be found in it by its number; not all before it need be sound.
    pub last_seq: u64,
    /// Central had acknowledged events up to this one.
    pub acked_seq: u64,
}

/// The writer, ready, and what was found on the way.
pub(super) struct Started {
    pub(super) writer: Writer,
    pub(super) damage: Option<Damage>,
    pub(super) private_kept: Option<PathBuf>,
}

/// Opens what is in `opening.dir`, or begins it.
pub(super) async fn start(opening: &Opening) -> Result<Started, JournalError> {
    let dir = &opening.dir;
    std::fs::create_dir_all(dir).map_err(JournalError::file)?;
    let lock = Lock::take(&dir.join(LOCK), opening.at_ms)?;
    let ballast = Ballast::keep(&dir.join(BALLAST), opening.ballast_bytes)?;
    let relieve = |problem| ballast.relieve(problem);
    let (found, damage) = find(opening).await.map_err(relieve)?;
    let (private, private_kept) = find_private(opening).await.map_err(relieve)?;
    let witness = Witness::open(&dir.join(WITNESS)).map_err(JournalError::file)?;
    let Found { conn, stream, loaded } = found;
    let Loaded { state, tip, anchored } = loaded;
    let mut writer = Writer {
        options: store::writing(&dir.join(JOURNAL)),
        conn,
        private,
        identity: opening.identity.clone(),
        stream,
        state,
        tip,
        anchored,
        witness,
        ballast,
        in_doubt: false,
        lock,
    };
    writer.testify();
    if tip == Head::EMPTY {
        open_stream(&mut writer, opening).await?;
    }
    Ok(Started { writer, damage, private_kept })
}

async fn open_stream(
    writer: &mut Writer,
    opening: &Opening,
) -> Result<Vec<Envelope>, JournalError> {
    let event = StreamOpened { software: opening.software.clone(), schema: store::SCHEMA }.into();
    let rules = opening.rules.clone();
    let draft = Draft { operator: None, device: None, rules, event, private: None };
    writer.append(opening.at_ms, vec![draft]).await
}

struct Found {
    conn: SqliteConnection,
    stream: Uuid,
    loaded: Loaded,
}

/// Loads the journal; a damaged one is set aside and a fresh one begun.
async fn find(opening: &Opening) -> Result<(Found, Option<Damage>), JournalError> {
    let dir = &opening.dir;
    let path = dir.join(JOURNAL);
    let testimony = witness::read(&dir.join(WITNESS))?;
    let (cause, conn) = match store::connect(&store::writing(&path), "wal").await {
        Ok(mut conn) => match read(&mut conn, testimony).await {
            Ok((stream, loaded)) => return Ok((Found { conn, stream, loaded }, None)),
            Err(JournalError::Corrupt(cause)) => (cause, Some(conn)),
            Err(problem) => return Err(problem),
        },
        Err(JournalError::Corrupt(cause)) => (cause, None),
        Err(problem) => return Err(problem),
    };
    tracing::error!(%cause, "the journal is damaged, it is set aside and a new stream begun");
    let mut remains = Remains {
        numbers: load::numbers_after(Default::default(), seen(testimony)),
        ..Remains::default()
    };
    // The files get their new names while the old connection has them open: closing it would
    // otherwise delete the log, which is evidence.
    let kept = match conn {
        Some(mut conn) => {
            remains = load::remains(&mut conn, testimony).await;
            let kept = set_aside(dir, opening.at_ms)?;
            if let Err(problem) = conn.close().await {
                tracing::warn!(%problem, "the damaged journal did not close cleanly");
            }
            kept
        }
        None => set_aside(dir, opening.at_ms)?,
    };
    let mut conn = store::connect(&store::writing(&path), "wal").await?;
    MIGRATIONS.run(&mut conn).await?;
    let numbers = serde_json::to_vec(&remains.numbers)?;
    store::set_meta(&mut conn, load::NUMBERS, &numbers).await?;
    let (stream, loaded) = read(&mut conn, Testimony::Absent).await?;
    let Remains { last_seq, acked_seq, .. } = remains;
    Ok((Found { conn, stream, loaded }, Some(Damage { cause, kept, last_seq, acked_seq })))
}

fn seen(testimony: Testimony) -> u64 {
    match testimony {
        Testimony::Seen(head) => head.seq,
        Testimony::Absent | Testimony::Torn => 0,
    }
}

/// Brings the tables up to date, and folds what is in them.
async fn read(
    conn: &mut SqliteConnection,
    testimony: Testimony,
) -> Result<(Uuid, Loaded), JournalError> {
    MIGRATIONS.run(&mut *conn).await?;
    let stream = match store::meta(conn, load::STREAM).await? {
        Some(bytes) => Uuid::from_slice(&bytes)
            .map_err(|_| Cause::Unreadable("the stream's id is not one".to_owned()))?,
        None => {
            let stream = Uuid::new_v4();
            store::set_meta(conn, load::STREAM, stream.as_bytes()).await?;
            stream
        }
    };
    let loaded = load::load(conn, stream).await?;
    load::compare(conn, loaded.tip, testimony).await?;
    Ok((stream, loaded))
}

/// Opens the side table; a damaged one is set aside like a journal, for no text in it is needed to
/// go on working. Tells where it is kept then.
async fn find_private(opening: &Opening) -> Result<(Private, Option<PathBuf>), JournalError> {
    let path = opening.dir.join(PRIVATE);
    match Private::open(&path).await {
        Ok(private) => Ok((private, None)),
        Err(JournalError::Corrupt(cause)) => {
            tracing::error!(%cause, "the private texts are damaged, they are set aside");
            let stamp = free_stamp(&opening.dir, PRIVATE, opening.at_ms)?;
            let kept = opening.dir.join(format!("{PRIVATE}.{stamp}"));
            std::fs::rename(&path, &kept).map_err(JournalError::file)?;
            Ok((Private::open(&path).await?, Some(kept)))
        }
        Err(problem) => Err(problem),
    }
}

/// What a damaged file's name ends in, so that it replaces no other.
fn free_stamp(dir: &Path, name: &str, at_ms: i64) -> Result<String, JournalError> {
    let stamp = |count: u32| match count {
        0 => format!("damaged-{at_ms}"),
        1.. => format!("damaged-{at_ms}-{count}"),
    };
    let mut stamps = (0..ASIDE_MAX).map(stamp);
    let free = stamps.find(|stamp| !dir.join(format!("{name}.{stamp}")).exists());
    Ok(free.ok_or_else(|| io::Error::from(io::ErrorKind::AlreadyExists))?)
}

/// Renames the journal, its log and its witness, so that SQLite still finds them together.
fn set_aside(dir: &Path, at_ms: i64) -> Result<PathBuf, JournalError> {
    let free = free_stamp(dir, JOURNAL, at_ms)?;
    let names = [
        (JOURNAL.to_owned(), format!("{JOURNAL}.{free}")),
        (format!("{JOURNAL}-wal"), format!("{JOURNAL}.{free}-wal")),
        (format!("{JOURNAL}-shm"), format!("{JOURNAL}.{free}-shm")),
        (WITNESS.to_owned(), format!("{WITNESS}.{free}")),
    ];
    for (from, to) in names {
        match std::fs::rename(dir.join(from), dir.join(to)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(JournalError::file(error)),
        }
    }
    Ok(dir.join(format!("{JOURNAL}.{free}")))
}
