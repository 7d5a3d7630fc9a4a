//! A new element in a list of a TOML table.

use std::ops::Range;

use toml_edit::{Array, Document, Item, Table, Value};

use super::{ListOption, append, indent};
use crate::config_text::byte_range;
use crate::text::{TextRange, line_end, line_start, newline_of};

type Edit = (TextRange, String);

pub(super) fn edit(text: &str, path: &[&str], option: ListOption, element: &str) -> Option<Edit> {
    let document = Document::parse(text).ok()?;
    let found = path.iter().try_fold(document.as_item(), |item, key| item.get(key));
    let new = New { text, path, option, element };
    let Some(item) = found else { return Some(new.table()) };
    match item.get(option.key()) {
        Some(Item::Value(Value::Array(array))) => in_array(text, array, element),
        Some(Item::Value(Value::String(string))) => {
            let (span, value) = (string.span()?, string.value());
            match option {
                ListOption::Markers => in_lines(text, span, value, element),
                ListOption::Addopts => in_words(text, span, value, element),
            }
        }
        Some(_) => None,
        None => new.key(item),
    }
}

fn insert(at: usize, addition: String) -> Edit {
    (byte_range(at, at), addition)
}

/// `line` as a TOML string; single quotes where the neighbour has them and they can hold it.
fn literal(line: &str, neighbour: &str) -> String {
    if neighbour.starts_with('\'') && !line.contains('\'') {
        return format!("'{line}'");
    }
    Value::from(line).to_string()
}

fn in_array(text: &str, array: &Array, line: &str) -> Option<Edit> {
    let span = array.span()?;
    let Some(last) = array.iter().last() else { return Some(in_empty_array(text, span, line)) };
    let last = last.span()?;
    let literal = literal(line, &text[last.clone()]);
    let own_line = text[line_start(text, last.start)..last.start].trim().is_empty();
    let indent = format!("{}{}", newline_of(text), indent(text, last.start));
    if !own_line {
        return Some(insert(last.end, format!(", {literal}")));
    }
    let close = span.end - 1;
    if let Some(comma) = comma(text, last.end..close) {
        // Behind a comment on the comma's line.
        let at = line_end(text, comma);
        let at = if at > close { comma + 1 } else { at };
        return Some(insert(at, format!("{indent}{literal},")));
    }
    let end = line_end(text, last.end);
    let end = if end > close { last.end } else { end };
    Some((byte_range(last.end, end), format!(",{}{indent}{literal}", &text[last.end..end])))
}

fn in_empty_array(text: &str, span: Range<usize>, line: &str) -> Edit {
    let inside = &text[span.start + 1..span.end - 1];
    let literal = literal(line, "");
    if !inside.contains('\n') {
        return insert(span.start + 1, literal);
    }
    insert(span.start + 1, format!("{}{}    {literal},", newline_of(text), indent(text, span.start)))
}

/// The comma in a stretch that holds nothing else but whitespace and comments.
fn comma(text: &str, stretch: Range<usize>) -> Option<usize> {
    let mut in_comment = false;
    for (at, byte) in text[stretch.clone()].bytes().enumerate() {
        match byte {
            b'#' => in_comment = true,
            b'\n' => in_comment = false,
            b',' if !in_comment => return Some(stretch.start + at),
            _ => {}
        }
    }
    None
}

/// Under `ini_options` a string holds one marker a line.
fn in_lines(text: &str, span: Range<usize>, value: &str, line: &str) -> Option<Edit> {
    let raw = &text[span.clone()];
    if !(raw.starts_with("\"\"\"") || raw.starts_with("'''")) {
        let kept = if value.trim().is_empty() { String::new() } else { format!("{raw}, ") };
        return Some((byte_range(span.start, span.end), format!("[{kept}{}]", literal(line, raw))));
    }
    if raw.contains('\\') || line.contains(['"', '\'', '\\']) {
        return None;
    }
    let close = span.end - 3;
    let newline = newline_of(text);
    let content_end = span.start + 3 + text[span.start + 3..close].trim_end().len();
    let indent = if line_start(text, content_end) > span.start { indent(text, content_end) } else { "" };
    let last_line = line_start(text, close);
    if last_line > span.start && text[last_line..close].trim().is_empty() {
        return Some(insert(last_line, format!("{indent}{line}{newline}")));
    }
    Some(insert(close, format!("{newline}{indent}{line}")))
}

/// Under `ini_options` a string holds the words of a command line.
fn in_words(text: &str, span: Range<usize>, value: &str, word: &str) -> Option<Edit> {
    let raw = &text[span.clone()];
    let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
    let inside = raw.get(quotes..raw.len() - quotes)?;
    if value.trim().is_empty() {
        return Some((byte_range(span.start + quotes, span.end - quotes), word.to_owned()));
    }
    // A backslash at the end of a line would take the line break along.
    let end = span.start + quotes + inside.trim_end().len();
    if inside.trim_end().ends_with('\\') {
        return None;
    }
    let own_line = line_start(text, end) > span.start && inside.trim().contains('\n');
    let gap = if own_line { format!("{}{}", newline_of(text), indent(text, end)) } else { " ".to_owned() };
    Some(insert(end, gap + word))
}

/// An option that the file does not have yet.
struct New<'a> {
    text: &'a str,
    path: &'a [&'a str],
    option: ListOption,
    element: &'a str,
}

impl New<'_> {
    fn table(&self) -> Edit {
        let newline = newline_of(self.text);
        let (key, value) = (self.option.key(), self.value(""));
        append(self.text, &format!("[{}]{newline}{key} = {value}{newline}", self.path.join(".")))
    }

    /// Markers one a line, words in one line: a string where pytest splits one.
    fn value(&self, indent: &str) -> String {
        let newline = newline_of(self.text);
        match self.option {
            ListOption::Markers => {
                format!("[{newline}{indent}    {},{newline}{indent}]", literal(self.element, ""))
            }
            ListOption::Addopts => self.in_line(),
        }
    }

    fn in_line(&self) -> String {
        let literal = literal(self.element, "");
        let is_split = self.option == ListOption::Addopts && self.path.last() == Some(&"ini_options");
        if is_split { literal } else { format!("[{literal}]") }
    }

    fn key(&self, item: &Item) -> Option<Edit> {
        let (text, key) = (self.text, self.option.key());
        match item {
            Item::Table(table) if table.is_dotted() => self.dotted_key(table),
            Item::Table(table) if table.is_implicit() => Some(self.table()),
            Item::Table(table) => {
                let after = last_value(table).or_else(|| table.span())?;
                let indent = indent(text, last_value(table).map_or(after.start, |value| value.start));
                let newline = newline_of(text);
                let value = self.value(indent);
                Some(insert(line_end(text, after.end), format!("{newline}{indent}{key} = {value}")))
            }
            Item::Value(Value::InlineTable(table)) => {
                let entry = format!("{key} = {}", self.in_line());
                match table.iter().filter_map(|(_, value)| value.span()).max_by_key(|span| span.end) {
                    Some(last) => Some(insert(last.end, format!(", {entry}"))),
                    None => {
                        Some((byte_range(table.span()?.start, table.span()?.end), format!("{{ {entry} }}")))
                    }
                }
            }
            _ => None,
        }
    }

    /// `ini_options.addopts = …` is followed by `ini_options.markers = …`.
    fn dotted_key(&self, table: &Table) -> Option<Edit> {
        let keys = table.iter().filter_map(|(name, item)| {
            let (key, Item::Value(value)) = (table.key(name)?, item) else { return None };
            Some((key.span()?, value.span()?))
        });
        let (key, value) = keys.max_by_key(|(_, value)| value.end)?;
        let prefix = &self.text[line_start(self.text, key.start)..key.start];
        let entry = format!("{}{prefix}{} = {}", newline_of(self.text), self.option.key(), self.in_line());
        Some(insert(line_end(self.text, value.end), entry))
    }
}

/// The last value under the table's own header, dotted keys included. Nesting is bounded by the parser.
fn last_value(table: &Table) -> Option<Range<usize>> {
    let spans = table.iter().filter_map(|(_, item)| match item {
        Item::Value(value) => value.span(),
        Item::Table(inner) if inner.is_dotted() => last_value(inner),
        _ => None,
    });
    spans.max_by_key(|span| span.end)
}
