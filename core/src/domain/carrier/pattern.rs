//! The form of a parcel number, written in a small language. Owns: its grammar and its limits.
//! Never: what a number means. A pattern is unrolled once, at load, into forms of fixed length, so
//! that laying it on a text is one look at each character, whatever the text is.
//! Start at `Pattern::parse`. Tests: carrier/tests.rs.
//!
//! A pattern is a row of pieces; blanks between them don't count.
//!
//! | piece | stands for |
//! | --- | --- |
//! | `"1Z"` | these characters |
//! | `d` | a digit |
//! | `a` | a capital letter |
//! | `n` | a capital letter or a digit |
//! | `[A-F0-9%]` | one of these characters and ranges |
//! | `(x\|y)` | x or y, each a row of pieces |
//! | `name:(x)` | x, and what it is: one of the names below |
//! | `x{3}`, `x{3,5}`, `x?` | x three times, three to five times, once or not at all |
//!
//! The names: `tracking` (the number itself; several are joined; without any it is the whole text),
//! `covered` and `check` (what a check digit covers, and the digit; the first goes with the first),
//! `service`, `country` and `routing` (dropped, and named for the reader of the pattern).

use std::ops::Range;

/// Longest text that can be a parcel number, in bytes: a routing prefix and 39 digits are below.
pub const LENGTH_MAX: usize = 64;
/// Most forms that one pattern unrolls into: ten prefixes times thirty lengths are below.
pub const FORMS_MAX: usize = 512;
/// Deepest nesting of groups.
const DEPTH_MAX: usize = 6;

/// What a group of a pattern is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Tracking,
    Covered,
    Check,
    Service,
    Country,
    Routing,
}

const ROLES: [(&str, Role); 6] = [
    ("tracking", Role::Tracking),
    ("covered", Role::Covered),
    ("check", Role::Check),
    ("service", Role::Service),
    ("country", Role::Country),
    ("routing", Role::Routing),
];

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("the pattern can't be read at character {at}")]
    Syntax { at: usize },
    #[error("{word:?} is no piece of a pattern")]
    Word { word: String },
    #[error("the pattern stands for more than {FORMS_MAX} forms")]
    TooManyForms,
    #[error("the pattern stands for texts of no character or of more than {LENGTH_MAX}")]
    Length,
    #[error("the groups of the pattern nest deeper than {DEPTH_MAX}")]
    TooDeep,
}

/// The characters allowed in one place: bit n is the ASCII character n.
type Cell = u128;

/// One unrolled form of a pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    cells: Vec<Cell>,
    groups: Vec<(Role, Range<usize>)>,
}

impl Form {
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    #[must_use]
    pub fn fits(&self, text: &[u8]) -> bool {
        let is_in = |(byte, cell): (&u8, &Cell)| byte.is_ascii() && cell >> byte & 1 == 1;
        text.len() == self.cells.len() && text.iter().zip(&self.cells).all(is_in)
    }

    /// Where the groups of that name are, in the order of the text.
    pub fn spans(&self, role: Role) -> impl Iterator<Item = Range<usize>> {
        let of_role = self.groups.iter().filter(move |(one, _)| *one == role);
        of_role.map(|(_, span)| span.clone())
    }

    /// How many characters at the start are the same in every text of this form.
    #[must_use]
    pub fn n_fixed(&self) -> usize {
        self.cells.iter().take_while(|cell| cell.count_ones() == 1).count()
    }

    /// Whether every text of this form begins with the same sign, neither letter nor digit.
    #[must_use]
    pub fn starts_with_sign(&self) -> bool {
        let signs = !(range(b'A', b'Z') | range(b'a', b'z') | range(b'0', b'9'));
        self.n_fixed() > 0 && self.cells.first().is_some_and(|cell| cell & signs != 0)
    }

    fn followed_by(&self, next: &Form) -> Form {
        let mut joined = self.clone();
        let shift = self.cells.len();
        joined.cells.extend(&next.cells);
        let shifted = next.groups.iter().map(|(role, span)| {
            (*role, span.start.saturating_add(shift)..span.end.saturating_add(shift))
        });
        joined.groups.extend(shifted);
        joined
    }
}

/// A pattern, unrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    forms: Vec<Form>,
}

impl Pattern {
    /// # Errors
    /// [`PatternError`]: what can't be read, or stands for too much.
    pub fn parse(written: &str) -> Result<Pattern, PatternError> {
        let mut parser = Parser { text: written.as_bytes(), at: 0 };
        let forms = parser.alternatives(0)?;
        if parser.at < parser.text.len() {
            return Err(parser.syntax());
        }
        if forms.iter().any(|form| form.cells.is_empty() || form.cells.len() > LENGTH_MAX) {
            return Err(PatternError::Length);
        }
        Ok(Pattern { forms })
    }

    #[must_use]
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }
}

struct Parser<'p> {
    text: &'p [u8],
    at: usize,
}

impl Parser<'_> {
    fn alternatives(&mut self, depth: usize) -> Result<Vec<Form>, PatternError> {
        if depth > DEPTH_MAX {
            return Err(PatternError::TooDeep);
        }
        let mut forms = self.row(depth)?;
        while self.eat(b'|') {
            forms.extend(self.row(depth)?);
            bounded(&forms)?;
        }
        Ok(forms)
    }

    fn row(&mut self, depth: usize) -> Result<Vec<Form>, PatternError> {
        let mut forms = vec![Form::default()];
        while let Some(piece) = self.piece(depth)? {
            let (least, most) = self.count()?;
            let mut repeated = forms;
            for _ in 0..least {
                repeated = product(&repeated, &piece)?;
            }
            forms = repeated.clone();
            for _ in least..most {
                repeated = product(&repeated, &piece)?;
                forms.extend(repeated.iter().cloned());
                bounded(&forms)?;
            }
        }
        Ok(forms)
    }

    fn piece(&mut self, depth: usize) -> Result<Option<Vec<Form>>, PatternError> {
        match self.peek() {
            None | Some(b')' | b'|') => Ok(None),
            Some(b'"') => self.literal().map(Some),
            Some(b'[') => self.class().map(|cell| Some(single(cell))),
            Some(b'(') => self.group(depth).map(Some),
            Some(byte) if byte.is_ascii_lowercase() => self.word(depth).map(Some),
            Some(_) => Err(self.syntax()),
        }
    }

    fn group(&mut self, depth: usize) -> Result<Vec<Form>, PatternError> {
        self.need(b'(')?;
        let forms = self.alternatives(depth.saturating_add(1))?;
        self.need(b')')?;
        Ok(forms)
    }

    fn word(&mut self, depth: usize) -> Result<Vec<Form>, PatternError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        let word = String::from_utf8_lossy(rest.get(..length).unwrap_or_default()).into_owned();
        self.at = self.at.saturating_add(length);
        match word.as_str() {
            "d" => return Ok(single(range(b'0', b'9'))),
            "a" => return Ok(single(range(b'A', b'Z'))),
            "n" => return Ok(single(range(b'0', b'9') | range(b'A', b'Z'))),
            _ => {}
        }
        let Some((_, role)) = ROLES.into_iter().find(|(name, _)| *name == word) else {
            return Err(PatternError::Word { word });
        };
        self.need(b':')?;
        let mut forms = self.group(depth)?;
        for form in &mut forms {
            form.groups.push((role, 0..form.cells.len()));
        }
        Ok(forms)
    }

    fn literal(&mut self) -> Result<Vec<Form>, PatternError> {
        self.need(b'"')?;
        let mut form = Form::default();
        loop {
            match self.take() {
                Some(b'"') => return Ok(vec![form]),
                Some(byte) if byte.is_ascii() => form.cells.push(range(byte, byte)),
                Some(_) | None => return Err(self.syntax()),
            }
        }
    }

    fn class(&mut self) -> Result<Cell, PatternError> {
        self.need(b'[')?;
        let mut cell = 0;
        loop {
            let first = match self.take() {
                Some(b']') if cell != 0 => return Ok(cell),
                Some(byte) if byte.is_ascii() && byte != b']' => byte,
                Some(_) | None => return Err(self.syntax()),
            };
            let mut last = first;
            if self.text.get(self.at) == Some(&b'-') {
                self.at = self.at.saturating_add(1);
                last = self
                    .take()
                    .filter(|last| last.is_ascii() && *last >= first)
                    .ok_or_else(|| self.syntax())?;
            }
            cell |= range(first, last);
        }
    }

    /// `{n}`, `{n,m}` or `?` after a piece; once without any.
    fn count(&mut self) -> Result<(usize, usize), PatternError> {
        if self.eat(b'?') {
            return Ok((0, 1));
        }
        if !self.eat(b'{') {
            return Ok((1, 1));
        }
        let least = self.number()?;
        let most = if self.eat(b',') { self.number()? } else { least };
        self.need(b'}')?;
        if most < least { Err(self.syntax()) } else { Ok((least, most)) }
    }

    fn number(&mut self) -> Result<usize, PatternError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = std::str::from_utf8(rest.get(..length).unwrap_or_default());
        let number = digits.ok().and_then(|digits| digits.parse().ok());
        let number = number.filter(|number| *number <= LENGTH_MAX).ok_or_else(|| self.syntax())?;
        self.at = self.at.saturating_add(length);
        Ok(number)
    }

    /// The next character that is no blank.
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at) == Some(&b' ') {
            self.at = self.at.saturating_add(1);
        }
        self.text.get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.text.get(self.at).copied();
        self.at = self.at.saturating_add(1);
        byte
    }

    fn eat(&mut self, wanted: u8) -> bool {
        let is_there = self.peek() == Some(wanted);
        if is_there {
            self.at = self.at.saturating_add(1);
        }
        is_there
    }

    fn need(&mut self, wanted: u8) -> Result<(), PatternError> {
        if self.eat(wanted) { Ok(()) } else { Err(self.syntax()) }
    }

    fn syntax(&self) -> PatternError {
        PatternError::Syntax { at: self.at.saturating_add(1) }
    }
}

fn single(cell: Cell) -> Vec<Form> {
    vec![Form { cells: vec![cell], groups: Vec::new() }]
}

fn range(first: u8, last: u8) -> Cell {
    (first..=last).fold(0, |cell, byte| cell | 1 << byte)
}

fn product(left: &[Form], right: &[Form]) -> Result<Vec<Form>, PatternError> {
    if left.len().saturating_mul(right.len()) > FORMS_MAX {
        return Err(PatternError::TooManyForms);
    }
    let joined = left.iter().flat_map(|one| right.iter().map(|next| one.followed_by(next)));
    let joined: Vec<Form> = joined.collect();
    if joined.iter().any(|form| form.cells.len() > LENGTH_MAX) {
        return Err(PatternError::Length);
    }
    Ok(joined)
}

fn bounded(forms: &[Form]) -> Result<(), PatternError> {
    if forms.len() > FORMS_MAX { Err(PatternError::TooManyForms) } else { Ok(()) }
}
