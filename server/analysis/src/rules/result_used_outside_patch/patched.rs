//! Patches that end with a `with` statement, and whether code looks up what they replace.

use smol_str::SmolStr;

use crate::facts::{NodeId, NodeKind};
use crate::project::handoff::local_function;
use crate::project::patches::{patcher, replacement};
use crate::project::{Place, Subject};

/// Functions that a function calls are looked into this far.
const MAX_DEPTH: u32 = 3;

pub struct Patched {
    pub with: NodeId,
    /// The paths that are replaced.
    pub paths: Vec<SmolStr>,
}

/// Every `with` of the test that patches something with a path.
pub fn withs(subject: &Subject<'_>) -> Vec<Patched> {
    let nodes = subject.body().filter(|node| subject.runs_here(*node));
    nodes.filter_map(|node| patched(subject, node)).collect()
}

fn patched(subject: &Subject<'_>, with: NodeId) -> Option<Patched> {
    let NodeKind::With { items, .. } = subject.code().kind(with) else { return None };
    let scope = subject.scope();
    // What pytest-mock's `mocker` patches stays so until the test ends, also behind a `with`.
    let ends =
        items.iter().filter(|item| subject.callee(item.context).as_deref().and_then(patcher).is_some());
    let paths: Vec<SmolStr> = ends.filter_map(|item| replacement(&scope, item.context)?.path).collect();
    (!paths.is_empty()).then_some(Patched { with, paths })
}

impl Patched {
    pub fn holds(&self, subject: &Subject<'_>, node: NodeId) -> bool {
        subject.code().is_within(node, self.with)
    }

    /// Whether one of its paths is replaced around a node by another `with`, or by a decorator.
    pub fn is_renewed_elsewhere(&self, subject: &Subject<'_>, node: NodeId) -> bool {
        let code = subject.code();
        let around = code.ancestors(node).filter_map(|outer| patched(subject, outer));
        let decorated = subject.function().is_some_and(|function| {
            let replaces = |call| replacement(&subject.scope(), call).and_then(|it| it.path);
            let paths = function.decorators.iter().filter_map(|decorator| replaces(decorator.expr));
            paths.into_iter().any(|path| self.paths.contains(&path))
        });
        decorated || around.into_iter().any(|other| other.paths.iter().any(|path| self.paths.contains(path)))
    }

    /// Whether calling a function calls the mock itself: what that gives back stays a mock's.
    pub fn replaces(&self, subject: &Subject<'_>, func: NodeId) -> bool {
        subject.resolve(func).is_some_and(|path| self.paths.contains(&path))
    }

    /// Where the body of a function looks up what is replaced.
    pub fn looked_up_by(&self, subject: &Subject<'_>, func: NodeId) -> Option<(SmolStr, Place)> {
        self.by_callable(subject, func, MAX_DEPTH)
    }

    fn by_callable(&self, subject: &Subject<'_>, func: NodeId, depth: u32) -> Option<(SmolStr, Place)> {
        let depth = depth.checked_sub(1)?;
        let code = subject.code();
        if let NodeKind::Lambda { body, .. } = code.kind(func) {
            return self.in_nodes(subject, code.subtree(*body), depth);
        }
        if let Some(local) = local_function(subject, func) {
            return self.in_nodes(subject, code.subtree(local).skip(1), depth);
        }
        let called = subject.definition(func)?.subject(subject.project);
        let body: Vec<NodeId> = called.body().collect();
        self.in_nodes(&called, body.into_iter(), depth)
    }

    /// Where one of these nodes looks up what is replaced, or calls what does.
    pub fn in_nodes(
        &self,
        subject: &Subject<'_>,
        nodes: impl Iterator<Item = NodeId>,
        depth: u32,
    ) -> Option<(SmolStr, Place)> {
        let code = subject.code();
        let mut called = Vec::new();
        for node in nodes {
            match code.kind(node) {
                NodeKind::Name(_) | NodeKind::Attribute { .. } => {
                    let path = subject.resolve(node).filter(|path| self.paths.contains(path));
                    if let Some(path) = path {
                        return Some((path, subject.place(code.range(node))));
                    }
                }
                NodeKind::Call { func, .. } => called.push(*func),
                _ => {}
            }
        }
        called.into_iter().find_map(|func| self.by_callable(subject, func, depth))
    }
}
