//! The call that made a value, followed through names, `with … as`, constants, attributes and fixtures.

use smol_str::SmolStr;

use super::Subject;
use crate::facts::{BindingKind, NodeId, NodeKind};

/// Names of names and fixtures of fixtures are followed this far.
const MAX_HOPS: u32 = 5;

impl<'p> Subject<'p> {
    /// The call that made what an expression stands for, in the item that has it. A fixture or constant counts where it is
    /// one expression; a function of the project is not looked into.
    pub fn maker(&self, expr: NodeId) -> Option<(Subject<'p>, NodeId)> {
        maker(self, expr, MAX_HOPS)
    }

    /// The dotted path of that call, through functions of the project whose results are all made alike, and for an
    /// attribute of `self` through all methods of the class. Of a method of something unknown it is `.name`.
    pub fn made_by(&self, expr: NodeId) -> Option<SmolStr> {
        made_by(self, expr, MAX_HOPS)
    }
}

fn made_by(subject: &Subject<'_>, expr: NodeId, hops: u32) -> Option<SmolStr> {
    let hops = hops.checked_sub(1)?;
    let Some((holder, call)) = maker(subject, expr, MAX_HOPS) else {
        let (method, value) = set_in_class(subject, expr)?;
        return made_by(&method, value, hops);
    };
    let NodeKind::Call { func, .. } = holder.code().kind(call) else { return None };
    let Some(path) = holder.resolve(*func) else {
        return Some(SmolStr::new(format!(".{}", holder.code().kind(*func).last_name()?)));
    };
    let called = holder.definition(*func).filter(|definition| definition.name() != "__init__");
    let of_results = called.and_then(|definition| {
        let called = definition.subject(subject.project);
        let mut all = called.results().into_iter().map(|result| made_by(&called, result, hops));
        let first = all.next()??;
        all.all(|other| other.as_ref() == Some(&first)).then_some(first)
    });
    of_results.or(Some(path))
}

/// The method that sets `self.<attr>`, which `expr` is, and the value.
fn set_in_class<'p>(subject: &Subject<'p>, expr: NodeId) -> Option<(Subject<'p>, NodeId)> {
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(expr) else { return None };
    let class = subject.class().filter(|_| subject.code().kind(*value).as_name() == Some("self"))?;
    let members = subject.module.file.members(class);
    let mut methods = members.map(|member| Subject::new(subject.project, &subject.module, member));
    methods.find_map(|method| set_here(&method, attr).map(|value| (method, value)))
}

fn maker<'p>(subject: &Subject<'p>, expr: NodeId, hops: u32) -> Option<(Subject<'p>, NodeId)> {
    let hops = hops.checked_sub(1)?;
    let code = subject.code();
    match code.kind(expr) {
        NodeKind::Await(inner) => maker(subject, *inner, hops),
        NodeKind::Call { .. } => Some((subject.clone(), expr)),
        NodeKind::Attribute { value, attr, .. } if code.kind(*value).as_name() == Some("self") => {
            maker(subject, set_here(subject, attr)?, hops)
        }
        NodeKind::Name(name) => of_name(subject, name, expr, hops),
        NodeKind::Attribute { .. } => of_constant(subject, expr),
        _ => None,
    }
}

fn of_name<'p>(subject: &Subject<'p>, name: &str, at: NodeId, hops: u32) -> Option<(Subject<'p>, NodeId)> {
    let local = subject.facts.bindings().visible(subject.code(), name, at);
    match local.as_slice() {
        [] => of_constant(subject, at),
        [binding] => match binding.kind {
            BindingKind::Value(value) => maker(subject, value, hops),
            BindingKind::Entered(context) => maker(subject, context, hops),
            BindingKind::Param(_) => {
                let fixture = subject.fixture_subject(name)?;
                let results = fixture.results();
                let [result] = results.as_slice() else { return None };
                maker(&fixture, *result, hops)
            }
            _ => None,
        },
        _ => None,
    }
}

fn of_constant<'p>(subject: &Subject<'p>, at: NodeId) -> Option<(Subject<'p>, NodeId)> {
    let origin = subject.origin(at).followed(subject.project);
    let bound = origin.subject(subject.project);
    matches!(origin.kind(), NodeKind::Call { .. }).then_some((bound, origin.node))
}

/// The value of the only `self.<attr> = …` of the item.
fn set_here(subject: &Subject<'_>, attr: &str) -> Option<NodeId> {
    let code = subject.code();
    let is_it = |target: NodeId| match code.kind(target) {
        NodeKind::Attribute { value, attr: set, .. } => {
            set == attr && code.kind(*value).as_name() == Some("self")
        }
        _ => false,
    };
    let mut values = subject.body().filter_map(|node| match code.kind(node) {
        NodeKind::Assign { targets, value } => targets.iter().any(|it| is_it(*it)).then_some(*value),
        _ => None,
    });
    let first = values.next()?;
    values.next().is_none().then_some(first)
}
