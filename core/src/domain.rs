//! The trade's rules. Each module is one thing of the dock; none reads a clock, a file or a table.
//! Reading order: ids, money, scan, order, parcel, unit, settlement, event, replay, inspection, policy.

pub mod bin;
pub mod carrier;
pub mod decode;
pub mod event;
pub mod facts;
pub mod framing;
pub mod gs1;
pub mod ids;
pub mod inspection;
pub mod money;
pub mod operator;
pub mod order;
pub mod parcel;
pub mod policy;
pub mod replay;
pub mod scan;
pub mod settlement;
pub mod unit;
pub mod wedge;
