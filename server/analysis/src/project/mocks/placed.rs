//! Where a test puts a mock, and under which names product code finds it there.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::facts::code::ArgumentKind;
use crate::facts::{NodeId, NodeKind};
use crate::project::patches::replacement;
use crate::project::{Role, Subject};

/// `Service(send=mock)`, `service.send = mock`, `monkeypatch.setattr(service, "send", mock)`.
#[derive(Clone, Debug, Default)]
pub(super) struct Placed {
    /// Attributes, keywords and parameters.
    pub(super) names: BTreeSet<SmolStr>,
    /// The dotted path of the attribute that it was put in.
    pub(super) path: Option<SmolStr>,
    /// The dotted path of what has that attribute.
    pub(super) owner: Option<SmolStr>,
    /// That path was given as text.
    pub(super) is_looked_up: bool,
    /// The `with` statement of the test at whose end it is taken out again.
    pub(super) installed_in: Option<NodeId>,
}

/// The places of a mock in the test and in its fixtures. `root`: the test's name for it.
pub(super) fn places(subject: &Subject<'_>, root: &str) -> Placed {
    let mut placed = Placed::default();
    placed.look_at(subject, root);
    if let Some(fixture) = subject.fixture_subject(root) {
        for inner in fixture.results().into_iter().filter_map(|value| fixture.code().dotted(value)) {
            placed.look_at(&fixture, &inner);
        }
    }
    let closure = subject.closure();
    let fixtures = closure.iter().filter_map(|closed| closed.fixture.as_ref());
    for fixture in fixtures.filter(|fixture| fixture.requests.iter().any(|name| name == root)) {
        placed.look_at(&fixture.subject(subject.project), root);
    }
    placed
}

impl Placed {
    fn look_at(&mut self, subject: &Subject<'_>, root: &str) {
        let code = subject.code();
        let is_it = |node: NodeId| code.dotted(node).is_some_and(|name| name == root);
        for node in subject.body() {
            match code.kind(node) {
                NodeKind::Assign { targets, value } if is_it(*value) => {
                    self.names.extend(targets.iter().filter_map(|target| match code.kind(*target) {
                        NodeKind::Attribute { attr, .. } => Some(attr.clone()),
                        _ => None,
                    }));
                }
                NodeKind::Call { args, .. }
                    if args.iter().any(|argument| is_it(argument.value)) && !self.replaces(subject, node) =>
                {
                    self.passed(subject, node, root);
                }
                _ => {}
            }
        }
    }

    /// Whether the call patches something with the mock.
    fn replaces(&mut self, subject: &Subject<'_>, call: NodeId) -> bool {
        let Some(replacement) = replacement(&subject.scope(), call) else { return false };
        self.names.insert(replacement.name);
        if self.path.is_none() {
            self.is_looked_up = replacement.object.is_none();
            self.path = replacement.path;
            self.owner = replacement.owner;
        }
        if subject.role == Role::Test {
            self.installed_in = self.installed_in.or(entered_by(subject, call));
        }
        true
    }

    /// The keyword, or the parameter of a project function, through which the mock is passed.
    fn passed(&mut self, subject: &Subject<'_>, call: NodeId, root: &str) {
        let code = subject.code();
        let NodeKind::Call { func, args } = code.kind(call) else { return };
        let mut position = 0;
        for argument in args {
            let is_it = code.dotted(argument.value).is_some_and(|name| name == root);
            match &argument.kind {
                ArgumentKind::Keyword(key) if is_it => self.filled(subject, *func, key.clone()),
                ArgumentKind::Positional => {
                    if is_it && let Some(name) = parameter_name(subject, *func, position) {
                        self.filled(subject, *func, name);
                    }
                    position += 1;
                }
                _ => {}
            }
        }
    }

    /// A parameter, and the attributes that the function keeps it in: `self._out = sink`.
    fn filled(&mut self, subject: &Subject<'_>, func: NodeId, parameter: SmolStr) {
        if let Some(called) = subject.definition(func).map(|definition| definition.subject(subject.project)) {
            let code = called.code();
            for node in called.body() {
                let NodeKind::Assign { targets, value } = code.kind(node) else { continue };
                let uses = |part| code.kind(part).as_name() == Some(parameter.as_str());
                if !code.subtree(*value).any(uses) {
                    continue;
                }
                self.names.extend(targets.iter().filter_map(|target| match code.kind(*target) {
                    NodeKind::Attribute { attr, .. } => Some(attr.clone()),
                    _ => None,
                }));
            }
        }
        self.names.insert(parameter);
    }
}

/// The `with` statement that enters the context that `call` makes.
fn entered_by(subject: &Subject<'_>, call: NodeId) -> Option<NodeId> {
    let code = subject.code();
    let parent = code.node(call).parent;
    match code.kind(parent) {
        NodeKind::With { items, .. } if items.iter().any(|item| item.context == call) => Some(parent),
        _ => None,
    }
}

/// The name of the parameter that a positional argument fills.
fn parameter_name(subject: &Subject<'_>, func: NodeId, position: usize) -> Option<SmolStr> {
    let called = subject.definition(func)?.subject(subject.project);
    let function = called.function()?;
    let has_self = called.class().is_some()
        && function.params.first().is_some_and(|param| matches!(param.name.as_str(), "self" | "cls"));
    function.params.get(position + usize::from(has_self)).map(|param| param.name.clone())
}
