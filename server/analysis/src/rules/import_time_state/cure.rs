//! An autouse fixture of the module that makes the change around each of its tests.
//!
//! Only where all that runs before the fixture does without the change: nothing is imported or called below it, no fixture
//! of wider scope and no set-up of a class or module stands in between.

use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::monkeypatch::rewritten;
use crate::project::accesses::{is_use, search_word};
use crate::project::guards::xunit_functions;
use crate::project::role::Reach;
use crate::project::target::Target;
use crate::project::{ClassKind, Fixture, FixtureScope, Role, Subject};
use crate::syntax::split::ItemKind;
use crate::text::TextRange;

use super::Found;
use super::judge::Write;

/// Puts the fixture in the place of the statements.
pub fn in_fixture(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let (last, _) = *found.statements.last()?;
    if subject.class().is_some() || !is_needed_by_tests_only(subject, last, found) {
        return None;
    }
    let mut calls = Vec::new();
    for (item, writes) in &found.statements {
        let statement = Subject::new(subject.project, &subject.module, *item);
        calls.push(by_monkeypatch(&statement, writes)?);
    }
    let name = free_name(subject, &found.statements[0].1[0].touch.target)?;
    let (pytest, mut edits) = ensure_import(&subject.module, Wanted::Plain("pytest"))?;
    let newline = subject.newline();
    let mut lines = vec![format!("@{pytest}.fixture(autouse=True)"), format!("def {name}(monkeypatch):")];
    lines.extend(calls.iter().flat_map(|call| call.lines()).map(|line| format!("    {line}")));
    place(subject, last, &lines.join(newline), &mut edits);
    Some(Fix::cure("Make the change in an autouse fixture of this module", Applicability::Suggested, edits))
}

/// The fixture with two blank lines on either side, instead of the statements up to item `last`.
fn place(subject: &Subject<'_>, last: u32, fixture: &str, edits: &mut Edits) {
    let file = &subject.module.file;
    let text = file.text.as_str();
    let newline = subject.newline();
    let start = file.item(subject.item).code.start;
    let body = file.item(last).code.slice(text).trim_end();
    let end = file.item(last).code.start + body.len() as u32;
    let breaks = |blank: &str| blank.matches('\n').count();
    let above = &text[..start as usize];
    let below = &text[end as usize..];
    let missing_above = 3usize.saturating_sub(breaks(&above[above.trim_end().len()..]));
    let missing_below = match below.trim_start() {
        "" => 0,
        rest => 3usize.saturating_sub(breaks(&below[..below.len() - rest.len()])),
    };
    let (before, after) = (newline.repeat(missing_above), newline.repeat(missing_below));
    edits.push(subject.path(), TextRange::new(start, end), format!("{before}{fixture}{after}"));
}

/// The whole statement as a call of `monkeypatch`, with the comment behind it.
fn by_monkeypatch(statement: &Subject<'_>, writes: &[Write]) -> Option<String> {
    let touch = &writes.first()?.touch;
    let root = match *statement.code().roots {
        [only] => only,
        _ => return None,
    };
    let whole = match statement.code().kind(root) {
        NodeKind::Expr(inner) => *inner,
        _ => root,
    };
    let is_one = writes.len() == 1 || matches!(touch.target, Target::Environ(_));
    if touch.node != whole || touch.origin.is_some() || !is_one {
        return None;
    }
    let call = override_of(statement, &touch.target, whole)
        .or_else(|| Some(rewritten(statement, &touch.target, whole)?.1))
        .filter(|call| !call.contains("\"\"\"") && !call.contains("'''"))?;
    match statement.text()[statement.code().range(root).end as usize..].trim() {
        "" if statement.code().comments.is_empty() => Some(call),
        comment if statement.code().comments.len() == 1 && comment.starts_with('#') => {
            Some(format!("{call}  {comment}"))
        }
        _ => None,
    }
}

/// FastAPI's `dependency_overrides` is a dict.
fn override_of(statement: &Subject<'_>, target: &Target, node: NodeId) -> Option<String> {
    target.path()?.strip_suffix(".dependency_overrides")?;
    let code = statement.code();
    let NodeKind::Assign { targets, value } = code.kind(node) else { return None };
    let [only] = **targets else { return None };
    let NodeKind::Subscript { value: overrides, index } = code.kind(only) else { return None };
    let [overrides, index, value] = [*overrides, *index, *value].map(|part| statement.source(part));
    Some(format!("monkeypatch.setitem({overrides}, {index}, {value})"))
}

/// Whether everything that may look at the change runs inside a plain test function, after its autouse fixtures.
fn is_needed_by_tests_only(subject: &Subject<'_>, last: u32, found: &Found) -> bool {
    let project = subject.project;
    let module = &subject.module;
    let targets: Vec<&Target> =
        found.statements.iter().flat_map(|(_, writes)| writes).map(|write| &write.touch.target).collect();
    let below = (last + 1..module.file.items().len() as u32).map(|item| Subject::new(project, module, item));
    let mut all = (0..module.file.items().len() as u32).map(|item| Subject::new(project, module, item));
    below.into_iter().all(|item| leaves_alone(&item, &targets)) && all.all(|item| is_plain(&item))
}

/// Whether what an item runs at import (of a function its decorators and defaults) imports nothing, does not name the
/// targets, and calls nothing that may look at them.
fn leaves_alone(item: &Subject<'_>, targets: &[&Target]) -> bool {
    let code = item.code();
    if item.module.file.item(item.item).kind == ItemKind::Import && item.class().is_none() {
        return false;
    }
    // FastAPI looks at its overrides when a request comes.
    let is_called_late = targets
        .iter()
        .all(|target| target.path().is_some_and(|path| path.ends_with(".dependency_overrides")));
    let is_harmless_call = |call: NodeId| {
        is_called_late
            || item
                .callee(call)
                .is_some_and(|path| path.starts_with("pytest.") || path.starts_with("unittest.mock."))
    };
    let names_one = |node: NodeId| {
        targets.iter().any(|target| search_word(target).is_some_and(|word| is_use(item, node, target, &word)))
    };
    let body = item.function().and_then(|function| function.body.first().copied());
    let mut at_import =
        (0..code.nodes.len() as u32).map(NodeId).take_while(|node| body.is_none_or(|body| *node < body));
    at_import.all(|node| match code.kind(node) {
        NodeKind::Call { .. } => is_harmless_call(node),
        _ => !names_one(node),
    })
}

/// Whether an item is no test case, no set-up of a class or module, no fixture of wider scope, and no test with one of these
/// around it.
fn is_plain(item: &Subject<'_>) -> bool {
    let is_narrow =
        |fixture: &Fixture| fixture.scope == Some(FixtureScope::Function) && fixture.name != "monkeypatch";
    match item.role {
        Role::Class => item.project.class_kind(&item.module, item.item) != ClassKind::TestCase,
        // pytest runs `setup_function` before the autouse fixtures of the module.
        Role::Xunit(xunit) => xunit.reach == Reach::Function && item.class().is_some(),
        Role::Fixture => item.as_fixture().is_some_and(|fixture| is_narrow(&fixture)),
        Role::Test => {
            let closure = item.closure();
            let mut fixtures = closure.iter().filter_map(|closed| closed.fixture.as_ref());
            let mut set_ups = xunit_functions(item).into_iter();
            fixtures.all(|fixture| is_narrow(fixture))
                && set_ups.all(|(module, set_up)| {
                    let role = item.project.role(&module, set_up);
                    matches!(role, Role::Xunit(xunit) if xunit.reach == Reach::Function)
                })
        }
        _ => true,
    }
}

/// `set_<name>`, if the module has no such name.
fn free_name(subject: &Subject<'_>, target: &Target) -> Option<String> {
    let what = match target {
        Target::Environ(Some(name)) => name.to_ascii_lowercase(),
        Target::Environ(None) => "environ".to_owned(),
        Target::Cwd => "cwd".to_owned(),
        Target::Attribute { path, .. } => path.rsplit('.').next()?.to_ascii_lowercase(),
        _ => return None,
    };
    let name = format!("set_{}", what.trim_matches('_'));
    let is_identifier = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_free = subject.module.file.scope().get(&name).is_empty()
        && subject.project.fixture(&subject.module, subject.item, &name).is_none();
    (is_identifier && is_free).then_some(name)
}
