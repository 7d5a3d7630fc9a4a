//! The real engine behind the checks' seam.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::actions::Offer;
use analysis::facts::code::Health;
use analysis::fix::Fix;
use analysis::hint::Hint;
use analysis::settings::Layer;
use analysis::syntax::{code_of, split};
use analysis::text::{Change, Encoding, TextRange};
use analysis::workspace::{Date, FileSource, ReadError, Workspace, known_rules};

use crate::engine::{Engine, Seen, TODAY};
use crate::files::{MemoryFiles, is_python};

impl FileSource for MemoryFiles {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.bytes(path).map(<[u8]>::to_vec).ok_or(ReadError::Missing)
    }

    fn names_in(&self, folder: &Path) -> Vec<String> {
        let below = self.paths().filter_map(|path| path.strip_prefix(folder).ok()?.iter().next());
        let mut names: Vec<String> = below.map(|name| name.to_string_lossy().into_owned()).collect();
        names.dedup();
        names
    }
}

/// Reads a tree with the real engine, as an editor does. `enabled` is on even where it is off by default.
pub fn analysed(files: &MemoryFiles, enabled: Option<&str>) -> Box<dyn Engine> {
    let (year, month, day) = TODAY;
    let mut workspace = Workspace::new(Arc::new(files.clone()), Date { year, month, day });
    if let Some(layer) = enabled.and_then(|rule| switched_on(rule, files.root())) {
        workspace.configure(layer);
    }
    workspace.set_files(files.root(), files.paths().map(PathBuf::from).collect());
    Box::new(Analysed { workspace })
}

/// The settings that switch on a rule which is off by default.
fn switched_on(rule: &str, root: &Path) -> Option<Layer> {
    let known = known_rules();
    if known.iter().any(|known| known.name == rule && known.on) {
        return None;
    }
    let settings = format!("severity.{rule} = \"warning\"\n");
    Layer::from_file(&root.join("flakeless.toml"), settings.as_bytes(), &known)
}

struct Analysed {
    workspace: Workspace,
}

impl Engine for Analysed {
    fn seen(&self, path: &Path) -> Seen {
        let report = self.workspace.report(path);
        let mut problems: Vec<String> = report.problems.into_iter().map(|problem| problem.message).collect();
        // A rule that panics loses its hints and goes on: here that must not pass for silence.
        if let Some(failure) = problems.iter().find(|problem| problem.contains("failed on this file")) {
            panic!("{}: {failure}", path.display());
        }
        if let Some(lost) = self.workspace.lost_hints(path).first() {
            panic!("{}: `{}` would not have looked here: {}", path.display(), lost.rule, lost.message);
        }
        if is_python(path)
            && let Some(text) = self.workspace.text(path)
        {
            problems.extend(broken_items(text.as_str()));
        }
        Seen { hints: report.hints, problems }
    }

    fn fixes(&self, path: &Path, hint: &Hint) -> Vec<Fix> {
        self.workspace.fixes(path, hint)
    }

    fn offer(&self, path: &Path, offset: u32, action: &str) -> Option<Result<Fix, String>> {
        self.workspace.offer(path, offset, action).map(|offer| match offer {
            Offer::Possible(fix) => Ok(fix),
            Offer::Refused { reason, .. } => Err(reason),
        })
    }

    fn hover(&self, path: &Path, offset: u32) -> Option<String> {
        self.workspace.hover(path, offset).map(|hover| hover.markdown)
    }

    fn open(&mut self, path: &Path, text: &str) {
        self.workspace.open(path, text.to_owned());
    }

    fn replace(&mut self, path: &Path, range: TextRange, with: &str) {
        let Some(text) = self.workspace.text(path) else { return };
        // The encoding that most editors speak, and the one in which columns are easiest to get wrong.
        let position = |offset| text.position(offset, Encoding::Utf16);
        let range = Some((position(range.start), position(range.end)));
        self.workspace.edit(path, &[Change { range, text: with.to_owned() }], Encoding::Utf16);
    }
}

/// Items that the engine cannot parse. It says nothing of them in reports, since a half-typed test is no problem.
fn broken_items(text: &str) -> Vec<String> {
    let split = split::split(text);
    let broken = split.items.iter().filter(|item| code_of(item.text(text)).health == Health::Broken);
    broken
        .map(|item| format!("does not parse: {}", item.text(text).lines().next().unwrap_or_default()))
        .collect()
}
