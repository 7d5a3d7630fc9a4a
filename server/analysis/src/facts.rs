//! What one file says, owned: no trees, no other files, no settings.
pub mod code;

pub use code::{Code, Node, NodeId};
