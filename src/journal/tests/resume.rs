//! Resuming is the fold: an anchor and the events after it make the state that all of them make.

use super::*;
use crate::journal::writer::ANCHOR_EVERY;

/// The fold of every event, with no anchor.
async fn folded(dir: &Path) -> State {
    let mut reader = Reader::open(dir).await.unwrap();
    let mut state = State::default();
    loop {
        let events = reader.events(state.seq, 500).await.unwrap();
        for event in &events {
            state.apply(&Envelope::from_bytes(&event.bytes).unwrap()).unwrap();
        }
        if events.is_empty() {
            return state;
        }
    }
}

#[tokio::test]
async fn a_long_journal_resumes_from_its_anchor_to_the_state_of_all_its_events() {
    let mut station = Station::new().await;
    while station.state.seq < 2 * ANCHOR_EVERY + 40 {
        station.receive().await;
    }
    station.play(&[Step::Open, Step::Identify, Step::Grade]).await;
    let before = station.state.clone();
    let dir = station.close().await;
    let started = open::start(&opening(dir.path())).await.unwrap();
    assert!(started.writer.anchored >= 2 * ANCHOR_EVERY, "{}", started.writer.anchored);
    assert_eq!(started.writer.state, before);
    assert_eq!(folded(dir.path()).await, before);
    assert_eq!(before.in_hand().unwrap().stage, UnitStage::Inspected);
}

#[tokio::test]
async fn an_anchor_that_can_t_be_read_costs_time_and_nothing_else() {
    let mut station = Station::new().await;
    while station.state.seq < 2 * ANCHOR_EVERY + 40 {
        station.receive().await;
    }
    let before = station.state.clone();
    let dir = station.close().await;
    for (spoil, least) in [
        ("update anchor set body = '{}' where seq = (select max(seq) from anchor)", ANCHOR_EVERY),
        ("update anchor set body = '{}'", 0),
        ("update anchor set schema = 0", 0),
    ] {
        execute(dir.path(), spoil).await;
        let started = open::start(&opening(dir.path())).await.unwrap();
        assert!(started.damage.is_none());
        assert_eq!(started.writer.state, before);
        assert!(started.writer.anchored < 2 * ANCHOR_EVERY, "{spoil}");
        assert!(started.writer.anchored >= least, "{spoil}");
        started.writer.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_caller_that_stops_waiting_stops_nothing() {
    let mut station = Station::new().await;
    let (journal, drafts) = (station.journal.clone(), drafts(&station.state, Step::Open));
    // Asked once, so that the request is on its way, and then dropped.
    let gave_up = tokio::select! {
        biased;
        _ = journal.append(MORNING, drafts) => false,
        () = std::future::ready(()) => true,
    };
    assert!(gave_up);
    station.journal.append(MORNING, vec![refused(None)]).await.unwrap();
    assert_eq!(station.journal.pending(0, 10).await.unwrap().len(), 5);
    station = station.reopen().await;
    assert_eq!(station.state.seq, 5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_day_resumes_at_any_instant_to_the_state_it_had(
        morning in prop::collection::vec(any_step(), 0..60),
        afternoon in prop::collection::vec(any_step(), 0..60),
    ) {
        runtime().block_on(async {
            let mut station = Station::new().await;
            station.play(&morning).await;
            let noon = station.state.clone();
            station = station.reopen().await;
            prop_assert_eq!(&station.state, &noon);
            station.play(&afternoon).await;
            let evening = station.state.clone();
            let dir = station.close().await;
            prop_assert_eq!(folded(dir.path()).await, evening);
            let report = verify(dir.path()).await.unwrap();
            prop_assert!(report.ok, "{report:?}");
            Ok(())
        })?;
    }
}
