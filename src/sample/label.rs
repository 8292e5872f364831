//! The numbers on labels: GTINs, serials, tracking and RMA numbers, each its own by construction.
//! Owns: their shapes and check digits. Never: chance: a number is a function of what it is for.
//! Start at `Slot`. Tests: beside the code.
//!
//! GTINs start with 952, which GS1 keeps for demonstrations: they are nobody's.

use dockside_core::domain::ids::check_digit;

use super::client::House;

/// The parcels of one order that can ever have a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Outbound(Nth),
    Return(Nth),
    /// What a customer bought himself at the post office: in no file of ours.
    OwnPostage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nth {
    First,
    Second,
}

impl Slot {
    fn offset(self) -> u64 {
        match self {
            Slot::Outbound(Nth::First) => 0,
            Slot::Outbound(Nth::Second) => 1,
            Slot::Return(Nth::First) => 2,
            Slot::Return(Nth::Second) => 3,
            Slot::OwnPostage => 4,
        }
    }
}

/// Slots an order has room for in the space of numbers.
const SLOTS: u64 = 8;

/// Who carries a parcel, named as configuration names carriers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Colissimo,
    Chronopost,
    Ups,
    Dpd,
    Bpost,
    Dhl,
}

impl Carrier {
    pub(super) fn word(self) -> &'static str {
        match self {
            Carrier::Colissimo => "colissimo",
            Carrier::Chronopost => "chronopost",
            Carrier::Ups => "ups",
            Carrier::Dpd => "dpd",
            Carrier::Bpost => "bpost",
            Carrier::Dhl => "dhl",
        }
    }
}

/// Spreads `number` over `digits` decimal places so that neighbours look unrelated. No two numbers
/// below ten to the power of `digits` meet: the factor ends in 7, so it shares no factor with 10.
fn spread(number: u64, digits: u32) -> u64 {
    let size = 10_u128.pow(digits);
    let spread = (u128::from(number) * 7_654_321_357 + 1_234_567_891) % size;
    u64::try_from(spread).unwrap_or_default()
}

/// The tracking number of one parcel of one order.
pub(super) fn tracking(carrier: Carrier, order: u64, slot: Slot) -> String {
    let number = order * SLOTS + slot.offset();
    let product = |out: &'static str, back: &'static str| match slot {
        Slot::Outbound(_) | Slot::OwnPostage => out,
        Slot::Return(_) => back,
    };
    match carrier {
        Carrier::Colissimo => {
            let body = format!("{:010}", spread(number, 10));
            format!("{}{body}{}", product("6A", "8R"), gs1_digit(&body))
        }
        Carrier::Chronopost => {
            let body = format!("{:08}", spread(number, 8));
            format!("{}{body}{}FR", product("XS", "XR"), upu_digit(&body))
        }
        Carrier::Ups => {
            let (account, parcel) = (number / 10_000_000, spread(number % 10_000_000, 7));
            let body = format!("DK{account}952{}{parcel:07}", product("68", "90"));
            format!("1Z{body}{}", ups_digit(&body))
        }
        Carrier::Dpd => {
            let body = format!("{}{:09}", product("0150", "0151"), spread(number, 9));
            // Fourteen digits would read as a GTIN if their last one passed for its check digit.
            let last = (gs1_digit(&body) + 5) % 10;
            format!("{body}{last}")
        }
        Carrier::Bpost => format!("323299{}{:016}", product("01", "02"), spread(number, 16)),
        Carrier::Dhl => format!("JJD000{}{:012}", product("390", "391"), spread(number, 12)),
    }
}

/// The GS1 check digit of digits written by this room.
fn gs1_digit(body: &str) -> u8 {
    check_digit(body).unwrap_or_default()
}

/// Source: UPU standard S10: weights 8 6 4 2 3 5 9 7, eleven less the remainder by eleven.
fn upu_digit(body: &str) -> u32 {
    let weights = [8, 6, 4, 2, 3, 5, 9, 7];
    let sum: u32 =
        body.bytes().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        digit => digit,
    }
}

/// Letters count as (place in ASCII - 3) modulo 10, weights 1 and 2, modulo 10.
fn ups_digit(body: &str) -> u32 {
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        letter => u32::from(letter - 3) % 10,
    };
    let sum: u32 = body.bytes().zip([1, 2].into_iter().cycle()).map(|(b, w)| value(b) * w).sum();
    (10 - sum % 10) % 10
}

/// The GTIN-13 of the nth article of a client.
pub(super) fn gtin13(house: House, article: u64) -> String {
    let shop = match house {
        House::Lumen => 1,
        House::Brico => 2,
    };
    let body = format!("952{shop}{:08}", 10_000 + article * 7);
    format!("{body}{}", gs1_digit(&body))
}

/// The serial number of the nth piece of a line; `line` and `piece` count from 1, up to 9 each.
pub(super) fn serial(order: u64, line: u32, piece: u32) -> String {
    let number = order * 100 + u64::from(line) * 10 + u64::from(piece);
    format!("SN{:010}", spread(number, 10))
}

/// The number of the RMA of an order: each shop's software writes them in its own way.
pub(super) fn rma(house: House, order: u64) -> String {
    let number = spread(order, 8);
    match house {
        House::Lumen => format!("RL{number:08}"),
        House::Brico => format!("RMA-{number:08}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use dockside_core::domain::ids::Gtin;

    use super::*;

    const CARRIERS: [Carrier; 6] = [
        Carrier::Colissimo,
        Carrier::Chronopost,
        Carrier::Ups,
        Carrier::Dpd,
        Carrier::Bpost,
        Carrier::Dhl,
    ];
    const SLOTS_USED: [Slot; 5] = [
        Slot::Outbound(Nth::First),
        Slot::Outbound(Nth::Second),
        Slot::Return(Nth::First),
        Slot::Return(Nth::Second),
        Slot::OwnPostage,
    ];

    #[test]
    fn no_two_parcels_share_a_number() {
        for carrier in CARRIERS {
            let mut seen = BTreeSet::new();
            // The first orders, and some far out where the space of numbers could wrap.
            for order in (0..2_000).chain(9_998_000..10_000_000) {
                for slot in SLOTS_USED {
                    let number = tracking(carrier, order, slot);
                    assert!(seen.insert(number.clone()), "{number} twice");
                }
            }
        }
    }

    #[test]
    fn no_tracking_number_reads_as_a_product() {
        for carrier in CARRIERS {
            for order in 0..500 {
                let number = tracking(carrier, order, Slot::Return(Nth::First));
                assert!(number.parse::<Gtin>().is_err(), "{number}");
            }
        }
    }

    #[test]
    fn check_digits_are_those_of_published_numbers() {
        assert_eq!(upu_digit("47312482"), 9); // RB473124829NL, the standard's own example
        assert_eq!(ups_digit("999AA1012345678"), 4); // 1Z999AA10123456784, the carrier's example
    }

    #[test]
    fn serials_are_their_own() {
        let mut seen = BTreeSet::new();
        for order in 0..500 {
            for line in 1..=5 {
                for piece in 1..=3 {
                    assert!(seen.insert(serial(order, line, piece)));
                }
            }
        }
    }
}
