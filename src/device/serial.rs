//! A scanner on a serial port, real or over USB: one thread that does nothing but wait, read, frame
//! and tell. Owns: opening, the line settings, retrying, the bell.
//! Never: wall clock or model. The thread sleeps until there is something to do: an idle scanner
//! costs no wake-up.
//! Start at `spawn_serial`. Tests: serial/tests.rs.

use std::fs::{File, OpenOptions};
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serialport::{DataBits, FlowControl, Parity, SerialPort, StopBits, TTYPort};

use dockside_core::domain::framing::{Frame, Framer, FramerConfig};
use dockside_core::domain::ids::DeviceName;

use crate::device::{DeviceInput, LostCause, Transport, WaitCause, What};

/// First pause before a port is tried again, in milliseconds: a plugged USB scanner takes up to
/// 200 ms from appearing to being permitted.
pub const RETRY_FIRST_MS: u64 = 200;
/// Longest pause before a port is tried again, in milliseconds.
pub const RETRY_MAX_MS: u64 = 5_000;
/// Longest a write of one byte may take, in milliseconds: at 300 baud it takes 33.
const WRITE_MAX_MS: u64 = 200;
/// Bytes of one read: more than a USB packet, less than the kernel's buffer of 4,096.
const READ_BYTES: usize = 1_024;

/// The BEL character: many serial scanners beep when the host sends it.
const BEL: u8 = 0x07;
const WAKE_BELL: u8 = b'b';
const WAKE_STOP: u8 = b's';

/// Speed and framing of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSettings {
    /// Bits a second.
    pub baud: u32,
    pub data_bits: DataBits,
    pub parity: Parity,
    pub stop_bits: StopBits,
    pub flow: FlowControl,
}

impl Default for LineSettings {
    /// 9600 8N1 without flow control, as most serial scanners come out of the box.
    fn default() -> LineSettings {
        LineSettings {
            baud: 9_600,
            data_bits: DataBits::Eight,
            parity: Parity::None,
            stop_bits: StopBits::One,
            flow: FlowControl::None,
        }
    }
}

/// How the operator hears the station through the scanner in his hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Feedback {
    #[default]
    None,
    /// BEL is sent; the scanner must be set to beep on it.
    Bel,
}

/// One serial scanner, as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SerialConfig {
    pub device: DeviceName,
    /// The port, or a link to it: resolved anew at each attempt.
    pub path: PathBuf,
    pub line: LineSettings,
    /// Level of DTR while open; `None` leaves it to the driver. Some USB scanners are silent
    /// without it.
    pub dtr: Option<bool>,
    pub framer: FramerConfig,
    pub feedback: Feedback,
}

/// A running scanner thread. Dropped, it ends the thread and waits for that.
#[derive(Debug)]
pub struct SerialHandle {
    wake: PipeWriter,
    feedback: Feedback,
    thread: Option<JoinHandle<()>>,
}

impl SerialHandle {
    /// Makes the scanner beep, if its configuration says that it can. Returns at once; a failure is
    /// told as [`What::BellFailed`]. A scanner that is not attached stays silent.
    pub fn bell(&self) {
        match self.feedback {
            Feedback::None => {}
            Feedback::Bel => self.wake_up(WAKE_BELL),
        }
    }

    /// Ends the thread and closes the port; nothing is told after this returns.
    pub fn stop(self) {
        drop(self);
    }

    fn wake_up(&self, what: u8) {
        if let Err(error) = (&self.wake).write_all(&[what]) {
            tracing::debug!(%error, "the thread of this scanner has ended already");
        }
    }
}

impl Drop for SerialHandle {
    fn drop(&mut self) {
        self.wake_up(WAKE_STOP);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of a scanner ended by a panic");
        }
    }
}

/// Starts the thread that opens and reads one serial scanner for as long as the handle lives.
///
/// Times in what is told count from `origin`, which all devices of a station share. `sink` is
/// called on that thread; while it blocks, bytes wait in the kernel and the handle cannot stop.
///
/// # Errors
/// Only when the system gives no pipe or no thread; a missing port is told through `sink`.
pub fn spawn_serial(
    config: SerialConfig,
    origin: Instant,
    sink: impl FnMut(DeviceInput) + Send + 'static,
) -> io::Result<SerialHandle> {
    let (woken, wake) = io::pipe()?;
    let feedback = config.feedback;
    let name = format!("scanner {}", config.device);
    let framer = Framer::new(config.framer.clone());
    let mut scanner = Scanner { config, origin, sink, woken, framer, stale_ms: None };
    let thread = std::thread::Builder::new().name(name).spawn(move || scanner.run())?;
    Ok(SerialHandle { wake, feedback, thread: Some(thread) })
}

/// The thread's own.
struct Scanner<S> {
    config: SerialConfig,
    origin: Instant,
    sink: S,
    woken: PipeReader,
    framer: Framer,
    /// When the bytes were taken off that had waited; a scan that began with them is stale as well.
    stale_ms: Option<u64>,
}

/// An open port. The file is the same port opened a second time: it can be waited on together with
/// the wake-up pipe, and its opening tells the system's own reason for a refusal.
struct Port {
    port: TTYPort,
    watch: File,
    found: LineSettings,
}

/// Why a wait or a port ended.
enum Ended {
    Stopped,
    Lost(LostCause),
}

/// What a wait found.
struct Woken {
    by_port: bool,
    by_handle: bool,
}

impl<S: FnMut(DeviceInput)> Scanner<S> {
    fn run(&mut self) {
        let mut told: Option<WaitCause> = None;
        let mut pause_ms = RETRY_FIRST_MS;
        loop {
            match self.open() {
                Ok(mut port) => {
                    told = None;
                    pause_ms = RETRY_FIRST_MS;
                    match self.serve(&mut port) {
                        Ended::Stopped => return,
                        Ended::Lost(why) => self.lose(why),
                    }
                }
                Err(cause) => {
                    if told.as_ref() != Some(&cause) {
                        self.tell(What::Waiting(cause.clone()));
                        told = Some(cause);
                    }
                }
            }
            if self.is_stopped_within(pause_ms) {
                return;
            }
            pause_ms = (pause_ms * 2).min(RETRY_MAX_MS);
        }
    }

    fn open(&self) -> Result<Port, WaitCause> {
        let path = &self.config.path;
        let watch = OpenOptions::new()
            .read(true)
            .custom_flags((OFlag::O_NOCTTY | OFlag::O_NONBLOCK).bits())
            .open(path)
            .map_err(|error| refused(path.clone(), &error))?;
        let unusable = |why: String| WaitCause::Unusable { path: path.clone(), why };
        let asked = self.config.line;
        let mut builder = serialport::new(path.to_string_lossy(), asked.baud)
            .data_bits(asked.data_bits)
            .parity(asked.parity)
            .stop_bits(asked.stop_bits)
            .flow_control(asked.flow)
            .timeout(Duration::from_millis(WRITE_MAX_MS));
        if let Some(level) = self.config.dtr {
            builder = builder.dtr_on_open(level);
        }
        let port = builder.open_native().map_err(|error| match error.kind() {
            serialport::ErrorKind::NoDevice => WaitCause::Busy { path: path.clone() },
            serialport::ErrorKind::Io(io::ErrorKind::PermissionDenied) => {
                WaitCause::Denied { path: path.clone() }
            }
            serialport::ErrorKind::Io(io::ErrorKind::NotFound) => {
                WaitCause::Absent { path: path.clone() }
            }
            serialport::ErrorKind::InvalidInput
            | serialport::ErrorKind::Unknown
            | serialport::ErrorKind::Io(_) => unusable(error.to_string()),
        })?;
        let found = settings_of(&port).map_err(|error| unusable(error.to_string()))?;
        Ok(Port { port, watch, found })
    }

    /// Reads until the port is gone or the handle says stop.
    fn serve(&mut self, port: &mut Port) -> Ended {
        let transport = Transport::Serial {
            path: self.config.path.clone(),
            asked: self.config.line,
            found: port.found,
        };
        let stale = self.take_stale(port);
        // Told only when what waited is out: a scan made at this word is a scan.
        self.tell(What::Attached { transport });
        match stale {
            Ok(0) => {}
            Ok(bytes) => self.tell(What::Stale { bytes }),
            Err(why) => return Ended::Lost(why),
        }
        let mut bytes = [0; READ_BYTES];
        loop {
            let silent_after_ms =
                self.framer.idle_at_ms().map(|due_ms| due_ms.saturating_sub(self.now_ms()));
            let woken = match wait(Some(&port.watch), &self.woken, silent_after_ms) {
                Ok(woken) => woken,
                Err(error) => return Ended::Lost(LostCause::Failed { why: error.to_string() }),
            };
            if woken.by_handle && self.obeys_stop(Some(&mut port.port)) {
                return Ended::Stopped;
            }
            if !woken.by_port {
                let frame = self.framer.idle(self.now_ms());
                self.deliver(frame);
                continue;
            }
            match port.port.read(&mut bytes) {
                Ok(0) => return Ended::Lost(LostCause::HungUp),
                Ok(n_bytes) => self.take(bytes.get(..n_bytes).unwrap_or_default()),
                Err(error) => {
                    if let Some(why) = loss(&error) {
                        return Ended::Lost(why);
                    }
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let mut frames = Vec::new();
        let fresh_ms = self.stale_ms.map_or(0, |stale_ms| stale_ms.saturating_add(1));
        let at_ms = self.framer.unbroken(self.now_ms()).max(fresh_ms);
        self.framer.push(at_ms, bytes, &mut frames);
        self.deliver(frames);
    }

    /// Delivers scans in order, but for one that began before the port was open.
    fn deliver(&mut self, frames: impl IntoIterator<Item = Frame>) {
        for frame in frames {
            if self.stale_ms.is_some_and(|stale_ms| frame.first_ms <= stale_ms) {
                self.tell(What::Stale { bytes: frame.total_len });
            } else {
                self.tell(What::Scan(frame));
            }
        }
    }

    /// Reads off what waited in the port before it was opened, and counts it.
    fn take_stale(&mut self, port: &mut Port) -> Result<usize, LostCause> {
        let failed = |why: String| LostCause::Failed { why };
        let waiting = port.port.bytes_to_read().map_err(|error| failed(error.to_string()))?;
        let mut bytes = vec![0; usize::try_from(waiting).unwrap_or(usize::MAX)];
        if bytes.is_empty() {
            return Ok(0);
        }
        port.port.read_exact(&mut bytes).map_err(|error| failed(error.to_string()))?;
        let (now_ms, mut frames) = (self.now_ms(), Vec::new());
        self.framer.push(now_ms, &bytes, &mut frames);
        self.stale_ms = Some(now_ms);
        Ok(bytes.len())
    }

    fn lose(&mut self, why: LostCause) {
        let partial_bytes = self.framer.lost();
        self.stale_ms = None;
        self.tell(What::Lost { partial_bytes, why });
    }

    /// Reads what the handle asked for, rings if it is to, and says whether it is to stop.
    fn obeys_stop(&mut self, port: Option<&mut TTYPort>) -> bool {
        let mut asked = [0; 64];
        let Ok(n_bytes @ 1..) = self.woken.read(&mut asked) else {
            return true; // the handle is gone without a word
        };
        let asked = asked.get(..n_bytes).unwrap_or_default();
        if asked.contains(&WAKE_STOP) {
            return true;
        }
        if let Some(port) = port
            && asked.contains(&WAKE_BELL)
            && let Err(error) = port.write_all(&[BEL])
        {
            self.tell(What::BellFailed { why: error.to_string() });
        }
        false
    }

    fn is_stopped_within(&mut self, pause_ms: u64) -> bool {
        let until_ms = self.now_ms().saturating_add(pause_ms);
        loop {
            let left_ms = until_ms.saturating_sub(self.now_ms());
            match wait(None, &self.woken, Some(left_ms)) {
                Ok(woken) if woken.by_handle => {
                    if self.obeys_stop(None) {
                        return true;
                    }
                }
                Ok(_) if left_ms == 0 => return false,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, device = %self.config.device, "cannot wait");
                    return true;
                }
            }
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn tell(&mut self, what: What) {
        (self.sink)(DeviceInput { device: self.config.device.clone(), what });
    }
}

/// Sleeps until the port or the handle has something, at most `timeout_ms`; `None` is for ever.
fn wait(port: Option<&File>, handle: &PipeReader, timeout_ms: Option<u64>) -> io::Result<Woken> {
    let timeout = match timeout_ms {
        None => PollTimeout::NONE,
        Some(ms) => PollTimeout::try_from(ms).unwrap_or(PollTimeout::MAX),
    };
    let mut fds = vec![PollFd::new(handle.as_fd(), PollFlags::POLLIN)];
    fds.extend(port.map(|port| PollFd::new(port.as_fd(), PollFlags::POLLIN)));
    match poll(&mut fds, timeout) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(errno) => return Err(errno.into()),
    }
    // A hang-up is something to read as well: the read that follows tells it.
    let is_ready =
        |fd: Option<&PollFd>| fd.and_then(PollFd::revents).is_some_and(|events| !events.is_empty());
    Ok(Woken { by_handle: is_ready(fds.first()), by_port: is_ready(fds.get(1)) })
}

/// What a failed read says of the port; `None` when it is still there.
fn loss(error: &io::Error) -> Option<LostCause> {
    let kind = error.kind();
    if kind == io::ErrorKind::TimedOut || kind == io::ErrorKind::Interrupted {
        return None;
    }
    if kind == io::ErrorKind::BrokenPipe {
        return Some(LostCause::HungUp);
    }
    Some(LostCause::Failed { why: error.to_string() })
}

/// Why the system would not open a path.
fn refused(path: PathBuf, error: &io::Error) -> WaitCause {
    match error.raw_os_error().map(Errno::from_raw) {
        Some(Errno::ENOENT | Errno::ENXIO | Errno::ENODEV | Errno::EIO) => {
            WaitCause::Absent { path }
        }
        Some(Errno::EACCES | Errno::EPERM) => WaitCause::Denied { path },
        Some(Errno::EBUSY) => WaitCause::Busy { path },
        _ => WaitCause::Unusable { path, why: error.to_string() },
    }
}

fn settings_of(port: &TTYPort) -> serialport::Result<LineSettings> {
    Ok(LineSettings {
        baud: port.baud_rate()?,
        data_bits: port.data_bits()?,
        parity: port.parity()?,
        stop_bits: port.stop_bits()?,
        flow: port.flow_control()?,
    })
}

#[cfg(test)]
mod tests;
