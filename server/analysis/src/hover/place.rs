//! Places as a person writes them.

use std::path::Path;

use crate::paths::slashed;
use crate::project::{Place, Project, Subject};
use crate::text::{LineIndex, TextRange};

/// `tests/test_a.py:12`, relative to pytest's rootdir, lines from 1.
pub fn shown(project: &Project, path: &Path, offset: u32) -> String {
    let file = slashed(path.strip_prefix(&project.root).unwrap_or(path));
    let line = match project.module(path) {
        Some(module) => module.file.text.lines().line_of(offset),
        None => config_line(project, path, offset),
    };
    format!("{file}:{}", line + 1)
}

/// The place of a range of the subject's item.
pub fn of(subject: &Subject<'_>, range: TextRange) -> String {
    at(subject.project, &subject.place(range))
}

pub fn at(project: &Project, place: &Place) -> String {
    shown(project, &place.path, place.range.start)
}

/// A line of the configuration file in force.
fn config_line(project: &Project, path: &Path, offset: u32) -> u32 {
    let shown = project.configuration().filter(|(file, _)| file.path == path);
    shown.map_or(0, |(_, text)| LineIndex::new(text).line_of(offset))
}
