//! The cures: a `with` around the `yield`, and a loop that is closed.

use super::{Found, Left};
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::line::{indent_unit, insert_below, replace};
use crate::project::Subject;

/// What `with` closes at once; a process would be waited for, and a temporary directory gives its name.
const CLOSED_BY_WITH: &[&str] = &[
    "socket.socket",
    "socket.create_connection",
    "socket.create_server",
    "builtins.open",
    "io.open",
    "http.server.HTTPServer",
    "http.server.ThreadingHTTPServer",
    "socketserver.TCPServer",
    "socketserver.ThreadingTCPServer",
    "socketserver.UDPServer",
    "socketserver.ThreadingUDPServer",
];

pub fn closed(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let (title, edits) = match &found.left {
        Left::Given { statement } => {
            ("Close it behind a `yield`".to_owned(), yielded(subject, found.made, *statement)?)
        }
        Left::Loop { name } => (format!("Close `{name}`"), closed_loop(subject, found.made, name)?),
    };
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// `with socket.socket() as sock:`, `yield sock` in the place of `return socket.socket()`, where that is the last statement.
fn yielded(subject: &Subject<'_>, made: NodeId, statement: NodeId) -> Option<Edits> {
    let code = subject.code();
    let function = subject.function()?;
    let is_last = function.body.last() == Some(&statement);
    let is_direct = match code.kind(statement) {
        NodeKind::Return(Some(value)) => *value == made,
        NodeKind::Expr(value) => {
            matches!(code.kind(*value), NodeKind::Yield { value: Some(value), .. } if *value == made)
        }
        _ => false,
    };
    let path = subject.callee(made)?;
    if !is_last || !is_direct || !CLOSED_BY_WITH.contains(&path.as_str()) || function.returns.is_some() {
        return None;
    }
    let name = match path.as_str() {
        path if path.starts_with("socket.") => "sock",
        "builtins.open" | "io.open" => "file",
        _ => "server",
    };
    let is_taken = subject.scope().is_local(name, statement);
    let source = subject.source(made);
    if is_taken || source.contains('\n') {
        return None;
    }
    let unit = indent_unit(subject);
    replace(subject, statement, &[format!("with {source} as {name}:"), format!("{unit}yield {name}")])
}

/// Behind the last statement that names it, where that stands beside the one that makes it.
fn closed_loop(subject: &Subject<'_>, made: NodeId, name: &str) -> Option<Edits> {
    let code = subject.code();
    if name.contains('.') {
        return None;
    }
    let last = subject.body().rfind(|node| code.kind(*node).as_name() == Some(name))?;
    let block = code.node(code.statement_of(made)).parent;
    let statement = std::iter::once(last)
        .chain(code.ancestors(last))
        .find(|outer| code.node(*outer).parent == block && *outer != block)?;
    let is_simple =
        matches!(code.kind(statement), NodeKind::Expr(_) | NodeKind::Assign { .. } | NodeKind::Assert { .. });
    is_simple.then(|| insert_below(subject, statement, &[format!("{name}.close()")])).flatten()
}
