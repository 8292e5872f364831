//! What the built-in table reads, and what it lets through by chance.

use dockside_core::domain::carrier::check::Check;
use dockside_core::domain::carrier::pattern::{Form, Role};
use dockside_core::domain::carrier::{CarrierEntry, Carriers, Strength};

use super::read;
use crate::config::source::{CARRIERS, Origin, Source};

fn table() -> Carriers {
    read(&Source::compiled(&CARRIERS)).unwrap()
}

fn refused(text: &str) -> String {
    let source = Source { origin: Origin::BuiltIn("carriers.toml"), text: text.to_owned() };
    read(&source).unwrap_err().to_string()
}

/// The carrier, tracking number and strength of the first reading.
fn first(carriers: &Carriers, text: &str) -> Option<(String, String, Strength)> {
    let reading = carriers.read(text).into_iter().next()?;
    Some((reading.carrier, reading.tracking, reading.strength))
}

#[test]
fn published_numbers_are_told_first_and_without_doubt() {
    let carriers = table();
    let cases = [
        ("1Z999AA10123456784", "ups", "1Z999AA10123456784"),
        ("RB123456785GB", "royal_mail", "RB123456785GB"),
        ("RR473124829NL", "postnl", "RR473124829NL"),
        ("RR473124829CA", "canada_post", "RR473124829CA"),
        ("RR473124829DE", "upu", "RR473124829DE"),
        ("RA473124829FR", "upu", "RA473124829FR"),
        ("986578788855", "fedex", "986578788855"),
        ("9611020987654312345672", "fedex", "987654312345672"),
        ("1001921334250001000300779017972697", "fedex", "779017972697"),
        ("420221539101026837331000039521", "usps", "9101026837331000039521"),
        ("%008182709980000020033350276", "dpd", "09980000020033"),
        ("3318810025", "dhl", "3318810025"),
        ("TBA502887274000", "amazon", "TBA502887274000"),
        ("C11031500001879", "ontrac", "C11031500001879"),
        ("0073938000549297", "canada_post", "0073938000549297"),
        ("12123456780101006623123454", "mondial_relay", "12345678"),
    ];
    for (text, carrier, tracking) in cases {
        let wanted = (carrier.to_owned(), tracking.to_owned(), Strength::Strong);
        let found = first(&carriers, text).filter(|(_, _, strength)| *strength == Strength::Strong);
        assert_eq!(found, Some(wanted), "{text}");
    }
}

#[test]
fn every_carrier_of_the_contract_has_an_entry() {
    let carriers = table();
    let has = |name: &str| {
        let mut entries = carriers.entries().iter();
        entries.any(|one| one.carrier == name || one.posts.values().any(|post| post == name))
    };
    for name in [
        "ups",
        "fedex",
        "usps",
        "dhl",
        "dpd",
        "gls",
        "colissimo",
        "chronopost",
        "mondial_relay",
        "relais_colis",
        "colis_prive",
        "amazon",
        "ontrac",
        "lasership",
        "canada_post",
        "royal_mail",
        "postnl",
        "bpost",
        "correos",
        "poste_italiane",
        "upu",
    ] {
        assert!(has(name), "{name}");
    }
}

/// GS1's weights and ISO 7064 find each wrong digit; other rules let some pass (a weight of 4 by 5
/// more, a rest of 10 that is written 0): at most one in six.
#[test]
fn one_wrong_digit_is_refused_where_there_is_a_check_digit() {
    let carriers = table();
    for (index, entry) in carriers.entries().iter().enumerate() {
        if entry.check == Check::None {
            continue;
        }
        let (mut n_changed, mut n_passed) = (0_usize, 0_usize);
        for good in &entry.good {
            let text = good.split(" => ").next().unwrap();
            let text = if entry.is_loose { text.replace(' ', "") } else { text.to_owned() };
            let read = |text: &str| carriers.read(text).into_iter().find(|one| one.entry == index);
            assert!(read(&text).is_some(), "{text}");
            for changed in changes(entry, &text.to_uppercase()) {
                n_changed += 1;
                n_passed += usize::from(read(&changed).is_some());
            }
        }
        let finds_all = entry.check == (Check::Mod10 { weights: vec![3, 1] })
            || entry.check == Check::Iso7064Mod37And36;
        let allowed = if finds_all { 0 } else { n_changed / 6 };
        let what = format!("{} {:?}", entry.carrier, entry.service);
        assert!(n_changed > 0 && n_passed <= allowed, "{what}: {n_passed} of {n_changed} passed");
    }
}

/// The text with each other digit in each place that a check digit covers or stands in.
fn changes(entry: &CarrierEntry, text: &str) -> Vec<String> {
    let mut changes = Vec::new();
    for (at, found) in text.char_indices().filter(|(_, one)| one.is_ascii_digit()) {
        for digit in ('0'..='9').filter(|digit| *digit != found) {
            let mut changed = text.to_owned();
            changed.replace_range(at..=at, &digit.to_string());
            let is_covered = |form: &Form| {
                let mut spans = form.spans(Role::Covered).chain(form.spans(Role::Check));
                spans.any(|span| span.contains(&at))
            };
            // In a label with a ZIP code of nine digits some are routing, but with one of five not.
            let forms = entry.pattern.forms().iter();
            let fitting: Vec<_> = forms.filter(|form| form.fits(changed.as_bytes())).collect();
            if !fitting.is_empty() && fitting.iter().all(|form| is_covered(form)) {
                changes.push(changed);
            }
        }
    }
    changes
}

/// A length on which k checked entries lie lets through about k tenths, less what their fixed
/// prefixes keep out.
#[test]
fn random_digits_pass_only_as_often_as_the_check_digits_let_them() {
    let carriers = table();
    let mut state = 0x5eed_u64;
    let mut digit = || {
        // Numerical Recipes' linear congruential generator; its high bits are the good ones.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_digit(u32::try_from((state >> 33) % 10).unwrap(), 10).unwrap()
    };
    let (mut n_strong, mut n_all) = (0_u32, 0_u32);
    let mut by_length = Vec::new();
    for length in 8..=34 {
        let texts: Vec<String> = (0..400).map(|_| (0..length).map(|_| digit()).collect()).collect();
        let is_strong = |text: &&String| {
            first(&carriers, text).is_some_and(|(_, _, strength)| strength == Strength::Strong)
        };
        let n = u32::try_from(texts.iter().filter(is_strong).count()).unwrap();
        n_strong += n;
        n_all += 400;
        by_length.push((length, n));
    }
    println!("strong by chance: {n_strong} of {n_all}; of 400 by length: {by_length:?}");
    for (length, n) in by_length {
        let most = match length {
            12 => 120,
            10 | 11 | 15 | 16 => 70,
            // One label in ten begins so, and one in ten of these has the right digit.
            20 | 22 | 26 => 20,
            // DPD's check character is one of 36.
            28 => 25,
            _ => 4,
        };
        let least = if [10, 11, 15, 16].contains(&length) { 20 } else { 0 };
        assert!((least..=most).contains(&n), "{length} digits: {n} of 400");
    }
}

#[test]
fn a_table_that_can_not_work_is_refused_with_its_line() {
    let entry =
        |rest: &str| format!("\n[[carrier]]\ncarrier = \"x\"\nstrength = \"likely\"\n{rest}");
    let cases = [
        (entry("pattern = 'q'"), "line 5: pattern = 'q' is not allowed; \"q\" is no piece"),
        (entry("pattern = 'd{99}'"), "line 5: pattern = 'd{99}' is not allowed; the pattern can't"),
        (entry("pattern = 'd'\nprefix = 1"), "line 6: there is no key prefix here; allowed: "),
        (
            entry("pattern = 'd'\ncheck = \"mod9\""),
            "line 6: check = \"mod9\" is not allowed; one of",
        ),
        (
            entry("pattern = 'd'\ncheck = \"mod7\"\ngood = [\"1\"]"),
            "line 3: x: the check digit has no",
        ),
        (
            entry("pattern = 'd'\ncheck = \"mod7\"\nweights = [1]"),
            "line 7: weights = 1 is not allowed; none: ",
        ),
        (entry("pattern = 'd'"), "line 3: x: an entry needs an example under good"),
        (entry("pattern = 'd'\ngood = [\"A\"]"), "line 3: x: the good example \"A\" is not read"),
        (
            entry("pattern = 'd'\ngood = [\"1\"]\nbad = [\"2\"]"),
            "line 3: x: the bad example \"2\" is read as \"2\"",
        ),
        (
            entry("pattern = 'd'\ngood = [\"1\"]").replace("likely", "strong"),
            "line 3: x: \"strong\" wants a check digit",
        ),
        (
            entry("pattern = 'd'").replace("\"x\"", "\"X\""),
            "line 3: carrier = \"X\" is not allowed",
        ),
    ];
    for (text, wanted) in cases {
        let told = refused(&text);
        let wanted = format!("carriers.toml (built in) {wanted}");
        assert!(told.starts_with(&wanted), "\n  told: {told}\nwanted: {wanted}");
    }
}

#[test]
fn a_table_without_an_entry_reads_nothing() {
    let source = Source { origin: Origin::BuiltIn("carriers.toml"), text: String::new() };
    assert_eq!(read(&source).unwrap().read("1Z999AA10123456784"), []);
}
