//! The answers to one question as tiles, each with the letter of its card.
//! Owns: how large they are drawn, all alike. Never: what they mean. Start at `Tiles`.
//! Tests: beside the code.

use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Widget, Wrap};

use crate::view::theme::{Theme, Tone};
use crate::view::widgets::bigtext::{BigText, Blocks, Fitted, Form};
use crate::view::widgets::printable::{cells, printable};

/// A tile narrower or lower than this can't hold a label: the answers become a list.
const NARROWEST: u16 = 14;
const LOWEST: u16 = 3;
/// Lines a label in big letters may be broken into.
const BIG_LINES: u16 = 3;
const LABEL_CELLS: usize = 60;
/// Empty rows between a card's letter and its label.
const GAP_ROWS: u16 = 1;

/// One answer.
#[derive(Clone, Copy, Debug)]
pub struct Tile<'a> {
    /// On the card: B, C, D, E or F.
    pub letter: char,
    pub label: &'a str,
}

/// Answers side by side: labels in big letters where all fit (and the cards' letters above
/// them where there is room), else the cards' letters big and the
/// labels under them, else a list.
#[derive(Clone, Copy, Debug)]
pub struct Tiles<'a> {
    pub tiles: &'a [Tile<'a>],
    pub blocks: Blocks,
    pub theme: &'a Theme,
}

impl Widget for &Tiles<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let even = vec![Constraint::Fill(1); self.tiles.len()];
        let places = Layout::horizontal(even).spacing(1).split(area);
        let Some(smallest) = places.iter().min_by_key(|place| place.width) else { return };
        if smallest.width < NARROWEST || smallest.height < LOWEST {
            return self.list(area, buf);
        }
        let inside = Block::bordered().inner(*smallest);
        let labels: Vec<String> =
            self.tiles.iter().map(|tile| printable(tile.label, LABEL_CELLS)).collect();
        let form = self.form_for(labels.iter().map(String::as_str), inside);
        let label_rows = labels.iter().map(|label| rows_of(label, inside.width)).max().unwrap_or(1);
        for ((tile, label), place) in self.tiles.iter().zip(&labels).zip(places.iter()) {
            let inner = self.framed(tile.letter, *place, buf);
            match form {
                Some(form) => self.big(tile.letter, label, form, inner, buf),
                None => self.letter_and_label(tile.letter, label, label_rows, inner, buf),
            }
        }
    }
}

impl Tiles<'_> {
    /// The largest form in which every text fits.
    fn form_for<'t>(&self, texts: impl Iterator<Item = &'t str>, area: Rect) -> Option<Form> {
        let texts: Vec<&str> = texts.collect();
        let fits = |form: &&Form| {
            texts.iter().all(|text| self.letters(text).fit_in(**form, area).is_some())
        };
        Form::of(self.blocks).iter().find(fits).copied()
    }

    fn letters<'t>(&self, text: &'t str) -> BigText<'t> {
        BigText {
            text,
            style: self.label_style(),
            align: Alignment::Center,
            blocks: self.blocks,
            max_lines: BIG_LINES,
        }
    }

    fn label_style(&self) -> Style {
        self.theme.style(Tone::Text).add_modifier(Modifier::BOLD)
    }

    fn framed(&self, letter: char, place: Rect, buf: &mut Buffer) -> Rect {
        let title = Span::styled(format!("  {letter}  "), self.theme.band(Tone::Info));
        let block = Block::bordered()
            .border_set(self.theme.border())
            .border_style(self.theme.style(Tone::Info))
            .title_top(Line::from(title).centered());
        let inner = block.inner(place);
        block.render(place, buf);
        inner
    }

    /// The label, and above it the card's letter where there is room for both.
    fn big(&self, letter: char, label: &str, form: Form, area: Rect, buf: &mut Buffer) {
        let letters = self.letters(label);
        let Some(fitted) = letters.fit_in(form, area) else { return };
        let above = Rect { height: area.height.saturating_sub(fitted.height + GAP_ROWS), ..area };
        let letter = letter.to_string();
        let sign = BigText { style: self.theme.style(Tone::Info), ..self.letters(&letter) };
        let Some(card) = sign.fit_in(form, above) else {
            return letters.draw(&fitted, middle(area, fitted.height), buf);
        };
        let taken = card.height + GAP_ROWS;
        let place = middle(area, taken + fitted.height);
        sign.draw(&card, place, buf);
        let below = Rect { y: place.y + taken, height: place.height - taken, ..place };
        letters.draw(&fitted, below, buf);
    }

    fn letter_and_label(
        &self,
        letter: char,
        label: &str,
        label_rows: u16,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let above = Rect { height: area.height.saturating_sub(label_rows), ..area };
        let letter = letter.to_string();
        let sign = BigText { style: self.theme.style(Tone::Info), ..self.letters(&letter) };
        let fitted: Option<Fitted> = sign.fit(above);
        let taken = fitted.as_ref().map_or(0, |fitted| fitted.height);
        if let Some(fitted) = &fitted {
            sign.draw(fitted, area, buf);
        }
        let below = Rect { y: area.y + taken, height: area.height - taken, ..area };
        let below = middle(below, label_rows);
        Paragraph::new(Line::styled(label.to_owned(), self.label_style()))
            .alignment(Alignment::Center)
            .wrap(Wrap { trim: true })
            .render(below, buf);
    }

    fn list(&self, area: Rect, buf: &mut Buffer) {
        for (tile, place) in self.tiles.iter().zip(area.rows()) {
            let room = usize::from(place.width).saturating_sub(5);
            let letter = Span::styled(format!(" {} ", tile.letter), self.theme.band(Tone::Info));
            let label = Span::styled(
                format!("  {}", printable(tile.label, room)),
                self.theme.style(Tone::Text),
            );
            Line::from(vec![letter, label]).render(place, buf);
        }
    }
}

/// Rows a label takes in normal letters, broken at its spaces.
fn rows_of(label: &str, width: u16) -> u16 {
    let (mut rows, mut used) = (1, 0);
    for word in label.split_whitespace().map(cells) {
        let gap = usize::from(used > 0);
        if used + gap + word <= usize::from(width) {
            used += gap + word;
        } else {
            rows += u16::from(used > 0);
            used = word;
        }
    }
    rows
}

fn middle(area: Rect, height: u16) -> Rect {
    let spare = area.height.saturating_sub(height);
    Rect { y: area.y + spare / 2, height: area.height - spare / 2, ..area }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::view::drawn::drawn;
    use crate::view::theme::{ColourDepth, ThemeKind};

    fn at(width: u16, height: u16, labels: &[&str]) -> String {
        let theme = Theme::new(ThemeKind::Mono, ColourDepth::None, false);
        let tiles: Vec<Tile<'_>> =
            "BCDEF".chars().zip(labels).map(|(letter, label)| Tile { letter, label }).collect();
        drawn(width, height, &Tiles { tiles: &tiles, blocks: Blocks::Quadrants, theme: &theme })
    }

    #[test]
    fn short_answers_are_read_from_across_the_bench() {
        assert_snapshot!("tiles_two_80", at(78, 9, &["NO", "YES"]));
        assert_snapshot!("tiles_tall_120", at(118, 17, &["NON", "OUI", "ABÎMÉ"]));
        assert_snapshot!("tiles_three_120", at(118, 10, &["NON", "OUI", "ABÎMÉ"]));
    }

    #[test]
    fn long_answers_keep_their_letters_large() {
        let labels = ["Sealed", "Open and complete", "Damaged by transport", "Parts are missing"];
        assert_snapshot!("tiles_four_80", at(78, 11, &labels));
    }

    #[test]
    fn a_small_screen_gets_a_list() {
        assert_eq!(
            at(30, 4, &["Sealed", "Open", "Damaged"]),
            " B   Sealed\n C   Open\n D   Damaged\n"
        );
        assert_eq!(at(30, 2, &["Sealed", "Open"]), " B   Sealed\n C   Open");
        assert_eq!(at(0, 0, &["Sealed"]), "");
    }
}
