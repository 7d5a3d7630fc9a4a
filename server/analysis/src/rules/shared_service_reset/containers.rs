//! Containers under a fixed name, started or taken away by the `docker` program.

use super::{Found, Kind};
use crate::facts::NodeKind;
use crate::facts::arguments::keyword;
use crate::hint::Confidence;
use crate::project::command_line::command;
use crate::project::{Role, Subject};

/// Every call of the function itself that starts or stops a container which all workers call by one name.
pub fn started(subject: &Subject<'_>) -> Vec<Found> {
    let code = subject.code();
    let calls = subject.body().filter(|node| subject.runs_here(*node));
    calls
        .filter_map(|call| {
            let NodeKind::Call { func, args } = code.kind(call) else { return None };
            let deed = deed(&command(subject, *func, args)?)?;
            // A compose file in a folder of the test's own has names of its own.
            if keyword(args, "cwd").is_some() {
                return None;
            }
            // A test runs on one worker only; a fixture on each.
            let is_of_each = subject.role != Role::Test;
            let confidence = if is_of_each { Confidence::Likely } else { Confidence::Possible };
            Some(Found { node: call, deed, kind: Kind::Container, written_at: None, confidence })
        })
        .collect()
}

/// What a command does to a container, or to the services of a compose file; `None` where its name is computed.
fn deed(words: &[String]) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let at = words.iter().position(|word| matches!(*word, "docker" | "docker-compose" | "podman"))?;
    let rest = &words[at + 1..];
    let is_compose = words[at] == "docker-compose" || rest.first() == Some(&"compose");
    if is_compose {
        let has_own_name =
            rest.iter().any(|word| word.starts_with("-p") || word.starts_with("--project-name"));
        let is_reset = subcommand(rest).is_some_and(|word| matches!(word, "up" | "down" | "restart" | "rm"));
        return (is_reset && !has_own_name)
            .then(|| "starts or stops the services of a compose file".to_owned());
    }
    match rest.first()? {
        &"run" | &"create" => {
            let name = rest.iter().position(|word| *word == "--name").and_then(|at| rest.get(at + 1));
            let name = name.copied().or_else(|| rest.iter().find_map(|word| word.strip_prefix("--name=")))?;
            is_fixed(name).then(|| format!("starts a container under the name `{name}`"))
        }
        &"rm" | &"stop" | &"kill" | &"restart" => {
            let name = rest[1..].iter().rfind(|word| !word.starts_with('-'))?;
            is_fixed(name).then(|| format!("takes the container `{name}` away"))
        }
        _ => None,
    }
}

/// The first word that is neither `compose` nor an option with its value.
fn subcommand<'a>(words: &[&'a str]) -> Option<&'a str> {
    let mut words = words.iter().filter(|word| **word != "compose");
    loop {
        match *words.next()? {
            "-f" | "--file" | "--env-file" | "--profile" | "--project-directory" => drop(words.next()?),
            option if option.starts_with('-') => {}
            word => return Some(word),
        }
    }
}

/// Whether a word is written whole: `…` and `{}` stand for what is computed.
fn is_fixed(word: &str) -> bool {
    !word.contains('…') && !word.contains('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands() {
        let cases = [
            (
                "docker run -d --rm --name shop-db postgres:16",
                Some("starts a container under the name `shop-db`"),
            ),
            ("docker run --name=shop-db postgres", Some("starts a container under the name `shop-db`")),
            ("docker run --rm postgres", None),
            ("docker run --name shop-{} postgres", None),
            ("docker rm -f shop-db", Some("takes the container `shop-db` away")),
            ("docker ps -a", None),
            ("docker compose -f x.yml up -d", Some("starts or stops the services of a compose file")),
            ("docker-compose -p … up", None),
            ("docker compose exec db rm x", None),
            ("podman stop …", None),
        ];
        for (text, expected) in cases {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            assert_eq!(deed(&words).as_deref(), expected, "{text}");
        }
    }
}
