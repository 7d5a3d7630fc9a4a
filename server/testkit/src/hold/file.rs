//! Any bytes as a test file, as the conftest above it, and as a module that it imports.

use std::path::Path;

use analysis::hint::Confidence;
use analysis::text::TextRange;
use analysis::workspace::Workspace;

use super::{ROOT, assert_inside, project, sound_report, workspace};

const NAMES: [&str; 3] = ["conftest.py", "test_a.py", "shop.py"];
const TEST: &str = "import shop\nfrom shop import *\n\n\ndef test_a(request, tmp_path):\n    shop.run()\n    open('/tmp/a', 'w')\n";

/// Nothing that is asked about the file panics or speaks of places outside of it, and asked twice it answers the same.
pub fn file(bytes: &[u8]) {
    let files =
        project(NAMES.map(|name| (name, bytes)).into_iter().chain([("test_shop.py", TEST.as_bytes())]));
    let first = workspace(&files);
    let again = workspace(&files);
    for name in NAMES.iter().chain(&["test_shop.py"]) {
        let path = Path::new(ROOT).join(name);
        let report = sound_report(&first, &path);
        assert_eq!(report, sound_report(&again, &path), "{name}");
        for hint in &report.hints {
            first.fixes(&path, hint);
        }
        ask_around(&first, &path);
    }
}

/// Hovers over some places, and asks what is offered there and over all.
fn ask_around(workspace: &Workspace, path: &Path) {
    let Some(text) = workspace.text(path) else { return };
    let length = text.as_str().len() as u32;
    for offset in (0..=length).step_by((length as usize / 8).max(1)) {
        if let Some(hover) = workspace.hover(path, offset) {
            assert_inside(workspace, path, hover.range);
        }
        workspace.actions(path, TextRange::new(offset, offset), Confidence::Likely);
    }
    workspace.actions(path, TextRange::new(0, length), Confidence::Likely);
}
