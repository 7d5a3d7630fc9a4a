//! The text of a file: byte ranges, lines, positions as editors count them, and ranged changes.
//!
//! Inside the engine a place is a 0-based byte offset. Lines and characters exist only here.
//! Offsets are `u32`: a text is at most `u32::MAX` bytes long, which the cap on file size sees to.

pub mod document;
pub mod line_ends;
pub mod line_index;
pub mod outlines;
pub mod position;
pub mod range;
pub mod word;

pub use document::{Change, Edit, Text};
pub use line_ends::{line_end, line_start, newline_of};
pub use line_index::LineIndex;
pub use position::{Encoding, Position};
pub use range::TextRange;
pub use word::{Standing, Word};
