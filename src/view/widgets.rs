//! The pieces screens are made of. Each draws ready-made text: no look-up, no clock, no arithmetic
//! on what it shows.
//! Owns: shapes, and which part gives way when the screen is narrow. Never: a decision, or a text
//! from outside that did not pass `printable`.
//! Start at `bigtext`, then `banner`. Tests: beside each.

pub mod banner;
pub mod bigtext;
pub mod font;
pub mod footer;
pub mod header;
pub mod last_scans;
pub mod printable;
pub mod stop_frame;
pub mod tiles;
pub mod trail;
