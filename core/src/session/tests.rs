//! The flows of the bench, driven as a receiver drives them: by scan. `bench` is a station whose
//! order book and journal stand in memory; it answers at once, as the real ones do in the end.

mod bench;
mod faults;
mod flows;
