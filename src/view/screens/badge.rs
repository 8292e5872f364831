//! Nobody is signed in: which station this is, and what waits here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::view::screens::Stage;
use crate::view::theme::Tone;

pub(super) fn draw(stage: &Stage<'_>, area: Rect, buf: &mut Buffer) {
    let model = stage.model;
    let (site, no) = (model.setup.site.to_string(), model.setup.station.to_string());
    let here = [("site", (&site).into()), ("station", (&no).into())];
    let mut foot = vec![(stage.text("badge-station", &here), stage.bold(Tone::Text))];
    if let Some(parcel) = model.state.open_parcel() {
        let name = stage.name(parcel.operator.as_ref());
        let label = stage.label(parcel);
        let left = [("name", (&name).into()), ("parcel", (&label).into())];
        foot.push((stage.text("badge-resume", &left), stage.bold(Tone::Attention)));
    }
    foot.push((stage.text("badge-hint", &[]), stage.style(Tone::Dim)));
    stage.step(&stage.text("badge-prompt", &[]), &foot, area, buf);
}
