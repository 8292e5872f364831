//! What every scan is, in both directions, and the laws that hold for any bytes.

use proptest::prelude::*;

use super::shown::safe_text;
use super::{CARD_LETTERS, SCAN_MAX_BYTES, Scan, ScanFault, card, read};
use crate::domain::ids::{Gtin, Lpn, SERIAL_MAX, StationNo, check_digit};

/// The readings as `word:value`, then the fault's first word.
fn told(scan: &Scan) -> String {
    use super::Reading;
    let readings = scan.readings.iter().map(|reading| match reading {
        Reading::Badge(code) => format!("badge:{code}"),
        Reading::Bin(code) => format!("bin:{code}"),
        Reading::Lpn(lpn) => format!("lpn:{lpn}"),
        Reading::Command(word) => format!("card:{}", word.0),
        Reading::Gtin(gtin) => format!("gtin:{gtin}"),
        Reading::Sscc(sscc) => format!("sscc:{sscc}"),
        Reading::Number(number) => format!("number:{number}"),
    });
    let fault = scan.fault.iter().map(|fault| match fault {
        ScanFault::Empty => "!empty".to_owned(),
        ScanFault::TooLong { len } => format!("!long {len}"),
        ScanFault::Charset { at } => format!("!charset {at}"),
        ScanFault::CheckDigit { what } => format!("!check {what}"),
        ScanFault::Glued { first, second } => format!("!glued {first} {second}"),
    });
    readings.chain(fault).collect::<Vec<_>>().join(" ")
}

fn check(cases: &[(&str, &str)]) {
    for (scanned, wanted) in cases {
        assert_eq!(told(&read(scanned.as_bytes())), *wanted, "{scanned:?}");
    }
}

#[test]
fn each_code_of_ours_has_one_reading() {
    check(&[
        ("BDGRECEIVER", "badge:BDGRECEIVER"),
        ("BIN-RESTOCK-1", "bin:BIN-RESTOCK-1"),
        ("BIN-12345670", "bin:BIN-12345670"),
        ("LPN00700000423", "lpn:LPN00700000423"),
        ("XXOKC", "card:OK"),
        ("xxokc", "card:OK"),
        ("XXDONEJ", "card:DONE"),
        ("]C0LPN00700000423", "lpn:LPN00700000423"),
        (" \t\0XXOKC\r\n", "card:OK"),
    ]);
}

#[test]
fn a_number_has_all_its_readings_the_checked_one_first() {
    check(&[
        ("4006381333931", "gtin:04006381333931 number:4006381333931"),
        ("036000291452", "gtin:00036000291452 number:036000291452"),
        ("96385074", "gtin:00000096385074 number:96385074"),
        ("10345312000001", "gtin:10345312000001 number:10345312000001"),
        ("340123450000000000", "sscc:340123450000000000 number:340123450000000000"),
        ("00340123450000000000", "sscc:340123450000000000 number:00340123450000000000"),
        ("1Z999AA10123456784", "number:1Z999AA10123456784"),
        ("W1001", "number:W1001"),
        ("6A 1234 5678 901", "number:6A12345678901"),
        ("LPNRR1234567", "number:LPNRR1234567"),
        ("XX123456785FR", "number:XX123456785FR"),
        ("0000000000000", "number:0000000000000"),
    ]);
}

#[test]
fn what_is_too_short_or_has_no_digit_is_no_number() {
    check(&[("123", ""), ("HELLO", ""), ("Müller 12", ""), ("BDG", ""), ("BIN-", ""), ("XX", "")]);
    assert_eq!(told(&read("1".repeat(65).as_bytes())), "");
    assert_eq!(told(&read(&[b"A".repeat(63), b"1".to_vec()].concat())).len(), "number:".len() + 64);
}

#[test]
fn a_damaged_check_is_never_that_kind() {
    check(&[
        ("4006381333932", "number:4006381333932 !check GTIN"),
        ("036000291453", "number:036000291453 !check GTIN"),
        ("96385075", "number:96385075 !check GTIN"),
        ("340123450000000001", "number:340123450000000001 !check SSCC"),
        ("LPN00700000422", "!check LPN"),
        ("XXOKD", "!check card"),
        ("XXMANY", "!check card"),
        ("]E04006381333932", "!check GTIN"),
    ]);
}

#[test]
fn what_a_scanner_calls_retail_is_a_gtin_or_nothing() {
    check(&[
        ("]E04006381333931", "gtin:04006381333931"),
        ("]E496385074", "gtin:00000096385074"),
        ("]E3400638133393112", "gtin:04006381333931"),
        ("]E0340123450000000000", ""),
        ("]C04006381333931", "gtin:04006381333931 number:4006381333931"),
    ]);
    let scan = read(b"]E04006381333931\r");
    assert_eq!((scan.text.as_str(), scan.aim.as_deref()), ("4006381333931", Some("]E0")));
    assert_eq!(scan.len_bytes, 17);
}

#[test]
fn what_is_no_aim_identifier_stays_in_the_text() {
    for text in ["]1A4006", "]C-4006", "[C04006", "]é4006"] {
        let scan = read(text.as_bytes());
        assert_eq!((scan.text.as_str(), scan.aim), (text, None));
    }
}

#[test]
fn nothing_but_blanks_is_empty() {
    check(&[("", "!empty"), (" \r\n\t\0", "!empty"), ("]C0", "!empty"), ("]C0\r", "!empty")]);
}

#[test]
fn a_terminal_escape_is_shown_and_never_obeyed() {
    let scan = read(b"  AB\x1b[2J\x07");
    assert_eq!(scan.text, "AB\u{241b}[2J\u{2407}");
    assert_eq!(told(&scan), "!charset 4");
    let scan = read("]C012\u{202e}34".as_bytes());
    assert_eq!((scan.text.as_str(), told(&scan).as_str()), ("12\u{fffd}34", "!charset 5"));
    let scan = read(b"0104006381333931\x1d21A");
    assert_eq!(told(&scan), "!charset 16");
    let scan = read(b"4006\xff381333931");
    assert_eq!((scan.text.as_str(), told(&scan).as_str()), ("4006\u{fffd}381333931", "!charset 4"));
    let scan = read(b"4\x7f06\xff");
    assert_eq!((scan.text.as_str(), told(&scan).as_str()), ("4\u{2421}06\u{fffd}", "!charset 1"));
    assert_eq!(safe_text("\u{9b}31m Zoë"), "\u{fffd}31m Zoë");
}

#[test]
fn a_scan_of_any_length_is_bounded() {
    let longest = vec![b'7'; SCAN_MAX_BYTES];
    assert_eq!(read(&longest).text.len(), SCAN_MAX_BYTES);
    let longer = vec![b'\x1b'; SCAN_MAX_BYTES + 1];
    let scan = read(&longer);
    assert_eq!(told(&scan), "!long 4097");
    assert_eq!(scan.text, "\u{241b}".repeat(64));
}

#[test]
fn two_codes_in_one_scan_are_told_apart() {
    check(&[
        ("LPN00700000423LPN00700000423", "!glued LPN00700000423 LPN00700000423"),
        ("LPN00700000423LPN00100000017", "!glued LPN00700000423 LPN00100000017"),
        ("4006381333931LPN00700000423", "!glued 4006381333931 LPN00700000423"),
        ("LPN007000004234006381333931", "!glued LPN00700000423 4006381333931"),
        ("W1001LPN00700000423", "!glued W1001 LPN00700000423"),
        ("LPN00700000423BIN-RESTOCK-1", "!glued LPN00700000423 BIN-RESTOCK-1"),
        ("BIN-RESTOCK-1BIN-QUARANTINE-1", "!glued BIN-RESTOCK-1 BIN-QUARANTINE-1"),
        ("BDGLEADBIN-RESTOCK-1", "!glued BDGLEAD BIN-RESTOCK-1"),
        ("4006381333931BIN-RESTOCK-1", "!glued 4006381333931 BIN-RESTOCK-1"),
        ("BIN-RESTOCK-1XXOKC", "!glued BIN-RESTOCK-1 XXOKC"),
        ("XXOKC4006381333931", "!glued XXOKC 4006381333931"),
        ("XXOKCXXOKC", "!glued XXOKC XXOKC"),
        ("xxokcxxdonej", "!glued xxokc xxdonej"),
        ("1Z999AA101234567841Z999AA10123456784", "!glued 1Z999AA10123456784 1Z999AA10123456784"),
        ("40063813339314006381333931", "!glued 4006381333931 4006381333931"),
        ("]C0W1001]C0W1002", "!glued W1001 W1002"),
        ("]E040063813339315901234123457", "!glued 4006381333931 5901234123457"),
    ]);
}

#[test]
fn two_gtins_back_to_back_may_still_be_one_long_number() {
    check(&[
        (
            "40063813339315901234123457",
            "number:40063813339315901234123457 !glued 4006381333931 5901234123457",
        ),
        ("9638507473513537", "number:9638507473513537 !glued 96385074 73513537"),
        ("400638133393196385074", "number:400638133393196385074 !glued 4006381333931 96385074"),
    ]);
}

#[test]
fn one_code_is_not_taken_for_two() {
    check(&[
        ("12345ROBIN-1", "number:12345ROBIN-1"),
        ("BIN-LPN-2", "bin:BIN-LPN-2"),
        ("4006381333931590123412345", "number:4006381333931590123412345"),
        ("1234512345", "number:1234512345"),
        ("LPN00700000422W1001", "number:LPN00700000422W1001"),
        ("W1001]C0W1002", "number:W1001]C0W1002"),
    ]);
}

#[test]
fn a_card_word_has_only_letters_that_every_keyboard_has_in_place() {
    assert_eq!(card("ok").as_deref(), Some("XXOKC"));
    for word in ["", "MANY", "A", "OK1", "OK ", "BXXB", "é"] {
        assert_eq!(card(word), None, "{word:?}");
    }
}

/// A valid code of each kind, and how its reading is told.
fn any_code() -> impl Strategy<Value = (String, String)> {
    let plate = (1_u16..=999, 1_u32..=SERIAL_MAX).prop_map(|(station, serial)| {
        let lpn = Lpn { station: StationNo::try_from(station).unwrap(), serial };
        (lpn.to_string(), format!("lpn:{lpn}"))
    });
    let gtin = prop_oneof!["[0-9]{7}", "[0-9]{11}", "[0-9]{12}", "[0-9]{13}"]
        .prop_map(|body| format!("{body}{}", check_digit(&body).unwrap()))
        .prop_filter_map("all zeros is nobody's", |code| {
            let gtin: Gtin = code.parse().ok()?;
            Some((code, format!("gtin:{gtin}")))
        });
    let sscc = "[0-9]{17}".prop_map(|body| {
        let code = format!("{body}{}", check_digit(&body).unwrap());
        (code.clone(), format!("sscc:{code}"))
    });
    let command = "[BCDEFGHIJKLNOPRSTUVX]{1,12}"
        .prop_filter_map("XX inside is two cards", |word| Some((card(&word)?, word)))
        .prop_map(|(code, word)| (code, format!("card:{word}")));
    let tracking = "1Z[0-9A-F]{15}[0-9]".prop_map(|code| (code.clone(), format!("number:{code}")));
    prop_oneof![plate, gtin, sscc, command, tracking]
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_or_reach_the_screen_as_controls(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let scan = read(&bytes);
        prop_assert!(!scan.text.chars().any(char::is_control), "{:?}", scan.text);
        prop_assert!(scan.readings.is_empty() || scan.text.is_ascii());
    }

    #[test]
    fn no_text_reaches_the_screen_as_controls(text in any::<String>()) {
        let scan = read(text.as_bytes());
        let is_safe = |letter: char| !letter.is_control() && !('\u{200b}'..='\u{200f}').contains(&letter);
        prop_assert!(scan.text.chars().all(is_safe));
    }

    #[test]
    fn every_valid_code_is_read_with_and_without_aim((code, wanted) in any_code(), blank in "[ \r\n\t]{0,3}") {
        for scanned in [code.clone(), format!("]C0{code}"), format!("{blank}{code}{blank}")] {
            let scan = read(scanned.as_bytes());
            let told = told(&scan);
            prop_assert_eq!(told.split(' ').next().unwrap(), wanted.as_str(), "{}", scanned);
            prop_assert_eq!(scan.fault, None);
        }
    }

    #[test]
    fn one_wrong_letter_of_a_card_is_always_noticed(word in "[BCDEFGHIJKLNOPRSTUV]{1,10}", at in 0_usize..10, add in 1_usize..20) {
        let code = card(&word).unwrap();
        let at = 2 + at % (code.len() - 2);
        let letter = CARD_LETTERS.find(&code[at..=at]).unwrap();
        let other = CARD_LETTERS.chars().nth((letter + add) % 20).unwrap();
        let damaged = format!("{}{other}{}", &code[..at], &code[at + 1..]);
        prop_assert!(read(damaged.as_bytes()).readings.is_empty(), "{}", damaged);
    }

    #[test]
    fn two_plates_in_one_scan_are_never_one(first in 1_u32..=SERIAL_MAX, second in 1_u32..=SERIAL_MAX) {
        let plate = |serial| Lpn { station: StationNo::try_from(1).unwrap(), serial }.to_string();
        let scan = read(format!("{}{}", plate(first), plate(second)).as_bytes());
        prop_assert!(scan.readings.is_empty());
        let is_glued = matches!(scan.fault, Some(ScanFault::Glued { .. }));
        prop_assert!(is_glued);
    }
}
