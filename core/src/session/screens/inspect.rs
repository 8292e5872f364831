//! The questions whose answers compute the grade: one a screen, answered by card or key.

use crate::domain::bin::BinUse;
use crate::domain::event::{
    AnswerBy, AnswerGiven, CaseCause, CaseOpened, DecisionAsked, Event, RefusedCause, UnitAccepted,
    UnitDispositioned, UnitGraded, UnitRejected,
};
use crate::domain::ids::{BinCode, DeviceName};
use crate::domain::inspection::Step;
use crate::domain::policy::Chosen;
use crate::domain::replay::UnitRow;
use crate::domain::scan::{Reading, Scan};
use crate::domain::settlement::AcceptanceAct;
use crate::session::actions::Tile;
use crate::session::effect::Effect;
use crate::session::model::{CLEAN_QUESTION, Model};
use crate::session::notice::{Notice, Say, Tone};

impl Model {
    /// Opens the questions: the unit is not simply clean.
    pub(crate) fn ask_questions(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
        by: AnswerBy,
    ) -> Vec<Effect> {
        let Some(unit) = self.state.in_hand() else { return Vec::new() };
        let event = AnswerGiven {
            lpn: unit.lpn,
            question: CLEAN_QUESTION.to_owned(),
            answer: "ask".to_owned(),
            by: if device.is_none() { AnswerBy::Key } else { by },
        };
        let notice = Notice { tone: Tone::Info, say: Say::QuestionsOpened };
        self.append(device, vec![event.into()], scan.text.clone(), notice)
    }

    pub(crate) fn inspect_scanned(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
    ) -> Vec<Effect> {
        if let (Some(Reading::Badge(badge)), Some(_)) = (scan.readings.first(), &device) {
            let badge = badge.clone();
            return self.sign_in(device, scan, &badge);
        }
        self.refuse_as(device, scan, RefusedCause::AnswerExpected)
    }

    pub(crate) fn answer(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
        tile: Tile,
    ) -> Vec<Effect> {
        let Some(unit) = self.state.in_hand().cloned() else { return Vec::new() };
        let Some((question, _)) = self.question() else { return Vec::new() };
        let Some(answer) = question.answers.get(tile.place()) else {
            return self.refuse_as(device, scan, RefusedCause::AnswerExpected);
        };
        let by = if device.is_some() { AnswerBy::Card } else { AnswerBy::Key };
        let label = answer.label.text(self.lang).to_owned();
        let (question, answer) = (question.id.clone(), answer.id.clone());
        let mut answers = Self::answers(&unit);
        answers.push((question.clone(), answer.clone()));
        let mut events: Vec<Event> =
            vec![AnswerGiven { lpn: unit.lpn, question, answer, by }.into()];
        let step = self.path(&unit).and_then(|path| self.setup.inspection.step(path, &answers));
        let graded = match step {
            Some(Step::Graded { scale, grade }) => Some((scale.id.clone(), grade.id.clone())),
            Some(Step::Ask(_)) | None => None,
        };
        let Some((scale, grade)) = graded else {
            let notice = Notice::ok(Say::Answered { label });
            return self.append(device, events, scan.text.clone(), notice);
        };
        let chosen = self.setup.policy.decide(&self.unit_facts(&unit, Some((&scale, &grade))));
        let bin = self.bin_for(BinUse::For(chosen.disposition), unit.client.as_ref());
        let say =
            Say::Graded { grade: grade.clone(), disposition: chosen.disposition, bin: bin.clone() };
        events.extend(grading(&unit, scale, grade, false, &chosen, bin));
        if chosen.acceptance == AcceptanceAct::AskDecision {
            // Nobody decides what nobody sees: the question to a person is a case.
            let (case, cause) = (self.next_case(), CaseCause::Ineligible);
            let (parcel, lpn) = (Some(unit.parcel), Some(unit.lpn));
            events.push(CaseOpened { case, cause, parcel, lpn }.into());
        }
        self.append(device, events, scan.text.clone(), Notice::ok(say))
    }
}

/// The events of a grade: the grade, whether the goods are taken back, where they go.
pub(crate) fn grading(
    unit: &UnitRow,
    scale: String,
    grade: String,
    implied: bool,
    chosen: &Chosen,
    bin: BinCode,
) -> Vec<Event> {
    let lpn = unit.lpn;
    let finding = chosen.verdict.clone();
    vec![
        UnitGraded { lpn, scale, grade, implied }.into(),
        match chosen.acceptance {
            AcceptanceAct::Accept => UnitAccepted { lpn }.into(),
            AcceptanceAct::Reject => UnitRejected { lpn, finding }.into(),
            AcceptanceAct::AskDecision => DecisionAsked { lpn, finding }.into(),
        },
        UnitDispositioned { lpn, disposition: chosen.disposition, rule: chosen.rule.clone(), bin }
            .into(),
    ]
}
