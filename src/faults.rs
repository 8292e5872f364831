//! Named places where a test makes the process die, as a power cut would: by SIGKILL, with nothing
//! flushed and nothing unwound. Owns: the one armed point. Never: in a released binary, where
//! without the feature `failpoints` a point is nothing.
//! Start at `point`. Tests: the end-to-end crash test, which needs a process to lose.

#[cfg(feature = "failpoints")]
use std::sync::Mutex;

#[cfg(feature = "failpoints")]
struct Armed {
    name: String,
    /// Passages left before the fatal one, itself counted.
    left: u32,
}

#[cfg(feature = "failpoints")]
static ARMED: Mutex<Option<Armed>> = Mutex::new(None);

/// Lets the process die at the `nth` passage (from 1) of the point `name`. Arming again replaces
/// the point armed before.
#[cfg(feature = "failpoints")]
pub fn arm(name: &str, nth: u32) {
    if let Ok(mut armed) = ARMED.lock() {
        *armed = Some(Armed { name: name.to_owned(), left: nth });
    }
}

/// A place where a crash must lose nothing that was acknowledged.
#[cfg(feature = "failpoints")]
pub fn point(name: &'static str) {
    let Ok(mut armed) = ARMED.lock() else { return };
    let Some(fatal) = armed.as_mut().filter(|armed| armed.name == name) else { return };
    fatal.left = fatal.left.saturating_sub(1);
    if fatal.left == 0 {
        // The signal can't be caught or blocked: nothing runs after it, and no error is possible
        // for a process that signals itself.
        let _ = nix::sys::signal::kill(nix::unistd::Pid::this(), nix::sys::signal::Signal::SIGKILL);
    }
}

/// A place where a crash must lose nothing that was acknowledged: nothing without the feature.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub fn point(_name: &'static str) {}
