//! `type(a).b = c`, which the grammar takes for the type alias `type (a).b = c`.
//!
//! Python knows better: only a name, with type parameters or without, may stand behind the keyword. The target is
//! lowered with a call of `type` where the tree has parentheses; what begins at them then begins at `type`.

use smol_str::SmolStr;

use super::Lowering;
use crate::facts::code::{Argument, ArgumentKind, NodeId, NodeKind};
use crate::syntax::kinds::{Field, Kind};
use crate::text::TextRange;

/// The length of `type`.
const KEYWORD: u32 = 4;

impl Lowering<'_> {
    pub(super) fn type_alias_statement(&mut self) -> NodeId {
        let Some(callee) = self.type_callee() else { return self.opaque() };
        let open = self.builder.open(self.range());
        let mut target = None;
        let mut value = None;
        self.children(|l, kind| match l.field() {
            Field::Left => {
                l.misplaced.callee = Some(callee);
                target = Some(l.expression());
                l.misplaced.callee = None;
            }
            Field::Right if kind.is_expression() => value = Some(l.expression()),
            _ => {}
        });
        let target = target.unwrap_or_else(|| self.absent());
        let value = value.unwrap_or_else(|| self.absent());
        self.builder.close(open, NodeKind::Assign { targets: Box::new([target]), value })
    }

    /// Whether the node is the parentheses of the call of `type`.
    pub(super) fn is_type_call(&self) -> bool {
        self.misplaced.callee.is_some_and(|callee| callee.end == self.full_range().start)
            && is_bracket(self.kind())
    }

    /// On the parentheses.
    pub(super) fn type_call(&mut self) -> NodeId {
        let open = self.builder.open(self.range());
        if let Some(callee) = self.misplaced.callee.take() {
            let name = TextRange::new(callee.start, callee.start + KEYWORD);
            let func = self.builder.leaf(name, NodeKind::Name(SmolStr::new_static("type")));
            let args = match self.kind() {
                Kind::GeneratorExpression => {
                    let range = self.range();
                    Box::new([Argument { range, kind: ArgumentKind::Positional, value: self.expression() }])
                }
                _ => self.argument_list(),
            };
            self.misplaced.callee = Some(callee);
            return self.builder.close(open, NodeKind::Call { func, args });
        }
        self.builder.close(open, NodeKind::Opaque)
    }

    /// From `type` to the parentheses, where those stand leftmost on the left side.
    fn type_callee(&mut self) -> Option<TextRange> {
        let start = self.full_range().start;
        let mut levels = 0;
        if self.cursor.goto_first_child() {
            levels += 1;
            while self.field() != Field::Left && self.cursor.goto_next_sibling() {}
        }
        while !is_bracket(self.kind()) && self.cursor.goto_first_child() {
            levels += 1;
        }
        let callee = is_bracket(self.kind()).then(|| TextRange::new(start, self.full_range().start));
        for _ in 0..levels {
            self.cursor.goto_parent();
        }
        callee
    }
}

fn is_bracket(kind: Kind) -> bool {
    matches!(kind, Kind::ParenthesizedExpression | Kind::Tuple | Kind::GeneratorExpression)
}
