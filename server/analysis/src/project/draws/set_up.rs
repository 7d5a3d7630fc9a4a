//! Attributes of a test's instance that its set-up draws.

use super::{Draw, Search};
use crate::facts::NodeKind;
use crate::project::Subject;
use crate::project::callee::Definition;
use crate::project::constant::Origin;

/// Methods that run before each test, or before the first of a class.
const SET_UPS: &[&str] = &["setUp", "asyncSetUp", "setUpClass", "setup_method", "setup_class", "__init__"];

impl Search<'_> {
    /// `self.noise`, as the set-up of the test's class draws it.
    pub(super) fn set_up(self, origin: &Origin) -> Option<Draw> {
        let NodeKind::Attribute { value, attr, .. } = origin.kind() else { return None };
        let is_own = matches!(origin.kind_of(*value).as_name(), Some("self" | "cls"));
        let item = origin.subject(self.project).class().filter(|_| is_own)?;
        let class = Definition { module: origin.module.clone(), item };
        let deeper = self.deeper(1)?;
        let mut found = SET_UPS.iter().filter_map(|name| {
            let method = self.project.method(&class, name)?.subject(self.project);
            assigned(&method, attr)
        });
        deeper.of(&found.next().filter(|_| found.next().is_none())?)
    }
}

/// What a method assigns to that attribute, if it does so once.
fn assigned(method: &Subject<'_>, attr: &str) -> Option<Origin> {
    let code = method.code();
    let mut values = method.body().filter_map(|node| {
        let NodeKind::Assign { targets, value } = code.kind(node) else { return None };
        let [target] = &**targets else { return None };
        let NodeKind::Attribute { value: owner, attr: set, .. } = code.kind(*target) else { return None };
        let is_it = set == attr && matches!(code.kind(*owner).as_name(), Some("self" | "cls"));
        is_it.then(|| method.origin(*value))
    });
    values.next().filter(|_| values.next().is_none())
}
