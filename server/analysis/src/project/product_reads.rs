//! Tests that ask the product for state which another test's call into the product left changed.

use std::sync::Arc;

use memchr::memmem;

use super::accesses::{Access, First, is_use, search_word};
use super::assertions::{is_asserted, is_fixed_to_literal};
use super::callee::Definition;
use super::effects::{Footprint, reference};
use super::guards::{Guarded, Guards};
use super::product_writes::own_attribute;
use super::target::Target;
use super::{Project, Role, Subject};
use crate::facts::{NodeId, NodeKind};
use crate::syntax::split::ItemKind;

impl Project {
    /// The tests whose assertion sees what others left in `target`: they name it themselves, or ask a function of the
    /// product that looks at it.
    pub fn product_readers(&self, target: &Target) -> Arc<Vec<Access>> {
        if let Some(known) = self.product_readers.get(target) {
            return known.clone();
        }
        let found = Arc::new(self.find_product_readers(target));
        self.product_readers.insert(target.clone(), found.clone());
        found
    }

    fn find_product_readers(&self, target: &Target) -> Vec<Access> {
        let word = search_word(target);
        let getters = self.getters(target);
        let words: Vec<&str> =
            word.as_deref().into_iter().chain(getters.iter().map(Definition::name)).collect();
        self.in_functions_naming_one_of(&words, |subject| reader(subject, target, &getters))
    }

    /// The functions beside the target that look at it and do not change it.
    fn getters(&self, target: &Target) -> Vec<Definition> {
        let Some((path, word)) = target.path().zip(search_word(target)) else { return Vec::new() };
        let Some((file, rest)) = self.layout.split_path(path) else { return Vec::new() };
        let Some(module) = self.module(file) else { return Vec::new() };
        let is_candidate = |item: &u32| {
            matches!(module.file.item(*item).kind, ItemKind::Function(_))
                && memmem::find(module.file.item_text(*item).as_bytes(), word.as_bytes()).is_some()
        };
        let of_object = rest
            .rsplit_once('.')
            .is_some_and(|(owner, _)| self.class_at(&format!("{}.{owner}", module.name)).is_none());
        (0..module.file.items().len() as u32)
            .filter(is_candidate)
            .map(|item| Definition { module: module.clone(), item })
            .filter(|getter| looks_at(&getter.subject(self), target, &word, of_object))
            .collect()
    }
}

/// Whether a function gives back what it finds in the target and leaves it as it is.
fn looks_at(getter: &Subject<'_>, target: &Target, word: &str, of_object: bool) -> bool {
    let code = getter.code();
    if getter.results().is_empty() {
        return false;
    }
    let is_it = |node: NodeId| match of_object {
        true => own_attribute(getter, node).is_some_and(|attr| attr == word),
        false => is_use(getter, node, target, word),
    };
    let mut uses = getter.body().filter(|node| is_it(*node)).peekable();
    uses.peek().is_some()
        && uses.all(|node| !is_stored(getter, node))
        && !Footprint::shallow(getter).touches.iter().any(|touch| touch.target.overlaps(target))
        && getter.results().iter().any(|result| code.subtree(*result).any(&is_it))
}

/// Whether a node stands where something is put: the target of an assignment, or the receiver of a mutating method.
fn is_stored(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let parent = code.node(node).parent;
    match code.kind(parent) {
        NodeKind::Assign { targets, .. } => targets.contains(&node),
        NodeKind::AugAssign { target, .. } => *target == node,
        NodeKind::Subscript { value, .. } if *value == node => {
            matches!(code.kind(code.node(parent).parent), NodeKind::Assign { targets, .. } if targets.contains(&parent))
        }
        NodeKind::Attribute { attr, .. } => super::effects::act_of_method(attr).is_some(),
        _ => false,
    }
}

fn reader(subject: &Subject<'_>, target: &Target, getters: &[Definition]) -> Option<Access> {
    if subject.role != Role::Test {
        return None;
    }
    let word = search_word(target)?;
    let node = subject.body().filter(|node| subject.runs_here(*node)).find(|node| {
        let sees = is_use(subject, *node, target, &word) || asks(subject, *node, target, getters);
        sees && is_expected_so(subject, *node)
    })?;
    let footprint = Footprint::of(subject);
    let is_own = |touched: &Target, at: NodeId| at < node && touched.overlaps(target);
    if footprint.touches.iter().any(|touch| is_own(&touch.target, touch.node))
        || footprint.covers.iter().any(|cover| cover.holds(node) && cover.target.overlaps(target))
        || subject.product_writes().iter().any(|write| is_own(&write.touch.target, write.touch.node))
    {
        return None;
    }
    let guards = Guards::of(subject);
    if guards.vague || guards.renews(target) || guards.of_target(target) == Guarded::Fully {
        return None;
    }
    Some(Access {
        module: subject.module.clone(),
        item: subject.item,
        role: subject.role,
        first: First::Reads,
        place: subject.place(subject.code().range(node)),
        name: subject.project.qualified_name(&subject.module, subject.item),
    })
}

/// Whether an assertion fixes the value of a node, or of the name that it is given to.
fn is_expected_so(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let is_fixed = |at: NodeId| is_asserted(subject, at) && is_fixed_to_literal(subject, at);
    if is_fixed(node) {
        return true;
    }
    let statement = code.ancestors(node).find_map(|outer| match code.kind(outer) {
        NodeKind::Assign { targets, .. } => Some(targets),
        _ => None,
    });
    let Some(name) = statement.and_then(|targets| match &**targets {
        [only] => code.kind(*only).as_name(),
        _ => None,
    }) else {
        return false;
    };
    subject
        .body()
        .filter(|later| *later > node)
        .any(|later| code.kind(later).as_name() == Some(name) && is_fixed(later))
}

/// Whether a node calls one of the getters, of the very object where it is one's.
fn asks(subject: &Subject<'_>, node: NodeId, target: &Target, getters: &[Definition]) -> bool {
    let NodeKind::Call { func, .. } = subject.code().kind(node) else { return false };
    let called = match subject.code().kind(*func) {
        NodeKind::Attribute { attr, .. } => attr,
        NodeKind::Name(name) => name,
        _ => return false,
    };
    if !getters.iter().any(|getter| getter.name() == called.as_str() || subject.resolve(*func).is_some()) {
        return false;
    }
    let Some(definition) = subject.definition(*func).filter(|definition| getters.contains(definition)) else {
        return false;
    };
    if definition.module.file.item(definition.item).owner.is_none() {
        return true;
    }
    let NodeKind::Attribute { value, .. } = subject.code().kind(*func) else { return false };
    let owner = reference::reference(subject, *value).map(|reached| subject.project.canonical(&reached.path));
    owner.is_some_and(|owner| {
        target.path().is_some_and(|path| path.rsplit_once('.').is_some_and(|(of, _)| of == owner))
    })
}
