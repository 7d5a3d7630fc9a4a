//! Where tests, their fixtures and helpers create, drop or migrate the schema of a database that others may reach.

mod commands;
mod configured;
mod sql;
mod tools;

use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use super::database::{Database, Frame};
use super::{Module, Place, Project, Role, Subject};
use crate::facts::arguments::{argument, positional};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};

/// Helpers of helpers are followed this far.
const MAX_HELPERS: u32 = 2;

/// Words of which one stands in the name of a helper that is followed.
const HELPER_WORDS: &[&str] = &["database", "db", "migrat", "schema", "table"];

/// Words of which one stands in an item that plainly changes a schema itself.
const WORDS: &[&str] = &[
    "alembic",
    "call_command",
    "command.downgrade",
    "command.stamp",
    "command.upgrade",
    "create_all",
    "create_database",
    "create_tables",
    "drop_all",
    "drop_database",
    "drop_tables",
    "generate_schemas",
    "manage.py",
    "prisma",
];

/// Beginnings of statements that do, beside a word for executing them.
const VERBS: &[&str] =
    &["CREATE ", "DROP ", "ALTER ", "TRUNCATE ", "create ", "drop ", "alter ", "truncate "];

/// One call that changes a schema.
#[derive(Clone, Debug)]
pub struct SchemaChange {
    /// The call in the item that was asked about.
    pub node: NodeId,
    pub deed: &'static str,
    pub database: Database,
    /// Where it happens, if in a helper.
    pub inside: Option<Place>,
    /// It does nothing where the schema is there already.
    pub is_repeatable: bool,
    /// It may be taken back together with the transaction around it.
    pub is_statement: bool,
}

/// What a call does, before its place is known.
struct Deed {
    what: &'static str,
    database: Database,
    is_repeatable: bool,
    is_statement: bool,
}

impl Deed {
    fn new(what: &'static str, database: Database) -> Deed {
        Deed { what, database, is_repeatable: false, is_statement: false }
    }
}

/// Everything by which the item's own function changes schemas, in source order.
pub fn schema_changes(subject: &Subject<'_>) -> Vec<SchemaChange> {
    changes(&Frame::of(subject.clone()), MAX_HELPERS)
}

/// Whether an item's text may change a schema itself. Others see no change in an item whose text does not say so.
pub fn may_change_schema(text: &str) -> bool {
    let has_any = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has_any(WORDS) || text.contains("execut") && has_any(VERBS)
}

/// A change and its address, for those who ask who else changes the schema of the same database.
#[derive(Clone, Debug)]
pub struct ChangedIn {
    pub database: String,
    pub place: Place,
}

impl Project {
    /// The first place of each checked file that changes the schema of one database itself, by path.
    pub fn schema_changed_in(&self) -> Arc<Vec<ChangedIn>> {
        let part = |path: &Path| self.module(path).map(|module| self.changed_in(&module)).unwrap_or_default();
        self.schema_changes.all(self.checked_files(), part)
    }

    /// Whether two texts of an item change the schemas of the same databases.
    pub fn schemas_alike(&self, before: &Module, after: &Module, item: u32) -> bool {
        let [old, new] = [before, after].map(|module| {
            let changed = may_change_schema(module.file.item_text(item))
                .then(|| schema_changes(&Subject::new(self, module, item)));
            let databases = changed.into_iter().flatten().map(|change| change.database.shown);
            databases.collect::<Vec<_>>()
        });
        old == new
    }

    fn changed_in(&self, module: &Module) -> Vec<ChangedIn> {
        let mut found: Vec<ChangedIn> = Vec::new();
        let items = 0..module.file.items().len() as u32;
        let candidates = items.filter(|item| may_change_schema(module.file.item_text(*item)));
        for item in candidates {
            let subject = Subject::new(self, module, item);
            if !matches!(subject.role, Role::Test | Role::Fixture | Role::Xunit(_) | Role::Statement) {
                continue;
            }
            for change in schema_changes(&subject) {
                if found.iter().all(|known| known.database != change.database.shown) {
                    let place = subject.place(subject.code().range(change.node));
                    found.push(ChangedIn { database: change.database.shown, place });
                }
            }
        }
        found
    }
}

fn changes(frame: &Frame<'_>, helpers: u32) -> Vec<SchemaChange> {
    let subject = &frame.subject;
    let code = subject.code();
    let mut found = Vec::new();
    for call in subject.body() {
        let NodeKind::Call { func, args } = code.kind(call) else { continue };
        if !subject.runs_here(call) {
            continue;
        }
        if let Some(deed) = deed(frame, call, *func, args) {
            let Deed { what, database, is_repeatable, is_statement } = deed;
            let change =
                SchemaChange { node: call, deed: what, database, inside: None, is_repeatable, is_statement };
            found.push(change);
            continue;
        }
        found.extend(in_helper(frame, call, *func, args, helpers));
    }
    found
}

/// The first change that a helper makes, at the call of the helper.
fn in_helper(
    frame: &Frame<'_>,
    call: NodeId,
    func: NodeId,
    args: &[Argument],
    helpers: u32,
) -> Option<SchemaChange> {
    let helpers = helpers.checked_sub(1)?;
    let name = last_name(frame, func)?;
    if !HELPER_WORDS.iter().any(|word| name.contains(word)) {
        return None;
    }
    let callee = frame.subject.definition(func)?.subject(frame.subject.project);
    if matches!(callee.role, Role::Test | Role::Fixture | Role::Class) {
        return None;
    }
    let inner = Frame::called(callee, frame, args);
    let mut change = changes(&inner, helpers).into_iter().next()?;
    let place = inner.subject.place(inner.subject.code().range(change.node));
    change.inside.get_or_insert(place);
    change.database.names.push(name);
    change.node = call;
    Some(change)
}

fn deed(frame: &Frame<'_>, call: NodeId, func: NodeId, args: &[Argument]) -> Option<Deed> {
    let name = last_name(frame, func)?;
    match name.as_str() {
        "create_all" | "drop_all" => metadata(frame, &name, args),
        "run_sync" => run_sync(frame, func, args),
        "create_tables" | "drop_tables" => {
            Some(Deed::new(tables(&name), frame.database(receiver(frame, func)?)?))
        }
        "create_database" | "drop_database" => {
            frame.subject.resolve(func)?.starts_with("sqlalchemy_utils.").then_some(())?;
            let database = frame.database(argument(args, 0, "url")?)?;
            Some(Deed::new(if name == "create_database" { "creates" } else { "drops" }, database))
        }
        "generate_schemas" => {
            configured::tortoise(frame).map(|database| Deed::new("creates the tables of", database))
        }
        "call_command" => configured::django(frame, args),
        "upgrade" | "downgrade" | "stamp" | "main" => tools::alembic(frame, func, args),
        _ => sql::executed(frame, func, &name, args).or_else(|| commands::run(frame, call, func, args)),
    }
}

/// `metadata.create_all(engine)`; without an engine Flask-SQLAlchemy's `db.create_all()`.
fn metadata(frame: &Frame<'_>, name: &str, args: &[Argument]) -> Option<Deed> {
    let database = match argument(args, 0, "bind") {
        Some(bind) => frame.database(bind)?,
        None => configured::flask(frame)?,
    };
    Some(Deed::new(tables(name), database))
}

/// `await connection.run_sync(Base.metadata.create_all)`, also by a lambda.
fn run_sync(frame: &Frame<'_>, func: NodeId, args: &[Argument]) -> Option<Deed> {
    let code = frame.subject.code();
    let what = code.subtree(positional(args, 0)?).find_map(|node| match code.kind(node) {
        NodeKind::Attribute { attr, .. } if matches!(attr.as_str(), "create_all" | "drop_all") => {
            Some(tables(attr))
        }
        _ => None,
    })?;
    Some(Deed::new(what, frame.database(receiver(frame, func)?)?))
}

fn tables(name: &str) -> &'static str {
    if name.starts_with("drop") { "drops the tables of" } else { "creates the tables of" }
}

fn last_name(frame: &Frame<'_>, func: NodeId) -> Option<SmolStr> {
    match frame.subject.code().kind(func) {
        NodeKind::Name(name) | NodeKind::Attribute { attr: name, .. } => Some(name.clone()),
        _ => None,
    }
}

/// What a method is called on.
fn receiver(frame: &Frame<'_>, func: NodeId) -> Option<NodeId> {
    match frame.subject.code().kind(func) {
        NodeKind::Attribute { value, .. } => Some(*value),
        _ => None,
    }
}
