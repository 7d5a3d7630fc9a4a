//! Autouse fixtures that do not run for a test, because something nearer to it has their name.
//!
//! What replaces what was seen in runs (`pytest-facts.md`, A4): a fixture of the module, a class or a nearer conftest, an
//! imported one, and in classes any attribute of the name. One that requests its own name lets the one above run.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::closure::Level;
use super::definition::Lineage;
use super::effects::{Footprint, Touch};
use super::fixtures::{Fixture, Maker};
use super::functions::is_test_code;
use super::guards::{Guarded, Guards};
use super::target::Target;
use super::{Module, Place, Project, Role, Subject};
use crate::facts::module::ModuleBindingKind;

/// An autouse fixture and what stands in its place.
#[derive(Clone, Debug)]
pub struct SwitchedOff {
    pub upper: Arc<Fixture>,
    /// The replacing name.
    pub place: Place,
    /// The fixture that runs instead, where it is asked for.
    pub lower: Option<Arc<Fixture>>,
    /// Whether a class replaces what its base class declares.
    pub is_inherited: bool,
}

impl Project {
    /// The autouse fixtures above an item that do not run for it, by level: the same for all of a class or module.
    pub fn switched_off(&self, module: &Module, item: u32) -> Vec<SwitchedOff> {
        let levels = self.levels(&self.site(module, item));
        let mut found = Vec::new();
        for (depth, level) in levels.iter().enumerate() {
            if let Level::Class(lineage) = level {
                found.extend(self.hidden_in_class(lineage));
            }
            for (name, upper) in self.autouse_at(level) {
                let Some((lower, at)) = self.find_from(&levels, &name, 0) else { continue };
                if at >= depth || lower.requests.contains(&name) {
                    continue;
                }
                let place = self.bound_at(&levels[at], &name, &lower);
                found.extend(place.map(|place| SwitchedOff {
                    upper,
                    place,
                    lower: Some(lower),
                    is_inherited: false,
                }));
            }
        }
        found
    }

    /// The names of all autouse fixtures that the project declares, by which they are requested and those of their functions.
    pub fn autouse_names_of_all(&self) -> Arc<FxHashSet<SmolStr>> {
        self.autouse.get_or(|| {
            let of_tests = self.layout.files().filter(|path| is_test_code(self, path));
            let plugins = self.plugin_modules();
            let fixtures = of_tests
                .chain(plugins.iter().map(|plugin| &plugin.file.path))
                .filter(|path| {
                    self.module(path).is_some_and(|module| module.file.text.as_str().contains("autouse"))
                })
                .flat_map(|path| self.declared_fixtures(path).to_vec())
                .filter(|fixture| fixture.autouse);
            fixtures
                .flat_map(|fixture| {
                    let function = SmolStr::new(fixture.module.file.name(fixture.item));
                    [fixture.name.clone(), function]
                })
                .collect()
        })
    }

    /// Where a level gives the fixture its name.
    fn bound_at(&self, level: &Level, name: &str, fixture: &Fixture) -> Option<Place> {
        if let Level::Module(module) = level
            && module.file.path != fixture.module.file.path
        {
            let Some(binding) = module.file.scope().get(name).last() else {
                return self.star_place(module, fixture);
            };
            let ModuleBindingKind::Bound { node, .. } = binding.kind else { return None };
            let range = module.file.facts(binding.item).code.range(node);
            let path = module.file.path.clone();
            return Some(Place { path, range: module.file.absolute(binding.item, range) });
        }
        fixture.place(self)
    }

    /// The `from … import *` through which a module gets a fixture; pytest meets the last.
    fn star_place(&self, module: &Module, fixture: &Fixture) -> Option<Place> {
        let file = &module.file;
        let is_it = |other: &Fixture| {
            other.item == fixture.item && other.module.file.path == fixture.module.file.path
        };
        let brings = |source: &Module| {
            source.file.path == fixture.module.file.path
                || self.imported_fixtures(source).iter().any(|(_, other)| is_it(other))
        };
        (0..file.items().len() as u32).rev().find_map(|item| {
            let facts = file.facts(item);
            let mut sources = facts
                .bindings()
                .stars
                .iter()
                .filter_map(|(level, from)| self.star_source(module, *level, from));
            sources.any(|source| brings(&source)).then_some(())?;
            let range = facts.code.range(*facts.code.roots.first()?);
            Some(Place { path: file.path.clone(), range: file.absolute(item, range) })
        })
    }

    /// Fixtures of base classes whose attribute a nearer class binds.
    fn hidden_in_class(&self, lineage: &Lineage) -> Vec<SwitchedOff> {
        let mut found = Vec::new();
        for (depth, class) in lineage.classes.iter().enumerate().filter(|(_, class)| class.is_item()) {
            let own = self.declared_fixtures(&class.module.file.path);
            for upper in own.iter().filter(|fixture| fixture.autouse && fixture.class == Some(class.item)) {
                let attribute = upper.module.file.name(upper.item);
                let nearer = lineage.classes[..depth].iter().find(|nearer| nearer.binds(attribute));
                let Some(nearer) = nearer.filter(|nearer| nearer.is_item()) else { continue };
                let Some((place, item)) = self.member_named(&nearer.module, nearer.item, attribute) else {
                    continue;
                };
                let declared = self.declared_fixtures(&nearer.module.file.path);
                let lower = declared.iter().find(|fixture| fixture.item == item).cloned();
                found.push(SwitchedOff { upper: upper.clone(), place, lower, is_inherited: true });
            }
        }
        found
    }

    fn member_named(&self, module: &Module, class: u32, name: &str) -> Option<(Place, u32)> {
        module.file.members(class).find_map(|item| {
            let member = Subject::new(self, module, item);
            let range = match member.function() {
                Some(function) => (function.name == name).then_some(function.name_range)?,
                None => member.code().range(member.facts.bindings().all(name).first()?.node),
            };
            Some((member.place(range), item))
        })
    }
}

impl SwitchedOff {
    /// What the fixture would put back, and its replacement does not.
    pub fn lost(&self, project: &Project) -> Vec<Target> {
        if self.upper.is_async && self.upper.maker == Maker::Pytest {
            return Vec::new();
        }
        let of = |fixture: &Fixture| {
            project.consulted.insert((fixture.module.file.id, fixture.item), ());
            Footprint::of(&fixture.subject(project))
        };
        let lower = self.lower.as_ref().map(|lower| of(lower));
        if lower.as_ref().is_some_and(|lower| !lower.vague.is_empty()) {
            return Vec::new();
        }
        let mut lost: Vec<Target> = Vec::new();
        for target in of(&self.upper).restores() {
            let is_kept = lower
                .as_ref()
                .is_some_and(|lower| lower.restores().chain(lower.renews()).any(|own| own.covers(target)));
            if !is_kept && !lost.contains(target) {
                lost.push(target.clone());
            }
        }
        lost
    }

    /// The first change by the item's own statements of what nobody puts back now.
    pub fn unguarded(&self, subject: &Subject<'_>) -> Option<(Target, Touch)> {
        let is_actor = match subject.role {
            Role::Test => true,
            Role::Fixture => subject.as_fixture().is_some_and(|fixture| !fixture.autouse),
            _ => false,
        };
        let lost = if is_actor { self.lost(subject.project) } else { Vec::new() };
        if lost.is_empty() {
            return None;
        }
        let guards = Guards::of(subject);
        let footprint = Footprint::of(subject);
        let exposed = footprint.escaping().filter(|touch| {
            touch.origin.is_none() && touch.put_back.is_none() && guards.of_touch(touch) == Guarded::No
        });
        exposed.filter(|touch| !guards.renews(&touch.target)).find_map(|touch| {
            let target = lost.iter().find(|target| {
                touch.is_within(target)
                    && change_word(target).is_some_and(|word| subject.text().contains(word.as_str()))
            })?;
            Some((target.clone(), touch.clone()))
        })
    }
}

/// The word without which no statement changes the target.
pub fn change_word(target: &Target) -> Option<SmolStr> {
    match target {
        Target::Cwd => Some("chdir".into()),
        Target::SysPath => Some("path".into()),
        Target::SysModules(None) => Some("modules".into()),
        Target::Environ(None) => Some("environ".into()),
        other => super::accesses::search_word(other),
    }
}
