//! Ready for a parcel, and a parcel open: what it is, what is expected in it, what has come.
//! Owns: the list of expected lines. Start at `ready`, then `item`. Tests: screens/tests.rs.

use dockside_core::domain::parcel::ParcelKind;
use dockside_core::domain::replay::{ParcelRow, UnitRow};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::view::screens::{Size, Stage, count, from_row, rows};
use crate::view::theme::{Sign, Tone};
use crate::view::widgets::printable::printable;

/// Rows of the list of expected lines, with its heading.
const LIST_ROWS: u16 = 5;
/// Rows of a prompt in big letters, one line of them.
const PROMPT_ROWS: u16 = 6;
/// Rows of what stands below the count, and a gap.
const FOOT_ROWS: u16 = 3;

pub(super) fn ready(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let mut foot = vec![(stage.text("receive-hint", &[]), stage.style(Tone::Text))];
    if stage.model.state.tally.parcels == 0 {
        foot.push((stage.text("receive-empty", &[]), stage.style(Tone::Dim)));
    }
    stage.step(&stage.text("receive-prompt", &[]), &foot, area, buf);
}

pub(super) fn item(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let Some(parcel) = stage.model.state.open_parcel() else { return };
    stage.row(&heading(stage, parcel), stage.bold(Tone::Text), area, buf);
    let hint = (stage.text("item-hint", &[]), stage.style(Tone::Dim));
    let prompt = stage.text("item-prompt", &[]);
    let area = from_row(area, 1);
    if stage.size >= Size::Medium {
        return with_progress(stage, &prompt, hint, area, buf);
    }
    let listed = expected(stage);
    // The prompt never gives way to the list; the list shows what is still to come first.
    let list_rows = count(listed.len().saturating_add(1)).min(LIST_ROWS);
    let kept = list_rows.saturating_add(1).min(area.height.saturating_sub(PROMPT_ROWS + 1));
    let above = rows(area, area.height - kept);
    let spare = u16::from(above.height > PROMPT_ROWS);
    let took = stage.prompt(&prompt, Tone::Info, from_row(above, spare), buf);
    let below = from_row(area, spare + took + u16::from(above.height > PROMPT_ROWS + 1));
    let (hint, style) = hint;
    if below.height > 0 {
        let last = from_row(below, below.height - 1);
        list(stage, parcel, &listed, rows(below, below.height - 1), buf);
        stage.row(&hint, style, last, buf);
    }
}

/// On a larger screen the count stands below the prompt, as large; the prompt never gives way to
/// it.
fn with_progress(
    stage: &Stage<'_>,
    prompt: &str,
    hint: (String, Style),
    area: Rect,
    buf: &mut Buffer,
) {
    let Some(parcel) = stage.model.state.open_parcel() else { return };
    let bold = stage.bold(Tone::Text);
    let foot = |notes: String| {
        let both = [(notes, bold), hint.clone()];
        both.into_iter().filter(|(text, _)| !text.is_empty()).collect::<Vec<_>>()
    };
    let (upper, lower) = (rows(area, area.height / 2), from_row(area, area.height / 2));
    let form = |room: Rect| stage.big(prompt, Tone::Info, 3).fit(room).map(|fitted| fitted.form);
    let progress = stage.model.expected().map(|(come, total)| {
        stage.text("item-progress", &[("n", come.into()), ("m", total.into())])
    });
    let progress = progress.filter(|_| form(upper).is_some() && form(upper) == form(area));
    let room = rows(lower, lower.height.saturating_sub(FOOT_ROWS));
    let big = progress.as_deref().map(|text| stage.big(text, Tone::Text, 1));
    let Some((big, fitted)) = big.and_then(|big| Some((big, big.fit(room)?))) else {
        return stage.step(prompt, &foot(notes(stage, parcel)), area, buf);
    };
    let spare = room.height.saturating_sub(fitted.height);
    big.draw(&fitted, from_row(room, spare / 2), buf);
    stage.step(prompt, &[], upper, buf);
    let foot = foot(rest_of(stage, parcel).join(", "));
    let feet = from_row(area, area.height.saturating_sub(count(foot.len())));
    for ((text, style), place) in foot.iter().zip(feet.rows()) {
        stage.row(text, *style, place, buf);
    }
}

impl Stage<'_> {
    /// The parcel's label, or its number where there was none to read.
    pub(super) fn label(&self, parcel: &ParcelRow) -> String {
        if parcel.label.is_empty() { parcel.id.to_string() } else { parcel.label.clone() }
    }
}

/// What the parcel is: its kind, its order.
pub(super) fn heading(stage: &Stage<'_>, parcel: &ParcelRow) -> String {
    match (&parcel.order_no, &parcel.client) {
        (Some(order_no), Some(client)) => {
            let (order, client) = (order_no.to_string(), client.to_string());
            let args = [("order", (&order).into()), ("client", (&client).into())];
            let order = stage.text("item-order", &args);
            format!("{order}   {}   {}", kind(stage, parcel.kind), stage.label(parcel))
        }
        (_, _) => stage.text("item-not-announced", &[]),
    }
}

pub(super) fn kind(stage: &Stage<'_>, kind: ParcelKind) -> String {
    let id = match kind {
        ParcelKind::Announced => "kind-announced",
        ParcelKind::Preprinted => "kind-preprinted",
        ParcelKind::Blind => "kind-blind",
        ParcelKind::Rts => "kind-rts",
        ParcelKind::StoreTransfer => "kind-store-transfer",
        ParcelKind::TradeIn => "kind-trade-in",
        ParcelKind::Misrouted => "kind-misrouted",
    };
    stage.text(id, &[])
}

/// How many have come, and how many parcels are still out.
pub(super) fn notes(stage: &Stage<'_>, parcel: &ParcelRow) -> String {
    let mut parts = Vec::new();
    if let Some((come, total)) = stage.model.expected() {
        parts.push(stage.text("item-progress", &[("n", come.into()), ("m", total.into())]));
    }
    parts.extend(rest_of(stage, parcel));
    parts.join(", ")
}

/// What more there is to know of the return, but the count.
fn rest_of(stage: &Stage<'_>, parcel: &ParcelRow) -> Vec<String> {
    let mut parts = Vec::new();
    let out = stage.model.parcels_out();
    if out > 0 {
        let all = stage.model.facts.as_ref().and_then(|facts| facts.rma.as_ref());
        let all = all.map_or(out, |rma| rma.trackings.len());
        parts.push(stage.text("item-parcels-out", &[("out", out.into()), ("m", all.into())]));
    }
    if parcel.order_no.is_none() {
        parts.push(stage.text("item-no-order", &[]));
    }
    parts
}

/// One line of the return: how many came of how many, what it is, where it went.
pub(super) struct Expected {
    come: u32,
    of: Option<u32>,
    what: String,
    to: Vec<String>,
    /// One of them is in the receiver's hand.
    in_hand: bool,
}

/// What was announced; without an announcement what has come so far.
pub(super) fn expected(stage: &Stage<'_>) -> Vec<Expected> {
    let model = stage.model;
    let Some(parcel) = model.state.open_parcel() else { return Vec::new() };
    let units: Vec<&UnitRow> = model.state.units_of(parcel.id).collect();
    let bin =
        |unit: &&UnitRow| unit.filling.as_ref().and(unit.bin.as_ref()).map(ToString::to_string);
    let announced = model.facts.as_ref().and_then(|facts| Some((facts, facts.rma.as_ref()?)));
    let missing = model.missing();
    let mut lines = Vec::new();
    for (facts, line) in
        announced.iter().flat_map(|(facts, rma)| rma.lines.iter().map(move |line| (facts, line)))
    {
        let left = missing.iter().find(|(of, _)| *of == line.line).map_or(0, |(_, left)| *left);
        let what = facts.order.line(line.line).map(|line| line.description.clone());
        let here = || units.iter().filter(|unit| unit.line == Some(line.line));
        lines.push(Expected {
            come: line.qty.saturating_sub(left),
            of: Some(line.qty),
            what: what.unwrap_or_default(),
            to: here().filter_map(bin).collect(),
            in_hand: here().any(|unit| unit.filling.is_none()),
        });
    }
    let of_rma = |unit: &&&UnitRow| {
        announced.is_some_and(|(_, rma)| rma.lines.iter().any(|line| Some(line.line) == unit.line))
    };
    for unit in units.iter().filter(|unit| !of_rma(unit)) {
        let (what, to) = (model.name_of(unit), bin(unit).into_iter().collect());
        let in_hand = unit.filling.is_none();
        lines.push(Expected { come: 1, of: None, what, to, in_hand });
    }
    lines
}

/// A heading with the count, then the lines that fit.
fn list(stage: &Stage<'_>, parcel: &ParcelRow, listed: &[Expected], area: Rect, buf: &mut Buffer) {
    let title = stage.text("item-lines-title", &[]);
    let notes = notes(stage, parcel);
    let title = if stage.model.expected().is_some() { format!("{title}   {notes}") } else { notes };
    stage.row(&title, stage.bold(Tone::Text), area, buf);
    lines(stage, listed, from_row(area, 1), buf);
}

/// The lines that fit; where not all do, what is in hand and what is to come stand first.
pub(super) fn lines(stage: &Stage<'_>, listed: &[Expected], area: Rect, buf: &mut Buffer) {
    let is_open = |line: &&Expected| line.of.is_some_and(|of| line.come < of);
    let mut shown: Vec<&Expected> = listed.iter().collect();
    if listed.len() > usize::from(area.height) {
        shown.sort_by_key(|line| (!line.in_hand, !is_open(line)));
    }
    for (line, place) in shown.into_iter().zip(area.rows()) {
        let theme = &stage.look.theme;
        let (sign, tone) = match (is_open(&line), line.of) {
            (_, _) if line.in_hand => (theme.sign(Sign::Circle), Tone::Info),
            (true, _) => (theme.sign(Sign::Arrow), Tone::Text),
            (false, Some(_)) => (theme.sign(Sign::Check), Tone::Ok),
            (false, None) => (theme.mark(Tone::Attention), Tone::Attention),
        };
        let count = line.of.map_or_else(|| "+1".to_owned(), |of| format!("{}/{of}", line.come));
        let bin = line.to.last().map(|bin| stage.text("item-line-done", &[("bin", bin.into())]));
        let bin = bin.filter(|_| place.width >= 60).unwrap_or_default();
        let room = usize::from(place.width).saturating_sub(10 + bin.chars().count());
        let what = printable(&line.what, room);
        let spans = vec![
            Span::styled(format!("{sign} {count:<5}  "), stage.bold(tone)),
            Span::styled(format!("{what}  "), stage.style(Tone::Text)),
            Span::styled(bin, stage.style(Tone::Dim)),
        ];
        Line::from(spans).render(rows(place, 1), buf);
    }
}
