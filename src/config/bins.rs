//! bins.toml: the bins around the station. Tests: config/tests.rs.

use dockside_core::domain::bin::{Bin, BinUse, Bins, Disposition};
use dockside_core::domain::ids::{BinCode, ClientId};
use dockside_core::domain::scan::{self, Reading};
use serde::Deserialize;
use toml::Spanned;

use crate::config::error::{ConfigError, Problem};
use crate::config::source::Source;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BinsFile {
    #[serde(default)]
    bin: Vec<BinEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BinEntry {
    code: Spanned<String>,
    takes: Spanned<String>,
    client: Option<Spanned<String>>,
}

/// Reads the bins, in the order of the file.
///
/// # Errors
/// [`ConfigError`]: a code that a scan would not give back, a code that is there twice, an unknown
/// disposition, or no shared quarantine bin.
pub fn read(source: &Source) -> Result<Bins, ConfigError> {
    let file: BinsFile = source.parse()?;
    let mut bins = Bins::default();
    for entry in &file.bin {
        let code = bin_code(source, &entry.code)?;
        if bins.by_code(&code).is_some() {
            let what = format!("bin {code}");
            return Err(source.at(entry.code.span(), Problem::Twice { what }));
        }
        let takes = takes(source, &entry.takes)?;
        let client = match &entry.client {
            Some(client) => Some(
                client
                    .get_ref()
                    .parse::<ClientId>()
                    .map_err(|problem| source.refuse("client", client, problem.to_string()))?,
            ),
            None => None,
        };
        bins.0.push(Bin { code, takes, client });
    }
    let quarantine = BinUse::For(Disposition::Quarantine);
    if !bins.0.iter().any(|bin| bin.takes == quarantine && bin.client.is_none()) {
        return Err(source.whole(Problem::Missing {
            what: "a bin without a client that takes \"quarantine\"".to_owned(),
            why: "units that have no other place go there".to_owned(),
        }));
    }
    Ok(bins)
}

/// The code must come back from a scan as a bin, and as nothing else.
fn bin_code(source: &Source, written: &Spanned<String>) -> Result<BinCode, ConfigError> {
    let mut readings = scan::read(written.get_ref().as_bytes()).readings;
    match (readings.pop(), readings.is_empty()) {
        (Some(Reading::Bin(code)), true) if code.as_str() == written.get_ref() => Ok(code),
        _ => Err(source.refuse(
            "code",
            written,
            "BIN- and 1 to 86 visible ASCII characters without a space, and no second code in it",
        )),
    }
}

fn takes(source: &Source, written: &Spanned<String>) -> Result<BinUse, ConfigError> {
    let uses = Disposition::ALL.map(|disposition| (disposition.word(), BinUse::For(disposition)));
    let mut words = uses.to_vec();
    words.push(("await_match", BinUse::AwaitMatch));
    source.word("takes", written, &words)
}
