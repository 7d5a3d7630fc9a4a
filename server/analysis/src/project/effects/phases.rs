//! Which parts of a function run as part of it, and which of those run however it ends.

use crate::facts::code::{Argument, Block};
use crate::facts::{Code, NodeId, NodeKind};
use crate::project::Subject;

use super::Phase;

/// The regions of one function, as half-open ranges of node indices.
#[derive(Clone, Debug, Default)]
pub struct Phases {
    /// Bodies of nested functions and lambdas that nothing calls here, and blocks that are expected to raise.
    idle: Vec<(u32, u32)>,
    torn_down: Vec<(u32, u32)>,
    registered: Vec<(u32, u32)>,
    all_tear_down: bool,
    /// The function's own first `yield`.
    pub hands_over: Option<NodeId>,
}

impl Phases {
    pub fn of(subject: &Subject<'_>) -> Phases {
        let code = subject.code();
        let is_exit = subject.function().is_some_and(|f| matches!(&*f.name, "__exit__" | "__aexit__"));
        let is_tear_down = subject.role.tears_down();
        let mut phases = Phases { all_tear_down: is_tear_down || is_exit, ..Phases::default() };
        for node in subject.body() {
            match code.kind(node) {
                // What comes behind a fork may run in the child.
                NodeKind::Call { func, .. } if is_fork(subject, *func) => {
                    phases.idle.push((code.node(node).subtree_end, code.nodes.len() as u32));
                }
                NodeKind::Function(function) => phases.nested(subject, node, Some(&function.name)),
                NodeKind::Lambda { .. } => phases.nested(subject, node, None),
                NodeKind::Try { finally, .. } => phases.torn_down.extend(region(code, finally)),
                NodeKind::With { items, body, .. } => {
                    let raises = items.iter().any(|item| expects_failure(subject, item.context));
                    if raises {
                        phases.idle.extend(region(code, body));
                    }
                }
                NodeKind::Yield { .. } if phases.hands_over.is_none() && subject.runs_here(node) => {
                    phases.hands_over = Some(node);
                    phases.torn_down.push((code.node(node).subtree_end, code.nodes.len() as u32));
                }
                _ => {}
            }
        }
        phases
    }

    /// When a node runs; `None` if it does not run with the function.
    pub fn of_node(&self, node: NodeId) -> Option<Phase> {
        let within =
            |regions: &[(u32, u32)]| regions.iter().any(|(start, end)| (*start..*end).contains(&node.0));
        if within(&self.idle) {
            return None;
        }
        Some(match () {
            () if within(&self.registered) => Phase::Registered,
            () if self.all_tear_down || within(&self.torn_down) => Phase::TearDown,
            () => Phase::Run,
        })
    }

    /// Sorts a nested function or lambda by what the function around it does with it.
    fn nested(&mut self, subject: &Subject<'_>, node: NodeId, name: Option<&str>) {
        let code = subject.code();
        let range = (node.0 + 1, code.node(node).subtree_end);
        match use_of(subject, node, name) {
            Use::Called => {}
            Use::CleanUp => self.registered.push(range),
            Use::Elsewhere => self.idle.push(range),
        }
    }
}

enum Use {
    Called,
    CleanUp,
    Elsewhere,
}

fn use_of(subject: &Subject<'_>, nested: NodeId, name: Option<&str>) -> Use {
    let code = subject.code();
    let stands_for =
        |expr: NodeId| expr == nested || name.is_some_and(|name| code.kind(expr).as_name() == Some(name));
    let mut found = Use::Elsewhere;
    for node in subject.body().filter(|node| !code.is_within(*node, nested)) {
        let NodeKind::Call { func, args } = code.kind(node) else { continue };
        if registered(code, *func, args).is_some_and(|(callback, _)| stands_for(callback)) {
            return Use::CleanUp;
        }
        if stands_for(*func) {
            found = Use::Called;
        }
    }
    if let Some(function) = name.and(as_function(code, nested)) {
        let is_finalizer = function.decorators.iter().any(|decorator| {
            code.dotted(decorator.expr)
                .is_some_and(|path| is_registrar(path.rsplit('.').next().unwrap_or_default()))
        });
        if is_finalizer {
            return Use::CleanUp;
        }
    }
    found
}

fn as_function(code: &Code, node: NodeId) -> Option<&crate::facts::code::Function> {
    match code.kind(node) {
        NodeKind::Function(function) => Some(function),
        _ => None,
    }
}

/// The callback and its arguments where a call registers a clean-up: `addCleanup(f, x)`, `request.addfinalizer(f)`.
pub fn registered<'c>(
    code: &'c Code,
    func: NodeId,
    args: &'c [Argument],
) -> Option<(NodeId, &'c [Argument])> {
    let name = match code.kind(func) {
        NodeKind::Attribute { attr, .. } => attr,
        NodeKind::Name(name) => name,
        _ => return None,
    };
    if !is_registrar(name) {
        return None;
    }
    let (first, rest) = args.split_first()?;
    Some((first.value, rest))
}

fn is_registrar(name: &str) -> bool {
    matches!(
        name,
        "addCleanup"
            | "addAsyncCleanup"
            | "addClassCleanup"
            | "addModuleCleanup"
            | "add_cleanup"
            | "addfinalizer"
            | "callback"
            | "push_async_callback"
    )
}

fn is_fork(subject: &Subject<'_>, func: NodeId) -> bool {
    // Most calls are told by their name alone: to resolve them all is dear.
    subject.code().kind(func).last_name() == Some("fork")
        && subject.resolve(func).is_some_and(|path| path == "os.fork")
}

/// `pytest.raises(...)`, `self.assertRaises(...)`: what stands in them is expected not to be done.
fn expects_failure(subject: &Subject<'_>, context: NodeId) -> bool {
    let NodeKind::Call { func, .. } = subject.code().kind(context) else { return false };
    match subject.code().kind(*func) {
        NodeKind::Attribute { attr, .. } => {
            matches!(attr.as_str(), "raises" | "assertRaises" | "assertRaisesRegex")
        }
        NodeKind::Name(name) => name == "raises",
        _ => false,
    }
}

fn region(code: &Code, block: &Block) -> Option<(u32, u32)> {
    Some((block.first()?.0, code.node(*block.last()?).subtree_end))
}
