//! Servers that are started as programs, with the port on their command line.

use super::address::behind_colon;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::command_line::words;

/// Functions that start a program and go on.
const STARTERS: &[&str] = &[
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "pexpect.spawn",
    "subprocess.Popen",
];

/// Programs that serve, and commands of programs that do.
const SERVERS: &[&str] = &[
    "daphne",
    "granian",
    "gunicorn",
    "http.server",
    "hypercorn",
    "moto_server",
    "redis-server",
    "runserver",
    "serve",
    "server",
    "server.py",
    "uvicorn",
    "waitress-serve",
];

/// Options that take a port or an address.
const OPTIONS: &[&str] =
    &["--bind", "--http-port", "--http", "--listen", "--port", "--server-port", "--server.port", "-b", "-p"];

/// The port at which the program that a call starts listens.
pub fn port(subject: &Subject<'_>, call: NodeId) -> Option<u16> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    let path = subject.resolve(*func)?;
    if !STARTERS.contains(&path.as_str()) {
        return None;
    }
    let words = words(subject, args);
    of_words(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn of_words(words: &[&str]) -> Option<u16> {
    let is_flask = words.windows(2).any(|pair| pair == ["flask", "run"]);
    let at = words.iter().position(|word| SERVERS.contains(&word.rsplit('/').next().unwrap_or(word)));
    if !is_flask && at.is_none() {
        return None;
    }
    let of_option = words.iter().enumerate().find_map(|(index, word)| match word.split_once('=') {
        Some((option, value)) if OPTIONS.contains(&option) => number(value),
        None if OPTIONS.contains(word) => number(words.get(index + 1)?),
        _ => None,
    });
    // `python -m http.server 8000`, `manage.py runserver 8000`
    let of_place = || {
        let takes_place = matches!(words[at?], "http.server" | "runserver");
        number(words.get(at? + 1)?).filter(|_| takes_place)
    };
    of_option.or_else(of_place)
}

fn number(word: &str) -> Option<u16> {
    word.parse().ok().filter(|port| *port > 0).or_else(|| behind_colon(word))
}

#[cfg(test)]
mod tests {
    use super::of_words;

    #[test]
    fn ports_of_commands() {
        let cases = [
            ("uvicorn app:app --port 8000", Some(8000)),
            ("… -m uvicorn app:app --port=8000", Some(8000)),
            ("python -m http.server 8001", Some(8001)),
            ("python -m http.server", None),
            ("python -m http.server --directory x 0", None),
            ("gunicorn -b 127.0.0.1:8002 app", Some(8002)),
            ("python manage.py runserver 127.0.0.1:8003", Some(8003)),
            ("flask run -p 5001", Some(5001)),
            ("/usr/bin/redis-server --port 6390", Some(6390)),
            ("redis-server --port 0", None),
            ("redis-cli -p 6390", None),
            ("uvicorn app:app --port …", None),
            ("uvicorn app:app --port={}", None),
            ("tool --server localhost --port 80", None),
        ];
        for (text, expected) in cases {
            let words: Vec<&str> = text.split_whitespace().collect();
            assert_eq!(of_words(&words), expected, "{text}");
        }
    }
}
