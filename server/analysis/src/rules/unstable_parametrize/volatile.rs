//! Values that are another text in every process, and so another id.

use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::Project;
use crate::project::constant::Origin;
use crate::project::seeded::is_seeded;

/// The expression inside `origin` that makes its id another one in every process; the id of a value is its text
/// for strings and numbers, and the argument's name with a number for other objects (pytest, `_idval`).
pub fn volatile_id(project: &Project, origin: &Origin) -> Option<NodeId> {
    match origin.kind() {
        NodeKind::FString { values, .. } => {
            values.iter().copied().find(|value| is_volatile(project, &origin.at(*value)))
        }
        NodeKind::Binary { left, right, .. } => {
            volatile_id(project, &origin.at(*left)).or_else(|| volatile_id(project, &origin.at(*right)))
        }
        NodeKind::Call { func, args } => volatile_call(project, origin, *func, args),
        NodeKind::Attribute { value, attr, .. } => {
            // A year, a day or an hour is the same one in all workers of a run, but for the moment of its turn.
            let is_text = matches!(attr.as_str(), "hex" | "int" | "urn" | "second" | "microsecond");
            (is_text && is_volatile(project, &origin.at(*value))).then_some(origin.node)
        }
        NodeKind::Subscript { value, .. } => {
            let is_text =
                volatile_id(project, &origin.at(*value)).is_some() || is_worker(project, origin, *value);
            is_text.then_some(origin.node)
        }
        _ => None,
    }
}

/// Whether any part of an expression differs between processes: for `ids=` and module-level conditions.
pub fn volatile_part(project: &Project, origin: &Origin) -> Option<NodeId> {
    let code = &origin.module.file.facts(origin.item).code;
    code.subtree(origin.node).find(|node| {
        matches!(code.kind(*node), NodeKind::Call { .. }) && is_volatile(project, &origin.at(*node))
    })
}

fn volatile_call(project: &Project, origin: &Origin, func: NodeId, args: &[Argument]) -> Option<NodeId> {
    let path = origin.scope(project).path(func).unwrap_or_default();
    if path == "time.strftime" && is_coarse(origin, args) {
        return None;
    }
    if gives_text(&path, args.len()) && !is_seeded(project, origin, &path) {
        return Some(origin.node);
    }
    if matches!(
        path.as_str(),
        "builtins.str" | "builtins.repr" | "builtins.int" | "builtins.float" | "builtins.format"
    ) {
        let inner = args.first()?.value;
        return is_volatile(project, &origin.at(inner)).then_some(origin.node);
    }
    let NodeKind::Attribute { value, attr, .. } = origin.kind_of(func) else { return None };
    let receiver = origin.at(*value);
    let is_volatile_text = match attr.as_str() {
        "strftime" => !is_coarse(origin, args) && is_volatile(project, &receiver),
        "isoformat" | "timestamp" | "hex" => is_volatile(project, &receiver),
        "lower" | "upper" | "strip" | "replace" | "format" => volatile_id(project, &receiver).is_some(),
        _ => false,
    };
    is_volatile_text.then_some(origin.node)
}

/// Whether a format of `strftime` names nothing that is finer than a minute.
fn is_coarse(origin: &Origin, args: &[Argument]) -> bool {
    let format = args.first().and_then(|first| origin.kind_of(first.value).as_str());
    format.is_some_and(|format| {
        !["S", "s", "f", "c", "X", "T", "r"].iter().any(|fine| format.contains(&format!("%{fine}")))
    })
}

/// Whether the expression's value differs between processes, whatever its type.
pub fn is_volatile(project: &Project, origin: &Origin) -> bool {
    if volatile_id(project, origin).is_some() {
        return true;
    }
    let NodeKind::Call { func, args } = origin.kind() else { return false };
    let path = origin.scope(project).path(*func).unwrap_or_default();
    let gives_object = matches!(
        path.as_str(),
        "uuid.uuid1"
            | "uuid.uuid4"
            | "datetime.datetime.now"
            | "datetime.datetime.utcnow"
            | "datetime.datetime.today"
            | "builtins.object"
    );
    gives_object || gives_text(&path, args.len())
}

/// Functions that give text or a number that is another one in every process.
fn gives_text(path: &str, argument_count: usize) -> bool {
    matches!(
        path,
        "random.random"
            | "random.randint"
            | "random.randrange"
            | "random.uniform"
            | "random.choice"
            | "random.gauss"
            | "random.getrandbits"
            | "random.randbytes"
            | "secrets.token_hex"
            | "secrets.token_urlsafe"
            | "secrets.token_bytes"
            | "secrets.randbelow"
            | "secrets.choice"
            | "os.urandom"
            | "os.getpid"
            | "time.time"
            | "time.time_ns"
            | "time.monotonic"
            | "time.perf_counter"
            | "time.strftime"
            | "time.ctime"
            | "tempfile.mkdtemp"
            | "tempfile.mktemp"
            | "builtins.id"
    ) || (path == "numpy.random.rand" && argument_count == 0)
        || (path == "numpy.random.random" && argument_count == 0)
}

/// `os.environ["PYTEST_XDIST_WORKER"]`
fn is_worker(project: &Project, origin: &Origin, value: NodeId) -> bool {
    let NodeKind::Subscript { index, .. } = origin.kind() else { return false };
    origin.scope(project).path(value).is_some_and(|path| path == "os.environ")
        && origin.kind_of(*index).as_str().is_some_and(|name| name.starts_with("PYTEST_XDIST_WORKER"))
}
