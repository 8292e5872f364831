//! Which rule wins, what holds when none does, and who is trusted by the bin alone.

use proptest::prelude::*;

use super::condition::{ConditionError, FACTS};
use super::{Policy, PolicyDraft, PolicyError, RuleDraft, Trust, UnitFacts};
use crate::domain::bin::Disposition;
use crate::domain::ids::{Lpn, StationNo};
use crate::domain::parcel::ParcelKind;
use crate::domain::settlement::AcceptanceAct;
use crate::domain::unit::Unexpected;

fn facts() -> UnitFacts {
    UnitFacts {
        client: Some("acme".parse().unwrap()),
        category: Some("apparel".parse().unwrap()),
        grade: Some("A".to_owned()),
        scale: Some("generic".to_owned()),
        parcel_kind: ParcelKind::Announced,
        unexpected: None,
        reason: None,
        paid_minor: Some(2500),
        final_sale: false,
        hazard: None,
        size_class: None,
    }
}

fn rule<T>(name: &str, when: &str, then: T) -> RuleDraft<T> {
    RuleDraft { name: name.to_owned(), when: when.to_owned(), then }
}

fn policy(dispositions: Vec<RuleDraft<Disposition>>) -> Result<Policy, PolicyError> {
    let verdicts = vec![
        rule("final_sale", "final_sale", AcceptanceAct::AskDecision),
        rule("late", "reason == \"late\"", AcceptanceAct::Reject),
        rule("accepted", "true", AcceptanceAct::Accept),
    ];
    let draft =
        PolicyDraft { version: "1".to_owned(), verdicts, dispositions, ..Default::default() };
    Policy::compile(draft, "the file")
}

fn refused(when: &str) -> ConditionError {
    match policy(vec![rule("bad", when, Disposition::Restock)]) {
        Err(PolicyError::Condition { rule, source }) if rule == "bad" => source,
        other => panic!("{when}: {other:?}"),
    }
}

#[test]
fn the_first_true_rule_wins() {
    let rules = vec![
        rule("dangerous", "hazard != \"\"", Disposition::Destroy),
        rule("clean", "grade == \"A\" && !final_sale", Disposition::Restock),
        rule("cheap", "paid_minor != null && paid_minor < 3000", Disposition::Donate),
    ];
    let policy = policy(rules).unwrap();
    let chosen = |facts: UnitFacts| {
        let chosen = policy.decide(&facts);
        (chosen.disposition, chosen.rule)
    };
    assert_eq!(chosen(facts()), (Disposition::Restock, "clean".to_owned()));
    let battery = UnitFacts { hazard: Some("battery".to_owned()), ..facts() };
    assert_eq!(chosen(battery), (Disposition::Destroy, "dangerous".to_owned()));
    let worn = UnitFacts { grade: Some("C".to_owned()), ..facts() };
    assert_eq!(chosen(worn.clone()), (Disposition::Donate, "cheap".to_owned()));
    let unpriced = UnitFacts { paid_minor: None, ..worn };
    assert_eq!(chosen(unpriced), (Disposition::Quarantine, "no_rule".to_owned()));
}

#[test]
fn a_verdict_has_its_own_rules() {
    let policy = policy(Vec::new()).unwrap();
    let verdict = |facts: UnitFacts| {
        let chosen = policy.decide(&facts);
        (chosen.acceptance, chosen.verdict)
    };
    assert_eq!(verdict(facts()), (AcceptanceAct::Accept, "accepted".to_owned()));
    let final_sale = UnitFacts { final_sale: true, ..facts() };
    assert_eq!(verdict(final_sale), (AcceptanceAct::AskDecision, "final_sale".to_owned()));
    let late = UnitFacts { reason: Some("late".to_owned()), ..facts() };
    assert_eq!(verdict(late), (AcceptanceAct::Reject, "late".to_owned()));
}

#[test]
fn without_rules_everything_waits_in_quarantine_for_a_person() {
    let chosen = Policy::default().decide(&facts());
    assert_eq!(chosen.disposition, Disposition::Quarantine);
    assert_eq!(chosen.acceptance, AcceptanceAct::AskDecision);
    assert_eq!((chosen.rule.as_str(), chosen.verdict.as_str()), ("no_rule", "no_rule"));
}

#[test]
fn a_rule_that_fails_on_a_unit_sends_it_to_quarantine_and_no_later_rule_is_tried() {
    // Neither of the units that conditions are tried on has grade D, so the division is not met.
    let rules = vec![
        rule(
            "odd",
            "grade == \"D\" && 1 / (size(reason) - size(reason)) > 0",
            Disposition::Restock,
        ),
        rule("rest", "true", Disposition::Restock),
    ];
    let policy = policy(rules).unwrap();
    let chosen = policy.decide(&UnitFacts { grade: Some("D".to_owned()), ..facts() });
    assert_eq!((chosen.disposition, chosen.rule.as_str()), (Disposition::Quarantine, "failed:odd"));
    assert_eq!(policy.decide(&facts()).rule, "rest");
}

#[test]
fn a_condition_that_can_not_work_is_refused_at_the_desk() {
    assert!(matches!(refused("grade = \"A\""), ConditionError::Syntax { .. }));
    assert!(matches!(refused(""), ConditionError::Syntax { .. }));
    assert_eq!(refused("colour == \"red\""), ConditionError::NoFact { found: "colour".to_owned() });
    assert!(matches!(refused("grade > 3"), ConditionError::Fails { .. }));
    assert!(matches!(refused("paid_minor < 3000"), ConditionError::Fails { .. }));
    assert!(matches!(refused("nonsense(grade)"), ConditionError::Fails { .. }));
    assert_eq!(refused("grade"), ConditionError::NotBool { found: "string".to_owned() });
    assert_eq!(refused(&"!".repeat(501)), ConditionError::TooLong { len: 501 });
}

#[test]
fn no_condition_is_long_or_deep_enough_to_exhaust_the_stack() {
    assert_eq!(refused("((((((([1]"), ConditionError::TooDeep { nesting: 8 });
    assert_eq!(refused(&"+1".repeat(25)), ConditionError::TooMany { count: 25 });
    assert_eq!(refused(&"grade == \"A\" || ".repeat(25)), ConditionError::TooMany { count: 25 });
    assert_eq!(refused("grade == \"\\\"\""), ConditionError::Backslash);
    let worst = [
        format!("1{} > 0", "+1".repeat(23)),
        format!("{}1{} > 0{}", "(".repeat(6), "+1".repeat(23), ")".repeat(6)),
        format!("{}true", "!".repeat(490)),
        format!("-1 < {}1", "-".repeat(20)),
        format!("true{}", "&&true".repeat(80)),
        format!("{}true", "true?true:".repeat(45)),
        format!("\"\"{} == \"\"", ".a()".repeat(23)),
        format!("1 in [1]{}", " in [true]".repeat(11)),
    ];
    for when in worst {
        let rules = vec![rule("it", &when, Disposition::Restock)];
        let _ = policy(rules).map(|policy| policy.decide(&facts()));
    }
}

#[test]
fn every_fact_can_be_named_in_a_condition() {
    for fact in FACTS {
        let rules = vec![rule("any", &format!("{fact} == {fact}"), Disposition::Restock)];
        assert_eq!(policy(rules).unwrap().decide(&facts()).rule, "any", "{fact}");
    }
}

#[test]
fn the_words_of_facts_are_those_of_the_events() {
    use ParcelKind as Kind;
    let kinds = [
        Kind::Announced,
        Kind::Preprinted,
        Kind::Blind,
        Kind::Rts,
        Kind::StoreTransfer,
        Kind::TradeIn,
        Kind::Misrouted,
    ];
    let is_true = |when: String, facts: &UnitFacts| {
        let policy = policy(vec![rule("it", &when, Disposition::Restock)]).unwrap();
        assert_eq!(policy.decide(facts).rule, "it", "{when}");
    };
    for parcel_kind in kinds {
        let word = serde_json::to_string(&parcel_kind).unwrap();
        is_true(format!("parcel_kind == {word}"), &UnitFacts { parcel_kind, ..facts() });
    }
    let reasons = [
        Unexpected::NotAnnounced,
        Unexpected::NotOnOrder,
        Unexpected::OverCount,
        Unexpected::Unmatched,
    ];
    for unexpected in reasons {
        let word = serde_json::to_string(&unexpected).unwrap();
        let facts = UnitFacts { unexpected: Some(unexpected), ..facts() };
        is_true(format!("unexpected == {word}"), &facts);
    }
}

#[test]
fn a_rule_is_named_and_named_once() {
    let twice =
        vec![rule("a", "true", Disposition::Restock), rule("a", "false", Disposition::Donate)];
    assert_eq!(policy(twice).unwrap_err(), PolicyError::RuleTwice { rule: "a".to_owned() });
    let nameless = vec![rule(" ", "true", Disposition::Restock)];
    assert_eq!(policy(nameless).unwrap_err(), PolicyError::NoName);
}

#[test]
fn an_edit_without_a_new_version_shows_in_the_version() {
    let draft = PolicyDraft { version: "2026.1".to_owned(), ..Default::default() };
    let version = |text| Policy::compile(draft.clone(), text).unwrap().version;
    assert_eq!(version("abc"), "2026.1-ba7816bf");
    assert_ne!(version("abd"), version("abc"));
}

fn trusting(trust: Trust) -> Policy {
    let draft = PolicyDraft { trust, ..Default::default() };
    Policy::compile(draft, "").unwrap()
}

fn lpn(serial: u32) -> Lpn {
    Lpn { station: StationNo::try_from(7).unwrap(), serial }
}

#[test]
fn only_an_announced_unit_without_a_doubt_is_clean_by_its_bin() {
    let trust = Trust {
        clean_by_bin: true,
        categories_excluded: ["phones".parse().unwrap()].into(),
        max_paid_minor: Some(5000),
        inspect_share_percent: 0,
    };
    let policy = trusting(trust.clone());
    assert!(policy.trusts_clean(&facts(), lpn(1)));
    assert!(policy.trusts_clean(&UnitFacts { category: None, ..facts() }, lpn(1)));
    assert!(policy.trusts_clean(&UnitFacts { paid_minor: Some(5000), ..facts() }, lpn(1)));
    let doubtful = [
        UnitFacts { unexpected: Some(Unexpected::NotAnnounced), ..facts() },
        UnitFacts { parcel_kind: ParcelKind::Blind, ..facts() },
        UnitFacts { hazard: Some("battery".to_owned()), ..facts() },
        UnitFacts { category: Some("phones".parse().unwrap()), ..facts() },
        UnitFacts { paid_minor: Some(5001), ..facts() },
        UnitFacts { paid_minor: None, ..facts() },
    ];
    for facts in doubtful {
        assert!(!policy.trusts_clean(&facts, lpn(1)), "{facts:?}");
    }
    let off = trusting(Trust { clean_by_bin: false, ..trust });
    assert!(!off.trusts_clean(&facts(), lpn(1)));
}

#[test]
fn a_share_of_the_plates_is_inspected_all_the_same() {
    for share in [0_u8, 5, 50, 100] {
        let trust = Trust { clean_by_bin: true, inspect_share_percent: share, ..Trust::default() };
        let policy = trusting(trust);
        let asked = (1..=1000).filter(|n| !policy.trusts_clean(&facts(), lpn(*n))).count();
        let wanted = usize::from(share) * 10;
        assert!(asked.abs_diff(wanted) <= 10, "{share} %: {asked} of 1000");
    }
    let over = PolicyDraft {
        trust: Trust { inspect_share_percent: 101, ..Trust::default() },
        ..Default::default()
    };
    assert_eq!(Policy::compile(over, "").unwrap_err(), PolicyError::Share { found: 101 });
}

#[test]
fn a_policy_is_shared_between_threads() {
    fn check<T: Send + Sync + Clone>() {}
    check::<Policy>();
}

proptest! {
    #[test]
    fn no_text_makes_a_condition_panic(text in "[a-z_ =!&|()<>\"'0-9.+?:\\[\\]{},-]{0,40}") {
        let _ = policy(vec![rule("any", &text, Disposition::Restock)]);
    }

    #[test]
    fn an_excluded_share_never_depends_on_anything_but_the_plate(serial in 1_u32..=9_999_999, paid in any::<i64>()) {
        let trust = Trust { clean_by_bin: true, inspect_share_percent: 30, ..Trust::default() };
        let policy = trusting(trust);
        let dear = UnitFacts { paid_minor: Some(paid), ..facts() };
        prop_assert_eq!(policy.trusts_clean(&facts(), lpn(serial)), policy.trusts_clean(&dear, lpn(serial)));
    }
}
