//! Builds the flat vector of nodes. Pre-order, parents and subtree ends come from opening and closing alone.

use std::cell::Cell;

use crate::facts::code::{Node, NodeId, NodeKind};
use crate::text::TextRange;

/// A node that is still open: what is made before it is closed lies below it.
#[must_use = "an open node must be closed"]
pub(super) struct Open {
    id: NodeId,
}

/// A vector of so many nodes at most is kept for the next text.
const MAX_SPARE: usize = 1 << 14;

thread_local! {
    /// Where nodes are put together. What is kept of them is copied into a vector of just their number: one that grows as
    /// they come takes twice the memory on the way, and keeps part of it.
    static SPARE: Cell<Vec<Node>> = const { Cell::new(Vec::new()) };
}

pub(super) struct Builder {
    nodes: Vec<Node>,
    /// The innermost open node.
    current: Option<NodeId>,
    depth: u32,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self { nodes: SPARE.take(), current: None, depth: 0 }
    }

    pub(super) fn open(&mut self, range: TextRange) -> Open {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node {
            kind: NodeKind::Opaque,
            range,
            parent: self.current.unwrap_or(id),
            subtree_end: id.0 + 1,
        });
        self.current = Some(id);
        self.depth += 1;
        Open { id }
    }

    /// Closes the innermost open node. Its parent's range comes to hold its own, should an error lie outside.
    #[expect(clippy::needless_pass_by_value, reason = "a node is closed once")]
    pub(super) fn close(&mut self, open: Open, kind: NodeKind) -> NodeId {
        debug_assert_eq!(self.current, Some(open.id), "nodes are closed from the inside out");
        let subtree_end = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let node = &mut self.nodes[open.id.0 as usize];
        node.kind = kind;
        node.subtree_end = subtree_end;
        let (parent, range) = (node.parent, node.range);
        self.current = (parent != open.id).then_some(parent);
        self.depth -= 1;
        if let Some(parent) = self.current {
            let parent = &mut self.nodes[parent.0 as usize].range;
            parent.start = parent.start.min(range.start);
            parent.end = parent.end.max(range.end);
        }
        open.id
    }

    /// A node without children.
    pub(super) fn leaf(&mut self, range: TextRange, kind: NodeKind) -> NodeId {
        let open = self.open(range);
        self.close(open, kind)
    }

    /// Moves the end of an open node.
    pub(super) fn set_end(&mut self, open: &Open, end: u32) {
        let range = &mut self.nodes[open.id.0 as usize].range;
        *range = TextRange::new(range.start, end);
    }

    /// Where an open node ends so far.
    pub(super) fn end(&self, open: &Open) -> u32 {
        self.nodes[open.id.0 as usize].range.end
    }

    pub(super) fn range(&self, id: NodeId) -> TextRange {
        self.nodes[id.0 as usize].range
    }

    /// How many nodes are open.
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    pub(super) fn finish(mut self) -> Vec<Node> {
        debug_assert_eq!(self.current, None, "every node is closed");
        let nodes = self.nodes.drain(..).collect();
        if self.nodes.capacity() <= MAX_SPARE {
            SPARE.set(self.nodes);
        }
        nodes
    }
}
