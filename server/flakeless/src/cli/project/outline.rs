//! What there is to tell of the projects at a path. Its JSON form is kept: keys are added, never changed or taken away.
//!
//! Lines count from 1; paths are relative to the working directory; lists are sorted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use analysis::project::closure::Reason;
use analysis::project::collected::Collected;
use analysis::project::pytest_config::{ConfigKind, Why};
use analysis::project::reload::Renewal;
use analysis::project::shared::User;
use analysis::project::{FixtureScope, Place, Project};
use analysis::workspace::Workspace;
use serde::Serialize;

use crate::cli::place::{Base, line_column};

const VERSION: u32 = 1;

#[derive(Serialize)]
pub(super) struct Outline {
    version: u32,
    pub(super) projects: Vec<Described>,
}

#[derive(Serialize)]
pub(super) struct Described {
    pub(super) home: String,
    pub(super) rootdir: String,
    pub(super) configuration: Configuration,
    pub(super) problems: Vec<Said>,
    pub(super) plugins: Vec<Plugin>,
    pub(super) unknown_plugins: Vec<UnknownPlugin>,
    pub(super) directories: Vec<Directory>,
    pub(super) markers: Vec<Marker>,
    pub(super) reloads: Vec<Reloaded>,
    pub(super) shared: Vec<Shared>,
    pub(super) tests: Vec<Test>,
}

#[derive(Serialize)]
pub(super) struct Configuration {
    pub(super) file: Option<String>,
    pub(super) why: String,
    /// The pytest versions that may run obey different files.
    pub(super) undecided: bool,
    pub(super) pytest: String,
    pub(super) passed_over: Vec<PassedOver>,
}

#[derive(Serialize)]
pub(super) struct PassedOver {
    pub(super) path: String,
    pub(super) why: &'static str,
}

#[derive(Serialize)]
pub(super) struct Plugin {
    pub(super) name: &'static str,
    pub(super) versions: String,
    pub(super) effect: String,
}

/// A plugin that no module of the project and no declared package is known to bring.
#[derive(Serialize)]
pub(super) struct UnknownPlugin {
    pub(super) name: String,
    pub(super) named_in: String,
}

#[derive(Serialize)]
pub(super) struct Directory {
    pub(super) path: String,
    pub(super) tests: usize,
    /// Nearest first.
    pub(super) conftests: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Marker {
    pub(super) name: String,
    pub(super) tests: usize,
    pub(super) registered: bool,
    pub(super) honoured_by: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Reloaded {
    pub(super) module: String,
    pub(super) how: &'static str,
    pub(super) function: String,
    #[serde(flatten)]
    pub(super) at: At,
}

#[derive(Serialize)]
pub(super) struct Shared {
    pub(super) target: String,
    pub(super) writers: Vec<Named>,
    pub(super) readers: Vec<Named>,
}

#[derive(Serialize)]
pub(super) struct Named {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) at: At,
}

#[derive(Serialize)]
pub(super) struct Said {
    #[serde(flatten)]
    pub(super) at: At,
    pub(super) message: String,
}

#[derive(Serialize)]
pub(super) struct Test {
    id: String,
    #[serde(flatten)]
    at: At,
    fixtures: Vec<Fixture>,
}

/// A fixture of the project in a test's closure; those of pytest and of installed plugins are left out.
#[derive(Serialize)]
struct Fixture {
    name: String,
    scope: Option<&'static str>,
    /// Only a `getfixturevalue` leads there: pytest does not know before it runs.
    looked_up: bool,
    #[serde(flatten)]
    at: At,
}

#[derive(Serialize)]
pub(super) struct At {
    pub(super) path: String,
    pub(super) line: u32,
}

impl Outline {
    /// The projects at, around and below `path`.
    pub(super) fn of(workspace: &Workspace, base: &Base, path: &Path) -> Outline {
        let concerned = workspace
            .projects()
            .into_iter()
            .filter(|project| super::concerns(workspace, &project.home, path));
        let projects = concerned.map(|project| Teller { workspace, base, project }.tell(path)).collect();
        Outline { version: VERSION, projects }
    }
}

/// Puts what one project knows into words.
struct Teller<'a> {
    workspace: &'a Workspace,
    base: &'a Base,
    project: &'a Project,
}

impl Teller<'_> {
    fn tell(&self, path: &Path) -> Described {
        let mut tests = self.project.collection();
        tests.retain(|test| {
            let file = &test.site.module.file.path;
            let is_own = self.workspace.project(file).is_some_and(|owner| owner.home == self.project.home);
            is_own && file.starts_with(path)
        });
        Described {
            home: self.base.relative(&self.project.home),
            rootdir: self.base.relative(&self.project.root),
            configuration: self.configuration(),
            problems: self.problems(),
            plugins: self.plugins(),
            unknown_plugins: self.unknown_plugins(),
            directories: self.directories(&tests),
            markers: self.markers(&tests),
            reloads: self.reloads(),
            shared: self.shared(),
            tests: tests.iter().map(|test| self.test(test)).collect(),
        }
    }

    fn configuration(&self) -> Configuration {
        let config = &self.project.config;
        let passed_over = config.passed_over.iter().map(|passed| PassedOver {
            path: self.base.relative(&passed.path),
            why: match passed.why {
                Why::NoOptions => "it holds no options for pytest",
                Why::Behind => "pytest obeys one file, and the chosen one comes first",
                Why::FurtherUp => "a directory nearer to the tests has a configuration",
                Why::TooNew => "this pytest does not know the form",
            },
        });
        Configuration {
            file: config.file.as_ref().map(|file| self.base.relative(&file.path)),
            why: match config.file.as_ref().map(|file| file.kind) {
                None => "no file with options for pytest was found".to_owned(),
                Some(ConfigKind::PyprojectBare) => {
                    "no file has options for pytest; this one marks the root".to_owned()
                }
                Some(kind) => format!("the first in pytest's order with {}", section(kind)),
            },
            undecided: config.undecided,
            pytest: self.project.plugins.version("pytest").to_string(),
            passed_over: passed_over.collect(),
        }
    }

    /// What is wrong with configuration files, then with conftests and test files.
    fn problems(&self) -> Vec<Said> {
        let own = |file: &&PathBuf| {
            self.workspace.project(file).is_some_and(|owner| owner.home == self.project.home)
        };
        let files = self.project.checked_files().iter().filter(own);
        let of_files = files.flat_map(|file| self.workspace.report(file).problems);
        let problems = self.project.problems.iter().cloned().chain(of_files);
        problems
            .map(|problem| Said { at: self.at(&problem.path, problem.range.start), message: problem.message })
            .collect()
    }

    fn unknown_plugins(&self) -> Vec<UnknownPlugin> {
        let unknown = self.project.unknown_plugins().into_iter();
        unknown
            .map(|(name, path)| UnknownPlugin { name: name.to_string(), named_in: self.base.relative(&path) })
            .collect()
    }

    fn plugins(&self) -> Vec<Plugin> {
        let effects = self.project.plugin_effects().into_iter();
        effects
            .map(|plugin| Plugin { name: plugin.package, versions: plugin.versions, effect: plugin.effect })
            .collect()
    }

    fn directories(&self, tests: &[Collected]) -> Vec<Directory> {
        let mut counts: BTreeMap<PathBuf, (usize, PathBuf)> = BTreeMap::new();
        for test in tests {
            let file = &test.site.module.file.path;
            let folder = file.parent().unwrap_or(file).to_owned();
            counts.entry(folder).or_insert_with(|| (0, file.clone())).0 += 1;
        }
        let told = counts.into_iter().map(|(folder, (tests, file))| Directory {
            path: self.base.relative(&folder),
            tests,
            conftests: self
                .project
                .conftests(&file)
                .iter()
                .map(|conftest| self.base.relative(conftest))
                .collect(),
        });
        told.collect()
    }

    fn markers(&self, tests: &[Collected]) -> Vec<Marker> {
        let uses = self.project.marker_uses(tests).into_iter();
        uses.map(|used| Marker {
            name: used.name.to_string(),
            tests: used.tests,
            registered: used.is_registered,
            honoured_by: used.honoured_by,
        })
        .collect()
    }

    fn reloads(&self) -> Vec<Reloaded> {
        let reloads = self.project.reloads();
        let told = reloads.iter().map(|reload| Reloaded {
            module: reload.module.to_string(),
            how: match reload.renewal {
                Renewal::Reload => "reload",
                Renewal::Purge => "purge",
            },
            function: reload.function.to_string(),
            at: self.place(&reload.place),
        });
        told.collect()
    }

    fn shared(&self) -> Vec<Shared> {
        let named = |users: Vec<User>| {
            users.into_iter().map(|user| Named { at: self.place(&user.place), name: user.name }).collect()
        };
        let shared = self.project.shared_targets().into_iter();
        shared
            .map(|shared| Shared {
                target: shared.target.to_string(),
                writers: named(shared.writers),
                readers: named(shared.readers),
            })
            .collect()
    }

    fn test(&self, test: &Collected) -> Test {
        let mut seen = BTreeSet::new();
        let mut fixtures: Vec<Fixture> = Vec::new();
        for closed in self.project.closure_of(test) {
            let Some(fixture) = closed.fixture.filter(|_| seen.insert(closed.name.clone())) else { continue };
            let start =
                fixture.module.file.absolute(fixture.item, analysis::text::TextRange::default()).start;
            fixtures.push(Fixture {
                name: closed.name.to_string(),
                scope: fixture.scope.map(scope_word),
                looked_up: matches!(closed.reason, Reason::LookedUp(_)),
                at: self.at(&fixture.module.file.path, start),
            });
        }
        fixtures.sort_by(|a, b| a.name.cmp(&b.name));
        let function = &test.function;
        let range = function.function().map(|head| head.name_range).unwrap_or_default();
        let file = &function.module.file;
        Test {
            id: test.node_id.clone(),
            at: self.at(&file.path, file.absolute(function.item, range).start),
            fixtures,
        }
    }

    fn place(&self, place: &Place) -> At {
        self.at(&place.path, place.range.start)
    }

    fn at(&self, path: &Path, offset: u32) -> At {
        let (line, _) = line_column(self.workspace.text(path).as_deref(), offset);
        At { path: self.base.relative(path), line }
    }
}

fn section(kind: ConfigKind) -> &'static str {
    match kind {
        ConfigKind::PytestToml => "a table that counts, even where it is empty",
        ConfigKind::PytestIni => "a section that counts, even where it is empty",
        ConfigKind::PyprojectNative => "a table [tool.pytest]",
        ConfigKind::PyprojectIniOptions => "a table [tool.pytest.ini_options]",
        ConfigKind::PyprojectBare => "no options",
        ConfigKind::ToxIni => "a section [pytest]",
        ConfigKind::SetupCfg => "a section [tool:pytest]",
    }
}

fn scope_word(scope: FixtureScope) -> &'static str {
    match scope {
        FixtureScope::Function => "function",
        FixtureScope::Class => "class",
        FixtureScope::Module => "module",
        FixtureScope::Package => "package",
        FixtureScope::Session => "session",
    }
}
