//! Which logger an expression is, and which changes of one are looked after.

use smol_str::SmolStr;

use crate::facts::code::Argument;
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;

use super::class_state;

/// The name of the logger that an expression is: a `logging.getLogger(…)` call, or a local or module name bound to
/// one. The root's name is empty; a computed name gives `None`.
pub fn logger_name(subject: &Subject<'_>, expr: NodeId) -> Option<SmolStr> {
    let code = subject.code();
    match code.kind(expr) {
        NodeKind::Call { .. } => asked_for(subject, expr),
        NodeKind::Attribute { value, attr, .. } => match subject.resolve(expr) {
            Some(path) => (path == "logging.root").then(SmolStr::default),
            None => kept_by_set_up(subject, *value, attr),
        },
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

/// The logger that the set-up of the class keeps: `self.logger = logging.getLogger("shop")`, or the local name of one.
fn kept_by_set_up(subject: &Subject<'_>, owner: NodeId, attr: &str) -> Option<SmolStr> {
    let receiver = subject.code().kind(owner).as_name()?;
    class_state::receiver(subject, receiver, owner)?;
    let file = &subject.module.file;
    let mut kept = file.members(subject.class()?).filter_map(|member| {
        let is_set_up = matches!(
            file.name(member),
            "setUp" | "setup_method" | "setUpClass" | "setup_class" | "asyncSetUp"
        );
        if !is_set_up || member == subject.item {
            return None;
        }
        let set_up = Subject::new(subject.project, &subject.module, member);
        let code = set_up.code();
        let value = set_up.body().find_map(|node| match code.kind(node) {
            NodeKind::Assign { targets, value } => targets
                .iter()
                .any(|target| matches!(code.kind(*target), NodeKind::Attribute { attr: name, .. } if name == attr))
                .then_some(*value),
            _ => None,
        })?;
        logger_name(&set_up, value)
    });
    kept.next()
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

/// Whether a change of a logger is taken back by `caplog`, which has set the level of the same one before, or takes away a
/// handler that a call of the function has put there.
pub fn is_looked_after(
    subject: &Subject<'_>,
    node: NodeId,
    logger: &str,
    method: &str,
    args: &[Argument],
) -> bool {
    let code = subject.code();
    match method {
        "setLevel" => subject.body().take_while(|earlier| *earlier < node).any(|earlier| {
            let NodeKind::Call { func, args } = code.kind(earlier) else { return false };
            code.dotted(*func).as_deref() == Some("caplog.set_level")
                && args.iter().any(|argument| code.kind(argument.value).as_str() == Some(logger))
        }),
        "removeHandler" | "removeFilter" => args.first().is_some_and(|argument| {
            let Some(name) = code.kind(argument.value).as_name() else { return false };
            let bound = subject.facts.bindings().visible(code, name, argument.value);
            matches!(bound.as_slice(), [only] if matches!(only.kind, BindingKind::Value(value)
                if makes_handler(subject, value)))
        }),
        _ => false,
    }
}

/// `add_stderr_logger()`, `install_handler()`: by its name it adds what it gives.
fn makes_handler(subject: &Subject<'_>, value: NodeId) -> bool {
    let NodeKind::Call { func, .. } = subject.code().kind(value) else { return false };
    let name = subject.code().kind(*func).last_name().unwrap_or_default();
    ["add", "install", "attach", "register", "setup", "set_up", "configure"]
        .iter()
        .any(|start| name.starts_with(start))
}
