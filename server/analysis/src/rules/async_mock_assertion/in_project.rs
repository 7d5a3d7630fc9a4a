//! Hand-offs in functions of the project that a test or its fixtures call.

use super::carriers::{carriers, holds};
use super::evidence::{Source, Traced, acts, other_route};
use super::reach::{self, Reach, Sought};
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::callee::Definition;
use crate::project::handoff::{HandOff, Runner, Work, local_function};
use crate::project::mock_assertions::{Counts, MockAssertion};
use crate::project::waits::{Wait, is_returned, wait_for, wait_since};
use crate::project::{Place, Subject};

/// Functions that a called function calls are looked into this far for a hand-off.
const MAX_DEPTH: u32 = 2;
const FAR_DEPTH: u32 = 4;

/// A hand-off in a function of the project.
struct Far {
    function: String,
    runner: Runner,
    place: Place,
    /// In the function that is called, not in one that that calls, and the work surely calls the mock.
    is_plain: bool,
    /// The caller gets what it could wait for.
    gives_handle: bool,
}

/// A call that runs a function of the project. An `async with` runs its context's `__aenter__`.
struct Run {
    node: NodeId,
    definition: Definition,
    /// What is called holds the mock.
    holds_mock: bool,
}

pub fn trace(subject: &Subject<'_>, sought: &Sought<'_>, assertion: &MockAssertion) -> Option<Traced> {
    let mut runs: Vec<Run> = acts(subject, sought.mock, assertion)
        .into_iter()
        .flat_map(|call| runs_of_act(subject, sought, call))
        .chain(
            entered(subject, sought).filter(|run| is_entered_with_mock(subject, sought, assertion, run.node)),
        )
        .collect();
    runs.sort_by_key(|run| run.node);
    for run in runs.iter().rev() {
        if reach::of_definition(subject, &run.definition, &sought.directly(), MAX_DEPTH) == Reach::Calls {
            return None;
        }
        let Some(off) = handed_off_in(subject, run, sought, MAX_DEPTH) else { continue };
        // A hand-off that is some calls away may have a plain way beside it that is longer still.
        let is_called_too =
            || reach::of_definition(subject, &run.definition, &sought.directly(), FAR_DEPTH) == Reach::Calls;
        if !off.is_plain && is_called_too() {
            return None;
        }
        return judged(subject, sought, assertion, off, Some(run.node));
    }
    in_fixtures(subject, sought, assertion)
}

/// Whether a `with` holds the assertion and was entered when the mock was there.
fn is_entered_with_mock(
    subject: &Subject<'_>,
    sought: &Sought<'_>,
    assertion: &MockAssertion,
    with: NodeId,
) -> bool {
    subject.code().is_within(assertion.node, with)
        && sought.mock.installed_in.is_none_or(|installed| with >= installed)
}

fn judged(
    subject: &Subject<'_>,
    sought: &Sought<'_>,
    assertion: &MockAssertion,
    off: Far,
    run: Option<NodeId>,
) -> Option<Traced> {
    let code = subject.code();
    let from = run.map(|run| match code.kind(run) {
        // What is entered is over with the heads of the `with`.
        NodeKind::With { items, .. } => items.last().map_or(run, |item| item.context),
        // The call may be awaited: that waits for the function, not for what it handed off.
        _ => code.awaited_by(run).unwrap_or(run),
    });
    let wait = match run {
        Some(run) if off.gives_handle => {
            wait_for(subject, &HandOff::of_value(run, off.runner), Some(assertion.node))
        }
        _ => wait_since(subject, from, assertion.node),
    };
    let but: Vec<NodeId> =
        run.into_iter().filter(|run| matches!(code.kind(*run), NodeKind::Call { .. })).collect();
    let other = other_route(subject, sought, assertion, &but);
    if wait == Wait::Waited || other == Reach::Calls || (run.is_none() && other != Reach::No) {
        return None;
    }
    let is_sure = off.is_plain && other == Reach::No && !matches!(wait, Wait::Other(_));
    let confidence = if is_sure { Confidence::Likely } else { Confidence::Possible };
    let source = Source::There { function: off.function, runner: off.runner, place: off.place };
    Some(Traced { source, confidence, wait })
}

/// What a call runs; of a function nested in the test, what that calls.
fn runs_of_act(subject: &Subject<'_>, sought: &Sought<'_>, call: NodeId) -> Vec<Run> {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(call) else { return Vec::new() };
    match local_function(subject, *func) {
        Some(function) => {
            let inner =
                code.subtree(function).skip(1).filter_map(|inner| run_of_call(subject, sought, inner));
            inner.map(|run| Run { node: call, ..run }).collect()
        }
        None => run_of_call(subject, sought, call).into_iter().collect(),
    }
}

fn run_of_call(subject: &Subject<'_>, sought: &Sought<'_>, call: NodeId) -> Option<Run> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    let definition = subject.definition(*func)?;
    let is_given = args.iter().any(|argument| reach::mentions(subject, argument.value, sought));
    let holds_mock = is_given || holds(subject, *func, sought);
    Some(Run { node: call, definition, holds_mock })
}

/// The contexts that the subject's own function enters with `async with`.
fn entered<'a>(subject: &'a Subject<'_>, sought: &'a Sought<'_>) -> impl Iterator<Item = Run> + 'a {
    let code = subject.code();
    subject.body().filter(|node| subject.runs_here(*node)).flat_map(move |node| {
        let NodeKind::With { is_async: true, items, .. } = code.kind(node) else { return Vec::new() };
        let runs = items.iter().filter_map(|item| {
            let class = subject.class_of(item.context)?;
            let definition = subject.project.method(&class, "__aenter__")?;
            Some(Run { node, definition, holds_mock: reach::mentions(subject, item.context, sought) })
        });
        runs.collect()
    })
}

/// A hand-off in a fixture of the test, or in a function that it calls before it yields.
fn in_fixtures(subject: &Subject<'_>, sought: &Sought<'_>, assertion: &MockAssertion) -> Option<Traced> {
    let closure = subject.closure();
    let fixtures = closure.iter().filter_map(|closed| closed.fixture.as_ref());
    let off = fixtures
        .map(|fixture| fixture.subject(subject.project))
        .find_map(|fixture| handed_off_by_fixture(&fixture, sought))?;
    judged(subject, sought, assertion, off, None)
}

fn handed_off_by_fixture(fixture: &Subject<'_>, sought: &Sought<'_>) -> Option<Far> {
    let code = fixture.code();
    let end = NodeId(code.nodes.len() as u32);
    let yields =
        |node: &NodeId| matches!(code.kind(*node), NodeKind::Yield { .. }) && fixture.runs_here(*node);
    let until = fixture.body().find(yields);
    let is_before = |node: NodeId| node < until.unwrap_or(end);
    let sought = Sought { carriers: carriers(fixture, sought.mock, until.unwrap_or(end)), ..sought.clone() };
    let own = fixture.hand_offs().into_iter().filter(|off| is_before(off.begins)).find_map(|off| {
        let reach = reach::of_work(fixture, &off.work, &sought);
        let counts = reach >= Reach::Carried && wait_for(fixture, &off, until) != Wait::Waited;
        counts.then(|| far(fixture, &off, reach == Reach::Calls))
    });
    own.or_else(|| {
        let calls = fixture.body().filter(|node| fixture.runs_here(*node) && is_before(*node));
        let runs =
            calls.filter_map(|call| run_of_call(fixture, &sought, call)).chain(entered(fixture, &sought));
        runs.collect::<Vec<_>>().iter().find_map(|run| {
            let off = handed_off_in(fixture, run, &sought, MAX_DEPTH)?;
            let is_waited_for = off.gives_handle
                && wait_for(fixture, &HandOff::of_value(run.node, off.runner), until) == Wait::Waited;
            (!is_waited_for).then_some(off)
        })
    })
}

fn far(called: &Subject<'_>, off: &HandOff, is_plain: bool) -> Far {
    Far {
        function: called.function().map(|function| function.name.to_string()).unwrap_or_default(),
        runner: off.runner,
        place: called.place(called.code().range(off.call)),
        is_plain,
        gives_handle: false,
    }
}

/// A hand-off in the function that is run, or in one that it calls, whose work reaches the mock and that the function
/// does not wait for.
fn handed_off_in(subject: &Subject<'_>, run: &Run, sought: &Sought<'_>, depth: u32) -> Option<Far> {
    let called = run.definition.subject(subject.project);
    let code = called.code();
    let elsewhere = sought.elsewhere();
    for off in called.hand_offs() {
        let calls = reach::of_work(&called, &off.work, &elsewhere) == Reach::Calls;
        let may_call = calls || (run.holds_mock && is_dynamic(&called, &off.work, sought.counts));
        if !may_call {
            continue;
        }
        let is_direct = depth == MAX_DEPTH;
        let gives_handle =
            is_direct && called.code().awaited_by(off.call).is_none() && is_returned(&called, off.call);
        if !gives_handle && wait_for(&called, &off, None) == Wait::Waited {
            return None;
        }
        return Some(Far { gives_handle, ..far(&called, &off, calls && is_direct) });
    }
    if let Some(queued) = queued_in(&called, &elsewhere, depth == MAX_DEPTH) {
        return Some(queued);
    }
    let depth = depth.checked_sub(1)?;
    called.body().filter(|node| called.runs_here(*node)).find_map(|node| {
        let NodeKind::Call { func, .. } = code.kind(node) else { return None };
        let definition = called.definition(*func).filter(|inner| *inner != run.definition)?;
        let inner = Run { node, definition, holds_mock: run.holds_mock };
        handed_off_in(subject, &inner, sought, depth)
    })
}

/// Whether work calls functions that come out of a collection: the handlers of an event, the listeners of a bus.
fn is_dynamic(called: &Subject<'_>, work: &Work, counts: Counts) -> bool {
    let code = called.code();
    let is_element = |node: NodeId| {
        let Some(name) = code.kind(node).as_name() else { return false };
        let bound = called.facts.bindings().visible(code, name, node);
        bound.iter().any(|binding| matches!(binding.kind, BindingKind::Element(_)))
    };
    match work {
        Work::Function { func, .. } => is_element(*func),
        // The handler is called at once, and its coroutine awaited later.
        Work::Coroutine(node) => match code.kind(*node) {
            NodeKind::Call { func, args } => {
                (is_element(*func) && counts == Counts::Awaits)
                    || args.iter().any(|argument| is_element(argument.value))
            }
            _ => false,
        },
    }
}

/// `self.queue.put_nowait(…)` where another method of the class takes from that queue and reaches the mock.
fn queued_in(called: &Subject<'_>, sought: &Sought<'_>, is_plain: bool) -> Option<Far> {
    let code = called.code();
    let class = called.class()?;
    let file = &called.module.file;
    for node in called.body().filter(|node| called.runs_here(*node)) {
        let NodeKind::Call { func, .. } = code.kind(node) else { continue };
        let NodeKind::Attribute { value: queue, attr, .. } = code.kind(*func) else { continue };
        if !matches!(attr.as_str(), "put" | "put_nowait") {
            continue;
        }
        let Some(queue) = code.dotted(*queue).filter(|queue| queue.starts_with("self.")) else { continue };
        let taking = [format!("{queue}.get"), format!("in {queue}")];
        let consumes = |member: &u32| {
            *member != called.item
                && taking.iter().any(|words| file.item_text(*member).contains(words.as_str()))
        };
        let reaches = file.members(class).filter(consumes).any(|item| {
            let consumer = Definition { module: called.module.clone(), item };
            reach::of_definition(called, &consumer, sought, 1) == Reach::Calls
        });
        let waits = called.text().contains(&format!("{queue}.join"));
        if reaches && !waits {
            let function = called.function().map(|function| function.name.to_string()).unwrap_or_default();
            return Some(Far {
                function,
                runner: Runner::Queue,
                place: called.place(code.range(node)),
                is_plain,
                gives_handle: false,
            });
        }
    }
    None
}
