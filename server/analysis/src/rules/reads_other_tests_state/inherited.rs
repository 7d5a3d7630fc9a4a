//! The state that a test has from others.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::facts::bindings::Binding;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::effects::class_state::{Receiver, receiver};
use crate::project::effects::reference::reference;
use crate::project::functions::is_test_code;
use crate::project::handed_over::{HandedOver, initial};
use crate::project::target::Target;
use crate::project::{Project, Subject};

/// The targets that the test is the first to read of what other tests left, in source order.
pub fn by(subject: &Subject<'_>) -> Vec<(Target, Arc<HandedOver>)> {
    // A name may be there because a test declares it `global`.
    subject.project.ask_for("global");
    let mut seen: Vec<Target> = Vec::new();
    let mut found = Vec::new();
    let mut roots = Roots::default();
    for node in subject.body().filter(|node| subject.runs_here(*node)) {
        if roots.are_foreign(subject, node) {
            continue;
        }
        for target in targets(subject, node) {
            if seen.contains(&target) {
                continue;
            }
            seen.push(target.clone());
            // The entries say more than the dict that holds them.
            if found.iter().any(|(entry, _): &(Target, _)| target.covers(entry)) {
                continue;
            }
            if initial::of(subject.project, &target).is_none() {
                continue;
            }
            let Some(handed_over) = subject.project.handed_over(&target) else { continue };
            if !handed_over.is_declared && handed_over.readers[0].is(subject) {
                found.push((target, handed_over));
            }
        }
    }
    found
}

/// The names with which chains begin: most are of what the test made itself or lead to other code than the tests', and what
/// lies there no other test made. To resolve each chain would cost more than all the rest.
#[derive(Default)]
struct Roots<'c> {
    names: FxHashMap<&'c str, Lead>,
    /// Whether no state lies behind an attribute of a name that is a module.
    members: FxHashMap<(&'c str, &'c str), bool>,
}

/// Where a name leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// No state of other tests lies there.
    Away,
    /// To a module of the project.
    Module,
    Anywhere,
}

impl<'c> Roots<'c> {
    /// Whether no state of other tests lies behind a name or chain.
    fn are_foreign(&mut self, subject: &'c Subject<'_>, node: NodeId) -> bool {
        let code = subject.code();
        let (mut at, mut member) = (node, None);
        while let NodeKind::Attribute { value, attr, .. } = code.kind(at) {
            member = Some((at, attr.as_str()));
            at = *value;
        }
        let NodeKind::Name(name) = code.kind(at) else { return false };
        match (self.lead(subject, name, at), member) {
            (Lead::Away, _) | (Lead::Module, None) => true,
            (Lead::Module, Some((member, attr))) => *self.members.entry((name, attr)).or_insert_with(|| {
                subject.resolve(member).is_some_and(|path| leads_away(subject.project, &path))
            }),
            (Lead::Anywhere, _) => false,
        }
    }

    fn lead(&mut self, subject: &'c Subject<'_>, name: &'c str, at: NodeId) -> Lead {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let bindings = subject.facts.bindings().all(name);
        let away = |is_away: bool| if is_away { Lead::Away } else { Lead::Anywhere };
        let lead = if is_of_one_scope(subject, bindings) && receiver(subject, name, at).is_none() {
            away(reference(subject, at).is_none())
        } else if subject.scope().is_local(name, at) {
            // What it stands for depends on where.
            return Lead::Anywhere;
        } else {
            match subject.resolve(at) {
                Some(path) if subject.project.layout.file_of(&path).is_some() => Lead::Module,
                path => away(path.is_some_and(|path| leads_away(subject.project, &path))),
            }
        };
        self.names.insert(name, lead);
        lead
    }
}

/// Whether a path is of other code than the tests', and of no module from which one may lead there.
fn leads_away(project: &Project, path: &str) -> bool {
    match project.layout.split_path(path) {
        Some((file, rest)) => !rest.is_empty() && !is_test_code(project, file),
        None => path != "pytest",
    }
}

/// Whether the function itself binds a name, and nothing in it does so again for a part of it: then it stands for the same
/// everywhere in the function.
fn is_of_one_scope(subject: &Subject<'_>, bindings: &[Binding]) -> bool {
    let own = subject.code().roots.first().copied();
    let is_own = |binding: &Binding| binding.scope == own && binding.kind != BindingKind::Global;
    !bindings.is_empty() && own.is_some() && bindings.iter().all(is_own)
}

/// What of the tests' own state an expression may stand for.
fn targets(subject: &Subject<'_>, node: NodeId) -> Vec<Target> {
    let code = subject.code();
    let paths = match code.kind(node) {
        NodeKind::Name(name) if !subject.scope().is_local(name, node) => path_of(subject, node),
        NodeKind::Attribute { value, attr, .. } => match code.kind(*value).as_name() {
            Some(name) if receiver(subject, name, *value) == Some(Receiver::Instance) => {
                of_instance(subject, attr)
            }
            _ => path_of(subject, node),
        },
        _ => return Vec::new(),
    };
    let key = match code.kind(code.node(node).parent) {
        NodeKind::Subscript { value, index } if *value == node => code.kind(*index).as_str(),
        NodeKind::Compare { left, .. } if *left != node => code.kind(*left).as_str(),
        _ => None,
    };
    let entry = |path: &SmolStr| key.map(|key| Target::of_path(path.clone(), Some(key.into())));
    paths
        .iter()
        .flat_map(|path| entry(path).into_iter().chain([Target::of_path(path.clone(), None)]))
        .collect()
}

fn path_of(subject: &Subject<'_>, node: NodeId) -> Vec<SmolStr> {
    let reached = reference(subject, node).filter(|reached| reached.inside.is_none());
    reached.map(|reached| subject.project.canonical(&reached.path)).into_iter().collect()
}

/// `self.attr` may be an attribute of the class or of a base.
fn of_instance(subject: &Subject<'_>, attr: &str) -> Vec<SmolStr> {
    let Some(class) = subject.class() else { return Vec::new() };
    let lines = subject.project.method_resolution(&subject.module, class);
    let is_method =
        lines.iter().any(|(module, class)| module.file.members_named(*class, attr).next().is_some());
    if is_method || attr.starts_with("assert") {
        return Vec::new();
    }
    let path = |(module, class)| {
        let class = subject.project.qualified_name(&module, class);
        SmolStr::from(format!("{}.{class}.{attr}", module.name))
    };
    lines.into_iter().map(path).collect()
}
