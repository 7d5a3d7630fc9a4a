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

/// The code of an item's text. Text that is refused gives [`Code::unread`].
pub fn code_of(text: &str) -> Code {
    tree_of(text, None).map_or_else(Code::unread, |tree| lower(&tree))
}

/// The tree of an item's text, made with this thread's parser: from the tree of its former text where there is one.
/// `None` for text that is refused.
pub fn tree_of(text: &str, former: Option<&ItemTree>) -> Option<ItemTree> {
    thread_local! {
        static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
    }
    PARSER.with_borrow_mut(|parser| match former {
        Some(former) => parser.reparse(former, text).ok(),
        None => parser.parse_item(text).ok(),
    })
}
