//! Which function of the project a call runs, and of which class of the project a value is.
//!
//! Classes are followed through constructors, annotations, fixtures, `with … as` and attributes set in `__init__`.
//! What is not found is not known: no answer is a guess.

use smol_str::SmolStr;

use super::role::Role;
use super::{Module, Project, Subject};
use crate::facts::code::{Function, ParamKind};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};

/// Values of values, and bases of bases, are followed this far.
const MAX_HOPS: u32 = 6;

/// A function or class of the project by its module and item.
#[derive(Clone, Debug)]
pub struct Definition {
    pub module: Module,
    pub item: u32,
}

impl Definition {
    pub fn subject<'p>(&self, project: &'p Project) -> Subject<'p> {
        Subject::new(project, &self.module, self.item)
    }

    pub fn name(&self) -> &str {
        self.module.file.name(self.item)
    }

    /// The name that a caller writes: of a constructor the class's.
    pub fn called_name(&self) -> &str {
        let class = self.module.file.item(self.item).owner.filter(|_| self.name() == "__init__");
        class.map_or(self.name(), |class| self.module.file.name(class))
    }
}

impl PartialEq for Definition {
    fn eq(&self, other: &Definition) -> bool {
        self.item == other.item && self.module.file.id == other.module.file.id
    }
}

/// What lies at a dotted path, when it is called.
#[derive(Clone, Debug)]
pub enum Called {
    /// Of a class its `__init__`, if the project shows one.
    Class(Option<Definition>),
    Function(Definition),
    Nothing,
}

impl Project {
    /// What a call of what lies at a canonical path runs.
    fn called_at(&self, path: &SmolStr) -> Called {
        if let Some(known) = self.called.get(path) {
            return known.clone();
        }
        let called = match self.class_at(path) {
            Some((module, item)) => Called::Class(self.method(&Definition { module, item }, "__init__")),
            None => self.function_at(path).map_or(Called::Nothing, Called::Function),
        };
        self.called.insert(path.clone(), called.clone());
        called
    }

    /// The function or method with a canonical dotted path, methods of base classes included.
    pub fn function_at(&self, path: &str) -> Option<Definition> {
        let (file, rest) = self.layout.split_path(path)?;
        let module = self.module(file)?;
        if let Some((class, method)) = path.rsplit_once('.').filter(|_| rest.contains('.')) {
            let (module, item) = self.class_at(class)?;
            return self.method(&Definition { module, item }, method);
        }
        let bindings = module.file.scope().get(rest);
        let item = bindings.iter().rev().find(|binding| binding.kind == ModuleBindingKind::Function)?.item;
        Some(Definition { module, item })
    }

    /// The method of a class, its own or the first base's that has it.
    pub fn method(&self, class: &Definition, name: &str) -> Option<Definition> {
        let mut pending = vec![(class.clone(), MAX_HOPS)];
        while let Some((class, hops)) = pending.pop() {
            if let Some(item) = class.module.file.method(class.item, name) {
                return Some(Definition { module: class.module.clone(), item });
            }
            if hops > 0 {
                let bases = self.bases(&class.module, class.item);
                pending.extend(
                    bases.into_iter().rev().map(|(module, item)| (Definition { module, item }, hops - 1)),
                );
            }
        }
        None
    }
}

impl Subject<'_> {
    /// The function that a name, a dotted path or a method of a known object stands for; of a class its `__init__`.
    pub fn definition(&self, func: NodeId) -> Option<Definition> {
        let kept = self.outgoing();
        let known = kept.as_ref().and_then(|outgoing| outgoing.callees.get(&func));
        known.cloned().unwrap_or_else(|| self.known.definition(func, || self.find_definition(func)))
    }

    /// [`Subject::definition`] without asking what is kept.
    pub(super) fn find_definition(&self, func: NodeId) -> Option<Definition> {
        self.definition_within(func, MAX_HOPS)
    }

    /// The class of the project that an expression's value is an instance of.
    pub fn class_of(&self, expr: NodeId) -> Option<Definition> {
        self.class_within(expr, MAX_HOPS)
    }

    fn definition_within(&self, func: NodeId, hops: u32) -> Option<Definition> {
        match self.resolve(func).map_or(Called::Nothing, |path| self.project.called_at(&path)) {
            Called::Class(constructor) => constructor,
            Called::Function(function) => Some(function),
            Called::Nothing => self.method_of(func, hops),
        }
    }

    fn method_of(&self, func: NodeId, hops: u32) -> Option<Definition> {
        let NodeKind::Attribute { value, attr, .. } = self.code().kind(func) else { return None };
        let class = self.class_within(*value, hops.checked_sub(1)?)?;
        self.project.method(&class, attr)
    }

    fn class_within(&self, expr: NodeId, hops: u32) -> Option<Definition> {
        let hops = hops.checked_sub(1)?;
        match self.code().kind(expr) {
            NodeKind::Await(inner) => self.class_within(*inner, hops),
            NodeKind::Call { func, .. } => self.class_made(*func, hops),
            NodeKind::Name(name) => self.class_of_name(name, expr, hops),
            NodeKind::Attribute { value, attr, .. } => {
                let owner = self.class_within(*value, hops)?;
                attribute_class(self.project, &owner, attr, hops)
            }
            _ => None,
        }
    }

    /// The class that a call of `func` makes an instance of: the class called, or what the function says it returns.
    fn class_made(&self, func: NodeId, hops: u32) -> Option<Definition> {
        if let Some((module, item)) = self.resolve(func).and_then(|path| self.project.class_at(&path)) {
            return Some(Definition { module, item });
        }
        let called = self.definition_within(func, hops)?.subject(self.project);
        called.annotated_class(called.function()?.returns?).or_else(|| called.returned_class(hops))
    }

    fn class_of_name(&self, name: &str, at: NodeId, hops: u32) -> Option<Definition> {
        let local = self.facts.bindings().visible(self.code(), name, at);
        let Some(binding) = local.first() else { return self.class_of_module_name(name, hops) };
        if let Some(value) = binding.value(self.code(), name) {
            return self.class_within(value, hops);
        }
        match &binding.kind {
            BindingKind::Entered(context) => self.class_within(*context, hops),
            BindingKind::Param(index) => {
                let function = match self.code().kind(binding.node) {
                    NodeKind::Function(function) => function,
                    _ => return None,
                };
                self.class_of_parameter(function, *index, hops)
            }
            _ => None,
        }
    }

    fn class_of_parameter(&self, function: &Function, index: usize, hops: u32) -> Option<Definition> {
        let param = function.params.get(index)?;
        if index == 0 && self.is_method(function) {
            let item = self.class()?;
            return Some(Definition { module: self.module.clone(), item });
        }
        if let Some(class) = param.annotation.and_then(|annotation| self.annotated_class(annotation)) {
            return Some(class);
        }
        let fixture = self.fixture_subject(&param.name)?;
        fixture.returned_class(hops)
    }

    /// The function of the fixture that fills the parameter `name` of this test or fixture.
    pub fn fixture_subject(&self, name: &str) -> Option<Self> {
        if !matches!(self.role, Role::Test | Role::Fixture) {
            return None;
        }
        let fixture = self.project.fixture(&self.module, self.item, name)?;
        let is_itself = self.is_item(&fixture.module, fixture.item);
        (!is_itself).then(|| fixture.subject(self.project))
    }

    /// Whether `function` is the item's own function and gets an instance as its first argument.
    fn is_method(&self, function: &Function) -> bool {
        let is_own = self.function().is_some_and(|own| own.def_range == function.def_range);
        let is_static =
            function.decorators.iter().any(|d| self.code().kind(d.expr).as_name() == Some("staticmethod"));
        let is_positional = function
            .params
            .first()
            .is_some_and(|p| matches!(p.kind, ParamKind::Positional | ParamKind::PositionalOnly));
        is_own && self.class().is_some() && !is_static && is_positional
    }

    /// The expressions that the item's own function returns or yields.
    pub fn results(&self) -> Vec<NodeId> {
        let values = self.body().filter(|node| self.runs_here(*node)).filter_map(|node| {
            match self.code().kind(node) {
                NodeKind::Return(value) | NodeKind::Yield { value, from: false } => *value,
                _ => None,
            }
        });
        values.collect()
    }

    fn returned_class(&self, hops: u32) -> Option<Definition> {
        self.results().into_iter().find_map(|value| self.class_within(value, hops)).or_else(|| {
            let returns = self.function()?.returns?;
            self.annotated_class(returns)
        })
    }

    /// `Service`, `"Service"`, `Optional[Service]`, `Service | None`, `AsyncIterator[Service]`: the only class of the
    /// project in the annotation.
    fn annotated_class(&self, annotation: NodeId) -> Option<Definition> {
        let named = |node: NodeId| -> Option<SmolStr> {
            match self.code().kind(node) {
                NodeKind::Name(_) | NodeKind::Attribute { .. } => self.resolve(node),
                NodeKind::Str(name) => self.project.name_in(&self.module, name, 4),
                _ => None,
            }
        };
        let mut classes = self
            .code()
            .subtree(annotation)
            .filter_map(named)
            .filter_map(|path| self.project.class_at(&path))
            .map(|(module, item)| Definition { module, item });
        let first = classes.next()?;
        classes.all(|other| other == first).then_some(first)
    }

    fn class_of_module_name(&self, name: &str, hops: u32) -> Option<Definition> {
        let path = self.project.name_in(&self.module, name, 4)?;
        let (file, rest) = self.project.layout.split_path(&path)?;
        let module = self.project.module(file)?;
        let (item, value) = module.file.scope().get(rest).iter().find_map(|binding| match &binding.kind {
            ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } => Some((binding.item, *value)),
            _ => None,
        })?;
        Subject::new(self.project, &module, item).class_within(value, hops)
    }
}

/// Methods that give an instance its attributes before its other methods run.
const MAKING: &[&str] = &["__init__", "setUp", "asyncSetUp", "setup_method", "setUpClass", "setup_class"];

/// The class of `self.<attr>`, from the assignments in the methods that make the instance, and in the fixtures of a test
/// class.
fn attribute_class(project: &Project, class: &Definition, attr: &str, hops: u32) -> Option<Definition> {
    let making = MAKING.iter().filter_map(|name| project.method(class, name));
    let found =
        making.map(|method| method.subject(project)).find_map(|method| set_class(&method, attr, hops));
    found.or_else(|| {
        let fixtures = project.declared_fixtures(&class.module.file.path);
        let own = fixtures.iter().filter(|fixture| fixture.class == Some(class.item));
        own.map(|fixture| fixture.subject(project)).find_map(|fixture| set_class(&fixture, attr, hops))
    })
}

fn set_class(method: &Subject<'_>, attr: &str, hops: u32) -> Option<Definition> {
    let code = method.code();
    let is_it = |target: NodeId| match code.kind(target) {
        NodeKind::Attribute { value, attr: set, .. } => {
            set == attr && matches!(code.kind(*value).as_name(), Some("self" | "cls"))
        }
        _ => false,
    };
    method.body().find_map(|node| match code.kind(node) {
        NodeKind::Assign { targets, value } if targets.iter().any(|target| is_it(*target)) => {
            method.class_within(*value, hops)
        }
        NodeKind::AnnAssign { target, annotation, .. } if is_it(*target) => {
            method.annotated_class(*annotation)
        }
        _ => None,
    })
}
