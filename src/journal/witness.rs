//! The witness: 48 bytes beside the journal that hold its last event's seq and hash. SQLite takes a
//! damaged end of its write-ahead log for the end of the log, and says nothing; the witness does.
//! Owns: `journal.head`. Never: the journal itself. Tests: beside the code, journal/tests/damage.rs.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use dockside_core::domain::event::{GENESIS, Hash, leaf};

/// Seq (8, big endian), hash (32), check (8: the start of the SHA-256 of the 40 before it).
pub const WITNESS_BYTES: usize = 48;
const SIGNED_BYTES: usize = 40;

/// The last event the witness has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: u64,
    pub hash: Hash,
}

impl Head {
    /// Of a journal without events.
    pub const EMPTY: Head = Head { seq: 0, hash: GENESIS };

    fn to_bytes(self) -> [u8; WITNESS_BYTES] {
        let mut bytes = [0; WITNESS_BYTES];
        bytes[..8].copy_from_slice(&self.seq.to_be_bytes());
        bytes[8..SIGNED_BYTES].copy_from_slice(&self.hash);
        let check = leaf(&bytes[..SIGNED_BYTES]);
        bytes[SIGNED_BYTES..].copy_from_slice(&check[..WITNESS_BYTES - SIGNED_BYTES]);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Head> {
        let bytes: &[u8; WITNESS_BYTES] = bytes.try_into().ok()?;
        let (seq, hash) = (bytes[..8].try_into().ok()?, bytes[8..SIGNED_BYTES].try_into().ok()?);
        let head = Head { seq: u64::from_be_bytes(seq), hash };
        (head.to_bytes() == *bytes).then_some(head)
    }
}

/// What the witness file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Testimony {
    /// There is no file: it was never written, or someone took it away.
    Absent,
    /// There is one, and its check does not hold.
    Torn,
    Seen(Head),
}

/// Reads the witness of the journal at `path` without touching it.
///
/// # Errors
/// The file's own, except that it is not there.
pub fn read(path: &Path) -> io::Result<Testimony> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Head::from_bytes(&bytes).map_or(Testimony::Torn, Testimony::Seen)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Testimony::Absent),
        Err(error) => Err(error),
    }
}

/// The file, kept open: rewriting it allocates nothing, so it works on a full disk.
#[derive(Debug)]
pub struct Witness {
    file: File,
}

impl Witness {
    /// Opens the file for writing, made if it is not there; its content stays as it is.
    ///
    /// # Errors
    /// The file's own.
    pub fn open(path: &Path) -> io::Result<Witness> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        Ok(Witness { file })
    }

    /// Rewrites the head in place, and returns once the disk has it.
    ///
    /// # Errors
    /// The file's own; the journal itself is not affected.
    pub fn write(&self, head: Head) -> io::Result<()> {
        self.file.write_all_at(&head.to_bytes(), 0)?;
        self.file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_witness_reads_back_and_one_changed_byte_makes_it_torn() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.head");
        assert_eq!(read(&path).unwrap(), Testimony::Absent);
        let head = Head { seq: 300_000, hash: leaf(b"last") };
        Witness::open(&path).unwrap().write(head).unwrap();
        assert_eq!(read(&path).unwrap(), Testimony::Seen(head));
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.len(), WITNESS_BYTES);
        for at in 0..WITNESS_BYTES {
            let mut changed = bytes.clone();
            changed[at] ^= 0x40;
            std::fs::write(&path, changed).unwrap();
            assert_eq!(read(&path).unwrap(), Testimony::Torn, "byte {at}");
        }
    }
}
