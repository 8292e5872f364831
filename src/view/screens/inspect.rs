//! One question about the unit in hand, its answers as tiles.

use dockside_core::session::actions::Tile as Card;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::Widget;

use crate::view::screens::{Stage, count, from_row, wrapped};
use crate::view::theme::Tone;
use crate::view::widgets::tiles::{Tile, Tiles};

/// Rows of tiles with a big letter and a label, and of what stands around them.
const TILES_ROWS: u16 = 15;

/// The question and its answers, in the receiver's language.
pub(super) fn question(stage: &Stage<'_>) -> Option<(String, Vec<String>)> {
    let (question, _) = stage.model.question()?;
    let lang = stage.model.lang;
    let answers = question.answers.iter().map(|answer| answer.label.text(lang).to_owned());
    Some((question.text.text(lang).to_owned(), answers.collect()))
}

/// Rows for a question under one line of context, for its tiles, and for the hint. A question too
/// long for big letters leaves its rows to the tiles.
pub(super) fn shares(stage: &Stage<'_>, text: &str, area: Rect) -> (Rect, Rect, Rect) {
    let most = match area.height {
        0..=9 => 1,
        // One big line; more of them only where the cards' letters stay big in their tiles.
        10.. => area.height.saturating_sub(TILES_ROWS).max(6),
    };
    let big = stage.big(&unbroken(text), Tone::Info, 2).fit(Rect { height: most, ..area });
    let normal = || count(wrapped(text, usize::from(area.width)).len()).min(3) + 1;
    let question = big.map_or_else(normal, |big| big.height) + 1;
    let parts = [Constraint::Length(question), Constraint::Fill(1), Constraint::Length(1)];
    let [question, answers, hint] = Layout::vertical(parts).areas(area);
    (question, answers, hint)
}

/// A sentence breaks at its spaces alone, unlike a bin's name.
fn unbroken(text: &str) -> String {
    text.replace('-', "\u{2011}")
}

pub(super) fn draw(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let model = stage.model;
    let (Some(unit), Some((text, labels))) = (model.state.in_hand(), question(stage)) else {
        return;
    };
    let place = model.question().map_or(0, |(_, place)| place);
    let number = stage.text("inspect-question", &[("n", place.into())]);
    let (top, answers, hint) = shares(stage, &text, area);
    let context = format!("{number}   {}   {}", model.name_of(unit), unit.lpn);
    stage.row(&context, stage.style(Tone::Text), top, buf);
    let place = from_row(top, 1);
    let whole = unbroken(&text);
    let fits = stage.big(&whole, Tone::Info, 3).fit(place).is_some();
    // Normal letters keep the plain hyphen: the fonts of consoles lack the other.
    stage.prompt(if fits { &whole } else { &text }, Tone::Info, place, buf);
    let tiles: Vec<Tile<'_>> = Card::ALL
        .iter()
        .zip(&labels)
        .map(|(card, label)| Tile { letter: card.letter(), label })
        .collect();
    Tiles { tiles: &tiles, blocks: stage.look.blocks, theme: &stage.look.theme }
        .render(answers, buf);
    let letter = |tile: Option<&Tile<'_>>| tile.map(|tile| tile.letter.to_string());
    let first = letter(tiles.first()).unwrap_or_default();
    let last = letter(tiles.last()).unwrap_or_default();
    let cards = [("first", (&first).into()), ("last", (&last).into())];
    let unsure = stage.text("inspect-unsure", &[]);
    let text = format!("{}   {unsure}", stage.text("inspect-hint", &cards));
    stage.prose(&text, stage.style(Tone::Dim), hint, buf);
}
