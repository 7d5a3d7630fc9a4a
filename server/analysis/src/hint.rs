//! A hint: one finding as it is shown to a person.
//!
//! All ranges are half-open, 0-based byte ranges of the whole file's text.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::text::TextRange;

/// How sure a rule is. The order is the order of strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Confidence {
    /// The shape is right, one link of the chain is outside what can be seen.
    Possible,
    /// The evidence in the code is enough.
    Likely,
    /// Reproduced here.
    Confirmed,
}

impl Confidence {
    pub const ALL: [Confidence; 3] = [Confidence::Possible, Confidence::Likely, Confidence::Confirmed];

    /// The word used in settings, JSON and messages.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Possible => "possible",
            Confidence::Likely => "likely",
            Confidence::Confirmed => "confirmed",
        }
    }

    pub fn from_word(word: &str) -> Option<Confidence> {
        Confidence::ALL.into_iter().find(|confidence| confidence.word() == word)
    }
}

/// Another place that a hint rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Related {
    pub path: PathBuf,
    pub range: TextRange,
    pub message: String,
}

/// One finding shown to a person. `range` is the risky expression. Clones share the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    pub rule: &'static str,
    pub confidence: Confidence,
    /// Three short sentences: what, why, what to do.
    pub message: SmolStr,
    pub range: TextRange,
    pub related: Arc<[Related]>,
    /// Node id of the test that the hint belongs to, relative to pytest's rootdir, without parameters.
    pub test: Option<SmolStr>,
    /// What already lessens the risk without curing it (a marker, a retry), in words.
    pub mitigated_by: Option<String>,
}
