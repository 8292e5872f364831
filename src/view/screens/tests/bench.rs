//! The real session over a made-up order book, so that every model drawn is one that can happen.
//! Start at `Bench::scan`.

use std::collections::BTreeMap;
use std::sync::Arc;

use dockside_core::domain::bin::{Bin, BinUse, Bins, Disposition};
use dockside_core::domain::event::{Draft, Envelope, MatchedBy};
use dockside_core::domain::facts::{Found, OrderHit, Received};
use dockside_core::domain::inspection::{
    Answer, Grade, Inspection, Leads, Path, Question, Scale, Words,
};
use dockside_core::domain::operator::{Lang, Operator, Role};
use dockside_core::domain::order::{AnnouncedLine, Order, OrderLine, Promise, Rma};
use dockside_core::domain::policy::{Policy, PolicyDraft, RuleDraft, Trust};
use dockside_core::domain::replay::State;
use dockside_core::domain::scan::card;
use dockside_core::domain::settlement::AcceptanceAct;
use dockside_core::session::actions::ACTIONS;
use dockside_core::session::effect::{Ask, Effect};
use dockside_core::session::input::{Input, StoreFailure};
use dockside_core::session::model::{Model, Setup};
use dockside_core::session::update;
use uuid::Uuid;

pub(super) const SHIRT: &str = "4006381333931";
pub(super) const SHOES: &str = "4006381333948";
pub(super) const MUG: &str = "4006381333955";
pub(super) const STRANGER: &str = "4006381333962";

/// Tuesday 20 January 2026, 14:31:40 in Paris.
const START_MS: i64 = 1_768_915_900_000;

pub(super) struct Bench {
    pub(super) model: Model,
    orders: Vec<(Order, Option<Rma>)>,
    stored: State,
    received: BTreeMap<String, Received>,
    pub(super) at: i64,
    pub(super) fails: Option<StoreFailure>,
}

fn words(en: &str, fr: &str) -> Words {
    Words([("en", en), ("fr", fr)].map(|(tag, text)| (tag.to_owned(), text.to_owned())).into())
}

fn question(id: &str, text: Words, answers: &[(&str, Words, Leads)]) -> Question {
    let answer = |(id, label, leads): &(&str, Words, Leads)| Answer {
        id: (*id).to_owned(),
        label: label.clone(),
        leads: leads.clone(),
    };
    Question { id: id.to_owned(), text, answers: answers.iter().map(answer).collect() }
}

fn inspection() -> Inspection {
    let grade = |grade: &str| Leads::Grade(grade.to_owned());
    let grades = ["A", "B", "C", "D"].map(|id| Grade { id: id.to_owned(), label: words(id, id) });
    let questions = vec![
        question(
            "box",
            words("Is the box open?", "Le carton est-il ouvert ?"),
            &[
                ("no", words("no, sealed", "non, scellé"), grade("A")),
                ("yes", words("yes, complete", "oui, complet"), Leads::Question("worn".into())),
                ("damaged", words("damaged in transport", "abîmé au transport"), grade("D")),
            ],
        ),
        question(
            "worn",
            words("How does it look?", "Dans quel état est-il ?"),
            &[
                ("new", words("as new", "comme neuf"), grade("B")),
                ("traces", words("light traces", "traces légères"), grade("C")),
                ("dirty", words("dirty", "sale"), grade("C")),
                ("broken", words("broken", "cassé"), grade("D")),
            ],
        ),
    ];
    Inspection {
        scales: vec![Scale { id: "generic".into(), grades: grades.to_vec(), clean: "A".into() }],
        paths: vec![Path {
            id: "generic".into(),
            scale: "generic".into(),
            categories: vec!["*".parse().unwrap()],
            start: "box".into(),
            questions,
        }],
    }
}

fn policy() -> Policy {
    let rule = |name: &str, when: &str, then: Disposition| RuleDraft {
        name: name.to_owned(),
        when: when.to_owned(),
        then,
    };
    let draft = PolicyDraft {
        version: "test".into(),
        verdicts: vec![RuleDraft {
            name: "any".into(),
            when: "true".into(),
            then: AcceptanceAct::Accept,
        }],
        dispositions: vec![
            rule("clean", "grade == \"A\"", Disposition::Restock),
            rule("opened", "grade == \"B\"", Disposition::SecondHand),
            rule("worn", "grade == \"C\"", Disposition::Refurbish),
        ],
        trust: Trust { clean_by_bin: true, ..Trust::default() },
    };
    Policy::compile(draft, "text").unwrap()
}

fn setup() -> Setup {
    let bin = |code: &str, takes: BinUse| Bin { code: code.parse().unwrap(), takes, client: None };
    let operator = Operator {
        id: "marie".parse().unwrap(),
        name: "Marie D.".into(),
        role: Role::Receiver,
        lang: None,
    };
    Setup {
        site: "lille-2".parse().unwrap(),
        station: 7.try_into().unwrap(),
        operators: [("BDGMARIE".parse().unwrap(), operator)].into(),
        refused_badges: Vec::new(),
        policy: policy(),
        inspection: inspection(),
        bins: Bins(vec![
            bin("BIN-RESTOCK-1", BinUse::For(Disposition::Restock)),
            bin("BIN-SECOND-HAND-1", BinUse::For(Disposition::SecondHand)),
            bin("BIN-REFURBISH-1", BinUse::For(Disposition::Refurbish)),
            bin("BIN-QUARANTINE-1", BinUse::For(Disposition::Quarantine)),
            bin("BIN-AWAIT-1", BinUse::AwaitMatch),
        ]),
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

fn line(line: u32, gtin: &str, description: &str, qty: u32) -> OrderLine {
    OrderLine {
        line,
        sku: format!("SKU-{line}").parse().unwrap(),
        gtin: Some(gtin.parse().unwrap()),
        description: description.to_owned(),
        category: None,
        qty,
        unit_price: 1000,
        discount: 0,
        final_sale: false,
        returned: 0,
        serials: Vec::new(),
    }
}

fn order(client: &str, order_no: &str, trackings: &[&str]) -> (Order, Option<Rma>) {
    let order = Order {
        client: client.parse().unwrap(),
        order_no: order_no.parse().unwrap(),
        placed_at: None,
        currency: "EUR".parse().unwrap(),
        lines: vec![
            line(1, SHIRT, "Linen shirt, white", 1),
            line(2, SHOES, "Running shoe 42, blue", 1),
            line(3, MUG, "Mug with a handle", 2),
        ],
        discounts: Vec::new(),
        trackings: Vec::new(),
    };
    let announced = |line, qty| AnnouncedLine { line, qty, reason: None };
    let rma = Rma {
        client: order.client.clone(),
        rma: format!("RMA-{order_no}").parse().unwrap(),
        order_no: order.order_no.clone(),
        method: None,
        trackings: trackings.iter().map(|tracking| tracking.parse().unwrap()).collect(),
        lines: vec![announced(1, 1), announced(2, 1), announced(3, 1)],
        promise: Promise::Refund,
    };
    (order, Some(rma))
}

impl Bench {
    pub(super) fn new(lang: Lang) -> Bench {
        let mut model = Model::new(Arc::new(setup()), State::default(), START_MS);
        model.lang = lang;
        Bench {
            model,
            orders: vec![
                order("maison", "100234", &["6A12345678901"]),
                order("maison", "100777", &["6A22222222222", "6A33333333333"]),
                order("nordlys", "555000", &[]),
                order("maison", "555000", &[]),
            ],
            stored: State::default(),
            received: BTreeMap::new(),
            at: START_MS,
            fails: None,
        }
    }

    /// Signed in, ready for a parcel.
    pub(super) fn ready(lang: Lang) -> Bench {
        let mut bench = Bench::new(lang);
        bench.input(Input::DeviceAttached {
            device: "left".parse().unwrap(),
            transport: "usb".into(),
        });
        bench.scan("BDGMARIE");
        bench
    }

    pub(super) fn scan(&mut self, code: &str) -> &mut Bench {
        self.bytes(code.as_bytes())
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Bench {
        self.at += 4_000;
        let device = "left".parse().unwrap();
        self.input(Input::Scanned { device, bytes: bytes.to_vec(), overlong: None })
    }

    pub(super) fn card(&mut self, word: &str) -> &mut Bench {
        let code = card(word).unwrap();
        self.scan(&code)
    }

    pub(super) fn input(&mut self, input: Input) -> &mut Bench {
        let effects = update(&mut self.model, self.at, input);
        self.perform(effects);
        self
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let answer = match effect {
                Effect::LookUp { ticket, ask } => {
                    Input::Found { ticket, found: Box::new(self.find(&ask)) }
                }
                Effect::Append { ticket, drafts } => match self.fails.take() {
                    Some(failure) => Input::NotStored { ticket, failure },
                    None => Input::Durable { ticket, envelopes: self.store(drafts) },
                },
                Effect::Sound(_) | Effect::VerdictsKept | Effect::Quit => continue,
            };
            let effects = update(&mut self.model, self.at, answer);
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
            self.received.insert(parcel.label.clone(), received);
        }
        envelopes
    }

    fn find(&self, ask: &Ask) -> Found {
        let mut found = Found::default();
        if let Some(key) = &ask.current {
            let of_key = |(order, _): &&(Order, Option<Rma>)| {
                order.client == key.client && order.order_no == key.order_no
            };
            found.current = self.orders.iter().find(of_key).cloned();
        }
        let Some(scan) = &ask.scan else { return found };
        for (order, rma) in &self.orders {
            let by_tracking = rma
                .as_ref()
                .is_some_and(|rma| rma.trackings.iter().any(|number| number.as_str() == scan.text));
            if !by_tracking && order.order_no.as_str() != scan.text {
                continue;
            }
            found.orders.push(OrderHit {
                order: order.clone(),
                rma: rma.clone(),
                by: if by_tracking { MatchedBy::Tracking } else { MatchedBy::OrderNo },
                outbound: false,
                serial_of: None,
                code: scan.text.clone(),
            });
        }
        found.received = self.received.get(&scan.text).cloned().into_iter().collect();
        found
    }
}
