//! What a variable of the tests holds before any test ran.

use crate::facts::module::{ModuleBinding, ModuleBindingKind};
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::definition::Definition;
use crate::project::effects::class_state::{assigns_attribute, makes_container};
use crate::project::effects::declared_value;
use crate::project::functions::is_test_code;
use crate::project::role::{Reach, Xunit};
use crate::project::target::Target;
use crate::project::{Module, Project, Role, Subject};
use crate::syntax::split::ItemKind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initial {
    /// The name, attribute or key is not there: to read it raises.
    Missing,
    None,
    /// An empty list, dict, set or deque.
    Empty,
    /// `False`, `0` or an empty text.
    Falsy,
}

/// The initial value of a variable in the tests' own code; `None` where it holds something, or cannot be seen.
pub fn of(project: &Project, target: &Target) -> Option<Initial> {
    let Target::Attribute { path, key } = target else { return None };
    if let Some(name) = path.strip_prefix("pytest.") {
        return is_free_on_pytest(name).then_some(Initial::Missing);
    }
    let (file, rest) = project.layout.split_path(path)?;
    if rest.is_empty() || !is_test_code(project, file) {
        return None;
    }
    let module = project.module(file)?;
    match (key, rest.rsplit_once('.')) {
        (Some(key), _) => of_entry(&Subject::new(project, &module, 0), path, key),
        (None, None) => of_name(project, &module, rest),
        (None, Some((owner, attr))) => of_attribute(project, &module, owner, attr),
    }
}

/// The initial value that an expression gives.
pub fn of_value(subject: &Subject<'_>, value: NodeId) -> Option<Initial> {
    match subject.code().kind(value) {
        NodeKind::None => Some(Initial::None),
        NodeKind::Bool(false) | NodeKind::Int(Some(0)) => Some(Initial::Falsy),
        NodeKind::Str(text) if text.is_empty() => Some(Initial::Falsy),
        NodeKind::List(parts) | NodeKind::Set(parts) if parts.is_empty() => Some(Initial::Empty),
        NodeKind::Dict(pairs) if pairs.is_empty() => Some(Initial::Empty),
        NodeKind::Call { args, .. } if args.is_empty() && makes_container(subject, value) => {
            // A `defaultdict` or `Counter` has a value for every key.
            let made = subject.callee(value)?;
            let is_plain = made.starts_with("builtins.") || made == "collections.deque";
            is_plain.then_some(Initial::Empty)
        }
        _ => None,
    }
}

/// An entry of a dict that is written out.
fn of_entry(subject: &Subject<'_>, path: &str, key: &str) -> Option<Initial> {
    let (module, item, value) = declared_value(subject, &Target::attribute(path))?;
    let source = Subject::new(subject.project, &module, item);
    let code = source.code();
    if of_value(&source, value) == Some(Initial::Empty) {
        return Some(Initial::Missing);
    }
    let NodeKind::Dict(pairs) = code.kind(value) else { return None };
    for (name, value) in pairs.iter().rev() {
        if code.kind((*name)?).as_str()? == key {
            return of_value(&source, *value);
        }
    }
    Some(Initial::Missing)
}

/// A name of a module: bound once, or only by tests that declare it `global`.
fn of_name(project: &Project, module: &Module, name: &str) -> Option<Initial> {
    match module.file.scope().get(name) {
        [] => module.file.scope().stars.is_empty().then_some(Initial::Missing),
        [only] => {
            let ModuleBindingKind::Bound { kind: BindingKind::Value(value), node } = &only.kind else {
                return None;
            };
            let source = Subject::new(project, module, only.item);
            // Under `if` or `try` it may well be something else.
            let is_plain = source.code().roots.contains(node);
            of_value(&source, *value).filter(|_| is_plain)
        }
        _ => None,
    }
}

/// An attribute of a class, of a test function, or of an object that a module makes.
fn of_attribute(project: &Project, module: &Module, owner: &str, attr: &str) -> Option<Initial> {
    if let Some((module, class)) = project.class_at(&format!("{}.{owner}", module.name)) {
        return of_class(project, &module, class, attr);
    }
    let [only] = module.file.scope().get(owner) else { return None };
    match only.kind {
        ModuleBindingKind::Function => Some(Initial::Missing),
        ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } => {
            of_object(project, module, only, value, attr)
        }
        _ => None,
    }
}

fn of_class(project: &Project, module: &Module, class: u32, attr: &str) -> Option<Initial> {
    let lines = project.method_resolution(module, class);
    if lines.iter().any(|(module, class)| is_given_to_instances(project, module, *class, attr)) {
        return None;
    }
    for (module, class) in lines {
        let definition = Definition::of_item(&module, class)?;
        if !definition.binds(attr) {
            continue;
        }
        let values = module.file.class_statements(class).filter_map(|member| {
            let statement = Subject::new(project, &module, member);
            match statement.facts.bindings().all(attr) {
                [only] => match only.kind {
                    BindingKind::Value(value) => Some(of_value(&statement, value)),
                    _ => None,
                },
                _ => None,
            }
        });
        let values: Vec<Option<Initial>> = values.collect();
        return if let [only] = values.as_slice() { *only } else { None };
    }
    (!project.has_unseen_base(module, class)).then_some(Initial::Missing)
}

/// Whether a fixture, a set-up or a helper of the class gives every instance an attribute of its own.
fn is_given_to_instances(project: &Project, module: &Module, class: u32, attr: &str) -> bool {
    module.file.members(class).any(|member| {
        matches!(module.file.item(member).kind, ItemKind::Function(_))
            && module.file.item_text(member).contains(attr)
            && !matches!(
                project.role(module, member),
                Role::Test | Role::Xunit(Xunit { reach: Reach::Class, .. })
            )
            && assigns_attribute(&module.file.facts(member).code, attr)
    })
}

/// `state = types.SimpleNamespace()`, `state = State()`.
fn of_object(
    project: &Project,
    module: &Module,
    binding: &ModuleBinding,
    value: NodeId,
    attr: &str,
) -> Option<Initial> {
    let source = Subject::new(project, module, binding.item);
    let NodeKind::Call { args, .. } = source.code().kind(value) else { return None };
    let made = source.callee(value)?;
    if matches!(made.as_str(), "types.SimpleNamespace" | "argparse.Namespace") {
        return args.is_empty().then_some(Initial::Missing);
    }
    let (module, class) = project.class_at(&made)?;
    let word = format!(".{attr}");
    let gives_it = project.method_resolution(&module, class).iter().any(|(module, class)| {
        module.file.members(*class).any(|member| module.file.item_text(member).contains(&word))
    });
    if gives_it || has_attribute_hook(&module, class) {
        return None;
    }
    of_class(project, &module, class, attr)
}

/// `__getattr__` and its kin give what is not there.
fn has_attribute_hook(module: &Module, class: u32) -> bool {
    module.file.members(class).any(|member| module.file.name(member).starts_with("__getattr"))
}

/// Whether pytest itself has no such attribute: some suites keep values there.
fn is_free_on_pytest(name: &str) -> bool {
    !name.contains('.')
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !PYTEST_NAMES.contains(&name)
}

/// The lower-case names of `pytest.__all__` and its modules.
const PYTEST_NAMES: &[&str] = &[
    "approx",
    "cmdline",
    "collect",
    "console_main",
    "deprecated_call",
    "exit",
    "fail",
    "fixture",
    "freeze_includes",
    "hookimpl",
    "hookspec",
    "importorskip",
    "main",
    "mark",
    "param",
    "raises",
    "register_assert_rewrite",
    "set_trace",
    "skip",
    "version_tuple",
    "warns",
    "xfail",
    "yield_fixture",
];
