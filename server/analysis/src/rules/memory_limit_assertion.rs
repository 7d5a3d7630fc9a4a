//! `memory-limit-assertion`: an assertion that the process, or the machine, keeps to so much memory.

mod bounds;
mod reading;

use crate::evidence::glance;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::assertions::asserts_for_tests;
use crate::project::surroundings::{Surroundings, is_expected_to_fail};
use crate::project::{Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use bounds::{Bound, bounds};
use reading::Holder;

pub struct MemoryLimitAssertion;

impl Rule for MemoryLimitAssertion {
    const META: RuleMeta = RuleMeta {
        name: "memory-limit-assertion",
        summary: "An assertion that the process or the machine keeps to so much memory, whatever else ran in it",
        cause: Cause::Process,
        page: include_str!("memory-limit-assertion.md"),
        on_by_default: false,
        triggers: &[&["memory", "rss", "psutil"], &["<", ">", "assertLess", "assertGreater"]],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::PLAIN);
    type Found = Bound;

    fn find(subject: &Subject<'_>) -> Vec<Bound> {
        if !asserts_for_tests(subject) {
            return Vec::new();
        }
        let mut found: Vec<Bound> = bounds(subject)
            .into_iter()
            .filter(|bound| subject.runs_here(bound.at) && !is_expected_to_fail(subject, bound.at))
            .collect();
        // One statement, one hint.
        found.dedup_by_key(|bound| subject.code().statement_of(bound.at));
        if found.is_empty() {
            return found;
        }
        let surroundings = Surroundings::of(subject);
        let is_replaced = reading::READ_BY.iter().any(|name| surroundings.mocks(name));
        if is_replaced { Vec::new() } else { found }
    }

    fn say(subject: &Subject<'_>, bound: &Bound) -> Said {
        let (what, why) = match bound.holder {
            Holder::Process => (
                "limits what the whole process holds",
                "What is imported, what other tests left, and what Python keeps for later are all in it: it is more behind \
                 other tests, on another platform or with another version of a library.",
            ),
            Holder::Peak => (
                "limits the most that the process ever held",
                "It never falls: one large test that ran before in the process, whatever it gave back, makes this one fail.",
            ),
            Holder::Traced => (
                "limits all that was allocated while `tracemalloc` was on",
                "What the first caller imports, compiles and puts into caches is in it, and what other threads allocate \
                 meanwhile: a test that runs first, or alone, sees more.",
            ),
            Holder::Machine => (
                "depends on how much memory the machine has left",
                "Other programs, and the other workers of the test run, use the same memory.",
            ),
        };
        Said {
            confidence: match bound.holder {
                Holder::Traced => Confidence::Possible,
                _ => Confidence::Likely,
            },
            at: subject.code().range(bound.at),
            what: format!("`{}` {what}.", glance(subject.source(bound.at))),
            why: why.to_owned(),
            todo: match bound.holder {
                Holder::Machine => "Replace the reading by a value of the test, or skip the test where too little is left.",
                // Linux hands the peak on over fork and exec: seen with `subprocess` and `spawn` of Python 3.7 to 3.13.
                Holder::Peak => {
                    "Count what stands for it: objects, bytes written, the size of a buffer. Or run what is measured in a \
                     process of its own and read `VmHWM` in its `/proc/self/status`: on Linux a new process begins with \
                     the `ru_maxrss` of the one that started it."
                }
                _ => {
                    "Run what is measured in a process of its own, or count what stands for it: objects, bytes written, \
                     the size of a buffer."
                }
            }
            .to_owned(),
            related: Vec::new(),
            mitigated_by: None,
        }
    }

    fn fix(_: &Subject<'_>, _: &Bound) -> Vec<Fix> {
        Vec::new()
    }
}
