//! What the checks ask of the engine.

use std::path::Path;

use analysis::fix::Fix;
use analysis::hint::Hint;
use analysis::text::TextRange;

use crate::files::MemoryFiles;

/// Year, month and day on which every case is read.
pub const TODAY: (i32, u8, u8) = (2026, 11, 20);

/// What the engine says of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// As the engine sorts them, `possible` ones included.
    pub hints: Vec<Hint>,
    /// What is not understood or passed over.
    pub problems: Vec<String>,
}

/// One reading of a file tree. A seam, so that the checks themselves can be shown to fail on an engine that errs.
pub trait Engine {
    fn seen(&self, path: &Path) -> Seen;
    fn fixes(&self, path: &Path, hint: &Hint) -> Vec<Fix>;
    /// What an action makes of the test whose name is at `offset`, or why it cannot; `None` where it is not offered.
    fn offer(&self, path: &Path, offset: u32, action: &str) -> Option<Result<Fix, String>>;
    fn hover(&self, path: &Path, offset: u32) -> Option<String>;
    /// The file is now open in an editor with this text.
    fn open(&mut self, path: &Path, text: &str);
    /// An edit of an open file, in bytes of its text.
    fn replace(&mut self, path: &Path, range: TextRange, with: &str);
}

/// Reads a tree. The second argument is a rule that must be on, whatever the default.
pub type Start = fn(&MemoryFiles, Option<&str>) -> Box<dyn Engine>;
