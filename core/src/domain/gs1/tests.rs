//! Whether GS1 texts are read right: cases as data, laws of the table, any bytes at all.
//! Owns: the rehearsal of parser, links, kinds and envelopes. Cases: cases.txt beside this file.

use proptest::prelude::*;

use super::ai::{Ai, Rule, Set, TABLE};
use super::envelope::{Envelope, recognise};
use super::kind::{GtinKind, kind_of};
use super::link::{Linked, read_link};
use super::*;

const PLAIN: Separators<'static> = Separators { substitutes: &[] };

fn summary(gs1: &Gs1<'_>) -> (String, String) {
    let elements: Vec<_> =
        gs1.elements.iter().map(|it| format!("{}={}", it.code(), it.value)).collect();
    let errors: Vec<_> =
        gs1.errors.iter().map(|it| format!("{}@{}", it.fault.code(), it.at)).collect();
    (elements.join(" "), errors.join(" "))
}

#[test]
fn every_case_holds_what_it_says_and_fails_where_it_says() {
    let mut wrong = Vec::new();
    let mut n_cases = 0;
    for line in include_str!("cases.txt").lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut columns = line.split('|').map(str::trim);
        let (Some(text), Some(elements), Some(errors)) =
            (columns.next(), columns.next(), columns.next())
        else {
            panic!("three columns: {line}");
        };
        n_cases += 1;
        let text = text.replace("{GS}", "\u{1d}");
        let found = summary(&parse(&text, PLAIN));
        if found != (elements.to_owned(), errors.to_owned()) {
            wrong.push(format!("{line}\n   read: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(n_cases > 60, "{n_cases}");
}

#[test]
fn the_label_of_the_guide_gives_product_lot_and_expiry() {
    let gs1 = parse("01034531200000111719112510ABCD1234", PLAIN);
    assert_eq!(gs1.gtin().unwrap().to_string(), "03453120000011");
    assert_eq!(gs1.expiry(2026).unwrap().to_string(), "2019-11-25");
    assert_eq!(gs1.lot(), Some("ABCD1234"));
    assert_eq!((gs1.serial(), gs1.sscc(), gs1.best_before(2026)), (None, None, None));
    assert!(gs1.is_sound());
    let map: Vec<_> = gs1.map().into_iter().collect();
    let wanted = [("01", "03453120000011"), ("10", "ABCD1234"), ("17", "191125")];
    assert_eq!(map, wanted.map(|(code, value)| (code.to_owned(), value.to_owned())));
}

#[test]
fn a_key_with_a_wrong_check_digit_is_no_key() {
    assert_eq!(parse("0103453120000012", PLAIN).gtin(), None);
    assert_eq!(parse("00106141412345678909", PLAIN).sscc(), None);
    let sscc = parse("00106141412345678908", PLAIN).sscc().unwrap();
    assert_eq!(sscc.to_string(), "106141412345678908");
}

#[test]
fn day_00_is_the_last_of_its_month_and_the_century_is_the_nearest() {
    let cases = [
        ("240200", 2026, Some("2024-02-29")),
        ("250200", 2026, Some("2025-02-28")),
        ("261200", 2026, Some("2026-12-31")),
        ("760101", 2026, Some("2076-01-01")),
        ("770101", 2026, Some("1977-01-01")),
        ("490101", 2099, Some("2149-01-01")),
        ("500101", 2099, Some("2050-01-01")),
        ("000229", 2026, Some("2000-02-29")),
        ("000229", 2099, None),
        ("251301", 2026, None),
    ];
    for (value, year, wanted) in cases {
        let text = format!("17{value}");
        let found = parse(&text, PLAIN).expiry(year).map(|day| day.to_string());
        assert_eq!(found.as_deref(), wanted, "{value} seen from {year}");
    }
}

#[test]
fn measures_counts_and_prices_are_numbers() {
    let gs1 = parse("3103001250{GS}3932978150{GS}30012", Separators { substitutes: &["{GS}"] });
    assert!(gs1.is_sound(), "{gs1:?}");
    assert_eq!(gs1.weight_g(), Some(1250));
    assert_eq!(gs1.gross_weight_g(), None);
    assert_eq!(gs1.count(), Some(12));
    let price = gs1.price().unwrap();
    assert_eq!((price.amount, price.decimals, price.currency.as_deref()), (150, 2, Some("978")));
    assert_eq!(parse("3100000002", PLAIN).weight_g(), Some(2000));
    assert_eq!(parse("3105000150", PLAIN).weight_g(), Some(2));
    assert_eq!(parse("3301000150", PLAIN).gross_weight_g(), Some(15_000));
    assert_eq!(parse("8040490154203237518", PLAIN).imei(), Some("490154203237518"));
    let price = parse("39221999", PLAIN).price().unwrap();
    assert_eq!((price.amount, price.decimals, price.currency), (1999, 2, None));
}

#[test]
fn configured_substitutes_separate_and_the_longest_wins() {
    for substitute in ["{GS}", "~1", "|", "^]"] {
        let text = format!("{substitute}10ABC{substitute}21XYZ{substitute}");
        let substitutes = [substitute, ""];
        let gs1 = parse(&text, Separators { substitutes: &substitutes });
        assert_eq!(summary(&gs1), ("10=ABC 21=XYZ".to_owned(), String::new()), "{substitute}");
        assert!(!parse(&text, PLAIN).is_sound(), "{substitute}");
    }
    let gs1 = parse("10A~~121B", Separators { substitutes: &["~", "~~1"] });
    assert_eq!(summary(&gs1).0, "10=A 21=B");
}

#[test]
fn only_a_text_that_proves_itself_looks_like_an_element_string() {
    let cases = [
        ("01034531200000111719112510ABCD1234", true),
        ("0010614141234567890840012345", true),
        ("10ABC\u{1d}21XYZ", true),
        ("\u{1d}10ABC", true),
        ("010345312000001110ABC17251231", true),
        ("010345312000001121SERIAL-NUMBER-0001240PART-NUMBER-0001", true),
        ("010345312000001110AB CD", false),
        ("0103453120000012171911251", false),
        ("0103453120000011", false),
        ("00106141412345678908", false),
        ("0103453120000012171911251012", false),
        ("010000000000000010ABC", false),
        ("10345312000001", false),
        ("96385074", false),
        ("10ABC", false),
        ("TBA123\u{1d}456", false),
        ("", false),
    ];
    for (text, wanted) in cases {
        assert_eq!(looks_like_element_string(text, PLAIN), wanted, "{text:?}");
    }
}

#[test]
fn a_serial_number_that_holds_pairs_of_digits_is_no_fault() {
    for value in ["1234567890", "ABC1012", "21000010", "99990000", "LOT10A21B"] {
        let text = format!("21{value}");
        let gs1 = parse(&text, PLAIN);
        assert!(gs1.is_sound(), "{gs1:?}");
    }
    assert_eq!(lost_separators(&parse("21ABC1012", PLAIN)), [5]);
    assert_eq!(lost_separators(&parse("21ABC", PLAIN)), [0_usize; 0]);
}

#[test]
fn the_table_is_ordered_and_no_identifier_begins_another() {
    let written = |row: &Ai, number: usize| format!("{number:0width$}", width = row.digits);
    let mut texts = Vec::new();
    for row in TABLE {
        assert!(!row.parts().is_empty() && row.min >= 1 && row.max <= 90, "{row:?}");
        for number in row.first..=row.last {
            let text = written(row, number);
            let (found, read) = ai::find(text.as_bytes()).unwrap();
            assert!(std::ptr::eq(found, row) && usize::from(read) == number, "{text}");
            texts.push(text);
        }
    }
    assert!(texts.is_sorted(), "ordered as texts");
    for pair in texts.windows(2) {
        assert!(!pair[1].starts_with(&pair[0]), "{pair:?}");
    }
    assert_eq!(texts.len(), 541); // as many as the standard lists
}

#[test]
fn exactly_the_standard_prefixes_are_predefined() {
    const PREFIXES: &[&str] = &[
        "00", "01", "02", "03", "11", "12", "13", "15", "16", "17", "20", "31", "32", "33", "34",
        "35", "36", "41",
    ];
    for row in TABLE {
        let text = format!("{:0width$}", row.first, width = row.digits);
        assert_eq!(row.is_predefined, PREFIXES.contains(&&text[..2]), "{text}");
        assert!(!row.is_predefined || row.is_fixed(), "{text}");
    }
}

#[test]
fn only_symbologies_of_gs1_promise_element_strings() {
    for aim in ["]C1", "]d2", "]e0", "]e1", "]e2", "]Q3", "]J1"] {
        assert!(is_gs1_symbology(aim), "{aim}");
    }
    for aim in ["]C0", "]d1", "]Q1", "]E0", "]A0", ""] {
        assert!(!is_gs1_symbology(aim), "{aim}");
    }
}

fn link(text: &str) -> (String, String) {
    match read_link(text) {
        Linked::DigitalLink(gs1) => summary(&gs1),
        Linked::Compressed => ("compressed".to_owned(), String::new()),
        Linked::OtherUrl => ("other".to_owned(), String::new()),
        Linked::NotUrl => ("none".to_owned(), String::new()),
    }
}

#[test]
fn a_link_of_any_host_gives_its_elements() {
    let cases = [
        (
            "https://id.gs1.org/01/09521234543213/10/ABC1/21/12345?17=180426",
            "01=09521234543213 10=ABC1 21=12345 17=180426",
            "",
        ),
        ("HTTP://shop.example/some/path/01/9521234543213/", "01=09521234543213", ""),
        (
            "https://shop.example/gtin/09521234543213/lot/A%2fB%2Fc",
            "01=09521234543213 10=A/B/c",
            "",
        ),
        (
            "https://shop.example/gtin/09521234543213/cpv/2A/ser/7#top",
            "01=09521234543213 22=2A 21=7",
            "",
        ),
        (
            "https://shop.example/00/106141412345678908?linkType=all&3103=000195;400=A+B",
            "00=106141412345678908 3103=000195 400=A+B",
            "",
        ),
        ("https://shop.example/8004/9521234AB?utm_source=x", "8004=9521234AB", ""),
        ("https://shop.example/414/9521234543213/254/32a", "414=9521234543213 254=32a", ""),
        ("https://shop.example/01/09521234543214", "01=09521234543214", "check_digit@24"),
        ("https://shop.example/01/09521234543213?10=%4", "01=09521234543213", "bad_escape@42"),
        (
            "https://shop.example/01/09521234543213?17=181326",
            "01=09521234543213 17=181326",
            "date@42",
        ),
        ("https://shop.example/01/09521234543213?88=1", "01=09521234543213", "unknown_ai@39"),
        ("https://shop.example/01/09521234543213/21/1/10/2", "other", ""),
        ("https://shop.example/01/summer-sale", "other", ""),
        ("https://shop.example/01/09521234543213/235/T", "01=09521234543213 235=T", ""),
        ("https://shop.example/01/09521234543213/21/1/235/T", "other", ""),
        ("https://shop.example/10/ABC", "other", ""),
        ("https://shop.example", "other", ""),
        ("https://shop.example/a-long-Name-of-1-page?01=09521234543213", "other", ""),
        ("ftp://shop.example/01/09521234543213", "none", ""),
        ("https:///01/09521234543213", "none", ""),
        ("0103453120000011", "none", ""),
    ];
    for (text, elements, errors) in cases {
        assert_eq!(link(text), (elements.to_owned(), errors.to_owned()), "{text}");
    }
}

const BASE_64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn compressed(code: u64, gtin: u64) -> String {
    let bits = (code << 47 | gtin) << 5;
    let place = |shift: u32| usize::try_from(bits >> shift & 63).unwrap();
    (0..10).rev().map(|nth| char::from(BASE_64[place(nth * 6)])).collect()
}

#[test]
fn a_compressed_link_is_refused_by_name() {
    let text = compressed(0x01, 9_521_234_543_213);
    assert_eq!(link(&format!("https://shop.example/{text}")).0, "compressed", "{text}");
    let text = compressed(0x0C, 9_521_234_543_213) + "4xyz";
    assert_eq!(link(&format!("https://shop.example/{text}")).0, "compressed", "{text}");
    let text = compressed(0x01, 9_521_234_543_214);
    assert_eq!(link(&format!("https://shop.example/{text}")).0, "other", "{text}");
    assert_eq!(link("https://id.gs1.org/gEYpGxCUhBc2bA").0, "compressed");
}

#[test]
fn the_prefix_of_a_gtin_says_whose_number_it_is() {
    use GtinKind::{Coupon, Demonstration, Isbn, Ismn, Issn, Product, RefundReceipt, Restricted};
    let cases = [
        ("978030640615", Isbn),
        ("979100000000", Isbn),
        ("979000000000", Ismn),
        ("977123456700", Issn),
        ("200123400000", Restricted),
        ("299123400000", Restricted),
        ("021234500000", Restricted),
        ("041234500000", Restricted),
        ("051234500000", Coupon),
        ("981234500000", Coupon),
        ("984234500000", Coupon),
        ("991234500000", Coupon),
        ("980234500000", RefundReceipt),
        ("952123454321", Demonstration),
        ("400638133393", Product),
        ("030012345678", Product),
        ("985234500000", Product),
        ("2012345", Restricted),
        ("0012345", Restricted),
        ("9638507", Product),
    ];
    for (body, wanted) in cases {
        let check = crate::domain::ids::check_digit(body).unwrap();
        assert_eq!(kind_of(format!("{body}{check}").parse().unwrap()), wanted, "{body}");
    }
    assert_eq!(kind_of("10345312000001".parse().unwrap()), Product);
}

#[test]
fn an_envelope_gives_its_formats_and_the_names_of_its_data() {
    let text = "[)>\u{1e}06\u{1d}1PAB-12\u{1d}Q5\u{1d}S777\u{1e}05\u{1d}10LOT\u{1e}\u{4}";
    let Some(Envelope::Iso15434(message)) = recognise(text) else { panic!("no envelope") };
    assert!(message.is_closed);
    let formats: Vec<_> = message.formats().collect();
    assert_eq!(formats.iter().map(|it| it.number).collect::<Vec<_>>(), ["06", "05"]);
    let data: Vec<_> = formats[0].data().map(|it| (it.identifier, it.value, it.name())).collect();
    assert_eq!(
        data,
        [
            ("1P", "AB-12", Some("maker's part number")),
            ("Q", "5", Some("quantity")),
            ("S", "777", Some("serial number")),
        ]
    );
    assert_eq!(formats[1].data().count(), 0);
    assert_eq!(summary(&parse(formats[1].body, PLAIN)).0, "10=LOT");
}

#[test]
fn a_code_of_the_health_industry_is_named_and_a_telephone_number_is_not() {
    let Some(Envelope::Hibc(hibc)) = recognise("+A123BJC5D6E71G") else { panic!("no HIBC") };
    assert_eq!((hibc.labeller, hibc.is_checked), (Some("A123"), true));
    let Some(Envelope::Hibc(hibc)) = recognise("+A123BJC5D6E71H") else { panic!("no HIBC") };
    assert!(!hibc.is_checked);
    assert_eq!(recognise("+33123456789"), None);
    assert_eq!(recognise("0103453120000011"), None);
}

/// A right value for a row: its parts at some length, with check digits and dates put right.
fn value_of(row: &'static Ai) -> BoxedStrategy<String> {
    let parts = row.parts().iter().map(|part| {
        let letters = match part.set {
            Set::N => "0123456789",
            Set::X => "ABCXYZabcz0123456789-/.()",
            Set::Y => "ABCXYZ0123456789#-/",
            Set::Z => "ABCXYZabcz0123456789-_",
        };
        let letters: Vec<char> = letters.chars().collect();
        let free = prop::collection::vec(prop::sample::select(letters), part.min..=part.max)
            .prop_map(|chars| chars.into_iter().collect::<String>());
        match part.rule {
            Rule::Any | Rule::Escaped => free.boxed(),
            Rule::Check => free
                .prop_map(|mut digits| {
                    digits.pop();
                    let check = crate::domain::ids::check_digit(&digits).unwrap();
                    format!("{digits}{check}")
                })
                .boxed(),
            Rule::DateOrMonth => (0..100, 1..=12, 0..=28).prop_map(yymmdd).boxed(),
            Rule::Date => (0..100, 1..=12, 1..=28).prop_map(yymmdd).boxed(),
            Rule::LongDate => Just("19791125".to_owned()).boxed(),
            Rule::Hour => (0..24).prop_map(|it| format!("{it:02}")).boxed(),
            Rule::Minute => (0..60).prop_map(|it| format!("{it:02}")).boxed(),
            Rule::HourMinute => Just("2359".to_owned()).boxed(),
            Rule::Zero => Just("0".to_owned()).boxed(),
            Rule::YesNo | Rule::Winding | Rule::Sex => Just("1".to_owned()).boxed(),
            Rule::NonZero => Just("1".repeat(part.max)).boxed(),
            Rule::NoLeadingZero => (0..1_000_000_u32).prop_map(|it| it.to_string()).boxed(),
            Rule::PieceOfTotal => Just("0103".to_owned()).boxed(),
            Rule::ChildOfTotal => Just("1/2".to_owned()).boxed(),
            Rule::Minus => Just("-".to_owned()).boxed(),
            Rule::Latitude | Rule::Longitude => Just("1234567890".to_owned()).boxed(),
            Rule::CountryLetters => Just("FR".to_owned()).boxed(),
            Rule::CheckPair => Just("1987654Ad4X4bL5ttr2310c2K".to_owned()).boxed(),
            Rule::Iban => Just("FR1420041010050500013M02606".to_owned()).boxed(),
        }
    });
    parts.collect::<Vec<_>>().prop_map(|parts| parts.concat()).boxed()
}

fn yymmdd((year, month, day): (i32, i32, i32)) -> String {
    format!("{year:02}{month:02}{day:02}")
}

/// An identifier of the table, as written, with a right value.
fn any_element() -> impl Strategy<Value = (&'static Ai, String, String)> {
    prop::sample::select(TABLE.iter().collect::<Vec<_>>()).prop_flat_map(|row| {
        (row.first..=row.last, value_of(row)).prop_map(move |(number, value)| {
            (row, format!("{number:0width$}", width = row.digits), value)
        })
    })
}

type Written = (&'static Ai, String, String);

/// The text of elements; a needless separator stands where `is_needless` says so.
fn written(elements: &[Written], is_needless: bool, lost: Option<usize>) -> String {
    let mut text = String::new();
    for (nth, (row, code, value)) in elements.iter().enumerate() {
        text += code;
        text += value;
        let is_last = nth + 1 == elements.len();
        if (is_needless || !(row.is_predefined || is_last)) && lost != Some(nth) {
            text.push('\u{1d}');
        }
    }
    text
}

fn pairs(gs1: &Gs1<'_>) -> Vec<(String, String)> {
    gs1.elements.iter().map(|it| (it.code(), it.value.to_string())).collect()
}

proptest! {
    #[test]
    fn what_is_written_by_the_table_reads_back(
        elements in prop::collection::vec(any_element(), 1..8), is_needless: bool,
    ) {
        let text = written(&elements, is_needless, None);
        let gs1 = parse(&text, PLAIN);
        let wanted: Vec<_> =
            elements.iter().map(|(_, code, value)| (code.clone(), value.clone())).collect();
        prop_assert_eq!(pairs(&gs1), wanted);
        // A long free text may end in what is a date: that is said, and nothing else is.
        prop_assert!(gs1.errors.iter().all(|it| it.fault == Fault::MissingSeparator));
    }

    #[test]
    fn a_lost_separator_never_goes_unnoticed(
        first in any_element().prop_filter("needs one", |it| !it.0.is_predefined),
        then in prop::collection::vec(any_element(), 1..3),
    ) {
        let elements: Vec<Written> = std::iter::once(first).chain(then).collect();
        let text = written(&elements, false, Some(0));
        prop_assume!(text.len() < 200);
        let gs1 = parse(&text, PLAIN);
        let is_said = gs1.errors.iter().any(|it| it.fault == Fault::MissingSeparator);
        prop_assert!(is_said || !lost_separators(&gs1).is_empty(), "{} {:?}", text, gs1);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in any::<String>()) {
        let gs1 = parse(&text, Separators { substitutes: &["~1", "é", ""] });
        let _ = (lost_separators(&gs1), gs1.gtin(), gs1.expiry(0), gs1.price(), gs1.weight_g());
        let _ = (read_link(&text), read_link(&format!("https://{text}")));
        let _ = looks_like_element_string(&text, PLAIN);
        let _ = recognise(&format!("+{text}"));
        if let Some(Envelope::Iso15434(message)) = recognise(&format!("[)>\u{1e}06\u{1d}{text}")) {
            let _ = message.formats().flat_map(|it| it.data()).filter_map(|it| it.name()).count();
        }
    }

    #[test]
    fn no_digits_and_separators_make_a_reader_panic(text in "[0-9A%/é\u{1d}]{0,80}") {
        let gs1 = parse(&text, PLAIN);
        for problem in &gs1.errors {
            prop_assert!(problem.at <= text.len());
        }
        let _ = (lost_separators(&gs1), gs1.count(), gs1.best_before(u16::MAX), gs1.map());
        let _ = (read_link(&format!("https://a/01/{text}")), read_link(&format!("http://b/?{text}")));
    }
}
