//! Context managers and decorators that undo what is done to a target while they hold.

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::functions::{function_at, method_of};
use crate::project::patches::{Patcher, patcher};
use crate::project::target::{Setting, Target};

use super::calls::{attribute_of, entry_of};
use super::mutators::is_reset;
use super::reference::reference;
use super::{Cover, Footprint, literal_text, setters};

/// What `patch(…)` and its kin stand in for, by the path of the function that is called.
pub fn patched(subject: &Subject<'_>, path: &str, args: &[Argument]) -> Vec<Target> {
    let positional = |at: usize| args.get(at).filter(|a| a.kind == ArgumentKind::Positional).map(|a| a.value);
    let Some(kind) = patcher(path) else { return Vec::new() };
    match kind {
        Patcher::Path => positional(0)
            .and_then(|value| literal_text(subject, value))
            .map(|dotted| Target::attribute(canonical_owner(subject, &dotted)))
            .into_iter()
            .collect(),
        Patcher::Object => {
            let pair = positional(0).zip(positional(1));
            pair.and_then(|(object, name)| attribute_of(subject, object, name)).into_iter().collect()
        }
        // It saves the whole mapping and puts all of it back.
        Patcher::Dict => {
            positional(0).and_then(|mapping| whole_mapping(subject, mapping)).into_iter().collect()
        }
        Patcher::Multiple => positional(0)
            .and_then(|object| match literal_text(subject, object) {
                Some(dotted) => Some(Target::attribute(subject.project.canonical(&dotted))),
                None => reference(subject, object)?.contents(subject),
            })
            .into_iter()
            .collect(),
    }
}

fn whole_mapping(subject: &Subject<'_>, mapping: NodeId) -> Option<Target> {
    let dotted = literal_text(subject, mapping);
    match dotted {
        Some(dotted) => Some(Target::attribute(subject.project.canonical(&dotted))),
        None => entry_of(subject, mapping, None),
    }
}

/// `patch("pkg.name")` rebinds `name` where it is looked up, so the last segment is not followed.
fn canonical_owner(subject: &Subject<'_>, dotted: &str) -> String {
    match dotted.rsplit_once('.') {
        Some((owner, name)) => format!("{}.{name}", subject.project.canonical(owner)),
        None => dotted.to_owned(),
    }
}

/// What a patcher stands in for that an expression holds: `patch(…)` itself, or a name bound to it.
pub fn patcher_targets(subject: &Subject<'_>, expr: NodeId) -> Vec<Target> {
    let code = subject.code();
    let call = match code.kind(expr) {
        NodeKind::Name(name) => match subject.facts.bindings().visible(code, name, expr).as_slice() {
            [only] => match only.kind {
                crate::facts::BindingKind::Value(value) => value,
                _ => return Vec::new(),
            },
            _ => return Vec::new(),
        },
        _ => expr,
    };
    let NodeKind::Call { func, args } = code.kind(call) else { return Vec::new() };
    subject.resolve(*func).map(|path| patched(subject, &path, args)).unwrap_or_default()
}

/// The targets that are put back when the context manager is left.
pub fn undone_by(subject: &Subject<'_>, context: NodeId, calls: u32) -> Vec<Target> {
    let code = subject.code();
    let (func, args): (NodeId, &[Argument]) = match code.kind(context) {
        NodeKind::Call { func, args } => (*func, args),
        NodeKind::Attribute { .. } => (context, &[]),
        NodeKind::Name(name) => {
            // A context manager made in a statement above: `sandbox = patch.dict(…)`, `with sandbox:`.
            let bound = subject.facts.bindings().visible(code, name, context);
            if let [only] = bound.as_slice()
                && let crate::facts::BindingKind::Value(value) = only.kind
                && matches!(code.kind(value), NodeKind::Call { .. })
                && value < context
            {
                return undone_by(subject, value, calls);
            }
            (context, &[])
        }
        _ => return Vec::new(),
    };
    if let Some(dotted) = code.dotted(func)
        && let Some((owner, rest)) = dotted.split_once("mocker.")
        && !owner.contains('.')
    {
        return patched(subject, &format!("unittest.mock.{rest}"), args);
    }
    let by_name = by_name(subject, func);
    let Some(path) = subject.resolve(func) else {
        return method_covers(subject, func, calls).into_iter().chain(by_name).collect();
    };
    let patched = patched(subject, &path, args);
    if !patched.is_empty() {
        return patched;
    }
    if let Some(target) = known(&path) {
        return vec![target];
    }
    let mut found: Vec<Target> = own_manager(subject, &path, calls);
    found.extend(given_to_manager(subject, &path, args));
    found.extend(by_name);
    if found.is_empty()
        && let Some((owner, name)) = path.rsplit_once('.')
        && !is_reset(name)
        && owner.contains('.')
    {
        // `with shop.config.override(…)`: what it puts back lies inside what it belongs to.
        found.push(Target::attribute(owner));
    }
    found
}

/// What the decorators of a class undo around each of its tests.
pub fn class_covers(subject: &Subject<'_>, class: u32) -> Vec<Cover> {
    let head = Subject::new(subject.project, &subject.module, class);
    let Some(node) = head.code().class() else { return Vec::new() };
    let end = u32::MAX;
    node.decorators
        .iter()
        .flat_map(|decorator| undone_by(&head, decorator.expr, 1))
        .map(|target| Cover { target, start: 0, end })
        .collect()
}

fn known(path: &str) -> Option<Target> {
    Some(match path {
        // `path.Path` of the package `path` is one too, other than pathlib's.
        "contextlib.chdir" | "path.Path" => Target::Cwd,
        "matplotlib.rc_context"
        | "matplotlib.pyplot.rc_context"
        | "matplotlib.style.context"
        | "matplotlib.pyplot.style.context" => Target::Setting(Setting::RcParams(None)),
        "pandas.option_context" => Target::Setting(Setting::Pandas(None)),
        "numpy.errstate" => Target::Setting(Setting::NumpyErrors),
        "numpy.printoptions" => Target::Setting(Setting::NumpyPrint),
        "decimal.localcontext" => Target::Setting(Setting::Decimal),
        "sklearn.config_context" => Target::Setting(Setting::Library("sklearn.set_config".into())),
        "test.support.os_helper.EnvironmentVarGuard" | "test.support.EnvironmentVarGuard" => {
            Target::Environ(None)
        }
        "test.support.import_helper.DirsOnSysPath" => Target::SysPath,
        _ => return setters::set_by_statement(path),
    })
}

/// Context managers whose names say what they keep: `tmpdir.as_cwd()`, `runner.isolated_filesystem()`.
fn by_name(subject: &Subject<'_>, func: NodeId) -> Option<Target> {
    let name = subject.code().kind(func).last_name()?;
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&[
        "cwd",
        "chdir",
        "isolated_filesystem",
        "working_dir",
        "workdir",
        "change_dir",
        "pushd",
        "inside_dir",
    ]) {
        return Some(Target::Cwd);
    }
    if has(&["environ", "env_var", "modified_env", "temp_env", "set_env", "override_env"]) {
        return Some(Target::Environ(None));
    }
    if has(&["sys_path", "syspath"]) {
        return Some(Target::SysPath);
    }
    None
}

/// What a context manager of the project undoes: the tear-down of a `@contextmanager` function, `__exit__` of a class.
fn own_manager(subject: &Subject<'_>, path: &str, calls: u32) -> Vec<Target> {
    if calls == 0 {
        return Vec::new();
    }
    if let Some((module, item)) = function_at(subject, path) {
        let helper = Subject::new(subject.project, &module, item);
        let inner = Footprint::to_depth(&helper, calls - 1);
        let restores: Vec<Target> = inner.restores().cloned().collect();
        // A decorator's inner function does the work: whatever is touched in it is taken as put back.
        return if restores.is_empty() && inner.hands_over.is_none() { wrapped(&helper) } else { restores };
    }
    let Some((module, class)) = subject.project.class_at(path) else { return Vec::new() };
    let head = Subject::new(subject.project, &module, class);
    ["__exit__", "__aexit__"]
        .iter()
        .filter_map(|name| method_of(&head, class, name))
        .flat_map(|(module, item)| {
            let exit = Subject::new(subject.project, &module, item);
            Footprint::to_depth(&exit, calls - 1).torn_down().cloned().collect::<Vec<_>>()
        })
        .collect()
}

/// The attribute that a context manager of the project is told to look after: `with removed(Series, "fake")`, where its
/// `finally` sets or deletes that attribute of that parameter.
fn given_to_manager(subject: &Subject<'_>, path: &str, args: &[Argument]) -> Vec<Target> {
    let Some((module, item)) = function_at(subject, path) else { return Vec::new() };
    let manager = Subject::new(subject.project, &module, item);
    let (code, Some(function)) = (manager.code(), manager.function()) else { return Vec::new() };
    let given = |param: NodeId| {
        let name = code.kind(param).as_name()?;
        let at = function.params.iter().position(|it| it.name == name)?;
        args.get(at)
            .filter(|argument| argument.kind == ArgumentKind::Positional)
            .map(|argument| argument.value)
    };
    let ends = manager.body().filter_map(|node| match code.kind(node) {
        NodeKind::Try { finally, .. } => Some(finally),
        _ => None,
    });
    let calls = ends.flatten().flat_map(|statement| code.subtree(*statement));
    calls
        .filter_map(|node| {
            let NodeKind::Call { args, .. } = code.kind(node) else { return None };
            let [object, name, ..] = &**args else { return None };
            let path = manager.callee(node)?;
            matches!(path.as_str(), "builtins.setattr" | "builtins.delattr").then_some(())?;
            attribute_of(subject, given(object.value)?, given(name.value)?)
        })
        .collect()
}

/// Paths that stand in a `finally` anywhere in a decorator's source.
fn wrapped(decorator: &Subject<'_>) -> Vec<Target> {
    let code = decorator.code();
    let mut found = Vec::new();
    for node in decorator.body() {
        let NodeKind::Try { finally, .. } = code.kind(node) else { continue };
        for inner in finally.iter().flat_map(|statement| code.subtree(*statement)) {
            match code.kind(inner) {
                NodeKind::Assign { targets, .. } => {
                    found.extend(targets.iter().filter_map(|t| reference(decorator, *t)?.binding()));
                }
                NodeKind::Call { args, .. } => {
                    let path = decorator.callee(inner).unwrap_or_default();
                    found.extend(setters::set_by(decorator, &path, args).map(|(target, _)| target));
                    if path.starts_with("os.environ") {
                        found.push(Target::Environ(None));
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// `with self.sandbox():`
fn method_covers(subject: &Subject<'_>, func: NodeId, calls: u32) -> Vec<Target> {
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(func) else { return Vec::new() };
    let Some(name) = subject.code().kind(*value).as_name() else { return Vec::new() };
    let (Some(class), true) = (subject.class(), calls > 0) else { return Vec::new() };
    if super::class_state::receiver(subject, name, *value).is_none() {
        return Vec::new();
    }
    let Some((module, item)) = method_of(subject, class, attr) else { return Vec::new() };
    let helper = Subject::new(subject.project, &module, item);
    Footprint::to_depth(&helper, calls - 1).restores().cloned().collect()
}
