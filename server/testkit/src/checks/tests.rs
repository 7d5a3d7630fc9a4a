//! Each check passes on an engine that is right and fails on one that errs in its way.

use std::path::{Path, PathBuf};

use analysis::fix::{Applicability, Edits, Fix, FixKind};
use analysis::hint::{Confidence, Hint};
use analysis::text::TextRange;

use super::{CHECKS, Run};
use crate::case::{self, Case};
use crate::engine::{Engine, Seen};
use crate::files::MemoryFiles;
use crate::page::Page;

/// How the engine errs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slip {
    None,
    HintsOnGood,
    RangePastTheEnd,
    CureLeavesIt,
    CureBringsAnother,
    CureBreaksTheFile,
    CureWithoutEdits,
    MitigationSilences,
    SuppressionSaysUnused,
    NoSuppression,
    CommentIgnored,
    WorseFixFirst,
    CuresForEver,
    BlindToCrlf,
    FixWritesLf,
    DeafToEdits,
}

const RULE: &str = "bad-word";
const IGNORE: &str = "  # flakeless: ignore[bad-word]";

/// Its one rule dislikes the word `bad`.
struct Fake {
    files: MemoryFiles,
    slip: Slip,
}

impl Fake {
    fn text(&self, path: &Path) -> &str {
        self.files.text(path).unwrap_or_default()
    }

    fn hint(&self, text: &str, at: usize, word: &str) -> Hint {
        let line_end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let mitigated = text[at..line_end].contains("# mitigated");
        let past = if self.slip == Slip::RangePastTheEnd { 1000 } else { 0 };
        Hint {
            rule: RULE,
            confidence: if mitigated { Confidence::Possible } else { Confidence::Likely },
            message: "Bad is bad.".into(),
            range: TextRange::new(at as u32, (at + word.len()) as u32 + past),
            related: [].into(),
            test: None,
            mitigated_by: mitigated.then(|| "a comment".to_owned()),
        }
    }

    fn silenced(&self, text: &str, at: usize) -> bool {
        let line = text[at..].split('\n').next().unwrap_or_default();
        let mitigated = self.slip == Slip::MitigationSilences && line.contains("# mitigated");
        let ignored = match self.slip {
            Slip::CommentIgnored => line.contains("ignore[bad-word] ok"),
            _ => line.contains("ignore[bad-word]"),
        };
        mitigated || ignored
    }

    fn fix(&self, kind: FixKind, title: &str, path: &Path, range: TextRange, text: &str) -> Fix {
        let mut edits = Edits::new();
        edits.push(path, range, text);
        Fix { title: title.to_owned(), kind, applicability: Applicability::Suggested, edits }
    }
}

impl Engine for Fake {
    fn seen(&self, path: &Path) -> Seen {
        let text = self.text(path);
        let mut seen = Seen::default();
        if self.slip == Slip::BlindToCrlf && text.contains('\r') {
            return seen;
        }
        let words: &[&str] = if self.slip == Slip::HintsOnGood { &["bad", "good"] } else { &["bad"] };
        for word in words {
            let found = text.match_indices(word).filter(|(at, _)| !text[..*at].ends_with('['));
            let loud = found.filter(|(at, _)| !self.silenced(text, *at));
            seen.hints.extend(loud.map(|(at, _)| self.hint(text, at, word)));
        }
        if text.contains("(((") {
            seen.problems.push("does not parse".to_owned());
        }
        if self.slip == Slip::SuppressionSaysUnused && text.contains("ignore[") {
            seen.hints.push(Hint { rule: "unused", ..self.hint(text, 0, "x") });
        }
        seen
    }

    fn fixes(&self, path: &Path, hint: &Hint) -> Vec<Fix> {
        let text = self.text(path);
        let line = text.get(hint.range.end as usize..).unwrap_or_default();
        let ending = line.find(['\r', '\n']).unwrap_or(line.len()) as u32;
        let end = TextRange::empty(hint.range.end + ending);
        let better = match self.slip {
            Slip::CureLeavesIt => "worse but bad",
            Slip::CureBringsAnother => "good\nx = 1\nbad",
            Slip::CureBreaksTheFile => "good(((",
            Slip::FixWritesLf => "good\ny",
            _ => "good",
        };
        let mut fixes = vec![
            self.fix(FixKind::Cure, "Say good", path, hint.range, better),
            self.fix(FixKind::Mitigation, "Mitigate", path, end, "  # mitigated"),
            self.fix(FixKind::Suppression, "Ignore", path, end, IGNORE),
        ];
        match self.slip {
            Slip::CureWithoutEdits => fixes[0].edits = Edits::new(),
            Slip::CommentIgnored => {
                fixes[2] = self.fix(FixKind::Suppression, "Ignore", path, end, &format!("{IGNORE} ok"));
            }
            Slip::NoSuppression => drop(fixes.pop()),
            Slip::WorseFixFirst => fixes.reverse(),
            Slip::CuresForEver => fixes[0] = self.fix(FixKind::Cure, "Say more", path, end, "\nbad"),
            _ => {}
        }
        fixes
    }

    fn offer(&self, _: &Path, _: u32, _: &str) -> Option<Result<Fix, String>> {
        None
    }

    fn hover(&self, _path: &Path, _offset: u32) -> Option<String> {
        None
    }

    fn open(&mut self, path: &Path, text: &str) {
        self.files.put(path, text);
    }

    fn replace(&mut self, path: &Path, range: TextRange, with: &str) {
        let with = if self.slip == Slip::DeafToEdits && with == "b" { "B" } else { with };
        let mut text = self.text(path).to_owned();
        text.replace_range(range.start as usize..range.end as usize, with);
        self.files.put(path, text);
    }
}

const BAD: &str = "```python\nx = 0\nbad + 1  # hint: [bad-word] \"is bad\"\n#<^\nok + bad  # hint: [bad-word]\n#    ^^^\n```

```diff
 x = 0
-bad + 1
+good + 1
```

```diff title=\"Mit\" hint=2
--- test_case.py
-ok + bad
+ok + bad  # mitigated
```";

fn case(bad: &str) -> Case {
    let page = format!(
        "# bad-word\n## What it sees\n## Why it makes tests flaky\n## Bad\n{bad}\n## Good\n\
         ```python\ngood\n```\n## When it stays quiet\n## Fixes\n"
    );
    let (cases, faults) = case::of_page(&Page::read(&PathBuf::from("bad-word.md"), &page));
    assert_eq!(faults, []);
    cases.into_iter().next().unwrap()
}

fn failing(case: &Case, start: crate::engine::Start) -> Vec<&'static str> {
    let run = Run::new(case, start);
    CHECKS.iter().filter(|check| !(check.run)(&run).is_empty()).map(|check| check.name).collect()
}

macro_rules! slips {
    ($($slip:ident => $check:literal,)*) => {
        [$((
            Slip::$slip,
            |files, _| Box::new(Fake { files: files.clone(), slip: Slip::$slip }),
            $check,
        )),*]
    };
}

#[test]
fn every_slip_is_caught() {
    let slips: [(Slip, crate::engine::Start, &str); 15] = slips! {
        HintsOnGood => "fixes",
        RangePastTheEnd => "sound",
        CureLeavesIt => "fixes",
        CureBringsAnother => "fixes",
        CureBreaksTheFile => "fixes",
        CureWithoutEdits => "fixes",
        MitigationSilences => "fixes",
        SuppressionSaysUnused => "suppressed",
        NoSuppression => "suppressed",
        CommentIgnored => "suppressed",
        WorseFixFirst => "fixes",
        CuresForEver => "converged",
        BlindToCrlf => "crlf",
        FixWritesLf => "crlf",
        DeafToEdits => "typed",
    };
    for (slip, start, check) in slips {
        assert!(failing(&case(BAD), start).contains(&check), "{slip:?} passes {check}");
    }
}

fn sound(files: &MemoryFiles, _: Option<&str>) -> Box<dyn Engine> {
    Box::new(Fake { files: files.clone(), slip: Slip::None })
}

#[test]
fn a_right_engine_passes() {
    assert_eq!(failing(&case(BAD), sound), [""; 0]);
}

#[test]
fn a_wrong_page_is_caught() {
    for (bad, check) in [
        ("```python\nbad  # hint: [bad-word]\nbad\n```", "hints"),
        ("```python\nok  # hint: [bad-word]\n```", "hints"),
        ("```python\nbad  # hint: [bad-word] possible\n```", "hints"),
        ("```python\nbad  # hint: [bad-word] \"nice\"\n```", "hints"),
        ("```python\n+bad  # hint: [bad-word]\n# ^^^\n```", "hints"),
        ("```python\nbad(((  # hint: [bad-word]\n```", "hints"),
        ("```python\nbad  # hint: [bad-word]\n```\n```diff\n-bad\n+god\n```", "diffs"),
        ("```python\nbad  # hint: [bad-word]\n```\n```diff title=\"none\"\n-bad\n+good\n```", "diffs"),
        ("```python\nbad  # hint: [bad-word]\n```\n```diff hint=2\n-bad\n+good\n```", "diffs"),
    ] {
        assert!(failing(&case(bad), sound).contains(&check), "{check} passes {bad}");
    }
}

#[test]
fn a_failure_shows_where_and_what() {
    let case = case("```python\nbad  # hint: [other] \"x\"\n# ^\nz = bad  # hint: [bad-word]\n```");
    let run = Run::new(&case, sound);
    let faults = (CHECKS[0].run)(&run);
    let shown = crate::show::faults(&case, &run.before, "hints", &faults);
    assert_eq!(
        shown,
        "bad-word/bad-1: hints
bad-word.md:6: expected [other] likely \"x\" at columns 3 to 3
bad-word.md:6: not expected: [bad-word] likely

  test_case.py (bad-word.md)
    6 | bad  # hint: [other] \"x\"
      | ^^^ came: [bad-word] likely \"Bad is bad.\"
    7 | # ^
    8 | z = bad  # hint: [bad-word]
      |     ^^^ came: [bad-word] likely \"Bad is bad.\"
"
    );
}
