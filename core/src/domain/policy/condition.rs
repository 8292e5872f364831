//! One condition of a rule, in CEL, over the facts of a unit.
//! Owns: which names a condition may use and how an absent fact reads. Conditions are tried once
//! when they are compiled, so that a misspelt fact or a comparison of unlike things is found at the
//! desk and not on the dock. Tests: policy/tests.rs.
//!
//! Facts and their types: `client`, `category`, `grade`, `scale`, `parcel_kind`, `unexpected`,
//! `reason`, `hazard`, `size_class` are texts, "" when absent; `final_sale` is true or false;
//! `paid_minor` is a whole number, null when absent, so a condition on it says what holds then:
//! `paid_minor != null && paid_minor < 1000`.

use std::fmt;
use std::sync::Arc;

use cel::common::types::{CelBool, CelInt, CelNull, CelString};
use cel::common::value::CowVal;
use cel::context::VariableResolver;
use cel::{Context, Env, Program, Value};

use crate::domain::parcel::ParcelKind;
use crate::domain::policy::UnitFacts;
use crate::domain::unit::Unexpected;

/// The names a condition may use.
pub const FACTS: [&str; 11] = [
    "client",
    "category",
    "grade",
    "scale",
    "parcel_kind",
    "unexpected",
    "reason",
    "paid_minor",
    "final_sale",
    "hazard",
    "size_class",
];

/// Longest condition in bytes: one that is longer is several rules.
pub const CONDITION_MAX_BYTES: usize = 500;

/// Deepest nesting of brackets. The parser calls itself several times for each, so a file could
/// otherwise exhaust the stack; nobody reads conditions half as deep.
pub const NESTING_MAX: usize = 6;

/// Most operators, comparisons and dots, for the same reason; `&&`, `||` and `!` are not counted.
pub const OPERATORS_MAX: usize = 24;

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    #[error("the condition is {len} bytes long, at most {CONDITION_MAX_BYTES} are allowed")]
    TooLong { len: usize },
    #[error("brackets are nested {nesting} deep, at most {NESTING_MAX} are allowed")]
    TooDeep { nesting: usize },
    #[error("it has {count} operators, at most {OPERATORS_MAX} are allowed: write several rules")]
    TooMany { count: usize },
    #[error("a backslash has no place in a condition")]
    Backslash,
    #[error("the condition can't be read at character {column}: {problem}")]
    Syntax { column: usize, problem: String },
    #[error("{found:?} is no fact; the facts are {}", FACTS.join(", "))]
    NoFact { found: String },
    #[error("the condition fails {when}: {problem}")]
    Fails { when: &'static str, problem: String },
    #[error("the condition is {found}, neither true nor false")]
    NotBool { found: String },
}

/// The language of conditions: CEL with its standard functions. Shared by all rules of a set:
/// building it is most of what an evaluation would cost.
#[derive(Clone)]
pub struct Language(Arc<Env>);

impl Default for Language {
    fn default() -> Language {
        Language(Arc::new(Env::stdlib()))
    }
}

/// A condition that was compiled and tried.
#[derive(Clone)]
pub struct Condition {
    program: Arc<Program>,
    language: Language,
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Condition")
    }
}

impl Condition {
    /// Compiles a condition and tries it on a unit of which everything is known and on one of which
    /// nothing is.
    ///
    /// # Errors
    /// [`ConditionError`]: it can't be read, names what is no fact, or gives no true or false.
    pub fn compile(language: &Language, text: &str) -> Result<Condition, ConditionError> {
        check_size(text)?;
        let program = language.0.compile(text).map_err(|problems| {
            let first = problems.errors.first();
            let column = first.and_then(|problem| usize::try_from(problem.pos.1).ok());
            let problem = first.map_or_else(String::new, |problem| problem.msg.clone());
            ConditionError::Syntax { column: column.unwrap_or_default(), problem }
        })?;
        let references = program.references();
        let mut unknown: Vec<&str> =
            references.variables().into_iter().filter(|name| !FACTS.contains(name)).collect();
        unknown.sort_unstable();
        if let Some(found) = unknown.first() {
            return Err(ConditionError::NoFact { found: (*found).to_owned() });
        }
        let condition = Condition { program: Arc::new(program), language: language.clone() };
        condition.holds(&Facts::KNOWN).map_err(|fault| fault.when("on a unit that is known"))?;
        condition.holds(&Facts::UNKNOWN).map_err(|fault| fault.when("on absent facts"))?;
        Ok(condition)
    }

    /// Whether it is true of a unit.
    ///
    /// # Errors
    /// [`ConditionFault`]: it could not be evaluated, or gives neither true nor false.
    pub fn holds(&self, facts: &Facts<'_>) -> Result<bool, ConditionFault> {
        let mut context = Context::with_env(Arc::clone(&self.language.0));
        context.set_variable_resolver(facts);
        match self.program.execute(&context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(ConditionFault::NotBool(other.type_of().to_string())),
            Err(problem) => Err(ConditionFault::Evaluation(problem.to_string())),
        }
    }
}

/// Bounds what the parser is given. Texts in quotes don't count; without backslashes a quote always
/// ends where it seems to.
fn check_size(text: &str) -> Result<(), ConditionError> {
    if text.len() > CONDITION_MAX_BYTES {
        return Err(ConditionError::TooLong { len: text.len() });
    }
    if text.contains('\\') {
        return Err(ConditionError::Backslash);
    }
    let (mut open, mut nesting, mut count) = (0_usize, 0, text.matches(" in ").count());
    let mut quote = None;
    let mut before = ' ';
    for letter in text.chars() {
        match (quote, letter) {
            (Some(end), _) if letter == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '{') => open += 1,
            (None, '[') => (open, count) = (open + 1, count + 1),
            (None, ')' | ']' | '}') => open = open.saturating_sub(1),
            // The second half of ==, !=, <= or >= belongs to the first.
            (None, '=') if matches!(before, '=' | '<' | '>') => {}
            (None, '=' | '<' | '>' | '+' | '-' | '*' | '/' | '%' | '.') => count += 1,
            (None, _) => {}
        }
        nesting = nesting.max(open);
        before = letter;
    }
    if nesting > NESTING_MAX {
        return Err(ConditionError::TooDeep { nesting });
    }
    if count > OPERATORS_MAX {
        return Err(ConditionError::TooMany { count });
    }
    Ok(())
}

/// Why a condition gives no answer for a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionFault {
    NotBool(String),
    Evaluation(String),
}

impl ConditionFault {
    fn when(self, when: &'static str) -> ConditionError {
        match self {
            ConditionFault::NotBool(found) => ConditionError::NotBool { found },
            ConditionFault::Evaluation(problem) => ConditionError::Fails { when, problem },
        }
    }
}

/// The facts of a unit as conditions see them, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    client: &'a str,
    category: &'a str,
    grade: &'a str,
    scale: &'a str,
    parcel_kind: &'a str,
    unexpected: &'a str,
    reason: &'a str,
    paid_minor: Option<i64>,
    final_sale: bool,
    hazard: &'a str,
    size_class: &'a str,
}

impl<'a> Facts<'a> {
    const UNKNOWN: Facts<'static> = Facts {
        client: "",
        category: "",
        grade: "",
        scale: "",
        parcel_kind: "blind",
        unexpected: "unmatched",
        reason: "",
        paid_minor: None,
        final_sale: false,
        hazard: "",
        size_class: "",
    };

    const KNOWN: Facts<'static> = Facts {
        client: "default",
        category: "apparel",
        grade: "A",
        scale: "generic",
        parcel_kind: "announced",
        unexpected: "",
        reason: "too_small",
        paid_minor: Some(1999),
        final_sale: true,
        hazard: "none",
        size_class: "small",
    };

    #[must_use]
    pub fn of(unit: &'a UnitFacts) -> Facts<'a> {
        let text = |fact: &'a Option<String>| fact.as_deref().unwrap_or_default();
        Facts {
            client: unit.client.as_ref().map_or("", |client| client.as_str()),
            category: unit.category.as_ref().map_or("", |category| category.as_str()),
            grade: text(&unit.grade),
            scale: text(&unit.scale),
            parcel_kind: kind_word(unit.parcel_kind),
            unexpected: unit.unexpected.map_or("", unexpected_word),
            reason: text(&unit.reason),
            paid_minor: unit.paid_minor,
            final_sale: unit.final_sale,
            hazard: text(&unit.hazard),
            size_class: text(&unit.size_class),
        }
    }
}

impl VariableResolver for Facts<'_> {
    fn resolve<'b>(&'b self, fact: &str) -> Option<CowVal<'b, 'b>> {
        let text = |text: &'b str| Some(CowVal::owned(CelString::from(text)));
        match fact {
            "client" => text(self.client),
            "category" => text(self.category),
            "grade" => text(self.grade),
            "scale" => text(self.scale),
            "parcel_kind" => text(self.parcel_kind),
            "unexpected" => text(self.unexpected),
            "reason" => text(self.reason),
            "hazard" => text(self.hazard),
            "size_class" => text(self.size_class),
            "final_sale" => Some(CowVal::owned(CelBool::from(self.final_sale))),
            "paid_minor" => Some(match self.paid_minor {
                Some(paid_minor) => CowVal::owned(CelInt::from(paid_minor)),
                None => CowVal::owned(CelNull),
            }),
            _ => None,
        }
    }
}

/// The words are those of the events, held together by a test.
fn kind_word(kind: ParcelKind) -> &'static str {
    match kind {
        ParcelKind::Announced => "announced",
        ParcelKind::Preprinted => "preprinted",
        ParcelKind::Blind => "blind",
        ParcelKind::Rts => "rts",
        ParcelKind::StoreTransfer => "store_transfer",
        ParcelKind::TradeIn => "trade_in",
        ParcelKind::Misrouted => "misrouted",
    }
}

fn unexpected_word(unexpected: Unexpected) -> &'static str {
    match unexpected {
        Unexpected::NotAnnounced => "not_announced",
        Unexpected::NotOnOrder => "not_on_order",
        Unexpected::OverCount => "over_count",
        Unexpected::Unmatched => "unmatched",
    }
}
