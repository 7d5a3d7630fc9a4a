//! Adds a module-level import in its place among the others, if it is missing.

use crate::facts::BindingKind;
use crate::facts::module::ModuleBindingKind;
use crate::fix::Edits;
use crate::project::Module;
use crate::syntax::split::ItemKind;
use crate::text::{TextRange, newline_of};

use super::extend_import::extended;

/// How a name is to be had: `Plain("pytest")` is `import pytest`, `From("unittest.mock", "patch")` the other form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    Plain(&'a str),
    From(&'a str, &'a str),
}

/// The name to write for what is wanted, and the edits that make it available. `None` if the name means
/// something else in this module.
pub fn ensure_import(module: &Module, wanted: Wanted<'_>) -> Option<(String, Edits)> {
    if let Some(name) = imported_as(module, wanted) {
        return Some((name, Edits::new()));
    }
    let (name, line) = match wanted {
        Wanted::Plain(path) => (path, format!("import {path}")),
        Wanted::From(path, name) => (name, format!("from {path} import {name}")),
    };
    let first = name.split('.').next().unwrap_or(name);
    if !module.file.scope().get(first).is_empty() {
        return None;
    }
    let mut edits = Edits::new();
    let joined = match wanted {
        Wanted::Plain(_) => None,
        Wanted::From(path, name) => extended(module, path, name),
    };
    let (at, text) = joined.unwrap_or_else(|| placed(module, &line, wanted));
    edits.push(module.file.path.clone(), TextRange::empty(at), text);
    Some((name.to_owned(), edits))
}

/// The names to write for modules of the standard library, in the order in which they are asked for, and the edits that
/// make them available: those that are missing stand together. `None` if one of the names means something else.
pub fn ensure_imports<const N: usize>(module: &Module, paths: [&str; N]) -> Option<([String; N], Edits)> {
    let mut names = paths.map(str::to_owned);
    let mut edits = Edits::new();
    let mut missing: Vec<(u32, &str)> = Vec::new();
    for (name, path) in names.iter_mut().zip(paths) {
        let (known, import) = ensure_import(module, Wanted::Plain(path))?;
        *name = known;
        if !import.is_empty() {
            missing.push((placed(module, &format!("import {path}"), Wanted::Plain(path)).0, path));
        }
    }
    missing.sort_unstable();
    for together in missing.chunk_by(|(one, _), (other, _)| one == other) {
        let lines: Vec<String> = together.iter().map(|(_, path)| format!("import {path}")).collect();
        let lines = lines.join(newline_of(module.file.text.as_str()));
        let (at, text) = placed(module, &lines, Wanted::Plain(together[0].1));
        edits.push(module.file.path.clone(), TextRange::empty(at), text);
    }
    Some((names, edits))
}

/// The name under which the module has what is wanted already.
pub fn imported_as(module: &Module, wanted: Wanted<'_>) -> Option<String> {
    let target = match wanted {
        Wanted::Plain(path) => path.to_owned(),
        Wanted::From(path, name) => format!("{path}.{name}"),
    };
    let mut names: Vec<String> = module
        .file
        .scope()
        .names()
        .filter(|(_, bindings)| {
            bindings.iter().any(|binding| match &binding.kind {
                ModuleBindingKind::Bound { kind: BindingKind::Import { module: path }, .. } => {
                    *path == target
                }
                ModuleBindingKind::Bound { kind: kind @ BindingKind::FromImport { .. }, .. } => {
                    module.imported_path(kind).is_some_and(|path| path == target)
                }
                _ => false,
            })
        })
        .map(|(name, _)| name.to_string())
        .collect();
    names.sort();
    names.into_iter().next()
}

/// Before the first import of the same kind that sorts behind it, else behind the last of that kind, else behind the last
/// import, else behind the docstring and `__future__` imports. `import` lines of the standard library stand above its `from` lines and
/// above other packages, as isort has them; a blank line parts the groups.
fn placed(module: &Module, line: &str, wanted: Wanted<'_>) -> (u32, String) {
    let file = &module.file;
    let newline = newline_of(file.text.as_str());
    let plain = matches!(wanted, Wanted::Plain(_));
    let is_first_section = plain && !third_party_follows(line);
    let mut is_below_import = false;
    let mut after = None;
    let mut last_alike = None;
    for (index, item) in file.items().iter().enumerate() {
        let text = file.item_text(index as u32);
        match &item.kind {
            ItemKind::Import if text.starts_with("from __future__") => after = Some((item.code.end, true)),
            ItemKind::Import => {
                let same_kind = text.starts_with("import ") == plain;
                if same_kind
                    && text.trim_end() > line
                    && third_party_follows(text) == third_party_follows(line)
                {
                    return (item.code.start, format!("{line}{newline}"));
                }
                if is_first_section && third_party_follows(text) {
                    if is_below_import {
                        break;
                    }
                    return (item.code.start, format!("{line}{newline}{newline}"));
                }
                if is_first_section && !same_kind {
                    return (item.code.start, format!("{line}{newline}"));
                }
                // Of one section, isort has `import …` in front of `from … import …`; relative imports are a section of
                // their own.
                if plain
                    && !same_kind
                    && !is_first_section
                    && third_party_follows(text)
                    && last_alike.is_none()
                {
                    let gap = if text.starts_with("from .") { newline } else { "" };
                    return (item.code.start, format!("{line}{newline}{gap}"));
                }
                if same_kind && third_party_follows(text) == third_party_follows(line) {
                    last_alike = Some(item.code.end);
                }
                is_below_import = true;
                after = Some((item.code.end, !third_party_follows(text) && third_party_follows(line)));
            }
            ItemKind::Statement if index == 0 && is_docstring(text) => after = Some((item.code.end, true)),
            _ => break,
        }
    }
    match last_alike.map(|end| (end, false)).or(after) {
        Some((end, is_new_group)) => {
            let end = end - trailing_newline(&file.text.as_str()[..end as usize]);
            let gap = if is_new_group { newline } else { "" };
            (end, format!("{newline}{gap}{line}"))
        }
        None => {
            let start = file.items().first().map_or(0, |item| item.code.start);
            (start, format!("{line}{newline}{newline}{newline}"))
        }
    }
}

/// Whether an import line is of a package that isort sorts behind the standard library. Only the packages that
/// fixes import are told apart.
fn third_party_follows(line: &str) -> bool {
    let module = line.split_whitespace().nth(1).unwrap_or_default();
    !STANDARD.contains(&module.split('.').next().unwrap_or_default())
}

/// The standard library's modules that commonly stand at the top of test files.
pub const STANDARD: &[&str] = &[
    "__future__",
    "abc",
    "argparse",
    "ast",
    "asyncio",
    "base64",
    "builtins",
    "collections",
    "concurrent",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "errno",
    "functools",
    "gc",
    "glob",
    "gzip",
    "hashlib",
    "importlib",
    "inspect",
    "io",
    "itertools",
    "json",
    "logging",
    "math",
    "multiprocessing",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "platform",
    "queue",
    "random",
    "re",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "stat",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "traceback",
    "types",
    "typing",
    "unittest",
    "urllib",
    "uuid",
    "warnings",
    "weakref",
    "zipfile",
];

fn is_docstring(text: &str) -> bool {
    let text = text.trim_start_matches(['r', 'R', 'u', 'U']);
    text.starts_with('"') || text.starts_with('\'')
}

fn trailing_newline(text: &str) -> u32 {
    if text.ends_with("\r\n") { 2 } else { u32::from(text.ends_with('\n')) }
}
