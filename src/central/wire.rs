//! The words between a station and central: what a batch holds, what its answer says, what a
//! refusal means.
//! Owns: the bounds of a push, the reading of answers. Never: I/O.
//! Start at `Batch::take`. Tests: beside the code.

use dockside_core::domain::event::Hash;
use dockside_core::domain::ids::{OperatorId, SiteId, SoldUnit, StationNo};
use serde::Deserialize;
use uuid::Uuid;

/// Most events of one push; central refuses more.
pub const EVENTS_MAX: usize = 500;

/// Most bytes of envelopes in one push, one event excepted: 500 usual ones are some 200 KB, and a
/// weak line still carries this within the time an answer may take.
pub const BYTES_MAX: usize = 1 << 20;

/// An event as the journal stored it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub seq: u64,
    pub body: Vec<u8>,
    pub hash: Hash,
}

/// What two programs that should understand each other did not.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    #[error("the journal handed out event {found} where {wanted} comes next")]
    NotDense { wanted: u64, found: u64 },
    #[error("the journal hands out nothing after event {after}, though there is more")]
    Nothing { after: u64 },
    #[error("a number of central's can't be read: {found}")]
    Number { found: i64 },
    #[error("event {seq} is beyond what central can count")]
    TooFar { seq: u64 },
    #[error("a hash of central's has {found} bytes, not 32")]
    Hash { found: usize },
    #[error("central answered for {found} events of {wanted}, or for others")]
    Answer { wanted: usize, found: usize },
}

impl WireError {
    /// Whether only a person can mend it.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            WireError::NotDense { .. }
            | WireError::Nothing { .. }
            | WireError::TooFar { .. }
            | WireError::Number { .. }
            | WireError::Hash { .. }
            | WireError::Answer { .. } => true,
        }
    }
}

/// What goes to central in one statement: never empty, dense, within the bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    first_seq: u64,
    bodies: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
    last_hash: Hash,
}

impl Batch {
    /// As much of what waits after `after` as one push may carry. A single event larger than
    /// [`BYTES_MAX`] goes alone: it is in the chain, so it has to go.
    ///
    /// # Errors
    /// [`WireError::Nothing`] and [`WireError::NotDense`], when the journal hands out anything but
    /// the events that follow.
    pub fn take(after: u64, waiting: Vec<Waiting>) -> Result<Batch, WireError> {
        let first_seq = after.saturating_add(1);
        let (mut bodies, mut hashes) = (Vec::new(), Vec::new());
        let (mut n_bytes, mut last_hash) = (0_usize, None);
        for (event, wanted) in waiting.into_iter().zip(first_seq..).take(EVENTS_MAX) {
            if event.seq != wanted {
                return Err(WireError::NotDense { wanted, found: event.seq });
            }
            n_bytes = n_bytes.saturating_add(event.body.len());
            if n_bytes > BYTES_MAX && !bodies.is_empty() {
                break;
            }
            bodies.push(event.body);
            hashes.push(event.hash.to_vec());
            last_hash = Some(event.hash);
        }
        let last_hash = last_hash.ok_or(WireError::Nothing { after })?;
        Ok(Batch { first_seq, bodies, hashes, last_hash })
    }

    #[must_use]
    pub fn first_seq(&self) -> u64 {
        self.first_seq
    }

    #[must_use]
    pub fn last_seq(&self) -> u64 {
        (self.first_seq..).nth(self.bodies.len().saturating_sub(1)).unwrap_or(u64::MAX)
    }

    /// The hash the next batch follows on.
    #[must_use]
    pub fn last_hash(&self) -> &Hash {
        &self.last_hash
    }

    #[must_use]
    pub fn bodies(&self) -> &[Vec<u8>] {
        &self.bodies
    }

    #[must_use]
    pub fn hashes(&self) -> &[Vec<u8>] {
        &self.hashes
    }

    /// Reads the rows (seq, outcome, detail) that answer this batch.
    ///
    /// # Errors
    /// [`WireError::Answer`] when they are not one for each event.
    pub fn verdicts(
        &self,
        rows: Vec<(i64, String, Option<String>)>,
    ) -> Result<Vec<Verdict>, WireError> {
        let answered = rows.iter().map(|row| u64::try_from(row.0).ok());
        if !answered.eq((self.first_seq..=self.last_seq()).map(Some)) {
            return Err(WireError::Answer { wanted: self.bodies.len(), found: rows.len() });
        }
        Ok(rows
            .into_iter()
            .zip(self.first_seq..)
            .map(|((_, word, detail), seq)| Verdict { seq, outcome: Outcome::read(word, detail) })
            .collect())
    }
}

/// What central says of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub seq: u64,
    pub outcome: Outcome,
}

/// What became of an event at central. A station may hear the same twice, after an answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Applied,
    /// It was there already, and nothing more is to be said of it.
    Duplicate,
    /// The sold unit it claims was received before.
    ClaimLost(Box<Winner>),
    /// It is kept and read by nobody; `why` is a word of central's `fault_of`.
    Quarantined {
        why: String,
    },
    /// A word of a newer central, as it came.
    Unknown {
        word: String,
        detail: Option<String>,
    },
}

/// Who received a sold unit first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Winner {
    pub site: SiteId,
    pub station: StationNo,
    /// When he identified it: milliseconds UTC by his station's clock.
    pub at: i64,
    pub operator: Option<OperatorId>,
    /// The plate he put on it, as his station wrote it.
    pub lpn: Option<String>,
    pub event_id: Uuid,
    pub unit: SoldUnit,
}

#[derive(Deserialize)]
struct WhyRow {
    why: String,
}

impl Outcome {
    fn read(word: String, detail: Option<String>) -> Outcome {
        let text = detail.as_deref().unwrap_or("null");
        let read = match word.as_str() {
            "applied" => Some(Outcome::Applied),
            "duplicate" => Some(Outcome::Duplicate),
            "claim_lost" => {
                serde_json::from_str(text).ok().map(|winner| Outcome::ClaimLost(Box::new(winner)))
            }
            "quarantined" => {
                serde_json::from_str(text).ok().map(|WhyRow { why }| Outcome::Quarantined { why })
            }
            _ => None,
        };
        // One answer that can't be read must not stop the events behind it.
        read.unwrap_or(Outcome::Unknown { word, detail })
    }

    /// Whether the station has to keep and show it.
    #[must_use]
    pub fn is_news(&self) -> bool {
        match self {
            Outcome::Applied | Outcome::Duplicate => false,
            Outcome::ClaimLost(_) | Outcome::Quarantined { .. } | Outcome::Unknown { .. } => true,
        }
    }
}

/// Why central's functions refuse a call. The SQLSTATEs are theirs: migrations/central.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// RD001: the login is no station's.
    UnknownLogin,
    /// RD002.
    Revoked,
    /// RD003: central holds the stream up to `mark`, and the push begins later. `None` where the
    /// mark can't be read; the next hello says it again.
    Gap { mark: Option<u64> },
    /// RD004: the same numbers, another history.
    Fork,
    /// RD005: a hash is not that of its event.
    WrongHash,
    /// RD006: no batch at all.
    BadCall,
    /// RD007: the stream is another station's.
    OtherStation,
}

impl Refusal {
    /// `None` for an SQLSTATE that is not one of ours.
    #[must_use]
    pub fn read(sqlstate: &str, detail: Option<&str>) -> Option<Refusal> {
        match sqlstate {
            "RD001" => Some(Refusal::UnknownLogin),
            "RD002" => Some(Refusal::Revoked),
            "RD003" => Some(Refusal::Gap { mark: detail.and_then(|text| text.parse().ok()) }),
            "RD004" => Some(Refusal::Fork),
            "RD005" => Some(Refusal::WrongHash),
            "RD006" => Some(Refusal::BadCall),
            "RD007" => Some(Refusal::OtherStation),
            _ => None,
        }
    }

    /// Whether only a person can mend it. A gap mends itself at the next hello.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Refusal::Gap { .. } => false,
            Refusal::UnknownLogin
            | Refusal::Revoked
            | Refusal::Fork
            | Refusal::WrongHash
            | Refusal::BadCall
            | Refusal::OtherStation => true,
        }
    }
}

/// A sequence number as central counts.
///
/// # Errors
/// [`WireError::TooFar`] past 2^63.
pub fn number(seq: u64) -> Result<i64, WireError> {
    i64::try_from(seq).map_err(|_| WireError::TooFar { seq })
}

/// A sequence number of central's.
///
/// # Errors
/// [`WireError::Number`] below zero.
pub fn seq(number: i64) -> Result<u64, WireError> {
    u64::try_from(number).map_err(|_| WireError::Number { found: number })
}

/// A hash of central's.
///
/// # Errors
/// [`WireError::Hash`] when it is none.
pub fn hash(bytes: &[u8]) -> Result<Hash, WireError> {
    Hash::try_from(bytes).map_err(|_| WireError::Hash { found: bytes.len() })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn waiting(first: u64, lens: &[usize]) -> Vec<Waiting> {
        lens.iter()
            .zip(first..)
            .map(|(len, seq)| Waiting { seq, body: vec![b'x'; *len], hash: [1; 32] })
            .collect()
    }

    #[test]
    fn a_hole_in_what_waits_is_noticed_before_it_is_sent() {
        let mut events = waiting(5, &[1, 1, 1]);
        events.remove(1);
        assert_eq!(Batch::take(4, events), Err(WireError::NotDense { wanted: 6, found: 7 }));
        assert_eq!(Batch::take(4, Vec::new()), Err(WireError::Nothing { after: 4 }));
    }

    #[test]
    fn an_answer_is_read_word_by_word() {
        let winner = r#"{"site":"lyon","station":3,"at":17,"operator":null,"lpn":"LPN00300000017",
            "event_id":"01900000-0000-7000-8000-000000000001",
            "unit":{"client":"default","order_no":"W1","line":1,"n":2}}"#;
        let batch = Batch::take(0, waiting(1, &[1; 5])).unwrap();
        let rows = [
            ("applied", None),
            ("duplicate", None),
            ("claim_lost", Some(winner)),
            ("quarantined", Some(r#"{"why":"not_json"}"#)),
            ("postponed", Some("{}")),
        ];
        let rows = (1..)
            .zip(rows)
            .map(|(seq, (word, detail))| (seq, word.to_owned(), detail.map(str::to_owned)));
        let verdicts = batch.verdicts(rows.clone().collect()).unwrap();
        let news: Vec<bool> = verdicts.iter().map(|v| v.outcome.is_news()).collect();
        assert_eq!(news, [false, false, true, true, true]);
        let Outcome::ClaimLost(winner) = &verdicts[2].outcome else { panic!("{verdicts:?}") };
        assert_eq!((winner.site.as_str(), winner.unit.n), ("lyon", 2));
        assert_eq!(verdicts[3].outcome, Outcome::Quarantined { why: "not_json".to_owned() });
        assert!(
            matches!(&verdicts[4].outcome, Outcome::Unknown { word, .. } if word == "postponed")
        );
        let short = batch.verdicts(rows.skip(1).collect());
        assert_eq!(short, Err(WireError::Answer { wanted: 5, found: 4 }));
    }

    #[test]
    fn a_winner_that_cannot_be_read_is_kept_as_it_came() {
        let detail = Some(r#"{"site":""}"#.to_owned());
        let outcome = Outcome::read("claim_lost".to_owned(), detail.clone());
        assert_eq!(outcome, Outcome::Unknown { word: "claim_lost".to_owned(), detail });
    }

    #[test]
    fn a_gap_names_the_mark_and_is_not_for_a_person() {
        let gap = Refusal::read("RD003", Some("41")).unwrap();
        assert_eq!(gap, Refusal::Gap { mark: Some(41) });
        assert!(!gap.is_permanent());
        assert!(Refusal::read("RD004", None).unwrap().is_permanent());
        assert_eq!(Refusal::read("23505", None), None);
    }

    proptest! {
        #[test]
        fn batches_keep_their_bounds_and_lose_nothing(
            lens in prop_oneof![vec(0..BYTES_MAX * 2, 1..6), vec(0_usize..10, 1..1_200)],
        ) {
            let (mut after, mut rest) = (0, waiting(1, &lens));
            while !rest.is_empty() {
                let batch = Batch::take(after, rest.clone()).unwrap();
                let n = batch.bodies().len();
                let n_bytes: usize = batch.bodies().iter().map(Vec::len).sum();
                prop_assert!(n <= EVENTS_MAX && (n_bytes <= BYTES_MAX || n == 1));
                prop_assert_eq!(batch.first_seq(), after + 1);
                after = batch.last_seq();
                rest.drain(..n);
            }
            prop_assert_eq!(after, u64::try_from(lens.len()).unwrap());
        }
    }
}
