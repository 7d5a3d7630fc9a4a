//! What keeps a change of a schema to one process, or from happening.

use memchr::memmem;

use crate::facts::NodeKind;
use crate::project::schema_change::SchemaChange;
use crate::project::surroundings::{Surroundings, is_expected_to_fail, is_switched_off, neighbours};
use crate::project::workers::{are_kept_apart, tells_apart};
use crate::project::{Module, Subject};

/// Whether the change does not happen in tests, or another rule speaks of the database's file.
pub fn is_left_out(subject: &Subject<'_>, change: &SchemaChange) -> bool {
    change.database.is_opened_file
        || is_expected_to_fail(subject, change.node)
        || is_switched_off(subject, change.node)
        || is_for_scripts(subject, change)
}

/// Below `if __name__ == "__main__":`.
fn is_for_scripts(subject: &Subject<'_>, change: &SchemaChange) -> bool {
    let code = subject.code();
    code.ancestors(change.node).any(|outer| match code.kind(outer) {
        NodeKind::If { test, .. } => {
            code.subtree(*test).any(|node| code.kind(node).as_name() == Some("__name__"))
        }
        _ => false,
    })
}

/// What holds around one item.
pub struct Quiet {
    surroundings: Surroundings,
    neighbours: Vec<(Module, u32)>,
    is_apart: bool,
}

impl Quiet {
    pub fn around(subject: &Subject<'_>) -> Quiet {
        Quiet {
            surroundings: Surroundings::of(subject),
            neighbours: neighbours(subject),
            is_apart: are_kept_apart(subject),
        }
    }

    pub fn covers(&self, subject: &Subject<'_>, change: &SchemaChange) -> bool {
        let database = &change.database;
        let on_the_way = || database.items.iter().map(|(module, item)| module.file.item_text(*item));
        let is_file = !database.shown.contains("://") && !database.shown.starts_with('/');
        self.is_apart
            || on_the_way().any(tells_apart)
            || is_file && self.surroundings.hide_relative_paths()
            || database.names.iter().any(|name| self.surroundings.mocks(name) || self.replaces(name))
            || change.is_statement
                && on_the_way()
                    .chain([subject.text()])
                    .any(|text| text.contains("rollback") || text.contains("TEMP"))
    }

    /// Whether the code around gives an attribute of that name another value: `shop.db.engine = engine`.
    fn replaces(&self, name: &str) -> bool {
        let assigned = format!(".{name} = ");
        self.neighbours.iter().any(|(module, item)| {
            let text = module.file.item_text(*item);
            let mut found = memmem::find_iter(text.as_bytes(), assigned.as_bytes());
            found.any(|at| !text[..at].ends_with("self") && !text[..at].ends_with("cls"))
        })
    }
}
