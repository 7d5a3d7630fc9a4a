//! What is said of a finding.

use super::{Asks, Begun, Found};
use crate::evidence::glance;
use crate::project::handoff::{Runner, handle_of};
use crate::project::{Place, Subject};

/// What, why, what to do.
pub fn sentences(subject: &Subject<'_>, found: &Found) -> [String; 3] {
    let asserted = glance(subject.source(found.assertion));
    let who = who(found.begun.off().runner);
    let what = match (&found.begun, &found.asks) {
        (Begun::Here(_), Asks::Effect(name)) => {
            format!("`{asserted}` needs what {who} does to `{name}`, and nothing waits for it.")
        }
        (Begun::There { function, .. }, Asks::Effect(name)) => {
            format!(
                "`{asserted}` needs what {who} that `{function}` starts does to `{name}`, and nothing waits for it."
            )
        }
        (_, Asks::End) => format!("`{asserted}` needs {who} to have ended, and nothing waits for that."),
    };
    [what, why(subject, found).to_owned(), todo(subject, found)]
}

fn who(runner: Runner) -> &'static str {
    match runner {
        Runner::Thread => "the thread",
        Runner::Executor => "the executor's thread",
        Runner::Process => "the process",
        _ => "the task",
    }
}

fn why(subject: &Subject<'_>, found: &Found) -> &'static str {
    match (&found.asks, &found.begun) {
        (_, Begun::Here(off)) if !off.is_apart(subject) => {
            "How far it gets while something else is awaited depends on what else the event loop has to do."
        }
        (Asks::Effect(_), _) => {
            "It runs beside the test, and on a busy machine the test gets there first: then the assertion fails."
        }
        (Asks::End, _) => {
            "Its end takes its own time, also after it was told to stop, and on a busy machine the test gets there first."
        }
    }
}

fn todo(subject: &Subject<'_>, found: &Found) -> String {
    let Begun::Here(off) = &found.begun else {
        return "Wait, with a limit, for what is asserted, or let the function give back what can be waited for."
            .to_owned();
    };
    let handle = handle_of(subject, off.call);
    let named = |fallback: &str| handle.clone().unwrap_or_else(|| fallback.to_owned());
    match off.runner {
        Runner::Thread => format!("Join `{}` before the assertion.", named("thread")),
        Runner::Process if off.begins != off.call => {
            format!("Join `{}` before the assertion.", named("process"))
        }
        Runner::Process => format!("Wait for `{}` before the assertion.", named("process")),
        _ if !off.is_apart(subject) => {
            "Await it before the assertion, or wait, with a limit, for what is asserted.".to_owned()
        }
        _ => format!("Ask `{}` for its result before the assertion.", named("future")),
    }
}

pub fn related(subject: &Subject<'_>, found: &Found) -> Vec<(Place, String)> {
    let here = |node| subject.place(subject.code().range(node));
    match &found.begun {
        Begun::Here(off) => vec![(here(off.begins), "It is started here.".to_owned())],
        Begun::There { call, function, place, .. } => vec![
            (here(*call), format!("`{function}` is called here.")),
            (place.clone(), "The work is started here.".to_owned()),
        ],
    }
}
