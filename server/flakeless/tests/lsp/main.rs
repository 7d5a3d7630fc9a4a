//! The real binary, driven over its stdin and stdout as an editor does it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must fail")]
#![allow(clippy::needless_pass_by_value, reason = "`json!` values are written where they are used")]

mod answers;
mod client;
mod closed_files;
mod disk;
mod editors;
mod encodings;
mod frames;
mod hints;
mod lifecycle;
mod ordering;
mod project;
mod pull;
mod refusals;
mod same_as_check;
