//! What brings a module back after it was reloaded or taken out of `sys.modules`.
//!
//! When `monkeypatch` undoes was seen in runs (`pytest-facts.md`, A5): at its own place in the tear-down, so behind the
//! tear-down of every fixture that asked for it, and behind what a test or fixture registers with `request`.

use crate::facts::{Code, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::effects::{Act, Footprint, Phase};
use crate::project::guards::{Guarded, Guards};
use crate::project::reload::{Reload, Renewal};
use crate::project::target::Target;

use super::condition::{Condition, Holds, leaves_context, undoes};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    No,
    /// By a later statement that is reached only if nothing fails before.
    IfPassing(NodeId),
    /// Reloaded again while the condition still holds.
    TooEarly(NodeId),
    Fully,
}

pub fn of(
    subject: &Subject<'_>,
    footprint: &Footprint,
    guards: &Guards,
    reload: &Reload,
    conditions: &[Condition],
) -> Undone {
    let module = Target::attribute(reload.module.clone());
    let is_guarded = |target: &Target| guards.of_target(target) != Guarded::No;
    match reload.renewal {
        Renewal::Purge if is_guarded(&entry(reload)) => Undone::Fully,
        Renewal::Purge => of_purge(footprint, reload),
        Renewal::Reload if is_guarded(&module) || guards.renews(&module) => Undone::Fully,
        Renewal::Reload => of_reload(subject, footprint, reload, &module, conditions),
    }
}

/// The entry of `sys.modules`, or any where it takes submodules too.
pub fn entry(reload: &Reload) -> Target {
    Target::SysModules((!reload.with_submodules).then(|| reload.module.clone()))
}

fn of_purge(footprint: &Footprint, reload: &Reload) -> Undone {
    let gone = entry(reload);
    let is_covered =
        footprint.covers.iter().any(|cover| cover.holds(reload.node) && cover.target.covers(&gone));
    let puts_back = |act: Act| matches!(act, Act::Put | Act::Replace | Act::Update | Act::Reset);
    let of_entry = || footprint.touches.iter().filter(|touch| touch.target.overlaps(&gone));
    let is_lent = of_entry().any(|touch| touch.act == Act::Lent && touch.node <= reload.node);
    let mut back = of_entry().filter(|touch| puts_back(touch.act) && touch.node > reload.node);
    if is_covered || is_lent || back.clone().any(|touch| touch.phase != Phase::Run) {
        return Undone::Fully;
    }
    // A clean-up that is registered first runs last.
    if of_entry().any(|touch| touch.phase == Phase::Registered && puts_back(touch.act)) {
        return Undone::Fully;
    }
    back.next().map_or(Undone::No, |touch| Undone::IfPassing(touch.node))
}

fn of_reload(
    subject: &Subject<'_>,
    footprint: &Footprint,
    reload: &Reload,
    module: &Target,
    conditions: &[Condition],
) -> Undone {
    let again = |phase: Phase| {
        footprint.touches.iter().filter(move |touch| {
            touch.act == Act::Reset
                && touch.phase == phase
                && touch.node != reload.node
                && touch.target.covers(module)
        })
    };
    if again(Phase::Registered).next().is_some() || is_written_back(footprint, module) {
        return Undone::Fully;
    }
    // What the fixtures around hold is the test's everyday; the function's own changes are what has to be over.
    let is_own = |condition: &&Condition| condition.holds != Holds::Fixture;
    let has_own = conditions.iter().any(|condition| is_own(&condition));
    let is_over = |at: NodeId| {
        let mut decisive = conditions.iter().filter(|condition| !has_own || is_own(condition));
        decisive.all(|condition| is_over(subject, footprint, condition, reload.node, at))
    };
    let later = again(Phase::TearDown).chain(again(Phase::Run)).filter(|touch| touch.node > reload.node);
    let mut early = None;
    let mut if_passing = None;
    for touch in later {
        match (is_over(touch.node), touch.phase) {
            (true, Phase::Run) if is_right_behind(subject.code(), reload.node, touch.node) => {
                return Undone::Fully;
            }
            (true, Phase::Run) => if_passing = Some(touch.node),
            (true, _) => return Undone::Fully,
            (false, Phase::Run) => {}
            (false, _) => early = Some(touch.node),
        }
    }
    match (if_passing, early) {
        (Some(node), _) => Undone::IfPassing(node),
        (None, Some(node)) => Undone::TooEarly(node),
        (None, None) => Undone::No,
    }
}

/// Whether the statement of `later` comes next after a `with` around `earlier`: its author had the way back in mind, and
/// only an assertion inside can keep it from being gone.
fn is_right_behind(code: &Code, earlier: NodeId, later: NodeId) -> bool {
    code.ancestors(earlier).any(|outer| {
        matches!(code.kind(outer), NodeKind::With { .. })
            && code.node(outer).subtree_end == code.statement_of(later).0
    })
}

/// Whether the tear-down gives attributes of the module values of their own.
fn is_written_back(footprint: &Footprint, module: &Target) -> bool {
    footprint
        .touches
        .iter()
        .any(|touch| touch.phase != Phase::Run && touch.act != Act::Reset && touch.target.overlaps(module))
}

/// Whether a condition at the first reload no longer holds at `at`.
fn is_over(
    subject: &Subject<'_>,
    footprint: &Footprint,
    condition: &Condition,
    reload: NodeId,
    at: NodeId,
) -> bool {
    let is_written_again = footprint.touches.iter().any(|touch| {
        touch.node > reload
            && touch.node < at
            && touch.act != Act::Reset
            && touch.target.overlaps(&condition.target)
    });
    match condition.holds {
        Holds::Until(end) => at.0 >= end,
        Holds::Written(_) => is_written_again,
        Holds::BeyondTest => {
            is_written_again || undoes(subject, reload, at) || leaves_context(subject, reload, at)
        }
        Holds::Fixture => undoes(subject, reload, at),
    }
}
