//! What the local tables tell of the events.

use dockside_core::domain::ids::SoldUnit;

use super::*;

fn parcel(serial: u32) -> ParcelId {
    ParcelId { station: station(), serial }
}

#[tokio::test]
async fn a_sold_unit_received_here_is_a_claim_until_it_is_taken_back() {
    let mut station = Station::new().await;
    station.receive().await;
    station.play(&[Step::Open, Step::Identify]).await;
    let orders = [order_of(parcel(2)), order_of(parcel(1)), order_of(parcel(3))];
    let claims = station.journal.claims(&orders).await.unwrap();
    let (client, order_no) = order_of(parcel(2));
    assert_eq!(claims.len(), 2);
    assert_eq!(claims[0].sold, SoldUnit { client, order_no, line: 1, n: 1 });
    assert_eq!((claims[0].parcel, claims[0].lpn.serial), (parcel(2), 2));
    assert_eq!(claims[0].at, station.state.last_at);
    assert_eq!(claims[0].operator, Some("receiver".parse().unwrap()));
    station.play(&[Step::Undo]).await;
    let claims = station.journal.claims(&orders).await.unwrap();
    assert_eq!(claims.iter().map(|claim| claim.parcel).collect::<Vec<_>>(), [parcel(1)]);
}

#[tokio::test]
async fn a_label_tells_when_and_where_its_parcel_was_received() {
    let mut station = Station::new().await;
    station.receive().await;
    station.play(&[Step::Open]).await;
    let received = station.journal.received(&label_of(1)).await.unwrap();
    assert_eq!(received.len(), 1);
    assert_eq!((received[0].parcel, received[0].label.as_str()), (parcel(1), &*label_of(1)));
    assert_eq!(received[0].opened_at, MORNING + 1);
    assert_eq!(received[0].closed_at, Some(MORNING + 5));
    assert_eq!((received[0].site.as_str(), received[0].station), ("lille-2", super::station()));
    let open = station.journal.received(&label_of(2)).await.unwrap();
    assert_eq!(open[0].closed_at, None);
    assert_eq!(station.journal.received("1Z").await.unwrap(), []);
}

#[tokio::test]
async fn closed_trackings_are_those_of_closed_parcels_alone() {
    let mut station = Station::new().await;
    station.receive().await;
    station.play(&[Step::Open]).await;
    let trackings: Vec<Tracking> = (1..=3).map(|n| label_of(n).parse().unwrap()).collect();
    let closed = station.journal.closed_trackings(&trackings).await.unwrap();
    assert_eq!(closed, trackings[..1]);
}

#[tokio::test]
async fn the_outbox_is_what_lies_after_central_s_mark() {
    let mut station = Station::new().await;
    station.receive().await;
    let last = station.state.seq;
    let waiting = station.journal.waiting().await.unwrap();
    assert_eq!(waiting, Waiting { count: last, oldest_at: Some(MORNING) });
    let epoch = Uuid::from_u128(5);
    station.journal.set_acked(4, epoch).await.unwrap();
    assert_eq!(station.journal.acked().await.unwrap(), Acked { seq: 4, epoch: Some(epoch) });
    let seqs = |events: Vec<Stored>| events.iter().map(|event| event.seq).collect::<Vec<_>>();
    assert_eq!(seqs(station.journal.pending(4, 3).await.unwrap()), [5, 6, 7]);
    assert_eq!(station.journal.waiting().await.unwrap().count, last - 4);
    station.journal.set_acked(last, epoch).await.unwrap();
    assert_eq!(station.journal.waiting().await.unwrap(), Waiting::default());
    let problem = station.journal.set_acked(last + 1, epoch).await.unwrap_err();
    assert!(matches!(problem, JournalError::AckAhead { .. }), "{problem}");
    station.journal.set_acked(2, epoch).await.unwrap(); // central was restored
    let station = station.reopen().await;
    assert_eq!(station.journal.acked().await.unwrap().seq, 2);
    let events = station.journal.pending(0, 100).await.unwrap();
    let hash = station.journal.hash_at(5).await.unwrap();
    assert_eq!(hash, Some(events[4].hash));
    assert_eq!(station.journal.hash_at(last + 1).await.unwrap(), None);
    assert_eq!(station.journal.hash_at(0).await.unwrap(), Some([0; 32]));
}

#[tokio::test]
async fn an_outbox_with_a_gap_is_damage_and_not_a_shorter_list() {
    let mut station = Station::new().await;
    station.receive().await;
    let dir = station.close().await;
    execute(dir.path(), "delete from event where seq = 3").await;
    let mut reader = Reader::open(dir.path()).await.unwrap();
    let problem = reader.events(0, 10).await.unwrap_err();
    assert!(
        matches!(problem, JournalError::Corrupt(Cause::Broken(Fault { seq: 3, .. }))),
        "{problem}"
    );
}

#[tokio::test]
async fn look_ups_go_by_an_index() {
    let station = Station::new().await;
    let dir = station.close().await;
    let mut conn = store::connect_reading(&dir.path().join("journal.db")).await.unwrap();
    for statement in [
        "explain query plan select row from unit where client = 'a' and order_no = 'b'",
        "explain query plan select row from parcel where label = 'a' order by arrived_at desc",
    ] {
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(statement).fetch_all(&mut conn).await.unwrap();
        assert!(plan.iter().all(|(_, _, _, step)| step.contains("USING INDEX")), "{plan:?}");
    }
}
