//! Tells a scanner that types from a person who types, by the pace of the keys alone.
//! Owns: what makes a burst a scan, and which bytes its keys stand for.
//! Never: a terminal, a clock (the time of each key arrives as an argument), what a key does.
//! Linear in the keys. Nothing typed is lost: what is no scan comes out as keys or as text.
//! Start at `Wedge::push`. Tests: wedge/tests.rs.

use crate::domain::framing::Frame;
use crate::domain::scan::SCAN_MAX_BYTES;

/// Longest pause in milliseconds between two keys of a scanner: fast typists stay above 60 ms,
/// wired scanners below 20 ms, and a held key repeats every 33 ms at most keyboards' fastest.
pub const GAP_MS: u64 = 35;
/// Longest pause in milliseconds inside a burst that is certainly a machine's: a busy computer may
/// hand the keys of one scan over in two parts.
pub const STALL_MS: u64 = 120;
/// A burst that begins this many milliseconds after loose letters continues them: a scan that was
/// torn in two must not pass for a shorter one, and no hand goes from key to trigger so fast.
pub const SETTLE_MS: u64 = 280;
/// Fewest keys of a scan before its Enter. No code of the dock is shorter.
pub const SCAN_MIN_KEYS: usize = 3;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const LF: u8 = 0x0A;
const ESC: u8 = 0x1B;

/// One key press, as a terminal in raw mode tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WedgeKey {
    Char(char),
    /// Control and this letter, digit or sign: a control byte of the code, when a scanner types.
    Ctrl(char),
    Enter,
    Tab,
    /// Any other key by its name in keys.toml: `F1`, `Esc`, `Up`, `Backspace`, `Alt+X`.
    Named(String),
}

/// What the keys were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WedgeOut {
    /// A burst that ended with Enter or Tab.
    Scan(Frame),
    /// One key, by its name in keys.toml; a letter or digit is its own name, a blank is `Space`.
    Key(String),
    /// Characters that came at once but were not ended as a scan: for the visible typed field.
    /// Control characters are in it as they came.
    Typed(String),
}

/// How to tell a scanner from a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WedgeConfig {
    /// Shorter pauses between keys than this make a burst, in milliseconds.
    pub gap_ms: u64,
    /// Fewest keys of a scan, its Enter not counted.
    pub min_keys: usize,
    /// Bytes the scanner puts before each code; taken off where they are.
    pub prefix: Vec<u8>,
    /// Longest code in bytes.
    pub max_bytes: usize,
}

impl Default for WedgeConfig {
    fn default() -> WedgeConfig {
        WedgeConfig {
            gap_ms: GAP_MS,
            min_keys: SCAN_MIN_KEYS,
            prefix: Vec::new(),
            max_bytes: SCAN_MAX_BYTES,
        }
    }
}

/// Keys that came without a pause.
#[derive(Debug)]
struct Burst {
    /// The first keys, as many as make no scan: these come out one by one.
    keys: Vec<WedgeKey>,
    n_keys: usize,
    bytes: Vec<u8>,
    len: usize,
    first_ms: u64,
    last_ms: u64,
    /// Holds two different keys: a held key repeats at the pace of a slow scanner.
    is_varied: bool,
    follows_scan: bool,
    continues_typing: bool,
}

/// The keys of one terminal, on their way to become scans, keys and text.
#[derive(Debug)]
pub struct Wedge {
    config: WedgeConfig,
    burst: Option<Burst>,
    scan_ended_ms: Option<u64>,
    typed_ms: Option<u64>,
    n_empty: u64,
}

impl Wedge {
    #[must_use]
    pub fn new(config: WedgeConfig) -> Wedge {
        Wedge { config, burst: None, scan_ended_ms: None, typed_ms: None, n_empty: 0 }
    }

    /// Takes one key and adds what it completes to `out`, in order.
    ///
    /// `at_ms` is when the key was read, on a clock that never runs backwards; many keys may have
    /// the same time.
    pub fn push(&mut self, at_ms: u64, key: WedgeKey, out: &mut Vec<WedgeOut>) {
        self.idle(at_ms, out);
        let control = match &key {
            WedgeKey::Ctrl(letter) => control_byte(*letter),
            WedgeKey::Char(_) | WedgeKey::Enter | WedgeKey::Tab | WedgeKey::Named(_) => None,
        };
        if self.repeats_terminator(at_ms, &key, control) {
            self.scan_ended_ms = Some(at_ms);
            self.n_empty += 1;
            return;
        }
        match key {
            WedgeKey::Enter | WedgeKey::Tab => self.end(at_ms, &key, out),
            WedgeKey::Char(letter) => {
                let mut utf8 = [0; 4];
                let bytes = letter.encode_utf8(&mut utf8).as_bytes();
                self.keep(at_ms, key, bytes);
            }
            WedgeKey::Ctrl(_) | WedgeKey::Named(_) => match control {
                Some(byte) => self.keep(at_ms, key, &[byte]),
                None if self.is_machine() => self.keep(at_ms, key, &[ESC]),
                None => {
                    self.flush(out);
                    out.push(WedgeOut::Key(name(&key)));
                }
            },
        }
    }

    /// Lets go of keys that nothing followed. Call it when no key waits to be read, at the time
    /// [`Wedge::idle_at_ms`] told.
    pub fn idle(&mut self, now_ms: u64, out: &mut Vec<WedgeOut>) {
        if self.idle_at_ms().is_some_and(|due_ms| due_ms <= now_ms) {
            self.flush(out);
        }
    }

    /// When [`Wedge::idle`] has something to do; `None` while no key is held back.
    #[must_use]
    pub fn idle_at_ms(&self) -> Option<u64> {
        let burst = self.burst.as_ref()?;
        let patience_ms = if self.is_machine() {
            STALL_MS.max(self.config.gap_ms)
        } else {
            self.config.gap_ms.max(1)
        };
        Some(burst.last_ms.saturating_add(patience_ms))
    }

    /// The time to give to [`Wedge::push`] at `now_ms` when nobody has waited in vain for the key:
    /// a reader who was held up himself must not take his own pause for one between two keys.
    #[must_use]
    pub fn unbroken(&self, now_ms: u64) -> u64 {
        self.idle_at_ms().map_or(now_ms, |due_ms| now_ms.min(due_ms.saturating_sub(1)))
    }

    /// How many needless terminators directly after a scan were passed over since the start.
    #[must_use]
    pub fn n_empty(&self) -> u64 {
        self.n_empty
    }

    /// The second half of CR LF, or a scanner that sends Enter twice.
    fn repeats_terminator(&self, at_ms: u64, key: &WedgeKey, control: Option<u8>) -> bool {
        let ends = matches!(key, WedgeKey::Enter | WedgeKey::Tab) || control == Some(LF);
        ends && self.burst.is_none() && self.is_soon_after_scan(at_ms)
    }

    fn is_soon_after_scan(&self, at_ms: u64) -> bool {
        self.scan_ended_ms.is_some_and(|end_ms| at_ms.saturating_sub(end_ms) < self.config.gap_ms)
    }

    /// Whether the open burst can't be a hand's.
    fn is_machine(&self) -> bool {
        self.burst.as_ref().is_some_and(|burst| {
            burst.follows_scan || (burst.is_varied && burst.n_keys >= self.config.min_keys)
        })
    }

    fn keep(&mut self, at_ms: u64, key: WedgeKey, bytes: &[u8]) {
        let kept_max = self.config.max_bytes + self.config.prefix.len() + 1;
        let follows_scan = self.is_soon_after_scan(at_ms);
        let continues_typing =
            self.typed_ms.is_some_and(|typed_ms| at_ms.saturating_sub(typed_ms) < SETTLE_MS);
        let burst = self.burst.get_or_insert_with(|| Burst {
            keys: Vec::new(),
            n_keys: 0,
            bytes: Vec::new(),
            len: 0,
            first_ms: at_ms,
            last_ms: at_ms,
            is_varied: false,
            follows_scan,
            continues_typing,
        });
        burst.is_varied |= burst.keys.first().is_some_and(|first| *first != key);
        if burst.keys.len() < self.config.min_keys.max(1) {
            burst.keys.push(key);
        }
        burst.n_keys += 1;
        burst.len += bytes.len();
        burst.last_ms = at_ms;
        if burst.bytes.len() + bytes.len() <= kept_max {
            burst.bytes.extend_from_slice(bytes);
        }
    }

    /// Enter or Tab.
    fn end(&mut self, at_ms: u64, key: &WedgeKey, out: &mut Vec<WedgeOut>) {
        match self.burst.take() {
            Some(burst) if self.is_scan(&burst) => {
                out.extend(self.frame(burst, at_ms).map(WedgeOut::Scan));
                self.scan_ended_ms = Some(at_ms);
            }
            rest => {
                self.burst = rest;
                self.flush(out);
                out.push(WedgeOut::Key(name(key)));
            }
        }
        self.typed_ms = None;
    }

    fn is_scan(&self, burst: &Burst) -> bool {
        burst.n_keys >= self.config.min_keys && burst.is_varied && !burst.continues_typing
    }

    /// No Enter came: a scan only if the bytes carry an end of their own, or are too many.
    fn flush(&mut self, out: &mut Vec<WedgeOut>) {
        let Some(burst) = self.burst.take() else { return };
        let has_own_end = burst.bytes.last() == Some(&LF)
            || (burst.bytes.first() == Some(&STX) && burst.bytes.last() == Some(&ETX));
        let last_ms = burst.last_ms;
        if burst.len > self.config.max_bytes || (has_own_end && self.is_scan(&burst)) {
            out.extend(self.frame(burst, last_ms).map(WedgeOut::Scan));
            return;
        }
        let has_letters = burst.keys.iter().any(|key| matches!(key, WedgeKey::Char(_)));
        if has_letters {
            self.typed_ms = Some(last_ms);
        }
        if burst.n_keys < self.config.min_keys || burst.n_keys == 1 {
            out.extend(burst.keys.iter().map(|key| WedgeOut::Key(name(key))));
        } else {
            out.push(WedgeOut::Typed(String::from_utf8_lossy(&burst.bytes).into_owned()));
        }
    }

    /// `None` when nothing but prefix and framing came.
    fn frame(&self, burst: Burst, ended_ms: u64) -> Option<Frame> {
        let mut code = burst.bytes.as_slice();
        let whole = code.len();
        code = code.strip_suffix(&[LF]).unwrap_or(code);
        code = match code {
            [STX, inner @ .., ETX] => inner,
            bare => bare,
        };
        code = code.strip_prefix(self.config.prefix.as_slice()).unwrap_or(code);
        let total_len = burst.len - (whole - code.len());
        let kept = code.len().min(self.config.max_bytes + 1);
        let bytes = code.get(..kept).filter(|bytes| !bytes.is_empty())?.to_vec();
        Some(Frame {
            bytes,
            first_ms: burst.first_ms,
            last_ms: ended_ms,
            unterminated: false,
            overlong: total_len > self.config.max_bytes,
            total_len,
        })
    }
}

/// The name of a key in keys.toml.
fn name(key: &WedgeKey) -> String {
    match key {
        WedgeKey::Char(' ') => "Space".to_owned(),
        WedgeKey::Char(letter) => letter.to_string(),
        WedgeKey::Ctrl(' ') => "Ctrl+Space".to_owned(),
        WedgeKey::Ctrl(letter) => format!("Ctrl+{}", letter.to_uppercase()),
        WedgeKey::Enter => "Enter".to_owned(),
        WedgeKey::Tab => "Tab".to_owned(),
        WedgeKey::Named(name) => name.clone(),
    }
}

/// The byte a terminal would have sent for Control and this key, if there is one.
///
/// Source: the table of control keys every terminal has kept since the VT220; a group separator
/// is Control and 5, or Control and ].
fn control_byte(letter: char) -> Option<u8> {
    match letter.to_ascii_lowercase() {
        letter @ 'a'..='z' => u8::try_from(letter).ok().map(|byte| byte - b'a' + 1),
        ' ' | '2' | '@' => Some(0x00),
        '3' | '[' => Some(ESC),
        '4' | '\\' => Some(0x1C),
        '5' | ']' => Some(0x1D),
        '6' | '^' | '~' => Some(0x1E),
        '7' | '_' | '/' => Some(0x1F),
        '8' | '?' => Some(0x7F),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
