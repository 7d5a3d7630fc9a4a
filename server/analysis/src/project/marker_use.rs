//! Which marks the tests carry, and what does something about each.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::plugin_effects;
use super::{Project, Role, Subject};
use crate::facts::NodeKind;
use crate::paths::slashed;
use crate::project::collected::Collected;

/// One marker that tests carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkerUse {
    pub name: SmolStr,
    pub tests: usize,
    pub is_registered: bool,
    /// Names of what looks at it: `pytest`, packages, hooks of conftests. Empty: it only serves to select tests.
    pub honoured_by: Vec<String>,
}

const PYTESTS_OWN: &[&str] = &["filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xfail"];

impl Project {
    /// The marks of the collected tests, by name.
    pub fn marker_uses(&self, tests: &[Collected]) -> Vec<MarkerUse> {
        let mut counts: BTreeMap<SmolStr, usize> = BTreeMap::new();
        for test in tests {
            let mut names: Vec<SmolStr> =
                self.marks_at(&test.site, Some(&test.function)).into_iter().map(|mark| mark.name).collect();
            names.sort();
            names.dedup();
            names.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
        }
        let hooks = self.marker_words();
        let uses = counts.into_iter().map(|(name, tests)| {
            let mut honoured_by: Vec<String> = Vec::new();
            honoured_by.extend(PYTESTS_OWN.contains(&name.as_str()).then(|| "pytest".to_owned()));
            honoured_by.extend(plugin_effects::honouring(self, &name).map(str::to_owned));
            honoured_by.extend(hooks.iter().filter(|(word, _)| *word == name).map(|(_, hook)| hook.clone()));
            honoured_by.dedup();
            let is_registered = self.config.options.marker(&name).is_some();
            MarkerUse { name, tests, is_registered, honoured_by }
        });
        uses.collect()
    }

    /// The names that functions of conftests ask marks for, with the function and its file.
    fn marker_words(&self) -> Vec<(SmolStr, String)> {
        let mut found = Vec::new();
        for path in self.checked_files().iter().filter(|path| path.ends_with("conftest.py")) {
            let Some(module) = self.module(path) else { continue };
            let shown = slashed(path.strip_prefix(&self.root).unwrap_or(path));
            for item in 0..module.file.items().len() as u32 {
                let text = module.file.item_text(item);
                let asks = text.contains("marker") || text.contains("keywords");
                if !asks || !matches!(self.role(&module, item), Role::Hook | Role::Fixture | Role::Plain) {
                    continue;
                }
                let subject = Subject::new(self, &module, item);
                found.extend(subject.body().filter_map(|node| {
                    let word = subject.code().kind(node).as_str()?;
                    let parent = subject.code().kind(subject.code().node(node).parent);
                    let is_question = matches!(parent, NodeKind::Call { .. } | NodeKind::Compare { .. });
                    is_question
                        .then(|| (SmolStr::new(word), format!("{} in {shown}", module.file.name(item))))
                }));
            }
        }
        found
    }
}
