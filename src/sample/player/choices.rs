//! Everything a newcomer may sensibly scan on the screen before him, in his language, the natural
//! scan first. Owns: the words of the tray's rows. Tests: tests/it/demo.rs.

use dockside_core::domain::operator::Lang;
use dockside_core::session::actions::{Action, Tile};
use dockside_core::session::model::{Model, Screen};

use super::{Player, card};
use crate::sample::shift::{Look, Story};

/// One thing that can be scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is, in human words.
    pub label: String,
    /// What a scanner reads from it.
    pub code: String,
}

impl Player {
    /// What can be scanned here, each code once.
    #[must_use]
    pub fn choices(&self, model: &Model) -> Vec<Choice> {
        let mut list = List { lang: model.lang, choices: Vec::new() };
        let natural = self.wish(model).map(|wish| wish.code);
        match model.screen() {
            Screen::Badge => self.badges(model, &mut list),
            Screen::Receive => self.pallet(model, &mut list),
            Screen::Choose => tiles(
                model
                    .choice
                    .iter()
                    .flat_map(|choice| &choice.hits)
                    .map(|hit| format!("{} {}", hit.order.client, hit.order.order_no)),
                &mut list,
            ),
            Screen::Item => self.inside(model, &mut list),
            Screen::Offer | Screen::Put => self.bins(model, &mut list),
            Screen::Inspect => {
                let answers = model.question().into_iter().flat_map(|(q, _)| &q.answers);
                tiles(answers.map(|answer| answer.label.text(model.lang).to_owned()), &mut list);
            }
            Screen::Stop => list.card(Action::Ok, "Card: OK", "Carte : OK"),
        }
        match model.screen() {
            Screen::Badge | Screen::Stop => {}
            Screen::Receive
            | Screen::Choose
            | Screen::Item
            | Screen::Offer
            | Screen::Inspect
            | Screen::Put => {
                list.card(Action::Undo, "Card: UNDO the last step", "Carte : ANNULER (UNDO)");
                list.card(Action::End, "Card: END of shift", "Carte : FIN de poste (END)");
            }
        }
        list.card(Action::Help, "Card: HELP", "Carte : AIDE (HELP)");
        list.natural_first(natural.as_deref())
    }

    fn badges(&self, model: &Model, list: &mut List) {
        for (badge, operator) in &model.setup.operators {
            list.push("Badge", "Badge", &operator.name, badge.as_str());
        }
        if let Some((_, next)) = self.on_pallet().next() {
            list.push("Parcel, without a badge", "Colis, sans badge", &next.label, &next.label);
        }
    }

    fn pallet(&self, model: &Model, list: &mut List) {
        if let Some(late) = self.late(model) {
            let (en, fr) = ("One more unit in that parcel", "Encore un article dans ce colis");
            list.push(en, fr, &late.code, &late.code);
        }
        if let Some((_, next)) = self.on_pallet().next() {
            let (en, fr) = story(next.story);
            list.push(
                &format!("Next parcel ({en})"),
                &format!("Colis suivant ({fr})"),
                &next.label,
                &next.label,
            );
        }
        // A number no carrier of the made-up warehouse gives, another one each time.
        let unknown = format!("ZZ{:010}", model.state.counters.parcel + 1);
        list.push("A parcel nobody announced", "Un colis que rien n'annonce", &unknown, &unknown);
        if let Some(before) = model.state.last_closed.and_then(|id| model.state.parcels.get(&id)) {
            list.push(
                "The last parcel again",
                "Le dernier colis encore",
                &before.label,
                &before.label,
            );
        }
        list.card(Action::NoLabel, "Card: parcel without label", "Carte : colis sans étiquette");
        for (badge, operator) in &model.setup.operators {
            list.push("Badge", "Badge", &operator.name, badge.as_str());
        }
    }

    fn inside(&self, model: &Model, list: &mut List) {
        for unit in self.left(model) {
            let (en, fr) = look(unit.look);
            let code = unit.serial.as_ref().unwrap_or(&unit.gtin);
            let what = &unit.description;
            list.push(&format!("Unit ({en})"), &format!("Article ({fr})"), what, code);
            list.push("The same by its EAN", "Le même par son EAN", what, &unit.gtin);
        }
        list.card(
            Action::Done,
            "Card: DONE, nothing more inside",
            "Carte : TERMINÉ (DONE), plus rien dedans",
        );
        if let Some((_, next)) = self.on_pallet().next() {
            list.push(
                "The next parcel, too early",
                "Le colis suivant, trop tôt",
                &next.label,
                &next.label,
            );
        }
    }

    fn bins(&self, model: &Model, list: &mut List) {
        let proposed = model.proposed_bin();
        let (en, fr) = self.in_hand(model).map_or(("", ""), |unit| look(unit.look));
        if let Some(bin) = &proposed {
            list.push("Bin", "Bac", bin.as_str(), bin.as_str());
        }
        if model.screen() == Screen::Offer {
            list.card(
                Action::Inspect,
                &format!("Card: INSPECT (the unit is {en})"),
                &format!("Carte : INSPECTER (article : {fr})"),
            );
        }
        let other = model.setup.bins.0.iter().find(|bin| Some(&bin.code) != proposed.as_ref());
        if let Some(other) = other {
            list.push("Another bin", "Un autre bac", other.code.as_str(), other.code.as_str());
        }
    }
}

fn tiles(labels: impl Iterator<Item = String>, list: &mut List) {
    for (label, tile) in labels.zip(Tile::ALL) {
        let letter = tile.letter();
        list.card(
            Action::Answer(tile),
            &format!("Card {letter}: {label}"),
            &format!("Carte {letter} : {label}"),
        );
    }
}

/// The rows as they are gathered.
struct List {
    lang: Lang,
    choices: Vec<Choice>,
}

impl List {
    fn push(&mut self, en: &str, fr: &str, what: &str, code: &str) {
        if self.choices.iter().any(|choice| choice.code == code) {
            return;
        }
        let label = match (self.lang, what) {
            (Lang::En, "") => en.to_owned(),
            (Lang::Fr, "") => fr.to_owned(),
            (Lang::En, what) => format!("{en}: {what}"),
            (Lang::Fr, what) => format!("{fr} : {what}"),
        };
        self.choices.push(Choice { label, code: code.to_owned() });
    }

    fn card(&mut self, action: Action, en: &str, fr: &str) {
        if let Some(code) = card(action) {
            self.push(en, fr, "", &code);
        }
    }

    fn natural_first(mut self, code: Option<&str>) -> Vec<Choice> {
        // A stable sort keeps the others in their order.
        self.choices.sort_by_key(|choice| Some(choice.code.as_str()) != code);
        self.choices
    }
}

fn story(story: Story) -> (&'static str, &'static str) {
    match story {
        Story::AsAnnounced
        | Story::UnitMissing
        | Story::UnitNotOnOrder
        | Story::OneMoreThanSold => ("announced", "annoncé"),
        Story::FirstOfTwo => ("first of two", "premier de deux"),
        Story::SecondOfTwo => ("second of two", "second de deux"),
        Story::OrderNumberLabel => ("order number on a leaflet", "numéro de commande sur un bon"),
        Story::Blind => ("nobody announced it", "que rien n'annonce"),
    }
}

fn look(look: Look) -> (&'static str, &'static str) {
    match look {
        Look::Clean => ("as new", "comme neuf"),
        Look::TagsMissing => ("tags missing", "sans étiquettes"),
        Look::Worn => ("worn", "porté"),
        Look::Stained => ("stained", "taché"),
        Look::SealBroken => ("seal broken", "scellé rompu"),
        Look::BoxDamaged => ("box damaged", "boîte abîmée"),
        Look::Broken => ("broken", "cassé"),
    }
}
