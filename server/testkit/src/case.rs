//! Cases: small projects with what must be found in them, made from a page's blocks.

use std::path::{Path, PathBuf};

use crate::fence::Fence;
use crate::files::{MemoryFiles, is_python};
use crate::marker::{self, Comments, Marked};
use crate::page::{Block, Form, Page, PageFault, Section};

/// Where an uncaptioned block lies.
const ALONE: &str = "test_case.py";
/// Where pytest looks for its settings.
pub const CONFIGURATIONS: [&str; 7] =
    ["pyproject.toml", "pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg"];
const MINIMAL: &str = "[tool.pytest.ini_options]\nminversion = \"7.0\"\n";

/// One file of a case.
#[derive(Clone, Debug)]
pub(crate) struct CaseFile {
    /// Relative to the case's root.
    pub(crate) path: PathBuf,
    /// The file on disk that holds this source, for messages.
    pub(crate) origin: PathBuf,
    /// 1-based line in `origin` of the source's first line.
    pub(crate) first_line: usize,
    pub(crate) source: String,
    pub(crate) marked: Marked,
}

impl CaseFile {
    /// 1-based line in `origin` for a 0-based line of what the engine saw.
    pub(crate) fn origin_line(&self, line: usize) -> usize {
        let source_line = self.marked.lines.get(line).or(self.marked.lines.last()).copied().unwrap_or(0);
        self.first_line + source_line
    }
}

/// What a fix must make.
#[derive(Clone, Debug)]
pub(crate) struct WantedDiff {
    /// 1-based, in the page.
    pub(crate) line: usize,
    pub(crate) title: Option<String>,
    /// Counts from 1, among the hints of the page's rule.
    pub(crate) hint: usize,
    pub(crate) body: String,
}

/// A small project and what must be found in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The rule whose page it is on.
    pub(crate) rule: Option<String>,
    /// The action whose page it is on.
    pub(crate) action: Option<String>,
    /// Words of the reason why the action is not offered.
    pub(crate) refused: Option<String>,
    /// The rules that count; all when empty.
    pub(crate) only: Vec<String>,
    /// Not meant to parse.
    pub(crate) broken: bool,
    pub(crate) files: Vec<CaseFile>,
    /// Files without anything to check, such as the configuration that a page left out.
    pub(crate) tree: MemoryFiles,
    pub(crate) diffs: Vec<WantedDiff>,
}

impl Case {
    pub(crate) fn counts(&self, rule: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == rule)
    }

    pub(crate) fn file(&self, path: &Path) -> Option<&CaseFile> {
        self.files.iter().find(|file| self.tree.root().join(&file.path) == path)
    }
}

/// The cases of a page, and what is wrong with its blocks.
pub(crate) fn of_page(page: &Page) -> (Vec<Case>, Vec<PageFault>) {
    let mut maker = Maker { page, cases: Vec::new(), faults: page.faults.clone() };
    for block in &page.blocks {
        maker.block(block);
    }
    maker.finish()
}

/// What is wrong with the form of a page. `path` tells the rule's name.
pub fn page_faults(path: &Path, markdown: &str) -> Vec<PageFault> {
    of_page(&Page::read(path, markdown)).1
}

struct Maker<'a> {
    page: &'a Page,
    cases: Vec<Open>,
    faults: Vec<PageFault>,
}

struct Open {
    section: Section,
    case: Case,
    /// Whether another captioned block may join.
    open: bool,
}

impl Maker<'_> {
    fn block(&mut self, block: &Block) {
        match (&block.fence, &block.caption) {
            (Fence::Diff { title, hint }, _) => self.diff(block, title.clone(), *hint),
            (Fence::Refused, _) => self.refused(block),
            (Fence::Python { .. }, None) => self.start(block, ALONE, false),
            (_, Some(path)) => self.captioned(block, path),
            (Fence::Other, None) => self.close(),
        }
    }

    fn close(&mut self) {
        if let Some(last) = self.cases.last_mut() {
            last.open = false;
        }
    }

    fn captioned(&mut self, block: &Block, path: &str) {
        let joins = self.cases.last().is_some_and(|last| last.open && block.joined);
        if joins { self.add(block, path) } else { self.start(block, path, true) }
    }

    fn start(&mut self, block: &Block, path: &str, open: bool) {
        self.close();
        let number = self.cases.iter().filter(|other| other.section == block.section).count() + 1;
        let name = self.page.name();
        let of = |form: Form| (self.page.form == form).then(|| name.clone());
        let case = Case {
            name: format!("{name}/{}-{number}", block.section.slug()),
            rule: of(Form::Rule),
            action: of(Form::Action),
            refused: None,
            only: Vec::new(),
            broken: false,
            files: Vec::new(),
            tree: MemoryFiles::new("/case"),
            diffs: Vec::new(),
        };
        self.cases.push(Open { section: block.section, case, open });
        self.add(block, path);
    }

    fn add(&mut self, block: &Block, path: &str) {
        let marked = marker::read(&block.text, Comments::TakenOut);
        let source_faults = marked.faults.iter();
        self.faults.extend(source_faults.map(|(line, message)| fault(block.line + line, message.clone())));
        let plain = Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        let Some(Open { case, .. }) = self.cases.last_mut() else { return };
        let path = PathBuf::from(path);
        if !plain || case.files.iter().any(|file| file.path == path) {
            let message =
                format!("`{}` is no path below the project, or a second file of that name", path.display());
            return self.faults.push(fault(block.line, message));
        }
        if let Fence::Python { only, broken } = &block.fence {
            case.only.extend(only.iter().cloned());
            case.broken |= broken;
        }
        case.tree.put(&path, marked.text.as_str());
        case.files.push(CaseFile {
            path,
            origin: self.page.path.clone(),
            first_line: block.line,
            source: block.text.clone(),
            marked,
        });
    }

    fn diff(&mut self, block: &Block, title: Option<String>, hint: usize) {
        let wanted = WantedDiff { line: block.line, title, hint, body: block.text.clone() };
        match self.cases.last_mut() {
            Some(last) if last.section == block.section => {
                last.open = false;
                last.case.diffs.push(wanted);
            }
            _ => self.faults.push(fault(block.line, "no case of this section stands before the diff")),
        }
    }

    fn refused(&mut self, block: &Block) {
        match self.cases.last_mut() {
            Some(last) if last.section == Section::Refused => {
                last.open = false;
                last.case.refused = Some(block.text.trim().to_owned());
            }
            _ => self.faults.push(fault(block.line, "no case of this section stands before the reason")),
        }
    }

    fn finish(mut self) -> (Vec<Case>, Vec<PageFault>) {
        for open in &mut self.cases {
            let has = |name: &str| open.case.files.iter().any(|file| file.path == Path::new(name));
            if !CONFIGURATIONS.into_iter().any(has) {
                open.case.tree.put(Path::new("pyproject.toml"), MINIMAL);
            }
        }
        let needed = match self.page.form {
            Form::Rule => [Section::Bad, Section::Good],
            Form::Action => [Section::Examples, Section::Refused],
        };
        for section in needed {
            let python = |open: &&Open| open.case.files.iter().any(|file| is_python(&file.path));
            if !self.cases.iter().filter(python).any(|open| open.section == section) {
                self.faults.push(fault(1, format!("no Python block under `{}`", section.heading())));
            }
        }
        for open in &self.cases {
            self.faults.extend(section_fault(open));
        }
        (self.cases.into_iter().map(|open| open.case).collect(), self.faults)
    }
}

/// A bad case must show a hint of the page's rule, a good or quiet one must not; an action's example must say what is
/// made, and a refusal why.
fn section_fault(open: &Open) -> Option<PageFault> {
    let Open { section, case, .. } = open;
    let line = case.files.first()?.first_line;
    let wanted = case.files.iter().flat_map(|file| &file.marked.wanted);
    let shows = wanted.into_iter().any(|wanted| Some(&wanted.rule) == case.rule.as_ref());
    match section {
        Section::Bad if !shows => Some(fault(line, "a bad case without a `# hint:` of the page's rule")),
        Section::Good | Section::Quiet if shows => {
            Some(fault(line, "a `# hint:` of the page's rule where it should be silent"))
        }
        Section::Examples if case.diffs.is_empty() => Some(fault(line, "an example without a diff")),
        Section::Refused if case.refused.is_none() => Some(fault(line, "a refusal without its reason")),
        _ => None,
    }
}

fn fault(line: usize, message: impl Into<String>) -> PageFault {
    PageFault { line, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(bad: &str, good: &str) -> (Vec<Case>, Vec<PageFault>) {
        let markdown = format!(
            "# r\n## What it sees\n## Why it makes tests flaky\n## Bad\n{bad}\n## Good\n{good}\n\
             ## When it stays quiet\n## Fixes\n"
        );
        of_page(&Page::read(Path::new("r.md"), &markdown))
    }

    #[test]
    fn captions_join_until_prose_or_a_diff() {
        let block = |path: &str| format!("`{path}`\n\n```python\nx  # hint: [r]\n```\n\n");
        let bad = [
            block("conftest.py"),
            block("tests/test_a.py"),
            "```diff\n-x\n+y\n```\n".to_owned(),
            block("test_b.py"),
            "words\n\n".to_owned(),
            block("pytest.ini"),
        ]
        .concat();
        let (cases, faults) = cases(&bad, "```python\ny\n```");
        assert_eq!(faults, []);
        let seen: Vec<_> = cases.iter().map(|case| (case.name.as_str(), case.files.len())).collect();
        assert_eq!(seen, [("r/bad-1", 2), ("r/bad-2", 1), ("r/bad-3", 1), ("r/good-1", 1)]);
        assert_eq!(cases[0].diffs.len(), 1);
        assert!(cases[0].tree.text(Path::new("/case/pyproject.toml")).is_some());
        assert!(cases[2].tree.text(Path::new("/case/pyproject.toml")).is_none());
    }

    #[test]
    fn sections_must_keep_their_promise() {
        let (_, faults) = cases("```python\nx\n```", "```python\nx  # hint: [r]\n```");
        let said: Vec<_> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(said, [6, 10], "{faults:?}");
    }
}
