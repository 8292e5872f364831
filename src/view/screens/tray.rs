//! The demo's tray: beside the step on wide screens, else in a few rows below it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::view::TrayView;
use crate::view::screens::{Stage, from_row};
use crate::view::theme::{Sign, Tone};

/// From here on it stands at the side.
pub(super) const SIDE_FROM_WIDTH: u16 = 120;
/// Rows it may take from the step where it stands below.
const MOST_ROWS_BELOW: u16 = 6;

/// Rows it takes below the step, with its frame.
pub(super) fn rows_below(tray: &TrayView) -> u16 {
    let hint = u16::from(!tray.hint.is_empty());
    u16::try_from(tray.rows.len())
        .unwrap_or(MOST_ROWS_BELOW)
        .saturating_add(2 + hint)
        .min(MOST_ROWS_BELOW)
}

pub(super) fn draw(stage: &Stage<'_>, tray: &TrayView, area: Rect, buf: &mut Buffer) {
    let inner = stage.framed(&tray.title, area, buf);
    let hint = u16::from(!tray.hint.is_empty() && inner.height > 1);
    let listed = Rect { height: inner.height - hint.min(inner.height), ..inner };
    let shown = usize::from(listed.height);
    // The selected one stays in sight, with what comes after it.
    let first = tray.selected.saturating_sub(1).min(tray.rows.len().saturating_sub(shown));
    let visible = tray.rows.iter().enumerate().skip(first);
    for ((place, row), line) in visible.zip(listed.rows()) {
        let is_selected = place == tray.selected;
        let (sign, tone) = if is_selected {
            (stage.look.theme.sign(Sign::Arrow), Tone::Selected)
        } else {
            (stage.look.theme.sign(Sign::Nothing), Tone::Text)
        };
        stage.row(&format!("{sign} {row}"), stage.style(tone), line, buf);
    }
    if hint > 0 {
        stage.row(&tray.hint, stage.style(Tone::Dim), from_row(inner, inner.height - 1), buf);
    }
}
