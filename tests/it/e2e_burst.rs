//! A scanner that empties its memory at once: thousands of codes, none of them lost.
#![cfg(test)]

use std::collections::BTreeSet;
use std::time::Duration;

use crate::terminal::{Pace, Station};
use crate::warehouse::{AT_BADGE, Recorded, Warehouse, now};

/// What a scanner's memory holds.
const N_SCANS: u32 = 5_000;

/// The whole of it, on record, on a machine whose disk other tests use: alone it is a quarter.
const IN_TIME: Duration = Duration::from_secs(120);

/// Numbers that nobody knows: as mostly digits they stand in the event itself.
fn codes(first: u32) -> Vec<String> {
    (first..first + N_SCANS).map(|number| format!("N{number:07}")).collect()
}

/// The codes on record as refused, and how many records they are.
fn refused(events: &[Recorded]) -> (usize, BTreeSet<String>) {
    let refused = events.iter().filter(|event| event.kind == "ScanRefused");
    let codes: Vec<String> =
        refused.map(|event| event.payload()["code"].as_str().unwrap().to_owned()).collect();
    (codes.len(), codes.into_iter().collect())
}

fn check(warehouse: &Warehouse, station: &mut Station, codes: &[String]) {
    let begun = now();
    let came = warehouse.comes_to(IN_TIME, "ScanRefused", i64::from(N_SCANS));
    let (n_records, found) = refused(&warehouse.events());
    let lost: Vec<&String> = codes.iter().filter(|code| !found.contains(*code)).take(5).collect();
    assert!(came, "{n_records} of {N_SCANS} after {:?}: {lost:?} ..", begun.elapsed());
    assert_eq!((n_records, found.len()), (codes.len(), codes.len()), "{lost:?}");
    assert!(lost.is_empty(), "{lost:?}");
    println!("{N_SCANS} scans on record in {:.1?}", begun.elapsed());
    // The newest is shown, and the station is still at the step where it stood.
    station.wait_for(codes.last().unwrap());
    station.wait_for(AT_BADGE);
    assert_eq!(warehouse.verify()["ok"], true);
}

#[test]
fn e2e_five_thousand_scans_at_once_from_a_wedge_are_all_on_record() {
    let warehouse = Warehouse::with(&[]);
    let mut station = warehouse.start();
    station.wait_for(AT_BADGE);
    let codes = codes(1);
    let bytes: String = codes.iter().map(|code| format!("{code}\r")).collect();
    station.type_bytes(bytes.as_bytes());
    check(&warehouse, &mut station, &codes);
}

#[test]
fn e2e_five_thousand_scans_at_once_on_the_serial_port_are_all_on_record() {
    let mut warehouse = Warehouse::with(&[]);
    let mut station = warehouse.start();
    let codes = codes(1);
    let bytes: String = codes.iter().map(|code| format!("{code}\r")).collect();
    warehouse.scanner.send(bytes.as_bytes(), Pace::AtOnce);
    check(&warehouse, &mut station, &codes);
}
