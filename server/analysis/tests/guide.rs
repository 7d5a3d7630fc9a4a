//! `GUIDE.md` points from each piece of the guide's advice to what the product does. Each thing that it points to is there.

use std::sync::Arc;

use analysis::workspace::{Date, FileSource, Workspace};
use analysis::{actions, rules};
use testkit::Disk;

/// The guide's solutions, checklist, quick reference, examples and debugging section, and how much each of them advises.
const PARTS: [(&str, usize); 9] = [
    ("Solution 1", 7),
    ("Solution 2", 4),
    ("Solution 3", 3),
    ("Solution 4", 2),
    ("Solution 5", 2),
    ("Checklist", 6),
    ("Quick reference", 5),
    ("Examples", 2),
    ("Debugging", 3),
];

/// The guide's project, read.
struct Guide {
    workspace: Workspace,
    checklists: String,
}

impl Guide {
    fn read() -> Guide {
        let root = testkit::repository().join("testdata/projects/guide");
        let mut files = vec![root.join("pyproject.toml")];
        for folder in [root.clone(), root.join("depot"), root.join("tests")] {
            files.extend(
                Disk.names_in(&folder)
                    .into_iter()
                    .filter(|name| name.ends_with(".py"))
                    .map(|name| folder.join(name)),
            );
        }
        let mut workspace = Workspace::new(Arc::new(Disk), Date { year: 2026, month: 11, day: 20 });
        workspace.set_files(&root, files);
        let goldens = root.join("checklist");
        let text = |name: String| std::fs::read_to_string(goldens.join(name)).unwrap_or_default();
        Guide {
            workspace,
            checklists: plain(&Disk.names_in(&goldens).into_iter().map(text).collect::<String>()),
        }
    }

    fn shows(&self, proof: &str) -> bool {
        let quoted = proof.split_once('"').map(|(_, rest)| plain(rest.trim_end_matches('"')));
        let names: Vec<&str> =
            proof.split('"').next().unwrap_or_default().split('`').skip(1).step_by(2).collect();
        match (proof.split(' ').next(), names.as_slice(), quoted) {
            (Some("hint"), [file, rule], title) => self.hints(file, rule, title.as_deref()),
            (Some("action"), [name], None) => actions::REGISTRY.iter().any(|action| action.name == *name),
            (Some("page"), [name], Some(words)) => {
                rules::entry(name).is_some_and(|entry| plain(entry.meta.page).contains(&words))
            }
            (Some("checklist"), [], Some(words)) => self.checklists.contains(&words),
            // The command line's own tests run each.
            (Some("command"), [line], None) => line.starts_with("flakeless "),
            _ => false,
        }
    }

    fn hints(&self, file: &str, rule: &str, title: Option<&str>) -> bool {
        let path = testkit::repository().join("testdata/projects/guide").join(file);
        let hints = self.workspace.report(&path).hints;
        let mut hints = hints.iter().filter(|hint| hint.rule == rule);
        hints.any(|hint| {
            let fixes = self.workspace.fixes(&path, hint);
            title.is_none_or(|title| fixes.iter().any(|fix| plain(&fix.title).contains(title)))
        })
    }
}

/// Without the marks of Markdown.
fn plain(text: &str) -> String {
    text.replace(['`', '*'], "")
}

/// Advice, and what proves that it is in the product.
fn rows() -> Vec<(String, Vec<String>)> {
    let Ok(text) = std::fs::read_to_string(testkit::repository().join("GUIDE.md")) else {
        panic!("GUIDE.md cannot be read");
    };
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rows = text.lines().filter(|line| line.starts_with("| ")).skip(1).map(cells);
    rows.filter(|cells| cells[0] != "---")
        .map(|cells| {
            assert_eq!(cells.len(), 3, "{cells:?}");
            let proofs = cells[2].split("; ").filter(|proof| !proof.is_empty()).map(str::to_owned).collect();
            (cells[0].clone(), proofs)
        })
        .collect()
}

#[test]
fn every_part_of_the_guide_has_its_rows() {
    let rows = rows();
    for (part, count) in PARTS {
        let own = rows.iter().filter(|(advice, _)| advice.starts_with(&format!("{part}: "))).count();
        assert_eq!(own, count, "{part}");
    }
    assert_eq!(rows.len(), PARTS.iter().map(|(_, count)| count).sum::<usize>());
}

#[test]
fn what_it_points_to_is_there() {
    let guide = Guide::read();
    for (advice, proofs) in rows() {
        assert!(!proofs.is_empty(), "{advice}");
        for proof in proofs {
            assert!(guide.shows(&proof), "{advice}: {proof}");
        }
    }
}

#[test]
fn what_is_not_there_is_not_shown() {
    let guide = Guide::read();
    for proof in [
        "hint `tests/test_labels.py` `stale-class-after-reload` \"Import Nothing inside the test\"",
        "hint `tests/test_carrier.py` `stale-class-after-reload`",
        "action `mark-nothing`",
        "page `blanket-retries` \"--nothing\"",
        "checklist \"Nothing?\"",
        "nothing",
    ] {
        assert!(!guide.shows(proof), "{proof}");
    }
}
