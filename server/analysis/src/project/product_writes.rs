//! What the functions of the product that a test calls leave changed: one call deep, in state that outlives the call.
//!
//! What is only made when it is not there yet is the same for every caller in the end: it does not count. Calls that take
//! something back are told of too: a test that makes one cleans up after itself.

use smol_str::SmolStr;

use super::callee::Definition;
use super::effects::class_state::{Receiver, receiver};
use super::effects::{Act, Footprint, Phase, Touch, act_of_method, is_reset, literal_text, reference};
use super::functions::is_test_code;
use super::target::Target;
use super::{Place, Subject};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};

/// A call in a test after which the product's state is another.
#[derive(Clone, Debug)]
pub struct ProductWrite {
    /// By its name or deed it takes back what another call put there.
    pub takes_back: bool,
    /// `node` is the call in the test, `origin` the statement of the product.
    pub touch: Touch,
    pub callee: Definition,
    /// Where the product refuses what is there already: the same call again raises.
    pub refuses_twice: Option<Place>,
}

impl Subject<'_> {
    /// The product's lasting changes that calls of this function make, in source order.
    pub fn product_writes(&self) -> Vec<ProductWrite> {
        let footprint = Footprint::of(self);
        let mut found: Vec<ProductWrite> = Vec::new();
        for node in self.body().filter(|node| self.runs_here(*node)) {
            if let NodeKind::Call { func, args } = self.code().kind(node)
                && let Some(callee) = self.product_function(*func)
                && may_write(self, *func, &callee)
                && !self.is_expected_to_fail(node)
            {
                let writes = writes_of(self, node, *func, args, &callee);
                found.extend(writes.into_iter().filter(|write| !footprint.is_undone(&write.touch)));
            }
        }
        found
    }

    /// The function of the product that a call runs.
    pub fn product_function(&self, func: NodeId) -> Option<Definition> {
        let callee = self.definition(func)?;
        (!is_test_code(self.project, &callee.module.file.path)).then_some(callee)
    }

    /// Inside `with pytest.raises(…)` and its like.
    fn is_expected_to_fail(&self, node: NodeId) -> bool {
        let code = self.code();
        code.ancestors(node).any(|outer| match code.kind(outer) {
            NodeKind::With { items, .. } => items.iter().any(|item| {
                let text = self.source(item.context);
                text.contains("raises") || text.contains("assertRaises") || text.contains("suppress")
            }),
            _ => false,
        })
    }
}

/// Whether a function of the product writes anything that outlives it, or may write to an object that does: most do not.
fn may_write(test: &Subject<'_>, func: NodeId, callee: &Definition) -> bool {
    lasting_object(test, func).is_some()
        || direct_touches(&Footprint::at(test.project, &callee.module, callee.item, 0)).next().is_some()
}

fn direct_touches(direct: &Footprint) -> impl Iterator<Item = &Touch> {
    direct.touches.iter().filter(|touch| touch.phase == Phase::Run && !direct.is_undone(touch))
}

fn writes_of(
    test: &Subject<'_>,
    call: NodeId,
    func: NodeId,
    args: &[Argument],
    callee: &Definition,
) -> Vec<ProductWrite> {
    let product = callee.subject(test.project);
    let through_object = instance_writes(test, func, &product);
    let direct = Footprint::shallow(&product);
    let mut found = Vec::new();
    for touch in direct_touches(&direct).cloned().chain(through_object) {
        // `set_path(None)`: as if nothing had been set.
        let is_given_none = args.iter().all(|argument| *test.code().kind(argument.value) == NodeKind::None);
        let takes_back = is_taking_back(callee.name())
            || (is_given_none && !args.is_empty())
            || matches!(touch.act, Act::Remove | Act::Reset | Act::Lent);
        if !takes_back && !counts_as_change(&product, &touch) {
            continue;
        }
        let target = keyed_by_argument(test, &product, &touch, args);
        let origin = Some(product.place(product.code().range(touch.node)));
        let refuses_twice = refusal(&product, &touch);
        let touch = Touch { target, origin, node: call, value: None, put_back: None, ..touch };
        found.push(ProductWrite { takes_back, touch, callee: callee.clone(), refuses_twice });
    }
    found
}

/// Functions by whose name something is taken back, not put there.
fn is_taking_back(name: &str) -> bool {
    let word = name.trim_start_matches('_');
    is_reset(name) && !["init", "setup", "configure"].iter().any(|start| word.starts_with(start))
}

fn counts_as_change(product: &Subject<'_>, touch: &Touch) -> bool {
    !touch.counts && touch.put_back.is_none() && !is_first_time_only(product, touch)
}

/// Whether the write happens only while nothing is there: `if X is None: X = …`, `if k not in X: X[k] = …`, or behind a
/// `return` of what is there.
fn is_first_time_only(product: &Subject<'_>, touch: &Touch) -> bool {
    let code = product.code();
    let Some(word) = touch.target.path().and_then(|path| path.rsplit('.').next()) else { return false };
    let mentions = |test: NodeId| {
        code.subtree(test).any(|node| match code.kind(node) {
            NodeKind::Name(name) => name == word,
            NodeKind::Attribute { attr, .. } => attr == word,
            _ => false,
        })
    };
    product.body().any(|node| match code.kind(node) {
        NodeKind::If { test, body, .. } if mentions(*test) => {
            let leaves = body.iter().any(|inner| matches!(code.kind(*inner), NodeKind::Return(_)));
            code.is_within(touch.node, node) || (leaves && node < touch.node)
        }
        NodeKind::Try { .. } => code.is_within(touch.node, node),
        _ => false,
    })
}

/// The `raise` for what is in the target already, before the write.
fn refusal(product: &Subject<'_>, touch: &Touch) -> Option<Place> {
    let code = product.code();
    let word = touch.target.path()?.rsplit('.').next()?;
    product.body().take_while(|node| *node < touch.node).find_map(|node| {
        let NodeKind::If { test, body, .. } = code.kind(node) else { return None };
        let asks = code.kind(*test);
        let NodeKind::Compare { rest, .. } = asks else { return None };
        let is_membership = rest.iter().any(|(op, right)| {
            *op == crate::facts::code::CompareOp::In
                && match code.kind(*right) {
                    NodeKind::Name(name) => name == word,
                    NodeKind::Attribute { attr, .. } => attr == word,
                    _ => false,
                }
        });
        let raise = body.iter().find(|inner| matches!(code.kind(**inner), NodeKind::Raise { .. }))?;
        is_membership.then(|| product.place(code.range(*raise)))
    })
}

/// The target with its key, where the product's key is a parameter that the test fills with a literal.
fn keyed_by_argument(test: &Subject<'_>, product: &Subject<'_>, touch: &Touch, args: &[Argument]) -> Target {
    let Target::Attribute { path, key: None } = &touch.target else { return touch.target.clone() };
    let code = product.code();
    let subscript = code.subtree(touch.node).find_map(|node| match code.kind(node) {
        NodeKind::Subscript { index, .. } => Some(*index),
        _ => None,
    });
    let key = subscript.and_then(|index| {
        let name = code.kind(index).as_name()?;
        argument_for(product, name, args).and_then(|argument| literal_text(test, argument))
    });
    Target::of_path(path.clone(), key)
}

/// The argument of a call that fills the parameter `name`.
fn argument_for(product: &Subject<'_>, name: &str, args: &[Argument]) -> Option<NodeId> {
    use crate::facts::code::ArgumentKind;
    let function = product.function()?;
    let keyword = args.iter().find(|arg| matches!(&arg.kind, ArgumentKind::Keyword(word) if word == name));
    if let Some(keyword) = keyword {
        return Some(keyword.value);
    }
    let bound =
        usize::from(function.params.first().is_some_and(|first| matches!(&*first.name, "self" | "cls")));
    let at = function.params.iter().position(|param| param.name == name)?.checked_sub(bound)?;
    args.iter().filter(|arg| arg.kind == ArgumentKind::Positional).nth(at).map(|arg| arg.value)
}

/// What a method does to attributes of an object that a module of the product holds: `registry.add("x")` with
/// `self.items.append(x)` in it changes `<module>.registry.items`.
fn instance_writes(test: &Subject<'_>, func: NodeId, method: &Subject<'_>) -> Vec<Touch> {
    let Some(path) = lasting_object(test, func) else { return Vec::new() };
    let code = method.code();
    let own = |expr: NodeId| own_attribute(method, expr);
    let touch = |attr: &SmolStr, act: Act, node: NodeId| {
        Touch::new(Target::attribute(format!("{path}.{attr}")), act, Phase::Run, node)
    };
    let mut found = Vec::new();
    for node in method.body().filter(|node| method.runs_here(*node)) {
        match code.kind(node) {
            NodeKind::Assign { targets, .. } => {
                for target in targets {
                    match code.kind(*target) {
                        NodeKind::Subscript { value, .. } => {
                            found.extend(own(*value).map(|it| touch(&it, Act::Put, node)));
                        }
                        _ => found.extend(own(*target).map(|it| touch(&it, Act::Replace, node))),
                    }
                }
            }
            NodeKind::Call { func, .. } => {
                if let NodeKind::Attribute { value, attr, .. } = code.kind(*func)
                    && let (Some(act), Some(it)) = (act_of_method(attr), own(*value))
                {
                    found.push(touch(&it, act, node));
                }
            }
            _ => {}
        }
    }
    found
}

/// The path of the object whose method is called, where a module of the project holds it.
fn lasting_object(test: &Subject<'_>, func: NodeId) -> Option<SmolStr> {
    let NodeKind::Attribute { value: owner, .. } = test.code().kind(func) else { return None };
    let object = reference::reference(test, *owner).filter(|reached| reached.inside.is_none())?;
    let path = test.project.canonical(&object.path);
    // Of a class the attributes are the class's own, and known as such.
    let is_object = test.project.class_at(&path).is_none()
        && test.project.layout.split_path(&path).is_some_and(|(_, rest)| !rest.is_empty());
    is_object.then_some(path)
}

/// The name in `self.name`.
pub fn own_attribute(method: &Subject<'_>, expr: NodeId) -> Option<SmolStr> {
    let NodeKind::Attribute { value, attr, .. } = method.code().kind(expr) else { return None };
    let name = method.code().kind(*value).as_name()?;
    (receiver(method, name, *value) == Some(Receiver::Instance)).then(|| attr.clone())
}
