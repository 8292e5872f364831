//! The station as a guest of its terminal: it takes it and gives it back, whatever happens to it,
//! and never lets a label write on it.
#![cfg(test)]

use nix::sys::signal::Signal;

use crate::terminal::{Exit, Pace, Station};
use crate::warehouse::{
    AT_BADGE, AT_OFFER, AT_RECEIVE, BADGE, Parcel, RESTOCK, Warehouse, card, gtin,
};

const CTRL_Z: &[u8] = b"\x1a";
const F2: &[u8] = b"\x1bOQ";
const F12: &[u8] = b"\x1b[24~";

/// What only a STOP says.
const AT_STOP: &str = "or press F12. Other scans are refused.";

/// Codes that no bin has.
const NO_BIN: &str = "BIN-NOWHERE-9";

#[track_caller]
fn check_given_back(station: &mut Station) {
    assert!(!station.screen().alternate_screen(), "the alternate screen is left");
    assert!(!station.screen().hide_cursor(), "the cursor shows");
    assert!(station.is_cooked(), "lines are edited and signals sent by keys again");
}

/// The state letter of the system for a process, such as T for a stopped one.
fn state(station: &Station) -> char {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", station.pid())).unwrap();
    let (_, after_name) = stat.rsplit_once(") ").unwrap();
    after_name.chars().next().unwrap()
}

#[test]
fn e2e_a_signal_ends_the_station_in_order_and_gives_the_terminal_back() {
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        let parcel = Parcel::three(1);
        let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
        let mut station = warehouse.start();
        assert!(station.screen().alternate_screen() && !station.is_cooked());
        warehouse.scan(&mut station, BADGE);
        warehouse.scan_all(&mut station, &parcel.scans()[..2]);
        let before = warehouse.events();
        station.signal(signal);
        assert_eq!(station.exit_status(), Exit::Code(0), "{signal}");
        check_given_back(&mut station);
        assert_eq!(warehouse.events(), before);
        assert_eq!(warehouse.verify()["ok"], true);
    }
}

#[test]
fn e2e_ctrl_z_goes_back_to_the_shell_and_all_is_drawn_again_after() {
    let mut warehouse = Warehouse::with(&[]);
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    station.wait_for(AT_RECEIVE);
    station.type_bytes(CTRL_Z);
    station.wait_gone(AT_RECEIVE);
    assert!(warehouse.comes_true(crate::terminal::PATIENCE, || state(&station) == 'T'));
    check_given_back(&mut station);
    station.signal(Signal::SIGCONT);
    station.wait_for(AT_RECEIVE);
    assert!(station.screen().alternate_screen() && !station.is_cooked());
    warehouse.scan(&mut station, &card("END"));
    station.wait_for("Shift ended");
}

#[test]
fn e2e_no_label_writes_on_the_terminal() {
    let mut warehouse = Warehouse::with(&[]);
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    station.wait_for(AT_RECEIVE);
    let hostile: [&[u8]; 6] = [
        b"\x1b]52;c;cHduZWQ=\x07 6A70000000001",
        b"\x1b[5;31;45mRED12345",
        b"\x9b5;31;45mRED12346",
        b"\xc2\x9b5;31;45mRED12347",
        b"\x1bPq#0;2;0;0;0\x1b\\12345678",
        b"BACK\x08\x08\x08\x0bSPACE1234\x00",
    ];
    for bytes in hostile {
        let before = warehouse.last_seq();
        warehouse.scanner.send(&[bytes, b"\r"].concat(), Pace::At9600);
        warehouse.wait(&mut station, "a refusal", || warehouse.last_seq() > before);
        let refused = warehouse.events().pop().unwrap();
        assert_eq!(refused.kind, "ScanRefused", "{bytes:?}");
        station.wait_for("unreadable characters");
    }
    // Something after the last of them, so that all of it has been written.
    warehouse.scan(&mut station, &card("END"));
    station.wait_for("Shift ended");
    let output = station.output();
    let foreign: [&[u8]; 7] =
        [b"\x1b]52", b"\x1b[5;31", b"\x9b5", b"\x1bPq", b"\x08", b"\x0b", b"\x00"];
    for part in foreign {
        let found = output.windows(part.len()).position(|window| window == part);
        assert_eq!(found, None, "{part:?} reached the terminal");
    }
}

#[test]
fn e2e_what_cannot_be_read_is_refused_in_words_and_loses_nothing() {
    let parcel = Parcel::three(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    station.wait_for(AT_RECEIVE);
    warehouse.scan(&mut station, &parcel.tracking());
    let mut damaged = gtin(100_000);
    let wrong = if damaged.pop() == Some('0') { '1' } else { '0' };
    damaged.push(wrong);
    let long = vec![b'7'; 5_000];
    let glued = format!("{}{}", gtin(100_000), gtin(200_000));
    let cases: [(&[u8], &str, &str); 5] = [
        (b"HELLO-WORLD", "unknown_code", "code not known"),
        (damaged.as_bytes(), "check_digit", "damaged or misread"),
        (&long, "too_long", "too long for a label"),
        (b"caf\xe9 12345", "charset", "unreadable characters"),
        (glued.as_bytes(), "glued", "two codes in one scan"),
    ];
    let parts = format!("{} + {}", gtin(100_000), gtin(200_000));
    for (bytes, cause, words) in cases {
        let before = warehouse.last_seq();
        warehouse.scanner.send(&[bytes, b"\r"].concat(), Pace::AtOnce);
        warehouse.wait(&mut station, words, || warehouse.last_seq() > before);
        let refused = warehouse.events().pop().unwrap();
        assert_eq!(refused.kind, "ScanRefused", "{cause}");
        assert_eq!(refused.payload()["cause"], cause);
        station.wait_for(words);
    }
    station.wait_for(&parts);
    // The parcel is where it was.
    warehouse.scan_all(&mut station, &parcel.scans()[1..]);
    station.wait_for("parcel closed, 3 items");
    warehouse.scan(&mut station, &parcel.tracking());
    assert_eq!(warehouse.events().pop().unwrap().payload()["cause"], "already_received");
    let screen = station.wait_for("was received");
    assert!(screen.contains("station 001, Anna had it"), "when, where and by whom: {screen}");
    station.type_bytes(F2);
    station.wait_gone("was received");
    station.wait_for("déjà reçu");
}

#[test]
fn e2e_a_stop_is_left_by_f12_or_its_card_and_by_no_scan_and_no_enter() {
    let parcel = Parcel::single(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    // Twice the same scan is meant here, and no bounce.
    let config = std::fs::read_to_string(warehouse.config()).unwrap();
    warehouse.configure(&format!("{config}bounce_ms = 0\n"));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &parcel.scans()[..2]);
    station.wait_for(AT_OFFER);
    for leave in ["card", "key"] {
        warehouse.scan_all(&mut station, &[NO_BIN, NO_BIN]);
        station.wait_for(AT_STOP);
        for data in [RESTOCK, &parcel.tracking(), BADGE] {
            warehouse.scan(&mut station, data);
            assert_eq!(warehouse.events().pop().unwrap().payload()["cause"], "stop_shown");
        }
        station.type_bytes(b"\r");
        // Keys are taken in order: what a key after it does shows that Enter did nothing.
        station.type_bytes(F2);
        station.wait_gone(AT_STOP);
        station.wait_for("F12");
        station.type_bytes(F2);
        station.wait_for(AT_STOP);
        match leave {
            "card" => warehouse.scanner.scan(&card("OK"), Pace::At9600),
            _ => station.type_bytes(F12),
        }
        station.wait_for(AT_OFFER);
    }
    warehouse.scan(&mut station, RESTOCK);
    station.wait_for("parcel closed, 1 item");
}

#[test]
fn e2e_a_storm_of_sizes_leaves_the_station_at_work() {
    let parcel = Parcel::three(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    let sides = [(1, 1), (200, 60), (2, 60), (200, 2), (79, 23), (80, 24), (1, 40), (100, 30)];
    for (round, scan) in (0..).zip(parcel.scans()) {
        for (cols, rows) in sides {
            station.resize(cols + round, rows);
        }
        warehouse.scan(&mut station, &scan);
    }
    station.resize(120, 40);
    station.wait_for("parcel closed, 3 items");
    assert_eq!(warehouse.count("ScanRefused"), 0);
}

#[test]
fn e2e_a_second_station_on_the_same_data_is_told_who_has_it() {
    let warehouse = Warehouse::with(&[]);
    let mut first = warehouse.start();
    let mut second = warehouse.launch(&[]);
    assert_eq!(second.exit_status(), Exit::Code(4));
    let said = second.screen_text();
    assert!(said.contains(&format!("in use by process {}", first.pid())), "{said}");
    check_given_back(&mut second);
    first.wait_for(AT_BADGE);
}

#[test]
fn e2e_a_bad_configuration_is_named_by_file_line_and_key() {
    let warehouse = Warehouse::with(&[]);
    let good = std::fs::read_to_string(warehouse.config()).unwrap();
    let cases = [
        (format!("{good}speed = 9600\n"), good.lines().count() + 1, "speed"),
        (good.replace("baud = 9600", "baud = 9601"), 10, "baud"),
        (good.replace("station = 1", "station = 0"), 2, "station"),
    ];
    for (text, line, key) in cases {
        warehouse.configure(&text);
        let mut station = warehouse.launch(&[]);
        assert_eq!(station.exit_status(), Exit::Code(3), "{key}");
        let said = station.screen_text().replace('\n', "");
        let place = format!("station.toml line {line}:");
        assert!(said.contains(&place) && said.contains(key), "{place} {key}: {said}");
        check_given_back(&mut station);
    }
    assert_eq!(warehouse.events(), []);
}
