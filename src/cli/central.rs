//! `dockside central`: the schema, the stations' logins, the fleet at a glance.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use dockside_core::domain::ids::{SiteId, StationNo};
use serde_json::json;

use crate::central::CentralConfig;
use crate::central::provision::{self, Admin};
use crate::cli::{DONE, FOUND, Global, WrongUsage};

/// Where central is, for an administrator.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// postgres://login@host:port/database of an administrator
    #[arg(long, env = "DOCKSIDE_CENTRAL_URL")]
    pub url: String,
    /// A file of mode 0600 whose first line is the administrator's password
    #[arg(long)]
    pub password_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum CentralVerb {
    /// Makes the schema in a new database
    Init(Place),
    /// Brings the schema up to this version
    Migrate(Place),
    /// Makes a station's login and prints it once
    Enrol {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        site: String,
        #[arg(long)]
        station: u16,
    },
    /// Takes a station's login away
    Revoke {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        site: String,
        #[arg(long)]
        station: u16,
    },
    /// Every station, when it was last seen and how far it got
    Status(Place),
}

/// # Errors
/// When central can't be reached, or refuses.
pub fn run(global: &Global, verb: &CentralVerb, out: &mut impl Write) -> anyhow::Result<u8> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio.block_on(async {
        match verb {
            CentralVerb::Init(place) | CentralVerb::Migrate(place) => {
                let mut admin = connect(place).await?;
                provision::migrate(&mut admin).await?;
                writeln!(out, "{}", json!({"migrated": true}))?;
                Ok(DONE)
            }
            CentralVerb::Enrol { place, site, station } => {
                let (site, station) = named(site, *station)?;
                let bundle = provision::enrol(&mut connect(place).await?, &site, station).await?;
                let bundle = json!({
                    "site": bundle.site,
                    "station": bundle.station,
                    "login": bundle.login,
                    "url": bundle.url,
                    "password": bundle.password,
                });
                writeln!(out, "{bundle}")?;
                Ok(DONE)
            }
            CentralVerb::Revoke { place, site, station } => {
                let (site, station) = named(site, *station)?;
                let known = provision::revoke(&mut connect(place).await?, &site, station).await?;
                writeln!(out, "{}", json!({"revoked": known}))?;
                Ok(if known { DONE } else { FOUND })
            }
            CentralVerb::Status(place) => status(global, place, out).await,
        }
    })
}

async fn connect(place: &Place) -> anyhow::Result<Admin> {
    let config =
        CentralConfig { url: place.url.clone(), password_file: place.password_file.clone() };
    Ok(Admin::connect(&config).await?)
}

fn named(site: &str, station: u16) -> anyhow::Result<(SiteId, StationNo)> {
    let wrong = |problem: &dyn std::fmt::Display| WrongUsage(problem.to_string());
    let site = site.parse().map_err(|problem| wrong(&problem))?;
    Ok((site, StationNo::try_from(station).map_err(|problem| wrong(&problem))?))
}

async fn status(global: &Global, place: &Place, out: &mut impl Write) -> anyhow::Result<u8> {
    for station in provision::status(&mut connect(place).await?).await? {
        if global.wants_json() {
            let row = json!({
                "site": station.site,
                "station": station.station,
                "login": station.login,
                "enrolled_at": station.enrolled_at,
                "revoked_at": station.revoked_at,
                "seen_at": station.seen_at,
                "events": station.events,
                "quarantined": station.quarantined,
            });
            writeln!(out, "{row}")?;
            continue;
        }
        let state = if station.revoked_at.is_some() { "revoked" } else { "enrolled" };
        let seen = station.seen_at.and_then(chrono::DateTime::from_timestamp_millis);
        let seen = seen.map_or("never seen".to_owned(), |at| {
            at.format("seen %Y-%m-%d %H:%M:%S UTC").to_string()
        });
        writeln!(
            out,
            "{} {:03}  {state}  {seen}  {} events, {} kept apart",
            station.site, station.station, station.events, station.quarantined
        )?;
    }
    Ok(DONE)
}
