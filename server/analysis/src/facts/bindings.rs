//! Which names an item binds, and in which scope.
//!
//! Python's rules: functions, lambdas and comprehensions are scopes; a class body is one that the functions
//! in it do not see; `global` and `nonlocal` send a name outwards.

use smol_str::SmolStr;

use super::code::{Clause, ImportedNames, ParamKind};
use super::{Code, NodeId, NodeKind};
use crate::text::outlines::Outlines;

/// One binding of a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The function, lambda, comprehension or class that owns the name; `None` is the item's outside:
    /// the module, or the class whose member the item is.
    pub scope: Option<NodeId>,
    /// The statement or expression that binds.
    pub node: NodeId,
    pub kind: BindingKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum BindingKind {
    /// Position in the function's parameter list.
    Param(usize),
    /// `name = value`, `name: T = value`, `(name := value)`.
    Value(NodeId),
    /// `a, name = value`, `name += value`, `del name`, an `except … as name`, a pattern.
    Opaque,
    /// `for name in iter`.
    Element(NodeId),
    /// `with context as name`.
    Entered(NodeId),
    /// `import module` binds the first part, `import module as name` the whole.
    Import {
        module: SmolStr,
    },
    FromImport {
        level: u32,
        module: SmolStr,
        name: SmolStr,
    },
    Function,
    Class,
    /// `global name`: the name means the module's here.
    Global,
    Nonlocal,
}

impl Binding {
    /// The expression whose value the name gets, also by `a, name = x, y`.
    pub fn value(&self, code: &Code, name: &str) -> Option<NodeId> {
        if let BindingKind::Value(value) = self.kind {
            return Some(value);
        }
        let NodeKind::Assign { targets, value } = code.kind(self.node) else { return None };
        let NodeKind::Tuple(values) = code.kind(*value) else { return None };
        targets.iter().find_map(|target| {
            let NodeKind::Tuple(names) = code.kind(*target) else { return None };
            let at = names.iter().position(|part| code.kind(*part).as_name() == Some(name))?;
            (names.len() == values.len()).then(|| values.get(at).copied()).flatten()
        })
    }
}

/// All bindings of an item by name, in source order. Most items bind a dozen names once: two arrays hold them in a fifth of
/// what a table of lists takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bindings {
    /// Sorted, each with where its bindings begin.
    names: Box<[(SmolStr, u32)]>,
    /// Of the names: most that are asked for are bound elsewhere.
    outlines: Outlines<2>,
    /// By name.
    bindings: Box<[Binding]>,
    /// `from module import *`: level and module.
    pub stars: Box<[(u32, SmolStr)]>,
}

impl Bindings {
    pub fn of(code: &Code) -> Bindings {
        let mut collector = Collector { code, found: Vec::new(), stars: Vec::new() };
        for index in 0..code.nodes.len() {
            collector.add_node(NodeId(index as u32));
        }
        let Collector { mut found, stars, .. } = collector;
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut names: Vec<(SmolStr, u32)> = Vec::new();
        let mut outlines = Outlines::default();
        let mut bindings = Vec::with_capacity(found.len());
        for (name, binding) in found {
            if names.last().is_none_or(|(last, _)| *last != name) {
                outlines.add(&name);
                names.push((name, bindings.len() as u32));
            }
            bindings.push(binding);
        }
        Bindings { names: names.into(), outlines, bindings: bindings.into(), stars: stars.into() }
    }

    /// The bindings of the name at an index of `names`.
    fn list(&self, at: usize) -> &[Binding] {
        let end = self.names.get(at + 1).map_or(self.bindings.len(), |(_, start)| *start as usize);
        &self.bindings[self.names[at].1 as usize..end]
    }

    fn each(&self) -> impl Iterator<Item = (&SmolStr, &Binding)> {
        let names = self.names.iter().enumerate();
        names.flat_map(|(at, (name, _))| self.list(at).iter().map(move |binding| (name, binding)))
    }

    /// The bindings of `name` in the nearest scope around `at` that has one. Empty: the item does not bind it
    /// there, so it means the module's, a builtin, or nothing.
    pub fn visible(&self, code: &Code, name: &str, at: NodeId) -> Vec<&Binding> {
        let all = self.all(name);
        if all.is_empty() {
            return Vec::new();
        }
        let mut from_function = false;
        for scope in scopes_around(code, at) {
            let is_class = scope.is_some_and(|id| matches!(code.kind(id), NodeKind::Class(_)));
            if is_class && from_function {
                continue;
            }
            from_function |= scope.is_some() && !is_class;
            let here: Vec<&Binding> = all.iter().filter(|binding| binding.scope == scope).collect();
            if here.iter().any(|binding| binding.kind == BindingKind::Global) {
                return Vec::new();
            }
            if here.iter().any(|binding| binding.kind == BindingKind::Nonlocal) {
                continue;
            }
            if !here.is_empty() && scope.is_some() {
                return here;
            }
        }
        Vec::new()
    }

    /// Whether `name` at `at` is declared `global` in the function around it.
    pub fn is_global(&self, code: &Code, name: &str, at: NodeId) -> bool {
        let all = self.all(name);
        !all.is_empty()
            && scopes_around(code, at)
                .any(|scope| all.iter().any(|b| b.scope == scope && b.kind == BindingKind::Global))
    }

    /// What the item binds outside every scope of its own: names of the module or of the class around it.
    pub fn outer(&self) -> impl Iterator<Item = (&SmolStr, &Binding)> {
        self.each().filter(|(_, binding)| binding.scope.is_none())
    }

    /// What the body of the class or function at `scope` binds, in source order.
    pub fn inside(&self, scope: NodeId) -> impl Iterator<Item = (&SmolStr, &Binding)> {
        let mut found: Vec<_> = self.each().filter(|(_, binding)| binding.scope == Some(scope)).collect();
        found.sort_by_key(|(_, binding)| binding.node);
        found.into_iter()
    }

    /// Every binding of `name`, in whatever scope.
    pub fn all(&self, name: &str) -> &[Binding] {
        if !self.outlines.may_hold(name) {
            return &[];
        }
        let at = self.names.binary_search_by(|(other, _)| other.as_str().cmp(name));
        at.map_or(&[], |at| self.list(at))
    }
}

/// Walks one item.
struct Collector<'c> {
    code: &'c Code,
    found: Vec<(SmolStr, Binding)>,
    stars: Vec<(u32, SmolStr)>,
}

impl Collector<'_> {
    fn add(&mut self, name: &SmolStr, scope: Option<NodeId>, node: NodeId, kind: BindingKind) {
        self.found.push((name.clone(), Binding { scope, node, kind }));
    }

    fn add_node(&mut self, id: NodeId) {
        let code = self.code;
        let scope = || scopes_around(code, id).next().flatten();
        match code.kind(id) {
            NodeKind::Assign { targets, value } => {
                for target in targets {
                    self.add_target(*target, scope(), id, BindingKind::Value(*value));
                }
            }
            NodeKind::AnnAssign { target, value: Some(value), .. } => {
                self.add_target(*target, scope(), id, BindingKind::Value(*value));
            }
            NodeKind::AugAssign { target, .. } => {
                self.add_target(*target, scope(), id, BindingKind::Opaque);
            }
            NodeKind::Walrus { target, value } => {
                let scope = scopes_around(code, id)
                    .find(|s| !s.is_some_and(|s| matches!(code.kind(s), NodeKind::Comprehension { .. })))
                    .flatten();
                self.add_target(*target, scope, id, BindingKind::Value(*value));
            }
            NodeKind::Delete(targets) => {
                for target in targets {
                    self.add_target(*target, scope(), id, BindingKind::Opaque);
                }
            }
            NodeKind::For { target, iter, .. } => {
                self.add_target(*target, scope(), id, BindingKind::Element(*iter));
            }
            NodeKind::With { items, .. } => {
                for item in items {
                    let Some(target) = item.target else { continue };
                    self.add_target(target, scope(), id, BindingKind::Entered(item.context));
                }
            }
            NodeKind::Try { handlers, .. } => {
                for name in handlers.iter().filter_map(|handler| handler.name.as_ref()) {
                    self.add(name, scope(), id, BindingKind::Opaque);
                }
            }
            NodeKind::Comprehension { clauses, .. } => {
                for clause in clauses {
                    let Clause::For { target, iter, .. } = clause else { continue };
                    self.add_target(*target, Some(id), id, BindingKind::Element(*iter));
                }
            }
            NodeKind::Lambda { params, .. } => self.add_params(params, id),
            NodeKind::Function(function) => {
                self.add(&function.name, scope(), id, BindingKind::Function);
                self.add_params(&function.params, id);
            }
            NodeKind::Class(class) => self.add(&class.name, scope(), id, BindingKind::Class),
            NodeKind::Global(names) => {
                names.iter().for_each(|name| self.add(name, scope(), id, BindingKind::Global));
            }
            NodeKind::Nonlocal(names) => {
                names.iter().for_each(|name| self.add(name, scope(), id, BindingKind::Nonlocal));
            }
            NodeKind::Import(_) | NodeKind::FromImport { .. } => self.add_import(id, scope()),
            _ => {}
        }
    }

    fn add_params(&mut self, params: &[super::code::Param], function: NodeId) {
        for (index, param) in params.iter().enumerate() {
            let kind = match param.kind {
                ParamKind::Variadic | ParamKind::Keywords => BindingKind::Opaque,
                _ => BindingKind::Param(index),
            };
            self.add(&param.name, Some(function), function, kind);
        }
    }

    fn add_import(&mut self, id: NodeId, scope: Option<NodeId>) {
        match self.code.kind(id) {
            NodeKind::Import(names) => {
                for imported in names {
                    let (bound, module) = match &imported.alias {
                        Some(alias) => (alias.clone(), imported.name.clone()),
                        None => {
                            let first = imported.name.split('.').next().unwrap_or_default();
                            (SmolStr::new(first), SmolStr::new(first))
                        }
                    };
                    self.add(&bound, scope, id, BindingKind::Import { module });
                }
            }
            NodeKind::FromImport { level, module, names: ImportedNames::Names(names) } => {
                for imported in names {
                    let kind = BindingKind::FromImport {
                        level: *level,
                        module: module.clone(),
                        name: imported.name.clone(),
                    };
                    self.add(imported.alias.as_ref().unwrap_or(&imported.name), scope, id, kind);
                }
            }
            NodeKind::FromImport { level, module, names: ImportedNames::Star } => {
                self.stars.push((*level, module.clone()));
            }
            _ => {}
        }
    }

    /// Binds the names in an assignment target; inside a tuple or list nothing is known of the value.
    fn add_target(&mut self, target: NodeId, scope: Option<NodeId>, node: NodeId, kind: BindingKind) {
        let mut pending = vec![(target, kind)];
        while let Some((target, kind)) = pending.pop() {
            match self.code.kind(target) {
                NodeKind::Name(name) => self.add(name, scope, node, kind),
                NodeKind::Tuple(parts) | NodeKind::List(parts) => {
                    pending.extend(parts.iter().rev().map(|part| (*part, BindingKind::Opaque)));
                }
                NodeKind::Starred(inner) => pending.push((*inner, BindingKind::Opaque)),
                _ => {}
            }
        }
    }
}

/// The scopes around a node, nearest first; the last is `None`, the item's outside. Decorators, defaults,
/// annotations and bases of a function or class belong to the scope around it.
fn scopes_around(code: &Code, at: NodeId) -> impl Iterator<Item = Option<NodeId>> + '_ {
    code.ancestors(at)
        .filter(move |scope| match code.kind(*scope) {
            NodeKind::Function(function) => function.body.first().is_some_and(|first| at >= *first),
            NodeKind::Class(class) => class.body.first().is_some_and(|first| at >= *first),
            NodeKind::Lambda { body, .. } => code.is_within(at, *body),
            NodeKind::Comprehension { .. } => true,
            _ => false,
        })
        .map(Some)
        .chain(std::iter::once(None))
}
