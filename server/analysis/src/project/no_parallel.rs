//! The marker that asks for a test to run alone, and what makes it do something here.
//!
//! No plugin honours such a marker (`rules.md`, "Facts that explanations must get right"): only the project's own
//! hooks or a second pytest run do.

use std::sync::Arc;

use super::marks::Mark;
use super::{Place, Project, Role, Subject};
use crate::facts::NodeKind;

/// Names that projects give the marker, in order of preference.
pub const NAMES: &[&str] = &["no_parallel", "serial", "noparallel"];

/// The marker of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoParallel {
    pub name: String,
    pub is_registered: bool,
    pub effect: Effect,
    /// The hook that looks at the marker.
    pub hook: Option<Place>,
}

/// What carrying the marker does to a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A hook puts the tests into one `xdist_group`.
    OneWorker,
    /// A hook skips them under pytest-xdist.
    SkippedUnderXdist,
    /// A hook leaves them out, for a run of their own.
    Deselected,
    /// A hook only changes the order of the tests.
    Reordered,
    /// A hook does what cannot be seen.
    Other,
    /// Nothing of the project looks at the marker.
    Nothing,
}

impl Project {
    pub fn no_parallel(&self) -> Arc<NoParallel> {
        self.no_parallel.get_or(|| self.find_no_parallel())
    }

    fn no_parallel_among(&self, marks: &[Mark]) -> Option<String> {
        let name = &self.no_parallel().name;
        marks
            .iter()
            .map(|mark| mark.name.as_str())
            .find(|mark| mark == name || NAMES.contains(mark))
            .map(str::to_owned)
    }

    fn find_no_parallel(&self) -> NoParallel {
        let hooks = self.marker_hooks();
        let is_registered = |name: &str| self.config.options.marker(name).is_some();
        let hook_for = |name: &str| hooks.iter().find(|(marker, _, _)| marker == name);
        let set = self.settings.no_parallel_marker.clone();
        let name = set
            .or_else(|| NAMES.iter().find(|name| hook_for(name).is_some()).map(|name| (*name).to_owned()))
            .or_else(|| NAMES.iter().find(|name| is_registered(name)).map(|name| (*name).to_owned()))
            .unwrap_or_else(|| NAMES[0].to_owned());
        let hook = hook_for(&name);
        NoParallel {
            is_registered: is_registered(&name),
            effect: hook.map_or(Effect::Nothing, |(_, effect, _)| *effect),
            hook: hook.map(|(_, _, place)| place.clone()),
            name,
        }
    }

    /// What the project's hooks do with the tests that carry a marker, and where the hook names it.
    pub fn hook_for(&self, marker: &str) -> Option<(Effect, Place)> {
        let hooks = self.marker_hooks().into_iter();
        hooks.filter(|(name, _, _)| name == marker).map(|(_, effect, place)| (effect, place)).next()
    }

    /// The hooks in conftests that name a marker: its name, what the hook does, where the name stands.
    fn marker_hooks(&self) -> Vec<(String, Effect, Place)> {
        let mut wanted: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
        wanted.extend(self.settings.no_parallel_marker.clone());
        let mut found = Vec::new();
        for path in self.checked_files().iter().filter(|path| path.ends_with("conftest.py")) {
            let Some(module) = self.module(path) else { continue };
            for item in 0..module.file.items().len() as u32 {
                let text = module.file.item_text(item);
                if !wanted.iter().any(|name| text.contains(name.as_str()))
                    || self.role(&module, item) != Role::Hook
                {
                    continue;
                }
                let subject = Subject::new(self, &module, item);
                let effect = effect_of(text);
                found.extend(subject.body().filter_map(|node| match subject.code().kind(node) {
                    NodeKind::Str(value) if wanted.iter().any(|name| name == value) => {
                        Some((value.to_string(), effect, subject.place(subject.code().range(node))))
                    }
                    _ => None,
                }));
            }
        }
        found
    }
}

impl Subject<'_> {
    /// The mark, in words, by which a test is meant to be kept from meeting others on something outside the process.
    pub fn kept_apart_by(&self) -> Option<String> {
        if let Some(mark) = self.no_parallel_mark() {
            return Some(format!("`{mark}`"));
        }
        let is_grouped =
            self.role == Role::Test && self.marks().iter().any(|mark| mark.name == "xdist_group");
        is_grouped.then(|| "`xdist_group`".to_owned())
    }

    /// The no-parallel mark that it carries, by whatever of its usual names.
    pub fn no_parallel_mark(&self) -> Option<String> {
        self.project.no_parallel_among(&self.marks())
    }
}

/// What a hook does with the marked items, by the words that the ways of doing it share.
fn effect_of(hook: &str) -> Effect {
    let has = |word: &str| hook.contains(word);
    match () {
        () if has("xdist_group") => Effect::OneWorker,
        () if has("mark.skip") || has("pytest.skip") => Effect::SkippedUnderXdist,
        () if has("deselect") => Effect::Deselected,
        () if has(".sort(") || has("sorted(") => Effect::Reordered,
        () => Effect::Other,
    }
}
