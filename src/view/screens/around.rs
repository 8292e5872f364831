//! What stands in its place on every screen: head, trail, band, last scans, what is typed, foot.
//! Owns: which states the head names, which cards the foot lists. Never: a decision.
//! Start at `header`. Tests: screens/tests.rs.

use std::cmp::Ordering;

use dockside_core::domain::operator::Lang;
use dockside_core::session::actions::{self, Action, ActionRow};
use dockside_core::session::input::{DiskState, SyncStatus};
use dockside_core::session::model::{DeviceState, Screen};
use dockside_core::session::notice::{Say, ScanLine};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::view::screens::{Stage, inspect, said};
use crate::view::theme::Tone;
use crate::view::widgets::banner::Banner;
use crate::view::widgets::footer::Footer;
use crate::view::widgets::header::{Header, Status};
use crate::view::widgets::last_scans::{LastScans, ScanRow};
use crate::view::widgets::printable::printable;
use crate::view::widgets::trail::{StepState, Trail, TrailStep};

/// A link silent for longer is worth a receiver's eye; shorter ones mend themselves.
const SILENT_MINUTES: u64 = 3;

/// Place of the grade in the trail.
const GRADE: usize = 2;

pub(super) fn header(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let model = stage.model;
    let (site, no) = (model.setup.site.to_string(), model.setup.station.to_string());
    let station =
        stage.text("header-station", &[("site", (&site).into()), ("station", (&no).into())]);
    let operator = model.operator().map(|operator| operator.name.clone()).unwrap_or_default();
    let counts = [
        stage.text("header-parcels", &[("n", model.state.tally.parcels.into())]),
        stage.text("header-units", &[("n", model.state.tally.units.into())]),
    ];
    let (scanner_tone, scanner) = scanner(stage);
    let (sync_tone, sync) = sync(stage);
    let disk = disk(stage);
    Header {
        station: &station,
        operator: &operator,
        counts: &counts,
        clock: &stage.minute(model.now),
        disk: disk.as_ref().map(|text| Status { tone: Tone::Attention, text }),
        scanner: Status { tone: scanner_tone, text: &scanner },
        sync: Status { tone: sync_tone, text: &sync },
        theme: &stage.look.theme,
    }
    .render(area, buf);
}

/// The first scanner that is not there, by its name; without any the keyboard is what is left.
fn scanner(stage: &Stage<'_>) -> (Tone, String) {
    let devices = &stage.model.devices;
    let gone = devices.iter().find(|(_, state)| **state != DeviceState::Ready);
    let Some((device, state)) = gone else {
        let id = if devices.is_empty() { "header-scanner-wedge" } else { "header-scanner-ready" };
        let tone = if devices.is_empty() { Tone::Dim } else { Tone::Ok };
        return (tone, stage.text(id, &[]));
    };
    let id = match state {
        DeviceState::Lost => "header-device-lost",
        DeviceState::Down(_) | DeviceState::Ready => "header-device-down",
    };
    (Tone::Attention, stage.text(id, &[("device", device.as_str().into())]))
}

fn sync(stage: &Stage<'_>) -> (Tone, String) {
    match &stage.model.sync {
        SyncStatus::Alone => (Tone::Dim, stage.text("sync-alone", &[])),
        SyncStatus::InStep => (Tone::Ok, stage.text("sync-in-step", &[])),
        SyncStatus::Waiting { events, since_at } => {
            let ms = stage.model.now.saturating_sub(*since_at);
            let minutes = u64::try_from(ms / 60_000).unwrap_or(0);
            let tone = if minutes < SILENT_MINUTES { Tone::Info } else { Tone::Attention };
            let args = [("n", (*events).into()), ("minutes", minutes.into())];
            (tone, stage.text("sync-waiting", &args))
        }
        SyncStatus::Refused { events, why: _ } => {
            (Tone::Attention, stage.text("sync-refused", &[("n", (*events).into())]))
        }
    }
}

fn disk(stage: &Stage<'_>) -> Option<String> {
    match stage.model.disk {
        DiskState::Roomy => None,
        DiskState::Low => Some(stage.text("header-disk-low", &[])),
        DiskState::Full => Some(stage.text("header-disk-full", &[])),
    }
}

pub(super) fn trail(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let now = match stage.screen {
        Screen::Badge | Screen::Stop => return,
        Screen::Receive | Screen::Choose => 0,
        Screen::Item => 1,
        Screen::Offer | Screen::Inspect => GRADE,
        Screen::Put => 3,
    };
    let ungraded = stage.model.state.in_hand().is_some_and(|unit| unit.grade.is_none());
    let state = |place: usize| match place.cmp(&now) {
        // What goes to quarantine unseen has no grade to be proud of.
        Ordering::Less if place == GRADE && ungraded => StepState::Next,
        Ordering::Less => StepState::Done,
        Ordering::Equal => StepState::Now,
        Ordering::Greater => StepState::Next,
    };
    let names = ["trail-parcel", "trail-item", "trail-grade", "trail-bin"];
    let names = names.map(|id| stage.text(id, &[]));
    let steps: Vec<TrailStep<'_>> = names
        .iter()
        .enumerate()
        .map(|(place, name)| TrailStep { name, state: state(place) })
        .collect();
    Trail { steps: &steps, theme: &stage.look.theme }.render(area, buf);
}

/// What the last scan did. An ATTENTION stays until the right scan says something else.
pub(super) fn band(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let Some(notice) = &stage.model.banner else { return };
    let tone = said::tone(notice.tone);
    let word = match tone {
        Tone::Ok => stage.text("signal-ok", &[]),
        Tone::Done => stage.text("signal-done", &[]),
        Tone::Attention => stage.text("signal-attention", &[]),
        Tone::Stop | Tone::Info | Tone::Dim | Tone::Text | Tone::Frame | Tone::Selected => {
            String::new()
        }
    };
    let lines = stage.lines(&notice.say);
    Banner { tone, word: &word, lines: &lines, theme: &stage.look.theme }.render(area, buf);
}

/// The newest scans as rows, at most `most`.
pub(super) fn scan_rows(stage: &Stage<'_>, most: usize) -> Vec<ScanRow> {
    let row = |line: &ScanLine| ScanRow {
        time: stage.second(line.at),
        tone: said::tone(line.notice.tone),
        code: device(&line.notice.say).unwrap_or_else(|| stage.code(&line.code)),
        text: stage.short(&line.notice.say),
    };
    stage.model.last_scans.iter().take(most).map(row).collect()
}

/// The scanner a line is about: it has no code.
fn device(say: &Say) -> Option<String> {
    if let Say::ScannerLost { device, .. } | Say::ScannerReady { device } = say {
        return Some(device.clone());
    }
    None
}

pub(super) fn last_scans(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let rows = scan_rows(stage, usize::from(area.height.saturating_sub(1)));
    let (title, empty) = (stage.text("last-title", &[]), stage.text("last-empty", &[]));
    LastScans { title: &title, empty: &empty, rows: &rows, theme: &stage.look.theme }
        .render(area, buf);
}

/// What is typed and not yet entered, with its name.
pub(super) fn typed_text(stage: &Stage<'_>) -> Option<String> {
    let typing = &stage.model.typing;
    (!typing.is_empty()).then(|| format!("{} {typing}_", stage.text("typed", &[])))
}

pub(super) fn typed(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let Some(text) = typed_text(stage) else { return };
    let text = printable(&text, usize::from(area.width).saturating_sub(4));
    let field = Span::styled(format!(" {text} "), stage.style(Tone::Selected));
    Line::from(vec![Span::raw(" "), field]).render(area, buf);
}

/// The words on a card.
pub(super) fn card(stage: &Stage<'_>, row: &ActionRow) -> String {
    match row.action {
        Action::Answer(tile) => {
            let letter = tile.letter().to_string();
            stage.text("card-answer", &[("letter", (&letter).into())])
        }
        Action::Ok
        | Action::Undo
        | Action::Done
        | Action::End
        | Action::Help
        | Action::Inspect
        | Action::NoLabel
        | Action::French
        | Action::English
        | Action::Language
        | Action::Quit => stage.text(&format!("card-{}", row.name.replace('_', "-")), &[]),
    }
}

/// The key that asks for an action here, by its default name where that one still does.
pub(super) fn key(stage: &Stage<'_>, row: &ActionRow) -> Option<String> {
    let keys = &stage.model.setup.keys;
    let means = |key: &&&str| keys.get(**key) == Some(&row.action);
    let default = row.keys.iter().find(means).map(|key| (*key).to_owned());
    let any = || keys.iter().find(|(_, action)| **action == row.action).map(|(key, _)| key.clone());
    default.or_else(any)
}

/// What the screen answers to: no tile without an answer, no card for the language spoken.
pub(super) fn answering(stage: &Stage<'_>) -> Vec<&'static ActionRow> {
    let tiles = match stage.screen {
        Screen::Inspect => inspect::question(stage).map_or(0, |(_, answers)| answers.len()),
        Screen::Choose => stage.model.choice.as_ref().map_or(0, |choice| choice.hits.len()),
        Screen::Badge
        | Screen::Receive
        | Screen::Item
        | Screen::Offer
        | Screen::Put
        | Screen::Stop => 0,
    };
    let spoken = stage.model.lang;
    let works = |row: &&ActionRow| match row.action {
        Action::Answer(tile) => tile.place() < tiles,
        Action::French => spoken != Lang::Fr,
        Action::English => spoken != Lang::En,
        Action::Ok
        | Action::Undo
        | Action::Done
        | Action::End
        | Action::Help
        | Action::Inspect
        | Action::NoLabel
        | Action::Language
        | Action::Quit => true,
    };
    actions::on(stage.screen).filter(works).collect()
}

pub(super) fn footer(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let rows = answering(stage);
    let short = |row: &&'static ActionRow| match row.action {
        Action::Answer(tile) => tile.letter().to_string(),
        Action::Ok
        | Action::Undo
        | Action::Done
        | Action::End
        | Action::Help
        | Action::Inspect
        | Action::NoLabel
        | Action::French
        | Action::English
        | Action::Language
        | Action::Quit => card(stage, row),
    };
    let cards: Vec<String> = rows.iter().filter(|row| row.card.is_some()).map(short).collect();
    let hint = |action: Action, id: &str| {
        let row = rows.iter().find(|row| row.action == action)?;
        Some(format!("{} {}", key(stage, row)?, stage.text(id, &[])))
    };
    let help = hint(Action::Help, "key-help").unwrap_or_default();
    let own = [(Action::Language, "key-language"), (Action::Quit, "key-quit")];
    let keys: Vec<String> = own.iter().filter_map(|(action, id)| hint(*action, id)).collect();
    let label = stage.text("footer-cards", &[]);
    Footer {
        cards_label: &label,
        cards: &cards,
        help: &help,
        keys: &keys,
        theme: &stage.look.theme,
    }
    .render(area, buf);
}
