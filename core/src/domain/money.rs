//! Money as integer minor units with its currency, and how a discount is shared over pieces.
//! Owns: addition that can't mix currencies, the largest-remainder share. Never: a float, a rate.
//! Start at `share`. Tests: beside the code.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A currency by its three capital letters (ISO 4217).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// Why an amount can't be made or combined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("{found:?} is no currency: three capital letters (ISO 4217) are wanted")]
    Currency { found: String },
    #[error("amounts in {left} and {right} can't be combined")]
    Mixed { left: Currency, right: Currency },
    #[error("the amount is too large")]
    Overflow,
}

impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Currency, MoneyError> {
        match text.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Currency([a, b, c])),
            _ => Err(MoneyError::Currency { found: text.to_owned() }),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;
    fn try_from(text: String) -> Result<Currency, MoneyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.to_string()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

/// An amount in minor units (cents where the currency has them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    /// # Errors
    /// [`MoneyError::Mixed`] for two currencies, [`MoneyError::Overflow`] past 64 bits.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed { left: self.currency, right: other.currency });
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, currency: self.currency })
    }
}

/// Shares `total` over `weights` so that the parts add up to `total` exactly: each part is rounded
/// down, then the largest remainders get one more unit each, ties going to the earlier weight.
///
/// Weights below zero count as zero. When every weight is zero the shares are as equal as whole
/// units allow, the earlier ones larger. A negative total is shared like its absolute value.
///
/// Source: the largest remainder method (Hamilton); the tie rule is that of the import format.
#[must_use]
pub fn share(total: i64, weights: &[i64]) -> Vec<i64> {
    if weights.is_empty() {
        return Vec::new();
    }
    let mut weights: Vec<i128> = weights.iter().map(|weight| i128::from(*weight).max(0)).collect();
    if weights.iter().all(|weight| *weight == 0) {
        weights.fill(1);
    }
    let sum: i128 = weights.iter().sum();
    let magnitude = i128::from(total).abs();
    let mut parts: Vec<i128> = weights.iter().map(|weight| magnitude * weight / sum).collect();
    let mut left = magnitude - parts.iter().sum::<i128>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&at| (-(magnitude * weights[at] % sum), at));
    for at in by_remainder {
        if left == 0 {
            break;
        }
        parts[at] += 1;
        left -= 1;
    }
    let sign = i128::from(total.signum());
    parts.into_iter().map(|part| i64::try_from(part * sign).unwrap_or(i64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cent_that_does_not_divide_goes_to_the_largest_remainder() {
        assert_eq!(share(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(share(10, &[6, 3, 1]), [6, 3, 1]);
        assert_eq!(share(1000, &[1999, 4999, 1999]), [222, 556, 222]);
        assert_eq!(share(-5, &[1, 1]), [-3, -2]);
        assert_eq!(share(5, &[0, 0]), [3, 2]);
        assert_eq!(share(5, &[]), Vec::<i64>::new());
    }

    #[test]
    fn two_currencies_do_not_add() {
        let eur = Money { minor: 1, currency: "EUR".parse().unwrap() };
        let usd = Money { minor: 1, currency: "USD".parse().unwrap() };
        assert!(matches!(eur.plus(usd), Err(MoneyError::Mixed { .. })));
        assert!("eur".parse::<Currency>().is_err());
    }

    proptest! {
        #[test]
        fn shares_add_up(total in -10_000_000_i64..10_000_000, weights in prop::collection::vec(0_i64..1_000_000, 1..40)) {
            let parts = share(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            prop_assert_eq!(parts.len(), weights.len());
        }

        #[test]
        fn no_share_is_a_unit_away_from_its_fair_part(total in 0_i64..10_000_000, weights in prop::collection::vec(1_i64..1_000_000, 1..40)) {
            let sum: i64 = weights.iter().sum();
            for (part, weight) in share(total, &weights).iter().zip(&weights) {
                let exact = (i128::from(total) * i128::from(*weight)) / i128::from(sum);
                prop_assert!((i128::from(*part) - exact).abs() <= 1);
            }
        }
    }
}
