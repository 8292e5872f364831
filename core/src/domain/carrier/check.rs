//! The check digits of parcel numbers. Owns: the arithmetic, by name.
//! Never: where a check digit stands. Start at `Check::character`. Tests: carrier/tests.rs.

/// How a check character follows from the characters it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    None,
    /// Weights from the right, over and over; what is missing to the next ten. 3 and 1 is GS1's;
    /// 4 and 9 that of Deutsche Post's Identcode and Leitcode.
    Mod10 {
        weights: Vec<u32>,
    },
    /// Weights from the right, over and over; the rest by 11, of that the last digit. FedEx with 1,
    /// 3 and 7.
    SumMod11Mod10 {
        weights: Vec<u32>,
    },
    /// Universal Postal Union, S10: weights 8 6 4 2 3 5 9 7, 11 less the rest by 11; 10 gives 0, 11
    /// gives 5.
    UpuS10,
    /// UPS 1Z: weights 1 and 2 from the left, a letter counts as its ASCII number less 3, modulo 10.
    Ups1z,
    /// The number's rest by 7: DHL Express.
    Mod7,
    /// ISO 7064, mod 37,36: letters and digits: DPD.
    Iso7064Mod37And36,
    /// Weights 2 to 7 from the right, over and over; 11 less the rest by 11; 10 and 11 give 0.
    MondialRelay,
}

/// Weights of FedEx's numbers from the right: 3, 1 and 7 from the left over 11 digits, 1, 7 and 3
/// over 13.
pub const FEDEX_WEIGHTS: [u32; 3] = [1, 3, 7];

const S10_WEIGHTS: [u32; 8] = [8, 6, 4, 2, 3, 5, 9, 7];

impl Check {
    /// The check character; `None` where a character is covered that has no value, or the length
    /// is not that of the rule.
    pub fn character<C>(&self, covered: C) -> Option<u8>
    where
        C: DoubleEndedIterator<Item = u8> + Clone,
    {
        match self {
            Check::None => None,
            Check::Mod10 { weights } => {
                let sum = sum(covered.rev(), weights.iter().copied().cycle())?;
                digit((10 - sum % 10) % 10)
            }
            Check::SumMod11Mod10 { weights } => {
                let sum = sum(covered.rev(), weights.iter().copied().cycle())?;
                digit(sum % 11 % 10)
            }
            Check::UpuS10 => {
                if covered.clone().count() != S10_WEIGHTS.len() {
                    return None;
                }
                match 11 - sum(covered, S10_WEIGHTS.into_iter())? % 11 {
                    10 => digit(0),
                    11 => digit(5),
                    check => digit(check),
                }
            }
            Check::Ups1z => ups_1z(covered),
            Check::Mod7 => {
                let rest =
                    covered.map(value).try_fold(0, |rest, next| Some((rest * 10 + next?) % 7));
                digit(rest?)
            }
            Check::Iso7064Mod37And36 => mod_37_36(covered),
            Check::MondialRelay => match 11 - sum(covered.rev(), (2..=7).cycle())? % 11 {
                10 | 11 => digit(0),
                check => digit(check),
            },
        }
    }
}

/// The weighted sum. Numbers are at most some sixty digits, weights are small: it can't overflow.
fn sum(digits: impl Iterator<Item = u8>, weights: impl Iterator<Item = u32>) -> Option<u32> {
    digits
        .zip(weights)
        .try_fold(0_u32, |sum, (byte, weight)| sum.checked_add(value(byte)?.checked_mul(weight)?))
}

fn ups_1z(covered: impl Iterator<Item = u8>) -> Option<u8> {
    let values = covered.zip([1, 2].into_iter().cycle()).map(|(byte, weight)| {
        let value = match byte {
            b'0'..=b'9' => value(byte)?,
            b'A'..=b'Z' => (u32::from(byte) - 3) % 10,
            _ => return None,
        };
        Some(value * weight)
    });
    let sum = values.sum::<Option<u32>>()?;
    digit((10 - sum % 10) % 10)
}

fn mod_37_36(covered: impl Iterator<Item = u8>) -> Option<u8> {
    let mut carry = 36;
    for byte in covered {
        let value = char::from(byte).to_digit(36).filter(|_| !byte.is_ascii_lowercase())?;
        let sum = match (carry + value) % 36 {
            0 => 36,
            sum => sum,
        };
        carry = sum * 2 % 37;
    }
    let check = (37 - carry) % 36;
    let character = char::from_digit(check, 36)?.to_ascii_uppercase();
    u8::try_from(character).ok()
}

fn value(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(10)
}

fn digit(value: u32) -> Option<u8> {
    char::from_digit(value, 10).and_then(|digit| u8::try_from(digit).ok())
}
