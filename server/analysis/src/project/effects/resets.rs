//! Writes that bring a target to the value that it starts with: they leave nothing for others to trip over.

use smol_str::SmolStr;

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
    declared(subject, target).is_some_and(|(module, item, initial)| {
        is_same(subject, value, &Subject::new(subject.project, &module, item), initial)
    })
}

/// Whether an entry gets what the module itself puts there at its top level.
pub fn gives_initial_entry(subject: &Subject<'_>, target: &Target, value: NodeId) -> bool {
    filled_in(subject, target).is_some_and(|(module, item, initial)| {
        is_same(subject, value, &Subject::new(subject.project, &module, item), initial)
    })
}

fn is_same(subject: &Subject<'_>, value: NodeId, source: &Subject<'_>, initial: NodeId) -> bool {
    same_literal(subject.code(), value, source.code(), initial)
        || same_expression(subject, value, source, initial)
}

/// The value that the module itself puts under a key at its top level: `ENV["PATH"] = os.pathsep.join(sys.path)`.
fn filled_in(subject: &Subject<'_>, target: &Target) -> Option<(Module, u32, NodeId)> {
    let Target::Attribute { path, key: Some(key) } = target else { return None };
    let (file, name) = subject.project.layout.split_path(path)?;
    let module = subject.project.module(file)?;
    let speaks = |item: &u32| {
        let text = module.file.item_text(*item);
        module.file.item(*item).kind == ItemKind::Statement
            && module.file.item(*item).owner.is_none()
            && text.trim_start().starts_with(name)
            && text.contains(key.as_str())
    };
    let mut values = (0..module.file.items().len() as u32).filter(speaks).filter_map(|item| {
        let code = &module.file.facts(item).code;
        let NodeKind::Assign { targets, value } = code.kind(*code.roots.first()?) else { return None };
        let [only] = &**targets else { return None };
        let NodeKind::Subscript { value: container, index } = code.kind(*only) else { return None };
        let is_it = code.kind(*container).as_name() == Some(name) && code.kind(*index).as_str() == Some(key);
        is_it.then_some((item, *value))
    });
    let (item, value) = values.next()?;
    values.next().is_none().then(|| (module.clone(), item, value))
}

/// Whether two expressions are written alike, and their names mean the same things to both modules. A local name stands
/// for what was bound to it.
fn same_expression(subject: &Subject<'_>, value: NodeId, source: &Subject<'_>, initial: NodeId) -> bool {
    let local = match subject.code().kind(value) {
        NodeKind::Name(name) => {
            let bound = subject.facts.bindings().visible(subject.code(), name, value);
            match bound.as_slice() {
                [only] => match only.kind {
                    BindingKind::Value(given) => given,
                    _ => return false,
                },
                _ => value,
            }
        }
        _ => value,
    };
    // `shop.db.Registry()` from outside is `Registry()` inside.
    let makes = |of: &Subject<'_>, expr: NodeId| match of.code().kind(expr) {
        NodeKind::Call { args, .. } if args.is_empty() => of.callee(expr),
        _ => None,
    };
    if makes(source, initial).is_some_and(|class| makes(subject, local) == Some(class)) {
        return true;
    }
    let is_call = matches!(source.code().kind(initial), NodeKind::Call { .. });
    if !is_call || subject.source(local) != source.source(initial) {
        return false;
    }
    let names = |of: &Subject<'_>, expr: NodeId| -> Option<Vec<SmolStr>> {
        let code = of.code();
        let names = code.subtree(expr).filter(|node| matches!(code.kind(*node), NodeKind::Name(_)));
        names.map(|node| of.resolve(node)).collect()
    };
    names(subject, local).is_some_and(|names_here| names(source, initial) == Some(names_here))
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
    let in_class = |(module, class): (Module, u32)| {
        let value_in = |member: u32| match module.file.facts(member).bindings().all(attr) {
            [only] => match only.kind {
                BindingKind::Value(value) => Some((member, value)),
                _ => None,
            },
            _ => None,
        };
        let found = module.file.class_statements(class).find_map(value_in);
        found.map(|(member, value)| (module, member, value))
    };
    project.method_resolution(&module, class).into_iter().find_map(in_class)
}

fn is_empty_container(subject: &Subject<'_>, value: NodeId) -> bool {
    match subject.code().kind(value) {
        NodeKind::List(parts) | NodeKind::Set(parts) | NodeKind::Tuple(parts) => parts.is_empty(),
        NodeKind::Dict(pairs) => pairs.is_empty(),
        NodeKind::Call { args, .. } => {
            let is_given_nothing = args.is_empty()
                || (args.len() == 1 && subject.callee(value).as_deref() == Some("collections.defaultdict"));
            is_given_nothing && super::class_state::makes_container(subject, value)
        }
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
