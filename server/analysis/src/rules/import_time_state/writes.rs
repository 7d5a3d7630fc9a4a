//! What the import of a test module changes for the whole process.

use std::path::Path;

use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::accesses::{is_use, search_word};
use crate::project::definition::Definition;
use crate::project::effects::{Act, Footprint, Phase, Touch};
use crate::project::target::{Setting, Target};
use crate::project::{Glance, Project, Role, Subject};
use crate::syntax::split::ItemKind;

/// Environment variables that libraries read once, when they are imported: they must be set in front of the import.
const READ_BY_LIBRARIES: &[&str] = &[
    "CUDA_VISIBLE_DEVICES",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "DJANGO_SETTINGS_MODULE",
    "JAX_ENABLE_X64",
    "JAX_PLATFORMS",
    "KERAS_BACKEND",
    "KIVY_NO_ARGS",
    "KMP_DUPLICATE_LIB_OK",
    "MKL_NUM_THREADS",
    "MPLBACKEND",
    "NUMBA_DISABLE_JIT",
    "NUMBA_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "PYGAME_HIDE_SUPPORT_PROMPT",
    "PYOPENGL_PLATFORM",
    "QT_API",
    "QT_QPA_PLATFORM",
    "SDL_AUDIODRIVER",
    "SDL_VIDEODRIVER",
    "TF_CPP_MIN_LOG_LEVEL",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_USE_LEGACY_KERAS",
    "TOKENIZERS_PARALLELISM",
    "VECLIB_MAXIMUM_THREADS",
    "XLA_FLAGS",
];

/// Paths below which attributes decide only how tests are reported, or that pytest puts back around every test.
const OF_TEST_TOOLS: &[&str] =
    &["_pytest", "pytest", "sys.dont_write_bytecode", "sys.tracebacklimit", "unittest", "warnings"];

/// On what a write depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Always,
    /// A condition that cannot be judged, a failed import.
    Sometimes,
    /// Only where the target has no value yet.
    WhereAbsent,
}

/// The first of the lasting changes that a statement makes to each target when pytest imports its module. None for all but
/// test modules beside which there are others: a conftest is the place for such changes.
pub fn of_statement(subject: &Subject<'_>) -> Vec<Touch> {
    let is_looked_at = subject.role == Role::Statement
        && may_write(subject)
        && is_one_of_several(subject.project, subject.path());
    if !is_looked_at {
        return Vec::new();
    }
    let footprint = Footprint::of(subject);
    let writes = |touch: &&Touch| {
        touch.phase == Phase::Run
            && (touch.act.is_effect() || is_started(subject, touch))
            && !footprint.is_undone(touch)
            && runs_under_pytest(subject, touch.node)
            && !is_harmless(subject, touch)
    };
    let mut firsts: Vec<Touch> = Vec::new();
    for touch in footprint.touches.iter().filter(writes) {
        if firsts.iter().all(|known| known.target != touch.target) {
            firsts.push(touch.clone());
        }
    }
    firsts.retain(|touch| touch.put_back.is_none());
    firsts
}

/// On what the write of a statement depends.
pub fn condition(subject: &Subject<'_>, touch: &Touch) -> Condition {
    let code = subject.code();
    if let NodeKind::Call { func, .. } = code.kind(touch.node)
        && code
            .dotted(*func)
            .is_some_and(|path| path.ends_with("setdefault") || path.ends_with("load_dotenv"))
    {
        return Condition::WhereAbsent;
    }
    let word = search_word(&touch.target);
    let asks_for_it = |test: NodeId| {
        let Some(word) = &word else { return false };
        code.subtree(test).any(|node| is_use(subject, node, &touch.target, word))
    };
    let mut found = Condition::Always;
    for outer in code.ancestors(touch.node) {
        match code.kind(outer) {
            NodeKind::If { test, .. } if asks_for_it(*test) => return Condition::WhereAbsent,
            NodeKind::If { .. } => found = Condition::Sometimes,
            NodeKind::Try { handlers, .. } => {
                let mut in_handlers = handlers.iter().flat_map(|handler| &handler.body);
                if in_handlers.any(|statement| code.is_within(touch.node, *statement)) {
                    found = Condition::Sometimes;
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether the text of a statement has what [`may_write`] asks for.
pub fn has_form_of_write(item: &Glance<'_>) -> bool {
    let text = item.text();
    let has_place = || text.contains(['.', '[']) && text.contains(['=', ':']);
    let may_write = text.contains('(') || text.contains("del") || has_place();
    // Behind an import stands only what a `;` parts from it.
    may_write && (item.module.file.item(item.item).kind != ItemKind::Import || text.contains(';'))
}

/// Whether the statement has the form of a write, or calls something.
fn may_write(subject: &Subject<'_>) -> bool {
    let is_place = |kind: &NodeKind| matches!(kind, NodeKind::Attribute { .. } | NodeKind::Subscript { .. });
    let code = subject.code();
    code.nodes.iter().any(|node| match &node.kind {
        NodeKind::Call { .. } | NodeKind::Delete(_) => true,
        NodeKind::Assign { targets, .. } => targets.iter().any(|target| is_place(code.kind(*target))),
        NodeKind::AugAssign { target, .. } | NodeKind::AnnAssign { target, .. } => {
            is_place(code.kind(*target))
        }
        _ => false,
    })
}

/// Whether a file is a test module, and not the only one.
pub fn is_one_of_several(project: &Project, path: &Path) -> bool {
    let mut others = project.checked_files().iter().filter(|other| *other != path);
    project.is_test_module(path) && others.any(|other| project.is_test_module(other))
}

/// `patch(…).start()`: at import no test is there that could stop it.
fn is_started(subject: &Subject<'_>, touch: &Touch) -> bool {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(touch.node) else { return false };
    let starts = matches!(code.kind(*func), NodeKind::Attribute { attr, .. } if attr == "start");
    touch.act == Act::Lent && starts && !subject.module.file.text.as_str().contains("stop")
}

/// Not under `if TYPE_CHECKING` or `if __name__ == "__main__"`.
fn runs_under_pytest(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let is_for_others = |test: NodeId| {
        code.subtree(test).any(|node| match code.kind(node) {
            NodeKind::Name(name) => matches!(name.as_str(), "__name__" | "TYPE_CHECKING"),
            NodeKind::Attribute { attr, .. } => attr == "TYPE_CHECKING",
            _ => false,
        })
    };
    code.ancestors(node)
        .all(|outer| !matches!(code.kind(outer), NodeKind::If { test, .. } if is_for_others(*test)))
}

fn is_harmless(subject: &Subject<'_>, touch: &Touch) -> bool {
    match &touch.target {
        Target::SysPath => true,
        Target::SysModules(name) => touch.act != Act::Remove && (name.is_none() || is_loaded(subject, touch)),
        Target::Environ(Some(name)) => {
            READ_BY_LIBRARIES.contains(&name.as_str()) || name.starts_with("PYTEST_")
        }
        Target::Setting(Setting::Logger(name)) => !name.is_empty(),
        Target::Setting(Setting::RcParams(key)) => key.as_deref() == Some("backend"),
        Target::Attribute { path, .. } => {
            is_own(subject, path)
                || OF_TEST_TOOLS.iter().any(|tool| {
                    path.strip_prefix(tool).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
                || path.ends_with(".__test__")
                || is_of_class_member(subject, touch.node)
                || adds_own(subject, touch)
        }
        _ => false,
    }
}

/// Whether the entry is a module that was really loaded, from a file that has no name to import it by.
fn is_loaded(subject: &Subject<'_>, touch: &Touch) -> bool {
    let loads = |subject: &Subject<'_>, value: NodeId| {
        subject.callee(value).is_some_and(|path| {
            matches!(path.as_str(), "importlib.import_module" | "importlib.util.module_from_spec")
        })
    };
    let Some(value) = touch.value else { return false };
    let Some(name) = subject.code().kind(value).as_name() else { return loads(subject, value) };
    subject.module.file.scope().get(name).iter().any(|binding| match binding.kind {
        ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } => {
            loads(&Subject::new(subject.project, &subject.module, binding.item), value)
        }
        _ => false,
    })
}

fn is_own(subject: &Subject<'_>, path: &str) -> bool {
    path.strip_prefix(subject.module.name.as_str()).is_some_and(|rest| rest.starts_with('.'))
}

/// In a class body, whether the name at the root of what is written is one of the class.
fn is_of_class_member(subject: &Subject<'_>, node: NodeId) -> bool {
    let Some(class) = subject.class().and_then(|class| Definition::of_item(&subject.module, class)) else {
        return false;
    };
    let names = subject.code().subtree(node).find_map(|node| subject.code().kind(node).as_name());
    names.is_some_and(|name| class.binds(name))
}

/// Whether something of the test module itself is entered somewhere, under itself as the key or without one: nobody else
/// will ask for it.
fn adds_own(subject: &Subject<'_>, touch: &Touch) -> bool {
    let code = subject.code();
    let is_own_value = |node: NodeId| subject.resolve(node).is_some_and(|path| is_own(subject, &path));
    match code.kind(touch.node) {
        NodeKind::Assign { targets, .. } => targets.iter().all(
            |target| matches!(code.kind(*target), NodeKind::Subscript { index, .. } if is_own_value(*index)),
        ),
        NodeKind::Call { func, args } => {
            matches!(code.kind(*func), NodeKind::Attribute { .. })
                && !args.is_empty()
                && args.iter().all(|argument| is_own_value(argument.value))
        }
        _ => false,
    }
}
