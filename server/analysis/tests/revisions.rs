//! When the report of a file has to be asked for again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::text::{Change, Encoding, Position};
use analysis::workspace::{Date, Report, Workspace};
use testkit::MemoryFiles;

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };
const SHOP: &str = "OPEN = True\n";
const WRITER: &str =
    "import shop\n\n\ndef test_sale():\n    shop.OPEN = False\n\n\ndef test_price():\n    assert shop.OPEN\n";
const READER: &str = "import shop\n\n\ndef test_open():\n    assert shop.OPEN\n";
const WRITERS: [&str; 2] = ["/p/test_sale.py", "/q/test_sale.py"];

/// Two folders with the same project, in each a test that leaves something changed; every report is known.
fn workspace() -> Workspace {
    let texts =
        [("pytest.ini", "[pytest]\n"), ("shop.py", SHOP), ("test_open.py", READER), ("test_sale.py", WRITER)];
    let mut disk = MemoryFiles::new("/");
    for (name, text) in texts {
        ["p", "q"].iter().for_each(|folder| disk.put(Path::new(&format!("/{folder}/{name}")), text));
    }
    let files: Vec<PathBuf> = disk.paths().map(PathBuf::from).collect();
    let mut workspace = Workspace::new(Arc::new(disk), TODAY);
    for folder in ["/p", "/q"] {
        let own = files.iter().filter(|path| path.starts_with(folder));
        workspace.set_files(Path::new(folder), own.cloned().collect());
    }
    files.iter().for_each(|path| drop(workspace.report(path)));
    workspace
}

fn revision(workspace: &Workspace, path: &str) -> Option<u64> {
    workspace.revision(Path::new(path))
}

fn report(workspace: &Workspace, path: &str) -> Report {
    workspace.report(Path::new(path))
}

#[test]
fn what_is_known_stays_known_when_the_files_are_let_go_of() {
    let mut workspace = workspace();
    let before = WRITERS.map(|path| (revision(&workspace, path), report(&workspace, path)));
    assert!(
        before.iter().all(|(revision, report)| revision.is_some() && report.hints.len() == 1),
        "{before:?}"
    );
    workspace.let_go(Path::new("/p"));
    assert_eq!(WRITERS.map(|path| (revision(&workspace, path), report(&workspace, path))), before);
}

#[test]
fn a_change_on_disk_is_felt_in_its_folder_alone() {
    let mut workspace = workspace();
    let other = revision(&workspace, WRITERS[1]);
    workspace.disk_changed([Path::new("/p/shop.py")]);
    assert_eq!(WRITERS.map(|path| revision(&workspace, path)), [None, other]);
    assert_eq!(report(&workspace, WRITERS[0]).hints.len(), 1);
}

#[test]
fn hints_that_show_a_line_that_an_edit_moves_are_others() {
    let mut workspace = workspace();
    let open = Path::new("/p/test_open.py");
    workspace.open(open, READER.to_owned());
    let before = WRITERS.map(|path| revision(&workspace, path));
    let line = |number| Position { line: number, character: 0 };
    let change = Change { range: Some((line(2), line(2))), text: "# A word.\n".to_owned() };
    workspace.edit(open, &[change], Encoding::Utf8);
    let after = WRITERS.map(|path| revision(&workspace, path));
    assert_ne!(after[0], before[0]);
    assert_eq!(after[1], before[1]);
    let related = &report(&workspace, WRITERS[0]).hints[0].related;
    assert!(related.iter().any(|related| related.path == open && related.range.start == 52), "{related:?}");
}
