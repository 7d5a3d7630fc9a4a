//! The cures: a mock for one module alone, or a question that others cannot answer.

mod one_module;

use super::Found;
use crate::facts::NodeKind;
use crate::fix::{Applicability, Edits, Fix};
use crate::project::Subject;

pub fn fixes(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
    one_module::patched(subject, found).into_iter().chain(any_call(subject, found)).collect()
}

/// `assert_any_call(2)` for `assert_called_once_with(2)`.
fn any_call(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(found.at) else { return None };
    let NodeKind::Attribute { attr, attr_range, .. } = code.kind(*func) else { return None };
    let any = match attr.as_str() {
        "assert_called_once_with" | "assert_called_with" => "assert_any_call",
        "assert_awaited_once_with" | "assert_awaited_with" => "assert_any_await",
        _ => return None,
    };
    // Without arguments it would hold by another's call.
    if args.is_empty() {
        return None;
    }
    let mut edits = Edits::new();
    edits.push(subject.path(), subject.absolute(*attr_range), any);
    Some(Fix::cure("Ask whether it is among the calls", Applicability::Suggested, edits))
}
