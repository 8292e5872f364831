//! Records as a reader of JSON lines, each made when it is read, so that an import of millions
//! needs no file and no memory. Tests: beside the code.

use std::io::{self, BufRead, Read};

use serde::Serialize;

/// Bytes that are made ahead: some hundred orders.
const AHEAD_BYTES: usize = 256 * 1024;

/// A reader over records.
pub struct JsonLines<I> {
    records: I,
    made: Vec<u8>,
    read: usize,
}

impl<I> JsonLines<I> {
    pub fn new(records: impl IntoIterator<IntoIter = I>) -> JsonLines<I> {
        JsonLines { records: records.into_iter(), made: Vec::new(), read: 0 }
    }
}

impl<R: Serialize, I: Iterator<Item = R>> BufRead for JsonLines<I> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read >= self.made.len() {
            self.made.clear();
            self.read = 0;
            while self.made.len() < AHEAD_BYTES {
                let Some(record) = self.records.next() else { break };
                serde_json::to_writer(&mut self.made, &record)?;
                self.made.push(b'\n');
            }
        }
        Ok(self.made.get(self.read..).unwrap_or_default())
    }

    fn consume(&mut self, bytes: usize) {
        self.read = self.read.saturating_add(bytes).min(self.made.len());
    }
}

impl<R: Serialize, I: Iterator<Item = R>> Read for JsonLines<I> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut made = self.fill_buf()?;
        let bytes = made.read(into)?;
        self.consume(bytes);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::write_jsonl;

    #[test]
    fn reading_gives_what_writing_writes_however_small_the_bites() {
        let records = || (0..50_000_u32).map(|n| (n, "text"));
        let mut written = Vec::new();
        write_jsonl(records(), &mut written).unwrap();
        assert!(written.len() > 2 * AHEAD_BYTES);
        let mut whole = Vec::new();
        JsonLines::new(records()).read_to_end(&mut whole).unwrap();
        assert_eq!(whole, written);
        let lines = JsonLines::new(records()).lines().count();
        assert_eq!(lines, 50_000);
    }
}
