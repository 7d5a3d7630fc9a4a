//! Gives handed-off work a name, by which it can be waited for.

use super::statement::indentation;
use crate::facts::{Code, NodeId, NodeKind};
use crate::fix::Edits;
use crate::project::Subject;
use crate::project::handoff::{HandOff, Runner, handle_of};
use crate::text::TextRange;

/// By what the work is waited for.
pub struct Handle {
    pub name: String,
    /// The edits that give it the name; none where it has one.
    pub naming: Edits,
    /// The name is that of a list of handles.
    pub is_list: bool,
}

/// The handle that a hand-off has, or gets by edits where its statement does nothing else. `None` where it can get none.
pub fn handle(subject: &Subject<'_>, off: &HandOff) -> Option<Handle> {
    let code = subject.code();
    let parent = code.node(off.call).parent;
    if let Some(name) = handle_of(subject, off.call) {
        let is_list = !matches!(code.kind(parent), NodeKind::Assign { value, .. } if *value == off.call)
            && !matches!(code.kind(parent), NodeKind::AnnAssign { .. });
        return Some(Handle { name, naming: Edits::new(), is_list });
    }
    let wanted = match off.runner {
        Runner::Thread => "thread",
        Runner::Executor => "future",
        Runner::Process => "process",
        _ => "task",
    };
    let taken = |name: &str| {
        !subject.facts.bindings().all(name).is_empty() || !subject.module.file.scope().get(name).is_empty()
    };
    let names = std::iter::once(wanted.to_owned()).chain((2..9).map(|number| format!("{wanted}_{number}")));
    let name = names.into_iter().find(|name| !taken(name))?;
    let statement = code.statement_of(off.begins);
    let NodeKind::Expr(value) = code.kind(statement) else { return None };
    if *value != off.begins {
        return None;
    }
    let mut naming = Edits::new();
    let start = code.range(off.call).start;
    naming.push(subject.path(), subject.absolute(TextRange::empty(start)), format!("{name} = "));
    if off.begins != off.call {
        let indent = indentation(subject, statement)?;
        let newline = subject.newline();
        let range = TextRange::new(code.range(off.call).end, code.range(off.begins).end);
        naming.push(subject.path(), subject.absolute(range), format!("{newline}{indent}{name}.start()"));
    }
    Some(Handle { name, naming, is_list: false })
}

/// Whether the statement of the hand-off has run wherever `spot` runs: only `with` blocks lie between.
pub fn reaches(code: &Code, from: NodeId, spot: NodeId) -> bool {
    let mut block = code.node(code.statement_of(from)).parent;
    while matches!(code.kind(block), NodeKind::With { .. }) && !code.is_within(spot, block) {
        block = code.node(block).parent;
    }
    code.ancestors(spot).any(|outer| outer == block)
}
