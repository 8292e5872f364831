//! What the order book and the journal's tables know about one scan: the answer to a look-up.
//! Plain data; the session decides on it. No tests of its own.

use crate::domain::event::MatchedBy;
use crate::domain::ids::{
    ClientId, Lpn, OperatorId, OrderNo, ParcelId, RmaNo, SiteId, SoldUnit, StationNo, Tracking,
};
use crate::domain::order::{Order, Product, Rma};

/// An order, and the RMA under which it is to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderKey {
    pub client: ClientId,
    pub order_no: OrderNo,
    pub rma: Option<RmaNo>,
}

/// An order that the scan leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderHit {
    pub order: Order,
    pub rma: Option<Rma>,
    pub by: MatchedBy,
    /// The scan is one of our outbound numbers of this order, not a return's: the parcel came back
    /// undelivered, or the customer used its box again.
    pub outbound: bool,
    /// The sold unit a serial number names: line, and n where the order tells.
    pub serial_of: Option<u32>,
    /// The number as the order book writes it.
    pub code: String,
}

/// A sold unit that a unit of this station's journal has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub sold: SoldUnit,
    pub lpn: Lpn,
    pub parcel: ParcelId,
    /// The RMA of that parcel.
    pub rma: Option<RmaNo>,
    pub at: i64,
    pub operator: Option<OperatorId>,
}

/// A parcel this station has had before, by its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub parcel: ParcelId,
    pub label: String,
    pub opened_at: i64,
    pub closed_at: Option<i64>,
    pub operator: Option<OperatorId>,
    pub site: SiteId,
    pub station: StationNo,
}

/// All that is known of one scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Orders the scan leads to by tracking, RMA, order or serial number; best evidence first, at
    /// most [`HITS_MAX`].
    pub orders: Vec<OrderHit>,
    /// Products with the scanned GTIN, of any client.
    pub products: Vec<Product>,
    /// Sold units of the orders hit, and of the order asked with, that are claimed here.
    pub claims: Vec<Claim>,
    /// Parcels of this station with this label, newest first.
    pub received: Vec<Received>,
    /// The order asked with (that of the open parcel), fresh from the order book.
    pub current: Option<(Order, Option<Rma>)>,
    /// Parcel numbers of the current RMA, and of the RMAs hit, whose parcels are closed here.
    pub closed_trackings: Vec<Tracking>,
    /// The scan is two known codes glued together.
    pub glued: Option<(String, String)>,
}

/// More orders than this behind one number can't be chosen from on one screen.
pub const HITS_MAX: usize = 5;
