//! Names of iterables: lists that a loop fills, what a fixture gives, parts of `os.walk` and of `asyncio.wait`.

use super::{Disorder, Search, Source};
use crate::facts::{Binding, BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::constant::Origin;
use crate::project::elements::{Element, Elements};

/// What an item does to the value of a name in place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes {
    pub is_sorted: bool,
    pub is_changed: bool,
}

/// What is done in place to what a name stands for, in the item where it stands.
pub fn changes(origin: &Origin) -> Changes {
    let mut changes = Changes::default();
    let Some(name) = origin.kind().as_name() else { return changes };
    changes.is_sorted = is_sorted_by_module(origin, name);
    for (_, method, _) in method_calls(origin, name) {
        match method {
            "sort" => changes.is_sorted = true,
            "add" | "update" | "discard" | "remove" | "clear" | "append" | "extend" | "insert" => {
                changes.is_changed = true;
            }
            _ => {}
        }
    }
    changes
}

/// `NAMES.sort()` at the module's top level.
fn is_sorted_by_module(origin: &Origin, name: &str) -> bool {
    let file = &origin.module.file;
    let is_statement = |item: &u32| file.name(*item).is_empty() && file.item(*item).owner.is_none();
    let sorts = format!("{name}.sort(");
    (0..file.items().len() as u32).filter(is_statement).any(|item| file.item_text(item).starts_with(&sorts))
}

/// `name.method(argument)`: the call, the method, the first argument.
fn method_calls<'o>(
    origin: &'o Origin,
    name: &'o str,
) -> impl Iterator<Item = (NodeId, &'o str, Option<NodeId>)> {
    let code = &origin.module.file.facts(origin.item).code;
    (0..code.nodes.len() as u32).map(NodeId).filter_map(move |call| {
        let NodeKind::Call { func, args } = code.kind(call) else { return None };
        let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
        let first = args.first().map(|argument| argument.value);
        (code.kind(*value).as_name() == Some(name)).then_some((call, attr.as_str(), first))
    })
}

/// Whether an expression uses a name that is bound at `outer` or inside of it: it may be another in each round of that loop.
pub fn depends_on(origin: &Origin, expr: NodeId, outer: NodeId) -> bool {
    let facts = origin.module.file.facts(origin.item);
    let code = &facts.code;
    code.subtree(expr).any(|node| {
        let NodeKind::Name(name) = code.kind(node) else { return false };
        let bound = facts.bindings().visible(code, name, node);
        bound.iter().any(|binding| code.is_within(binding.node, outer))
    })
}

impl Search<'_> {
    /// `name` is what was written, `value` what it stands for.
    pub(super) fn in_name(self, name: &Origin, value: &Origin) -> Option<Disorder> {
        let NodeKind::Name(written) = name.kind() else { return None };
        let facts = name.module.file.facts(name.item);
        let bindings = facts.bindings().visible(&facts.code, written, name.node);
        let [binding] = bindings.as_slice() else { return None };
        match &binding.kind {
            BindingKind::Value(_) if is_empty_list(value) => self.filled(name, written),
            BindingKind::Param(_) => {
                let subject = Subject::new(self.project, &name.module, name.item);
                self.in_results(&subject.fixture_subject(written)?)
            }
            BindingKind::Opaque => self.unpacked(name, written, binding),
            _ => None,
        }
    }

    /// `found = []`, then `found.append(…)` in a loop over something without order.
    fn filled(self, name: &Origin, written: &str) -> Option<Disorder> {
        let code = &name.module.file.facts(name.item).code;
        method_calls(name, written).find_map(|(call, method, added)| {
            let added = added.filter(|_| method == "append" || method == "extend")?;
            if method == "extend"
                && let Some(found) = self.of(&name.at(added))
            {
                return Some(found.uncounted().of_sequence(true));
            }
            let loops = code.ancestors(call).take_while(|outer| {
                !matches!(code.kind(*outer), NodeKind::Function(_) | NodeKind::Lambda { .. })
            });
            loops.into_iter().find_map(|outer| {
                let NodeKind::For { target, iter, .. } = code.kind(outer) else { return None };
                let found = self.of(&name.at(*iter)).filter(|_| depends_on(name, added, outer))?;
                let is_same = code.kind(added).as_name().is_some() && code.kind(added) == code.kind(*target);
                Some(found.uncounted().mapped(!is_same).of_sequence(true))
            })
        })
    }

    /// `for root, names, files in os.walk(…)`, `done, pending = await asyncio.wait(…)`.
    fn unpacked(self, name: &Origin, written: &str, binding: &Binding) -> Option<Disorder> {
        let at = |target: NodeId| match name.kind_of(target) {
            NodeKind::Tuple(parts) => {
                parts.iter().position(|part| name.kind_of(*part).as_name() == Some(written))
            }
            _ => None,
        };
        let callee = |call: NodeId| name.scope(self.project).callee(call);
        match name.kind_of(binding.node) {
            NodeKind::For { target, iter, .. } => {
                let is_walk = at(*target)? > 0 && callee(*iter)? == "os.walk";
                is_walk.then(|| Disorder::at(&name.at(*iter), Source::Listing).of_sequence(true))
            }
            NodeKind::Assign { targets, value } => {
                let [target] = &**targets else { return None };
                at(*target)?;
                let call = match name.kind_of(*value) {
                    NodeKind::Await(call) => *call,
                    _ => *value,
                };
                let is_wait = matches!(callee(call)?.as_str(), "asyncio.wait" | "concurrent.futures.wait");
                let elements = Elements { kind: Element::Address, ..Elements::UNKNOWN };
                is_wait.then(|| Disorder::at(&name.at(call), Source::Set { elements, of_enum: None }))
            }
            _ => None,
        }
    }
}

fn is_empty_list(origin: &Origin) -> bool {
    matches!(origin.kind(), NodeKind::List(parts) if parts.is_empty())
}
