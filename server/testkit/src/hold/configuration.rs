//! Any bytes as a file that configures pytest or flakeless, or that declares plugins or commands.

use std::path::Path;

use super::{ROOT, assert_inside, project, sound_report, workspace};

const TEST: &str = "import pytest\n\n\n@pytest.mark.slow\ndef test_a():\n    open('/tmp/a', 'w')\n";
const NAMES: [&str; 13] = [
    "pytest.ini",
    "pyproject.toml",
    "setup.cfg",
    "tox.ini",
    "pytest.toml",
    ".pytest.toml",
    ".pytest.ini",
    "flakeless.toml",
    "requirements.txt",
    "uv.lock",
    "poetry.lock",
    "noxfile.py",
    ".github/workflows/ci.yml",
];

/// `input` is a line that names the file, or no such line for the first of them, and what stands in it.
pub fn configuration(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let named = NAMES.into_iter().find(|name| name.as_bytes() == &input[..end]);
    let (name, bytes) = named.map_or((NAMES[0], input), |name| (name, &input[end + 1..]));
    let files =
        project([(name, bytes), ("tests/test_a.py", TEST.as_bytes()), ("tests/pytest.ini", b"[pytest]\n")]);
    let first = workspace(&files);
    for problem in first.problems() {
        assert_inside(&first, &problem.path, problem.range);
    }
    let test = Path::new(ROOT).join("tests/test_a.py");
    for path in first.checked_files().iter().chain(&first.configuration_files()).chain([&test]) {
        let report = sound_report(&first, path);
        for hint in &report.hints {
            for fix in first.fixes(path, hint) {
                crate::apply::apply(&files, &fix.edits)
                    .unwrap_or_else(|why| panic!("`{}` does not fit: {why}", fix.title));
            }
        }
    }
    // An editor that has it open says the same.
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut opened = workspace(&files);
    opened.open(&Path::new(ROOT).join(name), text.to_owned());
    assert_eq!(opened.problems(), first.problems());
    assert_eq!(opened.report(&test), first.report(&test));
}
