//! Applying a fix to a tree, and where a range lies afterwards.

use std::path::Path;

use analysis::fix::{self, Edits, TextEdit};
use analysis::text::TextRange;

use crate::files::MemoryFiles;

/// The tree after the edits, or why they do not fit it.
pub(crate) fn apply(files: &MemoryFiles, edits: &Edits) -> Result<MemoryFiles, String> {
    let mut after = files.clone();
    for (path, edits) in edits.files() {
        if !path.starts_with(files.root()) {
            return Err(format!("it edits `{}`, outside the project", path.display()));
        }
        let text = files.text(path).unwrap_or_default();
        fits(text, edits).map_err(|why| format!("`{}`: {why}", files.relative(path)))?;
        after.put(path, fix::apply(text, edits));
    }
    Ok(after)
}

fn fits(text: &str, edits: &[TextEdit]) -> Result<(), String> {
    let mut done = 0;
    for TextEdit { range, .. } in edits {
        if text.get(range.start as usize..range.end as usize).is_none() {
            return Err(format!("the edit {range:?} passes the end or cuts a character"));
        }
        if range.start < done {
            return Err(format!("the edit {range:?} overlaps the one before"));
        }
        done = range.end;
    }
    Ok(())
}

/// The edits of one file.
pub(crate) fn of<'a>(edits: &'a Edits, path: &Path) -> &'a [TextEdit] {
    edits.files().get(path).map(Vec::as_slice).unwrap_or_default()
}

/// Where `range` lies after the edits. An end inside an edit goes to that edit's end; text put in at `range.start`
/// stays before it, at `range.end` behind it.
pub(crate) fn moved(range: TextRange, edits: &[TextEdit]) -> TextRange {
    let (mut start, mut end) = (i64::from(range.start), i64::from(range.end));
    for edit in edits {
        let grown = edit.text.len() as i64 - i64::from(edit.range.len());
        if edit.range.end <= range.start {
            start += grown;
        } else if edit.range.start < range.start {
            start -= i64::from(range.start - edit.range.start);
        }
        let at_end = edit.range.is_empty() && edit.range.start == range.end && !range.is_empty();
        if edit.range.end <= range.end && !at_end {
            end += grown;
        } else if edit.range.start < range.end {
            end += i64::from(edit.range.end - range.end) + grown;
        }
    }
    TextRange::new(start.max(0) as u32, end.max(0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> TextEdit {
        TextEdit { range: TextRange::new(start, end), text: text.to_owned() }
    }

    #[test]
    fn ranges_move_with_their_text() {
        let text = "abc def ghi";
        let range = TextRange::new(4, 7);
        for (edits, wanted) in [
            (vec![edit(0, 0, "__")], "def"),
            (vec![edit(4, 4, "__")], "def"),
            (vec![edit(7, 7, "__")], "def"),
            (vec![edit(5, 6, "XYZ")], "dXYZf"),
            (vec![edit(0, 3, ""), edit(4, 7, "q"), edit(8, 8, "__")], "q"),
            (vec![edit(2, 5, "XX")], "XXef"),
            (vec![edit(6, 9, "XX")], "deXX"),
        ] {
            let after = fix::apply(text, &edits);
            assert_eq!(moved(range, &edits).slice(&after), wanted, "{edits:?}");
        }
    }

    #[test]
    fn edits_that_do_not_fit_are_refused() {
        let mut files = MemoryFiles::new("/case");
        files.put(Path::new("a.py"), "é\n");
        for (path, range) in [("/case/a.py", (0, 9)), ("/case/a.py", (1, 2)), ("/other/a.py", (0, 0))] {
            let mut edits = Edits::new();
            edits.push(path, TextRange::new(range.0, range.1), "x");
            assert!(apply(&files, &edits).is_err(), "{path} {range:?}");
        }
    }
}
