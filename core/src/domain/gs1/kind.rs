//! What the prefix of a GTIN says: a book, a paper, a number of one shop's own, a coupon.
//! Owns: the prefixes. Never: whether the product exists. Start at `kind_of`. Tests: gs1/tests.rs.
//! Source: GS1 General Specifications, section 1.4.

use crate::domain::ids::Gtin;

/// Whose number a GTIN is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GtinKind {
    /// A product, the same everywhere.
    Product,
    /// A book: 978, or 979 but for 9790.
    Isbn,
    /// Printed music: 9790.
    Ismn,
    /// A newspaper or magazine: 977.
    Issn,
    /// A number that one shop or region gives out for itself, often with a weight or price in it:
    /// 02, 04, 20 to 29, and a GTIN-8 that begins with 0 or 2. It says nothing anywhere else.
    Restricted,
    /// 05, 981 to 984, 99.
    Coupon,
    /// A receipt that pays out a deposit: 980.
    RefundReceipt,
    /// An example of a guide or a test: 952.
    Demonstration,
}

const GTIN_8_END: u64 = 100_000_000;

/// What the prefix of a number says, whichever length it was read in; a case of a product (its
/// first digit is 1 to 9) has the prefix of the product.
#[must_use]
pub fn kind_of(gtin: Gtin) -> GtinKind {
    let number = gtin.number();
    if number < GTIN_8_END {
        return match number / 10_000_000 {
            0 | 2 => GtinKind::Restricted,
            _ => GtinKind::Product,
        };
    }
    match number / 10_000_000_000 % 1000 {
        20..=29 | 40..=49 | 200..=299 => GtinKind::Restricted,
        50..=59 | 981..=984 | 990..=999 => GtinKind::Coupon,
        952 => GtinKind::Demonstration,
        977 => GtinKind::Issn,
        979 if (number / 1_000_000_000).is_multiple_of(10) => GtinKind::Ismn,
        978 | 979 => GtinKind::Isbn,
        980 => GtinKind::RefundReceipt,
        _ => GtinKind::Product,
    }
}
