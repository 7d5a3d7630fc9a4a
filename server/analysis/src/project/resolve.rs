//! What a name means: the dotted path of an expression, through local names, imports, re-exports and aliases.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::{Module, Project};
use crate::facts::bindings::Binding;
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, Code, ItemFacts, NodeId, NodeKind};

/// Aliases of aliases are followed this far.
const MAX_HOPS: u32 = 8;

/// The names of Python's builtins that rules ask for are spelled `builtins.open`.
const BUILTINS: &[&str] = &[
    "AttributeError",
    "NameError",
    "BaseException",
    "Exception",
    "TypeError",
    "ValueError",
    "abs",
    "all",
    "any",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "delattr",
    "dict",
    "dir",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "ord",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "classmethod",
    "property",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "__import__",
];

/// Where an expression stands: the module, and the item's facts.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub project: &'a Project,
    pub module: &'a Module,
    pub facts: &'a ItemFacts,
}

impl<'a> Scope<'a> {
    pub fn code(&self) -> &'a Code {
        &self.facts.code
    }

    /// The canonical dotted path of a name or attribute chain: `sleep` as `time.sleep` after
    /// `from time import sleep`; a name of this module as `<module>.<name>`; a builtin as `builtins.<name>`.
    /// `None` for local values and whatever else has no fixed meaning.
    pub fn path(&self, expr: NodeId) -> Option<SmolStr> {
        self.path_hop(expr, MAX_HOPS)
    }

    fn path_hop(&self, expr: NodeId, hops: u32) -> Option<SmolStr> {
        let mut attrs = Vec::new();
        let mut at = expr;
        while let NodeKind::Attribute { value, attr, .. } = self.code().kind(at) {
            attrs.push(attr.as_str());
            at = *value;
        }
        let NodeKind::Name(name) = self.code().kind(at) else { return None };
        attrs.reverse();
        let local = self.facts.bindings().visible(self.code(), name, at);
        if !local.is_empty() {
            let path = self.local_path(&local, hops)?;
            return Some(self.project.canonical(&dotted(&path, &attrs)));
        }
        let find = || {
            let path = self.project.name_in(self.module, name, hops)?;
            Some(self.project.canonical(&dotted(&path, &attrs)))
        };
        // With fewer hops left it might not be found.
        if hops < MAX_HOPS { find() } else { self.module.chain(&dotted(name, &attrs), find) }
    }

    /// The path of a name with these bindings.
    fn local_path(&self, local: &[&Binding], hops: u32) -> Option<SmolStr> {
        match local {
            [one] => match &one.kind {
                BindingKind::Value(value) if hops > 0 && self.is_chain(*value) => {
                    self.path_hop(*value, hops - 1)
                }
                BindingKind::Value(value) => self.imported_or_skipped(*value),
                kind => self.module.imported_path(kind),
            },
            many => many.iter().find_map(|binding| self.module.imported_path(&binding.kind)),
        }
    }

    /// The module that `pytest.importorskip("module")` gives.
    fn imported_or_skipped(&self, value: NodeId) -> Option<SmolStr> {
        let NodeKind::Call { func, args } = self.code().kind(value) else { return None };
        let (NodeKind::Name(last) | NodeKind::Attribute { attr: last, .. }) = self.code().kind(*func) else {
            return None;
        };
        if !matches!(last.as_str(), "importorskip" | "import_module") {
            return None;
        }
        let callee = self.code().dotted(*func)?;
        let is_import =
            matches!(callee.as_str(), "pytest.importorskip" | "importorskip" | "importlib.import_module");
        is_import.then(|| self.code().kind(args.first()?.value).as_str().map(SmolStr::new)).flatten()
    }

    /// Whether the name means something local to the function around `at`.
    pub fn is_local(&self, name: &str, at: NodeId) -> bool {
        !self.facts.bindings().visible(self.code(), name, at).is_empty()
    }

    fn is_chain(&self, expr: NodeId) -> bool {
        matches!(self.code().kind(expr), NodeKind::Name(_) | NodeKind::Attribute { .. })
    }

    /// The path of what a call calls.
    pub fn callee(&self, call: NodeId) -> Option<SmolStr> {
        match self.code().kind(call) {
            NodeKind::Call { func, .. } => self.path(*func),
            _ => None,
        }
    }
}

impl Project {
    /// The path of a module-level name as seen inside `module`: its own binding, a star import, or a builtin.
    pub fn name_in(&self, module: &Module, name: &str, hops: u32) -> Option<SmolStr> {
        if let Some(alias) = self.module_alias(module, name, hops) {
            return Some(alias);
        }
        if let Some(path) = module.path_of(name) {
            return Some(path);
        }
        if let Some(path) = self.star_imported(module, name, hops) {
            return Some(path);
        }
        BUILTINS.contains(&name).then(|| SmolStr::from(format!("builtins.{name}")))
    }

    /// `env = os.environ` at module level, bound once.
    fn module_alias(&self, module: &Module, name: &str, hops: u32) -> Option<SmolStr> {
        let [binding] = module.file.scope().get(name) else { return None };
        let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = &binding.kind else {
            return None;
        };
        let facts = module.file.facts(binding.item);
        let scope = Scope { project: self, module, facts };
        if hops == 0 || !scope.is_chain(*value) {
            return scope.imported_or_skipped(*value);
        }
        scope.path_hop(*value, hops - 1)
    }

    fn star_imported(&self, module: &Module, name: &str, hops: u32) -> Option<SmolStr> {
        if hops == 0 || name.starts_with('_') {
            return None;
        }
        module.file.scope().stars.iter().rev().find_map(|(level, from)| {
            let source = self.module_named(&module.absolute_import(*level, from)?)?;
            let path = self.name_in(&source, name, hops - 1)?;
            (!path.starts_with("builtins.")).then_some(path)
        })
    }

    /// Follows re-exports: `pkg.Thing` as `pkg.sub.Thing` where `pkg/__init__.py` imports it from there.
    /// Modules get their own name (`tests.lib` as `lib` where that is how pytest imports it).
    pub fn canonical(&self, path: &str) -> SmolStr {
        let mut path = SmolStr::new(path);
        for _ in 0..MAX_HOPS {
            let Some((file, rest)) = self.layout.split_path(&path) else { return path };
            let Some(module) = self.module(file) else { return path };
            let (first, tail) = rest.split_once('.').unwrap_or((rest, ""));
            let imported = (!first.is_empty())
                .then(|| {
                    module.file.scope().get(first).iter().find_map(|binding| match &binding.kind {
                        ModuleBindingKind::Bound { kind, .. } => module.imported_path(kind),
                        _ => None,
                    })
                })
                .flatten();
            match imported {
                Some(target) if target != path => path = join(&target, tail),
                _ if is_joined(&path, &module.name, rest) => return path,
                _ => return join(&module.name, rest),
            }
        }
        path
    }
}

/// A name with attributes behind it.
fn dotted<'n>(name: &'n str, attrs: &[&str]) -> Cow<'n, str> {
    if attrs.is_empty() {
        return Cow::Borrowed(name);
    }
    let mut path = name.to_owned();
    for attr in attrs {
        path.push('.');
        path.push_str(attr);
    }
    Cow::Owned(path)
}

/// Whether a path is [`join`] of `a` and `b`: most are, and need not be written anew.
fn is_joined(path: &str, a: &str, b: &str) -> bool {
    match path.strip_prefix(a) {
        Some("") => b.is_empty(),
        Some(rest) => rest.strip_prefix('.') == Some(b) && !b.is_empty(),
        None => false,
    }
}

/// `a` and `b` with a dot between them where neither is empty.
fn join(a: &str, b: &str) -> SmolStr {
    if b.is_empty() { SmolStr::new(a) } else { SmolStr::from(format!("{a}.{b}")) }
}
