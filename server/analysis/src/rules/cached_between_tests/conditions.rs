//! What is changed for the time of a test, by itself or by what runs around it, and how that is written.

use smol_str::SmolStr;

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::cached::around;
use crate::project::effects::{Act, Cover, Footprint, Phase, Touch, patched};
use crate::project::fixtures::FixtureScope;
use crate::project::target::Target;
use crate::project::{Place, Role, Subject};

/// A change that is in force at some node of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub target: Target,
    /// What makes it.
    pub place: Place,
    /// Its source: two tests that write the same have the same.
    pub written: SmolStr,
}

/// The changes that are in force at a node, by `monkeypatch`, `mocker`, `patch` or by hand: of the test itself, of the
/// decorators of its class, and of the fixtures and set-ups around it that take them back.
pub fn in_force(subject: &Subject<'_>, at: NodeId) -> Vec<Condition> {
    let footprint = Footprint::of(subject);
    let mut found = touched(subject, &footprint, at, |_| true);
    found.extend(footprint.covers.iter().filter(|cover| cover.holds(at)).flat_map(|it| covered(subject, it)));
    found.extend(around(subject).iter().filter(|it| ends_with_tests(it)).flat_map(left_in_force));
    found
}

/// Whether a set-up or fixture is over before tests of other modules run.
fn ends_with_tests(around: &Subject<'_>) -> bool {
    match around.role {
        Role::Fixture => {
            around.as_fixture().and_then(|it| it.scope).is_some_and(|it| it < FixtureScope::Package)
        }
        _ => true,
    }
}

/// What a fixture or set-up changes for the tests that it runs around, and takes back.
fn left_in_force(around: &Subject<'_>) -> Vec<Condition> {
    let footprint = Footprint::of(around);
    let end = footprint.hands_over.unwrap_or(NodeId(around.code().nodes.len() as u32));
    let is_taken_back = |touch: &Touch| touch.act == Act::Lent || footprint.is_undone(touch);
    let mut found = touched(around, &footprint, end, is_taken_back);
    let covers = footprint.covers.iter().filter(|cover| cover.start > 0 && cover.holds(end));
    found.extend(covers.flat_map(|cover| covered(around, cover)));
    found
}

fn touched(
    subject: &Subject<'_>,
    footprint: &Footprint,
    until: NodeId,
    counts: impl Fn(&Touch) -> bool,
) -> Vec<Condition> {
    let touches = footprint.touches.iter().filter(|touch| touch.phase == Phase::Run && touch.node < until);
    touches.filter(|touch| counts(touch)).flat_map(|it| conditions(subject, &it.target, it.node)).collect()
}

fn covered(subject: &Subject<'_>, cover: &Cover) -> Vec<Condition> {
    match context_of(subject, cover) {
        Some((owner, context)) => conditions(&owner, &cover.target, context),
        None => Vec::new(),
    }
}

/// One for each variable that `patch.dict(os.environ, …)` gives a value.
fn conditions(subject: &Subject<'_>, target: &Target, node: NodeId) -> Vec<Condition> {
    let condition = |target: Target| {
        let place = subject.place(subject.code().range(node));
        Condition { target, place, written: subject.source(node).into() }
    };
    match (target, subject.code().kind(started(subject, node))) {
        (Target::Environ(None), NodeKind::Call { args, .. }) => {
            variables(subject, args).map(|name| condition(Target::Environ(Some(name)))).collect()
        }
        _ => vec![condition(target.clone())],
    }
}

/// The patcher that a call of its `start` puts in force: `patcher` in `patcher.start()`, where it is made.
fn started(subject: &Subject<'_>, call: NodeId) -> NodeId {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(call) else { return call };
    let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return call };
    if attr != "start" {
        return call;
    }
    let Some(name) = code.dotted(*value) else { return *value };
    let made = subject.body().take_while(|node| *node < call).find_map(|node| match code.kind(node) {
        NodeKind::Assign { targets, value } => {
            targets.iter().any(|target| code.dotted(*target).as_ref() == Some(&name)).then_some(*value)
        }
        _ => None,
    });
    made.unwrap_or(call)
}

/// The patcher that covers: a decorator of the function or of its class, or in the head of the `with` statement whose body is
/// covered; and whose code it stands in. `None` where several could be meant.
fn context_of<'p>(subject: &Subject<'p>, cover: &Cover) -> Option<(Subject<'p>, NodeId)> {
    let code = subject.code();
    if cover.start > 0 {
        let contexts: Vec<NodeId> = subject.body().find_map(|node| match code.kind(node) {
            NodeKind::With { items, body, .. }
                if body.first().is_some_and(|first| first.0 == cover.start) =>
            {
                Some(items.iter().map(|item| item.context).collect())
            }
            _ => None,
        })?;
        return Some((subject.clone(), patcher_among(subject, &contexts, cover)?));
    }
    let own: Vec<NodeId> = subject.function()?.decorators.iter().map(|decorator| decorator.expr).collect();
    let class = subject.class().map(|class| Subject::new(subject.project, &subject.module, class));
    let of_class = |class: Subject<'p>| {
        let decorators: Vec<NodeId> = class.code().class()?.decorators.iter().map(|it| it.expr).collect();
        let context = patcher_among(&class, &decorators, cover)?;
        Some((class, context))
    };
    class.and_then(of_class).or_else(|| Some((subject.clone(), patcher_among(subject, &own, cover)?)))
}

fn patcher_among(subject: &Subject<'_>, contexts: &[NodeId], cover: &Cover) -> Option<NodeId> {
    let is_function = subject.function().is_some();
    let covers = |context: &NodeId| match subject.code().kind(*context) {
        NodeKind::Call { func, args } => {
            subject.resolve(*func).is_some_and(|path| patched(subject, &path, args).contains(&cover.target))
        }
        _ => false,
    };
    match *contexts {
        [only] if is_function => Some(only),
        _ => contexts.iter().copied().find(covers),
    }
}

/// The names in `patch.dict(os.environ, {"X": "1"}, Y="2")`.
fn variables<'s>(subject: &'s Subject<'_>, args: &'s [Argument]) -> impl Iterator<Item = SmolStr> + 's {
    let code = subject.code();
    args.iter().flat_map(move |argument| -> Vec<SmolStr> {
        match (&argument.kind, code.kind(argument.value)) {
            (ArgumentKind::Keyword(name), NodeKind::Str(_)) => vec![name.clone()],
            (_, NodeKind::Dict(pairs)) => {
                pairs.iter().filter_map(|(key, _)| code.kind((*key)?).as_str().map(SmolStr::new)).collect()
            }
            _ => Vec::new(),
        }
    })
}
