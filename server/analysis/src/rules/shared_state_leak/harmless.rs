//! Changes that are there to reset, or that nobody else has anything to do with.

use crate::facts::code::{Argument, CompareOp};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::assertions::is_asserted;
use crate::project::effects::reference::reference;
use crate::project::effects::{Act, Touch, answers_itself, keeps_copy};
use crate::project::functions::function_at;
use crate::project::target::Target;

/// `reset_registry`, `restore_settings`.
pub fn is_named_for_resetting(subject: &Subject<'_>) -> bool {
    let name = subject.module.file.name(subject.item);
    name.split('_').any(|word| matches!(word, "reset" | "resets" | "restore" | "restores"))
}

/// `test`, `tests.shop`, `test-logger`: a name that no code but that of tests gives a logger.
pub fn is_for_tests(logger: &str) -> bool {
    logger.split(['.', '_', '-', ' ']).next().is_some_and(|first| matches!(first, "test" | "tests"))
}

/// Whether an entry is set on an object of the project that does with it what it likes.
pub fn keeps_entries_itself(subject: &Subject<'_>, target: &Target, first: &Touch) -> bool {
    let path = target.path().filter(|_| first.act == Act::Put);
    path.is_some_and(|path| answers_itself(subject, path, "__setitem__"))
}

/// Whether the change goes to a module that the test imports itself after something has put a stand-in for it in its
/// place: `patching.modules("django.apps")`.
pub fn is_of_stand_in(subject: &Subject<'_>, target: &Target, first: &Touch) -> bool {
    let Some(path) = target.path() else { return false };
    let code = subject.code();
    let is_owner = |text: &str| path.strip_prefix(text).is_some_and(|rest| rest.starts_with('.'));
    let names_it = |argument: &Argument| {
        let given = match code.kind(argument.value) {
            NodeKind::Starred(inner) => *inner,
            _ => argument.value,
        };
        let origin = subject.origin(given).followed(subject.project);
        match origin.kind() {
            NodeKind::Str(text) => is_owner(text),
            NodeKind::Tuple(parts) | NodeKind::List(parts) => {
                parts.iter().any(|part| origin.kind_of(*part).as_str().is_some_and(is_owner))
            }
            _ => false,
        }
    };
    let mut is_replaced = false;
    for node in subject.body().take_while(|node| *node < first.node) {
        match code.kind(node) {
            NodeKind::Call { func, args } => {
                let called = subject.source(*func).to_ascii_lowercase();
                let replaces = ["patch", "mock", "fake", "stub"].iter().any(|word| called.contains(word));
                is_replaced |= replaces && args.iter().any(names_it);
            }
            NodeKind::Import { .. } | NodeKind::FromImport { .. } if is_replaced => return true,
            _ => {}
        }
    }
    false
}

/// Whether the target is an attribute of a function of the project.
pub fn hangs_on_a_function(subject: &Subject<'_>, target: &Target) -> bool {
    let owner = target.path().and_then(|path| path.rsplit_once('.')).map(|(owner, _)| owner);
    owner.is_some_and(|owner| function_at(subject, owner).is_some())
}

/// Whether the test asserts in the end that all is again as a copy says that it took before.
pub fn is_seen_restored(subject: &Subject<'_>, target: &Target, first: &Touch) -> bool {
    let code = subject.code();
    let is_whole = |node: NodeId| {
        let reached = reference(subject, node);
        reached.and_then(|it| it.contents(subject)).is_some_and(|whole| whole.covers(target))
    };
    let is_copy = |node: NodeId| keeps_copy(subject, node, target);
    subject.body().filter(|node| *node > first.node && subject.runs_here(*node)).any(|node| {
        match code.kind(node) {
            NodeKind::Compare { left, rest } => {
                let [(CompareOp::Eq, right)] = &**rest else { return false };
                let pairs = [(*left, *right), (*right, *left)];
                is_asserted(subject, node)
                    && pairs.iter().any(|(one, other)| is_whole(*one) && is_copy(*other))
            }
            NodeKind::Call { func, args } => {
                let [one, other, ..] = &**args else { return false };
                let name = code.kind(*func).last_name().unwrap_or_default();
                let pairs = [(one.value, other.value), (other.value, one.value)];
                matches!(name, "assertEqual" | "assertDictEqual" | "assertListEqual")
                    && pairs.iter().any(|(one, other)| is_whole(*one) && is_copy(*other))
            }
            _ => false,
        }
    })
}

/// Whether the target belongs to a module that the test writes itself: `(tmp_path / "plugin.py").write_text(…)`.
pub fn is_of_written_module(subject: &Subject<'_>, target: &Target) -> bool {
    let Some(root) = target.path().and_then(|path| path.split('.').next()) else { return false };
    subject.project.layout.split_path(root).is_none() && {
        let text = subject.text();
        ["\"", "'", "/"].iter().any(|before| text.contains(&format!("{before}{root}.py")))
    }
}
