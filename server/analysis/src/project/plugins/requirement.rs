//! One requirement: PEP 508 as far as name and versions go, and Poetry's constraints.

use std::str::FromStr;

use pep440_rs::Version;

use super::Versions;
use crate::project::version_range::VersionRange;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Requirement {
    /// Normalized.
    pub(super) name: String,
    pub(super) versions: Versions,
}

/// The name that PEP 503 compares by: lower case, runs of `-`, `_` and `.` as one `-`.
pub fn normalized(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            other => normal.extend(other.to_lowercase()),
        }
    }
    normal
}

/// A requirement as in `project.dependencies`, or a line of a requirements file; `None` for anything else.
pub(super) fn parse(line: &str) -> Option<Requirement> {
    let line = line.trim();
    if let Some((_, egg)) = line.split_once("#egg=") {
        return named(name_at_start(egg), Versions::Unsaid);
    }
    let line = without_comment(line);
    let name = name_at_start(line);
    let rest = line[name.len()..].trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1.trim_start(),
        None => rest,
    };
    let rest = rest.split(" --").next().unwrap_or_default();
    let (specifiers, condition) = rest.split_once(';').unwrap_or((rest, ""));
    let specifiers = specifiers.trim().trim_start_matches('(').trim_end_matches(')');
    let versions = match specifiers.chars().next() {
        Some('<' | '>' | '=' | '!' | '~') if condition.trim().is_empty() => {
            declared(VersionRange::parse(specifiers))
        }
        None | Some('<' | '>' | '=' | '!' | '~' | '@') => Versions::Unsaid,
        Some(_) => return None,
    };
    named(name, versions)
}

/// A member of a Poetry or Pipenv table: `name = "^8"`.
pub(super) fn poetry(name: &str, constraint: Option<&str>) -> Option<Requirement> {
    named(name, declared(constraint.and_then(poetry_range)))
}

pub(super) fn locked(name: &str, version: &str) -> Option<Requirement> {
    let version = Version::from_str(version).ok()?;
    named(name, Versions::Locked(VersionRange::exactly(&version)))
}

fn named(name: &str, versions: Versions) -> Option<Requirement> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    starts_well.then(|| Requirement { name: normalized(name), versions })
}

fn declared(range: Option<VersionRange>) -> Versions {
    range.map_or(Versions::Unsaid, Versions::Declared)
}

fn name_at_start(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
    &text[..end.unwrap_or(text.len())]
}

/// pip's rule: `#` at the start, or after a space.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices('#').map(|(at, _)| at);
    let comment =
        starts.into_iter().find(|at| line[..*at].chars().next_back().is_none_or(char::is_whitespace));
    line[..comment.unwrap_or(line.len())].trim_end()
}

/// Poetry's constraints: `^1.2`, `~1.2`, `1.2`, `>=1,<2`, alternatives with `||`.
fn poetry_range(constraint: &str) -> Option<VersionRange> {
    let mut alternatives = constraint.split("||").map(|alternative| {
        let parts = alternative.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(poetry_part).try_fold(VersionRange::any(), |range, part| Some(range.and(&part?)))
    });
    let first = alternatives.next()??;
    alternatives.try_fold(first, |range, alternative| Some(range.or(&alternative?)))
}

fn poetry_part(part: &str) -> Option<VersionRange> {
    if part == "*" {
        return Some(VersionRange::any());
    }
    if let Some(version) = part.strip_prefix('^') {
        let release = Version::from_str(version.trim()).ok()?.release().to_vec();
        let fixed = release.iter().position(|number| *number != 0).unwrap_or(release.len() - 1);
        return up_to(version, &release, fixed);
    }
    if let Some(version) = part.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        let release = Version::from_str(version.trim()).ok()?.release().to_vec();
        return up_to(version, &release, (release.len() - 1).min(1));
    }
    if part.starts_with(|c: char| c.is_ascii_digit()) {
        return VersionRange::parse(&format!("=={part}"));
    }
    VersionRange::parse(part)
}

/// From `version` to where the number at `fixed` is one more.
fn up_to(version: &str, release: &[u64], fixed: usize) -> Option<VersionRange> {
    let mut upper = release.get(..=fixed)?.to_vec();
    *upper.last_mut()? = upper.last()?.checked_add(1)?;
    VersionRange::parse(&format!(">={},<{}", version.trim(), Version::new(upper)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let range = |text: &str| Versions::Declared(VersionRange::parse(text).unwrap());
        let cases: &[(&str, Option<(&str, Versions)>)] = &[
            ("pytest", Some(("pytest", Versions::Unsaid))),
            ("Pytest_XDist[psutil] >= 3 , < 4  # why", Some(("pytest-xdist", range(">=3,<4")))),
            ("pytest(>=8)", Some(("pytest", range(">=8")))),
            ("pytest==9.2.0 --hash=sha256:00 \\", Some(("pytest", range("==9.2.0")))),
            ("pytest<8 ; python_version < '3.8'", Some(("pytest", Versions::Unsaid))),
            ("pytest @ https://example.org/p.whl", Some(("pytest", Versions::Unsaid))),
            (
                "-e git+https://example.org/x#egg=pytest.foo&subdirectory=a",
                Some(("pytest-foo", Versions::Unsaid)),
            ),
            ("pytest === odd", Some(("pytest", Versions::Unsaid))),
            ("-r other.txt", None),
            ("# pytest", None),
            ("", None),
            ("two words", None),
            ("./local", None),
            ("https://example.org/p.whl", None),
            ("pytest[open", None),
        ];
        for (line, expected) in cases {
            let expected =
                expected.clone().map(|(name, versions)| Requirement { name: name.to_owned(), versions });
            assert_eq!(parse(line), expected, "{line:?}");
        }
    }

    #[test]
    fn poetry_constraints() {
        let cases: &[(&str, Option<&str>)] = &[
            ("*", Some("")),
            ("^8.1", Some(">=8.1,<9")),
            ("^0.2.3", Some(">=0.2.3,<0.3")),
            ("^0.0.3", Some(">=0.0.3,<0.0.4")),
            ("^0", Some(">=0,<1")),
            ("~8.1.2", Some(">=8.1.2,<8.2")),
            ("~8.1", Some(">=8.1,<8.2")),
            ("~8", Some(">=8,<9")),
            ("~=8.1", Some(">=8.1,<9")),
            ("8.4.2", Some("==8.4.2")),
            ("8.*", Some(">=8,<9")),
            (">=8,<9", Some(">=8,<9")),
            ("<8 || >=9", Some("!=8.*")),
            ("^18446744073709551615", None),
            ("^", None),
            ("word", None),
        ];
        for (constraint, expected) in cases {
            let expected = expected.and_then(VersionRange::parse);
            assert_eq!(poetry_range(constraint), expected, "{constraint}");
        }
    }
}
