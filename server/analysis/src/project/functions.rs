//! Finds the function or method of the project that a path names.

use std::path::Path;

use super::{Module, Project, Subject};
use crate::facts::module::ModuleBindingKind;

/// Whether a file is part of the tests, not of what they test.
pub fn is_test_code(project: &Project, path: &Path) -> bool {
    if let Some(known) = project.are_of_tests.get(path.as_os_str()) {
        return *known;
    }
    let is_it = project.is_checked(path)
        || path.iter().any(|part| matches!(part.to_str(), Some("tests" | "test" | "testing" | "_tests")));
    project.are_of_tests.insert(path.into(), is_it);
    is_it
}

/// The function of the project at a dotted path: `pkg.module.name` or `pkg.module.Class.name`.
pub fn function_at(subject: &Subject<'_>, path: &str) -> Option<(Module, u32)> {
    let project = subject.project;
    let (file, rest) = project.layout.split_path(path)?;
    let module = project.module(file)?;
    match rest.rsplit_once('.') {
        None => {
            let [binding] = module.file.scope().get(rest) else { return None };
            let is_function = binding.kind == ModuleBindingKind::Function;
            let item = binding.item;
            is_function.then_some((module, item))
        }
        Some((class, name)) => {
            let (module, class) = project.class_at(&format!("{}.{class}", module.name))?;
            module.file.method(class, name).map(|item| (module, item))
        }
    }
}

/// The method of a class or of the project's classes that it derives from.
pub fn method_of(subject: &Subject<'_>, class: u32, name: &str) -> Option<(Module, u32)> {
    let mut pending = vec![(subject.module.clone(), class)];
    let mut seen = 0;
    while let Some((module, class)) = pending.pop() {
        seen += 1;
        if seen > 8 {
            return None;
        }
        if let Some(item) = module.file.method(class, name) {
            return Some((module, item));
        }
        pending.extend(subject.project.bases(&module, class).into_iter().rev());
    }
    None
}
