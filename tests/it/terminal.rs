//! The stage of the end-to-end tests: a real program in a pseudo-terminal, scanners on others.
//! Owns: starting, typing, scanning, looking at the screen, signals. Never: what the program does.
//! Start at `Station` and `Scanner`. Tests of the stage itself: terminal/tests.rs.

#![allow(dead_code, reason = "each test file uses its part of the stage")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longest a test waits for something that is to come, on a machine that has other work.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Time of one byte at 9600 baud with start and stop bit.
const BYTE_AT_9600: Duration = Duration::from_micros(1_042);

/// The program under test: the one `DOCKSIDE_BIN` names, or the one built with the tests.
#[expect(clippy::disallowed_methods, reason = "the one place where tests read the environment")]
pub fn dockside() -> PathBuf {
    std::env::var("DOCKSIDE_BIN")
        .map_or_else(|_| PathBuf::from(env!("CARGO_BIN_EXE_dockside")), PathBuf::from)
}

#[expect(clippy::disallowed_methods, reason = "a test's patience is measured on the real clock")]
fn now() -> Instant {
    Instant::now()
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Code(u32),
    /// By a signal.
    Killed,
}

/// A program in a terminal of its own, which is its controlling one.
pub struct Station {
    name: String,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    chunks: Receiver<Vec<u8>>,
    parser: vt100::Parser,
    output: Vec<u8>,
    exit: Option<Exit>,
}

impl Station {
    /// Starts the program under test; see [`Station::start_program`].
    pub fn start(args: &[&str], env: &[(&str, &str)], cols: u16, rows: u16) -> Station {
        Station::start_program(&dockside(), args, env, cols, rows)
    }

    /// Starts any program. Its environment is `PATH`, `HOME` in the temporary directory,
    /// `TERM=xterm-256color`, `LANG=C.UTF-8` and what `env` adds.
    pub fn start_program(
        program: &Path,
        args: &[&str],
        env: &[(&str, &str)],
        cols: u16,
        rows: u16,
    ) -> Station {
        let pair = native_pty_system().openpty(size(cols, rows)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", std::env::temp_dir());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (key, value) in env {
            command.env(key, value);
        }
        command.args(args);
        command.cwd(std::env::temp_dir());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let (sender, chunks) = channel();
        // Reads for as long as the program lives, so that a full terminal never stops it.
        std::thread::spawn(move || {
            let mut bytes = [0; 8_192];
            while let Ok(n_bytes @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..n_bytes].to_vec()).is_err() {
                    break;
                }
            }
        });
        Station {
            name: format!("{} {}", program.display(), args.join(" ")),
            child,
            master: pair.master,
            keyboard,
            chunks,
            parser: vt100::Parser::new(rows, cols, 0),
            output: Vec::new(),
            exit: None,
        }
    }

    /// The text on the screen at this moment, row ends trimmed.
    pub fn screen_text(&mut self) -> String {
        self.take_in(Duration::ZERO);
        shown(&self.parser)
    }

    /// The screen itself: colours, cursor, alternate screen.
    pub fn screen(&mut self) -> &vt100::Screen {
        self.take_in(Duration::ZERO);
        self.parser.screen()
    }

    /// Whether the terminal edits lines itself, as a shell wants it; not while it is raw.
    pub fn is_cooked(&self) -> bool {
        let modes = format!("{:?}", self.master.get_termios().unwrap().local_flags);
        modes.contains("ICANON") && modes.contains("ECHO") && modes.contains("ISIG")
    }

    /// Every byte the program wrote since its start.
    pub fn output(&mut self) -> &[u8] {
        self.take_in(Duration::ZERO);
        &self.output
    }

    /// Waits until the screen holds `text`, and gives the whole screen.
    ///
    /// # Panics
    /// With the screen, when the text does not come within [`PATIENCE`] or the program ends.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) -> String {
        self.wait_until(&format!("the text {text:?}"), PATIENCE, |screen| screen.contains(text))
    }

    /// Waits until `text` has left the screen.
    ///
    /// # Panics
    /// As [`Station::wait_for`].
    #[track_caller]
    pub fn wait_gone(&mut self, text: &str) -> String {
        self.wait_until(&format!("no more {text:?}"), PATIENCE, |screen| !screen.contains(text))
    }

    /// Waits until the text of the screen fulfils `claim`, which `wanted` puts in words.
    ///
    /// # Panics
    /// With the screen, when that does not come within `patience` or the program ends before.
    #[track_caller]
    pub fn wait_until(
        &mut self,
        wanted: &str,
        patience: Duration,
        claim: impl Fn(&str) -> bool,
    ) -> String {
        let begun = now();
        loop {
            let screen = self.screen_text();
            if claim(&screen) {
                return screen;
            }
            let left = patience.saturating_sub(begun.elapsed());
            if left.is_zero() || !self.take_in(left) {
                let screen = self.screen_text();
                if claim(&screen) {
                    return screen;
                }
                self.fail(wanted, begun.elapsed());
            }
        }
    }

    /// Types bytes as they are, all at once; blocks while the program does not read.
    pub fn type_bytes(&mut self, bytes: &[u8]) {
        self.keyboard.write_all(bytes).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Types text a key at a time, as slowly as a person.
    pub fn type_slowly(&mut self, text: &str) {
        for letter in text.chars() {
            std::thread::sleep(Duration::from_millis(90));
            self.type_bytes(letter.to_string().as_bytes());
        }
    }

    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.take_in(Duration::ZERO);
        self.parser.screen_mut().set_size(rows, cols);
        self.master.resize(size(cols, rows)).unwrap();
    }

    /// Sends a signal to the program alone.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap().try_into().unwrap())
    }

    /// Waits for the program's end and says how it came; what it wrote last is on the screen then.
    ///
    /// # Panics
    /// With the screen, when it does not end within [`PATIENCE`].
    #[track_caller]
    pub fn exit_status(&mut self) -> Exit {
        let begun = now();
        while begun.elapsed() < PATIENCE {
            if let Some(exit) = self.exit_so_far() {
                while self.take_in(Duration::from_millis(500)) {}
                return exit;
            }
            self.take_in(Duration::ZERO);
            std::thread::sleep(Duration::from_millis(5));
        }
        self.fail("the end of the program", begun.elapsed())
    }

    /// How the program ended, if it has.
    pub fn exit_so_far(&mut self) -> Option<Exit> {
        if self.exit.is_none() {
            self.exit = self.child.try_wait().unwrap().map(|status| match status.signal() {
                Some(_) => Exit::Killed,
                None => Exit::Code(status.exit_code()),
            });
        }
        self.exit
    }

    /// Takes in what the program wrote, waiting at most `patience` for the first of it; false when
    /// nothing more will come or nothing came.
    fn take_in(&mut self, patience: Duration) -> bool {
        let mut next = match self.chunks.recv_timeout(patience) {
            Ok(chunk) => Some(chunk),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
        };
        while let Some(chunk) = next {
            self.parser.process(&chunk);
            self.output.extend(chunk);
            next = self.chunks.try_recv().ok();
        }
        true
    }

    #[track_caller]
    fn fail(&mut self, wanted: &str, waited: Duration) -> ! {
        // A program's terminal is closed a moment before its end can be asked for.
        std::thread::sleep(Duration::from_millis(200));
        let state = match self.exit_so_far() {
            Some(exit) => format!("it has ended: {exit:?}"),
            None => "it is running".to_owned(),
        };
        let (rows, cols) = self.parser.screen().size();
        let rule = "-".repeat(usize::from(cols));
        let (screen, name) = (shown(&self.parser), &self.name);
        panic!(
            "waited {waited:.1?} for {wanted}\n{name}: {state}\n{cols}x{rows}\n{rule}\n{screen}\n{rule}"
        )
    }
}

impl Drop for Station {
    /// No program outlives its test.
    fn drop(&mut self) {
        if self.exit_so_far().is_none() {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn shown(parser: &vt100::Parser) -> String {
    let contents = parser.screen().contents();
    let lines: Vec<&str> = contents.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// How fast a scanner sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As over a line of 9600 baud.
    At9600,
    /// As fast as the reader takes it.
    AtOnce,
}

/// A serial scanner: a pseudo-terminal behind a link of a fixed name, which can be pulled out and
/// plugged in again.
pub struct Scanner {
    place: tempfile::TempDir,
    line: Option<File>,
}

impl Scanner {
    /// A scanner that is plugged in.
    pub fn new() -> Scanner {
        let mut scanner = Scanner { place: tempfile::tempdir().unwrap(), line: None };
        scanner.plug();
        scanner
    }

    /// What goes into `path` of a `[[scanner]]`; the same whichever port is behind it.
    pub fn path(&self) -> PathBuf {
        self.place.path().join("scanner")
    }

    /// Sends a code and CR.
    ///
    /// # Panics
    /// When the scanner is unplugged.
    pub fn scan(&mut self, code: &str, pace: Pace) {
        self.send(&[code.as_bytes(), b"\r"].concat(), pace);
    }

    /// Sends bytes as they are; blocks while a full port is not read.
    ///
    /// # Panics
    /// When the scanner is unplugged.
    pub fn send(&mut self, bytes: &[u8], pace: Pace) {
        let line = self.line.as_mut().unwrap();
        match pace {
            Pace::AtOnce => line.write_all(bytes).unwrap(),
            Pace::At9600 => {
                for byte in bytes {
                    line.write_all(&[*byte]).unwrap();
                    std::thread::sleep(BYTE_AT_9600);
                }
            }
        }
    }

    /// The next byte the program sent back to the scanner, such as BEL.
    ///
    /// # Panics
    /// When the scanner is unplugged or no program has its port open.
    pub fn hear(&mut self) -> u8 {
        let mut byte = [0];
        self.line.as_mut().unwrap().read_exact(&mut byte).unwrap();
        byte[0]
    }

    /// Pulls it out: the port hangs up and its link goes away.
    pub fn unplug(&mut self) {
        std::fs::remove_file(self.path()).unwrap();
        self.line = None;
    }

    /// Plugs it in again, behind another port and the same link.
    pub fn plug(&mut self) {
        let master: PtyMaster =
            posix_openpt(nix::fcntl::OFlag::O_RDWR | nix::fcntl::OFlag::O_NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let port = ptsname_r(&master).unwrap();
        symlink(port, self.path()).unwrap();
        self.line = Some(File::from(std::os::fd::OwnedFd::from(master)));
    }
}

mod tests;
