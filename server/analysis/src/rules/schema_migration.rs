//! `schema-migration`: a test or its fixture changes the schema of a database that every worker reaches.

mod quiet;

use crate::fix::Fix;
use crate::fixes::no_parallel;
use crate::hint::Confidence;
use crate::project::database::Sharing;
use crate::project::schema_change::{SchemaChange, schema_changes};
use crate::project::{FixtureScope, Place, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

pub struct SchemaMigration;

/// What one function does to the schema of one database.
pub struct Found {
    first: SchemaChange,
    /// Further changes of the same schema by the same function.
    further: Vec<SchemaChange>,
    /// Where another module changes it.
    elsewhere: Option<Place>,
}

/// Places that are shown beside the first.
const MAX_RELATED: usize = 5;

impl Rule for SchemaMigration {
    const META: RuleMeta = RuleMeta {
        name: "schema-migration",
        summary: "A test or fixture creates, drops or migrates the schema of a database that other workers use too",
        cause: Cause::StateOutside,
        page: include_str!("schema-migration.md"),
        on_by_default: true,
        triggers: &[&[
            "alembic",
            "call_command",
            "create_all",
            "database",
            "db",
            "downgrade",
            "drop_all",
            "exec_driver_sql",
            "execute",
            "migrat",
            "prisma",
            "scalar",
            "schema",
            "stamp",
            "table",
            "upgrade",
        ]],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::STATEMENT);
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        // What a test module or conftest does when it is imported.
        if subject.role == Role::Statement && subject.class().is_some() {
            return Vec::new();
        }
        let mut changes = schema_changes(subject);
        changes.retain(|change| !quiet::is_left_out(subject, change));
        if changes.is_empty() {
            return Vec::new();
        }
        let quiet = quiet::Quiet::around(subject);
        changes.retain(|change| !quiet.covers(subject, change));
        let mut found: Vec<Found> = Vec::new();
        for change in changes {
            match found.iter_mut().find(|known| known.first.database.shown == change.database.shown) {
                Some(known) => known.further.push(change),
                None => found.push(Found { elsewhere: None, first: change, further: Vec::new() }),
            }
        }
        for found in &mut found {
            found.elsewhere = elsewhere(subject, found);
        }
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let Found { first, further, elsewhere } = found;
        let code = subject.code();
        let mut related = Vec::new();
        if let Some(place) = &first.inside {
            related.push((place.clone(), "The schema is changed here.".to_owned()));
        }
        related.push((first.database.written_at.clone(), "This says which database it is.".to_owned()));
        let more = further.iter().map(|change| subject.place(code.range(change.node)));
        related.extend(more.map(|place| (place, "The same schema is changed here too.".to_owned())));
        related.truncate(MAX_RELATED);
        related.extend(
            elsewhere.clone().map(|place| (place, "Another module changes the same schema.".to_owned())),
        );
        Said {
            confidence: confidence(subject, found),
            at: code.range(first.node),
            what: format!("This {} {}, which every process that runs tests reaches.", first.deed, first.database.in_words()),
            why: why(subject).to_owned(),
            todo: "Give each worker a database of its own: put `worker_id` into its name, or keep it in memory or \
                   below `tmp_path`."
                .to_owned(),
            related,
            mitigated_by: subject.kept_apart_by(),
        }
    }

    fn fix(subject: &Subject<'_>, _: &Found) -> Vec<Fix> {
        no_parallel::mark(subject).into_iter().collect()
    }
}

/// Likely where the address is in sight, and others change the schema: workers, or another module.
fn confidence(subject: &Subject<'_>, found: &Found) -> Confidence {
    let Found { first, further, elsewhere } = found;
    let is_repeatable = first.is_repeatable && further.iter().all(|change| change.is_repeatable);
    let meets_others = subject.project.has_workers() || elsewhere.is_some();
    match first.database.sharing {
        Sharing::Fixed if meets_others && !is_repeatable => Confidence::Likely,
        _ => Confidence::Possible,
    }
}

/// The place where another module changes the same schema. With workers nobody needs to be asked.
fn elsewhere(subject: &Subject<'_>, found: &Found) -> Option<Place> {
    let database = &found.first.database;
    if database.sharing != Sharing::Fixed || subject.project.has_workers() {
        return None;
    }
    let others = subject.project.schema_changed_in();
    let other =
        others.iter().find(|other| other.database == database.shown && other.place.path != subject.path());
    other.map(|other| other.place.clone())
}

fn why(subject: &Subject<'_>) -> &'static str {
    let scope = subject.as_fixture().and_then(|fixture| fixture.scope);
    match subject.role {
        Role::Statement => {
            "Every pytest-xdist worker imports the module for itself, so several change the schema at once."
        }
        Role::Fixture if scope.is_some_and(|scope| scope > FixtureScope::Class) => {
            "Even a session fixture runs once in each pytest-xdist worker, so one worker creates or drops tables that \
             others are using."
        }
        _ => {
            "pytest-xdist workers and other runs meet there, so one creates or drops tables that others are using."
        }
    }
}
