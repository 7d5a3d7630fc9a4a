//! From logical lines to items.

use std::sync::Arc;

use super::head::{self, ClassHead, FunctionHead, Signature, code_end, range};
use super::lexer::{Lexer, Line};
use super::lines::{
    Content, Leading, LineStart, after_byte_order_mark, leading, line_end, line_start, next_line,
    skip_blanks, word_end,
};
use super::{Doubt, Item, ItemKind, TextHash};
use crate::text::TextRange;

/// A class whose members may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenClass {
    /// Its index among the items.
    pub(super) index: u32,
    pub(super) column: u32,
}

/// Reads items in file order, from the start of the file or of any item.
pub(super) struct Splitter<'t> {
    lexer: Lexer<'t>,
    /// The classes that the item before is or is a member of, outermost first.
    open: Vec<OpenClass>,
    /// The index of the next item, where its tile starts, and its first line of code.
    index: u32,
    tile: usize,
    next: LineStart,
    /// The end of the comments, indented deeper than the item being read, that follow its last line.
    body_comments: Option<usize>,
}

impl<'t> Splitter<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self::resume(text, 0, 0, Vec::new())
    }

    /// Starts with item number `index`, whose tile starts at `tile` and which may be a member of `open`.
    pub(super) fn resume(text: &'t str, tile: usize, index: u32, open: Vec<OpenClass>) -> Self {
        let bytes = text.as_bytes();
        let at = if tile == 0 { after_byte_order_mark(bytes) } else { tile.min(bytes.len()) };
        let (next, _) = code_from(bytes, at, 0);
        Self { lexer: Lexer::new(bytes), open, index, tile, next, body_comments: None }
    }

    /// Where the next item's tile starts.
    pub(super) fn boundary(&self) -> usize {
        self.tile
    }

    /// The classes that the next item may be a member of, outermost first.
    pub(super) fn open_classes(&self) -> &[OpenClass] {
        &self.open
    }

    pub(super) fn doubt(&self) -> Option<Doubt> {
        self.lexer.doubt
    }

    /// Reads the logical line that is next, for an item in `item_column`.
    fn take_line(&mut self, item_column: u32) -> Line {
        let line = self.lexer.line(self.next);
        (self.next, self.body_comments) = code_after(self.lexer.bytes, line, item_column);
        line
    }

    fn next_leading(&self) -> Leading {
        match self.next.content {
            Content::Code => leading(self.lexer.bytes, self.next.token),
            _ => Leading::Other,
        }
    }

    /// Reads the decorators of an item that starts at `start`; returns them relative to its code,
    /// and where they end.
    fn take_decorators(&mut self, start: LineStart) -> (Vec<TextRange>, usize) {
        let (mut decorators, mut end) = (Vec::new(), start.line);
        while self.next.column == start.column && self.next_leading() == Leading::Decorator {
            let at = self.next.token;
            let line = self.take_line(start.column);
            end = line.end;
            let code_end = code_end(self.lexer.bytes, at, line);
            decorators.push(range(at - start.line, code_end - start.line));
        }
        (decorators, end)
    }

    /// Reads what follows the first line of a function or a compound statement in `column`: its
    /// block, and the clauses that continue it. Returns where the last line of code ends.
    ///
    /// A line that stands between `column` and the block is wrong in Python and ends the item, so
    /// that a slip in the middle of a class does not swallow the rest of it.
    fn take_body(&mut self, column: u32, clauses: bool) -> Option<usize> {
        let (mut end, mut block) = (None, None);
        while self.next.content == Content::Code {
            let floor = block.unwrap_or(column.saturating_add(1));
            if self.next.column >= floor {
                block.get_or_insert(self.next.column);
            } else if clauses && self.next.column == column && self.next_leading() == Leading::Clause {
                block = None;
            } else if !self.slipped_out(floor) {
                break;
            }
            end = Some(self.take_line(column).end);
        }
        end
    }

    /// Whether the next line, which stands left of the block at `floor`, is in it all the same: a
    /// simple statement before a line that is in the block. No valid file has one; a line end typed
    /// in the middle of a line makes one.
    fn slipped_out(&mut self, floor: u32) -> bool {
        if !matches!(self.next_leading(), Leading::Import | Leading::Other) {
            return false;
        }
        let line = self.lexer.line(self.next);
        let (after, _) = code_after(self.lexer.bytes, line, floor);
        !self.opens_block(line) && after.content == Content::Code && after.column >= floor
    }

    fn opens_block(&self, line: Line) -> bool {
        let end = code_end(self.lexer.bytes, 0, line);
        end > 0 && self.lexer.bytes[end - 1] == b':'
    }

    fn take_statement(&mut self, column: u32, leading: Leading) -> usize {
        let line = self.take_line(column);
        let compound = leading == Leading::Compound;
        if !compound && !self.opens_block(line) {
            return line.end;
        }
        match self.take_body(column, compound) {
            Some(end) => self.body_comments.unwrap_or(end),
            None => line.end,
        }
    }

    /// Reads the line of a `def` or `class` that is next.
    fn take_signature(&mut self, column: u32, is_async: bool) -> (Signature, Line) {
        let bytes = self.lexer.bytes;
        let start = self.next.token;
        let mut keyword_end = word_end(bytes, start);
        if is_async {
            keyword_end = word_end(bytes, skip_blanks(bytes, keyword_end));
        }
        let line = self.take_line(column);
        (head::signature(&mut self.lexer, start, keyword_end, line), line)
    }

    fn take_function(
        &mut self,
        start: LineStart,
        decorators: Vec<TextRange>,
        is_async: bool,
    ) -> (ItemKind, usize) {
        let (signature, line) = self.take_signature(start.column, is_async);
        let first = self.next.token;
        let body_end = self.take_body(start.column, false);
        let end = self.body_comments.or(body_end).unwrap_or(line.end);
        let from_code = |range: TextRange| range.shift(-(start.line as i64));
        let body = signature.body.or(body_end.map(|_| first)).unwrap_or(end);
        let head = FunctionHead {
            decorators,
            is_async,
            name: from_code(signature.name),
            parameters: signature.parentheses.map(from_code),
            signature: from_code(signature.range),
            body: from_code(range(body, end)),
        };
        (ItemKind::Function(Arc::new(head)), end)
    }

    fn take_class(&mut self, start: LineStart, decorators: Vec<TextRange>) -> (ItemKind, usize) {
        let (signature, line) = self.take_signature(start.column, false);
        let from_code = |range: TextRange| range.shift(-(start.line as i64));
        let head = ClassHead {
            decorators,
            name: from_code(signature.name),
            bases: signature.parentheses.map(from_code),
            signature: from_code(signature.range),
            body: from_code(range(signature.body.unwrap_or(line.end), line.end)),
        };
        (ItemKind::Class(Arc::new(head)), line.end)
    }

    fn take_item(&mut self, start: LineStart) -> (ItemKind, usize) {
        let column = start.column;
        let (decorators, decorators_end) = self.take_decorators(start);
        let at_column = self.next.column == column;
        match self.next_leading() {
            Leading::Function { is_async } if at_column => self.take_function(start, decorators, is_async),
            Leading::Class if at_column => self.take_class(start, decorators),
            _ if !decorators.is_empty() => (ItemKind::Statement, decorators_end),
            Leading::Import => (ItemKind::Import, self.take_statement(column, Leading::Import)),
            leading => (ItemKind::Statement, self.take_statement(column, leading)),
        }
    }

    /// Closes the classes that the item just read is no member of, and returns the one that it is.
    ///
    /// Only a class has deeper lines after it. Where another item has, its column is a slip, and the
    /// deeper line says where it belongs; otherwise a slip would take its members from a class.
    fn owner(&mut self, start: LineStart, kind: &ItemKind) -> Option<u32> {
        let slipped = self.next.content == Content::Code && !matches!(kind, ItemKind::Class(_));
        let column = if slipped { start.column.max(self.next.column) } else { start.column };
        self.open.truncate(members_of(&self.open, column).len());
        self.open.last().map(|class| class.index)
    }
}

/// The part of `open` that an item in `column` is a member of.
pub(super) fn members_of(open: &[OpenClass], column: u32) -> &[OpenClass] {
    &open[..open.partition_point(|class| class.column < column)]
}

/// The first line of code after `line`, and where the comments before it end that are indented
/// deeper than `item_column`.
fn code_after(bytes: &[u8], line: Line, item_column: u32) -> (LineStart, Option<usize>) {
    code_from(bytes, next_line(bytes, line.end), item_column)
}

fn code_from(bytes: &[u8], at: usize, item_column: u32) -> (LineStart, Option<usize>) {
    let mut body_comments = None;
    let mut in_body = true;
    let mut start = line_start(bytes, at);
    loop {
        let end = match start.content {
            Content::Code | Content::End => return (start, body_comments),
            Content::Blank => start.token,
            Content::Comment => line_end(bytes, start.token),
        };
        if start.content == Content::Comment {
            in_body &= start.column > item_column;
            if in_body {
                body_comments = Some(end);
            }
        }
        start = line_start(bytes, next_line(bytes, end));
    }
}

impl Iterator for Splitter<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let start = self.next;
        if start.content != Content::Code {
            return None;
        }
        let (kind, end) = self.take_item(start);
        let owner = self.owner(start, &kind);
        if matches!(kind, ItemKind::Class(_)) {
            self.open.push(OpenClass { index: self.index, column: start.column });
        }
        let bytes = self.lexer.bytes;
        let tile_end = next_line(bytes, end);
        let item = Item {
            tile: range(self.tile, tile_end),
            code: range(start.line, end),
            indent: (start.token - start.line) as u32,
            column: start.column,
            owner,
            hash: TextHash::of(&bytes[start.line..end]),
            kind,
        };
        self.tile = tile_end;
        self.index += 1;
        Some(item)
    }
}
