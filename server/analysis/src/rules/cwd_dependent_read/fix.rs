//! The cure: a path from the test file's own place.

use std::path::{Component, Path};

use super::Found;
use crate::facts::NodeKind;
use crate::fix::{Applicability, Fix};
use crate::fixes::import::{Wanted, ensure_import};
use crate::project::Subject;

/// Puts a path from `__file__` in the place of one that is written at the call.
pub fn from_file(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let code = subject.code();
    let is_written = match code.kind(found.read.path) {
        NodeKind::Str(_) => found.read.takes_objects,
        NodeKind::Call { args, .. } => {
            subject.callee(found.read.path).as_deref() == Some("pathlib.Path")
                && matches!(args.as_ref(), [only] if code.kind(only.value).as_str().is_some())
        }
        _ => false,
    };
    if !is_written || !found.relative.is_whole {
        return None;
    }
    let folder = subject.path().parent()?.strip_prefix(&subject.project.root).ok()?;
    let (name, mut edits) = ensure_import(&subject.module, Wanted::From("pathlib", "Path"))?;
    let mut text = written(&name, folder, &found.relative.text)?;
    let outer = code.kind(code.node(found.read.path).parent);
    if matches!(outer, NodeKind::Attribute { .. } | NodeKind::Binary { .. }) {
        text = format!("({text})");
    }
    edits.push(subject.path(), subject.absolute(code.range(found.read.path)), text);
    Some(Fix::cure("Build the path from this file's own place", Applicability::Suggested, edits))
}

/// `Path(__file__).parent / "data/x.json"` for `tests/data/x.json` in `tests`.
fn written(name: &str, folder: &Path, target: &str) -> Option<String> {
    let own: Vec<&str> = folder
        .components()
        .map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let parts: Vec<&str> = target.split('/').collect();
    if parts.contains(&"..") {
        return None;
    }
    let shared = own.iter().zip(&parts[..parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = match own.len() - shared {
        0 => "parent".to_owned(),
        more => format!("parents[{more}]"),
    };
    Some(format!("{name}(__file__).{up} / \"{}\"", parts[shared..].join("/")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::written;

    #[test]
    fn paths_from_a_files_place() {
        let cases = [
            ("tests", "tests/data/x.json", "P(__file__).parent / \"data/x.json\""),
            ("tests/unit", "tests/data/x.json", "P(__file__).parents[1] / \"data/x.json\""),
            ("", "tests/x.json", "P(__file__).parent / \"tests/x.json\""),
            ("tests/unit", "setup.py", "P(__file__).parents[2] / \"setup.py\""),
        ];
        for (folder, target, expected) in cases {
            assert_eq!(written("P", Path::new(folder), target).as_deref(), Some(expected));
        }
        assert_eq!(written("P", Path::new("tests"), "tests/../x"), None);
    }
}
