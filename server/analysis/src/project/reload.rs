//! Which modules the project reloads or takes out of `sys.modules`, where, and whether that is after test modules
//! were imported.
//!
//! What makes a module-level import stale was seen in runs (`pytest-facts.md`, A8): a reload in a fixture, a test or
//! a late hook; never one in the root conftest's body or in `pytest_configure`.

use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Module, Place, Project, Role, Subject};
use crate::facts::code::{Argument, ArgumentKind, CompareOp};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::store::Mention;

/// How a module gets a second life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Renewal {
    /// `importlib.reload`: the same module object, new classes in it.
    Reload,
    /// Taken out of `sys.modules`: the next import makes a new module; the old one lives on where it was imported.
    Purge,
}

/// One place that renews modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reload {
    pub renewal: Renewal,
    /// Dotted, canonical.
    pub module: SmolStr,
    /// Everything below `module` too: a loop over `sys.modules` with `startswith`.
    pub with_submodules: bool,
    pub place: Place,
    /// The statement or call, in the code of its item.
    pub node: NodeId,
    /// The function around it, for messages.
    pub function: SmolStr,
    pub role: Role,
}

impl Reload {
    /// Whether the classes that `module` defines are made anew here.
    pub fn renews(&self, module: &str) -> bool {
        let is_below = module.strip_prefix(self.module.as_str()).is_some_and(|rest| rest.starts_with('.'));
        module == self.module || (self.with_submodules && is_below)
    }

    /// Whether it surely runs in the process of a file's tests: in the same file, or in a conftest above it.
    pub fn is_near(&self, path: &Path) -> bool {
        let is_conftest = self.place.path.file_name().is_some_and(|name| name == "conftest.py");
        let is_above = self.place.path.parent().is_some_and(|directory| path.starts_with(directory));
        self.place.path == path || (is_conftest && is_above)
    }

    /// Whether `module` is a submodule that this place leaves as it is.
    pub fn spares_submodule(&self, module: &str) -> bool {
        !self.renews(module)
            && module.strip_prefix(self.module.as_str()).is_some_and(|rest| rest.starts_with('.'))
    }
}

/// Words of which one stands in every file that renews a module, and in every item that does, unless its module gave what
/// does it another name.
const WORDS: [Mention; 2] = [Mention::Modules, Mention::Reload];

/// Whether something in a file could renew a module, as far as its text shows.
pub fn may_renew_in(module: &Module) -> bool {
    WORDS.iter().any(|word| module.file.mentions(*word))
}

/// Whether an item could, as far as its text shows.
pub fn may_renew(module: &Module, item: u32) -> bool {
    may_renew_in(module) && names_renewer(module.file.item_text(item), &aliases(module))
}

fn names_renewer(text: &str, aliases: &[SmolStr]) -> bool {
    WORDS.iter().any(|word| text.contains(word.word()))
        || aliases.iter().any(|alias| text.contains(alias.as_str()))
}

/// Hooks that run before test modules are imported.
const EARLY_HOOKS: &[&str] = &[
    "pytest_addoption",
    "pytest_cmdline_main",
    "pytest_configure",
    "pytest_load_initial_conftests",
    "pytest_plugin_registered",
    "pytest_sessionstart",
];

impl Project {
    /// Every place in the checked files and their plugins that renews a module after test modules were imported,
    /// in order of path and place.
    pub fn reloads(&self) -> Arc<Vec<Reload>> {
        let part = |path: &Path| self.module(path).map(|module| self.reloads_in(&module)).unwrap_or_default();
        self.reloads.all(self.checked_files(), part)
    }

    /// The same for one module.
    pub fn reloads_in(&self, module: &Module) -> Vec<Reload> {
        if !may_renew_in(module) {
            return Vec::new();
        }
        let aliases = aliases(module);
        (0..module.file.items().len() as u32)
            .filter(|item| names_renewer(module.file.item_text(*item), &aliases))
            .filter(|item| runs_after_collection(self, module, *item))
            .flat_map(|item| reloads_of(&Subject::new(self, module, item)))
            .collect()
    }
}

/// The names under which a module imported `reload` or `sys.modules`.
fn aliases(module: &Module) -> Vec<SmolStr> {
    let is_renewer = |kind: &BindingKind| {
        module.imported_path(kind).is_some_and(|path| path == "importlib.reload" || path == "sys.modules")
    };
    let bound = module.file.scope().names().filter(|(_, bindings)| {
        bindings.iter().any(|binding| match &binding.kind {
            ModuleBindingKind::Bound { kind, .. } => is_renewer(kind),
            ModuleBindingKind::Function | ModuleBindingKind::Class => false,
        })
    });
    bound.map(|(name, _)| name.clone()).collect()
}

fn runs_after_collection(project: &Project, module: &Module, item: u32) -> bool {
    match project.role(module, item) {
        Role::Test | Role::Fixture | Role::Xunit(_) => true,
        Role::Hook => !EARLY_HOOKS.contains(&module.file.name(item)),
        Role::Plain => is_called_in_module(project, module, item),
        Role::Class | Role::Statement => false,
    }
}

/// Whether a test, fixture or set-up of the same module calls the function by its name.
fn is_called_in_module(project: &Project, module: &Module, function: u32) -> bool {
    let file = &module.file;
    let call = format!("{}(", file.name(function));
    (0..file.items().len() as u32).filter(|item| *item != function).any(|item| {
        file.item_text(item).contains(&call)
            && matches!(project.role(module, item), Role::Test | Role::Fixture | Role::Xunit(_))
    })
}

fn reloads_of(subject: &Subject<'_>) -> Vec<Reload> {
    let code = subject.code();
    let mut found = Vec::new();
    for node in subject.body() {
        let renewed = match code.kind(node) {
            NodeKind::Call { func, args } => call(subject, *func, args),
            NodeKind::Delete(targets) | NodeKind::Assign { targets, .. } => {
                targets.iter().flat_map(|target| purged_entries(subject, *target)).collect()
            }
            _ => continue,
        };
        let function = subject.function().map(|function| function.name.clone()).unwrap_or_default();
        let lasting = renewed
            .into_iter()
            .filter(|(renewal, ..)| *renewal == Renewal::Reload || !is_put_back(subject, node))
            .filter(|(renewal, ..)| *renewal == Renewal::Reload || !takes_out_strangers(subject, node));
        found.extend(lasting.map(|(renewal, module, with_submodules)| Reload {
            renewal,
            module,
            with_submodules,
            place: subject.place(code.range(node)),
            node,
            function: function.clone(),
            role: subject.role,
        }));
    }
    found
}

type Renewed = (Renewal, SmolStr, bool);

fn call(subject: &Subject<'_>, func: NodeId, args: &[Argument]) -> Vec<Renewed> {
    let first = args.first().filter(|argument| argument.kind == ArgumentKind::Positional).map(|a| a.value);
    let Some((path, first)) = subject.resolve(func).zip(first) else { return Vec::new() };
    match path.as_str() {
        "importlib.reload" | "imp.reload" | "importlib._bootstrap.reload" => {
            module_object(subject, first).map(|module| (Renewal::Reload, module, false)).into_iter().collect()
        }
        "sys.modules.pop" | "sys.modules.__delitem__" => purged(subject, first),
        _ => Vec::new(),
    }
}

fn purged(subject: &Subject<'_>, key: NodeId) -> Vec<Renewed> {
    let keys = module_keys(subject, key).into_iter();
    keys.map(|(module, with_submodules)| (Renewal::Purge, module, with_submodules)).collect()
}

/// `sys.modules[key]` as the target of `del` or of an assignment.
fn purged_entries(subject: &Subject<'_>, target: NodeId) -> Vec<Renewed> {
    match subject.code().kind(target) {
        NodeKind::Subscript { value, index } if subject.resolve(*value).as_deref() == Some("sys.modules") => {
            purged(subject, *index)
        }
        _ => Vec::new(),
    }
}

/// The dotted name of the module that an expression gives.
fn module_object(subject: &Subject<'_>, expr: NodeId) -> Option<SmolStr> {
    let code = subject.code();
    match code.kind(expr) {
        NodeKind::Call { args, .. } if subject.callee(expr)? == "importlib.import_module" => {
            module_key(subject, args.first()?.value)
        }
        NodeKind::Subscript { value, index } if subject.resolve(*value)? == "sys.modules" => {
            module_key(subject, *index)
        }
        NodeKind::Name(name) => subject.resolve(expr).or_else(|| {
            let local = subject.facts.bindings().visible(code, name, expr);
            let [binding] = local.as_slice() else { return None };
            let BindingKind::Value(value) = binding.kind else { return None };
            if matches!(code.kind(value), NodeKind::Name(_)) { None } else { module_object(subject, value) }
        }),
        _ => subject.resolve(expr),
    }
}

/// The modules that a key of `sys.modules` names: one, each that the loop around goes through, or those with the prefix
/// that the loop asks for.
fn module_keys(subject: &Subject<'_>, key: NodeId) -> Vec<(SmolStr, bool)> {
    if let Some(module) = module_key(subject, key) {
        return vec![(module, false)];
    }
    let listed = loop_values(subject, key);
    if !listed.is_empty() {
        return listed.into_iter().map(|module| (module, false)).collect();
    }
    prefix_asked_for(subject).map(|prefix| (prefix, true)).into_iter().collect()
}

/// The module that a key of `sys.modules` names by itself.
fn module_key(subject: &Subject<'_>, key: NodeId) -> Option<SmolStr> {
    let origin = subject.origin(key).followed(subject.project);
    if let Some(text) = origin.kind().as_str() {
        return Some(subject.project.canonical(text));
    }
    match subject.code().kind(key) {
        NodeKind::Attribute { value, attr, .. } if attr == "__name__" => subject.resolve(*value),
        _ => None,
    }
}

/// The literals that a loop variable takes one after the other.
fn loop_values(subject: &Subject<'_>, variable: NodeId) -> Vec<SmolStr> {
    let code = subject.code();
    let Some(name) = code.kind(variable).as_name() else { return Vec::new() };
    let bound = subject.facts.bindings().visible(code, name, variable);
    let [only] = bound.as_slice() else { return Vec::new() };
    let BindingKind::Element(list) = only.kind else { return Vec::new() };
    let list = subject.origin(list).followed(subject.project);
    let (NodeKind::List(parts) | NodeKind::Tuple(parts) | NodeKind::Set(parts)) = list.kind() else {
        return Vec::new();
    };
    parts.iter().filter_map(|part| list.kind_of(*part).as_str()).map(SmolStr::new).collect()
}

/// The literal in `name.startswith("pkg")` or `name == "pkg"` somewhere in the function.
fn prefix_asked_for(subject: &Subject<'_>) -> Option<SmolStr> {
    let code = subject.code();
    subject.body().find_map(|node| {
        let NodeKind::Call { func, args } = code.kind(node) else { return None };
        let NodeKind::Attribute { attr, .. } = code.kind(*func) else { return None };
        if attr != "startswith" {
            return None;
        }
        let text = code.kind(args.first()?.value).as_str()?;
        Some(SmolStr::new(text.trim_end_matches('.')))
    })
}

/// Whether a purge stands behind an `if` that spares the modules which were there: `if name not in before:`, or
/// `if getattr(sys.modules.get(name), "__file__", None) is None:`, true of stand-ins alone.
pub fn takes_out_strangers(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(node).any(|outer| {
        let NodeKind::If { test, body, .. } = code.kind(outer) else { return false };
        let is_in_body = body.iter().any(|statement| code.is_within(node, *statement));
        is_in_body
            && code.subtree(*test).any(|part| match code.kind(part) {
                NodeKind::Compare { rest, .. } => rest.iter().any(|(op, right)| {
                    *op == CompareOp::NotIn
                        && matches!(code.kind(*right), NodeKind::Name(_) | NodeKind::Attribute { .. })
                }),
                NodeKind::Str(word) | NodeKind::Attribute { attr: word, .. } => {
                    matches!(word.as_str(), "__file__" | "__spec__")
                }
                _ => false,
            })
    })
}

/// Whether a purge stands inside `patch.dict(sys.modules)`, which puts everything back. What a reload makes anew it leaves.
fn is_put_back(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(node).any(|outer| {
        let NodeKind::With { items, .. } = code.kind(outer) else { return false };
        items.iter().any(|item| {
            let NodeKind::Call { func, args } = code.kind(item.context) else { return false };
            let is_dict = subject.resolve(*func).is_some_and(|path| path.ends_with("patch.dict"))
                || matches!(code.kind(*func), NodeKind::Attribute { attr, .. } if attr == "dict");
            is_dict
                && args.first().is_some_and(|first| {
                    subject.resolve(first.value).is_some_and(|path| path == "sys.modules")
                        || code.kind(first.value).as_str() == Some("sys.modules")
                })
        })
    })
}
