//! Cuts the bytes of one scanner into scans. Owns: where a scan begins and ends, what is cut off,
//! what is told of a scan whose end never came.
//! Never: a port, a clock (the time of each read arrives as an argument), what a scan means.
//! Total: no bytes make it panic, and none is glued to the scan of another.
//! Start at `Framer::push`. Tests: framing/tests.rs.

use crate::domain::scan::SCAN_MAX_BYTES;

/// Start of text: opens a scan under [`Terminator::StxEtx`].
const STX: u8 = 0x02;
/// End of text: closes a scan under [`Terminator::StxEtx`].
const ETX: u8 = 0x03;
const TAB: u8 = 0x09;
const LF: u8 = 0x0A;
const CR: u8 = 0x0D;

/// Silence in milliseconds that ends a scan whose terminator does not come: six times what a USB
/// serial converter gathers before it hands bytes over (16 ms), and still below what a hand notices.
pub const IDLE_MS: u64 = 100;

/// What ends a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Terminator {
    Cr,
    Lf,
    /// Only the pair: a lone CR or LF is part of the code, as two-dimensional symbols may hold one.
    CrLf,
    Tab,
    /// STX before and ETX after the code; CR, LF and TAB between them are part of it.
    StxEtx,
}

/// How one scanner marks its scans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FramerConfig {
    /// Bytes the scanner puts before each code; taken off where they are, not missed where not.
    pub prefix: Vec<u8>,
    /// A LF directly after a CR that ended a scan belongs to that CR, whatever stands here.
    pub terminators: Vec<Terminator>,
    /// Silence that ends a scan by itself, in milliseconds; 0 is read as 1.
    pub idle_ms: u64,
    /// Longest code without its prefix.
    pub max_bytes: usize,
}

impl Default for FramerConfig {
    /// What most scanners send when they come out of the box: CR, or CR LF.
    fn default() -> FramerConfig {
        FramerConfig {
            prefix: Vec::new(),
            terminators: vec![Terminator::Cr, Terminator::Lf],
            idle_ms: IDLE_MS,
            max_bytes: SCAN_MAX_BYTES,
        }
    }
}

/// One scan as it came, without prefix and terminator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Never empty. Of an overlong scan the first `max_bytes` and one more, so that a reader who
    /// forgets the flag still finds it too long.
    pub bytes: Vec<u8>,
    /// When its first byte was read, in milliseconds of the clock given to `push`.
    pub first_ms: u64,
    /// When its last byte was read; the terminator counts where there was one.
    pub last_ms: u64,
    /// Its end, or under STX and ETX its beginning, was not seen: part of it may be missing.
    pub unterminated: bool,
    /// Longer than `max_bytes`.
    pub overlong: bool,
    /// Length of the code in bytes before it was cut.
    pub total_len: usize,
}

/// A scan on its way in.
#[derive(Debug)]
struct Open {
    bytes: Vec<u8>,
    len: usize,
    last_byte: Option<u8>,
    first_ms: u64,
    last_ms: u64,
    began_with_stx: bool,
}

/// What a byte is at its place.
enum Role {
    Data,
    /// The LF of a CR LF whose CR has ended the scan already.
    SecondHalf,
    Begins,
    Ends,
    /// The LF of a CR LF whose CR was taken for data.
    EndsWithCr,
    /// It ends what is open, but not the way it should have ended.
    Cuts,
}

/// The bytes of one scanner, on their way to become scans.
#[derive(Debug)]
pub struct Framer {
    config: FramerConfig,
    open: Option<Open>,
    ended_by_cr: bool,
    n_empty: u64,
}

impl Framer {
    #[must_use]
    pub fn new(config: FramerConfig) -> Framer {
        Framer { config, open: None, ended_by_cr: false, n_empty: 0 }
    }

    /// Takes the bytes of one read and adds the scans they complete to `out`, in order.
    ///
    /// How the bytes are split into reads makes no difference, as long as no two reads are
    /// `idle_ms` apart. `at_ms` counts on a clock that never runs backwards.
    pub fn push(&mut self, at_ms: u64, bytes: &[u8], out: &mut Vec<Frame>) {
        out.extend(self.idle(at_ms));
        for &byte in bytes {
            out.extend(self.take(at_ms, byte));
        }
    }

    /// Ends the open scan if nothing has come for `idle_ms`.
    pub fn idle(&mut self, now_ms: u64) -> Option<Frame> {
        self.idle_at_ms().filter(|&due_ms| due_ms <= now_ms)?;
        self.close(None)
    }

    /// When [`Framer::idle`] has something to do; `None` while no scan is open.
    #[must_use]
    pub fn idle_at_ms(&self) -> Option<u64> {
        let open = self.open.as_ref()?;
        Some(open.last_ms.saturating_add(self.config.idle_ms.max(1)))
    }

    /// The time to give to [`Framer::push`] at `now_ms` when nobody has waited in vain for the bytes:
    /// a reader who was held up himself must not take his own pause for the scanner's silence.
    #[must_use]
    pub fn unbroken(&self, now_ms: u64) -> u64 {
        self.idle_at_ms().map_or(now_ms, |due_ms| now_ms.min(due_ms.saturating_sub(1)))
    }

    /// The scanner is gone: forgets the open scan and says how many bytes of it had come.
    pub fn lost(&mut self) -> usize {
        self.ended_by_cr = false;
        self.open.take().map_or(0, |open| open.len)
    }

    /// Whether part of a scan has come and its end has not.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// How many scans without a code were passed over since the start.
    #[must_use]
    pub fn n_empty(&self) -> u64 {
        self.n_empty
    }

    fn take(&mut self, at_ms: u64, byte: u8) -> Option<Frame> {
        match self.role(byte) {
            Role::Data => {
                self.ended_by_cr = false;
                let kept_max = self.config.max_bytes + self.config.prefix.len() + 1;
                let open = self.open.get_or_insert_with(|| Open::at(at_ms, false));
                open.keep(at_ms, byte, kept_max);
                None
            }
            Role::SecondHalf => {
                self.ended_by_cr = false;
                None
            }
            Role::Begins => {
                self.ended_by_cr = false;
                let cut = if self.is_open() { self.close(None) } else { None };
                self.open = Some(Open::at(at_ms, true));
                cut
            }
            Role::Ends => {
                self.ended_by_cr = byte == CR;
                self.close(Some(at_ms))
            }
            Role::EndsWithCr => {
                if let Some(open) = self.open.as_mut() {
                    open.drop_last();
                }
                self.close(Some(at_ms))
            }
            Role::Cuts => {
                self.ended_by_cr = byte == CR;
                self.close(None)
            }
        }
    }

    fn role(&self, byte: u8) -> Role {
        let ends_on = |terminator| self.config.terminators.contains(&terminator);
        let by_stx = ends_on(Terminator::StxEtx);
        let inside = self.open.as_ref().is_some_and(|open| open.began_with_stx);
        let after_cr = self.open.as_ref().is_some_and(|open| open.last_byte == Some(CR));
        match byte {
            STX if by_stx => Role::Begins,
            ETX if by_stx && inside => Role::Ends,
            ETX if by_stx => Role::Cuts,
            CR | LF | TAB if inside => Role::Data,
            CR if ends_on(Terminator::Cr) => Role::Ends,
            LF if self.ended_by_cr => Role::SecondHalf,
            LF if ends_on(Terminator::CrLf) && after_cr => Role::EndsWithCr,
            LF if ends_on(Terminator::Lf) => Role::Ends,
            TAB if ends_on(Terminator::Tab) => Role::Ends,
            CR | LF if by_stx => Role::Cuts,
            _ => Role::Data,
        }
    }

    /// `ended_ms` is when the terminator came, `None` when none did.
    fn close(&mut self, ended_ms: Option<u64>) -> Option<Frame> {
        let open = self.open.take();
        let Some(open) = open.filter(|open| open.len > 0) else {
            self.n_empty += 1;
            return None;
        };
        let Open { mut bytes, mut len, first_ms, last_ms, .. } = open;
        if bytes.starts_with(&self.config.prefix) {
            bytes.drain(..self.config.prefix.len());
            len -= self.config.prefix.len();
        }
        if len == 0 {
            self.n_empty += 1;
            return None;
        }
        bytes.truncate(self.config.max_bytes + 1);
        Some(Frame {
            bytes,
            first_ms,
            last_ms: ended_ms.unwrap_or(last_ms),
            unterminated: ended_ms.is_none(),
            overlong: len > self.config.max_bytes,
            total_len: len,
        })
    }
}

impl Open {
    fn at(at_ms: u64, began_with_stx: bool) -> Open {
        Open {
            bytes: Vec::new(),
            len: 0,
            last_byte: None,
            first_ms: at_ms,
            last_ms: at_ms,
            began_with_stx,
        }
    }

    fn keep(&mut self, at_ms: u64, byte: u8, kept_max: usize) {
        if self.bytes.len() < kept_max {
            self.bytes.push(byte);
        }
        self.len += 1;
        self.last_byte = Some(byte);
        self.last_ms = at_ms;
    }

    fn drop_last(&mut self) {
        if self.bytes.len() == self.len {
            self.bytes.pop();
        }
        self.len = self.len.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests;
