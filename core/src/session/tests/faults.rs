//! Bad input: each has its cause, is on record, and the work in hand survives it.

use proptest::prelude::*;

use super::bench::{Bench, MUG, SHIRT};
use crate::domain::event::{Event, RefusedCause};
use crate::domain::replay::State;
use crate::session::actions::ACTIONS;
use crate::session::effect::Cue;
use crate::session::input::{ClaimLost, DiskState, Input, StoreFailure};
use crate::session::notice::{Before, Say, Stop, Tone};

/// The cause of the refusal, and that it is on record and heard.
fn refused(bench: &mut Bench, bytes: &[u8]) -> RefusedCause {
    let (events, sounds) = (bench.log.len(), bench.sounds.len());
    let in_hand = bench.stored.in_hand().cloned();
    bench.at += 1000;
    let device = "scanner-1".parse().unwrap();
    bench.input(Input::Scanned { device, bytes: bytes.to_vec(), overlong: None });
    assert_eq!(bench.kinds_since(events), ["ScanRefused"]);
    assert_eq!(bench.sounds[sounds..], [Cue::Attention]);
    assert_eq!(bench.stored.in_hand().cloned(), in_hand, "the work in hand survives");
    bench.refusal().cause
}

#[test]
fn every_bad_scan_has_its_cause_on_every_screen() {
    let long = vec![b'7'; 5000];
    let cases: [(&[u8], RefusedCause); 6] = [
        (b"\x1b[2Jowned", RefusedCause::Charset),
        (b"\xff\xfe12345678", RefusedCause::Charset),
        (&long, RefusedCause::TooLong),
        (b"   ", RefusedCause::Empty),
        (b"40063813339314006381333931", RefusedCause::Glued),
        (b"LPN00700000422", RefusedCause::CheckDigit),
    ];
    for setup in [&[][..], &["6A12345678901"], &["6A12345678901", SHIRT]] {
        for (bytes, cause) in &cases {
            let mut bench = Bench::with_one_return();
            bench.scan_all(setup);
            assert_eq!(refused(&mut bench, bytes), *cause, "{setup:?}");
        }
    }
}

#[test]
fn two_products_read_as_one_are_told_apart_where_an_item_is_wanted() {
    let mut bench = Bench::with_one_return();
    bench.scan("6A12345678901");
    let glued = format!("{SHIRT}{MUG}");
    assert_eq!(refused(&mut bench, glued.as_bytes()), RefusedCause::Glued);
    assert_eq!(bench.refusal().other, Some(format!("{SHIRT} + {MUG}")));
}

#[test]
fn a_scan_before_the_badge_says_to_sign_in() {
    let mut bench = Bench::new();
    assert_eq!(refused(&mut bench, b"6A12345678901"), RefusedCause::NotSignedIn);
    assert_eq!(refused(&mut bench, b"BDGNOBODY"), RefusedCause::UnknownBadge);
    assert!(!format!("{:?}", bench.log).contains("BDGNOBODY"), "a badge is a credential");
}

#[test]
fn default_badges_do_not_open_a_station_with_central() {
    let mut setup = super::bench::setup(super::bench::clean_trust());
    setup.refused_badges = vec!["BDGANNA".parse().unwrap()];
    let mut bench = Bench::with(setup);
    assert_eq!(refused(&mut bench, b"BDGANNA"), RefusedCause::DefaultBadge);
}

#[test]
fn a_parcel_already_received_says_when_where_and_by_whom() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT, "BIN-RESTOCK-1"]);
    bench.card("DONE");
    bench.card("DONE");
    assert_eq!(refused(&mut bench, b"6A12345678901"), RefusedCause::AlreadyReceived);
    let before = bench.refusal().before.clone().unwrap();
    assert_eq!(before.operator.unwrap().as_str(), "anna");
    assert_eq!(u16::from(before.station), 7);
    assert!(before.at > 0);
}

#[test]
fn each_screen_says_what_it_wants() {
    let mut bench = Bench::with_one_return();
    assert_eq!(refused(&mut bench, b"BIN-RESTOCK-1"), RefusedCause::NoUnitInHand);
    assert_eq!(refused(&mut bench, b"HELLO 1"), RefusedCause::UnknownCode);
    assert_eq!(refused(&mut bench, b"4006381333939"), RefusedCause::CheckDigit);
    bench.scan("6A12345678901");
    assert_eq!(refused(&mut bench, b"BIN-RESTOCK-1"), RefusedCause::NoUnitInHand);
    assert_eq!(refused(&mut bench, b"6A12345678901"), RefusedCause::ParcelStillOpen);
    assert_eq!(refused(&mut bench, b"4006381333939"), RefusedCause::CheckDigit);
    assert_eq!(refused(&mut bench, b"SN-NOBODY-1"), RefusedCause::UnknownCode);
    bench.scan(SHIRT);
    assert_eq!(refused(&mut bench, MUG.as_bytes()), RefusedCause::UnitInHand);
    assert_eq!(refused(&mut bench, b"BIN-NOWHERE-9"), RefusedCause::UnknownBin);
}

#[test]
fn a_number_that_fails_its_check_is_a_label_when_scanned_again() {
    let mut bench = Bench::with_one_return();
    assert_eq!(refused(&mut bench, b"4006381333939"), RefusedCause::CheckDigit);
    bench.scan("4006381333939");
    assert_eq!(bench.screen(), "item");
}

#[test]
fn a_card_of_another_version_is_named() {
    let mut bench = Bench::with_one_return();
    let card = crate::domain::scan::card("TELEPORT").unwrap();
    assert_eq!(refused(&mut bench, card.as_bytes()), RefusedCause::UnknownCard);
}

#[test]
fn a_bounce_is_shown_and_not_acted_on() {
    let mut bench = Bench::with_one_return();
    bench.scan("6A12345678901");
    bench.scan(MUG);
    bench.scan("BIN-RESTOCK-1");
    bench.scan(MUG);
    let events = bench.log.len();
    let device: crate::domain::ids::DeviceName = "scanner-1".parse().unwrap();
    bench.at += 100;
    bench.input(Input::Scanned { device, bytes: MUG.into(), overlong: None });
    assert_eq!(bench.log.len(), events);
    assert_eq!(bench.model.last_scans[0].notice.tone, Tone::Dim);
    assert_eq!(bench.screen(), "offer");
}

#[test]
fn a_second_scanner_in_mid_unit_is_refused_unless_the_first_is_gone() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT]);
    bench.scan_with("scanner-2", "BIN-RESTOCK-1");
    assert_eq!(bench.refusal().cause, RefusedCause::OtherScanner);
    assert_eq!(bench.refusal().other.as_deref(), Some("scanner-1"));
    assert_eq!(bench.screen(), "offer");
    bench.scan_with("scanner-2", &crate::domain::scan::card("UNDO").unwrap());
    assert_eq!(bench.screen(), "offer", "nobody takes back the other lane's step");
    let device = "scanner-1".parse().unwrap();
    bench.input(Input::DeviceLost { device, partial_bytes: 3 });
    assert_eq!(bench.count("DeviceLost"), 1);
    bench.scan_with("scanner-2", "BIN-RESTOCK-1");
    assert_eq!(bench.screen(), "item");
}

#[test]
fn what_the_other_lane_read_first_is_no_echo_for_the_right_one() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT]);
    for (device, after_ms) in [("scanner-2", 1000), ("scanner-1", 100)] {
        bench.at += after_ms;
        let device = device.parse().unwrap();
        bench.input(Input::Scanned { device, bytes: "BIN-RESTOCK-1".into(), overlong: None });
    }
    assert_eq!(bench.count("UnitBinned"), 1);
}

#[test]
fn what_is_not_stored_stops_and_nothing_of_it_shows() {
    for failure in [StoreFailure::DiskFull, StoreFailure::Locked, StoreFailure::Io("EIO".into())] {
        let mut bench = Bench::with_one_return();
        bench.scan_all(&["6A12345678901", SHIRT]);
        bench.failures.push_back(failure.clone());
        bench.scan("BIN-RESTOCK-1");
        assert_eq!(bench.model.stop, Some(Stop::NotStored(failure)));
        assert_eq!(bench.sounds.last(), Some(&Cue::Stop));
        bench.scan(SHIRT);
        bench.input(Input::Pressed("Enter".to_owned()));
        assert_eq!(bench.screen(), "stop", "neither a data scan nor a bare Enter leaves it");
        bench.input(Input::Pressed("F12".to_owned()));
        assert_eq!(bench.screen(), "offer", "the unit is still in hand");
        bench.scan("BIN-RESTOCK-1");
        assert_eq!(bench.screen(), "item");
        assert_eq!(bench.count("UnitBinned"), 1);
    }
}

#[test]
fn a_scan_that_was_not_stored_is_no_first_half_of_a_bounce() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT]);
    bench.failures.push_back(StoreFailure::Locked);
    bench.scan("BIN-RESTOCK-1");
    bench.input(Input::Pressed("F12".to_owned()));
    let (device, bytes) = ("scanner-1".parse().unwrap(), b"BIN-RESTOCK-1".to_vec());
    bench.input(Input::Scanned { device, bytes, overlong: None });
    assert_eq!(bench.count("UnitBinned"), 1);
}

#[test]
fn a_full_disk_lets_the_open_parcel_be_finished_and_refuses_the_next() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT]);
    bench.input(Input::Disk(DiskState::Full));
    bench.scan_all(&["BIN-RESTOCK-1", MUG, "BIN-RESTOCK-1", MUG, "BIN-RESTOCK-1"]);
    assert_eq!(bench.screen(), "receive");
    assert_eq!(refused(&mut bench, b"6A99999999999"), RefusedCause::DiskFull);
}

#[test]
fn nothing_is_shown_as_done_before_it_is_durable() {
    let mut bench = Bench::with_one_return();
    let device: crate::domain::ids::DeviceName = "scanner-1".parse().unwrap();
    let bytes = b"6A12345678901".to_vec();
    let (banner, version) = (bench.model.banner.clone(), bench.model.version);
    let input = Input::Scanned { device, bytes, overlong: None };
    let effects = crate::session::update(&mut bench.model, bench.at + 1000, input);
    assert_eq!(effects.len(), 1, "a look-up and nothing else");
    assert_eq!(bench.model.banner, banner);
    assert_eq!(bench.screen(), "receive");
    assert_eq!(bench.model.version, version, "nothing new to draw yet");
    bench.perform(effects);
    assert_ne!(bench.model.version, version);
    assert_eq!(bench.screen(), "item");
}

#[test]
fn scans_that_come_while_one_is_being_answered_wait_their_turn() {
    let mut bench = Bench::with_one_return();
    let device: crate::domain::ids::DeviceName = "scanner-1".parse().unwrap();
    let mut effects = Vec::new();
    for (code, at) in ["6A12345678901", SHIRT, "BIN-RESTOCK-1"].into_iter().zip(1..) {
        let input = Input::Scanned { device: device.clone(), bytes: code.into(), overlong: None };
        effects.extend(crate::session::update(&mut bench.model, bench.at + at * 1000, input));
    }
    assert_eq!(effects.len(), 1, "one thing is asked at a time");
    bench.perform(effects);
    assert_eq!(bench.count("UnitBinned"), 1);
}

#[test]
fn keys_that_mean_nothing_here_leave_no_trace() {
    let mut bench = Bench::with_one_return();
    let events = bench.log.len();
    for key in ["Enter", "F8", "F12", "1", "Esc", "q"] {
        bench.input(Input::Pressed(key.to_owned()));
    }
    assert_eq!(bench.log.len(), events);
    assert_eq!(bench.screen(), "receive");
    bench.input(Input::Pressed("F1".to_owned()));
    assert!(bench.model.show_help);
}

#[test]
fn what_may_name_a_person_is_in_no_event() {
    let mut bench = Bench::with_one_return();
    bench.scan("JEAN DUPONT 12 RUE DES LILAS 59000 LILLE");
    let Event::ScanRefused(refused) = &bench.log.last().unwrap().event else { panic!() };
    assert_eq!(refused.code, None);
    assert!(!format!("{refused:?}").contains("DUPONT"));
}

fn any_code() -> impl Strategy<Value = String> {
    let cards: Vec<String> =
        ACTIONS.iter().filter_map(|row| row.card).filter_map(crate::domain::scan::card).collect();
    let codes: Vec<String> = [
        "BDGANNA",
        "BDGBERT",
        "6A12345678901",
        "RMA-1",
        "W1001",
        SHIRT,
        MUG,
        "4006381333962",
        "BIN-RESTOCK-1",
        "BIN-RESTOCK-1",
        "BIN-SECOND-HAND-1",
        "BIN-QUARANTINE-1",
        "BIN-AWAIT-1",
        "6A99999999999",
        "OUTW10010000001",
        "junk",
        "LPN00700000013",
    ]
    .map(str::to_owned)
    .into();
    prop_oneof![
        4 => prop::sample::select(codes),
        2 => prop::sample::select(cards),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_scans_leave_a_journal_that_replays_to_the_same_state(
        codes in prop::collection::vec(any_code(), 0..60),
        fails in prop::collection::vec(any::<bool>(), 8),
    ) {
        let mut bench = Bench::with_one_return();
        for (code, at) in codes.iter().zip(0_usize..) {
            if fails[at % 8] && at % 7 == 3 {
                bench.failures.push_back(StoreFailure::DiskFull);
            }
            bench.scan(code);
        }
        prop_assert_eq!(&bench.model.state, &bench.stored);
        let mut again = State::default();
        for envelope in &bench.log {
            again.apply(envelope).unwrap();
        }
        prop_assert_eq!(&again, &bench.stored);
        // Nothing paid twice: no sold unit is proposed for settlement by two units at once.
        let mut sold: Vec<_> = bench.stored.units.values().filter_map(|unit| unit.sold()).collect();
        let n_units = sold.len();
        sold.sort();
        sold.dedup();
        prop_assert_eq!(sold.len(), n_units);
        if let Some(Say::Refused(refusal)) = bench.model.banner.as_ref().map(|notice| &notice.say) {
            prop_assert!(!refusal.code.chars().any(char::is_control));
        }
    }
}

fn lost_claim(bench: &Bench) -> ClaimLost {
    let identified = bench.log.iter().find(|envelope| envelope.event.kind() == "UnitIdentified");
    let identified = identified.unwrap();
    let Event::UnitIdentified(unit) = &identified.event else { panic!() };
    ClaimLost {
        of: identified.id,
        lpn: unit.lpn,
        sold: bench.stored.units[&unit.lpn].sold().unwrap(),
        winner: Before {
            at: 1_767_500_000_000,
            station: 3.try_into().unwrap(),
            operator: Some("carl".parse().unwrap()),
        },
        winner_site: "lyon-1".parse().unwrap(),
    }
}

#[test]
fn a_claim_lost_at_central_is_a_case_that_names_the_winner_once() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT]);
    let lost = lost_claim(&bench);
    for _ in 0..2 {
        bench.input(Input::ClaimsLost(vec![lost.clone()]));
    }
    assert_eq!(bench.count("VerdictReceived"), 1);
    assert_eq!(bench.count("CaseOpened"), 1);
    let case = bench.stored.cases.values().next().unwrap();
    assert_eq!(case.cause, crate::domain::event::CaseCause::DoubleReturn);
    assert_eq!(bench.screen(), "offer", "the work in hand goes on");
    assert!(matches!(bench.model.last_scans[0].notice.say, Say::DoubleReturn { .. }));
    assert_eq!(bench.heard, 2, "central's answer is kept, also when it was kept before");
}
