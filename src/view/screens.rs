//! The screens: one decision each, its answer largest. What stays in its place on all of them
//! (head, trail, band, last scans, foot) is shared out here; the middle is the screen's own.
//! Owns: which part gets which rows at which size. Never: a decision; all of it is read from the
//! model. Start at `draw`. Tests: screens/tests.rs.

use dockside_core::session::model::{Model, Screen};
use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

use crate::view::theme::Tone;
use crate::view::widgets::bigtext::BigText;
use crate::view::widgets::printable::{cells, printable};
use crate::view::words::{Arg, Words};
use crate::view::{Look, TrayView};

mod around;
mod badge;
mod find;
mod help;
mod inspect;
mod panel;
mod put;
mod receive;
mod said;
mod stop;
mod tray;
mod when;

#[cfg(test)]
mod tests;

/// Below this a decision can't be drawn large enough to be taken.
pub const LEAST_WIDTH: u16 = 80;
pub const LEAST_HEIGHT: u16 = 24;

/// No line of prose is wider: longer ones are not read at a glance.
const PROSE_CELLS: u16 = 72;

/// Empty columns left of everything in the middle.
const MARGIN: u16 = 2;

/// Rows of the band: an ATTENTION has three lines, and the middle never moves with it.
const BAND_ROWS: u16 = 3;

/// From here on a screen with one panel holds two, one above the other, and more last scans.
const ROOMY_ROWS: u16 = 38;

/// How much the screen holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Size {
    /// One line of prompt; scanning goes on.
    Tiny,
    Small,
    /// A panel of the parcel on the right.
    Medium,
    /// A panel of the last parcels too.
    Large,
}

impl Size {
    fn of(area: Rect) -> Size {
        match (area.width, area.height) {
            (160.., 45..) => Size::Large,
            (100.., 30..) => Size::Medium,
            (LEAST_WIDTH.., LEAST_HEIGHT..) => Size::Small,
            (_, _) => Size::Tiny,
        }
    }
}

/// What every part of a screen draws from.
#[derive(Clone, Copy)]
struct Stage<'a> {
    model: &'a Model,
    look: &'a Look,
    words: &'a Words,
    screen: Screen,
    size: Size,
}

/// Draws the screen the model stands on.
pub fn draw(buf: &mut Buffer, area: Rect, model: &Model, look: &Look, tray: Option<&TrayView>) {
    let words = look.words(model.lang);
    let (screen, size) = (model.screen(), Size::of(area));
    let stage = Stage { model, look, words, screen, size };
    let area = area.intersection(buf.area);
    Clear.render(area, buf);
    buf.set_style(area, stage.style(Tone::Text));
    if size == Size::Tiny {
        return stage.tiny(area, buf);
    }
    if screen == Screen::Stop {
        return stop::draw(&stage, area, buf);
    }
    let places = Places::of(&stage, area, tray);
    around::header(&stage, places.header, buf);
    around::trail(&stage, places.trail, buf);
    around::band(&stage, places.band, buf);
    if model.show_help {
        help::draw(&stage, places.middle, buf);
    } else {
        stage.middle(places.middle, buf);
    }
    panel::parcel(&stage, places.panel, buf);
    panel::parcels(&stage, places.history, buf);
    if let Some(tray) = tray {
        tray::draw(&stage, tray, places.tray, buf);
    }
    around::typed(&stage, places.typed, buf);
    around::last_scans(&stage, places.last, buf);
    around::footer(&stage, places.footer, buf);
}

/// The rows and columns of each part; an empty one is not drawn.
struct Places {
    header: Rect,
    trail: Rect,
    band: Rect,
    middle: Rect,
    panel: Rect,
    history: Rect,
    tray: Rect,
    typed: Rect,
    last: Rect,
    footer: Rect,
}

impl Places {
    fn of(stage: &Stage<'_>, area: Rect, tray: Option<&TrayView>) -> Places {
        let typed = u16::from(!stage.model.typing.is_empty());
        let last = match stage.size {
            Size::Tiny | Size::Small => 4,
            Size::Medium if area.height < ROOMY_ROWS => 5,
            Size::Medium => 7,
            Size::Large => 11,
        };
        let side = tray.is_some() && area.width >= tray::SIDE_FROM_WIDTH;
        let below = tray.filter(|_| !side).map_or(0, tray::rows_below);
        let [header, trail, band, work, under, typed, last, footer] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Length(BAND_ROWS),
            Constraint::Fill(1),
            Constraint::Length(below),
            Constraint::Length(typed),
            Constraint::Length(last),
            Constraint::Length(1),
        ])
        .areas(area);
        let (wide, wider) = match stage.size {
            Size::Tiny | Size::Small => (if side { panel::WIDTH } else { 0 }, 0),
            Size::Medium => (panel::WIDTH, 0),
            Size::Large => (panel::WIDTH, panel::HISTORY_WIDTH),
        };
        let [middle, column, history] = Layout::horizontal([
            Constraint::Fill(1),
            Constraint::Length(wide),
            Constraint::Length(wider),
        ])
        .areas(work);
        let [upper, lower] =
            Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(column);
        let (panel, history, tray) = match (side, stage.size) {
            (false, Size::Medium) if area.height >= ROOMY_ROWS => (upper, lower, under),
            (false, Size::Tiny | Size::Small | Size::Medium | Size::Large) => {
                (column, history, under)
            }
            (true, Size::Tiny | Size::Small) => (Rect::ZERO, history, column),
            (true, Size::Medium | Size::Large) => (upper, history, lower),
        };
        let middle = inset(middle);
        Places { header, trail, band, middle, panel, history, tray, typed, last, footer }
    }
}

/// Leaves the margin on both sides.
fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + MARGIN.min(area.width),
        width: area.width.saturating_sub(2 * MARGIN),
        ..area
    }
}

/// The rows of an area from its `row`th on.
fn from_row(area: Rect, row: u16) -> Rect {
    let row = row.min(area.height);
    Rect { y: area.y + row, height: area.height - row, ..area }
}

/// The first rows of an area.
fn rows(area: Rect, rows: u16) -> Rect {
    Rect { height: rows.min(area.height), ..area }
}

impl Stage<'_> {
    fn text(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.words.get(id, args)
    }

    fn style(&self, tone: Tone) -> Style {
        self.look.theme.style(tone)
    }

    fn bold(&self, tone: Tone) -> Style {
        self.style(tone).add_modifier(Modifier::BOLD)
    }

    /// One row of text, cut at its end.
    fn row(&self, text: &str, style: Style, area: Rect, buf: &mut Buffer) {
        let text = printable(text, usize::from(area.width));
        Line::styled(text, style).render(rows(area, 1), buf);
    }

    /// Prose in lines of readable width; says how many rows it took.
    fn prose(&self, text: &str, style: Style, area: Rect, buf: &mut Buffer) -> u16 {
        let area = Rect { width: area.width.min(PROSE_CELLS), ..area };
        let lines = wrapped(text, usize::from(area.width));
        let took = u16::try_from(lines.len()).unwrap_or(area.height).min(area.height);
        for (line, place) in lines.iter().zip(area.rows()) {
            self.row(line, style, place, buf);
        }
        took
    }

    fn big<'t>(&self, text: &'t str, tone: Tone, max_lines: u16) -> BigText<'t> {
        // Letters of blocks are no longer read where ground and sign change places.
        let style = self.bold(tone).remove_modifier(Modifier::REVERSED | Modifier::UNDERLINED);
        let blocks = self.look.blocks;
        BigText { text, style, align: Alignment::Left, blocks, max_lines }
    }

    /// A prompt as large as it fits, at the top of the area; says how many rows it took.
    fn prompt(&self, text: &str, tone: Tone, area: Rect, buf: &mut Buffer) -> u16 {
        let big = self.big(text, tone, 3);
        if let Some(fitted) = big.fit(area) {
            big.draw(&fitted, area, buf);
            return fitted.height;
        }
        let text = format!("{} {text}", self.look.theme.mark(Tone::Info));
        let lines = wrapped(&text, usize::from(area.width));
        for (line, place) in lines.iter().zip(area.rows()) {
            self.row(line, self.bold(tone), place, buf);
        }
        u16::try_from(lines.len()).unwrap_or(area.height).min(area.height)
    }

    /// The prompt in the middle of an area's rows, what is to be known of it in the last ones.
    fn step(&self, prompt: &str, foot: &[(String, Style)], area: Rect, buf: &mut Buffer) {
        let feet = packed(foot, usize::from(area.width));
        let feet_rows = count(feet.len()).min(area.height.saturating_sub(1));
        let room = rows(area, area.height - feet_rows);
        let big = self.big(prompt, Tone::Info, 3);
        let spare = big.fit(room).map_or(0, |fitted| room.height - fitted.height);
        self.prompt(prompt, Tone::Info, from_row(room, spare / 2), buf);
        let below = from_row(area, area.height - feet_rows);
        for (foot, place) in feet.into_iter().zip(below.rows()) {
            foot.render(place, buf);
        }
    }

    /// A frame with a title; gives what is left inside.
    fn framed(&self, title: &str, area: Rect, buf: &mut Buffer) -> Rect {
        let room = usize::from(area.width).saturating_sub(4);
        let title = Line::styled(format!(" {} ", printable(title, room)), self.bold(Tone::Text));
        let block = Block::bordered()
            .border_set(self.look.theme.border())
            .border_style(self.style(Tone::Frame))
            .title_top(title);
        let inner = block.inner(area);
        block.render(area, buf);
        inner
    }

    fn middle(&self, area: Rect, buf: &mut Buffer) {
        match self.screen {
            Screen::Badge => badge::draw(self, area, buf),
            Screen::Receive => receive::ready(self, area, buf),
            Screen::Choose => find::draw(self, area, buf),
            Screen::Item => receive::item(self, area, buf),
            Screen::Offer => put::offer(self, area, buf),
            Screen::Inspect => inspect::draw(self, area, buf),
            Screen::Put => put::draw(self, area, buf),
            Screen::Stop => {}
        }
    }

    /// The one line that says what is asked for, for a window too small for more.
    fn headline(&self) -> String {
        let bin = || self.model.proposed_bin().map(|bin| bin.to_string()).unwrap_or_default();
        match self.screen {
            Screen::Badge => self.text("badge-prompt", &[]),
            Screen::Receive => self.text("receive-prompt", &[]),
            Screen::Choose => self.text("choose-prompt", &[]),
            Screen::Item => self.text("item-prompt", &[]),
            Screen::Offer | Screen::Put => format!("{} {}", self.text("put-prompt", &[]), bin()),
            Screen::Inspect => inspect::question(self).map(|(text, _)| text).unwrap_or_default(),
            Screen::Stop => stop::headline(self),
        }
    }

    fn tiny(&self, area: Rect, buf: &mut Buffer) {
        let theme = &self.look.theme;
        let size = [
            ("width", Arg::from(u32::from(area.width))),
            ("height", u32::from(area.height).into()),
            ("min_width", u32::from(LEAST_WIDTH).into()),
            ("min_height", u32::from(LEAST_HEIGHT).into()),
        ];
        let three = self.words.three("warn-window-small", &size);
        let last = around::scan_rows(self, 1).pop();
        let last = last
            .map(|row| (row.tone, format!("{} {}  {}", theme.mark(row.tone), row.code, row.text)));
        let prompt = if self.screen == Screen::Stop { Tone::Stop } else { Tone::Info };
        let headline = format!("{} {}", theme.mark(prompt), self.headline());
        let (last_tone, last) = last.unwrap_or((Tone::Dim, self.text("last-empty", &[])));
        let typed = around::typed_text(self).unwrap_or_default();
        let lines = [
            (headline, self.bold(prompt)),
            (last, self.style(last_tone)),
            (typed, self.style(Tone::Text)),
            (three.what, self.style(Tone::Attention)),
            (three.now, self.style(Tone::Text)),
            (three.safe, self.style(Tone::Text)),
        ];
        let said = lines.iter().filter(|(line, _)| !line.is_empty());
        for ((line, style), place) in said.zip(area.rows()) {
            self.row(line, *style, place, buf);
        }
    }
}

/// Lines of at most `most` columns, broken at spaces; a longer word is cut by who draws it.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut().filter(|line| cells(line) + 1 + cells(word) <= most) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Sentences side by side in as few rows as they fit, none wider than prose may be.
fn packed(sentences: &[(String, Style)], width: usize) -> Vec<Line<'static>> {
    const GAP: &str = "   ";
    let mut packed: Vec<Line<'static>> = Vec::new();
    let most = width.min(usize::from(PROSE_CELLS));
    for (text, style) in sentences {
        let fits = |line: &&mut Line<'_>| line.width() + GAP.len() + cells(text) <= most;
        if let Some(line) = packed.last_mut().filter(fits) {
            line.push_span(Span::raw(GAP));
            line.push_span(Span::styled(printable(text, width), *style));
            continue;
        }
        let lines = wrapped(text, most).into_iter();
        packed.extend(lines.map(|line| Line::styled(printable(&line, width), *style)));
    }
    packed
}
