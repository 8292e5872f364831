//! The two made-up clients and how each numbers its orders.
//! Owns: who sells, the numbering, the overlap. Never: what is sold. Start at `House::of`.
//! Tests: beside the code.
//!
//! Before it changed its shop, the second client numbered its orders as the first does: so both
//! have an order 100234, as two clients of one warehouse will.

/// A client of the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum House {
    /// Fashion.
    Lumen,
    /// Tools, lighting and electronics for the home.
    Brico,
}

/// The first order number of both.
const FIRST_NO: u64 = 100_200;
/// How many orders the second client numbered in the same way.
const OLD_SHOP_ORDERS: u64 = 100;

/// Of every five orders three are fashion: it sells more often and returns more.
const PATTERN: [House; 5] = [House::Lumen, House::Brico, House::Lumen, House::Brico, House::Lumen];

impl House {
    pub(super) fn word(self) -> &'static str {
        match self {
            House::Lumen => "lumen",
            House::Brico => "brico",
        }
    }

    pub(super) fn brand(self) -> &'static str {
        match self {
            House::Lumen => "Lumen",
            House::Brico => "Brico",
        }
    }

    /// Whose the nth order of the sample is, and the number that client gave it.
    pub(super) fn of(order: u64) -> (House, String) {
        let (round, within) = (order / 5, order % 5);
        let (house, count) = match within {
            0 => (PATTERN[0], round * 3),
            1 => (PATTERN[1], round * 2),
            2 => (PATTERN[2], round * 3 + 1),
            3 => (PATTERN[3], round * 2 + 1),
            _ => (PATTERN[4], round * 3 + 2),
        };
        (house, house.number(count))
    }

    fn number(self, count: u64) -> String {
        match self {
            House::Brico if count >= OLD_SHOP_ORDERS => {
                format!("B{:07}", count - OLD_SHOP_ORDERS + 1)
            }
            House::Lumen | House::Brico => (FIRST_NO + count).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_client_never_uses_a_number_twice() {
        let numbers: BTreeSet<_> = (0..5_000).map(House::of).collect();
        assert_eq!(numbers.len(), 5_000);
    }

    #[test]
    fn both_clients_have_an_order_100234() {
        let both: Vec<House> = (0..100)
            .map(House::of)
            .filter(|(_, number)| number == "100234")
            .map(|(house, _)| house)
            .collect();
        assert_eq!(both.len(), 2);
        assert_ne!(both[0], both[1]);
    }
}
