//! Makes a fixture put a target back behind its `yield`.

use crate::facts::{NodeId, NodeKind};
use crate::fix::Edits;
use crate::project::effects::Touch;
use crate::project::target::Target;
use crate::project::{Role, Subject};
use crate::text::TextRange;

use super::keeping::{Keeping, keeping, opening};
use super::statement::{body_statement_of, indentation};

/// Saves the target before the fixture's first touch and restores it at its end. A fixture that returns its value
/// yields it then. `None` where the fixture returns from several places.
pub fn restored_after_yield(subject: &Subject<'_>, target: &Target, touches: &[Touch]) -> Option<Edits> {
    if subject.role != Role::Fixture {
        return None;
    }
    let code = subject.code();
    let Keeping { imports, first, saved, restore, .. } = keeping(subject, target, touches)?;
    let variable = free_variable(subject)?;
    let statement = body_statement_of(subject, touches.first()?.node)?;
    let indent = indentation(subject, statement)?.to_owned();
    let separator = format!("{}{indent}", subject.newline());
    let mut before = opening(&first, subject.newline(), &indent);
    before.push_str(&format!("{variable} = {saved}{separator}"));
    let mut edits = imports;
    let at = |offset: u32| subject.absolute(TextRange::empty(offset));
    edits.push(subject.path(), at(code.range(statement).start), before);
    let restore: Vec<String> = restore.iter().map(|line| line.replace("{saved}", &variable)).collect();
    edits.merge(run_after_yield(subject, &restore)?);
    Some(edits)
}

/// Appends lines to a fixture's tear-down. One that returns its value yields it then. `None` where the fixture returns
/// from several places.
pub fn run_after_yield(subject: &Subject<'_>, lines: &[String]) -> Option<Edits> {
    let code = subject.code();
    let last = *subject.function()?.body.last()?;
    let separator = format!("{}{}", subject.newline(), indentation(subject, last)?);
    let mut edits = Edits::new();
    let mut behind = String::new();
    match ends_by(subject, last)? {
        Ending::Yields => {}
        Ending::Returns(keyword) => edits.push(subject.path(), subject.absolute(keyword), "yield"),
        Ending::Nothing => behind.push_str(&format!("{separator}yield")),
    }
    lines.iter().for_each(|line| behind.push_str(&format!("{separator}{line}")));
    let end = TextRange::empty(code.range(last).end);
    edits.push(subject.path(), subject.absolute(end), behind);
    Some(edits)
}

enum Ending {
    /// It yields at the level of its body already.
    Yields,
    /// The `return` at its end.
    Returns(TextRange),
    Nothing,
}

fn ends_by(subject: &Subject<'_>, last: NodeId) -> Option<Ending> {
    let code = subject.code();
    let function = subject.function()?;
    let own = |wanted: fn(&NodeKind) -> bool| -> Vec<NodeId> {
        subject.body().filter(|node| subject.runs_here(*node) && wanted(code.kind(*node))).collect()
    };
    let yields = own(|kind| matches!(kind, NodeKind::Yield { .. }));
    let returns = own(|kind| matches!(kind, NodeKind::Return(_)));
    match (yields.as_slice(), returns.as_slice()) {
        ([only], []) => {
            let statement = body_statement_of(subject, *only)?;
            let is_plain = matches!(code.kind(statement), NodeKind::Expr(_) | NodeKind::Assign { .. });
            (is_plain && function.body.contains(&statement)).then_some(Ending::Yields)
        }
        ([], [only]) if *only == last => {
            let start = code.range(last).start;
            let is_value = matches!(code.kind(last), NodeKind::Return(Some(_)));
            is_value.then(|| Ending::Returns(TextRange::new(start, start + "return".len() as u32)))
        }
        ([], []) => Some(Ending::Nothing),
        _ => None,
    }
}

fn free_variable(subject: &Subject<'_>) -> Option<String> {
    let is_free = |name: &&str| subject.facts.bindings().all(name).is_empty();
    ["saved", "saved_state", "state_before"].iter().copied().find(|name| is_free(name)).map(str::to_owned)
}
