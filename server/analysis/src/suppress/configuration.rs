//! Suppressions in configuration files: comments as in Python, on lines of their own above what they silence, since
//! behind a value of an INI file a comment is part of the value. In TOML they may also stand behind it.

use super::directive::{self, Directive, Extent};
use crate::config_text::toml;
use crate::config_text::value::{Kind, Value};
use crate::fix::{Edits, Fix};
use crate::hint::Hint;
use crate::project::pytest_config::{ConfigFile, ConfigKind};
use crate::text::{TextRange, line_start, newline_of};

/// Whether a comment of the file silences the hint.
pub fn is_silenced(text: &str, kind: ConfigKind, hint: &Hint) -> bool {
    let names = |directive: &Directive| directive.names.iter().any(|name| name.text == hint.rule);
    let is_about_all = |line: &str| {
        let found = comment_on_own_line(line).map(directive::read).unwrap_or_default();
        found.iter().any(|directive| directive.extent == Extent::File && names(directive))
    };
    let here = comments_at(text, kind, hint.range);
    here.iter().flat_map(|comment| directive::read(comment)).any(|directive| names(&directive))
        || text.lines().any(is_about_all)
}

/// Silences a hint by a comment above its line.
pub fn ignore(text: &str, file: &ConfigFile, hint: &Hint) -> Fix {
    let at = line_start(text, commentable(text, file.kind, hint.range));
    let line = &text[at..];
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let newline = newline_of(text);
    let mut edits = Edits::new();
    let comment = format!("{indent}# flakeless: ignore[{}]{newline}", hint.rule);
    edits.push(&file.path, TextRange::empty(at as u32), comment);
    Fix::suppression(format!("Ignore `{}` by a comment above it", hint.rule), edits)
}

/// The comments directly above the line of `range`, and in TOML the one behind it.
fn comments_at(text: &str, kind: ConfigKind, range: TextRange) -> Vec<&str> {
    let start = line_start(text, commentable(text, kind, range));
    let above = text[..start].lines().rev();
    let mut comments: Vec<&str> = above.map_while(comment_on_own_line).collect();
    if is_toml(kind) {
        let behind = text[range.end as usize..].lines().next().unwrap_or_default();
        comments.extend(behind.find('#').map(|at| &behind[at..]));
    }
    comments
}

/// An offset on the line that a comment about `range` can stand above: of its own, unless that lies inside a string of
/// several lines.
fn commentable(text: &str, kind: ConfigKind, range: TextRange) -> usize {
    let string = is_toml(kind).then(|| toml::read(text)).and_then(|toml| string_around(&toml.root, range));
    string.map_or(range.start, |string| string.start) as usize
}

/// The string that holds `range`.
fn string_around(value: &Value, range: TextRange) -> Option<TextRange> {
    let holds = |outer: TextRange| outer.start <= range.start && range.end <= outer.end;
    match &value.kind {
        Kind::Text(_) => holds(value.range).then_some(value.range),
        // A table's own range may be its header's.
        Kind::Table(members) => members.iter().find_map(|member| string_around(&member.value, range)),
        Kind::List(elements) => elements.iter().find_map(|element| string_around(element, range)),
        _ => None,
    }
}

fn is_toml(kind: ConfigKind) -> bool {
    kind.is_toml()
}

fn comment_on_own_line(line: &str) -> Option<&str> {
    Some(line.trim()).filter(|line| line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint::Confidence;

    const RULE: &str = "blanket-retries";

    fn hint(text: &str, at: &str) -> Hint {
        let start = text.find(at).unwrap() as u32;
        Hint {
            rule: RULE,
            confidence: Confidence::Likely,
            message: "".into(),
            range: TextRange::new(start, start + at.len() as u32),
            related: [].into(),
            test: None,
            mitigated_by: None,
        }
    }

    #[test]
    fn comments_silence_what_they_stand_at() {
        let silenced = |kind, text: &str| is_silenced(text, kind, &hint(text, "--reruns 5"));
        let (ini, toml) = (ConfigKind::PytestIni, ConfigKind::PyprojectIniOptions);
        let comment = format!("# flakeless: ignore[{RULE}] until #12");
        assert!(silenced(ini, &format!("[pytest]\n{comment}\naddopts = -q --reruns 5\n")));
        assert!(silenced(ini, &format!("[pytest]\naddopts =\n    -q\n    {comment}\n    --reruns 5\n")));
        assert!(silenced(
            ini,
            &format!("# flakeless: ignore-file[{RULE}]\n\n[pytest]\naddopts = --reruns 5\n")
        ));
        assert!(!silenced(ini, &format!("{comment}\n[pytest]\naddopts = --reruns 5\n")));
        assert!(!silenced(ini, "[pytest]\n# flakeless: ignore[other]\naddopts = --reruns 5\n"));
        let table = "[tool.pytest.ini_options]";
        assert!(silenced(toml, &format!("{table}\naddopts = \"--reruns 5\"  {comment}\n")));
        assert!(silenced(toml, &format!("{table}\n{comment}\naddopts = '''\n-q\n--reruns 5'''\n")));
        assert!(!silenced(toml, &format!("{table}\naddopts = '''\n{comment}\n--reruns 5'''\n")));
    }

    #[test]
    fn the_comment_that_is_written_silences() {
        let texts = [
            (ConfigKind::PytestIni, "[pytest]\r\naddopts = -q --reruns 5\r\n"),
            (ConfigKind::ToxIni, "[pytest]\naddopts =\n\t-q\n\t--reruns 5\n"),
            (
                ConfigKind::PyprojectIniOptions,
                "[tool.pytest.ini_options]\naddopts = \"\"\"\n  --reruns 5\n\"\"\"\n",
            ),
            (ConfigKind::PyprojectNative, "tool.pytest.addopts = [\n    \"--reruns 5\",\n]\n"),
        ];
        for (kind, text) in texts {
            let file = ConfigFile { path: "/p/config".into(), kind };
            let fix = ignore(text, &file, &hint(text, "--reruns 5"));
            let after = crate::fix::apply(text, &fix.edits.files()[&file.path]);
            assert!(is_silenced(&after, kind, &hint(&after, "--reruns 5")), "{after}");
            assert_eq!(after.lines().count(), text.lines().count() + 1);
        }
    }
}
