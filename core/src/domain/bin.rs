//! The places units are put: one disposition a bin, and whose goods it takes.
//! Owns: which bin is proposed. Never: what is in it (that is `replay`). Tests: beside the code.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{BinCode, ClientId};

/// Where a unit goes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    Restock,
    Refurbish,
    Repair,
    SecondHand,
    StoreReplenish,
    CrossDock,
    ReturnToVendor,
    Liquidate,
    Donate,
    Recycle,
    Destroy,
    ReturnToCustomer,
    Quarantine,
}

impl Disposition {
    /// Every disposition, in the order screens list them.
    pub const ALL: [Disposition; 13] = [
        Disposition::Restock,
        Disposition::Refurbish,
        Disposition::Repair,
        Disposition::SecondHand,
        Disposition::StoreReplenish,
        Disposition::CrossDock,
        Disposition::ReturnToVendor,
        Disposition::Liquidate,
        Disposition::Donate,
        Disposition::Recycle,
        Disposition::Destroy,
        Disposition::ReturnToCustomer,
        Disposition::Quarantine,
    ];

    /// The word files and events use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Disposition::Restock => "restock",
            Disposition::Refurbish => "refurbish",
            Disposition::Repair => "repair",
            Disposition::SecondHand => "second_hand",
            Disposition::StoreReplenish => "store_replenish",
            Disposition::CrossDock => "cross_dock",
            Disposition::ReturnToVendor => "return_to_vendor",
            Disposition::Liquidate => "liquidate",
            Disposition::Donate => "donate",
            Disposition::Recycle => "recycle",
            Disposition::Destroy => "destroy",
            Disposition::ReturnToCustomer => "return_to_customer",
            Disposition::Quarantine => "quarantine",
        }
    }
}

/// What a bin is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BinUse {
    /// Units with this disposition.
    For(Disposition),
    /// Units of a parcel whose order is not known yet.
    AwaitMatch,
}

/// One physical place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bin {
    pub code: BinCode,
    pub takes: BinUse,
    /// `None`: goods of any client.
    pub client: Option<ClientId>,
}

/// Every bin of the site, in the order of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bins(pub Vec<Bin>);

impl Bins {
    #[must_use]
    pub fn by_code(&self, code: &BinCode) -> Option<&Bin> {
        self.0.iter().find(|bin| bin.code == *code)
    }

    /// The bin to propose: the client's own before a shared one, then the earlier in the file;
    /// quarantine when the site has no bin for that use, `None` when it has no quarantine either.
    #[must_use]
    pub fn propose(&self, takes: BinUse, client: Option<&ClientId>) -> Option<&Bin> {
        let own = |bin: &&Bin| bin.client.is_some() && bin.client.as_ref() == client;
        let shared = |bin: &&Bin| bin.client.is_none();
        let of = |takes: BinUse| {
            let all = || self.0.iter().filter(move |bin| bin.takes == takes);
            all().find(own).or_else(|| all().find(shared))
        };
        of(takes).or_else(|| of(BinUse::For(Disposition::Quarantine)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(code: &str, takes: BinUse, client: Option<&str>) -> Bin {
        Bin {
            code: code.parse().unwrap(),
            takes,
            client: client.map(|client| client.parse().unwrap()),
        }
    }

    #[test]
    fn a_clients_own_bin_comes_first_and_another_clients_never() {
        let restock = BinUse::For(Disposition::Restock);
        let bins = Bins(vec![
            bin("BIN-RESTOCK-1", restock, None),
            bin("BIN-ACME-1", restock, Some("acme")),
            bin("BIN-QUARANTINE-1", BinUse::For(Disposition::Quarantine), None),
        ]);
        let proposed = |client: &str| {
            bins.propose(restock, Some(&client.parse().unwrap())).unwrap().code.to_string()
        };
        assert_eq!(proposed("acme"), "BIN-ACME-1");
        assert_eq!(proposed("nord"), "BIN-RESTOCK-1");
        let none = bins.propose(BinUse::For(Disposition::Donate), None).unwrap();
        assert_eq!(none.code.as_str(), "BIN-QUARANTINE-1");
    }

    #[test]
    fn the_words_are_those_of_the_files() {
        for disposition in Disposition::ALL {
            let json = serde_json::to_string(&disposition).unwrap();
            assert_eq!(json, format!("\"{}\"", disposition.word()));
        }
    }
}
