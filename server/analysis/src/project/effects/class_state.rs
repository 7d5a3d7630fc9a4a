//! Class attributes as seen from methods: `cls.x`, `type(self).x`, `self.__class__.x`, and `self.x` where `x` is a
//! mutable that only the class holds.

use smol_str::SmolStr;

use crate::facts::code::{ArgumentKind, ParamKind};
use crate::facts::{BindingKind, Code, NodeId, NodeKind};
use crate::project::{Module, Project, Role, Subject};
use crate::syntax::split::ItemKind;

use super::reference::Reference;

/// What the first parameter of a method is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    Instance,
    Class,
}

/// Whether `name` at `at` is the method's own first parameter.
pub fn receiver(subject: &Subject<'_>, name: &str, at: NodeId) -> Option<Receiver> {
    subject.class()?;
    let function = subject.function()?;
    let first = function.params.first()?;
    if first.name != name || !matches!(first.kind, ParamKind::Positional | ParamKind::PositionalOnly) {
        return None;
    }
    let bound = subject.facts.bindings().visible(subject.code(), name, at);
    let [only] = bound.as_slice() else { return None };
    if only.kind != BindingKind::Param(0) || only.scope != subject.code().roots.first().copied() {
        return None;
    }
    let decorated = |word: &str| {
        function
            .decorators
            .iter()
            .any(|decorator| subject.code().kind(decorator.expr).as_name() == Some(word))
    };
    if decorated("staticmethod") {
        return None;
    }
    let is_class = decorated("classmethod")
        || matches!(&*function.name, "setUpClass" | "tearDownClass" | "setup_class" | "teardown_class");
    Some(if is_class { Receiver::Class } else { Receiver::Instance })
}

/// The path of the class whose method the subject is.
pub fn own_class(subject: &Subject<'_>) -> Option<SmolStr> {
    let name = subject.project.qualified_name(&subject.module, subject.class()?);
    Some(SmolStr::from(format!("{}.{name}", subject.module.name)))
}

/// The class attribute that `self.…` or `cls.…` reaches. `next` gives the attribute names that follow.
pub fn member<'c>(
    subject: &Subject<'_>,
    receiver: Receiver,
    mut next: impl FnMut() -> Option<&'c str>,
) -> Option<Reference> {
    let class = subject.class()?;
    let own = || own_class(subject).unwrap_or_default();
    let first = next()?;
    match (receiver, first) {
        (Receiver::Class, "__dict__") | (Receiver::Instance, "__class__") => {
            let attr = next()?;
            Some(Reference::at(format!("{}.{attr}", own())))
        }
        (Receiver::Class, attr) => Some(Reference::at(format!("{}.{attr}", own()))),
        (Receiver::Instance, attr) => shared_attribute(subject, class, attr).map(Reference::at),
    }
}

/// Whether `self.<attr>` in a method reads the class attribute at `path`: the class or a base of it declares it, and
/// neither the method nor a set-up gives the instance one of its own.
pub fn reads_from_class(subject: &Subject<'_>, node: NodeId, path: &str) -> bool {
    let code = subject.code();
    let NodeKind::Attribute { value, attr, .. } = code.kind(node) else { return false };
    let Some(name) = code.kind(*value).as_name() else { return false };
    if receiver(subject, name, *value) != Some(Receiver::Instance) || assigns_attribute(code, attr) {
        return false;
    }
    let Some(class) = subject.class() else { return false };
    for (module, class) in with_bases(subject, class) {
        let set_ups = module.file.members(class).filter(|member| {
            matches!(module.file.name(*member), "setUp" | "asyncSetUp" | "setup_method" | "__init__")
                || subject.project.role(&module, *member) == Role::Fixture
        });
        for set_up in set_ups {
            if assigns_attribute(&module.file.facts(set_up).code, attr) {
                return false;
            }
        }
        if format!("{}.{}.{attr}", module.name, subject.project.qualified_name(&module, class)) == path {
            return true;
        }
    }
    false
}

/// The path of a class attribute that holds a mutable and that no method gives to the instance.
fn shared_attribute(subject: &Subject<'_>, class: u32, attr: &str) -> Option<String> {
    let project = subject.project;
    let classes = with_bases(subject, class);
    // Few hold one; asked first, it spares the methods.
    let (module, class) =
        classes.iter().find(|(module, class)| holds_mutable(project, module, *class, attr))?;
    if classes.iter().any(|(module, class)| binds_on_instance(module, *class, attr)) {
        return None;
    }
    Some(format!("{}.{}.{attr}", module.name, project.qualified_name(module, *class)))
}

/// A class of the subject's file and its bases: eight at most.
fn with_bases(subject: &Subject<'_>, class: u32) -> Vec<(Module, u32)> {
    let mut pending = vec![(subject.module.clone(), class)];
    let mut classes = Vec::new();
    while classes.len() < 8
        && let Some((module, class)) = pending.pop()
    {
        pending.extend(subject.project.bases(&module, class));
        classes.push((module, class));
    }
    classes
}

/// Whether some method of the class assigns `self.<attr>`.
fn binds_on_instance(module: &Module, class: u32, attr: &str) -> bool {
    module.file.members(class).any(|member| {
        matches!(module.file.item(member).kind, ItemKind::Function(_)) && {
            let text = module.file.item_text(member);
            text.contains(attr) && assigns_attribute(&module.file.facts(member).code, attr)
        }
    })
}

/// Whether a method assigns an attribute of its first parameter.
pub fn assigns_attribute(code: &Code, attr: &str) -> bool {
    let Some(receiver) = code.function().and_then(|function| function.params.first()) else { return false };
    let is_own = |target: NodeId| match code.kind(target) {
        NodeKind::Attribute { value, attr: name, .. } => {
            name == attr && code.kind(*value).as_name() == Some(&receiver.name)
        }
        _ => false,
    };
    (0..code.nodes.len() as u32).map(NodeId).any(|node| match code.kind(node) {
        NodeKind::Assign { targets, .. } => targets.iter().any(|target| {
            is_own(*target)
                || matches!(code.kind(*target), NodeKind::Tuple(parts) | NodeKind::List(parts) if parts.iter().any(|p| is_own(*p)))
        }),
        NodeKind::AnnAssign { target, .. } => is_own(*target),
        NodeKind::With { items, .. } => items.iter().filter_map(|item| item.target).any(is_own),
        _ => false,
    })
}

fn holds_mutable(project: &Project, module: &Module, class: u32, attr: &str) -> bool {
    module.file.class_statements(class).any(|member| {
        if !module.file.item_text(member).contains(attr) {
            return false;
        }
        let statement = Subject::new(project, module, member);
        statement.facts.bindings().all(attr).iter().any(|binding| match binding.kind {
            BindingKind::Value(value) => makes_container(&statement, value),
            _ => false,
        })
    })
}

/// Whether an expression makes one of the built-in containers or their kin of `collections`.
pub fn makes_container(subject: &Subject<'_>, value: NodeId) -> bool {
    match subject.code().kind(value) {
        NodeKind::List(_) | NodeKind::Dict(_) | NodeKind::Set(_) => true,
        NodeKind::Comprehension { kind, .. } => *kind != crate::facts::code::ComprehensionKind::Generator,
        NodeKind::Call { args, .. } => {
            let unpacks = args.iter().any(|a| matches!(a.kind, ArgumentKind::Star));
            !unpacks
                && subject.callee(value).is_some_and(|path| {
                    matches!(
                        path.as_str(),
                        "builtins.list"
                            | "builtins.dict"
                            | "builtins.set"
                            | "builtins.bytearray"
                            | "collections.defaultdict"
                            | "collections.deque"
                            | "collections.OrderedDict"
                            | "collections.Counter"
                            | "collections.ChainMap"
                            | "weakref.WeakSet"
                            | "weakref.WeakKeyDictionary"
                            | "weakref.WeakValueDictionary"
                    )
                })
        }
        _ => false,
    }
}
