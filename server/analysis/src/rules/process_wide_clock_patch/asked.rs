//! Exact questions to what stands in for a sleep.

use crate::facts::code::{Clause, CompareOp};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::assertions::is_asserted;
use crate::project::handoff::local_function;
use crate::project::mock_assertions::{MockAssertion, mock_assertions};
use crate::project::mocks::mock_at;
use crate::project::patches::{Replacement, replacement};

/// What is replaced for all, where it is looked up in its module.
const SLEEPS: &[&str] = &["time.sleep", "asyncio.sleep"];

/// An assertion that fails where anybody else sleeps, too.
pub struct Asked {
    pub at: NodeId,
    pub path: &'static str,
}

/// Words of tests that tell the calls of one thread from those of another.
const TELLING_APART: &[&str] =
    &["get_ident", "current_thread", "get_native_id", "main_thread", "current_task"];

pub fn tells_threads_apart(text: &str) -> bool {
    TELLING_APART.iter().any(|word| text.contains(word))
}

pub fn questions(subject: &Subject<'_>) -> Vec<Asked> {
    let asserted = mock_assertions(subject);
    let mut found: Vec<Asked> = asserted.iter().filter_map(|asked| of_mock(subject, asked)).collect();
    found.extend(of_lists(subject));
    found.sort_by_key(|asked| asked.at);
    found.dedup_by_key(|asked| subject.code().statement_of(asked.at));
    found
}

fn of_mock(subject: &Subject<'_>, asked: &MockAssertion) -> Option<Asked> {
    let is_exact = match asked.asks.as_str() {
        "assert_called_once" | "assert_called_once_with" | "assert_not_called" => true,
        "assert_awaited_once" | "assert_awaited_once_with" | "assert_not_awaited" => true,
        // The last call may be anybody's.
        "assert_called_with" | "assert_awaited_with" => true,
        "called" => asked.is_negative,
        "call_count" | "await_count" | "call_args" | "await_args" => is_exact(subject, asked.node),
        "call_args_list" | "await_args_list" | "mock_calls" => is_exact(subject, asked.node),
        _ => false,
    };
    let path = if is_exact { replaced(subject, asked.mock)? } else { return None };
    Some(Asked { at: asked.node, path })
}

/// The sleep that a mock took the place of in its own module.
fn replaced(subject: &Subject<'_>, mock: NodeId) -> Option<&'static str> {
    let mock = mock_at(subject, mock)?;
    of_module(mock.owner.as_deref(), mock.replaces.as_deref())
}

fn of_module(owner: Option<&str>, path: Option<&str>) -> Option<&'static str> {
    let path = *SLEEPS.iter().find(|known| Some(**known) == path)?;
    let (module, _) = path.rsplit_once('.')?;
    (owner == Some(module)).then_some(path)
}

/// Assertions on a list that what was put in the sleep's place fills, or that was made of all its calls.
fn of_lists(subject: &Subject<'_>) -> Vec<Asked> {
    let code = subject.code();
    let own = || subject.body().filter(|node| subject.runs_here(*node));
    let filled = own().filter_map(|node| recorder(subject, node));
    let lists: Vec<(String, &'static str)> =
        filled.chain(own().filter_map(|node| copied(subject, node))).collect();
    if lists.is_empty() {
        return Vec::new();
    }
    let of_list = |node: NodeId| {
        let name = code.kind(node).as_name()?;
        let (_, path) = lists.iter().find(|(list, _)| list == name)?;
        is_exact(subject, node).then_some(Asked { at: node, path })
    };
    own().filter_map(of_list).collect()
}

/// The list that `monkeypatch.setattr(time, "sleep", slept.append)` fills.
fn recorder(subject: &Subject<'_>, call: NodeId) -> Option<(String, &'static str)> {
    let replacement = replacement(&subject.scope(), call)?;
    let path = of_module(replacement.owner.as_deref(), replacement.path.as_deref())?;
    let stand_in = replacement.new.or_else(|| side_effect(subject, call, &replacement))?;
    let code = subject.code();
    let body = match code.kind(stand_in) {
        NodeKind::Attribute { value, attr, .. } if attr == "append" => {
            return code.dotted(*value).map(|list| (list, path));
        }
        NodeKind::Lambda { body, .. } => *body,
        _ => local_function(subject, stand_in)?,
    };
    let list = code.subtree(body).find_map(|node| match code.kind(node) {
        NodeKind::Attribute { value, attr, .. } if attr == "append" => code.dotted(*value),
        _ => None,
    })?;
    Some((list, path))
}

fn side_effect(subject: &Subject<'_>, call: NodeId, replacement: &Replacement) -> Option<NodeId> {
    let NodeKind::Call { args, .. } = subject.code().kind(call) else { return None };
    let given = crate::facts::arguments::argument(args, usize::MAX, "side_effect");
    given.filter(|_| replacement.new.is_none())
}

/// `delays = [call.args[0] for call in sleep.call_args_list]`: of every call, with no condition.
fn copied(subject: &Subject<'_>, node: NodeId) -> Option<(String, &'static str)> {
    let code = subject.code();
    let NodeKind::Assign { targets, value } = code.kind(node) else { return None };
    let [target] = &**targets else { return None };
    let list = code.kind(*target).as_name()?.to_owned();
    let (calls, mock) = code.subtree(*value).find_map(|part| match code.kind(part) {
        NodeKind::Attribute { value, attr, .. } => {
            matches!(attr.as_str(), "call_args_list" | "await_args_list" | "mock_calls")
                .then_some((part, *value))
        }
        _ => None,
    })?;
    let picks = |outer: NodeId| match code.kind(outer) {
        NodeKind::Comprehension { clauses, .. } => {
            clauses.iter().any(|clause| matches!(clause, Clause::If(_)))
        }
        NodeKind::Subscript { value, .. } => code.is_within(calls, *value),
        _ => false,
    };
    let is_picked = code.ancestors(calls).take_while(|outer| *outer != node).any(picks);
    if is_picked { None } else { Some((list, replaced(subject, mock)?)) }
}

/// Whether an assertion on a node fails with one more of it.
fn is_exact(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let mut inner = node;
    for outer in code.ancestors(node) {
        match code.kind(outer) {
            NodeKind::Compare { left, rest } => {
                let [(op, _)] = &**rest else { return false };
                let is_bounded = match op {
                    CompareOp::Eq | CompareOp::Is => true,
                    CompareOp::Lt | CompareOp::LtE => *left == inner,
                    CompareOp::Gt | CompareOp::GtE => *left != inner,
                    _ => false,
                };
                return is_bounded && is_asserted(subject, outer);
            }
            NodeKind::Unary { op, .. } => return op == "not" && is_asserted(subject, outer),
            NodeKind::Call { func, args } if *func != inner => match code.kind(*func).last_name() {
                Some("len" | "list" | "sorted" | "sum" | "tuple" | "max") => {}
                Some("assertLess" | "assertLessEqual") => {
                    return args.first().is_some_and(|first| first.value == inner);
                }
                Some(
                    "assertEqual"
                    | "assertEquals"
                    | "assertListEqual"
                    | "assertSequenceEqual"
                    | "assertFalse"
                    | "assertCountEqual",
                ) => return true,
                _ => return false,
            },
            NodeKind::Subscript { .. } | NodeKind::Attribute { .. } => {}
            _ => return false,
        }
        inner = outer;
    }
    false
}
