//! What is answered is on the disk, in order, and nothing else is.

use sqlx::Connection;

use super::*;
use crate::journal::witness::{Head, Testimony};

#[tokio::test]
async fn the_writer_writes_through_to_the_disk() {
    let station = tempfile::tempdir().unwrap();
    let mut started = open::start(&opening(station.path())).await.unwrap();
    let conn = &mut started.writer.conn;
    let synchronous: i64 =
        sqlx::query_scalar("pragma synchronous").fetch_one(&mut *conn).await.unwrap();
    let mode: String =
        sqlx::query_scalar("pragma journal_mode").fetch_one(&mut *conn).await.unwrap();
    let limit: i64 =
        sqlx::query_scalar("pragma journal_size_limit").fetch_one(&mut *conn).await.unwrap();
    let keys: i64 = sqlx::query_scalar("pragma foreign_keys").fetch_one(&mut *conn).await.unwrap();
    let busy: i64 = sqlx::query_scalar("pragma busy_timeout").fetch_one(&mut *conn).await.unwrap();
    let found = (synchronous, mode.as_str(), limit, keys, busy);
    assert_eq!(found, (2, "wal", 64 * 1024 * 1024, 1, 5_000));
}

#[tokio::test]
async fn a_connection_that_would_not_wait_for_the_disk_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let lazy = store::writing(&dir.path().join("journal.db"))
        .synchronous(sqlx::sqlite::SqliteSynchronous::Normal);
    let problem = store::connect(&lazy, "wal").await.unwrap_err();
    assert!(matches!(problem, JournalError::Setting { name: "synchronous", .. }), "{problem}");
}

#[tokio::test]
async fn the_events_of_one_append_share_a_time_that_never_stands_still() {
    let mut station = Station::new().await;
    let first = station.append(drafts(&station.state, Step::Open)).await;
    let second = station.append(vec![refused(None)]).await;
    let third = station.journal.append(MORNING + 60_000, vec![refused(None)]).await.unwrap();
    let times: Vec<i64> = first.iter().chain(&second).chain(&third).map(|one| one.at).collect();
    let seqs: Vec<u64> = first.iter().chain(&second).chain(&third).map(|one| one.seq).collect();
    let (one, two, three) = (MORNING + 1, MORNING + 2, MORNING + 60_000);
    assert_eq!(times, [one, one, one, two, three]);
    assert_eq!(seqs, [2, 3, 4, 5, 6]);
    assert!(first.is_sorted_by_key(|envelope| envelope.id));
    assert_eq!(first[0].id.get_version_num(), 7);
    assert_eq!(first[0].stream, station.journal.stream());
}

#[tokio::test]
async fn what_is_stored_is_what_was_answered_and_the_witness_has_seen_it() {
    let mut station = Station::new().await;
    let answered = station.append(drafts(&station.state, Step::Open)).await;
    let stored = station.journal.pending(1, 100).await.unwrap();
    let read: Vec<Envelope> =
        stored.iter().map(|event| Envelope::from_bytes(&event.bytes).unwrap()).collect();
    assert_eq!(read, answered);
    let last = stored.last().unwrap();
    let seen = witness::read(&station.dir.path().join("journal.head")).unwrap();
    assert_eq!(seen, Testimony::Seen(Head { seq: last.seq, hash: last.hash }));
}

#[tokio::test]
async fn an_append_that_can_t_be_true_stores_none_of_its_events() {
    let mut station = Station::new().await;
    station.play(&[Step::Open]).await;
    let parcel = station.state.open.unwrap();
    let private = refused(Some("Jeanne Martin"));
    let twice = draft(ParcelOpened { parcel });
    let problem = station.journal.append(MORNING, vec![private, twice]).await.unwrap_err();
    assert!(matches!(problem, JournalError::Refused { index: 1, .. }), "{problem}");
    assert!(problem.is_permanent());
    assert_eq!(station.journal.pending(0, 100).await.unwrap().len(), 4);
    // The state is as before: what follows from it is accepted, with the next number.
    let next = station.append(drafts(&station.state, Step::Identify)).await;
    assert_eq!(next[0].seq, 5);
    let dir = station.close().await;
    assert!(!contains(&dir.path().join("private.db"), "Jeanne Martin"));
    assert!(verify(dir.path()).await.unwrap().ok);
}

#[tokio::test]
async fn a_personal_text_is_in_the_side_table_alone_and_can_be_erased() {
    let mut station = Station::new().await;
    let text = "Jeanne Martin, 4 rue des Lilas";
    let stored = station.append(vec![refused(Some(text))]).await;
    let Event::ScanRefused(ScanRefused { text: Some(reference), .. }) = &stored[0].event else {
        panic!("{stored:?}")
    };
    let (path, files) = (station.dir.path(), ["journal.db", "journal.db-wal", "journal.head"]);
    assert!(path.join("journal.db-wal").metadata().unwrap().len() > 0);
    assert!(files.iter().all(|file| !contains(&path.join(file), "Jeanne")));
    assert!(contains(&path.join("private.db"), text));
    assert_eq!(station.journal.private_text(reference.id).await.unwrap().as_deref(), Some(text));
    assert!(station.journal.erase_private_text(reference.id).await.unwrap());
    assert!(!station.journal.erase_private_text(reference.id).await.unwrap());
    assert_eq!(station.journal.private_text(reference.id).await.unwrap(), None);
    let dir = station.close().await;
    assert!(!contains(&dir.path().join("private.db"), "Jeanne"));
    assert!(verify(dir.path()).await.unwrap().ok);
}

#[tokio::test]
async fn the_hash_in_the_event_is_that_of_salt_and_text() {
    let mut station = Station::new().await;
    let stored = station.append(vec![refused(Some("Jeanne"))]).await;
    let Event::ScanRefused(ScanRefused { text: Some(reference), .. }) = &stored[0].event else {
        panic!("{stored:?}")
    };
    let dir = station.dir.path().join("private.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir).read_only(true);
    let mut conn = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    let salt: Vec<u8> = sqlx::query_scalar("select salt from private_text where id = ?1")
        .bind(reference.id)
        .fetch_one(&mut conn)
        .await
        .unwrap();
    let salted: Vec<u8> = salt.into_iter().chain(*b"Jeanne").collect();
    let hash = dockside_core::domain::event::leaf(&salted);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(reference.hash, hex);
}

#[tokio::test]
async fn a_second_program_is_told_who_has_the_directory() {
    let station = Station::new().await;
    let problem = Journal::open(opening(station.dir.path())).await.unwrap_err();
    let JournalError::Locked { holder } = problem else { panic!("{problem}") };
    let pid = std::process::id();
    assert_eq!(holder, format!("process {pid}, since 2026-01-05T08:00:00+00:00"));
    station.reopen().await; // and once the first has ended, the next may
}

#[tokio::test]
async fn a_database_held_by_another_program_is_busy_and_the_append_can_be_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let mut started = open::start(&opening(dir.path())).await.unwrap();
    let writer = &mut started.writer;
    writer.options = writer.options.clone().busy_timeout(std::time::Duration::from_millis(20));
    writer.conn = store::connect(&writer.options, "wal").await.unwrap();
    let mut other = store::connect(&writer.options, "wal").await.unwrap();
    let held = other.begin_with("begin immediate").await.unwrap();
    let problem = writer.append(MORNING, vec![refused(None)]).await.unwrap_err();
    assert!(matches!(problem, JournalError::Busy(_)), "{problem}");
    assert!(!problem.is_permanent());
    held.rollback().await.unwrap();
    let stored = writer.append(MORNING, vec![refused(None)]).await.unwrap();
    assert_eq!(stored[0].seq, 2);
}

#[tokio::test]
async fn an_append_of_nothing_stores_nothing_and_one_too_long_is_refused() {
    let station = Station::new().await;
    assert_eq!(station.journal.append(MORNING, Vec::new()).await.unwrap(), []);
    let many = vec![refused(None); DRAFTS_MAX + 1];
    let problem = station.journal.append(MORNING, many).await.unwrap_err();
    assert!(matches!(problem, JournalError::TooMany { .. }), "{problem}");
    assert_eq!(station.journal.pending(0, 10).await.unwrap().len(), 1);
}

fn contains(path: &Path, text: &str) -> bool {
    let bytes = std::fs::read(path).unwrap();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
