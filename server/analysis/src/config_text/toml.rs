//! TOML to [`Value`], with ranges, from files that may be half typed.

use std::borrow::Cow;
use std::ops::Range;

use toml_edit::{Document, Item, TableLike};

use super::value::{Kind, Member, Value};
use super::{Fault, byte_range};

/// What a TOML file says. With a fault, `root` holds what is left without the lines that cannot be read.
#[derive(Debug)]
pub struct Toml {
    pub root: Value,
    pub fault: Option<Fault>,
}

/// How many lines at most are left out before nothing of a broken file counts.
const BROKEN_LINES: usize = 16;

/// Reads `text`; ranges are bytes of it. Only the first fault is told: pytest stops there, and later ones may follow from it.
pub fn read(text: &str) -> Toml {
    let mut fault = None;
    let mut kept = Cow::Borrowed(text);
    for _ in 0..=BROKEN_LINES {
        let error = match Document::parse(kept.as_ref()) {
            Ok(document) => return Toml { root: table(document.as_table(), 0..text.len()), fault },
            Err(error) => error,
        };
        let span = error.span().unwrap_or_default();
        fault.get_or_insert_with(|| {
            let message = format!("This is not valid TOML: {}.", error.message().trim_end_matches('.'));
            Fault::new(byte_range(span.start, span.end), message)
        });
        let Some(line) = line_to_drop(&kept, span) else { break };
        kept = Cow::Owned(without(&kept, line));
    }
    Toml { root: Value::new(byte_range(0, text.len()), Kind::Table(Vec::new())), fault }
}

/// The lines of the error, or the nearest one above that is not blank: what was never closed began there.
fn line_to_drop(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let limit = text.len();
    let start = line_start(text, span.start.min(limit));
    let after = span.end.clamp(start, limit);
    let end = text[after..].find('\n').map_or(limit, |i| after + i);
    if !text[start..end].trim().is_empty() {
        return Some(start..end);
    }
    let above = text[..start].trim_end();
    (!above.is_empty()).then(|| line_start(text, above.len())..above.len())
}

fn line_start(text: &str, offset: usize) -> usize {
    let mut offset = offset;
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    text[..offset].rfind('\n').map_or(0, |i| i + 1)
}

/// `text` with spaces in place of `line`, so that all other places stay.
fn without(text: &str, line: Range<usize>) -> String {
    let blank = text[line.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
    let mut kept = String::with_capacity(text.len());
    kept.push_str(&text[..line.start]);
    kept.extend(blank);
    kept.push_str(&text[line.end..]);
    kept
}

// The parser refuses nesting deeper than 80, which bounds the recursion below.
fn table(table: &dyn TableLike, span: Range<usize>) -> Value {
    let members = table.iter().filter_map(|(name, item)| {
        let key_span = table.key(name).and_then(toml_edit::Key::span).unwrap_or_default();
        let value = item_value(item, &key_span)?;
        Some(Member { key: name.to_owned(), key_range: byte_range(key_span.start, key_span.end), value })
    });
    Value::new(byte_range(span.start, span.end), Kind::Table(members.collect()))
}

/// Tables that only dotted keys or deeper headers imply have no place of their own: they take their key's.
fn item_value(item: &Item, key_span: &Range<usize>) -> Option<Value> {
    let span = item.span().unwrap_or_else(|| key_span.clone());
    match item {
        Item::None => None,
        Item::Value(inner) => Some(value(inner, span)),
        Item::Table(inner) => Some(table(inner, span)),
        Item::ArrayOfTables(tables) => {
            let elements =
                tables.iter().map(|inner| table(inner, inner.span().unwrap_or_else(|| span.clone())));
            Some(Value::new(byte_range(span.start, span.end), Kind::List(elements.collect())))
        }
    }
}

fn value(value_: &toml_edit::Value, span: Range<usize>) -> Value {
    let kind = match value_ {
        toml_edit::Value::String(text) => Kind::Text(text.value().clone()),
        toml_edit::Value::Integer(number) => Kind::Integer(*number.value()),
        toml_edit::Value::Float(number) => Kind::Float(*number.value()),
        toml_edit::Value::Boolean(flag) => Kind::Bool(*flag.value()),
        toml_edit::Value::Datetime(moment) => Kind::Moment(moment.value().to_string()),
        toml_edit::Value::Array(array) => Kind::List(
            array.iter().map(|inner| value(inner, inner.span().unwrap_or_else(|| span.clone()))).collect(),
        ),
        toml_edit::Value::InlineTable(inner) => return table(inner, span),
    };
    Value::new(byte_range(span.start, span.end), kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_at<'t>(text: &'t str, value: &Value) -> &'t str {
        value.range.slice(text)
    }

    #[test]
    fn values_keep_their_place() {
        let text = "[tool.pytest]\r\nmarkers = [\"slow: é\", 'b']\r\n[tool.x]\r\ny.z = 3\r\n";
        let toml = read(text);
        assert_eq!(toml.fault, None);
        let markers = toml.root.at(&["tool", "pytest", "markers"]).unwrap();
        assert_eq!(text_at(text, &markers.elements()[0]), "\"slow: é\"");
        assert_eq!(toml.root.at(&["tool", "x", "y", "z"]).unwrap().kind, Kind::Integer(3));
        let y = &toml.root.at(&["tool", "x"]).unwrap().members()[0];
        assert_eq!(y.key_range.slice(text), "y");
    }

    #[test]
    fn a_broken_line_costs_that_line() {
        let text = "[tool.pytest.ini_options]\ntestpaths = [\"é\"]\naddopts = \nmarkers = [\"slow\"]\n";
        let toml = read(text);
        let fault = toml.fault.unwrap();
        assert_eq!(text[..fault.range.start as usize].matches('\n').count(), 2, "{fault:?}");
        let options = toml.root.at(&["tool", "pytest", "ini_options"]).unwrap();
        assert_eq!(text_at(text, options.get("markers").unwrap()), "[\"slow\"]");
        assert!(options.get("testpaths").is_some());
        assert!(options.get("addopts").is_none());
    }

    #[test]
    fn unclosed_things_do_not_hide_the_rest() {
        for broken in ["markers = [\n", "name = \"open\n", "x = { a = 1\n", "[broken\n", "d = \"\"\"\n"] {
            let text = format!("[tool.pytest]\ntestpaths = [\"t\"]\n{broken}");
            let toml = read(&text);
            assert!(toml.fault.is_some(), "{broken:?}");
            assert!(toml.root.at(&["tool", "pytest", "testpaths"]).is_some(), "{broken:?}");
        }
    }

    #[test]
    fn deep_nesting_is_a_fault_and_no_crash() {
        let text = format!("a = {}", "[".repeat(100_000));
        let toml = read(&text);
        assert!(toml.fault.is_some());
        assert!(toml.root.members().is_empty());
    }
}
