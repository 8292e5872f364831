//! Made-up customers: names, streets and towns of three countries, towns as often as people live
//! there. Owns: who buys and where it is sent. Never: a real person: mails end in a domain kept for
//! examples, telephone numbers in ranges kept for fiction. Start at `customer`. Tests: beside the
//! code.

use super::dice::{Dice, Purpose};
use super::record::{AddressRecord, CustomerRecord};

/// A country that is delivered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Country {
    France,
    Belgium,
    Germany,
}

impl Country {
    /// ISO 3166-1 alpha-2.
    pub(super) fn code(self) -> &'static str {
        match self {
            Country::France => "FR",
            Country::Belgium => "BE",
            Country::Germany => "DE",
        }
    }
}

/// A town: its name, the first postcode, how many follow it, and its weight, roughly thousands of
/// inhabitants.
struct Town(&'static str, u32, u32, u64);

const FRENCH_TOWNS: &[Town] = &[
    Town("Paris", 75_001, 20, 2_100),
    Town("Marseille", 13_001, 16, 870),
    Town("Lyon", 69_001, 9, 520),
    Town("Toulouse", 31_000, 1, 500),
    Town("Nice", 6_000, 1, 345),
    Town("Nantes", 44_000, 1, 320),
    Town("Montpellier", 34_000, 1, 300),
    Town("Strasbourg", 67_000, 1, 290),
    Town("Bordeaux", 33_000, 1, 260),
    Town("Lille", 59_000, 1, 235),
    Town("Rennes", 35_000, 1, 220),
    Town("Reims", 51_100, 1, 180),
    Town("Le Havre", 76_600, 1, 166),
    Town("Saint-Étienne", 42_000, 1, 172),
    Town("Grenoble", 38_000, 1, 157),
    Town("Dijon", 21_000, 1, 158),
    Town("Angers", 49_000, 1, 155),
    Town("Brest", 29_200, 1, 140),
    Town("Tours", 37_000, 1, 137),
    Town("Amiens", 80_000, 1, 134),
    Town("Annecy", 74_000, 1, 130),
    Town("Metz", 57_000, 1, 120),
    Town("Perpignan", 66_000, 1, 120),
    Town("Rouen", 76_000, 1, 114),
    Town("Caen", 14_000, 1, 106),
    Town("Pau", 64_000, 1, 77),
    Town("La Rochelle", 17_000, 1, 77),
    Town("Quimper", 29_000, 1, 63),
    Town("Colmar", 68_000, 1, 68),
    Town("Vannes", 56_000, 1, 54),
    Town("Albi", 81_000, 1, 49),
    Town("Saint-Brieuc", 22_000, 1, 44),
    Town("Aurillac", 15_000, 1, 25),
    Town("Cahors", 46_000, 1, 20),
    Town("Guingamp", 22_200, 1, 7),
    Town("Die", 26_150, 1, 5),
];

const BELGIAN_TOWNS: &[Town] = &[
    Town("Bruxelles", 1_000, 1, 190),
    Town("Schaerbeek", 1_030, 1, 130),
    Town("Ixelles", 1_050, 1, 87),
    Town("Antwerpen", 2_000, 1, 530),
    Town("Gent", 9_000, 1, 265),
    Town("Charleroi", 6_000, 1, 203),
    Town("Liège", 4_000, 1, 195),
    Town("Brugge", 8_000, 1, 119),
    Town("Namur", 5_000, 1, 113),
    Town("Leuven", 3_000, 1, 102),
    Town("Mons", 7_000, 1, 96),
    Town("Tournai", 7_500, 1, 69),
];

const GERMAN_TOWNS: &[Town] = &[
    Town("Berlin", 10_115, 5, 3_600),
    Town("Hamburg", 20_095, 5, 1_850),
    Town("München", 80_331, 9, 1_480),
    Town("Köln", 50_667, 11, 1_080),
    Town("Frankfurt am Main", 60_311, 3, 760),
    Town("Stuttgart", 70_173, 7, 630),
    Town("Düsseldorf", 40_210, 4, 620),
    Town("Leipzig", 4_103, 1, 600),
    Town("Hannover", 30_159, 1, 535),
    Town("Karlsruhe", 76_131, 3, 308),
    Town("Saarbrücken", 66_111, 1, 180),
    Town("Freiburg im Breisgau", 79_098, 1, 231),
    Town("Trier", 54_290, 1, 111),
    Town("Kehl", 77_694, 1, 37),
];

const FRENCH_FIRST: &[&str] = &[
    "Camille",
    "Léa",
    "Manon",
    "Chloé",
    "Inès",
    "Jeanne",
    "Louise",
    "Nadia",
    "Sophie",
    "Aïcha",
    "Hélène",
    "Nathalie",
    "Monique",
    "Lucas",
    "Hugo",
    "Théo",
    "Nicolas",
    "Karim",
    "Julien",
    "Thomas",
    "Mathieu",
    "Gaël",
    "François",
    "Pierre",
    "Yann",
];
const FRENCH_LAST: &[&str] = &[
    "Martin",
    "Bernard",
    "Dubois",
    "Moreau",
    "Laurent",
    "Lefèvre",
    "Garnier",
    "Faure",
    "Rousseau",
    "Blanchard",
    "Guérin",
    "Le Goff",
    "Benali",
    "Da Silva",
    "Nguyen",
    "Marchal",
    "Perrin",
    "Chevallier",
    "Robin",
    "Masson",
    "Delorme",
    "Pélissier",
    "Cordonnier",
    "Haddad",
    "Traoré",
    "Kerbrat",
    "Vasseur",
    "Lecomte",
    "Poirier",
    "Barbier",
];
const BELGIAN_FIRST: &[&str] = &[
    "Emma", "Lotte", "Marie", "Elise", "Fatima", "An", "Lien", "Arthur", "Jef", "Bram", "Maxime",
    "Wout", "Pieter", "Olivier", "Yasmine",
];
const BELGIAN_LAST: &[&str] = &[
    "Peeters",
    "Janssens",
    "Maes",
    "Jacobs",
    "Willems",
    "Claes",
    "Goossens",
    "Lambert",
    "Dupont",
    "De Smet",
    "Van Damme",
    "Vermeulen",
    "Lemaire",
    "El Amrani",
];
const GERMAN_FIRST: &[&str] = &[
    "Anna", "Lena", "Julia", "Katrin", "Sabine", "Monika", "Elif", "Lukas", "Jonas", "Felix",
    "Stefan", "Jürgen", "Mehmet", "Tobias", "Heike",
];
const GERMAN_LAST: &[&str] = &[
    "Müller",
    "Schmidt",
    "Schneider",
    "Fischer",
    "Weber",
    "Wagner",
    "Becker",
    "Schäfer",
    "Koch",
    "Richter",
    "Klein",
    "Schröder",
    "Neumann",
    "Yılmaz",
    "Krüger",
    "Hofmann",
    "Vogt",
];

const FRENCH_STREETS: &[&str] = &[
    "rue de la République",
    "rue Victor Hugo",
    "avenue Jean Jaurès",
    "rue des Lilas",
    "place du Marché",
    "rue Pasteur",
    "chemin des Vignes",
    "rue de l'Église",
    "boulevard Gambetta",
    "impasse du Moulin",
    "rue du Port",
    "allée des Tilleuls",
];
const BELGIAN_STREETS: &[&str] =
    &["Kerkstraat", "Stationsstraat", "rue du Moulin", "Nieuwstraat", "chaussée de Namur"];
const GERMAN_STREETS: &[&str] =
    &["Hauptstraße", "Bahnhofstraße", "Gartenweg", "Schillerstraße", "Lindenallee", "Am Markt"];

/// The country of a customer, without drawing the rest of him.
pub(super) fn country(seed: u64, customer: u64) -> Country {
    draw_country(&mut Dice::new(seed, Purpose::Customer, customer))
}

fn draw_country(dice: &mut Dice) -> Country {
    *dice.weighted(
        &[Country::France, Country::Belgium, Country::Germany],
        |country| match country {
            Country::France => 78,
            Country::Belgium => 12,
            Country::Germany => 10,
        },
    )
}

/// One customer, the same whenever he is asked for.
pub(super) fn customer(seed: u64, customer: u64) -> CustomerRecord {
    let mut dice = Dice::new(seed, Purpose::Customer, customer);
    let country = draw_country(&mut dice);
    let (first, last) = draw_name(&mut dice, country);
    let place = draw_address(&mut dice, country);
    let phone = match country {
        Country::France => {
            Some(format!("+33 6 39 98 {:02} {:02}", dice.below(100), dice.below(100)))
        }
        Country::Germany => Some(format!("+49 30 23125 {:03}", dice.below(1_000))),
        Country::Belgium => None,
    };
    CustomerRecord {
        id: format!("K{customer:07}"),
        name: format!("{first} {last}"),
        email: format!("{}.{}{customer}@example.net", mail_word(first), mail_word(last)),
        phone,
        address: place.address,
        postcode: place.postcode,
        city: place.city,
        country: place.country,
    }
}

/// Someone else of the same country: where a present is sent to.
pub(super) fn addressee(dice: &mut Dice, country: Country) -> AddressRecord {
    let (first, last) = draw_name(dice, country);
    AddressRecord { name: format!("{first} {last}"), ..draw_address(dice, country) }
}

fn draw_name(dice: &mut Dice, country: Country) -> (&'static str, &'static str) {
    let (first, last) = match country {
        Country::France => (FRENCH_FIRST, FRENCH_LAST),
        Country::Belgium => (BELGIAN_FIRST, BELGIAN_LAST),
        Country::Germany => (GERMAN_FIRST, GERMAN_LAST),
    };
    (dice.word(first), dice.word(last))
}

fn draw_address(dice: &mut Dice, country: Country) -> AddressRecord {
    let (towns, streets) = match country {
        Country::France => (FRENCH_TOWNS, FRENCH_STREETS),
        Country::Belgium => (BELGIAN_TOWNS, BELGIAN_STREETS),
        Country::Germany => (GERMAN_TOWNS, GERMAN_STREETS),
    };
    let Town(city, first_code, codes, _) = dice.weighted(towns, |town| town.3);
    let code = u64::from(*first_code) + dice.below(u64::from(*codes));
    let street = dice.word(streets);
    let number = dice.between(1, 120);
    AddressRecord {
        name: String::new(),
        address: match country {
            Country::France => format!("{number} {street}"),
            Country::Belgium | Country::Germany => format!("{street} {number}"),
        },
        postcode: match country {
            Country::Belgium => format!("{code:04}"),
            Country::France | Country::Germany => format!("{code:05}"),
        },
        city: (*city).to_owned(),
        country: country.code(),
    }
}

/// A name as its owner would write it in a mail address: letters of ASCII, lower case.
fn mail_word(name: &str) -> String {
    let plain = |letter: char| match letter {
        'à' | 'á' | 'â' => "a",
        'ä' => "ae",
        'ç' => "c",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'ï' | 'î' | 'ı' => "i",
        'ö' => "oe",
        'ü' => "ue",
        _ => "",
    };
    let mut word = String::new();
    for letter in name.to_lowercase().chars() {
        if letter.is_ascii_alphabetic() {
            word.push(letter);
        } else {
            word.push_str(plain(letter));
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn towns_come_as_often_as_people_live_there() {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for number in 0..4_000 {
            *seen.entry(customer(1, number).city).or_default() += 1;
        }
        let of = |city: &str| seen.get(city).copied().unwrap_or_default();
        assert!(of("Paris") > of("Marseille"), "{seen:?}");
        assert!(of("Marseille") > of("Caen"), "{seen:?}");
        assert!(of("Caen") > of("Guingamp"), "{seen:?}");
    }

    #[test]
    fn a_customer_is_the_same_whenever_asked_for() {
        assert_eq!(customer(3, 17), customer(3, 17));
        assert_ne!(customer(3, 17), customer(3, 18));
        assert_eq!(customer(3, 17).country, country(3, 17).code());
    }

    #[test]
    fn every_mail_address_could_be_typed() {
        for number in 0..500 {
            let mail = customer(1, number).email;
            let typed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'@');
            assert!(mail.bytes().all(typed), "{mail}");
            assert!(mail.ends_with("@example.net"), "{mail}");
        }
    }

    #[test]
    fn a_postcode_has_the_length_of_its_country() {
        for number in 0..500 {
            let found = customer(1, number);
            let wanted = if found.country == "BE" { 4 } else { 5 };
            assert_eq!(found.postcode.len(), wanted, "{found:?}");
        }
    }
}
