//! Paths that begin in the working directory and lead to a file of the project.

use std::path::Path;

use crate::facts::arguments::positional;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::fixed_path::{Base, FixedPath};

/// Parts of paths are followed this far.
const MAX_HOPS: u32 = 6;

/// Files that stand in the root of projects.
const OF_ROOTS: &[&str] = &[
    "CHANGELOG.md",
    "CHANGES.rst",
    "LICENSE",
    "README.md",
    "README.rst",
    "package.json",
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "tox.ini",
];

/// A path from the root of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relative {
    /// With `/` between its parts; where only its beginning is known, that.
    pub text: String,
    pub is_whole: bool,
}

/// The path that an expression gives, where it is relative and its first part is a folder of the project with Python files,
/// or it is a file that projects have in their root.
pub fn of_project(subject: &Subject<'_>, path: NodeId) -> Option<Relative> {
    let relative = match subject.fixed_path(path) {
        Some(FixedPath { base: Base::WorkingDirectory, tail }) => Relative { text: tail, is_whole: true },
        Some(_) => return None,
        None => Relative { text: beginning(subject, path, MAX_HOPS)?, is_whole: false },
    };
    let root = &subject.project.root;
    let is_known = match relative.text.split_once('/') {
        Some((first, _)) => is_plain(first) && has_python(subject, &root.join(first)),
        None => relative.is_whole && OF_ROOTS.contains(&relative.text.as_str()),
    };
    is_known.then_some(relative)
}

fn is_plain(first: &str) -> bool {
    !first.is_empty() && !first.starts_with('.') && !first.contains(['{', ':', '*', '%'])
}

fn has_python(subject: &Subject<'_>, folder: &Path) -> bool {
    subject.project.layout.files().any(|file| file.starts_with(folder))
}

/// What a path begins with, where its end is computed: `f"tests/data/{name}"`, `Path("tests") / name`.
fn beginning(subject: &Subject<'_>, path: NodeId, hops: u32) -> Option<String> {
    let hops = hops.checked_sub(1)?;
    let origin = subject.origin(path).followed(subject.project);
    let written = origin.subject(subject.project);
    let folder = |node: NodeId| match written.fixed_path(node) {
        Some(FixedPath { base: Base::WorkingDirectory, tail }) if !tail.is_empty() => {
            Some(format!("{tail}/"))
        }
        Some(_) => None,
        None => beginning(&written, node, hops),
    };
    match origin.kind() {
        NodeKind::FString { template, .. } => {
            let known = template.split_once('{').map_or(template.as_str(), |(known, _)| known);
            let (folder, _) = known.rsplit_once('/')?;
            let is_relative = !folder.starts_with(['/', '~', '{']) && !folder.is_empty();
            is_relative.then(|| format!("{folder}/"))
        }
        NodeKind::Binary { op, left, .. } if op == "/" => folder(*left),
        NodeKind::Binary { op, left, .. } if op == "+" || op == "%" => match written.code().kind(*left) {
            NodeKind::Str(text) if !text.starts_with(['/', '~']) => {
                text.rsplit_once('/').map(|(folder, _)| format!("{folder}/"))
            }
            _ => None,
        },
        NodeKind::Call { args, .. } => match written.callee(origin.node)?.as_str() {
            "os.path.join" if args.len() > 1 => folder(positional(args, 0)?),
            "pathlib.Path" if args.len() > 1 => folder(positional(args, 0)?),
            "pathlib.Path" | "builtins.str" => beginning(&written, positional(args, 0)?, hops),
            _ => None,
        },
        _ => None,
    }
}
