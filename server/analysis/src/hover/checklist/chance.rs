//! "Does it fail randomly?": what chance decides in it, and what tries it again.

use super::super::{mark, place};
use super::{Line, Test};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

const RULES: &[&str] = &[
    "unseeded-random",
    "unordered-comparison",
    "unstable-parametrize",
    "hash-or-address-literal",
    "mismatched-retry-plugin",
];

pub fn line(test: &Test<'_>) -> Line {
    let subject = test.subject;
    let mut line = Line::new("Random failures, retries?", RULES);
    if let Some(node) = subject.body().find(|node| is_random(subject, *node)) {
        line.is_true = true;
        line.say(format!("A random value is drawn at {}.", place::of(subject, subject.code().range(node))));
    }
    for flaky in test.marks.iter().filter(|mark| mark.name == "flaky") {
        line.is_true = true;
        let source = Subject::new(subject.project, &flaky.module, flaky.item);
        let at = place::of(&source, source.code().range(flaky.node));
        line.say(format!("The `flaky` mark at {at} {}", mark::flaky(subject.project, flaky)));
    }
    if !line.is_true && !test.own_hints().any(|hint| RULES.contains(&hint.rule)) {
        line.say("No random value or order was seen in it.");
    }
    if let Some(retries) = mark::configured_retries(subject.project) {
        line.say(retries);
    }
    line
}

fn is_random(subject: &Subject<'_>, node: NodeId) -> bool {
    let NodeKind::Call { func, .. } = subject.code().kind(node) else { return false };
    subject.resolve(*func).is_some_and(|path| {
        let path = path.as_str();
        let is_seed = path.ends_with(".seed") || path.ends_with(".Random") || path.ends_with("default_rng");
        let is_drawn = ["random.", "numpy.random.", "secrets."].iter().any(|module| path.starts_with(module));
        (is_drawn && !is_seed) || matches!(path, "uuid.uuid1" | "uuid.uuid4" | "os.urandom")
    })
}
