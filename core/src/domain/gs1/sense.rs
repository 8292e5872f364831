//! What the elements of a text mean to the dock: product, container, serial, lot, dates, measures.
//! Owns: which identifier answers which question. Never: whether the text was read right.
//! Start at the methods of `Gs1`. Tests: gs1/tests.rs.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::gs1::{Element, Gs1, rules};
use crate::domain::ids::{Gtin, Sscc};

/// A price as a label carries it: the amount in units of the last decimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    pub amount: u64,
    /// How many of the amount's digits stand behind the point.
    pub decimals: u8,
    /// ISO 4217 number of three digits; without one it is the money of the place.
    pub currency: Option<String>,
}

impl<'a> Gs1<'a> {
    fn element(&self, number: u16) -> Option<&Element<'a>> {
        self.elements.iter().find(|element| element.number == number)
    }

    /// The value of an identifier, as scanned; the first where it stands twice.
    #[must_use]
    pub fn value(&self, number: u16) -> Option<&str> {
        self.element(number).map(|element| element.value.as_ref())
    }

    /// The product: AI 01, else the content of a container, AI 02, else the made-to-order one, 03.
    #[must_use]
    pub fn gtin(&self) -> Option<Gtin> {
        [1, 2, 3].into_iter().find_map(|number| self.value(number)?.parse().ok())
    }

    /// The container: AI 00.
    #[must_use]
    pub fn sscc(&self) -> Option<Sscc> {
        self.value(0)?.parse().ok()
    }

    /// AI 21.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.value(21)
    }

    /// AI 10.
    #[must_use]
    pub fn lot(&self) -> Option<&str> {
        self.value(10)
    }

    /// The number of a telephone or another device of a mobile network: AI 8040.
    #[must_use]
    pub fn imei(&self) -> Option<&str> {
        self.value(8040)
    }

    /// The day after which the goods must not be used: AI 17.
    #[must_use]
    pub fn expiry(&self, current_year: u16) -> Option<NaiveDate> {
        self.date(17, current_year)
    }

    /// The day until which they are at their best: AI 15. Goods may be sold after it.
    #[must_use]
    pub fn best_before(&self, current_year: u16) -> Option<NaiveDate> {
        self.date(15, current_year)
    }

    /// The day that an identifier of the form YYMMDD names.
    #[must_use]
    pub fn date(&self, number: u16, current_year: u16) -> Option<NaiveDate> {
        rules::resolve(self.value(number)?, current_year)
    }

    /// Net weight in grams, to the nearest: AI 3100 to 3105.
    #[must_use]
    pub fn weight_g(&self) -> Option<u64> {
        self.grams(3100)
    }

    /// Gross weight in grams, to the nearest: AI 3300 to 3305.
    #[must_use]
    pub fn gross_weight_g(&self) -> Option<u64> {
        self.grams(3300)
    }

    fn grams(&self, first: u16) -> Option<u64> {
        let (decimals, value) = self.with_decimals(first)?;
        let kilograms = value.parse::<u64>().ok()?;
        let parts = 10_u64.checked_pow(u32::from(decimals))?;
        Some((kilograms.checked_mul(1000)? + parts / 2) / parts)
    }

    /// The element of a run that differs in the last digit alone, and that digit.
    fn with_decimals(&self, first: u16) -> Option<(u8, &str)> {
        let found = self.elements.iter().find(|it| it.number / 10 == first / 10)?;
        Some((u8::try_from(found.number % 10).ok()?, found.value.as_ref()))
    }

    /// How many pieces: AI 37, else AI 30.
    #[must_use]
    pub fn count(&self) -> Option<u32> {
        [37, 30].into_iter().find_map(|number| self.value(number)?.parse().ok())
    }

    /// The price: AI 393x, which names its currency, else AI 392x.
    #[must_use]
    pub fn price(&self) -> Option<Price> {
        if let Some((decimals, value)) = self.with_decimals(3930) {
            let (currency, amount) = value.split_at_checked(3)?;
            let currency = Some(currency.to_owned());
            return Some(Price { amount: amount.parse().ok()?, decimals, currency });
        }
        let (decimals, value) = self.with_decimals(3920)?;
        Some(Price { amount: value.parse().ok()?, decimals, currency: None })
    }

    /// Every identifier with its value, as scanned; the first where it stands twice.
    #[must_use]
    pub fn map(&self) -> BTreeMap<String, String> {
        let mut map = BTreeMap::new();
        for element in &self.elements {
            map.entry(element.code()).or_insert_with(|| element.value.to_string());
        }
        map
    }
}
