//! From the configuration to what the session and the devices want to know.
//! Owns: nothing; it only translates. Tests: with the verbs that use it.

use std::collections::BTreeMap;
use std::path::Path;

use dockside_core::domain::framing::FramerConfig;
use dockside_core::domain::scan::SCAN_MAX_BYTES;
use dockside_core::domain::wedge::WedgeConfig;
use dockside_core::session::actions::{ACTIONS, Action};
use dockside_core::session::model::Setup;

use crate::central::CentralConfig;
use crate::config::Config;
use crate::config::station::Central;
use crate::config::station::scanner::{DataBits, Flow, Line, Parity, Scanner, StopBits};
use crate::device::serial::{Feedback, LineSettings, SerialConfig};
use crate::journal::ballast::BALLAST_BYTES;
use crate::journal::open::Opening;
use crate::journal::writer::Identity;
use crate::runtime::clock::now_ms;

/// The same code from one device within this time is a bounce; the scanner's own setting wins.
const BOUNCE_MS: i64 = 300;

/// The same code from another device within this time is one symbol seen by two readers.
const ECHO_MS: i64 = 150;

/// The same card again within this time confirms.
const CONFIRM_MS: i64 = 10_000;

/// What the session is told once.
#[must_use]
pub fn session(config: &Config) -> Setup {
    let bounce_ms = config.station.scanners.iter().filter_map(|s| i64::try_from(s.bounce_ms).ok());
    Setup {
        site: config.station.site.clone(),
        station: config.station.station,
        operators: config.operators.clone(),
        refused_badges: config.refused_badges.clone(),
        policy: config.policy.clone(),
        inspection: config.inspection.clone(),
        bins: config.bins.clone(),
        lang: config.station.lang,
        bounce_ms: bounce_ms.max().unwrap_or(BOUNCE_MS),
        echo_ms: ECHO_MS,
        confirm_ms: CONFIRM_MS,
        keys: keys(config),
    }
}

/// Which action each key asks for: the file's keys, and the table's own for actions it leaves out.
fn keys(config: &Config) -> BTreeMap<String, Action> {
    let mut keys = BTreeMap::new();
    for row in ACTIONS {
        let own = || row.keys.iter().map(|key| (*key).to_owned()).collect();
        let of_action: Vec<String> = config.keys.get(row.name).cloned().unwrap_or_else(own);
        keys.extend(of_action.into_iter().map(|key| (key, row.action)));
    }
    keys
}

/// How the journal of `dir` is opened.
#[must_use]
pub fn opening(config: &Config, dir: &Path) -> Opening {
    Opening {
        dir: dir.to_owned(),
        identity: Identity { site: config.station.site.clone(), station: config.station.station },
        at_ms: now_ms(),
        software: concat!("dockside ", env!("CARGO_PKG_VERSION")).to_owned(),
        rules: config.policy.version.clone(),
        ballast_bytes: BALLAST_BYTES,
    }
}

/// One serial scanner.
#[must_use]
pub fn serial(scanner: &Scanner) -> SerialConfig {
    SerialConfig {
        device: scanner.name.clone(),
        path: scanner.path.clone(),
        line: line(scanner.line),
        dtr: None,
        framer: FramerConfig {
            prefix: scanner.prefix.clone().into_bytes(),
            terminators: scanner.terminators.clone(),
            idle_ms: scanner.idle_ms,
            ..FramerConfig::default()
        },
        feedback: Feedback::None,
    }
}

fn line(line: Line) -> LineSettings {
    LineSettings {
        baud: line.baud,
        data_bits: match line.data_bits {
            DataBits::Seven => serialport::DataBits::Seven,
            DataBits::Eight => serialport::DataBits::Eight,
        },
        parity: match line.parity {
            Parity::None => serialport::Parity::None,
            Parity::Even => serialport::Parity::Even,
            Parity::Odd => serialport::Parity::Odd,
        },
        stop_bits: match line.stop_bits {
            StopBits::One => serialport::StopBits::One,
            StopBits::Two => serialport::StopBits::Two,
        },
        flow: match line.flow {
            Flow::None => serialport::FlowControl::None,
            Flow::Software => serialport::FlowControl::Software,
            Flow::Hardware => serialport::FlowControl::Hardware,
        },
    }
}

/// How the terminal's keys become scans.
#[must_use]
pub fn wedge(config: &Config) -> WedgeConfig {
    let wedge = config.station.wedge;
    WedgeConfig {
        gap_ms: wedge.gap_ms,
        // Without a wedge, keys are keys: nothing that fast and that long is a scan.
        min_keys: if wedge.enabled { wedge.min_len } else { SCAN_MAX_BYTES + 1 },
        ..WedgeConfig::default()
    }
}

/// Where central is; `None` for a station that runs alone.
#[must_use]
pub fn central(config: &Config) -> Option<CentralConfig> {
    let central = config.station.central.as_ref()?;
    Some(CentralConfig {
        url: with_login(central),
        password_file: Some(central.password_file.clone()),
    })
}

/// The address with the login and the authority to trust in it, as libpq writes them. Both are
/// parameters: an address of a unix socket has no host that a login could stand before.
fn with_login(central: &Central) -> String {
    let mut url = central.url.clone();
    let mut add = |parameter: &str, value: &str| {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&format!("{parameter}={value}"));
    };
    add("user", &central.login);
    if let Some(ca) = &central.ca_file {
        add("sslmode", "verify-full");
        add("sslrootcert", &ca.display().to_string());
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn central(url: &str, ca_file: Option<&str>) -> Central {
        Central {
            url: url.to_owned(),
            login: "dockside_lille_7".to_owned(),
            password_file: "secret".into(),
            ca_file: ca_file.map(Into::into),
        }
    }

    #[test]
    fn the_login_and_the_authority_go_into_the_address() {
        let cases = [
            (
                central("postgres://db.example/dockside", Some("/etc/ca.pem")),
                "postgres://db.example/dockside?user=dockside_lille_7&sslmode=verify-full&sslrootcert=/etc/ca.pem",
            ),
            (
                central("postgres:///dockside?host=/run/pg", None),
                "postgres:///dockside?host=/run/pg&user=dockside_lille_7",
            ),
        ];
        for (central, wanted) in cases {
            assert_eq!(with_login(&central), wanted);
            // What is made of it can be connected with.
            let config = CentralConfig { url: with_login(&central), password_file: None };
            let options = crate::central::address::options(&config).unwrap();
            assert_eq!(options.get_username(), "dockside_lille_7");
        }
    }

    #[test]
    fn every_key_of_the_default_asks_for_an_action() -> anyhow::Result<()> {
        let config = crate::config::load(None)?;
        let keys = keys(&config);
        assert_eq!(keys.get("F1"), Some(&Action::Help));
        assert_eq!(keys.get("F12"), Some(&Action::Ok));
        let named: Vec<&str> = ACTIONS.iter().map(|row| row.name).collect();
        assert!(config.keys.keys().all(|name| named.contains(&name.as_str())), "{named:?}");
        Ok(())
    }
}
