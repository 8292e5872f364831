//! Every test that looks at the whole, in one binary: a file per screen or capability, and the
//! stage they play on. Owns: the list of files (`walls` holds it complete). Never: a test of one
//! function, which stands beside the function. Names that begin with `e2e_` drive the real binary.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says by failing what went wrong")]

mod central;
mod claims;
mod decode;
mod demo;
mod e2e_bench;
mod e2e_burst;
mod e2e_central;
mod e2e_crash;
mod e2e_disk;
mod e2e_terminal;
mod measure;
mod postgres;
mod provision;
mod replay;
mod stream;
mod sync;
mod terminal;
mod walls;
mod warehouse;
