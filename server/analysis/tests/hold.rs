//! What the fuzz targets look for, over their seeds and over what they found: `testdata/corpus/fuzz` says what each was.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail, and says where")]

use std::fs;
use std::path::Path;

use testkit::hold::{self, each_input as each};

#[test]
fn any_bytes_as_a_file() {
    // What the others found, and the older corpus, are files too.
    each(&["file", "python", "fixes"], hold::file);
    let corpus = testkit::repository().join("testdata/corpus");
    let python = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path());
    python.filter(|path| path.extension().is_some_and(|it| it == "py")).for_each(|path| {
        let bytes = fs::read(path).unwrap();
        hold::file(&bytes);
        hold::fixes(&bytes);
    });
}

#[test]
fn any_edits() {
    each(&["edits", "python"], hold::edits);
}

#[test]
fn fixes_of_any_sound_file() {
    each(&["fixes", "python"], hold::fixes);
}

#[test]
fn any_configuration() {
    each(&["configuration"], hold::configuration);
}

/// What was found says what it was.
#[test]
fn each_find_is_described() {
    let folder = testkit::repository().join("testdata/corpus/fuzz");
    let described = fs::read_to_string(folder.join("README.md")).unwrap();
    for target in
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        for find in fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().path()) {
            let name =
                find.strip_prefix(&folder).unwrap_or(Path::new("")).display().to_string().replace('\\', "/");
            assert!(described.contains(&format!("- `{name}`: ")), "{name} is not in its README");
        }
    }
}
