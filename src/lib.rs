//! Dockside, the edges: what touches the world. The map, in reading order:
//! `cli` (arguments in), `runtime` (the loop and the effects), `device` (bytes in), `journal`
//! (durable), `orderbook` (what was sold), `view` (cells out), `central` (the fleet's truth),
//! `config` (files to checked values), `sample` (a made-up warehouse).
//!
//! The life of one scan: `device::serial` frames it -> `runtime::station` hands it to
//! `session::update` -> `Effect::LookUp` -> `orderbook::OrderBook::find` -> a screen decides ->
//! `Effect::Append` -> `journal::Journal::append` commits it -> `Input::Durable` -> `view::draw`.

pub mod central;
pub mod cli;
pub mod config;
pub mod device;
pub mod faults;
pub mod journal;
pub mod orderbook;
pub mod runtime;
pub mod sample;
pub mod view;
