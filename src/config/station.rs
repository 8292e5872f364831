//! station.toml: where the station is, what is plugged into it, whom it talks to. What is left out
//! has the value of the default file. Scanners: `station/scanner.rs`. Tests: config/tests.rs.

pub mod scanner;

use std::path::PathBuf;

use chrono_tz::Tz;
use dockside_core::domain::ids::{SiteId, StationNo};
use dockside_core::domain::operator::Lang;
use serde::Deserialize;
use toml::Spanned;

use crate::config::error::{ConfigError, Problem};
use crate::config::operators::LANGUAGES;
use crate::config::source::{STATION, Source};
use crate::config::station::scanner::{Scanner, ScannerEntry};

/// Everything station.toml says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    pub site: SiteId,
    pub station: StationNo,
    /// The screen's language until somebody signs in.
    pub lang: Lang,
    /// Of the clock on the screen.
    pub time_zone: Tz,
    pub data: Data,
    pub scanners: Vec<Scanner>,
    pub wedge: Wedge,
    /// `None`: the station runs alone.
    pub central: Option<Central>,
    pub screen: Screen,
}

/// The free disk under which the station acts; in MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Data {
    pub warn_free_mib: u64,
}

/// A scanner that types like a keyboard, read from the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wedge {
    pub enabled: bool,
    /// Longest pause between two characters of one scan.
    pub gap_ms: u64,
    /// Fewest characters of one scan.
    pub min_len: usize,
}

/// How the fleet's database is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Central {
    /// Without a login.
    pub url: String,
    pub login: String,
    pub password_file: PathBuf,
    pub ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    pub theme: ThemeName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeName {
    Dark,
    Light,
    HighContrast,
    /// Marks and words alone.
    Mono,
    /// The terminal's own sixteen colours.
    Terminal16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StationFile {
    site: Option<Spanned<String>>,
    station: Option<Spanned<i64>>,
    lang: Option<Spanned<String>>,
    time_zone: Option<Spanned<String>>,
    #[serde(default)]
    data: DataEntry,
    #[serde(default)]
    scanner: Vec<ScannerEntry>,
    #[serde(default)]
    wedge: WedgeEntry,
    central: Option<CentralEntry>,
    #[serde(default)]
    screen: ScreenEntry,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DataEntry {
    warn_free_mib: Option<Spanned<i64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WedgeEntry {
    enabled: Option<bool>,
    gap_ms: Option<Spanned<i64>>,
    min_len: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CentralEntry {
    url: Spanned<String>,
    login: Spanned<String>,
    password_file: Spanned<String>,
    ca_file: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScreenEntry {
    theme: Option<Spanned<String>>,
}

/// Reads the station; what the file leaves out is read from the default.
///
/// # Errors
/// [`ConfigError`] for an unknown key and for any value outside of what the default file allows.
pub fn read(source: &Source) -> Result<Station, ConfigError> {
    let default = Source::compiled(&STATION);
    let whole = default.parse::<StationFile>()?;
    let file = source.parse::<StationFile>()?;
    let pick = Pick { source, default: &default };
    Ok(Station {
        site: pick.value("site", &file.site, &whole.site, |source, key, written| {
            let site = written.get_ref().parse::<SiteId>();
            site.map_err(|problem| source.refuse(key, written, problem.to_string()))
        })?,
        station: pick.value("station", &file.station, &whole.station, |source, key, written| {
            let number = source.number::<u16>(key, written, 1..=999)?;
            StationNo::try_from(number)
                .map_err(|problem| source.refuse(key, written, problem.to_string()))
        })?,
        lang: pick.value("lang", &file.lang, &whole.lang, |source, key, written| {
            source.word(key, written, &LANGUAGES)
        })?,
        time_zone: pick.value("time_zone", &file.time_zone, &whole.time_zone, time_zone)?,
        data: data(&pick, &file.data, &whole.data)?,
        scanners: scanner::read(source, &file.scanner)?,
        wedge: wedge(&pick, &file.wedge, &whole.wedge)?,
        central: file.central.as_ref().map(|entry| central(source, entry)).transpose()?,
        screen: screen(&pick, &file.screen, &whole.screen)?,
    })
}

/// A value is taken from the file or, where it has none, from the default.
struct Pick<'a> {
    source: &'a Source,
    default: &'a Source,
}

impl Pick<'_> {
    fn value<V, T>(
        &self,
        key: &str,
        written: &Option<V>,
        default: &Option<V>,
        check: impl Fn(&Source, &str, &V) -> Result<T, ConfigError>,
    ) -> Result<T, ConfigError> {
        match (written, default) {
            (Some(written), _) => check(self.source, key, written),
            (None, Some(default)) => check(self.default, key, default),
            (None, None) => Err(self.default.whole(Problem::Missing {
                what: key.to_owned(),
                why: "the default file has every key".to_owned(),
            })),
        }
    }

    fn number<N: TryFrom<i64>>(
        &self,
        key: &str,
        written: &Option<Spanned<i64>>,
        default: &Option<Spanned<i64>>,
        (least, most): (i64, i64),
    ) -> Result<N, ConfigError> {
        self.value(key, written, default, |source, key, value| {
            source.number(key, value, least..=most)
        })
    }

    fn flag(
        &self,
        key: &str,
        written: Option<bool>,
        default: Option<bool>,
    ) -> Result<bool, ConfigError> {
        self.value(key, &written, &default, |_, _, flag| Ok(*flag))
    }
}

fn time_zone(source: &Source, key: &str, written: &Spanned<String>) -> Result<Tz, ConfigError> {
    written.get_ref().parse().map_err(|_| {
        source.refuse(key, written, "a name of the IANA time zones, such as \"Europe/Paris\"")
    })
}

fn data(pick: &Pick<'_>, file: &DataEntry, whole: &DataEntry) -> Result<Data, ConfigError> {
    const MIB: (i64, i64) = (64, 1_000_000);
    let warn_free_mib =
        pick.number("warn_free_mib", &file.warn_free_mib, &whole.warn_free_mib, MIB)?;
    Ok(Data { warn_free_mib })
}

fn wedge(pick: &Pick<'_>, file: &WedgeEntry, whole: &WedgeEntry) -> Result<Wedge, ConfigError> {
    Ok(Wedge {
        enabled: pick.flag("enabled", file.enabled, whole.enabled)?,
        gap_ms: pick.number("gap_ms", &file.gap_ms, &whole.gap_ms, (5, 500))?,
        min_len: pick.number("min_len", &file.min_len, &whole.min_len, (2, 64))?,
    })
}

fn screen(pick: &Pick<'_>, file: &ScreenEntry, whole: &ScreenEntry) -> Result<Screen, ConfigError> {
    const THEMES: [(&str, ThemeName); 5] = [
        ("dark", ThemeName::Dark),
        ("light", ThemeName::Light),
        ("high_contrast", ThemeName::HighContrast),
        ("mono", ThemeName::Mono),
        ("terminal_16", ThemeName::Terminal16),
    ];
    Ok(Screen {
        theme: pick.value("theme", &file.theme, &whole.theme, |source, key, written| {
            source.word(key, written, &THEMES)
        })?,
    })
}

/// A login in the address would end up in logs and process lists, so it is refused.
fn central(source: &Source, entry: &CentralEntry) -> Result<Central, ConfigError> {
    let url = entry.url.get_ref();
    let address = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
    let authority = address.and_then(|address| address.split(['/', '?']).next());
    if authority.is_none_or(|authority| authority.contains('@')) || url.contains("password=") {
        // What was found may hold a password and is not repeated.
        let problem = Problem::Value {
            key: "url".to_owned(),
            found: "\"...\"".to_owned(),
            allowed: "postgres://HOST:PORT/DATABASE, without a login".to_owned(),
        };
        return Err(source.at(entry.url.span(), problem));
    }
    for (key, value) in [("login", &entry.login), ("password_file", &entry.password_file)] {
        if value.get_ref().trim().is_empty() {
            return Err(source.refuse(key, value, "it may not be empty"));
        }
    }
    Ok(Central {
        url: url.clone(),
        login: entry.login.get_ref().clone(),
        password_file: entry.password_file.get_ref().into(),
        ca_file: entry.ca_file.as_ref().map(|file| file.get_ref().into()),
    })
}
