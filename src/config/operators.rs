//! operators.toml: who may sign in. A badge is a credential, so no error repeats one.
//! Tests: config/tests.rs.

use std::collections::BTreeSet;

use dockside_core::domain::ids::{BadgeCode, OperatorId};
use dockside_core::domain::operator::{Lang, Operator, Operators, Role};
use dockside_core::domain::scan::{self, Reading};
use serde::Deserialize;
use toml::Spanned;

use crate::config::error::{ConfigError, Problem};
use crate::config::source::Source;

/// Longest name that the screen greets with, in characters: a third of its narrowest line.
const NAME_MAX_CHARS: usize = 26;

pub(super) const LANGUAGES: [(&str, Lang); 2] = [("en", Lang::En), ("fr", Lang::Fr)];

const ROLES: [(&str, Role); 4] = [
    ("receiver", Role::Receiver),
    ("lead", Role::Lead),
    ("technician", Role::Technician),
    ("administrator", Role::Administrator),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatorsFile {
    #[serde(default)]
    operator: Vec<OperatorEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatorEntry {
    badge: Spanned<String>,
    id: Spanned<String>,
    name: Spanned<String>,
    role: Spanned<String>,
    lang: Option<Spanned<String>>,
}

/// Reads the operators.
///
/// # Errors
/// [`ConfigError`]: a badge that a scan would not give back, a badge or an id that is there twice,
/// an unknown role or language, or nobody at all.
pub fn read(source: &Source) -> Result<Operators, ConfigError> {
    let file: OperatorsFile = source.parse()?;
    let mut operators = Operators::new();
    let mut ids = BTreeSet::new();
    for entry in &file.operator {
        let id = entry.id.get_ref().parse::<OperatorId>();
        let id = id.map_err(|problem| source.refuse("id", &entry.id, problem.to_string()))?;
        if !ids.insert(id.clone()) {
            let what = format!("operator {id}");
            return Err(source.at(entry.id.span(), Problem::Twice { what }));
        }
        let badge = badge(source, &entry.badge)?;
        let role = source.word("role", &entry.role, &ROLES)?;
        let lang = match &entry.lang {
            Some(lang) => Some(source.word("lang", lang, &LANGUAGES)?),
            None => None,
        };
        let name = name(source, &entry.name)?;
        let what = format!("the badge of {id}");
        if operators.insert(badge, Operator { id, name, role, lang }).is_some() {
            return Err(source.at(entry.badge.span(), Problem::Twice { what }));
        }
    }
    if operators.is_empty() {
        return Err(source.whole(Problem::Missing {
            what: "an [[operator]]".to_owned(),
            why: "nobody could sign in".to_owned(),
        }));
    }
    Ok(operators)
}

fn badge(source: &Source, written: &Spanned<String>) -> Result<BadgeCode, ConfigError> {
    let mut readings = scan::read(written.get_ref().as_bytes()).readings;
    match (readings.pop(), readings.is_empty()) {
        (Some(Reading::Badge(badge)), true) if badge.as_str() == written.get_ref() => Ok(badge),
        _ => {
            let problem = Problem::Value {
                key: "badge".to_owned(),
                found: "\"...\"".to_owned(),
                allowed: "BDG and 1 to 87 visible ASCII characters without a space, \
                          and no second code in it"
                    .to_owned(),
            };
            Err(source.at(written.span(), problem))
        }
    }
}

fn name(source: &Source, written: &Spanned<String>) -> Result<String, ConfigError> {
    let name = written.get_ref().trim();
    let is_shown = scan::shown::safe_text(name) == name;
    if name.is_empty() || name.chars().count() > NAME_MAX_CHARS || !is_shown {
        let allowed = format!("1 to {NAME_MAX_CHARS} visible characters");
        return Err(source.refuse("name", written, allowed));
    }
    Ok(name.to_owned())
}
