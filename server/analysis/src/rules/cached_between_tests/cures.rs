//! Empties the cache before and after.

use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Fix};
use crate::fixes::cleanup_fixture::module_fixture;
use crate::fixes::line::insert_above;
use crate::fixes::register_cleanup::registrar;
use crate::fixes::statement::body_statement_of;
use crate::project::Subject;
use crate::project::callee::Definition;

/// An autouse fixture of the module; in a `TestCase` a clean-up of the test.
pub fn cleared(subject: &Subject<'_>, call: NodeId, cached: &Definition) -> Option<Fix> {
    let name = spelled(subject, call)?;
    let clear = format!("{name}.cache_clear");
    if let Some(register) = registrar(subject) {
        let statement = body_statement_of(subject, call)?;
        let edits =
            insert_above(subject, statement, &[format!("{clear}()"), format!("{register}({clear})")])?;
        let title = format!("Empty the cache of `{name}` before the call and after the test");
        return Some(Fix::cure(title, Applicability::Suggested, edits));
    }
    let lines = [format!("{clear}()"), "yield".to_owned(), format!("{clear}()")];
    let edits = module_fixture(subject, &format!("clear_{}", cached.name().trim_matches('_')), &lines)?;
    let title = format!("Empty the cache of `{name}` around each test of this module");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// What the module calls the function.
fn spelled<'s>(subject: &'s Subject<'_>, call: NodeId) -> Option<&'s str> {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(call) else { return None };
    let root = code.subtree(*func).find(|node| code.kind(*node).as_name().is_some())?;
    let name = code.kind(root).as_name()?;
    let is_of_module =
        !subject.module.file.scope().get(name).is_empty() && !subject.scope().is_local(name, root);
    (is_of_module && code.dotted(*func).is_some()).then(|| subject.source(*func))
}
