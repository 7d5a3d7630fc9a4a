//! Who goes on with what the module was before, or meets what it has become.

use std::ffi::OsStr;
use std::path::Path;

use smol_str::SmolStr;

use crate::facts::module::ModuleBindingKind;
use crate::project::accesses::{Access, First};
use crate::project::effects::class_state::makes_container;
use crate::project::effects::declared_value;
use crate::project::importers::Importer;
use crate::project::reload::{Reload, Renewal};
use crate::project::target::Target;
use crate::project::{Module, Place, Role, Subject};

use super::condition::{Condition, Dependence};

/// What stays, and for whom.
pub struct Affected {
    pub kept: Kept,
    pub places: Vec<(Place, String)>,
    /// Another test surely has to do with it.
    pub is_sure: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// These names have the values that they got under the condition; none where they cannot be seen.
    Values(Vec<SmolStr>),
    /// Others imported this class by name and keep the old one.
    Class(SmolStr),
    /// The same for a container.
    Container(SmolStr),
    /// There are two modules of one name.
    TwoModules,
}

/// Who is affected by the reload, and the condition that matters. `None` where nobody is.
pub fn by(
    subject: &Subject<'_>,
    reload: &Reload,
    conditions: Vec<Condition>,
) -> Option<(Option<Condition>, Affected)> {
    let source = subject.project.module_named(&reload.module);
    let others = Others::of(subject, reload);
    match (reload.renewal, source) {
        (Renewal::Purge, source) => Some((None, by_purge(&others, source.as_ref())?)),
        (Renewal::Reload, None) => None,
        (Renewal::Reload, Some(source)) => by_condition(subject, reload, &source, &others, conditions)
            .or_else(|| Some((None, by_new_objects(subject, &source, &others)?))),
    }
}

/// The imports of a module outside the file that reloads it and outside what is made anew with it.
struct Others<'s, 'p> {
    subject: &'s Subject<'p>,
    in_tests: Vec<Importer>,
    in_product: Vec<Importer>,
}

impl<'s, 'p> Others<'s, 'p> {
    fn of(subject: &'s Subject<'p>, reload: &Reload) -> Self {
        let project = subject.project;
        let owner = |imported: &str| match project.layout.split_path(imported) {
            Some((file, _)) => project.layout.module_name(file),
            None => reload.module.clone(),
        };
        let all = project.importers(&reload.module);
        let others = all.iter().filter(|importer| {
            importer.path != *subject.path()
                && can_be_imported(&importer.path)
                && reload.renews(&owner(&importer.imported))
                && !reload.renews(&project.layout.module_name(&importer.path))
        });
        let (in_tests, in_product) = others.cloned().partition(|importer| project.is_checked(&importer.path));
        Others { subject, in_tests, in_product }
    }

    /// The imports in tests, else those in the product; whether they are the former.
    fn nearest(&self, wanted: impl Fn(&Importer) -> bool) -> (Vec<&Importer>, bool) {
        let tests: Vec<&Importer> = self.in_tests.iter().filter(|importer| wanted(importer)).collect();
        if !tests.is_empty() {
            return (tests, true);
        }
        (self.in_product.iter().filter(|importer| wanted(importer)).collect(), false)
    }

    /// One for each file.
    fn places(&self, importers: &[&Importer], words: &str) -> Vec<(Place, String)> {
        let mut firsts = importers.to_vec();
        firsts.dedup_by(|one, other| one.path == other.path);
        let place = |importer: &&Importer| importer.place(self.subject.project);
        firsts.iter().filter_map(|importer| Some((place(importer)?, words.to_owned()))).collect()
    }
}

/// Whether the file's name is one that an import can have: `sale-report.py` is a script, which runs in its own process.
fn can_be_imported(path: &Path) -> bool {
    let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    !stem.contains('-') && !stem.starts_with(|first: char| first.is_ascii_digit())
}

fn by_purge(others: &Others<'_, '_>, source: Option<&Module>) -> Option<Affected> {
    let (importers, are_tests) = others.nearest(|_| true);
    if importers.is_empty() || (source.is_none() && !are_tests) {
        return None;
    }
    let project = others.subject.project;
    let owner = |importer: &&Importer| project.layout.split_path(&importer.imported).map(|(file, _)| file);
    let owners = importers.iter().filter_map(owner).filter_map(|file| project.module(file));
    let is_sure = are_tests && owners.chain(source.cloned()).any(|owner| has_state(others.subject, &owner));
    let places = others.places(&importers, "imported here before, and goes on with the old module");
    Some(Affected { kept: Kept::TwoModules, places, is_sure })
}

/// Whether two copies of a module differ in more than functions and constants: classes, containers, `global`.
fn has_state(subject: &Subject<'_>, source: &Module) -> bool {
    let names = source.file.scope().names();
    let has_object = names.into_iter().any(|(name, bindings)| {
        bindings.iter().any(|binding| binding.kind == ModuleBindingKind::Class)
            || is_container(subject, &format!("{}.{name}", source.name))
    });
    has_object || source.file.text.as_str().contains("    global ")
}

fn is_container(subject: &Subject<'_>, path: &str) -> bool {
    declared_value(subject, &Target::attribute(path)).is_some_and(|(module, item, value)| {
        makes_container(&Subject::new(subject.project, &module, item), value)
    })
}

fn by_condition(
    subject: &Subject<'_>,
    reload: &Reload,
    source: &Module,
    others: &Others<'_, '_>,
    conditions: Vec<Condition>,
) -> Option<(Option<Condition>, Affected)> {
    let (condition, names) =
        conditions.into_iter().find_map(|condition| match condition.decides(source) {
            Dependence::Shown(names) => Some((condition, names)),
            Dependence::NotShown => None,
        })?;
    let readers = names.iter().flat_map(|name| {
        let target = Target::attribute(format!("{}.{name}", source.name));
        let users = subject.project.accesses(&target);
        let reading = users.iter().filter(|user| user.first == First::Reads && is_another(subject, user));
        reading
            .map(|user| (user.place.clone(), format!("`{}` reads `{name}` here", user.name)))
            .collect::<Vec<_>>()
    });
    let places: Vec<(Place, String)> = readers.collect();
    if !places.is_empty() {
        return Some((Some(condition), Affected { kept: Kept::Values(names), places, is_sure: true }));
    }
    // A value that was imported by name stays what it was.
    let is_alive = |importer: &Importer| {
        !names.iter().any(|name| importer.imported == format!("{}.{name}", source.name))
            && importer.imported.as_str() != reload.module.as_str()
            || importer.imported == source.name
    };
    let (importers, is_sure) = others.nearest(is_alive);
    if importers.is_empty() {
        return None;
    }
    let places = others.places(&importers, &format!("uses `{}` too", source.name));
    Some((Some(condition), Affected { kept: Kept::Values(names), places, is_sure }))
}

/// Whether a user is a test or a set-up for which the subject does not run.
fn is_another(subject: &Subject<'_>, user: &Access) -> bool {
    if subject.is_item(&user.module, user.item) {
        return false;
    }
    if !matches!(user.role, Role::Test | Role::Fixture | Role::Xunit(_)) {
        return false;
    }
    let is_same_class =
        user.module.file.path == *subject.path() && user.module.file.item(user.item).owner == subject.class();
    match subject.role {
        Role::Fixture => {
            let closure = subject.project.closure(&user.module, user.item);
            !closure
                .iter()
                .filter_map(|closed| closed.fixture.as_ref())
                .any(|fixture| subject.is_item(&fixture.module, fixture.item))
        }
        Role::Xunit(_) => !is_same_class,
        _ => true,
    }
}

/// Without a condition a reload gives the same values again, in new objects.
fn by_new_objects(subject: &Subject<'_>, source: &Module, others: &Others<'_, '_>) -> Option<Affected> {
    let own_name = |importer: &Importer| -> Option<SmolStr> {
        let name = importer.imported.strip_prefix(source.name.as_str())?.strip_prefix('.')?;
        (!name.contains('.')).then(|| SmolStr::new(name))
    };
    let is_registry =
        |importer: &Importer| own_name(importer).is_some() && starts_empty(subject, &importer.imported);
    // What tests do with an old class is the matter of `stale-class-after-reload`.
    let is_class = |importer: &&Importer| {
        own_name(importer).is_some_and(|name| {
            let of_name = source.file.scope().get(&name);
            of_name.iter().any(|binding| binding.kind == ModuleBindingKind::Class)
                && compares(subject, importer, &name)
        })
    };
    let affected = |importers: Vec<&Importer>, is_sure: bool, kept: fn(SmolStr) -> Kept| {
        let name = own_name(importers.first()?)?;
        let words = format!("imports `{name}` by name, and keeps the old one");
        let of_name: Vec<&Importer> =
            importers.into_iter().filter(|importer| own_name(importer).as_ref() == Some(&name)).collect();
        Some(Affected { kept: kept(name), places: others.places(&of_name, &words), is_sure })
    };
    let (importers, are_tests) = others.nearest(is_registry);
    affected(importers, are_tests, Kept::Container)
        .or_else(|| affected(others.in_product.iter().filter(is_class).collect(), false, Kept::Class))
}

/// Whether some function of the importing file speaks of the class where it compares.
fn compares(subject: &Subject<'_>, importer: &Importer, class: &str) -> bool {
    let Some(module) = subject.project.module(&importer.path) else { return false };
    (0..module.file.items().len() as u32).map(|item| module.file.item_text(item)).any(|text| {
        text.contains(class) && ["except", "isinstance", "issubclass"].iter().any(|word| text.contains(word))
    })
}

fn starts_empty(subject: &Subject<'_>, path: &str) -> bool {
    crate::project::effects::starts_empty(subject, &Target::attribute(path))
}
