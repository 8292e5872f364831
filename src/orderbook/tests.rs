//! The order book as a whole: files in, scans answered, personal data out.

use std::path::Path;

use dockside_core::domain::event::MatchedBy;
use dockside_core::domain::facts::{Found, HITS_MAX, OrderKey};
use dockside_core::domain::ids::Gtin;
use dockside_core::domain::scan::Reading;
use sqlx::Connection;
use tempfile::TempDir;

use crate::orderbook::erase::Whose;
use crate::orderbook::import::{ImportReport, Kind};
use crate::orderbook::{Access, FILE_NAME, OrderBook, OrderBookError, connect};

const GTIN: &str = "4006381333931";

fn order(client: &str, order_no: &str, tracking: &str) -> String {
    format!(
        r#"{{"client":"{client}","order_no":"{order_no}","currency":"EUR","placed_at":"2025-11-02",
        "customer":{{"id":"C-{order_no}","name":"Zoe Untel {order_no}"}},
        "lines":[{{"line":1,"sku":"S1","gtin":"{GTIN}","qty":1,"unit_price":5000}},
                 {{"line":2,"sku":"S2","qty":1,"unit_price":9000,"serials":["SN-{order_no}"]}}],
        "shipments":[{{"tracking":"{tracking}"}}]}}"#
    )
    .replace('\n', "")
}

fn rma(client: &str, rma: &str, order_no: &str, tracking: &str) -> String {
    format!(
        r#"{{"client":"{client}","rma":"{rma}","order_no":"{order_no}","tracking":["{tracking}"]}}"#
    )
}

async fn empty() -> (TempDir, OrderBook) {
    let dir = tempfile::tempdir().unwrap();
    let book = OrderBook::open(dir.path(), Access::ReadWrite).await.unwrap();
    (dir, book)
}

async fn import(book: &mut OrderBook, kind: Kind, rows: &[String]) -> ImportReport {
    let file = rows.join("\n");
    let mut rejects = Vec::new();
    let report = book.import(kind, file.as_bytes(), &mut rejects, |_| {}).await.unwrap();
    assert_eq!(report.rejected, 0, "{}", String::from_utf8_lossy(&rejects));
    report
}

async fn find(book: &mut OrderBook, number: &str) -> Found {
    book.find(&[Reading::Number(number.to_owned())], None).await.unwrap()
}

/// The order numbers a scan leads to.
async fn hits(book: &mut OrderBook, number: &str) -> Vec<String> {
    let found = find(book, number).await;
    found.orders.iter().map(|hit| hit.order.order_no.to_string()).collect()
}

async fn count(book: &mut OrderBook, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut book.connection).await.unwrap()
}

#[tokio::test]
async fn an_order_is_found_by_each_of_its_numbers() {
    let (_dir, mut book) = empty().await;
    import(&mut book, Kind::Orders, &[order("shop", "W-1001", "1Z 999 AA")]).await;
    import(&mut book, Kind::Rmas, &[rma("shop", "RM-7", "W-1001", "8R-1")]).await;
    let cases = [
        ("8r1", MatchedBy::Tracking, false, None, "8R-1"),
        ("rm7", MatchedBy::Rma, false, None, "RM-7"),
        ("1z999aa", MatchedBy::Tracking, true, None, "1Z 999 AA"),
        ("W1001", MatchedBy::OrderNo, false, None, "W-1001"),
        ("sn w 1001", MatchedBy::Serial, false, Some(2), "SN-W-1001"),
    ];
    for (scanned, by, outbound, serial_of, code) in cases {
        let found = find(&mut book, scanned).await;
        let [hit] = &found.orders[..] else { panic!("{scanned}: {found:?}") };
        assert_eq!(hit.order.order_no.as_str(), "W-1001");
        assert_eq!(hit.rma.as_ref().unwrap().rma.as_str(), "RM-7", "{scanned}");
        assert_eq!((hit.by, hit.outbound, hit.serial_of), (by, outbound, serial_of), "{scanned}");
        assert_eq!(hit.code, code);
    }
    assert_eq!(find(&mut book, "W1002").await, Found::default());
    assert_eq!(find(&mut book, " - ").await, Found::default());
}

#[tokio::test]
async fn of_two_rmas_an_outbound_number_names_neither() {
    let (_dir, mut book) = empty().await;
    import(&mut book, Kind::Orders, &[order("shop", "W1", "1Z1")]).await;
    import(
        &mut book,
        Kind::Rmas,
        &[rma("shop", "R1", "W1", "8R1"), rma("shop", "R2", "W1", "8R2")],
    )
    .await;
    assert_eq!(find(&mut book, "1Z1").await.orders[0].rma, None);
    assert_eq!(find(&mut book, "8R2").await.orders[0].rma.as_ref().unwrap().rma.as_str(), "R2");
}

#[tokio::test]
async fn two_clients_with_one_order_number_give_two_hits() {
    let (_dir, mut book) = empty().await;
    let orders = [order("a", "100234", "TA-1"), order("b", "100234", "TB-1")];
    import(&mut book, Kind::Orders, &orders).await;
    let found = find(&mut book, "100234").await;
    let clients: Vec<&str> = found.orders.iter().map(|hit| hit.order.client.as_str()).collect();
    assert_eq!(clients, ["b", "a"], "the newest row first");
    assert_eq!(find(&mut book, "TA1").await.orders[0].order.client.as_str(), "a");
}

#[tokio::test]
async fn a_number_of_many_orders_gives_a_bounded_list() {
    let (_dir, mut book) = empty().await;
    let orders: Vec<String> = (0..40).map(|n| order("shop", &format!("W{n}"), "N/A")).collect();
    import(&mut book, Kind::Orders, &orders).await;
    assert_eq!(find(&mut book, "n/a").await.orders.len(), HITS_MAX);
}

#[tokio::test]
async fn importing_twice_changes_nothing() {
    let (_dir, mut book) = empty().await;
    let orders = [order("a", "W\\\"1\\\\", "T1"), order("b", "W2", "T1")];
    let rmas = [rma("a", "R1", "W2", "8R1")];
    let products = [format!(r#"{{"client":"a","sku":"S1","gtins":["{GTIN}"]}}"#)];
    for _ in 0..2 {
        assert_eq!(import(&mut book, Kind::Orders, &orders).await.stored, 2);
        assert_eq!(import(&mut book, Kind::Rmas, &rmas).await.stored, 1);
        assert_eq!(import(&mut book, Kind::Products, &products).await.stored, 1);
        assert_eq!(count(&mut book, "select count(*) from sale").await, 2);
        assert_eq!(count(&mut book, "select count(*) from customer").await, 2);
        assert_eq!(count(&mut book, "select count(*) from number").await, 8);
        assert_eq!(count(&mut book, "select count(*) from line_gtin").await, 2);
        assert_eq!(count(&mut book, "select count(*) from product_gtin").await, 1);
        assert_eq!(hits(&mut book, "w\"1\\").await, ["W\"1\\"]);
    }
}

#[tokio::test]
async fn a_record_is_replaced_whole() {
    let (_dir, mut book) = empty().await;
    import(&mut book, Kind::Orders, &[order("shop", "W1", "OLD-1")]).await;
    import(&mut book, Kind::Rmas, &[rma("shop", "R1", "W1", "8R-OLD")]).await;
    let bare = r#"{"client":"shop","order_no":"W1","currency":"EUR","placed_at":"2025-12-01",
        "lines":[{"line":1,"sku":"S1","qty":1,"unit_price":1}],"shipments":[{"tracking":"NEW-1"}]}"#
        .replace('\n', "");
    import(&mut book, Kind::Orders, &[bare]).await;
    import(&mut book, Kind::Rmas, &[rma("shop", "R1", "W1", "8R-NEW")]).await;
    for gone in ["OLD1", "SNW1", "8ROLD"] {
        assert!(hits(&mut book, gone).await.is_empty(), "{gone} still leads to the order");
    }
    for found in ["NEW1", "W1", "8RNEW", "R1"] {
        assert_eq!(hits(&mut book, found).await, ["W1"], "{found}");
    }
    assert_eq!(count(&mut book, "select count(*) from line_gtin").await, 0);
    assert_eq!(count(&mut book, "select count(*) from customer").await, 0);
}

#[tokio::test]
async fn the_later_of_two_rows_in_one_file_is_in_force() {
    let (_dir, mut book) = empty().await;
    let rows = [order("shop", "W1", "T-1"), order("shop", "W1", "T-2")];
    let report = import(&mut book, Kind::Orders, &rows).await;
    assert_eq!((report.read, report.stored), (2, 2));
    assert!(hits(&mut book, "T1").await.is_empty());
    assert_eq!(hits(&mut book, "T2").await, ["W1"]);
}

#[tokio::test]
async fn a_key_that_comes_again_in_a_later_batch_of_a_first_load_is_replaced() {
    let (_dir, mut book) = empty().await;
    let mut rows: Vec<String> =
        (0..10_001).map(|n| order("shop", &format!("W{n}"), &format!("T-{n}"))).collect();
    rows.push(order("shop", "W5", "T-NEW"));
    import(&mut book, Kind::Orders, &rows).await;
    assert!(hits(&mut book, "T5").await.is_empty());
    assert_eq!(hits(&mut book, "TNEW").await, ["W5"]);
    assert_eq!(hits(&mut book, "T10000").await, ["W10000"]);
    let indexes = "select count(*) from sqlite_schema
        where name in ('number_by_code', 'line_gtin_newest', 'customer_by_id')";
    assert_eq!(count(&mut book, indexes).await, 3);
}

#[tokio::test]
async fn broken_rows_are_set_apart_and_the_rest_is_in() {
    let (_dir, mut book) = empty().await;
    let mut file = order("shop", "W1", "T1").into_bytes();
    file.extend(b"\n{\"order_no\":\"W\xff\"}\n{broken\n");
    file.extend(vec![b'x'; 1024 * 1024 + 1]);
    file.extend(b"\n{\"order_no\":\"W2\"}\n");
    file.extend(order("shop", "W3", "T3").into_bytes());
    let mut rejects = Vec::new();
    let mut heard = 0;
    let report =
        book.import(Kind::Orders, &file[..], &mut rejects, |bytes| heard = bytes).await.unwrap();
    assert_eq!((report.read, report.stored, report.rejected), (6, 2, 4));
    assert_eq!(heard, u64::try_from(file.len()).unwrap());
    let rejects = String::from_utf8(rejects).unwrap();
    let refused: Vec<(i64, String)> = rejects
        .lines()
        .map(|row| serde_json::from_str::<serde_json::Value>(row).unwrap())
        .map(|row| (row["line"].as_i64().unwrap(), row["cause"].as_str().unwrap().to_owned()))
        .collect();
    let wanted = [
        (2, "byte 14 of the row is no UTF-8"),
        (3, "key must be a string"),
        (4, "the row is longer than 1048576 bytes"),
        (5, "missing field `currency`"),
    ];
    for ((line, cause), (wanted_line, wanted_cause)) in refused.iter().zip(wanted) {
        assert_eq!(*line, wanted_line);
        assert!(cause.starts_with(wanted_cause), "{cause}");
    }
    assert_eq!(refused.len(), wanted.len());
    assert_eq!(hits(&mut book, "T3").await, ["W3"]);
}

#[tokio::test]
async fn a_gtin_leads_to_the_products_of_every_client_and_to_the_newest_orders() {
    let (_dir, mut book) = empty().await;
    let products = ["b", "a"].map(|client| {
        format!(r#"{{"client":"{client}","sku":"S1","gtins":["{GTIN}"],"description":"Shirt"}}"#)
    });
    import(&mut book, Kind::Products, &products).await;
    let orders: Vec<String> = [("W1", "2025-01-01"), ("W2", "2025-03-01"), ("W3", "2025-02-01")]
        .map(|(order_no, day)| order("a", order_no, order_no).replace("2025-11-02", day))
        .to_vec();
    import(&mut book, Kind::Orders, &orders).await;
    let gtin: Gtin = GTIN.parse().unwrap();
    let found = book.find(&[Reading::Gtin(gtin)], None).await.unwrap();
    let clients: Vec<&str> = found.products.iter().map(|product| product.client.as_str()).collect();
    assert_eq!(clients, ["a", "b"]);
    let newest = book.newest_with_gtin(gtin, 2).await.unwrap();
    let newest: Vec<&str> = newest.iter().map(|order| order.order_no.as_str()).collect();
    assert_eq!(newest, ["W2", "W3"]);
    let bare = format!(r#"{{"client":"a","sku":"S1","gtins":[],"description":"{GTIN}"}}"#);
    import(&mut book, Kind::Products, &[bare]).await;
    let found = book.find(&[Reading::Gtin(gtin)], None).await.unwrap();
    assert_eq!(found.products.len(), 1, "the product lost its GTIN");
}

#[tokio::test]
async fn the_open_parcel_s_order_comes_along() {
    let (_dir, mut book) = empty().await;
    import(&mut book, Kind::Orders, &[order("a", "W1", "T1"), order("a", "W2", "T2")]).await;
    import(&mut book, Kind::Rmas, &[rma("a", "R1", "W1", "8R1")]).await;
    for (order_no, rma, wanted) in
        [("W1", Some("R1"), Some(true)), ("W2", Some("R1"), Some(false)), ("W9", None, None)]
    {
        let key = OrderKey {
            client: "a".parse().unwrap(),
            order_no: order_no.parse().unwrap(),
            rma: rma.map(|rma| rma.parse().unwrap()),
        };
        let found = book.find(&[], Some(&key)).await.unwrap();
        assert_eq!(found.current.map(|(_, rma)| rma.is_some()), wanted, "{order_no}");
    }
}

#[tokio::test]
async fn two_codes_glued_together_are_told_apart() {
    let (_dir, mut book) = empty().await;
    let orders = [order("a", "W100200", "1Z999AA10123"), order("a", "W2", "1Z999AA10124")];
    import(&mut book, Kind::Orders, &orders).await;
    let both = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
    let cases = [
        ("1z999aa10123-W100200", both("1Z999AA10123", "W100200")),
        ("1Z999AA101231Z999AA10124", both("1Z999AA10123", "1Z999AA10124")),
        ("1Z999AA101234006381333931", both("1Z999AA10123", GTIN)),
        ("1Z999AA101234006381333932", None),
        ("ZZZZZZZZZZ4006381333931", None),
        ("1Z999AA10123W2", None),
    ];
    for (scanned, wanted) in cases {
        assert_eq!(find(&mut book, scanned).await.glued, wanted, "{scanned}");
    }
    let long = "1Z999AA10123".repeat(300);
    assert_eq!(find(&mut book, &long).await.glued, None);
}

fn bytes_hold(dir: &Path, text: &str) -> bool {
    std::fs::read_dir(dir).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[tokio::test]
async fn an_erased_customer_is_in_no_byte_of_the_files() {
    let (dir, mut book) = empty().await;
    let orders: Vec<String> =
        (0..300).map(|n| order("a", &format!("W{n:03}"), &format!("T-{n}"))).collect();
    import(&mut book, Kind::Orders, &orders).await;
    let client = "a".parse().unwrap();
    assert!(bytes_hold(dir.path(), "Zoe Untel W042"));
    let by_id = Whose::Customer("C-W042".to_owned());
    assert_eq!(book.erase_customer(&client, &by_id).await.unwrap(), 1);
    assert!(!bytes_hold(dir.path(), "Zoe Untel W042"));
    assert!(bytes_hold(dir.path(), "Zoe Untel W043"), "only that one is erased");
    let by_order = Whose::Order("W043".parse().unwrap());
    assert_eq!(book.erase_customer(&client, &by_order).await.unwrap(), 1);
    assert!(!bytes_hold(dir.path(), "Zoe Untel W043"));
    assert_eq!(hits(&mut book, "T42").await, ["W042"], "the order itself stays");
}

#[tokio::test]
async fn a_station_reads_what_an_import_stores_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = OrderBook::open(dir.path(), Access::ReadOnly).await.unwrap();
    assert!(hits(&mut station, "T1").await.is_empty());
    let mut book = OrderBook::open(dir.path(), Access::ReadWrite).await.unwrap();
    import(&mut book, Kind::Orders, &[order("a", "W1", "T1")]).await;
    assert_eq!(hits(&mut station, "T1").await, ["W1"]);
    let row = order("a", "W2", "T2");
    let refused = station.import(Kind::Orders, row.as_bytes(), std::io::sink(), |_| {}).await;
    assert!(matches!(refused, Err(OrderBookError::Statement(_))), "a reader can't write");
}

#[tokio::test]
async fn a_book_of_another_version_makes_room_for_an_empty_one() {
    let (dir, mut book) = empty().await;
    import(&mut book, Kind::Orders, &[order("a", "W1", "T1")]).await;
    sqlx::query("pragma user_version = 99").execute(&mut book.connection).await.unwrap();
    book.close().await.unwrap();
    let refused = OrderBook::open(dir.path(), Access::ReadOnly).await.err().unwrap();
    assert!(matches!(refused, OrderBookError::Version { found: 99, wanted: 1 }), "{refused}");
    let mut book = OrderBook::open(dir.path(), Access::ReadWrite).await.unwrap();
    let aside = book.set_aside().unwrap().to_owned();
    assert!(hits(&mut book, "T1").await.is_empty());
    let mut old = connect(&aside, Access::ReadOnly).await.unwrap();
    let orders: i64 =
        sqlx::query_scalar("select count(*) from sale").fetch_one(&mut old).await.unwrap();
    assert_eq!(orders, 1, "nothing is deleted");
    old.close().await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_database_makes_room_for_an_empty_one() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(FILE_NAME), "a shopping list, not a database".repeat(99))
        .unwrap();
    let mut book = OrderBook::open(dir.path(), Access::ReadWrite).await.unwrap();
    assert!(book.set_aside().is_some());
    import(&mut book, Kind::Orders, &[order("a", "W1", "T1")]).await;
    assert_eq!(hits(&mut book, "T1").await, ["W1"]);
}
