//! `dockside measure` on a small order book: the figures are there, each beside its floor.

use dockside::cli::Global;
use dockside::cli::measure::{MeasureArgs, run};
use serde_json::Value;

#[test]
fn every_figure_is_printed_beside_its_floor_and_nothing_is_left_behind() {
    let data = tempfile::tempdir().unwrap();
    let global = Global {
        config: None,
        data: Some(data.path().to_owned()),
        lang: None,
        json: true,
        home: Default::default(),
        terminal: Default::default(),
    };
    let mut out = Vec::new();
    let code = run(&global, &MeasureArgs { lines: 4_000, scans: 60 }, &mut out).unwrap();
    assert_eq!(code, 0);
    let figures: Vec<Value> = String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |key: &str| figures.iter().map(|figure| figure[key].clone()).collect::<Vec<_>>();
    assert_eq!(
        of("name"),
        [
            "lookup_tracking",
            "lookup_gtin",
            "append_fdatasync",
            "journal_append_refusal",
            "journal_append_bin",
            "scan_to_drawn",
            "open_station"
        ]
    );
    let append = Value::from("append_fdatasync");
    let query = Value::from("point_query");
    let none = Value::Null;
    assert_eq!(
        of("floor"),
        [&query, &query, &none, &append, &append, &append, &none].map(Value::clone)
    );
    for figure in &figures {
        let us = |key: &str| figure[key].as_f64();
        assert!(figure["n"].as_u64() > Some(5), "{figure}");
        assert!(us("p50_us") > Some(0.0) && us("p50_us") <= us("p99_us"), "{figure}");
        assert_eq!(us("floor_p99_us").is_some(), !figure["floor"].is_null(), "{figure}");
    }
    // A scan that waits for an append can't be quicker than the append.
    let p50 = |name: &str| {
        let figure = figures.iter().find(|figure| figure["name"] == name).unwrap();
        figure["p50_us"].as_f64().unwrap()
    };
    assert!(p50("scan_to_drawn") > p50("lookup_tracking"));
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
}
