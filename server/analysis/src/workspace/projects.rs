//! The projects of a workspace, found by the files that they own.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::project::Project;

/// All projects, as the host's folders hold them.
#[derive(Default)]
pub(super) struct Projects {
    /// Deepest home first; of one home that of the outer folder first.
    all: Vec<Arc<Project>>,
    /// The first of each home. `OsString`, since to hash a `Path` is to take it apart.
    by_home: FxHashMap<OsString, usize>,
}

impl Projects {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Project>> {
        self.all.iter()
    }

    /// The project whose home is the nearest above a file: it is asked for with each file that anything is said of.
    pub(super) fn owner_of(&self, path: &Path) -> Option<&Arc<Project>> {
        let written_alike = path.ancestors().find_map(|home| self.by_home.get(home.as_os_str()));
        match written_alike {
            Some(index) => self.all.get(*index),
            None => self.all.iter().find(|project| path.starts_with(&project.home)),
        }
    }

    /// The projects of one of the host's folders are these from now on.
    pub(super) fn set(&mut self, folder: &Path, projects: Vec<Arc<Project>>) {
        let depth = |project: &Project| project.home.components().count();
        self.all.retain(|project| project.folder != folder);
        self.all.extend(projects);
        self.all.sort_by(|a, b| depth(b).cmp(&depth(a)).then_with(|| a.folder.cmp(&b.folder)));
        self.by_home.clear();
        for (index, project) in self.all.iter().enumerate() {
            self.by_home.entry(project.home.clone().into()).or_insert(index);
        }
    }

    pub(super) fn replace(&mut self, old: &Arc<Project>, new: Project) {
        if let Some(place) = self.all.iter_mut().find(|project| Arc::ptr_eq(project, old)) {
            *place = Arc::new(new);
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Projects::default();
    }
}
