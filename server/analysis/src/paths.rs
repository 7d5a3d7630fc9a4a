//! Paths as text: the parts where systems differ.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Whose paths a text holds. What depends on it takes it as an argument, so that each system's form is tested on all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    Unix,
    Windows,
}

impl Platform {
    pub const HERE: Platform = if cfg!(windows) { Platform::Windows } else { Platform::Unix };
}

/// The path parted by `/`, as it is shown, matched and kept in files on every system. Bytes that are no text are
/// replaced.
pub fn slashed(path: &Path) -> String {
    slashed_as(path.to_string_lossy(), Platform::HERE).into_owned()
}

fn slashed_as(path: Cow<'_, str>, platform: Platform) -> Cow<'_, str> {
    match platform {
        Platform::Windows if path.contains('\\') => Cow::Owned(path.replace('\\', "/")),
        Platform::Windows | Platform::Unix => path,
    }
}

/// The path in the form that paths are compared in. Windows knows one file as `c:\a.py`, `C:\a.py` and `\\?\C:\a.py`;
/// editors, shells and the system itself do not agree on which to use.
pub fn usual(path: PathBuf) -> PathBuf {
    match path.to_str().map(|text| usual_as(text, Platform::HERE)) {
        Some(Cow::Owned(usual)) => usual.into(),
        _ => path,
    }
}

fn usual_as(path: &str, platform: Platform) -> Cow<'_, str> {
    if platform == Platform::Unix {
        return Cow::Borrowed(path);
    }
    if let Some(share) = path.strip_prefix(r"\\?\UNC\") {
        return Cow::Owned(format!(r"\\{share}"));
    }
    let plain = path.strip_prefix(r"\\?\").unwrap_or(path);
    match plain.as_bytes() {
        [drive, b':', ..] if drive.is_ascii_alphabetic() => {
            let upper = char::from(drive.to_ascii_uppercase());
            Cow::Owned(format!("{upper}{}", &plain[1..]))
        }
        _ => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_paths_are_parted_by_slashes() {
        let slashed = |path, platform| slashed_as(Cow::Borrowed(path), platform).into_owned();
        assert_eq!(slashed(r"C:\Users\me\test_a.py", Platform::Windows), "C:/Users/me/test_a.py");
        assert_eq!(slashed(r"\\server\share\test_a.py", Platform::Windows), "//server/share/test_a.py");
        assert_eq!(slashed(r"tests\unit/test_a.py", Platform::Windows), "tests/unit/test_a.py");
        assert_eq!(slashed(r"tests/odd\name.py", Platform::Unix), r"tests/odd\name.py");
    }

    #[test]
    fn one_file_has_one_path_on_windows() {
        let usual = |path| usual_as(path, Platform::Windows).into_owned();
        for path in [r"c:\w\a.py", r"C:\w\a.py", r"\\?\c:\w\a.py", r"\\?\C:\w\a.py"] {
            assert_eq!(usual(path), r"C:\w\a.py");
        }
        for path in [r"\\server\share\a.py", r"\\?\UNC\server\share\a.py"] {
            assert_eq!(usual(path), r"\\server\share\a.py");
        }
        for other in [r"\\?\Volume{1-2}\a.py", r"\\.\pipe\x", r"tests\a.py", "", "é:\\a.py"] {
            assert_eq!(usual(other), other);
        }
        assert_eq!(usual_as(r"c:\w\a.py", Platform::Unix), r"c:\w\a.py");
    }
}
