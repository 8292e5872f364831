//! A station in memory: the order book is three lists, the journal is the log that it folds.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::bin::{Bin, BinUse, Bins, Disposition};
use crate::domain::event::{Draft, Envelope, Event, MatchedBy};
use crate::domain::facts::{Claim, Found, OrderHit, Received};
use crate::domain::ids::{ClientId, Gtin, Tracking};
use crate::domain::inspection::{Answer, Grade, Inspection, Leads, Path, Question, Scale, Words};
use crate::domain::operator::{Lang, Operator, Role};
use crate::domain::order::{AnnouncedLine, Order, OrderLine, Product, Promise, Rma};
use crate::domain::parcel::ParcelStage;
use crate::domain::policy::{Policy, PolicyDraft, RuleDraft, Trust};
use crate::domain::replay::State;
use crate::domain::scan::{Reading, Scan, card};
use crate::domain::settlement::AcceptanceAct;
use crate::session::actions::ACTIONS;
use crate::session::effect::{Ask, Cue, Effect};
use crate::session::input::{Input, StoreFailure};
use crate::session::model::{Model, Setup};
use crate::session::notice::{Refusal, Say};
use crate::session::{resume, update};

pub const SHIRT: &str = "4006381333931";
pub const SHOES: &str = "4006381333948";
pub const MUG: &str = "4006381333955";
pub const STRANGER: &str = "4006381333962";

#[derive(Default)]
pub struct Book {
    pub orders: Vec<Order>,
    pub rmas: Vec<Rma>,
    pub products: Vec<Product>,
}

pub struct Bench {
    pub model: Model,
    pub book: Book,
    pub log: Vec<Envelope>,
    /// The journal's own fold, as the actor keeps it.
    pub stored: State,
    pub sounds: Vec<Cue>,
    pub at: i64,
    pub quits: bool,
    /// How often the session said that central's verdicts are kept.
    pub heard: usize,
    /// The next appends fail with these.
    pub failures: VecDeque<StoreFailure>,
    /// Every parcel and claim ever, as the local tables keep them.
    pub closed: BTreeMap<String, Received>,
}

pub fn words(en: &str, fr: &str) -> Words {
    let words = [("en", en), ("fr", fr)].map(|(tag, text)| (tag.to_owned(), text.to_owned()));
    Words(BTreeMap::from(words))
}

fn question(id: &str, answers: &[(&str, Leads)]) -> Question {
    let answer = |(id, leads): &(&str, Leads)| Answer {
        id: (*id).to_owned(),
        label: words(id, id),
        leads: leads.clone(),
    };
    Question {
        id: id.to_owned(),
        text: words(id, id),
        answers: answers.iter().map(answer).collect(),
    }
}

fn inspection() -> Inspection {
    let to = |question: &str| Leads::Question(question.to_owned());
    let grade = |grade: &str| Leads::Grade(grade.to_owned());
    let grades = ["A", "B", "C", "D"].map(|id| Grade { id: id.to_owned(), label: words(id, id) });
    Inspection {
        scales: vec![Scale {
            id: "generic".to_owned(),
            grades: grades.to_vec(),
            clean: "A".to_owned(),
        }],
        paths: vec![Path {
            id: "generic".to_owned(),
            scale: "generic".to_owned(),
            categories: vec!["*".parse().unwrap()],
            start: "opened".to_owned(),
            questions: vec![
                question("opened", &[("no", grade("A")), ("yes", to("damaged"))]),
                question(
                    "damaged",
                    &[("no", grade("B")), ("light", grade("C")), ("yes", grade("D"))],
                ),
            ],
        }],
    }
}

fn policy(trust: Trust) -> Policy {
    let rule = |name: &str, when: &str, then: Disposition| RuleDraft {
        name: name.to_owned(),
        when: when.to_owned(),
        then,
    };
    let verdict = |name: &str, when: &str, then: AcceptanceAct| RuleDraft {
        name: name.to_owned(),
        when: when.to_owned(),
        then,
    };
    let draft = PolicyDraft {
        version: "test".to_owned(),
        verdicts: vec![
            verdict("final_sale", "final_sale", AcceptanceAct::AskDecision),
            verdict("any", "true", AcceptanceAct::Accept),
        ],
        dispositions: vec![
            rule("final_sale_waits", "final_sale", Disposition::Quarantine),
            rule("clean", "grade == \"A\"", Disposition::Restock),
            rule("opened", "grade == \"B\"", Disposition::SecondHand),
            rule("worn", "grade == \"C\"", Disposition::Refurbish),
        ],
        trust,
    };
    Policy::compile(draft, "text").unwrap()
}

fn bins() -> Bins {
    let bin = |code: &str, takes: BinUse, client: Option<&str>| Bin {
        code: code.parse().unwrap(),
        takes,
        client: client.map(|client| client.parse().unwrap()),
    };
    Bins(vec![
        bin("BIN-RESTOCK-1", BinUse::For(Disposition::Restock), None),
        bin("BIN-SECOND-HAND-1", BinUse::For(Disposition::SecondHand), None),
        bin("BIN-REFURBISH-1", BinUse::For(Disposition::Refurbish), None),
        bin("BIN-NORD-1", BinUse::For(Disposition::Restock), Some("nord")),
        bin("BIN-QUARANTINE-1", BinUse::For(Disposition::Quarantine), None),
        bin("BIN-AWAIT-1", BinUse::AwaitMatch, None),
    ])
}

pub fn setup(trust: Trust) -> Setup {
    let operator = |badge: &str, id: &str, role: Role| {
        let operator = Operator {
            id: id.parse().unwrap(),
            name: id.to_uppercase(),
            role,
            lang: Some(Lang::En),
        };
        (badge.parse().unwrap(), operator)
    };
    Setup {
        site: "lille-2".parse().unwrap(),
        station: 7.try_into().unwrap(),
        operators: [
            operator("BDGANNA", "anna", Role::Receiver),
            operator("BDGBERT", "bert", Role::Receiver),
        ]
        .into(),
        refused_badges: Vec::new(),
        policy: policy(trust),
        inspection: inspection(),
        bins: bins(),
        lang: Lang::En,
        bounce_ms: 300,
        echo_ms: 150,
        confirm_ms: 10_000,
        keys: ACTIONS
            .iter()
            .flat_map(|row| row.keys.iter().map(|key| ((*key).to_owned(), row.action)))
            .collect(),
    }
}

pub fn line(line: u32, gtin: &str, qty: u32) -> OrderLine {
    OrderLine {
        line,
        sku: format!("SKU-{gtin}").parse().unwrap(),
        gtin: Some(gtin.parse().unwrap()),
        description: format!("Thing {line}"),
        category: None,
        qty,
        unit_price: 1000,
        discount: 0,
        final_sale: false,
        returned: 0,
        serials: Vec::new(),
    }
}

pub fn order(client: &str, order_no: &str, lines: Vec<OrderLine>) -> Order {
    Order {
        client: client.parse().unwrap(),
        order_no: order_no.parse().unwrap(),
        placed_at: None,
        currency: "EUR".parse().unwrap(),
        lines,
        discounts: Vec::new(),
        trackings: vec![format!("OUT{order_no}0000001").parse().unwrap()],
    }
}

pub fn rma(order: &Order, rma: &str, trackings: &[&str], lines: &[(u32, u32)]) -> Rma {
    Rma {
        client: order.client.clone(),
        rma: rma.parse().unwrap(),
        order_no: order.order_no.clone(),
        method: None,
        trackings: trackings.iter().map(|tracking| tracking.parse().unwrap()).collect(),
        lines: lines
            .iter()
            .map(|(line, qty)| AnnouncedLine { line: *line, qty: *qty, reason: None })
            .collect(),
        promise: Promise::Refund,
    }
}

pub fn clean_trust() -> Trust {
    Trust { clean_by_bin: true, ..Trust::default() }
}

impl Bench {
    pub fn new() -> Bench {
        Bench::with(setup(clean_trust()))
    }

    pub fn with(setup: Setup) -> Bench {
        let at = 1_767_600_000_000;
        Bench {
            model: Model::new(Arc::new(setup), State::default(), at),
            book: Book::default(),
            log: Vec::new(),
            stored: State::default(),
            sounds: Vec::new(),
            at,
            quits: false,
            heard: 0,
            failures: VecDeque::new(),
            closed: BTreeMap::new(),
        }
    }

    /// A shirt and two mugs, all announced in one parcel, and the receiver signed in.
    pub fn with_one_return() -> Bench {
        let mut bench = Bench::new();
        let order = order("acme", "W1001", vec![line(1, SHIRT, 1), line(2, MUG, 2)]);
        let rma = rma(&order, "RMA-1", &["6A12345678901"], &[(1, 1), (2, 2)]);
        bench.book = Book { orders: vec![order], rmas: vec![rma], products: Vec::new() };
        bench.scan("BDGANNA");
        bench
    }

    pub fn scan(&mut self, code: &str) {
        self.scan_with("scanner-1", code);
    }

    pub fn scan_with(&mut self, device: &str, code: &str) {
        self.at += 1000;
        let device = device.parse().unwrap();
        let input = Input::Scanned { device, bytes: code.as_bytes().to_vec(), overlong: None };
        self.input(input);
    }

    pub fn scan_all(&mut self, codes: &[&str]) {
        codes.iter().for_each(|code| self.scan(code));
    }

    pub fn card(&mut self, word: &str) {
        self.scan(&card(word).unwrap());
    }

    pub fn input(&mut self, input: Input) {
        let at = self.at;
        let effects = update(&mut self.model, at, input);
        self.perform(effects);
    }

    pub fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let answer = match effect {
                Effect::LookUp { ticket, ask } => {
                    Input::Found { ticket, found: Box::new(self.find(&ask)) }
                }
                Effect::Append { ticket, drafts } => match self.failures.pop_front() {
                    Some(failure) => Input::NotStored { ticket, failure },
                    None => Input::Durable { ticket, envelopes: self.store(drafts) },
                },
                Effect::Sound(cue) => {
                    self.sounds.push(cue);
                    continue;
                }
                Effect::VerdictsKept => {
                    self.heard += 1;
                    continue;
                }
                Effect::Quit => {
                    self.quits = true;
                    continue;
                }
            };
            let at = self.at;
            let effects = update(&mut self.model, at, answer);
            self.perform(effects);
        }
    }

    fn store(&mut self, drafts: Vec<Draft>) -> Vec<Envelope> {
        let at = self.at.max(self.stored.last_at + 1);
        let mut envelopes = Vec::new();
        for draft in drafts {
            let seq = self.stored.seq + 1;
            let envelope = Envelope {
                id: Uuid::from_u128(u128::from(seq)),
                site: self.model.setup.site.clone(),
                station: self.model.setup.station,
                stream: Uuid::nil(),
                seq,
                at,
                operator: draft.operator,
                device: draft.device,
                rules: draft.rules,
                event: draft.event,
            };
            self.stored.apply(&envelope).unwrap();
            envelopes.push(envelope);
        }
        for parcel in self.stored.parcels.values() {
            let received = Received {
                parcel: parcel.id,
                label: parcel.label.clone(),
                opened_at: parcel.arrived_at,
                closed_at: parcel.closed_at,
                operator: parcel.operator.clone(),
                site: self.model.setup.site.clone(),
                station: self.model.setup.station,
            };
            self.closed.insert(parcel.label.clone(), received);
        }
        self.log.extend(envelopes.iter().cloned());
        envelopes
    }

    fn find(&self, ask: &Ask) -> Found {
        let mut found = Found::default();
        let rma_of = |order: &Order| {
            self.book
                .rmas
                .iter()
                .find(|rma| rma.client == order.client && rma.order_no == order.order_no)
                .cloned()
        };
        if let Some(key) = &ask.current {
            let order = self
                .book
                .orders
                .iter()
                .find(|order| order.client == key.client && order.order_no == key.order_no);
            found.current = order.map(|order| (order.clone(), rma_of(order)));
        }
        let text = ask.scan.as_ref().map(|scan| scan.text.clone()).unwrap_or_default();
        for order in &self.book.orders {
            let rma = rma_of(order);
            let by_rma = rma.as_ref().is_some_and(|rma| rma.rma.as_str() == text);
            let is = |tracking: &Tracking| tracking.as_str() == text;
            let returned = rma.as_ref().is_some_and(|rma| rma.trackings.iter().any(is));
            let outbound = order.trackings.iter().any(is);
            let serial_of = order
                .lines
                .iter()
                .find(|line| line.serials.iter().any(|serial| serial.as_str() == text))
                .map(|line| line.line);
            let by = if returned || outbound {
                MatchedBy::Tracking
            } else if by_rma {
                MatchedBy::Rma
            } else if order.order_no.as_str() == text {
                MatchedBy::OrderNo
            } else if serial_of.is_some() {
                MatchedBy::Serial
            } else {
                continue;
            };
            let code = text.clone();
            found.orders.push(OrderHit {
                order: order.clone(),
                rma,
                by,
                outbound,
                serial_of,
                code,
            });
        }
        let gtin = ask.scan.as_ref().and_then(gtin_of);
        let known =
            |product: &&Product| gtin.is_some_and(|gtin: Gtin| product.gtins.contains(&gtin));
        found.products = self.book.products.iter().filter(known).cloned().collect();
        found.claims = self.claims();
        found.received = self.closed.get(&text).cloned().into_iter().collect();
        let closed = |received: &&Received| received.closed_at.is_some();
        found.closed_trackings = self
            .closed
            .values()
            .filter(closed)
            .filter_map(|received| received.label.parse().ok())
            .collect();
        found
    }

    fn claims(&self) -> Vec<Claim> {
        let mut all = State::default();
        let mut claims: BTreeMap<_, Claim> = BTreeMap::new();
        for envelope in &self.log {
            all.apply(envelope).unwrap();
            claims.retain(|lpn, _| all.units.contains_key(lpn) || !all.parcels.is_empty());
            for unit in all.units.values() {
                if let Some(sold) = unit.sold() {
                    let claim = Claim {
                        sold,
                        lpn: unit.lpn,
                        parcel: unit.parcel,
                        rma: all.parcels[&unit.parcel].rma.clone(),
                        at: unit.identified_at,
                        operator: unit.operator.clone(),
                    };
                    claims.insert(unit.lpn, claim);
                }
            }
            if let Event::Reversed(_) = envelope.event {
                claims.retain(|lpn, claim| {
                    !all.parcels.contains_key(&claim.parcel) || all.units.contains_key(lpn)
                });
            }
        }
        claims.into_values().collect()
    }

    pub fn kinds(&self) -> Vec<&str> {
        self.log.iter().map(|envelope| envelope.event.kind()).collect()
    }

    /// The kinds recorded since the log had that many events.
    pub fn kinds_since(&self, len: usize) -> Vec<&str> {
        self.log[len..].iter().map(|envelope| envelope.event.kind()).collect()
    }

    pub fn count(&self, kind: &str) -> usize {
        self.kinds().iter().filter(|found| **found == kind).count()
    }

    pub fn screen(&self) -> &'static str {
        self.model.screen().word()
    }

    pub fn refusal(&self) -> &Refusal {
        match self.model.banner.as_ref().map(|notice| &notice.say) {
            Some(Say::Refused(refusal)) => refusal,
            other => panic!("no refusal but {other:?}"),
        }
    }

    /// Starts again from the stored state, as after a crash.
    pub fn restart(&mut self) {
        let mut state = State::default();
        for envelope in &self.log {
            state.apply(envelope).unwrap();
        }
        assert_eq!(state, self.stored);
        self.model = Model::new(Arc::clone(&self.model.setup), state, self.at);
        let effects = resume(&mut self.model);
        self.perform(effects);
    }

    pub fn is_closed(&self, serial: u32) -> bool {
        let parcel = self.stored.parcels.values().find(|parcel| parcel.id.serial == serial);
        parcel.is_none_or(|parcel| parcel.stage == ParcelStage::Closed)
    }
}

fn gtin_of(scan: &Scan) -> Option<Gtin> {
    scan.readings.iter().find_map(|reading| {
        let Reading::Gtin(gtin) = reading else { return None };
        Some(*gtin)
    })
}

pub fn client(name: &str) -> ClientId {
    name.parse().unwrap()
}
