//! What the session asks of the world. Data, so that it can be recorded, compared and replayed.

use crate::domain::event::Draft;
use crate::domain::facts::OrderKey;
use crate::domain::scan::Scan;
use crate::session::input::Ticket;

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the order book and the journal's tables; answered by `Found` or `NotFound`.
    LookUp {
        ticket: Ticket,
        ask: Ask,
    },
    /// Commit these events together; answered by `Durable` or `NotStored`.
    Append {
        ticket: Ticket,
        drafts: Vec<Draft>,
    },
    Sound(Cue),
    /// What central said is in the journal: it may be acknowledged.
    VerdictsKept,
    /// Leave the program.
    Quit,
}

/// What is asked of the order book.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub scan: Option<Scan>,
    /// The order of the parcel on the bench.
    pub current: Option<OrderKey>,
}

/// Four sounds, told apart by rhythm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    Good,
    Done,
    Attention,
    Stop,
}
