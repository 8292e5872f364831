//! The bitmap letters of the big texts: which dots make a sign.
//! Owns: the drawn letters (font.txt), the accents (marks.txt) and how one is set on the other.
//! Never: cells or colours, that is `bigtext`. Start at `glyph`. Tests: beside the code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Height of every glyph, in dots: 2 rows for accents, 9 of body, 1 below the line.
pub const HEIGHT_DOTS: u16 = 12;

const ROWS: usize = 12;
const BODY_TOP: usize = 2;
/// The row of the body a letter gives up for its accent: within the upper counter of each.
const SPARE_ROW: usize = 4;
const SPACE_DOTS: u16 = 5;

/// One sign in dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// From the top; bit 0 of a row is its leftmost dot.
    rows: [u16; ROWS],
    width_dots: u16,
}

impl Glyph {
    #[must_use]
    pub fn width_dots(&self) -> u16 {
        self.width_dots
    }

    /// Whether a dot is set; outside of the glyph none is.
    #[must_use]
    pub fn is_set(&self, x: u16, y: u16) -> bool {
        let row = self.rows.get(usize::from(y)).copied().unwrap_or(0);
        x < self.width_dots && row.checked_shr(u32::from(x)).unwrap_or(0) & 1 == 1
    }
}

/// A hollow box: a sign without a drawing is seen, never left out.
const UNDRAWN: Glyph =
    Glyph { rows: [0, 0, 0x7f, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x7f, 0], width_dots: 7 };
const SPACE: Glyph = Glyph { rows: [0; ROWS], width_dots: SPACE_DOTS };

static GLYPHS: LazyLock<BTreeMap<char, Glyph>> = LazyLock::new(|| {
    let mut glyphs = letters(include_str!("font.txt"));
    let whole = with_marks(include_str!("marks.txt"), &glyphs);
    glyphs.extend(whole);
    glyphs
});

/// The drawing of a sign. Small letters are drawn as capitals, typographic quotes and dashes as
/// their plain twins, the stroked D of all alphabets is one; what has no drawing is a hollow box.
#[must_use]
pub fn glyph(sign: char) -> Glyph {
    if sign.is_whitespace() {
        return SPACE;
    }
    drawing(sign).unwrap_or(UNDRAWN)
}

fn drawing(sign: char) -> Option<Glyph> {
    let plain = match sign {
        '‘' | '’' | 'ʼ' | '´' | '`' => '\'',
        '“' | '”' => '"',
        '‐' | '‑' | '–' | '—' | '−' => '-',
        'ß' => 'ẞ',
        'đ' | 'Đ' => 'Ð',
        small => small,
    };
    let glyphs = &*GLYPHS;
    glyphs.get(&plain).or_else(|| glyphs.get(&capital(plain)?)).copied()
}

/// The one capital of a letter; `None` where it is several letters.
fn capital(sign: char) -> Option<char> {
    let mut upper = sign.to_uppercase();
    upper.next().filter(|_| upper.next().is_none())
}

/// Blocks of `=` and signs, then their rows side by side.
fn letters(art: &str) -> BTreeMap<char, Glyph> {
    let mut glyphs: BTreeMap<char, Glyph> = BTreeMap::new();
    let mut signs: Vec<char> = Vec::new();
    let mut row = BODY_TOP;
    for line in art.lines().filter(|line| !line.starts_with("//")) {
        if let Some(names) = line.strip_prefix("= ") {
            signs = names.chars().filter(|name| !name.is_whitespace()).collect();
            row = BODY_TOP;
            continue;
        }
        for (sign, dots) in signs.iter().zip(line.split_whitespace()) {
            let (bits, width_dots) = dots_of(dots);
            let glyph = glyphs.entry(*sign).or_insert(SPACE);
            glyph.width_dots = width_dots;
            if let Some(slot) = glyph.rows.get_mut(row) {
                *slot = bits;
            }
        }
        row += 1;
    }
    glyphs
}

fn dots_of(dots: &str) -> (u16, u16) {
    let set = |bits: u16, dot: char| (bits >> 1) | if dot == '#' { 1 << 15 } else { 0 };
    let width = dots.chars().take(16).count();
    let bits = dots.chars().take(16).fold(0, set);
    (bits.checked_shr(u32::try_from(16 - width).unwrap_or(16)).unwrap_or(0), count(width))
}

fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Every letter that is a base with a mark above or below.
fn with_marks(art: &str, bases: &BTreeMap<char, Glyph>) -> Vec<(char, Glyph)> {
    let mut whole = Vec::new();
    let (mut place, mut mark) = (Place::Above, Vec::new());
    for line in art.lines().filter(|line| !line.starts_with("//")) {
        if let Some(pairs) = line.strip_prefix("@ ") {
            whole.extend(pairs.split_whitespace().filter_map(|pair| {
                let mut pair = pair.chars();
                let base = bases.get(&pair.next()?)?;
                Some((pair.next()?, composed(base, place, &mark)))
            }));
        } else if let Some(name) = line.strip_prefix("= ") {
            place = if name == "below" { Place::Below } else { Place::Above };
            mark.clear();
        } else {
            mark.push(dots_of(line));
        }
    }
    whole
}

#[derive(Clone, Copy)]
enum Place {
    Above,
    Below,
}

fn composed(base: &Glyph, place: Place, mark: &[(u16, u16)]) -> Glyph {
    let mark_dots = mark.iter().map(|(_, width)| *width).max().unwrap_or(0);
    let width_dots = base.width_dots.max(mark_dots);
    let base_shift = (width_dots - base.width_dots) / 2;
    let mark_shift = (width_dots - mark_dots) / 2;
    let mut body: Vec<u16> = base.rows.iter().map(|row| row << base_shift).collect();
    body.remove(SPARE_ROW);
    let first = match place {
        Place::Above => {
            body.insert(0, 0);
            0
        }
        Place::Below => {
            body.push(0);
            ROWS - mark.len()
        }
    };
    for (row, (bits, _)) in body.iter_mut().skip(first).zip(mark) {
        *row |= bits << mark_shift;
    }
    let mut rows = [0; ROWS];
    for (slot, row) in rows.iter_mut().zip(body) {
        *slot = row;
    }
    Glyph { rows, width_dots }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin_letters() -> impl Iterator<Item = char> {
        ('\u{c0}'..='\u{17f}').chain(['ª', 'º', 'µ']).filter(|sign| sign.is_alphabetic())
    }

    /// The letter without its accents, as people would read it if they were lost.
    fn base(sign: char) -> char {
        let bases = "AÀÁÂÃÄÅĀĂĄÆª CÇĆĈĊČ DĎÐĐ EÈÉÊËĒĔĖĘĚ GĜĞĠĢ HĤĦ IÌÍÎÏĨĪĬĮİIĲı JĴ KĶĸ \
                     LĹĻĽĿŁ NÑŃŅŇŊŉ OÒÓÔÕÖØŌŎŐŒº RŔŖŘ SŚŜŞŠẞßſ TŢŤŦ UÙÚÛÜŨŪŬŮŰŲµ WŴ YÝŶŸ ZŹŻŽ PÞ";
        let upper = capital(sign).unwrap_or(sign);
        let family = |wanted: char| bases.split_whitespace().find(|family| family.contains(wanted));
        let found = family(sign).or_else(|| family(upper));
        found.and_then(|family| family.chars().next()).unwrap_or_else(|| panic!("no base: {sign}"))
    }

    #[test]
    fn every_latin_letter_is_drawn_and_differs_from_its_base() {
        for sign in latin_letters() {
            let drawn = drawing(sign).unwrap_or_else(|| panic!("{sign} is not drawn"));
            assert!(drawn.rows.iter().any(|row| *row != 0), "{sign} is empty");
            assert_ne!(drawn, glyph(base(sign)), "{sign} looks like {}", base(sign));
        }
    }

    #[test]
    fn no_two_capitals_or_digits_look_alike() {
        let mut seen: BTreeMap<[u16; ROWS], char> = BTreeMap::new();
        for (sign, glyph) in GLYPHS.iter() {
            if let Some(other) = seen.insert(glyph.rows, *sign) {
                panic!("{other} and {sign} look alike");
            }
        }
    }

    #[test]
    fn every_sign_of_our_screens_is_drawn() {
        let signs = "0123456789-/.,:;!?'\"()+%&#@€←→↑↓✓✗’«»°·×_=*<>";
        for sign in signs.chars().chain('a'..='z') {
            assert!(drawing(sign).is_some(), "{sign} is not drawn");
        }
        assert_eq!(glyph(' ').rows, [0; ROWS]);
        assert_eq!(glyph('漢'), UNDRAWN);
    }

    #[test]
    fn a_drawing_is_at_most_eleven_dots_wide_and_has_straight_edges() {
        for art in [include_str!("font.txt")] {
            let mut widths: Vec<usize> = Vec::new();
            for line in art.lines().filter(|line| !line.starts_with("//")) {
                if line.starts_with("= ") {
                    widths.clear();
                    continue;
                }
                let row: Vec<usize> = line.split_whitespace().map(str::len).collect();
                assert!(row.iter().all(|width| *width <= 11), "{line}");
                assert!(widths.is_empty() || widths == row, "{line}");
                widths = row;
            }
        }
    }
}
