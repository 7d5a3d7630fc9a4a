//! The cures: wait by the handle where the work surely ends, else look again and again.

use super::begun::run_of;
use super::{Asks, Begun, Found};
use crate::facts::arguments::keyword;
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Fix};
use crate::fixes::handle::{Handle, handle, reaches};
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::line::{indent_unit, insert_above};
use crate::fixes::poll::{self, PATIENCE};
use crate::project::Subject;
use crate::project::ending::may_end;
use crate::project::handoff::{HandOff, Runner, Work, last_name, local_function};

pub fn fixes(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
    let is_async = subject.function().is_some_and(|function| function.is_async);
    // Waiting for a thread would block the event loop, on which the work may rest.
    if is_async {
        return Vec::new();
    }
    let waited = match &found.begun {
        Begun::Here(off) => waited(subject, found, off),
        Begun::There { .. } => None,
    };
    waited.into_iter().chain(polled(subject, found)).collect()
}

fn waited(subject: &Subject<'_>, found: &Found, off: &HandOff) -> Option<Fix> {
    let code = subject.code();
    let statement = code.statement_of(found.assertion);
    let Handle { name, mut naming, is_list } = handle(subject, off)?;
    // All of a list are started in a loop.
    let begins = code.ancestors(off.begins).find(|outer| matches!(code.kind(*outer), NodeKind::For { .. }));
    let begins = begins.filter(|_| is_list).unwrap_or(off.begins);
    if !reaches(code, begins, found.assertion) || !ends(subject, found, off) {
        return None;
    }
    let one = name.strip_suffix('s').filter(|one| is_list && is_free(subject, one));
    let wait = |of: &str| match off.runner {
        Runner::Thread => format!("{of}.join()"),
        Runner::Process if off.begins != off.call => format!("{of}.join()"),
        Runner::Process if fills_pipe(subject, off, of) => format!("{of}.communicate()"),
        Runner::Process => format!("{of}.wait()"),
        _ => format!("{of}.result()"),
    };
    let lines = match (is_list, one) {
        (false, _) => vec![wait(&name)],
        (true, Some(one)) => {
            vec![format!("for {one} in {name}:"), format!("{}{}", indent_unit(subject), wait(one))]
        }
        (true, None) => return None,
    };
    naming.merge(insert_above(subject, statement, &lines)?);
    let title = match off.runner {
        Runner::Thread => format!("Join `{name}` before the assertion"),
        _ => format!("Wait for `{name}` before the assertion"),
    };
    Some(Fix::cure(title, Applicability::Suggested, naming))
}

/// Whether the process writes to a pipe that nobody reads: then it may never end by itself.
fn fills_pipe(subject: &Subject<'_>, off: &HandOff, process: &str) -> bool {
    let NodeKind::Call { args, .. } = subject.code().kind(off.call) else { return false };
    let has_pipe = ["stdout", "stderr"].iter().any(|name| keyword(args, name).is_some());
    let reads = subject.body().any(|node| {
        let name = subject.code().dotted(node);
        name.is_some_and(|name| name == format!("{process}.stdout") || name == format!("{process}.stderr"))
    });
    has_pipe && !reads
}

/// Whether a name is bound nowhere, or only in loops.
fn is_free(subject: &Subject<'_>, name: &str) -> bool {
    let loops =
        |binding: &crate::facts::Binding| matches!(binding.kind, crate::facts::BindingKind::Element(_));
    !name.is_empty() && subject.facts.bindings().all(name).iter().all(loops)
}

/// Whether the work surely ends by itself: nothing in its source waits for what the test may do later. What was asked
/// whether it has ended was expected to.
fn ends(subject: &Subject<'_>, found: &Found, off: &HandOff) -> bool {
    if matches!(found.asks, Asks::End) {
        return true;
    }
    let Work::Function { func, .. } = &off.work else { return false };
    if off.runner == Runner::Process {
        return off.begins == off.call || may_end(subject, &off.work);
    }
    let code = subject.code();
    if let Some(local) = local_function(subject, *func) {
        return may_end(subject, &off.work) && code.subtree(local).all(|node| !may_block(subject, node));
    }
    if let Some(definition) = run_of(subject, off).or_else(|| subject.definition(*func)) {
        let called = definition.subject(subject.project);
        return may_end(subject, &off.work) && called.body().all(|node| !may_block(&called, node));
    }
    match code.kind(*func) {
        NodeKind::Lambda { .. } => code.subtree(*func).all(|node| !may_block(subject, node)),
        NodeKind::Attribute { .. } => true,
        _ => false,
    }
}

/// Words of calls that may wait for somebody else.
const BLOCKING: &[&str] = &[
    "wait", "get", "acquire", "join", "recv", "accept", "read", "readline", "input", "result", "select",
    "serve", "run", "connect", "poll", "call", "send", "request",
];

fn may_block(subject: &Subject<'_>, node: NodeId) -> bool {
    match subject.code().kind(node) {
        NodeKind::Call { func, .. } => {
            let name = last_name(subject, *func).unwrap_or_default();
            name.split('_').any(|word| BLOCKING.contains(&word))
        }
        NodeKind::While { .. } => true,
        NodeKind::With { items, .. } => {
            items.iter().any(|item| !matches!(subject.code().kind(item.context), NodeKind::Call { .. }))
        }
        _ => false,
    }
}

fn polled(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let code = subject.code();
    let NodeKind::Assert { test, .. } = code.kind(found.assertion) else { return None };
    if !poll::can_be_asked(subject, *test) {
        return None;
    }
    let (time, import) = ensure_import(&subject.module, Wanted::Plain("time"))?;
    let lines = poll::lines(subject, subject.source(*test), PATIENCE, &format!("{time}.sleep"));
    let mut edits = insert_above(subject, found.assertion, &lines)?;
    edits.merge(import);
    let title = format!("Look again and again, for {PATIENCE} seconds at most, before the assertion");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}
