//! `loop-bound-global`: a client or connection that is shared between tests which run in event loops of their own.

mod bound;
mod users;

use crate::evidence::first_few;
use crate::facts::BindingKind;
use crate::facts::module::ModuleBindingKind;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::fixtures::FixtureScope;
use crate::project::{Glance, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use bound::{Bond, Bound};
use users::User;

pub struct LoopBoundGlobal;

pub struct Found {
    bound: Bound,
    /// What the tests call it.
    name: String,
    /// The loop in which a fixture makes it; `None` for what is made outside of any.
    own: Option<FixtureScope>,
    /// Those in other loops.
    users: Vec<User>,
}

impl Rule for LoopBoundGlobal {
    const META: RuleMeta = RuleMeta {
        name: "loop-bound-global",
        summary: "A client or connection that outlives the event loop of the tests which use it",
        cause: Cause::Asynchronous,
        page: include_str!("loop-bound-global.md"),
        on_by_default: true,
        triggers: &[],
    };
    const ROLES: Roles = Roles::FIXTURE.or(Roles::STATEMENT);
    type Found = Found;

    /// What makes the object is called, be it a helper of the project; a statement binds it to a name.
    fn may_find(item: &Glance<'_>) -> bool {
        item.text().contains('(') && (item.role == Role::Fixture || item.text().contains('='))
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let found = match subject.role {
            Role::Fixture => in_fixture(subject).into_iter().collect(),
            _ => at_import(subject),
        };
        if found.is_empty() || !subject.project.has_scoped_loops() {
            return Vec::new();
        }
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        said(subject, found)
    }

    fn fix(_subject: &Subject<'_>, _found: &Found) -> Vec<Fix> {
        Vec::new()
    }
}

/// A fixture whose value lives longer than the loops of those who use it, or that runs in another.
fn in_fixture(subject: &Subject<'_>) -> Option<Found> {
    let fixture = subject.as_fixture()?;
    let scope = fixture.scope?;
    let results = subject.results();
    let [only] = results.as_slice() else { return None };
    let bound = bound::given(subject, *only)?;
    let own = if fixture.is_async { Some(subject.loop_scope()?) } else { None };
    if own.is_none() && bound.bond == Bond::Made {
        return None;
    }
    let users: Vec<User> = users::of_fixture(subject.project, &fixture)
        .into_iter()
        .filter(|user| own.map_or(user.loop_scope < scope, |own| user.loop_scope != own))
        .collect();
    is_shared(bound.bond, &users, scope).then(|| Found { bound, name: fixture.name.to_string(), own, users })
}

/// `client = httpx.AsyncClient()` at the top of a test module or in the body of a test class.
fn at_import(subject: &Subject<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (name, binding) in subject.facts.bindings().outer() {
        let BindingKind::Value(value) = binding.kind else { continue };
        let Some(bound) = bound::given(subject, value).filter(|bound| bound.bond == Bond::Used) else {
            continue;
        };
        let mut users = match subject.class() {
            Some(class) => users::of_class(subject, class, name),
            None if is_only_binding(subject, name) => {
                users::of_name(subject.project, &subject.module.name, name)
            }
            None => continue,
        };
        users.retain(|user| user.loop_scope < FixtureScope::Session);
        if is_shared(bound.bond, &users, FixtureScope::Session) {
            found.push(Found { bound, name: name.to_string(), own: None, users });
        }
    }
    found
}

fn is_only_binding(subject: &Subject<'_>, name: &str) -> bool {
    let bound = subject.module.file.scope().get(name);
    matches!(bound, [only] if matches!(only.kind, ModuleBindingKind::Bound { .. }))
}

/// Whether two loops meet at the object: what is bound by its use needs two that use it and a life beyond one test.
fn is_shared(bond: Bond, users: &[User], scope: FixtureScope) -> bool {
    match bond {
        Bond::Made => !users.is_empty(),
        Bond::Used => users.iter().filter(|user| user.is_test).count() > 1 && scope > FixtureScope::Function,
    }
}

fn said(subject: &Subject<'_>, found: &Found) -> Said {
    let Found { bound, name, own, users } = found;
    let maker = &bound.maker;
    let first = &users[0].name;
    let where_made = match own {
        Some(scope) => format!("is made in the event loop of the {}", word(*scope)),
        None => "outlives the event loops of the tests".to_owned(),
    };
    let why = match bound.bond {
        Bond::Made => "It belongs to the loop in which it was made, and fails when it is awaited in another.",
        Bond::Used => {
            "A connection that one test leaves open in it belongs to that test's loop, which is closed when the next \
             test gets it: each passes alone and fails after another."
        }
    };
    Said {
        confidence: Confidence::Likely,
        at: subject.code().range(bound.made),
        what: format!("`{name}` (`{maker}`) {where_made}, and `{first}` uses it in {}.", loop_of(&users[0])),
        why: why.to_owned(),
        todo: "Make it for each test, or run the tests and the fixture that makes it in one loop (`loop_scope`).".to_owned(),
        related: related(users),
        mitigated_by: None,
    }
}

fn loop_of(user: &User) -> String {
    match user.loop_scope {
        FixtureScope::Function => "a loop of its own".to_owned(),
        scope => format!("the loop of the {}", word(scope)),
    }
}

fn word(scope: FixtureScope) -> &'static str {
    match scope {
        FixtureScope::Function => "test",
        FixtureScope::Class => "class",
        FixtureScope::Module => "module",
        FixtureScope::Package => "package",
        FixtureScope::Session => "session",
    }
}

/// The first few users, and how many more.
fn related(users: &[User]) -> Vec<(crate::project::Place, String)> {
    first_few(users.iter().map(|user| (user.place.clone(), format!("`{}` uses it here", user.name))))
}
