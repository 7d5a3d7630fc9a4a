//! From the text of a file to items and their owned code: the only place that knows tree-sitter.
//!
//! No tree leaves this module but as an [`ItemTree`], which tells nothing but its [`Code`](crate::facts::Code).

mod kinds;
mod lower;
mod parse;
pub mod split;

pub use lower::lower;
pub use parse::{ItemTree, MAX_ITEM_BYTES, Parser, Refused};
