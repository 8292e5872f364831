//! inspection.toml: scales, paths and questions in the site's languages. Whether they are sound is
//! the core's word. Tests: config/tests.rs.

use std::collections::BTreeMap;
use std::ops::Range;

use dockside_core::domain::ids::Category;
use dockside_core::domain::inspection::check::Place;
use dockside_core::domain::inspection::{
    Answer, Grade, Inspection, Leads, Path, Question, Scale, Words,
};
use serde::Deserialize;
use toml::Spanned;

use crate::config::error::{ConfigError, Problem};
use crate::config::source::Source;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InspectionFile {
    #[serde(default)]
    scale: Vec<ScaleEntry>,
    #[serde(default)]
    path: Vec<PathEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScaleEntry {
    id: Spanned<String>,
    clean: String,
    #[serde(default)]
    grade: Vec<GradeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GradeEntry {
    id: Spanned<String>,
    label: WordsEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PathEntry {
    id: Spanned<String>,
    scale: String,
    categories: Vec<Spanned<String>>,
    start: String,
    #[serde(default)]
    question: Vec<QuestionEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionEntry {
    id: Spanned<String>,
    text: WordsEntry,
    #[serde(default)]
    answer: Vec<AnswerEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerEntry {
    id: Spanned<String>,
    label: WordsEntry,
    question: Option<String>,
    grade: Option<String>,
}

/// The languages are optional here, so that the one that is missing is named by its question.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsEntry {
    en: Option<String>,
    fr: Option<String>,
}

/// Reads the scales and paths and has them checked.
///
/// # Errors
/// [`ConfigError`]: an empty id, an answer that leads nowhere or to two places, or the first
/// problem of `Inspection::check`, with the line of its question, path or scale.
pub fn read(source: &Source) -> Result<Inspection, ConfigError> {
    let file: InspectionFile = source.parse()?;
    let mut inspection = Inspection::default();
    for entry in &file.scale {
        inspection.scales.push(scale(source, entry)?);
    }
    for entry in &file.path {
        inspection.paths.push(path(source, entry)?);
    }
    match inspection.check().into_iter().next() {
        None => Ok(inspection),
        Some(problem) => Err(match place(&file, &problem.place) {
            Some(span) => source.at(span, Problem::Inspection(problem)),
            None => source.whole(Problem::Inspection(problem)),
        }),
    }
}

fn scale(source: &Source, entry: &ScaleEntry) -> Result<Scale, ConfigError> {
    let mut grades = Vec::with_capacity(entry.grade.len());
    for grade in &entry.grade {
        grades.push(Grade { id: id(source, &grade.id)?, label: words(&grade.label) });
    }
    Ok(Scale { id: id(source, &entry.id)?, grades, clean: entry.clean.clone() })
}

fn path(source: &Source, entry: &PathEntry) -> Result<Path, ConfigError> {
    let mut categories = Vec::with_capacity(entry.categories.len());
    for category in &entry.categories {
        let name = category.get_ref().parse::<Category>();
        let refuse = |problem: String| source.refuse("categories", category, problem);
        categories.push(name.map_err(|problem| refuse(problem.to_string()))?);
    }
    let mut questions = Vec::with_capacity(entry.question.len());
    for question in &entry.question {
        let mut answers = Vec::with_capacity(question.answer.len());
        for answer in &question.answer {
            let id = id(source, &answer.id)?;
            answers.push(Answer { id, label: words(&answer.label), leads: leads(source, answer)? });
        }
        let id = id(source, &question.id)?;
        questions.push(Question { id, text: words(&question.text), answers });
    }
    let id = id(source, &entry.id)?;
    let (scale, start) = (entry.scale.clone(), entry.start.clone());
    Ok(Path { id, scale, categories, start, questions })
}

/// Ids stand in events and conditions, so they are plain.
fn id(source: &Source, written: &Spanned<String>) -> Result<String, ConfigError> {
    let id = written.get_ref();
    let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte));
    if id.is_empty() || id.len() > ID_MAX_CHARS || !is_plain {
        let allowed = format!("1 to {ID_MAX_CHARS} letters, digits, _, + or -");
        return Err(source.refuse("id", written, allowed));
    }
    Ok(id.clone())
}

/// Longest id of a grade, question, answer, scale or path, in characters.
const ID_MAX_CHARS: usize = 40;

fn words(entry: &WordsEntry) -> Words {
    let texts = [("en", &entry.en), ("fr", &entry.fr)];
    let there = texts.into_iter().filter_map(|(lang, text)| Some((lang.to_owned(), text.clone()?)));
    Words(there.collect::<BTreeMap<_, _>>())
}

fn leads(source: &Source, entry: &AnswerEntry) -> Result<Leads, ConfigError> {
    match (&entry.question, &entry.grade) {
        (Some(question), None) => Ok(Leads::Question(question.clone())),
        (None, Some(grade)) => Ok(Leads::Grade(grade.clone())),
        (None, None) | (Some(_), Some(_)) => {
            let what = format!("either question or grade of answer {:?}", entry.id.get_ref());
            let why = "an answer leads to one of the two".to_owned();
            Err(source.at(entry.id.span(), Problem::Missing { what, why }))
        }
    }
}

fn place(file: &InspectionFile, place: &Place) -> Option<Range<usize>> {
    let path_of = |wanted: &str| file.path.iter().find(|path| path.id.get_ref() == wanted);
    match place {
        Place::All => None,
        Place::Scale(wanted) => {
            let scale = file.scale.iter().find(|scale| scale.id.get_ref() == wanted)?;
            Some(scale.id.span())
        }
        Place::Path(wanted) => Some(path_of(wanted)?.id.span()),
        Place::Question { path, question } => {
            let questions = &path_of(path)?.question;
            let asked = questions.iter().find(|asked| asked.id.get_ref() == question)?;
            Some(asked.id.span())
        }
    }
}
