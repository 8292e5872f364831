//! The top row: who and where on the left; scanner, clock and link on the right, always there.
//! Owns: which part gives way when the screen is narrow; the link's state never does.
//! Never: the clock or the states themselves. Start at `Header`. Tests: beside the code.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::view::theme::{Sign, Theme, Tone};
use crate::view::widgets::printable::{cells, printable};

/// Columns a name may take.
const NAME_CELLS: usize = 20;

/// A state in a word, such as `in step`.
#[derive(Clone, Copy, Debug)]
pub struct Status<'a> {
    /// Ok, Attention or Stop; Dim where it does not matter.
    pub tone: Tone,
    pub text: &'a str,
}

#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    pub station: &'a str,
    /// Empty before someone signs in.
    pub operator: &'a str,
    /// Such as `Parcels 142`; the last ones give way first.
    pub counts: &'a [String],
    /// Such as `14:32`.
    pub clock: &'a str,
    /// Said while the journal's disk is short of room.
    pub disk: Option<Status<'a>>,
    pub scanner: Status<'a>,
    pub sync: Status<'a>,
    pub theme: &'a Theme,
}

impl Widget for &Header<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let width = usize::from(area.width);
        let mut left = self.left();
        let mut right = self.right();
        let wide = |parts: &[Part]| parts.iter().map(|part| cells(&part.text)).sum::<usize>();
        while wide(&left) + wide(&right) > width
            && left.pop_if(|part| part.gives == Gives::Count).is_some()
        {}
        // Then the clock, the scanner while it is well, the name; the link's state is last.
        for gives_way in [Gives::Clock, Gives::Scanner, Gives::Operator, Gives::Station] {
            if wide(&left) + wide(&right) > width {
                right.retain(|part| part.gives != gives_way);
                left.retain(|part| part.gives != gives_way);
            }
        }
        let gap = width.saturating_sub(wide(&left) + wide(&right));
        let plain = self.theme.style(Tone::Text);
        let mut spans: Vec<Span<'_>> = left.into_iter().map(|part| part.span(self.theme)).collect();
        spans.push(Span::styled(" ".repeat(gap), plain));
        spans.extend(right.into_iter().map(|part| part.span(self.theme)));
        Line::from(spans).render(area, buf);
    }
}

/// What a part is, for giving way in order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gives {
    Station,
    Operator,
    Count,
    Scanner,
    Clock,
    Never,
}

struct Part {
    gives: Gives,
    tone: Tone,
    text: String,
}

impl Part {
    fn span(self, theme: &Theme) -> Span<'static> {
        Span::styled(self.text, theme.style(self.tone))
    }
}

impl Header<'_> {
    fn left(&self) -> Vec<Part> {
        let part = |gives, tone, text: &str| {
            let text = format!(" {} ", printable(text, NAME_CELLS));
            Part { gives, tone, text }
        };
        let mut parts = vec![
            part(Gives::Station, Tone::Text, self.station),
            part(Gives::Operator, Tone::Text, self.operator),
        ];
        parts.retain(|part| !part.text.trim().is_empty());
        parts.extend(self.counts.iter().map(|count| part(Gives::Count, Tone::Dim, count)));
        parts
    }

    fn right(&self) -> Vec<Part> {
        let clock = format!(" {} ", printable(self.clock, 8));
        let disk = self.disk.map(|disk| self.status(disk, Gives::Never));
        disk.into_iter()
            .chain([
                self.status(self.scanner, Gives::Scanner),
                Part { gives: Gives::Clock, tone: Tone::Text, text: clock },
                self.status(self.sync, Gives::Never),
            ])
            .collect()
    }

    fn status(&self, status: Status<'_>, gives: Gives) -> Part {
        let (sign, gives) = match status.tone {
            Tone::Ok | Tone::Done | Tone::Info => (self.theme.sign(Sign::Circle), gives),
            Tone::Attention | Tone::Stop => (self.theme.mark(status.tone), Gives::Never),
            Tone::Dim | Tone::Text | Tone::Frame | Tone::Selected => {
                (self.theme.sign(Sign::Nothing), gives)
            }
        };
        let text = format!(" {sign} {} ", printable(status.text, NAME_CELLS * 2));
        Part { gives, tone: status.tone, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::drawn::drawn;
    use crate::view::theme::{ColourDepth, ThemeKind};

    fn at(width: u16, scanner: Tone, sync: Status<'_>) -> String {
        let theme = Theme::new(ThemeKind::Mono, ColourDepth::None, false);
        let counts = ["Parcels 142".to_owned(), "Items 201".to_owned()];
        let text = if scanner == Tone::Ok { "scanner" } else { "no scanner" };
        let header = Header {
            station: "R-07",
            operator: "Marie D.",
            counts: &counts,
            clock: "14:32",
            disk: None,
            scanner: Status { tone: scanner, text },
            sync,
            theme: &theme,
        };
        drawn(width, 1, &header)
    }

    const IN_STEP: Status<'static> = Status { tone: Tone::Ok, text: "in step" };
    const WAITING: Status<'static> = Status { tone: Tone::Attention, text: "57 waiting, 3 min" };

    #[test]
    fn the_top_row_says_who_where_and_how_things_are() {
        insta::assert_snapshot!(
            [
                at(80, Tone::Ok, IN_STEP),
                at(120, Tone::Ok, IN_STEP),
                at(80, Tone::Attention, WAITING)
            ]
            .join("\n")
        );
    }

    #[test]
    fn what_is_wrong_is_the_last_to_give_way() {
        assert_eq!(at(37, Tone::Ok, WAITING), " R-07  Marie D.  ▲ 57 waiting, 3 min");
        assert_eq!(at(35, Tone::Attention, WAITING), " ▲ no scanner  ▲ 57 waiting, 3 min");
        assert_eq!(at(11, Tone::Ok, IN_STEP), " ● in step");
        assert_eq!(at(0, Tone::Ok, IN_STEP), "");
    }
}
