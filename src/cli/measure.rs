//! `dockside measure`: what this machine does, each figure beside the floor that it can't be faster
//! than. Floor and figure are sampled in turns, so that whatever else the machine does hits both.
//! Owns: what is measured, and how it is printed. Start at `run`. Tests: tests/it/measure.rs.

mod figure;
mod scans;

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use dockside_core::domain::scan::{self, Reading};
use indicatif::ProgressBar;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::cli::demo::{fill, today};
use crate::cli::{DONE, Global};
use crate::config::Config;
use crate::orderbook::{Access, OrderBook};
use crate::runtime::clock::now_ms;
use crate::runtime::setup;
use crate::runtime::stores::Stores;
use crate::sample::shift::Shift;
use crate::sample::{Plan, Warehouse};
use figure::Figure;

/// What `measure` takes.
#[derive(Debug, Args)]
pub struct MeasureArgs {
    /// Order lines in the order book
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub lines: u64,
    /// Scans to play, and samples of each look-up
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub scans: usize,
}

/// The made-up orders have two lines on average, rounded down.
const LINES_AN_ORDER: u64 = 2;

/// A parcel takes more scans than this from its label to its end.
const SCANS_A_PARCEL: usize = 3;

/// How often the station is opened.
const OPENINGS: usize = 20;

/// The warehouse measured on is always the same.
const SEED: u64 = 1;

/// Prints one JSON line a figure. The data stand in a directory of their own under `--data`, or
/// where the system keeps what is temporary; they are removed at the end.
///
/// # Errors
/// The configuration, the disk, a store.
pub fn run(global: &Global, args: &MeasureArgs, out: &mut impl Write) -> anyhow::Result<u8> {
    let config = global.load()?;
    let data = directory(global)?;
    let orders = (args.lines / LINES_AN_ORDER).max(1);
    let warehouse = Warehouse::new(Plan { seed: SEED, orders, today: today(now_ms())? });
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("stores")
        .enable_all()
        .build()?;
    let bar = ProgressBar::no_length(); // drawn on a terminal only
    bar.set_message("making the order book");
    tokio.block_on(fill(&warehouse, data.path(), |bytes| bar.set_position(bytes)))?;
    bar.finish_and_clear();
    let shift = warehouse.shift(args.scans / SCANS_A_PARCEL + 1);
    for figure in look_ups(&tokio, data.path(), &shift, orders, args.scans)? {
        figure.print(out)?;
    }
    for figure in scans::play(&tokio, &config, data.path(), shift, args.scans)? {
        figure.print(out)?;
    }
    openings(&tokio, &config, data.path())?.print(out)?;
    Ok(DONE)
}

fn directory(global: &Global) -> anyhow::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("dockside-measure-");
    let made = match &global.data {
        Some(data) => {
            std::fs::create_dir_all(data).with_context(|| format!("{data:?} can't be made"))?;
            builder.tempdir_in(data)
        }
        None => builder.tempdir(),
    };
    made.context("no throw-away directory can be made")
}

/// The monotonic clock.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this verb is for")]
fn instant() -> Instant {
    Instant::now()
}

/// What the order book takes for a parcel's number and for a product's, beside one row by its key.
fn look_ups(
    tokio: &Runtime,
    data: &Path,
    shift: &Shift,
    orders: u64,
    samples: usize,
) -> anyhow::Result<[Figure; 2]> {
    let mut floor = Vec::with_capacity(samples);
    let (mut tracking, mut gtin) = (Vec::with_capacity(samples), Vec::with_capacity(samples));
    let labels = shift.parcels.iter().map(|parcel| readings(&parcel.label));
    let gtins = shift.parcels.iter().flat_map(|parcel| &parcel.units);
    let gtins: Vec<_> = gtins.map(|unit| readings(&unit.gtin)).collect();
    let labels: Vec<_> = labels.collect();
    let rows = (1..=i64::try_from(orders)?).cycle().step_by(7_919); // scattered over the table
    tokio.block_on(async {
        let mut book = OrderBook::open(data, Access::ReadOnly).await?;
        let codes = labels.iter().cycle().zip(gtins.iter().cycle());
        for ((label, unit), row) in codes.zip(rows).take(samples) {
            let started = instant();
            anyhow::ensure!(book.point_query(row).await?, "order {row} is not in the book");
            floor.push(started.elapsed());
            let started = instant();
            book.find(label, None).await?;
            tracking.push(started.elapsed());
            let started = instant();
            book.find(unit, None).await?;
            gtin.push(started.elapsed());
        }
        book.close().await?;
        anyhow::Ok(())
    })?;
    let beside = |name, samples| Figure::beside(name, samples, "point_query", &floor);
    Ok([beside("lookup_tracking", tracking), beside("lookup_gtin", gtin)])
}

fn readings(code: &str) -> Vec<Reading> {
    scan::read(code.as_bytes()).readings
}

/// How long the station takes from nothing to where it stood, on the journal just written.
fn openings(tokio: &Runtime, config: &Config, data: &Path) -> anyhow::Result<Figure> {
    let mut samples: Vec<Duration> = Vec::with_capacity(OPENINGS);
    for _ in 0..OPENINGS {
        let started = instant();
        let opening = setup::opening(config, data);
        let (stores, _state) = tokio.block_on(Stores::open(opening, data))?;
        samples.push(started.elapsed());
        tokio.block_on(stores.close());
    }
    Ok(Figure::alone("open_station", samples))
}
