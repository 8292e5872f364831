//! Several orders have the number: one tile each.

use dockside_core::session::actions::Tile as Card;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::view::screens::{Stage, from_row, inspect};
use crate::view::theme::Tone;
use crate::view::widgets::tiles::{Tile, Tiles};

pub(super) fn draw(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let Some(choice) = &stage.model.choice else { return };
    let label = |hit: &dockside_core::domain::facts::OrderHit| {
        let (order, client) = (hit.order.order_no.to_string(), hit.order.client.to_string());
        let announced = hit.rma.iter().flat_map(|rma| &rma.lines).map(|line| line.qty).sum::<u32>();
        let sold = || hit.order.lines.iter().map(|line| line.qty).sum();
        let units = if announced > 0 { announced } else { sold() };
        let args =
            [("order", (&order).into()), ("client", (&client).into()), ("units", units.into())];
        stage.text("choose-tile", &args)
    };
    let labels: Vec<String> = choice.hits.iter().map(label).collect();
    let tiles: Vec<Tile<'_>> = Card::ALL
        .iter()
        .zip(&labels)
        .map(|(card, label)| Tile { letter: card.letter(), label })
        .collect();
    let last = tiles.last().map(|tile| tile.letter.to_string()).unwrap_or_default();
    let prompt = stage.text("choose-prompt", &[]);
    let (question, answers, hint) = inspect::shares(stage, &prompt, area);
    stage.row(&choice.label, stage.style(Tone::Text), question, buf);
    stage.prompt(&prompt, Tone::Info, from_row(question, 1), buf);
    Tiles { tiles: &tiles, blocks: stage.look.blocks, theme: &stage.look.theme }
        .render(answers, buf);
    let text = stage.text("choose-hint", &[("last", (&last).into())]);
    stage.prose(&text, stage.style(Tone::Dim), hint, buf);
}
