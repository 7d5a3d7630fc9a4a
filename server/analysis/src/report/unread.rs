//! What is said of code that could not be read.

use crate::hints::Told;
use crate::store::File;
use crate::syntax::split::Doubt;
use crate::text::TextRange;
use crate::workspace::Problem;

/// The first part of a file that does not parse. In a conftest every item counts, since all tests below rest on it;
/// elsewhere those that a rule would have looked at.
pub(super) fn problem(file: &File, items: &Told) -> Option<Problem> {
    let told = |range: TextRange, message: &str| {
        Some(Problem { path: file.path.clone(), range, message: message.to_owned() })
    };
    match file.split.doubt {
        Some(Doubt::OpenString { at }) => {
            return told(
                TextRange::new(at, at + 3),
                "This quote is never closed, so nothing behind it is read.",
            );
        }
        Some(Doubt::Nul { at }) => {
            return told(TextRange::new(at, at + 1), "The file holds a NUL byte, so it is not read.");
        }
        Some(Doubt::TooDeep { at }) => {
            return told(
                TextRange::empty(at),
                "f-strings are nested too deep here, so the file is not read.",
            );
        }
        None => {}
    }
    let is_conftest = file.path.file_name().is_some_and(|name| name == "conftest.py");
    let is_unread = |item: &u32| !file.is_sound(*item);
    let first = match is_conftest {
        true => (0..file.items().len() as u32).find(is_unread),
        false => {
            let passed_over = items.iter().filter(|(_, found)| found.passed_over);
            passed_over.map(|(item, _)| *item).find(is_unread)
        }
    }?;
    let message = match is_conftest {
        true => {
            "This does not parse, so the fixtures, guards and hooks here are not known to the tests below."
        }
        false => "This does not parse, so it gets no hints.",
    };
    told(first_line(file, first), message)
}

/// The item's first line, without its indentation.
fn first_line(file: &File, item: u32) -> TextRange {
    let text = file.item_text(item);
    let start = text.len() - text.trim_start().len();
    let end = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
    file.absolute(item, TextRange::new(start as u32, end as u32))
}
