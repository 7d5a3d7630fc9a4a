//! Taking away what the test itself put there, or has code under test put there: it cleans up after itself.

use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::accesses::search_word;
use crate::project::assertions::is_asserted;
use crate::project::effects::Touch;
use crate::project::target::Target;
use crate::project::{Role, Subject};

/// Whether what a test takes away is known by its name to be the test's own.
pub fn is_named_by_the_test(subject: &Subject<'_>, target: &Target, touch: &Touch) -> bool {
    subject.role == Role::Test
        && touch.origin.is_none()
        && (names_own_definition(subject, touch.node)
            || is_registered_before(subject, target, touch.node)
            || is_seen_there_before(subject, target, touch.node))
}

/// `sys.path.remove(directory)` after code under test has run: that has put it there, or else it would raise.
pub fn follows_a_call(subject: &Subject<'_>, removal: NodeId) -> bool {
    let code = subject.code();
    subject.body().take_while(|node| *node < removal).any(|node| match code.kind(node) {
        NodeKind::Call { .. } => {
            subject.runs_here(node) && subject.callee(node).is_none_or(|path| !only_looks(&path))
        }
        _ => false,
    })
}

/// `assert REGISTRY[-1] is Widget`, and then `REGISTRY.pop()`, where the test defines `Widget`.
fn is_seen_there_before(subject: &Subject<'_>, target: &Target, removal: NodeId) -> bool {
    let Some(word) = search_word(target) else { return false };
    let code = subject.code();
    let speaks_of_it = |statement: NodeId| {
        code.subtree(statement).any(|node| code.kind(node).last_name() == Some(word.as_str()))
    };
    subject.body().take_while(|node| *node < removal).any(|node| {
        matches!(code.kind(node), NodeKind::Name(_))
            && names_own_definition(subject, node)
            && is_asserted(subject, node)
            && speaks_of_it(code.statement_of(node))
    })
}

/// `REGISTRY.pop(Widget.__qualname__)`, `HANDLERS.remove(on_sale)` where the test defines `Widget` or `on_sale`.
fn names_own_definition(subject: &Subject<'_>, removal: NodeId) -> bool {
    let code = subject.code();
    code.subtree(removal).any(|node| {
        let NodeKind::Name(name) = code.kind(node) else { return false };
        let bound = subject.facts.bindings().visible(code, name, node);
        !bound.is_empty()
            && bound.iter().all(|it| matches!(it.kind, BindingKind::Class | BindingKind::Function))
    })
}

/// `@register("demo")` or `install("demo")` above, and `del Shop.demo` here.
fn is_registered_before(subject: &Subject<'_>, target: &Target, removal: NodeId) -> bool {
    let name = match target {
        Target::Attribute { key: Some(key), .. } => key.as_str(),
        Target::Attribute { path, key: None } => path.rsplit('.').next().unwrap_or_default(),
        Target::Environ(Some(name)) | Target::SysModules(Some(name)) => name.as_str(),
        _ => return false,
    };
    let code = subject.code();
    subject.body().take_while(|node| *node < removal).any(|node| {
        let NodeKind::Call { args, .. } = code.kind(node) else { return false };
        args.iter().any(|argument| code.kind(argument.value).as_str() == Some(name))
            && !is_asserted(subject, node)
            && subject.callee(node).is_none_or(|path| !only_looks(&path))
    })
}

/// Functions that take a name and put nothing anywhere.
fn only_looks(path: &str) -> bool {
    path.starts_with("builtins.")
        || path.starts_with("os.")
        || path.starts_with("sys.")
        || path.starts_with("pytest.")
}
