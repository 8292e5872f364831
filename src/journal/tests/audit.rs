//! The auditor names the first thing that is wrong, and never a thing that is right.

use sqlx::sqlite::SqliteConnection;

use super::*;

#[tokio::test]
async fn a_sound_journal_is_ok_beside_a_live_station() {
    let mut station = Station::new().await;
    station.receive().await;
    let report = verify(station.dir.path()).await.unwrap();
    let stream = Some(station.journal.stream());
    let events = station.state.seq;
    assert_eq!(report, Report { ok: true, events, stream, first_bad: None });
    station.receive().await;
    assert_eq!(verify(station.dir.path()).await.unwrap().events, station.state.seq);
}

#[tokio::test]
async fn a_journal_killed_in_the_making_has_nothing_wrong_and_one_that_was_emptied_has() {
    let nothing = Report { ok: true, events: 0, stream: None, first_bad: None };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let mut conn = store::connect(&store::writing(&path), "wal").await.unwrap();
    assert_eq!(verify(dir.path()).await.unwrap(), nothing, "without tables");
    sqlx::migrate!("migrations/station").run(&mut conn).await.unwrap();
    assert_eq!(verify(dir.path()).await.unwrap(), nothing, "without a stream");
    drop(conn);

    let mut station = Station::new().await;
    station.receive().await;
    let dir = station.close().await;
    let path = dir.path().join("journal.db");
    let mut conn = store::connect(&store::writing(&path), "wal").await.unwrap();
    sqlx::query("delete from event").execute(&mut conn).await.unwrap();
    named(dir.path(), 1).await;
    std::fs::remove_file(dir.path().join("journal.head")).unwrap();
    assert!(!verify(dir.path()).await.unwrap().ok, "its tables come from no event");
}

#[test]
fn the_report_s_json_is_this() {
    let stream = Some(Uuid::from_u128(2));
    let first_bad = Some(FirstBad { seq: 3, why: "its hash".to_owned() });
    let bad = Report { ok: false, events: 2, stream, first_bad };
    assert_eq!(
        serde_json::to_string(&bad).unwrap(),
        r#"{"ok":false,"events":2,"stream":"00000000-0000-0000-0000-000000000002","first_bad":{"seq":3,"why":"its hash"}}"#
    );
    let good = Report { ok: true, first_bad: None, ..bad };
    assert!(serde_json::to_string(&good).unwrap().ends_with(r#""first_bad":null}"#));
}

#[tokio::test]
async fn any_byte_changed_in_any_body_or_hash_is_named() {
    let mut station = Station::new().await;
    station.receive().await;
    let events = station.journal.pending(0, 100).await.unwrap();
    let dir = station.close().await;
    let path = dir.path().join("journal.db");
    let mut conn = store::connect(&store::writing(&path), "wal").await.unwrap();
    for event in &events {
        let body = event.bytes.len();
        for at in [0, 1, body / 3, body / 2, body - 2, body - 1] {
            let mut bytes = event.bytes.clone();
            bytes[at] ^= 1;
            set(&mut conn, event.seq, &bytes, &event.hash).await;
            named(dir.path(), event.seq).await;
        }
        for at in [0, 15, 31] {
            let mut hash = event.hash;
            hash[at] ^= 0x80;
            set(&mut conn, event.seq, &event.bytes, &hash).await;
            named(dir.path(), event.seq).await;
        }
        set(&mut conn, event.seq, &event.bytes, &event.hash).await;
    }
    assert!(verify(dir.path()).await.unwrap().ok);
}

async fn set(conn: &mut SqliteConnection, seq: u64, body: &[u8], hash: &[u8]) {
    sqlx::query("update event set body = ?1, hash = ?2 where seq = ?3")
        .bind(body)
        .bind(hash)
        .bind(store::signed(seq))
        .execute(conn)
        .await
        .unwrap();
}

async fn named(dir: &Path, seq: u64) {
    let report = verify(dir).await.unwrap();
    assert!(!report.ok);
    assert_eq!(report.first_bad.unwrap().seq, seq);
}

/// Each with the seq and a piece of the reason.
#[tokio::test]
async fn whatever_a_vandal_does_is_named() {
    let cases: [(&str, u64, &str); 12] = [
        ("delete from event where seq = 4", 4, "event 5 follows"),
        ("delete from event where seq = 1", 1, "event 2 follows"),
        ("delete from event where seq > 5", 6, "the witness has seen event"),
        ("update event set kind = 'ParcelClosed' where seq = 2", 2, "its column says ParcelClosed"),
        ("insert into event (seq, kind, body, hash) values (-1, 'x', x'', x'')", 1, "-1 follows"),
        ("update event set hash = x'00' where seq = 3", 3, "hash"),
        ("update meta set v = zeroblob(16) where k = 'stream'", 1, "of stream"),
        ("update unit set row = replace(row, '\"A\"', '\"B\"')", 10, "not as the events make it"),
        ("delete from parcel", 11, "missing from its table"),
        (
            "insert into unit (lpn, row) select 'LPN9', row from unit",
            11,
            "unit LPN9 comes from no event",
        ),
        ("delete from filling", 10, "filling BIN-RESTOCK-1 is missing"),
        ("update filling set row = '{}'", 10, "filling BIN-RESTOCK-1 is not"),
    ];
    for (statement, seq, why) in cases {
        let mut station = Station::new().await;
        station.receive().await;
        assert_eq!(station.state.seq, 11);
        let dir = station.close().await;
        execute(dir.path(), statement).await;
        let bad = verify(dir.path()).await.unwrap().first_bad.unwrap();
        assert_eq!(bad.seq, seq, "{statement}: {}", bad.why);
        assert!(bad.why.contains(why), "{statement}: {}", bad.why);
    }
}

#[tokio::test]
async fn a_witness_taken_away_torn_or_of_another_end_is_named() {
    let mut station = Station::new().await;
    station.receive().await;
    let last = station.state.seq;
    let dir = station.close().await;
    let path = dir.path().join("journal.head");
    std::fs::write(&path, [0; 48]).unwrap();
    named(dir.path(), last).await;
    std::fs::remove_file(&path).unwrap();
    named(dir.path(), last).await;
    let head = witness::Head { seq: 7, hash: [9; 32] };
    witness::Witness::open(&path).unwrap().write(head).unwrap();
    named(dir.path(), 7).await;
}

#[tokio::test]
async fn a_directory_without_a_journal_is_an_error_and_stays_empty() {
    let dir = tempfile::tempdir().unwrap();
    assert!(verify(dir.path()).await.is_err());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
