//! What a disk does to a station: full, or its journal held by another program. Work stops in
//! words, nothing that was shown as done is lost, and it goes on where it stood.
//! The full disk is a small one in memory, which only root may mount.
#![cfg(test)]

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::Signal;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::terminal::{Exit, Pace};
use crate::warehouse::{AT_OFFER, AT_RECEIVE, BADGE, Parcel, RESTOCK, Warehouse};

const F12: &[u8] = b"\x1b[24~";

/// What only a STOP says.
const AT_STOP: &str = "or press F12. Other scans are refused.";

/// Room for the station's reserve of 64 MiB and for some work.
const DISK_MIB: u32 = 72;

/// A disk in memory.
struct SmallDisk {
    place: tempfile::TempDir,
}

impl SmallDisk {
    fn new() -> SmallDisk {
        let place = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={DISK_MIB}m"), "tmpfs"])
            .arg(place.path())
            .output()
            .unwrap();
        let why = String::from_utf8_lossy(&mounted.stderr);
        assert!(mounted.status.success(), "a full disk needs root, to mount a small one: {why}");
        SmallDisk { place }
    }

    fn path(&self) -> &Path {
        self.place.path()
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }

    /// Writes until nothing more goes in.
    fn fill(&self) {
        let mut file = File::create(self.filler()).unwrap();
        for piece_bytes in [1 << 16, 1 << 12, 1] {
            let piece = vec![7; piece_bytes];
            while file.write_all(&piece).is_ok() {}
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let done = Command::new("umount").arg("-l").arg(self.path()).status().unwrap();
        assert!(done.success() || std::thread::panicking());
    }
}

#[test]
fn e2e_on_a_full_disk_the_open_parcel_is_finished_and_no_other_begun() {
    let disk = SmallDisk::new();
    let (open, next) = (Parcel::three(1), Parcel::single(2));
    let data = disk.path().join("data");
    let mut warehouse = Warehouse::with_data_in(&data, &[open.clone(), next.clone()]);
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &open.scans()[..2]);
    station.wait_for(AT_OFFER);
    disk.fill();

    warehouse.scan_all(&mut station, &open.scans()[2..]);
    station.wait_for("parcel closed, 3 items");
    station.wait_for("disk full");
    let before = warehouse.last_seq();
    warehouse.scan(&mut station, &next.tracking());
    station.wait_for("disk full, not opened");
    assert_eq!(warehouse.kinds_after(before), ["ScanRefused"]);
    assert_eq!(warehouse.verify()["ok"], true);
    station.signal(Signal::SIGTERM);
    assert_eq!(station.exit_status(), Exit::Code(0));

    std::fs::remove_file(disk.filler()).unwrap();
    let mut station = warehouse.start();
    warehouse.scan_all(&mut station, &next.scans());
    station.wait_for("parcel closed, 1 item");
    assert_eq!((warehouse.count("UnitBinned"), warehouse.count("ParcelOpened")), (4, 2));
    assert_eq!(warehouse.verify()["ok"], true);
}

#[test]
fn e2e_a_parcel_that_meets_a_full_disk_stops_the_work_and_is_not_half_begun() {
    let disk = SmallDisk::new();
    let parcel = Parcel::single(1);
    let data = disk.path().join("data");
    let mut warehouse = Warehouse::with_data_in(&data, std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    station.wait_for(AT_RECEIVE);
    let before = warehouse.events();
    disk.fill();
    warehouse.scanner.scan(&parcel.tracking(), Pace::At9600);
    let screen = station.wait_for(AT_STOP);
    assert!(screen.contains("The disk of this station is full."), "{screen}");
    assert_eq!(warehouse.events(), before);
    station.type_bytes(F12);
    station.wait_for(AT_RECEIVE);
    warehouse.scan(&mut station, &parcel.tracking());
    station.wait_for("disk full, not opened");
    assert_eq!(warehouse.count("ParcelArrived"), 0);
    assert_eq!(warehouse.verify()["ok"], true);
}

#[test]
fn e2e_a_journal_held_by_another_program_stops_the_work_until_it_is_released() {
    let parcel = Parcel::single(1);
    let mut warehouse = Warehouse::with(std::slice::from_ref(&parcel));
    let mut station = warehouse.start();
    warehouse.scan(&mut station, BADGE);
    warehouse.scan_all(&mut station, &parcel.scans()[..2]);
    station.wait_for(AT_OFFER);
    let before = warehouse.last_seq();
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let path = warehouse.data().join("journal.db");
    let mut holder = tokio
        .block_on(async {
            let mut conn = SqliteConnectOptions::new().filename(path).connect().await?;
            sqlx::query("begin exclusive").execute(&mut conn).await?;
            Ok::<_, sqlx::Error>(conn)
        })
        .unwrap();
    warehouse.scanner.scan(RESTOCK, Pace::At9600);
    let screen = station.wait_for(AT_STOP);
    assert!(screen.contains("Another program holds the journal."), "{screen}");
    assert_eq!(warehouse.last_seq(), before);

    tokio.block_on(async {
        sqlx::query("rollback").execute(&mut holder).await.unwrap();
        holder.close().await.unwrap();
    });
    station.type_bytes(F12);
    station.wait_for(AT_OFFER);
    warehouse.scan(&mut station, RESTOCK);
    station.wait_for("parcel closed, 1 item");
    assert_eq!(warehouse.verify()["ok"], true);
}
