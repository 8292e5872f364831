//! What a shift is made of: from the badge to the bin.

use super::bench::{
    Bench, Book, MUG, SHIRT, SHOES, STRANGER, clean_trust, client, line, order, rma, setup,
};
use crate::domain::event::{CaseCause, ClosedHow, Event, RefusedCause};
use crate::domain::parcel::ParcelKind;
use crate::domain::policy::Trust;
use crate::domain::unit::Unexpected;
use crate::session::notice::Say;

#[test]
fn a_clean_announced_unit_takes_three_scans() {
    let mut bench = Bench::new();
    let order = order("acme", "W1", vec![line(1, SHIRT, 1)]);
    let rma = rma(&order, "RMA-1", &["6A11111111111"], &[(1, 1)]);
    bench.book = Book { orders: vec![order], rmas: vec![rma], products: Vec::new() };
    bench.scan("BDGANNA");
    let before = bench.log.len();
    bench.scan_all(&["6A11111111111", SHIRT, "BIN-RESTOCK-1"]);
    assert_eq!(
        bench.kinds_since(before),
        [
            "ParcelArrived",
            "ParcelOpened",
            "ParcelMatched",
            "UnitIdentified",
            "UnitGraded",
            "UnitAccepted",
            "UnitDispositioned",
            "FillingOpened",
            "UnitBinned",
            "SettlementProposed",
            "ParcelClosed"
        ]
    );
    assert_eq!(bench.screen(), "receive");
    let Some(Event::UnitGraded(graded)) =
        bench.log.iter().map(|e| e.event.clone()).find(|e| e.kind() == "UnitGraded")
    else {
        panic!()
    };
    assert!(graded.implied);
    assert_eq!(graded.grade, "A");
}

#[test]
fn three_units_go_from_label_to_bins_and_the_parcel_closes_by_itself() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT, "BIN-RESTOCK-1", MUG, "BIN-RESTOCK-1"]);
    assert_eq!(bench.screen(), "item");
    assert_eq!(bench.model.expected(), Some((2, 3)));
    bench.scan_all(&[MUG, "BIN-RESTOCK-1"]);
    assert_eq!(bench.screen(), "receive");
    assert_eq!(bench.count("SettlementProposed"), 3);
    assert_eq!(bench.stored.tally.units, 3);
    let numbers: Vec<u32> = bench.stored.units.values().filter_map(|unit| unit.n).collect();
    assert_eq!(numbers, [1, 1, 2], "each piece is its own sold unit");
}

#[test]
fn another_bin_or_the_card_opens_the_questions_and_the_answers_make_the_grade() {
    for ask in ["BIN-QUARANTINE-1", "card"] {
        let mut bench = Bench::with_one_return();
        bench.scan_all(&["6A12345678901", SHIRT]);
        assert_eq!(bench.screen(), "offer");
        match ask {
            "card" => bench.card("INSPECT"),
            bin => bench.scan(bin),
        }
        assert_eq!(bench.screen(), "inspect");
        bench.card("SELC");
        bench.card("SELC");
        assert_eq!(bench.screen(), "put");
        assert_eq!(bench.model.proposed_bin().unwrap().as_str(), "BIN-REFURBISH-1");
        bench.scan("BIN-REFURBISH-1");
        assert_eq!(bench.screen(), "item");
        let unit = bench.stored.units.values().next().unwrap();
        assert_eq!(unit.grade.as_deref(), Some("C"));
    }
}

#[test]
fn without_trust_the_questions_come_at_once() {
    let mut bench = Bench::with(setup(Trust::default()));
    let order = order("acme", "W1", vec![line(1, SHIRT, 1)]);
    let rma = rma(&order, "R", &["6A11111111111"], &[(1, 1)]);
    bench.book = Book { orders: vec![order], rmas: vec![rma], products: Vec::new() };
    bench.scan_all(&["BDGANNA", "6A11111111111", SHIRT]);
    assert_eq!(bench.screen(), "inspect");
    bench.scan("BIN-RESTOCK-1");
    assert_eq!(bench.refusal().cause, RefusedCause::AnswerExpected);
    bench.card("SELB");
    bench.scan("BIN-RESTOCK-1");
    assert_eq!(bench.screen(), "receive");
}

#[test]
fn once_graded_a_bin_other_than_the_proposed_is_refused_with_the_reason_and_twice_is_a_stop() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT]);
    bench.card("INSPECT");
    bench.card("SELC");
    bench.card("SELB");
    bench.scan("BIN-RESTOCK-1");
    assert_eq!(bench.refusal().cause, RefusedCause::WrongBin);
    assert_eq!(bench.refusal().wanted.as_ref().unwrap().as_str(), "BIN-SECOND-HAND-1");
    assert_eq!(bench.screen(), "put");
    bench.scan("BIN-RESTOCK-1");
    assert_eq!(bench.screen(), "stop");
    bench.scan("BIN-SECOND-HAND-1");
    assert_eq!(bench.screen(), "stop", "a data scan never leaves a STOP");
    bench.card("OK");
    assert_eq!(bench.screen(), "put");
    bench.scan("BIN-SECOND-HAND-1");
    assert_eq!(bench.screen(), "item");
}

#[test]
fn units_are_missing_only_when_the_last_parcel_of_the_return_closes() {
    let mut bench = Bench::new();
    let order = order("acme", "W1", vec![line(1, SHIRT, 1), line(2, MUG, 1), line(3, SHOES, 1)]);
    let rma = rma(&order, "RMA-1", &["6A11111111111", "6A22222222222"], &[(1, 1), (2, 1), (3, 1)]);
    bench.book = Book { orders: vec![order], rmas: vec![rma], products: Vec::new() };
    bench.scan_all(&["BDGANNA", "6A11111111111", SHIRT, "BIN-RESTOCK-1"]);
    assert_eq!(bench.model.parcels_out(), 1);
    bench.card("DONE");
    assert_eq!(bench.screen(), "receive", "the first of two parcels closes without a question");
    assert_eq!(bench.count("UnitMissing"), 0);
    bench.scan_all(&["6A22222222222", MUG, "BIN-RESTOCK-1"]);
    bench.card("DONE");
    assert!(matches!(bench.model.banner.as_ref().unwrap().say, Say::ConfirmDone { missing: 1 }));
    assert_eq!(bench.count("UnitMissing"), 0);
    bench.card("DONE");
    assert_eq!(bench.count("UnitMissing"), 1);
    assert_eq!(bench.count("CaseOpened"), 1);
    assert_eq!(bench.screen(), "receive");
}

#[test]
fn an_unknown_parcel_is_no_alarm() {
    let mut bench = Bench::new();
    bench.scan_all(&["BDGANNA", "6A99999999999"]);
    assert_eq!(bench.screen(), "item");
    assert!(matches!(bench.model.banner.as_ref().unwrap().say, Say::BlindOpened { .. }));
    bench.scan(SHIRT);
    assert_eq!(bench.screen(), "put");
    assert_eq!(bench.model.proposed_bin().unwrap().as_str(), "BIN-AWAIT-1");
    bench.scan("BIN-AWAIT-1");
    bench.card("DONE");
    assert_eq!(bench.screen(), "receive");
    assert_eq!(bench.count("SettlementProposed"), 0, "no value leaves before a match");
    let cause = bench.stored.cases.values().next().unwrap().cause;
    assert_eq!(cause, CaseCause::Unmatched, "somebody is to find its order");
}

#[test]
fn a_slip_or_a_serial_number_inside_gives_a_blind_parcel_its_order() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A99999999999", "RMA-1", SHIRT]);
    assert_eq!(bench.count("ParcelMatched"), 1);
    assert!(bench.stored.units.values().next().unwrap().sold().is_some());

    let mut bench = Bench::with_one_return();
    bench.book.orders[0].lines[0].serials = vec!["SN12345678".parse().unwrap()];
    bench.scan_all(&["6A99999999999", "SN12345678"]);
    assert_eq!(bench.count("ParcelMatched"), 1);
    let unit = bench.stored.units.values().next().unwrap();
    assert_eq!((unit.line, unit.n), (Some(1), Some(1)));
    assert_eq!(unit.serial.as_ref().unwrap().as_str(), "SN12345678");
}

#[test]
fn a_unit_of_another_order_goes_to_quarantine_with_one_case() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", STRANGER]);
    assert_eq!(bench.model.proposed_bin().unwrap().as_str(), "BIN-QUARANTINE-1");
    let cause = bench.stored.cases.values().next().unwrap().cause;
    assert_eq!(cause, CaseCause::WrongItem);
    bench.scan("BIN-QUARANTINE-1");
    assert_eq!(bench.count("CaseOpened"), 1);
    assert_eq!(bench.count("SettlementProposed"), 0);
}

#[test]
fn one_more_than_was_sold_is_recorded_as_unexpected() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT, "BIN-RESTOCK-1", SHIRT]);
    let unit = bench.stored.in_hand().unwrap();
    assert_eq!(unit.unexpected, Some(Unexpected::OverCount));
    assert_eq!(unit.line, None);
    assert_eq!(bench.count("CaseOpened"), 1);
}

#[test]
fn a_unit_that_was_sold_and_not_announced_is_inspected() {
    let mut bench = Bench::new();
    let order = order("acme", "W1", vec![line(1, SHIRT, 1), line(2, MUG, 1)]);
    let rma = rma(&order, "R", &["6A11111111111"], &[(1, 1)]);
    bench.book = Book { orders: vec![order], rmas: vec![rma], products: Vec::new() };
    bench.scan_all(&["BDGANNA", "6A11111111111", MUG]);
    assert_eq!(bench.stored.in_hand().unwrap().unexpected, Some(Unexpected::NotAnnounced));
    assert_eq!(bench.screen(), "inspect");
    bench.card("SELB");
    bench.scan("BIN-RESTOCK-1");
    assert_eq!(bench.screen(), "item", "the announced one is still out");
}

#[test]
fn a_late_unit_reopens_the_parcel_as_unexpected() {
    let mut bench = Bench::new();
    let order = order("acme", "W1", vec![line(1, SHIRT, 1), line(2, MUG, 1)]);
    let rma = rma(&order, "R", &["6A11111111111"], &[(1, 1)]);
    bench.book = Book { orders: vec![order], rmas: vec![rma], products: Vec::new() };
    bench.book.products.push(product(MUG));
    bench.scan_all(&["BDGANNA", "6A11111111111", SHIRT, "BIN-RESTOCK-1"]);
    assert!(bench.is_closed(1));
    bench.scan(MUG);
    let unit = bench.stored.in_hand().unwrap();
    assert_eq!(unit.unexpected, Some(Unexpected::NotAnnounced));
    assert_eq!((unit.line, unit.n), (Some(2), Some(1)));
    bench.card("SELB");
    bench.scan("BIN-RESTOCK-1");
    assert!(bench.is_closed(1));
    assert_eq!(bench.screen(), "receive");
}

fn product(gtin: &str) -> crate::domain::order::Product {
    crate::domain::order::Product {
        client: client("acme"),
        sku: format!("SKU-{gtin}").parse().unwrap(),
        gtins: vec![gtin.parse().unwrap()],
        description: "Mug".to_owned(),
        category: None,
        size: None,
        colour: None,
        serialised: false,
        hazard: None,
        size_class: None,
    }
}

#[test]
fn the_same_order_number_at_two_clients_is_chosen_by_card_and_both_claim() {
    let mut bench = Bench::new();
    let orders = ["acme", "nord"].map(|name| order(name, "100234", vec![line(1, SHIRT, 1)]));
    bench.book.orders = orders.to_vec();
    bench.scan("BDGANNA");
    for (card, bin) in [("SELB", "BIN-RESTOCK-1"), ("SELC", "BIN-NORD-1")] {
        bench.scan("100234");
        assert_eq!(bench.screen(), "choose");
        bench.scan("100234");
        assert_eq!(bench.screen(), "choose", "a scan is no answer");
        bench.card(card);
        bench.scan(SHIRT);
        bench.card("SELB");
        assert_eq!(bench.model.proposed_bin().unwrap().as_str(), bin);
        bench.scan(bin);
        assert_eq!(bench.screen(), "receive");
    }
    assert_eq!(bench.count("CaseOpened"), 0);
    assert_eq!(bench.count("SettlementProposed"), 2);
}

#[test]
fn a_unit_of_one_client_is_refused_at_the_bin_of_another() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT]);
    bench.card("INSPECT");
    bench.card("SELB");
    bench.scan("BIN-NORD-1");
    assert_eq!(bench.refusal().cause, RefusedCause::OtherClient);
}

#[test]
fn undo_takes_back_one_scan_at_a_time_and_nothing_is_claimed_twice() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT, "BIN-RESTOCK-1"]);
    let before = bench.stored.tally.clone();
    bench.card("UNDO");
    assert_eq!(bench.screen(), "offer", "the unit is in hand again");
    bench.scan("BIN-RESTOCK-1");
    assert_eq!(bench.stored.tally, before);
    bench.card("UNDO");
    bench.card("UNDO");
    assert_eq!(bench.screen(), "item");
    bench.scan(SHIRT);
    let unit = bench.stored.in_hand().unwrap();
    assert_eq!((unit.line, unit.n), (Some(1), Some(1)), "the sold unit is free again");
    assert_eq!(unit.lpn.serial, 2, "a plate is never given twice");
    for _ in 0..2 {
        bench.card("UNDO");
    }
    assert_eq!(bench.screen(), "receive");
    bench.card("UNDO");
    assert_eq!(bench.refusal().cause, RefusedCause::NothingToUndo);
}

#[test]
fn an_undelivered_parcel_of_ours_is_a_return_to_sender() {
    let mut bench = Bench::with_one_return();
    bench.book.rmas.clear();
    bench.scan("OUTW10010000001");
    let parcel = bench.stored.open_parcel().unwrap();
    assert_eq!(parcel.kind, ParcelKind::Rts);
}

#[test]
fn an_empty_parcel_is_asked_twice_and_is_a_case() {
    let mut bench = Bench::with_one_return();
    bench.scan("6A12345678901");
    bench.card("DONE");
    assert_eq!(bench.count("ParcelClosed"), 0);
    bench.card("DONE");
    assert_eq!(bench.count("UnitMissing"), 2);
    assert_eq!(bench.stored.cases.values().next().unwrap().cause, CaseCause::EmptyParcel);
    let how = bench.log.iter().find_map(|envelope| {
        let Event::ParcelClosed(closed) = &envelope.event else { return None };
        Some(closed.how)
    });
    assert_eq!(how, Some(ClosedHow::Empty));
}

#[test]
fn a_badge_in_mid_parcel_changes_the_receiver_and_keeps_the_work() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT, "BDGBERT"]);
    assert_eq!(bench.model.operator().unwrap().id.as_str(), "bert");
    assert_eq!(bench.screen(), "offer");
    bench.scan("BIN-RESTOCK-1");
    assert_eq!(bench.log.last().unwrap().operator.as_ref().unwrap().as_str(), "bert");
}

#[test]
fn end_with_an_open_parcel_is_asked_twice_and_the_next_badge_goes_on() {
    let mut bench = Bench::with_one_return();
    bench.scan_all(&["6A12345678901", SHIRT]);
    bench.card("END");
    assert_eq!(bench.screen(), "offer");
    bench.card("END");
    assert_eq!(bench.screen(), "badge");
    bench.scan("BDGBERT");
    assert_eq!(bench.screen(), "offer");
}

#[test]
fn after_a_crash_the_receiver_stands_where_he_stood() {
    let script =
        ["6A12345678901", SHIRT, "ask", "C", "C", "BIN-REFURBISH-1", MUG, "BIN-RESTOCK-1", MUG];
    for crash_after in 0..=script.len() {
        let mut bench = Bench::with_one_return();
        for (step, at) in script.iter().zip(0..) {
            if at == crash_after {
                let (screen, question) = (bench.screen(), bench.model.question().map(|q| q.1));
                bench.restart();
                assert_eq!(bench.screen(), screen, "after {at} steps");
                assert_eq!(bench.model.question().map(|q| q.1), question);
            }
            match *step {
                "ask" => bench.card("INSPECT"),
                "C" => bench.card("SELC"),
                code => bench.scan(code),
            }
        }
        bench.restart();
        bench.scan("BIN-RESTOCK-1");
        assert_eq!(bench.screen(), "receive", "crash after {crash_after}");
        assert_eq!(bench.stored.tally.settlements, 3);
    }
}

#[test]
fn a_share_of_clean_units_is_inspected_all_the_same() {
    let trust = Trust { inspect_share_percent: 100, ..clean_trust() };
    let mut bench = Bench::with(setup(trust));
    let order = order("acme", "W1", vec![line(1, SHIRT, 1)]);
    let rma = rma(&order, "R", &["6A11111111111"], &[(1, 1)]);
    bench.book = Book { orders: vec![order], rmas: vec![rma], products: Vec::new() };
    bench.scan_all(&["BDGANNA", "6A11111111111", SHIRT]);
    assert_eq!(bench.screen(), "inspect");
}

#[test]
fn the_money_is_what_was_really_paid() {
    let mut bench = Bench::with_one_return();
    let discount = crate::domain::order::OrderDiscount { label: "code".to_owned(), amount: 300 };
    bench.book.orders[0].discounts = vec![discount];
    bench.scan_all(&["6A12345678901", MUG, "BIN-RESTOCK-1"]);
    let paid = bench.log.iter().find_map(|envelope| {
        let Event::SettlementProposed(proposed) = &envelope.event else { return None };
        Some(proposed.total_minor)
    });
    assert_eq!(paid, Some(900));
}

#[test]
fn what_may_not_come_back_waits_in_quarantine_for_a_person() {
    let mut bench = Bench::with_one_return();
    bench.book.orders[0].lines[0].final_sale = true;
    bench.scan_all(&["6A12345678901", SHIRT]);
    assert_eq!(bench.screen(), "inspect", "a clean look does not settle it");
    bench.card("SELB");
    assert_eq!(bench.model.proposed_bin().unwrap().as_str(), "BIN-QUARANTINE-1");
    assert_eq!(bench.count("DecisionAsked"), 1);
    assert_eq!(bench.stored.cases.values().next().unwrap().cause, CaseCause::Ineligible);
    bench.scan("BIN-QUARANTINE-1");
    assert_eq!(bench.count("SettlementProposed"), 0);
}
