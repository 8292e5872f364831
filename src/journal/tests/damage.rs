//! Damage is noticed, told, kept and worked around; a crash is not taken for it.

use std::fs;

use super::*;
use crate::journal::witness::{Head, Testimony, Witness};

fn head(dir: &Path) -> Head {
    match witness::read(&dir.join("journal.head")).unwrap() {
        Testimony::Seen(head) => head,
        other @ (Testimony::Absent | Testimony::Torn) => panic!("{other:?}"),
    }
}

fn set_head(dir: &Path, head: Head) {
    Witness::open(&dir.join("journal.head")).unwrap().write(head).unwrap();
}

async fn day() -> TempDir {
    let mut station = Station::new().await;
    station.receive().await;
    station.receive().await;
    station.journal.set_acked(3, Uuid::nil()).await.unwrap();
    station.close().await
}

/// Opens what was damaged: a new stream, the old files kept, the work goes on.
async fn noticed(dir: TempDir) -> Damage {
    let before = fs::read(dir.path().join("journal.db")).ok();
    let opened = Journal::open(opening(dir.path())).await.unwrap();
    let damage = opened.damage.unwrap();
    assert_eq!(opened.state.seq, 1);
    assert_eq!(fs::read(&damage.kept).ok(), before, "the damaged file is kept as it was");
    let mut station = Station { dir, journal: opened.journal, state: opened.state };
    station.receive().await;
    let station = station.reopen().await;
    let report = verify(station.dir.path()).await.unwrap();
    assert!(report.ok, "{report:?}");
    damage
}

#[tokio::test]
async fn a_journal_cut_short_is_noticed_and_no_plate_is_given_twice() {
    let dir = day().await;
    let last = head(dir.path()).seq;
    execute(dir.path(), "delete from event where seq > 6").await;
    let opened = Journal::open(opening(dir.path())).await.unwrap();
    let damage = opened.damage.unwrap();
    assert!(
        matches!(damage.cause, Cause::CutShort { journal: 6, witness } if witness == last),
        "{damage:?}"
    );
    assert_eq!((damage.last_seq, damage.acked_seq), (6, 3));
    assert!(opened.state.counters.lpn >= 2, "{:?}", opened.state.counters);
    assert!(opened.state.counters.parcel >= 2, "{:?}", opened.state.counters);
    opened.journal.close().await.unwrap();
    let again = Journal::open(opening(dir.path())).await.unwrap();
    assert!(again.damage.is_none());
    assert_eq!(again.state, opened.state);
}

#[tokio::test]
async fn a_lost_journal_file_is_noticed_by_its_witness() {
    let dir = day().await;
    fs::remove_file(dir.path().join("journal.db")).unwrap();
    let opened = Journal::open(opening(dir.path())).await.unwrap();
    let damage = opened.damage.unwrap();
    assert!(matches!(damage.cause, Cause::CutShort { journal: 0, .. }), "{damage:?}");
    assert!(opened.state.counters.lpn >= 2);
}

#[tokio::test]
async fn a_witness_that_is_behind_is_the_trace_of_a_crash() {
    let dir = day().await;
    let last = head(dir.path());
    let hash = Reader::open(dir.path()).await.unwrap().hash_at(last.seq - 1).await.unwrap();
    set_head(dir.path(), Head { seq: last.seq - 1, hash: hash.unwrap() });
    let station = Station::in_dir(dir).await;
    assert_eq!(station.state.seq, last.seq);
    assert_eq!(head(station.dir.path()), last, "it is rewritten");
}

#[tokio::test]
async fn another_end_than_the_witness_has_seen_is_noticed() {
    let dir = day().await;
    let last = head(dir.path());
    set_head(dir.path(), Head { hash: [7; 32], ..last });
    let damage = noticed(dir).await;
    assert!(matches!(damage.cause, Cause::Rewritten { seq } if seq == last.seq), "{damage:?}");
}

#[tokio::test]
async fn a_changed_event_is_noticed_at_the_start() {
    let dir = day().await;
    execute(dir.path(), "update event set body = cast(replace(cast(body as text), 'P0070000001', 'P0070000009') as blob) where seq = 3").await;
    let damage = noticed(dir).await;
    assert!(matches!(damage.cause, Cause::Broken(Fault { seq: 3, why: Why::Hash })), "{damage:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_set_aside() {
    let dir = day().await;
    let last = head(dir.path()).seq;
    fs::write(dir.path().join("journal.db"), vec![b'x'; 8_192]).unwrap();
    let damage = noticed(dir).await;
    assert!(matches!(damage.cause, Cause::Unreadable(_)), "{damage:?}");
    assert!(damage.last_seq < last);
}

#[tokio::test]
async fn a_torn_page_is_set_aside() {
    let dir = day().await;
    let path = dir.path().join("journal.db");
    let mut bytes = fs::read(&path).unwrap();
    for byte in &mut bytes[4_096..] {
        *byte = 0xa5;
    }
    fs::write(&path, bytes).unwrap();
    noticed(dir).await;
}

#[tokio::test]
async fn two_damages_of_one_millisecond_keep_both_files() {
    let dir = day().await;
    for _ in 0..2 {
        execute(dir.path(), "delete from event").await;
        Journal::open(opening(dir.path())).await.unwrap().journal.close().await.unwrap();
    }
    let kept = |name: &str| dir.path().join(name).exists();
    assert!(kept(&format!("journal.db.damaged-{MORNING}")));
    assert!(kept(&format!("journal.db.damaged-{MORNING}-1")));
    assert!(kept(&format!("journal.head.damaged-{MORNING}-1")));
}

#[tokio::test]
async fn damaged_private_texts_are_set_aside_and_the_journal_goes_on() {
    let dir = day().await;
    let last = head(dir.path()).seq;
    fs::write(dir.path().join("private.db"), vec![b'x'; 8_192]).unwrap();
    let opened = Journal::open(opening(dir.path())).await.unwrap();
    assert_eq!(fs::read(opened.private_kept.unwrap()).unwrap(), vec![b'x'; 8_192]);
    assert!(opened.damage.is_none());
    let stored = opened.journal.append(MORNING, vec![refused(Some("Jeanne"))]).await.unwrap();
    assert_eq!(stored[0].seq, last + 1);
}
