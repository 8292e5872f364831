//! What each kind of event does to the state: one short function a subject. See `replay`.

use super::{
    Acceptance, AcceptanceAct, CaseRow, Change, Disposition, Envelope, Event, FillingRow, Lpn,
    ParcelAct, ParcelId, ParcelRow, ParcelStage, Refused, SettlementAct, SettlementStage, Shift,
    State, UNDO_MAX, Undo, UnitAct, UnitRow, UnitStage, Verdict, parcel, step_acceptance,
    step_settlement, unit,
};
use crate::domain::event::{
    CaseOpened, FillingOpened, ParcelArrived, ParcelMatched, Reversed, SettlementProposed,
    ShiftStarted, UnitBinned, UnitIdentified, VerdictReceived,
};

impl State {
    /// Applies, and keeps what is needed to take it back.
    pub(super) fn fold(&mut self, envelope: &Envelope) -> Result<Vec<Change>, Refused> {
        match &envelope.event {
            Event::Reversed(reversed) => return self.take_back(reversed),
            Event::ShiftStarted(started) => return Ok(self.start_shift(envelope, started)),
            Event::ShiftEnded(_) => {
                self.shift = None;
                return Ok(Vec::new());
            }
            Event::VerdictReceived(received) => {
                self.hear(received);
                return Ok(Vec::new());
            }
            Event::Unknown(_) => {
                self.quarantined += 1;
                return Ok(Vec::new());
            }
            Event::StreamOpened(_)
            | Event::ScanRefused(_)
            | Event::DeviceAttached(_)
            | Event::DeviceLost(_) => return Ok(Vec::new()),
            Event::ParcelArrived(_)
            | Event::ParcelOpened(_)
            | Event::ParcelMatched(_)
            | Event::ParcelUnmatched(_)
            | Event::ParcelClosed(_)
            | Event::UnitIdentified(_)
            | Event::UnitUnexpected(_)
            | Event::UnitMissing(_)
            | Event::AnswerGiven(_)
            | Event::UnitGraded(_)
            | Event::UnitAccepted(_)
            | Event::UnitRejected(_)
            | Event::DecisionAsked(_)
            | Event::UnitDispositioned(_)
            | Event::UnitBinned(_)
            | Event::FillingOpened(_)
            | Event::CaseOpened(_)
            | Event::SettlementProposed(_) => {}
        }
        let mut undo = Undo {
            id: envelope.id,
            seq: envelope.seq,
            at: envelope.at,
            before: Vec::new(),
            open: self.open,
            last_closed: self.last_closed,
            tally: self.tally.clone(),
        };
        let changes = self.change(envelope)?;
        undo.before = changes.iter().map(|change| self.swap(change.clone())).collect();
        self.undo.push_back(undo);
        self.forget();
        Ok(changes)
    }

    /// The rows an event changes, as they become. Rows are not written yet; the counters, the
    /// tally and the open parcel are, last, once nothing can be refused any more.
    fn change(&mut self, envelope: &Envelope) -> Result<Vec<Change>, Refused> {
        match &envelope.event {
            Event::ParcelArrived(arrived) => self.parcel_arrived(envelope, arrived),
            Event::ParcelOpened(opened) => self.parcel_opened(envelope, opened.parcel),
            Event::ParcelMatched(matched) => self.parcel_matched(envelope, matched),
            Event::ParcelUnmatched(unmatched) => self.parcel_noted(envelope, unmatched.parcel),
            Event::UnitMissing(missing) => self.parcel_noted(envelope, missing.parcel),
            Event::ParcelClosed(closed) => self.parcel_closed(envelope, closed.parcel),
            Event::UnitIdentified(identified) => self.unit_identified(envelope, identified),
            Event::UnitUnexpected(unexpected) => self.unit(unexpected.lpn, |unit| {
                unit.unexpected = Some(unexpected.why);
                Ok(())
            }),
            Event::AnswerGiven(given) => self.unit(given.lpn, |unit| {
                unit.answers.push((given.question.clone(), given.answer.clone()));
                Ok(())
            }),
            Event::UnitGraded(graded) => self.unit(graded.lpn, |unit| {
                unit.stage = unit::step(unit.stage, UnitAct::Grade)?;
                unit.scale = Some(graded.scale.clone());
                unit.grade = Some(graded.grade.clone());
                Ok(())
            }),
            Event::UnitAccepted(accepted) => self.verdict(accepted.lpn, AcceptanceAct::Accept),
            Event::UnitRejected(rejected) => self.verdict(rejected.lpn, AcceptanceAct::Reject),
            Event::DecisionAsked(asked) => self.verdict(asked.lpn, AcceptanceAct::AskDecision),
            Event::UnitDispositioned(to) => self.unit(to.lpn, |unit| {
                unit.stage = unit::step(unit.stage, UnitAct::Dispose)?;
                unit.disposition = Some(to.disposition);
                unit.bin = Some(to.bin.clone());
                Ok(())
            }),
            Event::UnitBinned(binned) => self.unit_binned(binned),
            Event::FillingOpened(opened) => self.filling_opened(envelope, opened),
            Event::CaseOpened(opened) => self.case_opened(envelope, opened),
            Event::SettlementProposed(proposed) => self.settlement_proposed(proposed),
            Event::StreamOpened(_)
            | Event::ShiftStarted(_)
            | Event::ShiftEnded(_)
            | Event::ScanRefused(_)
            | Event::Reversed(_)
            | Event::DeviceAttached(_)
            | Event::DeviceLost(_)
            | Event::VerdictReceived(_)
            | Event::Unknown(_) => Ok(Vec::new()),
        }
    }

    fn start_shift(&mut self, envelope: &Envelope, started: &ShiftStarted) -> Vec<Change> {
        self.shift = Some(Shift {
            operator: started.operator.clone(),
            role: started.role,
            lang: started.lang,
            started_at: envelope.at,
        });
        self.undo.clear(); // nobody takes back what another did
        self.forget();
        Vec::new()
    }

    fn hear(&mut self, received: &VerdictReceived) {
        match received.verdict {
            Verdict::ClaimLost => {
                self.claims_lost.insert(received.of);
            }
            Verdict::Quarantined => {}
        }
    }

    fn parcel_arrived(
        &mut self,
        envelope: &Envelope,
        arrived: &ParcelArrived,
    ) -> Result<Vec<Change>, Refused> {
        let id = arrived.parcel;
        if self.parcels.contains_key(&id) || id.serial <= self.counters.parcel {
            return Err(Refused::ParcelTwice(id));
        }
        let row = ParcelRow {
            id,
            label: arrived.label.clone(),
            kind: arrived.parcel_kind,
            stage: parcel::step(ParcelStage::Expected, ParcelAct::Arrive)?,
            client: None,
            order_no: None,
            rma: None,
            matched_by: None,
            arrived_at: envelope.at,
            closed_at: None,
            operator: envelope.operator.clone(),
            last_seq: envelope.seq,
        };
        self.counters.parcel = id.serial;
        self.tally.parcels += 1;
        Ok(vec![Change::Parcel(id, Some(row))])
    }

    fn parcel_opened(&mut self, envelope: &Envelope, id: ParcelId) -> Result<Vec<Change>, Refused> {
        if let Some(open) = self.open {
            return Err(Refused::OtherOpen(open));
        }
        let mut row = self.parcel(id)?;
        row.stage = parcel::step(row.stage, ParcelAct::Open)?;
        row.closed_at = None;
        row.operator.clone_from(&envelope.operator);
        row.last_seq = envelope.seq;
        self.open = Some(id);
        Ok(vec![Change::Parcel(id, Some(row))])
    }

    fn parcel_matched(
        &mut self,
        envelope: &Envelope,
        matched: &ParcelMatched,
    ) -> Result<Vec<Change>, Refused> {
        let mut row = self.parcel(matched.parcel)?;
        row.client = Some(matched.client.clone());
        row.order_no = Some(matched.order_no.clone());
        row.rma.clone_from(&matched.rma);
        row.matched_by = Some(matched.by);
        row.last_seq = envelope.seq;
        Ok(vec![Change::Parcel(row.id, Some(row))])
    }

    fn parcel_noted(&mut self, envelope: &Envelope, id: ParcelId) -> Result<Vec<Change>, Refused> {
        let row = ParcelRow { last_seq: envelope.seq, ..self.parcel(id)? };
        Ok(vec![Change::Parcel(id, Some(row))])
    }

    fn parcel_closed(&mut self, envelope: &Envelope, id: ParcelId) -> Result<Vec<Change>, Refused> {
        let mut row = self.parcel(id)?;
        row.stage = parcel::step(row.stage, ParcelAct::Close)?;
        row.closed_at = Some(envelope.at);
        row.last_seq = envelope.seq;
        self.open = None;
        self.last_closed = Some(id);
        Ok(vec![Change::Parcel(id, Some(row))])
    }

    fn unit_identified(
        &mut self,
        envelope: &Envelope,
        identified: &UnitIdentified,
    ) -> Result<Vec<Change>, Refused> {
        let lpn = identified.lpn;
        if self.units.contains_key(&lpn) || lpn.serial <= self.counters.lpn {
            return Err(Refused::UnitTwice(lpn));
        }
        let parcel = ParcelRow { last_seq: envelope.seq, ..self.parcel(identified.parcel)? };
        let row = UnitRow {
            lpn,
            parcel: identified.parcel,
            client: identified.client.clone(),
            gtin: identified.gtin,
            sku: identified.sku.clone(),
            serial: identified.serial.clone(),
            order_no: identified.order_no.clone(),
            line: identified.line,
            n: identified.n,
            unexpected: None,
            stage: UnitStage::Identified,
            acceptance: Acceptance::Pending,
            settlement: SettlementStage::None,
            scale: None,
            grade: None,
            answers: Vec::new(),
            disposition: None,
            bin: None,
            filling: None,
            identified_at: envelope.at,
            operator: envelope.operator.clone(),
            device: envelope.device.clone(),
        };
        if let Some(sold) = row.sold() {
            let held = self.units.values().find(|unit| unit.sold().as_ref() == Some(&sold));
            if let Some(held) = held {
                return Err(Refused::ClaimTwice { lpn, held: held.lpn });
            }
        }
        self.counters.lpn = lpn.serial;
        self.tally.units += 1;
        Ok(vec![Change::Parcel(parcel.id, Some(parcel)), Change::Unit(lpn, Some(row))])
    }

    fn unit_binned(&mut self, binned: &UnitBinned) -> Result<Vec<Change>, Refused> {
        let filling = self.fillings.get(&binned.bin).filter(|open| open.id == binned.filling);
        let mut filling = filling.cloned().ok_or_else(|| Refused::NoFilling(binned.bin.clone()))?;
        filling.units += 1;
        let mut disposition = Disposition::Quarantine;
        let mut changes = self.unit(binned.lpn, |unit| {
            unit.stage = unit::step(unit.stage, UnitAct::Put)?;
            if let Some(proposed) = unit.bin.as_ref().filter(|proposed| **proposed != binned.bin) {
                let proposed = proposed.clone();
                return Err(Refused::WrongBin { lpn: unit.lpn, proposed, bin: binned.bin.clone() });
            }
            unit.filling = Some(binned.filling);
            disposition = unit.disposition.unwrap_or(disposition);
            Ok(())
        })?;
        changes.push(Change::Filling(binned.bin.clone(), Some(filling)));
        *self.tally.by_disposition.entry(disposition).or_default() += 1;
        Ok(changes)
    }

    fn filling_opened(
        &mut self,
        envelope: &Envelope,
        opened: &FillingOpened,
    ) -> Result<Vec<Change>, Refused> {
        if self.fillings.contains_key(&opened.bin) {
            return Err(Refused::FillingTwice(opened.bin.clone()));
        }
        let bin = opened.bin.clone();
        let row =
            FillingRow { id: opened.filling, bin: bin.clone(), units: 0, opened_at: envelope.at };
        self.counters.filling = self.counters.filling.max(opened.filling.serial);
        Ok(vec![Change::Filling(bin, Some(row))])
    }

    fn case_opened(
        &mut self,
        envelope: &Envelope,
        opened: &CaseOpened,
    ) -> Result<Vec<Change>, Refused> {
        let id = opened.case;
        if self.cases.contains_key(&id) || id.serial <= self.counters.case {
            return Err(Refused::CaseTwice(id));
        }
        let row = CaseRow {
            id,
            cause: opened.cause,
            parcel: opened.parcel,
            lpn: opened.lpn,
            opened_at: envelope.at,
        };
        self.counters.case = id.serial;
        self.tally.cases += 1;
        Ok(vec![Change::Case(id, Some(row))])
    }

    fn settlement_proposed(
        &mut self,
        proposed: &SettlementProposed,
    ) -> Result<Vec<Change>, Refused> {
        let changes = self.unit(proposed.lpn, |unit| {
            if unit.acceptance != Acceptance::Accepted {
                return Err(Refused::NotAccepted { lpn: unit.lpn });
            }
            unit.settlement = step_settlement(unit.settlement, SettlementAct::Propose)?;
            Ok(())
        })?;
        self.tally.settlements += 1;
        Ok(changes)
    }

    fn verdict(&self, lpn: Lpn, act: AcceptanceAct) -> Result<Vec<Change>, Refused> {
        self.unit(lpn, |unit| {
            unit.acceptance = step_acceptance(unit.acceptance, act)?;
            Ok(())
        })
    }

    fn parcel(&self, id: ParcelId) -> Result<ParcelRow, Refused> {
        self.parcels.get(&id).cloned().ok_or(Refused::NoParcel(id))
    }

    fn unit(
        &self,
        lpn: Lpn,
        change: impl FnOnce(&mut UnitRow) -> Result<(), Refused>,
    ) -> Result<Vec<Change>, Refused> {
        let mut row = self.units.get(&lpn).cloned().ok_or(Refused::NoUnit(lpn))?;
        change(&mut row)?;
        Ok(vec![Change::Unit(lpn, Some(row))])
    }

    /// Writes a row and gives back what stood there.
    fn swap(&mut self, change: Change) -> Change {
        fn put<K: Ord + Clone, V>(
            map: &mut std::collections::BTreeMap<K, V>,
            key: &K,
            row: Option<V>,
        ) -> Option<V> {
            match row {
                Some(row) => map.insert(key.clone(), row),
                None => map.remove(key),
            }
        }
        match change {
            Change::Parcel(id, row) => {
                let before = put(&mut self.parcels, &id, row);
                Change::Parcel(id, before)
            }
            Change::Unit(lpn, row) => {
                let before = put(&mut self.units, &lpn, row);
                Change::Unit(lpn, before)
            }
            Change::Case(id, row) => {
                let before = put(&mut self.cases, &id, row);
                Change::Case(id, before)
            }
            Change::Filling(bin, row) => {
                let before = put(&mut self.fillings, &bin, row);
                Change::Filling(bin, before)
            }
        }
    }

    fn take_back(&mut self, reversed: &Reversed) -> Result<Vec<Change>, Refused> {
        let last = self.undo.pop_back_if(|last| last.id == reversed.of);
        let Some(last) = last else { return Err(Refused::NotLast { of: reversed.of }) };
        let changes: Vec<Change> = last.before.into_iter().rev().collect();
        for change in &changes {
            self.swap(change.clone());
        }
        self.open = last.open;
        self.last_closed = last.last_closed;
        self.tally = last.tally;
        Ok(changes)
    }

    /// Lets go of what can't be taken back any more: the oldest undos past the limit, then closed
    /// parcels that no undo speaks of, with their units and cases.
    fn forget(&mut self) {
        while self.undo.len() > UNDO_MAX {
            self.undo.pop_front();
        }
        let oldest = self.undo.front().map_or(u64::MAX, |undo| undo.seq);
        let last_closed = self.last_closed;
        let gone = |row: &ParcelRow| {
            row.stage == ParcelStage::Closed && row.last_seq < oldest && Some(row.id) != last_closed
        };
        let gone: Vec<ParcelId> =
            self.parcels.values().filter(|row| gone(row)).map(|row| row.id).collect();
        for id in gone {
            self.parcels.remove(&id);
            self.units.retain(|_, unit| unit.parcel != id);
            self.cases.retain(|_, case| case.parcel != Some(id));
        }
    }
}
