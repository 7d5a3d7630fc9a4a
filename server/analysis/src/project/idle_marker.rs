//! Markers that are written on tests and do not do here what they were written for.
//!
//! Seen in runs (`pytest-facts.md`, A2, C18 to C20): `xdist_group` works under `--dist loadgroup` alone; with pytest 9.2.0
//! and pytest-xdist 3.8.0 not even there (pytest-xdist issue 1386); `loadfile` and `loadscope` keep a file's tests on one
//! worker whatever their marks. pytest-order and pytest-dependency put tests in order within one process: under `-n 2` a
//! test ran before the one it was ordered behind, and a dependent one was skipped, not under `--dist loadfile`.

use std::sync::Arc;

use memchr::memmem;
use smol_str::SmolStr;

use super::no_parallel::Effect;
use super::plugin_effects;
use super::pytest_config::{Strictness, argument_place};
use super::{Place, Project};
use crate::facts::NodeKind;

/// One marker, wherever it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct IdleMarker {
    pub marker: SmolStr,
    pub why: Why,
    /// What is to be changed: in the configuration file, a hook, or the first test that carries the marker.
    pub at: Place,
    /// Where it is written, in order; never empty.
    pub uses: Vec<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// No hook, plugin or command that can be seen looks at the no-parallel marker.
    Unheeded,
    /// A hook sorts its tests, and does no more.
    OnlyReordered,
    /// It is not registered, and markers are strict.
    Refused,
    /// `xdist_group` without `--dist loadgroup`.
    NoGroups,
    /// `xdist_group` with versions that overlook it.
    DeadGroups,
    /// Tests in an order, distributed over workers one by one.
    Scattered,
}

/// Ways to distribute that keep the tests of a file in one process and in order.
const BY_FILE: [&str; 2] = ["loadfile", "loadscope"];

impl Project {
    /// The markers that do nothing here, in order of name. None where it is undecided which configuration counts.
    pub fn idle_markers(&self) -> Arc<Vec<IdleMarker>> {
        self.idle_markers.get_or(|| self.find_idle_markers())
    }

    /// Whether all versions that may be installed overlook `xdist_group`.
    pub fn groups_are_dead(&self) -> bool {
        self.plugins.version("pytest").is_within(">=9.2")
            && self.plugins.version("pytest-xdist").is_within("<=3.8.0")
    }

    fn find_idle_markers(&self) -> Vec<IdleMarker> {
        let marked = self.marked();
        if marked.is_empty() || self.config.undecided {
            return Vec::new();
        }
        let mut names: Vec<&SmolStr> = marked.iter().map(|marked| &marked.marker).collect();
        names.sort();
        names.dedup();
        let idle = names.into_iter().filter_map(|marker| {
            let uses = marked.iter().filter(|marked| marked.marker == *marker);
            let uses: Vec<Place> = uses.map(|marked| marked.place.clone()).collect();
            let why = self.why_idle(marker)?;
            let at = self.cause(marker, &why).or_else(|| uses.first().cloned())?;
            Some(IdleMarker { marker: marker.clone(), why, at, uses })
        });
        idle.collect()
    }

    fn why_idle(&self, marker: &str) -> Option<Why> {
        match marker {
            "xdist_group" => self.why_group_idle(),
            "order" | "dependency" => self.is_scattered(marker).then_some(Why::Scattered),
            _ => self.why_no_parallel_idle(marker),
        }
    }

    fn why_group_idle(&self) -> Option<Why> {
        let dist = self.config.options.xdist.dist.as_deref();
        if !self.has_workers() || dist.is_some_and(|dist| BY_FILE.contains(&dist)) {
            return None;
        }
        if self.groups_are_dead() {
            return Some(Why::DeadGroups);
        }
        let is_grouped = dist == Some("loadgroup") || self.runs.distribute("loadgroup") || self.sets_groups();
        (!is_grouped).then_some(Why::NoGroups)
    }

    fn is_scattered(&self, marker: &str) -> bool {
        let plugin = format!("pytest-{marker}");
        let xdist = &self.config.options.xdist;
        let is_parallel = xdist.workers.as_deref().is_some_and(|workers| workers != "0");
        let dist = xdist.dist.as_deref();
        is_parallel
            && self.plugins.has(&plugin)
            && dist.is_none_or(|dist| dist == "load" || dist == "worksteal")
    }

    fn why_no_parallel_idle(&self, marker: &str) -> Option<Why> {
        if self.is_unregistered(marker) {
            return Some(Why::Refused);
        }
        if !self.has_workers() || self.runs.select(marker) {
            return None;
        }
        match self.hook_for(marker) {
            Some((Effect::Reordered, _)) => Some(Why::OnlyReordered),
            Some(_) => None,
            None => (!self.is_heeded(marker)).then_some(Why::Unheeded),
        }
    }

    fn is_unregistered(&self, marker: &str) -> bool {
        let options = &self.config.options;
        options.strict_markers == Strictness::On
            && options.marker(marker).is_none()
            && !self.any_file_says("addinivalue_line")
    }

    /// Whether anything beside conftests' hooks seems to look at the marker: a plugin, or code of the project that
    /// names it where it speaks of markers.
    fn is_heeded(&self, marker: &str) -> bool {
        // `rstest` runs tests that carry `serial` alone (its documentation).
        let is_of_rstest = marker == "serial" && self.plugins.has("rstest");
        is_of_rstest
            || plugin_effects::honouring(self, marker).next().is_some()
            || self.layout.files().any(|path| self.names_marker(path, marker))
    }

    /// Whether a file has the name as a string in an item that speaks of markers, registrations left out.
    fn names_marker(&self, path: &std::path::Path, marker: &str) -> bool {
        let Some(module) = self.module(path) else { return false };
        let has = |text: &str, word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
        if !has(module.file.text.as_str(), marker) {
            return false;
        }
        (0..module.file.items().len() as u32).any(|item| {
            let text = module.file.item_text(item);
            let speaks = has(text, "marker") || has(text, "keywords") || has(text, "markexpr");
            speaks
                && has(text, marker)
                && !has(text, "addinivalue_line")
                && module.file.facts(item).code.nodes.iter().any(|node| match &node.kind {
                    NodeKind::Str(word) => word == marker || word == &format!("not {marker}"),
                    _ => false,
                })
        })
    }

    /// Whether a conftest or plugin of the project may set `--dist` itself.
    fn sets_groups(&self) -> bool {
        self.any_file_says("loadgroup")
    }

    fn any_file_says(&self, word: &str) -> bool {
        self.layout.files().any(|path| {
            let text = self.module(path).map(|module| module.file.text.clone());
            text.is_some_and(|text| memmem::find(text.as_str().as_bytes(), word.as_bytes()).is_some())
        })
    }

    /// Where the marker's trouble comes from, if that is not the tests.
    fn cause(&self, marker: &str, why: &Why) -> Option<Place> {
        let (file, text) = self.configuration()?;
        let argument = |name| argument_place(text, file.kind, name);
        let options = &self.config.options;
        let range = match why {
            Why::OnlyReordered => return self.hook_for(marker).map(|(_, place)| place),
            Why::Unheeded => options.marker(marker).map(|line| line.range)?,
            Why::Refused => return None,
            Why::NoGroups => argument("--dist").or_else(|| argument("-n"))?,
            Why::DeadGroups => argument("--dist")?,
            Why::Scattered => {
                let workers = argument("-n").or_else(|| argument("--numprocesses"));
                workers.or(options.addopts_range)?
            }
        };
        Some(Place { path: file.path.clone(), range })
    }
}
