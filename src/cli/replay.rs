//! `dockside replay`: plays inputs through the real session without a screen, and prints the events.
//! One line in, whatever it caused out; a bad line gives an error in its place and the rest goes on.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use chrono::DateTime;
use clap::Args;
use dockside_core::domain::event::Envelope;
use dockside_core::domain::ids::DeviceName;
use dockside_core::session::effect::Effect;
use dockside_core::session::input::{Input, SyncStatus};
use dockside_core::session::model::Model;
use dockside_core::session::{resume, update};
use serde::Deserialize;
use serde_json::json;

use crate::cli::escape::unescape;
use crate::cli::{DONE, FOUND, Global, WrongUsage};
use crate::config::Config;
use crate::runtime::setup;
use crate::runtime::stores::Stores;

/// What `replay` takes.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// JSON lines; - is standard input
    pub script: PathBuf,
    /// Signs in with this badge before the first line
    #[arg(long = "as", value_name = "BADGE")]
    pub badge: Option<String>,
    /// Writes the station's own journal instead of a throw-away one
    #[arg(long)]
    pub keep: bool,
}

/// The clock of a script starts at 2026-01-05T08:00:00Z, a Monday morning.
const START_MS: i64 = 1_767_600_000_000;

/// Each line takes a second, so that two equal scans are no bounce.
const LINE_MS: i64 = 1_000;

/// The device of a scan that names none.
const DEVICE: &str = "scanner-1";

/// One line of a script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    scan: Option<String>,
    device: Option<String>,
    key: Option<String>,
    text: Option<String>,
    wait_ms: Option<i64>,
    at: Option<String>,
    central: Option<Central>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Central {
    Up,
    Down,
}

/// # Errors
/// The configuration, the stores, or an unreadable script.
pub fn run(global: &Global, args: &ReplayArgs, out: &mut impl Write) -> anyhow::Result<u8> {
    let config = global.load()?;
    let data = global.data_dir()?;
    let throw_away = tempfile::tempdir().context("no throw-away directory can be made")?;
    let journal_dir = if args.keep { data.as_path() } else { throw_away.path() };
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut player = Player::open(&tokio, &config, journal_dir, &data, args.keep)?;
    if let Some(badge) = &args.badge {
        player.scan(badge.as_bytes().to_vec(), DEVICE.parse()?);
        player.print(out)?;
    }
    let mut code = DONE;
    for (line, number) in read(&args.script)?.split(b'\n').zip(1_u64..) {
        let line = line.context("the script can't be read")?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if let Err(problem) = player.play(&line) {
            let (code_word, message) = (problem.code, problem.message);
            let error = json!({"error": {"code": code_word, "message": message, "line": number}});
            writeln!(out, "{error}")?;
            code = FOUND;
        }
        player.print(out)?;
    }
    writeln!(out, "{}", player.summary())?;
    tokio.block_on(player.stores.close());
    Ok(code)
}

fn read(script: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if script == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(script);
    let why = || WrongUsage(format!("the script {} can't be read", script.display()));
    Ok(Box::new(BufReader::new(file.map_err(|_| why())?)))
}

/// A session with its stores and no screen.
struct Player<'a> {
    tokio: &'a tokio::runtime::Runtime,
    stores: Stores,
    model: Model,
    at: i64,
    /// Stored and not printed yet.
    fresh: Vec<Envelope>,
}

/// Why a line can't be played.
struct BadLine {
    code: &'static str,
    message: String,
}

impl BadLine {
    fn new(code: &'static str, message: impl ToString) -> BadLine {
        BadLine { code, message: message.to_string() }
    }
}

impl<'a> Player<'a> {
    fn open(
        tokio: &'a tokio::runtime::Runtime,
        config: &Config,
        journal_dir: &Path,
        book_dir: &Path,
        keep: bool,
    ) -> anyhow::Result<Player<'a>> {
        let mut opening = setup::opening(config, journal_dir);
        opening.at_ms = START_MS;
        if !keep {
            opening.ballast_bytes = 0;
        }
        let (stores, state) = tokio.block_on(Stores::open(opening, book_dir))?;
        let at = START_MS.max(state.last_at);
        let model = Model::new(Arc::new(setup::session(config)), state, at);
        let mut player = Player { tokio, stores, model, at, fresh: Vec::new() };
        let effects = resume(&mut player.model);
        player.perform(effects);
        Ok(player)
    }

    fn play(&mut self, line: &[u8]) -> Result<(), BadLine> {
        let line: Line =
            serde_json::from_slice(line).map_err(|error| BadLine::new("bad_line", error))?;
        if let Some(at) = &line.at {
            let at = DateTime::parse_from_rfc3339(at)
                .map_err(|error| BadLine::new("bad_time", format!("{at:?}: {error}")))?;
            self.at = at.timestamp_millis();
        } else {
            self.at += line.wait_ms.unwrap_or(LINE_MS);
        }
        if let Some(key) = line.key {
            self.input(Input::Pressed(key));
        }
        if let Some(text) = line.text {
            self.input(Input::Typing(text.clone()));
            self.scan(text.into_bytes(), device(None)?);
        }
        if let Some(scan) = line.scan {
            let bytes = self.bytes(&scan)?;
            self.scan(bytes, device(line.device.as_deref())?);
        }
        match line.central {
            Some(Central::Down) => self.input(Input::Sync(SyncStatus::Waiting {
                events: self.model.state.seq,
                since_at: self.at,
            })),
            Some(Central::Up) => self.input(Input::Sync(SyncStatus::InStep)),
            None => {}
        }
        Ok(())
    }

    /// The bytes of a scan: `@bin` is the proposed bin, `@lpn` the last plate.
    fn bytes(&self, scan: &str) -> Result<Vec<u8>, BadLine> {
        match scan {
            "@bin" => self.model.proposed_bin().map(|bin| bin.as_str().as_bytes().to_vec()).ok_or(
                BadLine::new("no_bin", "@bin: no unit is in hand that a bin is proposed for"),
            ),
            "@lpn" => {
                let last = self.model.state.units.keys().next_back();
                let plate = last.map(|lpn| lpn.to_string().into_bytes());
                plate.ok_or(BadLine::new("no_lpn", "@lpn: no plate has been given yet"))
            }
            escaped => unescape(escaped).map_err(|error| BadLine::new("bad_escape", error)),
        }
    }

    fn scan(&mut self, bytes: Vec<u8>, device: DeviceName) {
        self.input(Input::Scanned { device, bytes, overlong: None });
    }

    fn input(&mut self, input: Input) {
        let at = self.at;
        let effects = update(&mut self.model, at, input);
        self.perform(effects);
    }

    /// Performs effects and what they lead to, until nothing is left to do.
    fn perform(&mut self, effects: Vec<Effect>) {
        let mut effects = std::collections::VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            for input in self.tokio.block_on(self.stores.answer(self.at, effect)) {
                if let Input::Durable { envelopes, .. } = &input {
                    self.fresh.extend(envelopes.iter().cloned());
                }
                let at = self.at;
                effects.extend(update(&mut self.model, at, input));
            }
        }
    }

    fn print(&mut self, out: &mut impl Write) -> anyhow::Result<()> {
        for envelope in self.fresh.drain(..) {
            out.write_all(&envelope.to_bytes()?)?;
            out.write_all(b"\n")?;
        }
        Ok(out.flush()?)
    }

    fn summary(&self) -> serde_json::Value {
        let tally = &self.model.state.tally;
        json!({"summary": {
            "parcels": tally.parcels,
            "units": tally.units,
            "by_disposition": tally.by_disposition,
            "cases": tally.cases,
            "settlements": tally.settlements,
            "screen": self.model.screen().word(),
        }})
    }
}

fn device(name: Option<&str>) -> Result<DeviceName, BadLine> {
    name.unwrap_or(DEVICE).parse().map_err(|error| BadLine::new("bad_device", error))
}
