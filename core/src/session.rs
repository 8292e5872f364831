//! What the person at the station is doing: inputs in, effects out, the model between. Pure: it
//! asks the world by effect and hears by input, and never waits.
//! The life of one scan: `Input::Scanned` -> `update` -> `Effect::LookUp` -> `Input::Found` ->
//! a screen decides -> `Effect::Append` -> `Input::Durable` -> the model is folded, the banner turns
//! green. Nothing shows as done before that.
//! Reading order: input, effect, model, update, then the screens. Tests: session/tests.rs.

pub mod actions;
pub mod effect;
pub mod input;
pub mod model;
pub mod notice;
mod record;
pub mod screens;
mod update;

#[cfg(test)]
mod tests;

pub use update::{resume, update};
