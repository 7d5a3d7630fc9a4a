//! What pytest passes over though its name would do: `collect_ignore` in conftests, `--ignore` in `addopts`.
//!
//! For each path the nearest conftest that has the variable decides alone (`_pytest/main.py`). An entry that is added
//! under a condition counts as not there.

use std::path::{Path, PathBuf};

use super::pytest_config::matches_pattern;
use super::{Module, Project};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::paths::slashed;
use crate::syntax::split::ItemKind;

impl Project {
    /// Whether the file, or a directory above it, is passed over.
    pub fn is_left_out(&self, path: &Path) -> bool {
        path.ancestors().take_while(|at| at.starts_with(&self.root) && *at != self.root).any(|at| {
            let options = &self.config.options;
            let matches = |pattern: &Path| matches_pattern(&slashed(pattern), &slashed(at));
            options.ignore.iter().any(|entry| self.root.join(entry) == at)
                || options.ignore_glob.iter().any(|entry| matches(&self.root.join(entry)))
                || self.nearest_list(at, "collect_ignore").iter().any(|entry| entry == at)
                || self.nearest_list(at, "collect_ignore_glob").iter().any(|entry| matches(entry))
        })
    }

    /// The paths in the list of that name in the nearest conftest that has one.
    fn nearest_list(&self, path: &Path, name: &str) -> Vec<PathBuf> {
        let conftests = self.conftests(path);
        let found = conftests.iter().find_map(|conftest| {
            let module = self.module(conftest)?;
            (!module.file.scope().get(name).is_empty()).then_some(module)
        });
        let Some(module) = found else { return Vec::new() };
        let folder = module.file.path.parent().unwrap_or(Path::new("")).to_owned();
        listed(&module, name).into_iter().map(|entry| folder.join(entry.trim_end_matches('/'))).collect()
    }
}

/// The literal strings that a module puts into a list of its own, unconditionally.
fn listed(module: &Module, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let strings = |item: u32, value: NodeId| -> Vec<String> {
        let code = &module.file.facts(item).code;
        let (NodeKind::List(parts) | NodeKind::Tuple(parts)) = code.kind(value) else {
            return code.kind(value).as_str().map(str::to_owned).into_iter().collect();
        };
        parts.iter().filter_map(|part| code.kind(*part).as_str()).map(str::to_owned).collect()
    };
    for binding in module.file.scope().get(name) {
        let ModuleBindingKind::Bound { node, kind } = &binding.kind else { continue };
        let code = &module.file.facts(binding.item).code;
        if !code.roots.contains(node) {
            continue;
        }
        match (kind, code.kind(*node)) {
            (BindingKind::Value(value), _) => found = strings(binding.item, *value),
            (_, NodeKind::AugAssign { value, .. }) => found.extend(strings(binding.item, *value)),
            _ => {}
        }
    }
    for item in 0..module.file.items().len() as u32 {
        if module.file.item(item).kind != ItemKind::Statement
            || !module.file.item_text(item).starts_with(name)
        {
            continue;
        }
        let code = &module.file.facts(item).code;
        for root in &code.roots {
            if let NodeKind::Expr(call) = code.kind(*root)
                && let NodeKind::Call { func, args } = code.kind(*call)
                && let NodeKind::Attribute { value, attr, .. } = code.kind(*func)
                && code.kind(*value).as_name() == Some(name)
                && matches!(attr.as_str(), "append" | "extend")
            {
                found.extend(args.iter().flat_map(|argument| strings(item, argument.value)));
            }
        }
    }
    found
}
