//! What each file accepts and how it refuses; what the default rules say of typical units.

use std::fs;

use dockside_core::domain::bin::{BinUse, Disposition};
use dockside_core::domain::ids::{Lpn, StationNo};
use dockside_core::domain::inspection::Step;
use dockside_core::domain::operator::{Lang, Role};
use dockside_core::domain::parcel::ParcelKind;
use dockside_core::domain::policy::UnitFacts;
use dockside_core::domain::scan::card;
use dockside_core::domain::settlement::AcceptanceAct;
use dockside_core::domain::unit::Unexpected;
use tempfile::TempDir;

use super::source::{Origin, STATION};
use super::station::ThemeName;
use super::station::scanner::{DataBits, Flow, Parity};
use super::{Config, DEFAULT_BADGES, load};
use dockside_core::domain::framing::Terminator;

/// Loads a directory with these files; station.toml is empty unless it is one of them.
fn loaded(files: &[(&str, &str)]) -> Result<Config, String> {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("station.toml"), "").unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let prefix = format!("{}/", dir.path().display());
    load(Some(&dir.path().join("station.toml"))).map_err(|e| e.to_string().replace(&prefix, ""))
}

/// The sentence that one file is refused with starts so.
fn check(name: &str, text: &str, wanted: &str) {
    match loaded(&[(name, text)]) {
        Ok(_) => panic!("accepted:\n{text}\nwanted: {wanted}"),
        Err(told) => assert!(told.starts_with(wanted), "\n  told: {told}\nwanted: {wanted}"),
    }
}

fn policy(rest: &str) -> String {
    format!("version = \"1\"\n{rest}")
}

#[test]
fn the_defaults_are_whole() {
    let config = load(None).unwrap();
    assert_eq!(config.station.site.as_str(), "site-1");
    assert_eq!(u16::from(config.station.station), 1);
    assert_eq!((config.station.lang, config.station.central.as_ref()), (Lang::En, None));
    assert_eq!((config.station.wedge.gap_ms, config.station.wedge.min_len), (120, 4));
    assert_eq!(config.station.screen.theme, ThemeName::Dark);
    assert_eq!(config.origins.policy, Origin::BuiltIn("policy.toml"));
    let role = |badge: &str| config.operators[&badge.parse().unwrap()].role;
    let roles = DEFAULT_BADGES.map(role);
    assert_eq!(roles, [Role::Receiver, Role::Lead, Role::Technician]);
    for disposition in Disposition::ALL {
        let takes = BinUse::For(disposition);
        let code = config.bins.propose(takes, None).unwrap().code.to_string();
        let word = disposition.word().to_uppercase().replace('_', "-");
        assert_eq!(code, format!("BIN-{word}-1"));
    }
    let awaits = config.bins.propose(BinUse::AwaitMatch, None).unwrap();
    assert_eq!(awaits.code.as_str(), "BIN-AWAIT-1");
    assert_eq!(config.keys["ok"], ["F12"]);
    assert!(config.policy.version.starts_with("2026.1-"), "{}", config.policy.version);
}

#[test]
fn a_file_beside_station_toml_replaces_its_default_and_the_others_stay() {
    let operators = "[[operator]]\nbadge = \"BDG7KX\"\nid = \"p-12\"\nname = \"Zoë\"\n\
                     role = \"lead\"\nlang = \"fr\"\n";
    let config = loaded(&[
        ("station.toml", "site = \"lille-2\"\nstation = 7\ntime_zone = \"Europe/Paris\"\n"),
        ("operators.toml", operators),
        ("keys.toml", "[keys]\nundo = [\"Ctrl+U\", \"u\"]\nhelp = []\n"),
    ])
    .unwrap();
    assert_eq!(config.station.site.as_str(), "lille-2");
    assert_eq!(config.station.time_zone, chrono_tz::Europe::Paris);
    assert_eq!(config.station.data.warn_free_mib, 2048);
    let zoe = &config.operators[&"BDG7KX".parse().unwrap()];
    assert_eq!((zoe.name.as_str(), zoe.lang), ("Zoë", Some(Lang::Fr)));
    assert_eq!(config.operators.len(), 1);
    assert_eq!(config.keys["undo"], ["Ctrl+U", "u"]);
    assert_eq!((config.keys["help"].len(), config.keys["quit"].len()), (0, 1));
    assert!(matches!(config.origins.operators, Origin::File(_)));
    assert_eq!(config.origins.bins, Origin::BuiltIn("bins.toml"));
}

#[test]
fn a_station_file_that_was_named_has_to_be_there() {
    let told = load(Some(std::path::Path::new("/nowhere/station.toml"))).unwrap_err().to_string();
    assert!(told.starts_with("/nowhere/station.toml: can't be read: "), "{told}");
}

#[test]
fn the_commented_blocks_of_the_default_are_the_defaults() {
    let mut text = String::new();
    for line in STATION.text.lines().filter_map(|line| line.strip_prefix("# ")) {
        let is_toml = line.starts_with("[[scanner]]")
            || line.starts_with("[central]")
            || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        if is_toml {
            text += line;
            text += "\n";
        }
    }
    let config = loaded(&[("station.toml", &text)]).unwrap();
    let minimal = "[[scanner]]\nname = \"bench\"\npath = \"/dev/serial/by-id/...\"\n";
    let left_out = loaded(&[("station.toml", minimal)]).unwrap();
    assert_eq!(config.station.scanners, left_out.station.scanners);
    assert_eq!(config.station.scanners.len(), 1);
    let central = config.station.central.unwrap();
    assert_eq!(central.login, "station_001");
    assert_eq!(central.url, "postgres://central.example:5432/dockside");
}

#[test]
fn a_scanner_is_read_with_all_its_settings() {
    let text = "[[scanner]]\nname = \"hand\"\ntransport = \"serial\"\npath = \"/dev/ttyS1\"\n\
                baud = 115200\ndata_bits = 7\nparity = \"even\"\nstop_bits = 2\n\
                flow = \"hardware\"\nprefix = \"\\u0002\"\nterminators = [\"stx_etx\"]\n\
                idle_ms = 50\nbounce_ms = 0\n";
    let config = loaded(&[("station.toml", text)]).unwrap();
    let scanner = &config.station.scanners[0];
    assert_eq!((scanner.line.baud, scanner.line.data_bits), (115_200, DataBits::Seven));
    assert_eq!((scanner.line.parity, scanner.line.flow), (Parity::Even, Flow::Hardware));
    assert_eq!((scanner.prefix.as_str(), scanner.terminators[0]), ("\u{2}", Terminator::StxEtx));
    assert_eq!((scanner.idle_ms, scanner.bounce_ms), (50, 0));
}

#[test]
fn a_station_file_is_refused_with_line_key_and_what_is_allowed() {
    let scanner = |rest: &str| format!("[[scanner]]\nname = \"a\"\npath = \"/dev/x\"\n{rest}");
    let cases = [
        (
            "site = \"a\"\nsitte = \"b\"".to_owned(),
            "line 2: there is no key sitte here; allowed: one of site, ",
        ),
        ("station = 0".to_owned(), "line 1: station = 0 is not allowed; 1 to 999"),
        (
            "\nstation = \"one\"".to_owned(),
            "line 2: station: invalid type: string \"one\", a whole number is expected",
        ),
        ("lang = \"pl\"".to_owned(), "line 1: lang = \"pl\" is not allowed; one of \"en\", \"fr\""),
        ("site = \"\"".to_owned(), "line 1: site = \"\" is not allowed; site is empty"),
        (
            "time_zone = \"Paris\"".to_owned(),
            "line 1: time_zone = \"Paris\" is not allowed; a name of the IANA",
        ),
        (scanner("baud = 9601"), "line 4: baud = 9601 is not allowed; one of 1200, 2400, "),
        (scanner("data_bits = 9"), "line 4: data_bits = 9 is not allowed; 7 or 8"),
        (scanner("stop_bits = 3"), "line 4: stop_bits = 3 is not allowed; 1 or 2"),
        (
            scanner("parity = \"mark\""),
            "line 4: parity = \"mark\" is not allowed; one of \"none\", ",
        ),
        (
            scanner("terminators = [\"etx\"]"),
            "line 4: terminators = \"etx\" is not allowed; one of \"cr\", ",
        ),
        (scanner("idle_ms = 5"), "line 4: idle_ms = 5 is not allowed; 10 to 2000"),
        (
            scanner("transport = \"evdev\""),
            "line 4: transport = \"evdev\" is not allowed; one of \"serial\"",
        ),
        (scanner("bauds = 9600"), "line 4: there is no key bauds here; allowed: one of name, "),
        (scanner(&scanner("")), "line 5: scanner a is there twice"),
        ("[[scanner]]\nname = \"a\"".to_owned(), "line 1: there is no key `path`"),
        (
            "[wedge]\nenabled = 1".to_owned(),
            "line 2: enabled: invalid type: integer `1`, true or false is expected",
        ),
        ("[wedge]\ngap_ms = 501".to_owned(), "line 2: gap_ms = 501 is not allowed; 5 to 500"),
        (
            "[data]\nwarn_free_mib = 32".to_owned(),
            "line 2: warn_free_mib = 32 is not allowed; 64 to 1000000",
        ),
        ("site = ".to_owned(), "line 1: "),
    ];
    for (text, wanted) in cases {
        check("station.toml", &text, &format!("station.toml {wanted}"));
    }
}

#[test]
fn no_error_repeats_a_password_or_a_badge() {
    let central = "[central]\nurl = \"postgres://me:secret@host/db\"\nlogin = \"a\"\n\
                   password_file = \"b\"\n";
    check(
        "station.toml",
        central,
        "station.toml line 2: url = \"...\" is not allowed; postgres://",
    );
    let text =
        "[[operator]]\nbadge = \"BDG 12 secret\"\nid = \"a\"\nname = \"A\"\nrole = \"lead\"\n";
    check("operators.toml", text, "operators.toml line 2: badge = \"...\" is not allowed; BDG and");
}

#[test]
fn the_badges_that_everybody_knows_are_refused_where_there_is_a_central() {
    let central = "[central]\nurl = \"postgres://host/db\"\nlogin = \"a\"\npassword_file = \"b\"\n";
    let config = loaded(&[("station.toml", central)]).unwrap();
    assert_eq!((config.operators.len(), config.refused_badges.len()), (0, 3));
    assert!(load(None).unwrap().refused_badges.is_empty());
}

#[test]
fn an_operators_file_is_refused_with_its_line() {
    let operator = |badge: &str, id: &str| {
        format!("[[operator]]\nbadge = \"{badge}\"\nid = \"{id}\"\nname = \"A\"\nrole = \"lead\"\n")
    };
    let cases = [
        (operator("BDG1", "a") + &operator("BDG1", "b"), "line 7: the badge of b is there twice"),
        (operator("BDG1", "a") + &operator("BDG2", "a"), "line 8: operator a is there twice"),
        (operator("MARIE", "a"), "line 2: badge = "),
        (operator("BDG1LPN00700000423", "a"), "line 2: badge = "),
        (
            operator("BDG1", "a").replace("lead", "boss"),
            "line 5: role = \"boss\" is not allowed; one of",
        ),
        (
            operator("BDG1", "a") + "pin = \"1\"",
            "line 6: there is no key pin here; allowed: one of badge, ",
        ),
        (operator("BDG1", "a").replace("\"A\"", "\"\\u001b[2J\""), "line 4: name = "),
        (String::new(), ": an [[operator]] is missing; nobody could sign in"),
    ];
    for (text, wanted) in cases {
        let gap = if wanted.starts_with(':') { "" } else { " " };
        check("operators.toml", &text, &format!("operators.toml{gap}{wanted}"));
    }
}

#[test]
fn a_bin_is_there_once_but_a_disposition_may_have_several() {
    let bin =
        |code: &str, takes: &str| format!("[[bin]]\ncode = \"{code}\"\ntakes = \"{takes}\"\n");
    let quarantine = bin("BIN-Q", "quarantine");
    let two = quarantine.clone() + &bin("BIN-R-1", "restock") + &bin("BIN-R-2", "restock");
    let config = loaded(&[("bins.toml", &two)]).unwrap();
    let restock = config.bins.propose(BinUse::For(Disposition::Restock), None).unwrap();
    assert_eq!((config.bins.0.len(), restock.code.as_str()), (3, "BIN-R-1"));
    let cases = [
        (quarantine.clone() + &quarantine, "line 5: bin BIN-Q is there twice"),
        (bin("SHELF-1", "restock"), "line 2: code = \"SHELF-1\" is not allowed; BIN- and"),
        (bin("BIN-1", "sell"), "line 3: takes = \"sell\" is not allowed; one of \"restock\", "),
        (bin("BIN-1", "restock"), ": a bin without a client that takes \"quarantine\" is missing"),
        (quarantine.clone() + "client = \"acme\"", ": a bin without a client that takes"),
        (quarantine + "size = 1", "line 4: there is no key size here; allowed: one of code, "),
    ];
    for (text, wanted) in cases {
        let gap = if wanted.starts_with(':') { "" } else { " " };
        check("bins.toml", &text, &format!("bins.toml{gap}{wanted}"));
    }
}

#[test]
fn a_key_is_a_name_that_terminals_know() {
    let keys = "[keys]\nundo = [\"Ctrl+Alt+Delete\", \"+\", \"Ctrl++\", \"Shift+F12\", \"é\"]\n";
    assert_eq!(loaded(&[("keys.toml", keys)]).unwrap().keys["undo"].len(), 5);
    for key in ["F13", "ctrl+u", "Ctrl+", "uu", "", "Ctrl+Ctrl+U"] {
        let text = format!("[keys]\nundo = [\"{key}\"]\n");
        check("keys.toml", &text, &format!("keys.toml line 2: undo = \"{key}\" is not allowed"));
    }
    check(
        "keys.toml",
        "[keys]\nundoo = []",
        "keys.toml line 2: there is no key undoo here; allowed: one of answ",
    );
}

#[test]
fn a_policy_that_can_not_work_is_refused_with_its_rule() {
    let rule = |when: &str| {
        policy(&format!("[[rule]]\nname = \"clean\"\nwhen = '{when}'\ndisposition = \"restock\"\n"))
    };
    let cases = [
        (
            rule("grade = \"A\""),
            "line 4: rule \"clean\": the condition can't be read at character ",
        ),
        (
            rule("grde == \"A\""),
            "line 4: rule \"clean\": \"grde\" is no fact; the facts are client, ",
        ),
        (rule("paid_minor < 100"), "line 4: rule \"clean\": the condition fails on absent facts: "),
        (rule("grade"), "line 4: rule \"clean\": the condition is string, neither true nor false"),
        (
            rule("true").replace("restock", "shelf"),
            "line 5: disposition = \"shelf\" is not allowed; one of",
        ),
        (
            rule("true") + "[[rule]]\nname = \"clean\"\nwhen = 'true'\ndisposition = \"donate\"\n",
            "line 7: rule \"clean\" is there twice",
        ),
        (
            policy("[trust]\ninspect_share_percent = 101"),
            "line 3: inspect_share_percent = 101 is not allowed; 0 to 100",
        ),
        (
            policy("[trust]\nclean = true"),
            "line 3: there is no key clean here; allowed: one of clean_by_bin, ",
        ),
        ("version = \"a b\"".to_owned(), "line 1: version = \"a b\" is not allowed; 1 to 32"),
    ];
    for (text, wanted) in cases {
        check("policy.toml", &text, &format!("policy.toml {wanted}"));
    }
}

#[test]
fn an_inspection_that_can_not_grade_is_refused_with_its_question() {
    let whole = super::source::INSPECTION.text;
    let cases = [
        (
            whole.replace(", fr = \"toutes\"", ""),
            "question \"tags\" of path \"apparel\": the text of answer \"on\" is missing in \"fr\"",
        ),
        (
            whole.replace("question = \"tags\"", "question = \"tag\""),
            "question \"worn\" of path \"apparel\": the path has no question \"tag\"",
        ),
        (
            whole.replace(
                "label = { en = \"one is missing\", fr = \"il en manque\" }, grade = \"B\"",
                "label = { en = \"one is missing\", fr = \"il en manque\" }",
            ),
            "either question or grade of answer \"off\" is missing",
        ),
        (whole.replace("fr = \"toutes\"", "pl = \"\""), "there is no key pl here; allowed: "),
    ];
    for (text, wanted) in cases {
        let told = loaded(&[("inspection.toml", &text)]).unwrap_err();
        let (place, told) = told.split_once(": ").unwrap();
        assert!(told.starts_with(wanted), "{told}");
        let line: usize = place.strip_prefix("inspection.toml line ").unwrap().parse().unwrap();
        assert!(text.lines().nth(line - 1).is_some_and(|line| line.contains("id = ")), "{place}");
    }
}

fn facts() -> UnitFacts {
    UnitFacts {
        client: Some("default".parse().unwrap()),
        category: None,
        grade: Some("A".to_owned()),
        scale: Some("generic".to_owned()),
        parcel_kind: ParcelKind::Announced,
        unexpected: None,
        reason: None,
        paid_minor: Some(1999),
        final_sale: false,
        hazard: None,
        size_class: None,
    }
}

fn graded(scale: &str, grade: &str) -> UnitFacts {
    UnitFacts { scale: Some(scale.to_owned()), grade: Some(grade.to_owned()), ..facts() }
}

#[test]
fn the_default_rules_send_each_typical_unit_to_its_place() {
    use AcceptanceAct::{Accept, AskDecision};
    use Disposition::{Liquidate, Quarantine, Recycle, Refurbish, Repair, Restock, SecondHand};
    let policy = load(None).unwrap().policy;
    let unexpected = |why| UnitFacts { unexpected: Some(why), ..facts() };
    let dear = UnitFacts { paid_minor: Some(5000), ..graded("apparel", "D") };
    let cases = [
        (facts(), Restock, "as_new", Accept),
        (unexpected(Unexpected::NotAnnounced), Restock, "as_new", Accept),
        (graded("generic", "B"), SecondHand, "opened", Accept),
        (graded("apparel", "C"), Refurbish, "needs_work", Accept),
        (graded("apparel", "D"), Recycle, "beyond_use", Accept),
        (UnitFacts { paid_minor: None, ..graded("generic", "D") }, Recycle, "beyond_use", Accept),
        (dear, Liquidate, "damaged_but_dear", Accept),
        (graded("electronics", "D"), Repair, "faulty_device", Accept),
        (graded("electronics", "E"), Recycle, "beyond_use", Accept),
        (unexpected(Unexpected::NotOnOrder), Quarantine, "whose_is_it", AskDecision),
        (unexpected(Unexpected::OverCount), Quarantine, "whose_is_it", AskDecision),
        (unexpected(Unexpected::Unmatched), Quarantine, "whose_is_it", AskDecision),
        (UnitFacts { final_sale: true, ..facts() }, Quarantine, "final_sale_waits", AskDecision),
        (UnitFacts { hazard: Some("battery".to_owned()), ..facts() }, Quarantine, "hazard", Accept),
        (UnitFacts { grade: None, scale: None, ..facts() }, Quarantine, "no_rule", Accept),
        (graded("generic", "Z"), Quarantine, "no_rule", Accept),
    ];
    for (facts, disposition, rule, acceptance) in cases {
        let chosen = policy.decide(&facts);
        let told = (chosen.disposition, chosen.rule.as_str(), chosen.acceptance);
        assert_eq!(told, (disposition, rule, acceptance), "{facts:?}");
    }
}

#[test]
fn every_grade_of_the_default_scales_has_a_rule() {
    let config = load(None).unwrap();
    for scale in &config.inspection.scales {
        for grade in &scale.grades {
            let chosen = config.policy.decide(&graded(&scale.id, &grade.id));
            assert_ne!(chosen.disposition, Disposition::Quarantine, "{} {}", scale.id, grade.id);
        }
    }
}

#[test]
fn by_default_a_clean_unit_is_known_by_its_bin() {
    let policy = load(None).unwrap().policy;
    let lpn = Lpn { station: StationNo::try_from(1).unwrap(), serial: 1 };
    let of = |category: &str| UnitFacts { category: Some(category.parse().unwrap()), ..facts() };
    assert!(policy.trusts_clean(&facts(), lpn));
    assert!(policy.trusts_clean(&of("apparel"), lpn));
    assert!(!policy.trusts_clean(&of("phones"), lpn));
}

#[test]
fn the_default_questions_grade_a_faulty_phone() {
    let inspection = load(None).unwrap().inspection;
    let path = inspection.path(Some(&"phones".parse().unwrap())).unwrap();
    let answers = [("seal", "no"), ("works", "no")].map(|(q, a)| (q.to_owned(), a.to_owned()));
    let Some(Step::Graded { scale, grade }) = inspection.step(path, &answers) else {
        panic!("no grade");
    };
    assert_eq!((scale.id.as_str(), grade.id.as_str()), ("electronics", "D"));
    // The answers are given by the cards B to E.
    assert!(["SELB", "SELC", "SELD", "SELE"].iter().all(|word| card(word).is_some()));
}
