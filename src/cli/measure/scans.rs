//! A shift played on a station without a terminal, each scan timed from its arrival to the frame
//! that shows it as durable, as the station's loop does it: effects are performed by the stores'
//! thread, answers come back on a channel, and what changed is drawn.
//! Start at `play`. Tests: tests/it/measure.rs.

use std::fs::File;
use std::io::{self, BufWriter, Sink, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use dockside_core::domain::ids::DeviceName;
use dockside_core::session::effect::Effect;
use dockside_core::session::input::Input;
use dockside_core::session::model::{Model, Screen};
use dockside_core::session::{resume, update};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use tokio::runtime::Runtime;

use super::figure::Figure;
use super::instant;
use crate::config::Config;
use crate::journal::error::JournalError;
use crate::runtime::clock::now_ms;
use crate::runtime::setup;
use crate::runtime::stores::Stores;
use crate::sample::player::Player;
use crate::sample::shift::Shift;
use crate::view::theme::{ColourDepth, Terminal as Shows, ThemeKind};
use crate::view::widgets::bigtext::Blocks;
use crate::view::{self, Look};

/// What the floor appends, in bytes: a page, as SQLite writes at least.
const FLOOR_BYTES: usize = 4096;

/// A usual screen of a station, in cells.
const SCREEN: Rect = Rect { x: 0, y: 0, width: 120, height: 40 };

/// A frame of the largest screen with colours.
const FRAME_BYTES: usize = 64 * 1024;

/// Between two scans, in milliseconds of the session's clock: no bounce, and well within the time
/// to confirm.
const SCAN_MS: i64 = 1_000;

/// A batch with so many events is that of a unit in its bin.
const BIN_EVENTS: usize = 5;

/// Plays until `scans` scans were made or the pallet is empty, and gives the figures.
pub(super) fn play(
    tokio: &Runtime,
    config: &Config,
    data: &Path,
    shift: Shift,
    scans: usize,
) -> anyhow::Result<Vec<Figure>> {
    let mut floor = Floor::new(data)?;
    let mut bench = Bench::new(tokio, config, data)?;
    let mut player = Player::new(shift);
    let device: DeviceName = "scanner-1".parse()?;
    let wrong = bench.model.setup.bins.0.first().map(|bin| bin.code.to_string());
    let (mut drawn, mut refusals, mut bins) = (Vec::new(), Vec::new(), Vec::new());
    let mut events = Vec::new();
    for _ in 0..scans {
        floor.sample()?;
        let Some(code) = player.next(&bench.model) else { break };
        let timed = bench.scan(&device, code)?;
        // A scan that puts nothing on record has nothing durable to wait for.
        if let Some((n, took)) = timed.append {
            drawn.push(timed.drawn);
            events.push(n);
            if n >= BIN_EVENTS {
                bins.push(took);
            }
        }
        if let (Screen::Receive | Screen::Item, Some(wrong)) = (bench.model.screen(), &wrong) {
            // Without a unit in hand a bin is refused, which is one event.
            let refused = bench.scan(&device, wrong.clone())?;
            refusals.extend(refused.append.map(|(_, took)| took));
        }
    }
    bench.close()?;
    let beside = |name, samples| Figure::beside(name, samples, "append_fdatasync", &floor.samples);
    Ok(vec![
        Figure::alone("append_fdatasync", floor.samples.clone()),
        beside("journal_append_refusal", refusals),
        beside("journal_append_bin", bins),
        beside("scan_to_drawn", drawn),
    ])
}

/// Appends a page to a file of its own and waits for the disk.
struct Floor {
    file: File,
    samples: Vec<Duration>,
}

impl Floor {
    fn new(data: &Path) -> io::Result<Floor> {
        let file = File::create(data.join("floor"))?;
        Ok(Floor { file, samples: Vec::new() })
    }

    fn sample(&mut self) -> io::Result<()> {
        let started = instant();
        self.file.write_all(&[0xa5; FLOOR_BYTES])?;
        self.file.sync_data()?; // fdatasync
        self.samples.push(started.elapsed());
        Ok(())
    }
}

/// A station whose frames are made to the last byte and then dropped.
struct Bench<'a> {
    tokio: &'a Runtime,
    stores: Arc<Stores>,
    model: Model,
    at: i64,
    answers: Sender<Input>,
    heard: Receiver<Input>,
    terminal: Terminal<CrosstermBackend<BufWriter<Sink>>>,
    look: Look,
    /// The version on the screen: the loop draws what changed, once.
    drawn: Option<u64>,
}

/// What one scan took: until its frame was drawn, and its append with the number of events.
struct Timed {
    drawn: Duration,
    append: Option<(usize, Duration)>,
}

impl<'a> Bench<'a> {
    fn new(tokio: &'a Runtime, config: &Config, data: &Path) -> anyhow::Result<Bench<'a>> {
        let opening = setup::opening(config, data);
        let (stores, state) = tokio.block_on(Stores::open(opening, data))?;
        let at = now_ms().max(state.last_at);
        let model = Model::new(Arc::new(setup::session(config)), state, at);
        let (answers, heard) = channel();
        let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, io::sink()));
        let options = TerminalOptions { viewport: Viewport::Fixed(SCREEN) };
        let terminal = Terminal::with_options(backend, options)?;
        let shows =
            Shows { depth: ColourDepth::TrueColour, ascii: false, blocks: Blocks::Quadrants };
        let look = Look::of(ThemeKind::Dark, shows, chrono_tz::UTC);
        let stores = Arc::new(stores);
        let mut bench =
            Bench { tokio, stores, model, at, answers, heard, terminal, look, drawn: None };
        let effects = resume(&mut bench.model);
        bench.perform(effects)?;
        bench.draw()?;
        Ok(bench)
    }

    fn scan(&mut self, device: &DeviceName, code: String) -> anyhow::Result<Timed> {
        self.at += SCAN_MS;
        let device = device.clone();
        let input = Input::Scanned { device, bytes: code.into_bytes(), overlong: None };
        let started = instant();
        let effects = update(&mut self.model, self.at, input);
        self.draw()?;
        let append = self.perform(effects)?;
        Ok(Timed { drawn: started.elapsed(), append })
    }

    /// Performs effects and what they lead to, drawing after each answer.
    fn perform(&mut self, effects: Vec<Effect>) -> anyhow::Result<Option<(usize, Duration)>> {
        let mut effects = effects;
        let mut append = None;
        loop {
            let asked = effects
                .into_iter()
                .find(|effect| matches!(effect, Effect::LookUp { .. } | Effect::Append { .. }));
            let Some(asked) = asked else { return Ok(append) };
            let n_events = match &asked {
                Effect::Append { drafts, .. } => Some(drafts.len()),
                Effect::LookUp { .. } | Effect::Sound(_) | Effect::VerdictsKept | Effect::Quit => {
                    None
                }
            };
            let started = instant();
            self.ask(asked);
            let answer = self.heard.recv()?;
            if let Some(n) = n_events {
                append = Some((n, started.elapsed()));
            }
            let is_served = matches!(answer, Input::Found { .. } | Input::Durable { .. });
            anyhow::ensure!(is_served, "a store failed: what is measured is no usual scan");
            effects = update(&mut self.model, self.at, answer);
            self.draw()?;
        }
    }

    fn ask(&self, effect: Effect) {
        let (stores, answers, at) = (Arc::clone(&self.stores), self.answers.clone(), self.at);
        self.tokio.spawn(async move {
            for input in stores.answer(at, effect).await {
                // Nobody listens only when the measurement has failed.
                let _ = answers.send(input);
            }
        });
    }

    fn draw(&mut self) -> io::Result<()> {
        let (model, look) = (&self.model, &self.look);
        if self.drawn != Some(model.version) {
            self.drawn = Some(model.version);
            self.terminal.draw(|frame| view::draw(frame, model, look, None))?;
        }
        Ok(())
    }

    /// Gives the journal's lock back, whoever of the answering tasks is still on his way out.
    fn close(self) -> Result<(), JournalError> {
        self.tokio.block_on(self.stores.journal.clone().close())
    }
}
