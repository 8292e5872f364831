//! A made-up shift played to its end by the demo's player, through the real session and its stores.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use chrono::NaiveDate;
use dockside::cli::demo::fill;
use dockside::config;
use dockside::runtime::setup;
use dockside::runtime::stores::Stores;
use dockside::runtime::tray::Tray;
use dockside::sample::player::Player;
use dockside::sample::{Plan, Warehouse};
use dockside_core::domain::event::{Envelope, Event, RefusedCause};
use dockside_core::session::effect::Effect;
use dockside_core::session::input::Input;
use dockside_core::session::model::{Model, Screen};
use dockside_core::session::{resume, update};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// 2026-01-05T08:00:00Z.
const START_MS: i64 = 1_767_600_000_000;

/// A station without a screen, on a warehouse in a directory of its own.
struct Bench {
    tokio: Runtime,
    stores: Stores,
    model: Model,
    at: i64,
    log: Vec<Envelope>,
    _data: TempDir,
}

impl Bench {
    fn new(warehouse: &Warehouse) -> Bench {
        let data = tempfile::tempdir().unwrap();
        let config = config::load(None).unwrap();
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        tokio.block_on(fill(warehouse, data.path(), |_| {})).unwrap();
        let mut opening = setup::opening(&config, data.path());
        (opening.at_ms, opening.ballast_bytes) = (START_MS, 0);
        let (stores, state) = tokio.block_on(Stores::open(opening, data.path())).unwrap();
        let model = Model::new(Arc::new(setup::session(&config)), state, START_MS);
        let mut bench = Bench { tokio, stores, model, at: START_MS, log: Vec::new(), _data: data };
        let effects = resume(&mut bench.model);
        bench.perform(effects);
        bench
    }

    fn input(&mut self, input: Input) {
        self.at += 1000;
        let effects = update(&mut self.model, self.at, input);
        self.perform(effects);
    }

    fn scan(&mut self, code: String) {
        let device = "scanner-1".parse().unwrap();
        self.input(Input::Scanned { device, bytes: code.into_bytes(), overlong: None });
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            for answer in self.tokio.block_on(self.stores.answer(self.at, effect)) {
                if let Input::Durable { envelopes, .. } = &answer {
                    self.log.extend(envelopes.iter().cloned());
                }
                effects.extend(update(&mut self.model, self.at, answer));
            }
        }
    }

    /// Plays to the end and gives the scans.
    fn play(&mut self, player: &mut Player) -> Vec<(Screen, String)> {
        let mut scans = Vec::new();
        while let Some(code) = player.next(&self.model) {
            scans.push((self.model.screen(), code.clone()));
            self.scan(code);
            assert!(scans.len() < 2_000, "the player goes round: {:?}", &scans[1_980..]);
        }
        scans
    }

    fn refusals(&self) -> Vec<(RefusedCause, Option<String>)> {
        let of = |envelope: &Envelope| {
            let Event::ScanRefused(refused) = &envelope.event else { return None };
            Some((refused.cause, refused.code.clone()))
        };
        self.log.iter().filter_map(of).collect()
    }

    fn of_kind(&self, kind: &str) -> usize {
        self.log.iter().filter(|envelope| envelope.event.kind() == kind).count()
    }
}

fn warehouse() -> Warehouse {
    let today = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    Warehouse::new(Plan { seed: 1, orders: 4_000, today })
}

#[test]
fn a_shift_played_by_itself_ends_with_every_parcel_closed_and_every_unit_in_a_bin() {
    let warehouse = warehouse();
    let shift = warehouse.shift(20);
    let (parcels, inside): (Vec<_>, Vec<_>) =
        shift.parcels.iter().map(|parcel| (parcel.label.clone(), parcel.units.len())).unzip();
    assert_eq!(parcels.len(), 20);
    let mut bench = Bench::new(&warehouse);
    let scans = bench.play(&mut Player::new(shift));
    assert_eq!(bench.refusals(), []);
    assert_eq!(bench.model.screen(), Screen::Receive);
    for label in &parcels {
        assert_eq!(scans.iter().filter(|(_, code)| code == label).count(), 1, "{label}");
    }
    assert_eq!(bench.of_kind("ParcelArrived"), 20);
    // A parcel that closed itself is opened again for the piece that is too many.
    assert!(bench.of_kind("ParcelOpened") > 20);
    assert_eq!(bench.of_kind("ParcelClosed"), bench.of_kind("ParcelOpened"));
    let units: usize = inside.iter().sum();
    assert_eq!(bench.of_kind("UnitIdentified"), units);
    assert_eq!(bench.of_kind("UnitBinned"), units);
    assert!(scans.iter().any(|(screen, _)| *screen == Screen::Inspect), "nothing was inspected");
    assert!(bench.of_kind("UnitMissing") > 0 && bench.of_kind("UnitUnexpected") > 1);
}

#[test]
fn what_the_tray_offers_first_is_what_comes_next_and_no_code_is_there_twice() {
    let warehouse = warehouse();
    let mut bench = Bench::new(&warehouse);
    let mut player = Player::new(warehouse.shift(20));
    let mut screens = BTreeSet::new();
    loop {
        let choices = player.choices(&bench.model);
        let codes: BTreeSet<&str> = choices.iter().map(|choice| choice.code.as_str()).collect();
        assert_eq!(codes.len(), choices.len());
        assert!(choices.iter().all(|choice| !choice.label.is_empty()));
        screens.insert(bench.model.screen());
        let Some(code) = player.next(&bench.model) else { break };
        assert_eq!(choices.first().map(|choice| &choice.code), Some(&code));
        bench.scan(code);
    }
    let usual = [Screen::Badge, Screen::Receive, Screen::Item, Screen::Offer, Screen::Inspect];
    assert!(usual.iter().all(|screen| screens.contains(screen)), "{screens:?}");
}

#[test]
fn a_player_whose_scans_are_refused_gives_up_instead_of_going_round() {
    let warehouse = warehouse();
    let mut bench = Bench::new(&warehouse);
    let mut player = Player::new(warehouse.shift(3));
    // Nothing that is scanned ever reaches the station.
    let unheard: Vec<String> = std::iter::from_fn(|| player.next(&bench.model)).take(50).collect();
    assert_eq!(unheard, ["BDGRECEIVER"; 3]);
    bench.scan("BDGRECEIVER".to_owned());
    let labels: Vec<String> = std::iter::from_fn(|| player.next(&bench.model)).take(50).collect();
    assert_eq!(labels.len(), 3, "each label once: {labels:?}");
}

#[test]
fn the_tray_takes_its_keys_and_hides_on_request() {
    let warehouse = warehouse();
    let bench = Bench::new(&warehouse);
    let mut tray = Tray::new(Player::new(warehouse.shift(3)), None).unwrap();
    let shown = tray.shown(&bench.model).unwrap();
    assert_eq!((shown.selected, shown.rows.len() > 3), (0, true));
    let code = |input: Option<Input>| match input {
        Some(Input::Scanned { device, bytes, .. }) => {
            assert_eq!(device.to_string(), "tray");
            String::from_utf8(bytes).unwrap()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(code(tray.pressed(&bench.model, "Enter")), "BDGRECEIVER");
    assert_eq!(tray.pressed(&bench.model, "Up"), None);
    assert_eq!(tray.shown(&bench.model).unwrap().selected, shown.rows.len() - 1);
    assert_eq!(tray.pressed(&bench.model, "Down"), None);
    assert_eq!(tray.pressed(&bench.model, "Down"), None);
    assert_eq!(tray.shown(&bench.model).unwrap().selected, 1);
    assert_ne!(code(tray.pressed(&bench.model, "Enter")), "BDGRECEIVER");
    assert_eq!(tray.pressed(&bench.model, "F8"), Some(Input::Pressed("F8".to_owned())));
    assert_eq!(tray.pressed(&bench.model, "F11"), None);
    assert!(tray.shown(&bench.model).is_none());
    let enter = Some(Input::Pressed("Enter".to_owned()));
    assert_eq!(tray.pressed(&bench.model, "Enter"), enter);
}
