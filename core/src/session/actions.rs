//! The one table of actions: it feeds cards, keys, footer, help and the printed sheet.
//! Owns: which card word and which keys mean what, and on which screens. Tests: beside the code.

use crate::domain::scan::CardWord;
use crate::session::model::Screen;

/// What a card or a key can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Acknowledges a STOP.
    Ok,
    Undo,
    Done,
    End,
    Help,
    /// Asks for the questions: the unit is not clean.
    Inspect,
    NoLabel,
    Answer(Tile),
    French,
    English,
    /// Switches between the two languages.
    Language,
    Quit,
}

/// A tile on the screen, by the letter of its card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tile {
    B,
    C,
    D,
    E,
    F,
}

impl Tile {
    pub const ALL: [Tile; 5] = [Tile::B, Tile::C, Tile::D, Tile::E, Tile::F];

    /// The place of the tile, from 0.
    #[must_use]
    pub fn place(self) -> usize {
        match self {
            Tile::B => 0,
            Tile::C => 1,
            Tile::D => 2,
            Tile::E => 3,
            Tile::F => 4,
        }
    }

    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Tile::B => 'B',
            Tile::C => 'C',
            Tile::D => 'D',
            Tile::E => 'E',
            Tile::F => 'F',
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionRow {
    pub action: Action,
    /// Its name in keys.toml, and the id of its words.
    pub name: &'static str,
    /// The card's word without `XX` and check letter; only letters that sit on the same key of
    /// every Latin keyboard layout.
    pub card: Option<&'static str>,
    /// Default keys, by the names of keys.toml.
    pub keys: &'static [&'static str],
    pub screens: &'static [Screen],
}

const EVERYWHERE: &[Screen] = &[
    Screen::Badge,
    Screen::Receive,
    Screen::Choose,
    Screen::Item,
    Screen::Offer,
    Screen::Inspect,
    Screen::Put,
    Screen::Stop,
];
const SIGNED_IN: &[Screen] =
    &[Screen::Receive, Screen::Choose, Screen::Item, Screen::Offer, Screen::Inspect, Screen::Put];
const ANSWERING: &[Screen] = &[Screen::Inspect, Screen::Choose];

const fn row(
    action: Action,
    name: &'static str,
    card: Option<&'static str>,
    keys: &'static [&'static str],
    screens: &'static [Screen],
) -> ActionRow {
    ActionRow { action, name, card, keys, screens }
}

/// Every action, in the order footers and sheets list them.
pub const ACTIONS: &[ActionRow] = &[
    row(Action::Ok, "ok", Some("OK"), &["F12"], &[Screen::Stop]),
    row(Action::Inspect, "inspect", Some("INSPECT"), &["F6"], &[Screen::Offer]),
    row(Action::Done, "done", Some("DONE"), &["F8"], &[Screen::Item]),
    row(Action::NoLabel, "no_label", Some("NOLBEL"), &["F7"], &[Screen::Receive]),
    row(Action::Answer(Tile::B), "answer_b", Some("SELB"), &["1"], ANSWERING),
    row(Action::Answer(Tile::C), "answer_c", Some("SELC"), &["2"], ANSWERING),
    row(Action::Answer(Tile::D), "answer_d", Some("SELD"), &["3"], ANSWERING),
    row(Action::Answer(Tile::E), "answer_e", Some("SELE"), &["4"], ANSWERING),
    row(Action::Answer(Tile::F), "answer_f", Some("SELF"), &["5"], &[Screen::Choose]),
    row(Action::Undo, "undo", Some("UNDO"), &["F4"], SIGNED_IN),
    row(Action::End, "end", Some("END"), &["F9"], SIGNED_IN),
    row(Action::Help, "help", Some("HELP"), &["F1", "?"], EVERYWHERE),
    row(Action::Language, "language", None, &["F2"], EVERYWHERE),
    row(Action::French, "french", Some("FR"), &[], EVERYWHERE),
    row(Action::English, "english", Some("EN"), &[], EVERYWHERE),
    row(Action::Quit, "quit", None, &["Ctrl+Q"], EVERYWHERE),
];

/// The action of a card; `None` for a card of another version.
#[must_use]
pub fn by_card(word: &CardWord) -> Option<&'static ActionRow> {
    ACTIONS.iter().find(|row| row.card == Some(word.0.as_str()))
}

/// What a screen answers to, in the table's order.
pub fn on(screen: Screen) -> impl Iterator<Item = &'static ActionRow> {
    ACTIONS.iter().filter(move |row| row.screens.contains(&screen))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The letters that QWERTY, AZERTY and QWERTZ have on one key.
    const SAFE: &str = "BCDEFGHIJKLNOPRSTUVX";

    #[test]
    fn every_card_survives_every_layout() {
        for word in ACTIONS.iter().filter_map(|row| row.card) {
            assert!(word.chars().all(|letter| SAFE.contains(letter)), "{word}");
        }
    }

    #[test]
    fn no_card_and_no_key_means_two_things() {
        for (at, row) in ACTIONS.iter().enumerate() {
            for other in &ACTIONS[at + 1..] {
                assert!(row.card.is_none() || row.card != other.card, "{row:?}");
                assert!(row.keys.iter().all(|key| !other.keys.contains(key)), "{row:?}");
                assert_ne!(row.name, other.name);
            }
        }
    }

    #[test]
    fn every_screen_has_help() {
        for screen in EVERYWHERE {
            assert!(on(*screen).any(|row| row.action == Action::Help), "{screen:?}");
        }
    }
}
