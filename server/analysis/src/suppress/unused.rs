//! Directives that silence nothing, after all rules have spoken.

use super::directive::Extent;
use super::found::{Placed, Position, directives};
use super::{Reach, Suppressions, is_cause};
use crate::hints::{HintCache, Told};
use crate::project::{Module, Project, Role};
use crate::report::hints_of_item;
use crate::rules;
use crate::store::{File, owners};
use crate::text::TextRange;

/// The rule that tells of them, whose own name in a directive is never told.
pub const RULE: &str = "unused-suppression";

/// What is wrong with a directive, or with one of its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    pub placed: Placed,
    /// Index of the name in the directive; `None` for a bare directive.
    pub name: Option<usize>,
}

impl Flaw {
    /// What a hint marks: the name if others stand beside it, else the directive.
    pub fn range(&self) -> TextRange {
        match self.name {
            Some(name) if self.placed.directive.names.len() > 1 => self.placed.directive.names[name].range,
            _ => self.placed.directive.range,
        }
    }

    /// The name as it is written; `None` for a bare directive.
    pub fn written(&self) -> Option<&str> {
        self.name.map(|name| self.placed.directive.names[name].text.as_str())
    }

    /// Whether it belongs to no statement.
    pub fn is_stray(&self) -> bool {
        self.placed.position == Position::Alone && self.placed.directive.extent == Extent::Here
    }

    /// The rules whose hints, in the item that it stands in, a directive here would silence: in the order of the
    /// registry.
    pub fn would_silence(&self, project: &Project, module: &Module) -> Vec<&'static str> {
        let Some(item) = module.file.item_at(self.placed.anchor()) else { return Vec::new() };
        let found = hints_of_item(project, module, item).hints.into_iter();
        let here: Vec<_> = found
            .filter(|hint| {
                let reach = Reach::of(&module.file, hint.range);
                self.placed.lines().any(|line| reach.holds(line))
            })
            .map(|hint| hint.rule)
            .collect();
        rules::REGISTRY.iter().map(|entry| entry.meta.name).filter(|name| here.contains(name)).collect()
    }
}

/// The flaw that a hint of the rule at `range` told of.
pub fn flaw_at(file: &File, range: TextRange) -> Option<Flaw> {
    directives(file).iter().flat_map(flaws).find(|flaw| flaw.range() == range)
}

/// Every name that silenced nothing, and every bare directive. Nothing is said where it cannot be known: of rules that
/// are off here or failed, and around items that no rule looked at.
pub fn unused(
    project: &Project,
    module: &Module,
    own: &Suppressions,
    told: &Told,
    cache: &HintCache,
) -> Vec<Flaw> {
    let mut found = Vec::new();
    for (placed, used) in own.placed.iter().zip(&own.used) {
        let unused = flaws(placed).filter(|flaw| !flaw.name.is_some_and(|name| used[name]));
        found.extend(unused.filter(|flaw| {
            flaw.written().is_none_or(|name| {
                is_judged(project, module, told, placed, name)
                    && !is_used_elsewhere(project, module, cache, placed, name)
            })
        }));
    }
    found
}

fn flaws(placed: &Placed) -> impl Iterator<Item = Flaw> + '_ {
    let bare = placed.directive.names.is_empty().then_some(None);
    let names = (0..placed.directive.names.len()).map(Some);
    bare.into_iter().chain(names).map(|name| Flaw { placed: placed.clone(), name })
}

fn is_judged(project: &Project, module: &Module, told: &Told, placed: &Placed, name: &str) -> bool {
    if rules::entry(name).is_none() {
        return true;
    }
    let file = &module.file;
    let holder = file.item_at(placed.anchor());
    let reaches = |item: u32| {
        placed.directive.extent == Extent::File
            || holder == Some(item)
            || owners(file, item).any(|class| holder == Some(class))
    };
    let is_unread =
        |item: u32| told.get(&item).is_some_and(|found| found.passed_over) || !file.is_sound(item);
    let is_unknown = |item: u32| reaches(item) && is_unread(item);
    name != RULE
        && project.settings.enabled(name, &file.path)
        && !told.values().any(|found| found.failed.contains(&name))
        && !(0..file.items().len() as u32).any(is_unknown)
}

/// Whether a hint in another file names as its cause what the directive stands at. Asked only of directives that
/// silence nothing in their own file, and only where causes can stand.
fn is_used_elsewhere(
    project: &Project,
    module: &Module,
    cache: &HintCache,
    placed: &Placed,
    name: &str,
) -> bool {
    let path = &module.file.path;
    let is_at_test =
        module.file.item_at(placed.anchor()).is_some_and(|item| project.role(module, item) == Role::Test);
    if rules::entry(name).is_none() || (is_at_test && placed.directive.extent == Extent::Here) {
        return false;
    }
    let others = project.checked_files().iter().filter(|other| *other != path);
    others.filter_map(|other| project.module(other)).any(|other| {
        cache.of(project, &other).values().flat_map(|item| &item.hints).any(|hint| {
            let mut causes = hint.related.iter().filter(|related| is_cause(project, module, related));
            hint.rule == name
                && causes.any(|cause| {
                    placed.directive.extent == Extent::File
                        || placed.lines().any(|line| Reach::of(&module.file, cause.range).holds(line))
                })
        })
    })
}
