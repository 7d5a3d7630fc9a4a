//! Files as SARIF names them: relative to a root, each root under a name of its own.

use std::path::{Component, Path};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::{Map, Value, json};

use crate::discover::Root;
use crate::file_uri;

/// All but what RFC 3986 leaves unreserved.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The roots around what was checked; most often one, the repository's.
pub(super) struct Roots<'a>(&'a [Root]);

impl<'a> Roots<'a> {
    pub(super) fn new(roots: &'a [Root]) -> Roots<'a> {
        Roots(roots)
    }

    /// `originalUriBaseIds`.
    pub(super) fn bases(&self) -> Value {
        let known = self.0.iter().enumerate();
        let bases = known.filter_map(|(index, root)| {
            let uri = file_uri::of_folder(&root.path)?;
            Some((name(index), json!({"uri": uri.as_str()})))
        });
        Value::Object(bases.collect::<Map<_, _>>())
    }

    /// An `artifactLocation`. A file outside of all roots is named in full.
    pub(super) fn location(&self, path: &Path) -> Value {
        match self.inside(path) {
            Some((index, relative)) => json!({"uri": escaped(relative), "uriBaseId": name(index)}),
            None => json!({"uri": file_uri::of(path).map_or_else(|| escaped(path), String::from)}),
        }
    }

    /// The file's place inside its root, as it is escaped in a URI.
    pub(super) fn relative(&self, path: &Path) -> String {
        escaped(self.inside(path).map_or(path, |(_, relative)| relative))
    }

    fn inside<'p>(&self, path: &'p Path) -> Option<(usize, &'p Path)> {
        let mut roots = self.0.iter().enumerate();
        roots.find_map(|(index, root)| Some((index, path.strip_prefix(&root.path).ok()?)))
    }
}

fn name(index: usize) -> String {
    if index == 0 { "SRCROOT".to_owned() } else { format!("SRCROOT{}", index + 1) }
}

fn escaped(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(percent_encode(name.as_encoded_bytes(), ESCAPED).to_string()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(path: &str) -> Root {
        Root { path: path.into(), files: Vec::new() }
    }

    #[cfg(windows)]
    #[test]
    fn drives_and_shares_are_roots() {
        let known = [root(r"C:\w"), root(r"\\server\share\w")];
        let roots = Roots::new(&known);
        let bases =
            json!({"SRCROOT": {"uri": "file:///C:/w/"}, "SRCROOT2": {"uri": "file://server/share/w/"}});
        assert_eq!(roots.bases(), bases);
        let location = |path: &str| roots.location(Path::new(path));
        assert_eq!(location(r"C:\w\a b\t.py"), json!({"uri": "a%20b/t.py", "uriBaseId": "SRCROOT"}));
        let on_share = json!({"uri": "t.py", "uriBaseId": "SRCROOT2"});
        assert_eq!(location(r"\\server\share\w\t.py"), on_share);
        assert_eq!(location(r"D:\t.py"), json!({"uri": "file:///D:/t.py"}));
    }

    #[cfg(unix)]
    #[test]
    fn files_are_named_from_their_root() {
        let known = [root("/w/one"), root("/w/two words")];
        let roots = Roots::new(&known);
        let bases =
            json!({"SRCROOT": {"uri": "file:///w/one/"}, "SRCROOT2": {"uri": "file:///w/two%20words/"}});
        assert_eq!(roots.bases(), bases);
        let location = |path: &str| roots.location(Path::new(path));
        assert_eq!(location("/w/one/a.py"), json!({"uri": "a.py", "uriBaseId": "SRCROOT"}));
        assert_eq!(location("/w/two words/t/a.py"), json!({"uri": "t/a.py", "uriBaseId": "SRCROOT2"}));
        assert_eq!(location("/else/a b.py"), json!({"uri": "file:///else/a%20b.py"}));
        assert_eq!(roots.relative(Path::new("/w/two words/t/a.py")), "t/a.py");
    }

    #[test]
    fn what_has_a_meaning_in_uris_is_escaped() {
        assert_eq!(escaped(Path::new("ab:c/[c]/d#e?.py")), "ab%3Ac/%5Bc%5D/d%23e%3F.py");
        assert_eq!(escaped(Path::new("tests/é-_.~.py")), "tests/%C3%A9-_.~.py");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_keep_their_bytes() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        assert_eq!(escaped(Path::new(OsStr::from_bytes(b"a\xff.py"))), "a%FF.py");
    }
}
