//! One carrier's package at the dock: its kinds and its machine, total.
//! Never: what is inside it (that is `unit`). Tests: beside the code.

use serde::{Deserialize, Serialize};

/// How a parcel came to be here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParcelKind {
    /// A return the customer announced.
    Announced,
    /// A label of ours slipped into the outbound parcel; nobody announced anything.
    Preprinted,
    /// Nobody announced it.
    Blind,
    /// Return to sender: our own outbound parcel that was not delivered.
    Rts,
    StoreTransfer,
    TradeIn,
    Misrouted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParcelStage {
    Expected,
    Arrived,
    Opened,
    /// Every unit in it has its bin.
    Processed,
    Closed,
    Misrouted,
    Refused,
    DeliveredUnseen,
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParcelAct {
    Arrive,
    Open,
    Process,
    Close,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{act:?} does not follow from {stage:?}")]
pub struct ParcelRefused {
    pub stage: ParcelStage,
    pub act: ParcelAct,
}

/// The stage after `act`. What was thought lost or never seen may still arrive; a closed parcel is
/// opened again when one more unit turns up in it.
///
/// # Errors
/// [`ParcelRefused`] for every other pair.
pub fn step(stage: ParcelStage, act: ParcelAct) -> Result<ParcelStage, ParcelRefused> {
    use ParcelAct as Act;
    use ParcelStage as Stage;
    match (stage, act) {
        (Stage::Expected | Stage::DeliveredUnseen | Stage::Lost, Act::Arrive) => Ok(Stage::Arrived),
        (Stage::Arrived | Stage::Processed | Stage::Closed, Act::Open) => Ok(Stage::Opened),
        (Stage::Opened, Act::Process) => Ok(Stage::Processed),
        (Stage::Opened | Stage::Processed, Act::Close) => Ok(Stage::Closed),
        (
            Stage::Arrived
            | Stage::Opened
            | Stage::Processed
            | Stage::Closed
            | Stage::Misrouted
            | Stage::Refused,
            Act::Arrive,
        )
        | (
            Stage::Expected
            | Stage::Opened
            | Stage::Misrouted
            | Stage::Refused
            | Stage::DeliveredUnseen
            | Stage::Lost,
            Act::Open,
        )
        | (
            Stage::Expected
            | Stage::Arrived
            | Stage::Processed
            | Stage::Closed
            | Stage::Misrouted
            | Stage::Refused
            | Stage::DeliveredUnseen
            | Stage::Lost,
            Act::Process,
        )
        | (
            Stage::Expected
            | Stage::Arrived
            | Stage::Closed
            | Stage::Misrouted
            | Stage::Refused
            | Stage::DeliveredUnseen
            | Stage::Lost,
            Act::Close,
        ) => Err(ParcelRefused { stage, act }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcel_is_opened_after_it_arrived_and_closed_after_it_was_opened() {
        let arrived = step(ParcelStage::Expected, ParcelAct::Arrive).unwrap();
        assert!(step(arrived, ParcelAct::Close).is_err());
        let opened = step(arrived, ParcelAct::Open).unwrap();
        assert!(step(opened, ParcelAct::Arrive).is_err());
        let closed = step(opened, ParcelAct::Close).unwrap();
        assert_eq!(step(closed, ParcelAct::Open), Ok(ParcelStage::Opened));
    }
}
