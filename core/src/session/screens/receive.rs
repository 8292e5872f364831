//! A parcel's label opens it.
//! Owns: which order a label leads to, what an unknown one is, when a closed parcel opens again.
//! Tests: session/tests.rs.

use crate::domain::event::{
    Author, Event, MatchedBy, ParcelArrived, ParcelMatched, ParcelOpened, ParcelUnmatched,
    RefusedCause,
};
use crate::domain::facts::{Found, OrderHit, Received};
use crate::domain::ids::{CaseId, DeviceName, Gtin, ParcelId};
use crate::domain::parcel::ParcelKind;
use crate::domain::scan::{Reading, Scan, ScanFault};
use crate::domain::unit::Unexpected;
use crate::session::effect::Effect;
use crate::session::input::DiskState;
use crate::session::model::{Choice, ConfirmWhat, Model};
use crate::session::notice::{Before, Notice, Refusal, Say, Tone};
use crate::session::screens::badge::badge_in;

/// Shortest label that may open a parcel nobody announced: the shortest carriers' numbers
/// (Mondial Relay, GLS) have eight characters.
const LABEL_MIN: usize = 8;

impl Model {
    pub(crate) fn receive_scanned(&mut self, device: DeviceName, scan: Scan) -> Vec<Effect> {
        let cause = match scan.readings.first() {
            Some(Reading::Badge(badge)) => {
                let badge = badge.clone();
                return self.sign_in(Some(device), &scan, &badge);
            }
            Some(Reading::Bin(_)) => RefusedCause::NoUnitInHand,
            Some(Reading::Lpn(_)) => RefusedCause::ParcelExpected,
            Some(Reading::Command(_)) => RefusedCause::UnknownCard,
            Some(Reading::Gtin(_) | Reading::Sscc(_) | Reading::Number(_)) => {
                return self.look_up(Some(scan), Some(device));
            }
            None => RefusedCause::UnknownCode,
        };
        self.refuse_as(Some(device), &scan, cause)
    }

    /// No parcel is open, and the order book has answered.
    pub(crate) fn receive_found(
        &mut self,
        device: DeviceName,
        scan: &Scan,
        found: &Found,
    ) -> Vec<Effect> {
        if let Some((first, second)) = &found.glued {
            let other = Some(format!("{first} + {second}"));
            let refusal = Refusal { other, ..Refusal::of(RefusedCause::Glued, scan) };
            return self.refuse(Some(device), scan, refusal);
        }
        match found.orders.as_slice() {
            [] => self.receive_unknown(device, scan, found),
            [hit] => self.open_hit(Some(device), scan, found, hit),
            hits => {
                let best = hits[0].by;
                let same: Vec<OrderHit> =
                    hits.iter().filter(|hit| hit.by == best).cloned().collect();
                if let [only] = same.as_slice() {
                    return self.open_hit(Some(device), scan, found, only);
                }
                self.choice =
                    Some(Choice { label: scan.text.clone(), hits: same, device: Some(device) });
                vec![Effect::Sound(crate::session::effect::Cue::Attention)]
            }
        }
    }

    /// Opens the parcel of an order the label leads to, unless it was received before.
    pub(crate) fn open_hit(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
        found: &Found,
        hit: &OrderHit,
    ) -> Vec<Effect> {
        // One RMA or order number may stand on several parcels; a carrier's number on one.
        let one_parcel = hit.by == MatchedBy::Tracking;
        if let Some(before) = found.received.first().filter(|_| one_parcel) {
            return self.refuse(device, scan, already_received(scan, before));
        }
        if self.disk == DiskState::Full {
            return self.refuse_as(device, scan, RefusedCause::DiskFull);
        }
        let parcel = self.next_parcel();
        let parcel_kind = match (&hit.rma, hit.outbound) {
            (Some(_), false) => ParcelKind::Announced,
            (_, true) => ParcelKind::Rts,
            (None, false) => ParcelKind::Preprinted,
        };
        let events = vec![
            ParcelArrived { parcel, label: hit.code.clone(), parcel_kind }.into(),
            ParcelOpened { parcel }.into(),
            matched(parcel, hit, Author::Rule, hit.by),
        ];
        self.keep_facts(hit.order.clone(), hit.rma.clone(), found);
        let expected = hit.rma.iter().flat_map(|rma| &rma.lines).map(|line| line.qty).sum();
        let say = Say::ParcelOpened {
            parcel,
            client: hit.order.client.clone(),
            order_no: hit.order.order_no.to_string(),
            expected,
        };
        self.append(device, events, scan.text.clone(), Notice::ok(say))
    }

    /// The order book knows nothing of the label: a piece left over from the parcel just closed,
    /// or a parcel nobody announced.
    fn receive_unknown(&mut self, device: DeviceName, scan: &Scan, found: &Found) -> Vec<Effect> {
        if let Some(parcel) = self.state.last_closed.filter(|_| self.is_a_unit(scan, found)) {
            return self.reopen(device, scan, found, parcel);
        }
        if let Some(before) = found.received.first() {
            return self.refuse(Some(device), scan, already_received(scan, before));
        }
        if let Some(ScanFault::Glued { .. }) = scan.fault {
            return self.refuse_as(Some(device), scan, RefusedCause::Glued);
        }
        if !may_be_label(scan) {
            return self.refuse_as(Some(device), scan, RefusedCause::UnknownCode);
        }
        // A product's number, or a damaged one, may by chance be a carrier's: asked once more.
        let damaged = matches!(scan.fault, Some(ScanFault::CheckDigit { .. }));
        let doubt = if damaged {
            Some(RefusedCause::CheckDigit)
        } else {
            looks_like_a_product(scan).then_some(RefusedCause::ParcelExpected)
        };
        if let Some(cause) = doubt
            && !self.confirmed(&ConfirmWhat::Label(scan.text.clone()))
        {
            return self.refuse_as(Some(device), scan, cause);
        }
        self.open_blind(Some(device), scan.text.clone(), scan.text.clone())
    }

    /// Opens a parcel nobody announced. `label` is empty where there is none to read.
    pub(crate) fn open_blind(
        &mut self,
        device: Option<DeviceName>,
        label: String,
        shown: String,
    ) -> Vec<Effect> {
        if self.disk == DiskState::Full {
            let scan = crate::domain::scan::read(shown.as_bytes());
            return self.refuse_as(device, &scan, RefusedCause::DiskFull);
        }
        let parcel = self.next_parcel();
        self.facts = None;
        let events = vec![
            ParcelArrived { parcel, label, parcel_kind: ParcelKind::Blind }.into(),
            ParcelOpened { parcel }.into(),
            ParcelUnmatched { parcel }.into(),
        ];
        let notice = Notice { tone: Tone::Info, say: Say::BlindOpened { parcel } };
        self.append(device, events, shown, notice)
    }

    /// One more unit turned up in the parcel just closed.
    fn reopen(
        &mut self,
        device: DeviceName,
        scan: &Scan,
        found: &Found,
        parcel: ParcelId,
    ) -> Vec<Effect> {
        let mut events = vec![ParcelOpened { parcel }.into()];
        let piece = match self.facts.take().filter(|_| self.is_matched(parcel)) {
            Some(facts) => {
                let fresh = found.claims.iter().filter(|claim| {
                    claim.sold.client == facts.order.client
                        && claim.sold.order_no == facts.order.order_no
                });
                let claims = if found.claims.is_empty() {
                    facts.claims.clone()
                } else {
                    fresh.cloned().collect()
                };
                self.facts = Some(crate::session::model::OrderFacts { claims, ..facts });
                self.piece(scan, found, Some(Unexpected::NotAnnounced))
            }
            None => self.blind_piece(scan, found),
        };
        let Some(piece) = piece else {
            return self.refuse_as(Some(device), scan, RefusedCause::UnknownCode);
        };
        let notice = self.identify(parcel, piece, &mut events);
        self.append(Some(device), events, scan.text.clone(), notice)
    }

    /// Whether a scan is a product we know, or one of the order of the parcel just closed.
    fn is_a_unit(&self, scan: &Scan, found: &Found) -> bool {
        let Some(gtin) = gtin_in(scan) else { return false };
        let of_order = |facts: &crate::session::model::OrderFacts| {
            facts.order.lines.iter().any(|line| line.gtin == Some(gtin))
        };
        !found.products.is_empty() || self.facts.as_ref().is_some_and(of_order)
    }

    pub(crate) fn is_matched(&self, parcel: ParcelId) -> bool {
        self.state.parcels.get(&parcel).is_some_and(|parcel| parcel.order_no.is_some())
    }

    pub(crate) fn badge_changed(&mut self, device: DeviceName, scan: &Scan) -> Vec<Effect> {
        match badge_in(scan) {
            Some(badge) => self.sign_in(Some(device), scan, &badge),
            None => self.refuse_as(Some(device), scan, RefusedCause::UnknownBadge),
        }
    }

    fn next_parcel(&self) -> ParcelId {
        ParcelId { station: self.setup.station, serial: self.state.counters.parcel + 1 }
    }

    pub(crate) fn next_case(&self) -> CaseId {
        CaseId { station: self.setup.station, serial: self.state.counters.case + 1 }
    }
}

pub(crate) fn matched(parcel: ParcelId, hit: &OrderHit, author: Author, by: MatchedBy) -> Event {
    ParcelMatched {
        parcel,
        client: hit.order.client.clone(),
        order_no: hit.order.order_no.clone(),
        rma: hit.rma.as_ref().map(|rma| rma.rma.clone()),
        author,
        by,
        probability: 1.0,
    }
    .into()
}

/// The refusal that says when, where and by whom a parcel was received before.
fn already_received(scan: &Scan, before: &Received) -> Refusal {
    Refusal {
        other: Some(before.parcel.to_string()),
        before: Some(Before {
            at: before.closed_at.unwrap_or(before.opened_at),
            station: before.station,
            operator: before.operator.clone(),
        }),
        ..Refusal::of(RefusedCause::AlreadyReceived, scan)
    }
}

/// The GTIN among the readings of a scan.
pub(crate) fn gtin_in(scan: &Scan) -> Option<Gtin> {
    scan.readings.iter().find_map(|reading| match reading {
        Reading::Gtin(gtin) => Some(*gtin),
        Reading::Badge(_)
        | Reading::Bin(_)
        | Reading::Lpn(_)
        | Reading::Command(_)
        | Reading::Sscc(_)
        | Reading::Number(_) => None,
    })
}

/// Whether the number has the form of a product's: a GTIN of 8, 12 or 13 digits, or one that the
/// scanner itself calls an EAN.
fn looks_like_a_product(scan: &Scan) -> bool {
    let is_ean = scan.aim.as_deref().is_some_and(|aim| aim.starts_with("]E"));
    gtin_in(scan).is_some() && (is_ean || scan.text.len() < 14)
}

/// Whether a text of an unknown family may be a carrier's number.
fn may_be_label(scan: &Scan) -> bool {
    let text = scan.text.as_str();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'%');
    let number = scan
        .readings
        .iter()
        .any(|reading| matches!(reading, Reading::Number(_) | Reading::Sscc(_) | Reading::Gtin(_)));
    number && plain && text.len() >= LABEL_MIN && digits * 2 >= text.len()
}
