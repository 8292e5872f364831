//! policy.toml: verdicts, rules and trust, compiled by the core. Tests: config/tests.rs.

use std::ops::Range;

use dockside_core::domain::bin::Disposition;
use dockside_core::domain::ids::Category;
use dockside_core::domain::policy::{Policy, PolicyDraft, PolicyError, RuleDraft, Trust};
use dockside_core::domain::settlement::AcceptanceAct;
use serde::Deserialize;
use toml::Spanned;

use crate::config::error::{ConfigError, Problem};
use crate::config::source::Source;

/// Longest version in characters: it stands in every event.
const VERSION_MAX_CHARS: usize = 32;

const ACCEPTANCES: [(&str, AcceptanceAct); 3] = [
    ("accept", AcceptanceAct::Accept),
    ("reject", AcceptanceAct::Reject),
    ("decide", AcceptanceAct::AskDecision),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    version: Spanned<String>,
    #[serde(default)]
    verdict: Vec<VerdictEntry>,
    #[serde(default)]
    rule: Vec<RuleEntry>,
    #[serde(default)]
    trust: TrustEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerdictEntry {
    name: Spanned<String>,
    when: Spanned<String>,
    acceptance: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    name: Spanned<String>,
    when: Spanned<String>,
    disposition: Spanned<String>,
}

/// What is left out is not trusted.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustEntry {
    #[serde(default)]
    clean_by_bin: bool,
    #[serde(default)]
    categories_excluded: Vec<Spanned<String>>,
    max_paid_minor: Option<Spanned<i64>>,
    inspect_share_percent: Option<Spanned<i64>>,
}

/// Reads and compiles the rules.
///
/// # Errors
/// [`ConfigError`]: an unknown word, a number out of its range, or a condition that can't work,
/// with the line and the name of its rule.
pub fn read(source: &Source) -> Result<Policy, ConfigError> {
    let file: PolicyFile = source.parse()?;
    let mut verdicts = Vec::with_capacity(file.verdict.len());
    for entry in &file.verdict {
        let then = source.word("acceptance", &entry.acceptance, &ACCEPTANCES)?;
        verdicts.push(draft(&entry.name, &entry.when, then));
    }
    let words = Disposition::ALL.map(|disposition| (disposition.word(), disposition));
    let mut dispositions = Vec::with_capacity(file.rule.len());
    for entry in &file.rule {
        let then = source.word("disposition", &entry.disposition, &words)?;
        dispositions.push(draft(&entry.name, &entry.when, then));
    }
    let version = version(source, &file.version)?;
    let trust = trust(source, &file.trust)?;
    let draft = PolicyDraft { version, verdicts, dispositions, trust };
    Policy::compile(draft, &source.text).map_err(|problem| match place(&file, &problem) {
        Some(span) => source.at(span, Problem::Policy(problem)),
        None => source.whole(Problem::Policy(problem)),
    })
}

fn draft<T>(name: &Spanned<String>, when: &Spanned<String>, then: T) -> RuleDraft<T> {
    RuleDraft { name: name.get_ref().clone(), when: when.get_ref().clone(), then }
}

fn version(source: &Source, written: &Spanned<String>) -> Result<String, ConfigError> {
    let version = written.get_ref();
    let is_plain = version.bytes().all(|byte| byte.is_ascii_graphic());
    if version.is_empty() || version.len() > VERSION_MAX_CHARS || !is_plain {
        let allowed = format!("1 to {VERSION_MAX_CHARS} ASCII characters without a space");
        return Err(source.refuse("version", written, allowed));
    }
    Ok(version.clone())
}

fn trust(source: &Source, written: &TrustEntry) -> Result<Trust, ConfigError> {
    let mut trust = Trust { clean_by_bin: written.clean_by_bin, ..Trust::default() };
    for category in &written.categories_excluded {
        let name = category.get_ref().parse::<Category>().map_err(|problem| {
            source.refuse("categories_excluded", category, problem.to_string())
        })?;
        trust.categories_excluded.insert(name);
    }
    if let Some(paid) = &written.max_paid_minor {
        trust.max_paid_minor = Some(source.number("max_paid_minor", paid, 0..=i64::MAX)?);
    }
    if let Some(share) = &written.inspect_share_percent {
        trust.inspect_share_percent = source.number("inspect_share_percent", share, 0..=100)?;
    }
    Ok(trust)
}

/// Where the rule of a problem stands: its condition for a bad condition, its second name for a
/// name that is there twice.
fn place(file: &PolicyFile, problem: &PolicyError) -> Option<Range<usize>> {
    let verdicts = file.verdict.iter().map(|entry| (&entry.name, &entry.when));
    let rules = file.rule.iter().map(|entry| (&entry.name, &entry.when));
    let mut all = verdicts.chain(rules);
    match problem {
        PolicyError::Condition { rule, .. } => {
            all.find(|(name, _)| name.get_ref() == rule).map(|(_, when)| when.span())
        }
        PolicyError::RuleTwice { rule } => {
            all.filter(|(name, _)| name.get_ref() == rule).nth(1).map(|(name, _)| name.span())
        }
        PolicyError::NoName => {
            all.find(|(name, _)| name.get_ref().trim().is_empty()).map(|(name, _)| name.span())
        }
        PolicyError::Share { .. } => file.trust.inspect_share_percent.as_ref().map(Spanned::span),
    }
}
