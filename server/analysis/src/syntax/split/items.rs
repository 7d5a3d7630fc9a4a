//! From logical lines to items.

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
    /// The classes that the next item is a member of, outermost first.
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

    /// Starts with item number `index`, whose tile starts at `tile` and which is a member of `open`.
    pub(super) fn resume(text: &'t str, tile: usize, index: u32, open: Vec<OpenClass>) -> Self {
        let bytes = text.as_bytes();
        let at = if tile == 0 { after_byte_order_mark(bytes) } else { tile.min(bytes.len()) };
        let next = line_start(bytes, at);
        let mut splitter = Self { lexer: Lexer::new(bytes), open, index, tile, next, body_comments: None };
        splitter.find_code(at, u32::MAX);
        splitter.close_classes();
        splitter
    }

    /// Where the next item's tile starts.
    pub(super) fn boundary(&self) -> usize {
        self.tile
    }

    /// The classes that the next item is a member of, outermost first.
    pub(super) fn open_classes(&self) -> &[OpenClass] {
        &self.open
    }

    pub(super) fn doubt(&self) -> Option<Doubt> {
        self.lexer.doubt
    }

    /// Moves to the first line of code at or after `at`.
    fn find_code(&mut self, at: usize, item_column: u32) {
        let bytes = self.lexer.bytes;
        self.body_comments = None;
        let mut in_body = true;
        let mut start = line_start(bytes, at);
        loop {
            let end = match start.content {
                Content::Code | Content::End => break,
                Content::Blank => start.token,
                Content::Comment => line_end(bytes, start.token),
            };
            if start.content == Content::Comment {
                in_body &= start.column > item_column;
                if in_body {
                    self.body_comments = Some(end);
                }
            }
            start = line_start(bytes, next_line(bytes, end));
        }
        self.next = start;
    }

    /// Reads the logical line that is next, for an item in `item_column`.
    fn take_line(&mut self, item_column: u32) -> Line {
        let line = self.lexer.line(self.next);
        self.find_code(next_line(self.lexer.bytes, line.end), item_column);
        line
    }

    /// Closes the classes that the next item, by its column, is no member of.
    fn close_classes(&mut self) {
        while self.open.last().is_some_and(|class| class.column >= self.next.column) {
            self.open.pop();
        }
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

    /// Reads the lines that belong to the item in `column`: those indented deeper, and the clauses
    /// that continue it. Returns where the last ends.
    fn take_body(&mut self, column: u32, clauses: bool) -> Option<usize> {
        let mut end = None;
        while self.next.content == Content::Code
            && (self.next.column > column
                || clauses && self.next.column == column && self.next_leading() == Leading::Clause)
        {
            end = Some(self.take_line(column).end);
        }
        end
    }

    fn take_statement(&mut self, column: u32, clauses: bool) -> usize {
        let end = self.take_line(column).end;
        self.take_rest(column, clauses, end)
    }

    /// Reads what belongs to a statement after its line that ends at `end`.
    fn take_rest(&mut self, column: u32, clauses: bool, end: usize) -> usize {
        match self.take_body(column, clauses) {
            Some(body_end) => self.body_comments.unwrap_or(body_end),
            None => end,
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
        let has_block = self.next.content == Content::Code && self.next.column > start.column;
        let block = has_block.then_some(self.next.token);
        let end = self.take_body(start.column, false).unwrap_or(line.end);
        let end = self.body_comments.unwrap_or(end);
        let from_code = |range: TextRange| range.shift(-(start.line as i64));
        let body = signature.body.or(block).unwrap_or(end);
        let head = FunctionHead {
            decorators,
            is_async,
            name: from_code(signature.name),
            parameters: signature.parentheses.map(from_code),
            signature: from_code(signature.range),
            body: from_code(range(body, end)),
        };
        (ItemKind::Function(Box::new(head)), end)
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
        self.open.push(OpenClass { index: self.index, column: start.column });
        (ItemKind::Class(Box::new(head)), line.end)
    }

    fn take_item(&mut self, start: LineStart) -> (ItemKind, usize) {
        let column = start.column;
        let (decorators, decorators_end) = self.take_decorators(start);
        let at_column = self.next.column == column;
        match self.next_leading() {
            Leading::Function { is_async } if at_column => self.take_function(start, decorators, is_async),
            Leading::Class if at_column => self.take_class(start, decorators),
            _ if !decorators.is_empty() => {
                (ItemKind::Statement, self.take_rest(column, false, decorators_end))
            }
            Leading::Import => (ItemKind::Import, self.take_statement(column, false)),
            Leading::Opener => (ItemKind::Statement, self.take_statement(column, true)),
            _ => (ItemKind::Statement, self.take_statement(column, false)),
        }
    }
}

impl Iterator for Splitter<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let start = self.next;
        if start.content != Content::Code {
            return None;
        }
        let owner = self.open.last().map(|class| class.index);
        let (kind, end) = self.take_item(start);
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
        self.close_classes();
        Some(item)
    }
}
