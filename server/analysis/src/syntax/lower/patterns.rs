//! Patterns of `match`. A pattern is one `Opaque`: what it captures, the values and classes it names and its
//! literals lie below it, side by side.

use ruff_python_ast::{Identifier, Pattern, Singleton};
use smol_str::SmolStr;

use super::{Lowering, MAX_NESTING, range};
use crate::facts::code::{NodeId, NodeKind};

impl Lowering<'_> {
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> NodeId {
        let open = self.builder.open(range(pattern));
        self.pattern_parts(pattern);
        self.builder.close(open, NodeKind::Opaque)
    }

    fn pattern_parts(&mut self, pattern: &Pattern) {
        if self.nesting >= MAX_NESTING {
            self.is_cut = true;
            return;
        }
        self.nesting += 1;
        self.parts_of_pattern(pattern);
        self.nesting -= 1;
    }

    fn parts_of_pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::MatchValue(pattern) => {
                self.expression(&pattern.value);
            }
            Pattern::MatchSingleton(pattern) => {
                let kind = match pattern.value {
                    Singleton::None => NodeKind::None,
                    Singleton::True => NodeKind::Bool(true),
                    Singleton::False => NodeKind::Bool(false),
                };
                self.builder.leaf(range(pattern), kind);
            }
            Pattern::MatchSequence(pattern) => {
                pattern.patterns.iter().for_each(|pattern| self.pattern_parts(pattern));
            }
            Pattern::MatchMapping(pattern) => {
                for (key, pattern) in pattern.keys.iter().zip(&pattern.patterns) {
                    self.expression(key);
                    self.pattern_parts(pattern);
                }
                self.capture(pattern.rest.as_ref());
            }
            Pattern::MatchClass(pattern) => {
                self.expression(&pattern.cls);
                let keywords = pattern.arguments.keywords.iter().map(|keyword| &keyword.pattern);
                let all = pattern.arguments.patterns.iter().chain(keywords);
                all.for_each(|pattern| self.pattern_parts(pattern));
            }
            Pattern::MatchStar(pattern) => self.capture(pattern.name.as_ref()),
            Pattern::MatchAs(pattern) => {
                pattern.pattern.iter().for_each(|pattern| self.pattern_parts(pattern));
                self.capture(pattern.name.as_ref());
            }
            Pattern::MatchOr(pattern) => {
                pattern.patterns.iter().for_each(|pattern| self.pattern_parts(pattern));
            }
        }
    }

    fn capture(&mut self, name: Option<&Identifier>) {
        if let Some(name) = name {
            self.builder.leaf(range(name), NodeKind::Name(SmolStr::new(name.as_str())));
        }
    }
}
