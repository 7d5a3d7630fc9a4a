//! What one item says: a pure function of the item's text.

use std::sync::OnceLock;

use super::{Bindings, Code};

/// The facts of one item. Content-addressed: items with the same text share one.
#[derive(Debug)]
pub struct ItemFacts {
    pub code: Code,
    bindings: OnceLock<Bindings>,
}

impl ItemFacts {
    pub fn new(code: Code) -> ItemFacts {
        ItemFacts { code, bindings: OnceLock::new() }
    }

    /// The names that the item binds, gathered on the first question.
    pub fn bindings(&self) -> &Bindings {
        self.bindings.get_or_init(|| Bindings::of(&self.code))
    }
}
