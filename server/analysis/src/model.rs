//! The project as it is understood, for a person who wants to see it and for programs that compare it with pytest.

mod known_plugins;

use std::collections::BTreeMap;
use std::path::PathBuf;

use smol_str::SmolStr;

use crate::project::accesses::First;
use crate::project::effects::Footprint;
use crate::project::guards::{Guarded, Guards};
use crate::project::no_parallel::Effect;
use crate::project::reload::Renewal;
use crate::project::role::Phase;
use crate::project::target::Target;
use crate::project::{Module, Place, Project, Role, Subject};

pub use known_plugins::what_it_changes;

/// All that is known of one project. Lists are sorted.
#[derive(Clone, Debug)]
pub struct Model {
    /// Where the project begins.
    pub home: PathBuf,
    pub rootdir: PathBuf,
    /// pytest's configuration file, if it finds one.
    pub configuration: Option<PathBuf>,
    /// Other files that could have been it: pytest does not look into them, or they say nothing to it.
    pub passed_over: Vec<PathBuf>,
    /// The pytest versions that may run obey different files.
    pub undecided: bool,
    pub plugins: Vec<Plugin>,
    pub conftests: Vec<PathBuf>,
    pub marker: Marker,
    pub reloads: Vec<Reloaded>,
    pub shared: Vec<Shared>,
    pub tests: Vec<Test>,
}

#[derive(Clone, Debug)]
pub struct Plugin {
    pub name: String,
    /// PEP 440 specifiers; empty where nothing is said.
    pub versions: String,
    /// What it changes for hints and fixes.
    pub changes: &'static str,
}

/// The marker that asks for a test to run alone.
#[derive(Clone, Debug)]
pub struct Marker {
    pub name: String,
    pub is_registered: bool,
    pub effect: &'static str,
    pub hook: Option<Place>,
}

/// A place that makes a module anew.
#[derive(Clone, Debug)]
pub struct Reloaded {
    pub module: SmolStr,
    pub how: &'static str,
    pub place: Place,
}

/// State that tests leave changed, with who does and who sees it.
#[derive(Clone, Debug)]
pub struct Shared {
    pub target: String,
    pub writers: Vec<Use>,
    pub readers: Vec<Use>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    pub place: Place,
    /// The function with its classes.
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct Test {
    pub id: String,
    /// The project's own fixtures that run around it, by name, as far as pytest knows them before it runs.
    pub fixtures: Vec<SmolStr>,
}

/// Works out everything about `files`, test files and conftests of the project.
pub fn model(project: &Project, files: &[PathBuf]) -> Model {
    let modules: Vec<Module> = files.iter().filter_map(|path| project.module(path)).collect();
    let configuration = project.config.file.as_ref().map(|file| file.path.clone());
    Model {
        home: project.home.clone(),
        rootdir: project.root.clone(),
        passed_over: passed_over(project),
        undecided: project.config.undecided,
        configuration,
        plugins: plugins(project),
        conftests: files.iter().filter(|path| path.ends_with("conftest.py")).cloned().collect(),
        marker: marker(project),
        reloads: reloads(project),
        shared: shared(project, &modules),
        tests: tests(project, &modules),
    }
}

fn passed_over(project: &Project) -> Vec<PathBuf> {
    let chosen = project.config.file.as_ref().map(|file| &file.path);
    project.config_files.iter().filter(|path| Some(*path) != chosen).cloned().collect()
}

fn plugins(project: &Project) -> Vec<Plugin> {
    let declared = project.plugins.names().filter_map(|name| {
        let changes = what_it_changes(name)?;
        Some(Plugin { name: name.to_owned(), versions: project.plugins.version(name).to_string(), changes })
    });
    declared.collect()
}

fn marker(project: &Project) -> Marker {
    let found = project.no_parallel();
    let effect = match found.effect {
        Effect::OneWorker => "a hook puts its tests into one xdist group",
        Effect::SkippedUnderXdist => "a hook skips its tests under pytest-xdist",
        Effect::Deselected => "a hook leaves its tests to a run of their own",
        Effect::Other => "a hook looks at it; what that does is not known",
        Effect::Nothing => "nothing honours it",
    };
    Marker { name: found.name.clone(), is_registered: found.is_registered, effect, hook: found.hook.clone() }
}

fn reloads(project: &Project) -> Vec<Reloaded> {
    let all = project.reloads();
    let found = all.iter().map(|reload| Reloaded {
        module: reload.module.clone(),
        how: match reload.renewal {
            Renewal::Reload => "reloaded",
            Renewal::Purge => "taken out of sys.modules",
        },
        place: reload.place.clone(),
    });
    found.collect()
}

/// Whatever a test, fixture or set-up leaves changed, guarded for nobody.
fn shared(project: &Project, modules: &[Module]) -> Vec<Shared> {
    let mut writers: BTreeMap<Target, Vec<Use>> = BTreeMap::new();
    for module in modules {
        for item in 0..module.file.items().len() as u32 {
            let role = project.role(module, item);
            let acts = matches!(role, Role::Test | Role::Fixture)
                || matches!(role, Role::Xunit(xunit) if xunit.phase == Phase::SetUp);
            if acts {
                add_writes(&Subject::new(project, module, item), &mut writers);
            }
        }
    }
    let shared = writers.into_iter().map(|(target, mut writers)| {
        writers.sort();
        writers.dedup();
        let accesses = project.accesses(&target);
        let reads = accesses.iter().filter(|access| access.first == First::Reads);
        let mut readers: Vec<Use> =
            reads.map(|access| Use { place: access.place.clone(), name: access.name.clone() }).collect();
        readers.sort();
        Shared { target: target.to_string(), writers, readers }
    });
    shared.collect()
}

fn add_writes(subject: &Subject<'_>, writers: &mut BTreeMap<Target, Vec<Use>>) {
    let footprint = Footprint::of(subject);
    if footprint.touches.is_empty() {
        return;
    }
    let guards = Guards::of(subject);
    for touch in footprint.escaping().filter(|touch| guards.of_touch(touch) != Guarded::Fully) {
        let place = subject.place(subject.code().range(touch.node));
        let name = subject.project.qualified_name(&subject.module, subject.item);
        writers.entry(touch.target.clone()).or_default().push(Use { place, name });
    }
}

fn tests(project: &Project, modules: &[Module]) -> Vec<Test> {
    let collects = modules.iter().filter(|module| project.collects(&module.file.path));
    let mut tests: Vec<Test> = collects
        .flat_map(|module| project.collected(module))
        .map(|test| {
            let closure = project.closure_collected(&test).into_iter();
            let mut fixtures: Vec<SmolStr> =
                closure.filter(|closed| closed.fixture.is_some()).map(|closed| closed.name).collect();
            fixtures.sort();
            fixtures.dedup();
            Test { id: project.id_of(&test), fixtures }
        })
        .collect();
    tests.sort_by(|a, b| a.id.cmp(&b.id));
    tests
}
