//! Between LSP's vocabulary and the engine's: positions, ranges, paths.

use std::path::{Path, PathBuf};

use analysis::text::{Change, Encoding, Position, Text, TextRange};
use tower_lsp::lsp_types::{self as lsp, TextDocumentContentChangeEvent, Url};

use crate::file_uri;

/// The path of a `file:` URI, or the one that an `untitled:` document goes by. Documents of other schemes are not
/// ours.
pub(crate) fn path_of(uri: &Url) -> Option<PathBuf> {
    match uri.scheme() {
        "file" => file_uri::path(uri),
        "untitled" => Some(saved_later(uri).unwrap_or_else(|| untitled(uri))),
        _ => None,
    }
}

/// Where a new document is going to be saved, when the client says so: VS Code's `untitled:/home/me/test_a.py`.
fn saved_later(uri: &Url) -> Option<PathBuf> {
    let file = Url::parse(&format!("file://{}", uri.path())).ok()?;
    uri.path().starts_with('/').then(|| file_uri::path(&file))?
}

/// The path that stands for a document without a file: alone in a folder that no disk has, and named as a test.
fn untitled(uri: &Url) -> PathBuf {
    Path::new(UNTITLED).join(uri.path().replace(['/', '\\', ':'], "_")).join("test_untitled.py")
}

/// Whether a path stands for a document without a file.
pub(crate) fn is_untitled(path: &Path) -> bool {
    path.starts_with(UNTITLED)
}

const UNTITLED: &str = "/untitled:";

/// The URI of a path that the client has not named itself.
pub(crate) fn uri_of(path: &Path) -> Option<Url> {
    file_uri::of(path)
}

pub(crate) fn position(position: lsp::Position) -> Position {
    Position::new(position.line, position.character)
}

/// A range of the client in `text`; clamped to it.
pub(crate) fn text_range(text: &Text, range: lsp::Range, encoding: Encoding) -> TextRange {
    let start = text.offset(position(range.start), encoding);
    let end = text.offset(position(range.end), encoding);
    TextRange::new(start, end)
}

/// A range of the engine in `text`, as the client counts.
pub(crate) fn lsp_range(text: &Text, range: TextRange, encoding: Encoding) -> lsp::Range {
    let place = |offset| {
        let position = text.position(offset, encoding);
        lsp::Position::new(position.line, position.character)
    };
    lsp::Range::new(place(range.start), place(range.end))
}

/// One change of `didChange`. `rangeLength` is deprecated and says nothing that the range does not.
pub(crate) fn change(event: TextDocumentContentChangeEvent) -> Change {
    let range = event.range.map(|range| (position(range.start), position(range.end)));
    Change { range, text: event.text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_other_schemes_have_no_path() {
        for foreign in ["vscode-notebook-cell:/a.ipynb#x", "git:/a/test_a.py", "output:x"] {
            assert_eq!(path_of(&Url::parse(foreign).unwrap()), None, "{foreign}");
        }
    }

    #[test]
    fn a_document_without_a_file_stands_alone_unless_its_place_is_known() {
        let path = |uri: &str| path_of(&Url::parse(uri).unwrap()).unwrap();
        let (planned, there) = if cfg!(windows) {
            ("untitled:/c%3A/me/test%20a.py", r"C:\me\test a.py")
        } else {
            ("untitled:/home/me/test%20a.py", "/home/me/test a.py")
        };
        assert_eq!(path(planned), Path::new(there));
        let alone = [path("untitled:Untitled-1"), path("untitled:Untitled-2"), path("untitled:a/b")];
        assert!(
            alone.iter().all(|path| is_untitled(path) && path.ends_with("test_untitled.py")),
            "{alone:?}"
        );
        assert_eq!(
            alone.iter().map(|path| path.parent()).collect::<std::collections::BTreeSet<_>>().len(),
            3
        );
        assert!(!is_untitled(Path::new("/home/me/test_a.py")));
    }

    #[test]
    fn ranges_follow_the_encoding_and_are_clamped() {
        let text = Text::new("x = '𝔘日'\r\ny".to_owned());
        let bytes = TextRange::new(5, 12);
        for (encoding, end) in [(Encoding::Utf8, 12), (Encoding::Utf16, 8), (Encoding::Utf32, 7)] {
            let range = lsp_range(&text, bytes, encoding);
            assert_eq!(range, lsp::Range::new(lsp::Position::new(0, 5), lsp::Position::new(0, end)));
            assert_eq!(text_range(&text, range, encoding), bytes);
        }
        let beyond = lsp::Range::new(lsp::Position::new(0, 99), lsp::Position::new(99, 99));
        assert_eq!(text_range(&text, beyond, Encoding::Utf16), TextRange::new(13, 16));
    }
}
