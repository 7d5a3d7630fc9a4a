//! Runs the Markdown cases of the rules and the projects of `testdata/projects`. Knows no rule.
//!
//! # A page
//! `rules/<rule>.md` has the title `# rule-name` and exactly these sections, in this order: `## What it sees`,
//! `## Why it makes tests flaky`, `## Bad`, `## Good`, `## When it stays quiet`, `## Fixes`. Deeper headings are free.
//!
//! Every `python` block, in any section, is a case. Alone it is the file `test_case.py`. A block directly below a
//! paragraph that is nothing but a path in backticks is that file; captioned blocks with nothing between them form one
//! project, in which `toml`, `ini` and other captioned blocks are files too. Prose between two starts a new project.
//! A project without a pytest configuration gets a small `pyproject.toml`. Uncaptioned blocks of other languages are
//! only text. The day is always [`TODAY`]. The page's own rule is on, even if it is off by default.
//!
//! # What a case says
//! ```text
//! os.environ["X"] = "1"  # hint: [rule] possible "part of the message"
//! # ^^^^^^^^^^^^^
//! ```
//! At a line's end, a hint of that rule starts on that line; the confidence is `likely` unless named, the words are
//! optional, and several may follow one another. On a line of its own it speaks of the next line (for lines that cannot
//! end in a comment). The carets below give the exact columns, of the first line if the range has more; `#<^^` counts
//! the two columns of `#<` too. Several caret lines go with several hints, in order. A block without such comments
//! stays silent, of every rule. In pages the engine never sees these comments: tails and lines are taken out, so they
//! are in nobody's way. In projects on disk they stay, since there people run the checker on the files as they are.
//!
//! The fence may say ```` ```python only=rule,other ```` (hints of other rules do not count) and
//! ```` ```python broken ```` (the block is not meant to parse).
//!
//! # What a fix makes
//! A `diff` block after a case is applied to it and must give what the fix gives. Lines are as in the block without
//! the comments above; several hunks are parted by a line that starts with `@@`, several files by a `--- path` line
//! (and `+++`, which may be left out); without one it is the hint's own file. ```` ```diff ```` is the preferred fix
//! of the case's first hint of the rule; `title="part"` picks another fix, `hint=2` another hint.
//!
//! # An action's page
//! `actions/<action>.md` has the sections `## What it does`, `## What it does not do`, `## Examples` and
//! `## When it is not offered`. Its cases are asked for the action on the first test of their last file: an example's
//! diff is what it makes, and under a refusal a block ```` ```refused ```` holds words of the reason.
//!
//! # What is checked without being said
//! See [`checks`].

mod analysed;
mod apply;
mod case;
mod checklist;
pub mod checks;
mod diff;
mod disk;
mod engine;
mod fence;
mod files;
pub mod hold;
mod marker;
pub mod new_rule;
mod page;
mod project;
mod python;
mod python_files;
mod sample;
mod show;
#[cfg(unix)]
mod stand_in;
mod strace;
mod suite;

pub use analysed::analysed;
pub use case::{CONFIGURATIONS, page_faults};
pub use disk::Disk;
pub use engine::{Engine, Seen, Start, TODAY};
pub use files::MemoryFiles;
pub use page::{Form, Page, PageFault, Section};
pub use python_files::python_files;
pub use show::repository;
#[cfg(unix)]
pub use stand_in::stand_in_for_pytest;
pub use strace::can_trace;
pub use suite::{page_trials, project_trials, run};
