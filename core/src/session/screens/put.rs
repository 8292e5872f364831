//! The unit goes into its bin, confirmed by scanning that bin. On an offer the proposed bin also
//! means "clean"; any other bin opens the questions.

use crate::domain::event::{
    AnswerBy, ClosedHow, Event, FillingOpened, ParcelClosed, RefusedCause, SettlementLine,
    SettlementProposed, UnitBinned,
};
use crate::domain::ids::{BinCode, DeviceName, FillingId};
use crate::domain::order::Promise;
use crate::domain::replay::UnitRow;
use crate::domain::scan::{Reading, Scan};
use crate::domain::settlement::{Acceptance, AcceptanceAct, SettlementKind};
use crate::session::effect::{Cue, Effect};
use crate::session::model::Model;
use crate::session::notice::{Notice, Refusal, Say, Stop, Tone};
use crate::session::screens::inspect::grading;

impl Model {
    pub(crate) fn offer_scanned(&mut self, device: DeviceName, scan: &Scan) -> Vec<Effect> {
        let Some(unit) = self.state.in_hand().cloned() else { return Vec::new() };
        let Some(Reading::Bin(bin)) = scan.readings.first() else {
            return self.not_a_bin(device, scan);
        };
        let Some((chosen, proposed)) = self.offered(&unit) else { return Vec::new() };
        if proposed.code != *bin {
            if self.setup.bins.by_code(bin).is_none() {
                return self.wrong_bin(device, scan, bin);
            }
            return self.ask_questions(Some(device), scan, AnswerBy::Bin);
        }
        let Some((scale, grade)) = self.clean_grade(&unit) else { return Vec::new() };
        let (scale, grade) = (scale.to_owned(), grade.to_owned());
        let mut events = grading(&unit, scale, grade, true, &chosen, bin.clone());
        let accepted = chosen.acceptance == AcceptanceAct::Accept;
        self.put_into(Some(device), scan, &unit, bin, accepted, &mut events)
    }

    pub(crate) fn put_scanned(&mut self, device: DeviceName, scan: &Scan) -> Vec<Effect> {
        let Some(unit) = self.state.in_hand().cloned() else { return Vec::new() };
        let Some(Reading::Bin(bin)) = scan.readings.first() else {
            return self.not_a_bin(device, scan);
        };
        if unit.bin.as_ref() != Some(bin) {
            return self.wrong_bin(device, scan, bin);
        }
        let accepted = unit.acceptance == Acceptance::Accepted;
        self.put_into(Some(device), scan, &unit, bin, accepted, &mut Vec::new())
    }

    fn not_a_bin(&mut self, device: DeviceName, scan: &Scan) -> Vec<Effect> {
        if let Some(Reading::Badge(badge)) = scan.readings.first() {
            let badge = badge.clone();
            return self.sign_in(Some(device), scan, &badge);
        }
        let wanted = self.proposed_bin();
        let refusal = Refusal { wanted, ..Refusal::of(RefusedCause::UnitInHand, scan) };
        self.refuse(Some(device), scan, refusal)
    }

    /// Nothing is moved; the same wrong bin again stops the work, because a unit in the wrong bin
    /// is found by nobody.
    fn wrong_bin(&mut self, device: DeviceName, scan: &Scan, bin: &BinCode) -> Vec<Effect> {
        let Some(unit) = self.state.in_hand().cloned() else { return Vec::new() };
        let wanted = self.proposed_bin();
        let cause = match self.setup.bins.by_code(bin) {
            None => RefusedCause::UnknownBin,
            Some(found) if found.client.is_some() && found.client != unit.client => {
                RefusedCause::OtherClient
            }
            Some(_) => RefusedCause::WrongBin,
        };
        let twice = self.wrong_bin.replace(bin.clone()).as_ref() == Some(bin);
        let refusal = Refusal {
            wanted: wanted.clone(),
            disposition: unit.disposition,
            ..Refusal::of(cause, scan)
        };
        let mut effects = self.refuse(Some(device), scan, refusal);
        if let (true, Some(wanted)) = (twice, wanted) {
            self.stop = Some(Stop::WrongBin { bin: bin.clone(), wanted });
            effects.push(Effect::Sound(Cue::Stop));
        }
        effects
    }

    /// The events of a unit in its bin, and of its parcel where it was the last announced one.
    fn put_into(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
        unit: &UnitRow,
        bin: &BinCode,
        accepted: bool,
        events: &mut Vec<Event>,
    ) -> Vec<Effect> {
        let (filling, opened) = self.filling(bin);
        events.extend(opened);
        events.push(UnitBinned { lpn: unit.lpn, bin: bin.clone(), filling }.into());
        if accepted {
            events.extend(self.settlement(unit));
        }
        self.wrong_bin = None;
        let mut notice = Notice::ok(Say::Binned { bin: bin.clone() });
        if self.is_last(unit) {
            let parcel = unit.parcel;
            events.push(ParcelClosed { parcel, how: ClosedHow::Complete }.into());
            let units = self.state.units_of(parcel).count();
            let say = Say::ParcelClosed { parcel, units, missing: 0, parcels_out: 0 };
            notice = Notice { tone: Tone::Done, say };
        }
        self.append(device, std::mem::take(events), scan.text.clone(), notice)
    }

    /// True when everything expected has come and this is the only unit without a bin.
    fn is_last(&self, unit: &UnitRow) -> bool {
        let waiting = self
            .state
            .units_of(unit.parcel)
            .any(|other| other.lpn != unit.lpn && other.filling.is_none());
        if waiting {
            return false;
        }
        match self.expected() {
            Some((come, total)) => come >= total,
            None => self.all_sold_are_back(),
        }
    }

    /// Without an announcement a parcel is complete when no piece of its order is still out.
    fn all_sold_are_back(&self) -> bool {
        let Some(facts) = &self.facts else { return false };
        let Some(parcel) = self.state.open_parcel().filter(|parcel| parcel.order_no.is_some())
        else {
            return false;
        };
        let out = |line: &crate::domain::order::OrderLine| {
            let claimed = |claim: &&crate::domain::facts::Claim| {
                claim.sold.line == line.line && claim.parcel != parcel.id
            };
            let here = |unit: &&UnitRow| unit.line == Some(line.line) && unit.n.is_some();
            let back = facts.claims.iter().filter(claimed).count()
                + self.state.units_of(parcel.id).filter(here).count();
            u32::try_from(back).unwrap_or(u32::MAX) < line.qty.saturating_sub(line.returned)
        };
        !facts.order.lines.iter().any(out)
    }

    fn filling(&self, bin: &BinCode) -> (FillingId, Option<Event>) {
        if let Some(open) = self.state.fillings.get(bin) {
            return (open.id, None);
        }
        let serial = self.state.counters.filling + 1;
        let filling = FillingId { station: self.setup.station, serial };
        (filling, Some(FillingOpened { filling, bin: bin.clone() }.into()))
    }

    /// What the customer gets for a unit that was taken back: what was really paid for it.
    fn settlement(&self, unit: &UnitRow) -> Option<Event> {
        let sold = unit.sold()?;
        let facts = self.facts.as_ref()?;
        let promise = facts.rma.as_ref().map_or(Promise::Refund, |rma| rma.promise);
        let settlement = match promise {
            Promise::Refund => SettlementKind::Refund,
            Promise::Credit => SettlementKind::Credit,
            Promise::Exchange => SettlementKind::Exchange,
            Promise::None => return None,
        };
        let total_minor = facts.order.paid_minor(&sold)?;
        Some(
            SettlementProposed {
                lpn: unit.lpn,
                client: sold.client,
                order_no: sold.order_no,
                line: sold.line,
                n: sold.n,
                settlement,
                total_minor,
                currency: facts.order.currency,
                lines: vec![SettlementLine { label: "paid".to_owned(), minor: total_minor }],
            }
            .into(),
        )
    }
}
