//! `patch("shop.mail.time")` for `patch("shop.mail.time.sleep")`: the name in that module, and not what all share.

use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::project::patches::replacement;
use crate::project::{Module, Subject};
use crate::rules::process_wide_clock_patch::Found;
use crate::text::TextRange;

/// Offered where the module uses nothing else of what is then a mock, and is not the one that sleeps beside the test.
pub fn patched(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let code = subject.code();
    let (_, sleep) = found.path.rsplit_once('.')?;
    let mock = name_of_mock(subject, found.at)?;
    let (target, context) = entered(subject, mock)?;
    let NodeKind::Call { args, .. } = code.kind(context) else { return None };
    let [text] = &**args else { return None };
    let path = code.kind(text.value).as_str()?;
    let replaced = replacement(&subject.scope(), context)?;
    if replaced.path.as_deref() != Some(found.path) {
        return None;
    }
    let owner = path.strip_suffix(sleep)?.strip_suffix('.')?;
    let (module, name) = owner.rsplit_once('.')?;
    let module = subject.project.module_named(module)?;
    if module.file.path == found.beside.sleeper().place.path || !uses_only(subject, &module, name, sleep) {
        return None;
    }
    let mut edits = Edits::new();
    edits.push(subject.path(), subject.absolute(tail(subject, text.value, sleep)?), "");
    for used in uses(subject, target)? {
        let end = code.range(used).end;
        edits.push(subject.path(), subject.absolute(TextRange::new(end, end)), format!(".{sleep}"));
    }
    let title = format!("Patch the `{name}` of `{}` alone", module.name);
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// The name in `name.assert_called_once()`, `name.call_count`.
fn name_of_mock(subject: &Subject<'_>, at: NodeId) -> Option<NodeId> {
    let code = subject.code();
    let record = code.uncalled(at);
    let NodeKind::Attribute { value, .. } = code.kind(record) else { return None };
    code.kind(*value).as_name().map(|_| *value)
}

/// The target and the context of the `with` that gives the name.
fn entered(subject: &Subject<'_>, name: NodeId) -> Option<(NodeId, NodeId)> {
    let code = subject.code();
    let spelled = code.kind(name).as_name()?;
    let entered = subject.body().filter(|node| subject.runs_here(*node)).filter_map(|node| {
        let NodeKind::With { items, .. } = code.kind(node) else { return None };
        items.iter().find_map(|item| {
            let target = item.target?;
            (code.kind(target).as_name() == Some(spelled)).then_some((target, item.context))
        })
    });
    let mut all = entered.collect::<Vec<_>>();
    if all.len() == 1 { all.pop() } else { None }
}

/// Where the name is used. `None` where it stands for something else, too.
fn uses(subject: &Subject<'_>, target: NodeId) -> Option<Vec<NodeId>> {
    let code = subject.code();
    let spelled = code.kind(target).as_name()?;
    let is_it = |node: &NodeId| *node != target && code.kind(*node).as_name() == Some(spelled);
    let uses: Vec<NodeId> = subject.body().filter(is_it).collect();
    let is_one = |node: &NodeId| subject.facts.bindings().visible(code, spelled, *node).len() == 1;
    uses.iter().all(is_one).then_some(uses)
}

/// The range of `.sleep` at the end of a plain string.
fn tail(subject: &Subject<'_>, text: NodeId, sleep: &str) -> Option<TextRange> {
    let source = subject.source(text);
    let inner = source.strip_suffix(['"', '\''])?;
    inner.strip_suffix(sleep)?.strip_suffix('.')?;
    let end = subject.code().range(text).end - 1;
    Some(TextRange::new(end - (sleep.len() as u32 + 1), end))
}

/// Whether a module uses a name only as `name.sleep`.
fn uses_only(subject: &Subject<'_>, module: &Module, name: &str, sleep: &str) -> bool {
    (0..module.file.items().len() as u32).all(|item| {
        let inside = Subject::new(subject.project, module, item);
        let code = inside.code();
        let mut nodes = (0..code.nodes.len() as u32).map(NodeId);
        nodes.all(|node| {
            let parent = || code.kind(code.node(node).parent);
            code.kind(node).as_name() != Some(name)
                || matches!(parent(), NodeKind::Attribute { attr, .. } if attr == sleep)
        })
    })
}
