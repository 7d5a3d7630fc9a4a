//! Places as the command line shows them: paths relative to the working directory, lines and columns from 1.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use analysis::paths::slashed;
use analysis::text::{Encoding, Position, Text, TextRange};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What is written otherwise in the key of a name that is no text.
const NOT_IN_NAMES: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'_').remove(b'-');

/// Where the process works; what paths are shown relative to.
#[derive(Clone, Debug)]
pub(crate) struct Base(PathBuf);

impl Base {
    /// `folder` is absolute.
    pub(crate) fn new(folder: PathBuf) -> Base {
        Base(folder)
    }

    /// The path from here, parted by `/`. Bytes that are no UTF-8 are replaced.
    pub(crate) fn relative(&self, path: &Path) -> String {
        let here: Vec<Component<'_>> = self.0.components().collect();
        let root = here.iter().take_while(|part| !matches!(part, Component::Normal(_))).count();
        let shared = here.iter().zip(path.components()).take_while(|(here, there)| **here == *there).count();
        // Another drive or no common folder but the root: nothing is gained by climbing.
        if shared < root || (shared == root && here.len() > root) {
            return slashed(path);
        }
        let up = std::iter::repeat_n(Component::ParentDir, here.len() - shared);
        let relative: PathBuf = up.chain(path.components().skip(shared)).collect();
        if relative.as_os_str().is_empty() { ".".to_owned() } else { slashed(&relative) }
    }

    /// [`Base::relative`] as a key that [`Base::of_key`] leads back from, whatever bytes the name has. No path begins like
    /// that of a name that is no text.
    pub(crate) fn key(&self, path: &Path) -> String {
        let relative = self.relative(path);
        if path.to_str().is_some() {
            return relative;
        }
        let plain = path.strip_prefix(&self.0).unwrap_or(path);
        format!("//{}", percent_encode(plain.as_os_str().as_encoded_bytes(), NOT_IN_NAMES))
    }

    pub(crate) fn of_key(&self, key: &str) -> PathBuf {
        #[cfg(unix)]
        if let Some(encoded) = key.strip_prefix("//") {
            use std::os::unix::ffi::OsStringExt as _;
            let bytes = percent_decode_str(encoded).collect();
            return self.0.join(std::ffi::OsString::from_vec(bytes));
        }
        self.absolute(key)
    }

    /// The path that [`Base::relative`] told.
    pub(crate) fn absolute(&self, relative: &str) -> PathBuf {
        let mut path = self.0.clone();
        for part in Path::new(relative).components() {
            match part {
                Component::ParentDir => drop(path.pop()),
                Component::CurDir => {}
                part => path.push(part),
            }
        }
        path
    }

    /// [`Base::relative`] for a person's eyes: control characters are escaped.
    pub(crate) fn shown(&self, path: &Path) -> String {
        visible(&self.relative(path))
    }
}

/// The text with all that is not to be seen as `\u{..}`.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// [`visible`] line by line.
pub(crate) fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// Whether a terminal would obey a character instead of showing it, or show others in another order for it.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// The line and column of a byte offset, both from 1, the column in characters. Without a text: 1 and 1.
pub(crate) fn line_column(text: Option<&Text>, offset: u32) -> (u32, u32) {
    let Position { line, character } =
        text.map_or_else(Position::default, |text| text.position(offset, Encoding::Utf32));
    (line + 1, character + 1)
}

/// The lines that `range` touches, as a byte range without the last line's end.
pub(crate) fn whole_lines(text: &Text, range: TextRange) -> TextRange {
    let lines = text.lines();
    let first = lines.line_range(text.as_str(), lines.line_of(range.start));
    let last = lines.line_range(text.as_str(), lines.line_of(range.end));
    TextRange::new(first.start, last.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_here_and_found_again() {
        let base = Base::new(PathBuf::from("/home/me/project"));
        for (path, told) in [
            ("/home/me/project/tests/a.py", "tests/a.py"),
            ("/home/me/other/a.py", "../other/a.py"),
            ("/home/me/project", "."),
            ("/tmp/a.py", "/tmp/a.py"),
        ] {
            assert_eq!(base.relative(Path::new(path)), told);
            assert_eq!(base.absolute(told), Path::new(path));
        }
        assert_eq!(Base::new(PathBuf::from("/")).relative(Path::new("/tmp/a.py")), "tmp/a.py");
    }

    #[cfg(unix)]
    #[test]
    fn keys_lead_back_whatever_bytes_a_name_has() {
        use std::os::unix::ffi::OsStrExt as _;
        let base = Base::new(PathBuf::from("/home/me"));
        let named = |bytes: &[u8]| PathBuf::from(std::ffi::OsStr::from_bytes(bytes));
        for (path, key) in [
            (&b"/home/me/a b/test_\xff.py"[..], "//a%20b/test_%FF.py"),
            (b"/home/me/test_%FF.py", "test_%FF.py"),
            (b"/home/you/\xfe.py", "///home/you/%FE.py"),
            (b"/home/me/\xc3\xa9.py", "é.py"),
        ] {
            assert_eq!(base.key(&named(path)), key);
            assert_eq!(base.of_key(key), named(path));
        }
    }

    #[cfg(windows)]
    #[test]
    fn windows_paths_are_told_from_here() {
        let relative = |base: &str, path: &str| Base::new(PathBuf::from(base)).relative(Path::new(path));
        assert_eq!(relative(r"C:\w", r"C:\w\tests\test_a.py"), "tests/test_a.py");
        assert_eq!(relative(r"C:\w", r"c:\w\tests\test_a.py"), "tests/test_a.py");
        assert_eq!(relative(r"C:\w\a", r"C:\w\b\test_a.py"), "../b/test_a.py");
        assert_eq!(relative(r"C:\w", r"C:\tmp\test_a.py"), "C:/tmp/test_a.py");
        assert_eq!(relative(r"C:\", r"C:\tmp\test_a.py"), "tmp/test_a.py");
        assert_eq!(relative(r"C:\", r"D:\tmp\test_a.py"), "D:/tmp/test_a.py");
        assert_eq!(relative(r"\\server\share\w", r"\\server\share\w\test_a.py"), "test_a.py");
        assert_eq!(relative(r"C:\w", r"\\server\share\test_a.py"), "//server/share/test_a.py");
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(visible("a\u{1b}[31mé\n\u{202e}"), "a\\u{1b}[31mé\\u{a}\\u{202e}");
        assert_eq!(visible_lines("a\u{9b}1m\r\n\u{200f}"), "a\\u{9b}1m\\u{d}\n\\u{200f}");
    }

    #[test]
    fn columns_are_characters() {
        let text = Text::new("é😀x\ny".to_owned());
        assert_eq!(line_column(Some(&text), 6), (1, 3));
        assert_eq!(line_column(Some(&text), 8), (2, 1));
        assert_eq!(line_column(None, 8), (1, 1));
    }
}
