//! Scans as lines of text: `\xNN` stands for a byte, `\\` for a backslash. Tests: beside the code.

/// A backslash that begins nothing known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the backslash at byte {at} begins neither \\xNN nor \\\\")]
pub struct BadEscape {
    pub at: usize,
}

/// The bytes a line of text stands for.
///
/// # Errors
/// [`BadEscape`] with its place.
pub fn unescape(text: &str) -> Result<Vec<u8>, BadEscape> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let at = text.len() - rest.len();
        rest = match (first, after) {
            (b'\\', [b'\\', tail @ ..]) => {
                bytes.push(b'\\');
                tail
            }
            (b'\\', [b'x', high, low, tail @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                let (Some(high), Some(low)) = (digit(high), digit(low)) else {
                    return Err(BadEscape { at });
                };
                bytes.push(u8::try_from(high * 16 + low).map_err(|_| BadEscape { at })?);
                tail
            }
            (b'\\', _) => return Err(BadEscape { at }),
            (byte, tail) => {
                bytes.push(*byte);
                tail
            }
        };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_stand_for_bytes() {
        assert_eq!(unescape(r"a\x1db\\c").unwrap(), b"a\x1db\\c");
        assert_eq!(unescape("é").unwrap(), "é".as_bytes());
        assert_eq!(unescape(r"ab\q"), Err(BadEscape { at: 2 }));
        assert_eq!(unescape(r"ab\x1"), Err(BadEscape { at: 2 }));
        assert_eq!(unescape(r"ab\xzz"), Err(BadEscape { at: 2 }));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = unescape(&text);
        }
    }
}
