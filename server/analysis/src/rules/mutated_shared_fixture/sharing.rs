//! Whether the value of a parameter is one object that several tests get.

use std::sync::Arc;

use smol_str::SmolStr;

use super::written::{self, InMark};
use crate::facts::{BindingKind, ItemFacts, NodeId, NodeKind};
use crate::project::callee::Definition;
use crate::project::effects::class_state::makes_container;
use crate::project::fixtures::{Fixture, FixtureScope};
use crate::project::{Place, Project, Subject};

/// What makes an array or a frame.
const ARRAYS: &[&str] = &[
    "numpy.arange",
    "numpy.array",
    "numpy.empty",
    "numpy.eye",
    "numpy.full",
    "numpy.linspace",
    "numpy.ones",
    "numpy.zeros",
    "pandas.DataFrame",
    "pandas.Series",
    "pandas.array",
];

/// The object, and why several tests get it.
pub struct Shared {
    pub value: Value,
    pub why: Why,
}

pub enum Why {
    /// A fixture of wider scope made it.
    Made(Arc<Fixture>),
    /// It is written in the parameters of a fixture or of a mark, once for all tests that get it: here.
    Written(Place),
    /// The same where only runs of the test itself get it, with the names that the mark fills.
    Own(Place, Vec<SmolStr>),
}

/// What can be changed about it.
pub enum Value {
    /// A list, dict, set or their kin.
    Container,
    /// An array or a frame, which a stored entry changes; many of its methods give a new one.
    Array,
    Instance(Instance),
}

/// An object of a class of the project.
pub struct Instance {
    class: Definition,
    /// Its `__init__`, where it has one.
    init: Option<Arc<ItemFacts>>,
}

/// `None` where the object is the test's own, or out of sight.
pub fn of_parameter(subject: &Subject<'_>, name: &str) -> Option<Shared> {
    let project = subject.project;
    if written::is_direct(subject, name) {
        let InMark { value, place, filled_with } = written::in_marks(subject, name)?;
        let why = match filled_with {
            Some(names) => Why::Own(place, names),
            None => Why::Written(place),
        };
        return Some(Shared { value, why });
    }
    let fixture = project.fixture(&subject.module, subject.item, name)?;
    let maker = subject.fixture_subject(name)?;
    if let Some((value, place)) = written::in_params(&maker) {
        return Some(Shared { value, why: Why::Written(place) });
    }
    if matches!(fixture.scope?, FixtureScope::Function) {
        return None;
    }
    let value = Value::of_all(&maker, &maker.results())?;
    Some(Shared { value, why: Why::Made(fixture) })
}

impl Value {
    /// What an expression makes, if that can be changed.
    pub fn made_by(maker: &Subject<'_>, value: NodeId) -> Option<Value> {
        if makes_container(maker, value) {
            return Some(Value::Container);
        }
        maker.callee(value).filter(|path| ARRAYS.contains(&path.as_str())).map(|_| Value::Array)
    }

    /// What a fixture hands out, where all its results are of one kind.
    fn of_all(maker: &Subject<'_>, results: &[NodeId]) -> Option<Value> {
        let all = |is_it: fn(&Value) -> bool| {
            results.iter().all(|result| bound_to(maker, *result).is_some_and(|value| is_it(&value)))
        };
        match results {
            [] => None,
            _ if all(|value| matches!(value, Value::Container)) => Some(Value::Container),
            _ if all(|value| matches!(value, Value::Array)) => Some(Value::Array),
            _ => Instance::of_all(maker, results).map(Value::Instance),
        }
    }
}

/// What an expression makes, or what a name is always bound to.
fn bound_to(maker: &Subject<'_>, value: NodeId) -> Option<Value> {
    let Some(name) = maker.code().kind(value).as_name() else { return Value::made_by(maker, value) };
    let bound = maker.facts.bindings().visible(maker.code(), name, value);
    let mut made = bound.iter().map(|binding| match binding.kind {
        BindingKind::Value(value) => Value::made_by(maker, value),
        _ => None,
    });
    let first = made.next()??;
    made.all(|other| other.is_some()).then_some(first)
}

/// Whether another fixture around each test gets the value too: it may clean it.
pub fn is_looked_after(subject: &Subject<'_>, fixture: &Fixture) -> bool {
    let closure = subject.closure();
    let mut others = closure.iter().filter_map(|closed| closed.fixture.as_ref());
    others.any(|other| other.scope == Some(FixtureScope::Function) && other.requests.contains(&fixture.name))
}

impl Instance {
    /// What the fixture hands out, where it calls one class of the project for it.
    fn of_all(maker: &Subject<'_>, results: &[NodeId]) -> Option<Instance> {
        let [result] = results else { return None };
        let class = maker.class_of(*result)?;
        let init = maker.project.method(&class, "__init__");
        let init = init.map(|init| init.module.file.facts(init.item).clone());
        Some(Instance { class, init })
    }

    /// Whether setting the attribute changes the object alone: `__init__` or the class's own body binds it to a value,
    /// and nothing defines it.
    pub fn has_plain_attribute(&self, attribute: &str) -> bool {
        let file = &self.class.module.file;
        let named =
            file.members(self.class.item).filter(|member| file.item_text(*member).contains(attribute));
        let (functions, statements): (Vec<u32>, Vec<u32>) =
            named.partition(|member| file.item(*member).function().is_some());
        let is_bound = |member: &u32| !file.facts(*member).bindings().all(attribute).is_empty();
        if functions.iter().any(|member| file.name(*member) == attribute) {
            return false;
        }
        statements.iter().any(is_bound) || self.bound_in_init(attribute).is_some()
    }

    /// Whether `__init__` gives the attribute a container of its own.
    pub fn holds_container(&self, attribute: &str) -> bool {
        self.bound_in_init(attribute)
            .is_some_and(|value| matches!(value, NodeKind::List(_) | NodeKind::Dict(_) | NodeKind::Set(_)))
    }

    /// The value in `self.<attribute> = value`.
    fn bound_in_init(&self, attribute: &str) -> Option<&NodeKind> {
        let code = &self.init.as_ref()?.code;
        let receiver = &code.function()?.params.first()?.name;
        let is_it = |target: &NodeId| match code.kind(*target) {
            NodeKind::Attribute { value, attr, .. } => {
                attr == attribute && code.kind(*value).as_name() == Some(receiver)
            }
            _ => false,
        };
        code.nodes.iter().find_map(|node| match &node.kind {
            NodeKind::Assign { targets, value } => targets.iter().any(is_it).then(|| code.kind(*value)),
            NodeKind::AnnAssign { target, value, .. } => {
                value.filter(|_| is_it(target)).map(|value| code.kind(value))
            }
            _ => None,
        })
    }
}

/// Whether one of the project's fixtures of wider scope asks for a fixture of that name.
pub fn is_asked_for_wider(project: &Project, name: &str) -> bool {
    project.checked_files().iter().any(|path| {
        let declared = project.declared_fixtures(path);
        declared.iter().any(|other| {
            other.scope != Some(FixtureScope::Function) && other.requests.iter().any(|it| it == name)
        })
    })
}
