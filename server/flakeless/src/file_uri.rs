//! Between paths and `file:` URIs.

use std::path::{Path, PathBuf};

use analysis::paths;
use tower_lsp::lsp_types::Url;

/// The path of a `file:` URI, in the form that paths are compared in. VS Code writes `file:///c%3A/…`.
pub(crate) fn path(uri: &Url) -> Option<PathBuf> {
    uri.to_file_path().ok().map(paths::usual)
}

pub(crate) fn of(path: &Path) -> Option<Url> {
    Url::from_file_path(path).ok()
}

/// The URI of a folder, which ends in a slash: others are relative to it.
pub(crate) fn of_folder(path: &Path) -> Option<Url> {
    Url::from_directory_path(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(uri: &str) -> Option<PathBuf> {
        path(&Url::parse(uri).unwrap())
    }

    #[cfg(not(windows))]
    #[test]
    fn paths_are_decoded() {
        assert_eq!(read("file:///tmp/a%20b%23c/%E6%97%A5.py"), Some("/tmp/a b#c/日.py".into()));
        assert_eq!(read("file://localhost/tmp/a.py"), Some("/tmp/a.py".into()));
        assert_eq!(of(Path::new("/tmp/a b#c/日.py")).unwrap().as_str(), "file:///tmp/a%20b%23c/%E6%97%A5.py");
        assert_eq!(of_folder(Path::new("/tmp/a b")).unwrap().as_str(), "file:///tmp/a%20b/");
    }

    #[cfg(windows)]
    #[test]
    fn every_client_s_spelling_of_a_drive_leads_to_one_path() {
        for uri in
            ["file:///c%3A/Users/me/a%20b.py", "file:///C:/Users/me/a%20b.py", "file:///c:/Users/me/a b.py"]
        {
            assert_eq!(read(uri).unwrap().to_str(), Some(r"C:\Users\me\a b.py"), "{uri}");
        }
        assert_eq!(read("file:///tmp/a.py"), None);
        let there = of(Path::new(r"C:\Users\me\a b.py")).unwrap();
        assert_eq!(there.as_str(), "file:///C:/Users/me/a%20b.py");
        assert_eq!(of_folder(Path::new(r"C:\w")).unwrap().as_str(), "file:///C:/w/");
    }

    #[cfg(windows)]
    #[test]
    fn shares_are_hosts() {
        let path = r"\\server\share\tests\test_a.py";
        assert_eq!(read("file://server/share/tests/test_a.py").unwrap().to_str(), Some(path));
        for path in [path, r"\\?\UNC\server\share\tests\test_a.py"] {
            assert_eq!(of(Path::new(path)).unwrap().as_str(), "file://server/share/tests/test_a.py");
        }
    }
}
