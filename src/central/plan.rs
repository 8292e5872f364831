//! Decides what goes to central next, from two marks alone.
//! Owns: when the two sides are in step, when events are sent again, when the stream is a fork.
//! Never: I/O. Start at `plan`. Tests: beside the code.

use dockside_core::domain::event::Hash;
use uuid::Uuid;

/// Where the journal stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalMark {
    pub stream: Uuid,
    /// The last event whose verdict is in the journal too.
    pub acked_seq: u64,
    pub last_seq: u64,
    /// `at` of the oldest event after `acked_seq`: milliseconds UTC.
    pub oldest_waiting_at: Option<i64>,
    /// Central's epoch at the last acknowledgement.
    pub epoch: Option<Uuid>,
}

/// Where central stands with this stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralMark {
    /// Changes when central was set up anew.
    pub epoch: Uuid,
    /// 0 for a stream it never saw.
    pub last_seq: u64,
    /// 32 zero bytes at 0.
    pub last_hash: Hash,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing waits and both sides know it.
    InStep,
    /// Send what comes after that event. `heals` when central lost what it had acknowledged: a
    /// failover or a restored backup.
    Send { after: u64, heals: bool },
    /// Nothing may be sent: a person has to look.
    Stop(Stop),
}

/// Why a stream can't be continued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    #[error(
        "central holds this journal up to event {central}, the journal ends at {journal}: it is an \
         older copy and needs a stream of its own"
    )]
    CentralAhead { journal: u64, central: u64 },
    #[error(
        "event {seq} is another at central than in this journal: two journals use one stream, and \
         this one needs a stream of its own"
    )]
    OtherHistory { seq: u64 },
    #[error("central needs the events after {seq}, which the journal no longer holds")]
    NotKept { seq: u64 },
}

/// Central's mark rules, not what we believe was acknowledged: so a central that lost rows gets
/// them again. What it holds and we have no verdict for is sent again too, because the answer that
/// was lost on the way may have named a lost claim.
///
/// `journal_hash` is the journal's hash at central's `last_seq` (32 zero bytes at 0), `None` where
/// it holds no such event.
#[must_use]
pub fn plan(journal: &JournalMark, central: &CentralMark, journal_hash: Option<Hash>) -> Plan {
    if central.last_seq > journal.last_seq {
        return Plan::Stop(Stop::CentralAhead {
            journal: journal.last_seq,
            central: central.last_seq,
        });
    }
    match journal_hash {
        None => return Plan::Stop(Stop::NotKept { seq: central.last_seq }),
        Some(hash) if hash != central.last_hash => {
            return Plan::Stop(Stop::OtherHistory { seq: central.last_seq });
        }
        Some(_) => {}
    }
    let after = central.last_seq.min(journal.acked_seq);
    if after == journal.last_seq {
        return Plan::InStep;
    }
    Plan::Send { after, heals: central.last_seq < journal.acked_seq }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HASH: Hash = [7; 32];

    fn journal(acked_seq: u64, last_seq: u64) -> JournalMark {
        JournalMark {
            stream: Uuid::nil(),
            acked_seq,
            last_seq,
            oldest_waiting_at: None,
            epoch: None,
        }
    }

    fn central(last_seq: u64) -> CentralMark {
        CentralMark { epoch: Uuid::nil(), last_seq, last_hash: HASH }
    }

    #[test]
    fn each_pair_of_marks_has_its_plan() {
        let cases = [
            ((0, 0), 0, Plan::InStep),
            ((5, 5), 5, Plan::InStep),
            ((3, 5), 3, Plan::Send { after: 3, heals: false }),
            ((3, 5), 5, Plan::Send { after: 3, heals: false }), // the answer was lost
            ((5, 5), 2, Plan::Send { after: 2, heals: true }),  // central lost rows
            ((5, 9), 0, Plan::Send { after: 0, heals: true }),  // central began anew
            ((5, 5), 6, Plan::Stop(Stop::CentralAhead { journal: 5, central: 6 })),
        ];
        for ((acked, last), at_central, wanted) in cases {
            assert_eq!(plan(&journal(acked, last), &central(at_central), Some(HASH)), wanted);
        }
    }

    #[test]
    fn another_history_is_never_continued() {
        let stop = plan(&journal(3, 5), &central(4), Some([8; 32]));
        assert_eq!(stop, Plan::Stop(Stop::OtherHistory { seq: 4 }));
        let stop = plan(&journal(3, 5), &central(1), None);
        assert_eq!(stop, Plan::Stop(Stop::NotKept { seq: 1 }));
    }

    proptest! {
        #[test]
        fn whatever_central_lost_it_gets_everything(
            last in 0_u64..200, acked in 0_u64..200, held in 0_u64..200, bites in 1_u64..50,
        ) {
            let (mut acked, mut held) = (acked.min(last), held.min(last));
            let mut rounds = 0;
            loop {
                match plan(&journal(acked, last), &central(held), Some(HASH)) {
                    Plan::InStep => break,
                    Plan::Send { after, .. } => {
                        prop_assert!(after <= held, "a gap");
                        let sent_to = (after + bites).min(last);
                        held = held.max(sent_to);
                        acked = sent_to;
                    }
                    Plan::Stop(stop) => prop_assert!(false, "{stop}"),
                }
                rounds += 1;
                prop_assert!(rounds <= 400, "no end");
            }
            prop_assert_eq!((acked, held), (last, last));
        }
    }
}
