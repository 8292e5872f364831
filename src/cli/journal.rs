//! `dockside journal verify`: the hash chain, the witness and the rebuild, beside a live station.

use std::io::Write;

use clap::Subcommand;

use crate::cli::{DONE, FOUND, Global, WrongUsage};
use crate::journal::verify::verify;

#[derive(Debug, Subcommand)]
pub enum JournalVerb {
    /// Checks the hash chain, the witness and the local tables
    Verify,
}

/// # Errors
/// When there is no journal, or it can't be read at all.
pub fn run(global: &Global, verb: &JournalVerb, out: &mut impl Write) -> anyhow::Result<u8> {
    match verb {
        JournalVerb::Verify => {
            let dir = global.data_dir()?;
            if !dir.join("journal.db").exists() {
                return Err(WrongUsage(format!("no journal in {}", dir.display())).into());
            }
            let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let report = tokio.block_on(verify(&dir))?;
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
            Ok(if report.ok { DONE } else { FOUND })
        }
    }
}
