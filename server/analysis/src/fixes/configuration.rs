//! Edits of the configuration file that pytest obeys; where there is none, `pytest.ini` is made.

use std::path::PathBuf;

use crate::fix::Edits;
use crate::project::Project;
use crate::project::pytest_config::{ConfigKind, register_marker_edit, set_argument_edit};
use crate::text::TextRange;

/// What a registration says of a marker.
const MEANING: &str = "must not run beside other tests";

/// Edits made one after the other, each on what the last left.
pub struct ConfigurationEdit {
    path: PathBuf,
    kind: ConfigKind,
    before: String,
    after: String,
}

impl ConfigurationEdit {
    /// `None` where it is undecided which file counts.
    pub fn of(project: &Project) -> Option<ConfigurationEdit> {
        if project.config.undecided {
            return None;
        }
        let (path, kind, text) = match project.configuration() {
            Some((file, text)) => (file.path.clone(), file.kind, text.to_owned()),
            None => (project.root.join("pytest.ini"), ConfigKind::PytestIni, String::new()),
        };
        Some(ConfigurationEdit { path, kind, before: text.clone(), after: text })
    }

    /// The file's name, for titles.
    pub fn file_name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Registers a no-parallel marker. `None` if the file leaves no safe place.
    pub fn register(&mut self, marker: &str) -> Option<()> {
        let line = format!("{marker}: {MEANING}");
        self.take(register_marker_edit(&self.after, self.kind, &line)?)
    }

    /// Gives an argument in `addopts` a value. `None` if the file leaves no safe place.
    pub fn set_argument(&mut self, name: &str, value: &str) -> Option<()> {
        self.take(set_argument_edit(&self.after, self.kind, name, value)?)
    }

    fn take(&mut self, (range, with): (TextRange, String)) -> Option<()> {
        self.after.replace_range(std::ops::Range::from(range), &with);
        if self.kind == ConfigKind::PyprojectBare {
            self.kind = ConfigKind::PyprojectIniOptions;
        }
        Some(())
    }

    /// All of them as one edit, from the first line that differs to the last.
    pub fn edits(&self) -> Edits {
        let start = same_lines(self.before.split_inclusive('\n'), self.after.split_inclusive('\n'));
        let (old, new) = (&self.before[start..], &self.after[start..]);
        let end = same_lines(old.split_inclusive('\n').rev(), new.split_inclusive('\n').rev());
        let range = TextRange::new(start as u32, (self.before.len() - end) as u32);
        let mut edits = Edits::new();
        edits.push(&self.path, range, &new[..new.len() - end]);
        edits
    }
}

/// How many bytes of lines are the same until the first that differ.
fn same_lines<'a>(one: impl Iterator<Item = &'a str>, other: impl Iterator<Item = &'a str>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(line, _)| line.len()).sum()
}
