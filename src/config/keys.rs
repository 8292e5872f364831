//! keys.toml: which keys do what. Here a key is a checked name; which actions there are, and what a
//! terminal sends for a key, is known elsewhere. Tests: config/tests.rs.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::config::error::{ConfigError, Problem};
use crate::config::source::{KEYS, Source};

/// The keys with a name of more than one character.
pub const NAMED_KEYS: [&str; 28] = [
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
    "Enter",
    "Esc",
    "Tab",
    "BackTab",
    "Backspace",
    "Delete",
    "Insert",
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "Space",
];

const MODIFIERS: [&str; 3] = ["Ctrl+", "Alt+", "Shift+"];

/// The names of keys by action. A name is any of `Ctrl+`, `Alt+`, `Shift+`, each at most once and in
/// this order, and one of [`NAMED_KEYS`] or a single character.
pub type Keys = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysFile {
    #[serde(default)]
    keys: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
}

/// Reads the keys of every action; an action that the file leaves out has those of the default.
///
/// # Errors
/// [`ConfigError`] for what is no key, and for an action that the default doesn't know.
pub fn read(source: &Source) -> Result<Keys, ConfigError> {
    let mut keys = Keys::new();
    for (action, bound) in bindings(&Source::compiled(&KEYS))? {
        keys.insert(action.into_inner(), bound);
    }
    for (action, bound) in bindings(source)? {
        let Some(default) = keys.get_mut(action.get_ref()) else {
            let key = action.get_ref().clone();
            let names: Vec<_> = keys.keys().map(String::as_str).collect();
            let allowed = format!("allowed: one of {}", names.join(", "));
            return Err(source.at(action.span(), Problem::UnknownKey { key, allowed }));
        };
        *default = bound;
    }
    Ok(keys)
}

type Bindings = Vec<(Spanned<String>, Vec<String>)>;

fn bindings(source: &Source) -> Result<Bindings, ConfigError> {
    let file: KeysFile = source.parse()?;
    let mut keys = Bindings::new();
    for (action, written) in file.keys {
        let mut bound = Vec::with_capacity(written.len());
        for key in written {
            if !is_key(key.get_ref()) {
                let allowed = format!(
                    "a character or one of {}, with Ctrl+, Alt+, Shift+ before it",
                    NAMED_KEYS.join(", ")
                );
                return Err(source.refuse(action.get_ref(), &key, allowed));
            }
            bound.push(key.into_inner());
        }
        keys.push((action, bound));
    }
    Ok(keys)
}

fn is_key(name: &str) -> bool {
    let bare = MODIFIERS.iter().fold(name, |name, modifier| {
        // "Ctrl++" is Ctrl and the plus sign, "Ctrl+" alone is nothing.
        name.strip_prefix(modifier).unwrap_or(name)
    });
    let mut letters = bare.chars();
    let is_letter = letters.next().is_some_and(|letter| !letter.is_control() && letter != ' ')
        && letters.next().is_none();
    is_letter || NAMED_KEYS.contains(&bare)
}
