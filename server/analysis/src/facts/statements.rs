//! Which statement holds a node, and what stands around it.

use super::{Code, NodeId, NodeKind};

impl Code {
    /// The nearest statement that is the node or holds it; a compound statement for its own head.
    pub fn statement_of(&self, node: NodeId) -> NodeId {
        std::iter::once(node)
            .chain(self.ancestors(node))
            .find(|at| is_statement(self.kind(*at)))
            .unwrap_or(node)
    }

    /// The function, lambda or class that `node` runs in; `None` for the item's outside.
    pub fn scope_of(&self, node: NodeId) -> Option<NodeId> {
        self.ancestors(node).find(|outer| {
            matches!(self.kind(*outer), NodeKind::Function(_) | NodeKind::Lambda { .. } | NodeKind::Class(_))
        })
    }

    /// The `await` that waits for the value of `node`, which may be an argument of calls in between.
    pub fn awaited_by(&self, node: NodeId) -> Option<NodeId> {
        self.ancestors(node)
            .take_while(|outer| {
                !is_statement(self.kind(*outer)) && !matches!(self.kind(*outer), NodeKind::Lambda { .. })
            })
            .find(|outer| matches!(self.kind(*outer), NodeKind::Await(_)))
    }
}

fn is_statement(kind: &NodeKind) -> bool {
    use NodeKind as K;
    matches!(
        kind,
        K::Expr(_)
            | K::Assign { .. }
            | K::AnnAssign { .. }
            | K::AugAssign { .. }
            | K::Delete(_)
            | K::Return(_)
            | K::Raise { .. }
            | K::Assert { .. }
            | K::Import(_)
            | K::FromImport { .. }
            | K::Global(_)
            | K::Nonlocal(_)
            | K::Pass
            | K::Break
            | K::Continue
            | K::If { .. }
            | K::For { .. }
            | K::While { .. }
            | K::Try { .. }
            | K::With { .. }
            | K::Match { .. }
            | K::Function(_)
            | K::Class(_)
    )
}
