//! "Does it use async mocks?"

use super::super::place;
use super::{Line, Test};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::mock_assertions::mock_assertions;

const RULE: &str = "async-mock-assertion";

pub fn line(test: &Test<'_>) -> Line {
    let subject = test.subject;
    let mut line = Line::new("Async mocks?", &[RULE]);
    let Some(mock) = first_mock(subject) else {
        line.say("No mock is made in it.");
        return line;
    };
    let at = place::of(subject, subject.code().range(mock));
    if !subject.function().is_some_and(|function| function.is_async) {
        line.say(format!("The mock at {at} is in a synchronous test."));
        return line;
    }
    line.is_true = true;
    let asserted = mock_assertions(subject).first().map(|found| subject.code().range(found.node));
    let Some(asserted) = asserted.map(|range| place::of(subject, range)) else {
        line.say(format!("The mock at {at} is never asked for its calls."));
        return line;
    };
    line.say(format!("The mock at {at} is asked for its calls at {asserted}."));
    let is_judged = subject.project.settings.enabled(RULE, subject.path());
    if is_judged && !test.own_hints().any(|hint| hint.rule == RULE) {
        line.say("No work was seen that is handed off between the call and that.");
    }
    line.say(
        "Running it alone would change nothing: a mock lives in one process, and workers of pytest-xdist are processes.",
    );
    line
}

/// The first place that makes a mock or patches, decorators included.
fn first_mock(subject: &Subject<'_>) -> Option<NodeId> {
    let code = subject.code();
    (0..code.nodes.len() as u32).map(NodeId).find(|node| makes_mock(subject, *node))
}

fn makes_mock(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(node) else { return false };
    if let Some(path) = subject.resolve(*func) {
        return path.starts_with("unittest.mock.") || path.starts_with("mock.");
    }
    let dotted = code.dotted(*func).unwrap_or_default();
    let receiver = dotted.split('.').next().unwrap_or_default();
    receiver.ends_with("mocker") && subject.requests(receiver) && dotted != format!("{receiver}.stopall")
}
