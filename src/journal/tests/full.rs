//! A full disk refuses, loses nothing, and the ballast makes room to finish.

use super::*;

#[tokio::test]
async fn a_full_disk_refuses_the_append_frees_the_ballast_and_the_same_append_then_works() {
    let dir = tempfile::tempdir().unwrap();
    let mut started = open::start(&opening(dir.path())).await.unwrap();
    let writer = &mut started.writer;
    assert!(writer.ballast.is_kept());
    assert_eq!(dir.path().join("ballast").metadata().unwrap().len(), 4_096);
    let roomy = writer.options.clone();
    let pages: i64 =
        sqlx::query_scalar("pragma page_count").fetch_one(&mut writer.conn).await.unwrap();
    writer.options = roomy.clone().pragma("max_page_count", (pages + 2).to_string());
    writer.conn = store::connect(&writer.options, "wal").await.unwrap();

    let mut acked = Vec::new();
    let problem = loop {
        match writer.append(MORNING, vec![refused(None); 8]).await {
            Ok(envelopes) => acked.extend(envelopes),
            Err(problem) => break problem,
        }
    };
    assert!(matches!(problem, JournalError::DiskFull { ballast_freed: true }), "{problem}");
    assert!(!problem.is_permanent());
    assert!(!dir.path().join("ballast").exists());
    assert!(!writer.ballast.is_kept());
    assert_eq!(writer.state.seq, acked.last().unwrap().seq, "memory is what the disk has");
    let problem = writer.append(MORNING, vec![refused(None); 8]).await.unwrap_err();
    assert!(matches!(problem, JournalError::DiskFull { ballast_freed: false }), "{problem}");

    writer.options = roomy;
    writer.conn = store::connect(&writer.options, "wal").await.unwrap();
    let next = writer.append(MORNING, vec![refused(None); 8]).await.unwrap();
    assert_eq!(next[0].seq, acked.last().unwrap().seq + 1);
    assert!(writer.ballast.refill().unwrap());
    assert!(writer.ballast.is_kept());
    let stored = next.last().unwrap().seq;
    started.writer.close().await.unwrap();
    let report = verify(dir.path()).await.unwrap();
    assert_eq!((report.ok, report.events), (true, stored), "{report:?}");
}
