//! Changes that leave a module what it is anyway: run again under them, it comes out as it was.

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::fixes::import::STANDARD;
use crate::project::Subject;
use crate::project::target::Target;

/// What nearly every Python answers.
const USUAL: &[(&str, &str)] =
    &[("platform.python_implementation", "CPython"), ("sys.implementation.name", "cpython")];

/// Whether the function changes the target to what it is nearly everywhere: modules of the standard library that are there,
/// whatever stands in for them, or the usual answer.
pub fn is_kept(subject: &Subject<'_>, target: &Target) -> bool {
    match target {
        Target::SysModules(_) => stands_in_for_standard(subject),
        Target::Attribute { path, key: None } => {
            USUAL.iter().any(|(name, answer)| path == name && answers(subject, path, answer))
        }
        _ => false,
    }
}

fn calls<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = (NodeId, &'s [Argument])> {
    let code = subject.code();
    (0..code.nodes.len() as u32).map(NodeId).filter_map(move |node| match code.kind(node) {
        NodeKind::Call { args, .. } => Some((node, &**args)),
        _ => None,
    })
}

/// `patch.dict(sys.modules, {"concurrent.futures": Mock()})`: an import of it succeeds, as it always does.
fn stands_in_for_standard(subject: &Subject<'_>) -> bool {
    let code = subject.code();
    let is_standard = |name: &str| STANDARD.contains(&name.split('.').next().unwrap_or_default());
    let mut entries = calls(subject).filter_map(|(_, args)| {
        let [modules, given, ..] = args else { return None };
        let is_it = code.kind(modules.value).as_str() == Some("sys.modules")
            || subject.resolve(modules.value).as_deref() == Some("sys.modules");
        is_it.then_some((given.value, args.get(2)))
    });
    let Some((given, value)) = entries.next() else { return false };
    if entries.next().is_some() {
        return false;
    }
    let is_there = |name: NodeId, value: NodeId| {
        code.kind(name).as_str().is_some_and(is_standard) && *code.kind(value) != NodeKind::None
    };
    match (code.kind(given), value) {
        (NodeKind::Dict(pairs), None) => {
            pairs.iter().all(|(name, value)| name.is_some_and(|name| is_there(name, *value)))
        }
        (NodeKind::Str(_), Some(value)) => is_there(given, value.value),
        _ => false,
    }
}

/// `patch("platform.python_implementation", lambda: "CPython")`, or with `return_value`.
fn answers(subject: &Subject<'_>, path: &str, answer: &str) -> bool {
    let code = subject.code();
    let word = path.rsplit('.').next().unwrap_or_default();
    calls(subject).any(|(_, args)| {
        let names = args.iter().take(2).any(|argument| {
            let text = code.kind(argument.value).as_str();
            text.is_some_and(|text| text.rsplit('.').next() == Some(word))
        });
        let given = args.iter().filter(|argument| {
            argument.kind != ArgumentKind::Positional
                || code.kind(argument.value).as_str().is_none()
                || code.kind(argument.value).as_str() == Some(answer)
        });
        names
            && given
                .flat_map(|argument| code.subtree(argument.value))
                .any(|node| code.kind(node).as_str() == Some(answer))
    })
}
