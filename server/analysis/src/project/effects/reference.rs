//! Which piece of lasting state an expression stands for.
//!
//! `CONFIG["x"].y` is something inside `<module>.CONFIG`; `self.items` is `<module>.TestCart.items` where that is a
//! mutable class attribute; a local name stands for what it was bound to. Objects that the function made are nothing.

use smol_str::SmolStr;

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::target::Target;
use crate::project::{Role, Subject};

use super::{class_state, is_container_path, literal_text};

/// Local aliases are followed this far.
const MAX_ALIASES: u32 = 6;

/// Lasting state that an expression reaches.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The dotted path, its last segment as written.
    pub path: SmolStr,
    /// The first subscript behind the path: what lies there is inside the object at `path`.
    pub inside: Option<Inside>,
    /// How many levels of a shallow copy lie between the expression and the state; writing that deep changes only the copy.
    copied: u32,
    depth: u32,
    /// A module's or class's namespace as a mapping: its keys are attributes.
    is_namespace: bool,
}

/// One step into a container: the literal key, if it is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Inside {
    pub key: Option<SmolStr>,
}

impl Reference {
    fn of(path: SmolStr) -> Reference {
        Reference { path, inside: None, copied: 0, depth: 0, is_namespace: false }
    }

    /// The state at a dotted path.
    pub fn at(path: impl Into<SmolStr>) -> Reference {
        Reference::of(path.into())
    }

    /// The state that a change of the expression's own contents changes; `None` if that is only a copy.
    pub fn contents(&self, subject: &Subject<'_>) -> Option<Target> {
        if self.depth < self.copied {
            return None;
        }
        let key = self.inside.as_ref().and_then(|inside| inside.key.clone());
        Some(Target::of_path(subject.project.canonical(&self.path), key))
    }

    /// The state that binding the expression anew changes.
    pub fn binding(&self) -> Option<Target> {
        if self.depth <= self.copied && self.copied > 0 {
            return None;
        }
        let key = self.inside.as_ref().and_then(|inside| inside.key.clone());
        Some(Target::of_path(self.path.clone(), key))
    }

    fn attribute(mut self, subject: &Subject<'_>, attr: &str) -> Reference {
        self.depth += 1;
        if self.inside.is_none() {
            self.path = SmolStr::from(format!("{}.{attr}", subject.project.canonical(&self.path)));
        }
        self
    }

    /// `globals()`, `vars(module)`, `module.__dict__`.
    fn namespace(mut self) -> Reference {
        self.is_namespace = true;
        self
    }

    /// Whether it is a shallow copy of the state.
    pub fn is_copy(&self) -> bool {
        self.copied > self.depth
    }

    pub fn is_namespace(&self) -> bool {
        self.is_namespace
    }

    /// The entry under a key: of a namespace that is an attribute.
    pub fn entry(self, subject: &Subject<'_>, key: Option<SmolStr>) -> Reference {
        match &key {
            Some(name) if self.is_namespace => {
                let name = name.clone();
                Reference { is_namespace: false, ..self }.attribute(subject, &name)
            }
            _ => self.subscript(key),
        }
    }

    fn subscript(mut self, key: Option<SmolStr>) -> Reference {
        self.depth += 1;
        if let (None, "sys.modules", Some(module)) = (&self.inside, self.path.as_str(), &key) {
            self.inside = Some(Inside { key: Some(module.clone()) });
        } else if self.inside.is_none() {
            self.inside = Some(Inside { key });
        }
        self
    }
}

/// One step outwards from a name.
enum Step<'c> {
    Attribute(&'c str),
    Subscript(Option<SmolStr>),
}

/// The state that an expression reaches; `None` for objects of the function's own and whatever else is unknown.
pub fn reference(subject: &Subject<'_>, expr: NodeId) -> Option<Reference> {
    follow(subject, expr, MAX_ALIASES)
}

fn follow(subject: &Subject<'_>, expr: NodeId, hops: u32) -> Option<Reference> {
    let code = subject.code();
    // The target of an assignment may be a slice: `X[:] = …` changes `X`.
    let whole = if hops == MAX_ALIASES { expr } else { NodeId(u32::MAX) };
    let mut steps: Vec<Step<'_>> = Vec::new();
    let mut at = expr;
    let mut reached = loop {
        match code.kind(at) {
            NodeKind::Attribute { value, attr, .. } => {
                steps.push(Step::Attribute(attr));
                at = *value;
            }
            NodeKind::Subscript { value, index } => {
                // A slice that is read is a copy of a list, and who knows what of others.
                if at != whole && matches!(code.kind(*index), NodeKind::Slice { .. }) {
                    return None;
                }
                steps.push(Step::Subscript(literal_text(subject, *index)));
                at = *value;
            }
            NodeKind::Name(name) => {
                let reached = named(subject, name, at, &mut steps, hops)?;
                if reached.is_copy() && fills_entry(subject, name, steps.last(), expr) {
                    return None;
                }
                break reached;
            }
            NodeKind::Call { func, args } => break called(subject, *func, args, hops)?,
            _ => return None,
        }
    };
    // What other objects give for a key may be made anew: `np.c_[a, b]`, a column of a frame.
    let is_alias = hops < MAX_ALIASES;
    if is_alias
        && steps.iter().any(|step| matches!(step, Step::Subscript(_)))
        && !gives_what_it_holds(subject, &reached, &steps)
    {
        return None;
    }
    for step in steps.into_iter().rev() {
        reached = match step {
            Step::Attribute("__dict__") => reached.namespace(),
            Step::Attribute(attr) if names_module_entry(&reached) => {
                module_entry(&reached).attribute(subject, attr)
            }
            Step::Attribute(attr) => reached.attribute(subject, attr),
            Step::Subscript(key) => reached.entry(subject, key),
        };
        if is_context_local(subject, &reached.path) {
            return None;
        }
    }
    Some(reached)
}

/// Whether the function has put an object of its own under the first key of a copy: `copy["rows"] = …` and then
/// `copy["rows"].append(…)`.
fn fills_entry(subject: &Subject<'_>, copy: &str, first: Option<&Step<'_>>, before: NodeId) -> bool {
    let Some(Step::Subscript(Some(key))) = first else { return false };
    let code = subject.code();
    let fills = |target: &NodeId| match code.kind(*target) {
        NodeKind::Subscript { value, index } => {
            code.kind(*value).as_name() == Some(copy)
                && literal_text(subject, *index).as_ref() == Some(key)
                && *target != before
        }
        _ => false,
    };
    let earlier = subject.body().take_while(|node| *node < before);
    earlier
        .filter_map(|node| match code.kind(node) {
            NodeKind::Assign { targets, .. } => Some(targets),
            _ => None,
        })
        .any(|targets| targets.iter().any(fills))
}

/// The lasting state that the parts of a chain before its end stand for, as written.
pub fn owners(subject: &Subject<'_>, expr: NodeId) -> Vec<Target> {
    let code = subject.code();
    let mut found = Vec::new();
    let mut at = expr;
    while let NodeKind::Attribute { value, .. } | NodeKind::Subscript { value, .. } = code.kind(at) {
        at = *value;
        if let NodeKind::Name(name) = code.kind(at) {
            // The chain goes on where the name was bound.
            let local = subject.facts.bindings().visible(code, name, at);
            match local.as_slice() {
                [only] => match only.kind {
                    BindingKind::Value(value) if found.len() < 8 => at = value,
                    _ => break,
                },
                _ => break,
            }
        }
        found.extend(reference(subject, at).and_then(|reached| reached.binding()));
    }
    found
}

/// Whether the first thing that is subscripted is a built-in container, so that its entries are its own.
fn gives_what_it_holds(subject: &Subject<'_>, base: &Reference, steps: &[Step<'_>]) -> bool {
    let attributes = steps.iter().rev().take_while(|step| matches!(step, Step::Attribute(_)));
    let mut path = base.path.to_string();
    for step in attributes {
        if let Step::Attribute(attr) = step {
            path.push('.');
            path.push_str(attr);
        }
    }
    base.is_namespace
        || path == "sys.modules"
        || is_container_path(subject, &subject.project.canonical(&path))
}

/// `sys.modules["shop"]` followed by an attribute is the module `shop`.
fn names_module_entry(reached: &Reference) -> bool {
    reached.path == "sys.modules" && reached.inside.as_ref().is_some_and(|inside| inside.key.is_some())
}

fn module_entry(reached: &Reference) -> Reference {
    let key = reached.inside.as_ref().and_then(|inside| inside.key.clone());
    Reference::of(key.unwrap_or_default())
}

/// What a name stands for: a receiver, an alias, an import, a name of the module.
fn named(
    subject: &Subject<'_>,
    name: &str,
    at: NodeId,
    steps: &mut Vec<Step<'_>>,
    hops: u32,
) -> Option<Reference> {
    if let Some(receiver) = class_state::receiver(subject, name, at) {
        return class_state::member(subject, receiver, steps_to_names(steps));
    }
    let local = subject.facts.bindings().visible(subject.code(), name, at);
    match local.as_slice() {
        [] => {
            let path = subject.resolve(at).or_else(|| made_global(subject, name))?;
            (!path.starts_with("builtins.") && !is_context_local(subject, &path)).then(|| Reference::of(path))
        }
        [one] => match one.kind {
            BindingKind::Value(value) if hops > 0 => {
                follow(subject, value, hops - 1).filter(|reached| hands_out_its_own(subject, reached))
            }
            BindingKind::Import { .. } | BindingKind::FromImport { .. } => {
                subject.resolve(at).map(Reference::of)
            }
            BindingKind::Param(_) => fixture_value(subject, name).map(Reference::of),
            _ => None,
        },
        _ => subject
            .module
            .imported_path(&local.first()?.kind)
            .map(|path| Reference::of(subject.project.canonical(&path))),
    }
}

/// A name of the module that only functions which declare it `global` bind.
fn made_global(subject: &Subject<'_>, name: &str) -> Option<SmolStr> {
    let is_declared = subject.module.file.declared_global().iter().any(|declared| declared == name);
    is_declared.then(|| SmolStr::from(format!("{}.{name}", subject.module.name)))
}

/// Whether what a subscript gives is an object that the container holds: `np.c_[a, b]` makes a new one.
fn hands_out_its_own(subject: &Subject<'_>, reached: &Reference) -> bool {
    reached.inside.is_none()
        || names_module_entry(reached)
        || reached.is_namespace
        || subject.project.layout.split_path(&reached.path).is_some()
}

/// Proxies of the current context, thread or task: what is set on them ends with it.
fn is_context_local(subject: &Subject<'_>, path: &str) -> bool {
    if ["flask.g", "flask.session", "flask.request", "flask.globals.", "quart.", "streamlit.session_state"]
        .iter()
        .any(|start| path.starts_with(start))
    {
        return true;
    }
    let Some((file, name)) = subject.project.layout.split_path(path) else { return false };
    if name.is_empty() || name.contains('.') {
        return false;
    }
    let Some(module) = subject.project.module(file) else { return false };
    let [binding] = module.file.scope().get(name) else { return false };
    let ModuleBindingKind::Bound { node, .. } = binding.kind else { return false };
    let code = &module.file.facts(binding.item).code;
    code.subtree(node).any(|node| match code.kind(node) {
        NodeKind::Call { func, .. } => code.dotted(*func).is_some_and(|callee| {
            matches!(
                callee.rsplit('.').next(),
                Some("LocalProxy" | "LocalStack" | "ContextVar" | "local" | "Local")
            )
        }),
        _ => false,
    })
}

/// Gives the class part the attribute names that follow, and takes those it used.
fn steps_to_names<'s, 'c>(steps: &'s mut Vec<Step<'c>>) -> impl FnMut() -> Option<&'c str> + 's {
    move || match steps.last() {
        Some(Step::Attribute(name)) => {
            let name = *name;
            steps.pop();
            Some(name)
        }
        _ => None,
    }
}

/// Calls that give lasting state back: `globals()`, `vars(m)`, `getattr(m, "x")`, `import_module("m")`, and
/// shallow copies.
fn called(subject: &Subject<'_>, func: NodeId, args: &[Argument], hops: u32) -> Option<Reference> {
    if hops == 0 {
        return None;
    }
    let code = subject.code();
    if let NodeKind::Attribute { value, attr, .. } = code.kind(func)
        && attr == "copy"
        && args.is_empty()
    {
        let of = follow(subject, *value, hops - 1)?;
        // Only built-in containers are known to copy one level.
        return is_container_path(subject, &of.path).then(|| shallow(of));
    }
    let path = subject.resolve(func)?;
    if path == "builtins.globals" {
        return Some(Reference::of(subject.module.name.clone()).namespace());
    }
    let first = args.first().filter(|argument| argument.kind == ArgumentKind::Positional)?;
    match path.as_str() {
        "builtins.vars" => follow(subject, first.value, hops - 1).map(Reference::namespace),
        "builtins.type" if args.len() == 1 => {
            let name = code.kind(first.value).as_name()?;
            class_state::receiver(subject, name, first.value)?;
            class_state::own_class(subject).map(Reference::of)
        }
        "builtins.getattr" => {
            let name = code.kind(args.get(1)?.value).as_str()?;
            Some(follow(subject, first.value, hops - 1)?.attribute(subject, name))
        }
        "importlib.import_module" => code.kind(first.value).as_str().map(|name| Reference::of(name.into())),
        "copy.copy" | "builtins.dict" | "builtins.list" | "builtins.set" if args.len() == 1 => {
            follow(subject, first.value, hops - 1).map(shallow)
        }
        _ => None,
    }
}

fn shallow(mut of: Reference) -> Reference {
    of.copied = of.depth + 1;
    of
}

/// The state that a fixture hands out when it returns or yields something that a module holds.
fn fixture_value(subject: &Subject<'_>, name: &str) -> Option<SmolStr> {
    if !matches!(subject.role, Role::Test | Role::Fixture | Role::Xunit(_)) {
        return None;
    }
    let fixture = subject.project.fixture(&subject.module, subject.item, name)?;
    if fixture.module.file.path == subject.module.file.path && fixture.item == subject.item {
        return None;
    }
    let source = fixture.subject(subject.project);
    let code = source.code();
    let mut values =
        source.body().filter(|node| source.runs_here(*node)).filter_map(|node| match code.kind(node) {
            NodeKind::Return(Some(value)) | NodeKind::Yield { value: Some(value), .. } => Some(*value),
            _ => None,
        });
    let (only, None) = (values.next()?, values.next()) else { return None };
    let path = source.resolve(only)?;
    (!path.starts_with("builtins.")).then_some(path)
}
