//! Open documents and changes on disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Impact, Workspace, is_python};
use crate::project::{Module, Project, Role};
use crate::store::{File, Loaded, Touched, too_large};
use crate::text::{Change, Edit, Encoding, Text};

impl Workspace {
    /// The editor's text counts from now on.
    pub fn open(&mut self, path: &Path, text: String) -> Impact {
        if !is_python(path) {
            self.open_configs.insert(path.to_owned(), text);
            self.rebuild();
            return Impact::Everything;
        }
        let is_listed = self.relist(path, true);
        if is_listed && self.loaded(path).is_some_and(|file| file.text.as_str() == text) {
            return Impact::File;
        }
        self.take_text(path, Text::new(text))
    }

    /// Applies an editor's changes in order. A file that was never opened is left alone.
    pub fn edit(&mut self, path: &Path, changes: &[Change], encoding: Encoding) -> Impact {
        if let Some(config) = self.open_configs.get_mut(path) {
            let mut text = Text::new(std::mem::take(config));
            for change in changes {
                text.apply(change, encoding);
            }
            *config = text.as_str().to_owned();
            self.rebuild();
            return Impact::Everything;
        }
        let (mut impact, mut rest) = (Impact::None, changes);
        while !rest.is_empty() {
            let (made, others) = self.edit_some(path, rest, encoding);
            (impact, rest) = (impact.max(made), others);
        }
        impact
    }

    /// The disk's text counts again.
    pub fn close(&mut self, path: &Path) -> Impact {
        self.open_configs.remove(path);
        self.open_large.remove(path);
        self.disk_changed([path])
    }

    /// Files that are not open were made, changed or deleted on disk. However many they are, what rests on them is forgotten
    /// once.
    pub fn disk_changed<'p>(&mut self, paths: impl IntoIterator<Item = &'p Path>) -> Impact {
        let open = &self.open_configs;
        let changed: Vec<&Path> = paths.into_iter().filter(|path| !open.contains_key(*path)).collect();
        if changed.is_empty() {
            return Impact::None;
        }
        let mut cut_anew: BTreeSet<PathBuf> = BTreeSet::new();
        for path in &changed {
            self.store.forget(path);
            let was_listed = self.list(path, self.source.read(path).is_ok());
            if !was_listed || !is_python(path) {
                cut_anew.extend(self.folders_around(path));
            }
        }
        cut_anew.iter().for_each(|folder| self.rebuild_in(folder));
        self.forget(&changed);
        Impact::Everything
    }

    /// What was read of these files counts no more. What rests on it does until [`Workspace::set_files`] tells how things are.
    pub fn read_again(&mut self, paths: &[PathBuf]) {
        paths.iter().for_each(|path| self.store.forget(path));
    }

    /// The whole text of an open Python file.
    fn take_text(&mut self, path: &Path, text: Text) -> Impact {
        match too_large(text.as_str().len(), self.settings(path).max_file_size) {
            Some(why) => {
                self.store.pass_over(path, why);
                self.open_large.insert(path.to_owned(), text);
            }
            None => {
                self.open_large.remove(path);
                self.store.put(Arc::new(self.store.parse(path, Arc::new(text))));
            }
        }
        self.everything(path)
    }

    /// Applies the first of `changes` and those that go on where it was made: what they end in is split and parsed once,
    /// however many they are. Returns the others.
    fn edit_some<'c>(
        &mut self,
        path: &Path,
        changes: &'c [Change],
        encoding: Encoding,
    ) -> (Impact, &'c [Change]) {
        if let Some(mut text) = self.open_large.remove(path) {
            for change in changes {
                text.apply(change, encoding);
            }
            return (self.take_text(path, text), &[]);
        }
        let Some(old) = self.loaded(path) else { return (Impact::None, &[]) };
        let Some((text, edit, others)) = old.text.with_adjoining(changes, encoding) else {
            return (Impact::None, &[]);
        };
        let impact = if too_large(text.as_str().len(), self.settings(path).max_file_size).is_some() {
            self.take_text(path, text)
        } else {
            self.take_edited(path, &old, text, edit)
        };
        (impact, others)
    }

    /// What `edit` made of the text of `old`.
    fn take_edited(&mut self, path: &Path, old: &Arc<File>, text: Text, edit: Edit) -> Impact {
        let (file, touched) = old.edited(Arc::new(text), edit);
        let file = Arc::new(file);
        let Some(project) = self.project(path).cloned() else { return Impact::None };
        // While it did not parse the project went on with an older text, to which items are not compared here.
        let is_known = project.knows(old);
        let before = project.as_module(old.clone());
        let after = Module::new(file.clone(), before.name.clone());
        let is_local = is_known && stays_within_tests(&project, &before, &after, touched);
        self.store.put(file.clone());
        let are_used_alike = is_known && used_alike(&project, &before, &after, touched);
        if is_local && !are_used_alike && !is_unsettled(&file, touched) {
            // Hints anywhere may tell of the use. What the project knows of files does not.
            project.replace(path, file);
            self.around(path).for_each(|project| project.renew());
            return Impact::Everything;
        }
        if is_local && are_used_alike {
            project.replace(path, file.clone());
            self.hints.edited(path, touched, edit, |item| file.is_sound(item));
            return Impact::File;
        }
        if are_used_alike
            && stays_within_fixture(&project, &before, &after, touched)
            && self.hints.count(&self.versions_around(path)) < MANY_HINTS
        {
            project.replace_fixture(path, file.clone());
            self.hints.forget_items(|other, item| self.has_fixture(other, item, path, touched.first));
            self.hints.edited(path, touched, edit, |item| file.is_sound(item));
            return Impact::Everything;
        }
        if is_unsettled(&file, touched) {
            // Half-typed code proves nothing: others keep the last sound facts until it parses again.
            self.hints.forget(path);
            return Impact::None;
        }
        self.everything(path)
    }

    fn loaded(&self, path: &Path) -> Option<Arc<File>> {
        match self.project(path)?.load(path) {
            Loaded::File(file) => Some(file),
            Loaded::Missing | Loaded::PassedOver(_) => None,
        }
    }

    /// Whether the fixture that is item `fixture` of the file `declared` runs around an item of a file.
    fn has_fixture(&self, path: &Path, item: u32, declared: &Path, fixture: u32) -> bool {
        let Some((project, module)) = self.module(path) else { return true };
        if item as usize >= module.file.items().len() {
            return true;
        }
        let closure = project.closure(&module, item);
        let mut fixtures = closure.iter().filter_map(|closed| closed.fixture.as_ref());
        fixtures.any(|other| other.item == fixture && other.module.file.path == *declared)
    }

    /// What was computed from the file, and all that may rest on it, is forgotten.
    fn everything(&mut self, path: &Path) -> Impact {
        self.forget(&[path]);
        Impact::Everything
    }

    fn forget(&self, paths: &[&Path]) {
        let sees_any = |project: &&Arc<Project>| paths.iter().any(|path| project.sees(path));
        self.projects.iter().filter(sees_any).for_each(|project| project.forget(paths));
    }

    /// The projects in whose answers a file may have a part.
    fn around(&self, path: &Path) -> impl Iterator<Item = &Arc<Project>> {
        self.projects.iter().filter(|project| project.sees(path))
    }

    fn versions_around(&self, path: &Path) -> Vec<u64> {
        self.around(path).map(|project| project.version()).collect()
    }

    /// Brings the listing of the folder that holds `path` up to date, and the projects if it was not; says whether it was.
    fn relist(&mut self, path: &Path, exists: bool) -> bool {
        let was_listed = self.list(path, exists);
        if !was_listed {
            let around: Vec<PathBuf> = self.folders_around(path).collect();
            around.iter().for_each(|folder| self.rebuild_in(folder));
        }
        was_listed
    }

    /// Brings the listing of the folder that holds `path` up to date; says whether it already was.
    fn list(&mut self, path: &Path, exists: bool) -> bool {
        let Some((_, files)) = self.folders.iter_mut().rev().find(|(folder, _)| path.starts_with(folder))
        else {
            return false;
        };
        if files.contains(path) == exists {
            return true;
        }
        if exists {
            files.insert(path.to_owned());
        } else {
            files.remove(path);
        }
        false
    }
}

/// Whether an edit left alone everything that other items can see but uses of state: it replaced tests of the same names
/// by tests, one by one.
fn stays_within_tests(project: &Project, before: &Module, after: &Module, touched: Touched) -> bool {
    let (old, new) = (&before.file, &after.file);
    if touched.old_count != touched.new_count || old.split.doubt.is_some() || new.split.doubt.is_some() {
        return false;
    }
    (touched.first..touched.first + touched.new_count).all(|item| {
        old.item(item).owner == new.item(item).owner
            && old.name(item) == new.name(item)
            && project.role(before, item) == Role::Test
            && project.role_by_head(after, item) == Role::Test
            && project.same_footprint(before, after, item)
    })
}

/// Whether the items that an edit replaced, one by one, use what was asked about in the same way.
fn used_alike(project: &Project, before: &Module, after: &Module, touched: Touched) -> bool {
    touched.old_count == touched.new_count
        && (touched.first..touched.first + touched.new_count)
            .all(|item| project.uses_alike(before, after, item))
}

/// Looking for the items that a fixture runs around costs more than making their hints anew.
const MANY_HINTS: usize = 5_000;

/// Whether an edit changed only what one fixture does to the tests around which it runs: not who it runs around, and
/// nothing that others see of it.
fn stays_within_fixture(project: &Project, before: &Module, after: &Module, touched: Touched) -> bool {
    let (old, new) = (&before.file, &after.file);
    if (touched.old_count, touched.new_count) != (1, 1)
        || old.split.doubt.is_some()
        || new.split.doubt.is_some()
        || !new.is_sound(touched.first)
    {
        return false;
    }
    let item = touched.first;
    old.item(item).owner == new.item(item).owner
        && project.role(before, item) == Role::Fixture
        && project.role_by_head(after, item) == Role::Fixture
        && head_text(old, item) == head_text(new, item)
        && project.same_fixture(before, after, item)
        && project.same_footprint(before, after, item)
}

/// Decorators, name and parameters.
fn head_text(file: &File, item: u32) -> Option<&str> {
    let head = file.item(item).function()?;
    file.item_text(item).get(..head.signature.end as usize)
}

/// Whether what an edit made does not parse, or swallows what follows it.
fn is_unsettled(file: &File, touched: Touched) -> bool {
    file.split.doubt.is_some()
        || (touched.first..touched.first + touched.new_count).any(|item| !file.is_sound(item))
}
