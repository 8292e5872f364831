//! The names things go by: each id is its own type, and parsing is the only way in.
//! Owns: what a well-formed name is. Never: whether the thing exists (that is the order book's word).
//! Tests: beside the code.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest name of ours in bytes: GS1's longest text field is 90 (AI 91 to 99), anything longer in
/// an order number or SKU is a mistake of the file it came from.
pub const NAME_MAX_BYTES: usize = 90;

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("{what} is empty")]
    Empty { what: &'static str },
    #[error("{what} is {len} bytes long, at most {NAME_MAX_BYTES} are allowed")]
    TooLong { what: &'static str, len: usize },
    #[error("{what} holds a control character: {found:?}")]
    Control { what: &'static str, found: String },
    #[error("{what} {found:?} is not of the form {form}")]
    Form { what: &'static str, form: &'static str, found: String },
    #[error("the check digit of {what} {found:?} is {given}, {wanted} was expected")]
    CheckDigit { what: &'static str, found: String, given: u8, wanted: u8 },
}

fn checked_name(what: &'static str, text: &str) -> Result<String, IdError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(IdError::Empty { what });
    }
    if trimmed.len() > NAME_MAX_BYTES {
        return Err(IdError::TooLong { what, len: trimmed.len() });
    }
    if trimmed.chars().any(char::is_control) {
        return Err(IdError::Control { what, found: trimmed.to_owned() });
    }
    Ok(trimmed.to_owned())
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                checked_name($what, text).map(Self)
            }
        }
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// The shop or brand that owns an order. Orders, RMAs, products, claims are keyed by it.
    ClientId, "client"
);
name!(
    /// A client's own number of an order; two clients may use the same one.
    OrderNo, "order number"
);
name!(
    /// A client's number of a return authorisation.
    RmaNo, "RMA number"
);
name!(
    /// A client's stock keeping unit.
    Sku, "SKU"
);
name!(
    /// The serial number of one piece, as the maker printed it.
    SerialNo, "serial number"
);
name!(
    /// A carrier's parcel number, in the form the order book holds it.
    Tracking, "tracking number"
);
name!(
    /// The code on a bin's label, such as `BIN-RESTOCK-1`.
    BinCode, "bin"
);
name!(
    /// The code on an operator's badge. A credential: never in an event, never in a log.
    BadgeCode, "badge"
);
name!(
    /// Who did it, as the events name him.
    OperatorId, "operator"
);
name!(
    /// A warehouse.
    SiteId, "site"
);
name!(
    /// A device of this station, by the name its configuration gives it.
    DeviceName, "device"
);
name!(
    /// A category of the products file; words of the configuration.
    Category, "category"
);

impl Default for ClientId {
    /// The client of a single-client site: an order that names none.
    fn default() -> ClientId {
        ClientId("default".to_owned())
    }
}

impl BinCode {
    /// The quarantine bin of the compiled default, where a unit goes when nothing else is known.
    #[must_use]
    pub fn quarantine() -> BinCode {
        BinCode("BIN-QUARANTINE-1".to_owned())
    }
}

/// The number of a station within its site: 1 to 999, three digits on every plate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct StationNo(u16);

impl TryFrom<u16> for StationNo {
    type Error = IdError;
    fn try_from(number: u16) -> Result<StationNo, IdError> {
        if (1..=999).contains(&number) {
            return Ok(StationNo(number));
        }
        Err(IdError::Form { what: "station", form: "1 to 999", found: number.to_string() })
    }
}

impl From<StationNo> for u16 {
    fn from(station: StationNo) -> u16 {
        station.0
    }
}

impl fmt::Display for StationNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

/// Serial numbers on plates have seven digits: ten million first touches a station.
pub const SERIAL_MAX: u32 = 9_999_999;

fn station_and_serial(
    what: &'static str,
    form: &'static str,
    text: &str,
    digits: &str,
) -> Result<(StationNo, u32), IdError> {
    let refuse = || IdError::Form { what, form, found: text.to_owned() };
    if digits.len() != 10 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse());
    }
    let (station, serial) = digits.split_at(3);
    let station = station.parse::<u16>().map_err(|_| refuse())?;
    let serial = serial.parse::<u32>().map_err(|_| refuse())?;
    if serial == 0 {
        return Err(refuse());
    }
    Ok((StationNo::try_from(station).map_err(|_| refuse())?, serial))
}

macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident, $what:literal, $prefix:literal, $form:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name {
            pub station: StationNo,
            pub serial: u32,
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let digits = text.strip_prefix($prefix).unwrap_or_default();
                let (station, serial) = station_and_serial($what, $form, text, digits)?;
                Ok(Self { station, serial })
            }
        }
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}{:07}", $prefix, self.station, self.serial)
            }
        }
    };
}

numbered!(
    /// One parcel at this dock. A carrier's number comes back after some years, so the parcel has
    /// a number of ours: the station that opened it and a count.
    ParcelId, "parcel", "P", "P + station (3 digits) + count (7 digits)"
);
numbered!(
    /// One case.
    CaseId, "case", "C", "C + station (3 digits) + count (7 digits)"
);
numbered!(
    /// What is put into one bin until it leaves.
    FillingId, "filling", "F", "F + station (3 digits) + count (7 digits)"
);

/// Licence plate number: the label one received unit gets at first touch.
///
/// `LPN` + station (3 digits) + serial (7 digits) + check digit (mod 10, weights 3 and 1 from the
/// right, as in the GS1 General Specifications, section 7.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lpn {
    pub station: StationNo,
    pub serial: u32,
}

/// What every licence plate starts with.
pub const LPN_PREFIX: &str = "LPN";

impl FromStr for Lpn {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Lpn, IdError> {
        const FORM: &str = "LPN + station (3 digits) + serial (7 digits) + check digit";
        let refuse = || IdError::Form { what: "LPN", form: FORM, found: text.to_owned() };
        let digits = text.strip_prefix(LPN_PREFIX).unwrap_or_default();
        if digits.len() != 11 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse());
        }
        let (body, check) = digits.split_at(10);
        let given = check.parse::<u8>().map_err(|_| refuse())?;
        let wanted = check_digit(body).ok_or_else(refuse)?;
        if given != wanted {
            return Err(IdError::CheckDigit { what: "LPN", found: text.to_owned(), given, wanted });
        }
        let (station, serial) = station_and_serial("LPN", FORM, text, body)?;
        Ok(Lpn { station, serial })
    }
}

impl TryFrom<String> for Lpn {
    type Error = IdError;
    fn try_from(text: String) -> Result<Lpn, IdError> {
        text.parse()
    }
}

impl From<Lpn> for String {
    fn from(lpn: Lpn) -> String {
        lpn.to_string()
    }
}

impl fmt::Display for Lpn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = format!("{}{:07}", self.station, self.serial);
        let check = check_digit(&body).unwrap_or_default();
        write!(f, "{LPN_PREFIX}{body}{check}")
    }
}

/// The GS1 check digit of a text of digits: weights 3 and 1 from the right, modulo 10.
/// `None` when a character is no digit.
///
/// Source: GS1 General Specifications, section 7.9.1.
#[must_use]
pub fn check_digit(body: &str) -> Option<u8> {
    let mut sum = 0_u32;
    for (place, byte) in body.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return None;
        }
        let weight = if place % 2 == 0 { 3 } else { 1 };
        sum += u32::from(byte - b'0') * weight;
    }
    u8::try_from((10 - sum % 10) % 10).ok()
}

/// A GTIN in its 14-digit form, whichever of the lengths 8, 12, 13 and 14 it was read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Gtin(u64);

impl Gtin {
    /// The number as a store keeps it: the 14 digits as an integer.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl FromStr for Gtin {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Gtin, IdError> {
        let refuse = || IdError::Form {
            what: "GTIN",
            form: "8, 12, 13 or 14 digits",
            found: text.to_owned(),
        };
        let well_formed =
            matches!(text.len(), 8 | 12 | 13 | 14) && text.bytes().all(|b| b.is_ascii_digit());
        if !well_formed {
            return Err(refuse());
        }
        let (body, check) = text.split_at(text.len() - 1);
        let given = check.parse::<u8>().map_err(|_| refuse())?;
        let wanted = check_digit(body).ok_or_else(refuse)?;
        if given != wanted {
            return Err(IdError::CheckDigit {
                what: "GTIN",
                found: text.to_owned(),
                given,
                wanted,
            });
        }
        let number = text.parse::<u64>().map_err(|_| refuse())?;
        if number == 0 {
            return Err(refuse()); // all zeros passes the check and is nobody's number
        }
        Ok(Gtin(number))
    }
}

impl TryFrom<String> for Gtin {
    type Error = IdError;
    fn try_from(text: String) -> Result<Gtin, IdError> {
        text.parse()
    }
}

impl From<Gtin> for String {
    fn from(gtin: Gtin) -> String {
        gtin.to_string()
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:014}", self.0)
    }
}

/// A serial shipping container code: 18 digits with a GS1 check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sscc(u64);

impl FromStr for Sscc {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Sscc, IdError> {
        let refuse = || IdError::Form { what: "SSCC", form: "18 digits", found: text.to_owned() };
        if text.len() != 18 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse());
        }
        let (body, check) = text.split_at(17);
        let given = check.parse::<u8>().map_err(|_| refuse())?;
        let wanted = check_digit(body).ok_or_else(refuse)?;
        if given != wanted {
            return Err(IdError::CheckDigit {
                what: "SSCC",
                found: text.to_owned(),
                given,
                wanted,
            });
        }
        text.parse::<u64>().map(Sscc).map_err(|_| refuse())
    }
}

impl fmt::Display for Sscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:018}", self.0)
    }
}

/// The nth piece of an order line: what can be returned, and refunded, once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SoldUnit {
    pub client: ClientId,
    pub order_no: OrderNo,
    pub line: u32,
    /// Counts from 1 to the quantity of the line.
    pub n: u32,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plate_reads_back_as_it_was_printed() {
        let lpn = Lpn { station: StationNo(7), serial: 42 };
        assert_eq!(lpn.to_string(), "LPN00700000423");
        assert_eq!("LPN00700000423".parse(), Ok(lpn));
    }

    #[test]
    fn a_damaged_plate_names_the_digit() {
        let problem = "LPN00700000422".parse::<Lpn>().unwrap_err();
        assert!(matches!(problem, IdError::CheckDigit { given: 2, wanted: 3, .. }), "{problem}");
    }

    #[test]
    fn a_gtin_has_one_form_whatever_its_length() {
        let cases = [
            ("4006381333931", "04006381333931"),
            ("036000291452", "00036000291452"),
            ("96385074", "00000096385074"),
            ("10345312000001", "10345312000001"),
        ];
        for (read, kept) in cases {
            assert_eq!(read.parse::<Gtin>().unwrap().to_string(), kept);
        }
        assert!("4006381333932".parse::<Gtin>().is_err());
        assert!("0000000000000".parse::<Gtin>().is_err());
    }

    #[test]
    fn a_name_is_trimmed_and_bounded() {
        assert_eq!(" W1001 ".parse::<OrderNo>().unwrap().as_str(), "W1001");
        assert!("".parse::<OrderNo>().is_err());
        assert!("a\u{1b}[2J".parse::<OrderNo>().is_err());
        assert!("x".repeat(91).parse::<OrderNo>().is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in any::<String>()) {
            let _ = text.parse::<Lpn>();
            let _ = text.parse::<Gtin>();
            let _ = text.parse::<Sscc>();
            let _ = text.parse::<ParcelId>();
            let _ = text.parse::<OrderNo>();
        }

        #[test]
        fn every_plate_reads_back(station in 1_u16..=999, serial in 1_u32..=SERIAL_MAX) {
            let lpn = Lpn { station: StationNo(station), serial };
            prop_assert_eq!(lpn.to_string().parse(), Ok(lpn));
        }

        #[test]
        fn one_wrong_digit_is_always_noticed(serial in 1_u32..=SERIAL_MAX, at in 3_usize..14, add in 1_u8..10) {
            let label = Lpn { station: StationNo(1), serial }.to_string();
            let mut bytes = label.into_bytes();
            bytes[at] = b'0' + (bytes[at] - b'0' + add) % 10;
            prop_assert!(String::from_utf8(bytes).unwrap().parse::<Lpn>().is_err());
        }
    }
}
