//! Cuts the listed files into projects, each with its configuration, plugins and settings.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Workspace;
use crate::config_text::ConfigFiles;
use crate::project::layout::Layout;
use crate::project::line_length;
use crate::project::plugins::{self, Plugins};
use crate::project::pytest_config;
use crate::project::runs::{Runs, holds_commands};
use crate::project::{Parts, Project};
use crate::rules;
use crate::settings::{self, KnownRule, SettingProblem};

/// Files that may hold pytest's configuration. Where one does, a project begins.
const PYTEST_CONFIGS: &[&str] =
    &["pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"];

/// Configuration is read whole; a larger file is none.
pub const MAX_CONFIG_SIZE: u64 = 4_000_000;

impl Workspace {
    /// Makes the projects anew from what is listed. Files that were read stay read.
    pub(super) fn rebuild(&mut self) {
        let folders: Vec<PathBuf> = self.folders.keys().cloned().collect();
        self.projects.clear();
        folders.iter().for_each(|folder| self.rebuild_in(folder));
    }

    /// The same for the projects of one of the host's folders, which may be there no more.
    pub(super) fn rebuild_in(&mut self, folder: &Path) {
        let projects = self.projects_under(folder);
        self.projects.set(folder, projects);
    }

    /// The host's folders that hold a file.
    pub(super) fn folders_around(&self, path: &Path) -> impl Iterator<Item = PathBuf> {
        self.folders.keys().filter(move |folder| path.starts_with(folder)).cloned()
    }

    fn projects_under(&self, folder: &Path) -> Vec<Arc<Project>> {
        let Some(files) = self.folders.get(folder) else { return Vec::new() };
        let mut homes: BTreeSet<&Path> = files
            .iter()
            .filter(|path| has_name(path, PYTEST_CONFIGS))
            .filter_map(|path| path.parent())
            .collect();
        homes.insert(folder);
        let runs = Arc::new(self.runs(folder, &self.configs()));
        homes.into_iter().filter_map(|home| self.project_at(home, folder, &runs)).map(Arc::new).collect()
    }

    /// The project that begins at `home`, if pytest, asked for that directory, would find its configuration there.
    fn project_at(&self, home: &Path, folder: &Path, runs: &Arc<Runs>) -> Option<Project> {
        let configs = self.configs();
        let rules = known_rules();
        let (nearest, settings) = settings::in_force(home, folder, &configs, &self.overrides, &rules);
        let mut plugins = self.plugins(home, folder, &configs);
        for requirement in &settings.plugins {
            plugins.add_requirement(requirement);
        }
        let environment = settings
            .python
            .as_deref()
            .map(|python| plugins::installed(python, &|folder| self.source.names_in(folder)));
        for (name, version) in environment.iter().flatten().flatten() {
            plugins.add_installed(name, version);
        }
        let mut problems: Vec<_> = nearest.problems.iter().filter_map(SettingProblem::in_file).collect();
        problems.extend(nearest.no_environment().filter(|_| environment == Some(None)));
        let config = pytest_config::effective(home, folder, &configs, &plugins.version("pytest"));
        let begins_here =
            home == folder || config.file.as_ref().is_some_and(|f| f.path.parent() == Some(home));
        if !begins_here {
            return None;
        }
        let config_source = config.file.as_ref().and_then(|file| configs.text(&file.path));
        problems.extend(config.problems.iter().chain(&config.lost).cloned());
        let layout = self.layout(folder, &config);
        Some(Project::new(Parts {
            home: home.to_owned(),
            folder: folder.to_owned(),
            config,
            config_source,
            plugins,
            settings: Arc::new(settings),
            layout: Arc::new(layout),
            runs: runs.clone(),
            today: self.today.clone(),
            line_length: self.line_length(home, folder, &configs),
            problems,
            store: self.store.clone(),
        }))
    }

    pub(super) fn configs(&self) -> Configs<'_> {
        Configs { workspace: self }
    }

    /// What the files at `home` and above it, up to the folder, declare.
    fn plugins(&self, home: &Path, folder: &Path, configs: &Configs<'_>) -> Plugins {
        let mut plugins = Plugins::default();
        let declaring = self.folders[folder].iter().filter(|path| !super::is_python(path)).filter(|path| {
            path.parent().is_some_and(|dir| home.starts_with(dir) || dir.parent() == Some(home))
        });
        for path in declaring {
            if let Some(text) = configs.text(path) {
                plugins.add_file(path, &text);
            }
        }
        plugins
    }

    /// What the nearest `pyproject.toml` at `home` or above it, up to the folder, says.
    fn line_length(&self, home: &Path, folder: &Path, configs: &Configs<'_>) -> usize {
        let above = home.ancestors().take_while(|dir| dir.starts_with(folder));
        let mut files = above.map(|dir| dir.join("pyproject.toml"));
        let said = files.find_map(|file| line_length::of_pyproject(&configs.text(&file)?));
        said.unwrap_or(line_length::DEFAULT)
    }

    /// The commands of the whole folder: those at its root may be about any project in it.
    fn runs(&self, folder: &Path, configs: &Configs<'_>) -> Runs {
        let files = self.folders[folder].iter().filter(|path| holds_commands(path));
        let text = |path: &PathBuf| match super::is_python(path) {
            true => self.store.config_text(path, MAX_CONFIG_SIZE),
            false => configs.text(path),
        };
        Runs::new(files.filter_map(text).collect())
    }

    fn layout(&self, folder: &Path, config: &pytest_config::Effective) -> Layout {
        let python = self.folders[folder].iter().filter(|path| super::is_python(path)).cloned();
        let mut roots = vec![config.rootdir.clone(), config.rootdir.join("src"), folder.to_owned()];
        roots.extend(config.options.pythonpath.iter().map(|path| config.rootdir.join(path)));
        Layout::new(python, &roots)
    }
}

/// The rules as settings name them.
pub fn known_rules() -> Vec<KnownRule> {
    let metas = rules::REGISTRY.iter().map(|entry| entry.meta);
    metas.map(|meta| KnownRule { name: meta.name, on: meta.on_by_default }).collect()
}

fn has_name(path: &Path, names: &[&str]) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| names.contains(&name))
}

/// Configuration files as they count now: the editor's text before the disk's.
pub(super) struct Configs<'a> {
    workspace: &'a Workspace,
}

impl Configs<'_> {
    pub(super) fn text(&self, path: &Path) -> Option<String> {
        match self.workspace.open_configs.get(path) {
            Some(text) => Some(text.clone()),
            None => self.workspace.store.config_text(path, MAX_CONFIG_SIZE),
        }
    }
}

impl ConfigFiles for Configs<'_> {
    fn read(&self, path: &Path) -> Option<Cow<'_, [u8]>> {
        self.text(path).map(|text| Cow::Owned(text.into_bytes()))
    }
}
