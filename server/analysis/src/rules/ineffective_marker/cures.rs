//! What makes a marker effective.

use super::wiring;
use crate::fix::{Applicability, Fix};
use crate::fixes::configuration::ConfigurationEdit;
use crate::project::Project;
use crate::project::idle_marker::{IdleMarker, Why};

pub fn of(project: &Project, idle: &IdleMarker) -> Vec<Fix> {
    let fix = match idle.why {
        Why::Unheeded | Why::OnlyReordered => wiring::wire(project, idle),
        Why::Refused => register(project, &idle.marker),
        Why::NoGroups => dist(project, "loadgroup"),
        Why::DeadGroups | Why::Scattered => dist(project, "loadfile"),
    };
    fix.into_iter().collect()
}

fn register(project: &Project, marker: &str) -> Option<Fix> {
    let mut edit = ConfigurationEdit::of(project)?;
    edit.register(marker)?;
    let title = format!("Register `{marker}` in {}", edit.file_name());
    Some(Fix::cure(title, Applicability::Suggested, edit.edits()))
}

fn dist(project: &Project, mode: &str) -> Option<Fix> {
    if !project.plugins.has("pytest-xdist") {
        return None;
    }
    let mut edit = ConfigurationEdit::of(project)?;
    let title = match project.config.options.xdist.dist.as_deref() {
        Some(old) => format!("Replace `--dist {old}` by `--dist {mode}` in {}", edit.file_name()),
        None => format!("Add `--dist {mode}` to `addopts` in {}", edit.file_name()),
    };
    edit.set_argument("--dist", mode)?;
    Some(Fix::cure(title, Applicability::Suggested, edit.edits()))
}
