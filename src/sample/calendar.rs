//! When things happen in the made-up warehouse: orders by day and hour, parcels on working days.
//! Owns: the shape of a day. Never: a clock: "today" is the day the sample was asked for.
//! Start at `Calendar::placed_at`. Tests: beside the code.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Weekday};

use super::dice::Dice;
use super::people::Country;

/// How far back the first order was placed, in days: past the longest usual return window.
pub(super) const SPAN_DAYS: i64 = 90;

const DAY_SECONDS: i64 = 86_400;

/// Time as the sample sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar {
    /// 05:00 UTC of the day of the shift: nothing in the files is later.
    morning: NaiveDateTime,
    orders: i64,
}

impl Calendar {
    pub(super) fn new(today: NaiveDate, orders: u64) -> Calendar {
        let morning = today.and_time(chrono::NaiveTime::MIN) + TimeDelta::hours(5);
        Calendar { morning, orders: i64::try_from(orders).unwrap_or(i64::MAX).max(1) }
    }

    pub(super) fn is_past(&self, at: NaiveDateTime) -> bool {
        at < self.morning
    }

    /// Whole days from `at` to the morning of the shift.
    pub(super) fn days_since(&self, at: NaiveDateTime) -> i64 {
        (self.morning - at).num_days()
    }

    /// When the nth order was placed. Later orders are never earlier.
    pub(super) fn placed_at(&self, order: u64) -> NaiveDateTime {
        let order = i64::try_from(order).unwrap_or(i64::MAX).min(self.orders);
        let span = SPAN_DAYS * DAY_SECONDS;
        let since = i128::from(order) * i128::from(span) / i128::from(self.orders);
        let since = i64::try_from(since).unwrap_or(span);
        let midnight = self.morning - TimeDelta::hours(5) - TimeDelta::days(SPAN_DAYS);
        let (day, share) = (since / DAY_SECONDS, since % DAY_SECONDS);
        midnight + TimeDelta::days(day) + TimeDelta::seconds(hour_curve(share))
    }

    /// When a parcel of that order left, in an afternoon: what is ordered before one o'clock may
    /// still leave that day.
    pub(super) fn shipped_at(&self, placed: NaiveDateTime, dice: &mut Dice) -> NaiveDateTime {
        let ready = placed + TimeDelta::hours(whole(dice.between(11, 26)));
        at_hour(working_day(ready), 13, 17, dice)
    }

    pub(super) fn delivered_at(
        &self,
        shipped: NaiveDateTime,
        to: Country,
        dice: &mut Dice,
    ) -> NaiveDateTime {
        let days = match to {
            Country::France => dice.between(1, 3),
            Country::Belgium | Country::Germany => dice.between(2, 5),
        };
        at_hour(working_day(shipped + TimeDelta::days(whole(days))), 7, 17, dice)
    }

    /// When the customer announced the return: most within the first week, the last on day 14.
    pub(super) fn announced_at(&self, delivered: NaiveDateTime, dice: &mut Dice) -> NaiveDateTime {
        let days = dice.between(1, 14).min(dice.between(1, 14));
        at_hour(delivered + TimeDelta::days(whole(days)), 6, 21, dice)
    }
}

/// RFC 3339, UTC, whole seconds.
pub(super) fn rfc3339(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Of a day's orders 6 % come before seven in the morning, 55 % by six in the evening, the rest
/// after it. `share` and the answer are seconds of the day; the curve never falls.
fn hour_curve(share: i64) -> i64 {
    let (night, day) = (DAY_SECONDS * 6 / 100, DAY_SECONDS * 61 / 100);
    let stretch = |from: i64, to: i64, first: i64, hours: i64| {
        first * 3_600 + (share - from) * hours * 3_600 / (to - from)
    };
    if share < night {
        stretch(0, night, 0, 7)
    } else if share < day {
        stretch(night, day, 7, 11)
    } else {
        stretch(day, DAY_SECONDS, 18, 6)
    }
}

/// That day, or the Monday after it.
fn working_day(at: NaiveDateTime) -> NaiveDateTime {
    match at.weekday() {
        Weekday::Sun => at + TimeDelta::days(1),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri | Weekday::Sat => {
            at
        }
    }
}

/// That day at some time from the hour `first` to the end of the hour `last`, UTC.
fn at_hour(day: NaiveDateTime, first: u64, last: u64, dice: &mut Dice) -> NaiveDateTime {
    let second = dice.between(first * 3_600, last * 3_600 + 3_599);
    day.date().and_time(chrono::NaiveTime::MIN) + TimeDelta::seconds(whole(second))
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::dice::Purpose;
    use super::*;

    fn calendar(orders: u64) -> Calendar {
        Calendar::new(NaiveDate::from_ymd_opt(2026, 1, 5).unwrap(), orders)
    }

    #[test]
    fn a_later_order_is_never_placed_earlier() {
        let calendar = calendar(5_000);
        let placed: Vec<_> = (0..5_000).map(|order| calendar.placed_at(order)).collect();
        assert!(placed.is_sorted());
        assert!(calendar.is_past(placed[4_999]));
        assert_eq!(calendar.days_since(placed[0]), SPAN_DAYS);
    }

    #[test]
    fn nothing_leaves_or_arrives_on_a_sunday() {
        let calendar = calendar(700);
        let mut dice = Dice::new(1, Purpose::Order, 0);
        for order in 0..700 {
            let placed = calendar.placed_at(order);
            let shipped = calendar.shipped_at(placed, &mut dice);
            let delivered = calendar.delivered_at(shipped, Country::Germany, &mut dice);
            assert!(shipped > placed, "{placed} {shipped}");
            assert!(delivered > shipped, "{shipped} {delivered}");
            assert!(shipped.weekday() != Weekday::Sun && delivered.weekday() != Weekday::Sun);
        }
    }
}
