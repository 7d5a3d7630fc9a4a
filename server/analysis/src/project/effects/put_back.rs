//! Later statements that bring an old value back: they guard the passing run only.

use crate::facts::code::Block;
use crate::facts::{Code, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::target::{Setting, Target};

use super::reference::reference;
use super::{Act, Phase, Touch};

/// Notes for each touch the last one that brings its target back.
pub fn note(subject: &Subject<'_>, touches: &mut [Touch]) {
    for index in 0..touches.len() {
        let first = &touches[index];
        if first.phase != Phase::Run || !first.act.is_effect() {
            continue;
        }
        let found = later(subject, first, touches);
        if found.is_some() {
            touches[index].put_back = found;
        }
    }
}

fn later(subject: &Subject<'_>, first: &Touch, touches: &[Touch]) -> Option<NodeId> {
    let mut back = touches.iter().rev();
    let last = back.find(|touch| touch.phase == Phase::Run && touch.target.covers(&first.target))?;
    let is_behind = last.node > first.node && !is_in_the_other_branch(subject.code(), first.node, last.node);
    let is_of_target = last.target == first.target || !is_some_entry(subject.code(), last.node);
    (is_behind && is_of_target && brings_back(subject, first, last)).then_some(last.node)
}

/// Whether a statement sets one entry, under a key that is put together: `MODULES[f"{name}.sub"] = …`. Which one cannot be
/// seen, but hardly the one that was set under another key before.
fn is_some_entry(code: &Code, statement: NodeId) -> bool {
    let is_made = |target: &NodeId| match code.kind(*target) {
        NodeKind::Subscript { index, .. } => {
            matches!(code.kind(*index), NodeKind::FString { .. } | NodeKind::Binary { .. })
        }
        _ => false,
    };
    matches!(code.kind(statement), NodeKind::Assign { targets, .. } if targets.iter().any(is_made))
}

/// Whether an `if` runs either the one node or the other, or the other is what an `except` does when the one failed.
fn is_in_the_other_branch(code: &Code, one: NodeId, other: NodeId) -> bool {
    let holds = |block: &Block, node: NodeId| block.iter().any(|statement| code.is_within(node, *statement));
    code.ancestors(one).any(|outer| match code.kind(outer) {
        NodeKind::If { body, orelse, .. } => holds(body, one) && holds(orelse, other),
        NodeKind::Try { body, handlers, .. } => {
            holds(body, one) && handlers.iter().any(|handler| holds(&handler.body, other))
        }
        _ => false,
    })
}

/// `logger.addHandler(h)` after `logger.removeHandler(h)`: the same one, by the way it is written.
fn takes_back_into_logger(subject: &Subject<'_>, removed: NodeId, added: NodeId) -> bool {
    let argument = |node: NodeId| match subject.code().kind(node) {
        NodeKind::Call { args, .. } => args.first().map(|argument| subject.source(argument.value)),
        _ => None,
    };
    argument(removed).is_some_and(|handler| argument(added) == Some(handler))
}

fn brings_back(subject: &Subject<'_>, first: &Touch, last: &Touch) -> bool {
    if last.act == Act::Reset || (first.act != Act::Remove && last.act == Act::Remove) {
        return true;
    }
    let is_logger = matches!(first.target, Target::Setting(Setting::Logger(_)));
    if is_logger && first.act == Act::Remove && last.act == Act::Update {
        return takes_back_into_logger(subject, first.node, last.node);
    }
    if matches!(last.act, Act::Update | Act::Lent | Act::Saved) {
        return false;
    }
    let Some(value) = last.value else { return true };
    match subject.code().kind(value) {
        NodeKind::Name(_) | NodeKind::Attribute { .. } | NodeKind::Subscript { .. } => {
            let path = first.target.path();
            let owner = |path: &str| path.rsplit_once('.').map(|(owner, _)| owner.to_owned());
            // Itself under another name, or a constant that stands beside it: `Parser.mode = Parser.STRICT`.
            reference(subject, value).is_none_or(|reached| {
                Some(reached.path.as_str()) == path
                    || (owner(&reached.path).is_some() && owner(&reached.path) == path.and_then(owner))
            })
        }
        NodeKind::Bool(_) | NodeKind::None => true,
        _ => false,
    }
}
