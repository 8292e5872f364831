//! One screen, one decision: what a scan means there. The names are those of `view::screens`.
//! Each module adds to `Model` what its screen answers; `update` chooses the screen.

pub mod badge;
pub mod find;
pub mod inspect;
pub mod item;
pub mod put;
pub mod receive;
