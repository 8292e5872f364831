//! What the session said, in words: the lines of the band and the short text of the list.
//! Owns: which text a notice gets, with which values in it. Never: the texts (those are `words`).
//! Start at `short`, then `lines`. Tests: screens/tests.rs.

use dockside_core::domain::bin::Disposition;
use dockside_core::domain::ids::OperatorId;
use dockside_core::domain::scan::{Reading, read};
use dockside_core::domain::unit::Unexpected;
use dockside_core::session::actions::by_card;
use dockside_core::session::notice::{self, Before, Refusal, Say};

use crate::view::screens::{Stage, around};
use crate::view::theme::Tone;
use crate::view::words::{Arg, ThreeLines, refusal_id};

/// The look of what the session's tone means.
pub(super) fn tone(tone: notice::Tone) -> Tone {
    match tone {
        notice::Tone::Ok => Tone::Ok,
        notice::Tone::Done => Tone::Done,
        notice::Tone::Attention => Tone::Attention,
        notice::Tone::Info => Tone::Info,
        notice::Tone::Dim => Tone::Dim,
    }
}

/// A text's id, and the values for it.
struct Phrase {
    id: String,
    args: Vec<(&'static str, Value)>,
    /// It has three lines and a short form.
    is_three: bool,
}

enum Value {
    Text(String),
    Number(u64),
}

impl Phrase {
    fn one(id: &str) -> Phrase {
        Phrase { id: id.to_owned(), args: Vec::new(), is_three: false }
    }

    fn three(id: &str) -> Phrase {
        Phrase { is_three: true, ..Phrase::one(id) }
    }

    fn with(mut self, name: &'static str, text: impl ToString) -> Phrase {
        self.args.push((name, Value::Text(text.to_string())));
        self
    }

    fn count(mut self, name: &'static str, n: impl TryInto<u64>) -> Phrase {
        self.args.push((name, Value::Number(n.try_into().unwrap_or(u64::MAX))));
        self
    }

    fn args(&self) -> Vec<(&str, Arg<'_>)> {
        self.args
            .iter()
            .map(|(name, value)| match value {
                Value::Text(text) => (*name, Arg::Text(text)),
                Value::Number(number) => (*name, Arg::Number(*number)),
            })
            .collect()
    }
}

impl Stage<'_> {
    /// The text for the list of last scans.
    pub(super) fn short(&self, say: &Say) -> String {
        let phrase = self.phrase(say);
        let id = if phrase.is_three { format!("{}.short", phrase.id) } else { phrase.id.clone() };
        self.text(&id, &phrase.args())
    }

    /// The lines of the band.
    pub(super) fn lines(&self, say: &Say) -> Vec<String> {
        let phrase = self.phrase(say);
        if phrase.is_three {
            let ThreeLines { what, now, safe } = self.words.three(&phrase.id, &phrase.args());
            return vec![what, now, safe];
        }
        let mut lines = vec![self.text(&phrase.id, &phrase.args())];
        lines.extend(self.added(say));
        lines
    }

    /// What more a closed parcel has to say.
    fn added(&self, say: &Say) -> Vec<String> {
        let Say::ParcelClosed { units, missing, parcels_out, .. } = say else { return Vec::new() };
        // The first line counts the units where nothing else is to be said.
        let is_plain = *missing == 0 && *parcels_out == 0;
        if is_plain || *units == 0 {
            return Vec::new();
        }
        vec![self.text("closed-units", &[("units", (*units).into())])]
    }

    /// What was scanned, as a person knows it: a card by its word, a badge not at all.
    pub(super) fn code(&self, code: &str) -> String {
        match read(code.as_bytes()).readings.first() {
            Some(Reading::Command(word)) => {
                by_card(word).map_or_else(|| code.to_owned(), |row| around::card(self, row))
            }
            Some(Reading::Badge(_)) => "BDG".to_owned(),
            Some(
                Reading::Bin(_)
                | Reading::Lpn(_)
                | Reading::Gtin(_)
                | Reading::Sscc(_)
                | Reading::Number(_),
            )
            | None => code.to_owned(),
        }
    }

    fn phrase(&self, say: &Say) -> Phrase {
        match say {
            Say::SignedIn { name } => Phrase::one("say-signed-in").with("name", name),
            Say::SignedOut => Phrase::one("say-signed-out"),
            Say::ParcelOpened { parcel: _, client, order_no, expected } => {
                Phrase::one("say-parcel-opened")
                    .with("order", order_no)
                    .with("client", client)
                    .count("units", *expected)
            }
            Say::BlindOpened { parcel: _ } => Phrase::one("say-blind-opened"),
            Say::Matched { client, order_no } => {
                Phrase::one("say-matched").with("order", order_no).with("client", client)
            }
            Say::UnitIdentified { lpn, what } => {
                Phrase::one("say-unit-identified").with("what", what).with("lpn", lpn)
            }
            Say::UnitUnexpected { lpn, what, why } => {
                Phrase::one(unexpected_id(*why)).with("what", what).with("lpn", lpn)
            }
            Say::QuestionsOpened => Phrase::one("say-questions"),
            Say::Answered { label } => Phrase::one("say-answered").with("label", label),
            Say::Graded { grade, disposition, bin } => Phrase::one("say-graded")
                .with("grade", grade)
                .with("disposition", self.disposition(*disposition))
                .with("bin", bin),
            Say::Binned { bin } => Phrase::one("say-binned").with("bin", bin),
            Say::ParcelClosed { parcel: _, units, missing, parcels_out } => {
                closed(*units, *missing, *parcels_out)
            }
            Say::ParcelEmpty { parcel: _ } => Phrase::one("say-parcel-empty"),
            Say::Reopened { parcel } => Phrase::one("say-reopened").with("parcel", parcel),
            Say::ConfirmDone { missing } => {
                Phrase::three("confirm-done").count("missing", *missing)
            }
            Say::ConfirmEmpty => Phrase::three("confirm-empty"),
            Say::ConfirmEnd => Phrase::three("confirm-end"),
            Say::ConfirmQuit => Phrase::three("confirm-quit"),
            Say::Undone { events } => Phrase::one("say-undone").count("events", *events),
            Say::Again => Phrase::one("say-again"),
            Say::Refused(refusal) => self.refused(refusal),
            Say::DoubleReturn { lpn, site, before } => {
                let phrase = Phrase::three("say-double-return").with("lpn", lpn).with("site", site);
                self.before(phrase, Some(before))
            }
            Say::ScannerLost { device, partial_bytes } => {
                let id = match (*partial_bytes > 0, self.model.state.open.is_some()) {
                    (true, _) => "warn-scanner-cut",
                    (false, true) => "warn-scanner-lost",
                    (false, false) => "warn-scanner-idle",
                };
                Phrase::three(id).with("device", device).with("when", self.lost_at(say))
            }
            Say::ScannerReady { device } => Phrase::one("say-scanner-ready").with("device", device),
        }
    }

    fn refused(&self, refusal: &Refusal) -> Phrase {
        let bin = || self.model.proposed_bin().map(|bin| bin.to_string());
        let wanted = refusal.wanted.as_ref().map(ToString::to_string).or_else(bin);
        let other = refusal.other.clone().unwrap_or_else(|| refusal.code.clone());
        let phrase = Phrase::three(&refusal_id(refusal.cause))
            .with("code", self.code(&refusal.code))
            .with("wanted", wanted.unwrap_or_default())
            .with("other", other);
        self.before(phrase, refusal.before.as_ref())
    }

    fn before(&self, phrase: Phrase, before: Option<&Before>) -> Phrase {
        let Some(before) = before else {
            return phrase.with("when", "").with("station", "").with("operator", "");
        };
        phrase
            .with("when", self.when(before.at))
            .with("station", before.station)
            .with("operator", self.name(before.operator.as_ref()))
    }

    /// The name a colleague is known by.
    pub(super) fn name(&self, operator: Option<&OperatorId>) -> String {
        let Some(id) = operator else { return self.text("somebody", &[]) };
        let known = self.model.setup.operators.values().find(|operator| operator.id == *id);
        known.map_or_else(|| id.to_string(), |operator| operator.name.clone())
    }

    /// When the list says it was lost; the band stands for its newest line.
    fn lost_at(&self, say: &Say) -> String {
        let line = self.model.last_scans.iter().find(|line| line.notice.say == *say);
        self.minute(line.map_or(self.model.now, |line| line.at))
    }

    pub(super) fn disposition(&self, disposition: Disposition) -> String {
        let id = format!("disposition-{}", disposition.word().replace('_', "-"));
        self.text(&id, &[])
    }
}

fn closed(units: usize, missing: u32, parcels_out: usize) -> Phrase {
    if parcels_out > 0 {
        Phrase::one("say-parcel-closed-out").count("out", parcels_out)
    } else if missing > 0 {
        Phrase::one("say-parcel-closed-short").count("missing", missing)
    } else if units == 0 {
        Phrase::one("say-parcel-empty")
    } else {
        Phrase::one("say-parcel-closed").count("units", units)
    }
}

fn unexpected_id(why: Unexpected) -> &'static str {
    match why {
        Unexpected::NotAnnounced => "say-unit-not-announced",
        Unexpected::NotOnOrder => "say-unit-not-on-order",
        Unexpected::OverCount => "say-unit-over-count",
        Unexpected::Unmatched => "say-unit-unmatched",
    }
}
