//! Model to cells: everything that is drawn, and every word of it.
//! Owns: the look of a role (`theme`), the texts in each language (`words`), the pieces screens are
//! made of (`widgets`), the screens themselves (`screens`). Never: a decision, a look-up, a clock,
//! the environment; the screen is a function of the model and of what the terminal can show.
//! Start at `draw`. Tests: screens/tests.rs, and beside the pieces; drawings as snapshots.

use chrono_tz::Tz;
use dockside_core::domain::operator::Lang;
use dockside_core::session::model::Model;
use ratatui::Frame;

use crate::view::theme::{Terminal, Theme, ThemeKind};
use crate::view::widgets::bigtext::Blocks;
use crate::view::words::Words;

pub mod screens;
pub mod theme;
pub mod widgets;
pub mod words;

#[cfg(test)]
pub(crate) mod drawn;

/// How everything looks at this station. Costly to make: the texts are read; made once.
pub struct Look {
    theme: Theme,
    blocks: Blocks,
    /// Of the site: the station may run in another.
    time_zone: Tz,
    english: Words,
    french: Words,
}

impl Look {
    #[must_use]
    pub fn of(kind: ThemeKind, terminal: Terminal, time_zone: Tz) -> Look {
        Look {
            theme: Theme::new(kind, terminal.depth, terminal.ascii),
            blocks: terminal.blocks,
            time_zone,
            english: Words::new(Lang::En),
            french: Words::new(Lang::Fr),
        }
    }

    /// The same look with texts of a made-up longer language: what does not fit shows.
    #[must_use]
    pub fn stretched(self) -> Look {
        Look { english: Words::pseudo(Lang::En), french: Words::pseudo(Lang::Fr), ..self }
    }

    fn words(&self, lang: Lang) -> &Words {
        match lang {
            Lang::En => &self.english,
            Lang::Fr => &self.french,
        }
    }
}

/// The demo's tray of parcels, as the screen shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrayView {
    pub title: String,
    /// What can be scanned, one a row.
    pub rows: Vec<String>,
    /// Place of the row the next scan plays, from 0.
    pub selected: usize,
    /// How it is worked.
    pub hint: String,
}

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, model: &Model, look: &Look, tray: Option<&TrayView>) {
    let area = frame.area();
    screens::draw(frame.buffer_mut(), area, model, look, tray);
}
