//! Who is at the station and what he may do. Badges are credentials: they are looked up here and
//! never reach an event. Tests: beside the code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{BadgeCode, OperatorId};

/// What an operator works as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Receiver,
    Lead,
    Technician,
    Administrator,
}

/// A language of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    En,
    Fr,
}

impl Lang {
    /// The primary subtag, as BCP 47 and the words' files name it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
        }
    }

    /// Reads a tag such as `fr`, `fr-FR` or `fr_FR.UTF-8`; `None` for a language not spoken here.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Lang> {
        match tag.split(['-', '_', '.']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Lang::En),
            "fr" => Some(Lang::Fr),
            _ => None,
        }
    }
}

/// A person of the operators file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    pub id: OperatorId,
    /// Shown on the screen, never in an event.
    pub name: String,
    pub role: Role,
    pub lang: Option<Lang>,
}

/// All who may sign in here, by badge.
pub type Operators = BTreeMap<BadgeCode, Operator>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_read_from_any_usual_tag() {
        assert_eq!(Lang::from_tag("fr_FR.UTF-8"), Some(Lang::Fr));
        assert_eq!(Lang::from_tag("EN-gb"), Some(Lang::En));
        assert_eq!(Lang::from_tag("pl"), None);
    }
}
