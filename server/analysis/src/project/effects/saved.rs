//! Names that keep what some state was: a copy that was taken, or what was answered when it was asked for.

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::target::Target;

use super::act_of_method;
use super::reference::reference;

/// Whether a name is bound, in the function or its module, to a copy of the state that the function leaves as it is:
/// `saved = dict(os.environ)`, `before = REGISTRY.copy()`.
pub fn keeps_copy(subject: &Subject<'_>, name: NodeId, target: &Target) -> bool {
    let Some(written) = subject.code().kind(name).as_name() else { return false };
    if is_changed(subject, written) {
        return false;
    }
    let origin = subject.origin(name).followed(subject.project);
    if !matches!(origin.kind(), NodeKind::Call { .. } | NodeKind::Subscript { .. } | NodeKind::Dict(_)) {
        return false;
    }
    let source = origin.subject(subject.project);
    let code = source.code();
    let is_whole = |node: &NodeId| !matches!(code.kind(code.node(*node).parent), NodeKind::Attribute { attr, .. } if attr != "copy");
    code.subtree(origin.node).filter(|node| *node != origin.node).filter(is_whole).any(|node| {
        matches!(code.kind(node), NodeKind::Name(_) | NodeKind::Attribute { .. })
            && reference(&source, node)
                .and_then(|reached| reached.contents(&source))
                .is_some_and(|copied| copied.covers(target))
    })
}

/// Whether the function sets, adds or takes away something in what a name holds.
fn is_changed(subject: &Subject<'_>, name: &str) -> bool {
    let code = subject.code();
    let is_written = |target: NodeId| match code.kind(target) {
        NodeKind::Subscript { value, .. } | NodeKind::Attribute { value, .. } => {
            code.subtree(*value).any(|node| code.kind(node).as_name() == Some(name))
        }
        _ => false,
    };
    subject.body().any(|node| match code.kind(node) {
        NodeKind::Assign { targets, .. } | NodeKind::Delete(targets) => {
            targets.iter().any(|it| is_written(*it))
        }
        NodeKind::AugAssign { target, .. } => {
            is_written(*target) || code.kind(*target).as_name() == Some(name)
        }
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Attribute { value, attr, .. } => {
                code.kind(*value).as_name() == Some(name) && act_of_method(attr).is_some()
            }
            _ => false,
        },
        _ => false,
    })
}

/// Whether a name is bound, in the function or its module, to what one of these functions answered. `locale.setlocale`
/// answers when it is called with the category alone.
pub fn keeps_answer(subject: &Subject<'_>, name: NodeId, asked: &[&str]) -> bool {
    if subject.code().kind(name).as_name().is_none() {
        return false;
    }
    let origin = subject.origin(name).followed(subject.project);
    let NodeKind::Call { args, .. } = origin.kind() else { return false };
    let source = origin.subject(subject.project);
    let Some(path) = source.callee(origin.node) else { return false };
    let is_plain = |argument: &Argument| argument.kind == ArgumentKind::Positional;
    let only_asks = path != "locale.setlocale"
        || match &**args {
            [category] => is_plain(category),
            [_, none] => *origin.kind_of(none.value) == NodeKind::None,
            _ => false,
        };
    only_asks && asked.contains(&path.as_str())
}
