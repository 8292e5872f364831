//! The bottom row: the cards that work on this screen, and the keys.
//! Owns: which hint gives way when the screen is narrow; the key for help is the last.
//! Never: the list itself, it comes from the table of actions. Start at `Footer`.
//! Tests: beside the code.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::view::theme::{Theme, Tone};
use crate::view::widgets::printable::{cells, printable};

/// Columns one hint may take.
const HINT_CELLS: usize = 24;

#[derive(Clone, Copy, Debug)]
pub struct Footer<'a> {
    /// Such as `Cards:`.
    pub cards_label: &'a str,
    /// The words on the cards; the last ones give way after the keys did.
    pub cards: &'a [String],
    /// Such as `F1 help`.
    pub help: &'a str,
    /// Such as `F2 Français`; the last ones give way first.
    pub keys: &'a [String],
    pub theme: &'a Theme,
}

impl Widget for &Footer<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let width = usize::from(area.width);
        let help = format!(" {} ", printable(self.help, HINT_CELLS));
        let label = format!(" {}", printable(self.cards_label, HINT_CELLS));
        let mut cards = hints(self.cards);
        let mut keys = hints(self.keys);
        let wide = |parts: &[String]| parts.iter().map(|part| cells(part)).sum::<usize>();
        let mut room = width.saturating_sub(cells(&help));
        while wide(&keys) + wide(&cards) + cells(&label) > room && !keys.is_empty() {
            keys.pop();
        }
        while wide(&cards) + cells(&label) > room && !cards.is_empty() {
            cards.pop();
        }
        let label = if cards.is_empty() { String::new() } else { label };
        room = room.saturating_sub(wide(&keys) + wide(&cards) + cells(&label));
        let dim = self.theme.style(Tone::Dim);
        let text = self.theme.style(Tone::Text).add_modifier(Modifier::BOLD);
        let mut spans = vec![Span::styled(label, dim)];
        spans.extend(cards.into_iter().map(|card| Span::styled(card, text)));
        spans.push(Span::styled(" ".repeat(room), dim));
        spans.push(Span::styled(help, text));
        spans.extend(keys.into_iter().map(|key| Span::styled(key, dim)));
        Line::from(spans).render(area, buf);
    }
}

fn hints(hints: &[String]) -> Vec<String> {
    hints.iter().map(|hint| format!(" {} ", printable(hint, HINT_CELLS))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::drawn::drawn;
    use crate::view::theme::{ColourDepth, ThemeKind};

    fn at(width: u16) -> String {
        let theme = Theme::new(ThemeKind::Mono, ColourDepth::None, false);
        let cards = ["ANNULER", "TERMINÉ", "CONTRÔLE", "AIDE", "FIN"].map(str::to_owned);
        let keys = ["F2 English".to_owned(), "F10 quitter".to_owned()];
        let footer = Footer {
            cards_label: "Cartes\u{a0}:",
            cards: &cards,
            help: "F1 aide",
            keys: &keys,
            theme: &theme,
        };
        drawn(width, 1, &footer)
    }

    #[test]
    fn the_row_names_the_cards_and_the_keys() {
        insta::assert_snapshot!([at(80), at(120)].join("\n"));
    }

    #[test]
    fn help_is_the_last_hint_to_give_way() {
        for width in 9..120 {
            assert!(at(width).contains("F1 aide"), "{width}: {}", at(width));
        }
        assert!(!at(64).contains("F10"), "keys give way before cards");
        assert_eq!(at(30), " Cartes\u{a0}: ANNULER     F1 aide");
        assert_eq!(at(12), "    F1 aide");
    }
}
