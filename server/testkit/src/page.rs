//! A page of a rule or an action: its title, sections and fenced blocks, with the lines where they stand.

use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, OffsetIter, Parser, Tag, TagEnd};

use crate::fence::{self, Fence};

/// What a page is about, which says what its sections are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Rule,
    /// Something to do with a test, bound to no hint.
    Action,
}

impl Form {
    /// In the order that a page has them.
    pub fn sections(self) -> &'static [Section] {
        match self {
            Form::Rule => &Section::ALL,
            Form::Action => &[Section::Does, Section::DoesNot, Section::Examples, Section::Refused],
        }
    }
}

/// The fixed sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Sees,
    Why,
    Bad,
    Good,
    Quiet,
    Fixes,
    Does,
    DoesNot,
    Examples,
    Refused,
}

impl Section {
    /// Those of a rule's page.
    pub const ALL: [Section; 6] =
        [Section::Sees, Section::Why, Section::Bad, Section::Good, Section::Quiet, Section::Fixes];

    pub fn heading(self) -> &'static str {
        match self {
            Section::Sees => "What it sees",
            Section::Why => "Why it makes tests flaky",
            Section::Bad => "Bad",
            Section::Good => "Good",
            Section::Quiet => "When it stays quiet",
            Section::Fixes => "Fixes",
            Section::Does => "What it does",
            Section::DoesNot => "What it does not do",
            Section::Examples => "Examples",
            Section::Refused => "When it is not offered",
        }
    }

    /// The word in the names of cases.
    pub fn slug(self) -> &'static str {
        match self {
            Section::Sees => "sees",
            Section::Why => "why",
            Section::Bad => "bad",
            Section::Good => "good",
            Section::Quiet => "quiet",
            Section::Fixes => "fixes",
            Section::Does => "does",
            Section::DoesNot => "does-not",
            Section::Examples => "example",
            Section::Refused => "refused",
        }
    }
}

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) section: Section,
    pub(crate) fence: Fence,
    /// The path in the paragraph directly above.
    pub(crate) caption: Option<String>,
    /// Nothing but its caption stands between it and the block before.
    pub(crate) joined: bool,
    /// 1-based line of the page on which `text` starts.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// What is wrong with a page or a case, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFault {
    /// 1-based.
    pub line: usize,
    pub message: String,
}

/// A page as it was read. Reading cannot fail: what is wrong stands in `faults`.
#[derive(Clone, Debug)]
pub struct Page {
    pub path: PathBuf,
    pub form: Form,
    pub title: String,
    pub faults: Vec<PageFault>,
    pub(crate) blocks: Vec<Block>,
    sections: Vec<Section>,
}

impl Page {
    /// Reads a rule's page. `path` tells its name.
    pub fn read(path: &Path, markdown: &str) -> Page {
        Page::read_as(Form::Rule, path, markdown)
    }

    /// Reads a page's Markdown. `path` tells the name of what it is about.
    pub fn read_as(form: Form, path: &Path, markdown: &str) -> Page {
        let page = Page {
            path: path.to_owned(),
            form,
            title: String::new(),
            faults: Vec::new(),
            blocks: Vec::new(),
            sections: Vec::new(),
        };
        Reader {
            markdown,
            events: Parser::new(markdown).into_offset_iter(),
            page,
            caption: None,
            joined: false,
        }
        .read()
    }

    /// The rule's or action's name by its file: `rules/<rule>.md`.
    pub fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn fault(&mut self, line: usize, message: impl Into<String>) {
        self.faults.push(PageFault { line, message: message.into() });
    }
}

struct Reader<'a> {
    markdown: &'a str,
    events: OffsetIter<'a>,
    page: Page,
    caption: Option<String>,
    joined: bool,
}

impl Reader<'_> {
    fn read(mut self) -> Page {
        self.check_fences();
        while let Some((event, range)) = self.events.next() {
            let line = self.line(range.start);
            match event {
                Event::Start(Tag::Paragraph) => self.paragraph(),
                Event::Start(Tag::Heading { level, .. }) => self.heading(level, line),
                Event::Start(Tag::CodeBlock(kind)) => self.block(&kind, line),
                _ => self.part(),
            }
        }
        self.check_sections();
        self.page
    }

    fn line(&self, offset: usize) -> usize {
        self.markdown.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// Something stands between the last block and the next.
    fn part(&mut self) {
        self.caption = None;
        self.joined = false;
    }

    fn paragraph(&mut self) {
        let mut inside = Vec::new();
        for (event, _) in self.events.by_ref() {
            if event == Event::End(TagEnd::Paragraph) {
                break;
            }
            inside.push(event);
        }
        match inside.as_slice() {
            [Event::Code(path)] => self.caption = Some(path.to_string()),
            _ => self.part(),
        }
    }

    fn heading(&mut self, level: HeadingLevel, line: usize) {
        self.part();
        let mut text = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::End(TagEnd::Heading(_)) => break,
                Event::Text(words) | Event::Code(words) => text.push_str(&words),
                _ => {}
            }
        }
        match level {
            HeadingLevel::H1 if self.page.title.is_empty() => self.page.title = text,
            HeadingLevel::H1 => self.page.fault(line, "a second title"),
            HeadingLevel::H2 => self.section(&text, line),
            _ => {}
        }
    }

    fn section(&mut self, heading: &str, line: usize) {
        let sections = self.page.form.sections();
        match sections.iter().copied().find(|section| section.heading() == heading) {
            Some(section) => self.page.sections.push(section),
            None => self.page.fault(line, format!("`{heading}` is no section of a page")),
        }
    }

    fn block(&mut self, kind: &CodeBlockKind<'_>, line: usize) {
        let mut text = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::End(TagEnd::CodeBlock) => break,
                Event::Text(words) => text.push_str(&words),
                _ => {}
            }
        }
        let caption = self.caption.take();
        let joined = std::mem::replace(&mut self.joined, true);
        let CodeBlockKind::Fenced(info) = kind else {
            return self.page.fault(line, "an indented block: write three backticks and a language");
        };
        let fence = match fence::read(info) {
            Ok(fence) => fence,
            Err(message) => return self.page.fault(line, message),
        };
        let Some(section) = self.page.sections.last().copied() else {
            return self.page.fault(line, "a block before the first section");
        };
        self.page.blocks.push(Block { section, fence, caption, joined, line: line + 1, text });
    }

    /// With a backtick among the words behind it, a fence opens no block: the block would go unchecked, and the one after it too.
    fn check_fences(&mut self) {
        for (at, line) in self.markdown.lines().enumerate() {
            let words = line.trim_start().strip_prefix("```").map(|rest| rest.trim_start_matches('`'));
            if words.is_some_and(|words| words.contains('`')) {
                self.page.fault(at + 1, "a backtick among a fence's words: Markdown opens no block here");
            }
        }
    }

    fn check_sections(&mut self) {
        let rule = self.page.name();
        if self.page.title != rule {
            let message = format!("the title is `{}`, the file is for `{rule}`", self.page.title);
            self.page.fault(1, message);
        }
        let sections = self.page.form.sections();
        if self.page.sections != sections {
            let wanted = sections.iter().map(|section| section.heading()).collect::<Vec<_>>().join(", ");
            self.page.fault(1, format!("the sections must be, in this order and once each: {wanted}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        let tail = "## Good\n## When it stays quiet\n## Fixes\n";
        let text = format!("# a-rule\n## What it sees\n## Why it makes tests flaky\n## Bad\n{body}\n{tail}");
        Page::read(Path::new("rules/a-rule.md"), &text)
    }

    #[test]
    fn blocks_know_their_lines_captions_and_neighbours() {
        let page =
            page("`conftest.py`\n\n```python\na\n```\n\n`x.toml`\n```toml\nb\n```\nwords\n```python\nc\n```");
        assert_eq!(page.faults, []);
        let seen: Vec<_> =
            page.blocks.iter().map(|block| (block.line, block.caption.as_deref(), block.joined)).collect();
        assert_eq!(seen, [(8, Some("conftest.py"), false), (13, Some("x.toml"), true), (17, None, false)]);
        assert_eq!(page.blocks[2].text, "c\n");
    }

    #[test]
    fn a_fence_that_opens_no_block_is_said() {
        let page = page("```python\na  # hint: [a-rule]\n```\n\n```diff title=\"Add `x`\"\n+wrong\n```\n");
        assert_eq!(page.blocks.len(), 2, "{:?}", page.blocks);
        let said: Vec<_> = page.faults.iter().map(|fault| fault.line).collect();
        assert_eq!(said.first(), Some(&9), "{:?}", page.faults);
    }

    #[test]
    fn a_wrong_page_is_said() {
        let text = "# b\n## What it sees\n## Bed\n    indented\n";
        let page = Page::read(Path::new("rules/a-rule.md"), text);
        let said: Vec<_> = page.faults.iter().map(|fault| (fault.line, fault.message.as_str())).collect();
        assert!(matches!(said[0], (3, message) if message.contains("Bed")), "{said:?}");
        assert!(matches!(said[1], (4, message) if message.contains("indented")), "{said:?}");
        assert!(said[2].1.contains("the file is for `a-rule`"), "{said:?}");
        assert!(said[3].1.contains("in this order"), "{said:?}");
    }
}
