//! Golden files of the checklist that hover shows on a test's name.
//!
//! The first line of `checklist/<any>.md` names the test: `<!-- tests/test_a.py::TestA::test_b -->`; the rest is what
//! hover says. With `UPDATE=1` in the environment the rest is written; a new file needs its first line only.

use std::path::Path;

use similar::TextDiff;

use crate::case::Case;
use crate::checks::Run;
use crate::engine::Start;
use crate::show;

/// Compares one golden file, or rewrites it.
pub(crate) fn check(case: &Case, start: Start, golden: &Path, update: bool) -> Result<(), String> {
    let shown = show::from_repository(golden);
    let text = std::fs::read_to_string(golden).map_err(|error| format!("{shown}: {error}"))?;
    let (first, _) = text.split_once('\n').unwrap_or((&text, ""));
    let test = first.strip_prefix("<!-- ").and_then(|rest| rest.trim_end().strip_suffix(" -->"));
    let test = test.ok_or_else(|| format!("{shown}: the first line must be `<!-- node id -->`"))?;
    let made = format!("{}\n\n{}\n", first.trim_end(), hover(case, start, test)?.trim_end());
    if made == text {
        return Ok(());
    }
    if update {
        return std::fs::write(golden, made).map_err(|error| format!("{shown}: {error}"));
    }
    let diff = TextDiff::from_lines(text.as_str(), made.as_str());
    let diff = diff.unified_diff().context_radius(3).header("golden", "now").to_string();
    Err(format!("{shown} differs; UPDATE=1 rewrites it\n{diff}"))
}

fn hover(case: &Case, start: Start, test: &str) -> Result<String, String> {
    let (file, names) = test.split_once("::").ok_or_else(|| format!("`{test}` is no node id"))?;
    let run = Run::new(case, start);
    let path = case.tree.root().join(file);
    let text = case.tree.text(&path).ok_or_else(|| format!("there is no file `{file}`"))?;
    let offset = definition(text, names).ok_or_else(|| format!("`{names}` is not defined in `{file}`"))?;
    run.before.engine.hover(&path, offset).ok_or_else(|| format!("hover on `{test}` says nothing"))
}

/// Where the name of `Class::test` stands: each part is looked for below the one before.
fn definition(text: &str, names: &str) -> Option<u32> {
    let mut from = 0;
    let mut found = None;
    for name in names.split("::") {
        let at = from + head(&text[from..], name)?;
        found = Some(at);
        from = at + name.len();
    }
    found.map(|at| at as u32)
}

fn head(text: &str, name: &str) -> Option<usize> {
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let line = text[..*at].rsplit('\n').next().unwrap_or_default();
        let keyword = matches!(line.trim(), "def" | "async def" | "class");
        let after = text[at + name.len()..].chars().next();
        keyword && line.ends_with(' ') && after.is_some_and(|next| matches!(next, '(' | ':' | ' ' | '['))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, Seen};
    use crate::files::MemoryFiles;

    /// Says on which offset it was asked.
    struct Echo;

    impl Engine for Echo {
        fn seen(&self, _: &Path) -> Seen {
            Seen::default()
        }

        fn fixes(&self, _: &Path, _: &analysis::hint::Hint) -> Vec<analysis::fix::Fix> {
            Vec::new()
        }

        fn offer(&self, _: &Path, _: u32, _: &str) -> Option<Result<analysis::fix::Fix, String>> {
            None
        }

        fn hover(&self, path: &Path, offset: u32) -> Option<String> {
            Some(format!("{} at {offset}", path.file_name()?.display()))
        }

        fn open(&mut self, _: &Path, _: &str) {}

        fn replace(&mut self, _: &Path, _: analysis::text::TextRange, _: &str) {}
    }

    #[test]
    fn a_golden_file_is_written_then_compared() {
        let mut tree = MemoryFiles::new("/case");
        tree.put(Path::new("test_a.py"), "def test_a(): ...\n");
        let case = Case { tree, ..Case::default() };
        let echo: Start = |_, _| Box::new(Echo);
        let folder = tempfile::tempdir().unwrap();
        let golden = folder.path().join("a.md");
        std::fs::write(&golden, "<!-- test_a.py::test_a -->").unwrap();
        assert!(check(&case, echo, &golden, false).unwrap_err().contains("+test_a.py at 4"));
        check(&case, echo, &golden, true).unwrap();
        assert_eq!(
            std::fs::read_to_string(&golden).unwrap(),
            "<!-- test_a.py::test_a -->\n\ntest_a.py at 4\n"
        );
        check(&case, echo, &golden, false).unwrap();
        std::fs::write(&golden, "<!-- test_a.py::test_b -->\n").unwrap();
        assert!(check(&case, echo, &golden, true).unwrap_err().contains("not defined"));
    }

    #[test]
    fn names_are_found_below_their_class() {
        let text =
            "def test_a(): ...\nclass TestB:\n    async def test_a(self): ...\n    def test_ab(self): ...\n";
        assert_eq!(definition(text, "test_a"), Some(4));
        assert_eq!(definition(text, "TestB::test_a"), Some(45));
        assert_eq!(definition(text, "TestB::test_c"), None);
    }
}
