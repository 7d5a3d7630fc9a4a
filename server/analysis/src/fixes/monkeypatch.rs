//! Rewrites writes of a test or fixture to `monkeypatch`, which undoes them when the test is over.
//!
//! Preconditions: `pytest-facts.md`, B, "write → `monkeypatch`".

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::fix::Edits;
use crate::project::effects::{Touch, is_declared};
use crate::project::target::Target;
use crate::project::{FixtureScope, Role, Subject};
use crate::text::TextRange;

use super::depth::deepest;
use super::in_place::{ContainerKind, Declared, declared_kind, fresh_copy};
use super::parameter::add_fixture_parameter;
use super::put_back::{is_clean_up, is_seen_after};
use super::statement::deletion;

/// Rewrites all touches of one target; `restore` is the later statement that puts the old value back, which goes if
/// nothing after it sees the difference. `None` if one of them has no form with `monkeypatch`.
pub fn with_monkeypatch(
    subject: &Subject<'_>,
    target: &Target,
    touches: &[Touch],
    restore: Option<NodeId>,
) -> Option<Edits> {
    if !gets_monkeypatch(subject) || is_clean_up(subject, target, touches) {
        return None;
    }
    let mut edits = add_fixture_parameter(subject, "monkeypatch")?;
    let mut copied = false;
    for touch in touches {
        if touch.origin.is_some()
            || !subject.runs_here(touch.node)
            || is_write_under_test(subject, touch.node)
        {
            return None;
        }
        if Some(touch.node) == restore && !is_seen_after(subject, touch.node, touches) {
            edits.merge(deletion(subject, touch.node)?);
            if let Some(saving) = saving_of(subject, touch) {
                edits.merge(deletion(subject, saving).unwrap_or_default());
            }
            continue;
        }
        match rewritten(subject, target, touch.node) {
            Some((range, text)) => edits.push(subject.path(), subject.absolute(range), text),
            // A change in place stays as it is, on a copy that is put there before the first one.
            None if copied => {}
            None => {
                edits.merge(fresh_copy(subject, target, touch, deepest(subject, touches))?);
                copied = true;
            }
        }
    }
    Some(edits)
}

/// Whether the write itself is expected to raise or warn: done by `monkeypatch`, and undone, it would do more.
fn is_write_under_test(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let expects = |context: NodeId| {
        subject.callee(context).is_some_and(|path| {
            matches!(path.as_str(), "pytest.raises" | "pytest.warns" | "pytest.deprecated_call")
        })
    };
    code.ancestors(node).any(|outer| match code.kind(outer) {
        NodeKind::With { items, .. } => items.iter().any(|item| expects(item.context)),
        _ => false,
    })
}

/// The statement `saved = config.DEBUG` of a restore `config.DEBUG = saved` that alone uses the name.
fn saving_of(subject: &Subject<'_>, restore: &Touch) -> Option<NodeId> {
    let code = subject.code();
    let name = code.kind(restore.value?).as_name()?;
    let mut uses = subject.body().filter(|node| code.kind(*node).as_name() == Some(name));
    let (Some(binding), Some(_), None) = (uses.next(), uses.next(), uses.next()) else { return None };
    let statement = code.node(binding).parent;
    match code.kind(statement) {
        NodeKind::Assign { targets, value } if targets[..] == [binding] => {
            let is_plain = code.subtree(*value).all(|node| {
                matches!(
                    code.kind(node),
                    NodeKind::Name(_)
                        | NodeKind::Attribute { .. }
                        | NodeKind::Subscript { .. }
                        | NodeKind::Str(_)
                )
            });
            is_plain.then_some(statement)
        }
        _ => None,
    }
}

/// Whether the subject may ask for the function-scoped `monkeypatch`.
fn gets_monkeypatch(subject: &Subject<'_>) -> bool {
    let project = subject.project;
    let is_narrow = match subject.role {
        Role::Test => !subject.is_test_case(),
        Role::Fixture => {
            subject.as_fixture().is_some_and(|fixture| fixture.scope == Some(FixtureScope::Function))
        }
        _ => false,
    };
    is_narrow && project.fixture(&subject.module, subject.item, "monkeypatch").is_none()
}

/// The range of a write and the call of `monkeypatch` that does the same. `None` if it has no such form.
pub fn rewritten(subject: &Subject<'_>, target: &Target, node: NodeId) -> Option<(TextRange, String)> {
    let code = subject.code();
    let text = match code.kind(node) {
        NodeKind::Assign { targets, value } => {
            let [only] = **targets else { return None };
            assigned(subject, target, only, &argument(subject, *value))?
        }
        NodeKind::AnnAssign { target: only, value: Some(value), .. } => {
            assigned(subject, target, *only, &argument(subject, *value))?
        }
        NodeKind::AugAssign { target: only, op, value } => {
            let sum = format!(
                "{} {} {}",
                subject.source(*only),
                op.trim_end_matches('='),
                operand(subject, *value)
            );
            assigned(subject, target, *only, &sum)?
        }
        NodeKind::Delete(targets) => {
            let [only] = **targets else { return None };
            deleted(subject, target, only)?
        }
        NodeKind::Call { func, args } => {
            let is_statement = matches!(code.kind(code.node(node).parent), NodeKind::Expr(_));
            if !is_statement {
                return None;
            }
            called(subject, target, node, *func, args)?
        }
        _ => return None,
    };
    Some((code.range(node), text))
}

fn assigned(subject: &Subject<'_>, target: &Target, written: NodeId, value: &str) -> Option<String> {
    let code = subject.code();
    match code.kind(written) {
        NodeKind::Attribute { value: owner, attr, .. } => {
            let exists = is_declared(subject, target) || is_read_before(subject, written);
            let raising = if exists { "" } else { ", raising=False" };
            Some(format!("monkeypatch.setattr({}, \"{attr}\", {value}{raising})", subject.source(*owner)))
        }
        NodeKind::Subscript { index, .. } if matches!(code.kind(*index), NodeKind::Slice { .. }) => None,
        NodeKind::Subscript { value: container, index } => {
            let is_mapping = has_mapping_methods(subject, target, *container, *index);
            let (container, key) = (subject.source(*container), subject.source(*index));
            Some(match target {
                Target::Environ(_) => format!("monkeypatch.setenv({key}, {value})"),
                _ if !is_mapping => return None,
                _ => format!("monkeypatch.setitem({container}, {key}, {value})"),
            })
        }
        NodeKind::Name(name) => Some(format!("monkeypatch.setitem(globals(), \"{name}\", {value})")),
        _ => None,
    }
}

/// Whether the function read the attribute before it wrote it, so that it is there.
fn is_read_before(subject: &Subject<'_>, written: NodeId) -> bool {
    let code = subject.code();
    let source = subject.source(written);
    subject.body().take_while(|node| *node < written).any(|node| {
        let parent = code.kind(code.node(node).parent);
        matches!(code.kind(node), NodeKind::Attribute { .. })
            && matches!(parent, NodeKind::Assign { value, .. } if *value == node)
            && subject.runs_here(node)
            && subject.source(node) == source
    })
}

/// Whether `monkeypatch` can change an entry of the container: it calls `get` on it.
fn has_mapping_methods(subject: &Subject<'_>, target: &Target, container: NodeId, index: NodeId) -> bool {
    let code = subject.code();
    let is_named_entry = code.kind(index).as_str().is_some();
    if matches!(target, Target::SysModules(_)) {
        return true;
    }
    if matches!(code.kind(container), NodeKind::Subscript { .. }) {
        return is_named_entry;
    }
    match declared_kind(subject, target) {
        Declared::As(kind) => kind == ContainerKind::Dict,
        Declared::Otherwise => false,
        Declared::Unseen => is_named_entry,
    }
}

fn deleted(subject: &Subject<'_>, target: &Target, written: NodeId) -> Option<String> {
    let code = subject.code();
    match code.kind(written) {
        NodeKind::Attribute { value: owner, attr, .. } => {
            Some(format!("monkeypatch.delattr({}, \"{attr}\")", subject.source(*owner)))
        }
        NodeKind::Subscript { value: container, index } => {
            let is_mapping = has_mapping_methods(subject, target, *container, *index);
            let (container, key) = (subject.source(*container), subject.source(*index));
            Some(match target {
                Target::Environ(_) => format!("monkeypatch.delenv({key})"),
                _ if !is_mapping => return None,
                _ => format!("monkeypatch.delitem({container}, {key})"),
            })
        }
        _ => None,
    }
}

fn called(
    subject: &Subject<'_>,
    target: &Target,
    call: NodeId,
    func: NodeId,
    args: &[Argument],
) -> Option<String> {
    let source = |argument: &Argument| subject.source(argument.value);
    if args.iter().any(|argument| matches!(argument.kind, ArgumentKind::Star | ArgumentKind::DoubleStar)) {
        return None;
    }
    match (subject.resolve(func).as_deref(), args) {
        (Some("os.chdir"), [to]) => return Some(format!("monkeypatch.chdir({})", source(to))),
        (Some("os.putenv"), [name, value]) => {
            return Some(format!("monkeypatch.setenv({}, {})", source(name), source(value)));
        }
        (Some("os.unsetenv"), [name]) => {
            return Some(format!("monkeypatch.delenv({}, raising=False)", source(name)));
        }
        (Some("builtins.setattr"), [owner, name, value]) => {
            let raising = if is_declared(subject, target) { "" } else { ", raising=False" };
            return Some(format!(
                "monkeypatch.setattr({}, {}, {}{raising})",
                source(owner),
                source(name),
                source(value)
            ));
        }
        (Some("builtins.delattr"), [owner, name]) => {
            return Some(format!("monkeypatch.delattr({}, {})", source(owner), source(name)));
        }
        _ => {}
    }
    let NodeKind::Attribute { value: owner, attr, .. } = subject.code().kind(func) else { return None };
    match target {
        Target::Cwd if attr == "chdir" => Some(format!("monkeypatch.chdir({})", subject.source(*owner))),
        Target::SysPath => on_sys_path(subject, attr, args),
        Target::Environ(_) => on_environ(subject, call, attr, args),
        Target::SysModules(_) | Target::Attribute { .. } => on_container(subject, target, *owner, attr, args),
        _ => None,
    }
}

fn on_sys_path(subject: &Subject<'_>, method: &str, args: &[Argument]) -> Option<String> {
    let source = |argument: &Argument| subject.source(argument.value);
    match (method, args) {
        ("insert", [at, path]) if *subject.code().kind(at.value) == NodeKind::Int(Some(0)) => {
            Some(format!("monkeypatch.syspath_prepend({})", source(path)))
        }
        ("append", [path]) => {
            Some(format!("monkeypatch.setattr(sys, \"path\", [*sys.path, {}])", source(path)))
        }
        ("extend", [paths]) => {
            Some(format!("monkeypatch.setattr(sys, \"path\", [*sys.path, *{}])", source(paths)))
        }
        _ => None,
    }
    .filter(|text| !text.contains("(sys,") || subject.module.file.scope().get("sys").len() == 1)
}

fn on_environ(subject: &Subject<'_>, call: NodeId, method: &str, args: &[Argument]) -> Option<String> {
    let source = |argument: &Argument| subject.source(argument.value);
    match (method, args) {
        ("pop", [name]) => Some(format!("monkeypatch.delenv({})", source(name))),
        ("pop", [name, _]) => Some(format!("monkeypatch.delenv({}, raising=False)", source(name))),
        ("setdefault" | "__setitem__", [name, value]) => {
            let value = match method {
                "setdefault" => format!("os.environ.get({}, {})", source(name), source(value)),
                _ => source(value).to_owned(),
            };
            Some(format!("monkeypatch.setenv({}, {value})", source(name)))
        }
        ("update", args) => {
            let mut pairs: Vec<(String, String)> = Vec::new();
            for argument in args {
                match (&argument.kind, subject.code().kind(argument.value)) {
                    (ArgumentKind::Keyword(name), _) => {
                        pairs.push((format!("\"{name}\""), source(argument).to_owned()));
                    }
                    (_, NodeKind::Dict(entries)) => {
                        for (key, value) in entries {
                            pairs.push((
                                subject.source((*key)?).to_owned(),
                                subject.source(*value).to_owned(),
                            ));
                        }
                    }
                    _ => return None,
                }
            }
            let calls: Vec<String> = pairs
                .into_iter()
                .map(|(name, value)| format!("monkeypatch.setenv({name}, {value})"))
                .collect();
            let separator = format!("{}{}", subject.newline(), super::statement::indentation(subject, call)?);
            (!calls.is_empty()).then(|| calls.join(&separator))
        }
        _ => None,
    }
}

fn on_container(
    subject: &Subject<'_>,
    target: &Target,
    owner: NodeId,
    method: &str,
    args: &[Argument],
) -> Option<String> {
    let is_mapping = matches!(target, Target::SysModules(_)) || super::in_place::is_mapping(subject, target);
    if !is_mapping {
        return None;
    }
    let container = subject.source(owner);
    let source = |argument: &Argument| subject.source(argument.value);
    match (method, args) {
        ("pop" | "__delitem__", [key]) => Some(format!("monkeypatch.delitem({container}, {})", source(key))),
        ("pop", [key, _]) => {
            Some(format!("monkeypatch.delitem({container}, {}, raising=False)", source(key)))
        }
        ("__setitem__", [key, value]) => {
            Some(format!("monkeypatch.setitem({container}, {}, {})", source(key), source(value)))
        }
        _ => None,
    }
}

/// The source of a value as an argument of a call.
fn argument(subject: &Subject<'_>, value: NodeId) -> String {
    let source = subject.source(value);
    match subject.code().kind(value) {
        NodeKind::Tuple(_) if !source.starts_with('(') => format!("({source})"),
        NodeKind::Yield { .. } | NodeKind::Walrus { .. } if !source.starts_with('(') => format!("({source})"),
        _ => source.to_owned(),
    }
}

/// The source of a value as the right operand of any operator.
fn operand(subject: &Subject<'_>, value: NodeId) -> String {
    let source = argument(subject, value);
    match subject.code().kind(value) {
        NodeKind::Binary { .. }
        | NodeKind::Logic { .. }
        | NodeKind::Compare { .. }
        | NodeKind::Conditional { .. }
        | NodeKind::Lambda { .. }
        | NodeKind::Unary { .. }
            if !source.starts_with('(') =>
        {
            format!("({source})")
        }
        _ => source,
    }
}
