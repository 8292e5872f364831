//! The demo's tray: what can be scanned, listed on the screen, for who has no scanner; or a shift
//! that plays by itself. Owns: which row is selected, whether the tray shows, the pace. Never: what
//! can be scanned (that is the player's), how it is drawn (view).
//! Start at `Tray::pressed`. Tests: beside the code; tests/it/demo.rs.

use std::io;
use std::sync::mpsc::Sender;
use std::thread::Builder;
use std::time::Duration;

use dockside_core::domain::ids::{DeviceName, IdError};
use dockside_core::domain::operator::Lang;
use dockside_core::session::input::Input;
use dockside_core::session::model::{Model, Pending};

use crate::runtime::clock::now_ms;
use crate::runtime::station::Wake;
use crate::sample::player::Player;
use crate::view::TrayView;

/// The tray's name among the devices.
const DEVICE: &str = "tray";

/// Shows and hides the tray.
const TOGGLE_KEY: &str = "F11";

/// A tray of parcels beside the bench.
#[derive(Debug)]
pub struct Tray {
    player: Player,
    device: DeviceName,
    auto: Option<Duration>,
    is_shown: bool,
    selected: usize,
}

impl Tray {
    /// A tray that shows. With `auto` it scans by itself, once in that time.
    ///
    /// # Errors
    /// None in practice: the device's name is a constant.
    pub fn new(player: Player, auto: Option<Duration>) -> Result<Tray, IdError> {
        let device = DEVICE.parse()?;
        Ok(Tray { player, device, auto, is_shown: true, selected: 0 })
    }

    /// Starts the pace of a tray that scans by itself; else does nothing. The thread ends when the
    /// station has.
    ///
    /// # Errors
    /// When the thread can't be started.
    pub fn start(&self, wakes: Sender<Wake>) -> io::Result<()> {
        let Some(pace) = self.auto else { return Ok(()) };
        Builder::new().name("tray".to_owned()).spawn(move || {
            loop {
                std::thread::sleep(pace);
                if wakes.send(Wake::Play).is_err() {
                    return;
                }
            }
        })?;
        Ok(())
    }

    /// The next scan of a shift that plays by itself; `None` while the last one is being answered,
    /// and at the end.
    pub fn play(&mut self, model: &Model) -> Option<Input> {
        if model.pending != Pending::Nothing || self.is_too_soon(model) {
            return None;
        }
        self.selected = 0;
        let code = self.player.next(model)?;
        Some(self.scanned(code))
    }

    /// What confirms is the same scan again, and the same scan at once is a bounce.
    fn is_too_soon(&self, model: &Model) -> bool {
        let bounce = model.bounce.as_ref().filter(|_| model.confirm.is_some());
        bounce.is_some_and(|(_, _, at)| now_ms() - at <= model.setup.bounce_ms)
    }

    /// A key: `None` when the tray took it, else the input it stands for.
    pub fn pressed(&mut self, model: &Model, key: &str) -> Option<Input> {
        if key == TOGGLE_KEY {
            self.is_shown = !self.is_shown;
            return None;
        }
        if !self.is_shown {
            return Some(Input::Pressed(key.to_owned()));
        }
        self.player.observe(model);
        let choices = self.player.choices(model);
        let last = choices.len().saturating_sub(1);
        let selected = self.selected.min(last);
        match key {
            "Up" => self.selected = if selected == 0 { last } else { selected - 1 },
            "Down" => self.selected = if selected == last { 0 } else { selected + 1 },
            "Enter" => {
                // What comes next is natural again.
                self.selected = 0;
                let code = choices.into_iter().nth(selected)?.code;
                return Some(self.scanned(code));
            }
            other => return Some(Input::Pressed(other.to_owned())),
        }
        None
    }

    /// What is to be drawn; `None` while the tray is hidden.
    #[must_use]
    pub fn shown(&self, model: &Model) -> Option<TrayView> {
        if !self.is_shown {
            return None;
        }
        let rows: Vec<String> =
            self.player.choices(model).into_iter().map(|choice| choice.label).collect();
        let selected = self.selected.min(rows.len().saturating_sub(1));
        let (title, hint) = match model.lang {
            Lang::En => ("Scan", "Up, Down: choose   Enter: scan   F11: hide"),
            Lang::Fr => ("Scanner", "Haut, Bas : choisir   Entrée : scanner   F11 : masquer"),
        };
        Some(TrayView { title: title.to_owned(), rows, selected, hint: hint.to_owned() })
    }

    fn scanned(&self, code: String) -> Input {
        let device = self.device.clone();
        Input::Scanned { device, bytes: code.into_bytes(), overlong: None }
    }
}
