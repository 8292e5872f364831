//! Arguments in, exit code out: one file a verb. Owns: the words of the command line, the exit
//! codes. Never: what a verb does. Start at `main`. Tests: tests/it/cli.rs.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::error::ConfigError;
use crate::config::{self, Config};
use dockside_core::domain::operator::Lang;

pub mod central;
pub mod decode;
pub mod demo;
pub mod escape;
pub mod import;
pub mod journal;
pub mod measure;
pub mod replay;
pub mod run;
pub mod sync;

/// Done.
pub const DONE: u8 = 0;
/// Ran, and found something wrong.
pub const FOUND: u8 = 1;
/// Wrong usage.
pub const USAGE: u8 = 2;
/// Wrong configuration.
pub const CONFIG: u8 = 3;
/// A store or device failed.
pub const FAILED: u8 = 4;

/// The terminal of a warehouse's returns dock.
#[derive(Debug, Parser)]
#[command(name = "dockside", version, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// What every verb takes.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// station.toml; the other files are read beside it
    #[arg(long, global = true, env = "DOCKSIDE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The station's data
    #[arg(long, global = true, env = "DOCKSIDE_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Language before anybody signs in: en or fr
    #[arg(long, global = true, env = "DOCKSIDE_LANG", value_name = "TAG")]
    pub lang: Option<String>,
    /// JSON lines instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Kills the process at the nth passage of a named point: NAME:N
    #[cfg(feature = "failpoints")]
    #[arg(long, global = true, env = "DOCKSIDE_FAIL_POINT", hide = true)]
    pub fail_point: Option<String>,
    #[arg(skip)]
    pub home: Home,
    #[arg(skip)]
    pub terminal: TerminalVariables,
}

/// What the environment tells of the terminal.
#[derive(Clone, Debug, Default)]
pub struct TerminalVariables {
    pub no_color: Option<String>,
    pub term: Option<String>,
    pub colorterm: Option<String>,
    pub locale: Option<String>,
}

/// Where data stand when nobody says.
#[derive(Clone, Debug, Default)]
pub struct Home {
    pub xdg_data: Option<PathBuf>,
    pub home: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// The station: badge, bench
    Run(run::RunArgs),
    /// A throw-away warehouse with a shift to play
    Demo(demo::DemoArgs),
    /// What each scan is
    Decode(decode::DecodeArgs),
    /// Brings orders, RMAs or products into the order book
    Import(import::ImportArgs),
    /// Plays inputs through the real session without a screen
    Replay(replay::ReplayArgs),
    /// The station's journal
    #[command(subcommand)]
    Journal(journal::JournalVerb),
    /// What has not reached central yet
    #[command(subcommand)]
    Sync(sync::SyncVerb),
    /// The central database
    #[command(subcommand)]
    Central(central::CentralVerb),
    /// Measures this machine, each figure beside its floor
    Measure(measure::MeasureArgs),
}

/// Runs the program and says how it went.
#[must_use]
pub fn main(
    arguments: impl IntoIterator<Item = OsString>,
    home: Home,
    terminal: TerminalVariables,
) -> u8 {
    let mut arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(problem) => {
            let _ = problem.print();
            return if problem.use_stderr() { USAGE } else { DONE };
        }
    };
    arguments.global.home = home;
    arguments.global.terminal = terminal;
    #[cfg(feature = "failpoints")]
    arm(&arguments.global);
    let mut out = io::stdout().lock();
    match dispatch(arguments, &mut out) {
        Ok(code) => match out.flush() {
            Ok(()) => code,
            Err(_) => FAILED,
        },
        Err(problem) => {
            let _ = writeln!(io::stderr(), "dockside: {problem:#}");
            exit_of(&problem)
        }
    }
}

fn dispatch(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<u8> {
    let global = arguments.global;
    match arguments.verb {
        None => run::run(&global, &run::RunArgs::default()),
        Some(Verb::Run(args)) => run::run(&global, &args),
        Some(Verb::Demo(args)) => demo::run(&global, &args),
        Some(Verb::Decode(args)) => decode::run(&global, &args, out),
        Some(Verb::Import(args)) => import::main(&global, &args, out),
        Some(Verb::Replay(args)) => replay::run(&global, &args, out),
        Some(Verb::Journal(verb)) => journal::run(&global, &verb, out),
        Some(Verb::Sync(verb)) => sync::run(&global, &verb, out),
        Some(Verb::Central(verb)) => central::run(&global, &verb, out),
        Some(Verb::Measure(args)) => measure::run(&global, &args, out),
    }
}

/// The exit code of an error: the configuration's own, a lock or store, else a failure.
fn exit_of(problem: &anyhow::Error) -> u8 {
    if problem.downcast_ref::<ConfigError>().is_some() {
        return CONFIG;
    }
    if problem.downcast_ref::<WrongUsage>().is_some() {
        return USAGE;
    }
    FAILED
}

/// The command line asks for something that can't be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongUsage(pub String);

impl Global {
    /// The configuration in force.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line and key.
    pub fn load(&self) -> anyhow::Result<Config> {
        let mut config = config::load(self.config.as_deref())?;
        if let Some(tag) = &self.lang {
            let lang = Lang::from_tag(tag);
            config.station.lang = lang.ok_or_else(|| {
                WrongUsage(format!("--lang {tag:?} is not spoken here: en and fr are"))
            })?;
        }
        Ok(config)
    }

    /// Where the station's data stand.
    ///
    /// # Errors
    /// [`WrongUsage`] when nothing says where.
    pub fn data_dir(&self) -> anyhow::Result<PathBuf> {
        let xdg = || self.home.xdg_data.clone();
        let home = || self.home.home.as_ref().map(|home| home.join(".local/share"));
        let dir = self.data.clone().or_else(|| xdg().or_else(home).map(|at| at.join("dockside")));
        let missing = "no data directory: give --data, or set DOCKSIDE_DATA, XDG_DATA_HOME or HOME";
        Ok(dir.ok_or_else(|| WrongUsage(missing.to_owned()))?)
    }

    /// Whether to write JSON lines: asked for, or nobody is reading.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        self.json || !io::stdout().is_terminal()
    }
}

#[cfg(feature = "failpoints")]
fn arm(global: &Global) {
    let Some(point) = &global.fail_point else { return };
    let (name, nth) = point.split_once(':').unwrap_or((point, "1"));
    crate::faults::arm(name, nth.parse().unwrap_or(1));
}
