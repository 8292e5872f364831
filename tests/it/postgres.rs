//! A throw-away PostgreSQL for the tests: a cluster in a temporary directory, reached over a unix
//! socket there and by no other way, gone when the test process is. Never the system's cluster.
//! Its fsync is off: it answers for rules and races, not for power cuts.
//! Start at `cluster`; each test takes a database of its own.
#![cfg(test)]

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use dockside::central::provision::{self, Admin};
use dockside::central::{Central, CentralConfig};
use dockside_core::domain::ids::{SiteId, StationNo};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

const ABSENT: &str = "PostgreSQL is not installed: scripts/test installs it";

/// A server that started answers within a second or two; a loaded machine gets its time.
const START_TRIES: u32 = 600;

pub struct Cluster {
    dir: PathBuf,
    n_databases: AtomicU32,
    /// Roles belong to the cluster: two tests must not make them at the same instant.
    migrating: tokio::sync::Mutex<()>,
}

/// The cluster of this test process, started by the first test that asks.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    let _one = STARTING.lock();
    CLUSTER.get_or_init(Cluster::start)
}

/// A database with central's tables, and stations that may be enrolled in it.
pub struct Database {
    name: String,
    socket: PathBuf,
}

/// An enrolled station with its password file.
pub struct Station {
    pub site: SiteId,
    pub number: StationNo,
    pub login: String,
    pub config: CentralConfig,
    _password: tempfile::TempDir,
}

impl Cluster {
    #[expect(clippy::zombie_processes, reason = "`watch` ends the server once we are gone")]
    fn start() -> Cluster {
        let bin = binaries();
        let dir = tempfile::Builder::new().prefix("dockside-pg-").tempdir().unwrap().keep();
        let data = dir.join("data");
        let is_root = is_root();
        if is_root {
            let done = Command::new("chown").arg("postgres").arg(&dir).status().unwrap();
            assert!(done.success(), "{ABSENT} (it makes the user postgres)");
        }
        let made = as_server(is_root, &bin.join("initdb"), &dir)
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"])
            .args(["--no-sync", "--pgdata"])
            .arg(&data)
            .output()
            .expect(ABSENT);
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        // Stations prove their password; the administrator is whoever can reach the directory.
        let rules = "local all postgres trust\nlocal all all scram-sha-256\n";
        std::fs::write(data.join("pg_hba.conf"), rules).unwrap();
        let log = std::fs::File::create(dir.join("log")).unwrap();
        let server = as_server(is_root, &bin.join("postgres"), &dir)
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off"])
            .args(["-c", "max_connections=80", "-c", "shared_buffers=64MB"])
            .arg("-c")
            .arg(format!("unix_socket_directories={}", dir.display()))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .process_group(0)
            .spawn()
            .expect(ABSENT);
        watch(server.id(), &dir);
        let cluster = Cluster {
            dir,
            n_databases: AtomicU32::new(0),
            migrating: tokio::sync::Mutex::const_new(()),
        };
        cluster.wait_until_it_answers();
        cluster
    }

    fn wait_until_it_answers(&self) {
        for _ in 0..START_TRIES {
            let answers = Command::new("psql")
                .args(["-XAtq", "-U", "postgres", "-d", "postgres", "-c", "select 1", "-h"])
                .arg(&self.dir)
                .stderr(Stdio::null())
                .output()
                .expect(ABSENT);
            if answers.status.success() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(self.dir.join("log")).unwrap_or_default();
        panic!("the throw-away PostgreSQL does not answer:\n{log}");
    }

    /// A new database that `make` gives its tables. Roles belong to the cluster, so one at a time.
    pub async fn database_by(&self, make: impl FnOnce(&Database)) -> Database {
        let _alone = self.migrating.lock().await;
        let database = self.empty_database().await;
        make(&database);
        database
    }

    async fn empty_database(&self) -> Database {
        let number = self.n_databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("t{number}");
        let postgres = Database { name: "postgres".to_owned(), socket: self.dir.clone() };
        postgres.sql(&format!("create database {name} template template0")).await;
        Database { name, socket: self.dir.clone() }
    }

    /// A new database with central's tables.
    pub async fn fresh_database(&self) -> Database {
        let _alone = self.migrating.lock().await;
        let database = self.empty_database().await;
        provision::migrate(&mut database.admin().await).await.unwrap();
        database
    }
}

impl Database {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address without a login, as station.toml has it.
    pub fn place(&self) -> String {
        format!("postgres:///{}?host={}", self.name, self.socket.display())
    }

    pub fn url(&self, user: &str) -> String {
        format!("postgres:///{}?host={}&user={user}", self.name, self.socket.display())
    }

    pub async fn admin(&self) -> Admin {
        let url = self.url("postgres");
        Admin::connect(&CentralConfig { url, password_file: None }).await.unwrap()
    }

    /// Past all rules, to look and to damage.
    pub async fn postgres(&self) -> PgConnection {
        PgConnection::connect(&self.url("postgres")).await.unwrap()
    }

    pub async fn sql(&self, text: &str) {
        let mut connection = self.postgres().await;
        sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut connection).await.unwrap();
    }

    /// Closes the database to everybody, or opens it: said from elsewhere, as it must be.
    pub async fn open(&self, is_open: bool) {
        let elsewhere = Database { name: "postgres".to_owned(), socket: self.socket.clone() };
        let name = &self.name;
        elsewhere.sql(&format!("alter database {name} allow_connections {is_open}")).await;
    }

    /// Closes it to everybody, and ends the sessions there are.
    pub async fn cut(&self) {
        let mut here = self.postgres().await;
        self.open(false).await;
        let sessions = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid()";
        sqlx::query(sessions).execute(&mut here).await.unwrap();
    }

    /// The single number a query gives.
    pub async fn count(&self, query: &str) -> i64 {
        let mut connection = self.postgres().await;
        sqlx::query_scalar(AssertSqlSafe(query.to_owned()))
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }

    /// Enrols a station at a site of this database's own: logins belong to the whole cluster.
    pub async fn station(&self, site: &str, number: u16) -> Station {
        let site: SiteId = format!("{site}-{}", self.name).parse().unwrap();
        let number = StationNo::try_from(number).unwrap();
        let bundle = provision::enrol(&mut self.admin().await, &site, number).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("central.password");
        std::fs::write(&path, &bundle.password).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let config = CentralConfig { url: bundle.url, password_file: Some(path) };
        Station { site, number, login: bundle.login, config, _password: dir }
    }
}

impl Station {
    pub async fn connect(&self) -> Central {
        Central::connect(&self.config).await.unwrap()
    }

    /// A bare session of this login, to try what it may not do.
    pub async fn session(&self) -> PgConnection {
        dockside::central::address::options(&self.config).unwrap().connect().await.unwrap()
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// A server program, as the user postgres where we are root, because it refuses to be root.
fn as_server(is_root: bool, program: &Path, dir: &Path) -> Command {
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(dir);
    command
}

/// Where initdb and postgres are: the distribution keeps them by version, off the path.
fn binaries() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists() && bin.join("postgres").exists())
        .collect();
    found.sort();
    let newest = found.pop().map(|(_, bin)| bin);
    let elsewhere = ["/usr/local/bin", "/usr/bin", "/opt/homebrew/bin", "/usr/local/pgsql/bin"];
    newest
        .or_else(|| elsewhere.map(PathBuf::from).into_iter().find(|b| b.join("initdb").exists()))
        .expect(ABSENT)
}

/// Stops the server and removes its directory once this process is gone, however it went: the
/// shell reads from a pipe whose other end only we hold, and which closes with us.
#[expect(clippy::zombie_processes, reason = "it outlives us, which is what it is for")]
fn watch(server: u32, dir: &Path) {
    let script = "cat >/dev/null; kill -INT $1; n=0
        while kill -0 $1 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
        kill -KILL $1 2>/dev/null; rm -rf \"$2\"";
    let mut guard = Command::new("sh")
        .args(["-c", script, "watch", &server.to_string()])
        .arg(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    // Left open on purpose: the end of the process closes it.
    std::mem::forget(guard.stdin.take());
}
