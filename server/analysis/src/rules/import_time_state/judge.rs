//! Which writes are worth a hint, how sure that is, and who else is touched by them.

use smol_str::SmolStr;

use crate::facts::module::ModuleBindingKind;
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::accesses::First;
use crate::project::effects::{Act, Touch};
use crate::project::functions::is_test_code;
use crate::project::target::{Setting, Target};
use crate::project::{Module, Place, Project, Role, Subject};
use crate::syntax::split::ItemKind;

use super::undone::is_undone;
use super::writes::{Condition, condition, of_statement};

/// A change that a statement makes at import.
pub struct Write {
    pub touch: Touch,
    pub confidence: Confidence,
    /// Others that use what it changes, those that look at it first, then those of the tests.
    pub users: Vec<User>,
}

pub struct User {
    pub name: SmolStr,
    pub place: Place,
    pub is_of_tests: bool,
    /// Whether it looks at what others left there.
    pub reads: bool,
}

/// The writes of one statement, one for each target, surest first.
pub fn writes(subject: &Subject<'_>) -> Vec<Write> {
    let lasting = of_statement(subject).into_iter().filter(|touch| !is_undone(subject, touch));
    let mut found: Vec<Write> = lasting.filter_map(|touch| judged(subject, touch)).collect();
    found.sort_by_key(|write| std::cmp::Reverse(write.confidence));
    found
}

fn judged(subject: &Subject<'_>, touch: Touch) -> Option<Write> {
    let users = users(subject, &touch.target);
    let of_tests = users.iter().any(|user| user.is_of_tests && user.reads);
    let condition = condition(subject, &touch);
    let loads_file = touch.target == Target::Environ(None) && touch.act == Act::Update;
    let is_of_no_concern = condition == Condition::WhereAbsent && !of_tests && !loads_file
        || is_state_of_tests(subject, &touch.target) && users.is_empty()
        || is_seen_application(subject, &touch.target) && users.is_empty();
    if is_of_no_concern {
        return None;
    }
    let is_sure = condition == Condition::Always && is_harmful(subject, &touch, &users);
    let confidence = if is_sure { Confidence::Likely } else { Confidence::Possible };
    Some(Write { touch, confidence, users })
}

/// Whether what stands there is enough to say that other tests get something else than alone.
fn is_harmful(subject: &Subject<'_>, touch: &Touch, users: &[User]) -> bool {
    match &touch.target {
        Target::Cwd => true,
        Target::Environ(None) => touch.act == Act::Remove,
        Target::Environ(Some(_)) => !users.is_empty(),
        Target::SysModules(Some(_)) => touch.value.is_some_and(|value| is_stand_in(subject, value)),
        Target::SysModules(None) | Target::SysPath => false,
        Target::Setting(Setting::LoggingDisable) => others_capture_logs(subject),
        Target::Setting(_) => false,
        Target::Attribute { .. } => {
            touch.target.is_process_wide()
                || users.iter().any(|user| user.reads || writes_otherwise(subject, touch, user))
        }
    }
}

/// Whether another writer gives the target something else: where all write the same, it is the same for all.
fn writes_otherwise(subject: &Subject<'_>, touch: &Touch, user: &User) -> bool {
    let Some(module) = subject.project.module(&user.place.path) else { return true };
    let text = module.file.text.as_str();
    let start = text[..user.place.range.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let theirs = text[start..].lines().next().unwrap_or_default().trim();
    let own = subject.source(subject.code().statement_of(touch.node));
    own.lines().next().unwrap_or_default().trim() != theirs
}

/// Whether a value is made up here: a call, or a name of the test module, not another module.
fn is_stand_in(subject: &Subject<'_>, value: NodeId) -> bool {
    let code = subject.code();
    match code.kind(value) {
        NodeKind::Call { .. } => !subject
            .callee(value)
            .is_some_and(|path| path.ends_with("import_module") || path.ends_with("importorskip")),
        NodeKind::Name(_) => subject.resolve(value).is_some_and(|path| {
            path.strip_prefix(subject.module.name.as_str()).is_some_and(|rest| rest.starts_with('.'))
        }),
        NodeKind::None => true,
        _ => false,
    }
}

/// Whether the target belongs to a module of the tests, not to the product or a library.
fn is_state_of_tests(subject: &Subject<'_>, target: &Target) -> bool {
    let project = subject.project;
    let file = target.path().and_then(|path| project.layout.split_path(path));
    file.is_some_and(|(file, _)| is_test_code(project, file))
}

/// Whether the target is the overrides of an application of the project, whose importers are all in sight.
fn is_seen_application(subject: &Subject<'_>, target: &Target) -> bool {
    let application = target.path().and_then(|path| path.strip_suffix(".dependency_overrides"));
    application.is_some_and(|path| subject.project.layout.split_path(path).is_some())
}

/// Whether a test of another file asks for `caplog`, which sees nothing of what is disabled.
fn others_capture_logs(subject: &Subject<'_>) -> bool {
    let project = subject.project;
    project.checked_files().iter().filter(|path| *path != subject.path()).any(|path| {
        project.module(path).is_some_and(|module| {
            module.file.text.as_str().contains("caplog")
                && (0..module.file.items().len() as u32).any(|item| {
                    matches!(module.file.item(item).kind, ItemKind::Function(_))
                        && project.role(&module, item) == Role::Test
                        && Subject::new(project, &module, item)
                            .function()
                            .is_some_and(|test| test.params.iter().any(|param| param.name == "caplog"))
                })
        })
    })
}

/// What uses the target outside the module.
fn users(subject: &Subject<'_>, target: &Target) -> Vec<User> {
    if let Some(application) = target.path().and_then(|path| path.strip_suffix(".dependency_overrides")) {
        return importers(subject, application);
    }
    let in_functions = subject.project.accesses(target);
    let in_functions = in_functions.iter().map(|access| User {
        name: access.name.clone().into(),
        place: access.place.clone(),
        is_of_tests: true,
        reads: access.first == First::Reads,
    });
    let outside = subject.project.outside_uses(target);
    let outside = outside.iter().map(|user| User {
        name: user.name.clone(),
        place: user.place.clone(),
        is_of_tests: user.is_of_tests,
        reads: user.reads,
    });
    let mut users: Vec<User> =
        in_functions.chain(outside).filter(|user| user.place.path != *subject.path()).collect();
    users.sort_by_key(|user| (!user.reads, !user.is_of_tests));
    users
}

/// The other test modules that import the application: its overrides hold for all who call it.
fn importers(subject: &Subject<'_>, application: &str) -> Vec<User> {
    let project = subject.project;
    let word = application.rsplit('.').next().unwrap_or_default();
    let others = project.checked_files().iter().filter(|path| *path != subject.path());
    let modules = others.filter_map(|path| project.module(path));
    let mut users: Vec<User> = modules
        .filter(|module| module.file.text.as_str().contains(word))
        .filter_map(|module| {
            let (item, node) = import_of(project, &module, application)?;
            let importing = Subject::new(project, &module, item);
            let place = importing.place(importing.code().range(node));
            Some(User { name: module.name.clone(), place, is_of_tests: true, reads: true })
        })
        .collect();
    users.sort_by(|a, b| a.place.cmp(&b.place));
    users
}

/// The item and statement by which a module imports the object at a path.
fn import_of(project: &Project, module: &Module, path: &str) -> Option<(u32, NodeId)> {
    module.file.scope().names().find_map(|(_, bindings)| {
        bindings.iter().find_map(|binding| {
            let ModuleBindingKind::Bound { node, kind } = &binding.kind else { return None };
            let imported = module.imported_path(kind)?;
            (project.canonical(&imported) == path).then_some((binding.item, *node))
        })
    })
}
