//! Which rows are taken, and the cause each refused one is given.

use proptest::prelude::*;

use crate::orderbook::entry::{Entry, Record};
use crate::orderbook::file::order::OrderRecord;
use crate::orderbook::file::product::ProductRecord;
use crate::orderbook::file::rma::RmaRecord;
use crate::orderbook::file::{RowError, UnknownKeys, seconds};

const ORDER: &str = r#"{"client":"shop","order_no":"W-1001","channel":"web","brand":"B",
    "placed_at":"2025-11-02T10:00:00+01:00","currency":"EUR",
    "customer":{"id":"C1","name":"Zoe Untel","email":"zoe@example.org","phone":"+33",
        "address":"1 rue","postcode":"44000","city":"Nantes","country":"FR"},
    "ship_to":{"name":"Yan Autre"},
    "payments":[{"method":"card","amount":9000,"status":"captured"}],"shipping_paid":490,
    "lines":[{"line":1,"sku":"S1","gtin":"4006381333931","description":"Shirt",
        "category":"clothing","qty":2,"unit_price":5000,"discount":500,"final_sale":false,
        "returned":1,"serials":["SN-1"],"lots":["L1"]}],
    "order_discounts":[{"label":"TEN","amount":500,"minimum":1000}],
    "shipments":[{"carrier":"ups","tracking":"1Z 999","shipped_at":"2025-11-03",
        "delivered_at":null,"lines":[1]}]}"#;

const RMA: &str = r#"{"client":"shop","rma":"R1","order_no":"W-1001","method":"self_service",
    "tracking":["8R1"],"announced_at":"2025-11-20","lines":[{"line":1,"qty":1,"reason":"small"}],
    "promise":"exchange","exchange_for":[{"sku":"S2","qty":1}],
    "received_elsewhere":{"site":"store-3","at":"2025-11-21","refunded":true}}"#;

const PRODUCT: &str = r#"{"client":"shop","sku":"S1","gtins":["4006381333931"],
    "description":"Shirt","category":"clothing","style":"ST","size":"M","colour":"blue",
    "weight_g":240,"size_class":"small","serialised":false,"hygiene_seal":true,"hazard":null,
    "supplier":"Sup","list_price":5000,"components":[{"sku":"S1-A","qty":2}]}"#;

fn read<Rec: Record>(row: &str) -> Result<Entry, RowError> {
    Rec::read(row, &mut UnknownKeys::default())
}

/// Reads `good` with one part of its text replaced.
fn check<Rec: Record>(good: &str, cases: &[(&str, &str, Option<&str>)]) {
    for (old, new, cause) in cases {
        assert!(good.contains(old), "{old} is not in the good row");
        let row = good.replacen(old, new, 1);
        let found = read::<Rec>(&row).map(|_| ()).map_err(|cause| cause.to_string());
        match (found, cause) {
            (Ok(()), None) => {}
            (Err(found), Some(cause)) => {
                assert!(found.starts_with(cause), "{new}: {found}, wanted {cause}");
            }
            (found, cause) => panic!("{new}: {found:?}, wanted {cause:?}"),
        }
    }
}

#[test]
fn orders_are_taken_or_refused_with_their_cause() {
    check::<OrderRecord>(
        ORDER,
        &[
            ("\"client\":\"shop\",", "", None),
            ("\"shop\"", "null", None),
            ("\"2025-11-02T10:00:00+01:00\"", "null", None),
            ("2025-11-02T10:00:00+01:00", "2025-11-02", None),
            ("[\"SN-1\"]", "null", None),
            ("\"discount\":500,", "", None),
            ("\"discount\":500", "\"discount\":10000", None),
            ("\"amount\":9000", "\"amount\":-9000", None),
            ("\"currency\":\"EUR\",", "", Some("missing field `currency`")),
            ("\"unit_price\":5000,", "", Some("missing field `unit_price`")),
            ("\"EUR\"", "\"EURO\"", Some("currency: \"EURO\" is no currency")),
            ("\"EUR\"", "\"eur\"", Some("currency: \"eur\" is no currency")),
            ("W-1001", "", Some("order_no: order number is empty")),
            ("W-1001", "W\\u001b[2J", Some("order_no: order number holds a control character")),
            (
                "2025-11-02T10:00:00+01:00",
                "02/11/2025",
                Some("placed_at: \"02/11/2025\" is neither"),
            ),
            (
                "2025-11-02T10:00:00+01:00",
                "2025-02-30",
                Some("placed_at: \"2025-02-30\" is neither"),
            ),
            ("2025-11-03", "3 November", Some("shipments.shipped_at: ")),
            ("4006381333931", "4006381333932", Some("lines.gtin: the check digit of GTIN")),
            ("\"qty\":2", "\"qty\":0", Some("lines.qty: 0 pieces")),
            ("\"qty\":2", "\"qty\":10001", Some("lines.qty: 10001 pieces")),
            ("\"qty\":2", "\"qty\":-1", Some("invalid value: integer `-1`")),
            ("\"unit_price\":5000", "\"unit_price\":50.5", Some("invalid type: floating point")),
            (
                "\"unit_price\":5000",
                "\"unit_price\":-1",
                Some("lines.unit_price: -1 is not between"),
            ),
            (
                "\"discount\":500",
                "\"discount\":10001",
                Some("line 1: a discount of 10001 on 10000"),
            ),
            ("\"discount\":500", "\"discount\":-1", Some("line 1: a discount of -1")),
            ("\"returned\":1", "\"returned\":3", Some("line 1: 3 returned, of 2 sold")),
            ("\"amount\":500", "\"amount\":-5", Some("order_discounts.amount: -5 is not")),
            (
                "\"lines\":[{",
                "\"lines\":[{\"line\":1,\"sku\":\"S\",\"qty\":1,\"unit_price\":1},{",
                Some("two lines have the number 1"),
            ),
            ("\"channel\"", "\"order_no\":\"W2\",\"channel\"", Some("duplicate field `order_no`")),
            ("{\"client\"", "{\"client", Some("expected `:`")),
            ("\"minimum\":1000}]", "\"minimum\":1000}]}", Some("trailing characters")),
        ],
    );
}

#[test]
fn rmas_are_taken_or_refused_with_their_cause() {
    check::<RmaRecord>(
        RMA,
        &[
            ("[{\"line\":1,\"qty\":1,\"reason\":\"small\"}]", "null", None),
            ("\"promise\":\"exchange\",", "", None),
            ("[\"8R1\"]", "[]", None),
            ("\"promise\":\"exchange\"", "\"promise\":\"gift\"", Some("unknown variant `gift`")),
            ("self_service", "owl", Some("unknown variant `owl`")),
            ("\"order_no\":\"W-1001\",", "", Some("missing field `order_no`")),
            ("2025-11-20", "yesterday", Some("announced_at: \"yesterday\" is neither")),
            ("\"qty\":1,\"reason\"", "\"qty\":0,\"reason\"", Some("lines.qty: 0 pieces")),
            ("\"8R1\"", "\" \"", Some("tracking: tracking number is empty")),
            ("\"S2\",\"qty\":1", "\"S2\",\"qty\":0", Some("exchange_for.qty: 0 pieces")),
        ],
    );
}

#[test]
fn products_are_taken_or_refused_with_their_cause() {
    check::<ProductRecord>(
        PRODUCT,
        &[
            ("[\"4006381333931\"]", "null", None),
            ("\"serialised\":false", "\"serialised\":null", None),
            ("\"sku\":\"S1\",", "", Some("missing field `sku`")),
            ("4006381333931", "12345", Some("gtins: GTIN \"12345\" is not of the form")),
            ("\"list_price\":5000", "\"list_price\":-5", Some("list_price: -5 is not between")),
            ("\"weight_g\":240", "\"weight_g\":\"240\"", Some("invalid type: string")),
            ("\"qty\":2", "\"qty\":0", Some("components.qty: 0 pieces")),
        ],
    );
}

#[test]
fn an_unknown_key_is_named_once_and_its_row_is_taken() {
    let row = ORDER
        .replace("\"channel\"", "\"gift\":true,\"channel\"")
        .replace("\"sku\":\"S1\"", "\"sku\":\"S1\",\"fabric\":\"linen\"");
    let mut unknown = UnknownKeys::default();
    OrderRecord::read(&row, &mut unknown).unwrap();
    OrderRecord::read(&row, &mut unknown).unwrap();
    assert_eq!(unknown.0.into_iter().collect::<Vec<_>>(), ["gift", "lines.fabric"]);
}

#[test]
fn the_body_of_an_order_names_nobody() {
    let entry = read::<OrderRecord>(ORDER).unwrap();
    for personal in ["Zoe", "zoe@", "Nantes", "44000", "Autre", "C1"] {
        assert!(!entry.body.get().contains(personal), "{personal} is in the body");
        let apart = entry.personal.as_ref().unwrap();
        assert!(apart.body.get().contains(personal), "{personal} is lost");
    }
}

#[test]
fn no_key_of_the_format_is_lost_in_the_body() {
    let mut wanted: serde_json::Value = serde_json::from_str(ORDER).unwrap();
    let object = wanted.as_object_mut().unwrap();
    object.remove("customer");
    object.remove("ship_to");
    object["shipments"][0].as_object_mut().unwrap().remove("delivered_at");
    let body = read::<OrderRecord>(ORDER).unwrap().body;
    assert_eq!(serde_json::from_str::<serde_json::Value>(body.get()).unwrap(), wanted);

    let wanted: serde_json::Value = serde_json::from_str(RMA).unwrap();
    let body = read::<RmaRecord>(RMA).unwrap().body;
    assert_eq!(serde_json::from_str::<serde_json::Value>(body.get()).unwrap(), wanted);

    let mut wanted: serde_json::Value = serde_json::from_str(PRODUCT).unwrap();
    wanted.as_object_mut().unwrap().remove("hazard");
    let body = read::<ProductRecord>(PRODUCT).unwrap().body;
    assert_eq!(serde_json::from_str::<serde_json::Value>(body.get()).unwrap(), wanted);
}

#[test]
fn dates_and_times_sort_together() {
    assert_eq!(seconds("1970-01-02"), Some(86_400));
    assert_eq!(seconds("1970-01-02T01:00:00+01:00"), Some(86_400));
    for wrong in ["", "1970-1-02", "1970-01-02T01:00:00", " 1970-01-0", "éééée"] {
        assert_eq!(seconds(wrong), None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn no_row_makes_a_parser_panic(row in any::<String>()) {
        let _ = read::<OrderRecord>(&row);
        let _ = read::<RmaRecord>(&row);
        let _ = read::<ProductRecord>(&row);
    }

    #[test]
    fn no_damage_to_a_good_row_makes_a_parser_panic(
        at in 0_usize..700, len in 0_usize..40, with in "[\"{}\\[\\],:0-9a-zé\\\\-]{0,12}",
    ) {
        for good in [ORDER, RMA, PRODUCT] {
            let start = at.min(good.len());
            let end = (start + len).min(good.len());
            let row = format!("{}{with}{}", &good[..start], &good[end..]);
            let _ = read::<OrderRecord>(&row);
            let _ = read::<RmaRecord>(&row);
            let _ = read::<ProductRecord>(&row);
        }
    }

    #[test]
    fn the_largest_numbers_let_in_add_up(
        price in 0_i64..=super::AMOUNT_MAX_MINOR, qty in 1_u32..=super::QTY_MAX,
    ) {
        let row = format!(
            r#"{{"order_no":"W1","currency":"EUR","lines":[
                {{"line":1,"sku":"S","qty":{qty},"unit_price":{price}}},
                {{"line":2,"sku":"S","qty":{qty},"unit_price":{price}}}]}}"#
        );
        let record: OrderRecord = serde_json::from_str(&row).unwrap();
        let order = dockside_core::domain::order::Order::try_from(&record).unwrap();
        let paid: i64 = order.paid_by_piece().iter().flat_map(|(_, pieces)| pieces).sum();
        prop_assert_eq!(paid, 2 * price * i64::from(qty));
    }
}
