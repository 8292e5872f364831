//! Chance that is the same for ever: SplitMix64, keyed by seed, purpose and index.
//! Owns: the numbers behind every made-up thing; changing one line here changes every sample.
//! Never: a system's own randomness. Start at `Dice::new`. Tests: beside the code.
//!
//! Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.

const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a stream of numbers is for: no two purposes share numbers, so a change to one kind of
/// record leaves the others as they were.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Order,
    Customer,
    Rma,
    Shift,
}

/// A stream of numbers. Any order's stream is reached without drawing those before it.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

impl Dice {
    pub(super) fn new(seed: u64, purpose: Purpose, index: u64) -> Dice {
        let tag: u64 = match purpose {
            Purpose::Order => 1,
            Purpose::Customer => 2,
            Purpose::Rma => 3,
            Purpose::Shift => 4,
        };
        let keyed = mix(seed.wrapping_add(GAMMA)).wrapping_add(mix(tag.wrapping_mul(GAMMA)));
        Dice(mix(keyed.wrapping_add(index.wrapping_mul(GAMMA))))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let scaled = (u128::from(self.next()) * u128::from(bound)) >> 64;
        u64::try_from(scaled).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// A place in a list of `len`; 0 when the list is empty.
    pub(super) fn place(&mut self, len: usize) -> usize {
        let bound = u64::try_from(len).unwrap_or(u64::MAX);
        usize::try_from(self.below(bound)).unwrap_or_default()
    }

    /// True `percent` times in a hundred.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One word of a list that is never empty.
    pub(super) fn word(&mut self, list: &[&'static str]) -> &'static str {
        list[self.place(list.len())]
    }

    /// One of a list that is never empty, each as often as its weight says.
    pub(super) fn weighted<'a, T>(&mut self, list: &'a [T], weight: impl Fn(&T) -> u64) -> &'a T {
        let mut left = self.below(list.iter().map(&weight).sum());
        for item in list {
            match left.checked_sub(weight(item)) {
                Some(rest) => left = rest,
                None => return item,
            }
        }
        &list[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_paper() {
        // The published sequence for a state of 1234567.
        let mut dice = Dice(1_234_567);
        assert_eq!(dice.next(), 6_457_827_717_110_365_317);
        assert_eq!(dice.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn a_weight_of_nothing_is_never_drawn() {
        let mut dice = Dice::new(1, Purpose::Order, 0);
        let weights = [0_u64, 3, 0, 1];
        let mut drawn = [0_u32; 4];
        for _ in 0..400 {
            let place = *dice.weighted(&[0_usize, 1, 2, 3], |place| weights[*place]);
            drawn[place] += 1;
        }
        assert_eq!((drawn[0], drawn[2]), (0, 0));
        assert!(drawn[1] > 2 * drawn[3], "{drawn:?}");
    }

    #[test]
    fn streams_of_two_purposes_differ() {
        let first = Dice::new(1, Purpose::Order, 7).next();
        assert_ne!(first, Dice::new(1, Purpose::Rma, 7).next());
        assert_ne!(first, Dice::new(1, Purpose::Order, 8).next());
        assert_ne!(first, Dice::new(2, Purpose::Order, 7).next());
    }
}
