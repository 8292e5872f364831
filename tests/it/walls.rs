//! The house rules that can be read off the text: which room may name what, room cards, length,
//! module names, no forgotten test file, and paths in the map that exist.
//! Owns: the tables of walls. Never: what a compiler or a lint already says.
//! Start at `WALLS` and `complaints`. Each rule is also shown a text that breaks it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Names that only some rooms may say.
struct Wall {
    names: &'static [&'static str],
    rooms: &'static [&'static str],
    why: &'static str,
}

/// The rooms in which everything meets.
const HALL: &[&str] = &["main", "lib", "cli", "runtime"];

/// Rooms that make up a warehouse or a fleet: they may name all but the view.
const MAKERS: &[&str] = &["sample", "fleet"];

const WALLS: &[Wall] = &[
    Wall {
        names: &["crate::view"],
        rooms: &["view"],
        why: "what is drawn follows from the model; no edge may know of it",
    },
    Wall {
        names: &["crate::runtime"],
        rooms: &[],
        why: "the runtime calls the rooms, never the other way",
    },
    Wall {
        names: &["sqlx::sqlite", "Sqlite", "rusqlite", "libsqlite3"],
        rooms: &["journal", "orderbook"],
        why: "SQLite stands behind the journal and the order book",
    },
    Wall {
        names: &["sqlx::postgres", "sqlx::Postgres", "PgConn", "PgPool", "postgres::"],
        rooms: &["central", "worker"],
        why: "PostgreSQL stands behind central",
    },
    Wall {
        names: &["reqwest", "hyper::", "lettre"],
        rooms: &["shop", "notify", "serve"],
        why: "HTTP and mail leave by their own doors",
    },
    Wall {
        names: &["ratatui"],
        rooms: &["view", "runtime"],
        why: "cells are the view's, the terminal is the runtime's",
    },
    Wall {
        names: &["Utc::now", "Local::now", "SystemTime::now"],
        rooms: &["runtime"],
        why: "time arrives as an argument; one place reads the wall clock",
    },
    Wall {
        names: &["Instant::now"],
        rooms: &["runtime", "device", "cli"],
        why: "devices and measurements say why they read the monotonic clock",
    },
];

/// These hold everywhere: the hall and the makers may name all else.
const CLOCKS: &[&str] = &["Utc::now", "Instant::now"];

/// What the pure package never says.
const CORE_NEVER: &[&str] = &[
    "sqlx",
    "tokio",
    "ratatui",
    "crossterm",
    "reqwest",
    "serialport",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
    "Utc::now",
    "SystemTime",
    "Instant",
];

/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &[
    "mod", "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers",
    "handler", "handlers",
];

/// Own lines of one file, its inline tests left out.
const OWN_LINES_MAX: usize = 600;

/// Lines of ARCHITECTURE.md: a map that is read.
const MAP_LINES_MAX: usize = 150;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with that ending, as paths from the root, in order.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(place) = open.pop() {
        let Ok(entries) = fs::read_dir(&place) else { continue };
        for entry in entries {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == ending) {
                found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// `src/journal/store.rs` stands in `journal`.
fn room(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    inside.split('/').next().map(|first| first.trim_end_matches(".rs"))
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.starts_with("tests/")
}

/// The lines before the tests module.
fn own_lines(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| {
        pair[0].trim() == "#[cfg(test)]" && pair[1].trim_start().starts_with("mod tests")
    });
    lines[..tests.unwrap_or(lines.len())].to_vec()
}

/// Code without whole-line comments, and with `crate::{a, b::c}` written out as `crate::a`,
/// `crate::b`, so that a grouped import hides nothing.
fn spoken(lines: &[&str]) -> String {
    let is_code = |line: &&&str| !line.trim_start().starts_with("//");
    let code = lines.iter().filter(is_code).copied().collect::<Vec<_>>().join("\n");
    let mut spoken = code.clone();
    for group in code.split("crate::{").skip(1) {
        let mut depth = 0_i32;
        let mut name = String::new();
        for letter in group.chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => name.clear(),
                letter if depth == 0 && !letter.is_whitespace() => {
                    name.push(letter);
                    spoken.push_str(&format!("\ncrate::{name}"));
                }
                _ => {}
            }
        }
    }
    spoken
}

/// Whether the name is said as itself and not as the start or the end of a longer word.
fn says(code: &str, name: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        // Prefixes such as PgConn and Sqlite stand for the family of names that start so.
        let is_family = name.ends_with(':') || name.starts_with("Pg") || name == "Sqlite";
        !before.is_some_and(is_letter) && (is_family || !after.is_some_and(is_letter))
    })
}

/// What is wrong with one Rust file.
fn complaints(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut complain = |what: String| found.push(format!("{path}: {what}"));
    if !text.starts_with("//!") {
        complain("no room card: its first line is not `//!`".to_owned());
    }
    let own = own_lines(text);
    if own.len() > OWN_LINES_MAX {
        complain(format!("{} own lines, at most {OWN_LINES_MAX} are allowed", own.len()));
    }
    for part in path.trim_end_matches(".rs").split('/') {
        if EMPTY_NAMES.contains(&part) {
            complain(format!("`{part}` says nothing of what is inside"));
        }
    }
    if is_test(path) {
        return found;
    }
    let code = spoken(&own);
    if path.starts_with("core/") {
        for name in CORE_NEVER.iter().filter(|name| says(&code, name)) {
            complain(format!("`{name}` in the pure package"));
        }
    }
    let Some(room) = room(path) else { return found };
    for wall in WALLS {
        let is_clock = CLOCKS.iter().any(|clock| wall.names.contains(clock));
        let is_view = wall.names.contains(&"crate::view");
        let is_free = HALL.contains(&room) || (MAKERS.contains(&room) && !is_view);
        let may = wall.rooms.contains(&room) || (is_free && !is_clock);
        for name in wall.names.iter().filter(|name| !may && says(&code, name)) {
            complain(format!("`{name}` in the room {room}: {}", wall.why));
        }
    }
    found
}

/// Packages named by a manifest that the pure package must not lean on.
fn impure(manifest: &str) -> Vec<&'static str> {
    let named: BTreeSet<&str> = manifest
        .lines()
        .filter_map(|line| line.split(['=', '.', ' ']).next())
        .map(str::trim)
        .collect();
    ["sqlx", "tokio", "ratatui", "crossterm", "reqwest"]
        .into_iter()
        .filter(|name| named.contains(name))
        .collect()
}

/// The paths that a text names in backticks, `{a,b}` written out.
fn named_paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        for span in line.split('`').skip(1).step_by(2) {
            let endings = [".rs", ".toml", ".md", ".sql", ".ftl"];
            let looks_so = span.contains('/') || endings.iter().any(|end| span.ends_with(end));
            let is_other = span.contains([' ', '<', '*', '@', '(']) || span.contains("://");
            if looks_so && !is_other {
                found.extend(written_out(span));
            }
        }
    }
    found
}

fn written_out(span: &str) -> Vec<String> {
    let Some((before, rest)) = span.split_once('{') else { return vec![span.to_owned()] };
    let Some((inside, after)) = rest.split_once('}') else { return vec![span.to_owned()] };
    inside.split(',').flat_map(|one| written_out(&format!("{before}{one}{after}"))).collect()
}

/// Modules of a folder that its list doesn't name.
fn forgotten(list: &str, names: &[&str]) -> Vec<String> {
    let is_listed = |name: &str| list.lines().any(|line| line.trim() == format!("mod {name};"));
    names.iter().filter(|name| !is_listed(name)).map(|name| (*name).to_owned()).collect()
}

#[test]
fn every_file_keeps_the_walls() {
    let mut found = Vec::new();
    for folder in ["src", "core/src", "tests", "benches"] {
        for path in files(folder, "rs") {
            found.extend(complaints(&path, &read(&path)));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_pure_package_leans_on_nothing_impure() {
    assert_eq!(impure(&read("core/Cargo.toml")), Vec::<&str>::new());
}

#[test]
fn no_test_file_is_forgotten() {
    let paths = files("tests/it", "rs");
    let mut names: Vec<&str> = paths
        .iter()
        .filter_map(|path| path.strip_prefix("tests/it/"))
        .filter_map(|inside| inside.split(['/', '.']).next())
        .filter(|name| *name != "main")
        .collect();
    names.dedup();
    assert!(names.contains(&"walls"), "the walk found {names:?}");
    assert_eq!(forgotten(&read("tests/it/main.rs"), &names), Vec::<String>::new());
}

#[test]
fn every_path_on_the_map_exists() {
    let map = read("ARCHITECTURE.md");
    let lines = map.lines().count();
    assert!(lines <= MAP_LINES_MAX, "{lines} lines, at most {MAP_LINES_MAX} are read");
    let named = named_paths(&map);
    assert!(named.len() > 20, "the map names {named:?}");
    let missing: Vec<_> = named.iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what is not there: {missing:?}");
}

#[test]
fn every_migration_opens_with_why() {
    for path in files("migrations", "sql") {
        assert!(read(&path).starts_with("-- "), "{path}: its first line is no comment");
    }
}

#[test]
fn each_wall_is_heard_when_broken() {
    let cases = [
        ("src/journal.rs", "use crate::view::Theme;", "`crate::view`"),
        (
            "src/device/serial.rs",
            "use crate::{\n    faults,\n    view::{Theme, words},\n};",
            "`crate::view`",
        ),
        ("src/central.rs", "fn f() { crate::runtime::stop() }", "`crate::runtime`"),
        ("src/sample.rs", "use crate::view::Theme;", "`crate::view`"),
        ("src/central.rs", "use sqlx::SqlitePool;", "`Sqlite`"),
        ("src/view.rs", "use sqlx::sqlite::SqliteRow;", "`sqlx::sqlite`"),
        ("src/journal/store.rs", "use sqlx::PgConnection;", "`PgConn`"),
        ("src/config.rs", "use sqlx::postgres::PgSslMode;", "`sqlx::postgres`"),
        ("src/device.rs", "use ratatui::text::Line;", "`ratatui`"),
        ("src/orderbook.rs", "use reqwest::Client;", "`reqwest`"),
        ("src/cli/demo.rs", "let at = chrono::Utc::now();", "`Utc::now`"),
        ("src/journal.rs", "let at = std::time::Instant::now();", "`Instant::now`"),
        ("core/src/session.rs", "use std::fs::File;", "`std::fs`"),
        ("core/src/domain/utils.rs", "", "`utils`"),
        ("src/journal/mod.rs", "", "`mod`"),
    ];
    for (path, code, name) in cases {
        let found = complaints(path, &format!("//! A card.\n{code}\n"));
        assert!(found.iter().any(|line| line.contains(name)), "{path} {code}: {found:?}");
    }
}

#[test]
fn what_the_walls_allow_is_not_complained_of() {
    let cases = [
        ("src/journal.rs", "use sqlx::SqlitePool;"),
        ("src/central/sync.rs", "use sqlx::PgConnection; const URL: &str = \"postgres://\";"),
        ("src/view.rs", "use ratatui::text::Line; use crate::view::theme::Theme;"),
        ("src/runtime.rs", "use crate::{journal, view}; let at = chrono::Utc::now();"),
        ("src/cli/measure.rs", "let at = Instant::now(); use crate::runtime::Clock;"),
        ("src/journal.rs", "// Unlike ratatui and crate::view, SQLite waits."),
        ("src/journal.rs", "use crate::{interview, faults::review}; struct MySqlite;"),
        ("src/journal.rs", "#[cfg(test)]\nmod tests {\n let at = Instant::now();\n}"),
        ("src/journal/tests.rs", "let at = Instant::now();"),
        ("core/src/session.rs", "struct Instantly; struct Insqlx;"),
    ];
    for (path, code) in cases {
        let found = complaints(path, &format!("//! A card.\n{code}\n"));
        assert!(found.is_empty(), "{path} {code}: {found:?}");
    }
}

#[test]
fn a_file_without_a_card_and_one_that_is_too_long_are_heard() {
    assert_eq!(complaints("src/journal.rs", "use std::fs;\n").len(), 1);
    let roomy = format!("//! A card.\n{}", "fn f() {}\n".repeat(OWN_LINES_MAX - 1));
    assert!(complaints("src/journal.rs", &roomy).is_empty());
    assert_eq!(complaints("src/journal.rs", &format!("{roomy}fn f() {{}}\n")).len(), 1);
    let tests = format!("{roomy}#[cfg(test)]\nmod tests {{\n{}}}\n", "// A case.\n".repeat(200));
    assert!(complaints("src/journal.rs", &tests).is_empty());
    // A test-only item higher up doesn't end what is counted.
    let early = format!("//! A card.\n#[cfg(test)]\nuse std::fs;\n{roomy}");
    assert_eq!(complaints("src/journal.rs", &early).len(), 1);
}

#[test]
fn a_manifest_a_list_and_a_map_that_lie_are_heard() {
    let manifest =
        "[dependencies]\ntokio = { version = \"1\" }\nsqlx.workspace = true\nserde = \"1\"";
    assert_eq!(impure(manifest), ["sqlx", "tokio"]);
    assert_eq!(forgotten("mod walls;\n// mod bench;\n", &["bench", "walls"]), ["bench"]);
    let map =
        "See `src/{cli,gone/away}.rs`, `core/`, `scripts/test --all` and `a::b`, `config.rs`.";
    assert_eq!(named_paths(map), ["src/cli.rs", "src/gone/away.rs", "core/", "config.rs"]);
}
