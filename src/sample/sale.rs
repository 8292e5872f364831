//! One made-up order: what was bought, what was taken off, in which parcels it went out.
//! Owns: the shape of a basket. Never: what comes back (that is `comeback`). Start at
//! `Warehouse::sale`. Tests: those of the room, in sample/tests.rs.

use chrono::NaiveDateTime;

use super::Warehouse;
use super::calendar::rfc3339;
use super::catalogue::Article;
use super::client::House;
use super::dice::{Dice, Purpose};
use super::label::{self, Carrier, Nth, Slot};
use super::people::{self, Country};
use super::record::{
    AddressRecord, DiscountRecord, LineRecord, OrderRecord, PaymentRecord, ShipmentRecord,
};

/// Shipping is free from here, in minor units.
const FREE_SHIPPING_FROM: i64 = 6_000;
const SHIPPING: i64 = 490;

/// Of ten customers of the sample, seven have ordered once: there are this many for ten orders.
const CUSTOMERS_PER_TEN_ORDERS: u64 = 7;

/// An order before it is written down.
#[derive(Clone, Debug)]
pub(super) struct Sale<'a> {
    pub(super) at: u64,
    pub(super) house: House,
    pub(super) order_no: String,
    customer: u64,
    pub(super) country: Country,
    channel: &'static str,
    placed: NaiveDateTime,
    ship_to: Option<AddressRecord>,
    pub(super) lines: Vec<SoldLine<'a>>,
    order_discount: Option<DiscountRecord>,
    pub(super) parcels: Vec<Sent>,
}

#[derive(Clone, Debug)]
pub(super) struct SoldLine<'a> {
    pub(super) line: u32,
    pub(super) article: &'a Article,
    pub(super) qty: u32,
    discount: i64,
    pub(super) is_final: bool,
    pub(super) returned: u32,
}

/// One parcel that left.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    carrier: Carrier,
    tracking: String,
    shipped: NaiveDateTime,
    /// `None` while it is on its way.
    pub(super) delivered: Option<NaiveDateTime>,
    lines: Vec<u32>,
}

impl SoldLine<'_> {
    fn gross(&self) -> i64 {
        self.article.list_price * i64::from(self.qty)
    }

    /// The serial numbers of the pieces, in their order; none for what has no serial.
    pub(super) fn serials(&self, order: u64) -> Vec<String> {
        if !self.article.kind.nature.is_serialised() {
            return Vec::new();
        }
        (1..=self.qty).map(|piece| label::serial(order, self.line, piece)).collect()
    }
}

impl Warehouse {
    /// The nth order, counted from 0.
    pub(super) fn sale(&self, at: u64) -> Sale<'_> {
        let mut dice = Dice::new(self.plan.seed, Purpose::Order, at);
        let (house, order_no) = House::of(at);
        let customers = (self.plan.orders * CUSTOMERS_PER_TEN_ORDERS).div_ceil(10);
        let customer = 1 + dice.below(customers);
        let country = people::country(self.plan.seed, customer);
        let channel = *dice.weighted(&["web", "app", "marketplace"], |channel| match *channel {
            "web" => 62,
            "app" => 24,
            _ => 14,
        });
        let ship_to = dice.percent(5).then(|| people::addressee(&mut dice, country));
        let lines = basket(self.catalogue.of(house), house, &mut dice);
        let order_discount = order_discount(&lines, &mut dice);
        let mut sale = Sale {
            at,
            house,
            order_no,
            customer,
            country,
            channel,
            placed: self.calendar.placed_at(at),
            ship_to,
            lines,
            order_discount,
            parcels: Vec::new(),
        };
        sale.parcels = self.parcels(&sale, &mut dice);
        sale
    }

    fn parcels(&self, sale: &Sale<'_>, dice: &mut Dice) -> Vec<Sent> {
        let all: Vec<u32> = sale.lines.iter().map(|line| line.line).collect();
        let split = all.len() > 1 && dice.percent(12);
        let (first, second) = all.split_at(if split { all.len() / 2 } else { all.len() });
        let carrier = outbound_carrier(sale.country, dice);
        let mut parcels = Vec::new();
        for (lines, nth) in [(first, Nth::First), (second, Nth::Second)] {
            let shipped = self.calendar.shipped_at(sale.placed, dice);
            let delivered = self.calendar.delivered_at(shipped, sale.country, dice);
            if lines.is_empty() || !self.calendar.is_past(shipped) {
                continue;
            }
            parcels.push(Sent {
                carrier,
                tracking: label::tracking(carrier, sale.at, Slot::Outbound(nth)),
                shipped,
                delivered: self.calendar.is_past(delivered).then_some(delivered),
                lines: lines.to_vec(),
            });
        }
        parcels
    }
}

fn outbound_carrier(country: Country, dice: &mut Dice) -> Carrier {
    let choice: &[(Carrier, u64)] = match country {
        Country::France => &[
            (Carrier::Colissimo, 58),
            (Carrier::Chronopost, 14),
            (Carrier::Dpd, 18),
            (Carrier::Ups, 10),
        ],
        Country::Belgium => &[(Carrier::Bpost, 70), (Carrier::Dpd, 30)],
        Country::Germany => &[(Carrier::Dhl, 68), (Carrier::Dpd, 20), (Carrier::Ups, 12)],
    };
    dice.weighted(choice, |(_, weight)| *weight).0
}

/// One to five lines, no article twice. Fashion is often ordered in two sizes to keep one.
fn basket<'a>(articles: &'a [Article], house: House, dice: &mut Dice) -> Vec<SoldLine<'a>> {
    let wanted = *dice.weighted(&[1_u32, 2, 3, 4, 5], |lines| match lines {
        1 => 46,
        2 => 27,
        3 => 15,
        4 => 8,
        _ => 4,
    });
    let mut lines: Vec<SoldLine<'a>> = Vec::new();
    for _ in 0..wanted {
        let second_size = house == House::Lumen && dice.percent(18);
        let article = match lines.last() {
            Some(last) if second_size => other_size(articles, last.article, dice),
            Some(_) | None => popular(articles, dice),
        };
        if lines.iter().any(|line| line.article.sku == article.sku) {
            continue;
        }
        let line = u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_add(1);
        lines.push(sold_line(line, article, dice));
    }
    lines
}

fn sold_line<'a>(line: u32, article: &'a Article, dice: &mut Dice) -> SoldLine<'a> {
    let qty = *dice.weighted(&[1_u32, 2, 3], |qty| match qty {
        1 => 90,
        2 => 8,
        _ => 2,
    });
    let percent_off = *dice.weighted(&[0_i64, 10, 20, 30, 50], |off| match off {
        0 => 76,
        10 => 6,
        20 => 9,
        30 => 6,
        _ => 3,
    });
    let gross = article.list_price * i64::from(qty);
    SoldLine {
        line,
        article,
        qty,
        discount: gross * percent_off / 100,
        // What is sold at half price is often not taken back.
        is_final: percent_off == 50 && dice.percent(60),
        returned: u32::from(qty > 1 && dice.percent(6)),
    }
}

/// Some articles sell far better than others: the lower of two draws.
fn popular<'a>(articles: &'a [Article], dice: &mut Dice) -> &'a Article {
    let place = dice.place(articles.len()).min(dice.place(articles.len()));
    // The assortment stands in kinds; a stride that shares no factor with its length mixes them.
    &articles[place * stride(articles.len()) % articles.len()]
}

fn stride(len: usize) -> usize {
    [89, 97, 101].into_iter().find(|prime| !len.is_multiple_of(*prime)).unwrap_or(1)
}

/// The same style and colour one size on; another article where there is none.
pub(super) fn other_size<'a>(
    articles: &'a [Article],
    article: &Article,
    dice: &mut Dice,
) -> &'a Article {
    let sizes: Vec<&Article> =
        articles.iter().filter(|other| other.is_other_size_of(article)).collect();
    if sizes.is_empty() { popular(articles, dice) } else { sizes[dice.place(sizes.len())] }
}

fn order_discount(lines: &[SoldLine<'_>], dice: &mut Dice) -> Option<DiscountRecord> {
    let goods: i64 = lines.iter().map(|line| line.gross() - line.discount).sum();
    let draw = dice.below(100);
    if draw < 7 {
        return Some(DiscountRecord { label: "BIENVENUE10", amount: goods / 10, minimum: None });
    }
    if draw < 13 && goods >= 8_000 {
        let minimum = Some(8_000);
        return Some(DiscountRecord { label: "MERCI15", amount: 1_500, minimum });
    }
    None
}

impl Sale<'_> {
    /// When the last parcel was delivered; `None` while one is still on its way.
    pub(super) fn delivered(&self) -> Option<NaiveDateTime> {
        let arrived: usize = self.parcels.iter().map(|parcel| parcel.lines.len()).sum();
        if arrived < self.lines.len() {
            return None;
        }
        let each: Option<Vec<NaiveDateTime>> =
            self.parcels.iter().map(|parcel| parcel.delivered).collect();
        each?.into_iter().max()
    }

    pub(super) fn record(&self, seed: u64) -> OrderRecord {
        let goods: i64 = self.lines.iter().map(|line| line.gross() - line.discount).sum();
        let off = self.order_discount.as_ref().map_or(0, |discount| discount.amount);
        let shipping_paid = if goods - off >= FREE_SHIPPING_FROM { 0 } else { SHIPPING };
        OrderRecord {
            client: self.house.word(),
            order_no: self.order_no.clone(),
            channel: self.channel,
            brand: self.house.brand(),
            placed_at: rfc3339(self.placed),
            currency: "EUR",
            customer: people::customer(seed, self.customer),
            ship_to: self.ship_to.clone(),
            payments: vec![PaymentRecord {
                method: payment_method(self.customer),
                amount: goods - off + shipping_paid,
                status: "captured",
            }],
            shipping_paid,
            lines: self.lines.iter().map(|line| line_record(line, self.at)).collect(),
            order_discounts: self.order_discount.clone().into_iter().collect(),
            shipments: self.parcels.iter().map(shipment_record).collect(),
        }
    }
}

/// People pay as they always do.
fn payment_method(customer: u64) -> &'static str {
    match customer % 20 {
        0..=12 => "card",
        13..=16 => "paypal",
        17 | 18 => "instalments",
        _ => "gift_card",
    }
}

fn line_record(line: &SoldLine<'_>, order: u64) -> LineRecord {
    let article = line.article;
    LineRecord {
        line: line.line,
        sku: article.sku.clone(),
        gtin: article.gtin.clone(),
        description: article.description.clone(),
        category: article.kind.category,
        qty: line.qty,
        unit_price: article.list_price,
        discount: line.discount,
        final_sale: line.is_final,
        returned: line.returned,
        serials: line.serials(order),
    }
}

fn shipment_record(sent: &Sent) -> ShipmentRecord {
    ShipmentRecord {
        carrier: sent.carrier.word(),
        tracking: sent.tracking.clone(),
        shipped_at: rfc3339(sent.shipped),
        delivered_at: sent.delivered.map(rfc3339),
        lines: sent.lines.clone(),
    }
}
