//! What is wrong with a set of scales and paths, all of it at once, before a unit meets it.
//! Owns: the limits of a path. Start at `Inspection::check`. Tests: inspection/tests.rs.

use std::collections::BTreeSet;
use std::fmt;

use crate::domain::inspection::{ANY_CATEGORY, Inspection, Leads, Path, Question, Scale, Words};
use crate::domain::operator::Lang;

/// Most questions from the first to the grade: a unit that needs more belongs on a workbench.
pub const QUESTIONS_MAX: usize = 4;

/// Fewest answers of a question: with one there is nothing to ask.
pub const ANSWERS_MIN: usize = 2;

/// Most answers of a question: they are given by the cards B to E.
pub const ANSWERS_MAX: usize = 4;

/// Every text is there in each of these.
const LANGUAGES: [Lang; 2] = [Lang::En, Lang::Fr];

/// Which part of the set a problem is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    All,
    Scale(String),
    Path(String),
    Question { path: String, question: String },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::All => f.write_str("the paths"),
            Place::Scale(scale) => write!(f, "scale {scale:?}"),
            Place::Path(path) => write!(f, "path {path:?}"),
            Place::Question { path, question } => {
                write!(f, "question {question:?} of path {path:?}")
            }
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {flaw}")]
pub struct InspectionProblem {
    pub place: Place,
    pub flaw: Flaw,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("no path is for category {ANY_CATEGORY:?}, the one for everything else")]
    NoPathForTheRest,
    #[error("category {category:?} is in another path too")]
    CategoryTwice { category: String },
    #[error("{id:?} is there twice")]
    Twice { id: String },
    #[error("the scale has no grade {grade:?}")]
    NoGrade { grade: String },
    #[error("there is no scale {scale:?}")]
    NoScale { scale: String },
    #[error("the path has no question {question:?}")]
    NoQuestion { question: String },
    #[error("it has {count} answers; {ANSWERS_MIN} to {ANSWERS_MAX} are allowed")]
    AnswerCount { count: usize },
    #[error("it is asked again after itself")]
    Cycle,
    #[error(
        "it would be question {number}; at most {QUESTIONS_MAX} are allowed on the way to a grade"
    )]
    TooFar { number: usize },
    #[error("no answer leads to it")]
    Unreachable,
    #[error("the text of {of} is missing in {lang:?}")]
    NoText { of: String, lang: &'static str },
}

impl Inspection {
    /// Everything that is wrong, in the order of the set; empty when it is sound: every answer
    /// leads, in at most [`QUESTIONS_MAX`] questions, to a grade.
    #[must_use]
    pub fn check(&self) -> Vec<InspectionProblem> {
        let mut report = Report(Vec::new());
        report.twice(&Place::All, self.scales.iter().map(|scale| scale.id.as_str()));
        report.twice(&Place::All, self.paths.iter().map(|path| path.id.as_str()));
        for scale in &self.scales {
            report.scale(scale);
        }
        let mut categories = BTreeSet::new();
        for path in &self.paths {
            let place = Place::Path(path.id.clone());
            for category in &path.categories {
                if !categories.insert(category.as_str()) {
                    let category = category.to_string();
                    report.add(&place, Flaw::CategoryTwice { category });
                }
            }
            report.path(path, self.scale(path));
        }
        if !categories.contains(ANY_CATEGORY) {
            report.add(&Place::All, Flaw::NoPathForTheRest);
        }
        report.0
    }
}

struct Report(Vec<InspectionProblem>);

impl Report {
    fn add(&mut self, place: &Place, flaw: Flaw) {
        let problem = InspectionProblem { place: place.clone(), flaw };
        // A question that is reached on two ways has its flaw on both.
        if !self.0.contains(&problem) {
            self.0.push(problem);
        }
    }

    fn twice<'a>(&mut self, place: &Place, ids: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                self.add(place, Flaw::Twice { id: id.to_owned() });
            }
        }
    }

    fn text(&mut self, place: &Place, of: &str, words: &Words) {
        for lang in LANGUAGES {
            let is_there = words.0.get(lang.tag()).is_some_and(|text| !text.trim().is_empty());
            if !is_there {
                self.add(place, Flaw::NoText { of: of.to_owned(), lang: lang.tag() });
            }
        }
    }

    fn scale(&mut self, scale: &Scale) {
        let place = Place::Scale(scale.id.clone());
        self.twice(&place, scale.grades.iter().map(|grade| grade.id.as_str()));
        if scale.clean_grade().is_none() {
            self.add(&place, Flaw::NoGrade { grade: scale.clean.clone() });
        }
        for grade in &scale.grades {
            self.text(&place, &format!("grade {:?}", grade.id), &grade.label);
        }
    }

    fn path(&mut self, path: &Path, scale: Option<&Scale>) {
        let place = Place::Path(path.id.clone());
        self.twice(&place, path.questions.iter().map(|question| question.id.as_str()));
        if scale.is_none() {
            self.add(&place, Flaw::NoScale { scale: path.scale.clone() });
        }
        for question in &path.questions {
            self.question(path, scale, question);
        }
        let mut reached = BTreeSet::new();
        match path.question(&path.start) {
            Some(start) => self.walk(path, start, &mut Vec::new(), &mut reached),
            None => self.add(&place, Flaw::NoQuestion { question: path.start.clone() }),
        }
        for question in path.questions.iter().filter(|own| !reached.contains(own.id.as_str())) {
            self.add(&place_of(path, question), Flaw::Unreachable);
        }
    }

    fn question(&mut self, path: &Path, scale: Option<&Scale>, question: &Question) {
        let place = place_of(path, question);
        self.text(&place, "the question", &question.text);
        self.twice(&place, question.answers.iter().map(|answer| answer.id.as_str()));
        let count = question.answers.len();
        if !(ANSWERS_MIN..=ANSWERS_MAX).contains(&count) {
            self.add(&place, Flaw::AnswerCount { count });
        }
        for answer in &question.answers {
            self.text(&place, &format!("answer {:?}", answer.id), &answer.label);
            match &answer.leads {
                Leads::Question(id) if path.question(id).is_none() => {
                    self.add(&place, Flaw::NoQuestion { question: id.clone() });
                }
                Leads::Grade(id) if scale.is_some_and(|scale| scale.grade(id).is_none()) => {
                    self.add(&place, Flaw::NoGrade { grade: id.clone() });
                }
                Leads::Question(_) | Leads::Grade(_) => {}
            }
        }
    }

    /// Follows every answer; the depth is bounded by [`QUESTIONS_MAX`], so a cycle ends.
    fn walk<'a>(
        &mut self,
        path: &'a Path,
        question: &'a Question,
        before: &mut Vec<&'a str>,
        reached: &mut BTreeSet<&'a str>,
    ) {
        reached.insert(&question.id);
        if before.contains(&question.id.as_str()) {
            return self.add(&place_of(path, question), Flaw::Cycle);
        }
        let number = before.len() + 1;
        if number > QUESTIONS_MAX {
            return self.add(&place_of(path, question), Flaw::TooFar { number });
        }
        before.push(&question.id);
        for answer in &question.answers {
            if let Leads::Question(id) = &answer.leads
                && let Some(next) = path.question(id)
            {
                self.walk(path, next, before, reached);
            }
        }
        before.pop();
    }
}

fn place_of(path: &Path, question: &Question) -> Place {
    Place::Question { path: path.id.clone(), question: question.id.clone() }
}
