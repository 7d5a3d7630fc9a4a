//! Statements: lists of them, and the simple ones.

use smol_str::SmolStr;

use super::Lowering;
use crate::facts::code::{NodeId, NodeKind};
use crate::syntax::kinds::{Field, Kind};

impl Lowering<'_> {
    /// The statements among the node's children. An error among them is one.
    pub(super) fn statements(&mut self) -> Vec<NodeId> {
        let mut list = Vec::new();
        if !self.cursor.goto_first_child() {
            return list;
        }
        loop {
            let kind = self.kind();
            if kind == Kind::Error {
                list.push(self.opaque());
            } else if kind.is_statement() {
                list.push(self.statement());
            } else {
                self.significant();
            }
            if !self.cursor.goto_next_sibling() {
                break;
            }
        }
        self.cursor.goto_parent();
        self.check_indentation(&list);
        list
    }

    pub(super) fn statement(&mut self) -> NodeId {
        self.nested(Self::statement_here)
    }

    fn statement_here(&mut self) -> NodeId {
        let kind = self.kind();
        match kind {
            Kind::PrintStatement | Kind::ExecStatement => return self.wrong(),
            Kind::TypeAliasStatement => return self.type_alias_statement(),
            _ => {}
        }
        let open = self.builder.open(self.range());
        let kind = match kind {
            Kind::ExpressionStatement => self.expression_statement(),
            Kind::ReturnStatement => NodeKind::Return(self.optional_child()),
            Kind::DeleteStatement => self.delete(),
            Kind::RaiseStatement => self.raise(),
            Kind::AssertStatement => self.assert(),
            Kind::PassStatement => NodeKind::Pass,
            Kind::BreakStatement => NodeKind::Break,
            Kind::ContinueStatement => NodeKind::Continue,
            Kind::GlobalStatement => NodeKind::Global(self.identifiers()),
            Kind::NonlocalStatement => NodeKind::Nonlocal(self.identifiers()),
            Kind::ImportStatement => self.import(),
            Kind::ImportFromStatement | Kind::FutureImportStatement => self.import_from(kind),
            kind => self.compound(kind, &open),
        };
        self.builder.close(open, kind)
    }

    fn expression_statement(&mut self) -> NodeKind {
        if self.child_count() > 1 && self.has_child(Kind::Comma) {
            return NodeKind::Expr(self.bare_tuple());
        }
        let mut kind = None;
        self.children(|l, child| {
            kind = match child {
                Kind::Assignment => Some(l.assignment()),
                Kind::AugmentedAssignment => Some(l.augmented_assignment()),
                child if child.is_expression() => Some(NodeKind::Expr(l.expression())),
                _ => return,
            }
        });
        kind.unwrap_or_else(|| {
            self.broken = true;
            NodeKind::Opaque
        })
    }

    /// `a, b` whose elements are children of the statement itself.
    fn bare_tuple(&mut self) -> NodeId {
        let open = self.builder.open(self.range());
        let elements = self.expressions();
        self.builder.close(open, NodeKind::Tuple(elements))
    }

    /// `a = b = value` nests to the right; the targets are taken in a loop.
    fn assignment(&mut self) -> NodeKind {
        let mut targets = Vec::new();
        let mut annotation = None;
        let mut value = None;
        let mut levels = 0;
        let mut more = self.enter();
        while more {
            levels += 1;
            more = false;
            loop {
                let kind = self.kind();
                match self.field() {
                    Field::Left if kind.is_expression() => targets.push(self.expression()),
                    Field::Type => annotation = Some(self.expression()),
                    Field::Right if kind == Kind::Assignment => {
                        more = self.enter();
                        break;
                    }
                    Field::Right => value = Some(self.assigned(kind)),
                    _ => {
                        self.significant();
                    }
                }
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        for _ in 0..levels {
            self.leave();
        }
        self.assignment_kind(targets, annotation, value)
    }

    fn assigned(&mut self, kind: Kind) -> NodeId {
        if kind.is_expression() { self.expression() } else { self.wrong() }
    }

    fn assignment_kind(
        &mut self,
        targets: Vec<NodeId>,
        annotation: Option<NodeId>,
        value: Option<NodeId>,
    ) -> NodeKind {
        match (annotation, value, targets.as_slice()) {
            (Some(annotation), value, [target]) => NodeKind::AnnAssign { target: *target, annotation, value },
            (None, Some(value), [_, ..]) => NodeKind::Assign { targets: targets.into(), value },
            _ => {
                self.broken = true;
                NodeKind::Opaque
            }
        }
    }

    fn augmented_assignment(&mut self) -> NodeKind {
        let mut target = None;
        let mut op = SmolStr::default();
        let mut value = None;
        self.children(|l, kind| match l.field() {
            Field::Left => target = Some(l.expression()),
            Field::Operator => op = SmolStr::new(l.slice()),
            Field::Right => value = Some(l.assigned(kind)),
            _ => {}
        });
        let target = target.unwrap_or_else(|| self.absent());
        let value = value.unwrap_or_else(|| self.absent());
        NodeKind::AugAssign { target, op, value }
    }

    fn delete(&mut self) -> NodeKind {
        let mut targets = Box::default();
        self.children(|l, kind| match kind {
            Kind::ExpressionList => targets = l.expressions(),
            kind if kind.is_expression() => targets = Box::new([l.expression()]),
            _ => {}
        });
        NodeKind::Delete(targets)
    }

    fn raise(&mut self) -> NodeKind {
        let mut exception = None;
        let mut cause = None;
        self.children(|l, kind| {
            if l.field() == Field::Cause {
                cause = Some(l.expression());
            } else if kind.is_expression() {
                // `raise E, "text"` is Python 2.
                l.broken |= kind == Kind::ExpressionList;
                exception = Some(l.expression());
            }
        });
        NodeKind::Raise { exception, cause }
    }

    fn assert(&mut self) -> NodeKind {
        let parts = self.expressions();
        self.broken |= parts.len() > 2;
        let test = parts.first().copied().unwrap_or_else(|| self.absent());
        NodeKind::Assert { test, message: parts.get(1).copied() }
    }

    fn identifiers(&mut self) -> Box<[SmolStr]> {
        let mut names = Vec::new();
        self.children(|l, kind| {
            if kind == Kind::Identifier {
                names.push(SmolStr::new(l.slice()));
            }
        });
        names.into()
    }
}
