//! Only the records of the logger that the test names.

use super::captured::Captured;
use super::claimed::Claimed;
use crate::facts::arguments::keyword;
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::project::Subject;

/// `caplog.records` as a list of those whose logger is the one given to `set_level` or `at_level`.
pub fn by_logger(subject: &Subject<'_>, claimed: &Claimed) -> Option<Fix> {
    let Captured::Log { view } = &claimed.captured else { return None };
    let logger = logger(subject)?;
    let picked = match view.as_str() {
        "records" => format!("[record for record in caplog.records if record.name.startswith({logger})]"),
        "messages" => {
            format!("[record.getMessage() for record in caplog.records if record.name.startswith({logger})]")
        }
        "record_tuples" => {
            format!("[record for record in caplog.record_tuples if record[0].startswith({logger})]")
        }
        _ => return None,
    };
    let code = subject.code();
    let is_same = |node: &NodeId| {
        code.kind(*node) == code.kind(claimed.all) || subject.source(*node) == subject.source(claimed.all)
    };
    let mut edits = Edits::new();
    for node in
        subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Attribute { .. })).filter(is_same)
    {
        edits.push(subject.path(), subject.absolute(code.range(node)), &picked);
    }
    let title = format!("Take only records of the logger {logger}");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// The only logger that the test sets a level for, as it is written.
fn logger(subject: &Subject<'_>) -> Option<String> {
    let code = subject.code();
    let mut named = subject.body().filter_map(|node| {
        let NodeKind::Call { func, args } = code.kind(node) else { return None };
        let is_level = matches!(code.kind(*func).last_name(), Some("set_level" | "at_level"));
        let logger = keyword(args, "logger").or_else(|| args.get(1).map(|second| second.value))?;
        (is_level && code.kind(logger).as_str().is_some_and(|name| !name.is_empty()))
            .then(|| subject.source(logger).to_owned())
    });
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}
