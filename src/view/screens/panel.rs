//! The panels beside the step on larger screens: the parcel on the bench, the last parcels.
//! Owns: their layout. Never on the small screen: there the step alone counts.

use dockside_core::domain::replay::{ParcelRow, UnitRow};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::view::screens::{Stage, from_row, receive, rows};
use crate::view::theme::{Sign, Tone};
use crate::view::widgets::printable::printable;

/// Columns of the panel of the parcel.
pub(super) const WIDTH: u16 = 36;
/// Columns of the panel of the last parcels.
pub(super) const HISTORY_WIDTH: u16 = 44;

fn padded(area: Rect) -> Rect {
    Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area }
}

/// The parcel on the bench; without one, what the station has had.
pub(super) fn parcel(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let model = stage.model;
    let Some(parcel) = model.state.open_parcel() else {
        return station(stage, area, buf);
    };
    let title = stage.text("panel-parcel", &[]);
    let inner = padded(stage.framed(&title, area, buf));
    let mut rest = inner;
    stage.row(&stage.label(parcel), stage.bold(Tone::Text), rest, buf);
    rest = from_row(rest, 1);
    stage.row(&receive::kind(stage, parcel.kind), stage.style(Tone::Text), rest, buf);
    rest = from_row(rest, 1);
    if let (Some(order), Some(client)) = (&parcel.order_no, &parcel.client) {
        let (order, client) = (order.to_string(), client.to_string());
        let args = [("order", (&order).into()), ("client", (&client).into())];
        stage.row(&stage.text("item-order", &args), stage.style(Tone::Text), rest, buf);
        rest = from_row(rest, 1);
    }
    rest = from_row(rest, 1);
    let took = stage.prose(&receive::notes(stage, parcel), stage.bold(Tone::Text), rest, buf);
    rest = from_row(rest, took);
    receive::lines(stage, &receive::expected(stage), rest, buf);
}

fn station(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let title = stage.text("panel-station", &[]);
    let tally = &stage.model.state.tally;
    let inner = padded(stage.framed(&title, area, buf));
    let mut lines = vec![
        stage.text("header-parcels", &[("n", tally.parcels.into())]),
        stage.text("header-units", &[("n", tally.units.into())]),
    ];
    lines.push(String::new());
    let by = |(disposition, n): (&_, &u64)| format!("{n:>5}  {}", stage.disposition(*disposition));
    lines.extend(tally.by_disposition.iter().map(by));
    for (text, place) in lines.iter().zip(inner.rows()) {
        stage.row(text, stage.style(Tone::Text), place, buf);
    }
}

/// The parcels that can still be taken back, newest first, with their units and bins.
pub(super) fn parcels(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let state = &stage.model.state;
    let inner = padded(stage.framed(&stage.text("panel-parcels", &[]), area, buf));
    if state.parcels.is_empty() {
        let empty = stage.text("panel-parcels-empty", &[]);
        return stage.row(&empty, stage.style(Tone::Dim), inner, buf);
    }
    let mut rest = inner;
    for parcel in state.parcels.values().rev() {
        if rest.is_empty() {
            return;
        }
        head(stage, parcel, rest, buf);
        rest = from_row(rest, 1);
        for unit in state.units_of(parcel.id) {
            if rest.is_empty() {
                return;
            }
            stage.row(&unit_line(unit), stage.style(Tone::Dim), rest, buf);
            rest = from_row(rest, 1);
        }
    }
}

fn head(stage: &Stage<'_>, parcel: &ParcelRow, area: Rect, buf: &mut Buffer) {
    let theme = &stage.look.theme;
    let (sign, tone) = match parcel.closed_at {
        Some(_) => (theme.sign(Sign::Check), Tone::Ok),
        None => (theme.sign(Sign::Arrow), Tone::Info),
    };
    let when = match parcel.closed_at {
        Some(at) => stage.minute(at),
        None => stage.text("panel-open", &[]),
    };
    let room = usize::from(area.width).saturating_sub(4 + when.chars().count());
    let label = printable(&stage.label(parcel), room);
    let spans = vec![
        Span::styled(format!("{sign} "), stage.bold(tone)),
        Span::styled(format!("{label:<room$}"), stage.style(Tone::Text)),
        Span::styled(format!(" {when}"), stage.style(Tone::Dim)),
    ];
    Line::from(spans).render(rows(area, 1), buf);
}

fn unit_line(unit: &UnitRow) -> String {
    let grade = unit.grade.as_deref().unwrap_or("-");
    let bin = unit.bin.as_ref().map(ToString::to_string).unwrap_or_default();
    let sku = unit.sku.as_ref().map(ToString::to_string);
    let what = sku.or_else(|| unit.gtin.map(|gtin| gtin.to_string())).unwrap_or_default();
    format!("  {grade:<2} {bin:<18} {what}")
}
