//! How to save a target and how to put it back, as Python source.

use crate::facts::module::{ModuleBinding, ModuleBindingKind};
use crate::facts::{BindingKind, NodeKind};
use crate::fix::Edits;
use crate::project::effects::{Act, Touch, is_declared};
use crate::project::target::{Setting, Target};
use crate::project::{Module, Subject};

use super::depth::{Depth, deepest};
use super::import::{Wanted, ensure_import};
use super::in_place::{ContainerKind, container_kind, deep_copy};

/// The pieces of saving and restoring. `{saved}` stands for the variable.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// Imports that the module lacks.
    pub imports: Edits,
    /// Lines that must stand first in the function: a local import, `global`.
    pub first: Vec<String>,
    /// The expression whose value is kept.
    pub saved: String,
    /// The lines that bring it back.
    pub restore: Vec<String>,
    pub saving: Saving,
}

/// The shape of putting back, for those who must do it by a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saving {
    /// A function, and the arguments before the saved value.
    Call { function: String, args: Vec<String> },
    /// A list that is filled again in place.
    List { expr: String },
    /// A dict or set that is emptied and filled again.
    Filled { expr: String },
    /// A global of the module itself.
    Global { name: String },
    /// Only the lines do it.
    Statement,
}

impl Keeping {
    fn by_call(
        imports: Edits,
        saved: impl Into<String>,
        function: impl Into<String>,
        args: &[&str],
    ) -> Keeping {
        let function = function.into();
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let given = args.iter().map(|arg| format!("{arg}, ")).collect::<String>();
        Keeping {
            imports,
            first: Vec::new(),
            saved: saved.into(),
            restore: vec![format!("{function}({given}{{saved}})")],
            saving: Saving::Call { function, args },
        }
    }
}

/// How to keep a target that the touches change, in code of the subject's module. `None` where that cannot be told.
pub fn keeping(subject: &Subject<'_>, target: &Target, touches: &[Touch]) -> Option<Keeping> {
    let module = &subject.module;
    match target {
        Target::Environ(_) => {
            let (os, imports) = ensure_import(module, Wanted::Plain("os"))?;
            Some(mapping(imports, &format!("{os}.environ"), "dict"))
        }
        Target::SysModules(_) => {
            let (sys, imports) = ensure_import(module, Wanted::Plain("sys"))?;
            Some(mapping(imports, &format!("{sys}.modules"), "dict"))
        }
        Target::SysPath => {
            let (sys, imports) = ensure_import(module, Wanted::Plain("sys"))?;
            let mut keeping =
                Keeping::by_call(imports, format!("list({sys}.path)"), "setattr", &[&sys, "\"path\""]);
            keeping.restore = vec![format!("{sys}.path[:] = {{saved}}")];
            Some(keeping)
        }
        Target::Cwd => {
            let (os, imports) = ensure_import(module, Wanted::Plain("os"))?;
            Some(Keeping::by_call(imports, format!("{os}.getcwd()"), format!("{os}.chdir"), &[]))
        }
        Target::Setting(setting) => of_setting(subject, setting, touches),
        Target::Attribute { key, .. } => of_attribute(subject, target, key.is_some(), touches),
    }
}

fn mapping(imports: Edits, expr: &str, kind: &str) -> Keeping {
    Keeping {
        imports,
        first: Vec::new(),
        saved: format!("{kind}({expr})"),
        restore: vec![format!("{expr}.clear()"), format!("{expr}.update({{saved}})")],
        saving: Saving::Filled { expr: expr.to_owned() },
    }
}

fn of_setting(subject: &Subject<'_>, setting: &Setting, touches: &[Touch]) -> Option<Keeping> {
    let module = &subject.module;
    let by = |name: &str, get: &str, set: &str, args: &[&str]| {
        let (name, imports) = ensure_import(module, Wanted::Plain(name))?;
        Some(Keeping::by_call(imports, format!("{name}.{get}"), format!("{name}.{set}"), args))
    };
    match setting {
        Setting::Locale => {
            let (name, imports) = ensure_import(module, Wanted::Plain("locale"))?;
            let all = format!("{name}.LC_ALL");
            Some(Keeping::by_call(
                imports,
                format!("{name}.setlocale({all})"),
                format!("{name}.setlocale"),
                &[&all],
            ))
        }
        Setting::SocketTimeout => by("socket", "getdefaulttimeout()", "setdefaulttimeout", &[]),
        Setting::Signal(signal) if signal.starts_with("signal.") => {
            let (name, imports) = ensure_import(module, Wanted::Plain("signal"))?;
            let number = signal.replacen("signal", &name, 1);
            Some(Keeping::by_call(
                imports,
                format!("{name}.getsignal({number})"),
                format!("{name}.signal"),
                &[&number],
            ))
        }
        Setting::EventLoopPolicy => by("asyncio", "get_event_loop_policy()", "set_event_loop_policy", &[]),
        Setting::LoggingDisable => by("logging", "root.manager.disable", "disable", &[]),
        Setting::Decimal => by("decimal", "getcontext().copy()", "setcontext", &[]),
        Setting::RecursionLimit => by("sys", "getrecursionlimit()", "setrecursionlimit", &[]),
        Setting::Trace => {
            let setter = only_callee(subject, touches)?;
            let (module, set) = setter.split_once('.')?;
            let get = set.replacen("set", "get", 1);
            by(module, &format!("{get}()"), set, &[])
        }
        Setting::Logger(name) if touches.iter().all(|touch| touch.act == Act::Replace) => {
            let (logging, imports) = ensure_import(module, Wanted::Plain("logging"))?;
            let logger = match name.as_str() {
                "" => format!("{logging}.getLogger()"),
                name => format!("{logging}.getLogger(\"{name}\")"),
            };
            Some(Keeping::by_call(imports, format!("{logger}.level"), format!("{logger}.setLevel"), &[]))
        }
        Setting::Pandas(Some(option)) => {
            let (pd, imports) = ensure_import(module, Wanted::Plain("pandas"))?;
            let option = format!("\"{option}\"");
            Some(Keeping::by_call(
                imports,
                format!("{pd}.get_option({option})"),
                format!("{pd}.set_option"),
                &[&option],
            ))
        }
        Setting::RcParams(_) => {
            let (mpl, imports) = ensure_import(module, Wanted::Plain("matplotlib"))?;
            Some(Keeping::by_call(
                imports,
                format!("{mpl}.rcParams.copy()"),
                format!("{mpl}.rcParams.update"),
                &[],
            ))
        }
        Setting::NumpyErrors if only_callee(subject, touches)? == "numpy.seterr" => {
            let (np, imports) = ensure_import(module, Wanted::Plain("numpy"))?;
            let mut keeping =
                Keeping::by_call(imports, format!("{np}.geterr()"), format!("{np}.seterr"), &[]);
            keeping.restore = vec![format!("{np}.seterr(**{{saved}})")];
            keeping.saving = Saving::Statement;
            Some(keeping)
        }
        _ => None,
    }
}

/// The function that all touches call here; `None` where they call several, or a helper does.
fn only_callee(subject: &Subject<'_>, touches: &[Touch]) -> Option<smol_str::SmolStr> {
    let mut called = touches.iter().map(|touch| match touch.origin {
        None => subject.callee(touch.node),
        Some(_) => None,
    });
    let first = called.next()??;
    called.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

fn of_attribute(
    subject: &Subject<'_>,
    target: &Target,
    is_entry: bool,
    touches: &[Touch],
) -> Option<Keeping> {
    let kind = container_kind(subject, target);
    if is_entry && kind != Some(ContainerKind::Dict) {
        return None;
    }
    // `+=` on a container changes it in place.
    let updates = kind.is_some() && touches.iter().any(|touch| touch.act == Act::Update);
    match deepest(subject, touches) {
        Depth::Binding if !is_entry && !updates => of_binding(subject, target),
        Depth::Binding | Depth::Entries => {
            let kind = kind?;
            let (expr, first) = held(subject, target)?;
            let saved = kind.copy(&expr);
            Some(contents(kind, expr, saved, first, Edits::new()))
        }
        Depth::Deeper => {
            let kind = kind?;
            let (expr, first) = held(subject, target)?;
            let (saved, imports) = deep_copy(subject, target, &expr)?;
            Some(contents(kind, expr, saved, first, imports))
        }
    }
}

/// Fills a container again with what `saved` gives.
fn contents(kind: ContainerKind, expr: String, saved: String, first: Vec<String>, imports: Edits) -> Keeping {
    let (restore, saving) = match kind {
        ContainerKind::List => (vec![format!("{expr}[:] = {{saved}}")], Saving::List { expr }),
        ContainerKind::Dict | ContainerKind::Set => {
            (vec![format!("{expr}.clear()"), format!("{expr}.update({{saved}})")], Saving::Filled { expr })
        }
    };
    Keeping { imports, first, saved, restore, saving }
}

/// Binds the target's name to the old object again.
fn of_binding(subject: &Subject<'_>, target: &Target) -> Option<Keeping> {
    if !is_declared(subject, target) {
        return None;
    }
    let Spelled { expr, mut first, owner } = spelled(subject, target)?;
    let Some((owner_expr, attr)) = owner else {
        // A global of the module itself.
        first.push(format!("global {expr}"));
        let restore = vec![format!("{expr} = {{saved}}")];
        let saving = Saving::Global { name: expr.clone() };
        return Some(Keeping { imports: Edits::new(), first, saved: expr, restore, saving });
    };
    let quoted = format!("\"{attr}\"");
    let mut keeping = Keeping::by_call(Edits::new(), expr.clone(), "setattr", &[&owner_expr, &quoted]);
    keeping.first = first;
    keeping.restore = vec![format!("{expr} = {{saved}}")];
    Some(keeping)
}

/// What the module calls an object that is changed in place: the name that it imports it by, if it does, else its path.
/// And the lines that must stand first.
fn held(subject: &Subject<'_>, target: &Target) -> Option<(String, Vec<String>)> {
    let path = target.path()?;
    let imported = subject.module.file.scope().names().find_map(|(name, bindings)| {
        let [ModuleBinding { kind: ModuleBindingKind::Bound { kind, .. }, .. }] = bindings else {
            return None;
        };
        let imported = imported_path(&subject.module, kind)?;
        (subject.project.canonical(&imported) == path).then(|| name.to_string())
    });
    match imported {
        Some(name) => Some((name, Vec::new())),
        None => spelled(subject, target).map(|spelled| (spelled.expr, spelled.first)),
    }
}

/// The lines that must stand first, in front of others at `indent`; imports with a blank line behind them, as formatters
/// have it.
pub fn opening(first: &[String], newline: &str, indent: &str) -> String {
    let is_import = |line: &String| line.starts_with("import ") || line.starts_with("from ");
    let gap = |line| if is_import(line) { newline } else { "" };
    first.iter().map(|line| format!("{line}{newline}{}{indent}", gap(line))).collect()
}

/// A target's path as the module can write it.
struct Spelled {
    expr: String,
    /// An import that makes the first name known.
    first: Vec<String>,
    /// The owner's expression and the attribute; `None` for a global of the module.
    owner: Option<(String, String)>,
}

fn spelled(subject: &Subject<'_>, target: &Target) -> Option<Spelled> {
    let path = target.path()?;
    let own = path.strip_prefix(subject.module.name.as_str()).and_then(|rest| rest.strip_prefix('.'));
    if let Some(rest) = own {
        let owner = rest.rsplit_once('.').map(|(owner, attr)| (owner.to_owned(), attr.to_owned()));
        return Some(Spelled { expr: rest.to_owned(), first: Vec::new(), owner });
    }
    let (owner, attr) = path.rsplit_once('.')?;
    let (owner_expr, first) = spelled_owner(subject, owner)?;
    Some(Spelled { expr: format!("{owner_expr}.{attr}"), first, owner: Some((owner_expr, attr.to_owned())) })
}

/// What the module calls the object at a dotted path, by its imports; else by an import of the subject, or of the
/// project's module.
fn spelled_owner(subject: &Subject<'_>, owner: &str) -> Option<(String, Vec<String>)> {
    let project = subject.project;
    let mut names: Vec<(usize, String)> = Vec::new();
    for (name, bindings) in subject.module.file.scope().names() {
        let imported = bindings.iter().find_map(|binding| match &binding.kind {
            ModuleBindingKind::Bound { kind, .. } => imported_path(&subject.module, kind),
            _ => None,
        });
        let Some(imported) = imported else { continue };
        let imported = project.canonical(&imported);
        if let Some(rest) = owner.strip_prefix(imported.as_str())
            && (rest.is_empty() || rest.starts_with('.'))
        {
            names.push((rest.len(), format!("{name}{rest}")));
        }
    }
    names.sort();
    if let Some((_, expr)) = names.into_iter().next() {
        return Some((expr, Vec::new()));
    }
    local_import(subject, owner).or_else(|| {
        let (file, rest) = project.layout.split_path(owner)?;
        let name = project.layout.module_name(file);
        let expr = if rest.is_empty() { name.to_string() } else { format!("{name}.{rest}") };
        Some((expr, vec![format!("import {name}")]))
    })
}

fn local_import(subject: &Subject<'_>, owner: &str) -> Option<(String, Vec<String>)> {
    let code = subject.code();
    subject.body().find_map(|node| {
        if !matches!(code.kind(node), NodeKind::Import(_) | NodeKind::FromImport { .. }) {
            return None;
        }
        let source = subject.source(node);
        let names: Vec<&str> = source.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        names.iter().filter(|name| !name.is_empty()).find_map(|name| {
            let bound = subject.facts.bindings().all(name).iter().find(|binding| binding.node == node)?;
            let path = subject.project.canonical(&imported_path(&subject.module, &bound.kind)?);
            let rest = owner.strip_prefix(path.as_str())?;
            let fits = rest.is_empty() || rest.starts_with('.');
            (fits && !source.contains('\n')).then(|| (format!("{name}{rest}"), vec![source.to_owned()]))
        })
    })
}

fn imported_path(module: &Module, kind: &BindingKind) -> Option<smol_str::SmolStr> {
    module.imported_path(kind)
}
