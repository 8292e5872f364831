//! Signing in and out. A badge alone signs a receiver in; the one who signs in while another is
//! there takes over, the open parcel staying on the bench.

use crate::domain::event::{Event, RefusedCause, ShiftEnded, ShiftStarted};
use crate::domain::ids::{BadgeCode, DeviceName};
use crate::domain::scan::{Reading, Scan};
use crate::session::effect::Effect;
use crate::session::model::{ConfirmWhat, Model};
use crate::session::notice::{Notice, Say, Tone};

impl Model {
    pub(crate) fn badge_scanned(&mut self, device: Option<DeviceName>, scan: &Scan) -> Vec<Effect> {
        match badge_in(scan) {
            Some(badge) => self.sign_in(device, scan, &badge),
            None => self.refuse_as(device, scan, RefusedCause::NotSignedIn),
        }
    }

    pub(crate) fn sign_in(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
        badge: &BadgeCode,
    ) -> Vec<Effect> {
        if self.setup.refused_badges.contains(badge) {
            return self.refuse_as(device, scan, RefusedCause::DefaultBadge);
        }
        let Some(operator) = self.setup.operators.get(badge).cloned() else {
            return self.refuse_as(device, scan, RefusedCause::UnknownBadge);
        };
        let say = Say::SignedIn { name: operator.name.clone() };
        let mut events = Vec::new();
        if let Some(shift) = &self.state.shift {
            if shift.operator == operator.id {
                return self.say(operator.name, Notice { tone: Tone::Info, say });
            }
            events.push(Event::from(ShiftEnded { operator: shift.operator.clone() }));
        }
        self.lang = operator.lang.unwrap_or(self.lang);
        events.push(Event::from(ShiftStarted {
            operator: operator.id,
            role: operator.role,
            lang: operator.lang,
        }));
        self.append(device, events, operator.name, Notice::ok(say))
    }

    /// END: signs out. With a parcel open it is asked twice; the parcel stays open.
    pub(crate) fn end_shift(&mut self, device: Option<DeviceName>, scan: &Scan) -> Vec<Effect> {
        let Some(shift) = self.state.shift.clone() else { return Vec::new() };
        if self.state.open.is_some() && !self.confirmed(&ConfirmWhat::End) {
            let notice = Notice::attention(Say::ConfirmEnd);
            return self.say(scan.text.clone(), notice);
        }
        let event = Event::from(ShiftEnded { operator: shift.operator });
        let notice = Notice { tone: Tone::Info, say: Say::SignedOut };
        self.append(device, vec![event], scan.text.clone(), notice)
    }
}

/// The badge among the readings of a scan.
pub(crate) fn badge_in(scan: &Scan) -> Option<BadgeCode> {
    scan.readings.iter().find_map(|reading| match reading {
        Reading::Badge(badge) => Some(badge.clone()),
        Reading::Bin(_)
        | Reading::Lpn(_)
        | Reading::Command(_)
        | Reading::Gtin(_)
        | Reading::Sscc(_)
        | Reading::Number(_) => None,
    })
}
