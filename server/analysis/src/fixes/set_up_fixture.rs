//! Turns xunit-style set-up into an autouse fixture that puts a target back after its `yield`.
//!
//! Preconditions: `pytest-facts.md`, B, "set-up → yield".

use crate::facts::NodeKind;
use crate::fix::Edits;
use crate::project::effects::Touch;
use crate::project::functions::{function_at, method_of};
use crate::project::role::{Phase, Reach};
use crate::project::target::Target;
use crate::project::{Fixture, Role, Subject};
use crate::text::TextRange;

use super::import::{Wanted, ensure_import};
use super::keeping::{Keeping, keeping, opening};
use super::line::outer_indent;
use super::statement::{body_statement_of, indentation};

/// `None` in a `TestCase`, for class-wide set-up, where a tear-down exists already, and where another class calls or
/// inherits the set-up.
pub fn set_up_with_yield(subject: &Subject<'_>, target: &Target, touches: &[Touch]) -> Option<Edits> {
    let scope = fixture_scope(subject)?;
    let function = subject.function()?;
    let code = subject.code();
    if !is_convertible(subject, None) {
        return None;
    }
    let Keeping { imports, first, saved, restore, .. } = keeping(subject, target, touches)?;
    let (pytest, import_pytest) = ensure_import(&subject.module, Wanted::Plain("pytest"))?;
    let name = free_name(subject)?;
    let statement = body_statement_of(subject, touches.first()?.node)?;
    let indent = indentation(subject, statement)?.to_owned();
    let separator = format!("{}{indent}", subject.newline());
    let outer = outer_indent(subject);
    let receiver = if subject.class().is_some() { function.params.first()?.name.as_str() } else { "" };
    let mut edits = imports;
    edits.merge(import_pytest);
    let mut put = |range: TextRange, text: String| edits.push(subject.path(), subject.absolute(range), text);
    let head = TextRange::new(function.def_range.start, function.params_range.end);
    put(
        head,
        format!("@{pytest}.fixture({scope}autouse=True){}{outer}def {name}({receiver})", subject.newline()),
    );
    let mut before = opening(&first, subject.newline(), &indent);
    before.push_str(&format!("saved = {saved}{separator}"));
    put(TextRange::empty(code.range(statement).start), before);
    let mut behind = format!("{separator}yield");
    for line in restore {
        behind.push_str(&format!("{separator}{}", line.replace("{saved}", "saved")));
    }
    put(TextRange::empty(code.range(*function.body.last()?).end), behind);
    Some(edits)
}

/// Turns set-up into an autouse fixture that requests `guard`, the autouse fixture of its level, and so runs behind it.
pub fn set_up_behind(subject: &Subject<'_>, guard: &str) -> Option<Edits> {
    let function = subject.function()?;
    if !fixture_scope(subject)?.is_empty() || !is_convertible(subject, Some(guard)) {
        return None;
    }
    let (pytest, mut edits) = ensure_import(&subject.module, Wanted::Plain("pytest"))?;
    let name = free_name(subject)?;
    let params = match subject.class() {
        Some(_) => format!("{}, {guard}", function.params.first()?.name),
        None => guard.to_owned(),
    };
    let head = TextRange::new(function.def_range.start, function.params_range.end);
    let (newline, outer) = (subject.newline(), outer_indent(subject));
    let text = format!("@{pytest}.fixture(autouse=True){newline}{outer}def {name}({params})");
    edits.push(subject.path(), subject.absolute(head), text);
    Some(edits)
}

fn fixture_scope(subject: &Subject<'_>) -> Option<&'static str> {
    let Role::Xunit(xunit) = subject.role else { return None };
    if subject.is_test_case() || xunit.phase != Phase::SetUp {
        return None;
    }
    match xunit.reach {
        Reach::Function => Some(""),
        Reach::Class => None,
        Reach::Module => Some("scope=\"module\", "),
    }
}

/// `beside` is the one autouse fixture of the level that the set-up may run behind.
fn is_convertible(subject: &Subject<'_>, beside: Option<&str>) -> bool {
    let Some(function) = subject.function() else { return false };
    let code = subject.code();
    let own_params = usize::from(subject.class().is_some());
    let is_unused = |name: &str| !subject.body().any(|node| code.kind(node).as_name() == Some(name));
    let leaves_early = subject.body().any(|node| {
        matches!(code.kind(node), NodeKind::Return(_) | NodeKind::Yield { .. })
            || code.kind(node).as_name() == Some("super")
    });
    let is_plain = !function.is_async && function.decorators.is_empty() && !leaves_early;
    let params_go = function.params.iter().skip(own_params).all(|param| is_unused(&param.name));
    let saved_is_free = subject.facts.bindings().all("saved").is_empty();
    is_plain && params_go && saved_is_free && !has_tear_down(subject) && !is_shared(subject, beside)
}

fn has_tear_down(subject: &Subject<'_>) -> bool {
    match subject.class() {
        Some(class) => method_of(subject, class, "teardown_method").is_some(),
        None => ["teardown_function", "teardown_module", "tearDownModule"]
            .iter()
            .any(|name| function_at(subject, &format!("{}.{name}", subject.module.name)).is_some()),
    }
}

/// Whether autouse fixtures of the level run behind the set-up, or some class inherits it.
fn is_shared(subject: &Subject<'_>, beside: Option<&str>) -> bool {
    let declared = subject.project.declared_fixtures(subject.path());
    let is_other = |fixture: &Fixture| beside != Some(fixture.name.as_str());
    if declared.iter().any(|fixture| fixture.autouse && fixture.class == subject.class() && is_other(fixture))
    {
        return true;
    }
    let Some(class) = subject.class() else { return false };
    let path = format!("{}.{}", subject.module.name, subject.project.qualified_name(&subject.module, class));
    let name = subject.module.file.name(class);
    !subject.project.bases(&subject.module, class).is_empty()
        || subject.project.checked_files().iter().filter_map(|path| subject.project.module(path)).any(
            |module| {
                module.file.text.as_str().contains(name)
                    && (0..module.file.items().len() as u32)
                        .filter(|item| module.file.item(*item).class().is_some())
                        .any(|item| {
                            subject.project.base_names(&module, item).iter().any(|base| *base == path)
                        })
            },
        )
}

fn free_name(subject: &Subject<'_>) -> Option<String> {
    ["set_up", "prepare"]
        .into_iter()
        .find(|name| {
            subject.module.file.scope().get(name).is_empty()
                && subject.project.fixture(&subject.module, subject.item, name).is_none()
                && subject.class().is_none_or(|class| {
                    !subject
                        .module
                        .file
                        .members(class)
                        .any(|member| subject.module.file.name(member) == *name)
                })
        })
        .map(str::to_owned)
}
