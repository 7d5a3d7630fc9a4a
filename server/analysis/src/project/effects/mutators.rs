//! Methods that change a built-in container in place.

use crate::facts::BindingKind;
use crate::facts::module::ModuleBindingKind;
use crate::project::constant::Origin;
use crate::project::target::Target;
use crate::project::{Module, Subject};

use super::Act;
use super::class_state::makes_container;

/// What a method of the built-in containers does to its receiver; `None` for methods that only read.
pub fn act_of_method(name: &str) -> Option<Act> {
    Some(match name {
        "append"
        | "extend"
        | "insert"
        | "add"
        | "appendleft"
        | "extendleft"
        | "rotate"
        | "reverse"
        | "sort"
        | "setdefault"
        | "intersection_update"
        | "difference_update"
        | "symmetric_difference_update" => Act::Update,
        "update" | "__setitem__" => Act::Put,
        "remove" | "pop" | "popitem" | "popleft" | "discard" | "clear" | "__delitem__" => Act::Remove,
        _ => return None,
    })
}

/// Whether a method's first argument is the key of the entry that it changes.
pub fn takes_key(name: &str) -> bool {
    matches!(name, "pop" | "setdefault" | "__setitem__" | "__delitem__" | "discard" | "remove" | "add")
}

/// Whether the project's source shows a built-in container at the target's path: `X = []` in a module or class.
pub fn is_container(subject: &Subject<'_>, target: &Target) -> bool {
    let Some(path) = target.path() else { return true };
    let project = subject.project;
    let Some((file, rest)) = project.layout.split_path(path) else { return false };
    let Some(module) = project.module(file) else { return false };
    match rest.rsplit_once('.') {
        None => module.file.scope().get(rest).iter().any(|binding| match &binding.kind {
            ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } => {
                makes_container(&Subject::new(project, &module, binding.item), *value)
            }
            _ => false,
        }),
        Some((class, attr)) => {
            let Some((module, class)) = project.class_at(&format!("{}.{class}", module.name)) else {
                return false;
            };
            module.file.class_statements(class).any(|member| {
                let statement = Subject::new(project, &module, member);
                statement.facts.bindings().all(attr).iter().any(|binding| match binding.kind {
                    BindingKind::Value(value) => makes_container(&statement, value),
                    _ => false,
                })
            })
        }
    }
}

/// Whether the object at a path is one of a class of the project that defines the method itself, as `__getitem__`: what it
/// gives for a key may be made anew, and what it does with one is its own affair.
pub fn answers_itself(subject: &Subject<'_>, path: &str, method: &str) -> bool {
    let project = subject.project;
    let Some((module, item, node)) = super::declared_value(subject, &Target::attribute(path)) else {
        return false;
    };
    let made = Origin { module, item, node }.followed(project);
    let class = made.subject(project).callee(made.node).and_then(|class| project.class_at(&class));
    let Some((module, class)) = class else { return false };
    let defines = |(module, class): (Module, u32)| module.file.members_named(class, method).next().is_some();
    project.method_resolution(&module, class).into_iter().any(defines)
}

/// Names of functions and methods that bring what they belong to into a known state.
pub fn is_reset(name: &str) -> bool {
    let word = name.trim_start_matches('_');
    const STARTS: &[&str] = &[
        "reset",
        "clear",
        "restore",
        "undo",
        "clean",
        "teardown",
        "tear_down",
        "uninstall",
        "unregister",
        "deregister",
        "remove",
        "unset",
        "flush",
        "delete",
        "invalidate",
        "dispose",
        "purge",
        "rollback",
        "stop",
        "shutdown",
        "close",
        "disable",
        "revert",
        "empty",
        "forget",
        "init",
        "setup",
        "configure",
        "pop",
        "drop",
    ];
    STARTS.iter().any(|start| word.starts_with(start))
}
