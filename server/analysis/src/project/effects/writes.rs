//! Assignments and deletions.

use smol_str::SmolStr;

use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::target::{Setting, Target};

use super::reference::{Reference, reference};
use super::{Act, Collector, Phase, loggers, resets};

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
        if matches!(written, Target::SysModules(_))
            && value.is_some_and(|value| self.is_imported_by_hand(value))
        {
            return;
        }
        let mut act = act.unwrap_or(by_form);
        if act == Act::Replace
            && value.is_some_and(|value| resets::gives_initial_value(self.subject, &written, value))
        {
            act = Act::Reset;
        }
        self.touch_through(written, act, phase, node, value, target);
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

/// pytest's own capture puts the standard streams back around every test; a bare name is a module, not its state.
pub fn is_lasting(target: &Target) -> bool {
    match target {
        Target::Attribute { path, key } => {
            !["sys.stdout", "sys.stderr", "sys.stdin"].iter().any(|stream| path.starts_with(stream))
                && (path.contains('.') || key.is_some())
        }
        _ => true,
    }
}
