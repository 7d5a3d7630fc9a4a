//! From the text of a file to owned code: the only place that knows the parser.
//!
//! No tree of the parser leaves this module.

mod lower;
mod parse;
pub mod split;

use crate::facts::Code;

pub use parse::code_of as code_of_whole;

/// The longest item that is parsed, in bytes.
pub const MAX_ITEM_BYTES: usize = 256 * 1024;

/// The code of an item's text. Of one that is longer than [`MAX_ITEM_BYTES`] it is [`Code::unread`].
pub fn code_of(text: &str) -> Code {
    match text.len() <= MAX_ITEM_BYTES {
        true => parse::code_of(text),
        false => Code::unread(),
    }
}
