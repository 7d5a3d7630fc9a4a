//! `cwd-dependent-read`: a test reads a file of the project by a path relative to the working directory.

mod fix;
mod reads;
mod relative;

use crate::facts::NodeKind;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::fixed_path::{Base, FixedPath};
use crate::project::surroundings::{Surroundings, is_expected_to_fail, is_switched_off};
use crate::project::{Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use reads::{Read, read};
use relative::{Relative, of_project};

pub struct CwdDependentRead;

/// One read; the first of those that read one path.
pub struct Found {
    read: Read,
    relative: Relative,
}

impl Rule for CwdDependentRead {
    const META: RuleMeta = RuleMeta {
        name: "cwd-dependent-read",
        summary: "A test that reads a file of the project by a path relative to the working directory",
        cause: Cause::Environment,
        page: include_str!("cwd-dependent-read.md"),
        on_by_default: false,
        triggers: &[&[
            "open(",
            "read_",
            "load",
            "glob(",
            "iterdir",
            "listdir",
            "scandir",
            "walk(",
            "copy",
            "parse(",
            "imread",
            "fromfile",
            "genfromtxt",
            "run_path",
            "ZipFile",
            "open_file",
        ]],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::STATEMENT);
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        if subject.role.tears_down() {
            return Vec::new();
        }
        let mut found = found(subject);
        if found.is_empty() || is_made_here(subject) || is_asked_for(subject) {
            return Vec::new();
        }
        // What stands around tests does not hold yet while the module is imported.
        if subject.role != Role::Statement {
            let surroundings = Surroundings::of(subject);
            found.retain(|found| !is_hidden(subject, &surroundings, found));
        }
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let text = &found.relative.text;
        let more = if found.relative.is_whole { "" } else { "…" };
        Said {
            confidence: Confidence::Likely,
            at: subject.code().range(found.read.path),
            what: format!("This reads `{text}{more}` by a path relative to the working directory."),
            why: "It is there only where pytest is started in the project's root, and while no other test or fixture has \
                  changed the directory."
                .to_owned(),
            todo: "Build the path from `__file__`, as in `Path(__file__).parent / \"…\"`.".to_owned(),
            related: Vec::new(),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        fix::from_file(subject, found).into_iter().collect()
    }
}

fn found(subject: &Subject<'_>) -> Vec<Found> {
    let code = subject.code();
    let calls = subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }));
    let mut seen = Vec::new();
    calls
        .filter_map(|call| {
            let read = read(subject, call)?;
            let relative = of_project(subject, read.path)?;
            let is_open = subject.runs_here(call)
                && !is_expected_to_fail(subject, call)
                && !is_switched_off(subject, call);
            (is_open && !seen.contains(&relative.text)).then(|| {
                seen.push(relative.text.clone());
                Found { read, relative }
            })
        })
        .collect()
}

/// Whether the path leads to something that the tests make, or to a file system of their own.
fn is_hidden(subject: &Subject<'_>, surroundings: &Surroundings, found: &Found) -> bool {
    let func = match subject.code().kind(found.read.call) {
        NodeKind::Call { func, .. } => subject.code().kind(*func).last_name(),
        _ => None,
    };
    let path = FixedPath { base: Base::WorkingDirectory, tail: found.relative.text.clone() };
    surroundings.hide_relative_paths() || surroundings.make_harmless(&path, func.unwrap_or_default())
}

/// Whether the function skips where the file is not there: it says itself what happens elsewhere.
fn is_asked_for(subject: &Subject<'_>) -> bool {
    let text = subject.text();
    let asks = ["exists(", "is_file(", "isfile(", "is_dir(", "isdir("].iter().any(|word| text.contains(word));
    asks && (text.contains("skip(") || text.contains("skipTest("))
}

/// Whether the function writes files or takes folders away itself: what it reads may be its own.
fn is_made_here(subject: &Subject<'_>) -> bool {
    ["write", "dump(", "makedirs", "mkdir", "save", "rmtree", "unlink", "os.remove", "to_csv", "touch("]
        .iter()
        .any(|word| subject.text().contains(word))
}
