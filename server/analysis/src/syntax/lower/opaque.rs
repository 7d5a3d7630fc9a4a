//! What is not understood, with the parts of it that are.

use super::Lowering;
use crate::facts::code::{NodeId, NodeKind};
use crate::syntax::kinds::{Kind, Role};
use crate::text::TextRange;

impl Lowering<'_> {
    /// An `Opaque` for the node; its understood parts lie below.
    pub(super) fn opaque(&mut self) -> NodeId {
        self.nested(|l| {
            let open = l.builder.open(l.range());
            l.parts();
            l.builder.close(open, NodeKind::Opaque)
        })
    }

    /// An `Opaque` for something that the grammar takes and Python does not.
    pub(super) fn wrong(&mut self) -> NodeId {
        self.broken = true;
        self.opaque()
    }

    /// An empty `Opaque` for a node at the depth limit.
    pub(super) fn too_deep(&mut self) -> NodeId {
        self.broken = true;
        self.pass_over();
        self.builder.leaf(self.range(), NodeKind::Opaque)
    }

    /// An empty `Opaque` for a part that an error left out, at the end of what is there.
    pub(super) fn absent(&mut self) -> NodeId {
        self.broken = true;
        let end = self.range().end;
        self.builder.leaf(TextRange::empty(end), NodeKind::Opaque)
    }

    /// Lowers the understood parts of the node below the open one.
    pub(super) fn parts(&mut self) {
        self.children(Self::part);
    }

    /// Lowers a node that has no place in what is being made.
    pub(super) fn part(&mut self, kind: Kind) {
        match kind.role() {
            Role::Expression => {
                self.expression();
            }
            Role::Statement => {
                self.statement();
            }
            Role::Container => self.container(),
            Role::Leaf | Role::Token => {}
        }
    }

    fn container(&mut self) {
        self.deeper(Self::parts);
    }
}
