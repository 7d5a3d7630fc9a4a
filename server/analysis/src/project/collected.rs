//! The tests that pytest collects, as it names them: inherited and imported ones too, each once per place where it runs.
//!
//! Facts: `_pytest/python.py` and `_pytest/unittest.py` of pytest 9.2.0, and `.ci/compare-pytest`, which compares.

use std::path::Path;

use smol_str::SmolStr;

use super::definition::{Definition, Lineage, Member, names_metaclass};
use super::fixtures::is_fixture_path;
use super::role::is_foreign_test_case;
use super::{Module, Project};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::paths::slashed;

/// A test where it runs.
#[derive(Clone, Debug)]
pub struct Collected {
    /// pytest's, without parameters.
    pub node_id: String,
    pub function: Definition,
    pub site: Site,
}

/// The place from which a test's fixtures and marks are looked for; it need not be where the function is written.
#[derive(Clone, Debug)]
pub struct Site {
    pub module: Module,
    /// The classes around the test, innermost first.
    pub classes: Vec<Lineage>,
    /// A `unittest.TestCase`: parameters are no requests.
    pub is_unittest: bool,
}

/// Classes in classes are followed this far.
const MAX_NESTING: usize = 8;

impl Project {
    /// The tests of every collected file, sorted by node id.
    pub fn collection(&self) -> Vec<Collected> {
        let files = self.checked_files().iter().filter(|path| self.collects(path) && !self.is_left_out(path));
        let mut found: Vec<Collected> = files.flat_map(|path| self.collected(path)).collect();
        found.sort_by(|a, b| a.node_id.cmp(&b.node_id));
        found
    }

    /// The tests of one file, whatever its name.
    pub fn collected(&self, path: &Path) -> Vec<Collected> {
        let Some(module) = self.module(path) else { return Vec::new() };
        if module_value(&module, "__test__") == Some(false) {
            return Vec::new();
        }
        let file = slashed(path.strip_prefix(&self.root).unwrap_or(path));
        let site = Site { module: module.clone(), classes: Vec::new(), is_unittest: false };
        let mut found = Vec::new();
        for name in self.module_names(&module) {
            if let Some(definition) = self.definition(&module, &name) {
                self.collect(&file, &name, definition, &site, &mut found);
            }
        }
        found
    }

    fn collect(
        &self,
        parent: &str,
        name: &SmolStr,
        found: Definition,
        site: &Site,
        out: &mut Vec<Collected>,
    ) {
        if found.class().is_some() {
            self.collect_class(parent, name, &found, site, out);
            return;
        }
        let is_named = if site.is_unittest {
            name.starts_with("test")
        } else {
            self.config.options.is_test_function_name(name)
        };
        if is_named && self.is_test_function(&found) {
            out.push(Collected { node_id: format!("{parent}::{name}"), function: found, site: site.clone() });
        }
    }

    fn is_test_function(&self, function: &Definition) -> bool {
        function.function().is_some()
            && !self.decorator_paths(function).iter().any(|path| {
                is_fixture_path(path)
                    || matches!(path.as_str(), "builtins.property" | "functools.cached_property")
            })
    }

    fn collect_class(
        &self,
        parent: &str,
        name: &SmolStr,
        class: &Definition,
        site: &Site,
        out: &mut Vec<Collected>,
    ) {
        let lineage = self.lineage(class);
        let is_unittest = lineage.unseen.iter().any(|path| is_foreign_test_case(path));
        let is_named = is_unittest || self.config.options.is_test_class_name(name);
        // pytest looks for classes in plain classes only, not in `TestCase`s.
        if !is_named || site.is_unittest || site.classes.len() >= MAX_NESTING {
            return;
        }
        let members = lineage.members();
        if self.is_refused(&lineage, &members, is_unittest) {
            return;
        }
        let mut classes = vec![lineage];
        classes.extend(site.classes.iter().cloned());
        let inside = Site { module: site.module.clone(), classes, is_unittest };
        let id = format!("{parent}::{name}");
        for (name, _, member) in members {
            if let Member::Defined(definition) = member {
                self.collect(&id, &name, definition, &inside, out);
            }
        }
    }

    /// `__test__ = False`, an `__init__` or `__new__`, or methods left abstract.
    fn is_refused(
        &self,
        lineage: &Lineage,
        members: &[(SmolStr, Definition, Member)],
        is_unittest: bool,
    ) -> bool {
        let is_abstract_kind = lineage.unseen.iter().any(|path| path == "abc.ABC")
            || lineage
                .classes
                .iter()
                .filter_map(Definition::class)
                .any(|class| names_metaclass(&class.bases));
        members.iter().any(|(name, class, member)| match member {
            Member::Value(value, item) if name == "__test__" => is_false(&class.module, *item, *value),
            Member::Defined(_) if matches!(name.as_str(), "__init__" | "__new__") => !is_unittest,
            Member::Defined(function) => {
                is_abstract_kind
                    && self.decorator_paths(function).iter().any(|path| path.ends_with("abstractmethod"))
            }
            _ => false,
        })
    }
}

fn is_false(module: &Module, item: u32, value: NodeId) -> bool {
    *module.file.facts(item).code.kind(value) == NodeKind::Bool(false)
}

/// A module-level name that is bound once, to a truth value.
fn module_value(module: &Module, name: &str) -> Option<bool> {
    let [binding] = module.file.scope().get(name) else { return None };
    let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = binding.kind else { return None };
    match module.file.facts(binding.item).code.kind(value) {
        NodeKind::Bool(value) => Some(*value),
        _ => None,
    }
}
