//! Frameworks that know their database from their own configuration.

use super::Deed;
use crate::facts::arguments::{keyword, positional};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::database::{Database, Frame};
use crate::project::surroundings::neighbours;

/// Flask-SQLAlchemy's address.
const FLASK: &str = "SQLALCHEMY_DATABASE_URI";

/// The database of a Flask application that the test, its fixtures or its conftests configure.
pub(super) fn flask(frame: &Frame<'_>) -> Option<Database> {
    let address = said_around(frame, FLASK, |subject, node| {
        let code = subject.code();
        let is_key = |key: NodeId| code.kind(key).as_str() == Some(FLASK);
        match code.kind(node) {
            NodeKind::Assign { targets, value } => targets.iter().find_map(|target| {
                let NodeKind::Subscript { index, .. } = code.kind(*target) else { return None };
                is_key(*index).then_some(*value)
            }),
            NodeKind::Dict(pairs) => {
                pairs.iter().find_map(|(key, value)| key.is_some_and(is_key).then_some(*value))
            }
            NodeKind::Call { args, .. } => keyword(args, FLASK),
            _ => None,
        }
    });
    address.and_then(|(place, address)| Frame::of(place).database(address))
}

/// The database of `Tortoise.init(db_url=…)`.
pub(super) fn tortoise(frame: &Frame<'_>) -> Option<Database> {
    let address = said_around(frame, "db_url", |subject, node| {
        let NodeKind::Call { args, .. } = subject.code().kind(node) else { return None };
        keyword(args, "db_url")
    });
    address.and_then(|(place, address)| Frame::of(place).database(address))
}

/// `call_command("migrate")` where the tests configure Django themselves. pytest-django and Django's own test cases make a
/// database for each worker.
pub(super) fn django(frame: &Frame<'_>, args: &[Argument]) -> Option<Deed> {
    let code = frame.subject.code();
    let command = code.kind(positional(args, 0)?).as_str()?;
    let what = match command {
        "migrate" => "migrates",
        "flush" => "empties the tables of",
        _ => return None,
    };
    let root = frame.root();
    if root.project.plugins.has("pytest-django") || root.is_test_case() {
        return None;
    }
    let name = said_around(frame, "DATABASES", |subject, node| {
        let NodeKind::Dict(pairs) = subject.code().kind(node) else { return None };
        let value = |name: &str| {
            let is_it = |key: &NodeId| subject.code().kind(*key).as_str() == Some(name);
            pairs.iter().find(|(key, _)| key.as_ref().is_some_and(is_it)).map(|(_, value)| *value)
        };
        value("ENGINE")?;
        value("NAME")
    });
    let database = name.and_then(|(place, name)| Database::of_name(&place, name))?;
    Some(Deed::new(what, database))
}

/// The one expression that the code around the root finds behind a word, and the item that has it.
fn said_around<'p>(
    frame: &Frame<'p>,
    word: &str,
    find: impl Fn(&Subject<'_>, NodeId) -> Option<NodeId>,
) -> Option<(Subject<'p>, NodeId)> {
    let root = frame.root();
    let mut places = vec![root.clone()];
    let around = neighbours(root).into_iter();
    places.extend(around.map(|(module, item)| Subject::new(root.project, &module, item)));
    if frame.subject.item != root.item || frame.subject.path() != root.path() {
        places.push(frame.subject.clone());
    }
    places.dedup_by(|a, b| a.item == b.item && a.path() == b.path());
    let mut found = Vec::new();
    for place in places.iter().filter(|place| place.text().contains(word)) {
        let nodes = (0..place.code().nodes.len() as u32).map(NodeId);
        found.extend(nodes.filter_map(|node| Some((place.clone(), find(place, node)?))));
    }
    if found.len() == 1 { found.pop() } else { None }
}
