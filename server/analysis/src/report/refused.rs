//! What pytest would refuse in a module: said once, where it is, and the rest goes on.

use crate::project::plugin_names::Origin;
use crate::project::{Module, Project};
use crate::store::Mention;
use crate::workspace::Problem;

pub(super) fn problems(project: &Project, module: &Module) -> Vec<Problem> {
    let mut found = Vec::new();
    if module.file.mentions(Mention::Fixture) {
        found.extend(cycles(project, module));
    }
    if module.file.mentions(Mention::PytestPlugins) {
        found.extend(missing_plugins(project, module));
    }
    found
}

fn cycles(project: &Project, module: &Module) -> Vec<Problem> {
    let problem = |cycle: crate::project::cycles::Cycle| {
        let first = cycle.fixtures.first()?;
        let file = &first.module.file;
        let name = file.facts(first.item).code.function()?.name_range;
        Some(Problem {
            path: file.path.clone(),
            range: file.absolute(first.item, name),
            message: format!(
                "These fixtures wait for each other: {}. pytest ends every test that wants one of them.",
                cycle.names()
            ),
        })
    };
    project.fixture_cycles(module).into_iter().filter_map(problem).collect()
}

fn missing_plugins(project: &Project, module: &Module) -> Vec<Problem> {
    let named = project.named_plugins(module).into_iter();
    named
        .filter(|plugin| project.plugin_origin(&plugin.name) == Origin::Missing)
        .map(|plugin| Problem {
            path: plugin.place.path,
            range: plugin.place.range,
            message: format!(
                "The project has no module `{}`, so its fixtures and hooks are not known, and pytest stops here.",
                plugin.name
            ),
        })
        .collect()
}
