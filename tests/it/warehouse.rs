//! A small warehouse for the end-to-end tests: a station's configuration, its order book filled
//! through the real `dockside import`, a scanner, and the journal as an auditor reads it, past the
//! program. Owns: what is expected and under which numbers. Never: what the station makes of it.
//! Start at `Warehouse` and `Parcel`. Tests: the e2e files, which all stand on it.
#![cfg(test)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use crate::terminal::{PATIENCE, Pace, Scanner, Station, dockside};

/// The one receiver of these warehouses. Not one of the sample badges, which a station with a
/// central refuses.
pub const BADGE: &str = "BDGANNA7";

/// Where a clean unit goes by the default policy and bins.
pub const RESTOCK: &str = "BIN-RESTOCK-1";

/// What only the badge screen says, and so on: prompts are drawn large, these lines are not.
pub const AT_BADGE: &str = "before you sign in.";
pub const AT_RECEIVE: &str = "Any label: carrier";
pub const AT_OFFER: &str = "Clean and complete? Scan the bin.";

/// How often the journal is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// How often where thousands of events come: looking takes its share of the machine.
const GLANCE_EVERY: Duration = Duration::from_millis(250);

/// An announced parcel, and what is in it.
#[derive(Clone, Debug)]
pub struct Parcel {
    pub number: u32,
    /// The products, piece by piece.
    pub gtins: Vec<String>,
}

impl Parcel {
    /// One shirt.
    pub fn single(number: u32) -> Parcel {
        Parcel { number, gtins: vec![gtin(100_000)] }
    }

    /// A shirt and two mugs.
    pub fn three(number: u32) -> Parcel {
        Parcel { number, gtins: vec![gtin(100_000), gtin(200_000), gtin(200_000)] }
    }

    pub fn tracking(&self) -> String {
        format!("6A{:011}", 70_000_000_000_u64 + u64::from(self.number))
    }

    pub fn order_no(&self) -> String {
        format!("W{}", 10_000 + self.number)
    }

    /// Everything that is scanned for it, sign-in left out.
    pub fn scans(&self) -> Vec<String> {
        let pieces = self.gtins.iter().flat_map(|gtin| [gtin.clone(), RESTOCK.to_owned()]);
        std::iter::once(self.tracking()).chain(pieces).collect()
    }

    /// (product, pieces), in the order of the first of each.
    fn lines(&self) -> Vec<(String, u32)> {
        let mut lines: Vec<(String, u32)> = Vec::new();
        for gtin in &self.gtins {
            match lines.iter_mut().find(|(known, _)| known == gtin) {
                Some((_, qty)) => *qty += 1,
                None => lines.push((gtin.clone(), 1)),
            }
        }
        lines
    }

    fn order(&self) -> Value {
        let line = |((gtin, qty), line): ((String, u32), u32)| {
            json!({"line": line, "sku": format!("SKU-{gtin}"), "gtin": gtin, "qty": qty,
                   "description": "piece", "unit_price": 1_999})
        };
        let lines: Vec<Value> = self.lines().into_iter().zip(1..).map(line).collect();
        json!({"client": "acme", "order_no": self.order_no(), "currency": "EUR",
               "placed_at": "2026-01-02", "lines": lines})
    }

    fn rma(&self) -> Value {
        let line = |((_, qty), line): ((String, u32), u32)| json!({"line": line, "qty": qty});
        let lines: Vec<Value> = self.lines().into_iter().zip(1..).map(line).collect();
        json!({"client": "acme", "rma": format!("R{}", self.order_no()),
               "order_no": self.order_no(), "tracking": [self.tracking()],
               "announced_at": "2026-01-03", "lines": lines, "promise": "refund"})
    }
}

/// A product number of ours with its check digit.
pub fn gtin(number: u32) -> String {
    let body = format!("300{number:09}");
    let weighted = body.bytes().zip([1_u32, 3].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// What a command card says, check letter included.
pub fn card(word: &str) -> String {
    dockside_core::domain::scan::card(word).unwrap()
}

/// How a station reaches central.
#[derive(Clone, Debug)]
pub struct Link {
    /// Without a login, as station.toml wants it.
    pub url: String,
    pub login: String,
    pub password: String,
}

/// One event as it stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub seq: i64,
    pub kind: String,
    pub body: Vec<u8>,
    pub hash: Vec<u8>,
}

impl Recorded {
    pub fn envelope(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn payload(&self) -> Value {
        self.envelope()["payload"].clone()
    }
}

/// How a verb ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// One station with its files.
pub struct Warehouse {
    place: tempfile::TempDir,
    data: PathBuf,
    pub scanner: Scanner,
}

impl Warehouse {
    /// A station that runs alone, with these parcels announced.
    pub fn with(parcels: &[Parcel]) -> Warehouse {
        Warehouse::at("lille", 1, None, parcels)
    }

    pub fn at(site: &str, station: u16, link: Option<&Link>, parcels: &[Parcel]) -> Warehouse {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let warehouse = Warehouse { place, data, scanner: Scanner::new() };
        std::fs::create_dir(warehouse.file("config")).unwrap();
        let operators = format!(
            "[[operator]]\nbadge = \"{BADGE}\"\nid = \"p104\"\nname = \"Anna\"\nrole = \"receiver\"\n"
        );
        std::fs::write(warehouse.file("config/operators.toml"), operators).unwrap();
        warehouse.configure(&warehouse.station_toml(site, station, link));
        warehouse.import(parcels);
        warehouse
    }

    /// The same, with its data in `data`, such as a disk of its own.
    pub fn with_data_in(data: &Path, parcels: &[Parcel]) -> Warehouse {
        let mut warehouse = Warehouse::with(&[]);
        data.clone_into(&mut warehouse.data);
        warehouse.import(parcels);
        warehouse
    }

    fn station_toml(&self, site: &str, station: u16, link: Option<&Link>) -> String {
        let port = self.scanner.path();
        let mut text = format!(
            "site = \"{site}\"\nstation = {station}\nlang = \"en\"\ntime_zone = \"Europe/Paris\"\n\
             \n[[scanner]]\nname = \"bench\"\ntransport = \"serial\"\npath = \"{}\"\n\
             baud = 9600\ndata_bits = 8\nparity = \"none\"\nstop_bits = 1\n",
            port.display()
        );
        if let Some(link) = link {
            let password = self.file("central.password");
            write_secret(&password, &link.password);
            text.push_str(&format!(
                "\n[central]\nurl = \"{}\"\nlogin = \"{}\"\npassword_file = \"{}\"\n",
                link.url,
                link.login,
                password.display()
            ));
        }
        text
    }

    /// Writes station.toml.
    pub fn configure(&self, station_toml: &str) {
        std::fs::write(self.config(), station_toml).unwrap();
    }

    pub fn config(&self) -> PathBuf {
        self.file("config/station.toml")
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A file beside the configuration and the data.
    pub fn file(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Imports what these parcels stand for, and sees that every row was taken.
    pub fn import(&self, parcels: &[Parcel]) {
        let rows: [(&str, Vec<Value>); 2] = [
            ("orders", parcels.iter().map(Parcel::order).collect()),
            ("rmas", parcels.iter().map(Parcel::rma).collect()),
        ];
        for (kind, rows) in rows {
            let path = self.file(&format!("{kind}.jsonl"));
            let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
            std::fs::write(&path, lines.join("\n")).unwrap();
            let ran = self.run(&["import", kind, path.to_str().unwrap()]);
            assert_eq!(ran.code, 0, "{ran:?}");
        }
    }

    fn args(&self, verb: &[&str]) -> Vec<String> {
        let (config, data) = (self.config(), self.data());
        let own = ["--config", config.to_str().unwrap(), "--data", data.to_str().unwrap()];
        own.iter().chain(verb).map(|word| (*word).to_owned()).collect()
    }

    /// Runs a verb to its end.
    pub fn run(&self, verb: &[&str]) -> Ran {
        run(&self.args(verb))
    }

    /// Starts the station, without waiting for anything.
    pub fn launch(&self, env: &[(&str, &str)]) -> Station {
        let args = self.args(&["run"]);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Station::start(&args, env, 120, 40)
    }

    /// Starts the station and waits until it takes scans from its scanner.
    #[track_caller]
    pub fn start(&self) -> Station {
        let before = self.count("DeviceAttached");
        let mut station = self.launch(&[]);
        self.wait(&mut station, "the scanner", || self.count("DeviceAttached") > before);
        station
    }

    /// Scans at the pace of the line and waits until something of it is on record.
    #[track_caller]
    pub fn scan(&mut self, station: &mut Station, code: &str) {
        let before = self.last_seq();
        self.scanner.scan(code, Pace::At9600);
        self.wait(station, &format!("a record of {code:?}"), || self.last_seq() > before);
    }

    #[track_caller]
    pub fn scan_all<Code: AsRef<str>>(&mut self, station: &mut Station, codes: &[Code]) {
        for code in codes {
            self.scan(station, code.as_ref());
        }
    }

    /// Waits until `claim` holds, which `wanted` puts in words.
    ///
    /// # Panics
    /// With the screen and the newest events, when that does not come within [`PATIENCE`].
    #[track_caller]
    pub fn wait(&self, station: &mut Station, wanted: &str, claim: impl Fn() -> bool) {
        if !self.comes_true(PATIENCE, claim) {
            let kinds = self.kinds_after(self.last_seq() - 12);
            let (exit, screen) = (station.exit_so_far(), station.screen_text());
            panic!("waited for {wanted}; ended: {exit:?}; newest events {kinds:?}\n{screen}");
        }
    }

    pub fn comes_true(&self, patience: Duration, claim: impl Fn() -> bool) -> bool {
        looks(patience, LOOK_EVERY, claim)
    }

    /// Waits for so many events of a kind, where thousands of them come.
    pub fn comes_to(&self, patience: Duration, kind: &str, n_events: i64) -> bool {
        looks(patience, GLANCE_EVERY, || self.count(kind) >= n_events)
    }

    /// Everything on record, oldest first; nothing while there is no journal.
    pub fn events(&self) -> Vec<Recorded> {
        self.read(async |conn| {
            let rows = sqlx::query("select seq, kind, body, hash from event order by seq")
                .fetch_all(conn)
                .await?;
            let recorded = |row: &sqlx::sqlite::SqliteRow| Recorded {
                seq: row.get("seq"),
                kind: row.get("kind"),
                body: row.get("body"),
                hash: row.get("hash"),
            };
            Ok(rows.iter().map(recorded).collect())
        })
        .unwrap_or_default()
    }

    pub fn kinds_after(&self, seq: i64) -> Vec<String> {
        self.events().into_iter().filter(|event| event.seq > seq).map(|event| event.kind).collect()
    }

    pub fn last_seq(&self) -> i64 {
        self.number("select coalesce(max(seq), 0) from event")
    }

    pub fn count(&self, kind: &str) -> i64 {
        self.read(async |conn| {
            sqlx::query_scalar("select count(*) from event where kind = ?1")
                .bind(kind)
                .fetch_one(conn)
                .await
        })
        .unwrap_or_default()
    }

    /// The single number a query on the journal gives; 0 while there is none.
    pub fn number(&self, query: &'static str) -> i64 {
        self.read(async |conn| sqlx::query_scalar(query).fetch_one(conn).await).unwrap_or_default()
    }

    /// Reads beside whoever has the journal. `None` while it is not there or not yet made.
    fn read<T>(
        &self,
        look: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error>,
    ) -> Option<T> {
        let path = self.data.join("journal.db");
        if !path.exists() {
            return None;
        }
        block_on(async {
            let options = SqliteConnectOptions::new().filename(path).read_only(true);
            let mut conn = options.connect().await.ok()?;
            let found = look(&mut conn).await.ok();
            let _ = conn.close().await;
            found
        })
    }

    /// What `journal verify` finds.
    #[track_caller]
    pub fn verify(&self) -> Value {
        let ran = self.run(&["journal", "verify"]);
        let report: Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|problem| panic!("{problem}: {ran:?}"));
        assert_eq!(ran.code == 0, report["ok"] == true, "{ran:?}");
        report
    }
}

fn looks(patience: Duration, every: Duration, claim: impl Fn() -> bool) -> bool {
    let begun = now();
    while !claim() {
        if begun.elapsed() > patience {
            return false;
        }
        std::thread::sleep(every);
    }
    true
}

/// Runs the program to its end.
pub fn run<Argument: AsRef<std::ffi::OsStr>>(args: &[Argument]) -> Ran {
    let output: Output = Command::new(dockside()).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    Ran { code, out: text(output.stdout), err: text(output.stderr) }
}

/// A file that only its owner reads.
pub fn write_secret(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// Waits for a future on this very thread.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[expect(clippy::disallowed_methods, reason = "a test's patience is measured on the real clock")]
pub fn now() -> Instant {
    Instant::now()
}
