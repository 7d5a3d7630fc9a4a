//! `check --since REF`: which lines are not as they were where the branch left REF.

mod git;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use analysis::hint::Hint;
use analysis::text::{Text, TextRange};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Failure;
use crate::answers::Answers;
use crate::discover::{Root, is_wanted};

/// The files that changed, with their texts before.
#[derive(Debug)]
pub(crate) struct Since {
    /// `None` for a file that was not there.
    before: BTreeMap<PathBuf, Option<String>>,
    /// The changed lines of the texts that were asked about; fixes make new texts.
    known: Mutex<BTreeMap<PathBuf, Known>>,
}

/// A text and its changed lines.
type Known = (Arc<Text>, Arc<Lines>);

/// Numbers of lines from 0, in order.
type Lines = Vec<Range<usize>>;

impl Since {
    /// Asks git about what lies in `roots`, and about `given`, which may have another text than on disk.
    pub(crate) fn read(reference: &str, roots: &[Root], given: Option<&Path>) -> Result<Since, Failure> {
        let mut before = BTreeMap::new();
        for root in roots {
            let changed = git::changed(&root.path, reference, given, &|path| is_wanted(path))
                .map_err(|why| format!("`--since {reference}`: {why}"))?;
            before.extend(changed);
        }
        Ok(Since { before, known: Mutex::default() })
    }

    /// Whether the hint of the file at `path`, or something that it rests on, lies on a changed line.
    pub(crate) fn concerns(&self, answers: &dyn Answers, path: &Path, hint: &Hint) -> bool {
        self.touches(answers, path, hint.range)
            || hint.related.iter().any(|related| self.touches(answers, &related.path, related.range))
    }

    fn touches(&self, answers: &dyn Answers, path: &Path, range: TextRange) -> bool {
        let Some(before) = self.before.get(path) else { return false };
        let Some(before) = before else { return true };
        let Some(text) = answers.text(path) else { return true };
        let changed = self.changed_lines(path, before, &text);
        let line = |offset: u32| {
            let above = text.as_str().as_bytes().get(..offset as usize).unwrap_or_default();
            memchr::memchr_iter(b'\n', above).count()
        };
        let (first, last) = (line(range.start), line(range.end.saturating_sub(1).max(range.start)));
        changed.iter().any(|lines| lines.start <= last && first < lines.end)
    }

    fn changed_lines(&self, path: &Path, before: &str, text: &Arc<Text>) -> Arc<Lines> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, lines)) = known.get(path)
            && of.as_str() == text.as_str()
        {
            return lines.clone();
        }
        let lines = Arc::new(changed(before, text.as_str()));
        known.insert(path.to_owned(), (text.clone(), lines.clone()));
        lines
    }
}

/// The lines of `after` that are not in `before`. Where lines were deleted, those above and below count. How lines end does
/// not matter: git may turn that around.
fn changed(before: &str, after: &str) -> Lines {
    let [before, after] = [before, after].map(|text| -> Vec<&str> {
        text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect()
    });
    let lines = |op: &DiffOp| match *op {
        DiffOp::Equal { .. } => None,
        DiffOp::Delete { new_index, .. } => Some(new_index.saturating_sub(1)..new_index + 1),
        DiffOp::Insert { new_index, new_len, .. } | DiffOp::Replace { new_index, new_len, .. } => {
            Some(new_index..new_index + new_len)
        }
    };
    capture_diff_slices(Algorithm::Histogram, &before, &after).iter().filter_map(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(before: &str, after: &str) -> Vec<(usize, usize)> {
        changed(before, after).iter().map(|lines| (lines.start, lines.end)).collect()
    }

    #[test]
    fn lines_that_are_new_or_other_count_and_those_around_deleted_ones() {
        let before = "a\nb\nc\nd\n";
        assert_eq!(lines(before, before), []);
        assert_eq!(lines(before, "a\nx\ny\nc\nd\n"), [(1, 3)]);
        assert_eq!(lines(before, "a\nb\nc\nd\ne\n"), [(4, 5)]);
        assert_eq!(lines(before, "a\nd\n"), [(0, 2)]);
        assert_eq!(lines(before, "b\nc\nd\n"), [(0, 1)]);
    }

    #[test]
    fn line_ends_do_not_count() {
        assert_eq!(lines("a\nb\n", "a\r\nc\r\n"), [(1, 2)]);
    }
}
