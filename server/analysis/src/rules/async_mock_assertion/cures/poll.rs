//! The cure where the work has no handle in sight: ask the mock again and again, for a bounded time.

use super::Spot;
use crate::facts::BindingKind;
use crate::facts::module::ModuleBindingKind;
use crate::fix::{Applicability, Fix};
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::poll::{self, PATIENCE};
use crate::project::Subject;
use crate::project::handoff::Runner;
use crate::project::mock_assertions::Counts;
use crate::rules::async_mock_assertion::evidence::Evidence;

pub fn polled(subject: &Subject<'_>, found: &Evidence) -> Option<Fix> {
    let runner = found.traced.source.runner()?;
    // Nobody runs a framework's background tasks by themselves.
    if found.assertion.is_negative || runner == Runner::Background {
        return None;
    }
    let mock = subject.source(found.assertion.mock);
    let needs = found.assertion.needs;
    let (condition, done) = match (found.assertion.counts, needs) {
        (Counts::Calls, 1) => (format!("{mock}.called"), "called"),
        (Counts::Calls, _) => (format!("{mock}.call_count >= {needs}"), "called"),
        (Counts::Awaits, 1) => (format!("{mock}.await_count"), "awaited"),
        (Counts::Awaits, _) => (format!("{mock}.await_count >= {needs}"), "awaited"),
    };
    let (library, import) = ensure_import(&subject.module, Wanted::Plain(library(subject)))?;
    let lines = poll::lines(subject, &condition, PATIENCE, &format!("await {library}.sleep"));
    let mut edits = Spot::of(subject, found)?.insert(subject, &lines)?;
    edits.merge(import);
    let title = format!("Wait until `{mock}` was {done}, for {PATIENCE} seconds at most");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// The library whose loop runs the test: a test for anyio or trio cannot sleep with asyncio.
fn library(subject: &Subject<'_>) -> &'static str {
    let marks = subject.marks();
    let imports = |library: &str| {
        subject.module.file.scope().names().any(|(_, bindings)| {
            bindings.iter().any(|binding| {
                matches!(&binding.kind, ModuleBindingKind::Bound { kind: BindingKind::Import { module }, .. } if module == library)
            })
        })
    };
    let is_marked = |name: &str| marks.iter().any(|mark| mark.name == name);
    match () {
        () if is_marked("anyio") => "anyio",
        () if is_marked("trio") || (imports("trio") && !imports("asyncio")) => "trio",
        () if imports("anyio") && !imports("asyncio") && !is_marked("asyncio") => "anyio",
        () => "asyncio",
    }
}
