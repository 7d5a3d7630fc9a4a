//! Writes that bring a target to the value that it starts with: they leave nothing for others to trip over.

use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, Code, NodeId, NodeKind};
use crate::project::target::Target;
use crate::project::{Module, Subject};
use crate::syntax::split::ItemKind;

/// Whether `value` is what the target's own source gives it first, or a fresh empty container.
pub fn gives_initial_value(subject: &Subject<'_>, target: &Target, value: NodeId) -> bool {
    let code = subject.code();
    if is_empty_container(subject, value) {
        return !matches!(target, Target::Environ(_) | Target::SysPath | Target::SysModules(_));
    }
    // `setattr(Client, "send", original_send)` with `original_send = Client.send` at the top of the module.
    if matches!(code.kind(value), NodeKind::Name(_))
        && subject.resolve(value).is_some_and(|path| Some(path.as_str()) == target.path())
        && code.kind(value).as_name().is_some_and(|name| !subject.scope().is_local(name, value))
    {
        return true;
    }
    let Some((module, item, initial)) = declared(subject, target) else { return false };
    let other = &module.file.facts(item).code;
    same_literal(code, value, other, initial)
}

/// `Packet.json = saved` where `saved = Packet.json` stands above, whatever changed it in between.
pub fn gives_what_was_saved(subject: &Subject<'_>, target: &Target, value: NodeId) -> bool {
    let Target::Attribute { path, key: None } = target else { return false };
    let code = subject.code();
    let Some(name) = code.kind(value).as_name() else { return false };
    let bound = subject.facts.bindings().visible(code, name, value);
    let [only] = bound.as_slice() else { return false };
    let BindingKind::Value(saved) = only.kind else { return false };
    match code.kind(saved) {
        NodeKind::Attribute { attr, .. } => path.rsplit('.').next() == Some(attr),
        _ => false,
    }
}

/// Whether the target's source shows it empty at first.
pub fn starts_empty(subject: &Subject<'_>, target: &Target) -> bool {
    let Some((module, item, initial)) = declared(subject, target) else { return false };
    is_empty_container(&Subject::new(subject.project, &module, item), initial)
}

/// The only value that the target's module or class gives it: `FLAG = False`. Module, item, and the value's node there.
pub fn declared(subject: &Subject<'_>, target: &Target) -> Option<(Module, u32, NodeId)> {
    let project = subject.project;
    let Target::Attribute { path, key: None } = target else { return None };
    let (file, rest) = project.layout.split_path(path)?;
    let module = project.module(file)?;
    let Some((class, attr)) = rest.rsplit_once('.') else {
        let [binding] = module.file.scope().get(rest) else { return None };
        let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = binding.kind else {
            return None;
        };
        let item = binding.item;
        return Some((module, item, value));
    };
    let (module, class) = project.class_at(&format!("{}.{class}", module.name))?;
    let found = module.file.members(class).find_map(|member| {
        if module.file.item(member).kind != ItemKind::Statement {
            return None;
        }
        match module.file.facts(member).bindings().all(attr) {
            [only] => match only.kind {
                BindingKind::Value(value) => Some((member, value)),
                _ => None,
            },
            _ => None,
        }
    });
    found.map(|(member, value)| (module, member, value))
}

fn is_empty_container(subject: &Subject<'_>, value: NodeId) -> bool {
    match subject.code().kind(value) {
        NodeKind::List(parts) | NodeKind::Set(parts) | NodeKind::Tuple(parts) => parts.is_empty(),
        NodeKind::Dict(pairs) => pairs.is_empty(),
        NodeKind::Call { args, .. } if args.is_empty() => super::class_state::makes_container(subject, value),
        _ => false,
    }
}

fn same_literal(code: &Code, value: NodeId, other: &Code, initial: NodeId) -> bool {
    match (code.kind(value), other.kind(initial)) {
        (NodeKind::None, NodeKind::None) => true,
        (NodeKind::Bool(a), NodeKind::Bool(b)) => a == b,
        (NodeKind::Int(Some(a)), NodeKind::Int(Some(b))) => a == b,
        (NodeKind::Str(a), NodeKind::Str(b)) | (NodeKind::Float(a), NodeKind::Float(b)) => a == b,
        _ => false,
    }
}
