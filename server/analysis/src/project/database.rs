//! Which database an expression reaches, where that is the same one for every process that runs the tests.
//!
//! Engines, connections, cursors, sessions and addresses are followed through names, imports, fixtures, `self`, helpers and
//! their parameters to where the address is written. What is in memory, below `tmp_path`, named by the worker, or not
//! found, is no answer.

mod address;
mod calls;
mod environment;
mod makers;
mod members;

use smol_str::SmolStr;

use super::fixed_path::fixed_text;
use super::{Module, Place, Project, Role, Subject};
use crate::facts::code::Argument;
use crate::facts::{Binding, BindingKind, NodeId, NodeKind};

pub use environment::{Set, assigned as environment_values, environment_address};

/// Values of values are followed this far.
const MAX_HOPS: u32 = 12;

/// A database that more than one process may reach.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its address without credentials, or where that is said, for a message.
    pub shown: String,
    pub sharing: Sharing,
    /// Where the address is written.
    pub written_at: Place,
    /// The names that led there, and the items that they stand in. Whoever replaces one changes the answer.
    pub names: Vec<SmolStr>,
    pub items: Vec<(Module, u32)>,
    /// Whether the file is opened by `sqlite3.connect` in a test, fixture or set-up.
    pub is_opened_file: bool,
}

/// How much of the address is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// All of it, and it is constant.
    Fixed,
    /// It is configured from outside: an environment variable, a setting, a file of the project.
    Configured,
}

/// A function as it is called: what its parameters mean.
#[derive(Clone)]
pub struct Frame<'a> {
    pub subject: Subject<'a>,
    caller: Option<(&'a Frame<'a>, &'a [Argument])>,
}

impl Database {
    fn written(subject: &Subject<'_>, at: NodeId, shown: String, sharing: Sharing) -> Database {
        Database {
            shown,
            sharing,
            written_at: subject.place(subject.code().range(at)),
            names: Vec::new(),
            items: vec![(subject.module.clone(), subject.item)],
            is_opened_file: false,
        }
    }

    /// The database that a tool finds by its own configuration.
    pub fn of_tool(subject: &Subject<'_>, at: NodeId, tool: &str) -> Database {
        Database::written(
            subject,
            at,
            format!("the database that {tool} is configured for"),
            Sharing::Configured,
        )
    }

    /// The database of a literal name, as Django's settings have it; `None` where that is private to the process.
    pub fn of_name(subject: &Subject<'_>, at: NodeId) -> Option<Database> {
        let shown = address::file(subject.code().kind(at).as_str()?)?;
        Some(Database::written(subject, at, shown, Sharing::Fixed))
    }

    /// The address in a sentence.
    pub fn in_words(&self) -> String {
        if self.shown.starts_with("the database ") { self.shown.clone() } else { format!("`{}`", self.shown) }
    }

    fn configured(self) -> Database {
        Database { sharing: Sharing::Configured, ..self }
    }

    fn through(mut self, subject: &Subject<'_>, expr: NodeId) -> Database {
        let name = match subject.code().kind(subject.code().uncalled(expr)) {
            NodeKind::Name(name) | NodeKind::Attribute { attr: name, .. } => Some(name.clone()),
            _ => None,
        };
        self.names.extend(name);
        if !self
            .items
            .iter()
            .any(|(module, item)| subject.item == *item && *subject.path() == *module.file.path)
        {
            self.items.push((subject.module.clone(), subject.item));
        }
        self
    }
}

impl<'a> Frame<'a> {
    pub fn of(subject: Subject<'a>) -> Frame<'a> {
        Frame { subject, caller: None }
    }

    /// A function of the project, called with `args` by the code of `caller`.
    pub fn called(subject: Subject<'a>, caller: &'a Frame<'a>, args: &'a [Argument]) -> Frame<'a> {
        Frame { subject, caller: Some((caller, args)) }
    }

    /// The item that was asked about: where the calls began.
    pub fn root(&self) -> &Subject<'a> {
        self.caller.map_or(&self.subject, |(caller, _)| caller.root())
    }

    /// The database that the value of an expression reaches.
    pub fn database(&self, expr: NodeId) -> Option<Database> {
        self.reached(expr, MAX_HOPS)
    }

    fn reached(&self, expr: NodeId, hops: u32) -> Option<Database> {
        let hops = hops.checked_sub(1)?;
        let found = match self.subject.code().kind(expr) {
            NodeKind::Await(inner) | NodeKind::Walrus { value: inner, .. } => self.reached(*inner, hops),
            NodeKind::Str(_) | NodeKind::FString { .. } | NodeKind::Binary { .. } => self.written(expr),
            NodeKind::Name(name) => self.named(name, expr, hops),
            NodeKind::Attribute { value, attr, .. } => self.attribute(expr, *value, attr, hops),
            NodeKind::Call { func, args } => self.made(*func, args, hops),
            NodeKind::Subscript { value, index } => {
                (self.subject.resolve(*value)? == "os.environ").then_some(())?;
                environment::variable(self, expr, *index, None, hops)
            }
            NodeKind::Logic { values, .. } => self.alternatives(values, hops),
            _ => None,
        }?;
        Some(found.through(&self.subject, expr))
    }

    /// `os.environ.get("X") or "sqlite:///x.db"`: the last is the default.
    fn alternatives(&self, values: &[NodeId], hops: u32) -> Option<Database> {
        Some(self.reached(*values.last()?, hops)?.configured())
    }

    /// An address as text, put together from constants.
    fn written(&self, expr: NodeId) -> Option<Database> {
        let subject = &self.subject;
        let fixed = |shown| Some(Database::written(subject, expr, shown, Sharing::Fixed));
        if let Some(text) = fixed_text(subject.scope(), subject.item, expr) {
            return fixed(address::shown(&text)?);
        }
        match subject.code().kind(expr) {
            NodeKind::Binary { op, left, right } if op == "+" => {
                let scheme = fixed_text(subject.scope(), subject.item, *left)?;
                (scheme.starts_with("sqlite") && scheme.ends_with('/')).then_some(())?;
                fixed(subject.fixed_path(*right)?.shown())
            }
            NodeKind::FString { template, values } if template.starts_with("sqlite") => {
                let mut shown = template.split_once(":///")?.1.to_owned();
                for value in values {
                    shown = shown.replacen("{}", &subject.fixed_path(*value)?.shown(), 1);
                }
                fixed(shown)
            }
            NodeKind::FString { template, values } if address::begins_server(template) => {
                values.iter().all(|value| self.is_setting(*value)).then_some(())?;
                let shown = address::shown(&template.replace("{}", "…"))?;
                Some(Database::written(subject, expr, shown, Sharing::Configured))
            }
            _ => None,
        }
    }

    /// Whether an expression is a constant, or a name that the project's configuration sets.
    fn is_setting(&self, expr: NodeId) -> bool {
        let subject = &self.subject;
        fixed_text(subject.scope(), subject.item, expr).is_some()
            || subject.resolve(expr).is_some_and(|path| !path.starts_with("builtins."))
    }

    fn named(&self, name: &str, expr: NodeId, hops: u32) -> Option<Database> {
        let subject = &self.subject;
        let local = subject.facts.bindings().visible(subject.code(), name, expr);
        match local.as_slice() {
            [] => self.elsewhere(expr, hops),
            [one] => self.bound(one, name, expr, hops),
            many => match self.entered_around(many, expr) {
                Some(context) => self.reached(context, hops),
                None => self.agreed(many, hops),
            },
        }
    }

    fn bound(&self, binding: &Binding, name: &str, expr: NodeId, hops: u32) -> Option<Database> {
        match binding.kind {
            BindingKind::Entered(context) => self.reached(context, hops),
            BindingKind::Param(index) => self.parameter(binding.node, index, name, hops),
            BindingKind::FromImport { .. } | BindingKind::Import { .. } => self.elsewhere(expr, hops),
            _ => self.reached(binding.value(self.subject.code(), name)?, hops),
        }
    }

    /// The context of the innermost `with … as name` around a use.
    fn entered_around(&self, bindings: &[&Binding], expr: NodeId) -> Option<NodeId> {
        let code = self.subject.code();
        code.ancestors(expr).find_map(|outer| {
            let NodeKind::With { items, .. } = code.kind(outer) else { return None };
            let contexts = items.iter().map(|item| item.context);
            let is_bound =
                |context: &NodeId| bindings.iter().any(|it| it.kind == BindingKind::Entered(*context));
            contexts.filter(is_bound).find(|context| !code.is_within(expr, *context))
        })
    }

    /// A name bound several times, always to the same database.
    fn agreed(&self, bindings: &[&Binding], hops: u32) -> Option<Database> {
        let values = bindings.iter().map(|binding| match binding.kind {
            BindingKind::Value(value) | BindingKind::Entered(value) => self.reached(value, hops),
            _ => None,
        });
        let found: Vec<Database> = values.collect::<Option<_>>()?;
        found.iter().all(|other| other.shown == found[0].shown).then(|| found[0].clone())
    }

    /// A value of the module or of another one.
    fn elsewhere(&self, expr: NodeId, hops: u32) -> Option<Database> {
        let project = self.subject.project;
        let here = self.subject.origin(expr);
        let there = here.followed(project);
        let moved = there.item != self.subject.item || there.module.file.path != *self.subject.path();
        if moved {
            return Frame::of(there.subject(project)).reached(there.node, hops);
        }
        members::of_class(project, &self.subject.resolve(expr)?)?.reached(hops)
    }

    fn parameter(&self, function: NodeId, index: usize, name: &str, hops: u32) -> Option<Database> {
        let code = self.subject.code();
        if code.roots.first() != Some(&function) {
            return None;
        }
        let NodeKind::Function(head) = code.kind(function) else { return None };
        if let Some((caller, args)) = self.caller {
            let is_method = self.subject.class().is_some();
            let place = index.checked_sub(usize::from(is_method))?;
            let given = crate::facts::arguments::argument(args, place, name);
            return match given {
                Some(given) => caller.reached(given, hops),
                None => self.reached(head.params.get(index)?.default?, hops),
            };
        }
        Frame::of(self.subject.fixture_subject(name)?).result(hops)
    }

    /// What the function returns or yields, where that is one expression.
    fn result(&self, hops: u32) -> Option<Database> {
        let results = self.subject.results();
        let [only] = results[..] else { return None };
        self.reached(only, hops)
    }

    fn attribute(&self, expr: NodeId, value: NodeId, attr: &str, hops: u32) -> Option<Database> {
        if let Some(found) = self.elsewhere(expr, hops) {
            return Some(found);
        }
        if let Some(member) = members::of_instance(&self.subject, value, attr) {
            return member.reached(hops);
        }
        let is_same = makers::SAME_DATABASE_ATTRIBUTES.contains(&attr);
        if is_same { self.reached(value, hops) } else { None }
    }
}

/// Whether the code of an item runs as part of the tests.
fn runs_in_tests(subject: &Subject<'_>) -> bool {
    matches!(subject.role, Role::Test | Role::Fixture | Role::Xunit(_))
}

/// Which value an attribute of a class has.
struct MemberValue<'p> {
    project: &'p Project,
    module: Module,
    item: u32,
    value: NodeId,
    sharing: Sharing,
}

impl MemberValue<'_> {
    fn reached(&self, hops: u32) -> Option<Database> {
        let frame = Frame::of(Subject::new(self.project, &self.module, self.item));
        let found = frame.reached(self.value, hops)?;
        Some(if self.sharing == Sharing::Configured { found.configured() } else { found })
    }
}
