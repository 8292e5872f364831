//! The lines of an import file, one at a time and bounded, and the file of those not taken.
//! Owns: where a row ends, what of a refused row is written down. Never: what a row means.
//! Start at `Lines::next_row`. Tests: beside the code.

use std::io::{self, BufRead, Read, Write};

use crate::orderbook::file::RowError;

/// Longest row in bytes: an order of a thousand lines has about a fifth of it.
pub const ROW_MAX_BYTES: usize = 1024 * 1024;

/// So much of a row that is too long goes into the reject file: enough to find it by.
const SHOWN_OF_TOO_LONG_BYTES: usize = 1024;

/// Rows of a file, with their line numbers counted from 1. Empty lines are passed over.
pub struct Lines<Reader> {
    reader: Reader,
    row: Vec<u8>,
    number: u64,
    bytes_read: u64,
}

impl<Reader: BufRead> Lines<Reader> {
    pub fn new(reader: Reader) -> Lines<Reader> {
        Lines { reader, row: Vec::new(), number: 0, bytes_read: 0 }
    }

    /// The line number of the last row; of the line being read when reading failed.
    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The next row's text, or why it has none; `None` at the end of the file.
    ///
    /// # Errors
    /// What the reader met.
    pub fn next_row(&mut self) -> io::Result<Option<Result<&str, RowError>>> {
        loop {
            self.number += 1;
            let too_long = self.read_line()?;
            if self.row.is_empty() {
                return Ok(None);
            }
            while self.row.last().is_some_and(u8::is_ascii_whitespace) {
                self.row.pop();
            }
            if self.number == 1 && self.row.starts_with("\u{feff}".as_bytes()) {
                self.row.drain(..3);
            }
            if too_long {
                self.row.truncate(SHOWN_OF_TOO_LONG_BYTES);
                return Ok(Some(Err(RowError::TooLong { max: ROW_MAX_BYTES })));
            }
            if !self.row.is_empty() {
                break;
            }
        }
        let text = std::str::from_utf8(&self.row);
        Ok(Some(text.map_err(|problem| RowError::Utf8 { at: problem.valid_up_to() })))
    }

    /// Reads to the end of the line, keeps at most the longest row; says whether it was longer.
    fn read_line(&mut self) -> io::Result<bool> {
        let limit = u64::try_from(ROW_MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        self.row.clear();
        let read = (&mut self.reader).take(limit).read_until(b'\n', &mut self.row)?;
        self.count(read);
        if self.row.len() <= ROW_MAX_BYTES || self.row.last() == Some(&b'\n') {
            return Ok(false);
        }
        let mut rest = Vec::new();
        loop {
            rest.clear();
            let read = (&mut self.reader).take(limit).read_until(b'\n', &mut rest)?;
            self.count(read);
            if read == 0 || rest.last() == Some(&b'\n') {
                return Ok(true);
            }
        }
    }

    fn count(&mut self, read: usize) {
        self.bytes_read = self.bytes_read.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }

    /// Writes the last row down as refused: `{"line":n,"cause":"..","row":".."}`.
    ///
    /// # Errors
    /// What the writer met.
    pub fn reject(&self, writer: &mut impl Write, cause: &RowError) -> io::Result<()> {
        let cause = cause.to_string();
        let refused = Refused { line: self.number, cause: &cause, row: &escaped(&self.row) };
        serde_json::to_writer(&mut *writer, &refused)?;
        writer.write_all(b"\n")
    }
}

#[derive(serde::Serialize)]
struct Refused<'a> {
    line: u64,
    cause: &'a str,
    row: &'a str,
}

/// Bytes as a text from which they can be made again: `\xNN` for a control byte or one that is no
/// UTF-8, `\\` for a backslash; the escapes of `decode`.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => text.push_str("\\\\"),
                c if c.is_ascii_control() => push_byte(&mut text, u32::from(c)),
                c => text.push(c),
            }
        }
        chunk.invalid().iter().for_each(|byte| push_byte(&mut text, u32::from(*byte)));
    }
    text
}

fn push_byte(text: &mut String, byte: u32) {
    let digit = |value: u32| char::from_digit(value & 0xf, 16).unwrap_or_default();
    text.extend(['\\', 'x', digit(byte >> 4), digit(byte)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u64, Result<String, String>)> {
        let mut lines = Lines::new(bytes);
        let mut rows = Vec::new();
        while let Some(row) = lines.next_row().unwrap() {
            let row = row.map(str::to_owned).map_err(|cause| cause.to_string());
            rows.push((lines.number(), row));
        }
        assert_eq!(lines.bytes_read(), u64::try_from(bytes.len()).unwrap());
        rows
    }

    #[test]
    fn rows_keep_their_line_numbers_past_marks_and_empty_lines() {
        let found = rows("\u{feff}{\"a\":1}\r\n\n  \n{}\n{\"last\":0}".as_bytes());
        let wanted = [(1, "{\"a\":1}"), (4, "{}"), (5, "{\"last\":0}")];
        assert_eq!(found, wanted.map(|(number, row)| (number, Ok(row.to_owned()))));
    }

    #[test]
    fn a_row_that_is_too_long_does_not_take_the_next_one_with_it() {
        let mut file = vec![b'x'; 3 * ROW_MAX_BYTES];
        file.extend(b"\n{}\n");
        file.extend(vec![b' '; ROW_MAX_BYTES - 2]);
        file.extend(b"{}\n");
        let found = rows(&file);
        assert_eq!(found[0], (1, Err("the row is longer than 1048576 bytes".to_owned())));
        assert_eq!(found[1], (2, Ok("{}".to_owned())));
        assert!(found[2].1.is_ok(), "the longest row allowed is taken");
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_refused_row_is_written_so_that_its_bytes_can_be_made_again() {
        let mut lines = Lines::new(&b"{\"a\":\"\\n\xff\x1b\xc3\xa9\"}\n"[..]);
        let cause = lines.next_row().unwrap().unwrap().unwrap_err();
        let mut out = Vec::new();
        lines.reject(&mut out, &cause).unwrap();
        let refused: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(refused["line"], 1);
        assert_eq!(refused["cause"], "byte 8 of the row is no UTF-8");
        assert_eq!(refused["row"], r#"{"a":"\\n\xff\x1bé"}"#);
    }
}
