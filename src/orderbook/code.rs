//! The one form in which numbers are compared: what a label, a file and a person write differently
//! meets here. Pure. Never: whether the number exists. Tests: beside the code.

/// A number as the order book looks it up: capital letters, no spaces, no hyphens.
///
/// Carriers print their numbers in groups and shops write theirs with hyphens that a barcode
/// leaves out. A text of nothing but those comes out empty and matches nothing.
#[must_use]
pub fn normalise(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return text.to_owned(); // the usual case costs one copy
    }
    text.chars().filter(|c| *c != '-' && !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::normalise;

    #[test]
    fn labels_files_and_people_meet() {
        for (written, known) in [
            ("1Z 999 AA1 01", "1Z999AA101"),
            ("w-1001", "W1001"),
            ("W1001", "W1001"),
            ("été-7", "ÉTÉ7"),
            (" - - ", ""),
        ] {
            assert_eq!(normalise(written), known);
        }
    }

    proptest! {
        #[test]
        fn a_normal_form_stays_as_it_is(text in "[ -~é]{0,40}") {
            prop_assert_eq!(normalise(&normalise(&text)), normalise(&text));
        }
    }
}
