//! Paths that grade, and each way in which a set of paths can be unsound.

use proptest::prelude::*;

use super::check::{Flaw, Place};
use super::{Answer, Grade, Inspection, Leads, Path, Question, Scale, Step, Words};
use crate::domain::operator::Lang;

fn words(text: &str) -> Words {
    Words(["en", "fr"].map(|lang| (lang.to_owned(), format!("{text} ({lang})"))).into())
}

fn grade(id: &str) -> Grade {
    Grade { id: id.to_owned(), label: words(id) }
}

/// `leads` is `?question` or a grade.
fn answer(id: &str, leads: &str) -> Answer {
    let leads = match leads.strip_prefix('?') {
        Some(question) => Leads::Question(question.to_owned()),
        None => Leads::Grade(leads.to_owned()),
    };
    Answer { id: id.to_owned(), label: words(id), leads }
}

fn question(id: &str, answers: &[(&str, &str)]) -> Question {
    let answers = answers.iter().map(|(id, leads)| answer(id, leads)).collect();
    Question { id: id.to_owned(), text: words(id), answers }
}

fn path(id: &str, category: &str, questions: Vec<Question>) -> Path {
    Path {
        id: id.to_owned(),
        scale: "generic".to_owned(),
        categories: vec![category.parse().unwrap()],
        start: questions[0].id.clone(),
        questions,
    }
}

fn sound() -> Inspection {
    let scale = Scale {
        id: "generic".to_owned(),
        grades: ["A", "B", "C"].map(grade).into(),
        clean: "A".to_owned(),
    };
    let works = question("works", &[("yes", "?packed"), ("no", "C")]);
    let packed = question("packed", &[("sealed", "A"), ("opened", "B"), ("torn", "C")]);
    let rest = question("packed", &[("yes", "A"), ("no", "B")]);
    Inspection {
        scales: vec![scale],
        paths: vec![path("toys", "toys", vec![works, packed]), path("rest", "*", vec![rest])],
    }
}

fn given(answers: &[(&str, &str)]) -> Vec<(String, String)> {
    answers.iter().map(|(q, a)| ((*q).to_owned(), (*a).to_owned())).collect()
}

fn told(inspection: &Inspection, answers: &[(&str, &str)]) -> String {
    match inspection.step(&inspection.paths[0], &given(answers)) {
        Some(Step::Ask(question)) => format!("?{}", question.id),
        Some(Step::Graded { scale, grade }) => format!("{} {}", scale.id, grade.id),
        None => "none".to_owned(),
    }
}

#[test]
fn answers_lead_to_the_next_question_and_to_a_grade() {
    let inspection = sound();
    let cases: [(&[(&str, &str)], &str); 7] = [
        (&[], "?works"),
        (&[("works", "yes")], "?packed"),
        (&[("works", "no")], "generic C"),
        (&[("works", "yes"), ("packed", "opened")], "generic B"),
        (&[("packed", "opened")], "none"),
        (&[("works", "perhaps")], "none"),
        (&[("works", "no"), ("packed", "opened")], "none"),
    ];
    for (answers, wanted) in cases {
        assert_eq!(told(&inspection, answers), wanted, "{answers:?}");
    }
}

#[test]
fn a_category_has_its_path_and_the_rest_has_one() {
    let inspection = sound();
    let id = |category: Option<&str>| {
        let category = category.map(|category| category.parse().unwrap());
        inspection.path(category.as_ref()).unwrap().id.as_str()
    };
    assert_eq!((id(Some("toys")), id(Some("shoes")), id(None)), ("toys", "rest", "rest"));
    assert_eq!(inspection.scales[0].clean_grade().unwrap().id, "A");
}

#[test]
fn a_text_is_in_the_language_asked_for() {
    assert_eq!(words("x").text(Lang::Fr), "x (fr)");
    let english = Words([("en".to_owned(), "only".to_owned())].into());
    assert_eq!(english.text(Lang::Fr), "only");
    assert_eq!(Words::default().text(Lang::Fr), "");
}

#[test]
fn a_sound_set_has_no_problem() {
    assert_eq!(sound().check(), []);
}

/// The one problem that `spoil` makes.
fn check(spoil: impl FnOnce(&mut Inspection), wanted: &str) {
    let mut inspection = sound();
    spoil(&mut inspection);
    let problems: Vec<_> = inspection.check().iter().map(ToString::to_string).collect();
    assert_eq!(problems, [wanted]);
}

#[test]
fn each_flaw_is_named_with_its_place() {
    check(
        |set| {
            set.paths.pop();
        },
        r#"the paths: no path is for category "*", the one for everything else"#,
    );
    check(
        |set| set.paths[1].categories.push("toys".parse().unwrap()),
        r#"path "rest": category "toys" is in another path too"#,
    );
    check(|set| set.paths[1].id = "toys".to_owned(), r#"the paths: "toys" is there twice"#);
    check(
        |set| set.scales[0].clean = "Z".to_owned(),
        r#"scale "generic": the scale has no grade "Z""#,
    );
    check(|set| set.scales[0].grades.push(grade("A")), r#"scale "generic": "A" is there twice"#);
    check(|set| set.paths[1].scale = "new".to_owned(), r#"path "rest": there is no scale "new""#);
    check(
        |set| set.paths[1].questions[0].answers[0] = answer("yes", "?gone"),
        r#"question "packed" of path "rest": the path has no question "gone""#,
    );
    check(
        |set| set.paths[1].questions[0].answers[0] = answer("yes", "Z"),
        r#"question "packed" of path "rest": the scale has no grade "Z""#,
    );
    check(
        |set| set.paths[1].questions[0].answers.truncate(1),
        r#"question "packed" of path "rest": it has 1 answers; 2 to 4 are allowed"#,
    );
    check(
        |set| set.paths[0].questions[1].answers[0] = answer("sealed", "?works"),
        r#"question "works" of path "toys": it is asked again after itself"#,
    );
    check(
        |set| set.paths[0].start = "packed".to_owned(),
        r#"question "works" of path "toys": no answer leads to it"#,
    );
    check(
        |set| {
            set.paths[1].questions[0].answers[1].label.0.remove("fr");
        },
        r#"question "packed" of path "rest": the text of answer "no" is missing in "fr""#,
    );
}

#[test]
fn a_fifth_question_on_the_way_is_refused() {
    let mut inspection = sound();
    let chain = |at: usize| {
        let next = if at == 5 { "C".to_owned() } else { format!("?q{}", at + 1) };
        question(&format!("q{at}"), &[("yes", "A"), ("no", &next)])
    };
    inspection.paths[1] = path("rest", "*", (1..=5).map(chain).collect());
    let problems = inspection.check();
    let place = Place::Question { path: "rest".to_owned(), question: "q5".to_owned() };
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!((&problems[0].place, &problems[0].flaw), (&place, &Flaw::TooFar { number: 5 }));
}

proptest! {
    #[test]
    fn a_set_without_a_problem_always_ends_in_a_grade(
        shape in prop::collection::vec(prop::collection::vec(0_usize..8, 2..5), 1..6),
        picks in prop::collection::vec(0_usize..4, 4),
    ) {
        let target = |to: usize| if to < 5 { format!("?q{to}") } else { ["A", "B", "C"][to - 5].to_owned() };
        let questions = shape.iter().enumerate().map(|(at, answers)| {
            let named: Vec<_> = answers.iter().enumerate().map(|(n, to)| (format!("a{n}"), target(*to))).collect();
            let named: Vec<_> = named.iter().map(|(id, to)| (id.as_str(), to.as_str())).collect();
            question(&format!("q{at}"), &named)
        });
        let mut inspection = sound();
        inspection.paths = vec![path("rest", "*", questions.collect())];
        if !inspection.check().is_empty() {
            return Ok(());
        }
        let path = &inspection.paths[0];
        let mut answers = Vec::new();
        for pick in picks {
            let Some(Step::Ask(question)) = inspection.step(path, &answers) else { break };
            let answer = &question.answers[pick % question.answers.len()];
            answers.push((question.id.clone(), answer.id.clone()));
        }
        let is_graded = matches!(inspection.step(path, &answers), Some(Step::Graded { .. }));
        prop_assert!(is_graded, "{answers:?}");
    }
}
