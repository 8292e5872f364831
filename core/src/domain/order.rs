//! What was sold and what the customer said would come: the order book's records as rules see them.
//! Personal data stay in the order book: nothing here names a customer.
//! Owns: what one piece really cost. Start at `Order::paid_minor`. Tests: beside the code.

use crate::domain::ids::{
    Category, ClientId, Gtin, OrderNo, RmaNo, SerialNo, Sku, SoldUnit, Tracking,
};
use crate::domain::money::{Currency, share};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub client: ClientId,
    pub order_no: OrderNo,
    /// RFC 3339 or a date, as imported.
    pub placed_at: Option<String>,
    pub currency: Currency,
    pub lines: Vec<OrderLine>,
    pub discounts: Vec<OrderDiscount>,
    /// Our own outbound parcel numbers.
    pub trackings: Vec<Tracking>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    pub line: u32,
    pub sku: Sku,
    pub gtin: Option<Gtin>,
    pub description: String,
    pub category: Option<Category>,
    pub qty: u32,
    /// What one piece costs with tax, before discount, in minor units.
    pub unit_price: i64,
    /// For the whole line, in minor units.
    pub discount: i64,
    pub final_sale: bool,
    /// Pieces already returned or refunded elsewhere, without what Dockside itself settled.
    pub returned: u32,
    pub serials: Vec<SerialNo>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDiscount {
    pub label: String,
    pub amount: i64,
}

/// A return authorisation. Its lines may be absent: then every sold unit of the order may come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rma {
    pub client: ClientId,
    pub rma: RmaNo,
    pub order_no: OrderNo,
    /// As imported: `self_service`, `preprinted`, `store` and so on.
    pub method: Option<String>,
    pub trackings: Vec<Tracking>,
    pub lines: Vec<AnnouncedLine>,
    pub promise: Promise,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncedLine {
    pub line: u32,
    pub qty: u32,
    /// What the customer said; a word of the configuration.
    pub reason: Option<String>,
}

/// What the customer was promised when he announced the return.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Promise {
    #[default]
    Refund,
    Credit,
    Exchange,
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub client: ClientId,
    pub sku: Sku,
    pub gtins: Vec<Gtin>,
    pub description: String,
    pub category: Option<Category>,
    pub size: Option<String>,
    pub colour: Option<String>,
    pub serialised: bool,
    pub hazard: Option<String>,
    pub size_class: Option<String>,
}

impl Order {
    #[must_use]
    pub fn line(&self, line: u32) -> Option<&OrderLine> {
        self.lines.iter().find(|candidate| candidate.line == line)
    }

    /// What was really paid for each piece of each line, in minor units.
    ///
    /// Order discounts are shared over the lines by what each costs after its own discount, then
    /// what a line cost is shared over its pieces; both by largest remainder, the earlier line and
    /// the earlier piece winning a tie. Never below zero.
    #[must_use]
    pub fn paid_by_piece(&self) -> Vec<(u32, Vec<i64>)> {
        let gross = |line: &OrderLine| {
            line.unit_price.saturating_mul(i64::from(line.qty)).saturating_sub(line.discount).max(0)
        };
        let mut paid: Vec<i64> = self.lines.iter().map(gross).collect();
        for discount in &self.discounts {
            let off = share(discount.amount.clamp(0, paid.iter().sum()), &paid);
            paid.iter_mut().zip(off).for_each(|(paid, off)| *paid -= off);
        }
        let pieces = |(line, paid): (&OrderLine, i64)| {
            let qty = usize::try_from(line.qty).unwrap_or_default();
            (line.line, share(paid, &vec![1; qty]))
        };
        self.lines.iter().zip(paid).map(pieces).collect()
    }

    /// What was really paid for that very piece; `None` when the order has no such piece.
    #[must_use]
    pub fn paid_minor(&self, sold: &SoldUnit) -> Option<i64> {
        let (_, pieces) = self.paid_by_piece().into_iter().find(|(line, _)| *line == sold.line)?;
        let at = usize::try_from(sold.n.checked_sub(1)?).ok()?;
        pieces.get(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(line: u32, qty: u32, unit_price: i64, discount: i64) -> OrderLine {
        OrderLine {
            line,
            sku: "S".parse().unwrap(),
            gtin: None,
            description: String::new(),
            category: None,
            qty,
            unit_price,
            discount,
            final_sale: false,
            returned: 0,
            serials: Vec::new(),
        }
    }

    fn order(lines: Vec<OrderLine>, discounts: &[i64]) -> Order {
        Order {
            client: ClientId::default(),
            order_no: "W1".parse().unwrap(),
            placed_at: None,
            currency: "EUR".parse().unwrap(),
            lines,
            discounts: discounts
                .iter()
                .map(|amount| OrderDiscount { label: "code".to_owned(), amount: *amount })
                .collect(),
            trackings: Vec::new(),
        }
    }

    #[test]
    fn discounts_reach_each_piece_to_the_cent() {
        let order = order(vec![line(1, 3, 1000, 100), line(2, 1, 5000, 0)], &[790]);
        // 790 shared over 2900 and 5000 is 290 and 500; 2610 over three pieces is 870 each.
        assert_eq!(order.paid_by_piece(), [(1, vec![870, 870, 870]), (2, vec![4500])]);
        let sold = SoldUnit {
            client: order.client.clone(),
            order_no: order.order_no.clone(),
            line: 1,
            n: 3,
        };
        assert_eq!(order.paid_minor(&sold), Some(870));
        assert_eq!(order.paid_minor(&SoldUnit { n: 4, ..sold.clone() }), None);
        assert_eq!(order.paid_minor(&SoldUnit { n: 0, ..sold }), None);
    }

    proptest! {
        #[test]
        fn the_pieces_add_up_to_what_was_paid(
            lines in prop::collection::vec((1_u32..6, 0_i64..100_000, 0_i64..500), 1..8),
            off in prop::collection::vec(0_i64..5_000, 0..3),
        ) {
            let lines: Vec<OrderLine> = lines
                .iter()
                .zip(1..)
                .map(|((qty, price, discount), at)| {
                    line(at, *qty, *price, (*discount).min(price * i64::from(*qty)))
                })
                .collect();
            let before: i64 =
                lines.iter().map(|l| l.unit_price * i64::from(l.qty) - l.discount).sum();
            let order = order(lines, &off);
            let paid: i64 = order.paid_by_piece().iter().flat_map(|(_, pieces)| pieces).sum();
            prop_assert_eq!(paid, (before - off.iter().sum::<i64>()).max(0));
            for (_, pieces) in order.paid_by_piece() {
                prop_assert!(pieces.iter().all(|piece| *piece >= 0));
            }
        }
    }
}
