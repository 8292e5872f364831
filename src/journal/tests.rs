//! The journal's promises: what is answered is on the disk, and what is on the disk is the state.
//! A family of cases a file; `Station` and `drafts` here drive the real journal with sequences that
//! could happen on a floor.

use std::path::Path;

use dockside_core::domain::bin::Disposition;
use dockside_core::domain::event::{
    Author, ClosedHow, Draft, Envelope, Event, FillingOpened, MatchedBy, ParcelArrived,
    ParcelClosed, ParcelMatched, ParcelOpened, RefusedCause, Reversed, ScanRefused, ShiftStarted,
    UnitAccepted, UnitBinned, UnitDispositioned, UnitGraded, UnitIdentified,
};
use dockside_core::domain::ids::{BinCode, ClientId, FillingId, Lpn, OrderNo, ParcelId, StationNo};
use dockside_core::domain::operator::Role;
use dockside_core::domain::parcel::ParcelKind;
use dockside_core::domain::replay::State;
use dockside_core::domain::unit::UnitStage;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::journal::chain::{Fault, Why};
use crate::journal::error::Cause;
use crate::journal::verify::{FirstBad, Report, verify};
use crate::journal::writer::{DRAFTS_MAX, Identity};

mod audit;
mod damage;
mod durable;
mod full;
mod lookups;
mod resume;

/// 2026-01-05T08:00:00Z.
const MORNING: i64 = 1_767_600_000_000;

fn opening(dir: &Path) -> Opening {
    Opening {
        dir: dir.to_owned(),
        identity: Identity { site: "lille-2".parse().unwrap(), station: station() },
        at_ms: MORNING,
        software: "dockside test".to_owned(),
        rules: "2026.1".to_owned(),
        ballast_bytes: 4_096,
    }
}

fn station() -> StationNo {
    StationNo::try_from(7).unwrap()
}

fn draft(event: impl Into<Event>) -> Draft {
    let operator = Some("receiver".parse().unwrap());
    Draft { operator, device: None, rules: "2026.1".to_owned(), event: event.into(), private: None }
}

fn refused(private: Option<&str>) -> Draft {
    let event = ScanRefused {
        cause: RefusedCause::UnknownCode,
        reading: "unknown".to_owned(),
        code: None,
        len_bytes: 12,
        text: None,
    };
    Draft { private: private.map(str::to_owned), ..draft(event) }
}

/// What a receiver may do next.
#[derive(Clone, Copy, Debug)]
enum Step {
    SignIn,
    Open,
    Identify,
    Grade,
    Bin,
    Close,
    Undo,
    Refuse,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => Just(Step::SignIn),
        3 => Just(Step::Open),
        5 => Just(Step::Identify),
        4 => Just(Step::Grade),
        4 => Just(Step::Bin),
        2 => Just(Step::Close),
        2 => Just(Step::Undo),
        1 => Just(Step::Refuse),
    ]
}

fn order_of(parcel: ParcelId) -> (ClientId, OrderNo) {
    (ClientId::default(), format!("W{}", parcel.serial).parse().unwrap())
}

fn label_of(serial: u32) -> String {
    format!("1Z999AA1{serial:010}")
}

/// The drafts of that step; none when it can't be done now.
fn drafts(state: &State, step: Step) -> Vec<Draft> {
    let hand = state.in_hand();
    match step {
        Step::SignIn => {
            let operator = "receiver".parse().unwrap();
            vec![draft(ShiftStarted { operator, role: Role::Receiver, lang: None })]
        }
        Step::Open if state.open.is_none() => open_parcel(state),
        Step::Identify if hand.is_none() => state.open.map_or(Vec::new(), |parcel| {
            let lpn = Lpn { station: station(), serial: state.counters.lpn + 1 };
            vec![identified(state, parcel, lpn)]
        }),
        Step::Grade => {
            hand.filter(|unit| unit.stage == UnitStage::Identified).map_or(Vec::new(), |unit| {
                let (scale, grade) = ("generic".to_owned(), "A".to_owned());
                vec![draft(UnitGraded { lpn: unit.lpn, scale, grade, implied: true })]
            })
        }
        Step::Bin => hand
            .filter(|unit| unit.stage == UnitStage::Inspected)
            .map_or(Vec::new(), |unit| put(state, unit.lpn)),
        Step::Close if hand.is_none() => state.open.map_or(Vec::new(), |parcel| {
            vec![draft(ParcelClosed { parcel, how: ClosedHow::Complete })]
        }),
        Step::Undo => state.last_step().into_iter().map(|of| draft(Reversed { of })).collect(),
        Step::Refuse => vec![refused(None)],
        Step::Open | Step::Identify | Step::Close => Vec::new(),
    }
}

fn open_parcel(state: &State) -> Vec<Draft> {
    let parcel = ParcelId { station: station(), serial: state.counters.parcel + 1 };
    let (client, order_no) = order_of(parcel);
    let (label, parcel_kind) = (label_of(parcel.serial), ParcelKind::Announced);
    vec![
        draft(ParcelArrived { parcel, label, parcel_kind }),
        draft(ParcelOpened { parcel }),
        draft(ParcelMatched {
            parcel,
            client,
            order_no,
            rma: None,
            author: Author::Rule,
            by: MatchedBy::Tracking,
            probability: 1.0,
        }),
    ]
}

fn identified(state: &State, parcel: ParcelId, lpn: Lpn) -> Draft {
    let (client, order_no) = order_of(parcel);
    draft(UnitIdentified {
        lpn,
        parcel,
        client: Some(client),
        gtin: Some("4006381333931".parse().unwrap()),
        sku: Some("TEE-M".parse().unwrap()),
        serial: None,
        order_no: Some(order_no),
        line: Some(1),
        n: Some(u32::try_from(state.units_of(parcel).count()).unwrap() + 1),
    })
}

fn put(state: &State, lpn: Lpn) -> Vec<Draft> {
    let bin: BinCode = "BIN-RESTOCK-1".parse().unwrap();
    let open = state.fillings.get(&bin).map(|filling| filling.id);
    let fresh = FillingId { station: station(), serial: state.counters.filling + 1 };
    let filling = open.unwrap_or(fresh);
    let (disposition, rule) = (Disposition::Restock, "clean".to_owned());
    let mut drafts = vec![
        draft(UnitAccepted { lpn }),
        draft(UnitDispositioned { lpn, disposition, rule, bin: bin.clone() }),
    ];
    if open.is_none() {
        drafts.push(draft(FillingOpened { filling, bin: bin.clone() }));
    }
    drafts.push(draft(UnitBinned { lpn, bin, filling }));
    drafts
}

/// A journal in a directory of its own, and the fold of what it answered.
struct Station {
    dir: TempDir,
    journal: Journal,
    state: State,
}

impl Station {
    async fn new() -> Station {
        Station::in_dir(tempfile::tempdir().unwrap()).await
    }

    async fn in_dir(dir: TempDir) -> Station {
        let Opened { journal, state, damage, private_kept } =
            Journal::open(opening(dir.path())).await.unwrap();
        assert!(damage.is_none() && private_kept.is_none(), "{damage:?}");
        Station { dir, journal, state }
    }

    async fn append(&mut self, drafts: Vec<Draft>) -> Vec<Envelope> {
        let envelopes = self.journal.append(MORNING, drafts).await.unwrap();
        for envelope in &envelopes {
            self.state.apply(envelope).unwrap();
        }
        envelopes
    }

    async fn play(&mut self, steps: &[Step]) {
        for step in steps {
            self.append(drafts(&self.state, *step)).await;
        }
    }

    /// One parcel with one unit, whole.
    async fn receive(&mut self) {
        self.play(&[Step::Open, Step::Identify, Step::Grade, Step::Bin, Step::Close]).await;
    }

    /// Ends the program and leaves the files.
    async fn close(self) -> TempDir {
        self.journal.close().await.unwrap();
        self.dir
    }

    async fn reopen(self) -> Station {
        Station::in_dir(self.close().await).await
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs a statement on a closed journal, as a vandal would.
async fn execute(dir: &Path, statement: &'static str) {
    let mut conn = store::connect(&store::writing(&dir.join("journal.db")), "wal").await.unwrap();
    sqlx::query(statement).execute(&mut conn).await.unwrap();
    sqlx::Connection::close(conn).await.unwrap();
}
