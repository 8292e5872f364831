//! `dockside demo`: a throw-away station with a made-up warehouse and a shift to play.
//! Owns: how large the warehouse is, where its data stand until the end. Tests: tests/it/demo.rs.

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;

use crate::cli::{Global, WrongUsage, run};
use crate::orderbook::import::Kind;
use crate::orderbook::{Access, OrderBook};
use crate::runtime::clock::now_ms;
use crate::runtime::tray::Tray;
use crate::sample::lines::JsonLines;
use crate::sample::player::Player;
use crate::sample::{DEMO_ORDERS, Plan, Warehouse};

/// What `demo` takes.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Scans by itself, once in so many seconds
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "1.0")]
    pub auto: Option<f64>,
    /// Orders in the warehouse
    #[arg(long, value_name = "N", default_value_t = DEMO_ORDERS)]
    pub orders: u64,
    /// Another seed is another warehouse
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Parcels on the pallet
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub parcels: usize,
    /// No bell
    #[arg(long)]
    pub silent: bool,
}

/// The quickest and slowest pace, in seconds: a scan takes as long as a look-up and a commit, and
/// nobody watches a station that does nothing for an hour.
const PACE_S: std::ops::RangeInclusive<f64> = 0.01..=3600.0;

/// # Errors
/// As `run`'s; the configuration is the compiled one unless `--config` names another.
pub fn run(global: &Global, args: &DemoArgs) -> anyhow::Result<u8> {
    let config = global.load()?;
    let auto = args.auto.map(pace).transpose()?;
    let data = tempfile::tempdir().context("no throw-away directory can be made")?;
    let today = today(now_ms())?;
    let plan = Plan { seed: args.seed, orders: args.orders, today };
    let warehouse = Warehouse::new(plan);
    // A closed standard error takes nothing away from the demo.
    let _ = writeln!(io::stderr(), "making a warehouse of {} orders ...", args.orders);
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    tokio.block_on(fill(&warehouse, data.path(), |_| {}))?;
    drop(tokio);
    let tray = Tray::new(Player::new(warehouse.shift(args.parcels)), auto)?;
    run::station(global, config, data.path(), Some(tray), args.silent)
}

fn pace(seconds: f64) -> Result<Duration, WrongUsage> {
    if !PACE_S.contains(&seconds) {
        let (least, most) = (PACE_S.start(), PACE_S.end());
        return Err(WrongUsage(format!("--auto takes {least} to {most} seconds a scan")));
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// The day of `at`, in milliseconds UTC.
///
/// # Errors
/// When the clock shows a year no calendar has.
pub fn today(at: i64) -> anyhow::Result<NaiveDate> {
    let now: DateTime<Utc> = DateTime::from_timestamp_millis(at).context("the clock is wrong")?;
    Ok(now.date_naive())
}

/// Brings products, orders and RMAs of the warehouse into the order book of `data`. `progress`
/// hears the bytes of orders taken, now and then.
///
/// # Errors
/// A record that the import refuses (a fault of this program), the disk, the order book.
pub async fn fill(
    warehouse: &Warehouse,
    data: &Path,
    progress: impl FnMut(u64),
) -> anyhow::Result<()> {
    let mut book = OrderBook::open(data, Access::ReadWrite).await?;
    let products = JsonLines::new(warehouse.products());
    import(&mut book, Kind::Products, products, |_| {}).await?;
    import(&mut book, Kind::Orders, JsonLines::new(warehouse.orders()), progress).await?;
    import(&mut book, Kind::Rmas, JsonLines::new(warehouse.rmas()), |_| {}).await?;
    book.close().await?;
    Ok(())
}

async fn import(
    book: &mut OrderBook,
    kind: Kind,
    reader: impl BufRead,
    progress: impl FnMut(u64),
) -> anyhow::Result<()> {
    let mut rejects = Vec::new();
    let report = book.import(kind, reader, &mut rejects, progress).await?;
    if report.rejected > 0 {
        let first = String::from_utf8_lossy(&rejects).lines().next().map(str::to_owned);
        let (kind, rejected) = (kind.word(), report.rejected);
        anyhow::bail!("{rejected} made-up {kind} were rejected, first: {first:?}");
    }
    Ok(())
}
