//! From the bench to central: the real binary, its real verbs, a real PostgreSQL.
#![cfg(test)]

use std::time::Duration;

use nix::sys::signal::Signal;
use serde_json::Value;
use sqlx::Row;

use crate::postgres::{Database, cluster};
use crate::terminal::Exit;
use crate::warehouse::{AT_RECEIVE, BADGE, Link, Parcel, Recorded, Warehouse, block_on, run};

/// A station tries central again within some seconds of its coming back.
const HEALED: Duration = Duration::from_secs(40);

/// A central made by `central init`.
fn central() -> Database {
    block_on(cluster().database_by(|database| {
        let ran = run(&["central", "init", "--url", &database.url("postgres")]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }))
}

/// A site of this database's own: logins belong to the whole cluster.
fn site(central: &Database) -> String {
    format!("lille-{}", central.name())
}

/// A login made by `central enrol`.
fn enrol(central: &Database, station: u16) -> Link {
    let (url, number) = (central.url("postgres"), station.to_string());
    let site = site(central);
    let ran = run(&["central", "enrol", "--url", &url, "--site", &site, "--station", &number]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let bundle: Value = serde_json::from_str(&ran.out).unwrap();
    let text = |key: &str| bundle[key].as_str().unwrap().to_owned();
    Link { url: central.place(), login: text("login"), password: text("password") }
}

fn station_of(central: &Database, number: u16, parcels: &[Parcel]) -> Warehouse {
    Warehouse::at(&site(central), number, Some(&enrol(central, number)), parcels)
}

/// What central holds of a station, as the journal would write it down.
fn at_central(central: &Database, station: u16) -> Vec<Recorded> {
    block_on(async {
        let mut conn = central.postgres().await;
        let events = "select seq, kind, body, hash from dockside.event
                      where station = $1 order by seq";
        let rows = sqlx::query(events).bind(i32::from(station)).fetch_all(&mut conn).await.unwrap();
        let recorded = |row: &sqlx::postgres::PgRow| Recorded {
            seq: row.get("seq"),
            kind: row.get("kind"),
            body: row.get("body"),
            hash: row.get("hash"),
        };
        rows.iter().map(recorded).collect()
    })
}

fn waiting(warehouse: &Warehouse) -> i64 {
    let ran = warehouse.run(&["sync", "status", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let status: Value = serde_json::from_str(&ran.out).unwrap();
    status["waiting"].as_i64().unwrap()
}

fn is_in_step(warehouse: &Warehouse) -> bool {
    warehouse.number("select acked_seq from push") == warehouse.last_seq()
}

#[test]
fn e2e_a_parcel_reaches_central_byte_by_byte_and_hash_by_hash() {
    let central = central();
    let parcel = Parcel::three(1);
    let mut warehouse = station_of(&central, 1, std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    station.wait_for(AT_RECEIVE);
    warehouse.scan_all(&mut station, &parcel.scans());
    station.wait_for("parcel closed, 3 items");
    warehouse.wait(&mut station, "central's word", || is_in_step(&warehouse));
    station.wait_for("in step");
    assert_eq!(waiting(&warehouse), 0);
    let events = warehouse.events();
    assert!(events.len() > 20, "{events:?}");
    assert_eq!(at_central(&central, 1), events);
    let count = |query: &str| block_on(central.count(query));
    assert_eq!(count("select count(*) from dockside.claim"), 3);
    assert_eq!(count("select count(*) from dockside.quarantine"), 0);
    assert_eq!(warehouse.count("ScanRefused"), 0);
    station.signal(Signal::SIGTERM);
    assert_eq!(station.exit_status(), Exit::Code(0));
    assert_eq!(waiting(&warehouse), 0);
    assert_eq!(warehouse.verify()["ok"], true);
}

#[test]
fn e2e_a_sample_badge_is_refused_where_there_is_a_central() {
    let central = central();
    let mut warehouse = station_of(&central, 1, &[]);
    // The compiled operators, which everybody knows.
    std::fs::remove_file(warehouse.file("config/operators.toml")).unwrap();
    let mut station = warehouse.start();
    warehouse.scan(&mut station, "BDGRECEIVER");
    station.wait_for("sample badge");
    assert_eq!(warehouse.count("ShiftStarted"), 0);
}

#[test]
fn e2e_the_work_goes_on_without_central_and_drains_when_it_is_back() {
    let central = central();
    let parcels = [Parcel::three(1), Parcel::single(2)];
    let mut warehouse = station_of(&central, 1, &parcels);
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.wait(&mut station, "central's word", || is_in_step(&warehouse));
    station.wait_for("in step");

    block_on(central.cut());
    warehouse.scan_all(&mut station, &parcels[0].scans());
    station.wait_for("parcel closed, 3 items");
    let screen = station.wait_for("waiting,");
    assert!(!screen.contains("in step"), "{screen}");
    assert!(waiting(&warehouse) > 0);
    warehouse.scan_all(&mut station, &parcels[1].scans());
    station.wait_for("parcel closed, 1 item");

    block_on(central.open(true));
    assert!(warehouse.comes_true(HEALED, || is_in_step(&warehouse)), "{}", station.screen_text());
    station.wait_for("in step");
    assert_eq!(waiting(&warehouse), 0);
    assert_eq!(at_central(&central, 1), warehouse.events());
}

#[test]
fn e2e_sync_now_pushes_what_a_station_without_central_had_written() {
    let central = central();
    let parcel = Parcel::single(1);
    let mut warehouse = station_of(&central, 1, std::slice::from_ref(&parcel));
    block_on(central.cut());
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &parcel.scans());
    station.signal(Signal::SIGTERM);
    assert_eq!(station.exit_status(), Exit::Code(0));
    assert_eq!(warehouse.number("select acked_seq from push"), 0);
    block_on(central.open(true));
    let ran = warehouse.run(&["sync", "now"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(waiting(&warehouse), 0);
    assert_eq!(at_central(&central, 1), warehouse.events());
}

#[test]
fn e2e_of_two_stations_that_receive_one_sold_unit_the_second_gets_a_case() {
    let central = central();
    let parcel = Parcel::single(1);
    let mut first = station_of(&central, 1, std::slice::from_ref(&parcel));
    let mut second = station_of(&central, 2, std::slice::from_ref(&parcel));
    let mut at_first = first.start();
    first.scan(&mut at_first, BADGE);
    first.scan_all(&mut at_first, &parcel.scans());
    first.wait(&mut at_first, "central's word", || is_in_step(&first));

    let mut at_second = second.start();
    second.scan(&mut at_second, BADGE);
    second.scan_all(&mut at_second, &parcel.scans());
    second.wait(&mut at_second, "the case", || second.count("CaseOpened") == 1);
    at_second.wait_for("received elsewhere first");
    second.wait(&mut at_second, "central's word", || is_in_step(&second));
    let events = second.events();
    let payload = |kind: &str| events.iter().find(|event| event.kind == kind).unwrap().payload();
    let (verdict, case) = (payload("VerdictReceived"), payload("CaseOpened"));
    assert_eq!(case["cause"], "double_return");
    assert_eq!(case["lpn"], payload("UnitIdentified")["lpn"]);
    assert_eq!(verdict["winner_station"], 1);
    assert_eq!(verdict["winner_operator"], "p104");
    assert_eq!(at_central(&central, 2), events);
    assert_eq!(block_on(central.count("select count(*) from dockside.claim")), 1);
    assert_eq!((first.count("CaseOpened"), second.verify()["ok"] == true), (0, true));
}
