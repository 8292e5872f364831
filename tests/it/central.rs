//! hello and ingest against a real PostgreSQL: the chain, the mark, poison, rights. Claims have a
//! file of their own.
#![cfg(test)]

use dockside::central::wire::{Batch, Outcome, Refusal, Verdict, Waiting};
use dockside::central::{Central, CentralError};
use dockside_core::domain::event::{GENESIS, Hash};
use sqlx::{AssertSqlSafe, Executor};
use uuid::Uuid;

use crate::postgres::{Station, cluster};
use crate::stream::{Stream, identified, lost_device};

/// Pushes all after `after` in batches as a station does.
pub async fn push(station: &Station, stream: &Stream, after: u64) -> Vec<Verdict> {
    let (mut central, mut after, mut verdicts) = (station.connect().await, after, Vec::new());
    while after < u64::try_from(stream.events.len()).unwrap() {
        let batch = stream.batch(after);
        let previous = stream.hash_at(after);
        let (kept, said) = central.ingest(stream.uuid(), &previous, &batch).await.unwrap();
        central = kept;
        after = batch.last_seq();
        verdicts.extend(said);
    }
    verdicts
}

async fn refusal(central: Central, stream: Uuid, previous: Hash, batch: &Batch) -> Refusal {
    match central.ingest(stream, &previous, batch).await {
        Ok((_, verdicts)) => panic!("taken: {verdicts:?}"),
        Err(CentralError::Refused { refusal, .. }) => refusal,
        Err(other) => panic!("{other:?}"),
    }
}

async fn mark(station: &Station, stream: Uuid) -> (u64, Hash) {
    let (_, hello) = station.connect().await.hello(stream).await.unwrap();
    (hello.mark.last_seq, hello.mark.last_hash)
}

pub fn words(verdicts: &[Verdict]) -> Vec<&'static str> {
    verdicts
        .iter()
        .map(|verdict| match verdict.outcome {
            Outcome::Applied => "applied",
            Outcome::Duplicate => "duplicate",
            Outcome::ClaimLost(_) => "lost",
            Outcome::Quarantined { .. } => "quarantined",
            Outcome::Unknown { .. } => "unknown",
        })
        .collect()
}

#[tokio::test]
async fn a_stream_central_never_saw_starts_at_zero() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    assert_eq!(mark(&station, Uuid::new_v4()).await, (0, GENESIS));
}

#[tokio::test]
async fn what_arrives_is_the_journal_to_the_byte() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    for n in 1..=5 {
        stream.add(identified("W1", n));
    }
    assert_eq!(words(&push(&station, &stream, 0).await), ["applied"; 5]);
    assert_eq!(mark(&station, stream.uuid()).await, (5, stream.hash_at(5)));
    let rows: Vec<(i64, Vec<u8>, Vec<u8>)> =
        sqlx::query_as("select seq, body, hash from dockside.event order by seq")
            .fetch_all(&mut db.postgres().await)
            .await
            .unwrap();
    let stored: Vec<Waiting> = rows
        .into_iter()
        .map(|(seq, body, hash)| Waiting {
            seq: seq.try_into().unwrap(),
            body,
            hash: hash.try_into().unwrap(),
        })
        .collect();
    assert_eq!(stored, stream.events);
    // The day comes from the event, and its month has a partition or the default one.
    assert_eq!(db.count("select count(*) from dockside.event where day = '2026-01-05'").await, 5);
}

#[tokio::test]
async fn an_altered_body_is_refused_by_postgresql_itself() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    for n in 1..=3 {
        stream.add(identified("W1", n));
    }
    let place = stream.events[1].body.len() - 5;
    stream.events[1].body[place] ^= 1;
    let refused = refusal(station.connect().await, stream.uuid(), GENESIS, &stream.batch(0)).await;
    assert_eq!(refused, Refusal::WrongHash);
    assert_eq!(db.count("select count(*) from dockside.event").await, 0);
}

#[tokio::test]
async fn a_gap_is_refused_with_the_mark() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    for _ in 0..3 {
        stream.add(lost_device());
    }
    push(&station, &stream, 0).await;
    for _ in 0..3 {
        stream.add(lost_device());
    }
    let (previous, late) = (stream.hash_at(4), stream.batch(4));
    let refused = refusal(station.connect().await, stream.uuid(), previous, &late).await;
    assert_eq!(refused, Refusal::Gap { mark: Some(3) });
}

#[tokio::test]
async fn a_batch_sent_twice_or_overlapping_is_harmless() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    for n in 1..=3 {
        stream.add(identified("W1", n));
    }
    push(&station, &stream, 0).await;
    assert_eq!(words(&push(&station, &stream, 0).await), ["duplicate"; 3]);
    stream.add(identified("W1", 4));
    assert_eq!(words(&push(&station, &stream, 1).await), ["duplicate", "duplicate", "applied"]);
    assert_eq!(db.count("select count(*) from dockside.event").await, 4);
    assert_eq!(db.count("select count(*) from dockside.claim").await, 4);
    assert_eq!(mark(&station, stream.uuid()).await, (4, stream.hash_at(4)));
}

#[tokio::test]
async fn a_copied_journal_that_goes_another_way_is_a_fork() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    stream.add(lost_device());
    stream.add(lost_device());
    let mut copy = stream.clone();
    stream.add(identified("W1", 1));
    push(&station, &stream, 0).await;
    copy.add(identified("W2", 1));
    copy.add(identified("W2", 2));

    let (id, central) = (stream.uuid(), station.connect().await);
    // The copy's third event where another third is stored, from before it and at it.
    assert_eq!(refusal(central, id, copy.hash_at(2), &copy.batch(2)).await, Refusal::Fork);
    let central = station.connect().await;
    assert_eq!(refusal(central, id, GENESIS, &copy.batch(0)).await, Refusal::Fork);
    // Its fourth, after a third that is not ours.
    let central = station.connect().await;
    assert_eq!(refusal(central, id, copy.hash_at(3), &copy.batch(3)).await, Refusal::Fork);
    // A repeated batch that ends before the mark, and differs there.
    let mut other = Stream::of(&station);
    other.add(lost_device());
    let central = station.connect().await;
    assert_eq!(refusal(central, id, GENESIS, &other.batch(0)).await, Refusal::Fork);
    assert_eq!(mark(&station, id).await, (3, stream.hash_at(3)));
}

#[tokio::test]
async fn poison_is_kept_aside_and_the_stream_goes_on() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    stream.add(identified("W1", 1));
    let whole = String::from_utf8(stream.events[0].body.clone()).unwrap();
    let deep = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
    let poison: Vec<(Vec<u8>, &str)> = vec![
        (b"not JSON at all".to_vec(), "not_json"),
        (Vec::new(), "not_json"),
        (vec![0xff, 0xfe, 0x00], "not_json"),
        (br#"{"kind":"\u0000"}"#.to_vec(), "not_json"),
        (b"[1,2]".to_vec(), "not_an_envelope"),
        (deep.into_bytes(), "not_json"),
        (whole.replace("\"id\":\"", "\"id\":\"x").into_bytes(), "envelope_id"),
        (whole.replace("\"seq\":1,", "\"seq\":1e400000,").into_bytes(), "not_json"),
        (whole.replace("\"seq\":1,", "\"seq\":1.5,").into_bytes(), "envelope_seq"),
        (whole.replace("\"at\":", "\"at\":9999999").into_bytes(), "envelope_at"),
        (whole.replace("\"kind\":\"UnitIdentified\",", "").into_bytes(), "envelope_kind"),
        (whole.clone().into_bytes(), "other_seq"),
    ];
    for (body, _) in &poison {
        stream.add_bytes(body.clone());
    }
    stream.add(lost_device());
    let verdicts = push(&station, &stream, 0).await;
    let said: Vec<&str> = verdicts
        .iter()
        .map(|verdict| match &verdict.outcome {
            Outcome::Quarantined { why } => why.as_str(),
            Outcome::Applied => "applied",
            Outcome::Duplicate => "duplicate",
            Outcome::ClaimLost(_) => "lost",
            Outcome::Unknown { .. } => "unknown",
        })
        .collect();
    let wanted: Vec<&str> = std::iter::once("applied")
        .chain(poison.iter().map(|(_, why)| *why))
        .chain(std::iter::once("applied"))
        .collect();
    assert_eq!(said, wanted);
    let n = u64::try_from(stream.events.len()).unwrap();
    assert_eq!(mark(&station, stream.uuid()).await, (n, stream.hash_at(n)));
    assert_eq!(db.count("select count(*) from dockside.quarantine").await, 12);
    // A station that missed the answer hears of the quarantine again.
    let again = push(&station, &stream, 0).await;
    assert_eq!(words(&again)[1], "quarantined");
}

#[tokio::test]
async fn an_event_in_anothers_name_is_quarantined() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    stream.add_as(|envelope| envelope.site = "elsewhere".parse().unwrap());
    stream.add_as(|envelope| envelope.station = 8.try_into().unwrap());
    stream.add_as(|envelope| envelope.stream = Uuid::new_v4());
    stream.add_as(|envelope| {
        envelope.site = "elsewhere".parse().unwrap();
        envelope.event = identified("W1", 1);
    });
    let verdicts = push(&station, &stream, 0).await;
    let whys: Vec<String> = verdicts
        .into_iter()
        .map(|verdict| {
            let Outcome::Quarantined { why } = verdict.outcome else { panic!("{verdict:?}") };
            why
        })
        .collect();
    assert_eq!(whys, ["other_site", "other_station", "other_stream", "other_site"]);
    assert_eq!(db.count("select count(*) from dockside.claim").await, 0);
}

#[tokio::test]
async fn a_station_cannot_push_into_the_stream_of_its_neighbour() {
    let db = cluster().fresh_database().await;
    let (own, neighbour) = (db.station("lille", 7).await, db.station("lille", 8).await);
    let mut stream = Stream::of(&own);
    stream.add(lost_device());
    push(&own, &stream, 0).await;
    stream.add(lost_device());
    let central = neighbour.connect().await;
    let refused = refusal(central, stream.uuid(), stream.hash_at(1), &stream.batch(1)).await;
    assert_eq!(refused, Refusal::OtherStation);
    let greeted = neighbour.connect().await.hello(stream.uuid()).await.err();
    assert!(matches!(greeted, Some(CentralError::Refused { refusal: Refusal::OtherStation, .. })));
}

#[tokio::test]
async fn after_central_lost_rows_the_same_events_make_it_whole() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    for n in 1..=4 {
        stream.add(identified("W1", n));
    }
    push(&station, &stream, 0).await;
    let hash: String = stream.hash_at(2).iter().map(|byte| format!("{byte:02x}")).collect();
    db.sql(&format!(
        "delete from dockside.event where seq > 2; delete from dockside.claim where seq > 3;
         update dockside.stream_mark set last_seq = 2, last_hash = decode('{hash}', 'hex')"
    ))
    .await;
    assert_eq!(mark(&station, stream.uuid()).await, (2, stream.hash_at(2)));
    assert_eq!(words(&push(&station, &stream, 2).await), ["applied", "applied"]);
    assert_eq!(db.count("select count(*) from dockside.event").await, 4);
    assert_eq!(db.count("select count(*) from dockside.claim").await, 4);
}

#[tokio::test]
async fn a_station_may_greet_and_push_and_nothing_else() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    stream.add(identified("W1", 1));
    push(&station, &stream, 0).await;
    let mut session = station.session().await;
    let forbidden = [
        "select * from dockside.event",
        "select * from dockside.event_default",
        "select * from dockside.claim",
        "select * from dockside.station",
        "select * from dockside.stream_mark",
        "insert into dockside.claim select * from dockside.claim",
        "update dockside.stream_mark set last_seq = 0",
        "delete from dockside.event",
        "truncate dockside.claim",
        "select * from dockside.caller()",
        "select dockside.caller_site()",
        "select dockside.make_months(current_date, 1)",
        "select dockside.revoke('lille', 7)",
        "select dockside.enrol('x', 'x', 1, 1, '', '', '')",
        "select dockside.envelope_of('')",
        "select * from dockside.claims_in('{}', '{}')",
        "create table dockside.mine (a int)",
        "create table public.mine (a int)",
        "create temporary table mine (a int)",
        "set role dockside_owner",
        "select * from public._sqlx_migrations",
    ];
    for statement in forbidden {
        let error = session.execute(AssertSqlSafe(statement.to_owned())).await.unwrap_err();
        let code = error.as_database_error().unwrap().code().unwrap().into_owned();
        assert_eq!(code, "42501", "{statement}: {error}");
    }
    let granted = db
        .count(
            "select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname = 'dockside' and has_function_privilege('dockside_station', p.oid, 'execute')",
        )
        .await;
    assert_eq!(granted, 2);
}

#[tokio::test]
async fn not_even_the_owner_changes_an_event() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    stream.add(lost_device());
    push(&station, &stream, 0).await;
    let mut session = db.postgres().await;
    session.execute("set role dockside_owner").await.unwrap();
    for statement in ["update dockside.event set kind = 'X'", "delete from dockside.event"] {
        let error = session.execute(statement).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().unwrap(), "42501", "{statement}");
    }
    let superusers = "select count(*) from pg_roles
        where rolname in ('dockside_owner', 'dockside_station') and (rolsuper or rolbypassrls)";
    assert_eq!(db.count(superusers).await, 0);
}

#[tokio::test]
async fn what_runs_as_the_owner_for_a_station_sees_its_site_only() {
    let db = cluster().fresh_database().await;
    let (lille, lyon) = (db.station("lille", 7).await, db.station("lyon", 3).await);
    let mut stream = Stream::of(&lille);
    stream.add(lost_device());
    stream.add_bytes(b"poison".to_vec());
    push(&lille, &stream, 0).await;
    db.sql(
        "set role dockside_owner;
         create function dockside.careless() returns bigint
         language sql security definer set search_path = pg_catalog, dockside, pg_temp as $$
           select (select count(*) from dockside.event) + (select count(*) from dockside.quarantine)
                + (select count(*) from dockside.stream_mark) $$;
         grant execute on function dockside.careless() to dockside_station",
    )
    .await;
    for (station, wanted) in [(&lille, 3), (&lyon, 0)] {
        let mut session = station.session().await;
        let seen: i64 =
            sqlx::query_scalar("select dockside.careless()").fetch_one(&mut session).await.unwrap();
        assert_eq!(seen, wanted, "{}", station.login);
    }
}

#[tokio::test]
async fn a_call_that_is_no_batch_is_refused() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut session = station.session().await;
    let zero = "decode(repeat('00', 32), 'hex')";
    let calls = [
        format!("gen_random_uuid(), 1, {zero}, '{{}}', '{{}}'"),
        format!("gen_random_uuid(), 0, {zero}, array['a'::bytea], array[{zero}]"),
        format!("gen_random_uuid(), 1, {zero}, array['a'::bytea], array['a'::bytea]"),
        format!("gen_random_uuid(), 1, {zero}, array['a'::bytea, 'b'], array[{zero}]"),
        format!("gen_random_uuid(), 1, {zero}, array[null::bytea], array[{zero}]"),
        format!("gen_random_uuid(), 1, {zero}, array['a'::bytea], array[null::bytea]"),
        format!("gen_random_uuid(), 1, {zero}, null, null"),
        format!("gen_random_uuid(), 1, null, array['a'::bytea], array[{zero}]"),
        format!("null, 1, {zero}, array['a'::bytea], array[{zero}]"),
        format!(
            "gen_random_uuid(), 1, {zero}, array_fill('a'::bytea, array[501]),
             array_fill({zero}, array[501])"
        ),
    ];
    for call in calls {
        let statement = format!("select * from dockside.ingest_v1({call})");
        let error = session.execute(AssertSqlSafe(statement)).await.unwrap_err();
        let code = error.as_database_error().unwrap().code().unwrap().into_owned();
        assert_eq!(code, "RD006", "{call}: {error}");
    }
}

#[tokio::test]
async fn five_hundred_events_go_in_one_statement() {
    const EVENTS: u32 = 500;
    const BATCHES: u32 = 10;
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    for n in 1..=EVENTS * BATCHES {
        stream.add(if n % 4 == 0 { identified("W1", n) } else { lost_device() });
    }
    let mut central = station.connect().await;
    #[expect(clippy::disallowed_methods, reason = "the figure is printed for people, not asserted")]
    let started = std::time::Instant::now();
    for k in 0..BATCHES {
        let after = u64::from(k * EVENTS);
        let batch = stream.batch(after);
        let previous = stream.hash_at(after);
        let (kept, said) = central.ingest(stream.uuid(), &previous, &batch).await.unwrap();
        central = kept;
        assert_eq!(words(&said), ["applied"; 500]);
    }
    let rate = f64::from(EVENTS * BATCHES) / started.elapsed().as_secs_f64();
    println!("{rate:.0} events/s in batches of {EVENTS}, a quarter of them claims");
    assert_eq!(mark(&station, stream.uuid()).await.0, u64::from(EVENTS * BATCHES));
}
