//! Attributes that a class of the project makes sets: `self.children = set()`.

use super::{Disorder, Search};
use crate::facts::code::ComprehensionKind;
use crate::facts::{NodeId, NodeKind};
use crate::project::constant::Origin;
use crate::project::{Module, Subject};

impl Search<'_> {
    /// `self.children` and `node.children`, where all that the class ever puts there is a set.
    pub(super) fn in_attribute(self, origin: &Origin, value: NodeId, attr: &str) -> Option<Disorder> {
        let subject = origin.subject(self.project);
        let (module, class) = match origin.kind_of(value) {
            NodeKind::Name(name) if name == "self" => (origin.module.clone(), subject.class()?),
            _ => {
                let class = subject.class_of(value)?;
                (class.module, class.item)
            }
        };
        self.is_always_set(&module, class, attr).then(|| Disorder::unknown_set(origin))
    }

    fn is_always_set(self, module: &Module, class: u32, attr: &str) -> bool {
        let written = format!("self.{attr}");
        let mut is_any = false;
        for member in module.file.members(class) {
            if !module.file.item_text(member).contains(written.as_str()) {
                continue;
            }
            let method = Subject::new(self.project, module, member);
            let code = method.code();
            for node in method.body() {
                let value = match code.kind(node) {
                    NodeKind::Assign { targets, value } => {
                        let is_it = |target: &NodeId| code.dotted(*target).as_ref() == Some(&written);
                        targets.iter().any(is_it).then_some(*value)
                    }
                    NodeKind::AnnAssign { target, value: Some(value), .. } => {
                        (code.dotted(*target).as_ref() == Some(&written)).then_some(*value)
                    }
                    _ => None,
                };
                let Some(value) = value else { continue };
                if !makes_set(&method, value) {
                    return false;
                }
                is_any = true;
            }
        }
        is_any
    }
}

fn makes_set(method: &Subject<'_>, value: NodeId) -> bool {
    match method.code().kind(value) {
        NodeKind::Set(_) | NodeKind::Comprehension { kind: ComprehensionKind::Set, .. } => true,
        NodeKind::Call { .. } => {
            method.callee(value).is_some_and(|path| path == "builtins.set" || path == "builtins.frozenset")
        }
        _ => false,
    }
}
