//! The band that says what a scan did: mark, word, colour, in that order of trust.
//! Owns: its layout. Never: what it says. Start at `Banner`. Tests: beside the code.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::view::theme::{Theme, Tone};
use crate::view::widgets::printable::{cells, printable};

/// Below this width the word gives way, so that the lines are not cut.
const WORD_FROM_WIDTH: u16 = 76;

/// A band of as many rows as it has lines: one for OK and DONE, three for ATTENTION.
#[derive(Clone, Copy, Debug)]
pub struct Banner<'a> {
    pub tone: Tone,
    /// The signal in a word, such as ATTENTION.
    pub word: &'a str,
    /// What happened, what to do, what is safe; or the first alone.
    pub lines: &'a [String],
    pub theme: &'a Theme,
}

impl Banner<'_> {
    /// Rows it takes.
    #[must_use]
    pub fn height(&self) -> u16 {
        u16::try_from(self.lines.len()).unwrap_or(u16::MAX).max(1)
    }
}

impl Widget for &Banner<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let band = self.theme.band(self.tone);
        let mark = self.theme.mark(self.tone);
        let signal = if area.width >= WORD_FROM_WIDTH {
            format!(" {mark} {}  ", printable(self.word, 20))
        } else {
            format!(" {mark} ")
        };
        let room = usize::from(area.width).saturating_sub(cells(&signal));
        let margin = " ".repeat(cells(&signal));
        for (row, y) in (area.y..area.bottom()).take(usize::from(self.height())).enumerate() {
            let line = Rect::new(area.x, y, area.width, 1);
            buf.set_style(line, band);
            let start = if row == 0 { signal.as_str() } else { margin.as_str() };
            let text = self.lines.get(row).map_or("", String::as_str);
            let spans = vec![Span::styled(start, band), Span::styled(printable(text, room), band)];
            Line::from(spans).render(line, buf);
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::view::drawn::{buffer, drawn};
    use crate::view::theme::{ColourDepth, ThemeKind};

    fn wrong_bin() -> Vec<String> {
        let lines = [
            "This item goes to BIN-REFURBISH-1, not to BIN-RESTOCK-1.",
            "Scan BIN-REFURBISH-1.",
            "Nothing was moved.",
        ];
        lines.map(str::to_owned).to_vec()
    }

    #[test]
    fn attention_says_what_happened_what_to_do_and_what_is_safe() {
        let theme = Theme::new(ThemeKind::Dark, ColourDepth::TrueColour, false);
        let lines = wrong_bin();
        let banner =
            Banner { tone: Tone::Attention, word: "ATTENTION", lines: &lines, theme: &theme };
        assert_eq!(banner.height(), 3);
        assert_snapshot!("attention_80", drawn(80, 3, &banner));
        assert_snapshot!("attention_120", drawn(120, 3, &banner));
        assert_snapshot!("attention_60", drawn(60, 3, &banner));
    }

    #[test]
    fn ok_is_a_thin_band_over_the_whole_width() {
        let theme = Theme::new(ThemeKind::Dark, ColourDepth::TrueColour, true);
        let lines = ["put in BIN-RESTOCK-1".to_owned()];
        let banner = Banner { tone: Tone::Ok, word: "OK", lines: &lines, theme: &theme };
        let cells = buffer(80, 2, &banner);
        assert_eq!(crate::view::drawn::text(&cells), " v OK  put in BIN-RESTOCK-1\n");
        let ground = theme.band(Tone::Ok).bg;
        assert!(cells.content.iter().take(80).all(|cell| Some(cell.bg) == ground));
        assert!(cells.content.iter().skip(80).all(|cell| Some(cell.bg) != ground));
    }
}
