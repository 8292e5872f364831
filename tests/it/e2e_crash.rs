//! Crashes between scan and acknowledgement: by SIGKILL at each named point and at random instants.
//! After each restart everything that was acknowledged is on record, and the receiver, who scans
//! again what he did not see acknowledged, comes to the same end.
//! `DOCKSIDE_CRASHES` says how many random instants, `DOCKSIDE_SEED` which ones.
#![cfg(test)]

use std::collections::BTreeSet;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use dockside::central::retry::Chance;
use nix::sys::signal::{Signal, kill};
use serde_json::Value;
use sqlx::{ConnectOptions, Connection};

use crate::terminal::{Exit, PATIENCE, Pace, Station};
use crate::warehouse::{BADGE, Parcel, RESTOCK, Recorded, Warehouse, block_on, now};

/// Random instants, when nobody says how many.
const CRASHES: u32 = 20;

/// Every point between a scan and its acknowledgement, and the passages at which to die: the first
/// is that of the scanner's own record, the rest are in the parcel.
const POINTS: [(&str, [u32; 4]); 6] = [
    ("station_scan_read", [1, 2, 3, 7]),
    ("journal_before_begin", [1, 2, 4, 8]),
    ("journal_before_commit", [1, 3, 5, 8]),
    ("journal_after_commit", [1, 2, 6, 8]),
    ("journal_after_witness", [1, 3, 4, 8]),
    ("station_before_draw", [1, 2, 5, 8]),
];

/// What the screen has acknowledged since the station began: it only grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    is_welcome: bool,
    orders: BTreeSet<String>,
    plates: BTreeSet<String>,
    n_opened: usize,
    n_identified: usize,
    /// In the parcel on the bench.
    n_binned: usize,
    is_closed: bool,
}

impl Seen {
    fn look(&mut self, station: &mut Station) {
        let screen = station.screen_text();
        self.is_welcome |= screen.contains("Welcome Anna");
        let words: Vec<&str> = screen.split(|c: char| !c.is_alphanumeric()).collect();
        for pair in words.windows(2) {
            match pair {
                ["order", number] if number.starts_with('W') => {
                    self.orders.insert((*number).to_owned());
                }
                ["label" | "Label", plate] if plate.starts_with("LPN") && plate.len() == 14 => {
                    self.plates.insert((*plate).to_owned());
                }
                _ => {}
            }
        }
        let head: Vec<&str> = screen.lines().next().unwrap_or_default().split(' ').collect();
        for pair in head.windows(2) {
            match (pair[0], pair[1].parse::<usize>()) {
                ("Parcels", Ok(n)) => self.n_opened = self.n_opened.max(n),
                ("Items", Ok(n)) => self.n_identified = self.n_identified.max(n),
                _ => {}
            }
        }
        let (_, last_scans) = screen.split_once("Last scans").unwrap_or_default();
        self.is_closed |= last_scans.contains("parcel closed, 3 items");
        let n_binned = last_scans.matches("put in BIN").count() + usize::from(self.is_closed);
        self.n_binned = self.n_binned.max(n_binned);
    }

    /// The promise: what was shown as done is on record.
    fn check(&self, events: &[Recorded], since: usize, crash: &str) {
        let of = |kind: &str, key: &str| -> BTreeSet<String> {
            let texts = events.iter().filter(|event| event.kind == kind);
            texts.map(|event| event.payload()[key].as_str().unwrap().to_owned()).collect()
        };
        let count = |kind: &str| of_kind(events, kind);
        let here = |kind: &str| of_kind(&events[since..], kind);
        assert!(!self.is_welcome || count("ShiftStarted") > 0, "{crash}: {self:?}");
        assert!(self.orders.is_subset(&of("ParcelMatched", "order_no")), "{crash}: {self:?}");
        assert!(self.plates.is_subset(&of("UnitIdentified", "lpn")), "{crash}: {self:?}");
        assert!(self.n_opened <= count("ParcelOpened"), "{crash}: {self:?}");
        assert!(self.n_identified <= count("UnitIdentified"), "{crash}: {self:?}");
        assert!(self.n_binned <= here("UnitBinned"), "{crash}: {self:?}");
        assert!(!self.is_closed || here("ParcelClosed") == 1, "{crash}: {self:?}");
    }
}

fn of_kind(events: &[Recorded], kind: &str) -> usize {
    events.iter().filter(|event| event.kind == kind).count()
}

/// Where the station stands with a parcel, and so what its receiver scans next.
fn next_scan(events: &[Recorded], parcel: &Parcel, since: usize) -> Option<String> {
    let of_parcel = &events[since..];
    let (identified, binned) =
        (of_kind(of_parcel, "UnitIdentified"), of_kind(of_parcel, "UnitBinned"));
    if of_kind(events, "ShiftStarted") == 0 {
        return Some(BADGE.to_owned());
    }
    if of_kind(of_parcel, "ParcelClosed") > 0 {
        return None;
    }
    if of_kind(of_parcel, "ParcelOpened") == 0 {
        return Some(parcel.tracking());
    }
    if identified > binned {
        return Some(RESTOCK.to_owned());
    }
    Some(parcel.gtins[binned].clone())
}

/// A receiver at work; the station may die under his hands at any moment.
struct Receiver<'a> {
    warehouse: &'a mut Warehouse,
    seen: Seen,
    /// Scanned, and not acknowledged when the station died.
    unsure: Option<String>,
}

impl Receiver<'_> {
    /// Starts the station; false when it died before it took scans.
    fn begin(&mut self, station: &mut Station) -> bool {
        let before = self.warehouse.count("DeviceAttached");
        // At the point after a commit the record is there, and the station is not.
        self.until(station, "the scanner", |warehouse| warehouse.count("DeviceAttached") > before)
    }

    /// Waits for a claim on the journal; false when the station died first.
    fn until(
        &mut self,
        station: &mut Station,
        wanted: &str,
        claim: impl Fn(&Warehouse) -> bool,
    ) -> bool {
        let begun = now();
        loop {
            self.seen.look(station);
            if station.exit_so_far().is_some() {
                // What it wrote last is on the screen of the one who looks a moment later.
                assert_eq!(station.exit_status(), Exit::Killed);
                self.seen.look(station);
                return false;
            }
            if claim(self.warehouse) {
                return true;
            }
            assert!(begun.elapsed() < PATIENCE, "no {wanted}\n{}", station.screen_text());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Receives the parcel to its end; false when the station died on the way.
    fn receive(&mut self, station: &mut Station, parcel: &Parcel, since: usize) -> bool {
        if !self.begin(station) {
            return false;
        }
        if let Some(code) = self.unsure.take()
            && !(code == BADGE && self.warehouse.count("ShiftStarted") > 0)
            && !self.scan(station, &code)
        {
            return false;
        }
        while let Some(code) = next_scan(&self.warehouse.events(), parcel, since) {
            if !self.scan(station, &code) {
                return false;
            }
        }
        true
    }

    /// Scans, and waits until something of it is on record and shown.
    fn scan(&mut self, station: &mut Station, code: &str) -> bool {
        self.seen.look(station);
        let (seen, before) = (self.seen.clone(), self.warehouse.last_seq());
        self.warehouse.scanner.scan(code, Pace::At9600);
        let lives = self.until(station, code, |warehouse| warehouse.last_seq() > before);
        if !lives && self.seen == seen {
            self.unsure = Some(code.to_owned());
        }
        lives
    }
}

/// Receives one parcel across a crash, and checks what is promised of it.
fn across(
    warehouse: &mut Warehouse,
    parcel: &Parcel,
    crash: &str,
    doomed: impl FnOnce(&Warehouse) -> (Station, Option<Doom>),
) -> bool {
    let since = warehouse.events().len();
    let (mut station, doom) = doomed(warehouse);
    let mut receiver = Receiver { warehouse, seen: Seen::default(), unsure: None };
    let done = receiver.receive(&mut station, parcel, since);
    let died = match doom {
        // Called off when the parcel was done before.
        Some(doom) => {
            drop(doom);
            !done || station.exit_so_far().is_some()
        }
        // What is on record at the last point is so a moment before the death.
        None => !done || !receiver.until(&mut station, "death", |_| false),
    };
    receiver.seen.look(&mut station);
    drop(station);
    receiver.seen.check(&receiver.warehouse.events(), since, crash);
    if receiver.warehouse.data().join("journal.db").exists() {
        let report = receiver.warehouse.verify();
        assert_eq!(report["ok"], true, "{crash}: {report}");
    }

    let mut station = receiver.warehouse.launch(&[]);
    assert!(receiver.receive(&mut station, parcel, since), "{crash}: the second start");
    drop(station);
    let events = receiver.warehouse.events();
    receiver.seen.check(&events, since, crash);
    check_end(&events[since..], parcel, crash);
    died
}

/// The parcel is closed, each unit is in the bin, and no sold unit is claimed twice.
fn check_end(events: &[Recorded], parcel: &Parcel, crash: &str) {
    let of = |kind: &str| -> Vec<Value> {
        let of_kind = events.iter().filter(|event| event.kind == kind);
        of_kind.map(Recorded::payload).collect()
    };
    let n_units = parcel.gtins.len();
    let (identified, binned) = (of("UnitIdentified"), of("UnitBinned"));
    let sold: BTreeSet<String> = identified
        .iter()
        .map(|unit| format!("{} {} {}", unit["order_no"], unit["line"], unit["n"]))
        .collect();
    assert_eq!((identified.len(), sold.len()), (n_units, n_units), "{crash}: {sold:?}");
    let plates: BTreeSet<String> = identified.iter().map(|unit| unit["lpn"].to_string()).collect();
    let put: BTreeSet<String> = binned.iter().map(|unit| unit["lpn"].to_string()).collect();
    assert_eq!((binned.len(), &put), (n_units, &plates), "{crash}");
    assert!(binned.iter().all(|unit| unit["bin"] == RESTOCK), "{crash}: {binned:?}");
    assert_eq!(of("SettlementProposed").len(), n_units, "{crash}");
    for once in ["ParcelArrived", "ParcelOpened", "ParcelMatched", "ParcelClosed"] {
        assert_eq!(of(once).len(), 1, "{crash}: {once}");
    }
    assert!(of("CaseOpened").is_empty() && of("Reversed").is_empty(), "{crash}");
}

/// A death at a set time, called off when dropped.
struct Doom {
    call_off: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Doom {
    fn after(station: &Station, wait: Duration) -> Doom {
        let (pid, (call_off, called_off)) = (station.pid(), channel());
        let thread = std::thread::spawn(move || {
            if called_off.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                // A station that has died meanwhile of itself is found by who waits for it.
                let _ = kill(pid, Signal::SIGKILL);
            }
        });
        Doom { call_off: Some(call_off), thread: Some(thread) }
    }
}

impl Drop for Doom {
    fn drop(&mut self) {
        drop(self.call_off.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

/// # Panics
/// When the binary was built without its fail points: the test would prove nothing.
fn needs_fail_points(warehouse: &Warehouse) {
    let ran = warehouse.run(&["--fail-point", "none:1", "import", "orders", "/dev/null"]);
    assert_eq!(ran.code, 0, "the binary has no fail points, build it with them: {}", ran.err);
}

#[test]
fn e2e_a_crash_at_any_named_point_loses_nothing_that_was_acknowledged() {
    let points: Vec<(&str, u32)> =
        POINTS.iter().flat_map(|(point, nths)| nths.map(|nth| (*point, nth))).collect();
    let parcels: Vec<Parcel> = (1..).map(Parcel::three).take(points.len()).collect();
    let mut warehouse = Warehouse::with(&parcels);
    needs_fail_points(&warehouse);
    for ((point, nth), parcel) in points.into_iter().zip(&parcels) {
        let crash = format!("{point}:{nth}");
        let died = across(&mut warehouse, parcel, &crash, |warehouse| {
            (warehouse.launch(&[("DOCKSIDE_FAIL_POINT", &crash)]), None)
        });
        assert!(died, "the station passed {crash} alive");
    }
}

#[expect(clippy::disallowed_methods, reason = "how long to test is asked of the environment")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// How long one parcel takes from the start of the program to its end.
fn undisturbed(warehouse: &mut Warehouse, parcel: &Parcel) -> Duration {
    let begun = now();
    let mut station = warehouse.launch(&[]);
    let mut receiver = Receiver { warehouse, seen: Seen::default(), unsure: None };
    assert!(receiver.receive(&mut station, parcel, 0));
    let taken = begun.elapsed();
    // Without a crash all of it is seen: the check below would otherwise have nothing to hold.
    station.wait_for("parcel closed, 3 items");
    receiver.seen.look(&mut station);
    let Seen { is_welcome, orders, plates, n_opened, n_identified, n_binned, is_closed } =
        receiver.seen;
    assert!(is_welcome && is_closed);
    assert_eq!((orders.len(), plates.len()), (1, 3));
    assert_eq!((n_opened, n_identified, n_binned), (1, 3, 3));
    taken
}

#[test]
fn e2e_a_crash_at_any_instant_loses_nothing_that_was_acknowledged() {
    let crashes = asked("DOCKSIDE_CRASHES").map_or(CRASHES, |asked| asked.try_into().unwrap());
    let by_clock = || u64::from(std::process::id());
    let seed = asked("DOCKSIDE_SEED").unwrap_or_else(by_clock);
    println!("DOCKSIDE_SEED={seed} DOCKSIDE_CRASHES={crashes}");
    let parcels: Vec<Parcel> = (0..=crashes).map(Parcel::three).collect();
    let (calm, parcels) = parcels.split_first().unwrap();
    let mut warehouse = Warehouse::with(std::slice::from_ref(calm));
    // Not the whole of it: the machine may have less other work by then.
    let latest_us = u64::try_from(undisturbed(&mut warehouse, calm).as_micros() * 3 / 4).unwrap();
    // The others begin where there is nothing yet: a first start can be killed as well.
    let mut warehouse = Warehouse::with(parcels);
    let mut chance = Chance::new(seed);
    let mut n_died = 0;
    for parcel in parcels {
        let wait = Duration::from_micros(chance.draw() % latest_us);
        let crash = format!("seed {seed}, parcel {}, after {wait:?}", parcel.number);
        let died = across(&mut warehouse, parcel, &crash, |warehouse| {
            let station = warehouse.launch(&[]);
            let doom = Doom::after(&station, wait);
            (station, Some(doom))
        });
        n_died += u32::from(died);
    }
    println!("{n_died} of {crashes} died on the way");
    assert!(n_died * 4 > crashes, "too few of the crashes hit the work");
}

#[test]
fn e2e_one_byte_altered_anywhere_in_an_event_is_named_by_verify() {
    let parcel = Parcel::three(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &parcel.scans());
    station.signal(Signal::SIGTERM);
    assert_eq!(station.exit_status(), Exit::Code(0));
    assert_eq!(warehouse.verify()["ok"], true);
    let events = warehouse.events();
    for event in &events {
        // Every third byte of each event, so that all its parts are met.
        let first = usize::try_from(event.seq).unwrap() % 3;
        let places = [first, event.body.len() / 2, event.body.len() - 1 - first];
        for place in places {
            let mut body = event.body.clone();
            body[place] ^= 1;
            alter(&warehouse, event.seq, &body);
            let report = warehouse.verify();
            assert_eq!(report["ok"], false, "byte {place} of {}", event.seq);
            assert_eq!(report["first_bad"]["seq"], event.seq, "byte {place}: {report}");
        }
        alter(&warehouse, event.seq, &event.body);
    }
    assert_eq!(warehouse.verify()["ok"], true);
}

/// Writes past the program, as a forger would.
fn alter(warehouse: &Warehouse, seq: i64, body: &[u8]) {
    block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new();
        let mut conn =
            options.filename(warehouse.data().join("journal.db")).connect().await.unwrap();
        let update = sqlx::query("update event set body = ?1 where seq = ?2").bind(body).bind(seq);
        assert_eq!(update.execute(&mut conn).await.unwrap().rows_affected(), 1);
        conn.close().await.unwrap();
    });
}
