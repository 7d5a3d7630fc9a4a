//! Adds a fixture as a parameter of a test, fixture or set-up function.

use crate::facts::arguments::keyword;
use crate::facts::code::{Function, Param, ParamKind};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::fix::Edits;
use crate::project::patches::{injected_mocks, patcher};
use crate::project::{Role, Subject};
use crate::text::{TextRange, line_start};

/// Makes `fixture` a parameter of the subject's function; no edits if it already is one. `None` where pytest
/// could not pass it, or where the name is taken.
pub fn add_fixture_parameter(subject: &Subject<'_>, fixture: &str) -> Option<Edits> {
    let function = subject.function()?;
    let mut edits = Edits::new();
    if function.params.iter().any(|param| param.name == fixture) {
        return subject.requests(fixture).then_some(edits);
    }
    if !takes_fixtures(subject, function) || is_bound_inside(subject, fixture) {
        return None;
    }
    let (at, text) = insertion(subject, function, fixture)?;
    edits.push(subject.path(), subject.absolute(TextRange::empty(at)), text);
    Some(edits)
}

/// The same in front of all other parameters, so that the fixture is set up before theirs and torn down behind them.
/// `None` too where mocks are passed by place.
pub fn add_first_fixture_parameter(subject: &Subject<'_>, fixture: &str) -> Option<Edits> {
    let function = subject.function()?;
    if !takes_fixtures(subject, function)
        || is_bound_inside(subject, fixture)
        || injected_mocks(subject.project, &subject.module, subject.item) > 0
    {
        return None;
    }
    let first = function.params.get(usize::from(subject.class().is_some()))?;
    if first.kind != ParamKind::Positional {
        return None;
    }
    let mut edits = Edits::new();
    let at = TextRange::empty(first.range.start);
    edits.push(subject.path(), subject.absolute(at), format!("{fixture}, "));
    Some(edits)
}

/// Whether pytest passes fixtures to this function by name, and nobody else calls it.
fn takes_fixtures(subject: &Subject<'_>, function: &Function) -> bool {
    let role_takes = match subject.role {
        Role::Test => !subject.is_test_case(),
        Role::Fixture => true,
        _ => false,
    };
    role_takes
        && function.decorators.iter().all(|decorator| passes_fixtures(subject, decorator.expr))
        && !is_called_directly(subject, function)
        && !has_unsafe_shape(subject, function)
}

/// Decorators that hand through whatever keyword arguments pytest gives.
fn passes_fixtures(subject: &Subject<'_>, decorator: NodeId) -> bool {
    let target = subject.code().uncalled(decorator);
    let Some(path) = subject.resolve(target) else { return false };
    if path.starts_with("pytest.mark.") || patcher(&path).is_some() {
        return true;
    }
    match path.as_str() {
        "responses.activate"
        | "pytest.fixture"
        | "pytest_asyncio.fixture"
        | "builtins.classmethod"
        | "builtins.staticmethod"
        | "warnings.catch_warnings" => true,
        "freezegun.freeze_time" | "time_machine.travel" => !has_keyword(subject, decorator, "as_arg"),
        _ => false,
    }
}

fn has_keyword(subject: &Subject<'_>, call: NodeId, name: &str) -> bool {
    let NodeKind::Call { args, .. } = subject.code().kind(call) else { return false };
    keyword(args, name).is_some()
}

fn is_called_directly(subject: &Subject<'_>, function: &Function) -> bool {
    let file = &subject.module.file;
    let call = format!("{}(", function.name);
    (0..file.items().len() as u32).any(|item| {
        let text = file.item_text(item);
        memchr::memmem::find_iter(text.as_bytes(), call.as_bytes()).any(|at| {
            let before = text[..at].trim_end_matches(' ');
            let is_longer_name = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            !is_longer_name && !before.ends_with("def")
        })
    })
}

/// `*args` beside injected mocks, and positional-only parameters, leave no place for a fixture.
fn has_unsafe_shape(subject: &Subject<'_>, function: &Function) -> bool {
    let has = |kind: ParamKind| function.params.iter().any(|param| param.kind == kind);
    has(ParamKind::PositionalOnly)
        || (has(ParamKind::Variadic) && injected_mocks(subject.project, &subject.module, subject.item) > 0)
}

fn is_bound_inside(subject: &Subject<'_>, name: &str) -> bool {
    let own = subject.code().roots.first().copied();
    subject.facts.bindings().all(name).iter().any(|binding| Some(binding.node) != own)
        || !subject.module.file.scope().get(name).is_empty()
            && subject.project.module_fixture(&subject.module, name).is_none()
}

/// Where the parameter goes and the text to insert: behind the last one without default, before `*`.
fn insertion(subject: &Subject<'_>, function: &Function, fixture: &str) -> Option<(u32, String)> {
    let fixture = annotated(subject, function, fixture);
    let takes_place = |param: &&Param| param.kind == ParamKind::Positional && param.default.is_none();
    let last = function.params.iter().rfind(takes_place);
    if let Some(last) = last {
        let before = own_line(subject, function, last).unwrap_or_else(|| " ".to_owned());
        return Some((last.range.end, format!(",{before}{fixture}")));
    }
    if subject.class().is_some() && !function.params.is_empty() && last.is_none() {
        return None;
    }
    let open = function.params_range.start + 1;
    let text = if function.params.is_empty() { fixture } else { format!("{fixture}, ") };
    Some((open, text))
}

/// What goes in front of a parameter behind one that has a line of its own, in a list that ends in a comma.
fn own_line(subject: &Subject<'_>, function: &Function, last: &Param) -> Option<String> {
    let text = subject.text();
    let (start, list_end) = (last.range.start as usize, function.params_range.end.saturating_sub(1) as usize);
    let indent = &text[line_start(text, start)..start];
    let behind = text.get(last.range.end as usize..list_end)?;
    let is_alone = indent.chars().all(char::is_whitespace) && behind.trim() == ",";
    (is_alone && behind.contains(['\n', '\r'])).then(|| format!("{}{indent}", subject.newline()))
}

/// The parameter with its type, where the function gives types and the file has the name at hand.
fn annotated(subject: &Subject<'_>, function: &Function, fixture: &str) -> String {
    let own = function.params.iter().skip(usize::from(subject.class().is_some()));
    let (typed, untyped): (Vec<&Param>, Vec<&Param>) = own.partition(|param| param.annotation.is_some());
    let is_typed = untyped.is_empty() && (!typed.is_empty() || function.returns.is_some());
    let types: &[(&str, &str)] = match fixture {
        "monkeypatch" => &[("pytest", "pytest.MonkeyPatch"), ("pytest.MonkeyPatch", "MonkeyPatch")],
        "tmp_path" => &[("pathlib.Path", "Path"), ("pathlib", "pathlib.Path")],
        _ => &[],
    };
    match types.iter().find(|(origin, name)| imports(subject, origin, name)) {
        Some((_, name)) if is_typed => format!("{fixture}: {name}"),
        _ => fixture.to_owned(),
    }
}

/// Whether the first part of `name` is bound once in the file, by an import statement of `origin` that always runs.
fn imports(subject: &Subject<'_>, origin: &str, name: &str) -> bool {
    let first = name.split('.').next().unwrap_or(name);
    let file = &subject.module.file;
    let [only] = file.scope().get(first) else { return false };
    let ModuleBindingKind::Bound { kind, .. } = &only.kind else { return false };
    let is_of_origin = match kind {
        BindingKind::Import { module } => module == origin,
        BindingKind::FromImport { level: 0, module, name } => {
            origin.rsplit_once('.').is_some_and(|(from, what)| from == module && what == name)
        }
        _ => false,
    };
    let text = file.item_text(only.item).trim_start();
    is_of_origin && (text.starts_with("import ") || text.starts_with("from "))
}
