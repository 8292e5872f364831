//! For tests: draws a widget into cells and gives them back as text, row ends trimmed.
//! Owns: the form of every snapshot here. Never: part of the program. Start at `drawn`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// The cells of `widget` at that size, a line a row.
pub(crate) fn drawn(width: u16, height: u16, widget: impl Widget) -> String {
    text(&buffer(width, height, widget))
}

/// The same with its styles.
pub(crate) fn buffer(width: u16, height: u16, widget: impl Widget) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    widget.render(area, &mut buffer);
    buffer
}

/// The signs of a buffer, row ends trimmed.
pub(crate) fn text(buffer: &Buffer) -> String {
    let rows = buffer.content.chunks(usize::from(buffer.area.width).max(1));
    let rows = rows.map(|row| {
        let line: String = row.iter().map(|cell| cell.symbol()).collect();
        line.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}
