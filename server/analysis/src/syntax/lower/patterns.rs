//! `match` statements. A pattern is one `Opaque`: what it captures, the values and classes it names and its
//! literals lie below it, side by side.

use smol_str::SmolStr;

use super::Lowering;
use super::bare_tuple::BareTuple;
use super::builder::Open;
use crate::facts::code::{Block, Case, NodeKind};
use crate::syntax::kinds::{Field, Kind};
use crate::text::TextRange;

/// How many dots a value pattern may have.
const MAX_DOTS: usize = 50;

impl Lowering<'_> {
    pub(super) fn match_statement(&mut self, open: &Open) -> NodeKind {
        let mut subjects = BareTuple::new(self.has_child(Kind::Comma));
        let mut subject = None;
        let mut cases = Vec::new();
        self.children(|l, kind| match (l.field(), kind) {
            (Field::Subject, _) => subjects.element(l),
            (_, Kind::Comma) => subjects.comma(l),
            (_, Kind::Colon) => {
                subject = subject.or(subjects.close(l));
                l.colon(open);
            }
            (_, Kind::Block) => l.cases(open, &mut cases),
            _ => {}
        });
        subject = subject.or(subjects.close(self));
        self.broken |= cases.is_empty();
        let subject = subject.unwrap_or_else(|| self.absent());
        NodeKind::Match { subject, cases: cases.into() }
    }

    fn cases(&mut self, open: &Open, cases: &mut Vec<Case>) {
        self.children(|l, kind| {
            if kind == Kind::CaseClause {
                cases.push(l.case(open));
            }
        });
    }

    fn case(&mut self, open: &Open) -> Case {
        let mut pattern = None;
        let mut closed = None;
        let mut guard = None;
        let mut body = Block::default();
        self.children(|l, kind| match (l.field(), kind) {
            (_, Kind::CasePattern) => {
                pattern.get_or_insert_with(|| l.builder.open(l.range()));
                let end = l.range().end;
                l.pattern_part(Kind::CasePattern);
                if let Some(pattern) = &pattern {
                    l.builder.grow(pattern, end);
                }
            }
            (_, Kind::Comma) => {}
            (_, kind) => {
                if let Some(pattern) = pattern.take() {
                    closed = Some(l.builder.close(pattern, NodeKind::Opaque));
                }
                match (l.field(), kind) {
                    (_, Kind::Colon) => l.colon(open),
                    (Field::Guard, _) => guard = Some(l.only_child()),
                    (_, Kind::Block) => body = l.suite(open),
                    _ => {}
                }
            }
        });
        if let Some(pattern) = pattern {
            closed = Some(self.builder.close(pattern, NodeKind::Opaque));
        }
        let pattern = closed.unwrap_or_else(|| self.absent());
        Case { pattern, guard, body }
    }

    fn pattern_part(&mut self, kind: Kind) {
        match kind {
            Kind::DottedName => self.dotted_value(),
            Kind::KeywordPattern => self.deeper(|l| {
                let mut is_keyword = true;
                l.children(|l, kind| {
                    if !std::mem::take(&mut is_keyword) {
                        l.pattern_part(kind);
                    }
                });
            }),
            Kind::CasePattern
            | Kind::ClassPattern
            | Kind::SplatPattern
            | Kind::UnionPattern
            | Kind::DictPattern
            | Kind::ListPattern
            | Kind::TuplePattern
            | Kind::AsPattern
            | Kind::ComplexPattern => self.deeper(|l| l.children(Self::pattern_part)),
            kind => self.part(kind),
        }
    }

    /// `name`, which captures, or `module.value`, which is compared with.
    fn dotted_value(&mut self) {
        let mut names: Vec<(SmolStr, TextRange)> = Vec::new();
        self.children(|l, kind| {
            if kind == Kind::Identifier {
                names.push((SmolStr::new(l.slice()), l.range()));
            }
        });
        if names.len() > MAX_DOTS {
            self.broken = true;
            return;
        }
        let mut names = names.into_iter();
        let Some((first, first_range)) = names.next() else { return };
        let mut open = Vec::new();
        for (attr, attr_range) in names.rev() {
            let range = TextRange::new(first_range.start, attr_range.end);
            open.push((self.builder.open(range), attr, attr_range));
        }
        let mut value = self.builder.leaf(first_range, NodeKind::Name(first));
        while let Some((node, attr, attr_range)) = open.pop() {
            value = self.builder.close(node, NodeKind::Attribute { value, attr, attr_range });
        }
    }
}
