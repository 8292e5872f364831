//! The stage itself is sound: it shows what a program draws, and what it says of one that fails.

use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::{Exit, Pace, Scanner, Station};

fn shell(script: &str) -> Station {
    Station::start_program(Path::new("/bin/sh"), &["-c", script], &[("WORD", "dock")], 40, 10)
}

#[test]
fn a_program_has_a_terminal_a_size_and_an_environment() {
    let mut station = shell("stty size; test -t 0 && tty >/dev/tty; echo word $WORD; exit 3");
    let screen = station.wait_for("word dock");
    assert!(screen.contains("10 40") && screen.contains("/dev/pts/"), "{screen}");
    assert_eq!(station.exit_status(), Exit::Code(3));
}

#[test]
fn what_is_typed_reaches_the_program_and_a_resize_too() {
    let mut station = shell(
        "trap 'stty size' WINCH; echo ready; while read -r line; do echo \"got $line\"; done",
    );
    station.wait_for("ready");
    station.type_bytes(b"one\r");
    station.wait_for("got one");
    station.type_slowly("two\r");
    station.wait_for("got two");
    station.resize(120, 40);
    station.type_bytes(b"\r");
    station.wait_for("40 120");
    assert_eq!(station.screen().size(), (40, 120));
}

#[test]
fn the_screen_is_what_the_escapes_made_of_it() {
    let mut station = shell("printf '\\033[?1049h\\033[2J\\033[3;5HBIN\\033[1;1Hx'; read -r _");
    station.wait_for("BIN");
    assert_eq!(station.screen_text(), "x\n\n    BIN");
    assert!(station.screen().alternate_screen());
    assert!(station.output().starts_with(b"\x1b[?1049h"));
    station.type_bytes(b"\x0c\r");
}

#[test]
fn a_signal_ends_a_program_or_is_obeyed() {
    let mut station =
        shell("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done");
    station.wait_for("ready");
    station.signal(Signal::SIGTERM);
    assert_eq!(station.exit_status(), Exit::Code(7));
    assert!(station.screen_text().contains("bye"));

    let mut station = shell("echo ready; exec sleep 600");
    station.wait_for("ready");
    assert_eq!(station.exit_so_far(), None);
    station.signal(Signal::SIGKILL);
    assert_eq!(station.exit_status(), Exit::Killed);
}

#[test]
fn a_failed_wait_shows_the_screen_and_the_end() {
    let failure = std::panic::catch_unwind(|| {
        let mut station = shell("echo SCAN PARCEL; exit 4");
        station.wait_until("the moon", Duration::from_secs(5), |screen| screen.contains("moon"));
    });
    let words = *failure.unwrap_err().downcast::<String>().unwrap();
    for part in ["for the moon", "SCAN PARCEL", "Code(4)", "40x10"] {
        assert!(words.contains(part), "{part} is not in: {words}");
    }
}

#[test]
fn a_scanner_is_read_through_its_link_before_and_after_it_was_unplugged() {
    let mut scanner = Scanner::new();
    for round in ["one", "two"] {
        let script = format!("exec <>{} && stty raw && echo open && head -c 12", path(&scanner));
        let mut station = shell(&script);
        station.wait_for("open");
        scanner.scan(round, Pace::At9600);
        scanner.scan("LPN00042", Pace::AtOnce);
        assert_eq!(station.exit_status(), Exit::Code(0));
        let whole = [round, "\rLPN00042"].concat();
        let output = String::from_utf8_lossy(station.output()).into_owned();
        assert!(output.ends_with(&whole), "{output:?}");
        scanner.unplug();
        assert!(!scanner.path().exists());
        scanner.plug();
    }
}

#[test]
fn a_scanner_hears_what_the_program_sends_back() {
    let mut scanner = Scanner::new();
    let mut station =
        shell(&format!("exec 3<>{0}; stty raw <&3; printf '\\a' >&3; read -r _", path(&scanner)));
    assert_eq!(scanner.hear(), 0x07);
    station.type_bytes(b"\r");
    assert_eq!(station.exit_status(), Exit::Code(0));
}

fn path(scanner: &Scanner) -> String {
    scanner.path().to_str().unwrap().to_owned()
}
