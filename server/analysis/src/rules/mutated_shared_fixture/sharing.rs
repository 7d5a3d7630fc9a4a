//! Whether the value is one container that several tests get.

use std::sync::Arc;

use crate::facts::{BindingKind, NodeId};
use crate::project::Subject;
use crate::project::effects::class_state::makes_container;
use crate::project::fixtures::{Fixture, FixtureScope};

/// The fixture that fills a parameter, if it is wider than one test and makes a list, dict or set in sight.
pub fn shared_container(subject: &Subject<'_>, name: &str) -> Option<Arc<Fixture>> {
    let project = subject.project;
    let fixture = project.fixture(&subject.module, subject.item, name)?;
    if matches!(fixture.scope?, FixtureScope::Function) {
        return None;
    }
    let marks = project.marks(&subject.module, subject.item);
    if marks
        .iter()
        .any(|mark| mark.name == "parametrize" && mark.direct_parameters().iter().any(|it| it == name))
    {
        return None;
    }
    let maker = subject.fixture_subject(name)?;
    let results = maker.results();
    let all_containers = !results.is_empty() && results.iter().all(|value| is_container(&maker, *value));
    all_containers.then_some(fixture)
}

/// A container, or a name that is always bound to one.
fn is_container(maker: &Subject<'_>, value: NodeId) -> bool {
    let Some(name) = maker.code().kind(value).as_name() else { return makes_container(maker, value) };
    let bound = maker.facts.bindings().all(name);
    !bound.is_empty()
        && bound.iter().all(|binding| match binding.kind {
            BindingKind::Value(value) => makes_container(maker, value),
            _ => false,
        })
}

/// Whether another fixture around each test gets the value too: it may clean it.
pub fn is_looked_after(subject: &Subject<'_>, fixture: &Fixture) -> bool {
    let closure = subject.project.closure(&subject.module, subject.item);
    let mut others = closure.iter().filter_map(|closed| closed.fixture.as_ref());
    others.any(|other| other.scope == Some(FixtureScope::Function) && other.requests.contains(&fixture.name))
}
