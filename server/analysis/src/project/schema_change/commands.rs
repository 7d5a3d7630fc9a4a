//! Programs that change schemas, run as subprocesses.

use super::Deed;
use super::tools::surrounding;
use crate::facts::arguments::keyword;
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::constant::Origin;
use crate::project::database::{Frame, environment_values};

/// Functions that run a program.
const RUNNERS: &[&str] = &[
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "os.system",
    "subprocess.Popen",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.run",
];

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
    if !RUNNERS.contains(&subject.resolve(func)?.as_str()) {
        return None;
    }
    let tool = tool(&words(subject, args))?;
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

/// The words of a command, as far as they are literal.
pub fn words(subject: &Subject<'_>, args: &[Argument]) -> Vec<String> {
    let positional = args.iter().filter(|arg| arg.kind == ArgumentKind::Positional);
    let named = keyword(args, "args").into_iter();
    let parts = positional.map(|arg| arg.value).chain(named);
    parts
        .flat_map(|part| {
            let origin = Origin { module: subject.module.clone(), item: subject.item, node: part };
            let origin = origin.followed(subject.project);
            let literal = |kind: &NodeKind| match kind {
                NodeKind::Str(text) | NodeKind::FString { template: text, .. } => text.to_string(),
                _ => "…".to_owned(),
            };
            match origin.kind() {
                NodeKind::List(items) | NodeKind::Tuple(items) => {
                    items.iter().map(|item| literal(origin.kind_of(*item))).collect()
                }
                kind => literal(kind).split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
            }
        })
        .collect()
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
