//! What a test changes for the time of its run, and how it writes that.

use smol_str::SmolStr;

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::effects::{Cover, Footprint, Phase, patched};
use crate::project::target::Target;

/// A change that is in force at some node of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub target: Target,
    /// What makes it, in the test's code.
    pub node: NodeId,
    /// Its source: two tests that write the same have the same.
    pub written: SmolStr,
}

/// The changes of the test itself that are in force at a node, by `monkeypatch`, `mocker`, `patch` or by hand.
pub fn in_force(subject: &Subject<'_>, at: NodeId) -> Vec<Condition> {
    let footprint = Footprint::of(subject);
    let touches = footprint.touches.iter().filter(|touch| touch.phase == Phase::Run && touch.node < at);
    let mut found: Vec<Condition> =
        touches.map(|touch| condition(subject, touch.target.clone(), touch.node)).collect();
    let covers = footprint.covers.iter().filter(|cover| cover.holds(at));
    for cover in covers {
        let Some(context) = context_of(subject, cover) else { continue };
        match (&cover.target, subject.code().kind(context)) {
            (Target::Environ(None), NodeKind::Call { args, .. }) => {
                let names = variables(subject, args);
                found.extend(names.map(|name| condition(subject, Target::Environ(Some(name)), context)));
            }
            (target, _) => found.push(condition(subject, target.clone(), context)),
        }
    }
    found
}

fn condition(subject: &Subject<'_>, target: Target, node: NodeId) -> Condition {
    Condition { target, node, written: subject.source(node).into() }
}

/// The patcher that covers: a decorator of the function, or in the head of the `with` statement whose body is covered.
/// `None` where several could be meant.
fn context_of(subject: &Subject<'_>, cover: &Cover) -> Option<NodeId> {
    let code = subject.code();
    let contexts: Vec<NodeId> = match cover.start {
        0 => subject.function()?.decorators.iter().map(|decorator| decorator.expr).collect(),
        start => subject.body().find_map(|node| match code.kind(node) {
            NodeKind::With { items, body, .. } if body.first().is_some_and(|first| first.0 == start) => {
                Some(items.iter().map(|item| item.context).collect())
            }
            _ => None,
        })?,
    };
    let covers = |context: &NodeId| match code.kind(*context) {
        NodeKind::Call { func, args } => {
            subject.resolve(*func).is_some_and(|path| patched(subject, &path, args).contains(&cover.target))
        }
        _ => false,
    };
    match *contexts {
        [only] => Some(only),
        _ => contexts.iter().copied().find(covers),
    }
}

/// The names in `patch.dict(os.environ, {"X": "1"}, Y="2")`.
fn variables<'s>(subject: &'s Subject<'_>, args: &'s [Argument]) -> impl Iterator<Item = SmolStr> + 's {
    let code = subject.code();
    args.iter().flat_map(move |argument| -> Vec<SmolStr> {
        match (&argument.kind, code.kind(argument.value)) {
            (ArgumentKind::Keyword(name), NodeKind::Str(_)) => vec![name.clone()],
            (_, NodeKind::Dict(pairs)) => {
                pairs.iter().filter_map(|(key, _)| code.kind((*key)?).as_str().map(SmolStr::new)).collect()
            }
            _ => Vec::new(),
        }
    })
}
