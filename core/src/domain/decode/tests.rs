//! The contract of decode, over a small table of carriers; the shipped one is tried by the
//! configuration's tests and by tests/it/decode.rs.

use proptest::prelude::*;

use super::*;

fn told(text: &str) -> Decoded {
    let carriers = Carriers::new(Vec::new()).unwrap();
    decode(text, text.as_bytes(), &carriers, &[], 2026)
}

#[test]
fn an_element_string_tells_its_elements() {
    let told = told("]C101034531200000111719112510ABCD1234");
    assert_eq!((told.kind, told.aim.as_deref()), (Kind::Gs1, Some("]C1")));
    assert_eq!(told.gtin.unwrap().to_string(), "03453120000011");
    assert_eq!(told.expiry.as_deref(), Some("2019-11-25"));
    assert_eq!(told.lot.as_deref(), Some("ABCD1234"));
    assert_eq!(told.elements.unwrap()["17"], "191125");
    assert!(told.errors.is_empty());
}

#[test]
fn the_container_number_alone_is_an_sscc() {
    let told = told("]C100340123450000000017");
    assert_eq!((told.kind, told.sscc.as_deref()), (Kind::Sscc, Some("340123450000000017")));
    let with_more = super::tests::told("]C10034012345000000001710AB");
    assert_eq!(with_more.kind, Kind::Gs1);
}

#[test]
fn our_own_codes_and_products_have_their_kinds() {
    let cases = [
        ("4006381333931", Kind::Gtin),
        ("]E04006381333931", Kind::Gtin),
        ("BDGRECEIVER", Kind::Badge),
        ("BIN-RESTOCK-1", Kind::Bin),
        ("LPN00700000423", Kind::Lpn),
        ("hello", Kind::Unknown),
    ];
    for (text, kind) in cases {
        assert_eq!(told(text).kind, kind, "{text}");
    }
    assert_eq!(told(&scan::card("DONE").unwrap()).kind, Kind::Command);
}

#[test]
fn a_failed_check_digit_is_never_that_kind() {
    for text in ["4006381333932", "LPN00700000424", "]E04006381333932"] {
        let told = told(text);
        assert_eq!(told.kind, Kind::Unknown, "{text}");
        assert_eq!(told.errors[0].code, "check_digit", "{text}");
        assert_eq!(told.errors[0].at, text.len() - 1);
    }
}

#[test]
fn what_can_t_be_read_has_a_code_and_a_place() {
    let carriers = Carriers::new(Vec::new()).unwrap();
    let bad = decode("..", b"abc\xff1234", &carriers, &[], 2026);
    assert_eq!((bad.kind, bad.errors[0].code, bad.errors[0].at), (Kind::Unknown, "charset", 3));
    let long = decode("..", &[b'7'; 5000], &carriers, &[], 2026);
    assert_eq!((long.errors[0].code, long.errors[0].at), ("too_long", 4096));
}

#[test]
fn what_the_order_book_knows_comes_first() {
    let carriers = Carriers::new(Vec::new()).unwrap();
    let told = decode("W1001", b"W1001", &carriers, &[Kind::Order], 2026);
    assert_eq!(told.kind, Kind::Order);
    let told = decode("4006381333931", b"4006381333931", &carriers, &[Kind::Order], 2026);
    assert_eq!((told.kind, told.alternatives[0].kind), (Kind::Order, Kind::Gtin));
}

#[test]
fn a_digital_link_is_read_whatever_its_host() {
    let told = told("https://shop.example/x/01/04006381333931/10/AB1/21/S7?17=271231");
    assert_eq!(told.kind, Kind::DigitalLink);
    assert_eq!(told.gtin.unwrap().to_string(), "04006381333931");
    assert_eq!((told.lot.as_deref(), told.serial.as_deref()), (Some("AB1"), Some("S7")));
    assert_eq!(told.expiry.as_deref(), Some("2027-12-31"));
    assert_eq!(super::tests::told("https://shop.example/about").kind, Kind::Unknown);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let carriers = Carriers::new(Vec::new()).unwrap();
        let told = decode("", &bytes, &carriers, &[], 2026);
        prop_assert!(told.kind != Kind::Tracking);
    }
}
