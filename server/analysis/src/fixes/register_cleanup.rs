//! Registers a clean-up of `unittest` before a test or set-up changes a target.

use crate::fix::Edits;
use crate::project::effects::Touch;
use crate::project::role::{Phase, Reach};
use crate::project::target::Target;
use crate::project::{Role, Subject};
use crate::text::TextRange;

use super::keeping::{Keeping, Saving, keeping};
use super::statement::{body_statement_of, indentation};

/// Inserts `self.addCleanup(…)` before the first touch. Clean-ups run last in, first out, so the one that empties a
/// container is registered after the one that fills it again.
pub fn registered_cleanup(subject: &Subject<'_>, target: &Target, touches: &[Touch]) -> Option<Edits> {
    let register = registrar(subject)?;
    let Keeping { imports, first, saved, saving, .. } = keeping(subject, target, touches)?;
    let mut lines: Vec<String> = first.into_iter().filter(|line| !line.starts_with("global ")).collect();
    match saving {
        Saving::Call { function, args } => {
            let args: String = args.iter().map(|arg| format!("{arg}, ")).collect();
            lines.push(format!("{register}({function}, {args}{saved})"));
        }
        Saving::List { expr } => lines.push(format!("{register}({expr}.__setitem__, slice(None), {saved})")),
        Saving::Filled { expr } => {
            lines.push(format!("{register}({expr}.update, {saved})"));
            lines.push(format!("{register}({expr}.clear)"));
        }
        Saving::Global { name } => {
            lines.push(format!("{register}(globals().__setitem__, \"{name}\", {saved})"));
        }
        Saving::Statement => return None,
    }
    let statement = body_statement_of(subject, touches.first()?.node)?;
    let indent = indentation(subject, statement)?;
    let separator = format!("{}{indent}", subject.newline());
    let text = lines.iter().map(|line| format!("{line}{separator}")).collect::<String>();
    let mut edits = imports;
    let at = subject.absolute(subject.code().range(statement)).start;
    edits.push(subject.path(), TextRange::empty(at), text);
    Some(edits)
}

/// What registers a clean-up in a `unittest` test or set-up. `None` in other functions.
pub fn registrar(subject: &Subject<'_>) -> Option<String> {
    if !subject.is_test_case() {
        return None;
    }
    let receiver = &subject.function()?.params.first()?.name;
    match subject.role {
        Role::Test => Some(format!("{receiver}.addCleanup")),
        Role::Xunit(xunit) if xunit.phase == Phase::SetUp => Some(match xunit.reach {
            Reach::Class => format!("{receiver}.addClassCleanup"),
            _ => format!("{receiver}.addCleanup"),
        }),
        _ => None,
    }
}
