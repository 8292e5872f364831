//! Claims of sold units at central: who was first, what the loser hears, what a reversal frees.
#![cfg(test)]

use dockside::central::retry::Chance;
use dockside::central::wire::{Batch, Outcome};
use uuid::Uuid;

use crate::central::{push, words};
use crate::postgres::{Station, cluster};
use crate::stream::{START_MS, Stream, identified, reversed};

#[tokio::test]
async fn the_second_claim_of_a_unit_learns_who_was_first() {
    let db = cluster().fresh_database().await;
    let (first, second) = (db.station("lille", 7).await, db.station("lyon", 3).await);
    let mut winner = Stream::of(&first);
    let winner_event = winner.add(identified("W1", 1));
    let mut loser = Stream::of(&second);
    loser.add(identified("W1", 2));
    loser.add(identified("W1", 1));
    push(&first, &winner, 0).await;
    let verdicts = push(&second, &loser, 0).await;
    assert_eq!(words(&verdicts), ["applied", "lost"]);
    let Outcome::ClaimLost(lost) = &verdicts[1].outcome else { panic!("{verdicts:?}") };
    assert_eq!((&lost.site, lost.station), (&first.site, first.number));
    assert_eq!((lost.at, lost.event_id), (START_MS + 1, winner_event));
    assert_eq!(lost.operator.as_ref().unwrap().as_str(), "anna");
    assert_eq!(lost.lpn.as_deref(), Some("LPN00700000423"));
    assert_eq!((lost.unit.order_no.as_str(), lost.unit.line, lost.unit.n), ("W1", 1, 1));
    // The answer may have been lost on the way: it is given again.
    assert_eq!(push(&second, &loser, 0).await[1], verdicts[1]);
}

#[tokio::test]
async fn an_order_number_of_two_clients_is_two_orders() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    stream.add(identified("W1", 1));
    let named = |client: &str| {
        let dockside_core::domain::event::Event::UnitIdentified(mut unit) = identified("W1", 1)
        else {
            unreachable!()
        };
        unit.client = Some(client.parse().unwrap());
        unit.into()
    };
    stream.add(named("acme"));
    stream.add(named("default"));
    assert_eq!(words(&push(&station, &stream, 0).await), ["applied", "applied", "lost"]);
}

#[tokio::test]
async fn of_stations_that_race_for_the_same_units_one_wins_each() {
    const UNITS: u32 = 200;
    let db = cluster().fresh_database().await;
    let mut races = Vec::new();
    for number in 1..=4 {
        let station = db.station("lille", number).await;
        races.push(tokio::spawn(async move {
            let mut stream = Stream::of(&station);
            for step in 0..UNITS {
                // Each in an order of its own: 7, 11, 13 and 17 have no divisor in common with 200.
                let stride = [7, 11, 13, 17][usize::from(number) - 1];
                stream.add(identified("W1", step * stride % UNITS + 1));
                if step % 50 == 49 {
                    let after = u64::from(step) - 49;
                    let central = station.connect().await;
                    let previous = stream.hash_at(after);
                    central.ingest(stream.uuid(), &previous, &stream.batch(after)).await.unwrap();
                }
            }
            push(&station, &stream, 0).await
        }));
    }
    let mut n_lost = 0;
    for race in races {
        let verdicts = race.await.unwrap();
        n_lost += verdicts.iter().filter(|v| matches!(v.outcome, Outcome::ClaimLost(_))).count();
        assert!(verdicts.iter().all(|v| v.outcome == Outcome::Duplicate || v.outcome.is_news()));
    }
    assert_eq!(n_lost, 600);
    assert_eq!(db.count("select count(*) from dockside.claim").await, i64::from(UNITS));
}

#[tokio::test]
async fn a_reversal_frees_the_unit_for_the_next() {
    let db = cluster().fresh_database().await;
    let (first, second) = (db.station("lille", 7).await, db.station("lyon", 3).await);
    let mut mistaken = Stream::of(&first);
    let event = mistaken.add(identified("W1", 1));
    push(&first, &mistaken, 0).await;
    // Nobody takes back what is another's.
    let mut other = Stream::of(&second);
    other.add(reversed(event));
    other.add(identified("W1", 1));
    assert_eq!(words(&push(&second, &other, 0).await), ["applied", "lost"]);
    mistaken.add(reversed(event));
    push(&first, &mistaken, 1).await;
    other.add(identified("W1", 1));
    assert_eq!(words(&push(&second, &other, 2).await), ["applied"]);
}

#[tokio::test]
async fn within_one_batch_claims_and_reversals_follow_the_stream() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    let first = stream.add(identified("W1", 1));
    stream.add(reversed(first));
    let second = stream.add(identified("W1", 1)); // free again
    stream.add(identified("W1", 1)); // held by the one before
    stream.add(reversed(second));
    let third = stream.add(identified("W1", 1));
    let other = stream.add(identified("W0", 1));
    stream.add(reversed(Uuid::now_v7())); // of an event that claimed nothing
    let said = push(&station, &stream, 0).await;
    let wanted =
        ["applied", "applied", "applied", "lost", "applied", "applied", "applied", "applied"];
    assert_eq!(words(&said), wanted);
    let holders: Vec<(String, Uuid)> =
        sqlx::query_as("select order_no, event_id from dockside.claim order by order_no")
            .fetch_all(&mut db.postgres().await)
            .await
            .unwrap();
    assert_eq!(holders, [("W0".to_owned(), other), ("W1".to_owned(), third)]);
}

#[tokio::test]
async fn one_batch_ends_as_the_same_events_sent_one_by_one() {
    const HOLDERS: &str = "select order_no, n, seq from dockside.claim order by order_no, n";
    let mut chance = Chance::new(7);
    for _ in 0..3 {
        let mut ends = Vec::new();
        let seed = chance.draw();
        for is_one_batch in [true, false] {
            let db = cluster().fresh_database().await;
            let (station, other) = (db.station("lille", 7).await, db.station("lyon", 3).await);
            let mut taken = Stream::of(&other);
            taken.add(identified("W1", 1));
            push(&other, &taken, 0).await;
            let stream = back_and_forth(&station, seed);
            let mut said = Vec::new();
            if is_one_batch {
                said = push(&station, &stream, 0).await;
            } else {
                for after in 0..stream.events.len() {
                    let one = Batch::take(
                        u64::try_from(after).unwrap(),
                        vec![stream.events[after].clone()],
                    );
                    let previous = stream.hash_at(u64::try_from(after).unwrap());
                    let central = station.connect().await;
                    let answer = central.ingest(stream.uuid(), &previous, &one.unwrap()).await;
                    said.extend(answer.unwrap().1);
                }
            }
            let holders: Vec<(String, i64, i64)> =
                sqlx::query_as(HOLDERS).fetch_all(&mut db.postgres().await).await.unwrap();
            ends.push((words(&said), holders));
        }
        assert!(ends[0].0.contains(&"lost"), "seed {seed}");
        assert_eq!(ends[0], ends[1], "seed {seed}");
    }
}

/// Units identified, taken back, identified again, at random.
fn back_and_forth(station: &Station, seed: u64) -> Stream {
    let mut chance = Chance::new(seed);
    let mut stream = Stream::of(station);
    let mut events: Vec<Uuid> = vec![Uuid::now_v7()];
    for _ in 0..40 {
        let event = match chance.draw() % 2 {
            0 => identified("W1", u32::try_from(chance.draw() % 4).unwrap() + 1),
            _ => {
                let n_events = u64::try_from(events.len()).unwrap();
                reversed(events[usize::try_from(chance.draw() % n_events).unwrap()])
            }
        };
        events.push(stream.add(event));
    }
    stream
}
