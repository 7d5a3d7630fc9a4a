//! The cure: import the class inside the test, and drop the module-level import where nothing else uses it.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::facts::code::{ImportedNames, NodeKind};
use crate::facts::module::ModuleBindingKind;
use crate::fix::{Applicability, Edits, Fix};
use crate::project::reload::{Reload, Renewal};
use crate::project::stale_uses::StaleUse;
use crate::project::{Module, Subject};
use crate::text::{TextRange, newline_of};

/// For this test alone, then for all tests of the file where several compare with the class.
pub fn fixes(subject: &Subject<'_>, used: &StaleUse, reload: &Reload) -> Vec<Fix> {
    let uses = subject.project.stale_uses();
    let items: BTreeSet<u32> = uses
        .iter()
        .filter(|other| other.place.path == subject.path() && other.name == used.name)
        .map(|other| other.item)
        .collect();
    let one = fix(subject, used, reload, &BTreeSet::from([subject.item])).map(|(edits, applicability)| {
        Fix::cure(format!("Import `{}` inside the test", used.name), applicability, edits)
    });
    let all = (items.len() > 1).then(|| fix(subject, used, reload, &items)).flatten().map(
        |(edits, applicability)| {
            let title = format!(
                "Import `{}` inside all {} functions of this file that compare with it",
                used.name,
                items.len()
            );
            Fix::cure(title, applicability, edits)
        },
    );
    one.into_iter().chain(all).collect()
}

fn fix(
    subject: &Subject<'_>,
    used: &StaleUse,
    reload: &Reload,
    items: &BTreeSet<u32>,
) -> Option<(Edits, Applicability)> {
    let module = &subject.module;
    let mut edits = Edits::new();
    let mut applicability = Applicability::Suggested;
    for item in items {
        let function = Subject::new(subject.project, module, *item);
        let names = names_to_import(&function, used, reload);
        insert_imports(&function, &names, &mut edits)?;
    }
    if reload.renewal == Renewal::Reload && !is_used_elsewhere(module, &used.name, items) {
        remove_import(module, &used.name, &mut edits)?;
        applicability = Applicability::Safe;
    }
    Some((edits, applicability))
}

/// The class; under a purge also whatever else the function uses of the same module, since the old and the new
/// module must not be mixed.
fn names_to_import(function: &Subject<'_>, used: &StaleUse, reload: &Reload) -> BTreeSet<SmolStr> {
    let mut names = BTreeSet::from([used.name.clone()]);
    if reload.renewal == Renewal::Reload {
        return names;
    }
    let code = function.code();
    for node in function.body() {
        let NodeKind::Name(name) = code.kind(node) else { continue };
        if function.scope().is_local(name, node) {
            continue;
        }
        if import_of(&function.module, name).is_some_and(|import| import.from == used.module) {
            names.insert(name.clone());
        }
    }
    names
}

/// A module-level `from … import` of one name.
struct FromImport {
    item: u32,
    from: SmolStr,
    /// The module as the import statement writes it, dots included.
    written: String,
    original: SmolStr,
}

fn import_of(module: &Module, name: &str) -> Option<FromImport> {
    let [binding] = module.file.scope().get(name) else { return None };
    let ModuleBindingKind::Bound { kind, .. } = &binding.kind else { return None };
    let crate::facts::BindingKind::FromImport { level, module: path, name: original } = kind else {
        return None;
    };
    Some(FromImport {
        item: binding.item,
        from: module.absolute_import(*level, path)?,
        written: format!("{}{path}", ".".repeat(*level as usize)),
        original: original.clone(),
    })
}

/// Puts the imports first in the function's body, behind its docstring.
fn insert_imports(function: &Subject<'_>, names: &BTreeSet<SmolStr>, edits: &mut Edits) -> Option<()> {
    let code = function.code();
    let definition = function.function()?;
    let is_docstring = |node| match code.kind(node) {
        NodeKind::Expr(value) => matches!(code.kind(*value), NodeKind::Str(_)),
        _ => false,
    };
    let (first, rest) = definition.body.split_first()?;
    let at = if is_docstring(*first) { code.range(*rest.first()?).start } else { code.range(*first).start };
    let line_start = function.text()[..at as usize].rfind(['\n', '\r']).map(|end| end + 1)?;
    let indent = &function.text()[line_start..at as usize];
    if !indent.chars().all(|c| c == ' ' || c == '\t') {
        return None;
    }
    let mut by_module: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in names {
        let import = import_of(&function.module, name)?;
        let spelled = if import.original == *name {
            name.to_string()
        } else {
            format!("{} as {name}", import.original)
        };
        by_module.entry(import.written).or_default().push(spelled);
    }
    let newline = newline_of(function.module.file.text.as_str());
    let mut text = String::new();
    for (module, names) in by_module {
        text.push_str(&format!("from {module} import {}{newline}{indent}", names.join(", ")));
    }
    text.truncate(text.len() - indent.len() - newline.len());
    text.push_str(newline);
    text.push_str(newline);
    text.push_str(indent);
    edits.push(function.path(), function.absolute(TextRange::empty(at)), text);
    Some(())
}

/// Whether the name stands anywhere in the module but in its import and in the bodies of these functions.
fn is_used_elsewhere(module: &Module, name: &str, items: &BTreeSet<u32>) -> bool {
    let import = import_of(module, name).map(|import| import.item);
    let file = &module.file;
    (0..file.items().len() as u32).filter(|item| Some(*item) != import).any(|item| {
        let text = file.item_text(item);
        let text = match file.item(item).function() {
            Some(head) if items.contains(&item) => &text[..(head.body.start as usize).min(text.len())],
            _ => text,
        };
        holds_word(text, name)
    })
}

fn holds_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    memchr::memmem::find_iter(text.as_bytes(), word.as_bytes())
        .any(|at| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

/// Takes the name out of its import statement, or the statement away. `None` where a comment asks to keep it.
fn remove_import(module: &Module, name: &str, edits: &mut Edits) -> Option<()> {
    let import = import_of(module, name)?;
    let file = &module.file;
    let code = &file.facts(import.item).code;
    let [root] = &*code.roots else { return None };
    let NodeKind::FromImport { names: ImportedNames::Names(names), .. } = code.kind(*root) else {
        return None;
    };
    if !code.comments.is_empty() {
        return None;
    }
    let at = names.iter().position(|imported| imported.alias.as_ref().unwrap_or(&imported.name) == name)?;
    let range = match (names.get(at + 1), at.checked_sub(1).and_then(|before| names.get(before))) {
        (Some(next), _) => TextRange::new(names[at].range.start, next.range.start),
        (None, Some(before)) => TextRange::new(before.range.end, names[at].range.end),
        (None, None) => {
            let whole = file.absolute(import.item, code.range(*root));
            let text = file.text.as_str();
            let rest = &text[whole.end as usize..];
            let line_end = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
            let newline = newline_of(text).len();
            let range = TextRange::new(whole.start, whole.end + line_end.min(newline) as u32);
            edits.push(file.path.clone(), range, "");
            return Some(());
        }
    };
    edits.push(file.path.clone(), file.absolute(import.item, range), "");
    Some(())
}
