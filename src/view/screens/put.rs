//! A unit in hand and its bin, as large as the screen allows: proposed for a clean one, or given.
//! Start at `offer`, then `draw`. Tests: screens/tests.rs.

use dockside_core::domain::replay::UnitRow;
use dockside_core::domain::unit::Unexpected;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::view::screens::{Stage, from_row, rows};
use crate::view::theme::{Sign, Tone};
use crate::view::widgets::printable::{cells, printable};

pub(super) fn offer(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let Some(unit) = stage.model.state.in_hand() else { return };
    let clean = stage.text("offer-clean", &[]);
    let dirty = stage.text("offer-hint", &[]);
    unit_and_bin(stage, unit, &[(clean, Tone::Ok), (dirty, Tone::Attention)], area, buf);
}

pub(super) fn draw(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let Some(unit) = stage.model.state.in_hand() else { return };
    let hint = stage.text("put-hint", &[]);
    unit_and_bin(stage, unit, &[(reason(stage, unit), Tone::Text), (hint, Tone::Dim)], area, buf);
}

/// What it is on top, the bin as large as it fits, and below it the lines that say why and how.
fn unit_and_bin(
    stage: &Stage<'_>,
    unit: &UnitRow,
    below: &[(String, Tone)],
    area: Rect,
    buf: &mut Buffer,
) {
    let lpn = unit.lpn.to_string();
    let arrow = stage.look.theme.sign(Sign::Arrow);
    let prompt = format!("{} {arrow}  ", stage.text("put-prompt", &[]));
    let name = stage.model.name_of(unit);
    let room =
        |plate: &str| usize::from(area.width).saturating_sub(cells(&prompt) + cells(plate) + 3);
    let plate = stage.text("offer-plate", &[("lpn", (&lpn).into())]);
    // The number alone says that it is a plate; the name says which piece.
    let plate = if cells(&name) <= room(&plate) { plate } else { lpn };
    let room = room(&plate);
    let spans = vec![
        Span::styled(prompt.clone(), stage.bold(Tone::Info)),
        Span::styled(printable(&name, room), stage.bold(Tone::Text)),
        Span::styled(format!("   {plate}"), stage.style(Tone::Dim)),
    ];
    Line::from(spans).render(rows(area, 1), buf);
    let bin = stage.model.proposed_bin().map(|bin| bin.to_string()).unwrap_or_default();
    let foot: Vec<_> = below.iter().map(|(text, tone)| (text.clone(), stage.bold(*tone))).collect();
    stage.step(&bin, &foot, from_row(area, 1), buf);
}

/// Why it goes there: its grade, or why it has none, and what becomes of it.
fn reason(stage: &Stage<'_>, unit: &UnitRow) -> String {
    let Some(disposition) = unit.disposition else { return String::new() };
    let mut disposition = stage.disposition(disposition);
    if unit.unexpected == Some(Unexpected::Unmatched) {
        disposition = stage.text("disposition-await-match", &[]);
    }
    let disposition = ("disposition", (&disposition).into());
    if let Some(grade) = &unit.grade {
        return stage.text("put-reason", &[("grade", grade.into()), disposition]);
    }
    let why = stage.text(
        match unit.unexpected {
            Some(Unexpected::NotAnnounced) | None => "why-not-announced",
            Some(Unexpected::NotOnOrder) => "why-not-on-order",
            Some(Unexpected::OverCount) => "why-over-count",
            Some(Unexpected::Unmatched) => "why-unmatched",
        },
        &[],
    );
    stage.text("put-because", &[("why", (&why).into()), disposition])
}
