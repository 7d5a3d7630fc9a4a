//! Cuts a file into items without parsing it: top-level statements, class heads and class members.
//!
//! An item is what is parsed alone and what an edit invalidates. The splitter reads Python's lexical
//! structure only (strings, brackets, line joining, indentation), so it never fails and is linear.
//!
//! What an item is depends on no more than the next logical line of code and the start of the line
//! after that one. [`resplit`] rests on this: an edit changes the item it falls in, the two before
//! it, and what follows.

#[cfg(test)]
mod edits;
mod head;
mod incremental;
mod items;
mod lexer;
mod lines;
mod strings;
#[cfg(test)]
mod tests;

pub use head::{ClassHead, FunctionHead};
pub use incremental::{Resplit, resplit};

use crate::text::TextRange;
use crate::text::range::shift_offset;
use std::fmt;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_128;

/// A file cut into items.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Split {
    /// In file order. Their tiles cover the file without gap or overlap; a file without code has none.
    pub items: Vec<Item>,
    /// Why the items may not be what Python would see.
    pub doubt: Option<Doubt>,
}

/// A top-level statement, the head of a class, or a member of a class.
///
/// Members follow their class in [`Split::items`]. What stands in a function or in a compound
/// statement (`if`, `try`, ...) is part of that item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Whole lines: the blank and comment lines before the code, the code, its last line end. The
    /// last tile also holds what follows it, and the first a byte order mark.
    pub tile: TextRange,
    /// From the start of the first line of code, its indentation included (the parser needs it to
    /// parse an indented item alone), to the end of the last line without its line end. Comment
    /// lines at the end of a body, indented deeper than the item, are in it.
    pub code: TextRange,
    /// How many bytes stand before the first token of the first line.
    pub indent: u32,
    /// The column of the first token as Python counts it: a tab goes on to the next multiple of 8.
    pub column: u32,
    /// The index in [`Split::items`] of the innermost class that this is a member of. The class
    /// stands further left, except where the file is wrongly indented.
    pub owner: Option<u32>,
    pub hash: TextHash,
    pub kind: ItemKind,
}

/// What an item is, by its first words. An edit copies the items of the whole file, and few heads are other ones then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// Any statement that is none of the others, with all its clauses. `a; b` is one.
    Statement,
    /// A logical line that begins with `import` or `from`.
    Import,
    /// A `def` or `async def` with decorators and body.
    Function(Arc<FunctionHead>),
    /// Decorators and the logical line of `class X(...):`, with a body only when that is on the
    /// same line.
    Class(Arc<ClassHead>),
}

/// Why a [`Split`] may not be what Python would see. Offsets are bytes of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The file holds a NUL byte; it is one [`ItemKind::Statement`].
    Nul { at: u32 },
    /// f-strings are nested too deep to follow; the file is one [`ItemKind::Statement`].
    TooDeep { at: u32 },
    /// The triple quote at `at` is never closed; its item swallows the rest of the file.
    OpenString { at: u32 },
}

/// The hash of an item's code text. Equal texts have equal hashes, wherever they stand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextHash(u128);

/// Cuts `text` into items.
pub fn split(text: &str) -> Split {
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        return Split::whole(text, Doubt::Nul { at: at as u32 });
    }
    let mut splitter = items::Splitter::new(text);
    let items: Vec<Item> = splitter.by_ref().collect();
    let doubt = splitter.doubt();
    if let Some(doubt @ Doubt::TooDeep { .. }) = doubt {
        return Split::whole(text, doubt);
    }
    let mut split = Split { items, doubt };
    split.close(text);
    split
}

impl Split {
    /// The index of the item whose tile holds the byte at `offset`; the last item's at the end of
    /// the file and past it. `None` when there are no items.
    pub fn item_at(&self, offset: u32) -> Option<usize> {
        self.items.partition_point(|item| item.tile.start <= offset).checked_sub(1)
    }

    /// The whole file as one statement.
    fn whole(text: &str, doubt: Doubt) -> Self {
        let tile = TextRange::new(0, text.len() as u32);
        let code = TextRange::new(lines::after_byte_order_mark(text.as_bytes()) as u32, tile.end);
        let item = Item {
            tile,
            code,
            indent: 0,
            column: 0,
            owner: None,
            hash: TextHash::of(code.slice(text).as_bytes()),
            kind: ItemKind::Statement,
        };
        Self { items: vec![item], doubt: Some(doubt) }
    }

    /// Gives what follows the last code to the last item.
    fn close(&mut self, text: &str) {
        if let Some(last) = self.items.last_mut() {
            last.tile.end = text.len() as u32;
        }
    }
}

impl Item {
    /// The item's code: what is parsed alone and what its hash is of.
    pub fn text<'t>(&self, file: &'t str) -> &'t str {
        self.code.slice(file)
    }

    /// The item's head, when it is a function.
    pub fn function(&self) -> Option<&FunctionHead> {
        match &self.kind {
            ItemKind::Function(head) => Some(head),
            _ => None,
        }
    }

    /// The item's head, when it is a class.
    pub fn class(&self) -> Option<&ClassHead> {
        match &self.kind {
            ItemKind::Class(head) => Some(head),
            _ => None,
        }
    }

    fn shift(&mut self, by: i64) {
        self.tile = self.tile.shift(by);
        self.code = self.code.shift(by);
    }
}

impl Doubt {
    fn shift(self, by: i64) -> Self {
        match self {
            Self::Nul { at } => Self::Nul { at: shift_offset(at, by) },
            Self::TooDeep { at } => Self::TooDeep { at: shift_offset(at, by) },
            Self::OpenString { at } => Self::OpenString { at: shift_offset(at, by) },
        }
    }
}

impl TextHash {
    pub fn of(text: &[u8]) -> Self {
        Self(xxh3_128(text))
    }
}

impl fmt::Debug for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
