//! Every screen as it stands in a shift, by name. Start at `scenes`.

use dockside_core::domain::operator::Lang;
use dockside_core::session::input::{DiskState, Input, StoreFailure, SyncStatus};
use dockside_core::session::model::Model;

use super::bench::{Bench, MUG, SHIRT, SHOES, STRANGER};

/// Every screen, and every thing said that changes its look, by name.
pub(super) fn scenes(lang: Lang) -> Vec<(&'static str, Model)> {
    let ready = || Bench::ready(lang);
    let with = |name, steps: &dyn Fn(&mut Bench)| {
        let mut bench = ready();
        steps(&mut bench);
        (name, bench.model)
    };
    vec![
        ("badge", Bench::new(lang).model),
        with("badge_resume", &|bench| {
            bench.scan("6A12345678901").card("END").card("END");
        }),
        with("receive", &|bench| {
            bench.scan("6A12345678901").scan(SHIRT).scan("BIN-RESTOCK-1");
            bench.scan(SHOES).scan("BIN-RESTOCK-1").scan(MUG).scan("BIN-RESTOCK-1");
        }),
        with("receive_attention", &|bench| {
            bench.scan("6A22222222222").card("DONE").card("DONE").scan("6A22222222222");
        }),
        with("choose", &|bench| {
            bench.scan("555000");
        }),
        with("item", &|bench| {
            bench.scan("6A22222222222").scan(SHIRT).scan("BIN-RESTOCK-1");
        }),
        with("item_blind", &|bench| {
            bench.scan("1Z999AA10123456784");
        }),
        with("item_short", &|bench| {
            bench.scan("6A12345678901").scan(SHIRT).scan("BIN-RESTOCK-1").card("DONE");
        }),
        with("offer", &|bench| {
            bench.scan("6A12345678901").scan(SHOES);
        }),
        with("inspect", &|bench| {
            bench.scan("6A12345678901").scan(SHOES).card("INSPECT");
        }),
        with("inspect_four", &|bench| {
            bench.scan("6A12345678901").scan(SHOES).card("INSPECT").card("SELC");
        }),
        with("put", &|bench| {
            bench.scan("6A12345678901").scan(SHOES).card("INSPECT").card("SELC").card("SELB");
        }),
        with("put_unexpected", &|bench| {
            bench.scan("6A12345678901").scan(STRANGER);
        }),
        with("put_wrong_bin", &|bench| {
            bench.scan("6A12345678901").scan(SHOES).card("INSPECT").card("SELD");
            bench.scan("BIN-RESTOCK-1");
        }),
        with("stop_wrong_bin", &|bench| {
            bench.scan("6A12345678901").scan(SHOES).card("INSPECT").card("SELD");
            bench.scan("BIN-RESTOCK-1").scan("BIN-RESTOCK-1").scan("6A12345678901");
        }),
        with("stop_disk", &|bench| {
            bench.fails = Some(StoreFailure::DiskFull);
            bench.scan("6A12345678901");
        }),
        with("help", &|bench| {
            bench.scan("6A12345678901").scan(SHOES).card("INSPECT").card("HELP");
        }),
        with("troubles", &|bench| {
            let since_at = bench.at - 260_000;
            bench.input(Input::Sync(SyncStatus::Waiting { events: 1_057, since_at }));
            bench.input(Input::Disk(DiskState::Low));
            bench.input(Input::DeviceLost { device: "left".parse().unwrap(), partial_bytes: 3 });
            bench.input(Input::Typing("6A1234".into()));
        }),
    ]
}

pub(super) fn tray() -> crate::view::TrayView {
    let rows = ["6A12345678901  parcel of Marie", "shirt", "shoe", "mug", "wrong bin", "damaged"];
    crate::view::TrayView {
        title: "Tray".into(),
        rows: rows.map(str::to_owned).to_vec(),
        selected: 2,
        hint: "F11 next".into(),
    }
}
