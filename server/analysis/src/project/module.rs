//! A file as a Python module of the project.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::facts::BindingKind;
use crate::facts::module::{ModuleBinding, ModuleBindingKind};
use crate::store::File;

/// A file and the name that it is imported by.
#[derive(Clone, Debug)]
pub struct Module {
    pub file: Arc<File>,
    /// Dotted; `tests.test_cart`.
    pub name: SmolStr,
}

impl Module {
    /// The package that relative imports start from.
    pub fn package(&self) -> &str {
        if self.file.path.file_name().is_some_and(|name| name == "__init__.py") {
            return &self.name;
        }
        self.name.rfind('.').map(|dot| &self.name[..dot]).unwrap_or_default()
    }

    /// The dotted path that `from <dots><module> import …` names.
    pub fn absolute_import(&self, level: u32, module: &str) -> Option<SmolStr> {
        if level == 0 {
            return Some(SmolStr::new(module));
        }
        let mut base = self.package();
        for _ in 1..level {
            base = &base[..base.rfind('.')?];
        }
        Some(match (base.is_empty(), module.is_empty()) {
            (_, true) => SmolStr::new(base),
            (true, false) => SmolStr::new(module),
            (false, false) => SmolStr::from(format!("{base}.{module}")),
        })
    }

    /// The path that an import binding stands for.
    pub fn imported_path(&self, kind: &BindingKind) -> Option<SmolStr> {
        match kind {
            BindingKind::Import { module } => Some(module.clone()),
            BindingKind::FromImport { level, module, name } => {
                let module = self.absolute_import(*level, module)?;
                Some(if module.is_empty() { name.clone() } else { SmolStr::from(format!("{module}.{name}")) })
            }
            _ => None,
        }
    }

    /// The path of a name of this module: what it imports, or `<module>.<name>`. `None` if the module does not bind it.
    pub fn path_of(&self, name: &str) -> Option<SmolStr> {
        let bindings = self.file.scope().get(name);
        if bindings.is_empty() {
            return None;
        }
        Some(
            bindings
                .iter()
                .find_map(|binding| self.import_of(binding))
                .unwrap_or_else(|| SmolStr::from(format!("{}.{name}", self.name))),
        )
    }

    fn import_of(&self, binding: &ModuleBinding) -> Option<SmolStr> {
        match &binding.kind {
            ModuleBindingKind::Bound { kind, .. } => self.imported_path(kind),
            _ => None,
        }
    }
}
