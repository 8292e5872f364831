//! What holds for every made-up warehouse: the same bytes for ever, amounts that add up, returns
//! that belong to their orders, a shift whose parcels exist. Tests of the room as a whole.

use std::collections::{BTreeMap, BTreeSet};

use dockside_core::domain::ids::{Gtin, OrderNo, RmaNo, SerialNo, Tracking};
use sha2::{Digest, Sha256};

use super::record::{OrderRecord, RmaRecord};
use super::shift::Story;
use super::*;

fn warehouse(seed: u64, orders: u64) -> Warehouse {
    let today = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    Warehouse::new(Plan { seed, orders, today })
}

fn bytes(warehouse: &Warehouse) -> Vec<u8> {
    let mut out = Vec::new();
    write_jsonl(warehouse.products(), &mut out).unwrap();
    write_jsonl(warehouse.orders(), &mut out).unwrap();
    write_jsonl(warehouse.rmas(), &mut out).unwrap();
    out
}

fn orders_by_key(warehouse: &Warehouse) -> BTreeMap<(&'static str, String), OrderRecord> {
    warehouse.orders().map(|order| ((order.client, order.order_no.clone()), order)).collect()
}

#[test]
fn the_same_seed_writes_the_same_bytes_for_ever() {
    let digest = Sha256::digest(bytes(&warehouse(1, 100)));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "d38ff699142b698257b408847844135033748002c6a85e5da45c7be303477513");
}

#[test]
fn another_seed_writes_other_orders_of_the_same_assortment() {
    let (one, two) = (warehouse(1, 100), warehouse(2, 100));
    assert!(one.products().eq(two.products()));
    assert!(!one.orders().eq(two.orders()));
}

#[test]
fn every_name_is_one_the_order_book_takes() {
    let warehouse = warehouse(1, 2_000);
    for order in warehouse.orders() {
        assert!(order.order_no.parse::<OrderNo>().is_ok());
        for line in &order.lines {
            assert!(line.gtin.parse::<Gtin>().is_ok());
            assert!(line.serials.iter().all(|serial| serial.parse::<SerialNo>().is_ok()));
            assert!(line.serials.is_empty() || line.serials.len() == line.qty as usize);
        }
    }
    for rma in warehouse.rmas() {
        assert!(rma.rma.parse::<RmaNo>().is_ok());
        assert!(rma.tracking.iter().all(|number| number.parse::<Tracking>().is_ok()));
    }
}

#[test]
fn no_discount_exceeds_what_it_is_taken_from_and_payments_add_up() {
    for order in warehouse(7, 3_000).orders() {
        let mut goods = 0;
        for line in &order.lines {
            let gross = line.unit_price * i64::from(line.qty);
            assert!((0..=gross).contains(&line.discount), "{line:?}");
            goods += gross - line.discount;
        }
        let off: i64 = order.order_discounts.iter().map(|discount| discount.amount).sum();
        assert!((0..=goods).contains(&off), "{order:?}");
        let paid: i64 = order.payments.iter().map(|payment| payment.amount).sum();
        assert_eq!(paid, goods - off + order.shipping_paid);
    }
}

#[test]
fn every_announced_line_is_on_its_order_and_still_there() {
    let warehouse = warehouse(1, 3_000);
    let orders = orders_by_key(&warehouse);
    let mut rmas = BTreeSet::new();
    for rma in warehouse.rmas() {
        assert!(rmas.insert((rma.client, rma.rma.clone())), "{} twice", rma.rma);
        let order = &orders[&(rma.client, rma.order_no.clone())];
        assert!(!rma.lines.is_empty());
        for announced in &rma.lines {
            let line = order.lines.iter().find(|line| line.line == announced.line).unwrap();
            assert!(announced.qty >= 1 && announced.qty + line.returned <= line.qty, "{rma:?}");
            assert!(!line.final_sale);
        }
    }
}

#[test]
fn an_order_of_the_sample_is_like_one_of_the_floor() {
    let warehouse = warehouse(1, 5_000);
    let (mut lines, mut sent, mut orders) = (0, 0, 0);
    for order in warehouse.orders() {
        assert!((1..=5).contains(&order.lines.len()));
        orders += 1;
        lines += order.lines.len();
        sent += usize::from(!order.shipments.is_empty());
        for shipment in &order.shipments {
            assert!(shipment.shipped_at > order.placed_at);
            assert!(shipment.delivered_at.as_ref().is_none_or(|at| *at > shipment.shipped_at));
            assert!(shipment.delivered_at.as_deref().is_none_or(|at| at < "2026-01-05T05"));
        }
    }
    let rmas: Vec<RmaRecord> = warehouse.rmas().collect();
    let two_parcels = rmas.iter().filter(|rma| rma.tracking.len() == 2).count();
    let share = rmas.len() * 100 / orders;
    assert!((25..=35).contains(&share), "{share} % of the orders come back");
    assert!((180..=220).contains(&(lines * 100 / orders)), "{lines} lines of {orders} orders");
    assert!(sent < orders && sent * 100 / orders >= 97, "{sent} of {orders} have left");
    assert!(two_parcels > 0 && two_parcels * 100 / rmas.len() < 10, "{two_parcels} in two parcels");
}

#[test]
fn no_tracking_number_is_used_twice() {
    let warehouse = warehouse(1, 3_000);
    let mut seen = BTreeSet::new();
    for order in warehouse.orders() {
        for shipment in order.shipments {
            assert!(seen.insert(shipment.tracking.clone()), "{} twice", shipment.tracking);
        }
    }
    for rma in warehouse.rmas() {
        for number in rma.tracking {
            assert!(seen.insert(number.clone()), "{number} twice");
        }
    }
}

#[test]
fn both_clients_have_some_order_numbers_in_common() {
    let mut owners: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for order in warehouse(1, 5_000).orders() {
        assert!(owners.entry(order.order_no).or_default().insert(order.client));
    }
    let shared = owners.values().filter(|clients| clients.len() == 2).count();
    assert_eq!(owners["100234"].len(), 2);
    assert_eq!(shared, 100);
}

#[test]
fn a_shift_has_every_story_and_its_parcels_exist() {
    let warehouse = warehouse(1, 20_000);
    let rmas: BTreeMap<(&str, String), RmaRecord> =
        warehouse.rmas().map(|rma| ((rma.client, rma.rma.clone()), rma)).collect();
    let orders = orders_by_key(&warehouse);
    let shift = warehouse.shift(60);
    assert_eq!(shift.parcels.len(), 60);
    let labels: BTreeSet<&str> = shift.parcels.iter().map(|p| p.label.as_str()).collect();
    assert_eq!(labels.len(), 60, "a label twice");
    let mut stories = BTreeSet::new();
    for parcel in &shift.parcels {
        stories.insert(parcel.story);
        let order = &orders[&(parcel.client, parcel.order_no.clone())];
        assert!(!parcel.units.is_empty());
        for unit in &parcel.units {
            let Some(line) = unit.line else { continue };
            let sold = order.lines.iter().find(|sold| sold.line == line).unwrap();
            assert_eq!(sold.gtin, unit.gtin);
            assert!(unit.serial.as_ref().is_none_or(|serial| sold.serials.contains(serial)));
            assert_eq!(unit.serial.is_some(), !sold.serials.is_empty());
        }
        let Some(rma) = &parcel.rma else {
            assert_eq!(parcel.story, Story::Blind);
            continue;
        };
        let rma = &rmas[&(parcel.client, rma.clone())];
        assert_eq!(rma.order_no, parcel.order_no);
        let is_known = rma.tracking.contains(&parcel.label);
        assert_eq!(is_known, parcel.story != Story::OrderNumberLabel, "{parcel:?}");
    }
    assert_eq!(stories.len(), 8, "{stories:?}");
}

#[test]
fn what_is_inside_a_parcel_is_what_its_story_says() {
    let warehouse = warehouse(2, 20_000);
    let rmas: BTreeMap<(&str, String), RmaRecord> =
        warehouse.rmas().map(|rma| ((rma.client, rma.rma.clone()), rma)).collect();
    let known = bytes(&warehouse);
    let known = String::from_utf8(known).unwrap();
    for parcel in warehouse.shift(60).parcels {
        let announced: usize = parcel.rma.as_ref().map_or(0, |rma| {
            rmas[&(parcel.client, rma.clone())].lines.iter().map(|line| line.qty as usize).sum()
        });
        let unsold = parcel.units.iter().filter(|unit| unit.line.is_none()).count();
        match parcel.story {
            Story::AsAnnounced | Story::OrderNumberLabel => {
                assert_eq!((parcel.units.len(), unsold), (announced, 0), "{parcel:?}");
            }
            Story::FirstOfTwo | Story::SecondOfTwo => assert!(parcel.units.len() < announced),
            Story::UnitMissing => assert_eq!(parcel.units.len() + 1, announced),
            Story::UnitNotOnOrder | Story::OneMoreThanSold => {
                assert_eq!((parcel.units.len(), unsold), (announced + 1, 1), "{parcel:?}");
            }
            Story::Blind => assert!(!known.contains(&parcel.label), "{parcel:?}"),
        }
    }
}

#[test]
fn most_units_of_a_shift_are_clean_and_the_first_two_parcels_are_simple() {
    let shift = warehouse(1, 20_000).shift(100);
    for parcel in &shift.parcels[..2] {
        assert!(parcel.units.len() == 1 && parcel.units[0].is_clean(), "{parcel:?}");
    }
    let units: Vec<_> = shift.parcels.iter().flat_map(|parcel| &parcel.units).collect();
    let clean = units.iter().filter(|unit| unit.is_clean()).count() * 100 / units.len();
    assert!((60..=90).contains(&clean), "{clean} % clean");
}

#[test]
fn a_tiny_warehouse_has_a_short_shift_and_an_empty_one_none() {
    assert!(warehouse(1, 100).shift(60).parcels.len() < 60);
    assert!(warehouse(1, 0).shift(60).parcels.is_empty());
    assert_eq!(bytes(&warehouse(1, 0)), {
        let mut products = Vec::new();
        write_jsonl(warehouse(1, 0).products(), &mut products).unwrap();
        products
    });
}

#[test]
fn a_full_disk_is_an_error_not_a_short_file() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert!(write_jsonl(warehouse(1, 10).orders(), &mut Full).is_err());
}
