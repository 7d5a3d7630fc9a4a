//! Alembic, called as a library.

use super::Deed;
use crate::facts::arguments::{argument, keyword, positional};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::database::{Database, Frame, Set, environment_address};
use crate::project::{Role, Subject};

/// `command.upgrade(config, "head")`, `alembic.config.main(argv=["upgrade", "head"])`.
pub(super) fn alembic(frame: &Frame<'_>, func: NodeId, args: &[Argument]) -> Option<Deed> {
    let subject = &frame.subject;
    let path = subject.resolve(func)?;
    let database = match path.as_str() {
        "alembic.command.upgrade" | "alembic.command.downgrade" | "alembic.command.stamp" => {
            // Only prints what it would do.
            if keyword(args, "sql").is_some() {
                return None;
            }
            of_config(frame, argument(args, 0, "config")?)?
        }
        "alembic.config.main" => {
            let argv = argument(args, 0, "argv")?;
            let NodeKind::List(words) = subject.code().kind(argv) else { return None };
            let mut words = words.iter().filter_map(|word| subject.code().kind(*word).as_str());
            words.find(|word| matches!(*word, "upgrade" | "downgrade" | "stamp"))?;
            surrounding(frame, argv, "Alembic")?
        }
        _ => return None,
    };
    Some(Deed::new("migrates", database))
}

/// The database of an Alembic configuration: set in code, else in its file or by the environment.
fn of_config(frame: &Frame<'_>, config: NodeId) -> Option<Database> {
    let subject = &frame.subject;
    let home = made_in(subject, config)?;
    let mut said = Vec::new();
    for place in std::iter::once(subject).chain(&home) {
        said.extend(overrides(place).into_iter().map(|value| (place.clone(), value)));
    }
    said.dedup_by(|a, b| a.0.item == b.0.item && a.1 == b.1);
    match said.len() {
        0 => surrounding(frame, config, "Alembic"),
        _ => {
            let mut found = said.into_iter().map(|(place, value)| match place.item == subject.item {
                true => frame.database(value?),
                false => Frame::of(place).database(value?),
            });
            let first = found.next()??;
            found.all(|other| other.is_some_and(|other| other.shown == first.shown)).then_some(first)
        }
    }
}

/// The item in which `Config(…)` is called, if that is another one; the outer `None`: it is not seen.
fn made_in<'p>(subject: &Subject<'p>, config: NodeId) -> Option<Option<Subject<'p>>> {
    let project = subject.project;
    let here = subject.origin(config);
    let there = here.followed(project);
    let made = there.subject(project);
    match made.code().kind(there.node) {
        NodeKind::Call { .. } if made.callee(there.node)?.starts_with("alembic.config.Config") => {
            Some((made.item != subject.item).then_some(made))
        }
        NodeKind::Call { func, .. } => {
            let callee = made.definition(*func)?.subject(project);
            makes_config(&callee).then_some(Some(callee))
        }
        NodeKind::Name(name) if matches!(made.role, Role::Test | Role::Fixture) => {
            let fixture = made.fixture_subject(name)?;
            makes_config(&fixture).then_some(Some(fixture))
        }
        _ => None,
    }
}

fn makes_config(subject: &Subject<'_>) -> bool {
    subject.body().any(|node| subject.callee(node).is_some_and(|path| path == "alembic.config.Config"))
}

/// What an item sets as the database of an Alembic configuration; `None` for what is set in a way that is not followed.
fn overrides(subject: &Subject<'_>) -> Vec<Option<NodeId>> {
    let code = subject.code();
    let nodes = (0..code.nodes.len() as u32).map(NodeId);
    nodes
        .filter_map(|node| match code.kind(node) {
            NodeKind::Call { func, args } => match code.kind(*func) {
                NodeKind::Attribute { attr, .. } if attr == "set_main_option" => {
                    (code.kind(positional(args, 0)?).as_str()? == "sqlalchemy.url")
                        .then(|| positional(args, 1))
                }
                NodeKind::Attribute { attr, .. } if attr == "set_section_option" => Some(None),
                _ => None,
            },
            NodeKind::Assign { targets, value } => targets.iter().find_map(|target| {
                let NodeKind::Subscript { value: owner, index } = code.kind(*target) else { return None };
                let NodeKind::Attribute { attr, .. } = code.kind(*owner) else { return None };
                let is_connection = code.kind(*index).as_str() == Some("connection");
                (attr == "attributes").then_some(is_connection.then_some(*value))
            }),
            NodeKind::Attribute { attr, .. } if attr == "cmd_opts" => Some(None),
            _ => None,
        })
        .collect()
}

/// The database that a tool finds by itself: what the code around sets in the environment, else its configuration.
pub(super) fn surrounding(frame: &Frame<'_>, at: NodeId, tool: &str) -> Option<Database> {
    match environment_address(frame.root()) {
        Set::Database(database) => Some(database),
        Set::Unknown => None,
        Set::Nothing => Some(Database::of_tool(&frame.subject, at, tool)),
    }
}
