//! One program a data directory: an advisory lock on a file that says who holds it.
//! Owns: `lock`. Never: what is locked by it. The kernel drops it with the process, however that
//! ends, so a crash leaves nothing to clean up. Tests: journal/tests.rs.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;

use chrono::DateTime;
use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

use crate::journal::error::JournalError;

/// Held as long as it lives.
#[derive(Debug)]
pub struct Lock {
    _file: Flock<File>,
}

impl Lock {
    /// Takes the lock, and writes process and start time (`at_ms`, UTC) into the file.
    ///
    /// # Errors
    /// [`JournalError::Locked`] with what the holder wrote when another has it.
    pub fn take(path: &Path, at_ms: i64) -> Result<Lock, JournalError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(JournalError::file)?;
        let mut file = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(file) => file,
            Err((mut file, Errno::EWOULDBLOCK)) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder)?;
                return Err(JournalError::Locked { holder: holder.trim().to_owned() });
            }
            Err((_, errno)) => return Err(JournalError::Io(errno.into())),
        };
        let since = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
        let holder = format!("process {}, since {}\n", std::process::id(), since.to_rfc3339());
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(holder.as_bytes()).map_err(JournalError::file)?;
        Ok(Lock { _file: file })
    }
}
