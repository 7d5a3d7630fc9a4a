//! Statements of SQL's data definition language that are executed as text.

use super::{Deed, receiver};
use crate::facts::NodeId;
use crate::facts::NodeKind;
use crate::facts::arguments::positional;
use crate::facts::code::Argument;
use crate::project::database::Frame;
use crate::project::fixed_path::fixed_text;

/// Methods of connections, cursors and sessions that execute a text.
const EXECUTES: &[&str] =
    &["exec_driver_sql", "execute", "execute_script", "execute_sql", "executescript", "scalar"];

/// What the statement is about.
const OBJECTS: &[&str] =
    &["DATABASE", "EXTENSION", "INDEX", "SCHEMA", "SEQUENCE", "TABLE", "TRIGGER", "TYPE", "VIEW"];

pub(super) fn executed(frame: &Frame<'_>, func: NodeId, name: &str, args: &[Argument]) -> Option<Deed> {
    if !EXECUTES.contains(&name) {
        return None;
    }
    let text = text(frame, positional(args, 0)?)?;
    let (what, is_repeatable) = text.split(';').find_map(definition)?;
    let database = frame.database(receiver(frame, func)?)?;
    Some(Deed { what, database, is_repeatable, is_statement: true })
}

/// The text of a statement, also inside `text(…)`. One that is put together at run time is not seen.
fn text(frame: &Frame<'_>, expr: NodeId) -> Option<String> {
    let subject = &frame.subject;
    let inner = match subject.code().kind(expr) {
        NodeKind::Call { args, .. } => positional(args, 0)?,
        _ => expr,
    };
    fixed_text(subject.scope(), subject.item, inner)
}

/// What one statement does to a schema, and whether it asks first.
fn definition(statement: &str) -> Option<(&'static str, bool)> {
    let statement = statement.trim_start().to_uppercase();
    let words: Vec<&str> = statement.split_whitespace().take(8).collect();
    let (verb, rest) = words.split_first()?;
    let what = match *verb {
        "CREATE" => "changes the schema of",
        "ALTER" => "changes the schema of",
        "DROP" => "changes the schema of",
        "TRUNCATE" => return Some(("empties tables of", false)),
        _ => return None,
    };
    let head = rest.iter().take(4).take_while(|word| !word.contains('('));
    let object = head.clone().position(|word| OBJECTS.contains(word))?;
    let is_private = rest[..object].iter().any(|word| word.starts_with("TEMP") || *word == "VIRTUAL")
        || rest.get(object + 1).is_some_and(|name| name.starts_with('#'));
    let asks = rest[object..].contains(&"EXISTS") || rest[..object].contains(&"REPLACE");
    (!is_private).then_some((what, asks && *verb == "CREATE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions() {
        let cases = [
            ("CREATE TABLE a (b int)", Some(false)),
            ("create table if not exists a (b int)", Some(true)),
            ("CREATE UNIQUE INDEX i ON a (b)", Some(false)),
            ("\n  drop table a", Some(false)),
            ("DROP TABLE IF EXISTS a", Some(false)),
            ("ALTER TABLE a ADD b int", Some(false)),
            ("TRUNCATE a", Some(false)),
            ("CREATE TEMP TABLE a (b int)", None),
            ("CREATE TABLE #a (b int)", None),
            ("INSERT INTO a VALUES (1)", None),
            ("SELECT 'CREATE TABLE'", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(definition(text).map(|(_, repeatable)| repeatable), expected, "{text}");
        }
    }
}
