//! The made-up assortment, as two tables. Owns: names, prices and sizes. Never: any rule.
//! Tests: those of the catalogue.

use super::{Kind, Nature};

const LETTERS: &[&str] = &["XS", "S", "M", "L", "XL", "XXL"];
const TROUSERS: &[&str] = &["36", "38", "40", "42", "44", "46"];
const SHOES: &[&str] = &["36", "37", "38", "39", "40", "41", "42", "43", "44", "45"];
const BELTS: &[&str] = &["80 cm", "90 cm", "100 cm"];
const CUSHIONS: &[&str] = &["40 x 40 cm", "50 x 50 cm", "30 x 60 cm"];
const CURTAINS: &[&str] = &["140 x 180 cm", "140 x 240 cm", "200 x 260 cm"];

/// Kinds of one supplier and one size class share most of their row.
const fn worn(
    name: &'static str,
    category: &'static str,
    price: i64,
    weight_g: u32,
    sizes: &'static [&'static str],
    colours: &'static [&'static str],
    models: &'static [&'static str],
) -> Kind {
    Kind {
        name,
        category,
        price,
        weight_g,
        size_class: "small",
        sizes,
        colours,
        models,
        nature: Nature::Plain,
        supplier: "Filature des Deux Rives",
    }
}

const fn device(
    name: &'static str,
    category: &'static str,
    price: i64,
    weight_g: u32,
    colours: &'static [&'static str],
    models: &'static [&'static str],
    nature: Nature,
) -> Kind {
    Kind {
        name,
        category,
        price,
        weight_g,
        size_class: "medium",
        sizes: &[],
        colours,
        models,
        nature,
        supplier: "Atelier Nordwerk",
    }
}

pub(super) const LUMEN: &[Kind] = &[
    worn(
        "Chemise en lin",
        "clothing",
        4_900,
        240,
        LETTERS,
        &["blanc", "ciel", "kaki"],
        &["Aubrac", "Calanque", "Glénan", "Gerberoy", "Locronan", "Minervois"],
    ),
    worn(
        "T-shirt",
        "clothing",
        1_900,
        160,
        LETTERS,
        &["blanc", "noir", "marine", "rouille"],
        &["Molène", "Sauzon", "Brouage", "Houat", "Carnac", "Leucate"],
    ),
    worn(
        "Robe",
        "clothing",
        6_900,
        340,
        TROUSERS,
        &["noir", "vert sapin", "imprimé"],
        &["Camargue", "Vercors", "Lubéron", "Étretat", "Giverny", "Gordes", "Collioure"],
    ),
    worn(
        "Pull",
        "clothing",
        5_900,
        420,
        LETTERS,
        &["écru", "marine", "bordeaux"],
        &["Ouessant", "Mézenc", "Queyras", "Beaufortain", "Aravis"],
    ),
    worn(
        "Jean",
        "clothing",
        7_900,
        620,
        TROUSERS,
        &["brut", "délavé", "noir"],
        &["Droit", "Ajusté", "Large", "Taille haute", "Évasé"],
    ),
    worn(
        "Veste",
        "clothing",
        9_900,
        780,
        LETTERS,
        &["noir", "camel"],
        &["Vauban", "Chausey", "Margeride", "Cotentin", "Bréhat"],
    ),
    worn(
        "Manteau",
        "clothing",
        14_900,
        1_350,
        LETTERS,
        &["gris chiné", "marine"],
        &["Ardenne", "Cézallier", "Vosges", "Argonne"],
    ),
    worn(
        "Jupe",
        "clothing",
        4_500,
        260,
        TROUSERS,
        &["noir", "ocre"],
        &["Garlaban", "Solutré", "Tanargue", "Ventoux"],
    ),
    worn(
        "Baskets",
        "footwear",
        8_900,
        900,
        SHOES,
        &["blanc", "noir"],
        &["Tempo", "Escale", "Détour", "Bitume", "Relais"],
    ),
    worn(
        "Bottines",
        "footwear",
        11_900,
        1_200,
        SHOES,
        &["noir", "cognac"],
        &["Halage", "Bocage", "Pavé"],
    ),
    worn("Sandales", "footwear", 5_900, 520, SHOES, &["noir", "doré"], &["Riviera", "Garrigue"]),
    worn(
        "Ceinture",
        "accessories",
        2_900,
        180,
        BELTS,
        &["noir", "cognac"],
        &["Sellier", "Tressée"],
    ),
    worn(
        "Écharpe",
        "accessories",
        3_500,
        190,
        &[],
        &["écru", "gris chiné", "bordeaux"],
        &["Mohair", "Laine"],
    ),
    worn("Sac", "accessories", 8_900, 700, &[], &["noir", "camel"], &["Cabas", "Besace"]),
    Kind {
        nature: Nature::Sealed,
        ..worn(
            "Maillot de bain",
            "swimwear",
            3_900,
            120,
            LETTERS,
            &["noir", "corail"],
            &["Porquerolles", "Frioul"],
        )
    },
];

pub(super) const BRICO: &[Kind] = &[
    device(
        "Perceuse-visseuse",
        "power_tools",
        8_900,
        2_300,
        &[],
        &["Forza 12", "Forza 18", "Forza 18 Pro"],
        Nature::Battery,
    ),
    device(
        "Ponceuse",
        "power_tools",
        5_900,
        1_900,
        &[],
        &["Lisse 150", "Lisse 225"],
        Nature::Serialised,
    ),
    device(
        "Scie sauteuse",
        "power_tools",
        6_900,
        2_600,
        &[],
        &["Trace 500", "Trace 750"],
        Nature::Serialised,
    ),
    device(
        "Enceinte Bluetooth",
        "electronics",
        4_900,
        640,
        &["noir", "sable", "bleu"],
        &["Galet", "Galet XL"],
        Nature::Battery,
    ),
    device(
        "Casque audio",
        "electronics",
        7_900,
        310,
        &["noir", "blanc"],
        &["Silence", "Silence Pro"],
        Nature::Battery,
    ),
    device(
        "Réveil connecté",
        "electronics",
        3_900,
        280,
        &["blanc", "noir"],
        &["Aube"],
        Nature::Serialised,
    ),
    device(
        "Aspirateur balai",
        "electronics",
        17_900,
        3_400,
        &[],
        &["Souffle", "Souffle Plus"],
        Nature::Battery,
    ),
    device(
        "Bouilloire",
        "kitchen",
        3_500,
        1_100,
        &["inox", "noir", "crème"],
        &["Source"],
        Nature::Plain,
    ),
    device("Grille-pain", "kitchen", 3_900, 1_700, &["inox", "crème"], &["Mie"], Nature::Plain),
    device(
        "Lampe de bureau",
        "lighting",
        2_900,
        950,
        &["noir", "laiton", "blanc"],
        &["Arceau", "Compas"],
        Nature::Plain,
    ),
    device(
        "Suspension",
        "lighting",
        4_900,
        1_400,
        &["noir", "rotin"],
        &["Cloche", "Lanterne"],
        Nature::Plain,
    ),
    device("Thermostat", "electronics", 9_900, 260, &[], &["Tiède"], Nature::Serialised),
    device(
        "Coffret de tournevis",
        "hand_tools",
        2_500,
        1_250,
        &[],
        &["32 pièces", "56 pièces"],
        Nature::Plain,
    ),
    device(
        "Niveau laser",
        "hand_tools",
        5_500,
        480,
        &[],
        &["Croix", "Croix vert"],
        Nature::Serialised,
    ),
    Kind {
        sizes: CUSHIONS,
        ..device(
            "Coussin",
            "home",
            1_900,
            450,
            &["lin", "terracotta", "sauge"],
            &["Nuage"],
            Nature::Plain,
        )
    },
    Kind {
        sizes: CURTAINS,
        ..device(
            "Rideau",
            "home",
            3_900,
            900,
            &["lin", "gris", "ocre"],
            &["Voile", "Occultant"],
            Nature::Plain,
        )
    },
    Kind {
        size_class: "large",
        ..device(
            "Étagère murale",
            "home",
            5_900,
            7_800,
            &["chêne", "noir"],
            &["Trame 80", "Trame 120"],
            Nature::Plain,
        )
    },
];
