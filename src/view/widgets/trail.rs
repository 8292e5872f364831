//! The trail of steps: where the receiver is, what is done, what comes.
//! Owns: how the three states look. Never: which step it is. Start at `Trail`.
//! Tests: beside the code.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::view::theme::{Sign, Theme, Tone};
use crate::view::widgets::printable::printable;

/// Columns a step's name may take.
const NAME_CELLS: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    Done,
    Now,
    Next,
}

/// One step by its name.
#[derive(Clone, Copy, Debug)]
pub struct TrailStep<'a> {
    pub name: &'a str,
    pub state: StepState,
}

/// All steps in one row, numbered from 1: done by a check, now in capitals and reversed.
#[derive(Clone, Copy, Debug)]
pub struct Trail<'a> {
    pub steps: &'a [TrailStep<'a>],
    pub theme: &'a Theme,
}

impl Widget for &Trail<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let step = |(place, step): (usize, &TrailStep<'_>)| {
            let name = printable(step.name, NAME_CELLS);
            let number = place + 1;
            let (text, style) = match step.state {
                StepState::Done => (format!(" {} {name} ", self.theme.sign(Sign::Check)), Tone::Ok),
                StepState::Now => (format!(" {number} {} ", name.to_uppercase()), Tone::Text),
                StepState::Next => (format!(" {number} {name} "), Tone::Dim),
            };
            let style = self.theme.style(style);
            Span::styled(
                text,
                match step.state {
                    StepState::Now => style.add_modifier(Modifier::REVERSED | Modifier::BOLD),
                    StepState::Done | StepState::Next => style,
                },
            )
        };
        let gap = Span::styled("  ", self.theme.style(Tone::Text));
        let spans =
            self.steps.iter().enumerate().flat_map(|numbered| [gap.clone(), step(numbered)]);
        Line::from(spans.collect::<Vec<_>>()).render(area.intersection(buf.area), buf);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::drawn::{buffer, drawn, text};
    use crate::view::theme::{ColourDepth, ThemeKind};

    const STEPS: [TrailStep<'static>; 4] = [
        TrailStep { name: "Parcel", state: StepState::Done },
        TrailStep { name: "Item", state: StepState::Done },
        TrailStep { name: "Grade", state: StepState::Now },
        TrailStep { name: "Bin", state: StepState::Next },
    ];

    #[test]
    fn the_step_of_the_moment_is_seen_without_colour() {
        let theme = Theme::new(ThemeKind::Mono, ColourDepth::None, false);
        let trail = Trail { steps: &STEPS, theme: &theme };
        let cells = buffer(80, 1, &trail);
        assert_eq!(text(&cells), "   ✓ Parcel    ✓ Item    3 GRADE    4 Bin");
        assert_eq!(drawn(120, 1, &trail), text(&cells));
        let reversed = |cell: &&ratatui::buffer::Cell| cell.modifier.contains(Modifier::REVERSED);
        let reversed: String =
            cells.content.iter().filter(reversed).map(|cell| cell.symbol()).collect();
        assert_eq!(reversed, " 3 GRADE ");
    }

    #[test]
    fn a_narrow_screen_cuts_the_last_steps() {
        let theme = Theme::new(ThemeKind::Mono, ColourDepth::None, true);
        assert_eq!(drawn(12, 1, &Trail { steps: &STEPS, theme: &theme }), "   v Parcel");
    }
}
