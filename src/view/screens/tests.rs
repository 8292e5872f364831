//! Claims on whole screens, drawn from models that the real session made. Start at `scenes`.

mod bench;
mod scenes;

use chrono_tz::Europe::Paris;
use dockside_core::domain::bin::Disposition;
use dockside_core::domain::ids::{ClientId, ParcelId};
use dockside_core::domain::operator::Lang;
use dockside_core::domain::unit::Unexpected;
use dockside_core::session::actions::Action;
use dockside_core::session::input::Input;
use dockside_core::session::model::Screen;
use dockside_core::session::notice::{Before, Refusal, Say};
use insta::assert_snapshot;
use proptest::prelude::*;
use ratatui::buffer::Buffer;

use self::bench::{Bench, MUG, SHIRT, SHOES, STRANGER};
use self::scenes::{scenes, tray};
use super::*;
use crate::view::drawn::text;
use crate::view::theme::{ColourDepth, Terminal, ThemeKind};
use crate::view::widgets::bigtext::Blocks;

fn look(depth: ColourDepth) -> Look {
    let terminal = Terminal { depth, ascii: false, blocks: Blocks::Quadrants };
    Look::of(ThemeKind::Dark, terminal, Paris)
}

fn cells_of(
    width: u16,
    height: u16,
    model: &Model,
    look: &Look,
    tray: Option<&TrayView>,
) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    draw(&mut buffer, area, model, look, tray);
    buffer
}

fn drawn(width: u16, height: u16, model: &Model) -> String {
    text(&cells_of(width, height, model, &look(ColourDepth::None), None))
}

#[test]
fn every_screen_at_every_size_in_both_languages() {
    for lang in [Lang::En, Lang::Fr] {
        for (name, model) in scenes(lang) {
            for (width, height) in [(80, 24), (120, 40)] {
                let name = format!("{name}_{width}_{}", lang.tag());
                assert_snapshot!(name, drawn(width, height, &model));
            }
            if ["receive", "put"].contains(&name) {
                assert_snapshot!(format!("{name}_200_{}", lang.tag()), drawn(200, 60, &model));
            }
        }
    }
}

#[test]
fn every_screen_of_the_session_is_among_the_scenes() {
    let drawn: Vec<Screen> = scenes(Lang::En).iter().map(|(_, model)| model.screen()).collect();
    for screen in [
        Screen::Badge,
        Screen::Receive,
        Screen::Choose,
        Screen::Item,
        Screen::Offer,
        Screen::Inspect,
        Screen::Put,
        Screen::Stop,
    ] {
        assert!(drawn.contains(&screen), "{screen:?}");
    }
}

#[test]
fn the_tray_never_hides_the_decision() {
    for (name, model) in scenes(Lang::En) {
        if model.screen() == Screen::Stop || name == "help" {
            continue;
        }
        let look = look(ColourDepth::None);
        let small = text(&cells_of(80, 24, &model, &look, Some(&tray())));
        assert!(small.contains("→ shoe"), "{name}\n{small}");
        assert_snapshot!(format!("tray_{name}_80"), small);
        let wide = text(&cells_of(120, 40, &model, &look, Some(&tray())));
        assert!(wide.contains("→ shoe"), "{name}\n{wide}");
    }
}

#[test]
fn a_window_too_small_still_says_what_is_asked_for() {
    let (_, model) = scenes(Lang::Fr).into_iter().find(|(name, _)| *name == "put").unwrap();
    assert_snapshot!("tiny", drawn(60, 10, &model));
    assert!(drawn(30, 1, &model).contains("METTEZ EN BIN-SECOND-HAND-1"));
}

#[test]
fn no_prompt_is_cut_in_a_longer_language() {
    let look = look(ColourDepth::None).stretched();
    for (name, model) in scenes(Lang::En) {
        let words = look.words(Lang::En);
        let stage =
            Stage { model: &model, look: &look, words, screen: model.screen(), size: Size::Small };
        let screen = text(&cells_of(80, 24, &model, &look, None));
        let prompt = stage.headline();
        let fits = stage.big(&prompt, Tone::Info, 3).fit(Rect::new(0, 0, 76, 12)).is_some();
        let whole = screen.contains("[!!");
        assert!(fits || wrapped(&prompt, 76).len() <= 3, "{name}: {prompt}");
        assert!(whole || model.screen() == Screen::Stop, "{name}\n{screen}");
        assert_snapshot!(format!("longer_{name}"), screen);
    }
}

#[test]
fn every_signal_has_its_mark_and_its_word_without_colour() {
    for (name, mark, word) in [
        ("receive", "✓✓", "DONE"),
        ("receive_attention", "▲", "ATTENTION"),
        ("item", "✓", "OK"),
        ("stop_disk", "■", "STOP"),
    ] {
        let (_, model) = scenes(Lang::En).into_iter().find(|(scene, _)| *scene == name).unwrap();
        let cells = cells_of(80, 24, &model, &look(ColourDepth::None), None);
        let shown = text(&cells);
        let says = |gap: &str| shown.contains(&format!("{mark}{gap}{word}"));
        assert!(
            says(" ") || says("  "),
            "{name}
{shown}"
        );
        let plain = |cell: &ratatui::buffer::Cell| {
            cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset
        };
        assert!(cells.content.iter().all(plain), "{name}");
    }
}

/// One of everything the session can say.
fn sayings() -> Vec<Say> {
    let parcel = ParcelId { station: 7.try_into().unwrap(), serial: 12 };
    let before = || Before {
        at: 1_735_689_600_000,
        station: 3.try_into().unwrap(),
        operator: Some("marie".parse().unwrap()),
    };
    let bench = Bench::ready(Lang::En);
    let bin = bench.model.setup.bins.0[0].code.clone();
    let lpn = "LPN00700000010".parse().unwrap();
    let text = || "text".to_owned();
    let client: ClientId = "maison".parse().unwrap();
    let unexpected = |why| Say::UnitUnexpected { lpn, what: text(), why };
    let closed =
        |units, missing, parcels_out| Say::ParcelClosed { parcel, units, missing, parcels_out };
    let mut sayings = vec![
        Say::SignedIn { name: text() },
        Say::SignedOut,
        Say::ParcelOpened { parcel, client: client.clone(), order_no: text(), expected: 2 },
        Say::BlindOpened { parcel },
        Say::Matched { client, order_no: text() },
        Say::UnitIdentified { lpn, what: text() },
        unexpected(Unexpected::NotAnnounced),
        unexpected(Unexpected::NotOnOrder),
        unexpected(Unexpected::OverCount),
        unexpected(Unexpected::Unmatched),
        Say::QuestionsOpened,
        Say::Answered { label: text() },
        Say::Graded { grade: text(), disposition: Disposition::Donate, bin: bin.clone() },
        Say::Binned { bin },
        closed(2, 0, 0),
        closed(2, 1, 0),
        closed(2, 1, 1),
        closed(0, 0, 0),
        Say::ParcelEmpty { parcel },
        Say::Reopened { parcel },
        Say::ConfirmDone { missing: 1 },
        Say::ConfirmEmpty,
        Say::ConfirmEnd,
        Say::ConfirmQuit,
        Say::Undone { events: 3 },
        Say::Again,
        Say::DoubleReturn { lpn, site: "lyon-1".parse().unwrap(), before: before() },
        Say::ScannerLost { device: text(), partial_bytes: 2 },
        Say::ScannerReady { device: text() },
    ];
    let source = include_str!("../../../core/src/domain/event.rs");
    let list = source.split("RefusedCause {").nth(1).unwrap().split('}').next().unwrap();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let snake = |sign: char| {
            let gap = if sign.is_uppercase() { "_" } else { "" };
            format!("{gap}{}", sign.to_ascii_lowercase())
        };
        let word: String = name.chars().map(snake).collect();
        let cause = serde_json::from_value(word.trim_start_matches('_').into()).unwrap();
        let code = "6A12345678901".to_owned();
        let (wanted, disposition, other) = (None, None, None);
        let before = Some(before());
        let kind = "number";
        sayings.push(Say::Refused(Refusal {
            cause,
            code,
            kind,
            wanted,
            disposition,
            other,
            before,
        }));
    }
    sayings
}

#[test]
fn everything_the_session_can_say_has_its_words_in_both_languages() {
    let look = look(ColourDepth::None);
    let sayings = sayings();
    assert!(sayings.len() > 50, "the causes were read: {}", sayings.len());
    for lang in [Lang::En, Lang::Fr] {
        let bench = Bench::ready(lang);
        let model = &bench.model;
        let screen = model.screen();
        let stage =
            Stage { model, look: &look, words: look.words(lang), screen, size: Size::Small };
        for say in &sayings {
            let mut texts = stage.lines(say);
            texts.push(stage.short(say));
            for text in texts {
                assert!(!text.is_empty() && !text.contains(['[', '{']), "{say:?}: {text}");
            }
        }
    }
}

#[test]
fn a_day_is_named_when_it_is_another_one() {
    let look = look(ColourDepth::None);
    let said = |lang, at| {
        let bench = Bench::ready(lang);
        let model = &bench.model;
        let screen = model.screen();
        let stage =
            Stage { model, look: &look, words: look.words(lang), screen, size: Size::Small };
        stage.when(at)
    };
    // Midnight in Paris is 23:00 the day before in UTC.
    assert_eq!(said(Lang::En, 1_768_863_600_000), "today at 00:00");
    assert_eq!(said(Lang::En, 1_768_863_599_000), "on 19 January at 23:59");
    assert_eq!(said(Lang::Fr, 1_735_689_600_000), "le 1 janvier 2025 à 01:00");
}

#[test]
fn a_badge_never_stands_on_the_screen() {
    let mut bench = Bench::new(Lang::En);
    bench.scan("BDGSECRET").scan("BDGMARIE").scan("BDGOTHER");
    let screen = drawn(200, 60, &bench.model);
    assert!(screen.contains("badge not known here"), "{screen}");
    assert!(!screen.contains("BDGSECRET") && !screen.contains("BDGOTHER"), "{screen}");
}

#[test]
fn the_prompt_is_never_smaller_than_the_count_below_it() {
    for lang in [Lang::En, Lang::Fr] {
        let (_, model) = scenes(lang).into_iter().find(|(name, _)| *name == "item").unwrap();
        let looks = look(ColourDepth::None);
        let prompt = looks.words(lang).get("item-prompt", &[]);
        for width in (100..180).step_by(9) {
            for height in (30..60).step_by(4) {
                let screen = drawn(width, height, &model);
                assert!(!screen.contains(&prompt), "{width}x{height}\n{screen}");
            }
        }
    }
}

#[test]
fn help_names_every_card_of_the_screen_and_cuts_none() {
    for lang in [Lang::En, Lang::Fr] {
        let words = Words::new(lang);
        for (name, mut model) in scenes(lang) {
            model.show_help = true;
            for (width, height) in [(80, 24), (100, 30)] {
                let screen = drawn(width, height, &model);
                for row in dockside_core::session::actions::on(model.screen()) {
                    let is_tile = matches!(row.action, Action::Answer(_));
                    let is_language = matches!(row.action, Action::French | Action::English);
                    let name_of = if is_tile {
                        "answer"
                    } else if is_language {
                        "language"
                    } else {
                        row.name
                    };
                    let id = format!("does-{}", name_of.replace('_', "-"));
                    let does = words.get(&id, &[]);
                    assert!(screen.contains(&does), "{name} {width}: {does}\n{screen}");
                }
            }
        }
    }
}

fn any_scan() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "BDGMARIE",
        "6A12345678901",
        "6A22222222222",
        "555000",
        SHIRT,
        SHOES,
        MUG,
        STRANGER,
        "BIN-RESTOCK-1",
        "BIN-REFURBISH-1",
        "XXHELP",
        "1Z999AA10123456784",
    ];
    let card =
        prop::sample::select(vec!["INSPECT", "SELB", "SELC", "DONE", "UNDO", "HELP", "FR", "OK"]);
    prop_oneof![
        4 => prop::sample::select(known.to_vec()).prop_map(|code| code.as_bytes().to_vec()),
        4 => card.prop_map(|word| dockside_core::domain::scan::card(word).unwrap().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => Just(b"\x1b[2J\x1b]0;x\x07\xe2\x80\xaeabc".to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_scan_breaks_a_screen_or_reaches_the_terminal(
        scans in prop::collection::vec(any_scan(), 0..14),
        typing in "\\PC{0,20}|\x1b\\[31m",
        width in 1u16..220,
        height in 1u16..70,
        with_tray in any::<bool>(),
    ) {
        let mut bench = Bench::ready(Lang::En);
        for scan in scans {
            bench.bytes(&scan);
        }
        bench.input(Input::Typing(typing));
        let tray = tray();
        let tray = with_tray.then_some(&tray);
        let cells = cells_of(width, height, &bench.model, &look(ColourDepth::TrueColour), tray);
        let has_control = |cell: &ratatui::buffer::Cell| cell.symbol().chars().any(char::is_control);
        prop_assert!(!cells.content.iter().any(has_control));
    }
}
