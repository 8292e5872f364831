//! The terminal as the station leaves it and finds it: raw mode, alternate screen, one write a
//! frame, and everything put back on exit, panic, SIGTERM, SIGHUP and Ctrl-Z.
//! Never: what is drawn (that is `view`). Tests: tests/it/e2e_terminal.rs.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::Once;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use nix::sys::signal::{Signal, raise};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use ratatui::{Frame, Terminal};

/// A frame of the largest screen with colours is about 20 kB: one write call then.
const FRAME_BYTES: usize = 64 * 1024;

type Out = BufWriter<Stdout>;

/// The screen of the station while it is held.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Out>>,
}

impl Screen {
    /// Takes the terminal. It is given back on drop and on panic.
    ///
    /// # Errors
    /// When standard output is no terminal or can't be set.
    pub fn take() -> io::Result<Screen> {
        give_back_on_panic();
        enter()?;
        let out = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        let terminal = Terminal::new(CrosstermBackend::new(out))?;
        Ok(Screen { terminal })
    }

    /// Draws one frame, as one synchronized update, so that it never tears over ssh or tmux.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(view)?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.terminal.backend_mut().flush()
    }

    /// Draws everything again, as after something else wrote on the screen.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn repaint(&mut self) -> io::Result<()> {
        // Never `clear`: it asks the terminal for its cursor and waits for the answer, which comes
        // in as keys do and which some terminals never give.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }

    /// The terminal's own bell: the last of the sounds, and often muted.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn bell(&mut self) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        out.write_all(b"\x07")?;
        io::Write::flush(out)
    }

    /// Ctrl-Z: back to the shell, and everything drawn again once the shell brings us back.
    ///
    /// # Errors
    /// When the terminal can't be given back or taken again.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        raise(Signal::SIGSTOP).map_err(io::Error::from)?;
        enter()?;
        self.repaint()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    // A scan station never wants the mouse or a pasted bracket in the way of a scan.
    execute!(io::stdout(), EnterAlternateScreen, DisableBracketedPaste, DisableMouseCapture, Hide)
}

/// Puts the terminal back. What fails here can't be told to anybody: the terminal is what would
/// show it.
fn give_back() {
    let _ = disable_raw_mode();
    let _ = execute!(io::stdout(), EndSynchronizedUpdate, LeaveAlternateScreen, Show);
}

fn give_back_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            give_back();
            before(info);
        }));
    });
}
