//! Which files import a module, or names from it, when they are imported themselves: they keep what they got then.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use memchr::memmem;
use smol_str::SmolStr;

use super::{Module, Place, Project};
use crate::facts::code::ImportedNames;
use crate::facts::{Code, NodeKind};
use crate::text::TextRange;

/// One import at the top of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Importer {
    pub path: PathBuf,
    item: u32,
    /// In the item.
    range: TextRange,
    /// The canonical path of what is imported: the module, something below it, or a name in it.
    pub imported: SmolStr,
}

impl Importer {
    /// The imported name as it stands in the import statement.
    pub fn place(&self, project: &Project) -> Option<Place> {
        let range = project.module(&self.path)?.file.absolute(self.item, self.range);
        Some(Place { path: self.path.clone(), range })
    }
}

impl Project {
    /// The imports of `module`, of its submodules and of names in them at the top of the project's files, in order of
    /// path and place.
    pub fn importers(&self, module: &str) -> Arc<Vec<Importer>> {
        if let Some(known) = self.importers.get(module) {
            return known.clone();
        }
        let mut found: Vec<Importer> =
            self.own_files().flat_map(|path| self.imports_of(path, module)).collect();
        found.sort();
        let found = Arc::new(found);
        self.importers.insert(SmolStr::new(module), found.clone());
        found
    }

    /// The files of the project, and those of others that are checked for it.
    pub(super) fn own_files(&self) -> impl Iterator<Item = &PathBuf> {
        self.layout.files().filter(|path| path.starts_with(&self.home) || self.is_checked(path))
    }

    fn imports_of(&self, path: &Path, module: &str) -> Vec<Importer> {
        let Some(file) = self.module(path) else { return Vec::new() };
        let word = module.rsplit('.').next().unwrap_or(module);
        let finder = memmem::Finder::new(word.as_bytes());
        if finder.find(file.file.text.as_str().as_bytes()).is_none() {
            return Vec::new();
        }
        let is_of_module = |imported: &str| {
            imported.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let mut found = Vec::new();
        for item in 0..file.file.items().len() as u32 {
            let text = file.file.item_text(item);
            let may_import = file.file.item(item).owner.is_none()
                && file.file.item(item).function().is_none()
                && text.contains("import")
                && finder.find(text.as_bytes()).is_some();
            if !may_import {
                continue;
            }
            for (name, range) in imported_names(&file, &file.file.facts(item).code) {
                let imported = self.canonical(&name);
                if is_of_module(&imported) {
                    found.push(Importer { path: path.to_owned(), item, range, imported });
                }
            }
        }
        found
    }
}

/// What the import statements of an item name, as absolute paths; those for type checkers alone are left out.
fn imported_names(module: &Module, code: &Code) -> Vec<(SmolStr, TextRange)> {
    let mut found = Vec::new();
    for node in (0..code.nodes.len() as u32).map(crate::facts::NodeId) {
        let never_runs = |outer| match code.kind(outer) {
            NodeKind::If { test, .. } => {
                code.dotted(*test).is_some_and(|test| test.ends_with("TYPE_CHECKING"))
            }
            NodeKind::Function(_) => true,
            _ => false,
        };
        match code.kind(node) {
            NodeKind::Import(names) if !code.ancestors(node).any(never_runs) => {
                found.extend(names.iter().map(|name| (name.name.clone(), name.range)));
            }
            NodeKind::FromImport { level, module: from, names: ImportedNames::Names(names) }
                if !code.ancestors(node).any(never_runs) =>
            {
                let Some(from) = module.absolute_import(*level, from) else { continue };
                let path = |name: &str| match from.is_empty() {
                    true => SmolStr::new(name),
                    false => SmolStr::from(format!("{from}.{name}")),
                };
                found.extend(names.iter().map(|name| (path(&name.name), name.range)));
            }
            _ => {}
        }
    }
    found
}
