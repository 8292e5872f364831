//! Claims on big text: what fits, where it breaks, how it looks. Start at `big`.

use insta::assert_snapshot;

use super::*;
use crate::view::drawn::drawn;

fn big(text: &str) -> BigText<'_> {
    BigText {
        text,
        style: Style::new(),
        align: Alignment::Left,
        blocks: Blocks::Quadrants,
        max_lines: 3,
    }
}

fn fit(text: &str, width: u16, height: u16) -> Option<(Form, Vec<String>)> {
    big(text).fit(Rect::new(0, 0, width, height)).map(|fitted| (fitted.form, fitted.lines))
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn the_largest_form_that_fits_is_taken() {
    assert_eq!(fit("SCAN PARCEL", 200, 12), Some((Form::Full, lines(&["SCAN PARCEL"]))));
    assert_eq!(fit("SCAN PARCEL", 78, 12), Some((Form::Half, lines(&["SCAN", "PARCEL"]))));
    assert_eq!(fit("SCAN PARCEL", 78, 6), Some((Form::Quadrant, lines(&["SCAN PARCEL"]))));
    assert_eq!(fit("SCAN PARCEL", 78, 5), None);
}

#[test]
fn a_bin_breaks_after_its_hyphens_into_lines_alike() {
    assert_eq!(fit("BIN-RESTOCK-1", 78, 12), Some((Form::Half, lines(&["BIN-", "RESTOCK-1"]))));
    assert_eq!(fit("BIN-RESTOCK-1", 60, 6), Some((Form::Quadrant, lines(&["BIN-RESTOCK-1"]))));
    assert_eq!(
        fit("BIN-SECOND-HAND-1", 32, 18).map(|found| found.1),
        Some(lines(&["BIN-", "SECOND-", "HAND-1"]))
    );
}

#[test]
fn nothing_is_larger_than_its_area() {
    for width in 0..140 {
        for height in 0..30 {
            let Some(fitted) = big("ŁÓDŹ 12-B").fit(Rect::new(0, 0, width, height)) else {
                continue;
            };
            assert!(fitted.width <= width && fitted.height <= height, "{width}x{height}");
            assert_eq!(fitted.lines.concat().replace(' ', ""), "ŁÓDŹ12-B");
        }
    }
}

#[test]
fn what_fits_in_no_form_is_still_readable() {
    assert_eq!(drawn(20, 2, &big("BIN-RESTOCK-1")), "BIN-RESTOCK-1\n");
    assert_eq!(drawn(0, 0, &big("BIN-RESTOCK-1")), "");
    assert_eq!(drawn(20, 1, &big("\x1b[2JBIN")), "·[2JBIN");
}

#[test]
fn a_terminal_without_blocks_gets_number_signs() {
    let ascii = BigText { blocks: Blocks::Ascii, ..big("1-B") };
    let cells = drawn(30, 12, &ascii);
    assert!(cells.contains('#') && cells.is_ascii(), "{cells}");
    assert_snapshot!(cells);
}

#[test]
fn a_linux_console_gets_no_quadrants() {
    let console = BigText { blocks: Blocks::Halves, ..big("SCAN PARCEL") };
    assert_eq!(console.fit(Rect::new(0, 0, 78, 6)), None);
    let halves = drawn(78, 12, &console);
    assert!(halves.chars().all(|sign| " \n█▀▄".contains(sign)), "{halves}");
}

#[test]
fn the_ready_prompt() {
    assert_snapshot!("scan_parcel_quadrants", drawn(78, 6, &big("SCAN PARCEL")));
    assert_snapshot!("scan_parcel_halves", drawn(78, 12, &big("SCAN PARCEL")));
    assert_snapshot!("scan_parcel_full", drawn(118, 12, &big("SCAN PARCEL")));
}

#[test]
fn the_name_of_a_bin() {
    assert_snapshot!("bin_quadrants", drawn(60, 6, &big("BIN-RESTOCK-1")));
    assert_snapshot!("bin_halves", drawn(78, 12, &big("BIN-RESTOCK-1")));
}

#[test]
fn french_capitals_carry_their_accents() {
    assert_snapshot!("etat_quadrants", drawn(78, 6, &big("ÉTAT REFUSÉ")));
    assert_snapshot!("etat_halves", drawn(78, 12, &big("ÉTAT REFUSÉ")));
}

#[test]
fn polish_letters_keep_their_strokes() {
    let centred = BigText { align: Alignment::Center, ..big("ŁÓDŹ 12-B") };
    assert_snapshot!("lodz_quadrants", drawn(50, 6, &centred));
    assert_snapshot!("lodz_halves", drawn(78, 6, &centred));
}
