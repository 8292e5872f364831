//! `dockside replay` as other programs rely on it: lines in, envelopes and one summary out.
//! Also the verbs around it: import before, `journal verify` after.

#![cfg(test)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const SHIRT: &str = "4006381333931";
const MUG: &str = "4006381333955";

fn dockside(data: &Path, args: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dockside"))
        .arg("--data")
        .arg(data)
        .args(args)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn kinds(lines: &[Value]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["kind"].as_str()).collect()
}

/// A station whose book holds one order with three pieces and its RMA.
fn station() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let order = json!({
        "client": "acme", "order_no": "W1001", "currency": "EUR",
        "lines": [
            {"line": 1, "sku": "S1", "gtin": SHIRT, "description": "Shirt", "qty": 1, "unit_price": 2990},
            {"line": 2, "sku": "S2", "gtin": MUG, "description": "Mug", "qty": 2, "unit_price": 900},
        ],
    });
    let rma = json!({
        "client": "acme", "rma": "RMA-1", "order_no": "W1001", "tracking": ["6A12345678901"],
        "lines": [{"line": 1, "qty": 1}, {"line": 2, "qty": 2}],
    });
    for (kind, record) in [("orders", order), ("rmas", rma)] {
        let done = dockside(dir.path(), &["import", kind, "-"], &record.to_string());
        assert!(done.status.success(), "{done:?}");
    }
    dir
}

#[test]
fn a_script_prints_its_events_and_one_summary() {
    let dir = station();
    let script = r#"
        {"scan":"BDGRECEIVER"}
        {"scan":"6A12345678901"}
        {"scan":"4006381333931"}
        {"scan":"@bin"}
        {"scan":"4006381333955"}
        {"scan":"@bin"}
        {"scan":"4006381333955"}
        {"scan":"@bin"}
    "#;
    let played = dockside(dir.path(), &["replay", "-"], script);
    assert_eq!(played.status.code(), Some(0));
    let lines = lines(&played);
    let Some((summary, events)) = lines.split_last() else { panic!("nothing was printed") };
    assert_eq!(
        summary,
        &json!({"summary": {
            "parcels": 1, "units": 3, "by_disposition": {"restock": 3}, "cases": 0,
            "settlements": 3, "screen": "receive",
        }})
    );
    let of = |kind: &str| kinds(events).into_iter().filter(|found| *found == kind).count();
    assert_eq!((of("UnitIdentified"), of("UnitBinned"), of("ParcelClosed")), (3, 3, 1));
    assert_eq!(
        events[0]["at"], 1_767_600_001_000_i64,
        "the clock starts at 08:00 and each line is a second"
    );
    let seqs: Vec<u64> = events.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");
    assert!(!dir.path().join("journal.db").exists(), "a replay is thrown away");
}

#[test]
fn a_bad_line_is_named_in_its_place_and_the_rest_goes_on() {
    let dir = station();
    let script = "{\"scan\":\"BDGRECEIVER\"}\nnot json\n{\"scan\":\"\\\\q\"}\n{\"scan\":\"@bin\"}\n\
                  {\"scan\":\"6A12345678901\"}\n{\"colour\":\"red\"}\n{\"at\":\"yesterday\"}\n";
    let played = dockside(dir.path(), &["replay", "-"], script);
    assert_eq!(played.status.code(), Some(1));
    let lines = lines(&played);
    let codes: Vec<&str> = lines.iter().filter_map(|line| line["error"]["code"].as_str()).collect();
    assert_eq!(codes, ["bad_line", "bad_escape", "no_bin", "bad_line", "bad_time"]);
    assert_eq!(lines.last().unwrap()["summary"]["screen"], "item");
}

#[test]
fn a_badge_may_be_given_and_two_equal_scans_at_once_are_a_bounce() {
    let dir = station();
    let script = "{\"scan\":\"6A12345678901\"}\n{\"scan\":\"4006381333955\"}\n\
                  {\"scan\":\"4006381333955\",\"wait_ms\":100}\n";
    let played = dockside(dir.path(), &["replay", "-", "--as", "BDGRECEIVER"], script);
    let lines = lines(&played);
    assert_eq!(kinds(&lines)[0], "ShiftStarted");
    assert!(!kinds(&lines).contains(&"ScanRefused"), "{:?}", kinds(&lines));
    assert_eq!(lines.last().unwrap()["summary"]["units"], 1);
}

#[test]
fn a_kept_replay_is_the_stations_journal_and_goes_on_where_it_stood() {
    let dir = station();
    let script = "{\"scan\":\"BDGRECEIVER\"}\n{\"scan\":\"6A12345678901\"}\n{\"scan\":\"@lpn\"}\n";
    let kept = dockside(dir.path(), &["replay", "-", "--keep"], script);
    assert_eq!(kept.status.code(), Some(1), "no plate has been given");
    let verified = dockside(dir.path(), &["journal", "verify"], "");
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    assert_eq!(lines(&verified)[0]["first_bad"], Value::Null);
    let n_events = lines(&verified)[0]["events"].as_u64().unwrap();
    let again = dockside(dir.path(), &["replay", "-", "--keep"], "{\"scan\":\"4006381333931\"}\n");
    let summary = lines(&again).pop().unwrap();
    assert_eq!(summary["summary"]["screen"], "offer", "the parcel was still open");
    let more = dockside(dir.path(), &["journal", "verify"], "");
    assert!(lines(&more)[0]["events"].as_u64().unwrap() > n_events);
}

#[test]
fn wrong_usage_and_wrong_configuration_have_their_codes() {
    let dir = station();
    assert_eq!(dockside(dir.path(), &["replay", "/nowhere"], "").status.code(), Some(2));
    assert_eq!(dockside(dir.path(), &["juggle"], "").status.code(), Some(2));
    assert_eq!(dockside(dir.path(), &["import", "orders", "x.csv"], "").status.code(), Some(2));
    let config = dir.path().join("station.toml");
    std::fs::write(&config, "site = \"lille-2\"\nstatoin = 7\n").unwrap();
    let config = config.to_str().unwrap();
    let refused = dockside(dir.path(), &["--config", config, "replay", "-"], "");
    assert_eq!(refused.status.code(), Some(3));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("station.toml line 2") && told.contains("statoin"), "{told}");
}

#[test]
fn a_refused_text_that_may_name_a_person_is_not_in_the_events() {
    let dir = station();
    let script = "{\"scan\":\"BDGRECEIVER\"}\n{\"scan\":\"JEAN DUPONT 12 RUE DES LILAS\"}\n";
    let played = dockside(dir.path(), &["replay", "-"], script);
    let text = String::from_utf8(played.stdout).unwrap();
    assert!(text.contains("ScanRefused") && !text.contains("DUPONT"), "{text}");
    assert!(text.contains("\"hash\":"), "a reference and a salted hash stand for it");
}
