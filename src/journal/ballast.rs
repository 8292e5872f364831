//! Room set aside on the disk, given back when it is full: enough to finish the open parcel.
//! Owns: `ballast`. Never: the decision what may still be received (that is the session's).
//! Tests: journal/tests/full.rs.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::fcntl::posix_fallocate;

use crate::journal::error::JournalError;

/// What a station sets aside: some 20,000 events with their rows, and the checkpoint that writes
/// them twice. Bytes.
pub const BALLAST_BYTES: u64 = 64 * 1024 * 1024;

/// The file and whether it is there.
#[derive(Clone, Debug)]
pub struct Ballast {
    path: PathBuf,
    bytes: u64,
    is_kept: Arc<AtomicBool>,
}

impl Ballast {
    /// Sets `bytes` aside at `path`. A disk too full for it is no error: the station starts
    /// without, and [`Ballast::is_kept`] says so.
    ///
    /// # Errors
    /// Any other failure of the file.
    pub fn keep(path: &Path, bytes: u64) -> io::Result<Ballast> {
        let ballast =
            Ballast { path: path.to_owned(), bytes, is_kept: Arc::new(AtomicBool::new(false)) };
        ballast.refill()?;
        Ok(ballast)
    }

    /// Sets the room aside again, where there is enough, and says whether it is there.
    ///
    /// # Errors
    /// Any failure of the file but a full disk.
    pub fn refill(&self) -> io::Result<bool> {
        let is_kept = match self.allocate() {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::StorageFull => {
                std::fs::remove_file(&self.path)?;
                false
            }
            Err(error) => return Err(error),
        };
        self.is_kept.store(is_kept, Ordering::Relaxed);
        Ok(is_kept)
    }

    fn allocate(&self) -> io::Result<()> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&self.path)?;
        if self.bytes == 0 || file.metadata()?.len() == self.bytes {
            return Ok(());
        }
        file.set_len(0)?; // of another size: begun anew, so that its length says it is whole
        let bytes = i64::try_from(self.bytes).unwrap_or(i64::MAX);
        posix_fallocate(&file, 0, bytes).map_err(io::Error::from)
    }

    /// Gives the room back. `false` when there was none.
    pub fn free(&self) -> bool {
        let had = self.is_kept.swap(false, Ordering::Relaxed) && self.bytes > 0;
        had && std::fs::remove_file(&self.path).is_ok()
    }

    /// On a full disk gives the room back, and lets the error say so.
    pub(super) fn relieve(&self, problem: JournalError) -> JournalError {
        if matches!(problem, JournalError::DiskFull { .. }) {
            return JournalError::DiskFull { ballast_freed: self.free() };
        }
        problem
    }

    /// Whether the room is set aside. While it is not, no new parcel should be started.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.is_kept.load(Ordering::Relaxed)
    }
}
