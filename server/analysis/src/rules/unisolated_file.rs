//! `unisolated-file`: a test writes, creates, renames or deletes at a path that every run shares.

mod operations;
mod tmp_path;

use std::collections::BTreeSet;

use crate::facts::{NodeId, NodeKind};
use crate::fix::Fix;
use crate::fixes::no_parallel;
use crate::hint::Confidence;
use crate::project::fixed_path::{Base, FixedPath};
use crate::project::surroundings::{
    Surroundings, is_expected_to_fail, is_for_missing_function, is_switched_off,
};
use crate::project::{Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};
use operations::{DELETES, Operation, operation};

pub struct UnisolatedFile;

/// A path that the item changes: the first of those with one top directory.
pub struct Found {
    operation: Operation,
    target: Target,
}

enum Target {
    Fixed(FixedPath),
    /// `tempfile.mktemp`: a name that another process may take first.
    Raced,
}

impl Rule for UnisolatedFile {
    const META: RuleMeta = RuleMeta {
        name: "unisolated-file",
        summary: "A test writes, creates, renames or deletes a file at a path that every run shares",
        cause: Cause::StateOutside,
        page: include_str!("unisolated-file.md"),
        on_by_default: true,
        triggers: &[&[
            "open(",
            "ZipFile",
            "TarFile",
            "FileHandler",
            "mkdir",
            "makedirs",
            "mkfifo",
            "mknod",
            "remove",
            "unlink",
            "rmdir",
            "rmtree",
            "truncate",
            "chmod",
            "utime",
            "rename",
            "replace",
            "symlink",
            "link",
            "copy",
            "move",
            "make_archive",
            "connect(",
            "save",
            "dump",
            "write_",
            "touch",
            "to_",
            "tofile",
            "mktemp",
            "File(",
        ]],
    };
    const ROLES: Roles = Roles::RUN;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let code = subject.code();
        let mut surroundings = None;
        let mut found = Vec::new();
        for call in subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Call { .. })) {
            let Some(operation) = operation(subject, call) else { continue };
            if !subject.runs_here(call)
                || is_expected_to_fail(subject, call)
                || is_switched_off(subject, call)
                || is_for_missing_function(subject, call)
            {
                continue;
            }
            let Some(path) = operation.path else {
                if is_meant_to_be_missing(subject, call) {
                    continue;
                }
                found.push(Found { operation, target: Target::Raced });
                continue;
            };
            let Some(fixed) = subject.fixed_path(path).filter(is_a_file) else { continue };
            let surroundings = surroundings.get_or_insert_with(|| Surroundings::of(subject));
            if !surroundings.make_harmless(&fixed, &operation.function)
                && !is_redirected(subject, path, surroundings)
            {
                found.push(Found { operation, target: Target::Fixed(fixed) });
            }
        }
        // What is deleted beside a write is the clean-up of that write.
        if found.iter().any(|found| found.operation.deed != DELETES) {
            found.retain(|found| found.operation.deed != DELETES);
        }
        let mut seen = BTreeSet::new();
        found.retain(|found| match &found.target {
            Target::Fixed(path) => seen.insert(path.top()),
            Target::Raced => true,
        });
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let at = subject.code().range(found.operation.path.unwrap_or(found.operation.call));
        let (what, why) = match &found.target {
            Target::Fixed(path) => (
                format!(
                    "This {} `{}`, a path that is the same in every run.",
                    found.operation.deed,
                    path.shown()
                ),
                why(path).to_owned(),
            ),
            Target::Raced => (
                "`tempfile.mktemp()` only makes up a name; the file is not created.".to_owned(),
                "Another process can take the name before this test does.".to_owned(),
            ),
        };
        let todo = match subject.is_test_case() {
            true => "Use a directory from `tempfile.TemporaryDirectory()` that the test cleans up.",
            false => "Use the `tmp_path` fixture, which gives each test a directory of its own.",
        };
        Said {
            confidence: Confidence::Likely,
            at,
            what,
            why,
            todo: todo.to_owned(),
            related: Vec::new(),
            mitigated_by: subject.no_parallel_mark().map(|mark| format!("`{mark}`")),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        let cure = match &found.target {
            Target::Fixed(path) => tmp_path::rewrite(subject, path),
            Target::Raced => tmp_path::replace_mktemp(subject, found.operation.call),
        };
        cure.into_iter().chain(no_parallel::mark(subject).ok()).collect()
    }
}

fn why(path: &FixedPath) -> &'static str {
    match path.base {
        Base::WorkingDirectory => {
            "It lies where pytest was started, so parallel workers and leftovers of an earlier run meet there."
        }
        Base::Source => {
            "It lies in the source tree, so parallel workers and leftovers of an earlier run meet there."
        }
        Base::Root | Base::TemporaryDirectory | Base::Home => {
            "Parallel workers, other jobs on the machine and leftovers of an earlier run meet there."
        }
    }
}

/// Whether a name that the path is made of is replaced around the test, as `CONFIG_FILE` by a fixture.
fn is_redirected(subject: &Subject<'_>, path: NodeId, surroundings: &Surroundings) -> bool {
    let code = subject.code();
    code.subtree(path).any(|part| match code.kind(part) {
        NodeKind::Name(name) | NodeKind::Attribute { attr: name, .. } => surroundings.mocks(name),
        _ => false,
    })
}

/// Whether a made-up name is only used where the test expects a failure: nothing is ever to stand there.
fn is_meant_to_be_missing(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::Assign { targets, .. } = code.kind(code.node(call).parent) else { return false };
    let [target] = &**targets else { return false };
    let Some(name) = code.kind(*target).as_name() else { return false };
    let mut uses =
        subject.body().filter(|node| node != target && code.kind(*node).as_name() == Some(name)).peekable();
    uses.peek().is_some() && uses.all(|used| is_expected_to_fail(subject, used))
}

/// In-memory databases, URLs and bare directories are no files that could collide.
fn is_a_file(path: &FixedPath) -> bool {
    let first = path.tail.split('/').next().unwrap_or_default();
    !first.is_empty() && first != ":memory:" && !first.contains(':')
}
