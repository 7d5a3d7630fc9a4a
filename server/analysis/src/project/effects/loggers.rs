//! Which logger an expression is.

use smol_str::SmolStr;

use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;

/// The name of the logger that an expression is: a `logging.getLogger(…)` call, or a local or module name bound to
/// one. The root's name is empty; a computed name gives `None`.
pub fn logger_name(subject: &Subject<'_>, expr: NodeId) -> Option<SmolStr> {
    let code = subject.code();
    match code.kind(expr) {
        NodeKind::Call { .. } => asked_for(subject, expr),
        NodeKind::Attribute { .. } => (subject.resolve(expr)? == "logging.root").then(SmolStr::default),
        NodeKind::Name(name) => {
            let local = subject.facts.bindings().visible(code, name, expr);
            if let [only] = local.as_slice() {
                let BindingKind::Value(value) = only.kind else { return None };
                return asked_for(subject, value);
            }
            if !local.is_empty() {
                return None;
            }
            let [binding] = subject.module.file.scope().get(name) else { return None };
            let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = binding.kind else {
                return None;
            };
            asked_for(&Subject::new(subject.project, &subject.module, binding.item), value)
        }
        _ => None,
    }
}

fn asked_for(subject: &Subject<'_>, call: NodeId) -> Option<SmolStr> {
    let NodeKind::Call { args, .. } = subject.code().kind(call) else { return None };
    if subject.callee(call)? != "logging.getLogger" {
        return None;
    }
    let Some(first) = args.first() else { return Some(SmolStr::default()) };
    match subject.code().kind(first.value) {
        NodeKind::Str(name) if name == "root" => Some(SmolStr::default()),
        NodeKind::Str(name) => Some(name.clone()),
        NodeKind::None => Some(SmolStr::default()),
        NodeKind::Name(name) if name == "__name__" => Some(subject.module.name.clone()),
        _ => None,
    }
}
