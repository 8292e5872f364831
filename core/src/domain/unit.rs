//! One received piece of goods: why it may be unexpected, and its machine, total.
//! A unit is graded before it is dispositioned and dispositioned before it is binned.
//! Tests: beside the code; the law over any history: replay/tests.rs.

use serde::{Deserialize, Serialize};

/// Why a unit was not expected in its parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unexpected {
    /// Sold in this order, but not announced for this return.
    NotAnnounced,
    /// No line of the order has it.
    NotOnOrder,
    /// One more than was sold, or than is still out.
    OverCount,
    /// The order of its parcel is not known yet.
    Unmatched,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitStage {
    Identified,
    /// Graded: the inspection has its verdict, by questions or implied.
    Inspected,
    Dispositioned,
    Binned,
    Departed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitAct {
    Grade,
    Dispose,
    Put,
    Depart,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{act:?} does not follow from {stage:?}")]
pub struct UnitRefused {
    pub stage: UnitStage,
    pub act: UnitAct,
}

/// The stage after `act`. A unit that can't be graded here (nobody knows what it is) is
/// dispositioned as it stands, to quarantine or to wait for its order.
///
/// # Errors
/// [`UnitRefused`] for every other pair.
pub fn step(stage: UnitStage, act: UnitAct) -> Result<UnitStage, UnitRefused> {
    use UnitAct as Act;
    use UnitStage as Stage;
    match (stage, act) {
        (Stage::Identified, Act::Grade) => Ok(Stage::Inspected),
        (Stage::Identified | Stage::Inspected, Act::Dispose) => Ok(Stage::Dispositioned),
        (Stage::Dispositioned, Act::Put) => Ok(Stage::Binned),
        (Stage::Binned, Act::Depart) => Ok(Stage::Departed),
        (Stage::Inspected | Stage::Dispositioned | Stage::Binned | Stage::Departed, Act::Grade)
        | (Stage::Dispositioned | Stage::Binned | Stage::Departed, Act::Dispose)
        | (Stage::Identified | Stage::Inspected | Stage::Binned | Stage::Departed, Act::Put)
        | (
            Stage::Identified | Stage::Inspected | Stage::Dispositioned | Stage::Departed,
            Act::Depart,
        ) => Err(UnitRefused { stage, act }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_order_of_acts_bins_a_unit_without_a_disposition(acts in prop::collection::vec(0_u8..4, 0..40)) {
            let (mut stage, mut disposed) = (UnitStage::Identified, false);
            for act in acts {
                let act = [UnitAct::Grade, UnitAct::Dispose, UnitAct::Put, UnitAct::Depart][usize::from(act)];
                let Ok(next) = step(stage, act) else { continue };
                disposed |= act == UnitAct::Dispose;
                stage = next;
            }
            prop_assert!(stage < UnitStage::Binned || disposed);
        }
    }
}
