//! The text of a file: byte ranges, lines, positions as editors count them, and ranged changes.
//!
//! Inside the engine a place is a 0-based byte offset. Lines and characters exist only here.

pub mod range;

pub use range::TextRange;
