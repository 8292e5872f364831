//! Questions whose answers compute the grade: each category has its path of questions and its scale
//! of grades. Owns: what is asked next, and what makes a set of paths sound.
//! Never: where a graded unit goes (that is `policy`), the files these come from.
//! Start at `Inspection::step`; `check` says what is wrong with a set. Tests: inspection/tests.rs.

pub mod check;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::domain::ids::Category;
use crate::domain::operator::Lang;

/// The category of the path for everything no other path is for.
pub const ANY_CATEGORY: &str = "*";

/// A text in every language of the site, by the language's tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(pub BTreeMap<String, String>);

impl Words {
    /// The text in `lang`; in English, or in whatever there is, where that one is missing: a
    /// receiver who reads the wrong language still sees which tile is which.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        self.0
            .get(lang.tag())
            .or_else(|| self.0.get(Lang::En.tag()))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}

/// One question, on one screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Unique within its path; the word of `AnswerGiven`.
    pub id: String,
    pub text: Words,
    /// In the order of the tiles: the first is card B, the last at most card E.
    pub answers: Vec<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Unique within its question.
    pub id: String,
    pub label: Words,
    pub leads: Leads,
}

/// Where an answer leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To another question of the path.
    Question(String),
    /// To a grade of the path's scale.
    Grade(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grade {
    /// The word of `UnitGraded` and of the rules' conditions.
    pub id: String,
    pub label: Words,
}

/// The grades of a category, best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    pub id: String,
    pub grades: Vec<Grade>,
    /// The grade of a unit without a flaw: what scanning its restock bin means.
    pub clean: String,
}

impl Scale {
    #[must_use]
    pub fn grade(&self, id: &str) -> Option<&Grade> {
        self.grades.iter().find(|grade| grade.id == id)
    }

    /// The grade of a unit without a flaw.
    #[must_use]
    pub fn clean_grade(&self) -> Option<&Grade> {
        self.grade(&self.clean)
    }
}

/// The questions of some categories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub id: String,
    pub scale: String,
    /// [`ANY_CATEGORY`] for all that no other path lists.
    pub categories: Vec<Category>,
    /// The first question.
    pub start: String,
    pub questions: Vec<Question>,
}

impl Path {
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }
}

/// Every scale and path of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    pub scales: Vec<Scale>,
    pub paths: Vec<Path>,
}

/// What comes next for a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    Ask(&'a Question),
    Graded { scale: &'a Scale, grade: &'a Grade },
}

impl Inspection {
    /// The path of a category; that of [`ANY_CATEGORY`] where none lists it or it is not known.
    #[must_use]
    pub fn path(&self, category: Option<&Category>) -> Option<&Path> {
        let listed = |wanted: &str| {
            self.paths
                .iter()
                .find(|path| path.categories.iter().any(|category| category.as_str() == wanted))
        };
        category.and_then(|category| listed(category.as_str())).or_else(|| listed(ANY_CATEGORY))
    }

    #[must_use]
    pub fn scale(&self, path: &Path) -> Option<&Scale> {
        self.scales.iter().find(|scale| scale.id == path.scale)
    }

    /// What follows the answers given so far, (question, answer) in the order they were given.
    ///
    /// `None` when they don't fit the path: another question was answered, the answer is not one of
    /// its own, or one was given after the grade. Answers of an older file may be such; the
    /// questions then start again.
    #[must_use]
    pub fn step<'a>(&'a self, path: &'a Path, answers: &[(String, String)]) -> Option<Step<'a>> {
        let mut next = path.question(&path.start)?;
        let mut given = answers.iter();
        while let Some((question, answer)) = given.next() {
            if *question != next.id {
                return None;
            }
            match &next.answers.iter().find(|own| own.id == *answer)?.leads {
                Leads::Question(id) => next = path.question(id)?,
                Leads::Grade(id) => {
                    let scale = self.scale(path)?;
                    let grade = scale.grade(id)?;
                    return given.next().is_none().then_some(Step::Graded { scale, grade });
                }
            }
        }
        Some(Step::Ask(next))
    }
}
