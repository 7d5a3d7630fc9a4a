//! The sentences about a marker that does nothing.

use super::wiring;
use crate::project::Project;
use crate::project::idle_marker::{IdleMarker, Why};

pub fn what(idle: &IdleMarker) -> String {
    let marker = &idle.marker;
    match idle.why {
        Why::Unheeded => format!(
            "`{marker}` is no marker of pytest or pytest-xdist, and no hook, plugin or command that can be seen looks at it."
        ),
        Why::OnlyReordered => {
            format!("This hook changes the order of the tests marked `{marker}`, and does no more.")
        }
        Why::Refused => format!("`{marker}` is not registered, and markers are strict here."),
        Why::NoGroups => {
            "`xdist_group` needs `--dist loadgroup`, which no configuration or command that can be seen has."
                .to_owned()
        }
        Why::DeadGroups => {
            "With pytest 9.2 and pytest-xdist up to 3.8.0 `xdist_group` has no effect.".to_owned()
        }
        Why::Scattered => {
            format!("Tests marked `{marker}` are handed to several workers one by one.")
        }
    }
}

pub fn why(idle: &IdleMarker) -> String {
    match idle.why {
        Why::Unheeded | Why::OnlyReordered => {
            "Under `-n` these tests run beside all others, on whatever worker is free.".to_owned()
        }
        Why::Refused => "pytest stops with an error when it collects the test.".to_owned(),
        Why::NoGroups => "The tests of a group run on whatever worker is free.".to_owned(),
        Why::DeadGroups => {
            "The plugin writes the group where this pytest does not read it (pytest-xdist issue 1386), so the tests of \
             a group run on whatever worker is free."
                .to_owned()
        }
        Why::Scattered if idle.marker == "dependency" => {
            "A test whose dependency ran on another worker is skipped.".to_owned()
        }
        Why::Scattered => "A test can run before the one that it must follow, on another worker.".to_owned(),
    }
}

pub fn todo(project: &Project, idle: &IdleMarker) -> String {
    let marker = &idle.marker;
    match idle.why {
        Why::Unheeded | Why::OnlyReordered if wiring::groups_work(project) => {
            "Put them into one `xdist_group` by a hook, with `--dist loadgroup`.".to_owned()
        }
        Why::Unheeded | Why::OnlyReordered => {
            format!("Run them apart: `pytest -n auto -m \"not {marker}\"`, then `pytest -n 0 -m {marker}`.")
        }
        Why::Refused => "Register it.".to_owned(),
        Why::NoGroups => "Add `--dist loadgroup` to `addopts`, if no command line has it.".to_owned(),
        Why::DeadGroups => {
            "Keep each file on one worker with `--dist loadfile`, or stay below pytest 9.2 for now."
                .to_owned()
        }
        Why::Scattered => "Keep each file on one worker with `--dist loadfile`.".to_owned(),
    }
}
