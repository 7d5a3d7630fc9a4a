//! Where a test asks a mock how it was called.
//!
//! The names are those of `unittest.mock` (its documentation, "The Mock class" and "AsyncMock").

use smol_str::SmolStr;

use super::Subject;
use super::mocks::is_mock;
use crate::facts::code::CompareOp;
use crate::facts::{Code, NodeId, NodeKind};

/// What an assertion counts. A mock is called where its coroutine is made, and awaited where that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counts {
    Calls,
    Awaits,
}

/// One question to a mock.
#[derive(Clone, Debug, PartialEq)]
pub struct MockAssertion {
    /// `mock.assert_called_once()`, `mock.call_count`.
    pub node: NodeId,
    pub mock: NodeId,
    /// `assert_called_once`, `call_count`.
    pub asks: SmolStr,
    pub statement: NodeId,
    pub counts: Counts,
    /// It holds only while there was no call.
    pub is_negative: bool,
    /// How many calls it needs, as far as that is written down; 1 if not.
    pub needs: u32,
}

const CALLED: &[&str] = &[
    "assert_called",
    "assert_called_once",
    "assert_called_with",
    "assert_called_once_with",
    "assert_any_call",
    "assert_has_calls",
    "assert_not_called",
];

const AWAITED: &[&str] = &[
    "assert_awaited",
    "assert_awaited_once",
    "assert_awaited_with",
    "assert_awaited_once_with",
    "assert_any_await",
    "assert_has_awaits",
    "assert_not_awaited",
];

const CALL_RECORDS: &[&str] =
    &["called", "call_count", "call_args", "call_args_list", "mock_calls", "method_calls"];

const AWAIT_RECORDS: &[&str] = &["await_count", "await_args", "await_args_list"];

/// Words of which one stands in every item that asks a mock.
pub const WORDS: &[&str] = &[
    "assert_called",
    "assert_any_",
    "assert_has_",
    "assert_not_",
    "assert_awaited",
    ".called",
    "call_count",
    "call_args",
    "mock_calls",
    "method_calls",
    "await_count",
    "await_args",
];

/// The questions in the subject's own function, in source order.
pub fn mock_assertions(subject: &Subject<'_>) -> Vec<MockAssertion> {
    subject
        .body()
        .filter(|node| subject.runs_here(*node))
        .filter_map(|node| assertion(subject, node))
        .collect()
}

fn assertion(subject: &Subject<'_>, node: NodeId) -> Option<MockAssertion> {
    let code = subject.code();
    match code.kind(node) {
        NodeKind::Call { func, args } => {
            let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
            let counts = method(attr)?;
            let listed = args.first().map(|first| code.kind(first.value));
            let needs = match listed {
                Some(NodeKind::List(calls)) if attr.starts_with("assert_has") => calls.len() as u32,
                _ => 1,
            };
            Some(MockAssertion {
                node,
                mock: *value,
                asks: attr.clone(),
                statement: code.statement_of(node),
                counts,
                is_negative: attr.starts_with("assert_not_"),
                needs: needs.max(1),
            })
        }
        NodeKind::Attribute { value, attr, .. } => record(subject, node, *value, attr),
        _ => None,
    }
}

fn method(attr: &str) -> Option<Counts> {
    if CALLED.contains(&attr) {
        return Some(Counts::Calls);
    }
    AWAITED.contains(&attr).then_some(Counts::Awaits)
}

/// `mock.call_count` and its like, where a statement asserts on it or needs that there was a call.
fn record(subject: &Subject<'_>, node: NodeId, mock: NodeId, attr: &SmolStr) -> Option<MockAssertion> {
    let counts = match () {
        () if CALL_RECORDS.contains(&attr.as_str()) => Counts::Calls,
        () if AWAIT_RECORDS.contains(&attr.as_str()) => Counts::Awaits,
        () => return None,
    };
    let code = subject.code();
    let statement = code.statement_of(node);
    let asserts = match code.kind(statement) {
        NodeKind::Assert { test, .. } => code.is_within(node, *test),
        NodeKind::Expr(_) => is_inside_assert_method(code, node),
        NodeKind::Assign { .. } => attr.ends_with("_args") && is_taken_apart(code, node),
        _ => false,
    };
    if !asserts || !is_mock(subject, mock) {
        return None;
    }
    let (is_negative, needs) = expectation(code, node, statement);
    Some(MockAssertion { node, mock, asks: attr.clone(), statement, counts, is_negative, needs })
}

/// Inside the arguments of `self.assertEqual(…)` and its like.
fn is_inside_assert_method(code: &Code, node: NodeId) -> bool {
    code.ancestors(node).any(|outer| {
        let NodeKind::Call { func, .. } = code.kind(outer) else { return false };
        let name = match code.kind(*func) {
            NodeKind::Attribute { attr, .. } => attr,
            NodeKind::Name(name) => name,
            _ => return false,
        };
        name.starts_with("assert") && !code.is_within(node, *func)
    })
}

/// `mock.call_args[0]`, `mock.call_args.args`, `args, kwargs = mock.call_args`: an error where there was no call.
fn is_taken_apart(code: &Code, node: NodeId) -> bool {
    match code.kind(code.node(node).parent) {
        NodeKind::Subscript { value, .. } | NodeKind::Attribute { value, .. } => *value == node,
        NodeKind::Assign { targets, .. } => {
            targets.iter().any(|target| matches!(code.kind(*target), NodeKind::Tuple(_)))
        }
        _ => false,
    }
}

/// Whether a record is asserted to be empty, and else how many calls it needs.
fn expectation(code: &Code, node: NodeId, statement: NodeId) -> (bool, u32) {
    for outer in code.ancestors(node).take_while(|outer| *outer != statement) {
        match code.kind(outer) {
            NodeKind::Unary { op, .. } if op == "not" => return (true, 1),
            NodeKind::Compare { left, rest } => {
                let [(op, right)] = &**rest else { return (false, 1) };
                let other = if code.is_within(node, *left) { *right } else { *left };
                return compared(code, *op, other);
            }
            NodeKind::Call { func, args } if !code.is_within(node, *func) => {
                let NodeKind::Attribute { attr, .. } = code.kind(*func) else { continue };
                match attr.as_str() {
                    "assertFalse" | "assertIsNone" => return (true, 1),
                    "assertEqual" | "assertListEqual" | "assertIs" | "assertSequenceEqual" => {
                        let other = args.iter().map(|a| a.value).find(|value| !code.is_within(node, *value));
                        return other.map_or((false, 1), |other| compared(code, CompareOp::Eq, other));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    (false, 1)
}

fn compared(code: &Code, op: CompareOp, other: NodeId) -> (bool, u32) {
    let empty = match code.kind(other) {
        NodeKind::Int(Some(0)) | NodeKind::Bool(false) | NodeKind::None => true,
        NodeKind::List(items) => items.is_empty(),
        _ => false,
    };
    let count = match code.kind(other) {
        NodeKind::Int(Some(count)) => u32::try_from(*count).unwrap_or(1),
        NodeKind::List(items) => items.len() as u32,
        _ => 1,
    };
    match op {
        CompareOp::Eq | CompareOp::Is => (empty, count.max(1)),
        CompareOp::GtE => (false, count.max(1)),
        CompareOp::Gt => (false, count.saturating_add(1)),
        CompareOp::Lt | CompareOp::LtE => (true, 1),
        _ => (false, 1),
    }
}
