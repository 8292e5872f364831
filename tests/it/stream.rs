//! A stream of events as a station's journal would hold it, for the tests of central: real
//! envelopes, chained for real.
#![cfg(test)]

use dockside::central::wire::{Batch, Waiting};
use dockside_core::domain::event::{
    DeviceLost, Envelope, Event, GENESIS, Hash, Reversed, UnitIdentified, chain, leaf,
};
use uuid::Uuid;

use crate::postgres::Station;

/// 2026-01-05T08:00:00Z.
pub const START_MS: i64 = 1_767_600_000_000;

#[derive(Clone)]
pub struct Stream {
    blank: Envelope,
    pub events: Vec<Waiting>,
}

impl Stream {
    pub fn of(station: &Station) -> Stream {
        let blank = Envelope {
            id: Uuid::nil(),
            site: station.site.clone(),
            station: station.number,
            stream: Uuid::new_v4(),
            seq: 0,
            at: START_MS,
            operator: Some("anna".parse().unwrap()),
            device: None,
            rules: "2026.1".to_owned(),
            event: lost_device(),
        };
        Stream { blank, events: Vec::new() }
    }

    pub fn uuid(&self) -> Uuid {
        self.blank.stream
    }

    /// The hash of event `seq`; the genesis at 0.
    pub fn hash_at(&self, seq: u64) -> Hash {
        match usize::try_from(seq).unwrap() {
            0 => GENESIS,
            place => self.events[place - 1].hash,
        }
    }

    /// Appends an event and gives its id.
    pub fn add(&mut self, event: Event) -> Uuid {
        self.add_as(|envelope| envelope.event = event)
    }

    /// Appends an envelope after `change` had its way with it.
    pub fn add_as(&mut self, change: impl FnOnce(&mut Envelope)) -> Uuid {
        let mut envelope = self.blank.clone();
        envelope.id = Uuid::now_v7();
        envelope.seq = u64::try_from(self.events.len()).unwrap() + 1;
        envelope.at = START_MS + i64::try_from(envelope.seq).unwrap();
        change(&mut envelope);
        self.add_bytes(envelope.to_bytes().unwrap());
        envelope.id
    }

    /// Appends bytes, whatever they are.
    pub fn add_bytes(&mut self, body: Vec<u8>) {
        let seq = u64::try_from(self.events.len()).unwrap() + 1;
        let hash = chain(&self.hash_at(seq - 1), &leaf(&body));
        self.events.push(Waiting { seq, body, hash });
    }

    /// What follows `after`, as one batch.
    pub fn batch(&self, after: u64) -> Batch {
        let skipped = usize::try_from(after).unwrap();
        Batch::take(after, self.events[skipped..].to_vec()).unwrap()
    }
}

/// An event that means nothing to central.
pub fn lost_device() -> Event {
    DeviceLost { device: "scanner-1".parse().unwrap(), partial_bytes: 0 }.into()
}

/// One unit of line 1 of an order of the default client.
pub fn identified(order_no: &str, n: u32) -> Event {
    UnitIdentified {
        lpn: "LPN00700000423".parse().unwrap(),
        parcel: "P0070000001".parse().unwrap(),
        client: None,
        gtin: None,
        sku: None,
        serial: None,
        order_no: Some(order_no.parse().unwrap()),
        line: Some(1),
        n: Some(n),
    }
    .into()
}

pub fn reversed(of: Uuid) -> Event {
    Reversed { of }.into()
}
