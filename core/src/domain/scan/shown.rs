//! Makes a text from outside safe for a screen: what can't be seen, or moves the cursor or the
//! reading direction, is replaced by something that can be seen.
//! Never: what a text means. Start at `safe_text`. Tests: scan/tests.rs.

use std::borrow::Cow;

/// The text with every control character as its picture (U+241B for ESC) and every other invisible
/// one as U+FFFD. The result is safe in a terminal's cell.
#[must_use]
pub fn safe_text(text: &str) -> Cow<'_, str> {
    if first_hidden(text).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(picture).collect())
}

/// Where the first character is that is not seen as itself, in bytes.
pub(super) fn first_hidden(text: &str) -> Option<usize> {
    text.char_indices().find(|(_, letter)| is_hidden(*letter)).map(|(at, _)| at)
}

fn picture(letter: char) -> char {
    match letter {
        '\u{0}'..='\u{1f}' => {
            char::from_u32(0x2400 + u32::from(letter)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{7f}' => '\u{2421}',
        _ if is_hidden(letter) => char::REPLACEMENT_CHARACTER,
        _ => letter,
    }
}

/// Whether a character is not seen as itself: controls, line separators, bidirectional and other
/// format characters, fillers, joiners and variation selectors.
///
/// Source: Unicode 16 general categories Cc, Cf, Zl, Zp and the property
/// Default_Ignorable_Code_Point.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_control();
    }
    matches!(
        letter,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
