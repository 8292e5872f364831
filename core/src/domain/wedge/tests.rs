//! What hands and scanners type, and what it must be taken for.

use proptest::prelude::*;

use super::*;

/// One key a character: `\r` is Enter, `\t` Tab, any other control byte Control and its letter.
fn key(letter: char) -> WedgeKey {
    match letter {
        '\r' => WedgeKey::Enter,
        '\t' => WedgeKey::Tab,
        '\u{1}'..='\u{1a}' => {
            WedgeKey::Ctrl(char::from(b'a' + u8::try_from(u32::from(letter)).unwrap() - 1))
        }
        '\u{1d}' => WedgeKey::Ctrl('5'),
        _ => WedgeKey::Char(letter),
    }
}

fn told(out: &[WedgeOut]) -> Vec<String> {
    out.iter()
        .map(|out| match out {
            WedgeOut::Scan(frame) => format!("scan {}", frame.bytes.escape_ascii()),
            WedgeOut::Key(name) => format!("key {name}"),
            WedgeOut::Typed(text) => format!("typed {}", text.escape_default()),
        })
        .collect()
}

/// Plays (time in milliseconds, keys at once), then silence.
fn check(parts: &[(u64, &str)], wanted: &[&str]) {
    let mut wedge = Wedge::new(WedgeConfig::default());
    let mut out = Vec::new();
    for (at_ms, keys) in parts {
        for letter in keys.chars() {
            wedge.push(*at_ms, key(letter), &mut out);
        }
    }
    wedge.idle(parts.last().map_or(0, |last| last.0) + 10_000, &mut out);
    assert_eq!(told(&out), wanted, "{parts:?}");
    assert_eq!(wedge.idle_at_ms(), None);
}

#[test]
fn a_burst_that_ends_with_enter_or_tab_is_a_scan() {
    check(&[(0, "W1001\r")], &["scan W1001"]);
    check(&[(0, "W1001\t")], &["scan W1001"]);
    check(&[(0, "W10"), (34, "01"), (68, "\r")], &["scan W1001"]);
    check(&[(0, "W1001\rXXOKT\r")], &["scan W1001", "scan XXOKT"]);
    check(&[(0, "é&\"'\r")], &["scan \\xc3\\xa9&\\\"\\'"]);
}

#[test]
fn cr_lf_and_a_doubled_enter_make_one_scan() {
    check(&[(0, "W1001\r\nW1002\r\n")], &["scan W1001", "scan W1002"]);
    check(&[(0, "W1001\r\rW1002\t\r")], &["scan W1001", "scan W1002"]);
    check(&[(0, "W1001\r"), (500, "\r")], &["scan W1001", "key Enter"]);
}

#[test]
fn slow_keys_are_keys_and_enter_alone_is_enter() {
    check(&[(0, "1")], &["key 1"]);
    check(&[(0, "\r")], &["key Enter"]);
    check(&[(0, " ")], &["key Space"]);
    check(&[(0, "\u{3}")], &["key Ctrl+C"]);
    check(
        &[(0, "W"), (90, "1"), (200, "0"), (310, "\r")],
        &["key W", "key 1", "key 0", "key Enter"],
    );
    check(&[(0, "ab"), (20, "\r")], &["key a", "key b", "key Enter"]);
}

#[test]
fn a_held_key_is_no_scan() {
    let held: Vec<(u64, &str)> = (0..6).map(|n| (33 * n, "0")).chain([(180, "\r")]).collect();
    check(&held, &["typed 000000", "key Enter"]);
}

#[test]
fn text_that_comes_at_once_without_enter_is_typed() {
    check(&[(0, "Dupont")], &["typed Dupont"]);
    check(&[(0, "Dupont"), (900, "\r")], &["typed Dupont", "key Enter"]);
}

#[test]
fn control_keys_inside_a_burst_are_bytes_of_the_code() {
    check(&[(0, "0101\u{1d}21A\nB\r")], &["scan 0101\\x1d21A\\nB"]);
    check(&[(0, "\u{2}W10\r"), (0, "\u{2}W1001\u{3}\r")], &["scan \\x02W10", "scan W1001"]);
    check(&[(0, "\u{2}W1001\u{3}")], &["scan W1001"]);
    check(&[(0, "W1001\n")], &["scan W1001"]);
}

#[test]
fn a_scan_torn_by_a_busy_computer_is_whole_or_typed_but_never_shorter() {
    check(&[(0, "W10"), (119, "01\r")], &["scan W1001"]);
    check(&[(0, "W10"), (130, "0123\r")], &["typed W10", "typed 0123", "key Enter"]);
    check(&[(0, "W"), (60, "1001\r")], &["key W", "typed 1001", "key Enter"]);
    check(&[(0, "W1001\rW"), (100, "1002\r")], &["scan W1001", "scan W1002"]);
}

#[test]
fn a_scan_after_an_answered_key_is_a_scan() {
    check(&[(0, "1"), (400, "W1001\r")], &["key 1", "scan W1001"]);
    check(&[(0, "1"), (60, "\r"), (100, "W1001\r")], &["key 1", "key Enter", "scan W1001"]);
}

#[test]
fn a_code_cannot_press_keys() {
    let mut wedge = Wedge::new(WedgeConfig::default());
    let mut out = Vec::new();
    for letter in "W1001".chars() {
        wedge.push(0, key(letter), &mut out);
    }
    wedge.push(0, WedgeKey::Named("F12".to_owned()), &mut out);
    wedge.push(0, WedgeKey::Enter, &mut out);
    assert_eq!(told(&out), ["scan W1001\\x1b"]);

    wedge.push(500, WedgeKey::Named("F12".to_owned()), &mut out);
    assert_eq!(out.last(), Some(&WedgeOut::Key("F12".to_owned())));
}

#[test]
fn a_special_key_lets_go_of_what_was_typed_before_it() {
    let mut wedge = Wedge::new(WedgeConfig::default());
    let mut out = Vec::new();
    wedge.push(0, key('a'), &mut out);
    wedge.push(10, WedgeKey::Named("Esc".to_owned()), &mut out);
    assert_eq!(told(&out), ["key a", "key Esc"]);
}

#[test]
fn prefix_and_length_hold_for_keys_too() {
    let config = WedgeConfig { prefix: b"~".to_vec(), max_bytes: 8, ..WedgeConfig::default() };
    let mut wedge = Wedge::new(config);
    let mut out = Vec::new();
    for letter in "~W1001\r~W100123456789\r".chars() {
        wedge.push(0, key(letter), &mut out);
    }
    let [WedgeOut::Scan(first), WedgeOut::Scan(second)] = out.as_slice() else {
        panic!("{out:?}");
    };
    assert_eq!((first.bytes.as_slice(), first.overlong), (&b"W1001"[..], false));
    assert_eq!((second.bytes.len(), second.total_len, second.overlong), (9, 13, true));
}

#[test]
fn a_held_back_key_says_when_it_is_due() {
    let mut wedge = Wedge::new(WedgeConfig::default());
    let mut out = Vec::new();
    wedge.push(1_000, key('7'), &mut out);
    assert_eq!(wedge.idle_at_ms(), Some(1_035));
    wedge.idle(1_034, &mut out);
    assert_eq!(out, []);
    wedge.idle(1_035, &mut out);
    assert_eq!(told(&out), ["key 7"]);
}

#[test]
fn a_reader_who_was_held_up_does_not_tear_a_scan() {
    let mut wedge = Wedge::new(WedgeConfig::default());
    let mut out = Vec::new();
    for (now_ms, letter) in [(0, 'W'), (900, '1'), (901, '0'), (1_800, '\r')] {
        wedge.push(wedge.unbroken(now_ms), key(letter), &mut out);
    }
    assert_eq!(told(&out), ["scan W10"]);
}

#[test]
fn five_thousand_scans_at_once_are_five_thousand_scans() {
    let mut wedge = Wedge::new(WedgeConfig::default());
    let mut out = Vec::new();
    for n in 0..5_000 {
        for letter in format!("LPN{n:09}\r").chars() {
            wedge.push(3, key(letter), &mut out);
        }
    }
    let wanted: Vec<String> = (0..5_000).map(|n| format!("scan LPN{n:09}")).collect();
    assert_eq!(told(&out), wanted);
}

proptest! {
    #[test]
    fn no_letter_is_lost_whatever_the_pace(
        keys in proptest::collection::vec(
            (0_u64..400, proptest::sample::select(vec!['a', 'b', 'c', '7', '\r'])), 0..80),
    ) {
        let mut wedge = Wedge::new(WedgeConfig::default());
        let (mut out, mut at_ms) = (Vec::new(), 0);
        for (pause_ms, letter) in &keys {
            at_ms += pause_ms;
            wedge.push(at_ms, key(*letter), &mut out);
        }
        wedge.idle(at_ms + STALL_MS, &mut out);
        let mut found = String::new();
        for one in out {
            match one {
                WedgeOut::Scan(frame) => found.push_str(std::str::from_utf8(&frame.bytes).unwrap()),
                WedgeOut::Key(name) if name == "Enter" => {}
                WedgeOut::Key(name) => found.push_str(&name),
                WedgeOut::Typed(text) => found.push_str(&text),
            }
        }
        let typed: String = keys.iter().map(|(_, letter)| *letter).filter(|l| *l != '\r').collect();
        prop_assert_eq!(found, typed);
    }

    #[test]
    fn no_keys_make_it_panic(keys in proptest::collection::vec((0_u64..200, any::<char>(), 0..4_u8), 0..60)) {
        let mut wedge = Wedge::new(WedgeConfig { max_bytes: 5, ..WedgeConfig::default() });
        let (mut out, mut at_ms) = (Vec::new(), 0);
        for (pause_ms, letter, kind) in keys {
            at_ms += pause_ms;
            let key = match kind {
                0 => WedgeKey::Ctrl(letter),
                1 => WedgeKey::Named(letter.to_string()),
                2 => WedgeKey::Enter,
                _ => WedgeKey::Char(letter),
            };
            wedge.push(at_ms, key, &mut out);
        }
        wedge.idle(at_ms + STALL_MS, &mut out);
    }
}
