//! The whole path in one place: files in, a hint out.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::workspace::{Date, FileSource, ReadError, Workspace};

struct Memory(BTreeMap<PathBuf, String>);

impl FileSource for Memory {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(ReadError::Missing)
    }
}

#[test]
fn a_file_written_at_a_fixed_path_gives_a_hint() {
    let source = "def test_a():\n    with open('/tmp/x.txt', 'w') as f:\n        f.write('x')\n";
    let files = BTreeMap::from([(PathBuf::from("/p/test_a.py"), source.to_owned())]);
    let paths = files.keys().cloned().collect();
    let today = Date { year: 2026, month: 11, day: 23 };
    let mut workspace = Workspace::new(Arc::new(Memory(files)), today);
    workspace.set_files(Path::new("/p"), paths);
    let report = workspace.report(Path::new("/p/test_a.py"));
    assert_eq!(report.tests, 1);
    assert_eq!(report.hints.len(), 1, "{report:?}");
    assert_eq!(
        &source[report.hints[0].range.start as usize..report.hints[0].range.end as usize],
        "'/tmp/x.txt'"
    );
    assert_eq!(workspace.test_files(), [PathBuf::from("/p/test_a.py")]);
}
