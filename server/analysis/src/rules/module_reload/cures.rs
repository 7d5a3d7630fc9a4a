//! Cures: the module's entry put back by `monkeypatch`, or the module reloaded once more when the change is over.
//!
//! What each leaves was seen in runs: after `monkeypatch.delitem(sys.modules, "pkg.mod")` the attribute `mod` of `pkg`
//! is still the new module, unless it is kept too.

use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::line::insert_above;
use crate::fixes::monkeypatch::with_monkeypatch;
use crate::fixes::parameter::{add_first_fixture_parameter, add_fixture_parameter};
use crate::fixes::register_cleanup::{registered_cleanup, registrar};
use crate::fixes::statement::{body_statement_of, statement_of};
use crate::fixes::yield_restore::run_after_yield;
use crate::project::closure::Reason;
use crate::project::effects::{Footprint, Phase, Touch};
use crate::project::fixtures::FixtureScope;
use crate::project::reload::Renewal;
use crate::project::{Role, Subject};
use crate::text::TextRange;

use super::Found;
use super::condition::{Condition, Holds};
use super::undone::{Undone, entry};

pub fn fixes(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
    let fix = match (found.reload.renewal, &found.condition) {
        (Renewal::Purge, _) => put_back(subject, found),
        (Renewal::Reload, Some(condition)) => reloaded_again(subject, found, condition),
        (Renewal::Reload, None) => None,
    };
    fix.into_iter().collect()
}

fn put_back(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let target = entry(&found.reload);
    let footprint = Footprint::of(subject);
    let touches: Vec<Touch> = footprint
        .touches
        .iter()
        .filter(|touch| touch.target == target && touch.phase == Phase::Run && touch.act.is_effect())
        .cloned()
        .collect();
    if !touches.iter().any(|touch| touch.node == found.reload.node) {
        return None;
    }
    let restore = match found.undone {
        Undone::IfPassing(node) => Some(node),
        _ => None,
    };
    let module = &found.reload.module;
    if subject.is_test_case() {
        let edits = (!module.contains('.')).then(|| registered_cleanup(subject, &target, &touches))??;
        let title = format!("Register a clean-up that puts `{module}` back into `sys.modules`");
        return Some(Fix::cure(title, Applicability::Suggested, edits));
    }
    let mut edits = with_monkeypatch(subject, &target, &touches, restore)?;
    if let Some((package, name)) = module.rsplit_once('.') {
        edits.merge(kept_attribute(subject, found, package, name)?);
    }
    let title = format!("Take `{module}` out with `monkeypatch`, which puts it back");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// Keeps the package's attribute, which the next import of the submodule sets. Only where the module is there for sure,
/// since the test module imports it.
fn kept_attribute(subject: &Subject<'_>, found: &Found, package: &str, name: &str) -> Option<Edits> {
    let module = found.reload.module.as_str();
    let importers = subject.project.importers(module);
    let is_there = importers.iter().any(|importer| importer.path == *subject.path());
    if found.reload.with_submodules || !is_there {
        return None;
    }
    let (sys, mut edits) = ensure_import(&subject.module, Wanted::Plain("sys"))?;
    let line = format!("monkeypatch.setattr(\"{package}.{name}\", {sys}.modules[\"{module}\"])");
    edits.merge(insert_above(subject, statement_of(subject, found.reload.node), &[line])?);
    Some(edits)
}

fn reloaded_again(subject: &Subject<'_>, found: &Found, condition: &Condition) -> Option<Fix> {
    let again = Again::of(subject, found.reload.node)?;
    let edits = match (subject.role, condition.holds) {
        (Role::Fixture, Holds::BeyondTest) => after_yield(subject, found, condition, &again)?,
        (_, Holds::Until(_)) if subject.is_test_case() => {
            let register = registrar(subject)?;
            let line = format!("{register}({}, {})", again.function, again.module);
            insert_above(subject, body_statement_of(subject, found.reload.node)?, &[line])?
        }
        (Role::Test, Holds::Until(_) | Holds::BeyondTest) if !subject.is_test_case() => {
            by_fixture(subject, found, condition, &again)?
        }
        _ => return None,
    };
    let title = format!("Reload `{}` again when the change is undone", found.reload.module);
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// The call that reloads, as it can be written again elsewhere in the module.
struct Again {
    function: String,
    module: String,
    is_global: bool,
}

impl Again {
    fn of(subject: &Subject<'_>, reload: NodeId) -> Option<Again> {
        let code = subject.code();
        let NodeKind::Call { func, args } = code.kind(reload) else { return None };
        let [only] = &**args else { return None };
        let dotted = [*func, only.value].map(|node| code.dotted(node));
        let [Some(function), Some(module)] = dotted else { return None };
        let is_global = code
            .subtree(reload)
            .filter_map(|node| code.kind(node).as_name().map(|name| (name, node)))
            .all(|(name, node)| !subject.scope().is_local(name, node));
        Some(Again { function, module, is_global })
    }

    fn call(&self) -> String {
        format!("{}({})", self.function, self.module)
    }
}

/// `monkeypatch.undo()` and the reload in the fixture's tear-down.
fn after_yield(subject: &Subject<'_>, found: &Found, condition: &Condition, again: &Again) -> Option<Edits> {
    let place = condition.place.as_ref()?;
    let is_own = place.range.slice(subject.module.file.text.as_str()).starts_with("monkeypatch.");
    let fixture = subject.as_fixture()?;
    if !is_own
        || !subject.requests("monkeypatch") && !fixture.requests.iter().any(|name| name == "monkeypatch")
    {
        return None;
    }
    let undo = "monkeypatch.undo()".to_owned();
    match found.undone {
        Undone::TooEarly(node) => insert_above(subject, statement_of(subject, node), &[undo]),
        Undone::No if fixture.scope == Some(FixtureScope::Function) => {
            run_after_yield(subject, &[undo, again.call()])
        }
        _ => None,
    }
}

/// A fixture that reloads the module behind its `yield`, set up before everything that the test asks for.
fn by_fixture(subject: &Subject<'_>, found: &Found, condition: &Condition, again: &Again) -> Option<Edits> {
    if !again.is_global || !matches!(found.undone, Undone::No) {
        return None;
    }
    let name = free_name(subject, &found.reload.module)?;
    let mut edits = match condition.holds {
        Holds::BeyondTest if is_patched_first(subject) => return None,
        Holds::BeyondTest => add_first_fixture_parameter(subject, &name)?,
        _ => add_fixture_parameter(subject, &name)?,
    };
    let (pytest, import) = ensure_import(&subject.module, Wanted::Plain("pytest"))?;
    edits.merge(import);
    let newline = subject.newline();
    let lines = [
        format!("@{pytest}.fixture"),
        format!("def {name}():"),
        "    yield".to_owned(),
        format!("    {}", again.call()),
        String::new(),
        String::new(),
    ];
    let text: String = lines.iter().map(|line| format!("{line}{newline}")).collect();
    edits.push(subject.path(), TextRange::empty(above_with_comments(subject)), text);
    Some(edits)
}

/// Where the test, or the outermost class around it, begins with the comments directly above it.
fn above_with_comments(subject: &Subject<'_>) -> u32 {
    let file = &subject.module.file;
    let top = std::iter::successors(Some(subject.item), |item| file.item(*item).owner).last();
    let item = file.item(top.unwrap_or(subject.item));
    let lead = TextRange::new(item.tile.start, item.code.start).slice(file.text.as_str());
    let comments = lead.split_inclusive('\n').rev().take_while(|line| !line.trim().is_empty());
    item.code.start - comments.map(str::len).sum::<usize>() as u32
}

/// Whether a fixture that is set up before the parameters asks for `monkeypatch`, which is then undone behind them.
fn is_patched_first(subject: &Subject<'_>) -> bool {
    let closure = subject.closure();
    let mut first: Vec<&str> = Vec::new();
    let is_at_once = |reason: &Reason| matches!(reason, Reason::Autouse | Reason::Used);
    first.extend(
        closure.iter().filter(|closed| is_at_once(&closed.reason)).map(|closed| closed.name.as_str()),
    );
    let mut seen = 0;
    while let Some(name) = first.get(seen).copied() {
        seen += 1;
        if name == "monkeypatch" {
            return true;
        }
        let of_name = closure.iter().filter(|closed| closed.name == name);
        let requests =
            of_name.filter_map(|closed| closed.fixture.as_ref()).flat_map(|fixture| &fixture.requests);
        for request in requests {
            if !first.contains(&request.as_str())
                && let Some(known) = closure.iter().find(|closed| closed.name == *request)
            {
                first.push(&known.name);
            }
        }
    }
    false
}

/// `restore_<module>`, if nothing has that name.
fn free_name(subject: &Subject<'_>, module: &str) -> Option<String> {
    let name = format!("restore_{}", module.rsplit('.').next()?.trim_matches('_'));
    let is_free = subject.module.file.scope().get(&name).is_empty()
        && subject.project.fixture(&subject.module, subject.item, &name).is_none();
    is_free.then_some(name)
}
