//! Statements: the simple ones, and which of the others is which.

use ruff_python_ast::{Expr, Identifier, Stmt, StmtAnnAssign, StmtAugAssign};
use smol_str::{SmolStr, format_smolstr};

use super::{Lowering, imports, range};
use crate::facts::code::{NodeId, NodeKind};

impl Lowering<'_> {
    pub(super) fn statement(&mut self, statement: &Stmt) -> NodeId {
        let at = range(statement);
        self.nested(at, |l| {
            let open = l.builder.open(at);
            let kind = match l.simple(statement) {
                Some(kind) => kind,
                None => l.compound(statement, &open),
            };
            l.builder.close(open, kind)
        })
    }

    /// A statement of one line; `None` for any other.
    fn simple(&mut self, statement: &Stmt) -> Option<NodeKind> {
        Some(match statement {
            Stmt::Expr(statement) => NodeKind::Expr(self.expression(&statement.value)),
            Stmt::Assign(statement) => NodeKind::Assign {
                targets: self.expressions(&statement.targets),
                value: self.expression(&statement.value),
            },
            Stmt::AnnAssign(statement) => self.annotated(statement),
            Stmt::AugAssign(statement) => self.augmented(statement),
            Stmt::Delete(statement) => NodeKind::Delete(self.expressions(&statement.targets)),
            Stmt::Return(statement) => NodeKind::Return(self.optional(statement.value.as_deref())),
            Stmt::Raise(statement) => NodeKind::Raise {
                exception: self.optional(statement.exc.as_deref()),
                cause: self.optional(statement.cause.as_deref()),
            },
            Stmt::Assert(statement) => NodeKind::Assert {
                test: self.expression(&statement.test),
                message: self.optional(statement.msg.as_deref()),
            },
            Stmt::Import(statement) => imports::import(statement),
            Stmt::ImportFrom(statement) => imports::import_from(statement),
            Stmt::Global(statement) => NodeKind::Global(names(&statement.names)),
            Stmt::Nonlocal(statement) => NodeKind::Nonlocal(names(&statement.names)),
            Stmt::Pass(_) => NodeKind::Pass,
            Stmt::Break(_) => NodeKind::Break,
            Stmt::Continue(_) => NodeKind::Continue,
            _ => return None,
        })
    }

    fn annotated(&mut self, statement: &StmtAnnAssign) -> NodeKind {
        let target = self.expression(&statement.target);
        let annotation = self.expression(&statement.annotation);
        NodeKind::AnnAssign { target, annotation, value: self.optional(statement.value.as_deref()) }
    }

    fn augmented(&mut self, statement: &StmtAugAssign) -> NodeKind {
        let target = self.expression(&statement.target);
        let op = format_smolstr!("{}=", statement.op.as_str());
        NodeKind::AugAssign { target, op, value: self.expression(&statement.value) }
    }

    /// What is not modelled: its parts lie below it.
    pub(super) fn parts<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expr>) -> NodeKind {
        self.expressions(parts);
        NodeKind::Opaque
    }
}

fn names(names: &[Identifier]) -> Box<[SmolStr]> {
    names.iter().map(|name| SmolStr::new(name.as_str())).collect()
}
