//! Work stops: what happened, what to do, what is safe; nothing else is on the screen.

use dockside_core::domain::event::RefusedCause;
use dockside_core::session::input::StoreFailure;
use dockside_core::session::notice::{Say, Stop};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::view::screens::{Stage, from_row, help};
use crate::view::theme::Tone;
use crate::view::widgets::stop_frame::StopFrame;
use crate::view::words::Arg;

/// Columns of the names of the three lines.
const LABEL_CELLS: u16 = 11;

/// Rows the three lines take, with their gaps and the count.
const LINES_ROWS: u16 = 10;

/// The text of the STOP shown, without its part, and its values.
fn text(stage: &Stage<'_>, part: &str) -> String {
    let Some(stop) = &stage.model.stop else { return String::new() };
    match stop {
        Stop::WrongBin { bin, wanted } => {
            let (bin, wanted) = (bin.to_string(), wanted.to_string());
            let args = [("bin", Arg::from(&bin)), ("wanted", (&wanted).into())];
            stage.text(&format!("stop-wrong-bin.{part}"), &args)
        }
        Stop::NotStored(failure) => {
            let id = match failure {
                StoreFailure::DiskFull => "stop-disk-full",
                StoreFailure::Locked => "stop-locked",
                StoreFailure::Io(_) => "stop-io",
                StoreFailure::Refused(_) => "stop-not-stored",
            };
            stage.text(&format!("{id}.{part}"), &[])
        }
    }
}

/// Its name, for a window too small for more.
pub(super) fn headline(stage: &Stage<'_>) -> String {
    format!("{}: {}", stage.text("signal-stop", &[]), text(stage, "title"))
}

pub(super) fn draw(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let (word, foot) = (stage.text("signal-stop", &[]), stage.text("stop-foot", &[]));
    StopFrame { word: &word, foot: &foot, theme: &stage.look.theme }.render(area, buf);
    let inner = StopFrame::inner(area);
    if stage.model.show_help {
        return help::draw(stage, inner, buf);
    }
    let title = text(stage, "title");
    let above = Rect { height: inner.height.saturating_sub(LINES_ROWS), ..inner };
    let big = stage.big(&title, Tone::Stop, 3).fit(above).map_or(1, |fitted| fitted.height);
    // A third of what is left stands above: the eye rests over the middle.
    let spare = above.height.saturating_sub(big) / 3;
    let row = spare + stage.prompt(&title, Tone::Stop, from_row(above, spare), buf) + 1;
    let mut rest = from_row(inner, row);
    let labels = [("label-what", "what"), ("label-now", "now"), ("label-safe", "safe")];
    for (label, part) in labels {
        let is_now = part == "now";
        let label = stage.text(label, &[]);
        stage.row(
            &label,
            stage.style(Tone::Dim),
            Rect { width: LABEL_CELLS.min(rest.width), ..rest },
            buf,
        );
        let indent = LABEL_CELLS.min(rest.width);
        let place = Rect { x: rest.x + indent, width: rest.width - indent, ..rest };
        let style = if is_now { stage.bold(Tone::Info) } else { stage.style(Tone::Text) };
        let took = stage.prose(&text(stage, part), style, place, buf);
        rest = from_row(rest, took + 1);
    }
    let n = refused(stage);
    if n > 0 {
        let text = stage.text("stop-refused", &[("n", n.into())]);
        stage.row(&text, stage.style(Tone::Attention), rest, buf);
    }
}

/// Scans that came while the STOP was on the screen, as far as the list goes back.
fn refused(stage: &Stage<'_>) -> usize {
    let during = |say: &Say| matches!(say, Say::Refused(refusal) if refusal.cause == RefusedCause::StopShown);
    stage.model.last_scans.iter().take_while(|line| during(&line.notice.say)).count()
}
