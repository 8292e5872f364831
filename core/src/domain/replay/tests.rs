//! The laws of the fold, over histories that a receiver could and could not have made.

use proptest::prelude::*;

use super::*;
use crate::domain::event::{
    AnswerBy, AnswerGiven, Author, CaseCause, CaseOpened, ClosedHow, FillingOpened, ParcelArrived,
    ParcelClosed, ParcelMatched, ParcelOpened, Reversed, SettlementLine, SettlementProposed,
    ShiftEnded, ShiftStarted, StreamOpened, UnitAccepted, UnitBinned, UnitDispositioned,
    UnitGraded, UnitIdentified, Unknown,
};
use crate::domain::ids::StationNo;
use crate::domain::settlement::SettlementKind;

/// Makes envelopes that follow one another, whether or not they make sense.
struct History {
    state: State,
    log: Vec<Envelope>,
}

impl History {
    fn new() -> History {
        let mut history = History { state: State::default(), log: Vec::new() };
        let opened = StreamOpened { software: "test".to_owned(), schema: 1 };
        history.step(vec![opened.into()]).unwrap();
        history
    }

    fn station() -> StationNo {
        StationNo::try_from(1).unwrap()
    }

    fn envelope(&self, event: Event, at: i64, offset: u64) -> Envelope {
        let seq = self.state.seq + 1 + offset;
        Envelope {
            id: Uuid::from_u128(u128::from(seq)),
            site: "site".parse().unwrap(),
            station: Self::station(),
            stream: Uuid::nil(),
            seq,
            at,
            operator: Some("anna".parse().unwrap()),
            device: Some("scanner-1".parse().unwrap()),
            rules: "1".to_owned(),
            event,
        }
    }

    /// All events of one step, or none of them.
    fn step(&mut self, events: Vec<Event>) -> Result<(), Refused> {
        let mut next = self.state.clone();
        let at = self.state.last_at + 1;
        let mut envelopes = Vec::new();
        for (event, offset) in events.into_iter().zip(0..) {
            let envelope = self.envelope(event, at, offset);
            next.apply(&envelope)?;
            envelopes.push(envelope);
        }
        self.state = next;
        self.log.extend(envelopes);
        Ok(())
    }

    fn lpn(&self, back: u32) -> Lpn {
        let serial = self.state.counters.lpn.saturating_sub(back).max(1);
        Lpn { station: Self::station(), serial }
    }

    fn parcel(&self, ahead: u32) -> ParcelId {
        let serial = (self.state.counters.parcel + ahead).max(1);
        ParcelId { station: Self::station(), serial }
    }

    /// One of the things that happen, in an order nobody promised.
    fn happen(&mut self, what: u8, pick: u32) -> Result<(), Refused> {
        let lpn = self.lpn(pick % 3);
        let bin: BinCode = format!("BIN-{}", pick % 2).parse().unwrap();
        let open = self.state.open.unwrap_or(self.parcel(0));
        let events: Vec<Event> = match what {
            0 => {
                let parcel = self.parcel(1);
                let label = format!("6A{pick}");
                vec![
                    ParcelArrived { parcel, label, parcel_kind: ParcelKind::Announced }.into(),
                    ParcelOpened { parcel }.into(),
                    ParcelMatched {
                        parcel,
                        client: ClientId::default(),
                        order_no: format!("W{}", pick % 5).parse().unwrap(),
                        rma: None,
                        author: Author::Rule,
                        by: MatchedBy::Tracking,
                        probability: 1.0,
                    }
                    .into(),
                ]
            }
            1 => vec![self.identified(open, pick)],
            2 => vec![graded(lpn)],
            3 => vec![UnitAccepted { lpn }.into()],
            4 => vec![disposed(lpn, &bin)],
            5 => {
                let serial = self.state.counters.filling + 1;
                let filling = FillingId { station: Self::station(), serial };
                vec![FillingOpened { filling, bin }.into()]
            }
            6 => {
                let none = FillingId { station: Self::station(), serial: 1 };
                let filling = self.state.fillings.get(&bin).map_or(none, |row| row.id);
                vec![UnitBinned { lpn, bin, filling }.into()]
            }
            7 => vec![ParcelClosed { parcel: open, how: ClosedHow::Short }.into()],
            8 => {
                let case =
                    CaseId { station: Self::station(), serial: self.state.counters.case + 1 };
                let cause = CaseCause::WrongItem;
                vec![CaseOpened { case, cause, parcel: Some(open), lpn: None }.into()]
            }
            9 => vec![settlement(lpn)],
            10 => vec![answered(lpn)],
            11 => self.state.last_step().into_iter().map(|of| Reversed { of }.into()).collect(),
            12 => vec![
                ShiftEnded { operator: "anna".parse().unwrap() }.into(),
                ShiftStarted {
                    operator: "bert".parse().unwrap(),
                    role: Role::Receiver,
                    lang: None,
                }
                .into(),
            ],
            13 => vec![ParcelOpened { parcel: self.parcel(0) }.into()],
            14 => vec![Reversed { of: Uuid::from_u128(u128::from(pick)) }.into()],
            _ => vec![Event::Unknown(Unknown {
                kind: "FromTomorrow".to_owned(),
                v: 9,
                payload: serde_json::Value::Null,
            })],
        };
        self.step(events)
    }

    fn identified(&self, parcel: ParcelId, pick: u32) -> Event {
        let lpn = Lpn { station: Self::station(), serial: self.state.counters.lpn + 1 };
        UnitIdentified {
            lpn,
            parcel,
            client: Some(ClientId::default()),
            gtin: None,
            sku: None,
            serial: None,
            order_no: Some(format!("W{}", pick % 5).parse().unwrap()),
            line: Some(1),
            n: Some(pick % 4 + 1),
        }
        .into()
    }
}

fn answered(lpn: Lpn) -> Event {
    let (question, answer) = ("q".to_owned(), "a".to_owned());
    AnswerGiven { lpn, question, answer, by: AnswerBy::Card }.into()
}

fn graded(lpn: Lpn) -> Event {
    let (scale, grade) = ("generic".to_owned(), "A".to_owned());
    UnitGraded { lpn, scale, grade, implied: true }.into()
}

fn disposed(lpn: Lpn, bin: &BinCode) -> Event {
    let (disposition, rule) = (Disposition::Restock, "r".to_owned());
    UnitDispositioned { lpn, disposition, rule, bin: bin.clone() }.into()
}

fn settlement(lpn: Lpn) -> Event {
    SettlementProposed {
        lpn,
        client: ClientId::default(),
        order_no: "W1".parse().unwrap(),
        line: 1,
        n: 1,
        settlement: SettlementKind::Refund,
        total_minor: 100,
        currency: "EUR".parse().unwrap(),
        lines: vec![SettlementLine { label: "paid".to_owned(), minor: 100 }],
    }
    .into()
}

fn history(happenings: &[(u8, u32)]) -> History {
    let mut history = History::new();
    for (what, pick) in happenings {
        let _refused = history.happen(*what, *pick);
    }
    history
}

/// What a reversal must bring back; numbers that were given stay given.
fn visible(state: &State) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        state.parcels.clone(),
        state.units.clone(),
        state.cases.clone(),
        state.fillings.clone(),
        state.open,
        state.tally.clone(),
        state.undo.clone(),
    )
}

proptest! {
    #[test]
    fn any_history_replays_to_the_same_state(
        happenings in prop::collection::vec((0_u8..16, any::<u32>()), 0..160),
    ) {
        let history = history(&happenings);
        let mut again = State::default();
        for envelope in &history.log {
            let bytes = envelope.to_bytes().unwrap();
            again.apply(&Envelope::from_bytes(&bytes).unwrap()).unwrap();
        }
        prop_assert_eq!(again, history.state);
    }

    #[test]
    fn an_anchor_and_the_rest_is_the_whole(
        happenings in prop::collection::vec((0_u8..16, any::<u32>()), 1..120),
        cut in any::<prop::sample::Index>(),
    ) {
        let history = history(&happenings);
        let cut = cut.index(history.log.len());
        let mut anchor = State::default();
        for envelope in &history.log[..cut] {
            anchor.apply(envelope).unwrap();
        }
        let json = serde_json::to_string(&anchor).unwrap();
        let mut resumed: State = serde_json::from_str(&json).unwrap();
        for envelope in &history.log[cut..] {
            resumed.apply(envelope).unwrap();
        }
        prop_assert_eq!(resumed, history.state);
    }

    #[test]
    fn a_step_and_its_reversal_is_the_state_before_it(
        happenings in prop::collection::vec((0_u8..11, any::<u32>()), 0..80),
        what in 0_u8..11,
        pick in any::<u32>(),
    ) {
        let mut history = history(&happenings);
        let before = visible(&history.state);
        if history.happen(what, pick).is_ok() {
            history.happen(11, 0).unwrap();
            prop_assert_eq!(visible(&history.state), before);
        }
    }

    #[test]
    fn a_refused_event_leaves_no_trace(
        happenings in prop::collection::vec((0_u8..16, any::<u32>()), 0..80),
    ) {
        let mut history = History::new();
        for (what, pick) in happenings {
            let before = history.state.clone();
            if history.happen(what, pick).is_err() {
                prop_assert_eq!(&history.state, &before);
            }
        }
    }

    #[test]
    fn a_refused_apply_changes_nothing_by_itself(
        happenings in prop::collection::vec((0_u8..16, any::<u32>()), 0..60),
        lpn in 1_u32..4,
    ) {
        let mut history = history(&happenings);
        let lpn = Lpn { station: History::station(), serial: lpn };
        for event in [graded(lpn), settlement(lpn), disposed(lpn, &"BIN-9".parse().unwrap())] {
            let envelope = history.envelope(event, history.state.last_at + 1, 0);
            let before = history.state.clone();
            if history.state.apply(&envelope).is_err() {
                prop_assert_eq!(&history.state, &before);
            } else {
                history.state = before;
            }
        }
    }

    #[test]
    fn memory_is_bounded(parcels in 1_u32..120) {
        let mut history = History::new();
        for parcel in 0..parcels {
            history.happen(0, parcel).unwrap();
            history.happen(8, parcel).unwrap();
            history.happen(7, parcel).unwrap();
        }
        prop_assert!(history.state.undo.len() <= UNDO_MAX);
        prop_assert!(history.state.parcels.len() <= UNDO_MAX);
    }
}

#[test]
fn nobody_takes_back_what_another_did() {
    let mut history = History::new();
    history.happen(0, 1).unwrap();
    history.happen(12, 0).unwrap();
    assert!(history.state.last_step().is_empty());
    assert!(history.state.open.is_some(), "the parcel stays on the bench");
}

#[test]
fn one_commit_is_taken_back_whole() {
    let mut history = History::new();
    history.happen(0, 1).unwrap();
    assert_eq!(history.state.last_step().len(), 3);
    history.happen(11, 0).unwrap();
    assert!(history.state.open.is_none());
    assert!(history.state.parcels.is_empty());
    assert_eq!(history.state.counters.parcel, 1, "a number given is never given again");
}

#[test]
fn a_gap_and_a_step_back_in_time_are_refused() {
    let mut history = History::new();
    let graded = graded(history.lpn(0));
    let mut envelope = history.envelope(graded, history.state.last_at, 1);
    assert!(matches!(history.state.apply(&envelope), Err(Refused::Sequence { .. })));
    envelope.seq -= 1;
    envelope.at -= 1;
    assert!(matches!(history.state.apply(&envelope), Err(Refused::Time { .. })));
}
