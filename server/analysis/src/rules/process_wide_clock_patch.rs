//! `process-wide-clock-patch`: an exact count of the calls of a sleep that is replaced for the whole process.

mod asked;
mod beside;
mod cure;

use super::{Cause, Rule, RuleMeta, Said};
use crate::evidence::glance;
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::project::{Glance, Place, Roles, Subject};

use beside::Beside;

pub struct ProcessWideClockPatch;

pub struct Found {
    /// The question: `sleep.call_count`, `sleep.assert_called_once()`, a list of what was slept.
    at: NodeId,
    /// `time.sleep`
    path: &'static str,
    beside: Beside,
}

impl Rule for ProcessWideClockPatch {
    const META: RuleMeta = RuleMeta {
        name: "process-wide-clock-patch",
        summary: "An exact count of the calls of a sleep that is patched for every thread, while another thread sleeps too",
        cause: Cause::Asynchronous,
        page: include_str!("process-wide-clock-patch.md"),
        on_by_default: true,
        triggers: &[&["sleep"], &["assert"], &["call", "await", "append"]],
    };
    const ROLES: Roles = Roles::TEST;
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        !asked::tells_threads_apart(item.text())
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        if asked::tells_threads_apart(subject.text()) {
            return Vec::new();
        }
        let questions = asked::questions(subject);
        let found = questions.into_iter().filter_map(|asked| {
            let beside = beside::beside(subject, &asked)?;
            Some(Found { at: asked.at, path: asked.path, beside })
        });
        found.collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let code = subject.code();
        let statement = glance(subject.source(code.statement_of(found.at)));
        let (module, _) = found.path.rsplit_once('.').unwrap_or((found.path, ""));
        let Found { path, beside, .. } = found;
        Said {
            confidence: beside.confidence(path),
            at: code.range(found.at),
            what: format!(
                "`{statement}` counts every call of `{path}` in the process: the patch is on the module `{module}` itself, which all share."
            ),
            why: beside.why(path),
            todo: format!(
                "Patch the name `{module}` of the module under test, as in `patch(\"shop.mail.{module}\")`, or ask only for the calls that it must make."
            ),
            related: related(found),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::fixes(subject, found)
    }
}

fn related(found: &Found) -> Vec<(Place, String)> {
    let sleeper = found.beside.sleeper();
    vec![
        (sleeper.place.clone(), format!("`{}` is called here, over and over.", found.path)),
        (sleeper.begins.clone(), format!("{} begins here.", capital(sleeper.runner.words()))),
    ]
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
