//! The loop of the station. One thread owns the model and the terminal; it blocks on one channel,
//! drains it, and draws at most once per change. Everything outside arrives as a `Wake`.
//! Start at `Station::run`. Tests: tests/it/e2e_bench.rs.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use dockside_core::session::effect::{Cue, Effect};
use dockside_core::session::input::{DiskState, Input};
use dockside_core::session::model::{Model, Screen as SessionScreen};
use dockside_core::session::{resume, update};
use tokio::runtime::Handle;

use crate::device::serial::SerialHandle;
use crate::faults;
use crate::runtime::clock::{now_ms, until_next_minute};
use crate::runtime::stores::Stores;
use crate::runtime::terminal::Screen;
use crate::runtime::tray::Tray;
use crate::runtime::verdicts::Verdicts;
use crate::view::{self, Look};

/// A STOP sounds again until it is acknowledged.
const STOP_AGAIN: Duration = Duration::from_secs(5);

/// Bytes in a MiB, the unit of the configuration.
const MIB: u64 = 1 << 20;

/// What wakes the loop.
#[derive(Debug)]
pub enum Wake {
    Input(Input),
    Resized,
    Suspend,
    /// SIGTERM, SIGHUP or SIGINT.
    Terminate,
    /// The keys can't be read any more.
    TerminalGone,
    /// The demo plays its next scan.
    Play,
}

/// A station with everything it needs.
pub struct Station {
    pub model: Model,
    pub look: Look,
    pub stores: Arc<Stores>,
    pub tokio: Handle,
    pub wakes: Receiver<Wake>,
    /// For what answers from another thread.
    pub answers: Sender<Wake>,
    pub scanners: Vec<SerialHandle>,
    pub data: PathBuf,
    /// Free space under which the station warns.
    pub warn_free_mib: u64,
    pub tray: Option<Tray>,
    pub silent: bool,
    pub verdicts: Verdicts,
}

/// Whether the loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    On,
    Ended,
}

impl Station {
    /// Runs until the receiver quits or the program is told to end.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn run(&mut self, screen: &mut Screen) -> io::Result<()> {
        let effects = resume(&mut self.model);
        self.perform(effects);
        self.draw(screen)?;
        let mut drawn = self.model.version;
        loop {
            let (flow, mut stale) = self.turn(screen)?;
            stale |= self.model.version != drawn;
            if flow == Flow::Ended {
                return Ok(());
            }
            if stale {
                faults::point("station_before_draw");
                self.draw(screen)?;
                drawn = self.model.version;
            }
        }
    }

    /// Waits for something, takes in all there is, and says whether the screen is stale.
    fn turn(&mut self, screen: &mut Screen) -> io::Result<(Flow, bool)> {
        let mut stale = false;
        let first = match self.wakes.recv_timeout(self.patience()) {
            Ok(wake) => Some(wake),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok((Flow::Ended, false)),
        };
        let Some(first) = first else {
            self.tick(screen)?;
            return Ok((Flow::On, true));
        };
        let mut next = Some(first);
        while let Some(wake) = next {
            match wake {
                Wake::Input(input) => {
                    if self.take(screen, input)? == Flow::Ended {
                        return Ok((Flow::Ended, true));
                    }
                }
                Wake::Resized => {
                    screen.repaint()?;
                    stale = true;
                }
                Wake::Suspend => {
                    screen.suspend()?;
                    stale = true;
                }
                Wake::Terminate | Wake::TerminalGone => return Ok((Flow::Ended, false)),
                Wake::Play => {
                    if let Some(scan) = self.tray.as_mut().and_then(|tray| tray.play(&self.model)) {
                        self.take(screen, scan)?;
                    }
                }
            }
            next = self.wakes.try_recv().ok();
        }
        Ok((Flow::On, stale))
    }

    /// How long nothing may happen before the clock or a STOP wants to be seen or heard.
    fn patience(&self) -> Duration {
        let minute = until_next_minute(now_ms());
        if self.model.stop.is_some() { minute.min(STOP_AGAIN) } else { minute }
    }

    fn tick(&mut self, screen: &mut Screen) -> io::Result<()> {
        let state = self.disk();
        if state != self.model.disk {
            update(&mut self.model, now_ms(), Input::Disk(state));
        }
        update(&mut self.model, now_ms(), Input::Tick);
        if self.model.screen() == SessionScreen::Stop {
            self.sound(screen, Cue::Stop)?;
        }
        Ok(())
    }

    fn disk(&self) -> DiskState {
        let Ok(found) = nix::sys::statvfs::statvfs(&self.data) else { return self.model.disk };
        let free = found.blocks_available().saturating_mul(found.fragment_size());
        if free >= self.warn_free_mib.saturating_mul(MIB) {
            if self.model.disk == DiskState::Full
                && !matches!(self.stores.journal.ballast().refill(), Ok(true))
            {
                return DiskState::Full;
            }
            return DiskState::Roomy;
        }
        match self.model.disk {
            DiskState::Full => DiskState::Full,
            DiskState::Roomy | DiskState::Low => DiskState::Low,
        }
    }

    fn take(&mut self, screen: &mut Screen, input: Input) -> io::Result<Flow> {
        if let Input::Scanned { .. } = &input {
            faults::point("station_scan_read");
        }
        if let Input::NotStored { .. } = &input {
            self.verdicts.lost();
        }
        let input = match (&mut self.tray, input) {
            (Some(tray), Input::Pressed(key)) => match tray.pressed(&self.model, &key) {
                Some(input) => input,
                None => {
                    self.model.version += 1;
                    return Ok(Flow::On);
                }
            },
            (_, input) => input,
        };
        let effects = update(&mut self.model, now_ms(), input);
        let mut flow = Flow::On;
        for effect in effects {
            match effect {
                Effect::Sound(cue) => self.sound(screen, cue)?,
                Effect::VerdictsKept => self.verdicts.kept(),
                Effect::Quit => flow = Flow::Ended,
                asked @ (Effect::LookUp { .. } | Effect::Append { .. }) => self.ask(asked),
            }
        }
        Ok(flow)
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.ask(effect);
        }
    }

    /// The stores answer from their own threads; the loop hears of it as of everything else.
    fn ask(&self, effect: Effect) {
        let (stores, answers) = (Arc::clone(&self.stores), self.answers.clone());
        let at = now_ms();
        self.tokio.spawn(async move {
            for input in stores.answer(at, effect).await {
                // Nobody listens only when the station has ended.
                let _ = answers.send(Wake::Input(input));
            }
        });
    }

    fn sound(&mut self, screen: &mut Screen, cue: Cue) -> io::Result<()> {
        if self.silent {
            return Ok(());
        }
        match cue {
            // The scanner's own decode beep is the sound of a good scan.
            Cue::Good => Ok(()),
            Cue::Done | Cue::Attention | Cue::Stop => {
                self.scanners.iter().for_each(SerialHandle::bell);
                screen.bell()
            }
        }
    }

    fn draw(&mut self, screen: &mut Screen) -> io::Result<()> {
        let (model, look) = (&self.model, &self.look);
        let tray = self.tray.as_ref().and_then(|tray| tray.shown(model));
        screen.draw(|frame| view::draw(frame, model, look, tray.as_ref()))
    }
}
