//! What a scanner may send, and the scans it must become.

use proptest::prelude::*;

use super::*;

fn framer(terminators: &[Terminator]) -> Framer {
    Framer::new(FramerConfig { terminators: terminators.to_vec(), ..FramerConfig::default() })
}

/// The scans of one read, then of the silence after it; an unterminated one is marked with `?`.
fn check(terminators: &[Terminator], bytes: &[u8], wanted: &[&str]) {
    let mut framer = framer(terminators);
    let mut frames = Vec::new();
    framer.push(0, bytes, &mut frames);
    frames.extend(framer.idle(IDLE_MS));
    let found: Vec<String> = frames
        .iter()
        .map(|frame| {
            let mark = if frame.unterminated { "?" } else { "" };
            format!("{}{mark}", frame.bytes.escape_ascii())
        })
        .collect();
    assert_eq!(found, wanted, "{}", bytes.escape_ascii());
}

#[test]
fn each_terminator_ends_a_scan() {
    use Terminator::{Cr, CrLf, Lf, StxEtx, Tab};
    check(&[Cr], b"A1\rB2\r", &["A1", "B2"]);
    check(&[Cr], b"A1\r\nB2\r\n", &["A1", "B2"]);
    check(&[Lf], b"A1\nB2\n", &["A1", "B2"]);
    check(&[Cr, Lf], b"A1\r\nB2\rC3\n", &["A1", "B2", "C3"]);
    check(&[CrLf], b"A1\r\nB\r2\r\nC\n3\r\n", &["A1", "B\\r2", "C\\n3"]);
    check(&[CrLf], b"A1\r\r\n", &["A1\\r"]);
    check(&[CrLf, Lf], b"A1\r\nB2\n", &["A1", "B2"]);
    check(&[Tab], b"A1\tB\r2\t", &["A1", "B\\r2"]);
    check(&[StxEtx], b"\x02A\r\n1\x03\r\n\x02B\t2\x03", &["A\\r\\n1", "B\\t2"]);
    check(&[StxEtx, Cr], b"\x02A\r1\x03B2\r", &["A\\r1", "B2"]);
}

#[test]
fn a_scan_without_its_beginning_or_end_says_so_and_is_never_glued() {
    use Terminator::{Cr, StxEtx};
    check(&[Cr], b"A1\rB2", &["A1", "B2?"]);
    check(&[StxEtx], b"A1\x03\x02B2\x03", &["A1?", "B2"]);
    check(&[StxEtx], b"A1\x02B2\x03", &["A1?", "B2"]);
    check(&[StxEtx], b"\x02A1\x02B2\x03", &["A1?", "B2"]);
    check(&[StxEtx], b"A1\r\x02B2\x03", &["A1?", "B2"]);
    check(&[StxEtx], b"\x02A1", &["A1?"]);
}

#[test]
fn empty_scans_are_counted_and_not_delivered() {
    let mut framer = framer(&[Terminator::Cr, Terminator::Lf]);
    let mut frames = Vec::new();
    framer.push(0, b"\r\n\r\nA1\r\n\n\r", &mut frames);
    assert_eq!(frames.len(), 1);
    assert_eq!(framer.n_empty(), 4);
}

#[test]
fn silence_ends_a_scan_and_the_next_byte_begins_another() {
    let mut framer = framer(&[Terminator::Cr]);
    let mut frames = Vec::new();
    framer.push(1_000, b"A1", &mut frames);
    framer.push(1_099, b"B2", &mut frames);
    assert_eq!(framer.idle(1_198), None);
    assert_eq!(framer.idle_at_ms(), Some(1_199));
    framer.push(1_199, b"C3\r", &mut frames);
    let ends: Vec<_> = frames
        .iter()
        .map(|f| (f.bytes.as_slice(), f.first_ms, f.last_ms, f.unterminated))
        .collect();
    assert_eq!(ends, [(&b"A1B2"[..], 1_000, 1_099, true), (&b"C3"[..], 1_199, 1_199, false)]);
    assert_eq!(framer.idle_at_ms(), None);
}

#[test]
fn an_overlong_scan_is_delivered_once_cut_and_flagged() {
    let mut framer = framer(&[Terminator::Cr]);
    let mut frames = Vec::new();
    let mut log = vec![b'x'; SCAN_MAX_BYTES];
    log.extend(b"\r");
    log.extend(vec![b'y'; 3 * SCAN_MAX_BYTES]);
    log.extend(b"\rA1\r");
    framer.push(0, &log, &mut frames);
    let seen: Vec<_> = frames.iter().map(|f| (f.bytes.len(), f.total_len, f.overlong)).collect();
    assert_eq!(
        seen,
        [
            (SCAN_MAX_BYTES, SCAN_MAX_BYTES, false),
            (SCAN_MAX_BYTES + 1, 3 * SCAN_MAX_BYTES, true),
            (2, 2, false),
        ]
    );
}

#[test]
fn a_prefix_is_taken_off_where_it_is() {
    let config = FramerConfig { prefix: b"~~".to_vec(), max_bytes: 4, ..FramerConfig::default() };
    let mut framer = Framer::new(config);
    let mut frames = Vec::new();
    framer.push(0, b"~~A1\rB2\r~~\r~~ABCD\r~~ABCDE\r", &mut frames);
    let seen: Vec<_> = frames.iter().map(|f| (f.bytes.as_slice(), f.overlong)).collect();
    assert_eq!(seen, [(&b"A1"[..], false), (b"B2", false), (b"ABCD", false), (b"ABCDE", true)]);
    assert_eq!(framer.n_empty(), 1);
}

#[test]
fn a_lost_scanner_leaves_a_count_and_nothing_for_the_next_scan() {
    let mut framer = framer(&[Terminator::Cr]);
    let mut frames = Vec::new();
    framer.push(0, b"A1\rB2B", &mut frames);
    assert_eq!(framer.lost(), 3);
    assert_eq!(framer.lost(), 0);
    framer.push(1, b"C3\r", &mut frames);
    let seen: Vec<_> = frames.iter().map(|frame| frame.bytes.as_slice()).collect();
    assert_eq!(seen, [b"A1", b"C3"]);
}

#[test]
fn a_reader_who_was_held_up_does_not_cut_a_scan() {
    let mut framer = framer(&[Terminator::Cr]);
    let mut frames = Vec::new();
    framer.push(framer.unbroken(1_000), b"W10", &mut frames);
    framer.push(framer.unbroken(9_000), b"01\r", &mut frames);
    assert_eq!(frames.len(), 1);
    assert_eq!((frames[0].bytes.as_slice(), frames[0].last_ms), (&b"W1001"[..], 1_099));
}

fn any_terminators() -> impl Strategy<Value = Vec<Terminator>> {
    use Terminator::{Cr, CrLf, Lf, StxEtx, Tab};
    proptest::sample::subsequence(vec![Cr, Lf, CrLf, Tab, StxEtx], 0..=5)
}

/// Bytes in which the control bytes that matter are as frequent as letters.
fn any_log() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        3 => proptest::sample::select(vec![STX, ETX, TAB, LF, CR, b'~']),
        3 => b'A'..=b'C',
        1 => any::<u8>(),
    ];
    proptest::collection::vec(byte, 0..120)
}

proptest! {
    #[test]
    fn how_a_log_is_split_into_reads_makes_no_difference(
        log in any_log(),
        terminators in any_terminators(),
        cuts in proptest::collection::vec(0_usize..120, 0..20),
    ) {
        let config = FramerConfig {
            prefix: b"~".to_vec(), terminators, max_bytes: 6, ..FramerConfig::default()
        };
        let (mut whole, mut frames) = (Framer::new(config.clone()), Vec::new());
        whole.push(7, &log, &mut frames);
        frames.extend(whole.idle(7 + IDLE_MS));

        let (mut parts, mut pieces) = (Framer::new(config), Vec::new());
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(log.len())).collect();
        cuts.extend([0, log.len()]);
        cuts.sort_unstable();
        for pair in cuts.windows(2) {
            parts.push(7, &log[pair[0]..pair[1]], &mut pieces);
        }
        pieces.extend(parts.idle(7 + IDLE_MS));
        prop_assert_eq!(frames, pieces);
        prop_assert_eq!(whole.n_empty(), parts.n_empty());
    }

    #[test]
    fn no_code_is_lost_or_glued(
        codes in proptest::collection::vec(proptest::collection::vec(0x20_u8..0x7f, 1..20), 0..40),
        end in proptest::sample::select(vec![&b"\r"[..], b"\n", b"\r\n"]),
    ) {
        let mut framer = framer(&[Terminator::Cr, Terminator::Lf]);
        let mut frames = Vec::new();
        let log: Vec<u8> = codes.iter().flat_map(|code| [code.as_slice(), end].concat()).collect();
        framer.push(0, &log, &mut frames);
        let read: Vec<_> = frames.into_iter().map(|frame| frame.bytes).collect();
        prop_assert_eq!(read, codes);
    }

    #[test]
    fn every_data_byte_is_in_some_frame(log in any_log()) {
        let mut framer = framer(&[Terminator::Cr]);
        let mut frames = Vec::new();
        framer.push(0, &log, &mut frames);
        let open = framer.lost();
        let framed: usize = frames.iter().map(|frame| frame.total_len).sum();
        let mut after_cr = false;
        let data = log.iter().filter(|&&byte| {
            let is_data = byte != CR && !(byte == LF && after_cr);
            after_cr = byte == CR;
            is_data
        });
        prop_assert_eq!(framed + open, data.count());
    }
}
