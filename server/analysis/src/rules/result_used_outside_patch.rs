//! `result-used-outside-patch`: work that is made while something is patched, and runs when the patch is over.

mod cure;
mod late;
mod patched;

use smol_str::SmolStr;

use crate::evidence::glance;
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::handoff::Runner;
use crate::project::{Place, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

pub struct ResultUsedOutsidePatch;

pub struct Found {
    /// The `with` statement at whose end the patch is over.
    with: NodeId,
    /// The call that makes what runs later.
    made: NodeId,
    late: Late,
    /// What the patch replaces, and where what runs later looks for it.
    replaced: SmolStr,
    looked_up: Place,
    confidence: Confidence,
}

/// What runs later.
#[derive(Clone, Copy)]
enum Late {
    /// Runs when it is awaited.
    Coroutine { used: NodeId },
    /// Runs as it is read.
    Generator { used: NodeId },
    /// Runs beside the test, which does not wait for it in the `with`.
    HandedOff(Runner),
}

impl Rule for ResultUsedOutsidePatch {
    const META: RuleMeta = RuleMeta {
        name: "result-used-outside-patch",
        summary: "Something lazy that is made while a patch is in force, and runs when it is over",
        cause: Cause::Asynchronous,
        page: include_str!("result-used-outside-patch.md"),
        on_by_default: true,
        triggers: &[&["patch"]],
    };
    const ROLES: Roles = Roles::TEST;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        patched::withs(subject).iter().flat_map(|patched| late::found(subject, patched)).collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let made = glance(subject.source(found.made));
        let replaced = &found.replaced;
        let (what, todo) = match found.late {
            Late::Coroutine { .. } => (
                format!(
                    "`{made}` only makes a coroutine here; it runs when it is awaited, after the patch of `{replaced}` is over."
                ),
                "Await it inside the `with`.",
            ),
            Late::Generator { .. } => (
                format!(
                    "`{made}` only makes a generator here; it runs as it is read, after the patch of `{replaced}` is over."
                ),
                "Read it inside the `with`.",
            ),
            Late::HandedOff(runner) => (
                format!(
                    "`{made}` gives work to {}, and nothing in the `with` waits until it has used the patch of `{replaced}`.",
                    runner.words()
                ),
                "Wait for the work inside the `with`.",
            ),
        };
        let why = match found.late {
            Late::HandedOff(_) => {
                "Whether it meets the patch or the real thing is up to the scheduler: the test passes, fails, or reaches the network."
            }
            _ => "It then uses the real thing: the test depends on what that does on this machine, today.",
        };
        Said {
            confidence: found.confidence,
            at: subject.code().range(found.made),
            what,
            why: why.to_owned(),
            todo: todo.to_owned(),
            related: related(subject, found),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::moved_inside(subject, found).into_iter().collect()
    }
}

fn related(subject: &Subject<'_>, found: &Found) -> Vec<(Place, String)> {
    let mut places = vec![(found.looked_up.clone(), format!("`{}` is looked up here.", found.replaced))];
    if let Late::Coroutine { used } | Late::Generator { used } = found.late {
        places.push((subject.place(subject.code().range(used)), "It runs here.".to_owned()));
    }
    places
}
