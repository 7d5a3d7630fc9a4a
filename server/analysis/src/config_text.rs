//! Reading configuration text: INI as pytest reads it, TOML with ranges, shell words.
//!
//! Knows no key of any tool. Nothing here fails: what cannot be read is a [`Problem`] with its place, the rest counts.

pub mod ini;
pub mod shell_words;
pub mod toml;
pub mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::text::TextRange;

/// Where the contents of files come from: the disk, or an editor's unsaved text.
pub trait ConfigFiles {
    /// The bytes of the file at `path`; `None` when there is no such file.
    fn read(&self, path: &Path) -> Option<Cow<'_, [u8]>>;

    /// Whether there is a file at `path`.
    fn has(&self, path: &Path) -> bool {
        self.read(path).is_some()
    }
}

impl ConfigFiles for BTreeMap<PathBuf, String> {
    fn read(&self, path: &Path) -> Option<Cow<'_, [u8]>> {
        self.get(path).map(|text| Cow::Borrowed(text.as_bytes()))
    }
}

/// Something wrong in a configuration file, said for a person. `range` is in bytes of that file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub path: PathBuf,
    pub range: TextRange,
    pub message: String,
}

/// The same before it is known which file it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub range: TextRange,
    pub message: String,
}

impl Fault {
    pub(crate) fn new(range: TextRange, message: impl Into<String>) -> Self {
        Self { range, message: message.into() }
    }

    pub(crate) fn at(self, path: &Path) -> Problem {
        Problem { path: path.to_path_buf(), range: self.range, message: self.message }
    }
}

/// The text of a file as pytest decodes it: UTF-8. Otherwise the range of the first bytes that are not.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        let start = error.valid_up_to();
        let len = error.error_len().unwrap_or(bytes.len() - start);
        Fault::new(byte_range(start, start + len), "This file is not valid UTF-8, so it cannot be read.")
    })
}

pub(crate) fn byte_range(start: usize, end: usize) -> TextRange {
    let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    TextRange::new(clamp(start), clamp(end))
}
