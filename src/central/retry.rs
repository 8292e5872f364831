//! Decides when to try again, and which errors only a person can mend.
//! Owns: the pauses and their spread, the classes of SQLSTATE. Never: a clock or a source of
//! chance; the caller hands in the number. Tests: beside the code.

use std::time::Duration;

/// The shortest pause: a failover takes seconds, a quicker try only adds to the load.
pub const SHORTEST: Duration = Duration::from_secs(1);

/// The longest pause: what waits reaches central within a minute of its coming back.
pub const LONGEST: Duration = Duration::from_secs(60);

/// The pause before the next try, after `failures` in a row (1 is the first). It doubles from 2 s
/// to [`LONGEST`], and the upper half of it is left to `chance`, so that a thousand stations that
/// lost central together don't come back together.
#[must_use]
pub fn pause(failures: u32, chance: u64) -> Duration {
    let doubled = SHORTEST.saturating_mul(2_u32.saturating_pow(failures.max(1)));
    let whole_ms = u64::try_from(doubled.min(LONGEST).as_millis()).unwrap_or(u64::MAX);
    let half_ms = whole_ms / 2;
    Duration::from_millis(half_ms + chance % (half_ms + 1))
}

/// Numbers to spread pauses with: the same seed gives the same ones. Not for secrets.
///
/// Source: `SplitMix64`, Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    #[must_use]
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// Whether PostgreSQL would answer the same until somebody changes something there: login or
/// password refused, no such database, no right, no such function or table (an older central), a
/// call of ours it can't read. All else is worth another try: a standby that is still read-only
/// (25006), a shutdown (57P01), a lost race (40001, 40P01), too many connections (53300).
///
/// Source: PostgreSQL 15 documentation, appendix A.
#[must_use]
pub fn is_permanent(sqlstate: &str) -> bool {
    const CLASSES: [&str; 4] = ["22", "23", "28", "42"];
    const CODES: [&str; 2] = ["3D000", "3F000"];
    CODES.contains(&sqlstate) || CLASSES.iter().any(|class| sqlstate.starts_with(class))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_failover_is_worth_another_try_and_a_wrong_password_is_not() {
        for code in
            ["25006", "57P01", "57P03", "40001", "40P01", "53300", "08006", "57014", "XX000"]
        {
            assert!(!is_permanent(code), "{code}");
        }
        for code in ["28P01", "28000", "42501", "42883", "3D000", "3F000", "22P02", "23502"] {
            assert!(is_permanent(code), "{code}");
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_numbers() {
        // The first values of the published algorithm for seed 0.
        let mut chance = Chance::new(0);
        assert_eq!(chance.draw(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(chance.draw(), 0x6E78_9E6A_A1B9_65F4);
    }

    proptest! {
        #[test]
        fn no_pause_leaves_its_bounds(failures in any::<u32>(), chance in any::<u64>()) {
            let pause = pause(failures, chance);
            prop_assert!(SHORTEST <= pause && pause <= LONGEST, "{pause:?}");
        }

        #[test]
        fn after_many_failures_the_pause_is_long_and_spread(chance in any::<u64>()) {
            prop_assert!(pause(7, chance) >= LONGEST / 2);
            prop_assert_ne!(pause(7, 1), pause(7, 2));
        }
    }
}
