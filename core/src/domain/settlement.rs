//! The instruction to the money system, and whether the goods were accepted: two small machines,
//! total, every refused pair written out. Receiving never requires settling, nor the reverse.
//! Tests: beside the code.

use serde::{Deserialize, Serialize};

/// How a settlement pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettlementKind {
    Refund,
    Credit,
    Exchange,
    Replacement,
    Allowance,
    None,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettlementStage {
    #[default]
    None,
    /// Proposed by a station; only central requests.
    Proposed,
    Requested,
    Acknowledged,
    Settled,
    Failed,
    Withdrawn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementAct {
    Propose,
    Request,
    Acknowledge,
    Settle,
    Fail,
    Withdraw,
}

/// The act does not follow from that stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{act:?} does not follow from {stage:?}")]
pub struct SettlementRefused {
    pub stage: SettlementStage,
    pub act: SettlementAct,
}

/// The stage after `act`. A failed settlement may be requested again: the key stays the same, so
/// the money system pays once.
///
/// # Errors
/// [`SettlementRefused`] for every other pair.
pub fn step_settlement(
    stage: SettlementStage,
    act: SettlementAct,
) -> Result<SettlementStage, SettlementRefused> {
    use SettlementAct as Act;
    use SettlementStage as Stage;
    match (stage, act) {
        (Stage::None | Stage::Withdrawn, Act::Propose) => Ok(Stage::Proposed),
        (Stage::Proposed | Stage::Failed, Act::Request) => Ok(Stage::Requested),
        (Stage::Requested, Act::Acknowledge) => Ok(Stage::Acknowledged),
        (Stage::Requested | Stage::Acknowledged, Act::Settle) => Ok(Stage::Settled),
        (Stage::Requested | Stage::Acknowledged, Act::Fail) => Ok(Stage::Failed),
        (Stage::Proposed | Stage::Requested | Stage::Failed, Act::Withdraw) => Ok(Stage::Withdrawn),
        (
            Stage::Proposed
            | Stage::Requested
            | Stage::Acknowledged
            | Stage::Settled
            | Stage::Failed,
            Act::Propose,
        )
        | (
            Stage::None
            | Stage::Requested
            | Stage::Acknowledged
            | Stage::Settled
            | Stage::Withdrawn,
            Act::Request,
        )
        | (
            Stage::None
            | Stage::Proposed
            | Stage::Acknowledged
            | Stage::Settled
            | Stage::Failed
            | Stage::Withdrawn,
            Act::Acknowledge,
        )
        | (
            Stage::None | Stage::Proposed | Stage::Settled | Stage::Failed | Stage::Withdrawn,
            Act::Settle | Act::Fail,
        )
        | (Stage::None | Stage::Acknowledged | Stage::Settled | Stage::Withdrawn, Act::Withdraw) => {
            Err(SettlementRefused { stage, act })
        }
    }
}

/// Whether the warehouse takes the goods back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    #[default]
    Pending,
    Accepted,
    Rejected,
    NeedsDecision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptanceAct {
    Accept,
    Reject,
    AskDecision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{act:?} does not follow from {stage:?}")]
pub struct AcceptanceRefused {
    pub stage: Acceptance,
    pub act: AcceptanceAct,
}

/// The verdict after `act`.
///
/// # Errors
/// [`AcceptanceRefused`]: a verdict is given once; it changes by reversal, not by a second one.
pub fn step_acceptance(
    stage: Acceptance,
    act: AcceptanceAct,
) -> Result<Acceptance, AcceptanceRefused> {
    match (stage, act) {
        (Acceptance::Pending | Acceptance::NeedsDecision, AcceptanceAct::Accept) => {
            Ok(Acceptance::Accepted)
        }
        (Acceptance::Pending | Acceptance::NeedsDecision, AcceptanceAct::Reject) => {
            Ok(Acceptance::Rejected)
        }
        (Acceptance::Pending, AcceptanceAct::AskDecision) => Ok(Acceptance::NeedsDecision),
        (Acceptance::NeedsDecision, AcceptanceAct::AskDecision)
        | (
            Acceptance::Accepted | Acceptance::Rejected,
            AcceptanceAct::Accept | AcceptanceAct::Reject | AcceptanceAct::AskDecision,
        ) => Err(AcceptanceRefused { stage, act }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_paid_that_was_not_requested_and_nothing_settled_is_paid_again() {
        use SettlementAct as Act;
        use SettlementStage as Stage;
        let acts =
            [Act::Propose, Act::Request, Act::Acknowledge, Act::Settle, Act::Fail, Act::Withdraw];
        for act in acts {
            assert!(step_settlement(Stage::Settled, act).is_err(), "{act:?} after settled");
        }
        assert!(step_settlement(Stage::Proposed, Act::Settle).is_err());
        assert_eq!(step_settlement(Stage::Failed, Act::Request), Ok(Stage::Requested));
    }

    #[test]
    fn a_verdict_is_given_once() {
        let accepted = step_acceptance(Acceptance::Pending, AcceptanceAct::Accept).unwrap();
        assert!(step_acceptance(accepted, AcceptanceAct::Reject).is_err());
        let asked = step_acceptance(Acceptance::Pending, AcceptanceAct::AskDecision).unwrap();
        assert_eq!(step_acceptance(asked, AcceptanceAct::Reject), Ok(Acceptance::Rejected));
    }
}
