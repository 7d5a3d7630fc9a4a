//! Addresses that environment variables hold.

use super::{Database, Frame, Sharing};
use crate::facts::arguments::{argument, positional};
use crate::facts::{NodeId, NodeKind};
use crate::project::surroundings::neighbours;
use crate::project::{Subject, fixed_path::fixed_text};

/// Parts of the names of variables that say where a database is.
const WORDS: &[&str] = &["DATABASE", "DB_", "_DB", "DSN", "MYSQL", "POSTGRES", "SQL", "PGHOST"];

/// The value of the variable `name`, read at `at`.
pub(super) fn variable(
    frame: &Frame<'_>,
    at: NodeId,
    name: NodeId,
    default: Option<NodeId>,
    hops: u32,
) -> Option<Database> {
    let subject = &frame.subject;
    let name = fixed_text(subject.scope(), subject.item, name)?;
    if let Some(default) = default {
        return Some(frame.reached(default, hops)?.configured());
    }
    says_database(&name)
        .then(|| Database::written(subject, at, format!("the database of `{name}`"), Sharing::Configured))
}

fn says_database(name: &str) -> bool {
    let name = name.to_uppercase();
    WORDS.iter().any(|word| name.contains(word)) || name == "DB"
}

/// What the code around a test sets as the address of its database.
pub enum Set {
    Nothing,
    Database(Database),
    /// Set, and not seen to what.
    Unknown,
}

/// The address that a test, its fixtures or its conftests put into the environment.
pub fn environment_address(subject: &Subject<'_>) -> Set {
    let mut found = Set::Nothing;
    let own = (subject.module.clone(), subject.item);
    for (module, item) in std::iter::once(own).chain(neighbours(subject)) {
        let text = module.file.item_text(item);
        if !text.contains("env") {
            continue;
        }
        let frame = Frame::of(Subject::new(subject.project, &module, item));
        for value in assigned(&frame.subject) {
            match (frame.database(value), &found) {
                (Some(database), Set::Nothing) => found = Set::Database(database),
                _ => return Set::Unknown,
            }
        }
    }
    found
}

/// The values that an item gives to variables of the environment that say where a database is.
pub fn assigned(subject: &Subject<'_>) -> Vec<NodeId> {
    let code = subject.code();
    let is_named = |name: NodeId| {
        fixed_text(subject.scope(), subject.item, name).is_some_and(|name| says_database(&name))
    };
    let nodes = (0..code.nodes.len() as u32).map(NodeId);
    nodes
        .filter_map(|node| match code.kind(node) {
            NodeKind::Assign { targets, value } => targets.iter().find_map(|target| {
                let NodeKind::Subscript { value: owner, index } = code.kind(*target) else { return None };
                let is_environment = subject.resolve(*owner).as_deref() == Some("os.environ")
                    || code.kind(*owner).as_name().is_some_and(|name| name.contains("env"));
                (is_environment && is_named(*index)).then_some(*value)
            }),
            NodeKind::Call { func, args } => {
                let is_set = match code.kind(*func) {
                    NodeKind::Attribute { attr, .. } if attr == "setenv" => true,
                    _ => subject.resolve(*func).as_deref() == Some("os.environ.setdefault"),
                };
                let value = argument(args, 1, "value")?;
                (is_set && is_named(positional(args, 0)?)).then_some(value)
            }
            NodeKind::Dict(pairs) => pairs
                .iter()
                .find_map(|(key, value)| key.is_some_and(is_named).then_some(*value))
                .filter(|_| subject.text().contains("environ")),
            _ => None,
        })
        .collect()
}
