//! `dockside` and `dockside run`: the station.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use dockside_core::domain::ids::DeviceName;
use dockside_core::session::model::Model;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::central::sync::{SyncConfig, run_sync};
use crate::cli::{DONE, Global, TerminalVariables, WrongUsage};
use crate::config::Config;
use crate::config::station::ThemeName;
use crate::device::serial::{SerialHandle, spawn_serial};
use crate::runtime::clock::now_ms;
use crate::runtime::outbox::JournalOutbox;
use crate::runtime::station::{Station, Wake};
use crate::runtime::stores::Stores;
use crate::runtime::terminal::Screen;
use crate::runtime::tray::Tray;
use crate::runtime::verdicts::{Verdicts, tell};
use crate::runtime::{keyboard, scanners, setup};
use crate::view::Look;
use crate::view::theme::{Terminal, TerminalHints, ThemeKind};

/// What `run` takes.
#[derive(Debug, Default, Args)]
pub struct RunArgs {
    /// No bell
    #[arg(long)]
    pub silent: bool,
}

/// The name of the terminal's own keyboard among the devices.
const KEYBOARD: &str = "keyboard";

/// # Errors
/// The configuration, a busy data directory, a store or terminal that fails.
pub fn run(global: &Global, args: &RunArgs) -> anyhow::Result<u8> {
    let config = global.load()?;
    station(global, config, &global.data_dir()?, None, args.silent)
}

/// Runs a station on `data` until it is left.
///
/// # Errors
/// As [`run`].
pub fn station(
    global: &Global,
    config: Config,
    data: &Path,
    tray: Option<Tray>,
    silent: bool,
) -> anyhow::Result<u8> {
    if !std::io::stdout().is_terminal() {
        let why = "the station needs a terminal; `dockside replay` plays a script without one";
        return Err(WrongUsage(why.to_owned()).into());
    }
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("stores")
        .enable_all()
        .build()?;
    let opening = setup::opening(&config, data);
    let (stores, state) = tokio.block_on(Stores::open(opening, data))?;
    let stores = Arc::new(stores);
    let (wakes, inbox) = channel();
    let origin = started();
    let model = Model::new(Arc::new(setup::session(&config)), state, now_ms());
    let verdicts = Verdicts::default();
    start_sync(&tokio, &config, &stores, &wakes, &verdicts);
    watch_signals(wakes.clone())?;
    // What is drawn first is drawn before anything slow.
    let mut screen = Screen::take().context("the terminal can't be taken")?;
    keyboard::spawn(keyboard_name()?, setup::wedge(&config), origin, wakes.clone())?;
    let scanners = start_scanners(&config, origin, &wakes)?;
    if let Some(tray) = &tray {
        tray.start(wakes.clone())?;
    }
    let mut station = Station {
        model,
        look: look(&config, &global.terminal),
        stores: Arc::clone(&stores),
        tokio: tokio.handle().clone(),
        wakes: inbox,
        answers: wakes,
        scanners,
        data: data.to_owned(),
        warn_free_mib: config.station.data.warn_free_mib,
        tray,
        silent,
        verdicts,
    };
    let ran = station.run(&mut screen);
    drop(screen);
    drop(station);
    tokio
        .block_on(stores.journal.clone().close())
        .context("the journal was not closed in order")?;
    tokio.shutdown_background();
    ran.context("the terminal is gone")?;
    Ok(DONE)
}

/// How it looks: the configured theme in what this terminal can show.
fn look(config: &Config, terminal: &TerminalVariables) -> Look {
    let kind = match config.station.screen.theme {
        ThemeName::Dark => ThemeKind::Dark,
        ThemeName::Light => ThemeKind::Light,
        ThemeName::HighContrast => ThemeKind::HighContrast,
        ThemeName::Mono => ThemeKind::Mono,
        ThemeName::Terminal16 => ThemeKind::Terminal16,
    };
    let terminal = Terminal::of(TerminalHints {
        no_color: terminal.no_color.as_deref(),
        term: terminal.term.as_deref(),
        colorterm: terminal.colorterm.as_deref(),
        locale: terminal.locale.as_deref(),
    });
    Look::of(kind, terminal, config.station.time_zone)
}

fn keyboard_name() -> anyhow::Result<DeviceName> {
    Ok(KEYBOARD.parse()?)
}

#[expect(clippy::disallowed_methods, reason = "the origin that all devices count from")]
fn started() -> Instant {
    Instant::now()
}

fn start_scanners(
    config: &Config,
    origin: Instant,
    wakes: &Sender<Wake>,
) -> anyhow::Result<Vec<SerialHandle>> {
    config
        .station
        .scanners
        .iter()
        .map(|scanner| {
            let sink = scanners::sink(wakes.clone());
            let started = spawn_serial(setup::serial(scanner), origin, sink);
            started.with_context(|| format!("scanner {} can't be watched", scanner.name))
        })
        .collect()
}

fn start_sync(
    tokio: &tokio::runtime::Runtime,
    config: &Config,
    stores: &Arc<Stores>,
    wakes: &Sender<Wake>,
    verdicts: &Verdicts,
) {
    let Some(central) = setup::central(config) else { return };
    let (status, heard) = tokio::sync::watch::channel(Default::default());
    let herald = verdicts.herald(wakes.clone());
    let outbox = JournalOutbox { journal: stores.journal.clone(), herald };
    let seed = stores.journal.stream().as_u64_pair().0;
    let fresh = stores.fresh();
    tokio.spawn(async move {
        run_sync(outbox, SyncConfig { central, seed }, fresh, status).await;
    });
    tokio.spawn(tell(heard, wakes.clone()));
}

fn watch_signals(wakes: Sender<Wake>) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT]).context("signals can't be heard")?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for _signal in signals.forever() {
            if wakes.send(Wake::Terminate).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}
