//! How a tone looks: its colours, its sign, its band, in each theme and on each kind of terminal.
//! Owns: the palettes and the table of signs. Never: the environment (what the terminal can do is
//! decided from values handed in), nor what is good or bad. Colour is never alone: every tone has a
//! sign of its own. Start at `Theme`. Tests: theme/tests.rs.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

use crate::view::widgets::bigtext::Blocks;

#[cfg(test)]
mod tests;

/// What a piece of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Stored and right.
    Ok,
    /// A parcel or shift is complete.
    Done,
    /// Nothing was changed; the right scan goes on.
    Attention,
    /// Work stops until it is acknowledged.
    Stop,
    /// What is asked for.
    Info,
    Dim,
    Text,
    Frame,
    Selected,
}

impl Tone {
    pub const ALL: [Tone; 9] = [
        Tone::Ok,
        Tone::Done,
        Tone::Attention,
        Tone::Stop,
        Tone::Info,
        Tone::Dim,
        Tone::Text,
        Tone::Frame,
        Tone::Selected,
    ];
}

/// A sign of the fixed table: one cell a character in every terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Check,
    /// The one sign of two characters.
    DoubleCheck,
    Triangle,
    Square,
    Circle,
    Arrow,
    Nothing,
}

/// The look the operator chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeKind {
    Dark,
    Light,
    HighContrast,
    Mono,
    /// The terminal's own sixteen colours on its own ground.
    Terminal16,
}

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourDepth {
    None,
    Sixteen,
    TrueColour,
}

/// What the environment says of the terminal, as it was read by the caller.
#[derive(Clone, Copy, Debug, Default)]
pub struct TerminalHints<'a> {
    /// `NO_COLOR`: any value but an empty one asks for no colour (<https://no-color.org>).
    pub no_color: Option<&'a str>,
    /// `TERM`.
    pub term: Option<&'a str>,
    /// `COLORTERM`.
    pub colorterm: Option<&'a str>,
    /// The locale in force: the first set one of `LC_ALL`, `LC_CTYPE`, `LANG`.
    pub locale: Option<&'a str>,
}

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    pub depth: ColourDepth,
    /// Only plain signs and frames: the console's font lacks the others.
    pub ascii: bool,
    pub blocks: Blocks,
}

impl Terminal {
    /// Without a word on the locale UTF-8 is taken for granted.
    #[must_use]
    pub fn of(hints: TerminalHints<'_>) -> Terminal {
        let term = hints.term.unwrap_or("dumb");
        let is_dumb = term.is_empty() || term == "dumb";
        let is_console = term == "linux" || term.starts_with("linux-");
        let speaks_utf8 = hints.locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.is_empty() || locale.contains("utf-8") || locale.contains("utf8")
        });
        let no_color = hints.no_color.is_some_and(|value| !value.is_empty());
        let is_true = matches!(hints.colorterm, Some("truecolor" | "24bit"));
        let depth = if no_color || is_dumb {
            ColourDepth::None
        } else if !is_console && (is_true || term.ends_with("-direct")) {
            ColourDepth::TrueColour
        } else {
            ColourDepth::Sixteen
        };
        let blocks = if is_dumb || !speaks_utf8 {
            Blocks::Ascii
        } else if is_console {
            Blocks::Halves
        } else {
            Blocks::Quadrants
        };
        Terminal { depth, ascii: blocks != Blocks::Quadrants, blocks }
    }
}

/// The colours of the five signals, then text, dim, frame and the ground.
#[derive(Clone, Copy)]
struct Palette {
    ok: Color,
    attention: Color,
    stop: Color,
    info: Color,
    text: Color,
    dim: Color,
    frame: Color,
    ground: Color,
    on_band: Color,
}

const DARK: Palette = Palette {
    ok: Color::Rgb(0x58, 0xfb, 0xde),
    attention: Color::Rgb(0xfd, 0xef, 0x21),
    stop: Color::Rgb(0xf2, 0x7c, 0x7e),
    info: Color::Rgb(0x88, 0x9c, 0xe8),
    text: Color::Rgb(0xe8, 0xea, 0xf0),
    dim: Color::Rgb(0xa4, 0xac, 0xbc),
    frame: Color::Rgb(0x6c, 0x76, 0x8a),
    ground: Color::Rgb(0x08, 0x0a, 0x0f),
    on_band: Color::Rgb(0, 0, 0),
};

// The signals are dark here, so black on them would not be read: bands carry white.
const LIGHT: Palette = Palette {
    ok: Color::Rgb(0x02, 0x81, 0x7e),
    attention: Color::Rgb(0x86, 0x74, 0x06),
    stop: Color::Rgb(0x59, 0x0f, 0x18),
    info: Color::Rgb(0x03, 0x08, 0x9f),
    text: Color::Rgb(0x12, 0x14, 0x1a),
    dim: Color::Rgb(0x55, 0x5b, 0x66),
    frame: Color::Rgb(0x7a, 0x80, 0x8c),
    ground: Color::Rgb(0xff, 0xff, 0xff),
    on_band: Color::Rgb(0xff, 0xff, 0xff),
};

const HIGH_CONTRAST: Palette = Palette {
    ok: Color::Rgb(0x58, 0xfb, 0xde),
    attention: Color::Rgb(0xfd, 0xef, 0x21),
    stop: Color::Rgb(0xff, 0x8c, 0x8c),
    info: Color::Rgb(0xa0, 0xb2, 0xff),
    text: Color::Rgb(0xff, 0xff, 0xff),
    dim: Color::Rgb(0xe0, 0xe0, 0xe0),
    frame: Color::Rgb(0xff, 0xff, 0xff),
    ground: Color::Rgb(0, 0, 0),
    on_band: Color::Rgb(0, 0, 0),
};

const SIXTEEN: Palette = Palette {
    ok: Color::LightCyan,
    attention: Color::LightYellow,
    stop: Color::LightRed,
    info: Color::White,
    text: Color::Reset,
    dim: Color::Gray,
    frame: Color::Gray,
    ground: Color::Reset,
    on_band: Color::Black,
};

const SIXTEEN_LIGHT: Palette = Palette {
    ok: Color::Cyan,
    attention: Color::Yellow,
    stop: Color::Red,
    info: Color::Blue,
    text: Color::Black,
    dim: Color::DarkGray,
    frame: Color::DarkGray,
    ground: Color::White,
    on_band: Color::Black,
};

/// The look of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    kind: ThemeKind,
    depth: ColourDepth,
    ascii: bool,
}

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

impl Theme {
    /// `ascii`: signs and frames of plain ASCII alone.
    #[must_use]
    pub fn new(kind: ThemeKind, depth: ColourDepth, ascii: bool) -> Theme {
        Theme { kind, depth, ascii }
    }

    /// How text of that tone is drawn.
    #[must_use]
    pub fn style(&self, tone: Tone) -> Style {
        let Some(palette) = self.palette() else {
            return without_colour(tone);
        };
        let plain = Style::new().bg(palette.ground);
        match tone {
            Tone::Ok | Tone::Done => plain.fg(palette.ok),
            Tone::Attention => plain.fg(palette.attention),
            Tone::Stop if self.is_sixteen() => {
                plain.fg(palette.stop).add_modifier(Modifier::REVERSED)
            }
            Tone::Stop => plain.fg(palette.stop),
            Tone::Info => plain.fg(palette.info).add_modifier(Modifier::BOLD),
            Tone::Dim => plain.fg(palette.dim),
            Tone::Text => plain.fg(palette.text),
            Tone::Frame => plain.fg(palette.frame),
            Tone::Selected => plain.fg(palette.text).add_modifier(Modifier::REVERSED),
        }
    }

    /// How a band of that tone is drawn: the tone is its ground. The text on it is pure black
    /// where the tones are bright, pure white in the light theme, where they are dark.
    #[must_use]
    pub fn band(&self, tone: Tone) -> Style {
        let Some(palette) = self.palette() else {
            return without_colour(tone).add_modifier(Modifier::REVERSED | Modifier::BOLD);
        };
        let ground = match tone {
            Tone::Ok | Tone::Done => palette.ok,
            Tone::Attention => palette.attention,
            Tone::Stop => palette.stop,
            Tone::Info => palette.info,
            Tone::Dim | Tone::Frame => palette.dim,
            Tone::Text | Tone::Selected => {
                return self.style(tone).add_modifier(Modifier::REVERSED | Modifier::BOLD);
            }
        };
        Style::new().fg(palette.on_band).bg(ground).add_modifier(Modifier::BOLD)
    }

    /// The sign that says the tone without colour.
    #[must_use]
    pub fn mark(&self, tone: Tone) -> &'static str {
        self.sign(match tone {
            Tone::Ok => Sign::Check,
            Tone::Done => Sign::DoubleCheck,
            Tone::Attention => Sign::Triangle,
            Tone::Stop => Sign::Square,
            Tone::Info | Tone::Selected => Sign::Arrow,
            Tone::Dim | Tone::Text | Tone::Frame => Sign::Nothing,
        })
    }

    /// A sign, or its twin on a terminal that lacks it.
    #[must_use]
    pub fn sign(&self, sign: Sign) -> &'static str {
        let (drawn, twin) = match sign {
            Sign::Check => ("✓", "v"),
            Sign::DoubleCheck => ("✓✓", "vv"),
            Sign::Triangle => ("▲", "!"),
            Sign::Square => ("■", "X"),
            Sign::Circle => ("●", "o"),
            Sign::Arrow => ("→", ">"),
            Sign::Nothing => (" ", " "),
        };
        if self.ascii { twin } else { drawn }
    }

    /// The lines a frame is made of.
    #[must_use]
    pub fn border(&self) -> border::Set<'static> {
        if self.ascii { ASCII_BORDER } else { border::PLAIN }
    }

    fn is_sixteen(&self) -> bool {
        self.depth == ColourDepth::Sixteen || self.kind == ThemeKind::Terminal16
    }

    /// `None` where nothing has a colour.
    fn palette(&self) -> Option<Palette> {
        match (self.kind, self.depth) {
            (ThemeKind::Mono, _) | (_, ColourDepth::None) => None,
            (ThemeKind::Light, ColourDepth::Sixteen) => Some(SIXTEEN_LIGHT),
            (ThemeKind::Terminal16, _) | (_, ColourDepth::Sixteen) => Some(SIXTEEN),
            (ThemeKind::Dark, ColourDepth::TrueColour) => Some(DARK),
            (ThemeKind::Light, ColourDepth::TrueColour) => Some(LIGHT),
            (ThemeKind::HighContrast, ColourDepth::TrueColour) => Some(HIGH_CONTRAST),
        }
    }
}

fn without_colour(tone: Tone) -> Style {
    let plain = Style::new();
    match tone {
        Tone::Ok | Tone::Done | Tone::Info => plain.add_modifier(Modifier::BOLD),
        Tone::Attention => plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        Tone::Stop => plain.add_modifier(Modifier::BOLD | Modifier::REVERSED),
        Tone::Selected => plain.add_modifier(Modifier::REVERSED),
        Tone::Dim | Tone::Text | Tone::Frame => plain,
    }
}
