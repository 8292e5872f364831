//! The pure part of Dockside: the trade's rules (`domain`) and what the person at the station is
//! doing (`session`). Never: a clock, a file, a socket, a global. Inputs in, events and effects out.
//! Start at `session::update` for the life of one scan, at `domain::event` for what a fact is.

pub mod domain;
pub mod session;
