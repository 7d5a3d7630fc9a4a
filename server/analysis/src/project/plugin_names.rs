//! Plugins by name: what `pytest_plugins` and `-p` ask for, and whether anything here answers to it.

use std::path::PathBuf;

use smol_str::SmolStr;

use super::plugins::normalized;
use super::{Module, Place, Project};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId};

/// A plugin that a module's `pytest_plugins` names.
#[derive(Clone, Debug)]
pub struct NamedPlugin {
    pub name: SmolStr,
    pub place: Place,
}

/// What is known of a plugin's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A module of the project.
    Project,
    /// pytest's own, or of a package that is declared.
    Declared,
    /// Its package is the project's and has no such module: pytest stops.
    Missing,
    /// Nothing here says where it comes from.
    Unknown,
}

/// pytest's own plugins that are named in practice: those that are not on by default.
const PYTESTS_OWN: &[&str] = &["pytester", "pytester_assertions"];

impl Project {
    /// The plugins that `pytest_plugins` of a module names.
    pub fn named_plugins(&self, module: &Module) -> Vec<NamedPlugin> {
        let file = &module.file;
        let mut found = Vec::new();
        for binding in file.scope().get("pytest_plugins") {
            let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = binding.kind else {
                continue;
            };
            let code = &file.facts(binding.item).code;
            let literals =
                code.subtree(value).filter_map(|node: NodeId| Some((node, code.kind(node).as_str()?)));
            found.extend(literals.map(|(node, name)| NamedPlugin {
                name: SmolStr::new(name),
                place: Place {
                    path: file.path.clone(),
                    range: file.absolute(binding.item, code.range(node)),
                },
            }));
        }
        found
    }

    /// Every plugin named in a conftest or the configuration whose origin is not known, sorted.
    pub fn unknown_plugins(&self) -> Vec<(SmolStr, PathBuf)> {
        let conftests = self.checked_files().iter().filter(|path| path.ends_with("conftest.py"));
        let mut found: Vec<(SmolStr, PathBuf)> = conftests
            .filter_map(|path| self.module(path))
            .flat_map(|module| self.named_plugins(&module))
            .map(|named| (named.name, named.place.path))
            .collect();
        if let Some(file) = &self.config.file {
            let switches = self.config.options.plugin_switches.iter().filter(|name| !name.starts_with("no:"));
            found.extend(switches.map(|name| (SmolStr::new(name), file.path.clone())));
        }
        found.retain(|(name, _)| matches!(self.plugin_origin(name), Origin::Unknown | Origin::Missing));
        found.sort();
        found.dedup();
        found
    }

    pub fn plugin_origin(&self, name: &str) -> Origin {
        if self.module_named(name).is_some() {
            return Origin::Project;
        }
        let package = name.split('.').next().unwrap_or(name);
        if PYTESTS_OWN.contains(&name) || package == "_pytest" || self.is_declared(package) {
            return Origin::Declared;
        }
        let is_own = name.contains('.') && self.layout.file_of(package).is_some();
        if is_own { Origin::Missing } else { Origin::Unknown }
    }

    /// Whether a declared package may bring a module or an entry point of this name: `xdist` and `pytest-xdist`.
    fn is_declared(&self, name: &str) -> bool {
        let name = normalized(name);
        let short = |text: &str| text.trim_start_matches("pytest-").to_owned();
        self.plugins.names().any(|package| {
            package == name || short(package) == short(&name) || package.starts_with(&format!("{name}-"))
        })
    }
}
