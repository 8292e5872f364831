//! The frame round the whole screen while work stops. What stands in it is the screen's.
//! Owns: the frame, and the room it leaves. Never: how a STOP is left. Start at `StopFrame`.
//! Tests: beside the code.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use crate::view::theme::{Theme, Tone};
use crate::view::widgets::printable::printable;

/// Columns of the frame's sides: as thick to the eye as one row.
const SIDE: u16 = 2;
/// Empty columns between a side and what stands inside.
const PADDING: u16 = 2;

/// A frame of marks, the word STOP in its top and how to leave it in its bottom.
#[derive(Clone, Copy, Debug)]
pub struct StopFrame<'a> {
    pub word: &'a str,
    pub foot: &'a str,
    pub theme: &'a Theme,
}

impl StopFrame<'_> {
    /// What is left of the screen inside the frame.
    #[must_use]
    pub fn inner(area: Rect) -> Rect {
        let side = SIDE + PADDING;
        Rect {
            x: area.x.saturating_add(side).min(area.right()),
            y: area.y.saturating_add(2).min(area.bottom()),
            width: area.width.saturating_sub(2 * side),
            height: area.height.saturating_sub(4),
        }
    }
}

impl Widget for &StopFrame<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        Clear.render(area, buf);
        buf.set_style(area, self.theme.style(Tone::Text));
        let style = self.theme.style(Tone::Stop);
        let mark = self.theme.mark(Tone::Stop);
        for y in area.y..area.bottom() {
            let is_edge = y == area.y || y + 1 == area.bottom();
            for x in area.x..area.right() {
                let is_side = x < area.x + SIDE || x + SIDE >= area.right();
                if let Some(cell) = buf.cell_mut((x, y)).filter(|_| is_edge || is_side) {
                    cell.set_symbol(mark).set_style(style);
                }
            }
        }
        if area.height >= 2 {
            let word = format!("  {mark}  {}  {mark}  ", printable(self.word, 40));
            self.label(&word, area.y, area, buf);
            self.label(&format!("  {}  ", self.foot), area.bottom() - 1, area, buf);
        }
    }
}

impl StopFrame<'_> {
    fn label(&self, text: &str, y: u16, area: Rect, buf: &mut Buffer) {
        let room = area.width.saturating_sub(2 * SIDE);
        let text = printable(text, usize::from(room));
        let line = Line::styled(text, self.theme.band(Tone::Stop));
        let width = u16::try_from(line.width()).unwrap_or(room).min(room);
        let left = area.x + (area.width - width) / 2;
        line.render(Rect::new(left, y, width, 1), buf);
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::view::drawn::{buffer, drawn};
    use crate::view::theme::{ColourDepth, ThemeKind};

    const FOOT: &str = "Scan card OK or HELP, or press F12. Other scans are refused.";

    fn theme(ascii: bool) -> Theme {
        Theme::new(ThemeKind::Mono, ColourDepth::None, ascii)
    }

    #[test]
    fn the_frame_goes_round_the_whole_screen() {
        let theme = theme(true);
        let frame = StopFrame { word: "STOP", foot: FOOT, theme: &theme };
        assert_snapshot!("stop_80", drawn(80, 24, &frame));
        assert_snapshot!("stop_120", drawn(120, 40, &frame));
    }

    #[test]
    fn what_was_on_the_screen_before_is_gone_inside_the_frame() {
        let theme = theme(false);
        let mut cells = buffer(80, 24, Line::raw("x".repeat(80)));
        let frame = StopFrame { word: "STOP", foot: FOOT, theme: &theme };
        (&frame).render(cells.area, &mut cells);
        assert!(cells.content.iter().all(|cell| cell.symbol() != "x"));
    }

    #[test]
    fn no_size_is_too_small_to_draw() {
        let theme = theme(true);
        let frame = StopFrame { word: "STOP", foot: FOOT, theme: &theme };
        for (width, height) in [(0, 0), (1, 1), (3, 2), (8, 3), (300, 1)] {
            drawn(width, height, &frame);
            let inner = StopFrame::inner(Rect::new(0, 0, width, height));
            assert!(inner.right() <= width && inner.bottom() <= height, "{width}x{height}");
        }
    }
}
