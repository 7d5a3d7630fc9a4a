//! What one file says, owned: no trees, no other files, no settings.
//!
//! [`Code`] is the code of one item, [`Bindings`] the names that it binds, [`ModuleScope`] the names of a module.
//! Names stand as written here; `project::resolve` gives them their meaning.
pub mod arguments;
pub mod bindings;
pub mod check;
pub mod code;
pub mod dump;
pub mod heads;
pub mod item;
pub mod module;
pub mod statements;

pub use bindings::{Binding, BindingKind, Bindings};
pub use code::{Code, Node, NodeId, NodeKind};
pub use item::ItemFacts;
pub use module::ModuleScope;
