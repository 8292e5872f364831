//! One input at a time: an input that comes while another is being answered waits in the queue, so
//! every scan is decided on the state that the one before it left.
//! Start at `update`. Tests: tests.rs.

use crate::domain::event::{
    CaseCause, CaseOpened, DeviceAttached, DeviceLost, Event, RefusedCause, Reversed, Verdict,
    VerdictReceived,
};
use crate::domain::facts::Found;
use crate::domain::ids::{CaseId, DeviceName};
use crate::domain::operator::Lang;
use crate::domain::scan::{self, Reading, Scan, ScanFault};
use crate::session::actions::{self, Action};
use crate::session::effect::{Cue, Effect};
use crate::session::input::{ClaimLost, Input, StoreFailure};
use crate::session::model::{
    Confirm, ConfirmWhat, DeviceState, Model, OrderFacts, Pending, QUEUE_MAX, Screen,
};
use crate::session::notice::{Notice, Refusal, Say, ScanLine, Stop, Tone};

/// What to ask first after a start, so that an open parcel goes on where it stood.
pub fn resume(model: &mut Model) -> Vec<Effect> {
    if model.current().is_some() { model.look_up(None, None) } else { Vec::new() }
}

/// Takes one input in. `at` is in milliseconds UTC.
pub fn update(model: &mut Model, at: i64, input: Input) -> Vec<Effect> {
    model.now = model.now.max(at);
    let shows_at_once = match &input {
        Input::Typing(_)
        | Input::Sync(_)
        | Input::Disk(_)
        | Input::Tick
        | Input::DeviceDown { .. }
        | Input::NotStored { .. } => true,
        Input::Scanned { .. }
        | Input::Pressed(_)
        | Input::Found { .. }
        | Input::NotFound { .. }
        | Input::Durable { .. }
        | Input::DeviceAttached { .. }
        | Input::DeviceLost { .. }
        | Input::ClaimsLost(_) => false,
    };
    let was_said = model.last_scans.front().cloned();
    let mut effects = take(model, at, input);
    while model.pending == Pending::Nothing {
        let Some((at, input)) = model.queue.pop_front() else { break };
        effects.extend(decide(model, at, input));
    }
    // What is asked and not answered yet shows nothing new: drawing it would only make the answer
    // wait for the frame.
    let was_answered = model.pending == Pending::Nothing;
    if shows_at_once || was_answered || model.last_scans.front() != was_said.as_ref() {
        model.version += 1;
    }
    effects
}

/// Answers are taken at once; whatever may ask something new waits for its turn.
fn take(model: &mut Model, at: i64, input: Input) -> Vec<Effect> {
    match input {
        Input::Found { ticket, found } => on_found(model, ticket, *found),
        Input::NotFound { ticket, why: _ } => on_not_found(model, ticket),
        Input::Durable { ticket, envelopes } => on_durable(model, ticket, &envelopes),
        Input::NotStored { ticket, failure } => on_not_stored(model, ticket, failure),
        Input::Typing(text) => {
            model.typing = text;
            Vec::new()
        }
        Input::Sync(status) => {
            model.sync = status;
            Vec::new()
        }
        Input::Disk(state) => {
            model.disk = state;
            Vec::new()
        }
        Input::Tick => Vec::new(),
        Input::DeviceDown { device, why } => {
            model.devices.insert(device, DeviceState::Down(why));
            Vec::new()
        }
        Input::Scanned { .. }
        | Input::Pressed(_)
        | Input::ClaimsLost(_)
        | Input::DeviceAttached { .. }
        | Input::DeviceLost { .. } => {
            if model.queue.len() >= QUEUE_MAX {
                let say = Say::Refused(Refusal::of(RefusedCause::TooMany, &scan::read(b"")));
                return model.say(String::new(), Notice::attention(say));
            }
            model.queue.push_back((at, input));
            Vec::new()
        }
    }
}

/// Decides on an input whose turn it is.
fn decide(model: &mut Model, at: i64, input: Input) -> Vec<Effect> {
    match input {
        Input::Scanned { device, bytes, overlong } => on_scan(model, at, device, &bytes, overlong),
        Input::Pressed(key) => on_key(model, &key),
        Input::DeviceAttached { device, transport } => on_attached(model, device, transport),
        Input::DeviceLost { device, partial_bytes } => on_lost(model, device, partial_bytes),
        Input::ClaimsLost(lost) => on_claims_lost(model, lost),
        Input::Typing(_)
        | Input::Found { .. }
        | Input::NotFound { .. }
        | Input::Durable { .. }
        | Input::NotStored { .. }
        | Input::DeviceDown { .. }
        | Input::Sync(_)
        | Input::Disk(_)
        | Input::Tick => Vec::new(),
    }
}

fn on_attached(model: &mut Model, device: DeviceName, transport: String) -> Vec<Effect> {
    let was_lost = model.devices.insert(device.clone(), DeviceState::Ready);
    let line = was_lost.is_some().then(|| {
        let say = Say::ScannerReady { device: device.to_string() };
        ScanLine { at: model.now, code: String::new(), notice: Notice { tone: Tone::Info, say } }
    });
    model.note(device.clone(), Event::from(DeviceAttached { device, transport }), line)
}

fn on_lost(model: &mut Model, device: DeviceName, partial_bytes: u32) -> Vec<Effect> {
    model.devices.insert(device.clone(), DeviceState::Lost);
    let say = Say::ScannerLost { device: device.to_string(), partial_bytes };
    let notice = Notice::attention(say);
    let line = ScanLine { at: model.now, code: String::new(), notice };
    model.note(device.clone(), Event::from(DeviceLost { device, partial_bytes }), Some(line))
}

/// Each lost claim is put on record once, with a case for the unit that came second.
fn on_claims_lost(model: &mut Model, lost: Vec<ClaimLost>) -> Vec<Effect> {
    let known = |lost: &ClaimLost| model.state.claims_lost.contains(&lost.of);
    let fresh: Vec<ClaimLost> = lost.into_iter().filter(|lost| !known(lost)).collect();
    let Some(last) = fresh.last().cloned() else { return vec![Effect::VerdictsKept] };
    let mut events = Vec::new();
    for (lost, at) in fresh.into_iter().zip(0..) {
        let case = CaseId { serial: model.next_case().serial + at, ..model.next_case() };
        let parcel = model.state.units.get(&lost.lpn).map(|unit| unit.parcel);
        let (cause, lpn) = (CaseCause::DoubleReturn, Some(lost.lpn));
        events.push(Event::from(VerdictReceived {
            of: lost.of,
            verdict: Verdict::ClaimLost,
            sold: Some(lost.sold),
            winner_site: Some(lost.winner_site),
            winner_station: Some(lost.winner.station),
            winner_at: Some(lost.winner.at),
            winner_operator: lost.winner.operator,
        }));
        events.push(Event::from(CaseOpened { case, cause, parcel, lpn }));
    }
    let say = Say::DoubleReturn { lpn: last.lpn, site: last.winner_site, before: last.winner };
    model.append(None, events, last.lpn.to_string(), Notice::attention(say))
}

/// The same code again at once is one symbol read twice; it is shown, not acted on.
fn is_bounce(model: &Model, at: i64, device: &DeviceName, bytes: &[u8]) -> bool {
    let setup = &model.setup;
    model.bounce.as_ref().is_some_and(|(from, before, then)| {
        let window = if from == device { setup.bounce_ms } else { setup.echo_ms };
        before == bytes && at - then < window
    })
}

fn on_scan(
    model: &mut Model,
    at: i64,
    device: DeviceName,
    bytes: &[u8],
    overlong: Option<usize>,
) -> Vec<Effect> {
    model.typing.clear();
    let mut scan = scan::read(bytes);
    if let Some(len) = overlong {
        scan.readings.clear();
        scan.len_bytes = len;
        scan.fault = Some(ScanFault::TooLong { len });
    }
    let bounces = is_bounce(model, at, &device, bytes);
    let other_lane = other_lane(model, &device);
    if other_lane.is_none() {
        // What the other lane reads first must not make an echo of the right one's scan.
        model.bounce = Some((device.clone(), bytes.to_vec(), at));
    }
    if bounces {
        return model.say(scan.text, Notice { tone: Tone::Dim, say: Say::Again });
    }
    if let (Some(other), None) = (other_lane, &model.stop) {
        let refusal =
            Refusal { other: Some(other), ..Refusal::of(RefusedCause::OtherScanner, &scan) };
        return model.refuse(Some(device), &scan, refusal);
    }
    if let Some(Reading::Command(word)) = scan.readings.first() {
        return match actions::by_card(word) {
            Some(row) => act(model, row.action, Some(device), &scan),
            None => model.refuse_as(Some(device), &scan, RefusedCause::UnknownCard),
        };
    }
    if model.stop.is_some() {
        return model.refuse_as(Some(device), &scan, RefusedCause::StopShown);
    }
    if let Some(cause) = hopeless(&scan) {
        return model.refuse_as(Some(device), &scan, cause);
    }
    match model.screen() {
        Screen::Badge => model.badge_scanned(Some(device), &scan),
        Screen::Receive => model.receive_scanned(device, scan),
        Screen::Choose => model.choose_scanned(Some(device), &scan),
        Screen::Item => model.item_scanned(device, scan),
        Screen::Offer => model.offer_scanned(device, &scan),
        Screen::Inspect => model.inspect_scanned(Some(device), &scan),
        Screen::Put => model.put_scanned(device, &scan),
        Screen::Stop => Vec::new(),
    }
}

/// With a unit in hand, the lane belongs to the scanner that read it, as long as that one is there.
fn other_lane(model: &Model, device: &DeviceName) -> Option<String> {
    let lane = model.state.in_hand()?.device.as_ref()?;
    let there = !matches!(model.devices.get(lane), Some(DeviceState::Lost | DeviceState::Down(_)));
    (there && lane != device).then(|| lane.to_string())
}

/// Scans that mean nothing on any screen. A failed check digit is not among them: a number may
/// still be a carrier's.
fn hopeless(scan: &Scan) -> Option<RefusedCause> {
    match scan.fault.as_ref()? {
        ScanFault::Empty => Some(RefusedCause::Empty),
        ScanFault::TooLong { .. } => Some(RefusedCause::TooLong),
        ScanFault::Charset { .. } => Some(RefusedCause::Charset),
        // Digits that look like two products may still be one carrier's number.
        ScanFault::Glued { .. } => scan.readings.is_empty().then_some(RefusedCause::Glued),
        ScanFault::CheckDigit { .. } => {
            scan.readings.is_empty().then_some(RefusedCause::CheckDigit)
        }
    }
}

fn on_key(model: &mut Model, key: &str) -> Vec<Effect> {
    match model.setup.keys.get(key).copied() {
        Some(action) => act(model, action, None, &scan::read(key.as_bytes())),
        None => Vec::new(),
    }
}

/// Does what a card or key asks, where the screen answers to it.
fn act(model: &mut Model, action: Action, device: Option<DeviceName>, scan: &Scan) -> Vec<Effect> {
    let screen = model.screen();
    if !actions::on(screen).any(|row| row.action == action) {
        if device.is_none() {
            return Vec::new(); // a key that means nothing here is no mistake worth a record
        }
        let cause = match screen {
            Screen::Stop => RefusedCause::StopShown,
            Screen::Badge => RefusedCause::NotSignedIn,
            Screen::Offer | Screen::Put if action == Action::Done => RefusedCause::UnitInHand,
            Screen::Receive
            | Screen::Choose
            | Screen::Item
            | Screen::Offer
            | Screen::Inspect
            | Screen::Put => RefusedCause::NotHere,
        };
        return model.refuse_as(device, scan, cause);
    }
    if !matches!(action, Action::Help | Action::Language | Action::French | Action::English) {
        model.show_help = false;
    }
    match action {
        Action::Ok => {
            model.stop = None;
            model.wrong_bin = None;
            Vec::new()
        }
        Action::Help => {
            model.show_help = !model.show_help;
            Vec::new()
        }
        Action::Language => {
            model.lang = match model.lang {
                Lang::En => Lang::Fr,
                Lang::Fr => Lang::En,
            };
            Vec::new()
        }
        Action::French => {
            model.lang = Lang::Fr;
            Vec::new()
        }
        Action::English => {
            model.lang = Lang::En;
            Vec::new()
        }
        Action::Quit => quit(model),
        Action::Undo => undo(model, device, scan),
        Action::Done => model.done(device, scan),
        Action::End => model.end_shift(device, scan),
        Action::Inspect => model.ask_questions(device, scan, crate::domain::event::AnswerBy::Card),
        Action::NoLabel => model.open_blind(device, String::new(), scan.text.clone()),
        Action::Answer(tile) => match screen {
            Screen::Choose => model.choose(device, scan, tile),
            Screen::Badge
            | Screen::Receive
            | Screen::Item
            | Screen::Offer
            | Screen::Inspect
            | Screen::Put
            | Screen::Stop => model.answer(device, scan, tile),
        },
    }
}

fn quit(model: &mut Model) -> Vec<Effect> {
    if model.state.open.is_some() && !model.confirmed(&ConfirmWhat::Quit) {
        return model.say(String::new(), Notice { tone: Tone::Info, say: Say::ConfirmQuit });
    }
    vec![Effect::Quit]
}

fn undo(model: &mut Model, device: Option<DeviceName>, scan: &Scan) -> Vec<Effect> {
    if model.choice.take().is_some() || model.confirm.take().is_some() {
        let say = Say::Undone { events: 0 };
        return model.say(scan.text.clone(), Notice { tone: Tone::Info, say });
    }
    let ids = model.state.last_step();
    if ids.is_empty() {
        return model.refuse_as(device, scan, RefusedCause::NothingToUndo);
    }
    let events: Vec<Event> = ids.into_iter().map(|of| Reversed { of }.into()).collect();
    let say = Say::Undone { events: events.len() };
    model.append(device, events, scan.text.clone(), Notice { tone: Tone::Info, say })
}

fn on_found(model: &mut Model, ticket: u64, found: Found) -> Vec<Effect> {
    let (scan, device) = match std::mem::take(&mut model.pending) {
        Pending::LookUp { ticket: asked, scan, device } if asked == ticket => (scan, device),
        other @ (Pending::Nothing | Pending::LookUp { .. } | Pending::Append { .. }) => {
            model.pending = other; // an answer nobody waits for
            return Vec::new();
        }
    };
    model.learn(&found);
    let (Some(scan), Some(device)) = (scan, device) else { return Vec::new() };
    if model.state.open.is_some() {
        model.item_found(device, &scan, &found)
    } else {
        model.receive_found(device, &scan, &found)
    }
}

fn on_not_found(model: &mut Model, ticket: u64) -> Vec<Effect> {
    match std::mem::take(&mut model.pending) {
        Pending::LookUp { ticket: asked, scan, device } if asked == ticket => match scan {
            Some(scan) => model.refuse_as(device, &scan, RefusedCause::BookFailed),
            None => Vec::new(),
        },
        other @ (Pending::Nothing | Pending::LookUp { .. } | Pending::Append { .. }) => {
            model.pending = other;
            Vec::new()
        }
    }
}

fn on_durable(
    model: &mut Model,
    ticket: u64,
    envelopes: &[crate::domain::event::Envelope],
) -> Vec<Effect> {
    let line = match std::mem::take(&mut model.pending) {
        Pending::Append { ticket: asked, line, .. } if asked == ticket => line,
        other @ (Pending::Nothing | Pending::LookUp { .. } | Pending::Append { .. }) => {
            model.pending = other;
            return Vec::new();
        }
    };
    let before = model.current();
    for envelope in envelopes {
        if let Err(refused) = model.state.apply(envelope) {
            // The journal folded these very events before it stored them.
            model.stop = Some(Stop::NotStored(StoreFailure::Refused(refused.to_string())));
            return vec![Effect::Sound(Cue::Stop)];
        }
    }
    model.follow_shift();
    let mut effects = line.map(|line| model.spoken(line)).unwrap_or_default();
    if envelopes.iter().any(|envelope| matches!(envelope.event, Event::VerdictReceived(_))) {
        effects.push(Effect::VerdictsKept);
    }
    if model.current() != before && !model.facts_fit() {
        effects.extend(resume(model));
        return effects;
    }
    effects
}

fn on_not_stored(model: &mut Model, ticket: u64, failure: StoreFailure) -> Vec<Effect> {
    match std::mem::take(&mut model.pending) {
        Pending::Append { ticket: asked, .. } if asked == ticket => {
            model.stop = Some(Stop::NotStored(failure));
            // The scan counted for nothing, so the same again is not its bounce.
            model.bounce = None;
            vec![Effect::Sound(Cue::Stop)]
        }
        other @ (Pending::Nothing | Pending::LookUp { .. } | Pending::Append { .. }) => {
            model.pending = other;
            Vec::new()
        }
    }
}

impl Model {
    pub(crate) fn refuse_as(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
        cause: RefusedCause,
    ) -> Vec<Effect> {
        self.refuse(device, scan, Refusal::of(cause, scan))
    }

    /// True when the same thing was asked within the time to confirm; else it now waits for that.
    pub(crate) fn confirmed(&mut self, what: &ConfirmWhat) -> bool {
        let now = self.now;
        let again = self
            .confirm
            .take()
            .is_some_and(|confirm| confirm.what == *what && now <= confirm.until);
        if !again {
            let until = now + self.setup.confirm_ms;
            self.confirm = Some(Confirm { what: what.clone(), until });
        }
        again
    }

    /// Keeps what a look-up told of the parcel on the bench and of products.
    fn learn(&mut self, found: &Found) {
        if let Some((order, rma)) = &found.current {
            self.keep_facts(order.clone(), rma.clone(), found);
        }
        for product in &found.products {
            if !self.products.contains(product) {
                self.products.push(product.clone());
            }
        }
    }

    pub(crate) fn keep_facts(
        &mut self,
        order: crate::domain::order::Order,
        rma: Option<crate::domain::order::Rma>,
        found: &Found,
    ) {
        let of_order = |claim: &&crate::domain::facts::Claim| {
            claim.sold.client == order.client && claim.sold.order_no == order.order_no
        };
        let claims = found.claims.iter().filter(of_order).cloned().collect();
        let closed_trackings = found.closed_trackings.clone();
        self.facts = Some(OrderFacts { order, rma, claims, closed_trackings });
    }

    /// Whether the facts kept are those of the parcel on the bench.
    fn facts_fit(&self) -> bool {
        let Some(current) = self.current() else { return true };
        self.facts.as_ref().is_some_and(|facts| {
            facts.order.client == current.client
                && facts.order.order_no == current.order_no
                && facts.rma.as_ref().map(|rma| &rma.rma) == current.rma.as_ref()
        })
    }

    fn follow_shift(&mut self) {
        if self.state.shift.is_none() {
            self.choice = None;
            self.confirm = None;
        }
        if self.state.open.is_none() {
            self.products.clear();
        }
    }
}
