//! Ordered rules that choose whether goods are taken back and where they go, and which units may be
//! called clean by their bin alone.
//! Owns: the order of the rules and what holds when none does: quarantine, and a person decides.
//! Never: a file, a bin's code, the money. Start at `Policy::decide`; conditions: `condition`.
//! Tests: policy/tests.rs; the default rules: the configuration's tests.

pub mod condition;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::domain::bin::Disposition;
use crate::domain::ids::{Category, ClientId, Lpn};
use crate::domain::parcel::ParcelKind;
use crate::domain::policy::condition::{Condition, ConditionError, Facts, Language};
use crate::domain::settlement::AcceptanceAct;
use crate::domain::unit::Unexpected;

/// What a rule may look at. A condition names these fields; see `condition` for how an absent one
/// reads.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitFacts {
    pub client: Option<ClientId>,
    pub category: Option<Category>,
    pub grade: Option<String>,
    pub scale: Option<String>,
    pub parcel_kind: ParcelKind,
    pub unexpected: Option<Unexpected>,
    /// What the customer said.
    pub reason: Option<String>,
    /// What was paid for this piece, in minor units.
    pub paid_minor: Option<i64>,
    pub final_sale: bool,
    pub hazard: Option<String>,
    pub size_class: Option<String>,
}

/// What the rules say of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    pub disposition: Disposition,
    /// The name of the rule that chose the disposition; [`NO_RULE`], or [`FAILED_RULE`] with the
    /// rule's name, when it is quarantine for want of one.
    pub rule: String,
    pub acceptance: AcceptanceAct,
    /// The name of the rule that gave the verdict: the finding of a rejection or a decision asked.
    pub verdict: String,
}

/// The rule's name when no rule is true.
pub const NO_RULE: &str = "no_rule";

/// What stands before a rule's name when its condition could not be evaluated.
pub const FAILED_RULE: &str = "failed:";

/// A rule as it is written: `when` is a condition in CEL, `then` what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDraft<T> {
    pub name: String,
    pub when: String,
    pub then: T,
}

/// When a unit is clean because its restock bin was scanned, no question asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    pub clean_by_bin: bool,
    /// Categories in which a look proves nothing.
    pub categories_excluded: BTreeSet<Category>,
    /// Dearest piece that may be, in minor units of whatever currency was paid; one whose price is
    /// not known may not, where this is set.
    pub max_paid_minor: Option<i64>,
    /// How many of a hundred units that may be are inspected all the same: 0 to 100.
    pub inspect_share_percent: u8,
}

/// The rules as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyDraft {
    pub version: String,
    pub verdicts: Vec<RuleDraft<AcceptanceAct>>,
    pub dispositions: Vec<RuleDraft<Disposition>>,
    pub trust: Trust,
}

/// Why a set of rules can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("rule {rule:?} is there twice")]
    RuleTwice { rule: String },
    #[error("a rule has no name")]
    NoName,
    #[error("rule {rule:?}: {source}")]
    Condition { rule: String, source: ConditionError },
    #[error("inspect_share_percent is {found}; 0 to 100 are allowed")]
    Share { found: u8 },
}

#[derive(Clone, Debug)]
struct Rule<T> {
    name: String,
    when: Condition,
    then: T,
}

/// Rules that were checked; the default has none, so everything goes to quarantine and is decided
/// by a person.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The file's own version and the first 8 hexadecimal digits of the SHA-256 of its text, so
    /// that an edit without a new version shows: `rules` of every event.
    pub version: String,
    verdicts: Vec<Rule<AcceptanceAct>>,
    dispositions: Vec<Rule<Disposition>>,
    trust: Trust,
}

impl Policy {
    /// Compiles the rules of a file whose whole text is `text`.
    ///
    /// # Errors
    /// [`PolicyError`], the first in the order of the rules, naming the rule.
    pub fn compile(draft: PolicyDraft, text: &str) -> Result<Policy, PolicyError> {
        let found = draft.trust.inspect_share_percent;
        if found > 100 {
            return Err(PolicyError::Share { found });
        }
        let language = Language::default();
        let mut names = BTreeSet::new();
        let all = draft.verdicts.iter().map(|rule| rule.name.as_str());
        for name in all.chain(draft.dispositions.iter().map(|rule| rule.name.as_str())) {
            if name.trim().is_empty() {
                return Err(PolicyError::NoName);
            }
            if !names.insert(name) {
                return Err(PolicyError::RuleTwice { rule: name.to_owned() });
            }
        }
        let verdicts = compiled(&language, draft.verdicts)?;
        let dispositions = compiled(&language, draft.dispositions)?;
        let version = stamped(&draft.version, text);
        Ok(Policy { version, verdicts, dispositions, trust: draft.trust })
    }

    /// The first true rule of each kind. Without one, or when a condition fails before one is
    /// true: quarantine, and a person decides on the verdict.
    #[must_use]
    pub fn decide(&self, facts: &UnitFacts) -> Chosen {
        let facts = Facts::of(facts);
        let (disposition, rule) = first(&self.dispositions, &facts, Disposition::Quarantine);
        let (acceptance, verdict) = first(&self.verdicts, &facts, AcceptanceAct::AskDecision);
        Chosen { disposition, rule, acceptance, verdict }
    }

    /// Whether scanning the proposed restock bin may mean clean: for units that were announced in
    /// an announced parcel, without a hazard, within the limits of [`Trust`], and not drawn for
    /// inspection. The draw depends on the plate alone, so a crash doesn't repeat it.
    #[must_use]
    pub fn trusts_clean(&self, facts: &UnitFacts, lpn: Lpn) -> bool {
        let trust = &self.trust;
        let is_excluded =
            facts.category.as_ref().is_some_and(|own| trust.categories_excluded.contains(own));
        let is_too_dear = trust.max_paid_minor.is_some_and(|max_minor| {
            facts.paid_minor.is_none_or(|paid_minor| paid_minor > max_minor)
        });
        trust.clean_by_bin
            && facts.parcel_kind == ParcelKind::Announced
            && facts.unexpected.is_none()
            && facts.hazard.is_none()
            && !is_excluded
            && !is_too_dear
            && draw_percent(lpn) >= u64::from(trust.inspect_share_percent)
    }

    /// The names of the rules, verdicts first, in the order they are tried.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        let verdicts = self.verdicts.iter().map(|rule| rule.name.as_str());
        verdicts.chain(self.dispositions.iter().map(|rule| rule.name.as_str()))
    }
}

fn compiled<T>(
    language: &Language,
    drafts: Vec<RuleDraft<T>>,
) -> Result<Vec<Rule<T>>, PolicyError> {
    let mut rules = Vec::with_capacity(drafts.len());
    for RuleDraft { name, when, then } in drafts {
        let when = Condition::compile(language, &when)
            .map_err(|source| PolicyError::Condition { rule: name.clone(), source })?;
        rules.push(Rule { name, when, then });
    }
    Ok(rules)
}

fn first<T: Copy>(rules: &[Rule<T>], facts: &Facts<'_>, otherwise: T) -> (T, String) {
    for rule in rules {
        match rule.when.holds(facts) {
            Ok(true) => return (rule.then, rule.name.clone()),
            Ok(false) => {}
            Err(_) => return (otherwise, format!("{FAILED_RULE}{}", rule.name)),
        }
    }
    (otherwise, NO_RULE.to_owned())
}

fn stamped(version: &str, text: &str) -> String {
    let mut stamped = format!("{version}-");
    for byte in Sha256::digest(text.as_bytes()).iter().take(4) {
        // Writing to a string has no way to fail.
        let _ = write!(stamped, "{byte:02x}");
    }
    stamped
}

/// A number of 0 to 99 for a plate; consecutive plates are spread evenly.
///
/// Source: multiplicative hashing with 2^64 divided by the golden ratio (Knuth, The Art of Computer
/// Programming, volume 3, section 6.4).
fn draw_percent(lpn: Lpn) -> u64 {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let plate = u64::from(u16::from(lpn.station)) << 32 | u64::from(lpn.serial);
    ((plate.wrapping_mul(GOLDEN) >> 32) * 100) >> 32
}
