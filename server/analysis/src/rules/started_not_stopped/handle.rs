//! What is started: by which call, held by what, and what would stop it.

use crate::facts::code::Argument;
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::patches::{Patcher, patcher};
use crate::project::{Role, Subject};

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
    /// `time.tzset()` for a zone that only the environment gets rid of again.
    TimeZone,
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
    /// The module, as written; of `time.tzset` the function.
    Module(String),
    /// A name of the module, bound by that item.
    Global(String, u32),
}

/// Methods of `MonkeyPatch` that change what they are given.
pub const CHANGES: &[&str] =
    &["setattr", "delattr", "setitem", "delitem", "setenv", "delenv", "syspath_prepend", "chdir"];

impl Handle {
    /// A sentence.
    pub fn what(&self) -> String {
        let noun = match self.kind {
            Kind::Patch => "A patch",
            Kind::Fake => "A fake",
            Kind::MonkeyPatch => "A `MonkeyPatch`",
            Kind::Module { off: "disable" } => "`httpretty`",
            Kind::Module { .. } => "`responses`",
            Kind::TimeZone => {
                return "`tzset()` is called here, and not again once `TZ` is put back.".to_owned();
            }
        };
        format!("{noun} is started here and nothing stops it.")
    }

    /// A sentence.
    pub fn why(&self, subject: &Subject<'_>) -> &'static str {
        match self.kind {
            Kind::TimeZone => {
                "What puts `TZ` back changes the environment alone: the process keeps the zone for every test that runs \
                 after this one."
            }
            _ if subject.role == Role::Statement => {
                "It is in force from the import on, for all tests of the run, whatever module they are in."
            }
            _ => "It stays in force for every test that runs after this one in the process.",
        }
    }

    /// What to call to stop it, without parentheses; `None` while nothing holds it.
    pub fn stop(&self) -> Option<String> {
        let word = match self.kind {
            Kind::Patch | Kind::Fake => "stop",
            Kind::MonkeyPatch => "undo",
            Kind::Module { off } => off,
            Kind::TimeZone => return None,
        };
        match &self.holder {
            Holder::Unnamed(_) => None,
            Holder::Global(name, _)
            | Holder::Local(name)
            | Holder::Attribute(name)
            | Holder::Module(name) => Some(format!("{name}.{word}")),
        }
    }

    /// A sentence.
    pub fn advice(&self, subject: &Subject<'_>) -> String {
        let stop = self.stop().unwrap_or_else(|| "patcher.stop".to_owned());
        let register = if subject.is_test_case() { "self.addCleanup" } else { "request.addfinalizer" };
        match self.kind {
            Kind::TimeZone => {
                "Call it once more behind the `yield` of an autouse fixture, which is torn down after the undo.".to_owned()
            }
            _ if subject.role == Role::Statement => {
                "Start it in a fixture that stops it behind its `yield`.".to_owned()
            }
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
    if let Some(handle) = of_module(subject, *func, call).filter(|_| args.is_empty()) {
        return Some(handle);
    }
    let path = subject.resolve(*func);
    if let Some(path) = path.as_deref() {
        if matches!(path, "pytest.MonkeyPatch" | "_pytest.monkeypatch.MonkeyPatch") {
            return monkey_patch(subject, call);
        }
        if path == "time.tzset" {
            let holder = Holder::Module(code.dotted(*func)?);
            return sets_zone(subject).then_some(Handle { kind: Kind::TimeZone, holder, started_at: call });
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

/// Whether the function gives the environment a time zone.
fn sets_zone(subject: &Subject<'_>) -> bool {
    subject.body().any(|node| subject.code().kind(node).as_str() == Some("TZ"))
}

/// A patcher that another statement of the module bound, where a statement of the module starts it.
fn of_module(subject: &Subject<'_>, func: NodeId, started_at: NodeId) -> Option<Handle> {
    let code = subject.code();
    let NodeKind::Attribute { value: receiver, attr, .. } = code.kind(func) else { return None };
    let name = code.kind(*receiver).as_name().filter(|_| attr == "start")?;
    if subject.role != Role::Statement {
        return None;
    }
    let [binding] = subject.module.file.scope().get(name) else { return None };
    let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = binding.kind else { return None };
    let bound = Subject::new(subject.project, &subject.module, binding.item);
    let holder = Holder::Global(name.to_owned(), binding.item);
    Some(Handle { kind: kind(&bound, value)?, holder, started_at })
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
