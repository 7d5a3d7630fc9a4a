//! What an expression counts or lists of the whole process.

use crate::facts::arguments::positional;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// `gc.get_objects()`
    Objects,
    /// What `gc.collect()` found.
    Found,
    /// `gc.garbage`
    Garbage,
    Threads,
    /// Open files and sockets.
    Files,
    Subclasses,
    /// What a weak reference still leads to.
    Referent,
}

impl Counted {
    pub fn what(self) -> &'static str {
        match self {
            Counted::Objects => "counts objects of the whole process",
            Counted::Found => "counts the garbage of the whole process",
            Counted::Garbage => "looks at the garbage of the whole process",
            Counted::Threads => "counts all threads of the process",
            Counted::Files => "counts all open files and sockets of the process",
            Counted::Subclasses => "lists all subclasses there are",
            Counted::Referent => "wants an object to be gone that a loop or a thread may still hold",
        }
    }

    pub fn why(self) -> &'static str {
        match self {
            Counted::Objects | Counted::Found | Counted::Garbage => {
                "What earlier tests left in reference cycles stays until Python happens to collect it."
            }
            Counted::Threads => {
                "Threads that other tests and libraries started are among them, and end when they end."
            }
            Counted::Files => "What earlier tests left open is closed when Python happens to collect it.",
            Counted::Subclasses => {
                "A class that another test has derived from it stays until Python happens to collect it."
            }
            Counted::Referent => {
                "Tasks, frames and tracebacks refer to each other in circles: what is in one stays until Python happens to collect it."
            }
        }
    }

    pub fn todo(self) -> &'static str {
        match self {
            Counted::Objects => "Call `gc.collect()` before, and count only what the test itself made.",
            Counted::Found => "Call `gc.collect()` before the test makes anything.",
            Counted::Garbage => "Call `gc.collect()` before, and look only for what the test itself made.",
            Counted::Threads => {
                "Join the threads that the test started, and ask them whether they are alive."
            }
            Counted::Files => "Ask the file or socket of the test whether it is closed.",
            Counted::Subclasses => "Ask whether the wanted classes are among them.",
            Counted::Referent => "Call `gc.collect()` before the assertion.",
        }
    }
}

/// What an expression counts, through names, `len` and the like.
pub fn counted(subject: &Subject<'_>, node: NodeId) -> Option<Counted> {
    let origin = subject.origin(node).followed(subject.project);
    if !subject.is_item(&origin.module, origin.item) {
        return None;
    }
    let code = subject.code();
    match code.kind(origin.node) {
        NodeKind::Call { func, args } => match subject.resolve(*func).as_deref() {
            Some("builtins.len" | "builtins.set" | "builtins.list" | "builtins.sorted") => {
                counted(subject, positional(args, 0)?)
            }
            Some("gc.get_objects") => Some(Counted::Objects),
            Some("gc.collect") => Some(Counted::Found),
            Some("threading.active_count" | "threading.activeCount" | "threading.enumerate") => {
                Some(Counted::Threads)
            }
            Some("os.listdir") => {
                let path = subject.origin(positional(args, 0)?).followed(subject.project);
                matches!(path.kind().as_str(), Some("/proc/self/fd" | "/proc/self/fd/" | "/dev/fd"))
                    .then_some(Counted::Files)
            }
            _ => method(subject, *func),
        },
        NodeKind::Attribute { .. } => {
            let is_garbage = subject.resolve(origin.node).is_some_and(|path| path == "gc.garbage");
            (is_garbage && keeps_garbage(subject)).then_some(Counted::Garbage)
        }
        // `[object for object in gc.get_objects() if …]`
        NodeKind::Comprehension { clauses, .. } => clauses.iter().find_map(|clause| match clause {
            crate::facts::code::Clause::For { iter, .. } => {
                counted(subject, *iter).filter(|counted| *counted == Counted::Objects)
            }
            crate::facts::code::Clause::If(_) => None,
        }),
        _ => None,
    }
}

/// `psutil.Process().num_fds()`, `Base.__subclasses__()`
fn method(subject: &Subject<'_>, func: NodeId) -> Option<Counted> {
    let code = subject.code();
    let NodeKind::Attribute { value, attr, .. } = code.kind(func) else { return None };
    match attr.as_str() {
        "num_fds" | "open_files" | "num_handles" => {
            let process = subject.origin(*value).followed(subject.project);
            let NodeKind::Call { args, .. } = process.kind() else { return None };
            let path = process.scope(subject.project).callee(process.node)?;
            let is_own = args.is_empty()
                || process
                    .scope(subject.project)
                    .callee(args.first()?.value)
                    .is_some_and(|path| path == "os.getpid");
            (path == "psutil.Process" && is_own).then_some(Counted::Files)
        }
        // Of a class that the test makes itself only the test has subclasses.
        "__subclasses__" => subject.resolve(*value).is_some().then_some(Counted::Subclasses),
        _ => None,
    }
}

/// `gc.set_debug(…)`: without it Python puts next to nothing into `gc.garbage`.
fn keeps_garbage(subject: &Subject<'_>) -> bool {
    subject.body().any(|node| {
        matches!(subject.code().kind(node), NodeKind::Call { .. })
            && subject.callee(node).is_some_and(|path| path == "gc.set_debug")
    })
}
