//! What the two clients sell: styles in their sizes and colours, each article with its GTIN.
//! Owns: the articles. Never: chance: the catalogue is the same for every seed, as a real one is
//! the same every morning. Start at `Catalogue::build`. Tests: beside the code.

mod styles;

use super::client::House;
use super::label;
use super::record::ProductRecord;

/// One article: a style in one size and one colour.
#[derive(Clone, Debug)]
pub(super) struct Article {
    pub(super) sku: String,
    pub(super) gtin: String,
    pub(super) description: String,
    pub(super) kind: &'static Kind,
    pub(super) style: String,
    pub(super) size: Option<&'static str>,
    pub(super) colour: Option<&'static str>,
    /// Minor units, with tax.
    pub(super) list_price: i64,
}

/// What articles of one kind have in common.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) category: &'static str,
    /// Minor units, of the cheapest model.
    pub(super) price: i64,
    pub(super) weight_g: u32,
    pub(super) size_class: &'static str,
    pub(super) sizes: &'static [&'static str],
    pub(super) colours: &'static [&'static str],
    pub(super) models: &'static [&'static str],
    pub(super) nature: Nature,
    pub(super) supplier: &'static str,
}

/// What the dock has to mind about a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    Plain,
    /// Not sellable again once its seal is broken.
    Sealed,
    Serialised,
    /// Serialised, with a lithium battery inside.
    Battery,
}

impl Nature {
    pub(super) fn is_serialised(self) -> bool {
        match self {
            Nature::Plain | Nature::Sealed => false,
            Nature::Serialised | Nature::Battery => true,
        }
    }
}

/// All articles of both clients. A style's articles stand together, sizes of one colour in order.
#[derive(Clone, Debug)]
pub(super) struct Catalogue {
    lumen: Vec<Article>,
    brico: Vec<Article>,
}

impl Catalogue {
    pub(super) fn build() -> Catalogue {
        Catalogue { lumen: articles(House::Lumen), brico: articles(House::Brico) }
    }

    pub(super) fn of(&self, house: House) -> &[Article] {
        match house {
            House::Lumen => &self.lumen,
            House::Brico => &self.brico,
        }
    }

    pub(super) fn records(&self) -> impl Iterator<Item = ProductRecord> + '_ {
        [House::Lumen, House::Brico]
            .into_iter()
            .flat_map(|house| self.of(house).iter().map(move |article| article.record(house)))
    }
}

impl Article {
    /// Whether the other is this style and colour in another size.
    pub(super) fn is_other_size_of(&self, other: &Article) -> bool {
        self.style == other.style && self.colour == other.colour && self.size != other.size
    }

    fn record(&self, house: House) -> ProductRecord {
        let kind = self.kind;
        ProductRecord {
            client: house.word(),
            sku: self.sku.clone(),
            gtins: vec![self.gtin.clone()],
            description: self.description.clone(),
            category: kind.category,
            style: self.style.clone(),
            size: self.size,
            colour: self.colour,
            weight_g: kind.weight_g,
            size_class: kind.size_class,
            serialised: kind.nature.is_serialised(),
            hygiene_seal: kind.nature == Nature::Sealed,
            hazard: (kind.nature == Nature::Battery).then_some("lithium_battery"),
            supplier: kind.supplier,
            list_price: self.list_price,
        }
    }
}

fn articles(house: House) -> Vec<Article> {
    let kinds = match house {
        House::Lumen => styles::LUMEN,
        House::Brico => styles::BRICO,
    };
    let mut articles = Vec::new();
    let mut style_no = 1_000_u32;
    for kind in kinds {
        for (model, step) in kind.models.iter().zip(0_i64..) {
            style_no += 1;
            // Dearer models by tenths of the price, to the next price tag ending in 90 cents.
            let list_price = (kind.price + kind.price * step / 10) / 100 * 100 + 90;
            for colour in options(kind.colours) {
                for size in options(kind.sizes) {
                    let number = u64::try_from(articles.len()).unwrap_or(u64::MAX);
                    articles.push(Article {
                        sku: sku(house, style_no, colour, size),
                        gtin: label::gtin13(house, number),
                        description: describe(kind.name, model, colour, size),
                        kind,
                        style: format!("{} {model}", kind.name),
                        size,
                        colour,
                        list_price,
                    });
                }
            }
        }
    }
    articles
}

/// The words of a list, or the one absence where a kind has none.
fn options(words: &'static [&'static str]) -> Vec<Option<&'static str>> {
    if words.is_empty() { vec![None] } else { words.iter().copied().map(Some).collect() }
}

fn sku(house: House, style_no: u32, colour: Option<&str>, size: Option<&str>) -> String {
    let shop = match house {
        House::Lumen => "LUM",
        House::Brico => "BRI",
    };
    let mut sku = format!("{shop}-{style_no}");
    if let Some(colour) = colour {
        let short: String = colour.chars().filter(char::is_ascii_alphabetic).take(3).collect();
        sku = format!("{sku}-{}", short.to_ascii_uppercase());
    }
    if let Some(size) = size {
        let short: String = size.chars().filter(char::is_ascii_alphanumeric).collect();
        sku = format!("{sku}-{short}");
    }
    sku
}

fn describe(name: &str, model: &str, colour: Option<&str>, size: Option<&str>) -> String {
    let mut words = format!("{name} {model}");
    for option in [colour, size].into_iter().flatten() {
        words = format!("{words}, {option}");
    }
    words
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use dockside_core::domain::ids::{Gtin, Sku};

    use super::*;

    #[test]
    fn every_gtin_has_its_check_digit_and_is_nobodys() {
        let mut seen = BTreeSet::new();
        for product in Catalogue::build().records() {
            let gtin = &product.gtins[0];
            assert!(gtin.parse::<Gtin>().is_ok(), "{gtin}");
            assert!(gtin.len() == 13 && gtin.starts_with("952"), "{gtin}");
            assert!(seen.insert(gtin.clone()), "{gtin} twice");
        }
    }

    #[test]
    fn every_article_has_its_own_sku() {
        let mut seen = BTreeSet::new();
        for product in Catalogue::build().records() {
            assert!(product.sku.parse::<Sku>().is_ok());
            assert!(seen.insert((product.client, product.sku.clone())), "{} twice", product.sku);
        }
        assert!(seen.len() > 1_000, "{} articles", seen.len());
    }
}
