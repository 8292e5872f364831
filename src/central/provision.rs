//! What the administrator does at central: its tables, the stations' logins, the fleet's state.
//! Owns: the login's name and the bundle a station is given. Never: called by a station.
//! Start at `enrol`. Tests: tests/it/provision.rs; names of logins beside the code.

use std::time::Duration;

use dockside_core::domain::ids::{SiteId, StationNo};
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, FromRow};
use uuid::Uuid;

use crate::central::{
    ANSWER_TIMEOUT, CONNECT_TIMEOUT, CentralConfig, CentralError, address, in_time, scram,
};

/// Months of events that have a partition of their own ahead of time. Older and later ones stand
/// in the default partition, which is as right and only slower to archive.
const MONTHS_AHEAD: i32 = 13;

/// A migration may take long on a full database, but not for ever.
const MIGRATE_TIMEOUT: Duration = Duration::from_secs(600);

/// Stations one `status` lists: beyond any fleet a single central carries.
const STATIONS_MAX: i64 = 10_000;

/// PostgreSQL cuts longer names of roles silently.
const LOGIN_MAX_BYTES: usize = 63;

/// An administrator's connection: a role that may create roles and owns the database, or a
/// superuser.
pub struct Admin {
    connection: PgConnection,
    place: PgConnectOptions,
}

impl Admin {
    /// Connects as the administrator.
    ///
    /// # Errors
    /// [`CentralError`], why there is no connection.
    pub async fn connect(config: &CentralConfig) -> Result<Admin, CentralError> {
        let place = address::place(&config.url)?;
        // A migration takes longer than a station's statement may.
        let options = address::options(config)?.options([("statement_timeout", "600s")]);
        let connection = in_time("connect", CONNECT_TIMEOUT, options.connect()).await?;
        Ok(Admin { connection, place })
    }
}

/// What a station needs to reach central. Nobody holds the password but this value: the server
/// keeps keys made from it.
#[derive(Clone, PartialEq, Eq)]
pub struct Bundle {
    pub site: SiteId,
    pub station: StationNo,
    pub login: String,
    /// Where, and as whom; without the password.
    pub url: String,
    /// For the password file of mode 0600.
    pub password: String,
}

impl std::fmt::Debug for Bundle {
    /// Everything but the password, so that no log holds it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bundle")
            .field("site", &self.site)
            .field("station", &self.station)
            .field("login", &self.login)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Makes or updates central's tables and functions, and the partitions of the coming months. Safe
/// to repeat.
///
/// # Errors
/// [`CentralError::Migrate`] where the tables are newer than this program, or the right is missing.
pub async fn migrate(admin: &mut Admin) -> Result<(), CentralError> {
    let migrator = sqlx::migrate!("migrations/central");
    match tokio::time::timeout(MIGRATE_TIMEOUT, migrator.run(&mut admin.connection)).await {
        Ok(done) => done?,
        Err(_) => {
            return Err(CentralError::TimedOut { doing: "migrate", after: MIGRATE_TIMEOUT });
        }
    }
    let query = sqlx::query("select dockside.make_months(current_date, $1)").bind(MONTHS_AHEAD);
    in_time("answer", ANSWER_TIMEOUT, query.execute(&mut admin.connection)).await?;
    Ok(())
}

/// Gives a station its login, or an enrolled one a new password (the old one is worthless then),
/// and a revoked one its rights back.
///
/// # Errors
/// [`CentralError`], such as a missing right to create roles (42501).
pub async fn enrol(
    admin: &mut Admin,
    site: &SiteId,
    station: StationNo,
) -> Result<Bundle, CentralError> {
    let login = login_of(site, station);
    // Two random UUIDs hold 244 random bits, in letters that need no escaping anywhere.
    let password = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let salt = *Uuid::new_v4().as_bytes();
    let keys = scram::keys(&password, &salt, scram::ITERATIONS);
    let query = sqlx::query("select dockside.enrol($1, $2, $3, $4, $5, $6, $7)")
        .bind(&login)
        .bind(site.as_str())
        .bind(i32::from(u16::from(station)))
        .bind(i32::try_from(scram::ITERATIONS).unwrap_or(i32::MAX))
        .bind(salt.as_slice())
        .bind(keys.stored_key.to_vec())
        .bind(keys.server_key.to_vec());
    in_time("answer", ANSWER_TIMEOUT, query.execute(&mut admin.connection)).await?;
    // An empty password takes out one that the administrator's own address may carry.
    let url = admin.place.clone().username(&login).password("").to_url_lossy().to_string();
    Ok(Bundle { site: site.clone(), station, login, url, password })
}

/// Ends a station's rights: every call from then on is refused, its sessions end where the
/// administrator may end them. `false` when there is no such station.
///
/// # Errors
/// [`CentralError`].
pub async fn revoke(
    admin: &mut Admin,
    site: &SiteId,
    station: StationNo,
) -> Result<bool, CentralError> {
    let query = sqlx::query_scalar("select dockside.revoke($1, $2)")
        .bind(site.as_str())
        .bind(i32::from(u16::from(station)));
    in_time("answer", ANSWER_TIMEOUT, query.fetch_one(&mut admin.connection)).await
}

/// One station as central knows it. Times are milliseconds UTC.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StationStatus {
    pub site: String,
    pub station: i32,
    pub login: String,
    pub enrolled_at: i64,
    pub revoked_at: Option<i64>,
    /// When it last greeted.
    pub seen_at: Option<i64>,
    /// Events of all its streams.
    pub events: i64,
    pub quarantined: i64,
    pub lost_claims: i64,
}

/// The fleet, by site and station.
///
/// # Errors
/// [`CentralError`].
pub async fn status(admin: &mut Admin) -> Result<Vec<StationStatus>, CentralError> {
    let query = sqlx::query_as(
        "select s.site, s.station, s.login::text as login,
                (extract(epoch from s.enrolled_at) * 1000)::bigint as enrolled_at,
                (extract(epoch from s.revoked_at) * 1000)::bigint as revoked_at,
                (extract(epoch from s.seen_at) * 1000)::bigint as seen_at,
                coalesce(sum(m.last_seq), 0)::bigint as events,
                coalesce(sum((select count(*) from dockside.quarantine q
                               where q.site = m.site and q.stream = m.stream)), 0)::bigint
                  as quarantined,
                coalesce(sum((select count(*) from dockside.lost_claim l
                               where l.site = m.site and l.stream = m.stream)), 0)::bigint
                  as lost_claims
           from dockside.station s
           left join dockside.stream_mark m on m.site = s.site and m.station = s.station
          group by s.login
          order by s.site, s.station limit $1",
    )
    .bind(STATIONS_MAX);
    in_time("answer", ANSWER_TIMEOUT, query.fetch_all(&mut admin.connection)).await
}

/// `dockside_<site>_<station>`. A site whose name is no plain word, or too long, gets its letters
/// and digits and a piece of its hash: two sites never share a login.
#[must_use]
pub fn login_of(site: &SiteId, station: StationNo) -> String {
    let number = u16::from(station);
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let plain: String = site.as_str().chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let login = format!("dockside_{plain}_{number}");
    if plain == site.as_str() && login.len() <= LOGIN_MAX_BYTES {
        return login;
    }
    let digest = Sha256::digest(site.as_str().as_bytes());
    let piece: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let short: String = plain.chars().take(30).collect();
    format!("dockside_{short}_{piece}_{number}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_login_names_its_station_and_fits_postgresql() {
        let number = StationNo::try_from(7).unwrap();
        let long = "x".repeat(90);
        let cases = ["lille-2", "Lille-2", "lille 2", "lille_2", "\u{c9}pinal", "\"; drop", &long];
        let logins: BTreeSet<String> =
            cases.iter().map(|site| login_of(&site.parse().unwrap(), number)).collect();
        assert_eq!(logins.len(), cases.len(), "{logins:?}");
        assert!(logins.contains("dockside_lille-2_7"));
        for login in logins {
            assert!(login.len() <= LOGIN_MAX_BYTES && login.ends_with("_7"), "{login}");
            assert!(login.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'));
        }
    }

    #[test]
    fn a_bundle_does_not_print_its_password() {
        let bundle = Bundle {
            site: "lille".parse().unwrap(),
            station: StationNo::try_from(7).unwrap(),
            login: "dockside_lille_7".to_owned(),
            url: "postgres://h/d".to_owned(),
            password: "pear".to_owned(),
        };
        assert!(!format!("{bundle:?}").contains("pear"));
    }
}
