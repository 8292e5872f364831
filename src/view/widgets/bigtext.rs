//! Text as large as its area allows, for reading from across the bench.
//! Owns: in how many cells a dot is drawn, and where a text breaks into lines. Never: the drawings
//! (that is `font`), nor what a text says. Start at `BigText`. Tests: bigtext/tests.rs.

use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Widget, Wrap};

use crate::view::widgets::font::{self, Glyph, HEIGHT_DOTS};
use crate::view::widgets::printable::printable;

#[cfg(test)]
mod tests;

/// Dots between two letters.
const GAP_DOTS: u16 = 1;

/// A text longer than this is no big text: in normal letters it ends here.
const NORMAL_CELLS: usize = 200;

/// Which signs a terminal can draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocks {
    /// Quadrants, half blocks and full blocks.
    Quadrants,
    /// Half and full blocks: all that the fonts of a Linux console have.
    Halves,
    /// None of them: a dot is a `#`.
    Ascii,
}

/// How many cells a letter of 8 by 12 dots takes, from the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 8 by 12 cells.
    Full,
    /// 8 by 6 cells.
    Half,
    /// 4 by 6 cells.
    Quadrant,
    /// 8 by 12 cells of `#`.
    Ascii,
}

impl Form {
    /// Dots in one cell, across and down.
    fn dots_per_cell(self) -> (u16, u16) {
        match self {
            Form::Full | Form::Ascii => (1, 1),
            Form::Half => (1, 2),
            Form::Quadrant => (2, 2),
        }
    }

    /// The forms a terminal can draw, from the largest.
    #[must_use]
    pub fn of(blocks: Blocks) -> &'static [Form] {
        match blocks {
            Blocks::Quadrants => &[Form::Full, Form::Half, Form::Quadrant],
            Blocks::Halves => &[Form::Full, Form::Half],
            Blocks::Ascii => &[Form::Ascii],
        }
    }

    fn line_height(self) -> u16 {
        HEIGHT_DOTS.div_ceil(self.dots_per_cell().1)
    }

    fn cells_across(self, dots: u16) -> u16 {
        dots.div_ceil(self.dots_per_cell().0)
    }
}

/// A text in big letters. Where none of the forms fits it is drawn in normal letters.
#[derive(Clone, Copy, Debug)]
pub struct BigText<'a> {
    pub text: &'a str,
    pub style: Style,
    pub align: Alignment,
    pub blocks: Blocks,
    /// Lines the text may be broken into.
    pub max_lines: u16,
}

/// How a text fits an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    pub form: Form,
    pub lines: Vec<String>,
    /// What it takes of the area, in cells.
    pub width: u16,
    pub height: u16,
}

impl BigText<'_> {
    /// The largest form in which the text fits, broken at spaces and after hyphens; `None` when
    /// not even the smallest does.
    #[must_use]
    pub fn fit(&self, area: Rect) -> Option<Fitted> {
        Form::of(self.blocks).iter().find_map(|form| self.fit_in(*form, area))
    }

    /// The text in that form and no other; `None` when it does not fit so.
    #[must_use]
    pub fn fit_in(&self, form: Form, area: Rect) -> Option<Fitted> {
        let room_dots = area.width.saturating_mul(form.dots_per_cell().0);
        let most = self.max_lines.min(area.height / form.line_height());
        let lines = balanced(&pieces(self.text), room_dots, usize::from(most))?;
        let width = lines.iter().map(|line| form.cells_across(width_dots(line))).max()?;
        let height = form.line_height() * u16::try_from(lines.len()).ok()?;
        Some(Fitted { form, lines, width, height })
    }

    /// Draws what a fit of this text found, from the top of an area that holds it.
    pub fn draw(&self, fitted: &Fitted, area: Rect, buf: &mut Buffer) {
        let mut top = area.y;
        for line in &fitted.lines {
            let width = fitted.form.cells_across(width_dots(line));
            let spare = area.width.saturating_sub(width);
            let indent = match self.align {
                Alignment::Left => 0,
                Alignment::Center => spare / 2,
                Alignment::Right => spare,
            };
            let place = Rect::new(area.x + indent, top, width, fitted.form.line_height());
            draw_line(line, fitted.form, self.style, place, buf);
            top += fitted.form.line_height();
        }
    }

    fn in_normal_letters(&self, area: Rect, buf: &mut Buffer) {
        let paragraph =
            Paragraph::new(Line::styled(printable(self.text, NORMAL_CELLS), self.style));
        paragraph.alignment(self.align).wrap(Wrap { trim: true }).render(area, buf);
    }
}

impl Widget for &BigText<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        match self.fit(area) {
            Some(fitted) => self.draw(&fitted, area, buf),
            None => self.in_normal_letters(area, buf),
        }
    }
}

fn draw_line(line: &str, form: Form, style: Style, place: Rect, buf: &mut Buffer) {
    let glyphs = placed(line);
    let is_set = |x: u16, y: u16| {
        let after = glyphs.partition_point(|(left, _)| *left <= x);
        let under = after.checked_sub(1).and_then(|index| glyphs.get(index));
        under.is_some_and(|(left, glyph)| glyph.is_set(x - left, y))
    };
    let (across, down) = form.dots_per_cell();
    for row in 0..place.height {
        for column in 0..place.width {
            let (x, y) = (column * across, row * down);
            let sign = match form {
                Form::Full => full(is_set(x, y), '█'),
                Form::Ascii => full(is_set(x, y), '#'),
                Form::Half => half(is_set(x, y), is_set(x, y + 1)),
                Form::Quadrant => quadrant(
                    [is_set(x, y), is_set(x + 1, y)],
                    [is_set(x, y + 1), is_set(x + 1, y + 1)],
                ),
            };
            if let Some(cell) = buf.cell_mut((place.x + column, place.y + row)) {
                cell.set_char(sign).set_style(style);
            }
        }
    }
}

fn full(is_set: bool, sign: char) -> char {
    if is_set { sign } else { ' ' }
}

fn half(upper: bool, lower: bool) -> char {
    match (upper, lower) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}

fn quadrant(upper: [bool; 2], lower: [bool; 2]) -> char {
    match (upper, lower) {
        ([true, true], [true, true]) => '█',
        ([true, true], [true, false]) => '▛',
        ([true, true], [false, true]) => '▜',
        ([true, true], [false, false]) => '▀',
        ([true, false], [true, true]) => '▙',
        ([true, false], [true, false]) => '▌',
        ([true, false], [false, true]) => '▚',
        ([true, false], [false, false]) => '▘',
        ([false, true], [true, true]) => '▟',
        ([false, true], [true, false]) => '▞',
        ([false, true], [false, true]) => '▐',
        ([false, true], [false, false]) => '▝',
        ([false, false], [true, true]) => '▄',
        ([false, false], [true, false]) => '▖',
        ([false, false], [false, true]) => '▗',
        ([false, false], [false, false]) => ' ',
    }
}

/// Each glyph of a line with its left edge in dots.
fn placed(line: &str) -> Vec<(u16, Glyph)> {
    let mut left: u16 = 0;
    let place = |sign: char| {
        let glyph = font::glyph(sign);
        let at = left;
        left = left.saturating_add(glyph.width_dots()).saturating_add(GAP_DOTS);
        (at, glyph)
    };
    line.chars().map(place).collect()
}

fn width_dots(line: &str) -> u16 {
    let edge = |(left, glyph): &(u16, Glyph)| left.saturating_add(glyph.width_dots());
    placed(line).last().map_or(0, edge)
}

/// The parts a text may be broken between: after a hyphen inside a word, and at spaces, which
/// stay at the end of their piece.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for word in text.split_inclusive(' ') {
        let mut rest = word;
        while let Some(at) =
            rest.find('-').filter(|at| *at > 0 && !rest[at + 1..].trim().is_empty())
        {
            pieces.push(&rest[..=at]);
            rest = &rest[at + 1..];
        }
        pieces.push(rest);
    }
    pieces
}

/// The fewest lines no wider than `room_dots`, and among those the ones most alike in width.
fn balanced(pieces: &[&str], room_dots: u16, most: usize) -> Option<Vec<String>> {
    let mut best = filled(pieces, room_dots).filter(|lines| lines.len() <= most)?;
    loop {
        let widest = best.iter().map(|line| width_dots(line)).max()?;
        match filled(pieces, widest.saturating_sub(1)) {
            Some(tighter) if tighter.len() == best.len() => best = tighter,
            Some(_) | None => return Some(best),
        }
    }
}

/// Lines filled one after the other; `None` when one piece alone is too wide, or there is none.
fn filled(pieces: &[&str], room_dots: u16) -> Option<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces {
        let longer = format!("{line}{piece}");
        if width_dots(longer.trim_end()) <= room_dots {
            line = longer;
            continue;
        }
        if line.is_empty() || width_dots(piece.trim_end()) > room_dots {
            return None;
        }
        lines.push(line.trim_end().to_owned());
        line = (*piece).to_owned();
    }
    lines.push(line.trim_end().to_owned());
    Some(lines).filter(|lines| lines.iter().all(|line| !line.is_empty()))
}
