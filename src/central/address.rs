//! From the configured address to options a connection may be opened with.
//! Owns: that a password stands in a file nobody else reads, and that no other machine is reached
//! without TLS. Never: a connection.
//! Tests: beside the code.

use std::fs::File;
use std::io::Read;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::central::CentralConfig;

/// A password of ours has 64 characters; a longer file is not one.
const PASSWORD_FILE_MAX_BYTES: u64 = 1_024;

/// After this the server gives up a statement of ours. A push of 500 events takes well under 1 s.
const STATEMENT_TIMEOUT: &str = "20s";

/// After this long without a word the server asks whether we are still there, so that the session
/// of a station that lost its cable ends and frees what it holds.
const KEEPALIVE_IDLE: &str = "60";

/// Why central's address can't be used.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    #[error("central's address is not of the form postgres://login@host:port/database")]
    Form(#[source] sqlx::Error),
    #[error("central's address holds a password: put it into a file and name that file")]
    PasswordInUrl,
    #[error("{host} is another machine: sslmode must be verify-full, verify-ca or require")]
    NoTls { host: String },
    #[error("the password file {} can't be read", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("others may read the password file {} (mode {mode:03o}): set it to 600", path.display())]
    Mode { path: PathBuf, mode: u32 },
    #[error("the password file {} holds no password on its first line", path.display())]
    NoPassword { path: PathBuf },
}

/// The options to connect with, password included.
///
/// # Errors
/// [`AddressError`], none of which holds the password.
pub fn options(config: &CentralConfig) -> Result<PgConnectOptions, AddressError> {
    let options = place(&config.url)?.application_name("dockside").options([
        ("statement_timeout", STATEMENT_TIMEOUT),
        ("tcp_keepalives_idle", KEEPALIVE_IDLE),
    ]);
    match &config.password_file {
        Some(path) => Ok(options.password(&password(path)?)),
        None => Ok(options),
    }
}

/// The options without the password, TLS checked.
pub(super) fn place(url: &str) -> Result<PgConnectOptions, AddressError> {
    if holds_password(url) {
        return Err(AddressError::PasswordInUrl);
    }
    let options = PgConnectOptions::from_str(url).map_err(AddressError::Form)?;
    if options.get_socket().is_some() || is_this_machine(options.get_host()) {
        return Ok(options);
    }
    match options.get_ssl_mode() {
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => Ok(options),
        // What an address that says nothing gets: TLS with the host's name checked.
        PgSslMode::Prefer => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
        PgSslMode::Disable | PgSslMode::Allow => {
            Err(AddressError::NoTls { host: options.get_host().to_owned() })
        }
    }
}

fn holds_password(url: &str) -> bool {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (before_query, query) = after_scheme.split_once('?').unwrap_or((after_scheme, ""));
    let authority = before_query.split('/').next().unwrap_or_default();
    let in_user = authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
    in_user || query.split('&').any(|pair| pair.starts_with("password="))
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    host == "localhost" || host.starts_with('/') || is_loopback
}

fn password(path: &Path) -> Result<String, AddressError> {
    let unread = |source| AddressError::File { path: path.to_owned(), source };
    // The mode is asked of the open file, so that it is the one that is read.
    let file = File::open(path).map_err(unread)?;
    let mode = file.metadata().map_err(unread)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(AddressError::Mode { path: path.to_owned(), mode });
    }
    let mut text = String::new();
    file.take(PASSWORD_FILE_MAX_BYTES).read_to_string(&mut text).map_err(unread)?;
    match text.lines().next().map(str::trim_end) {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        Some(_) | None => Err(AddressError::NoPassword { path: path.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_machine_is_reached_with_tls_or_not_at_all() {
        let cases = [
            ("postgres://s@db.example/dockside", Some("VerifyFull")),
            ("postgres://s@db.example/dockside?sslmode=require", Some("Require")),
            ("postgres://s@db.example/dockside?sslmode=verify-ca", Some("VerifyCa")),
            ("postgres://s@db.example/dockside?sslmode=disable", None),
            ("postgres://s@db.example/dockside?sslmode=allow", None),
            ("postgres://s@10.0.0.7/dockside?sslmode=disable", None),
            ("postgres://s@127.0.0.1/dockside?sslmode=disable", Some("Disable")),
            ("postgres://s@localhost/dockside", Some("Prefer")),
            ("postgres:///dockside?host=/run/postgresql&user=s", Some("Prefer")),
        ];
        for (url, wanted) in cases {
            let mode = place(url).map(|options| format!("{:?}", options.get_ssl_mode()));
            assert_eq!(mode.ok().as_deref(), wanted, "{url}");
        }
    }

    #[test]
    fn a_password_in_the_address_is_refused_and_not_repeated() {
        for url in ["postgres://s:pear@h/d", "postgres://s@h/d?password=pear&sslmode=require"] {
            let problem = place(url).unwrap_err();
            assert!(matches!(problem, AddressError::PasswordInUrl), "{url}");
            assert!(!format!("{problem} {problem:?}").contains("pear"));
        }
    }

    #[test]
    fn a_password_file_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("central.password");
        std::fs::write(&path, "pear\n").unwrap();
        for (mode, is_good) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            match password(&path) {
                Ok(word) => assert!(is_good && word == "pear", "{mode:o}"),
                Err(AddressError::Mode { mode: found, .. }) => {
                    assert!(!is_good && found == mode, "{mode:o}");
                }
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[test]
    fn an_empty_password_file_is_no_password() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("central.password");
        std::fs::write(&path, "\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(password(&path), Err(AddressError::NoPassword { .. })));
        assert!(matches!(password(&dir.path().join("none")), Err(AddressError::File { .. })));
    }
}
