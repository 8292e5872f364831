//! Claims on the texts: both languages say the same things, short enough, in good typography.
//! Start at `texts`.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr;

use super::*;

/// What callers typically set into a text.
const TYPICAL: &[(&str, Arg<'static>)] = &[
    ("bin", Arg::Text("BIN-RESTOCK-1")),
    ("client", Arg::Text("MAISON")),
    ("code", Arg::Text("6A12345678901")),
    ("day", Arg::Text("21")),
    ("device", Arg::Text("left")),
    ("disposition", Arg::Text("quarantine")),
    ("events", Arg::Number(2)),
    ("first", Arg::Text("B")),
    ("gib", Arg::Number(2)),
    ("grade", Arg::Text("B")),
    ("key", Arg::Text("F1")),
    ("label", Arg::Text("sealed")),
    ("last", Arg::Text("E")),
    ("letter", Arg::Text("B")),
    ("lpn", Arg::Text("LPN00700000428")),
    ("m", Arg::Number(2)),
    ("min_height", Arg::Number(24)),
    ("min_width", Arg::Number(80)),
    ("minutes", Arg::Number(3)),
    ("missing", Arg::Number(2)),
    ("month", Arg::Text("November")),
    ("n", Arg::Number(57)),
    ("name", Arg::Text("Marie D.")),
    ("operator", Arg::Text("Marie D.")),
    ("order", Arg::Text("100234")),
    ("other", Arg::Text("4006381333931 + 4006381333931")),
    ("out", Arg::Number(1)),
    ("parcel", Arg::Text("6A12345678901")),
    ("parcels", Arg::Number(142)),
    ("site", Arg::Text("lille-2")),
    ("station", Arg::Text("007")),
    ("time", Arg::Text("14:31")),
    ("units", Arg::Number(1204)),
    ("wanted", Arg::Text("BIN-QUARANTINE-1")),
    ("what", Arg::Text("Running shoe 42 blue")),
    ("when", Arg::Text("today at 14:31")),
    ("why", Arg::Text("Not on the order")),
    ("width", Arg::Number(60)),
    ("height", Arg::Number(20)),
    ("year", Arg::Text("2026")),
];

/// Every text of a file by its id (`id.attribute` for a part), as written.
fn texts(file: &str) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let (mut key, mut open) = (String::new(), String::new());
    for line in file.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let part = line.strip_prefix("    .").and_then(|line| line.split_once(" = "));
        let own = line.split_once(" =").filter(|_| !line.starts_with(' '));
        let (id, text) = match (own, part) {
            (Some((id, text)), _) => {
                key = id.to_owned();
                (key.clone(), text)
            }
            (None, Some((part, text))) => (format!("{key}.{part}"), text),
            (None, None) => (open.clone(), line),
        };
        open = id.clone();
        let whole = texts.entry(id).or_default();
        whole.push_str(text);
        whole.push('\n');
    }
    texts.retain(|_, text| !text.trim().is_empty());
    texts
}

fn arguments(text: &str) -> BTreeSet<&str> {
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let names = text.split('$').skip(1);
    names.map(|rest| rest.split(|sign| !is_name(sign)).next().unwrap_or("")).collect()
}

/// The causes as the contract of events lists them, in the form of text ids.
fn causes() -> Vec<String> {
    let source = include_str!("../../../core/src/domain/event.rs");
    let list = source.split("RefusedCause {").nth(1).unwrap().split('}').next().unwrap();
    let kebab = |name: &str| {
        let spread = |sign: char| {
            let dash = if sign.is_uppercase() { "-" } else { "" };
            format!("{dash}{}", sign.to_ascii_lowercase())
        };
        format!("refused{}", name.chars().map(spread).collect::<String>())
    };
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(kebab).collect()
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_arguments() {
    let (english, french) = (texts(ENGLISH), texts(FRENCH));
    let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&english), keys(&french));
    assert!(english.len() > 250, "the files were read whole: {}", english.len());
    for (id, text) in &english {
        assert_eq!(arguments(text), arguments(&french[id]), "{id}");
    }
}

#[test]
fn every_text_can_be_said_with_the_arguments_callers_have() {
    for lang in [Lang::En, Lang::Fr] {
        let words = Words::new(lang);
        for id in texts(ENGLISH).keys() {
            let text = words.try_get(id, TYPICAL).unwrap_or_else(|fault| panic!("{fault}"));
            assert!(!text.contains(['{', '\n', '\u{2068}']), "{id}: {text}");
        }
    }
}

#[test]
fn every_refusal_has_its_three_lines_and_a_short_one() {
    let causes = causes();
    assert!(causes.len() >= 28);
    assert!(causes.contains(&refusal_id(RefusedCause::NoUnitInHand)));
    for lang in [Lang::En, Lang::Fr] {
        let words = Words::new(lang);
        for id in &causes {
            words.try_get(&format!("{id}.short"), TYPICAL).unwrap();
            for part in ["what", "now", "safe"] {
                words.try_get(&format!("{id}.{part}"), TYPICAL).unwrap();
            }
        }
    }
}

#[test]
fn three_lines_fit_sixty_columns_and_blame_nobody() {
    let mut too_wide = Vec::new();
    for lang in [Lang::En, Lang::Fr] {
        let words = Words::new(lang);
        for id in texts(ENGLISH).keys() {
            let Some((_, part)) = id.split_once('.') else { continue };
            let mut args = TYPICAL.to_vec();
            if !id.starts_with("refused-glued") {
                args.retain(|(name, _)| *name != "other");
                args.push(("other", "6A12345678901".into()));
            }
            let text = words.get(id, &args);
            let most = match part {
                "short" => 36,
                "title" => 16,
                _ => 60,
            };
            if text.width() > most {
                too_wide.push(format!("{} {id} ({}): {text}", lang.tag(), text.width()));
            }
            let lower = text.to_lowercase();
            for word in ["!", "invalid", "illegal", "error", "you ", "erreur de votre", "invalide"]
            {
                assert!(!lower.contains(word), "{id} says {word:?}: {text}");
            }
            assert!(part == "short" || part == "title" || text.ends_with('.'), "{id}: {text}");
        }
    }
    assert!(too_wide.is_empty(), "{}", too_wide.join("\n"));
}

#[test]
fn the_names_of_the_three_lines_leave_sixty_columns_inside_the_stop_frame() {
    for lang in [Lang::En, Lang::Fr] {
        let words = Words::new(lang);
        for id in ["label-what", "label-now", "label-safe"] {
            assert!(words.get(id, &[]).width() <= 10, "{id}");
        }
    }
}

#[test]
fn french_marks_stand_after_a_space_that_never_breaks() {
    for (id, text) in texts(FRENCH) {
        let mut before = ' ';
        for sign in text.chars() {
            assert!(!":;!?".contains(sign) || before == '\u{a0}', "{id}: {text}");
            before = sign;
        }
        assert!(!text.contains('\u{202f}'), "{id}: consoles lack the narrow one");
    }
}

#[test]
fn a_count_is_said_in_the_manner_of_its_language() {
    let (english, french) = (Words::new(Lang::En), Words::new(Lang::Fr));
    let units = |n: u32| [("units", Arg::from(n))];
    assert_eq!(english.get("closed-units", &units(0)), "0 items in their bins");
    assert_eq!(french.get("closed-units", &units(0)), "0 article dans son bac");
    assert_eq!(english.get("closed-units", &units(1)), "1 item in its bin");
    assert_eq!(english.get("closed-units", &units(1204)), "1,204 items in their bins");
    assert_eq!(
        french.get("closed-units", &units(1_204_000)),
        "1\u{a0}204\u{a0}000 articles dans leurs bacs"
    );
}

#[test]
fn a_missing_text_is_a_typed_error_and_still_shows_which() {
    let words = Words::new(Lang::Fr);
    let missing = WordsError::Missing { id: "nowhere".to_owned(), lang: "fr" };
    assert_eq!(words.try_get("nowhere", &[]), Err(missing));
    assert_eq!(words.get("nowhere.now", &[]), "[nowhere.now]");
    let without = words.try_get("header-parcels", &[]);
    assert!(matches!(without, Err(WordsError::Arguments { .. })), "{without:?}");
}

#[test]
fn a_hostile_argument_stays_text() {
    let words = Words::new(Lang::En);
    let text = words.get("refused-unknown-code.what", &[("code", "\x1b[2J{ $x }\u{202e}".into())]);
    assert_eq!(text, "·[2J{ $x }· is no code known here.");
}

#[test]
fn the_made_up_language_is_longer_and_closed_by_brackets() {
    let (plain, stretched) = (Words::new(Lang::En), Words::pseudo(Lang::En));
    for id in ["receive-prompt", "receive-hint", "badge-hint"] {
        let (plain, stretched) = (plain.get(id, &[]), stretched.get(id, &[]));
        assert!(stretched.starts_with("[!! ") && stretched.ends_with(" !!]"));
        assert!(stretched.len() * 5 >= plain.len() * 7, "{stretched}");
    }
}
