//! Lists that hold every log record or warning of a while.

use crate::facts::arguments::keyword;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;

#[derive(Clone, Debug, PartialEq)]
pub enum Captured {
    /// `caplog.records`, or another view of the same: its name.
    Log {
        view: String,
    },
    Warnings,
}

impl Captured {
    /// What an expression captures, where it stands for all of it.
    pub fn of(subject: &Subject<'_>, node: NodeId) -> Option<(Captured, NodeId)> {
        let origin = subject.origin(node).followed(subject.project);
        if !subject.is_item(&origin.module, origin.item) {
            return None;
        }
        let code = subject.code();
        let captured = match code.kind(origin.node) {
            NodeKind::Attribute { value, attr, .. } => match attr.as_str() {
                "records" | "messages" | "record_tuples" | "text"
                    if is_fixture(subject, *value, "caplog") =>
                {
                    Captured::Log { view: attr.to_string() }
                }
                "list" if is_fixture(subject, *value, "recwarn") => Captured::Warnings,
                _ => return None,
            },
            NodeKind::Name(name) => {
                let is_warnings =
                    is_fixture(subject, origin.node, "recwarn") || is_recorder(subject, name, origin.node);
                is_warnings.then_some(Captured::Warnings)?
            }
            _ => return None,
        };
        Some((captured, origin.node))
    }

    /// Whether the test says which records it means, or takes away what came before.
    pub fn is_narrowed(&self, subject: &Subject<'_>) -> bool {
        let code = subject.code();
        subject.body().any(|node| {
            let NodeKind::Call { func, args } = code.kind(node) else { return false };
            let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return false };
            match self {
                Captured::Log { .. } => match attr.as_str() {
                    "clear" | "filtering" => is_fixture(subject, *value, "caplog"),
                    "addFilter" => true,
                    _ => false,
                },
                Captured::Warnings => {
                    let ignores =
                        args.first().is_some_and(|first| code.kind(first.value).as_str() == Some("ignore"));
                    attr == "clear" && is_fixture(subject, *value, "recwarn")
                        || ignores && matches!(attr.as_str(), "simplefilter" | "filterwarnings")
                }
            }
        })
    }
}

/// Where the capture of what an expression stands for begins, if that is not the test's begin.
pub fn begins(subject: &Subject<'_>, all: NodeId) -> Option<NodeId> {
    let code = subject.code();
    let bound = subject.facts.bindings().visible(code, code.kind(all).as_name()?, all);
    bound
        .iter()
        .rfind(|binding| binding.node < all && matches!(binding.kind, BindingKind::Entered(_)))
        .map(|binding| binding.node)
}

fn is_fixture(subject: &Subject<'_>, node: NodeId, fixture: &str) -> bool {
    let code = subject.code();
    let Some(name) = code.kind(node).as_name().filter(|name| *name == fixture) else { return false };
    let bound = subject.facts.bindings().visible(code, name, node);
    let is_parameter = matches!(bound.as_slice(), [one] if matches!(one.kind, BindingKind::Param(_)));
    is_parameter && subject.project.fixture(&subject.module, subject.item, fixture).is_none()
}

/// `with warnings.catch_warnings(record=True) as name`
fn is_recorder(subject: &Subject<'_>, name: &str, at: NodeId) -> bool {
    let code = subject.code();
    let bound = subject.facts.bindings().visible(code, name, at);
    let entered = bound.iter().rfind(|binding| binding.node < at);
    let Some(BindingKind::Entered(context)) = entered.map(|binding| &binding.kind) else { return false };
    let NodeKind::Call { args, .. } = code.kind(*context) else { return false };
    let is_catch = subject.callee(*context).is_some_and(|path| path == "warnings.catch_warnings");
    is_catch
        && keyword(args, "record").is_some_and(|record| *code.kind(record) == NodeKind::Bool(true))
        && lets_all_through(subject)
}

/// `simplefilter("always")`: without it Python's own filters leave `ResourceWarning` out.
fn lets_all_through(subject: &Subject<'_>) -> bool {
    let code = subject.code();
    subject.body().any(|node| {
        let NodeKind::Call { args, .. } = code.kind(node) else { return false };
        let [action] = &**args else { return false };
        subject.callee(node).is_some_and(|path| path == "warnings.simplefilter")
            && matches!(code.kind(action.value).as_str(), Some("always" | "default"))
    })
}
