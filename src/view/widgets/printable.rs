//! The one door for text from outside to a cell: scans, names, anything from a file or a network.
//! Owns: which characters may be shown. Never: what a code means. Start at `printable`.
//! Tests: beside the code.

use dockside_core::domain::scan::shown;
use unicode_width::UnicodeWidthChar;

/// Stands for a character that must not reach the terminal: width 1, and in every console's font.
const STAND_IN: char = '·';
const CLIPPED: char = '…';

/// `text` in at most `max_cells` columns. Control and format characters (escapes, line breaks,
/// direction marks, joiners) and those without a known width become a middle dot each; a text that
/// is too wide ends in an ellipsis.
#[must_use]
pub fn printable(text: &str, max_cells: usize) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut cells: usize = 0;
    // Where to cut so that the ellipsis still has its cell.
    let mut cut = 0;
    let mut may_combine = false;
    for sign in text.chars() {
        let (sign, width) = in_cells(sign, may_combine);
        if cells + width > max_cells {
            clean.truncate(cut);
            if max_cells > 0 {
                clean.push(CLIPPED);
            }
            return clean;
        }
        clean.push(sign);
        cells += width;
        may_combine = width > 0 && sign.is_alphabetic();
        if cells < max_cells {
            cut = clean.len();
        }
    }
    clean
}

/// Columns a text takes, each character counted by itself: never less than a terminal gives it.
#[must_use]
pub fn cells(text: &str) -> usize {
    text.chars().map(|sign| sign.width().unwrap_or(0)).sum()
}

fn in_cells(sign: char, may_combine: bool) -> (char, usize) {
    // One accent on a letter is spelling; a pile of them would spill over other rows.
    let is_accent = ('\u{300}'..='\u{36f}').contains(&sign);
    match sign.width() {
        Some(0) if is_accent && may_combine => (sign, 0),
        Some(width) if width > 0 && !is_hidden(sign) => (sign, width),
        Some(_) | None => (STAND_IN, 1),
    }
}

/// What the scan's own table hides, and private characters that no font is known for.
fn is_hidden(sign: char) -> bool {
    let is_private = matches!(sign, '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}');
    is_private || shown::is_hidden(sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn nothing_that_steers_a_terminal_gets_through() {
        for (from_outside, shown) in [
            ("\x1b[2J\x1b]0;owned\x07", "·[2J·]0;owned·"),
            ("\u{9b}31mred", "·31mred"),
            ("A\r\nB\tC", "A··B·C"),
            ("LPN\u{202e}1000\u{2066}", "LPN·1000·"),
            ("zero\u{200b}width\u{feff}\u{200d}", "zero·width··"),
            ("soft\u{ad}hyphen\u{2028}line", "soft·hyphen·line"),
            ("(01)\u{1d}21", "(01)·21"),
            ("tag\u{e0041}\u{e000}", "tag··"),
            ("heart\u{2764}\u{fe0f}", "heart\u{2764}·"),
        ] {
            assert_eq!(printable(from_outside, 80), shown);
        }
    }

    #[test]
    fn a_letter_keeps_one_accent_and_no_pile() {
        assert_eq!(printable("Rene\u{301}", 80), "Rene\u{301}");
        assert_eq!(printable("a\u{301}\u{301}\u{301}", 80), "a\u{301}··");
        assert_eq!(printable("\u{301}", 80), "·");
        assert_eq!(printable("ŁÓDŹ Œuvre ß", 80), "ŁÓDŹ Œuvre ß");
    }

    #[test]
    fn a_text_is_clipped_by_the_columns_it_takes() {
        assert_eq!(printable("6A12345678901", 13), "6A12345678901");
        assert_eq!(printable("6A12345678901", 8), "6A12345…");
        assert_eq!(printable("漢字テスト", 10), "漢字テスト");
        assert_eq!(printable("漢字テスト", 6), "漢字…");
        assert_eq!(printable("漢", 1), "…");
        assert_eq!(printable("x", 0), "");
    }

    proptest! {
        #[test]
        fn no_text_is_wider_than_asked_nor_holds_a_control(text in any::<String>(), max in 0_usize..50) {
            let clean = printable(&text, max);
            prop_assert!(clean.width() <= max && cells(&clean) <= max);
            prop_assert!(!clean.chars().any(char::is_control));
        }

        #[test]
        fn what_was_cleaned_once_stays(text in any::<String>(), max in 0_usize..50) {
            let clean = printable(&text, max);
            prop_assert_eq!(printable(&clean, max), clean);
        }
    }
}
