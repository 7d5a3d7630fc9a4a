//! From the text of a file to owned code: the only place that knows tree-sitter.
//!
//! No tree leaves this module but as an [`ItemTree`], which tells nothing but its [`Code`](crate::facts::Code).

mod kinds;
mod lower;
mod parse;
pub mod split;

use std::cell::RefCell;

pub use lower::lower;
pub use parse::{ItemTree, MAX_ITEM_BYTES, Parser, Refused};

use crate::facts::Code;

/// The code of an item's text, parsed afresh with this thread's parser. Text that is refused gives
/// [`Code::unread`].
pub fn code_of(text: &str) -> Code {
    thread_local! {
        static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
    }
    PARSER.with_borrow_mut(|parser| match parser.parse_item(text) {
        Ok(tree) => lower(&tree),
        Err(Refused::TooLong | Refused::GaveUp) => Code::unread(),
    })
}
