//! What there is to tell of the projects at a path. Its JSON form is kept: keys are added, never changed or taken away.
//!
//! Lines count from 1; paths are relative to the working directory; lists are sorted.

pub(crate) mod text;

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

use crate::place::{Base, line_column};

const VERSION: u32 = 1;

#[derive(Serialize)]
pub(crate) struct Outline {
    version: u32,
    pub(crate) projects: Vec<Described>,
}

#[derive(Serialize)]
pub(crate) struct Described {
    pub(crate) home: String,
    pub(crate) rootdir: String,
    pub(crate) configuration: Configuration,
    pub(crate) problems: Vec<Said>,
    pub(crate) plugins: Vec<Plugin>,
    pub(crate) unknown_plugins: Vec<UnknownPlugin>,
    pub(crate) directories: Vec<Directory>,
    pub(crate) markers: Vec<Marker>,
    pub(crate) reloads: Vec<Reloaded>,
    pub(crate) shared: Vec<Shared>,
    pub(crate) tests: Vec<Test>,
}

#[derive(Serialize)]
pub(crate) struct Configuration {
    pub(crate) file: Option<String>,
    pub(crate) why: String,
    /// The pytest versions that may run obey different files.
    pub(crate) undecided: bool,
    pub(crate) pytest: String,
    pub(crate) passed_over: Vec<PassedOver>,
}

#[derive(Serialize)]
pub(crate) struct PassedOver {
    pub(crate) path: String,
    pub(crate) why: &'static str,
}

#[derive(Serialize)]
pub(crate) struct Plugin {
    pub(crate) name: &'static str,
    pub(crate) versions: String,
    pub(crate) effect: String,
}

/// A plugin that no module of the project and no declared package is known to bring.
#[derive(Serialize)]
pub(crate) struct UnknownPlugin {
    pub(crate) name: String,
    pub(crate) named_in: String,
}

#[derive(Serialize)]
pub(crate) struct Directory {
    pub(crate) path: String,
    pub(crate) tests: usize,
    /// Nearest first.
    pub(crate) conftests: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct Marker {
    pub(crate) name: String,
    pub(crate) tests: usize,
    pub(crate) registered: bool,
    pub(crate) honoured_by: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct Reloaded {
    pub(crate) module: String,
    pub(crate) how: &'static str,
    pub(crate) function: String,
    #[serde(flatten)]
    pub(crate) at: At,
}

#[derive(Serialize)]
pub(crate) struct Shared {
    pub(crate) target: String,
    pub(crate) writers: Vec<Named>,
    pub(crate) readers: Vec<Named>,
}

#[derive(Serialize)]
pub(crate) struct Named {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) at: At,
}

#[derive(Serialize)]
pub(crate) struct Said {
    #[serde(flatten)]
    pub(crate) at: At,
    pub(crate) message: String,
}

#[derive(Serialize)]
pub(crate) struct Test {
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
pub(crate) struct At {
    pub(crate) path: String,
    pub(crate) line: u32,
}

impl Outline {
    /// The projects at, around and below `path`.
    pub(crate) fn of(workspace: &Workspace, base: &Base, path: &Path) -> Outline {
        let concerned =
            workspace.projects().into_iter().filter(|project| concerns(workspace, &project.home, path));
        let projects = concerned.map(|project| Teller { workspace, base, project }.tell(path)).collect();
        Outline { version: VERSION, projects }
    }
}

/// Whether a project matters to what was named: it lies below, or it holds the path.
fn concerns(workspace: &Workspace, home: &Path, path: &Path) -> bool {
    home.starts_with(path) || workspace.project(path).is_some_and(|project| project.home == home)
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
