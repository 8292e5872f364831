//! The list of last scans: did it count? Newest first, refused ones too.
//! Owns: its columns. Never: more than it is handed. Start at `LastScans`. Tests: beside the code.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::view::theme::{Theme, Tone};
use crate::view::widgets::printable::{cells, printable};

/// From this width on a carrier's longest number is shown whole.
const WIDE_FROM: u16 = 100;
const CODE_CELLS: usize = 20;
const WIDE_CODE_CELLS: usize = 35;

/// One scan and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanRow {
    /// hh:mm:ss.
    pub time: String,
    pub tone: Tone,
    /// As scanned: what may not be shown is replaced here.
    pub code: String,
    pub text: String,
}

/// A titled rule, then a row a scan.
#[derive(Clone, Copy, Debug)]
pub struct LastScans<'a> {
    pub title: &'a str,
    /// Said while there is no scan.
    pub empty: &'a str,
    /// Newest first; as many are drawn as fit.
    pub rows: &'a [ScanRow],
    pub theme: &'a Theme,
}

impl Widget for &LastScans<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let mut places = area.rows();
        let Some(top) = places.next() else { return };
        self.rule(top, buf);
        if self.rows.is_empty() {
            let Some(place) = places.next() else { return };
            let text = printable(self.empty, usize::from(area.width).saturating_sub(2));
            Line::styled(format!("  {text}"), self.theme.style(Tone::Dim)).render(place, buf);
            return;
        }
        for (row, place) in self.rows.iter().zip(places) {
            self.line(row, place.width).render(place, buf);
        }
    }
}

impl LastScans<'_> {
    fn rule(&self, place: Rect, buf: &mut Buffer) {
        let frame = self.theme.style(Tone::Frame);
        let dash = self.theme.border().horizontal_top;
        Line::styled(dash.repeat(usize::from(place.width)), frame).render(place, buf);
        let title = printable(self.title, usize::from(place.width).saturating_sub(6));
        let title = Line::styled(format!(" {title} "), self.theme.style(Tone::Dim));
        title
            .render(Rect { x: (place.x + 2).min(place.right()), ..place }.intersection(place), buf);
    }

    fn line(&self, row: &ScanRow, width: u16) -> Line<'static> {
        let code_cells = if width >= WIDE_FROM { WIDE_CODE_CELLS } else { CODE_CELLS };
        let code = printable(&row.code, code_cells);
        let padding = " ".repeat(code_cells - cells(&code));
        let mark = format!(" {:<2} ", self.theme.mark(row.tone));
        let time = format!("{:<8}  ", printable(&row.time, 8));
        let used = mark.chars().count() + time.chars().count() + code_cells + 2;
        let text = printable(&row.text, usize::from(width).saturating_sub(used));
        Line::from(vec![
            Span::styled(mark, self.theme.style(row.tone)),
            Span::styled(time, self.theme.style(Tone::Dim)),
            Span::styled(format!("{code}{padding}  "), self.theme.style(Tone::Text)),
            Span::styled(text, self.theme.style(row.tone)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::view::drawn::drawn;
    use crate::view::theme::{ColourDepth, ThemeKind};

    fn row(time: &str, tone: Tone, code: &str, text: &str) -> ScanRow {
        let (time, code, text) = (time.to_owned(), code.to_owned(), text.to_owned());
        ScanRow { time, tone, code, text }
    }

    fn rows() -> Vec<ScanRow> {
        vec![
            row("14:32:07", Tone::Done, "BIN-RESTOCK-1", "parcel closed, 2 items"),
            row("14:31:58", Tone::Attention, "BIN-REFURBISH-1", "wrong bin, nothing moved"),
            row("14:31:40", Tone::Ok, "96370802340000123456789012345678", "parcel open"),
            row("14:31:22", Tone::Attention, "\x1b[2J\x07漢字漢字漢字漢字漢字", "code not known"),
            row("14:31:20", Tone::Stop, "4006381333931", "not stored"),
        ]
    }

    #[test]
    fn every_scan_shows_when_what_and_what_came_of_it() {
        let (theme, rows) = (Theme::new(ThemeKind::Mono, ColourDepth::None, false), rows());
        let list =
            LastScans { title: "Last scans", empty: "No scan yet.", rows: &rows, theme: &theme };
        assert_snapshot!("last_scans_80", drawn(80, 6, &list));
        assert_snapshot!("last_scans_120", drawn(120, 4, &list));
    }

    #[test]
    fn an_empty_list_says_so() {
        let theme = Theme::new(ThemeKind::Mono, ColourDepth::None, true);
        let list =
            LastScans { title: "Last scans", empty: "No scan yet.", rows: &[], theme: &theme };
        let expected = format!("-- Last scans {}\n  No scan yet.", "-".repeat(26));
        assert_eq!(drawn(40, 2, &list), expected);
        assert_eq!(drawn(1, 1, &list), "-");
        assert_eq!(drawn(0, 0, &list), "");
    }
}
