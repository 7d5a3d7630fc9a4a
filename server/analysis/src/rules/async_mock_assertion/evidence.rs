//! Looks for the hand-off between a call and the assertion on the mock that it should have reached.

use std::collections::BTreeSet;

use super::reach::{self, Reach, Sought};
use crate::facts::code::ArgumentKind;
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::callee::Definition;
use crate::project::handoff::{HandOff, Runner, hand_offs, last_name};
use crate::project::mock_assertions::{MockAssertion, mock_assertions};
use crate::project::mocks::{Mock, mock_at};
use crate::project::waits::{Wait, wait_for};
use crate::project::{Place, Subject};

/// Functions that a called function calls are looked into this far for a hand-off.
const MAX_DEPTH: u32 = 2;

/// A hand-off, and the mock whose assertion does not wait for it.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub assertion: MockAssertion,
    pub mock: Mock,
    pub source: Source,
    pub confidence: Confidence,
    /// What stands between the hand-off and the assertion in the test.
    pub wait: Wait,
}

/// Where the work is handed off.
#[derive(Clone, Debug)]
pub enum Source {
    /// In the test.
    Here(HandOff),
    /// In a function of the project that the test calls.
    There { function: String, runner: Runner, place: Place },
}

/// The hand-offs that assertions of an async test do not wait for: one for each hand-off, at the first assertion.
pub fn evidence(subject: &Subject<'_>) -> Vec<Evidence> {
    let assertions = mock_assertions(subject);
    let mut found: Vec<Evidence> = Vec::new();
    for assertion in &assertions {
        if is_expected_to_fail(subject, assertion) || is_asked_again(&assertions, assertion, subject) {
            continue;
        }
        let Some(mock) = mock_at(subject, assertion.mock) else { continue };
        let sought = Sought {
            mock: &mock,
            counts: assertion.counts,
            carriers: carriers(subject, &mock, assertion.node),
            through_hand_offs: true,
        };
        let Some((source, confidence, wait)) =
            here(subject, &sought, assertion).or_else(|| there(subject, &sought, assertion))
        else {
            continue;
        };
        if assertion.is_negative
            && (!matches!(wait, Wait::None | Wait::Tick(_)) || cancels(subject, assertion))
        {
            continue;
        }
        let confidence = if assertion.is_negative { Confidence::Possible } else { confidence };
        if !found.iter().any(|other| is_same(&other.source, &source)) {
            found.push(Evidence { assertion: assertion.clone(), mock, source, confidence, wait });
        }
    }
    found
}

fn is_same(one: &Source, other: &Source) -> bool {
    match (one, other) {
        (Source::Here(one), Source::Here(other)) => one.call == other.call,
        (Source::There { place: one, .. }, Source::There { place: other, .. }) => one == other,
        _ => false,
    }
}

/// Inside `with pytest.raises(…)`.
fn is_expected_to_fail(subject: &Subject<'_>, assertion: &MockAssertion) -> bool {
    let code = subject.code();
    code.ancestors(assertion.node).any(|outer| {
        let NodeKind::With { items, .. } = code.kind(outer) else { return false };
        items.iter().any(|item| {
            let NodeKind::Call { func, .. } = code.kind(item.context) else { return false };
            last_name(subject, *func).is_some_and(|name| name == "raises" || name.starts_with("assertRaises"))
        })
    })
}

/// A "not yet" that a later assertion on the same mock completes.
fn is_asked_again(all: &[MockAssertion], this: &MockAssertion, subject: &Subject<'_>) -> bool {
    let name = |assertion: &MockAssertion| subject.code().dotted(assertion.mock);
    this.is_negative
        && all.iter().any(|other| other.node > this.node && !other.is_negative && name(other) == name(this))
}

/// Whether something is cancelled or stopped before the assertion: then "not called" is the point.
fn cancels(subject: &Subject<'_>, assertion: &MockAssertion) -> bool {
    let names = acts(subject, assertion).into_iter().filter_map(|call| match subject.code().kind(call) {
        NodeKind::Call { func, .. } => last_name(subject, *func),
        _ => None,
    });
    names.into_iter().any(|name| name.contains("cancel") || name.contains("stop") || name.contains("disable"))
}

type Traced = (Source, Confidence, Wait);

/// A hand-off in the test itself; the last one before the assertion that reaches the mock.
fn here(subject: &Subject<'_>, sought: &Sought<'_>, assertion: &MockAssertion) -> Option<Traced> {
    let offs = hand_offs(subject);
    let before = offs
        .into_iter()
        .filter(|off| off.begins < assertion.node && is_on_the_way(subject, off.call, assertion));
    for off in before.rev() {
        let reach = reach::of_work(subject, &off.work, sought);
        if reach == Reach::No {
            continue;
        }
        let wait = wait_for(subject, &off, Some(assertion.node));
        if wait == Wait::Waited || is_waited_on_the_other_side(subject, &off, wait) {
            return None;
        }
        let other = other_route(subject, sought, assertion, &[off.call, off.begins]);
        let confidence = match (reach, other, wait) {
            (_, Reach::Calls, _) | (Reach::Carried, Reach::Carried, _) => return None,
            (_, _, Wait::Other(_)) | (Reach::Calls, Reach::Carried, _) => Confidence::Possible,
            _ => Confidence::Likely,
        };
        return Some((Source::Here(off), confidence, wait));
    }
    None
}

/// Whether what is awaited is something that the work has a hand in: `call_later(0, client.on_reply)`, then
/// `await client.request()`.
fn is_waited_on_the_other_side(subject: &Subject<'_>, off: &HandOff, wait: Wait) -> bool {
    let Wait::Other(awaited) = wait else { return false };
    let code = subject.code();
    let names = |node: NodeId| code.subtree(node).filter_map(|part| code.kind(part).as_name());
    let of_work: Vec<&str> = off.work.nodes().into_iter().flat_map(names).collect();
    names(awaited).any(|name| of_work.contains(&name) && !matches!(name, "self" | "asyncio"))
}

/// A hand-off in a function of the project that the test, or a fixture that it requests, calls.
fn there(subject: &Subject<'_>, sought: &Sought<'_>, assertion: &MockAssertion) -> Option<Traced> {
    let code = subject.code();
    let calls = acts(subject, assertion);
    for call in calls.iter().rev() {
        let NodeKind::Call { func, .. } = code.kind(*call) else { continue };
        let Some(definition) = subject.definition(*func) else { continue };
        if reach::of_definition(subject, &definition, &sought.directly(), MAX_DEPTH + 1) == Reach::Calls {
            return None;
        }
        let Some(off) = handed_off_in(subject, &definition, sought, MAX_DEPTH) else { continue };
        let after = HandOff {
            call: *call,
            begins: *call,
            runner: off.runner,
            work: crate::project::handoff::Work::Coroutine(*call),
        };
        let wait = match wait_after(subject, &after, assertion) {
            Wait::Waited => return None,
            wait => wait,
        };
        let other = other_route(subject, sought, assertion, &[*call]);
        if other == Reach::Calls {
            return None;
        }
        let is_sure = off.is_direct && other == Reach::No && !matches!(wait, Wait::Other(_));
        let confidence = if is_sure { Confidence::Likely } else { Confidence::Possible };
        let source = Source::There { function: off.function, runner: off.runner, place: off.place };
        return Some((source, confidence, wait));
    }
    None
}

/// What waits between the end of a call in the test and the assertion.
fn wait_after(subject: &Subject<'_>, call: &HandOff, assertion: &MockAssertion) -> Wait {
    let code = subject.code();
    // The call may be awaited: that waits for the function, not for what it handed off.
    let at = code.awaited_by(call.call).unwrap_or(call.call);
    let plain = HandOff { call: at, begins: at, ..call.clone() };
    wait_for(subject, &plain, Some(assertion.node))
}

/// A hand-off in a function of the project.
struct Far {
    function: String,
    runner: Runner,
    place: Place,
    /// In the function that the test calls, not in one that that calls.
    is_direct: bool,
}

fn handed_off_in(
    subject: &Subject<'_>,
    definition: &Definition,
    sought: &Sought<'_>,
    depth: u32,
) -> Option<Far> {
    let called = definition.subject(subject.project);
    let code = called.code();
    let elsewhere = sought.elsewhere();
    let offs = hand_offs(&called);
    for off in &offs {
        if reach::of_work(&called, &off.work, &elsewhere) != Reach::Calls {
            continue;
        }
        if wait_for(&called, off, None) == Wait::Waited {
            return None;
        }
        return Some(Far {
            function: definition.name().to_owned(),
            runner: off.runner,
            place: called.place(code.range(off.call)),
            is_direct: depth == MAX_DEPTH,
        });
    }
    let depth = depth.checked_sub(1)?;
    called.body().filter(|node| called.runs_here(*node)).find_map(|node| {
        let NodeKind::Call { func, .. } = code.kind(node) else { return None };
        let inner = called.definition(*func).filter(|inner| inner != definition)?;
        handed_off_in(subject, &inner, sought, depth)
    })
}

/// The strongest way to the mock by what the test calls besides the hand-off.
fn other_route(
    subject: &Subject<'_>,
    sought: &Sought<'_>,
    assertion: &MockAssertion,
    but: &[NodeId],
) -> Reach {
    let code = subject.code();
    let mut strongest = Reach::No;
    for call in acts(subject, assertion) {
        let is_the_handoff = but.iter().any(|off| code.is_within(call, *off) || code.is_within(*off, call));
        let NodeKind::Call { func, args } = code.kind(call) else { continue };
        if is_the_handoff || is_setup(subject, call, *func) {
            continue;
        }
        let carried = args.iter().any(|argument| {
            argument.kind != ArgumentKind::DoubleStar && reach::mentions(subject, argument.value, sought)
        });
        let found = match reach::of_callable(subject, *func, &sought.directly(), 2) {
            Reach::No if carried && !reach::is_seen(subject, *func) && code.awaited_by(call).is_some() => {
                Reach::Carried
            }
            found => found,
        };
        strongest = strongest.max(found);
    }
    strongest
}

/// Calls that make objects and mocks, and hand-offs: they do not call a mock by themselves.
fn is_setup(subject: &Subject<'_>, call: NodeId, func: NodeId) -> bool {
    let name = last_name(subject, func).unwrap_or_default();
    let makes_object = name.starts_with(char::is_uppercase);
    let configures = name.starts_with("reset_mock")
        || name.starts_with("attach_mock")
        || name.starts_with("configure_mock");
    let hands_off = crate::project::handoff::hand_off(subject, call).is_some();
    makes_object || configures || hands_off || name.starts_with("assert") || name.contains("patch")
}

/// The calls of the test before an assertion, since the assertion before it on any mock.
fn acts(subject: &Subject<'_>, assertion: &MockAssertion) -> Vec<NodeId> {
    let code = subject.code();
    subject
        .body()
        .take_while(|node| *node < assertion.node)
        .filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }))
        .filter(|node| subject.runs_here(*node) && is_on_the_way(subject, *node, assertion))
        .filter(|node| {
            !code.is_within(*node, assertion.statement)
                || matches!(code.kind(assertion.statement), NodeKind::With { .. })
        })
        .collect()
}

/// Whether a node runs before the assertion on some way to it: it is in no other branch of an `if` or `try`.
fn is_on_the_way(subject: &Subject<'_>, node: NodeId, assertion: &MockAssertion) -> bool {
    let code = subject.code();
    code.ancestors(assertion.node).all(|outer| match code.kind(outer) {
        NodeKind::If { body, orelse, .. } => {
            let within =
                |block: &[NodeId], node| block.iter().any(|statement| code.is_within(node, *statement));
            !(within(body, node) && within(orelse, assertion.node))
        }
        _ => true,
    })
}

/// The names in the test through which the mock can be reached: its own, and those of what it was put into.
fn carriers(subject: &Subject<'_>, mock: &Mock, until: NodeId) -> Vec<String> {
    let code = subject.code();
    let mut names = BTreeSet::from([mock.name.clone(), mock.root.clone()]);
    names.extend(fixtures_holding(subject, mock));
    for node in subject.body().take_while(|node| *node < until) {
        let (targets, value) = match code.kind(node) {
            NodeKind::Assign { targets, value } => (targets.to_vec(), *value),
            NodeKind::AnnAssign { target, value: Some(value), .. } => (vec![*target], *value),
            NodeKind::With { items, .. } => {
                let entered = items.iter().filter_map(|item| Some((item.target?, item.context)));
                let held: Vec<_> =
                    entered.filter(|(_, context)| names_one(subject, *context, &names)).collect();
                names.extend(held.iter().filter_map(|(target, _)| code.dotted(*target)));
                continue;
            }
            _ => continue,
        };
        if !names_one(subject, value, &names) {
            continue;
        }
        for target in targets {
            if let NodeKind::Attribute { value, .. } = code.kind(target) {
                names.extend(code.dotted(*value).filter(|name| name != "self"));
            }
            names.extend(code.dotted(target));
        }
    }
    names.into_iter().collect()
}

/// Whether an expression that makes something new is given one of the names. The value of an `await` is a result.
fn names_one(subject: &Subject<'_>, expr: NodeId, names: &BTreeSet<String>) -> bool {
    let code = subject.code();
    !matches!(code.kind(expr), NodeKind::Await(_))
        && code.subtree(expr).any(|node| code.dotted(node).is_some_and(|name| names.contains(&name)))
}

/// The fixtures of the test that request the mock's fixture, directly or not.
fn fixtures_holding(subject: &Subject<'_>, mock: &Mock) -> Vec<String> {
    let closure = subject.project.closure(&subject.module, subject.item);
    let mut holding = BTreeSet::from([mock.root.clone()]);
    loop {
        let more: Vec<String> = closure
            .iter()
            .filter_map(|closed| closed.fixture.as_ref())
            .filter(|fixture| !holding.contains(fixture.name.as_str()))
            .filter(|fixture| fixture.requests.iter().any(|name| holding.contains(name.as_str())))
            .map(|fixture| fixture.name.to_string())
            .collect();
        if more.is_empty() {
            return holding.into_iter().collect();
        }
        holding.extend(more);
    }
}
