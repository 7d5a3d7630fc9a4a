//! Programs that change schemas, run as subprocesses.

use super::Deed;
use super::tools::surrounding;
use crate::facts::NodeId;
use crate::facts::arguments::keyword;
use crate::facts::code::{Argument, ArgumentKind};
use crate::project::command_line::command;
use crate::project::database::{Frame, environment_values};

/// Programs, and the words of which all of a row must follow.
const PROGRAMS: &[(&str, &str, &[&[&str]])] = &[
    ("aerich", "Aerich", &[&["upgrade"], &["downgrade"], &["init-db"]]),
    ("alembic", "Alembic", &[&["upgrade"], &["downgrade"], &["stamp"]]),
    ("django-admin", "Django", &[&["migrate"], &["flush"]]),
    ("flask", "Flask-Migrate", &[&["db", "upgrade"], &["db", "downgrade"]]),
    ("manage.py", "Django", &[&["migrate"], &["flush"]]),
    (
        "prisma",
        "Prisma",
        &[
            &["migrate", "deploy"],
            &["migrate", "dev"],
            &["migrate", "reset"],
            &["db", "push"],
            &["db", "execute"],
        ],
    ),
];

pub(super) fn run(frame: &Frame<'_>, call: NodeId, func: NodeId, args: &[Argument]) -> Option<Deed> {
    let subject = &frame.subject;
    let tool = tool(&command(subject, func, args)?)?;
    let elsewhere = keyword(args, "cwd").is_some_and(|cwd| subject.fixed_path(cwd).is_none());
    if elsewhere || args.iter().any(|arg| arg.kind == ArgumentKind::DoubleStar) {
        return None;
    }
    let set = if keyword(args, "env").is_some() { environment_values(subject) } else { Vec::new() };
    let database = match set[..] {
        [] => surrounding(frame, call, tool)?,
        [value] => frame.database(value)?,
        _ => return None,
    };
    Some(Deed::new("migrates", database))
}

/// The tool that a command runs to change a schema.
fn tool(words: &[String]) -> Option<&'static str> {
    if words.iter().any(|word| matches!(word.as_str(), "--sql" | "--help" | "--plan" | "--check")) {
        return None;
    }
    words.iter().enumerate().find_map(|(at, word)| {
        let base = word.rsplit('/').next().unwrap_or(word);
        let (_, tool, rows) = PROGRAMS.iter().find(|(program, _, _)| *program == base)?;
        let rest = &words[at + 1..];
        let follows = |row: &&[&str]| {
            let mut rest = rest.iter();
            row.iter().all(|wanted| rest.any(|word| word == wanted))
        };
        rows.iter().any(follows).then_some(*tool)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools() {
        let cases = [
            ("prisma migrate deploy --schema x", Some("Prisma")),
            ("npx prisma db push", Some("Prisma")),
            ("prisma migrate diff --from-empty", None),
            ("python -m alembic -c x.ini upgrade head", Some("Alembic")),
            ("alembic upgrade head --sql", None),
            ("./manage.py migrate --noinput", Some("Django")),
            ("flask db upgrade", Some("Flask-Migrate")),
            ("flask run", None),
        ];
        for (text, expected) in cases {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            assert_eq!(tool(&words), expected, "{text}");
        }
    }
}
