//! Help over the middle of a screen: the step in words, then every card and key that works here.
//! Read from the table of actions, so that it can't name one that does nothing.

use dockside_core::session::actions::{Action, ActionRow};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use crate::view::screens::{Stage, around, from_row, rows};
use crate::view::theme::Tone;
use crate::view::widgets::printable::printable;

const CARD_CELLS: usize = 15;
const KEY_CELLS: usize = 9;

pub(super) fn draw(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    Clear.render(area, buf);
    buf.set_style(area, stage.style(Tone::Text));
    let screen = stage.screen.word();
    let title = stage.text(&format!("help-title-{screen}"), &[]);
    let inner = stage.framed(&title, area, buf);
    let inner =
        Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner };
    let step = stage.text(&format!("help-step-{screen}"), &[]);
    let took = stage.prose(&step, stage.style(Tone::Text), inner, buf);
    let table = table(stage);
    let key = closing_key(stage);
    let close = stage.text("help-close", &[("key", (&key).into())]);
    let needed = took + u16::try_from(table.len()).unwrap_or(u16::MAX).saturating_add(1);
    let gap = u16::from(needed + 1 < inner.height);
    let mut rest = from_row(inner, took + gap);
    let last = from_row(inner, inner.height.saturating_sub(1));
    for row in table {
        if rest.height < 2 {
            break;
        }
        row.render(rows(rest, 1), buf);
        rest = from_row(rest, 1);
    }
    stage.row(&close, stage.style(Tone::Dim), last, buf);
}

/// The key that opened the help closes it.
fn closing_key(stage: &Stage<'_>) -> String {
    let rows = around::answering(stage);
    let row = rows.into_iter().find(|row| row.action == Action::Help);
    row.and_then(|row| around::key(stage, row)).unwrap_or_default()
}

/// A row an action, the tiles' cards in one, the languages' in one.
fn table(stage: &Stage<'_>) -> Vec<Line<'static>> {
    let all = around::answering(stage);
    let of = |wanted: &dyn Fn(Action) -> bool| -> Vec<&ActionRow> {
        all.iter().filter(|row| wanted(row.action)).copied().collect()
    };
    let is_tile = |action: Action| matches!(action, Action::Answer(_));
    let is_lang =
        |action: Action| matches!(action, Action::Language | Action::French | Action::English);
    let mut lines = Vec::new();
    let (tiles, languages) = (of(&is_tile), of(&is_lang));
    if !tiles.is_empty() {
        lines.push(line(stage, &tiles, "does-answer"));
    }
    for row in &all {
        if !is_tile(row.action) && !is_lang(row.action) {
            let id = format!("does-{}", row.name.replace('_', "-"));
            lines.push(line(stage, &[*row], &id));
        }
    }
    lines.push(line(stage, &languages, "does-language"));
    lines
}

fn line(stage: &Stage<'_>, actions: &[&ActionRow], does: &str) -> Line<'static> {
    let name = |row: &&&ActionRow| match row.action {
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
        | Action::Quit => around::card(stage, row),
    };
    let cards = actions.iter().filter(|row| row.card.is_some());
    let cards: Vec<String> = cards.map(|row| name(&row)).collect();
    let keys: Vec<String> = actions.iter().filter_map(|row| around::key(stage, row)).collect();
    let cards = printable(&cards.join(" "), CARD_CELLS);
    let keys = printable(&keys.join(" "), KEY_CELLS);
    let does = printable(&stage.text(does, &[]), 60);
    Line::from(vec![
        Span::styled(format!("{cards:<CARD_CELLS$}  "), stage.bold(Tone::Info)),
        Span::styled(format!("{keys:<KEY_CELLS$}  "), stage.bold(Tone::Text)),
        Span::styled(does, stage.style(Tone::Text)),
    ])
}
