//! What gives the variable a value before the code reads it.

use crate::facts::code::ArgumentKind;
use crate::facts::{NodeId, NodeKind};
use crate::project::effects::{Act, Footprint};
use crate::project::surroundings::{Surroundings, neighbours};
use crate::project::target::Target;
use crate::project::{Role, Subject};

/// Plugins that set variables from files.
const LOADERS: &[&str] = &["pytest-dotenv", "pytest-env", "pytest-envvars", "pytest-django-dotenv"];

/// Whether something around the subject sets the variable, or puts another environment in its place.
pub fn is_set(subject: &Subject<'_>, name: &str) -> bool {
    let surroundings = Surroundings::of(subject);
    if surroundings.mocks("environ") || surroundings.mocks("getenv") {
        return true;
    }
    let in_configuration = subject.project.configuration().is_some_and(|(_, text)| text.contains(name));
    in_configuration
        || sets(subject, name)
        || neighbours(subject).iter().any(|(module, item)| {
            module.file.item_text(*item).contains(name)
                && sets(&Subject::new(subject.project, module, *item), name)
        })
}

fn sets(subject: &Subject<'_>, name: &str) -> bool {
    let target = Target::Environ(Some(name.into()));
    let footprint = Footprint::of(subject);
    let touched = footprint.touches.iter().filter(|touch| touch.target == target);
    let is_set = touched.into_iter().any(|touch| touch.act != Act::Remove);
    is_set || (0..subject.code().nodes.len() as u32).any(|node| names_value(subject, NodeId(node), name))
}

/// `{"X": "fake"}`, `patch.dict(os.environ, X="fake")`, `environ.setdefault("X", …)`, `environ["X"] = …`.
fn names_value(subject: &Subject<'_>, node: NodeId, name: &str) -> bool {
    let code = subject.code();
    let is_name = |node: NodeId| code.kind(node).as_str() == Some(name);
    match code.kind(node) {
        NodeKind::Dict(pairs) => pairs.iter().any(|(key, _)| key.is_some_and(is_name)),
        NodeKind::Call { func, args } => {
            let is_setter = matches!(
                code.kind(*func),
                NodeKind::Attribute { attr, .. } if matches!(attr.as_str(), "setenv" | "setdefault" | "setitem" | "putenv")
            );
            args.iter().any(|arg| match &arg.kind {
                ArgumentKind::Keyword(keyword) => keyword == name,
                _ => is_setter && is_name(arg.value),
            })
        }
        NodeKind::Assign { targets, .. } => targets
            .iter()
            .any(|target| matches!(code.kind(*target), NodeKind::Subscript { index, .. } if is_name(*index))),
        _ => false,
    }
}

/// Whether a file that is not in sight may set it: `load_dotenv()`, a plugin, a command of continuous integration.
pub fn may_come_from_elsewhere(subject: &Subject<'_>, name: &str) -> bool {
    let project = subject.project;
    LOADERS.iter().any(|plugin| project.plugins.has(plugin))
        || project.runs.name(name)
        || says_dotenv(subject.text())
        || neighbours(subject).iter().any(|(module, item)| {
            !matches!(project.role(module, *item), Role::Test) && says_dotenv(module.file.item_text(*item))
        })
}

fn says_dotenv(text: &str) -> bool {
    text.contains("dotenv")
}
