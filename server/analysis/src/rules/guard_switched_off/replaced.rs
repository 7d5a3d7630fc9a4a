//! A fixture, import or attribute of the name of a guard: the guard does not run for the tests below.

use rustc_hash::FxHashMap;

use crate::evidence::first_few;
use crate::fix::{Applicability, Fix};
use crate::fixes::parameter::add_fixture_parameter;
use crate::hint::Confidence;
use crate::project::switched_off::{SwitchedOff, change_word};
use crate::project::target::Target;
use crate::project::{Glance, Module, Place, Project, Role, Subject};
use crate::rules::Said;
use crate::store::FileId;
use crate::syntax::split::ItemKind;
use crate::text::word::names_in;

pub struct Replaced {
    guard: SwitchedOff,
    target: Target,
    /// Who changes the target now with nobody to put it back.
    changes: Vec<(Place, String)>,
}

pub fn guards(subject: &Subject<'_>) -> Vec<Replaced> {
    let mut found: Vec<Replaced> = Vec::new();
    if !may_replace(subject) {
        return found;
    }
    // What is hidden from one function of a class, or of a module, is hidden from all.
    let mut hidden: FxHashMap<(FileId, Option<u32>), Vec<SwitchedOff>> = FxHashMap::default();
    for (module, item) in tests_below(subject) {
        let body = (module.file.id, module.file.item(item).owner);
        let hidden = hidden.entry(body).or_insert_with(|| {
            let all = subject.project.switched_off(&module, item).into_iter();
            all.filter(|guard| subject.holds(&guard.place)).collect()
        });
        for guard in hidden.iter() {
            for word in guard.lost(subject.project).iter().filter_map(change_word) {
                subject.project.ask_for(&word);
            }
            let test = Subject::new(subject.project, &module, item);
            let Some((target, touch)) = guard.unguarded(&test) else { continue };
            let name = subject.project.qualified_name(&module, item);
            let change = (test.place(test.code().range(touch.node)), format!("`{name}` changes it here"));
            match found.iter_mut().find(|other| is_same(&other.guard, guard)) {
                Some(other) => other.changes.push(change),
                None => found.push(Replaced { guard: guard.clone(), target, changes: vec![change] }),
            }
        }
    }
    found
}

/// Whether [`may_replace`] holds, of a statement as far as its text shows.
pub fn may_bear_name(item: &Glance<'_>) -> bool {
    match item.module.file.item(item.item).kind {
        ItemKind::Function(_) => bears_name(item.project, item.module, item.item),
        ItemKind::Import | ItemKind::Statement => {
            let (text, names) = (item.text(), item.project.autouse_names_of_all());
            let may_be_brought = text.contains("import") && text.contains('*') && !names.is_empty();
            may_be_brought || names_in(text).any(|name| names.contains(name))
        }
        ItemKind::Class(_) => false,
    }
}

/// Whether an autouse fixture somewhere has the name of the subject, or a name that it binds.
fn may_replace(subject: &Subject<'_>) -> bool {
    match subject.module.file.item(subject.item).kind {
        ItemKind::Function(_) => bears_name(subject.project, &subject.module, subject.item),
        ItemKind::Import | ItemKind::Statement => {
            let bindings = subject.facts.bindings();
            // What a star import brings is known where the tests below look for their fixtures.
            let may_be_brought =
                !bindings.stars.is_empty() && !subject.project.autouse_names_of_all().is_empty();
            may_be_brought || bindings.outer().any(|(name, _)| is_of_autouse(subject.project, name))
        }
        ItemKind::Class(_) => false,
    }
}

/// Whether a function that may take the place of a fixture, a method or another fixture, has the name of an autouse one.
fn bears_name(project: &Project, module: &Module, item: u32) -> bool {
    let is_one = |name: &str| is_of_autouse(project, name);
    let name = module.file.name(item);
    if project.role(module, item) != Role::Fixture {
        return module.file.item(item).owner.is_some() && is_one(name);
    }
    let declared = project.declared_fixtures(&module.file.path);
    let fixture = declared.iter().find(|fixture| fixture.item == item);
    is_one(name) || fixture.is_some_and(|fixture| is_one(&fixture.name))
}

/// Whether an autouse fixture somewhere is requested by a name, or its function has it.
fn is_of_autouse(project: &Project, name: &str) -> bool {
    project.autouse_names_of_all().contains(name)
}

/// The tests and fixtures that the subject's name is near to: of its class, its file, or the files below its conftest.
fn tests_below(subject: &Subject<'_>) -> Vec<(Module, u32)> {
    let project = subject.project;
    let items = |module: Module| {
        let count = module.file.items().len() as u32;
        (0..count).map(move |item| (module.clone(), item)).collect::<Vec<_>>()
    };
    let is_conftest = subject.path().ends_with("conftest.py");
    let directory = subject.path().parent();
    let all: Vec<(Module, u32)> = match directory.filter(|_| is_conftest && subject.class().is_none()) {
        Some(directory) => {
            let files = project.checked_files().iter().filter(|path| path.starts_with(directory));
            files.filter_map(|path| project.module(path)).flat_map(items).collect()
        }
        None => items(subject.module.clone()),
    };
    let acts = |(module, item): &(Module, u32)| {
        matches!(module.file.item(*item).kind, ItemKind::Function(_))
            && matches!(project.role(module, *item), Role::Test | Role::Fixture)
            && (*item != subject.item || module.file.path != *subject.path())
    };
    all.into_iter().filter(acts).collect()
}

fn is_same(one: &SwitchedOff, other: &SwitchedOff) -> bool {
    one.place == other.place
        && one.upper.item == other.upper.item
        && one.upper.module.file.path == other.upper.module.file.path
}

pub fn said(subject: &Subject<'_>, found: &Replaced) -> Said {
    let SwitchedOff { upper, place, .. } = &found.guard;
    let name = &upper.name;
    let file = upper.module.file.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let above = match &found.guard {
        guard if guard.is_inherited => "of the base class".to_owned(),
        guard if guard.upper.module.file.path == *subject.path() => "of the module".to_owned(),
        _ => format!("of {file}"),
    };
    let both_run =
        found.guard.lower.as_ref().is_some_and(|lower| lower.autouse) && subject.role == Role::Fixture;
    let todo = match both_run && !found.guard.is_inherited {
        true => format!("Make it request `{name}` as a parameter, or give it another name."),
        false => "Give it another name.".to_owned(),
    };
    Said {
        confidence: Confidence::Likely,
        at: subject.relative(place.range),
        what: format!(
            "This has the name of the autouse fixture `{name}` {above}, which therefore does not run here."
        ),
        why: format!(
            "That would put {} back after each test; now the change stays for the tests that run later.",
            found.target
        ),
        todo,
        related: related(subject, found),
        mitigated_by: None,
    }
}

fn related(subject: &Subject<'_>, found: &Replaced) -> Vec<(Place, String)> {
    let upper = &found.guard.upper;
    let guard = upper.place(subject.project);
    let mut places: Vec<(Place, String)> = guard
        .map(|place| (place, "the autouse fixture that is switched off".to_owned()))
        .into_iter()
        .collect();
    places.extend(first_few(found.changes.iter().cloned()));
    places
}

/// `def clean(clean):`, where the lower one runs for every test as the upper one would.
pub fn fixes(subject: &Subject<'_>, found: &Replaced) -> Vec<Fix> {
    let upper = &found.guard.upper;
    let requested = || {
        let lower = subject.as_fixture()?;
        let fits = lower.autouse && upper.scope? >= lower.scope? && lower.is_async == upper.is_async;
        if found.guard.is_inherited || !fits || lower.name != subject.module.file.name(subject.item) {
            return None;
        }
        let edits = add_fixture_parameter(subject, &upper.name)?;
        let title = format!("Request `{}` of the same name above, so that it runs too", upper.name);
        Some(Fix::cure(title, Applicability::Suggested, edits))
    };
    requested().into_iter().collect()
}
