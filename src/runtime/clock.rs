//! The wall clock, read here and nowhere else.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds UTC since 1970. A clock set before that reads as 0.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// How long until the minute on the screen changes.
#[must_use]
pub fn until_next_minute(now_ms: i64) -> Duration {
    let left = 60_000 - now_ms.rem_euclid(60_000);
    Duration::from_millis(u64::try_from(left).unwrap_or(60_000))
}
