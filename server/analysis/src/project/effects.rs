//! What a function does to state that outlives it.
//!
//! A [`Footprint`] lists the touches of one function, those of the helpers that it calls included, and the regions
//! in which something (a `with patch…`, a decorator, `monkeypatch`) will undo them. Only code that runs when the
//! function runs counts: nested functions count where they are called or registered as a clean-up. Of a statement of
//! a module or class body it lists what its import does.

mod calls;
pub mod class_state;
mod contexts;
mod deed;
mod loggers;
mod made_once;
pub mod mutators;
mod phases;
mod put_back;
pub mod reference;
mod resets;
mod saved;
mod setters;
mod writes;

use std::sync::Arc;

use smol_str::SmolStr;

use super::subject::{Place, Subject};
use super::target::Target;
use super::{Module, Project, Role};
use crate::facts::{NodeId, NodeKind};
use crate::store::FileId;

pub use contexts::patched;
pub use deed::deed;
pub use mutators::{act_of_method, answers_itself, is_reset};
use phases::Phases;
pub use resets::{declared as declared_value, gives_what_was_saved, starts_empty};
pub use saved::keeps_copy;

/// How a touch changes its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A new value, whatever the old one was.
    Replace,
    /// An entry of a container set under a key.
    Put,
    /// A change that builds on the old value: `+=`, `append`.
    Update,
    /// An entry or attribute taken away, a container emptied.
    Remove,
    /// A call that by its name brings the target to a known state: no effect, but a guard where it runs in time.
    Reset,
    /// Written through something that undoes it by itself: `monkeypatch`, `mocker`.
    Lent,
    /// The same with the value that is there: `monkeypatch.setattr(sys, "argv", sys.argv)`. Another value is undone, and a
    /// change in place is not.
    Saved,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    Run,
    /// In a `finally` or after `yield`: it also runs when the function failed.
    TearDown,
    /// In a clean-up that the function registers with the test: it runs when the test is over, however it went.
    Registered,
}

/// One thing that a function does to one target.
#[derive(Clone, Debug, PartialEq)]
pub struct Touch {
    pub target: Target,
    pub act: Act,
    pub phase: Phase,
    /// In the function that was asked for: the statement or call that does it, or the call that leads there.
    pub node: NodeId,
    /// The name that a touched entry or attribute is bound to afterwards, where one value is given.
    pub value: Option<NodeId>,
    /// Where the write stands when a helper does it.
    pub origin: Option<Place>,
    /// What the target was reached through, as written: `mod.client` for `mod.client.timeout = 1`, whatever
    /// `mod.client` is. Where one of these is replaced, the change goes to the replacement.
    pub through: Vec<Target>,
    /// A later statement of the function that brings the old value back, if nothing fails before.
    pub put_back: Option<NodeId>,
    /// It counts one up: `serial += 1`, as helpers do that make names unlike all others.
    pub counts: bool,
    /// The attribute that is set on something that the target holds: `label` of `METRICS["a"].label = 1`.
    pub part: Option<SmolStr>,
}

impl Touch {
    /// A touch by the function's own statement or call at `node`.
    pub fn new(target: Target, act: Act, phase: Phase, node: NodeId) -> Touch {
        Touch {
            target,
            act,
            phase,
            node,
            value: None,
            origin: None,
            through: Vec::new(),
            put_back: None,
            counts: false,
            part: None,
        }
    }

    /// Whether it gives another value to what was saved.
    pub fn is_undone_by_saving(&self, saved: &Target) -> bool {
        self.act == Act::Replace && self.target == *saved
    }

    /// Whether bringing back or replacing `other` undoes this touch.
    pub fn is_within(&self, other: &Target) -> bool {
        other.covers(&self.target)
            || self.through.iter().any(|owner| other.covers(owner))
            || is_of_module(other, &self.target)
    }
}

/// A module that is taken out of `sys.modules` afterwards takes what was changed in it along.
fn is_of_module(modules: &Target, target: &Target) -> bool {
    match (modules, target) {
        (Target::SysModules(None), Target::Attribute { .. }) => true,
        (Target::SysModules(Some(module)), Target::Attribute { .. }) => {
            Target::attribute(module.clone()).covers(target)
        }
        _ => false,
    }
}

/// The nodes from `start` to `end` run under something that undoes what they do to `target`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    pub target: Target,
    pub start: u32,
    pub end: u32,
}

impl Cover {
    pub fn holds(&self, node: NodeId) -> bool {
        (self.start..self.end).contains(&node.0)
    }
}

/// What one function does, in source order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Footprint {
    pub touches: Vec<Touch>,
    pub covers: Vec<Cover>,
    /// The function's own `yield`.
    pub hands_over: Option<NodeId>,
    /// Calls that by their name put something back, nobody can see what.
    pub vague: Vec<(NodeId, Phase)>,
}

/// Helpers of helpers of the same module are followed this far; into other modules one call deep.
const MAX_CALLS: u32 = 3;

impl Footprint {
    /// The footprint of a function or statement, with what it does through helpers.
    pub fn of(subject: &Subject<'_>) -> Arc<Footprint> {
        Footprint::to_depth(subject, MAX_CALLS)
    }

    /// The footprint of a function alone, without what it does through others.
    pub fn shallow(subject: &Subject<'_>) -> Arc<Footprint> {
        Footprint::to_depth(subject, 0)
    }

    /// [`Footprint::of`] an item that need not be looked at if it is known.
    pub fn whole_at(project: &Project, module: &Module, item: u32) -> Arc<Footprint> {
        Footprint::at(project, module, item, MAX_CALLS)
    }

    /// The footprint of an item that need not be looked at if it is known; `calls` deep.
    pub fn at(project: &Project, module: &Module, item: u32, calls: u32) -> Arc<Footprint> {
        let collect = |calls| Footprint::collected(&Subject::new(project, module, item), calls);
        Footprint::known_or_collected(project, module, item, calls, collect)
    }

    fn to_depth(subject: &Subject<'_>, calls: u32) -> Arc<Footprint> {
        let Subject { project, module, item, .. } = subject;
        Footprint::known_or_collected(project, module, *item, calls, |calls| {
            Footprint::collected(subject, calls)
        })
    }

    fn known_or_collected(
        project: &Project,
        module: &Module,
        item: u32,
        calls: u32,
        collect: impl FnOnce(u32) -> Footprint,
    ) -> Arc<Footprint> {
        // A text that is half typed has the number of the file's last sound one, which others ask about.
        if !project.knows(&module.file) {
            return Arc::new(collect(calls));
        }
        let asked = Asked { file: module.file.id, item, calls };
        if let Some(known) = project.footprints.get(&asked) {
            return known.clone();
        }
        let footprint = Arc::new(collect(calls));
        project.footprints.insert(asked, footprint.clone());
        footprint
    }

    fn collected(subject: &Subject<'_>, calls: u32) -> Footprint {
        let function = subject.function();
        if function.is_none() && subject.role != Role::Statement {
            return Footprint::default();
        }
        let phases = Phases::of(subject);
        let mut collector = Collector {
            subject,
            calls,
            found: Footprint { hands_over: phases.hands_over, ..Footprint::default() },
        };
        for decorator in function.iter().flat_map(|function| &function.decorators) {
            collector.enter(decorator.expr, whole(subject));
        }
        if let Some(class) = function.and(subject.class()) {
            collector.found.covers.extend(contexts::class_covers(subject, class));
        }
        for node in subject.body() {
            if let Some(phase) = phases.of_node(node) {
                collector.visit(node, phase);
            }
        }
        let mut found = collector.found;
        put_back::note(subject, &mut found.touches);
        found
    }

    /// What the function leaves changed when it fails half-way: touches that nothing in it undoes.
    pub fn escaping(&self) -> impl Iterator<Item = &Touch> {
        self.touches
            .iter()
            .filter(|touch| touch.phase == Phase::Run && touch.act.is_effect() && !self.is_undone(touch))
    }

    /// Whether the function or a clean-up that it registers undoes a touch, however it ends.
    pub fn is_undone(&self, touch: &Touch) -> bool {
        self.is_undone_at_once(touch) || self.torn_down().any(|target| touch.is_within(target))
    }

    /// Whether a touch is undone when the function is left.
    fn is_undone_at_once(&self, touch: &Touch) -> bool {
        let ended =
            self.touches.iter().filter(|other| other.phase == Phase::TearDown && other.act != Act::Update);
        self.covers.iter().any(|cover| cover.holds(touch.node) && touch.is_within(&cover.target))
            || self.lent_before(touch)
            || ended.map(|other| &other.target).any(|target| touch.is_within(target))
    }

    /// Whether it goes to something that was put in place before, by `monkeypatch` or by the function itself.
    fn lent_before(&self, touch: &Touch) -> bool {
        let earlier =
            |act: Act| self.touches.iter().filter(move |other| other.act == act && other.node < touch.node);
        earlier(Act::Lent).any(|other| touch.is_within(&other.target))
            || earlier(Act::Replace).any(|other| touch.through.contains(&other.target))
            || earlier(Act::Saved).any(|other| touch.is_undone_by_saving(&other.target))
    }

    /// What its tear-down code brings back.
    pub fn torn_down(&self) -> impl Iterator<Item = &Target> {
        self.touches
            .iter()
            .filter(|touch| touch.phase != Phase::Run && touch.act != Act::Update)
            .map(|touch| &touch.target)
    }

    /// What is put back when a fixture or context manager with this footprint ends.
    pub fn restores(&self) -> impl Iterator<Item = &Target> {
        let around_yield = self
            .covers
            .iter()
            .filter(|cover| self.hands_over.is_some_and(|node| cover.holds(node)))
            .map(|cover| &cover.target);
        let lent = self.touches.iter().filter(|touch| touch.act == Act::Lent).map(|touch| &touch.target);
        self.torn_down().chain(around_yield).chain(lent)
    }

    /// What has its value again when a fixture with this footprint ends, if it is another by then.
    pub fn saves(&self) -> impl Iterator<Item = &Target> {
        self.touches.iter().filter(|touch| touch.act == Act::Saved).map(|touch| &touch.target)
    }

    /// What the function brings to a known state before it hands over or ends.
    pub fn renews(&self) -> impl Iterator<Item = &Target> {
        self.touches
            .iter()
            .filter(|touch| touch.phase == Phase::Run && touch.act.renews())
            .map(|touch| &touch.target)
    }
}

impl Act {
    /// Whether it leaves the target changed for others.
    pub fn is_effect(self) -> bool {
        !matches!(self, Act::Reset | Act::Lent | Act::Saved)
    }

    /// Whether the target's state afterwards does not depend on what it was before.
    pub fn renews(self) -> bool {
        matches!(self, Act::Replace | Act::Put | Act::Remove | Act::Reset | Act::Lent)
    }
}

/// What a footprint is asked of: a function, and how many calls deep.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    file: FileId,
    item: u32,
    calls: u32,
}

/// The node range of a whole item.
fn whole(subject: &Subject<'_>) -> (u32, u32) {
    (0, subject.code().nodes.len() as u32)
}

/// Walks one function.
struct Collector<'s, 'p> {
    subject: &'s Subject<'p>,
    /// How many calls deep helpers are still followed.
    calls: u32,
    found: Footprint,
}

impl Collector<'_, '_> {
    fn visit(&mut self, node: NodeId, phase: Phase) {
        match self.subject.code().kind(node) {
            NodeKind::Assign { targets, value } => self.assigned(node, targets, Some(*value), phase),
            NodeKind::AnnAssign { target, value: Some(value), .. } => {
                self.assigned(node, &[*target], Some(*value), phase);
            }
            NodeKind::AugAssign { target, .. } => self.augmented(node, *target, phase),
            NodeKind::Delete(targets) => self.deleted(node, targets, phase),
            NodeKind::Call { func, args } => self.called(node, *func, args, phase),
            NodeKind::With { items, body, .. } => {
                let (Some(first), Some(last)) = (body.first(), body.last()) else { return };
                let region = (first.0, self.subject.code().node(*last).subtree_end);
                for item in items {
                    self.enter(item.context, region);
                }
            }
            _ => {}
        }
    }

    fn touch(&mut self, target: Target, act: Act, phase: Phase, node: NodeId) {
        self.touch_with(target, act, phase, node, None);
    }

    /// As [`Self::touch_with`], for a target that stands at the end of the chain `expr`.
    fn touch_through(
        &mut self,
        target: Target,
        act: Act,
        phase: Phase,
        node: NodeId,
        value: Option<NodeId>,
        expr: NodeId,
    ) {
        let through = reference::owners(self.subject, expr);
        self.found.touches.push(Touch { value, through, ..Touch::new(target, act, phase, node) });
    }

    fn touch_with(&mut self, target: Target, act: Act, phase: Phase, node: NodeId, value: Option<NodeId>) {
        self.found.touches.push(Touch { value, ..Touch::new(target, act, phase, node) });
    }

    /// The literal string that an expression is, directly or through a constant of the module or function.
    fn text(&self, expr: NodeId) -> Option<SmolStr> {
        literal_text(self.subject, expr)
    }
}

/// The literal string behind an expression: itself, or a local or module constant bound once to one.
pub fn literal_text(subject: &Subject<'_>, expr: NodeId) -> Option<SmolStr> {
    use crate::facts::BindingKind;
    use crate::facts::module::ModuleBindingKind;
    let code = subject.code();
    let name = match code.kind(expr) {
        NodeKind::Str(text) => return Some(text.clone()),
        NodeKind::Name(name) => name,
        _ => return None,
    };
    let local = subject.facts.bindings().visible(code, name, expr);
    if let [only] = local.as_slice() {
        let BindingKind::Value(value) = only.kind else { return None };
        return code.kind(value).as_str().map(SmolStr::new);
    }
    if !local.is_empty() {
        return None;
    }
    let [binding] = subject.module.file.scope().get(name) else { return None };
    let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = binding.kind else { return None };
    subject.module.file.facts(binding.item).code.kind(value).as_str().map(SmolStr::new)
}

/// Whether the project's source shows a built-in container at a dotted path.
pub fn is_container_path(subject: &Subject<'_>, path: &str) -> bool {
    mutators::is_container(subject, &Target::attribute(path))
}

/// Whether the attribute is there before anyone sets it, as far as the project's source or the standard library's
/// documentation shows.
pub fn is_declared(subject: &Subject<'_>, target: &Target) -> bool {
    let Some(path) = target.path() else { return true };
    let Some((file, rest)) = subject.project.layout.split_path(path) else {
        return STANDARD_ATTRIBUTES.contains(&path);
    };
    let Some(module) = subject.project.module(file) else { return false };
    match rest.rsplit_once('.') {
        None => !module.file.scope().get(rest).is_empty(),
        Some((class, attr)) => {
            let Some((module, class)) = subject.project.class_at(&format!("{}.{class}", module.name)) else {
                return false;
            };
            module.file.members(class).any(|member| {
                module.file.name(member) == attr || !module.file.facts(member).bindings().all(attr).is_empty()
            })
        }
    }
}

/// Attributes of the standard library that tests replace and that are always there.
const STANDARD_ATTRIBUTES: &[&str] = &[
    "os.environ",
    "os.getcwd",
    "os.getpid",
    "os.name",
    "os.path.exists",
    "os.sep",
    "platform.system",
    "random.choice",
    "random.randint",
    "random.random",
    "socket.getaddrinfo",
    "socket.gethostname",
    "socket.socket",
    "subprocess.Popen",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.run",
    "sys.argv",
    "sys.byteorder",
    "sys.dont_write_bytecode",
    "sys.excepthook",
    "sys.executable",
    "sys.exit",
    "sys.maxsize",
    "sys.meta_path",
    "sys.path",
    "sys.path_hooks",
    "sys.platform",
    "sys.prefix",
    "sys.version",
    "sys.version_info",
    "tempfile.tempdir",
    "time.monotonic",
    "time.perf_counter",
    "time.sleep",
    "time.time",
];
