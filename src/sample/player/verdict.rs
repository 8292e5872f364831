//! Which answer a unit's look deserves: the one from which the questions lead nearest to the grade
//! that such a unit has. Knows no question by name, so that any site's questions are answered.
//! Start at `answer`. Tests: beside the code.

use dockside_core::domain::inspection::check::QUESTIONS_MAX;
use dockside_core::domain::inspection::{Leads, Path, Question, Scale};

use crate::sample::shift::Look;

/// The place of the answer among those of `question`, always within them.
pub(super) fn answer(path: &Path, scale: &Scale, question: &Question, look: Look) -> usize {
    let wanted = rank(scale, look);
    let worth = |leads: &Leads| {
        let (miss, steps) = nearest(path, scale, leads, wanted, QUESTIONS_MAX);
        // What is broken is said at once; of anything else the gentlest way is tried first.
        (miss, if look == Look::Broken { steps } else { 0 })
    };
    let answers = question.answers.iter().enumerate();
    answers.min_by_key(|(_, answer)| worth(&answer.leads)).map_or(0, |(place, _)| place)
}

/// The place of the grade such a unit has, from 0 for the best.
fn rank(scale: &Scale, look: Look) -> usize {
    let clean = scale.grades.iter().position(|grade| grade.id == scale.clean).unwrap_or(0);
    match look {
        Look::Clean => clean,
        Look::TagsMissing | Look::Worn | Look::SealBroken => clean + 1,
        Look::Stained | Look::BoxDamaged => clean + 2,
        Look::Broken => clean + 3,
    }
}

/// How far from the wanted grade the nearest one is that an answer leads to, and after how many
/// further questions.
fn nearest(
    path: &Path,
    scale: &Scale,
    leads: &Leads,
    wanted: usize,
    left: usize,
) -> (usize, usize) {
    const NOWHERE: (usize, usize) = (usize::MAX, 0);
    match leads {
        Leads::Grade(id) => {
            let place = scale.grades.iter().position(|grade| grade.id == *id);
            place.map_or(NOWHERE, |place| (place.abs_diff(wanted), 0))
        }
        Leads::Question(id) => {
            let Some(question) = path.question(id).filter(|_| left > 0) else { return NOWHERE };
            let ways = question.answers.iter().map(|answer| {
                let (miss, steps) = nearest(path, scale, &answer.leads, wanted, left - 1);
                (miss, steps + 1)
            });
            ways.min().unwrap_or(NOWHERE)
        }
    }
}

#[cfg(test)]
mod tests {
    use dockside_core::domain::inspection::Inspection;

    use super::*;
    use crate::config;

    /// The answers given one after the other on a path of the compiled default, and the grade.
    fn played(path: &str, look: Look) -> (Vec<String>, String) {
        let inspection: Inspection = config::load(None).unwrap().inspection;
        let path = inspection.paths.iter().find(|own| own.id == path).unwrap();
        let scale = inspection.scale(path).unwrap();
        let mut question = path.question(&path.start).unwrap();
        let mut given = Vec::new();
        loop {
            let answer = &question.answers[answer(path, scale, question, look)];
            given.push(answer.id.clone());
            match &answer.leads {
                Leads::Question(id) => question = path.question(id).unwrap(),
                Leads::Grade(id) => return (given, id.clone()),
            }
        }
    }

    #[test]
    fn each_look_gets_the_grade_it_deserves() {
        for (path, look, answers, grade) in [
            ("generic", Look::Clean, vec!["unused", "intact"], "A"),
            ("generic", Look::BoxDamaged, vec!["unused", "torn"], "C"),
            ("generic", Look::Broken, vec!["damaged"], "D"),
            ("apparel", Look::Clean, vec!["no", "on"], "A"),
            ("apparel", Look::TagsMissing, vec!["no", "off"], "B"),
            ("apparel", Look::Stained, vec!["soiled", "yes"], "C"),
            ("apparel", Look::Broken, vec!["torn"], "D"),
            ("electronics", Look::SealBroken, vec!["no", "yes", "yes", "none"], "B"),
            ("electronics", Look::Broken, vec!["no", "no"], "D"),
        ] {
            let answers: Vec<String> = answers.into_iter().map(str::to_owned).collect();
            assert_eq!(played(path, look), (answers, grade.to_owned()), "{path} {look:?}");
        }
    }
}
