//! Writes that put an old value back, and who still sees what a write leaves.

use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::effects::reference::reference;
use crate::project::effects::{Act, Touch, declared_value};
use crate::project::target::Target;
use crate::project::{Role, Subject};

use super::statement::body_statement_of;

/// Whether the first touch cleans up behind something unseen: undoing it would bring the dirty state back.
pub fn is_clean_up(subject: &Subject<'_>, target: &Target, touches: &[Touch]) -> bool {
    let Some(first) = touches.first() else { return false };
    if value_of(subject, target, first).is_some_and(|value| is_saved_value(subject, target, value)) {
        return true;
    }
    let code = subject.code();
    let gives_nothing = first.act == Act::Remove
        || first.value.is_some_and(|value| matches!(code.kind(value), NodeKind::None));
    let something_ran = || {
        subject
            .body()
            .take_while(|node| *node < first.node)
            .any(|node| matches!(code.kind(node), NodeKind::Call { .. }) && subject.runs_here(node))
    };
    subject.role == Role::Test
        && gives_nothing
        && something_ran()
        && !is_seen_after(subject, first.node, touches)
}

/// Whether anything that runs after `node`, other than the touches, could see the state. Comparing local values does not.
pub fn is_seen_after(subject: &Subject<'_>, node: NodeId, touches: &[Touch]) -> bool {
    let code = subject.code();
    let Some(statement) = body_statement_of(subject, node) else { return true };
    // In a block, the way out of it, or the next round, runs after.
    if code.subtree(statement).take_while(|inner| *inner < node).any(|inner| is_block(code.kind(inner))) {
        return true;
    }
    let end = code.node(statement).subtree_end;
    subject
        .body()
        .filter(|later| later.0 >= end && !touches.iter().any(|touch| code.is_within(*later, touch.node)))
        .any(|later| may_see(subject, later))
}

fn is_block(kind: &NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::If { .. }
            | NodeKind::For { .. }
            | NodeKind::While { .. }
            | NodeKind::Try { .. }
            | NodeKind::With { .. }
            | NodeKind::Match { .. }
    )
}

fn may_see(subject: &Subject<'_>, node: NodeId) -> bool {
    match subject.code().kind(node) {
        NodeKind::Name(name) => {
            let is_value = || {
                let bindings = subject.facts.bindings().visible(subject.code(), name, node);
                bindings.iter().all(|binding| {
                    matches!(
                        binding.kind,
                        BindingKind::Value(_) | BindingKind::Param(_) | BindingKind::Entered(_)
                    )
                })
            };
            let is_local = subject.scope().is_local(name, node) && is_value();
            !is_local && !subject.resolve(node).is_some_and(|path| path.starts_with("builtins."))
        }
        NodeKind::Call { func, .. } => {
            !subject.resolve(*func).is_some_and(|path| path.starts_with("builtins."))
        }
        NodeKind::Await(_) | NodeKind::Yield { .. } => true,
        _ => false,
    }
}

/// The value that a touch gives, or the directory it goes to.
fn value_of(subject: &Subject<'_>, target: &Target, touch: &Touch) -> Option<NodeId> {
    if touch.value.is_some() || *target != Target::Cwd {
        return touch.value;
    }
    match subject.code().kind(touch.node) {
        NodeKind::Call { args, .. } => args.first().map(|argument| argument.value),
        _ => None,
    }
}

/// Whether a value is a name that the target's own value was kept under.
fn is_saved_value(subject: &Subject<'_>, target: &Target, value: NodeId) -> bool {
    let Some(name) = subject.code().kind(value).as_name() else { return false };
    if subject.scope().is_local(name, value) {
        let bindings = subject.facts.bindings().visible(subject.code(), name, value);
        return bindings.iter().any(|binding| match binding.kind {
            BindingKind::Value(kept) => reads_whole(subject, target, kept),
            _ => false,
        });
    }
    let Some(path) = subject.resolve(value) else { return false };
    let Some((module, item, kept)) = declared_value(subject, &Target::attribute(path)) else { return false };
    reads_whole(&Subject::new(subject.project, &module, item), target, kept)
}

/// Whether an expression is the target's value or a copy of it, not something computed from it.
fn reads_whole(subject: &Subject<'_>, target: &Target, expr: NodeId) -> bool {
    let code = subject.code();
    let is_plain = code.subtree(expr).all(|node| {
        matches!(
            code.kind(node),
            NodeKind::Name(_)
                | NodeKind::Attribute { .. }
                | NodeKind::Subscript { .. }
                | NodeKind::Call { .. }
                | NodeKind::Str(_)
                | NodeKind::None
        )
    });
    let key = match target {
        Target::Attribute { key, .. } | Target::Environ(key) | Target::SysModules(key) => key.as_deref(),
        _ => None,
    };
    let names_key =
        key.is_none_or(|key| code.subtree(expr).any(|node| code.kind(node).as_str() == Some(key)));
    let reads = |node: NodeId| match target {
        Target::Cwd => subject
            .callee(node)
            .is_some_and(|path| matches!(path.as_str(), "os.getcwd" | "os.getcwdb" | "pathlib.Path.cwd")),
        Target::Environ(_) => {
            subject.resolve(node).is_some_and(|path| matches!(path.as_str(), "os.environ" | "os.getenv"))
        }
        Target::Attribute { path, .. } => {
            reference(subject, node).is_some_and(|reached| reached.path == *path)
                || subject.resolve(node).is_some_and(|read| read == *path)
        }
        _ => false,
    };
    is_plain && names_key && code.subtree(expr).any(reads)
}
