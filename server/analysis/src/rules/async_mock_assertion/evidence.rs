//! Looks for the hand-off between a call and the assertion on the mock that it should have reached.

use super::carriers::carriers;
use super::reach::{self, Reach, Sought};
use super::{in_project, in_test, reloaded};
use crate::facts::code::ArgumentKind;
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::handoff::{HandOff, Runner, hand_off, last_name};
use crate::project::mock_assertions::{MockAssertion, mock_assertions};
use crate::project::mocks::{Mock, mock_at, spelled};
use crate::project::reload::Reload;
use crate::project::waits::Wait;
use crate::project::{Place, Subject};

/// A hand-off, and the mock whose assertion does not wait for it.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub assertion: MockAssertion,
    pub mock: Mock,
    pub traced: Traced,
}

/// Where the work goes, and what stands between it and the assertion.
#[derive(Clone, Debug)]
pub struct Traced {
    pub source: Source,
    pub confidence: Confidence,
    pub wait: Wait,
}

/// Where the work is handed off.
#[derive(Clone, Debug)]
pub enum Source {
    /// In the test.
    Here(HandOff),
    /// In a function of the project that the test or one of its fixtures calls, or in that fixture.
    There { function: String, runner: Runner, place: Place },
    /// Nothing is handed off: the mock stands in a module that was made anew since the test module imported `used`.
    Renewed { reload: Reload, used: String, used_at: NodeId },
}

impl Source {
    /// Who gets the work, if any is handed off.
    pub fn runner(&self) -> Option<Runner> {
        match self {
            Source::Here(off) => Some(off.runner),
            Source::There { runner, .. } => Some(*runner),
            Source::Renewed { .. } => None,
        }
    }
}

/// The hand-offs that assertions of an async test do not wait for: one for each hand-off, at the first assertion.
pub fn evidence(subject: &Subject<'_>) -> Vec<Evidence> {
    let assertions = mock_assertions(subject);
    let mut found: Vec<Evidence> = Vec::new();
    for assertion in &assertions {
        if is_expected_to_fail(subject, assertion) || is_asked_again(subject, &assertions, assertion) {
            continue;
        }
        let Some(mock) = mock_at(subject, assertion.mock) else { continue };
        let Some(traced) = trace(subject, &mock, assertion) else { continue };
        if !found.iter().any(|other| is_same(&other.traced.source, &traced.source)) {
            found.push(Evidence { assertion: assertion.clone(), mock, traced });
        }
    }
    found
}

fn trace(subject: &Subject<'_>, mock: &Mock, assertion: &MockAssertion) -> Option<Traced> {
    let sought = Sought {
        mock,
        counts: assertion.counts,
        carriers: carriers(subject, mock, assertion.node),
        through_hand_offs: true,
    };
    let traced = in_test::trace(subject, &sought, assertion)
        .or_else(|| in_project::trace(subject, &sought, assertion))
        .or_else(|| reloaded::trace(subject, mock, assertion))?;
    if !assertion.is_negative {
        return Some(traced);
    }
    // A timer has surely not fired right after it was set.
    let is_timer = traced.source.runner() == Some(Runner::Callback);
    let is_meant = is_timer || traced.wait != Wait::None || cancels(subject, mock, assertion);
    (!is_meant).then_some(Traced { confidence: Confidence::Possible, ..traced })
}

fn is_same(one: &Source, other: &Source) -> bool {
    match (one, other) {
        (Source::Here(one), Source::Here(other)) => one.call == other.call,
        (Source::There { place: one, .. }, Source::There { place: other, .. }) => one == other,
        (Source::Renewed { used_at: one, .. }, Source::Renewed { used_at: other, .. }) => one == other,
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
fn is_asked_again(subject: &Subject<'_>, all: &[MockAssertion], this: &MockAssertion) -> bool {
    let name = |assertion: &MockAssertion| spelled(subject, assertion.mock);
    this.is_negative
        && all.iter().any(|other| other.node > this.node && !other.is_negative && name(other) == name(this))
}

/// Whether something is cancelled or stopped before the assertion: then "not called" is the point.
fn cancels(subject: &Subject<'_>, mock: &Mock, assertion: &MockAssertion) -> bool {
    acts(subject, mock, assertion).into_iter().any(|call| {
        let NodeKind::Call { func, .. } = subject.code().kind(call) else { return false };
        last_name(subject, *func)
            .is_some_and(|name| name.contains("cancel") || name.contains("stop") || name.contains("disable"))
    })
}

/// The calls of the test before an assertion and after the mock was put in its place, in source order.
pub fn acts(subject: &Subject<'_>, mock: &Mock, assertion: &MockAssertion) -> Vec<NodeId> {
    let code = subject.code();
    let calls = subject
        .body()
        .take_while(|node| *node < assertion.node)
        .filter(|node| mock.installed_in.is_none_or(|with| *node > with))
        .filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }));
    calls
        .filter(|node| subject.runs_here(*node) && is_on_the_way(subject, *node, assertion))
        .filter(|node| !code.is_within(*node, assertion.statement))
        .collect()
}

/// Whether a node runs before the assertion on some way to it: it is in no other branch of an `if`.
pub fn is_on_the_way(subject: &Subject<'_>, node: NodeId, assertion: &MockAssertion) -> bool {
    let code = subject.code();
    let within = |block: &[NodeId], node| block.iter().any(|statement| code.is_within(node, *statement));
    code.ancestors(assertion.node).all(|outer| match code.kind(outer) {
        NodeKind::If { body, orelse, .. } => !(within(body, node) && within(orelse, assertion.node)),
        _ => true,
    })
}

/// The strongest way to the mock by what the test calls besides `but`.
pub fn other_route(
    subject: &Subject<'_>,
    sought: &Sought<'_>,
    assertion: &MockAssertion,
    but: &[NodeId],
) -> Reach {
    let code = subject.code();
    let is_excepted =
        |call: NodeId| but.iter().any(|off| code.is_within(call, *off) || code.is_within(*off, call));
    let others = acts(subject, sought.mock, assertion).into_iter().filter(|call| !is_excepted(*call));
    others.map(|call| route(subject, sought, call)).max().unwrap_or(Reach::No)
}

fn route(subject: &Subject<'_>, sought: &Sought<'_>, call: NodeId) -> Reach {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return Reach::No };
    if is_setup(subject, call, *func) {
        return Reach::No;
    }
    let carried = args.iter().any(|argument| {
        argument.kind != ArgumentKind::DoubleStar && reach::mentions(subject, argument.value, sought)
    });
    let is_awaited = code.awaited_by(call).is_some();
    match reach::of_callable(subject, *func, &sought.directly(), 2) {
        Reach::No if carried && is_awaited && !reach::is_seen(subject, *func) => Reach::Carried,
        found => found,
    }
}

/// Calls that make objects and mocks, or hand something off: they do not call a mock by themselves.
fn is_setup(subject: &Subject<'_>, call: NodeId, func: NodeId) -> bool {
    const CONFIGURING: &[&str] = &["assert", "attach_mock", "configure_mock", "reset_mock"];
    let name = last_name(subject, func).unwrap_or_default();
    name.starts_with(char::is_uppercase)
        || name.contains("patch")
        || matches!(name.as_str(), "put" | "put_nowait")
        || CONFIGURING.iter().any(|start| name.starts_with(start))
        || hand_off(subject, call).is_some()
}
