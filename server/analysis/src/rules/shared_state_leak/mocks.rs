//! Mocks that the whole module shares and whose calls a test counts: what one run leaves is counted in the next.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::effects::reference::reference;
use crate::project::effects::{Act, Footprint, Phase, Touch, declared_value};
use crate::project::target::Target;

/// Assertions on how often a mock was called in all.
const COUNTING_METHODS: &[&str] = &[
    "assert_called_once",
    "assert_called_once_with",
    "assert_not_called",
    "assert_awaited_once",
    "assert_awaited_once_with",
    "assert_not_awaited",
];

const COUNTING_ATTRIBUTES: &[&str] = &["call_count", "await_count", "call_args_list", "mock_calls"];

const MOCKS: &[&str] = &["Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec"];

/// The first counting of each shared mock that the test has not reset before, as a touch of the mock.
pub fn counted(subject: &Subject<'_>, footprint: &Footprint) -> Vec<Touch> {
    let mut found: Vec<Touch> = Vec::new();
    for node in subject.body().filter(|node| subject.runs_here(*node)) {
        let Some((mock, whole)) = counting(subject, node) else { continue };
        let Some(target) = shared_mock(subject, mock) else { continue };
        let is_known = found.iter().any(|touch| touch.target == target);
        let is_reset = footprint
            .touches
            .iter()
            .any(|touch| touch.node < node && touch.act.renews() && touch.target.covers(&target));
        let is_covered =
            footprint.covers.iter().any(|cover| cover.holds(node) && cover.target.covers(&target));
        if !is_known && !is_reset && !is_covered {
            found.push(Touch::new(target, Act::Update, Phase::Run, whole));
        }
    }
    found
}

/// The mock whose calls an expression counts, and the expression to point at.
fn counting(subject: &Subject<'_>, node: NodeId) -> Option<(NodeId, NodeId)> {
    let code = subject.code();
    let NodeKind::Attribute { value, attr, .. } = code.kind(node) else { return None };
    let parent = code.node(node).parent;
    if COUNTING_METHODS.contains(&attr.as_str()) {
        return matches!(code.kind(parent), NodeKind::Call { .. }).then_some((*value, parent));
    }
    let is_asserted = || {
        code.ancestors(node).any(|outer| match code.kind(outer) {
            NodeKind::Assert { .. } => true,
            NodeKind::Call { func, .. } => {
                matches!(code.kind(*func), NodeKind::Attribute { attr, .. } if attr.starts_with("assert"))
            }
            _ => false,
        })
    };
    (COUNTING_ATTRIBUTES.contains(&attr.as_str()) && is_asserted()).then_some((*value, node))
}

/// The module-level mock of the test's own module that an expression is, or an attribute of.
fn shared_mock(subject: &Subject<'_>, expr: NodeId) -> Option<Target> {
    let reached = reference(subject, expr)?;
    let own = reached.path.strip_prefix(subject.module.name.as_str())?.strip_prefix('.')?;
    let name = own.split('.').next()?;
    let target = Target::attribute(format!("{}.{name}", subject.module.name));
    let (module, item, value) = declared_value(subject, &target)?;
    let source = Subject::new(subject.project, &module, item);
    let callee = source.callee(value)?;
    let (owner, made) = callee.rsplit_once('.')?;
    (MOCKS.contains(&made) && owner.contains("mock")).then_some(target)
}
