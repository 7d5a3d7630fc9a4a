//! The JSON form of `flakeless project`: keys are added, never changed. Paths are relative to the working directory,
//! lines count from 1.

use std::io::{self, Write};

use analysis::model::{Model, Use};
use analysis::project::Place;
use serde::Serialize;

use super::{Sight, plain};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    projects: Vec<Project<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Project<'a> {
    home: String,
    rootdir: String,
    configuration: Option<String>,
    passed_over: Vec<String>,
    undecided: bool,
    plugins: Vec<Plugin<'a>>,
    conftests: Vec<String>,
    marker: Marker<'a>,
    reloads: Vec<Reload<'a>>,
    shared: Vec<Shared<'a>>,
    tests: Vec<Test<'a>>,
}

#[derive(Serialize)]
struct Plugin<'a> {
    name: &'a str,
    versions: &'a str,
    changes: &'a str,
}

#[derive(Serialize)]
struct Marker<'a> {
    name: &'a str,
    registered: bool,
    effect: &'a str,
    hook: Option<At>,
}

#[derive(Serialize)]
struct Reload<'a> {
    module: &'a str,
    how: &'a str,
    at: At,
}

#[derive(Serialize)]
struct Shared<'a> {
    target: &'a str,
    writers: Vec<Used<'a>>,
    readers: Vec<Used<'a>>,
}

#[derive(Serialize)]
struct Used<'a> {
    name: &'a str,
    at: At,
}

#[derive(Serialize)]
struct At {
    path: String,
    line: u32,
}

#[derive(Serialize)]
struct Test<'a> {
    id: &'a str,
    fixtures: Vec<&'a str>,
}

pub(super) fn print(out: &mut impl Write, sight: Sight<'_>, models: &[Model]) -> io::Result<()> {
    let projects = models.iter().map(|model| project(sight, model)).collect();
    serde_json::to_writer_pretty(&mut *out, &Document { version: VERSION, projects })?;
    writeln!(out)
}

fn project<'a>(sight: Sight<'_>, model: &'a Model) -> Project<'a> {
    let at = |place: &Place| At { path: plain(sight, &place.path), line: sight.line(place) };
    let used = |uses: &'a [Use]| uses.iter().map(|it| Used { name: &it.name, at: at(&it.place) }).collect();
    Project {
        home: plain(sight, &model.home),
        rootdir: plain(sight, &model.rootdir),
        configuration: model.configuration.as_deref().map(|path| plain(sight, path)),
        passed_over: model.passed_over.iter().map(|path| plain(sight, path)).collect(),
        undecided: model.undecided,
        plugins: model
            .plugins
            .iter()
            .map(|it| Plugin { name: &it.name, versions: &it.versions, changes: it.changes })
            .collect(),
        conftests: model.conftests.iter().map(|path| plain(sight, path)).collect(),
        marker: Marker {
            name: &model.marker.name,
            registered: model.marker.is_registered,
            effect: model.marker.effect,
            hook: model.marker.hook.as_ref().map(at),
        },
        reloads: model
            .reloads
            .iter()
            .map(|it| Reload { module: &it.module, how: it.how, at: at(&it.place) })
            .collect(),
        shared: model
            .shared
            .iter()
            .map(|it| Shared { target: &it.target, writers: used(&it.writers), readers: used(&it.readers) })
            .collect(),
        tests: model
            .tests
            .iter()
            .map(|test| Test { id: &test.id, fixtures: test.fixtures.iter().map(|it| it.as_str()).collect() })
            .collect(),
    }
}
