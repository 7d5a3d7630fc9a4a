//! What is started: by which call, held by what, and what would stop it.

use crate::facts::code::Argument;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::patches::{Patcher, patcher};

/// Something that changes the process from its start to its stop.
#[derive(Clone, Debug)]
pub struct Handle {
    pub kind: Kind,
    pub holder: Holder,
    /// The call that starts it.
    pub started_at: NodeId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `unittest.mock.patch` and its like: `patch.stopall` stops them too.
    Patch,
    /// Clocks and fake services with `start` and `stop`.
    Fake,
    /// `pytest.MonkeyPatch()`, from its first change to `undo`.
    MonkeyPatch,
    /// A module that is switched on, by the word that switches it off: `responses.start`, `httpretty.enable`.
    Module { off: &'static str },
}

/// By what the thing can be reached again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// `patch(…).start()`: what is called.
    Unnamed(NodeId),
    /// A name of the function.
    Local(String),
    /// `self.patcher`, as written.
    Attribute(String),
    /// The module, as written.
    Module(String),
}

/// Methods of `MonkeyPatch` that change what they are given.
pub const CHANGES: &[&str] =
    &["setattr", "delattr", "setitem", "delitem", "setenv", "delenv", "syspath_prepend", "chdir"];

impl Handle {
    pub fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Patch => "A patch",
            Kind::Fake => "A fake",
            Kind::MonkeyPatch => "A `MonkeyPatch`",
            Kind::Module { off: "disable" } => "`httpretty`",
            Kind::Module { .. } => "`responses`",
        }
    }

    /// What to call to stop it, without parentheses; `None` while nothing holds it.
    pub fn stop(&self) -> Option<String> {
        let word = match self.kind {
            Kind::Patch | Kind::Fake => "stop",
            Kind::MonkeyPatch => "undo",
            Kind::Module { off } => off,
        };
        match &self.holder {
            Holder::Unnamed(_) => None,
            Holder::Local(name) | Holder::Attribute(name) | Holder::Module(name) => {
                Some(format!("{name}.{word}"))
            }
        }
    }

    /// A sentence.
    pub fn advice(&self, subject: &Subject<'_>) -> String {
        let stop = self.stop().unwrap_or_else(|| "patcher.stop".to_owned());
        let register = if subject.is_test_case() { "self.addCleanup" } else { "request.addfinalizer" };
        match self.kind {
            Kind::MonkeyPatch if !subject.is_test_case() => {
                "Use the `monkeypatch` fixture, which undoes everything at the end of the test.".to_owned()
            }
            Kind::Module { .. } => {
                format!("Register `{register}({stop})`, or decorate the test with `activate`.")
            }
            _ => format!("Register `{register}({stop})`, or use it in a `with` block."),
        }
    }
}

/// Everything that the function itself starts, where it changes more than the function's own objects.
pub fn started(subject: &Subject<'_>) -> Vec<Handle> {
    let code = subject.code();
    let calls = subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }));
    calls.filter(|call| subject.runs_here(*call)).filter_map(|call| at(subject, call)).collect()
}

fn at(subject: &Subject<'_>, call: NodeId) -> Option<Handle> {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return None };
    let path = subject.resolve(*func);
    if let Some(path) = path.as_deref() {
        if matches!(path, "pytest.MonkeyPatch" | "_pytest.monkeypatch.MonkeyPatch") {
            return monkey_patch(subject, call);
        }
        let off = match path {
            "responses.start" => "stop",
            "httpretty.enable" => "disable",
            _ => return None,
        };
        let NodeKind::Attribute { value, .. } = code.kind(*func) else { return None };
        let holder = Holder::Module(code.dotted(*value)?);
        return Some(Handle { kind: Kind::Module { off }, holder, started_at: call });
    }
    let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
    if attr != "start" || !args.is_empty() {
        return None;
    }
    let (holder, maker) = held(subject, *value)?;
    Some(Handle { kind: kind(subject, maker)?, holder, started_at: call })
}

/// `patcher = pytest.MonkeyPatch()`, with a change through it.
fn monkey_patch(subject: &Subject<'_>, call: NodeId) -> Option<Handle> {
    let code = subject.code();
    let NodeKind::Assign { targets, .. } = code.kind(code.node(call).parent) else { return None };
    let [target] = &targets[..] else { return None };
    let name = code.kind(*target).as_name()?;
    let changes = subject.body().any(|node| match code.kind(node) {
        NodeKind::Call { func, args } => match code.kind(*func) {
            NodeKind::Attribute { value, attr, .. } => {
                code.kind(*value).as_name() == Some(name) && changes_process(subject, attr, args)
            }
            _ => false,
        },
        _ => false,
    });
    let is_only_one = subject.facts.bindings().all(name).len() == 1;
    (changes && is_only_one).then(|| Handle {
        kind: Kind::MonkeyPatch,
        holder: Holder::Local(name.to_owned()),
        started_at: call,
    })
}

fn changes_process(subject: &Subject<'_>, method: &str, args: &[Argument]) -> bool {
    match method {
        "setattr" | "delattr" | "setitem" | "delitem" => is_shared(subject, args),
        _ => CHANGES.contains(&method),
    }
}

/// What a receiver of `start()` is called, and the call that made it.
fn held(subject: &Subject<'_>, receiver: NodeId) -> Option<(Holder, NodeId)> {
    let code = subject.code();
    match code.kind(receiver) {
        NodeKind::Call { .. } => Some((Holder::Unnamed(receiver), receiver)),
        NodeKind::Name(name) => match subject.facts.bindings().all(name) {
            [only] => match only.kind {
                BindingKind::Value(value) => Some((Holder::Local(name.to_string()), value)),
                _ => None,
            },
            _ => None,
        },
        NodeKind::Attribute { .. } => {
            let dotted = code.dotted(receiver)?;
            let (owner, _) = dotted.split_once('.')?;
            if !matches!(owner, "self" | "cls") || dotted.matches('.').count() != 1 {
                return None;
            }
            let mut values = subject.body().filter_map(|node| match code.kind(node) {
                NodeKind::Assign { targets, value } => {
                    targets.iter().any(|it| code.dotted(*it).as_deref() == Some(&dotted)).then_some(*value)
                }
                _ => None,
            });
            let value = values.next().filter(|_| values.next().is_none())?;
            Some((Holder::Attribute(dotted.clone()), value))
        }
        _ => None,
    }
}

/// What a call makes, if that changes the process once it is started.
fn kind(subject: &Subject<'_>, maker: NodeId) -> Option<Kind> {
    let NodeKind::Call { func, args } = subject.code().kind(maker) else { return None };
    let path = subject.resolve(*func)?;
    if let Some(patcher) = patcher(&path) {
        let reaches_out = patcher == Patcher::Path || is_shared(subject, args);
        return reaches_out.then_some(Kind::Patch);
    }
    let is_fake = path.starts_with("moto.mock_")
        || matches!(
            path.as_str(),
            "freezegun.freeze_time"
                | "freezegun.api.freeze_time"
                | "time_machine.travel"
                | "responses.RequestsMock"
                | "requests_mock.Mocker"
                | "aioresponses.aioresponses"
        );
    is_fake.then_some(Kind::Fake)
}

/// Whether what is patched is a module, a class or a container that others see: written as a dotted text, or known by
/// its path. An object that the test made goes with the test.
fn is_shared(subject: &Subject<'_>, args: &[Argument]) -> bool {
    args.first().is_some_and(|first| {
        subject.code().kind(first.value).as_str().is_some() || subject.resolve(first.value).is_some()
    })
}
