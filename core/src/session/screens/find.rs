//! Several orders have the scanned number: the receiver says which, by card or key.

use crate::domain::event::{MatchedBy, RefusedCause};
use crate::domain::facts::Found;
use crate::domain::ids::DeviceName;
use crate::domain::scan::Scan;
use crate::session::actions::Tile;
use crate::session::effect::Effect;
use crate::session::model::Model;

impl Model {
    /// A scan is no answer here.
    pub(crate) fn choose_scanned(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
    ) -> Vec<Effect> {
        self.refuse_as(device, scan, RefusedCause::ChoiceExpected)
    }

    pub(crate) fn choose(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
        tile: Tile,
    ) -> Vec<Effect> {
        let Some(choice) = self.choice.take() else { return Vec::new() };
        let Some(mut hit) = choice.hits.get(tile.place()).cloned() else {
            self.choice = Some(choice);
            return self.refuse_as(device, scan, RefusedCause::ChoiceExpected);
        };
        hit.by = MatchedBy::Choice;
        let label = crate::domain::scan::read(choice.label.as_bytes());
        self.open_hit(device.or(choice.device), &label, &Found::default(), &hit)
    }
}
