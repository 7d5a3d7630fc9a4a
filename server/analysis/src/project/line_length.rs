//! How long a line may get before the project's formatter breaks it.

use crate::config_text::toml;
use crate::config_text::value::Kind;

/// Of ruff and Black, in columns, where nothing else is said.
pub const DEFAULT: usize = 88;

/// What a `pyproject.toml` says to ruff, or else to Black.
pub fn of_pyproject(text: &str) -> Option<usize> {
    if !text.contains("line-length") {
        return None;
    }
    let root = toml::read(text).root;
    let said = |tool: &str| match root.at(&["tool", tool, "line-length"])?.kind {
        Kind::Integer(columns) => usize::try_from(columns).ok(),
        _ => None,
    };
    said("ruff").or_else(|| said("black"))
}

#[cfg(test)]
mod tests {
    use super::of_pyproject;

    #[test]
    fn ruff_comes_before_black() {
        assert_eq!(
            of_pyproject("[tool.black]\nline-length = 100\n[tool.ruff]\nline-length = 120\n"),
            Some(120)
        );
        assert_eq!(of_pyproject("[tool.black]\nline-length = 100\n"), Some(100));
        assert_eq!(of_pyproject("[tool.ruff.lint]\npycodestyle.max-line-length = 100\n"), None);
        assert_eq!(of_pyproject("[tool.ruff]\nline-length = \"wide\"\n"), None);
    }
}
