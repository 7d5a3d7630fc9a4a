//! Whether the code under test was given the moment that the test expects back: then both have the same one.

use smol_str::SmolStr;

use super::stamps::{Read, Stamp};
use crate::facts::code::ParamKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::{Role, Subject};

pub fn is_handed_on(subject: &Subject<'_>, stamp: &Stamp) -> bool {
    let is_before = matches!(stamp.read, Read::Before(_));
    let is_shared = |name: &SmolStr| is_before && others_use(subject, name);
    stamp.names.iter().any(|name| is_shared(name) || is_given_away(subject, name, &stamp.names))
}

/// Whether a function that gives a reading back also puts it somewhere itself, where the code under test finds it.
pub fn is_put_down(called: &Subject<'_>, names: &[SmolStr]) -> bool {
    let code = called.code();
    let is_result = |used: NodeId| code.ancestors(used).any(|outer| called.results().contains(&outer));
    let is_returned = |used: NodeId| called.results().contains(&used) || is_result(used);
    names.iter().any(|name| {
        let uses = called.body().filter(|node| code.kind(*node).as_name() == Some(name));
        uses.filter(|used| !is_bound(called, *used) && !is_returned(*used))
            .any(|used| !stays(called, used, names))
    })
}

/// Whether a name's value leaves the test other than into an assertion or another of these names.
fn is_given_away(subject: &Subject<'_>, name: &str, names: &[SmolStr]) -> bool {
    let code = subject.code();
    let uses = subject.body().filter(|node| code.kind(*node).as_name() == Some(name));
    uses.filter(|used| !is_bound(subject, *used)).any(|used| !stays(subject, used, names))
}

/// Whether a name stands there to be given a value.
fn is_bound(subject: &Subject<'_>, name: NodeId) -> bool {
    match subject.code().kind(subject.code().node(name).parent) {
        NodeKind::Assign { targets, .. } => targets.contains(&name),
        NodeKind::AnnAssign { target, .. } => *target == name,
        _ => false,
    }
}

/// Whether the value is only compared, or goes into one of the names that lead to the comparison.
fn stays(subject: &Subject<'_>, used: NodeId, names: &[SmolStr]) -> bool {
    let code = subject.code();
    let mut inner = used;
    for outer in code.ancestors(used) {
        match code.kind(outer) {
            NodeKind::Assert { .. } => return true,
            NodeKind::Assign { targets, .. } => {
                let is_led = |target: &NodeId| {
                    code.kind(*target).as_name().is_some_and(|name| names.iter().any(|led| led == name))
                };
                return targets.iter().all(is_led);
            }
            NodeKind::Call { func, .. } if *func != inner => {
                let name = code.kind(*func).last_name().unwrap_or_default();
                if name.starts_with("assert") {
                    return true;
                }
                if !keeps(subject, *func, name) {
                    return false;
                }
            }
            kind if is_end(kind) => return false,
            _ => {}
        }
        inner = outer;
    }
    false
}

fn is_end(kind: &NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Function(_)
            | NodeKind::Lambda { .. }
            | NodeKind::Return(_)
            | NodeKind::Yield { .. }
            | NodeKind::With { .. }
            | NodeKind::AugAssign { .. }
            | NodeKind::AnnAssign { .. }
    )
}

/// Whether a call only makes something of its argument that is compared too.
fn keeps(subject: &Subject<'_>, func: NodeId, name: &str) -> bool {
    let path = subject.resolve(func).unwrap_or_default();
    path.starts_with("builtins.")
        || path.starts_with("datetime.")
        || path.starts_with("time.")
        || path == "unittest.mock.call"
        || path == "json.dumps"
        || name == "format"
}

/// Whether anything else of the module, or another fixture of the test, uses a constant or fixture of this name.
fn others_use(subject: &Subject<'_>, name: &str) -> bool {
    let file = &subject.module.file;
    let in_module = (0..file.items().len() as u32).any(|item| {
        let role = subject.project.role(&subject.module, item);
        let is_user = !matches!(role, Role::Test | Role::Class) && item != subject.item;
        is_user && uses(&Subject::new(subject.project, &subject.module, item), name)
    });
    let closure = subject.closure();
    in_module
        || closure.iter().filter_map(|closed| closed.fixture.as_ref()).any(|fixture| {
            let fixture = fixture.subject(subject.project);
            fixture.function().is_some_and(|function| {
                let is_it = |param: &crate::facts::code::Param| {
                    param.name == name && !matches!(param.kind, ParamKind::Variadic | ParamKind::Keywords)
                };
                function.params.iter().any(is_it)
            })
        })
}

fn uses(other: &Subject<'_>, name: &str) -> bool {
    if !other.text().contains(name) {
        return false;
    }
    let code = other.code();
    (0..code.nodes.len() as u32).map(NodeId).any(|node| {
        let is_it = code.kind(node).as_name() == Some(name);
        is_it
            && !is_bound(other, node)
            && !matches!(binding_of(other, name, node), Some(BindingKind::Value(_)))
    })
}

/// What a name that the item binds itself is there.
fn binding_of<'s>(other: &'s Subject<'_>, name: &str, at: NodeId) -> Option<&'s BindingKind> {
    other.facts.bindings().visible(other.code(), name, at).first().map(|binding| &binding.kind)
}
