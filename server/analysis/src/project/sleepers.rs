//! Threads and tasks of the project that call a function of the standard library over and over, like `time.sleep`, and
//! look it up in its module each time: what is put in its place there, they call instead.

use std::sync::Arc;

use memchr::memmem;
use smol_str::SmolStr;

use super::callee::Definition;
use super::definition::Definition as Class;
use super::functions::is_test_code;
use super::handoff::{Runner, Work, local_function};
use super::waits::{Wait, is_returned, wait_for};
use super::{Module, Place, Project, Role, Subject};
use crate::facts::{NodeId, NodeKind};
use crate::syntax::split::ItemKind;

/// Functions that a loop calls are looked into this far.
const MAX_DEPTH: u32 = 3;

/// One such loop.
#[derive(Clone, Debug, PartialEq)]
pub struct Sleeper {
    /// The function whose loop it is.
    pub name: String,
    pub runner: Runner,
    /// The call in the loop.
    pub place: Place,
    /// Where the thread or task begins.
    pub begins: Place,
    /// Nothing can end it, or nothing in the file where it begins waits for that.
    pub outlives: bool,
}

/// The call in a loop, and whether anything leaves the loop.
struct Loop {
    place: Place,
    is_endless: bool,
}

impl Project {
    /// The loops of the product's threads that call `path`, and that the functions which begin them do not wait for.
    pub fn sleepers(&self, path: &str) -> Arc<Vec<Sleeper>> {
        if let Some(known) = self.sleepers.get(path) {
            return known.clone();
        }
        let product = self.own_files().filter(|file| !is_test_code(self, file));
        let mut files: Vec<_> = product.collect();
        files.sort();
        let modules = files.into_iter().filter_map(|file| self.module(file));
        let found: Arc<Vec<Sleeper>> =
            Arc::new(modules.flat_map(|module| self.sleepers_in(&module, path)).collect());
        self.sleepers.insert(SmolStr::new(path), found.clone());
        found
    }

    fn sleepers_in(&self, module: &Module, path: &str) -> Vec<Sleeper> {
        let begins_thread = |text: &str| memmem::find(text.as_bytes(), b"Thread").is_some();
        if !begins_thread(module.file.text.as_str()) {
            return Vec::new();
        }
        // What a fixture does stays its own: only the tests that it runs around are checked anew when it is edited.
        let is_product = |item: &u32| !matches!(self.role(module, *item), Role::Test | Role::Fixture);
        let items = 0..module.file.items().len() as u32;
        let likely = items.filter(|item| begins_thread(module.file.item_text(*item))).filter(is_product);
        let found = likely.filter_map(|item| match module.file.item(item).kind {
            ItemKind::Function(_) => begun_in(&Subject::new(self, module, item), path, None),
            _ => thread_class(self, module, item, path),
        });
        found.collect()
    }
}

/// The first loop that a function leaves running at `until`, or at its end.
pub fn begun_in(subject: &Subject<'_>, path: &str, until: Option<NodeId>) -> Option<Sleeper> {
    let is_asynchronous = path.starts_with("asyncio.");
    subject.hand_offs().into_iter().find_map(|off| {
        let fits = match is_asynchronous {
            true => off.runner == Runner::Task,
            false => off.runner.is_thread(),
        };
        let is_before = until.is_none_or(|until| off.begins < until);
        if !fits || !is_before || is_returned(subject, off.call) {
            return None;
        }
        let (name, found) = loop_of(subject, &off.work, path)?;
        let begins = subject.place(subject.code().range(off.begins));
        let is_left = wait_for(subject, &off, until) < Wait::Waited;
        let outlives = found.is_endless || !joins(subject.module.file.text.as_str());
        is_left.then_some(Sleeper { name, runner: off.runner, place: found.place, begins, outlives })
    })
}

/// The loop of a class that is a thread.
fn thread_class(project: &Project, module: &Module, item: u32, path: &str) -> Option<Sleeper> {
    let class = Class::of_item(module, item)?;
    let head = class.class()?.name_range;
    if !project.is_thread(&class) {
        return None;
    }
    let run = project.method(&Definition { module: module.clone(), item }, "run")?;
    let found = loop_in_function(&run.subject(project), path, MAX_DEPTH)?;
    let begins = Subject::new(project, module, item).place(head);
    let name = format!("{}.run", module.file.name(item));
    // Who makes one may join it from anywhere.
    Some(Sleeper { name, runner: Runner::Thread, place: found.place, begins, outlives: found.is_endless })
}

/// Whether a file joins a thread: what strings are joined with has an argument that is no time.
fn joins(text: &str) -> bool {
    text.match_indices(".join(").any(|(at, word)| {
        let behind = &text[at + word.len()..];
        behind.starts_with(|first: char| first == ')' || first.is_ascii_digit())
            || behind.starts_with("timeout")
    })
}

/// The function that loops in handed-off work, and where it calls `path`.
fn loop_of(subject: &Subject<'_>, work: &Work, path: &str) -> Option<(String, Loop)> {
    let code = subject.code();
    let func = match work {
        Work::Function { func, .. } => *func,
        Work::Coroutine(node) => match code.kind(*node) {
            NodeKind::Call { func, .. } => *func,
            _ => return None,
        },
    };
    let name = code.kind(func).last_name().unwrap_or("it").to_owned();
    if let Some(local) = local_function(subject, func) {
        return loop_in(subject, code.subtree(local), path, MAX_DEPTH).map(|found| (name, found));
    }
    let called = subject.definition(func)?.subject(subject.project);
    loop_in_function(&called, path, MAX_DEPTH).map(|found| (name, found))
}

fn loop_in_function(called: &Subject<'_>, path: &str, depth: u32) -> Option<Loop> {
    loop_in(called, called.body(), path, depth)
}

/// Where a loop among these nodes, or in a function that they call, calls `path`.
fn loop_in(
    subject: &Subject<'_>,
    nodes: impl Iterator<Item = NodeId>,
    path: &str,
    depth: u32,
) -> Option<Loop> {
    let depth = depth.checked_sub(1)?;
    let code = subject.code();
    let mut called = Vec::new();
    for node in nodes {
        match code.kind(node) {
            NodeKind::While { test, .. } if goes_on(subject, *test) => {
                if let Some(place) = call_of(subject, code.subtree(node), path, MAX_DEPTH) {
                    return Some(Loop { place, is_endless: is_endless(subject, node, *test) });
                }
            }
            NodeKind::Call { func, .. } => called.push(*func),
            _ => {}
        }
    }
    called.into_iter().find_map(|func| {
        let definition = subject.definition(func)?;
        loop_in_function(&definition.subject(subject.project), path, depth)
    })
}

fn is_endless(subject: &Subject<'_>, at: NodeId, test: NodeId) -> bool {
    let code = subject.code();
    let always = matches!(code.kind(test), NodeKind::Bool(true) | NodeKind::Int(Some(1)));
    always && !code.subtree(at).any(|part| matches!(code.kind(part), NodeKind::Break | NodeKind::Return(_)))
}

/// `while True`, `while not stopped`, `while self.running`: not so many times, and not until a deadline.
fn goes_on(subject: &Subject<'_>, test: NodeId) -> bool {
    match subject.code().kind(test) {
        NodeKind::Bool(value) => *value,
        NodeKind::Int(value) => *value == Some(1),
        NodeKind::Unary { op, operand } => op == "not" && goes_on(subject, *operand),
        NodeKind::Name(_) | NodeKind::Attribute { .. } | NodeKind::Call { .. } => true,
        _ => false,
    }
}

/// Where one of these nodes calls `path` as an attribute of its module, or calls a function that does.
fn call_of(
    subject: &Subject<'_>,
    nodes: impl Iterator<Item = NodeId>,
    path: &str,
    depth: u32,
) -> Option<Place> {
    let depth = depth.checked_sub(1)?;
    let code = subject.code();
    let mut called = Vec::new();
    for node in nodes {
        let NodeKind::Call { func, .. } = code.kind(node) else { continue };
        if looks_up(subject, *func, path) {
            return Some(subject.place(code.range(node)));
        }
        called.push(*func);
    }
    called.into_iter().find_map(|func| {
        let inner = subject.definition(func)?.subject(subject.project);
        call_of(&inner, inner.body(), path, depth)
    })
}

/// Whether an expression is `path`, looked up in its module here and now: `time.sleep`, and not a `sleep` that was
/// imported from there.
pub fn looks_up(subject: &Subject<'_>, func: NodeId, path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once('.') else { return false };
    match subject.code().kind(func) {
        NodeKind::Attribute { value, attr, .. } if attr == name => {
            subject.resolve(*value).is_some_and(|owner| owner == module)
        }
        _ => false,
    }
}
