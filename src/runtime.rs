//! The imperative shell: the loop that owns the model and the terminal, and what performs effects.
//! Owns: the wall clock, the terminal, the threads. Never: a decision (that is the core's).
//! Reading order: stores (effects on disk), station (the loop), keyboard, terminal, tray.
//! Tests: tests/it, which drive the real binary.

pub mod clock;
pub mod keyboard;
pub mod outbox;
pub mod scanners;
pub mod setup;
pub mod station;
pub mod stores;
pub mod terminal;
pub mod tray;
pub mod verdicts;
