//! What one file says, owned: no trees, no other files, no settings.
pub mod check;
pub mod code;
pub mod dump;

pub use code::{Code, Node, NodeId};
