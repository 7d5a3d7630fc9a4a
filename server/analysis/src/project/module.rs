//! A file as a Python module of the project.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::facts::BindingKind;
use crate::facts::module::{ModuleBinding, ModuleBindingKind};
use crate::store::File;

/// A file and the name that it is imported by; clones are cheap.
#[derive(Clone, Debug)]
pub struct Module(Arc<Named>);

#[derive(Debug)]
pub struct Named {
    pub file: Arc<File>,
    /// Dotted; `tests.test_cart`.
    pub name: SmolStr,
    chains: Arc<Chains>,
}

/// What the names and attribute chains of a module stand for at its top level, by how they are written: tests of one file
/// say the same few over and over.
#[derive(Debug, Default)]
struct Chains(RwLock<FxHashMap<SmolStr, Option<SmolStr>>>);

impl Deref for Module {
    type Target = Named;

    fn deref(&self) -> &Named {
        &self.0
    }
}

impl Module {
    pub fn new(file: Arc<File>, name: SmolStr) -> Module {
        Module(Arc::new(Named { file, name, chains: Arc::default() }))
    }

    /// The module with another text in which every name means the same.
    pub fn with_text(&self, file: Arc<File>) -> Module {
        Module(Arc::new(Named { file, name: self.name.clone(), chains: self.chains.clone() }))
    }

    /// The path that a chain stands for at the module's top level, as `find` finds it the first time.
    pub fn chain(&self, written: &str, find: impl FnOnce() -> Option<SmolStr>) -> Option<SmolStr> {
        if let Some(known) = self.chains.0.read().unwrap_or_else(PoisonError::into_inner).get(written) {
            return known.clone();
        }
        let found = find();
        let mut chains = self.chains.0.write().unwrap_or_else(PoisonError::into_inner);
        chains.insert(SmolStr::new(written), found.clone());
        found
    }

    /// Names of this or of another module mean something else from now on.
    pub fn forget_chains(&self) {
        self.chains.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

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
