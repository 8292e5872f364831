//! Times as people at the site read them. Owns: the site's local time. Never: the clock.

use chrono::{DateTime, Datelike, TimeZone, Utc};
use chrono_tz::Tz;

use crate::view::screens::Stage;
use crate::view::words::Arg;

impl Stage<'_> {
    fn local(&self, at: i64) -> Option<DateTime<Tz>> {
        let at = Utc.timestamp_millis_opt(at).single()?;
        Some(at.with_timezone(&self.look.time_zone))
    }

    /// HH:MM.
    pub(super) fn minute(&self, at: i64) -> String {
        self.local(at).map(|at| at.format("%H:%M").to_string()).unwrap_or_default()
    }

    /// HH:MM:SS.
    pub(super) fn second(&self, at: i64) -> String {
        self.local(at).map(|at| at.format("%H:%M:%S").to_string()).unwrap_or_default()
    }

    /// In words, with the day where it is another one, and the year where it is another one.
    pub(super) fn when(&self, at: i64) -> String {
        let (Some(then), Some(now)) = (self.local(at), self.local(self.model.now)) else {
            return String::new();
        };
        let time = self.minute(at);
        if then.date_naive() == now.date_naive() {
            return self.text("when-today", &[("time", (&time).into())]);
        }
        let (day, year) = (then.day().to_string(), then.year().to_string());
        let month = self.text(&format!("month-{}", then.month()), &[]);
        let args: [(&str, Arg<'_>); 4] = [
            ("time", (&time).into()),
            ("day", (&day).into()),
            ("month", (&month).into()),
            ("year", (&year).into()),
        ];
        let id = if then.year() == now.year() { "when-day" } else { "when-year" };
        self.text(id, &args)
    }
}
