//! A scanner's whole life over a pseudo-terminal: what only hardware can show (parity, real speed,
//! modem lines) is not here.

use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use nix::pty::openpty;
use nix::sys::termios::{ControlFlags, SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::ttyname;

use super::*;

/// Longest a test waits for the thread, on a machine that has other work.
const PATIENCE: Duration = Duration::from_secs(20);

/// The scanner's end of the line, and the port's name.
struct Line {
    scanner: File,
    port: OwnedFd,
    path: PathBuf,
}

fn line() -> Line {
    let pty = openpty(None, None).unwrap();
    let mut raw = tcgetattr(&pty.slave).unwrap();
    cfmakeraw(&mut raw);
    tcsetattr(&pty.slave, SetArg::TCSANOW, &raw).unwrap();
    let path = ttyname(&pty.slave).unwrap();
    Line { scanner: File::from(pty.master), port: pty.slave, path }
}

fn config(path: &Path) -> SerialConfig {
    SerialConfig {
        device: "scanner 1".parse().unwrap(),
        path: path.to_owned(),
        line: LineSettings::default(),
        dtr: None,
        framer: FramerConfig::default(),
        feedback: Feedback::None,
    }
}

fn start(config: SerialConfig) -> (SerialHandle, Receiver<What>) {
    let (sender, told) = channel();
    #[expect(clippy::disallowed_methods, reason = "a test is the runtime of its own scanner")]
    let origin = Instant::now();
    let handle = spawn_serial(config, origin, move |input: DeviceInput| {
        assert_eq!(input.device.as_str(), "scanner 1");
        sender.send(input.what).unwrap();
    });
    (handle.unwrap(), told)
}

fn next(told: &Receiver<What>) -> What {
    told.recv_timeout(PATIENCE).unwrap()
}

fn next_scan(told: &Receiver<What>) -> Frame {
    let what = next(told);
    let What::Scan(frame) = what else { panic!("{what:?}") };
    frame
}

fn attached(told: &Receiver<What>) -> LineSettings {
    let what = next(told);
    let What::Attached { transport } = what else { panic!("{what:?}") };
    let Transport::Serial { found, .. } = transport;
    found
}

#[test]
fn a_port_is_opened_at_9600_8n1() {
    let mut line = line();
    let (_handle, told) = start(config(&line.path));
    assert_eq!(attached(&told), LineSettings::default());
    let flags = tcgetattr(&line.port).unwrap().control_flags;
    assert_eq!(flags & ControlFlags::CSIZE, ControlFlags::CS8);
    assert!(!flags.intersects(ControlFlags::PARENB | ControlFlags::CSTOPB));
    line.scanner.write_all(b"4006381333931\r\n").unwrap();
    let frame = next_scan(&told);
    assert_eq!(frame.bytes, b"4006381333931");
    assert!(!frame.unterminated && frame.first_ms <= frame.last_ms);
}

#[test]
fn each_speed_is_set_and_read_back() {
    for baud in [1_200, 19_200, 115_200] {
        let line = line();
        let asked = LineSettings { baud, ..LineSettings::default() };
        let (_handle, told) = start(SerialConfig { line: asked, ..config(&line.path) });
        assert_eq!(attached(&told), asked);
    }
}

#[test]
fn a_port_that_takes_other_settings_says_which() {
    let line = line();
    let asked = LineSettings { data_bits: DataBits::Seven, ..LineSettings::default() };
    let (_handle, told) = start(SerialConfig { line: asked, ..config(&line.path) });
    let What::Attached { transport: Transport::Serial { asked: told_asked, found, .. } } =
        next(&told)
    else {
        panic!("not attached");
    };
    // A pseudo-terminal knows eight bits only.
    assert_eq!((told_asked, found), (asked, LineSettings::default()));
}

#[test]
fn five_thousand_scans_written_at_once_lose_none() {
    let line = line();
    let (_handle, told) = start(config(&line.path));
    attached(&told);
    let log: Vec<u8> = (0..5_000).flat_map(|n| format!("LPN{n:09}\r").into_bytes()).collect();
    let mut scanner = line.scanner;
    let writer = std::thread::spawn(move || {
        scanner.write_all(&log).unwrap();
        scanner
    });
    for n in 0..5_000 {
        let frame = next_scan(&told);
        assert_eq!(String::from_utf8(frame.bytes).unwrap(), format!("LPN{n:09}"));
    }
    writer.join().unwrap();
}

#[test]
fn every_byte_value_arrives_unchanged() {
    use dockside_core::domain::framing::Terminator;
    let mut line = line();
    let framer = FramerConfig { terminators: vec![Terminator::StxEtx], ..FramerConfig::default() };
    let (_handle, told) = start(SerialConfig { framer, ..config(&line.path) });
    attached(&told);
    let code: Vec<u8> = (0..=u8::MAX).filter(|byte| !matches!(byte, 2 | 3)).collect();
    line.scanner.write_all(&[&[2], code.as_slice(), &[3]].concat()).unwrap();
    assert_eq!(next_scan(&told).bytes, code);
    let framer = FramerConfig { terminators: vec![Terminator::Cr], ..FramerConfig::default() };
    let other = self::line();
    let (_handle, told) = start(SerialConfig { framer, ..config(&other.path) });
    attached(&told);
    let mut scanner = other.scanner;
    scanner.write_all(b"\x02\x03\r").unwrap();
    assert_eq!(next_scan(&told).bytes, [2, 3]);
}

#[test]
fn a_scan_without_its_end_is_told_after_the_silence() {
    let mut line = line();
    let (_handle, told) = start(config(&line.path));
    attached(&told);
    line.scanner.write_all(b"W1001").unwrap();
    let frame = next_scan(&told);
    assert_eq!((frame.bytes.as_slice(), frame.unterminated), (&b"W1001"[..], true));
}

#[test]
fn a_scanner_pulled_out_in_mid_scan_is_lost_with_a_count_and_found_again() {
    let place = tempfile::tempdir().unwrap();
    let link = place.path().join("scanner");
    let first = line();
    symlink(&first.path, &link).unwrap();
    let framer = FramerConfig { idle_ms: 60_000, ..FramerConfig::default() };
    let (_handle, told) = start(SerialConfig { framer, ..config(&link) });
    attached(&told);
    (&first.scanner).write_all(b"W1001\rW10").unwrap();
    assert_eq!(next_scan(&told).bytes, b"W1001");
    // The three bytes come with or directly after the scan; a hang-up would throw them away unread.
    std::thread::sleep(Duration::from_millis(200));
    drop(first);
    assert_eq!(next(&told), What::Lost { partial_bytes: 3, why: LostCause::HungUp });

    std::fs::remove_file(&link).unwrap();
    let absent = WaitCause::Absent { path: link.clone() };
    assert!(matches!(next(&told), What::Waiting(_)), "the old port or the missing link");
    let mut second = line();
    symlink(&second.path, &link).unwrap();
    let mut what = next(&told);
    while what == What::Waiting(absent.clone()) {
        what = next(&told);
    }
    assert!(matches!(what, What::Attached { .. }), "{what:?}");
    second.scanner.write_all(b"01\r").unwrap();
    assert_eq!(next_scan(&told).bytes, b"01");
}

/// Bytes written before the port is open, bytes written after, stale counts told, scan read.
#[test]
fn what_waited_before_the_port_was_open_is_dropped_and_counted() {
    let cases: [(&[u8], &[u8], &[usize]); 4] = [
        (b"OLD1\rOLD2\r", b"W1001\r", &[10]),
        (b"OLD1\rTO", b"RN\rW1001\r", &[7, 4]),
        (b"~", b"\rW1001\r", &[1]),
        (b"OLD1\r", b"\nW1001\r\n", &[5]),
    ];
    for (before, after, stale) in cases {
        let mut line = line();
        line.scanner.write_all(before).unwrap();
        let mut fds = [PollFd::new(line.port.as_fd(), PollFlags::POLLIN)];
        let handed_over = poll(&mut fds, PollTimeout::MAX).unwrap();
        assert_eq!(handed_over, 1, "the kernel hands bytes over a little later");
        let framer =
            FramerConfig { idle_ms: 60_000, prefix: b"~".to_vec(), ..FramerConfig::default() };
        let (_handle, told) = start(SerialConfig { framer, ..config(&line.path) });
        attached(&told);
        line.scanner.write_all(after).unwrap();
        for &bytes in stale {
            assert_eq!(next(&told), What::Stale { bytes });
        }
        assert_eq!(next_scan(&told).bytes, b"W1001");
    }
}

#[test]
fn a_port_that_cannot_be_opened_says_why_once() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("nothing");
    let (handle, told) = start(config(&path));
    assert_eq!(next(&told), What::Waiting(WaitCause::Absent { path }));
    assert!(told.recv_timeout(Duration::from_millis(700)).is_err());
    drop(handle);

    let path = place.path().join("file");
    std::fs::write(&path, b"").unwrap();
    let (_handle, told) = start(config(&path));
    assert!(matches!(next(&told), What::Waiting(WaitCause::Unusable { .. })));

    let line = line();
    let (_handle, told) = start(config(&line.path));
    attached(&told);
    let (_second, told) = start(config(&line.path));
    assert_eq!(next(&told), What::Waiting(WaitCause::Busy { path: line.path.clone() }));
}

#[test]
fn a_denied_port_is_no_absent_one() {
    let denied = refused(PathBuf::from("p"), &io::Error::from_raw_os_error(13));
    assert_eq!(denied, WaitCause::Denied { path: PathBuf::from("p") });
}

#[test]
fn a_bell_reaches_only_a_scanner_that_is_set_for_it() {
    let mut line = line();
    let (handle, told) = start(SerialConfig { feedback: Feedback::Bel, ..config(&line.path) });
    attached(&told);
    handle.bell();
    let mut heard = [0; 1];
    line.scanner.read_exact(&mut heard).unwrap();
    assert_eq!(heard, [BEL]);
    handle.stop();

    let (handle, told) = start(config(&line.path));
    attached(&told);
    handle.bell();
    handle.stop();
    let timeout = PollTimeout::from(50_u16);
    let mut fds = [PollFd::new(line.scanner.as_fd(), PollFlags::POLLIN)];
    assert_eq!(poll(&mut fds, timeout).unwrap(), 0);
}

#[test]
fn a_handle_ends_its_thread_at_once_open_or_not() {
    let line = line();
    for path in [line.path.as_path(), Path::new("/nowhere")] {
        let (handle, told) = start(config(path));
        next(&told);
        #[expect(clippy::disallowed_methods, reason = "the stop is what is measured")]
        let begun = Instant::now();
        handle.stop();
        assert!(begun.elapsed() < Duration::from_secs(2), "{path:?}");
        assert!(told.recv().is_err(), "the thread and its sink are gone");
    }
}
