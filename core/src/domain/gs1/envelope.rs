//! Recognises what is on parcels and medical goods and is not GS1's: ISO 15434 envelopes, HIBC.
//! Owns: their outer form and the names of common data identifiers. Never: what a maker means by a
//! value. Allocates nothing. Start at `recognise`. Tests: gs1/tests.rs.
//! Source: ISO/IEC 15434, ANSI MH10.8.2, ANSI/HIBC 2.6.

const RS: char = '\u{1E}';
const GROUP: char = '\u{1D}';
const EOT: char = '\u{4}';
const HEAD: &str = "[)>\u{1E}";

/// An outer form that is not an element string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope<'a> {
    /// ISO 15434: `[)>`, then formats, each ended by a record separator, then end of transmission.
    Iso15434(Message<'a>),
    Hibc(Hibc<'a>),
}

/// The formats of an ISO 15434 message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    body: &'a str,
    /// The end of transmission was there; scanners configured to drop control bytes lose it.
    pub is_closed: bool,
}

/// One format of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format<'a> {
    /// Two digits: 05 holds GS1 element strings, 06 data identifiers.
    pub number: &'a str,
    /// What follows the number and its group separator.
    pub body: &'a str,
}

/// One value of a format 06.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datum<'a> {
    /// Up to three digits and a capital.
    pub identifier: &'a str,
    pub value: &'a str,
}

/// A code of the health industry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hibc<'a> {
    /// Four characters of the labeller on a primary code; none on one that only adds to another.
    pub labeller: Option<&'a str>,
    /// Whether the last character is the check of the others, modulo 43.
    pub is_checked: bool,
}

/// What a text is, where it has one of these outer forms.
#[must_use]
pub fn recognise(text: &str) -> Option<Envelope<'_>> {
    if let Some(body) = text.strip_prefix(HEAD) {
        let closed = body.strip_suffix(EOT);
        let is_closed = closed.is_some();
        return Some(Envelope::Iso15434(Message { body: closed.unwrap_or(body), is_closed }));
    }
    hibc(text).map(Envelope::Hibc)
}

impl<'a> Message<'a> {
    /// The formats in their order.
    pub fn formats(self) -> impl Iterator<Item = Format<'a>> {
        self.body.split(RS).filter_map(|part| {
            let (number, body) = part.split_at_checked(2)?;
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| Format { number, body: body.strip_prefix(GROUP).unwrap_or(body) })
        })
    }
}

impl<'a> Format<'a> {
    /// The values of a format 06; of another format none.
    pub fn data(self) -> impl Iterator<Item = Datum<'a>> {
        let body = if self.number == "06" { self.body } else { "" };
        body.split(GROUP).filter_map(|field| {
            let digits = field.bytes().take_while(u8::is_ascii_digit).count();
            let letter = field.as_bytes().get(digits)?;
            if digits > 3 || !letter.is_ascii_uppercase() {
                return None;
            }
            let (identifier, value) = field.split_at_checked(digits + 1)?;
            Some(Datum { identifier, value })
        })
    }
}

/// Common data identifiers and what they name.
const NAMES: &[(&str, &str)] = &[
    ("B", "container type"),
    ("D", "date"),
    ("9D", "date"),
    ("14D", "expires on"),
    ("16D", "produced on"),
    ("J", "licence plate"),
    ("1J", "licence plate of a piece"),
    ("2J", "licence plate of a package"),
    ("3J", "licence plate of a package"),
    ("4J", "licence plate of mixed contents"),
    ("5J", "licence plate of mixed contents"),
    ("6J", "licence plate of a pallet"),
    ("K", "order number"),
    ("1K", "seller's order number"),
    ("2K", "bill of lading"),
    ("4K", "line of the order"),
    ("11K", "packing list"),
    ("4L", "country of origin"),
    ("L", "place"),
    ("2L", "ship to, postcode"),
    ("52L", "ship to, country"),
    ("P", "customer's part number"),
    ("1P", "maker's part number"),
    ("2P", "revision"),
    ("25P", "part number with the maker's code"),
    ("30P", "supplier's part number"),
    ("Q", "quantity"),
    ("2Q", "weight"),
    ("3Q", "unit of measure"),
    ("7Q", "quantity with unit"),
    ("S", "serial number"),
    ("1S", "further serial number"),
    ("4S", "package number"),
    ("18S", "serial number with the company's code"),
    ("25S", "serial number with the maker's code"),
    ("T", "lot"),
    ("1T", "lot"),
    ("25T", "lot with the maker's code"),
    ("V", "supplier"),
    ("1V", "supplier"),
    ("18V", "maker"),
    ("20V", "customer"),
    ("Z", "agreed between partners"),
];

impl Datum<'_> {
    /// What the identifier names, where it is a common one.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        NAMES.iter().find(|(identifier, _)| *identifier == self.identifier).map(|(_, name)| *name)
    }
}

/// The characters of HIBC in the order of their worth in the check.
const HIBC_SET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
/// A plus, four of the labeller, one of the product, the unit and the check.
const PRIMARY_MIN_BYTES: usize = 8;
/// A plus, one character of data, the link and the check.
const SECONDARY_MIN_BYTES: usize = 4;
/// No code of this kind is longer, with all that may be appended.
const HIBC_MAX_BYTES: usize = 128;

fn hibc(text: &str) -> Option<Hibc<'_>> {
    let body = text.strip_prefix('+')?;
    let first = body.bytes().next()?;
    let is_primary = first.is_ascii_uppercase();
    let shortest = if is_primary { PRIMARY_MIN_BYTES } else { SECONDARY_MIN_BYTES };
    let is_led = is_primary || first.is_ascii_digit() || first == b'$';
    if !is_led || !(shortest..=HIBC_MAX_BYTES).contains(&text.len()) {
        return None;
    }
    let is_checked = is_checked(text.as_bytes())?;
    // Telephone numbers begin with a plus too: only the check tells a secondary code from them.
    if !is_primary && !is_checked {
        return None;
    }
    let labeller = if is_primary { body.get(..4) } else { None };
    let is_labelled = labeller.is_none_or(|it| it.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    is_labelled.then_some(Hibc { labeller, is_checked })
}

/// Whether the last character is the check; `None` where a character is not of the set.
fn is_checked(text: &[u8]) -> Option<bool> {
    let (&check, body) = text.split_last()?;
    let worth = |byte: u8| HIBC_SET.iter().position(|&known| known == byte);
    let mut sum = 0;
    for &byte in body {
        sum += worth(byte)?;
    }
    Some(worth(check)? == sum % HIBC_SET.len())
}
