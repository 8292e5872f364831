//! A parcel is open: what is inside is scanned piece by piece; DONE closes it.
//! Owns: which sold unit a piece is, what an unexpected one becomes, what is missing at the end.
//! Tests: session/tests.rs.

use crate::domain::bin::{BinUse, Disposition};
use crate::domain::event::{
    Author, CaseCause, CaseOpened, ClosedHow, Event, MatchedBy, ParcelClosed, RefusedCause,
    UnitDispositioned, UnitIdentified, UnitMissing, UnitUnexpected,
};
use crate::domain::facts::Found;
use crate::domain::ids::{
    BinCode, ClientId, DeviceName, Gtin, Lpn, OrderNo, ParcelId, SerialNo, Sku, SoldUnit,
};
use crate::domain::order::{OrderLine, Product};
use crate::domain::scan::{Reading, Scan, ScanFault};
use crate::domain::unit::Unexpected;
use crate::session::effect::Effect;
use crate::session::model::{ConfirmWhat, Model};
use crate::session::notice::{Notice, Refusal, Say, Tone};
use crate::session::screens::receive::{gtin_in, matched};

/// One piece, as far as it is known, before it gets its plate.
pub(crate) struct Piece {
    client: Option<ClientId>,
    gtin: Option<Gtin>,
    sku: Option<Sku>,
    serial: Option<SerialNo>,
    sold: Option<SoldUnit>,
    order_no: Option<OrderNo>,
    why: Option<Unexpected>,
    name: String,
}

impl Model {
    pub(crate) fn item_scanned(&mut self, device: DeviceName, scan: Scan) -> Vec<Effect> {
        let cause = match scan.readings.first() {
            Some(Reading::Badge(_)) => return self.badge_changed(device, &scan),
            Some(Reading::Bin(_)) => RefusedCause::NoUnitInHand,
            Some(Reading::Lpn(_) | Reading::Sscc(_)) => RefusedCause::UnitExpected,
            Some(Reading::Command(_)) => RefusedCause::UnknownCard,
            Some(Reading::Gtin(_) | Reading::Number(_)) => {
                return self.look_up(Some(scan), Some(device));
            }
            None => RefusedCause::UnknownCode,
        };
        self.refuse_as(Some(device), &scan, cause)
    }

    /// A parcel is open, and the order book has answered.
    pub(crate) fn item_found(
        &mut self,
        device: DeviceName,
        scan: &Scan,
        found: &Found,
    ) -> Vec<Effect> {
        let Some(parcel) = self.state.open else { return Vec::new() };
        if let Some((first, second)) = &found.glued {
            let other = Some(format!("{first} + {second}"));
            let refusal = Refusal { other, ..Refusal::of(RefusedCause::Glued, scan) };
            return self.refuse(Some(device), scan, refusal);
        }
        let label_hit = found.orders.iter().find(|hit| hit.by != MatchedBy::Serial);
        let mut events = Vec::new();
        if !self.is_matched(parcel) {
            if let Some(hit) = found.orders.first().cloned() {
                // A slip inside, or a serial number we sold: the parcel has its order.
                events.push(matched(parcel, &hit, Author::Rule, hit.by));
                self.keep_facts(hit.order.clone(), hit.rma.clone(), found);
                if hit.by != MatchedBy::Serial {
                    let say = Say::Matched {
                        client: hit.order.client.clone(),
                        order_no: hit.order.order_no.to_string(),
                    };
                    return self.append(Some(device), events, scan.text.clone(), Notice::ok(say));
                }
            }
        } else if label_hit.is_some() && gtin_in(scan).is_none() {
            let other = self.state.open_parcel().map(|open| open.id.to_string());
            let refusal = Refusal { other, ..Refusal::of(RefusedCause::ParcelStillOpen, scan) };
            return self.refuse(Some(device), scan, refusal);
        }
        let piece = if self.is_matched(parcel) || !events.is_empty() {
            self.piece(scan, found, None)
        } else {
            self.blind_piece(scan, found)
        };
        let Some(piece) = piece else {
            let cause = match scan.fault {
                Some(ScanFault::CheckDigit { .. }) => RefusedCause::CheckDigit,
                Some(ScanFault::Glued { .. }) => RefusedCause::Glued,
                Some(ScanFault::Empty | ScanFault::TooLong { .. } | ScanFault::Charset { .. })
                | None => RefusedCause::UnknownCode,
            };
            return self.refuse_as(Some(device), scan, cause);
        };
        let notice = self.identify(parcel, piece, &mut events);
        self.append(Some(device), events, scan.text.clone(), notice)
    }

    /// Which sold unit of the parcel's order a scan is. `late` marks a piece that turned up after
    /// the parcel was closed.
    pub(crate) fn piece(
        &self,
        scan: &Scan,
        found: &Found,
        late: Option<Unexpected>,
    ) -> Option<Piece> {
        let facts = self.facts.as_ref()?;
        let order = &facts.order;
        let serial_line = found
            .orders
            .iter()
            .find(|hit| hit.by == MatchedBy::Serial && hit.order.order_no == order.order_no)
            .and_then(|hit| hit.serial_of);
        let serial = serial_line.and_then(|_| scan.text.parse::<SerialNo>().ok());
        let gtin = gtin_in(scan);
        let product = product_of(&found.products, &order.client, gtin);
        let of_line = |line: &&OrderLine| match serial_line {
            Some(wanted) => line.line == wanted,
            None => {
                let by_gtin = gtin.is_some() && line.gtin == gtin;
                by_gtin || product.is_some_and(|product| product.sku == line.sku)
            }
        };
        let lines: Vec<&OrderLine> = order.lines.iter().filter(of_line).collect();
        if lines.is_empty() && gtin.is_none() {
            return None;
        }
        let free = |line: &&&OrderLine| self.free_piece(line).is_some();
        let announced = |line: &&&OrderLine| self.not_announced(line.line).is_none();
        let line = lines.iter().filter(free).find(announced);
        let line = line.or_else(|| lines.iter().find(free)).copied();
        let name = |line: Option<&OrderLine>| {
            let own = line.map(|line| line.description.clone()).filter(|text| !text.is_empty());
            let known = own.or_else(|| product.map(|product| product.description.clone()));
            known.unwrap_or_else(|| scan.text.clone())
        };
        let why = match line {
            Some(line) => late.or_else(|| self.not_announced(line.line)),
            None if lines.is_empty() => Some(Unexpected::NotOnOrder),
            None => Some(Unexpected::OverCount),
        };
        let shown = line.or_else(|| lines.first().copied());
        Some(Piece {
            client: Some(order.client.clone()),
            gtin: gtin.or_else(|| shown.and_then(|line| line.gtin)),
            sku: shown.map(|l| l.sku.clone()).or_else(|| product.map(|p| p.sku.clone())),
            serial,
            sold: line.and_then(|line| self.free_piece(line)),
            order_no: Some(order.order_no.clone()),
            why,
            name: name(shown),
        })
    }

    /// A piece of a parcel whose order is not known: kept, and put where it waits for its match.
    pub(crate) fn blind_piece(&self, scan: &Scan, found: &Found) -> Option<Piece> {
        let gtin = gtin_in(scan)?;
        let product = match found.products.as_slice() {
            [only] => Some(only),
            _none_or_several_clients => None,
        };
        Some(Piece {
            client: product.map(|product| product.client.clone()),
            gtin: Some(gtin),
            sku: product.map(|product| product.sku.clone()),
            serial: None,
            sold: None,
            order_no: None,
            why: Some(Unexpected::Unmatched),
            name: product.map_or_else(|| gtin.to_string(), |product| product.description.clone()),
        })
    }

    /// The lowest piece of a line that nobody has claimed and that was not returned elsewhere.
    fn free_piece(&self, line: &OrderLine) -> Option<SoldUnit> {
        let facts = self.facts.as_ref()?;
        let sold = |n: u32| SoldUnit {
            client: facts.order.client.clone(),
            order_no: facts.order.order_no.clone(),
            line: line.line,
            n,
        };
        let in_memory = |sold: &SoldUnit| {
            self.state.units.values().any(|unit| unit.sold().as_ref() == Some(sold))
        };
        // A claim of a parcel in memory counts as the state has it: it may have been taken back.
        let claimed = |sold: &SoldUnit| {
            let theirs = |claim: &crate::domain::facts::Claim| {
                claim.sold == *sold && !self.state.parcels.contains_key(&claim.parcel)
            };
            in_memory(sold) || facts.claims.iter().any(theirs)
        };
        let taken = (1..=line.qty).filter(|n| claimed(&sold(*n))).count();
        let left = line.qty.saturating_sub(line.returned);
        if u32::try_from(taken).unwrap_or(u32::MAX) >= left {
            return None;
        }
        (1..=line.qty).map(sold).find(|sold| !claimed(sold))
    }

    /// The events of a first touch, and what is said of it.
    pub(crate) fn identify(
        &self,
        parcel: ParcelId,
        piece: Piece,
        events: &mut Vec<Event>,
    ) -> Notice {
        let lpn = Lpn { station: self.setup.station, serial: self.state.counters.lpn + 1 };
        let (line, n) = piece.sold.as_ref().map(|sold| (sold.line, sold.n)).unzip();
        events.push(
            UnitIdentified {
                lpn,
                parcel,
                client: piece.client.clone(),
                gtin: piece.gtin,
                sku: piece.sku,
                serial: piece.serial,
                order_no: piece.order_no,
                line,
                n,
            }
            .into(),
        );
        let Some(why) = piece.why else {
            return Notice::ok(Say::UnitIdentified { lpn, what: piece.name });
        };
        events.push(UnitUnexpected { lpn, why }.into());
        let case = match why {
            Unexpected::NotOnOrder => Some(CaseCause::WrongItem),
            Unexpected::OverCount => Some(CaseCause::OverCount),
            Unexpected::NotAnnounced | Unexpected::Unmatched => None,
        };
        if let Some(cause) = case {
            let case = self.next_case();
            events.push(CaseOpened { case, cause, parcel: Some(parcel), lpn: Some(lpn) }.into());
        }
        if why != Unexpected::NotAnnounced {
            // Nothing to inspect against: it goes where a person decides, or waits for its order.
            let (takes, rule) = match why {
                Unexpected::Unmatched => (BinUse::AwaitMatch, "await_match"),
                Unexpected::NotOnOrder | Unexpected::OverCount | Unexpected::NotAnnounced => {
                    (BinUse::For(Disposition::Quarantine), "unexpected_unit")
                }
            };
            let bin = self.bin_for(takes, piece.client.as_ref());
            let disposition = Disposition::Quarantine;
            events.push(UnitDispositioned { lpn, disposition, rule: rule.to_owned(), bin }.into());
        }
        let tone = if why == Unexpected::Unmatched { Tone::Info } else { Tone::Attention };
        Notice { tone, say: Say::UnitUnexpected { lpn, what: piece.name, why } }
    }

    /// The bin for a use; the configuration is refused at start when it has no quarantine.
    pub(crate) fn bin_for(&self, takes: BinUse, client: Option<&ClientId>) -> BinCode {
        let fallback = || self.setup.bins.0.first();
        let bin = self.setup.bins.propose(takes, client).or_else(fallback);
        bin.map_or_else(no_bin, |bin| bin.code.clone())
    }

    /// DONE: nothing more is in the parcel.
    pub(crate) fn done(&mut self, device: Option<DeviceName>, scan: &Scan) -> Vec<Effect> {
        let Some(parcel) = self.state.open else { return Vec::new() };
        let units = self.state.units_of(parcel).count();
        let missing = self.missing();
        let n_missing: u32 = missing.iter().map(|(_, qty)| qty).sum();
        let parcels_out = self.parcels_out();
        let last = parcels_out == 0;
        let asks = (last && n_missing > 0) || units == 0;
        if asks && !self.confirmed(&ConfirmWhat::Done) {
            let say = if units == 0 && n_missing == 0 {
                Say::ConfirmEmpty
            } else {
                Say::ConfirmDone { missing: n_missing }
            };
            return self.say(scan.text.clone(), Notice::attention(say));
        }
        let mut events = Vec::new();
        if last {
            events.extend(self.missing_events(parcel, &missing, units == 0));
        }
        if units == 0 && (missing.is_empty() || !last) {
            let (case, cause) = (self.next_case(), CaseCause::EmptyParcel);
            events.push(CaseOpened { case, cause, parcel: Some(parcel), lpn: None }.into());
        }
        if units > 0 && !self.is_matched(parcel) {
            let (case, cause) = (self.next_case(), CaseCause::Unmatched);
            events.push(CaseOpened { case, cause, parcel: Some(parcel), lpn: None }.into());
        }
        let how = match (units, self.is_matched(parcel), n_missing) {
            (0, _, _) => ClosedHow::Empty,
            (_, false, _) => ClosedHow::Unmatched,
            (_, true, 0) => ClosedHow::Complete,
            (_, true, _) => ClosedHow::Short,
        };
        events.push(ParcelClosed { parcel, how }.into());
        let missing = if last { n_missing } else { 0 };
        let say = Say::ParcelClosed { parcel, units, missing, parcels_out };
        self.append(device, events, scan.text.clone(), Notice { tone: Tone::Done, say })
    }

    /// What never came, and one case for it: an empty parcel is a case of its own kind.
    fn missing_events(&self, parcel: ParcelId, missing: &[(u32, u32)], empty: bool) -> Vec<Event> {
        let (Some(facts), false) = (&self.facts, missing.is_empty()) else { return Vec::new() };
        let mut events: Vec<Event> = missing
            .iter()
            .map(|(line, qty)| {
                Event::from(UnitMissing {
                    parcel,
                    client: facts.order.client.clone(),
                    order_no: facts.order.order_no.clone(),
                    rma: facts.rma.as_ref().map(|rma| rma.rma.clone()),
                    line: *line,
                    qty: *qty,
                })
            })
            .collect();
        let cause = if empty { CaseCause::EmptyParcel } else { CaseCause::MissingItem };
        let case = self.next_case();
        events.push(CaseOpened { case, cause, parcel: Some(parcel), lpn: None }.into());
        events
    }
}

fn no_bin() -> BinCode {
    // A text that is a name by construction; the configuration always has bins.
    BinCode::quarantine()
}

fn product_of<'a>(
    products: &'a [Product],
    client: &ClientId,
    gtin: Option<Gtin>,
) -> Option<&'a Product> {
    let gtin = gtin?;
    products.iter().find(|product| product.client == *client && product.gtins.contains(&gtin))
}
