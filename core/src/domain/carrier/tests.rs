//! The pattern language, the check digits, the ranks.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::check::{Check, FEDEX_WEIGHTS};
use super::pattern::{Pattern, PatternError, Role};
use super::{CarrierEntry, CarrierFault, Carriers, Strength};

fn entry(carrier: &str, pattern: &str, check: Check, strength: Strength) -> CarrierEntry {
    CarrierEntry {
        carrier: carrier.to_owned(),
        service: None,
        services: BTreeMap::new(),
        pattern: Pattern::parse(pattern).unwrap(),
        check,
        check_prefix: String::new(),
        strength,
        countries: Vec::new(),
        posts: BTreeMap::new(),
        unless: Vec::new(),
        is_loose: true,
        good: Vec::new(),
        bad: Vec::new(),
    }
}

fn ups() -> CarrierEntry {
    let pattern = "\"1Z\" covered:(n{6} service:(n{2}) d{7}) check:(d)";
    let mut ups = entry("ups", pattern, Check::Ups1z, Strength::Strong);
    ups.services.insert("01".to_owned(), "air".to_owned());
    ups.good.push("1Z999AA10123456784".to_owned());
    ups
}

fn fedex() -> CarrierEntry {
    let check = Check::SumMod11Mod10 { weights: FEDEX_WEIGHTS.to_vec() };
    let mut fedex = entry("fedex", "covered:(d{11}) check:(d)", check, Strength::Strong);
    fedex.good.push("986578788855".to_owned());
    fedex
}

fn gls() -> CarrierEntry {
    let mut gls = entry("gls", "d{11,12}", Check::None, Strength::Possible);
    gls.good.push("123456789012".to_owned());
    gls.is_loose = false;
    gls
}

fn upu() -> CarrierEntry {
    let pattern = "a{2} covered:(d{8}) check:(d) country:(a{2})";
    let mut upu = entry("upu", pattern, Check::UpuS10, Strength::Strong);
    upu.countries = ["DE", "GB", "FR"].map(str::to_owned).to_vec();
    upu.posts.insert("GB".to_owned(), "royal_mail".to_owned());
    upu.good.push("RB123456785GB".to_owned());
    upu
}

fn refused(entry: CarrierEntry) -> CarrierFault {
    Carriers::new(vec![entry]).unwrap_err().fault
}

#[test]
fn each_check_gives_the_published_digit() {
    let mod10 = |weights: &[u32]| Check::Mod10 { weights: weights.to_vec() };
    let fedex = Check::SumMod11Mod10 { weights: FEDEX_WEIGHTS.to_vec() };
    let cases = [
        (mod10(&[3, 1]), "940011120108080548301", '6'),
        (mod10(&[3, 1]), "007393800054929", '7'),
        (mod10(&[4, 9]), "56310243031", '3'),   // Identcode
        (mod10(&[4, 9]), "2134807501640", '1'), // Leitcode
        (mod10(&[2, 1]), "41103150000187", '9'),
        (fedex.clone(), "98657878885", '5'),
        (fedex, "0077901797269", '7'),
        (Check::UpuS10, "12345678", '5'),
        (Check::UpuS10, "47312482", '9'),
        (Check::Ups1z, "999AA1012345678", '4'),
        (Check::Mod7, "331881002", '5'),
        (Check::Mod7, "123456789", '1'), // made by the rule
        (Check::Iso7064Mod37And36, "008182709980000020033350276", 'C'),
        (Check::Iso7064Mod37And36, "008182709980000020045327276", 'N'),
        (Check::MondialRelay, "12123456780101", '0'),
        (Check::MondialRelay, "0662312345", '4'),
    ];
    for (check, covered, wanted) in cases {
        let found = check.character(covered.bytes()).map(char::from);
        assert_eq!(found, Some(wanted), "{check:?} of {covered}");
    }
}

#[test]
fn the_rests_of_ten_and_eleven_have_their_digits() {
    // Made by the rule: sums 1 and 0 by 11 (10 and 11 are left), for S10 written 0 and 5.
    assert_eq!(Check::UpuS10.character("00004000".bytes()), Some(b'0'));
    assert_eq!(Check::UpuS10.character("00000000".bytes()), Some(b'5'));
    assert_eq!(Check::MondialRelay.character("6".bytes()), Some(b'0'));
    assert_eq!(Check::MondialRelay.character("0".bytes()), Some(b'0'));
}

#[test]
fn a_check_of_what_has_no_value_is_none() {
    let mod10 = Check::Mod10 { weights: vec![3, 1] };
    for (check, covered) in [
        (mod10, "12A4"),
        (Check::UpuS10, "1234567"),
        (Check::Ups1z, "999aa1012345678"),
        (Check::Iso7064Mod37And36, "12a4"),
        (Check::None, "1234"),
    ] {
        assert_eq!(check.character(covered.bytes()), None, "{check:?} of {covered}");
    }
}

#[test]
fn a_pattern_fits_what_it_says_and_nothing_else() {
    let cases = [
        ("\"1Z\" n{2}", &["1ZA9", "1ZZZ"][..], &["1Za9", "1Z9", "1ZA99", "2ZA9"][..]),
        ("a d?", &["A", "A1"], &["", "1", "A11"]),
        ("d{2,4}", &["12", "123", "1234"], &["1", "12345", "1a"]),
        ("(\"AB\"|\"C\" d){2}", &["ABAB", "ABC1", "C1C2"], &["AB", "C1C"]),
        ("[A-C%] d", &["A1", "C1", "%1"], &["D1", "&1"]),
        ("tracking:(d{2}) routing:(d)?", &["12", "123"], &["1", "1234"]),
    ];
    for (written, fitting, others) in cases {
        let pattern = Pattern::parse(written).unwrap();
        let fits = |text: &str| pattern.forms().iter().any(|form| form.fits(text.as_bytes()));
        assert!(fitting.iter().all(|text| fits(text)), "{written}");
        assert!(!others.iter().any(|text| fits(text)), "{written}");
    }
}

#[test]
fn groups_keep_their_place_in_every_form() {
    let pattern = Pattern::parse("(routing:(\"420\" d{5}))? tracking:(\"9\" d)").unwrap();
    let spans: Vec<_> = pattern.forms().iter().flat_map(|f| f.spans(Role::Tracking)).collect();
    assert_eq!(spans, [0..2, 8..10]);
}

#[test]
fn what_is_no_pattern_is_refused() {
    let syntax =
        ["\"1", "d{", "d{2", "d{3,2}", "(d", "d)", "[", "[]", "[b-a]", "D", "\"é\"", "d{65}"];
    for written in syntax {
        let told = Pattern::parse(written).unwrap_err();
        assert!(matches!(told, PatternError::Syntax { .. }), "{written}: {told:?}");
    }
    let word = PatternError::Word { word: "zip".to_owned() };
    assert_eq!(Pattern::parse("zip:(d)"), Err(word));
    assert_eq!(Pattern::parse(""), Err(PatternError::Length));
    assert_eq!(Pattern::parse("d{40} d{40}"), Err(PatternError::Length));
    assert_eq!(Pattern::parse("(d|a){10}"), Err(PatternError::TooManyForms));
    assert_eq!(Pattern::parse("((((((((d))))))))"), Err(PatternError::TooDeep));
}

#[test]
fn all_readings_are_told_the_strongest_first() {
    let carriers = Carriers::new(vec![gls(), fedex(), ups()]).unwrap();
    let told = |text: &str| {
        let readings = carriers.read(text).into_iter();
        readings.map(|one| (one.carrier, one.strength, one.entry)).collect::<Vec<_>>()
    };
    let wanted =
        [("fedex".to_owned(), Strength::Strong, 1), ("gls".to_owned(), Strength::Possible, 0)];
    assert_eq!(told("986578788855"), wanted);
    assert_eq!(told("986578788854"), wanted[1..]);
    assert_eq!(carriers.failed_checks("986578788854"), [1]);
    assert_eq!(carriers.failed_checks("986578788855"), [0_usize; 0]);
}

#[test]
fn small_letters_and_blanks_are_for_loose_entries_only() {
    let carriers = Carriers::new(vec![gls(), ups()]).unwrap();
    let reading = carriers.read(" 1z 999 aa1 01 2345 6784 ").pop().unwrap();
    assert_eq!(reading.tracking, "1Z999AA10123456784");
    assert_eq!(reading.service.as_deref(), Some("air"));
    assert_eq!(carriers.read("1234 5678 9012"), []);
}

#[test]
fn an_s10_number_belongs_to_the_post_of_its_country() {
    let carriers = Carriers::new(vec![upu()]).unwrap();
    let carrier = |text: &str| carriers.read(text).pop().map(|one| one.carrier);
    assert_eq!(carrier("RB123456785GB").as_deref(), Some("royal_mail"));
    assert_eq!(carrier("RB123456785DE").as_deref(), Some("upu"));
    assert_eq!(carrier("RB123456785QQ"), None);
}

#[test]
fn a_reading_gives_way_to_the_carriers_it_names() {
    let mut general = gls();
    general.carrier = "general".to_owned();
    general.unless.push("fedex".to_owned());
    general.good = vec!["12345678901".to_owned()];
    let carriers = Carriers::new(vec![general, fedex()]).unwrap();
    let n_readings = |text: &str| carriers.read(text).len();
    assert_eq!((n_readings("986578788855"), n_readings("986578788854")), (1, 1));
}

#[test]
fn an_entry_that_contradicts_itself_is_refused() {
    let with = |change: fn(&mut CarrierEntry)| {
        let mut entry = ups();
        change(&mut entry);
        refused(entry)
    };
    assert_eq!(with(|e| e.check = Check::None), CarrierFault::CheckUnused);
    assert_eq!(with(|e| e.good.clear()), CarrierFault::NoExample);
    let strong = |pattern: &str| entry("x", pattern, Check::None, Strength::Strong);
    assert_eq!(refused(strong("\"1Z\" d")), CarrierFault::TooStrong);
    assert_eq!(refused(strong("\"TBA\" d")), CarrierFault::NoExample);
    assert_eq!(refused(strong("\"%\" d")), CarrierFault::NoExample);
    assert_eq!(refused(entry("x", "d", Check::Mod7, Strength::Strong)), CarrierFault::CheckPlace);
    let mut upu = upu();
    upu.countries.clear();
    assert_eq!(refused(upu), CarrierFault::NoCountries);
    let wrong = |e: &mut CarrierEntry| e.good.push("1Z999AA10123456785".to_owned());
    assert!(with(wrong).to_string().ends_with("the check digit is wrong"));
    let bad = |e: &mut CarrierEntry| e.bad.push("1Z999AA10123456784".to_owned());
    assert!(matches!(with(bad), CarrierFault::BadRead { .. }));
}

proptest! {
    #[test]
    fn no_text_breaks_the_table(text in "\\PC{0,80}|[0-9A-Z% ]{0,70}") {
        let carriers = Carriers::new(vec![gls(), fedex(), ups(), upu()]).unwrap();
        for reading in carriers.read(&text) {
            prop_assert!(reading.entry < 4 && !reading.tracking.is_empty());
        }
    }

    #[test]
    fn no_text_breaks_the_pattern_language(text in "[a-d\"(){}0-9|:?, \\[\\]-]{0,24}|\\PC{0,24}") {
        if let Ok(pattern) = Pattern::parse(&text) {
            prop_assert!(pattern.forms().iter().all(|form| !form.is_empty()));
        }
    }
}
