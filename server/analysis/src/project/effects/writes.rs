//! Assignments and deletions.

use memchr::memmem;
use smol_str::SmolStr;

use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::target::{Setting, Target};
use crate::store::Mention;

use super::reference::{Reference, reference};
use super::{Act, Collector, Phase, loggers, resets};

/// Attributes of a foreign function that say what it takes and gives.
const SIGNATURE: &[&str] = &[".restype", ".argtypes", ".errcheck"];

/// Attributes of loggers that configure them.
const LOGGER_ATTRIBUTES: &[&str] = &["propagate", "disabled", "level", "handlers", "filters"];

impl Collector<'_, '_> {
    pub(super) fn assigned(&mut self, node: NodeId, targets: &[NodeId], value: Option<NodeId>, phase: Phase) {
        let single = (targets.len() == 1).then_some(value).flatten();
        let mut pending: Vec<(NodeId, Option<NodeId>)> = targets.iter().rev().map(|t| (*t, single)).collect();
        while let Some((target, value)) = pending.pop() {
            match self.subject.code().kind(target) {
                NodeKind::Tuple(parts) | NodeKind::List(parts) => {
                    pending.extend(parts.iter().rev().map(|part| (*part, None)));
                }
                NodeKind::Starred(inner) => pending.push((*inner, None)),
                _ => self.write(node, target, None, value, phase),
            }
        }
    }

    pub(super) fn augmented(&mut self, node: NodeId, target: NodeId, phase: Phase) {
        let before = self.found.touches.len();
        self.write(node, target, Some(Act::Update), None, phase);
        let code = self.subject.code();
        let by_one = matches!(code.kind(node), NodeKind::AugAssign { value, .. } if *code.kind(*value) == NodeKind::Int(Some(1)));
        self.found.touches[before..].iter_mut().for_each(|touch| touch.counts = by_one);
    }

    pub(super) fn deleted(&mut self, node: NodeId, targets: &[NodeId], phase: Phase) {
        for target in targets {
            self.write(node, *target, Some(Act::Remove), None, phase);
        }
    }

    /// One target of an assignment. `act` is what it does if that is not told by the target's form.
    fn write(&mut self, node: NodeId, target: NodeId, act: Option<Act>, value: Option<NodeId>, phase: Phase) {
        let code = self.subject.code();
        let (written, by_form) = match code.kind(target) {
            NodeKind::Name(name) => {
                if !self.subject.facts.bindings().is_global(code, name, target) {
                    return;
                }
                let path = SmolStr::from(format!("{}.{name}", self.subject.module.name));
                (Some(Target::of_path(path, None)), Act::Replace)
            }
            NodeKind::Attribute { value, attr, .. } => match self.setting_attribute(*value, attr) {
                Some(setting) => (Some(Target::Setting(setting)), Act::Replace),
                None => {
                    let reached = reference(self.subject, target);
                    let deep = reached.as_ref().is_some_and(|reached| reached.inside.is_some());
                    let act = if deep { Act::Update } else { Act::Replace };
                    (reached.as_ref().and_then(Reference::binding), act)
                }
            },
            NodeKind::Subscript { index, .. } => {
                let by_slice = matches!(code.kind(*index), NodeKind::Slice { .. });
                let reached = reference(self.subject, target);
                (
                    reached.as_ref().and_then(Reference::binding),
                    if by_slice { Act::Replace } else { Act::Put },
                )
            }
            _ => return,
        };
        let Some(written) = written.filter(is_lasting) else { return };
        if is_of_special_module(self.subject, &written) {
            return;
        }
        if matches!(written, Target::SysModules(_))
            && value.is_some_and(|value| self.is_imported_by_hand(value))
        {
            return;
        }
        let mut act = act.unwrap_or(by_form);
        let is_initial = |value| match act {
            Act::Replace => resets::gives_initial_value(self.subject, &written, value),
            Act::Put => resets::gives_initial_entry(self.subject, &written, value),
            _ => false,
        };
        if value.is_some_and(is_initial)
            || (act == Act::Remove && is_made_on_the_way(self.subject, &written, target))
        {
            act = Act::Reset;
        }
        let part = part_of(self.subject, target);
        if part.is_some() && is_under_own_key(self.subject, target) {
            return;
        }
        let first = self.found.touches.len();
        self.touch_through(written, act, phase, node, value, target);
        self.found.touches[first..].iter_mut().for_each(|touch| touch.part = part.clone());
    }

    /// `sys.modules[name] = module_from_spec(spec)`: an import that is written out, and lasts like any other.
    fn is_imported_by_hand(&self, value: NodeId) -> bool {
        let code = self.subject.code();
        let makes =
            |call: NodeId| self.subject.callee(call).as_deref() == Some("importlib.util.module_from_spec");
        let Some(name) = code.kind(value).as_name() else { return makes(value) };
        let bound = self.subject.facts.bindings().visible(code, name, value);
        bound.iter().any(|binding| matches!(binding.kind, BindingKind::Value(made) if makes(made)))
    }

    fn setting_attribute(&self, owner: NodeId, attr: &str) -> Option<Setting> {
        if LOGGER_ATTRIBUTES.contains(&attr)
            && let Some(logger) = loggers::logger_name(self.subject, owner)
        {
            return Some(Setting::Logger(logger));
        }
        let is_context = self.subject.callee(owner).is_some_and(|path| path == "decimal.getcontext");
        is_context.then_some(Setting::Decimal)
    }
}

/// `del shop.cart._parser` where the source of the project declares no such attribute: code under test has put it there
/// and does so again.
fn is_made_on_the_way(subject: &Subject<'_>, target: &Target, written: NodeId) -> bool {
    let is_in_sight = target.path().is_some_and(|path| subject.project.layout.split_path(path).is_some());
    matches!(subject.code().kind(written), NodeKind::Attribute { .. })
        && matches!(target, Target::Attribute { key: None, .. })
        && is_in_sight
        && !super::is_declared(subject, target)
}

/// Whether the target is no name of its module, which puts an object or class of its own in its place: who knows what
/// setting an attribute does there.
fn is_of_special_module(subject: &Subject<'_>, target: &Target) -> bool {
    let Some(path) = target.path() else { return false };
    let Some((file, _)) = subject.project.layout.split_path(path) else { return false };
    let Some(module) = subject.project.module(file) else { return false };
    const ITSELF: &str = "sys.modules[__name__]";
    if !module.file.mentions(Mention::Modules) {
        return false;
    }
    let text = module.file.text.as_str();
    let replaces = memmem::find_iter(text.as_bytes(), ITSELF).any(|at| {
        let rest = text[at + ITSELF.len()..].trim_start();
        rest.starts_with(".__class__") || (rest.starts_with('=') && !rest.starts_with("=="))
    });
    replaces && !super::is_declared(subject, target)
}

/// Whether a key on the way was given to the function by a call: `BACKENDS[stack_id].status = …` after
/// `stack_id = create()["id"]`. What lies there is the function's own.
fn is_under_own_key(subject: &Subject<'_>, written: NodeId) -> bool {
    let code = subject.code();
    let is_own = |key: NodeId| {
        let Some(name) = code.kind(key).as_name() else { return false };
        match subject.facts.bindings().visible(code, name, key).as_slice() {
            [only] => matches!(only.kind, BindingKind::Value(value)
                if code.subtree(value).any(|node| matches!(code.kind(node), NodeKind::Call { .. } | NodeKind::Subscript { .. }))),
            _ => false,
        }
    };
    code.subtree(written)
        .any(|node| matches!(code.kind(node), NodeKind::Subscript { index, .. } if is_own(*index)))
}

/// The attribute of an entry that is written: `label` of `METRICS["a"].label`.
fn part_of(subject: &Subject<'_>, written: NodeId) -> Option<SmolStr> {
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(written) else { return None };
    reference(subject, *value)?.inside.map(|_| attr.clone())
}

/// pytest's own capture puts the standard streams back around every test; a bare name is a module, not its state.
/// What a foreign function takes and gives is told to `ctypes`, the same by everybody who calls it.
pub fn is_lasting(target: &Target) -> bool {
    match target {
        Target::Attribute { path, key } => {
            !["sys.stdout", "sys.stderr", "sys.stdin"].iter().any(|stream| path.starts_with(stream))
                && (path.contains('.') || key.is_some())
                && !(path.starts_with("ctypes.") && SIGNATURE.iter().any(|end| path.ends_with(end)))
        }
        _ => true,
    }
}
