//! The receiver's work in the real binary: a scanner on a serial line, no key pressed.
#![cfg(test)]

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::terminal::{Exit, Pace};
use crate::warehouse::{
    AT_BADGE, AT_OFFER, AT_RECEIVE, BADGE, Parcel, RESTOCK, Recorded, Warehouse, card,
};

/// An event without what differs between two runs of one script: its id, stream, time and device,
/// and its number, because a terminal run also has its scanner on record.
fn essence(envelope: &Value) -> Value {
    let mut envelope = envelope.clone();
    for aside in ["id", "stream", "at", "device", "seq"] {
        envelope.as_object_mut().unwrap().remove(aside).unwrap();
    }
    envelope
}

/// What the receiver did, in the terminal.
fn work(events: &[Recorded]) -> Vec<Value> {
    let by_itself = ["StreamOpened", "DeviceAttached"];
    let done = events.iter().filter(|event| !by_itself.contains(&event.kind.as_str()));
    done.map(|event| essence(&event.envelope())).collect()
}

/// The same scans through `dockside replay`.
fn replayed(warehouse: &Warehouse, scans: &[String]) -> Vec<Value> {
    let lines: Vec<String> = scans.iter().map(|scan| json!({ "scan": scan }).to_string()).collect();
    let script = warehouse.file("script.jsonl");
    std::fs::write(&script, lines.join("\n")).unwrap();
    let ran = warehouse.run(&["replay", script.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut lines: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let summary = lines.pop().unwrap();
    assert_eq!(summary["summary"]["screen"], "receive", "{summary}");
    lines.iter().map(essence).collect()
}

fn of_kind<'a>(events: &'a [Recorded], kind: &str) -> Vec<&'a Recorded> {
    events.iter().filter(|event| event.kind == kind).collect()
}

#[test]
fn e2e_three_units_go_from_badge_to_bins_without_a_key_and_replay_gives_the_same_events() {
    let parcel = Parcel::three(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    station.wait_for(AT_BADGE);
    let mut scans = vec![BADGE.to_owned()];
    scans.extend(parcel.scans());
    // As fast as the line carries them: nobody waits for the screen.
    for scan in &scans {
        warehouse.scanner.scan(scan, Pace::At9600);
    }
    warehouse.wait(&mut station, "the parcel's end", || warehouse.count("ParcelClosed") == 1);
    station.wait_for("parcel closed, 3 items");
    let events = warehouse.events();
    assert!(of_kind(&events, "ScanRefused").is_empty());
    let bins: Vec<Value> =
        of_kind(&events, "UnitBinned").iter().map(|event| event.payload()["bin"].clone()).collect();
    assert_eq!(bins, [RESTOCK; 3]);
    assert_eq!(of_kind(&events, "SettlementProposed").len(), 3);
    assert_eq!(warehouse.verify()["ok"], true);
    assert_eq!(work(&events), replayed(&warehouse, &scans));
    station.signal(Signal::SIGTERM);
    assert_eq!(station.exit_status(), Exit::Code(0));
}

#[test]
fn e2e_an_announced_clean_single_unit_takes_three_scans_after_sign_in() {
    let parcel = Parcel::single(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    station.wait_for(AT_RECEIVE);
    let before = warehouse.last_seq();
    let scans = parcel.scans();
    assert_eq!(scans.len(), 3);
    warehouse.scan_all(&mut station, &scans);
    station.wait_for("parcel closed, 1 item");
    let wanted = [
        "ParcelArrived",
        "ParcelOpened",
        "ParcelMatched",
        "UnitIdentified",
        "UnitGraded",
        "UnitAccepted",
        "UnitDispositioned",
        "FillingOpened",
        "UnitBinned",
        "SettlementProposed",
        "ParcelClosed",
    ];
    assert_eq!(warehouse.kinds_after(before), wanted);
    let graded = of_kind(&warehouse.events(), "UnitGraded")[0].payload();
    assert_eq!((&graded["grade"], &graded["implied"]), (&json!("A"), &json!(true)));
}

#[test]
fn e2e_undo_by_card_takes_back_one_step_and_the_work_goes_on() {
    let parcel = Parcel::three(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    let scans = parcel.scans();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &scans[..3]);
    station.wait_for(&format!("put in {RESTOCK}"));
    let before = warehouse.last_seq();
    warehouse.scan(&mut station, &card("UNDO"));
    station.wait_for("last step taken back");
    let undone = warehouse.kinds_after(before);
    assert!(!undone.is_empty() && undone.iter().all(|kind| kind == "Reversed"), "{undone:?}");
    // The unit is in hand again: its bin, then the rest.
    warehouse.scan_all(&mut station, &scans[2..]);
    station.wait_for("parcel closed, 3 items");
    let events = warehouse.events();
    assert_eq!(of_kind(&events, "UnitIdentified").len(), 3, "no unit was identified anew");
    assert_eq!(of_kind(&events, "UnitBinned").len(), 4, "one of them was taken back");
    assert!(of_kind(&events, "ScanRefused").is_empty());
    assert_eq!(warehouse.verify()["ok"], true);
}

#[test]
fn e2e_a_restart_with_a_unit_in_hand_goes_on_where_it_stood() {
    let parcel = Parcel::three(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let scans = parcel.scans();
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &scans[..2]);
    station.wait_for(AT_OFFER);
    station.signal(Signal::SIGTERM);
    assert_eq!(station.exit_status(), Exit::Code(0));

    let mut station = warehouse.start();
    station.wait_for(AT_OFFER);
    warehouse.scan_all(&mut station, &scans[2..]);
    station.wait_for("parcel closed, 3 items");
    assert_eq!(warehouse.count("ScanRefused"), 0);
    assert_eq!(warehouse.count("UnitIdentified"), 3);
}

#[test]
fn e2e_a_scanner_pulled_out_in_mid_scan_is_told_and_the_work_goes_on_with_it_back() {
    let parcel = Parcel::single(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &parcel.scans()[..2]);
    warehouse.scanner.send(&RESTOCK.as_bytes()[..6], Pace::At9600);
    warehouse.scanner.unplug();
    station.wait_for("bench lost");
    let lost = warehouse.events().pop().unwrap();
    assert_eq!(lost.kind, "DeviceLost");
    assert!(lost.payload()["partial_bytes"].as_i64().unwrap() <= 6, "{}", lost.payload());
    let attached = warehouse.count("DeviceAttached");
    warehouse.scanner.plug();
    warehouse.wait(&mut station, "the scanner", || warehouse.count("DeviceAttached") > attached);
    station.wait_gone("bench lost");
    warehouse.scan(&mut station, RESTOCK);
    station.wait_for("parcel closed, 1 item");
    assert_eq!(warehouse.count("ScanRefused"), 0);
}

#[test]
fn e2e_a_scan_from_another_scanner_in_mid_unit_is_refused_audibly() {
    let parcel = Parcel::single(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &parcel.scans()[..2]);
    station.wait_for(AT_OFFER);
    assert!(!station.output().contains(&b'\x07'));
    // The wedge is a scanner of its own.
    station.type_bytes(b"BIN-QUARANTINE-1\r");
    station.wait_for("other scanner, item in hand");
    assert!(station.output().contains(&b'\x07'));
    assert_eq!(warehouse.events().pop().unwrap().payload()["cause"], "other_scanner");
    warehouse.scan(&mut station, RESTOCK);
    station.wait_for("parcel closed, 1 item");
}

#[test]
fn e2e_broken_rows_of_an_import_stand_aside_and_the_rest_is_received() {
    let parcel = Parcel::single(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let rows = warehouse.file("broken.jsonl");
    std::fs::write(
        &rows,
        "{\"order_no\": \nnot json\n{\"order_no\":\"X1\",\"currency\":\"EUR\"}\n",
    )
    .unwrap();
    let ran = warehouse.run(&["import", "orders", rows.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let outcome: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        outcome["read"].as_i64().unwrap(),
        outcome["rejected"].as_i64().unwrap() + outcome["stored"].as_i64().unwrap()
    );
    assert!(std::path::Path::new(outcome["reject_file"].as_str().unwrap()).exists());
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &parcel.scans());
    station.wait_for("parcel closed, 1 item");
}
