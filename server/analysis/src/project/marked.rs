//! Where markers about parallel runs and the order of tests are written.

use std::path::Path;
use std::sync::Arc;

use memchr::memmem;
use smol_str::SmolStr;

use super::no_parallel;
use super::{Module, Place, Project, Subject};
use crate::facts::{NodeId, NodeKind};

/// Markers that put tests on one worker or in an order, beside the names of the no-parallel marker.
const OF_PLUGINS: [&str; 3] = ["dependency", "order", "xdist_group"];

/// One `pytest.mark.<marker>`: a decorator, `pytestmark`, `marks=`, `add_marker`, a name for later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    pub marker: SmolStr,
    pub place: Place,
}

impl Project {
    /// Every place in the checked files that writes one of the markers, in order of path and place.
    pub fn marked(&self) -> Arc<Vec<Marked>> {
        let part = |path: &Path| self.module(path).map(|module| self.marked_in(&module)).unwrap_or_default();
        self.marked.all(self.checked_files(), part)
    }

    fn marked_in(&self, module: &Module) -> Vec<Marked> {
        let words = self.marker_words_in(module.file.text.as_str());
        if words.is_empty() {
            return Vec::new();
        }
        (0..module.file.items().len() as u32)
            .filter(|item| !self.marker_words_in(module.file.item_text(*item)).is_empty())
            .flat_map(|item| marked_by(&Subject::new(self, module, item), &words))
            .collect()
    }

    /// Whether two texts of an item carry the same of these markers.
    pub fn marked_alike(&self, before: &Module, after: &Module, item: u32) -> bool {
        let [old, new] = [before, after].map(|module| {
            let words = self.marker_words_in(module.file.item_text(item));
            if words.is_empty() {
                return Vec::new();
            }
            let marked = marked_by(&Subject::new(self, module, item), &words);
            marked.into_iter().map(|marked| marked.marker).collect::<Vec<_>>()
        });
        old == new
    }

    /// The markers of which a text holds `mark.<marker>`.
    fn marker_words_in(&self, text: &str) -> Vec<&str> {
        if memmem::find(text.as_bytes(), b"mark.").is_none() {
            return Vec::new();
        }
        let own = self.settings.no_parallel_marker.as_deref();
        let known = OF_PLUGINS.into_iter().chain(no_parallel::NAMES.iter().copied()).chain(own);
        known.filter(|name| text.contains(&format!("mark.{name}"))).collect()
    }
}

fn marked_by(subject: &Subject<'_>, words: &[&str]) -> Vec<Marked> {
    let code = subject.code();
    let nodes = (0..code.nodes.len() as u32).map(NodeId);
    nodes
        .filter_map(|node| {
            let NodeKind::Attribute { attr, .. } = code.kind(node) else { return None };
            let is_wanted = words.contains(&attr.as_str());
            let path = is_wanted.then(|| subject.resolve(node)).flatten()?;
            let marker = path.strip_prefix("pytest.mark.")?.into();
            Some(Marked { marker, place: subject.place(code.range(node)) })
        })
        .collect()
}
