//! The table of GS1 Application Identifiers: what each one is called and what its value looks like.
//! Owns: the numbers, lengths, character sets and rules of the values, as data. Never: a text.
//! Start at `TABLE`; `find` is the way in. Tests: gs1/tests.rs.
//! Source: GS1 General Specifications, section 3 and the table of predefined lengths in section 7.8.

/// The characters that a part of a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Digits.
    N,
    /// GS1's character set 82: the letters, digits and marks that every GS1 symbol can carry.
    X,
    /// GS1's character set 39: capitals, digits, `#`, `-` and `/`.
    Y,
    /// GS1's character set 64: that of base 64 for addresses and file names, with `=` to fill up.
    Z,
}

/// What a part must satisfy beyond its characters and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Any,
    /// The last digit is the check digit of the ones before it.
    Check,
    /// The last two characters are the check pair of those before them.
    CheckPair,
    /// YYMMDD; day 00 stands for the last of the month.
    DateOrMonth,
    /// YYMMDD with a real day.
    Date,
    /// YYYYMMDD.
    LongDate,
    Hour,
    Minute,
    HourMinute,
    /// The digit 0, a filler.
    Zero,
    /// 0 or 1.
    YesNo,
    /// A number above 0.
    NonZero,
    /// No 0 in front, unless the value is 0 itself.
    NoLeadingZero,
    /// Two digits of the piece and two of how many there are.
    PieceOfTotal,
    /// One digit, a slash, one digit: which child of how many.
    ChildOfTotal,
    /// 0, 1 or 9: how a roll is wound.
    Winding,
    /// A minus behind a temperature.
    Minus,
    /// Degrees with seven decimals, moved up by 90.
    Latitude,
    /// Degrees with seven decimals, moved up by 180.
    Longitude,
    /// ISO 5218: 0, 1, 2 or 9.
    Sex,
    /// Two capitals, as ISO 3166 writes a country.
    CountryLetters,
    /// An account number with its two check digits, ISO 13616.
    Iban,
    /// Text in which `%` must be followed by two hexadecimal digits.
    Escaped,
}

/// One part of a value.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub set: Set,
    /// Fewest and most characters.
    pub min: usize,
    pub max: usize,
    /// An optional part may be left out whole.
    pub is_optional: bool,
    pub rule: Rule,
}

impl Part {
    const fn with(mut self, rule: Rule) -> Part {
        self.rule = rule;
        self
    }

    const fn optional(mut self) -> Part {
        self.is_optional = true;
        self
    }
}

const fn exactly(set: Set, len: usize) -> Part {
    Part { set, min: len, max: len, is_optional: false, rule: Rule::Any }
}

const fn up_to(set: Set, max: usize) -> Part {
    Part { set, min: 1, max, is_optional: false, rule: Rule::Any }
}

/// No value has more parts: 423 names up to five countries, 8001 five measures.
const PARTS_MAX: usize = 5;

/// One row of the table: an Application Identifier, or a run of them that share a format.
#[derive(Clone, Copy, Debug)]
pub struct Ai {
    pub first: usize,
    pub last: usize,
    /// Digits of the identifier itself: 2, 3 or 4.
    pub digits: usize,
    /// The value ends by its length, without a separator.
    pub is_predefined: bool,
    /// The last digit of the identifier says how many decimals the value has.
    pub has_decimals: bool,
    /// Fewest and most characters of the whole value.
    pub min: usize,
    pub max: usize,
    pub title: &'static str,
    parts: [Part; PARTS_MAX],
    n_parts: usize,
}

impl Ai {
    /// The parts of the value, in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        self.parts.get(..self.n_parts).unwrap_or_default()
    }

    /// Whether every value of this identifier has the same length.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.min == self.max
    }

    /// Whether a value proves by itself that it is one: it has a check digit or a date.
    #[must_use]
    pub fn is_proof(&self) -> bool {
        self.is_predefined
            && matches!(self.parts[0].rule, Rule::Check | Rule::DateOrMonth | Rule::Date)
    }

    const fn with_decimals(mut self) -> Ai {
        self.has_decimals = true;
        self
    }

    const fn then(mut self, part: Part) -> Ai {
        self.parts[self.n_parts] = part;
        self.n_parts += 1;
        if !part.is_optional {
            self.min += part.min;
        }
        self.max += part.max;
        self
    }
}

/// Numbers from 100 are written with three digits and from 1000 with four: no identifier begins
/// with 0 unless it has two.
const fn digits_of(number: usize) -> usize {
    match number {
        0..=99 => 2,
        100..=999 => 3,
        _ => 4,
    }
}

const fn run(first: usize, last: usize, title: &'static str, part: Part) -> Ai {
    Ai {
        first,
        last,
        digits: digits_of(first),
        is_predefined: false,
        has_decimals: false,
        min: 0,
        max: 0,
        title,
        parts: [exactly(Set::N, 0); PARTS_MAX],
        n_parts: 0,
    }
    .then(part)
}

/// An identifier whose value ends with a separator or the text.
const fn ai(number: usize, title: &'static str, part: Part) -> Ai {
    run(number, number, title, part)
}

/// An identifier whose length is predefined.
const fn pre(number: usize, title: &'static str, part: Part) -> Ai {
    let mut row = run(number, number, title, part);
    row.is_predefined = true;
    row
}

/// A measure: six digits, and 0 to 5 decimals by the last digit of the identifier.
const fn measure(first: usize, title: &'static str) -> Ai {
    let mut row = run(first, first + 5, title, exactly(Set::N, 6)).with_decimals();
    row.is_predefined = true;
    row
}

const fn x(max: usize) -> Part {
    up_to(Set::X, max)
}

const fn escaped(max: usize) -> Part {
    up_to(Set::X, max).with(Rule::Escaped)
}

const fn key(len: usize) -> Part {
    exactly(Set::N, len).with(Rule::Check)
}

const fn n(len: usize) -> Part {
    exactly(Set::N, len)
}

const DATE: Part = n(6).with(Rule::Date);
const DATE_OR_MONTH: Part = n(6).with(Rule::DateOrMonth);
const TIME: Part = n(4).with(Rule::HourMinute);
const YES_NO: Part = n(1).with(Rule::YesNo);
const MINUS: Part = exactly(Set::X, 1).with(Rule::Minus).optional();
const COUNTRY_LETTERS: Part = exactly(Set::X, 2).with(Rule::CountryLetters);

/// Every Application Identifier, ordered as their texts are.
pub static TABLE: &[Ai] = &[
    pre(0, "shipping container", key(18)),
    pre(1, "GTIN", key(14)),
    pre(2, "GTIN of the content", key(14)),
    pre(3, "GTIN of a made-to-order item", key(14)),
    ai(10, "lot", x(20)),
    pre(11, "produced on", DATE_OR_MONTH),
    pre(12, "payment due on", DATE_OR_MONTH),
    pre(13, "packed on", DATE_OR_MONTH),
    pre(15, "best before", DATE_OR_MONTH),
    pre(16, "sell by", DATE_OR_MONTH),
    pre(17, "expires on", DATE_OR_MONTH),
    pre(20, "variant of the product", n(2)),
    ai(21, "serial number", x(20)),
    ai(22, "variant for the consumer", x(20)),
    ai(235, "serial number given by a third party", x(28)),
    ai(240, "further product number", x(30)),
    ai(241, "customer's part number", x(30)),
    ai(242, "made-to-order variation", up_to(Set::N, 6)),
    ai(243, "packaging component", x(20)),
    ai(250, "second serial number", x(30)),
    ai(251, "source it was made from", x(30)),
    ai(253, "document", key(13)).then(x(17).optional()),
    ai(254, "place within the location", x(20)),
    ai(255, "coupon", key(13)).then(up_to(Set::N, 12).optional()),
    ai(30, "variable count", up_to(Set::N, 8)),
    measure(3100, "net weight, kg"),
    measure(3110, "length, m"),
    measure(3120, "width, m"),
    measure(3130, "height, m"),
    measure(3140, "area, m2"),
    measure(3150, "net volume, l"),
    measure(3160, "net volume, m3"),
    measure(3200, "net weight, lb"),
    measure(3210, "length, in"),
    measure(3220, "length, ft"),
    measure(3230, "length, yd"),
    measure(3240, "width, in"),
    measure(3250, "width, ft"),
    measure(3260, "width, yd"),
    measure(3270, "height, in"),
    measure(3280, "height, ft"),
    measure(3290, "height, yd"),
    measure(3300, "gross weight, kg"),
    measure(3310, "length as shipped, m"),
    measure(3320, "width as shipped, m"),
    measure(3330, "height as shipped, m"),
    measure(3340, "area as shipped, m2"),
    measure(3350, "volume as shipped, l"),
    measure(3360, "volume as shipped, m3"),
    measure(3370, "kg per m2"),
    measure(3400, "gross weight, lb"),
    measure(3410, "length as shipped, in"),
    measure(3420, "length as shipped, ft"),
    measure(3430, "length as shipped, yd"),
    measure(3440, "width as shipped, in"),
    measure(3450, "width as shipped, ft"),
    measure(3460, "width as shipped, yd"),
    measure(3470, "height as shipped, in"),
    measure(3480, "height as shipped, ft"),
    measure(3490, "height as shipped, yd"),
    measure(3500, "area, in2"),
    measure(3510, "area, ft2"),
    measure(3520, "area, yd2"),
    measure(3530, "area as shipped, in2"),
    measure(3540, "area as shipped, ft2"),
    measure(3550, "area as shipped, yd2"),
    measure(3560, "net weight, troy oz"),
    measure(3570, "net weight or volume, oz"),
    measure(3600, "net volume, qt"),
    measure(3610, "net volume, gal"),
    measure(3620, "volume as shipped, qt"),
    measure(3630, "volume as shipped, gal"),
    measure(3640, "volume, in3"),
    measure(3650, "volume, ft3"),
    measure(3660, "volume, yd3"),
    measure(3670, "volume as shipped, in3"),
    measure(3680, "volume as shipped, ft3"),
    measure(3690, "volume as shipped, yd3"),
    ai(37, "count of the content", up_to(Set::N, 8)),
    run(3900, 3909, "amount to pay or coupon worth", up_to(Set::N, 15)).with_decimals(),
    run(3910, 3919, "amount to pay, with currency", n(3)).then(up_to(Set::N, 15)).with_decimals(),
    run(3920, 3929, "price", up_to(Set::N, 15)).with_decimals(),
    run(3930, 3939, "price, with currency", n(3)).then(up_to(Set::N, 15)).with_decimals(),
    run(3940, 3943, "percentage off", n(4)).with_decimals(),
    run(3950, 3955, "price for a measure", n(6)).with_decimals(),
    ai(400, "customer's order number", x(30)),
    ai(401, "consignment", x(30)),
    ai(402, "shipment", key(17)),
    ai(403, "routing code", x(30)),
    pre(410, "ship to, location", key(13)),
    pre(411, "bill to, location", key(13)),
    pre(412, "bought from, location", key(13)),
    pre(413, "ship for, location", key(13)),
    pre(414, "location", key(13)),
    pre(415, "pay to, location", key(13)),
    pre(416, "made or served at, location", key(13)),
    pre(417, "party", key(13)),
    ai(420, "ship to, postcode", x(20)),
    ai(421, "ship to, country and postcode", n(3)).then(x(9)),
    ai(422, "country of origin", n(3)),
    ai(423, "countries of first processing", n(3))
        .then(n(3).optional())
        .then(n(3).optional())
        .then(n(3).optional())
        .then(n(3).optional()),
    ai(424, "country of processing", n(3)),
    ai(425, "countries of disassembly", n(3))
        .then(n(3).optional())
        .then(n(3).optional())
        .then(n(3).optional())
        .then(n(3).optional()),
    ai(426, "country of all processing", n(3)),
    ai(427, "region of origin", x(3)),
    ai(4300, "ship to, company", escaped(35)),
    ai(4301, "ship to, person", escaped(35)),
    ai(4302, "ship to, address 1", escaped(70)),
    ai(4303, "ship to, address 2", escaped(70)),
    ai(4304, "ship to, suburb", escaped(70)),
    ai(4305, "ship to, town", escaped(70)),
    ai(4306, "ship to, region", escaped(70)),
    ai(4307, "ship to, country", COUNTRY_LETTERS),
    ai(4308, "ship to, telephone", x(30)),
    ai(4309, "ship to, coordinates", n(10).with(Rule::Latitude)).then(n(10).with(Rule::Longitude)),
    ai(4310, "return to, company", escaped(35)),
    ai(4311, "return to, person", escaped(35)),
    ai(4312, "return to, address 1", escaped(70)),
    ai(4313, "return to, address 2", escaped(70)),
    ai(4314, "return to, suburb", escaped(70)),
    ai(4315, "return to, town", escaped(70)),
    ai(4316, "return to, region", escaped(70)),
    ai(4317, "return to, country", COUNTRY_LETTERS),
    ai(4318, "return to, postcode", x(20)),
    ai(4319, "return to, telephone", x(30)),
    ai(4320, "service", escaped(35)),
    ai(4321, "dangerous goods", YES_NO),
    ai(4322, "may be left without a signature", YES_NO),
    ai(4323, "signature needed", YES_NO),
    ai(4324, "deliver not before", DATE_OR_MONTH).then(TIME),
    ai(4325, "deliver not after", DATE_OR_MONTH).then(TIME),
    ai(4326, "released on", DATE),
    ai(4330, "at most, Fahrenheit", n(6)).then(MINUS),
    ai(4331, "at most, Celsius", n(6)).then(MINUS),
    ai(4332, "at least, Fahrenheit", n(6)).then(MINUS),
    ai(4333, "at least, Celsius", n(6)).then(MINUS),
    ai(7001, "NATO stock number", n(13)),
    ai(7002, "meat cut", x(30)),
    ai(7003, "expires on, with time", DATE).then(TIME),
    ai(7004, "active potency", up_to(Set::N, 4)),
    ai(7005, "catch area", x(12)),
    ai(7006, "first frozen on", DATE),
    ai(7007, "harvested on", DATE).then(DATE.optional()),
    ai(7008, "fish species", x(3)),
    ai(7009, "fishing gear", x(10)),
    ai(7010, "production method", x(2)),
    ai(7011, "test by", DATE).then(TIME.optional()),
    ai(7020, "refurbishment lot", x(20)),
    ai(7021, "functional status", x(20)),
    ai(7022, "revision status", x(20)),
    ai(7023, "asset of an assembly", x(30)),
    run(7030, 7039, "processor and its country", n(3)).then(x(27)),
    ai(7040, "unique identification code, EU", n(1)).then(exactly(Set::X, 3)),
    ai(7041, "freight unit type", x(4)),
    ai(710, "reimbursement number, Germany", x(20)),
    ai(711, "reimbursement number, France", x(20)),
    ai(712, "reimbursement number, Spain", x(20)),
    ai(713, "reimbursement number, Brazil", x(20)),
    ai(714, "reimbursement number, Portugal", x(20)),
    ai(715, "reimbursement number, United States", x(20)),
    ai(716, "reimbursement number, Italy", x(20)),
    ai(717, "registration number, Costa Rica", x(20)),
    run(7230, 7239, "certificate", exactly(Set::X, 2)).then(x(28)),
    ai(7240, "protocol", x(20)),
    ai(7241, "kind of data carrier", n(2)),
    ai(7242, "version number", x(25)),
    ai(7250, "born on", n(8).with(Rule::LongDate)),
    ai(7251, "born on, with time", n(8).with(Rule::LongDate)).then(TIME),
    ai(7252, "biological sex", n(1).with(Rule::Sex)),
    ai(7253, "family name", escaped(40)),
    ai(7254, "given name", escaped(40)),
    ai(7255, "suffix of a name", x(10)),
    ai(7256, "full name", escaped(90)),
    ai(7257, "person's address", escaped(70)),
    ai(7258, "order of birth", exactly(Set::X, 3).with(Rule::ChildOfTotal)),
    ai(7259, "baby of", escaped(40)),
    ai(8001, "roll: width", n(4).with(Rule::NonZero))
        .then(n(5).with(Rule::NonZero))
        .then(n(3).with(Rule::NonZero))
        .then(n(1).with(Rule::Winding))
        .then(n(1)),
    ai(8002, "mobile telephone's number", x(20)),
    ai(8003, "returnable asset", n(1).with(Rule::Zero)).then(key(13)).then(x(16).optional()),
    ai(8004, "single asset", x(30)),
    ai(8005, "price per unit", n(6)),
    ai(8006, "piece of an item", key(14)).then(n(4).with(Rule::PieceOfTotal)),
    ai(8007, "bank account", x(34).with(Rule::Iban)),
    ai(8008, "produced on, with time", DATE)
        .then(n(2).with(Rule::Hour))
        .then(n(2).with(Rule::Minute).optional())
        .then(n(2).with(Rule::Minute).optional()),
    ai(8009, "sensor", x(50)),
    ai(8010, "component or part", up_to(Set::Y, 30)),
    ai(8011, "serial number of a component", up_to(Set::N, 12).with(Rule::NoLeadingZero)),
    ai(8012, "software version", x(20)),
    ai(8013, "model", x(25).with(Rule::CheckPair)),
    ai(8014, "device, registered singly", x(25).with(Rule::CheckPair)),
    ai(8017, "service, provider", key(18)),
    ai(8018, "service, recipient", key(18)),
    ai(8019, "service instance", up_to(Set::N, 10)),
    ai(8020, "payment slip", x(25)),
    ai(8026, "piece of the content", key(14)).then(n(4).with(Rule::PieceOfTotal)),
    ai(8030, "digital signature", up_to(Set::Z, 90)),
    ai(8040, "IMEI", n(15)),
    ai(8041, "second IMEI", n(15)),
    ai(8042, "SIM, built in", n(32)),
    ai(8043, "SIM, card", n(18)).then(up_to(Set::N, 2).optional()),
    ai(8110, "coupon, North America", x(70)),
    ai(8111, "loyalty points", n(4)),
    ai(8112, "coupon on file, North America", x(70)),
    ai(8200, "address of extended packaging", x(70)),
    ai(90, "agreed between partners", x(30)),
    run(91, 99, "internal to a company", x(90)),
];

/// Where the rows of each first two digits stand in the table: from, up to and without.
static GROUPS: [(usize, usize); 100] = groups();

const fn groups() -> [(usize, usize); 100] {
    let mut found = [(0, 0); 100];
    let mut row = 0;
    while row < TABLE.len() {
        // A row may run over several pairs of digits: 91 to 99 does.
        let mut prefix = prefix_of(TABLE[row].first);
        while prefix <= prefix_of(TABLE[row].last) {
            if found[prefix].1 == 0 {
                found[prefix].0 = row;
            }
            found[prefix].1 = row + 1;
            prefix += 1;
        }
        row += 1;
    }
    found
}

const fn prefix_of(number: usize) -> usize {
    match digits_of(number) {
        2 => number,
        3 => number / 10,
        _ => number / 100,
    }
}

fn digit(byte: u8) -> Option<usize> {
    byte.is_ascii_digit().then(|| usize::from(byte - b'0'))
}

/// The identifier that a text begins with, and its number.
#[must_use]
pub fn find(bytes: &[u8]) -> Option<(&'static Ai, u16)> {
    let &[first, second, ..] = bytes else { return None };
    let prefix = digit(first)? * 10 + digit(second)?;
    let &(from, to) = GROUPS.get(prefix)?;
    let rows = TABLE.get(from..to)?;
    let digits = rows.first()?.digits;
    let mut number = prefix;
    for &byte in bytes.get(2..digits)? {
        number = number * 10 + digit(byte)?;
    }
    let row = rows.iter().find(|row| row.first <= number && number <= row.last)?;
    Some((row, u16::try_from(number).ok()?))
}
