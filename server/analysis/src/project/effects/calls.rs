//! Calls: methods that change containers, setters of the process, `monkeypatch`, helpers.

use smol_str::SmolStr;

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{Code, NodeId, NodeKind};
use crate::project::functions::{function_at, is_test_code, method_of};
use crate::project::target::{Setting, Target};
use crate::project::{Module, Subject};

use super::contexts::{self, patched};
use super::mutators::{act_of_method, answers_itself, is_container, is_reset, takes_key};
use super::reference::{Reference, reference};
use super::{
    Act, Collector, Footprint, Phase, class_state, keeps_copy, literal_text, loggers, made_once, phases,
    resets, setters, whole,
};

impl Collector<'_, '_> {
    pub(super) fn called(&mut self, node: NodeId, func: NodeId, args: &[Argument], phase: Phase) {
        let code = self.subject.code();
        if let Some((callback, rest)) = phases::registered(code, func, args) {
            match code.kind(callback) {
                NodeKind::Call { func: made, args: rest } => {
                    self.applied(node, *made, rest, Phase::Registered);
                }
                _ => self.applied(node, callback, rest, Phase::Registered),
            }
            return;
        }
        // It is only made here, and called elsewhere.
        if self.subject.resolve(func).as_deref() == Some("functools.partial") {
            return;
        }
        if let NodeKind::Attribute { attr, .. } = code.kind(func)
            && matches!(
                attr.as_str(),
                "enterContext" | "enter_context" | "enterAsyncContext" | "enter_async_context"
            )
            && let Some(context) = args.first()
        {
            self.enter(context.value, (node.0, whole(self.subject).1));
            return;
        }
        self.applied(node, func, args, phase);
    }

    /// What happens when `func` is called with `args`.
    fn applied(&mut self, node: NodeId, func: NodeId, args: &[Argument], phase: Phase) {
        let path = self.subject.resolve(func);
        if path.as_deref() == Some("functools.partial")
            && let Some((inner, rest)) = args.split_first()
        {
            self.applied(node, inner.value, rest, phase);
            return;
        }
        if let NodeKind::Attribute { value, attr, .. } = self.subject.code().kind(func)
            && (self.lent(node, *value, attr, args, phase) || self.method(node, *value, attr, args, phase))
        {
            return;
        }
        let Some(path) = path else {
            self.helper_method(node, func, phase);
            if restores_something(self.subject.code(), func) {
                self.found.vague.push((node, phase));
            }
            return;
        };
        if let Some(patched) = self.by_builtin(&path, args) {
            let (target, act, value) = patched;
            let resets = value.is_some_and(|value| resets::gives_initial_value(self.subject, &target, value));
            let act = if act == Act::Replace && resets { Act::Reset } else { act };
            self.touch_with(target, act, phase, node, value);
            return;
        }
        if let Some((target, act)) = setters::set_by(self.subject, &path, args) {
            self.touch(target, act, phase, node);
            return;
        }
        if let Some(target) = setters::set_by_statement(&path) {
            let elsewhere = args.iter().any(|a| matches!(&a.kind, ArgumentKind::Keyword(k) if k == "config"));
            if self.is_statement(node) && !elsewhere {
                self.touch(target, Act::Replace, phase, node);
            }
            return;
        }
        if path == "importlib.reload" {
            let module = args.first().and_then(|argument| self.subject.resolve(argument.value));
            if let Some(module) = module {
                self.touch(Target::attribute(module), Act::Reset, phase, node);
            }
            return;
        }
        if !self.helper(node, &path, phase)
            && let Some((owner, name)) = path.rsplit_once('.')
            && is_reset(name)
        {
            self.touch(Target::attribute(owner), Act::Reset, phase, node);
        }
    }

    /// Whether a call is the context of a `with`: `with directory.chdir():` leads back out.
    fn is_entered(&self, call: NodeId) -> bool {
        let code = self.subject.code();
        matches!(code.kind(code.node(call).parent), NodeKind::With { items, .. }
            if items.iter().any(|item| item.context == call))
    }

    fn is_statement(&self, node: NodeId) -> bool {
        matches!(self.subject.code().kind(self.subject.code().node(node).parent), NodeKind::Expr(_))
    }

    /// `setattr`, `delattr` and their kin.
    fn by_builtin(&self, path: &str, args: &[Argument]) -> Option<(Target, Act, Option<NodeId>)> {
        let act = match path {
            "builtins.setattr" => Act::Replace,
            "builtins.delattr" => Act::Remove,
            "operator.setitem" => Act::Put,
            "operator.delitem" => Act::Remove,
            _ => return None,
        };
        let [object, name, ..] = args else { return None };
        let value = args.get(2).map(|argument| argument.value);
        let target = if path.starts_with("operator.") {
            entry_of(self.subject, object.value, Some(name.value))?
        } else {
            attribute_of(self.subject, object.value, name.value)?
        };
        Some((target, act, value))
    }

    /// Writes that undo themselves: through `monkeypatch` or `mocker`, whatever the name that holds them.
    fn lent(&mut self, node: NodeId, owner: NodeId, method: &str, args: &[Argument], phase: Phase) -> bool {
        let code = self.subject.code();
        let is_mocker = |dotted: String| dotted.split('.').any(|part| part.ends_with("mocker"));
        if self.subject.source(owner).contains("mocker") && code.dotted(owner).is_some_and(is_mocker) {
            for target in patched(self.subject, &mocker_path(code, owner, method), args) {
                self.touch(target, Act::Lent, phase, node);
            }
            return true;
        }
        if self.subject.resolve(owner).is_some() {
            return false;
        }
        if method == "start" && args.is_empty() {
            let started = contexts::patcher_targets(self.subject, owner);
            started.into_iter().for_each(|target| self.touch(target, Act::Lent, phase, node));
            return true;
        }
        // `TestCase.patch(object, "name", value)` of Twisted's trial and its like.
        if method == "patch" && args.len() == 3 {
            let target = attribute_of(self.subject, args[0].value, args[1].value);
            target.into_iter().for_each(|target| self.touch(target, Act::Lent, phase, node));
            return true;
        }
        let positional = |at: usize| args.get(at).map(|argument| argument.value);
        let mut act = Act::Lent;
        let target = match method {
            "setattr" | "delattr" => match positional(0).map(|value| code.kind(value)) {
                Some(NodeKind::Str(dotted))
                    if method == "delattr" || args.len() < 3 || !is_text(code, args, 1) =>
                {
                    Some(Target::attribute(self.subject.project.canonical(dotted)))
                }
                Some(_) => positional(0).zip(positional(1)).and_then(|(object, name)| {
                    let target = attribute_of(self.subject, object, name)?;
                    if keeps_its_value(self.subject, &target, args.get(2)) {
                        act = Act::Saved;
                    }
                    Some(target)
                }),
                None => None,
            },
            "setitem" | "delitem" => {
                positional(0).and_then(|container| entry_of(self.subject, container, positional(1)))
            }
            "setenv" | "delenv" => Some(Target::Environ(positional(0).and_then(|name| self.text(name)))),
            "syspath_prepend" => Some(Target::SysPath),
            "chdir" => {
                let dotted = code.dotted(owner).unwrap_or_default();
                if self.is_entered(node) {
                    return true;
                }
                if !is_patcher_name(&dotted) && args.is_empty() {
                    // `py.path.local.chdir` moves the process and leaves it there.
                    self.touch(Target::Cwd, Act::Replace, phase, node);
                    return true;
                }
                Some(Target::Cwd)
            }
            _ => return false,
        };
        if let Some(target) = target {
            self.touch(target, act, phase, node);
        }
        true
    }

    /// A method of a container, a logger, or something with state at a known path.
    fn method(&mut self, node: NodeId, owner: NodeId, method: &str, args: &[Argument], phase: Phase) -> bool {
        if matches!(method, "setLevel" | "addHandler" | "removeHandler" | "addFilter" | "removeFilter") {
            let Some(logger) = loggers::logger_name(self.subject, owner) else { return false };
            if loggers::is_looked_after(self.subject, node, &logger, method, args) {
                return true;
            }
            let act = if method.starts_with("remove") { Act::Remove } else { Act::Update };
            let act = if method == "setLevel" { Act::Replace } else { act };
            self.touch(Target::Setting(Setting::Logger(logger)), act, phase, node);
            return true;
        }
        let Some(act) = act_of_method(method) else { return false };
        let Some(reached) = reference(self.subject, owner) else { return false };
        if reached.is_namespace() {
            let key = args.first().and_then(|key| self.text(key.value));
            let entry = reached.entry(self.subject, key).binding();
            entry.into_iter().for_each(|target| self.touch(target, act, phase, node));
            return true;
        }
        let Some(whole) = reached.contents(self.subject) else { return true };
        if self.fills_again(node, owner, method, args, &whole) {
            self.touch(whole, Act::Reset, phase, node);
            return true;
        }
        match &whole {
            Target::Environ(None) | Target::SysModules(None) => {
                for target in self.entries(&whole, method, args) {
                    self.touch(target, act, phase, node);
                }
                return true;
            }
            Target::Attribute { .. } if reached.inside.is_none() && !is_container(self.subject, &whole) => {
                if is_reset(method) {
                    self.touch(whole, Act::Reset, phase, node);
                }
                return true;
            }
            // What an object of the project's own gives for a key may be made anew.
            Target::Attribute { path, .. }
                if reached.inside.is_some() && answers_itself(self.subject, path, "__getitem__") =>
            {
                return true;
            }
            _ => {}
        }
        let target = match (reached.inside.is_none() && takes_key(method)).then(|| args.first()).flatten() {
            Some(key) if method != "remove" && method != "discard" && method != "add" => {
                with_key(&whole, literal_text(self.subject, key.value))
            }
            _ => whole,
        };
        let empties = method == "clear" && resets::starts_empty(self.subject, &target);
        let act = if empties { Act::Reset } else { act };
        self.touch_through(target, act, phase, node, None, owner);
        true
    }

    /// `os.environ.clear()` and, next to it, `os.environ.update(saved)`: together they bring all of it back.
    fn fills_again(
        &self,
        node: NodeId,
        owner: NodeId,
        method: &str,
        args: &[Argument],
        whole: &Target,
    ) -> bool {
        let keeps = |args: &[Argument]| matches!(args, [only] if keeps_copy(self.subject, only.value, whole));
        match method {
            "clear" => self.called_next_to(node, Neighbour::Next).is_some_and(|(filled, name, args)| {
                matches!(name, "update" | "extend") && self.is_alike(owner, filled) && keeps(args)
            }),
            "update" | "extend" => {
                keeps(args)
                    && self
                        .called_next_to(node, Neighbour::Previous)
                        .is_some_and(|(emptied, name, _)| name == "clear" && self.is_alike(owner, emptied))
            }
            _ => false,
        }
    }

    fn is_alike(&self, one: NodeId, other: NodeId) -> bool {
        self.subject.source(one) == self.subject.source(other)
    }

    /// The receiver, name and arguments of the method that the statement before or after this one calls.
    fn called_next_to(&self, call: NodeId, neighbour: Neighbour) -> Option<(NodeId, &str, &[Argument])> {
        let code = self.subject.code();
        let statement = code.statement_of(call);
        let (parent, end) = (code.node(statement).parent, code.node(statement).subtree_end);
        let is_sibling = |node: &NodeId| code.node(*node).parent == parent;
        let other = match neighbour {
            Neighbour::Next => Some(NodeId(end)).filter(|next| next.0 < code.nodes.len() as u32),
            Neighbour::Previous => (0..statement.0)
                .rev()
                .map(NodeId)
                .find(|node| is_sibling(node) && code.node(*node).subtree_end == statement.0),
        };
        let NodeKind::Expr(next) = code.kind(other.filter(is_sibling)?) else { return None };
        let NodeKind::Call { func, args } = code.kind(*next) else { return None };
        let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
        Some((*value, attr, args))
    }

    /// The entries of `os.environ` or `sys.modules` that a method changes.
    fn entries(&self, whole: &Target, method: &str, args: &[Argument]) -> Vec<Target> {
        let code = self.subject.code();
        if takes_key(method) {
            let key = args.first().and_then(|key| self.text(key.value));
            return vec![with_key(whole, key)];
        }
        if method != "update" {
            return vec![whole.clone()];
        }
        let mut found = Vec::new();
        for argument in args {
            match (&argument.kind, code.kind(argument.value)) {
                (ArgumentKind::Keyword(name), _) => found.push(with_key(whole, Some(name.clone()))),
                (ArgumentKind::Positional, NodeKind::Dict(pairs)) => {
                    found.extend(
                        pairs.iter().map(|(key, _)| with_key(whole, key.and_then(|key| self.text(key)))),
                    );
                }
                _ => found.push(whole.clone()),
            }
        }
        found
    }

    /// Follows a call into a function of the project; whether there was one.
    fn helper(&mut self, node: NodeId, path: &str, phase: Phase) -> bool {
        let Some((module, item)) = function_at(self.subject, path) else { return false };
        self.follow(node, &module, item, phase);
        true
    }

    /// Follows `self.method()` and `cls.method()`.
    fn helper_method(&mut self, node: NodeId, func: NodeId, phase: Phase) {
        let NodeKind::Attribute { value, attr, .. } = self.subject.code().kind(func) else { return };
        let Some(name) = self.subject.code().kind(*value).as_name() else { return };
        if class_state::receiver(self.subject, name, *value).is_none() {
            return;
        }
        let Some(class) = self.subject.class() else { return };
        if let Some((module, item)) = method_of(self.subject, class, attr) {
            self.follow(node, &module, item, phase);
        }
    }

    fn follow(&mut self, node: NodeId, module: &Module, item: u32, phase: Phase) {
        let own = module.file.path == self.subject.module.file.path;
        if self.calls == 0 || (own && item == self.subject.item) {
            return;
        }
        // What product code does to its own state is its own affair; a reset may be a guard.
        let of_tests = own || is_test_code(self.subject.project, &module.file.path);
        if !of_tests && phase == Phase::Run && !is_reset(module.file.name(item)) {
            return;
        }
        let left = if own { self.calls - 1 } else { (self.calls - 1).min(1) };
        let inner = Footprint::at(self.subject.project, module, item, left);
        if inner.touches.is_empty() || inner.hands_over.is_some() {
            return;
        }
        let helper = Subject::new(self.subject.project, module, item);
        if phase == Phase::Run && made_once::keeps_until_exit(&helper) {
            return;
        }
        let set_up_of = made_once::set_up_for(self.subject, &helper);
        let undone: Vec<bool> = inner.touches.iter().map(|touch| inner.is_undone_at_once(touch)).collect();
        for (mut touch, undone) in inner.touches.iter().cloned().zip(undone) {
            let is_over =
                touch.phase == Phase::TearDown || (undone && !matches!(touch.act, Act::Lent | Act::Saved));
            if phase == Phase::Run && is_over && touch.phase != Phase::Registered {
                continue;
            }
            if phase == Phase::Run && touch.origin.is_none() && made_once::fills_where_absent(&helper, &touch)
            {
                continue;
            }
            if set_up_of.as_ref().is_some_and(|class| class.covers(&touch.target)) {
                continue;
            }
            let cleans_up = touch.act == Act::Remove && is_clean_up_of(&helper, &touch.target);
            if phase == Phase::Run && touch.act.is_effect() && (!of_tests || cleans_up) {
                touch.act = Act::Reset;
            }
            let at = helper.code().range(touch.node);
            touch.origin.get_or_insert_with(|| helper.place(at));
            touch.node = node;
            touch.put_back = touch.put_back.map(|_| node);
            touch.value = None;
            if touch.phase == Phase::Run || phase != Phase::Run {
                touch.phase = phase;
            }
            self.found.touches.push(touch);
        }
    }

    /// A context manager that is entered and left around `region`.
    pub(super) fn enter(&mut self, context: NodeId, region: (u32, u32)) {
        let covers = contexts::undone_by(self.subject, context, self.calls);
        let (start, end) = region;
        self.found.covers.extend(covers.into_iter().map(|target| super::Cover { target, start, end }));
    }
}

#[derive(Clone, Copy)]
enum Neighbour {
    Previous,
    Next,
}

/// The attribute that `setattr(object, name, …)` names; without a literal name the whole object.
pub fn attribute_of(subject: &Subject<'_>, object: NodeId, name: NodeId) -> Option<Target> {
    let reached = reference(subject, object)?;
    let Some(name) = literal_text(subject, name) else { return reached.contents(subject) };
    if reached.inside.is_some() {
        return reached.contents(subject);
    }
    let owner = subject.project.canonical(&reached.path);
    Some(Target::attribute(SmolStr::from(format!("{owner}.{name}")))).filter(super::writes::is_lasting)
}

/// The entry of a container that a key names.
pub fn entry_of(subject: &Subject<'_>, container: NodeId, key: Option<NodeId>) -> Option<Target> {
    let whole = match subject.code().kind(container) {
        NodeKind::Str(path) => Target::attribute(subject.project.canonical(path)),
        _ => {
            let reached = reference(subject, container)?;
            let name = key.and_then(|key| literal_text(subject, key));
            if reached.is_namespace() && name.is_some() {
                return reached.entry(subject, name).binding();
            }
            reached.contents(subject)?
        }
    };
    Some(match &whole {
        Target::Attribute { key: Some(_), .. } => whole,
        _ => with_key(&whole, key.and_then(|key| literal_text(subject, key))),
    })
}

/// The same container, narrowed to one key.
fn with_key(whole: &Target, key: Option<SmolStr>) -> Target {
    match whole {
        Target::Environ(_) => Target::Environ(key),
        Target::SysModules(_) => Target::SysModules(key),
        Target::Setting(Setting::RcParams(_)) => Target::Setting(Setting::RcParams(key)),
        Target::Attribute { path, key: None } => Target::Attribute { path: path.clone(), key },
        other => other.clone(),
    }
}

/// `monkeypatch.setattr(o, "L", o.L)` puts nothing in the place: changes in place stay.
fn keeps_its_value(subject: &Subject<'_>, target: &Target, value: Option<&Argument>) -> bool {
    value.and_then(|argument| reference(subject, argument.value)).is_some_and(|reached| {
        let Reference { path, inside, .. } = &reached;
        !reached.is_copy() && inside.is_none() && Target::attribute(path.clone()) == *target
    })
}

fn is_text(code: &Code, args: &[Argument], at: usize) -> bool {
    args.get(at).is_some_and(|argument| code.kind(argument.value).as_str().is_some())
}

/// Whether a helper by its name cleans up what its own module or class keeps.
fn is_clean_up_of(helper: &Subject<'_>, target: &Target) -> bool {
    let is_own = target.path().is_some_and(|path| path.starts_with(helper.module.name.as_str()));
    is_own && is_named_for_restoring(helper.module.file.name(helper.item))
}

/// `snapshot.restore()`, `env.undo()`, `loop.close()` on something that cannot be seen.
fn restores_something(code: &Code, func: NodeId) -> bool {
    let name = match code.kind(func) {
        NodeKind::Attribute { attr, .. } => attr,
        NodeKind::Name(name) => name,
        _ => return false,
    };
    is_named_for_restoring(name)
}

fn is_named_for_restoring(name: &str) -> bool {
    let word = name.trim_start_matches('_');
    ["restore", "undo", "revert", "reset", "cleanup", "clean_up", "teardown"]
        .iter()
        .any(|start| word.starts_with(start))
}

fn is_patcher_name(dotted: &str) -> bool {
    let last = dotted.rsplit('.').next().unwrap_or_default();
    last.contains("monkey")
        || last.contains("patch")
        || matches!(last, "m" | "mp" | "mpatch" | "ctx" | "context")
}

/// `mocker.patch.object` as the path of what it wraps.
fn mocker_path(code: &Code, owner: NodeId, method: &str) -> String {
    let dotted = code.dotted(owner).unwrap_or_default();
    let behind = dotted.split('.').skip_while(|part| !part.ends_with("mocker")).skip(1);
    let mut parts: Vec<&str> = behind.collect();
    parts.push(method);
    format!("unittest.mock.{}", parts.join("."))
}
