//! What the grammar at times puts elsewhere than Python does: `[*a.b()]` comes as `(*a).b()`,
//! `with a if b else c as d` as `a if b else (c as d)`, and `type(a).b = c` as the alias `type (a).b = c`.
//!
//! The node that the tree has outermost is lowered without the misplaced part. All nodes that begin at the `*`, or
//! end with the target, then begin behind it or end before it; those that begin behind `type` begin at it.

use super::Lowering;
use super::chains::is_chain;
use crate::facts::code::{NodeId, NodeKind};
use crate::syntax::kinds::Kind;
use crate::text::TextRange;

/// Where the expression being lowered begins and ends otherwise than in the tree.
#[derive(Clone, Copy, Default)]
pub(super) struct Misplaced {
    /// From `type` to its parentheses.
    pub(super) callee: Option<TextRange>,
    /// From the `*` to what is behind it.
    star: Option<TextRange>,
    /// From the end of the value to the end of `as target`.
    alias: Option<TextRange>,
}

impl Misplaced {
    pub(super) fn trim(self, range: TextRange) -> TextRange {
        let TextRange { mut start, mut end } = range;
        if let Some(star) = self.star
            && start == star.start
            && end > star.end
        {
            start = star.end;
        }
        if let Some(callee) = self.callee
            && start == callee.end
        {
            start = callee.start;
        }
        if let Some(alias) = self.alias
            && end == alias.end
            && start < alias.start
        {
            end = alias.start;
        }
        TextRange::new(start, end)
    }
}

impl Lowering<'_> {
    /// On an expression other than a splat: itself without the `*` at its left end, if there is one.
    pub(super) fn behind_star(&mut self, kind: Kind, range: TextRange) -> Option<NodeId> {
        let star = self.misplaced_star(kind, range)?;
        let outer = self.misplaced.star.replace(star);
        let value = self.expression();
        self.misplaced.star = outer;
        Some(value)
    }

    /// As [`Self::behind_star`], with the `*` where it belongs.
    pub(super) fn starred(&mut self, kind: Kind, range: TextRange) -> Option<NodeId> {
        self.misplaced_star(kind, range)?;
        let open = self.builder.open(range);
        let value = self.behind_star(kind, range).unwrap_or_else(|| self.absent());
        Some(self.builder.close(open, NodeKind::Starred(value)))
    }

    /// Whether the splat is the one left out.
    pub(super) fn is_left_out_star(&self) -> bool {
        self.misplaced.star.is_some_and(|star| star.start == self.full_range().start)
    }

    /// Whether the `value as target` is the one left out.
    pub(super) fn is_left_out_alias(&self) -> bool {
        self.misplaced.alias.is_some_and(|alias| alias.end == self.full_range().end)
    }

    /// On an expression of this kind and [`Self::range`]: from the `*` to what is behind it.
    fn misplaced_star(&mut self, kind: Kind, range: TextRange) -> Option<TextRange> {
        if self.text.as_bytes().get(range.start as usize) != Some(&b'*') {
            return None;
        }
        if !is_chain(kind) && !matches!(kind, Kind::ComparisonOperator | Kind::ConditionalExpression) {
            return None;
        }
        let mut levels = 0;
        while !matches!(self.kind(), Kind::ListSplat | Kind::ListSplatPattern)
            && self.cursor.goto_first_child()
        {
            levels += 1;
        }
        let mut behind = None;
        if self.cursor.goto_first_child() {
            levels += 1;
            while behind.is_none() && self.cursor.goto_next_sibling() {
                behind = self.kind().is_expression().then(|| self.full_range().start);
            }
        }
        for _ in 0..levels {
            self.cursor.goto_parent();
        }
        behind.map(|behind| TextRange::new(range.start, behind))
    }

    /// On an expression, which may be `value as target`: the value, and what `lower_target` makes on the target.
    pub(super) fn aliased<T>(&mut self, lower_target: impl FnOnce(&mut Self) -> T) -> (NodeId, Option<T>) {
        let Some((alias, levels)) = self.trailing_alias() else {
            return (self.expression(), None);
        };
        let outer = self.misplaced.alias.replace(alias);
        let value = self.expression();
        self.misplaced.alias = outer;
        for _ in 0..levels {
            self.cursor.goto_last_child();
        }
        let target = lower_target(self);
        for _ in 0..levels {
            self.cursor.goto_parent();
        }
        (value, Some(target))
    }

    /// The `as target` at the right end of the expression, and how deep the target lies.
    fn trailing_alias(&mut self) -> Option<(TextRange, u32)> {
        let mut levels = 0;
        let can_end_so = |kind| matches!(kind, Kind::AsPattern | Kind::ConditionalExpression | Kind::Lambda);
        while can_end_so(self.kind()) && self.cursor.goto_last_child() {
            levels += 1;
        }
        let target = (self.kind() == Kind::AsPatternTarget).then(|| self.full_range());
        let mut alias = None;
        for level in 0..levels {
            self.cursor.goto_parent();
            if level == 0
                && let Some(target) = target
                && self.cursor.goto_first_child()
            {
                alias = Some(TextRange::new(self.full_range().end, target.end));
                self.cursor.goto_parent();
            }
        }
        alias.map(|alias| (alias, levels))
    }
}
