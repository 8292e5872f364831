//! The terminal's keys, read by their own thread: scans of a keyboard wedge, keys, and typing.
//! Typing that is no scan is collected where it shows, and is taken as a scan on Enter: a missing
//! scanner is no dead end.
//! Tests: tests/it/e2e_bench.rs; the pace of a wedge: the core's wedge.

use std::io;
use std::sync::mpsc::Sender;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use crossterm::event::{Event as TerminalEvent, poll, read};
use dockside_core::domain::ids::DeviceName;
use dockside_core::domain::wedge::{Wedge, WedgeConfig, WedgeOut};
use dockside_core::session::input::Input;

use crate::device::wedge::wedge_key;
use crate::runtime::station::Wake;

/// Longest text that is typed by hand, in characters: the longest code a person would type.
const TYPED_MAX: usize = 64;

/// With no burst under way nothing is due; the thread wakes to find out that the program ended.
const IDLE: Duration = Duration::from_secs(3600);

/// Reads keys until the terminal is gone.
///
/// # Errors
/// When the thread can't be started.
pub fn spawn(
    device: DeviceName,
    config: WedgeConfig,
    origin: Instant,
    wakes: Sender<Wake>,
) -> io::Result<JoinHandle<()>> {
    Builder::new().name("keyboard".to_owned()).spawn(move || {
        let mut keyboard =
            Keyboard { device, wedge: Wedge::new(config), typed: String::new(), origin, wakes };
        if let Err(error) = keyboard.run() {
            tracing::error!(%error, "the terminal's keys can't be read any more");
            let _ = keyboard.wakes.send(Wake::TerminalGone);
        }
    })
}

struct Keyboard {
    device: DeviceName,
    wedge: Wedge,
    typed: String,
    origin: Instant,
    wakes: Sender<Wake>,
}

impl Keyboard {
    fn run(&mut self) -> io::Result<()> {
        let mut out = Vec::new();
        loop {
            let now_ms = self.now_ms();
            let wait = self.wedge.idle_at_ms().map_or(IDLE, |due_ms| {
                Duration::from_millis(due_ms.saturating_sub(now_ms).saturating_add(1))
            });
            if poll(wait)? {
                match read()? {
                    TerminalEvent::Key(event) => {
                        if let Some(key) = wedge_key(event) {
                            // Keys that were waiting came without a pause, however late we read.
                            let at_ms = if poll(Duration::ZERO)? {
                                self.wedge.unbroken(self.now_ms())
                            } else {
                                self.now_ms()
                            };
                            self.wedge.push(at_ms, key, &mut out);
                        }
                    }
                    TerminalEvent::Resize(..) => self.wake(Wake::Resized),
                    TerminalEvent::FocusGained
                    | TerminalEvent::FocusLost
                    | TerminalEvent::Mouse(_)
                    | TerminalEvent::Paste(_) => {}
                }
            } else {
                self.wedge.idle(self.now_ms(), &mut out);
            }
            for what in out.drain(..) {
                let wake = Self::told(&self.device, &mut self.typed, what);
                if let Some(wake) = wake
                    && self.wakes.send(wake).is_err()
                {
                    return Ok(()); // the station has ended
                }
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a device reads the monotonic clock")]
    fn now_ms(&self) -> u64 {
        u64::try_from(Instant::now().duration_since(self.origin).as_millis()).unwrap_or(u64::MAX)
    }

    fn wake(&self, wake: Wake) {
        // The receiver is gone only when the station has ended.
        let _ = self.wakes.send(wake);
    }

    /// What the keys mean to the station.
    fn told(device: &DeviceName, typed: &mut String, what: WedgeOut) -> Option<Wake> {
        let scan = |bytes: Vec<u8>, overlong| {
            Some(Wake::Input(Input::Scanned { device: device.clone(), bytes, overlong }))
        };
        match what {
            WedgeOut::Scan(frame) => {
                typed.clear();
                scan(frame.bytes, frame.overlong.then_some(frame.total_len))
            }
            WedgeOut::Key(key) => match key.as_str() {
                "Ctrl+Z" => Some(Wake::Suspend),
                "Enter" if !typed.is_empty() => scan(std::mem::take(typed).into_bytes(), None),
                "Backspace" => {
                    typed.pop();
                    Some(Wake::Input(Input::Typing(typed.clone())))
                }
                "Esc" => {
                    typed.clear();
                    Some(Wake::Input(Input::Typing(String::new())))
                }
                "Space" => Self::type_on(typed, " "),
                one if one.chars().count() == 1 && !(typed.is_empty() && is_digit(one)) => {
                    Self::type_on(typed, one)
                }
                _named => Some(Wake::Input(Input::Pressed(key))),
            },
            WedgeOut::Typed(text) => Self::type_on(typed, &text),
        }
    }

    fn type_on(typed: &mut String, text: &str) -> Option<Wake> {
        let room = TYPED_MAX.saturating_sub(typed.chars().count());
        typed.extend(text.chars().filter(|letter| !letter.is_control()).take(room));
        Some(Wake::Input(Input::Typing(typed.clone())))
    }
}

/// A digit alone answers a tile; within a typed code it is a digit.
fn is_digit(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit()) || key == "?"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(typed: &mut String, key: &str) -> Option<Wake> {
        Keyboard::told(&"keyboard".parse().unwrap(), typed, WedgeOut::Key(key.to_owned()))
    }

    #[test]
    fn a_code_typed_by_hand_is_a_scan_on_enter() {
        let mut typed = String::new();
        for key in ["W", "1", "0", "x"] {
            told(&mut typed, key);
        }
        told(&mut typed, "Backspace");
        assert_eq!(typed, "W10");
        let Some(Wake::Input(Input::Scanned { bytes, .. })) = told(&mut typed, "Enter") else {
            panic!()
        };
        assert_eq!(bytes, b"W10");
        assert!(typed.is_empty());
    }

    #[test]
    fn a_lone_digit_answers_and_a_bare_enter_is_a_key() {
        let mut typed = String::new();
        assert!(matches!(told(&mut typed, "2"), Some(Wake::Input(Input::Pressed(_)))));
        assert!(matches!(told(&mut typed, "Enter"), Some(Wake::Input(Input::Pressed(_)))));
        assert!(matches!(told(&mut typed, "Ctrl+Z"), Some(Wake::Suspend)));
    }
}
