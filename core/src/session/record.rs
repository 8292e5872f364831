//! How the session asks for events to be committed, and how it refuses a scan: every refusal is on
//! record too. Owns: drafts, tickets, and what is said once they are durable.

use crate::domain::event::{Draft, Event, RefusedCause, ScanRefused};
use crate::domain::ids::DeviceName;
use crate::domain::scan::{Reading, Scan, ScanFault};
use crate::session::effect::{Ask, Cue, Effect};
use crate::session::model::{LAST_SCANS_MAX, Model, Pending};
use crate::session::notice::{Notice, Refusal, Say, ScanLine, Tone};

impl Refusal {
    /// The least a refusal has; the rest is for those whose words need it.
    pub(crate) fn of(cause: RefusedCause, scan: &Scan) -> Refusal {
        let other = match &scan.fault {
            Some(ScanFault::Glued { first, second }) => Some(format!("{first} + {second}")),
            Some(
                ScanFault::Empty
                | ScanFault::TooLong { .. }
                | ScanFault::Charset { .. }
                | ScanFault::CheckDigit { .. },
            )
            | None => None,
        };
        Refusal {
            cause,
            code: scan.text.clone(),
            kind: scan.readings.first().map_or("unknown", Reading::word),
            wanted: None,
            disposition: None,
            other,
            before: None,
        }
    }
}

impl Notice {
    pub(crate) fn ok(say: Say) -> Notice {
        Notice { tone: Tone::Ok, say }
    }

    pub(crate) fn attention(say: Say) -> Notice {
        Notice { tone: Tone::Attention, say }
    }
}

impl Tone {
    /// The sound that goes with it.
    pub(crate) fn cue(self) -> Option<Cue> {
        match self {
            Tone::Ok | Tone::Info => Some(Cue::Good),
            Tone::Done => Some(Cue::Done),
            Tone::Attention => Some(Cue::Attention),
            Tone::Dim => None,
        }
    }
}

impl Model {
    fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    /// Asks the order book.
    pub(crate) fn look_up(
        &mut self,
        scan: Option<Scan>,
        device: Option<DeviceName>,
    ) -> Vec<Effect> {
        let ticket = self.ticket();
        let ask = Ask { scan: scan.clone(), current: self.current() };
        self.pending = Pending::LookUp { ticket, scan, device };
        vec![Effect::LookUp { ticket, ask }]
    }

    /// Asks for these events to be committed together; `notice` is said once they are.
    pub(crate) fn append(
        &mut self,
        device: Option<DeviceName>,
        events: Vec<Event>,
        code: String,
        notice: Notice,
    ) -> Vec<Effect> {
        let line = ScanLine { at: self.now, code, notice };
        let drafts = events.into_iter().map(|event| self.draft(&device, event, None)).collect();
        self.commit(drafts, Some(line))
    }

    fn draft(&self, device: &Option<DeviceName>, event: Event, private: Option<String>) -> Draft {
        // The first event of a shift is by the one who starts it.
        let operator = if let Event::ShiftStarted(started) = &event {
            Some(started.operator.clone())
        } else {
            self.state.shift.as_ref().map(|shift| shift.operator.clone())
        };
        let rules = self.setup.policy.version.clone();
        Draft { operator, device: device.clone(), rules, event, private }
    }

    pub(crate) fn commit(&mut self, drafts: Vec<Draft>, line: Option<ScanLine>) -> Vec<Effect> {
        let ticket = self.ticket();
        self.pending = Pending::Append { ticket, drafts: drafts.clone(), line };
        vec![Effect::Append { ticket, drafts }]
    }

    /// Puts on record what the world told, without saying anything.
    pub(crate) fn note(
        &mut self,
        device: DeviceName,
        event: Event,
        line: Option<ScanLine>,
    ) -> Vec<Effect> {
        let draft = self.draft(&Some(device), event, None);
        self.commit(vec![draft], line)
    }

    /// Refuses a scan: on record, then said.
    pub(crate) fn refuse(
        &mut self,
        device: Option<DeviceName>,
        scan: &Scan,
        refusal: Refusal,
    ) -> Vec<Effect> {
        let (code, private) = match scan.readings.first() {
            // A badge is a credential, and a text of no known kind may name a person.
            Some(Reading::Badge(_)) => (None, None),
            Some(Reading::Number(number)) if is_mostly_digits(number) => {
                (Some(number.clone()), None)
            }
            Some(Reading::Number(_)) => (None, Some(scan.text.clone())),
            Some(reading) => (Some(code_of(reading)), None),
            None => (None, Some(scan.text.clone()).filter(|text| !text.is_empty())),
        };
        let event = Event::ScanRefused(ScanRefused {
            cause: refusal.cause,
            reading: refusal.kind.to_owned(),
            code,
            len_bytes: u32::try_from(scan.len_bytes).unwrap_or(u32::MAX),
            text: None,
        });
        let code = refusal.code.clone();
        let line =
            ScanLine { at: self.now, code, notice: Notice::attention(Say::Refused(refusal)) };
        let draft = self.draft(&device, event, private);
        self.commit(vec![draft], Some(line))
    }

    /// Says something that needs no record.
    pub(crate) fn say(&mut self, code: String, notice: Notice) -> Vec<Effect> {
        let line = ScanLine { at: self.now, code, notice };
        self.spoken(line)
    }

    /// Shows a line and gives its sound.
    pub(crate) fn spoken(&mut self, line: ScanLine) -> Vec<Effect> {
        let cue = line.notice.tone.cue();
        if line.notice.tone != Tone::Dim {
            self.banner = Some(line.notice.clone());
        }
        self.last_scans.push_front(line);
        self.last_scans.truncate(LAST_SCANS_MAX);
        cue.map(Effect::Sound).into_iter().collect()
    }
}

/// The code of a reading as events keep it.
pub(crate) fn code_of(reading: &Reading) -> String {
    match reading {
        Reading::Badge(_) => String::new(),
        Reading::Bin(bin) => bin.to_string(),
        Reading::Lpn(lpn) => lpn.to_string(),
        Reading::Command(word) => word.0.clone(),
        Reading::Gtin(gtin) => gtin.to_string(),
        Reading::Sscc(sscc) => sscc.to_string(),
        Reading::Number(number) => number.clone(),
    }
}

/// A number has digits; a text with a digit in it may be an address.
fn is_mostly_digits(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits * 5 >= text.len() * 2
}
