//! What one item says: a pure function of the item's text.

use std::sync::OnceLock;

use super::{Bindings, Code, NodeId, NodeKind};

/// The facts of one item. Content-addressed: items with the same text share one.
#[derive(Debug)]
pub struct ItemFacts {
    pub code: Code,
    bindings: OnceLock<Bindings>,
    /// The node ranges inside nested functions, lambdas and classes, the outermost only, in order.
    nested: OnceLock<Box<[(u32, u32)]>>,
}

impl ItemFacts {
    pub fn new(code: Code) -> ItemFacts {
        ItemFacts { code, bindings: OnceLock::new(), nested: OnceLock::new() }
    }

    /// The names that the item binds, gathered on the first question.
    pub fn bindings(&self) -> &Bindings {
        self.bindings.get_or_init(|| Bindings::of(&self.code))
    }

    /// Whether a node stands inside a function, lambda or class that is not the item itself.
    pub fn is_nested(&self, node: NodeId) -> bool {
        let nested = self.nested.get_or_init(|| nested(&self.code));
        let behind = nested.partition_point(|(start, _)| *start <= node.0);
        behind.checked_sub(1).is_some_and(|index| node.0 < nested[index].1)
    }
}

fn nested(code: &Code) -> Box<[(u32, u32)]> {
    let own = code.roots.first();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(node) = code.nodes.get(at as usize) {
        let opens = matches!(node.kind, NodeKind::Function(_) | NodeKind::Lambda { .. } | NodeKind::Class(_))
            && own != Some(&NodeId(at));
        if opens {
            found.push((at + 1, node.subtree_end));
        }
        at = if opens { node.subtree_end.max(at + 1) } else { at + 1 };
    }
    found.into()
}
