//! Asynchronous set-up and tear-down, which pytest and `unittest` call like any other function.

use super::Found;
use super::awaited::derives_only_from;
use crate::project::role::Reach;
use crate::project::{Place, Role, Subject};

/// Who comes upon the function, and what helps there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A `TestCase` that awaits nothing.
    PlainCase,
    /// The same, by the name that only a case which awaits calls: `asyncSetUp`.
    Nobody,
    /// `IsolatedAsyncioTestCase`, by a name that it does not await: `setUp`.
    AwaitingCase,
    Pytest,
}

pub const PLAIN_CASES: &[&str] = &["unittest.TestCase", "unittest.case.TestCase"];
const AWAITING_CASES: &[&str] =
    &["unittest.IsolatedAsyncioTestCase", "unittest.async_case.IsolatedAsyncioTestCase"];

/// The first asynchronous set-up or tear-down of a class or module, and the others.
pub fn set_up(subject: &Subject<'_>) -> Option<Found> {
    let caller = caller(subject)?;
    let file = &subject.module.file;
    let beside: Vec<u32> = match subject.class() {
        Some(class) => file.members(class).collect(),
        None => (0..file.items().len() as u32).filter(|item| file.item(*item).owner.is_none()).collect(),
    };
    let is_asynchronous = |item: u32| file.item(item).function().is_some_and(|head| head.is_async);
    let alike = beside.iter().copied().filter(|item| is_asynchronous(*item)).filter_map(|item| {
        let other = Subject::new(subject.project, &subject.module, item);
        match other.role {
            Role::Xunit(_) => caller_of(&other).map(|_| item),
            _ => None,
        }
    });
    let alike: Vec<u32> = alike.collect();
    let (first, rest) = alike.split_first()?;
    if *first != subject.item {
        return None;
    }
    let others = rest.iter().map(|item| place_of_name(subject, *item)).collect();
    Some(Found::SetUp { caller, others })
}

/// `None` also where an asynchronous test of the class has the hint.
fn caller(subject: &Subject<'_>) -> Option<Caller> {
    let caller = caller_of(subject)?;
    let file = &subject.module.file;
    let has_hint = |class: u32| {
        file.members(class).any(|member| {
            file.item(member).function().is_some_and(|head| head.is_async)
                && subject.project.role(&subject.module, member) == Role::Test
        })
    };
    let of_plain_case = matches!(caller, Caller::PlainCase | Caller::Nobody);
    (!of_plain_case || !subject.class().is_some_and(has_hint)).then_some(caller)
}

fn caller_of(subject: &Subject<'_>) -> Option<Caller> {
    if is_wrapped(subject) {
        return None;
    }
    let name = subject.function()?.name.as_str();
    let Some(class) = subject.class() else { return Some(Caller::Pytest) };
    if !subject.is_test_case() {
        return derives_only_from(subject, class, &[]).then_some(Caller::Pytest);
    }
    let is_for_waiters = name.starts_with("async");
    let is_of_unittest = is_for_waiters || name.starts_with("setUp") || name.starts_with("tearDown");
    if !is_of_unittest {
        return None;
    }
    if derives_only_from(subject, class, PLAIN_CASES) {
        return Some(if is_for_waiters { Caller::Nobody } else { Caller::PlainCase });
    }
    let awaits = derives_only_from(subject, class, AWAITING_CASES);
    (awaits && !is_for_waiters).then_some(Caller::AwaitingCase)
}

/// Whether a decorator may make something else of it.
fn is_wrapped(subject: &Subject<'_>) -> bool {
    let is_plain = |path: &str| matches!(path, "builtins.classmethod" | "builtins.staticmethod");
    let Some(function) = subject.function() else { return true };
    function.decorators.iter().any(|it| !subject.resolve(it.expr).is_some_and(|path| is_plain(&path)))
}

pub fn place_of_name(subject: &Subject<'_>, item: u32) -> Place {
    let other = Subject::new(subject.project, &subject.module, item);
    let range = other.function().map_or_else(Default::default, |function| function.name_range);
    other.place(range)
}

impl Caller {
    pub fn what(self, name: &str) -> String {
        match self {
            Caller::PlainCase => format!("A plain `TestCase` calls this async `{name}` and never awaits it."),
            Caller::Nobody => format!("A plain `TestCase` never calls `{name}`."),
            Caller::AwaitingCase => {
                format!("`IsolatedAsyncioTestCase` calls this async `{name}` and does not await it.")
            }
            Caller::Pytest => format!("pytest calls this async `{name}` and never awaits it."),
        }
    }

    pub fn todo(self, role: Role, name: &str) -> String {
        let runs_around_each_test = matches!(role, Role::Xunit(xunit) if xunit.reach == Reach::Function);
        match (self, awaited_name(name)) {
            (Caller::Nobody, _) => "Derive the class from `unittest.IsolatedAsyncioTestCase`.".to_owned(),
            (Caller::PlainCase, Some(awaited)) => {
                format!("Derive the class from `unittest.IsolatedAsyncioTestCase`, and call it `{awaited}`.")
            }
            (Caller::AwaitingCase, Some(awaited)) => format!("Call it `{awaited}`."),
            (Caller::Pytest, _) if runs_around_each_test => {
                "Make it an autouse fixture that your plugin awaits, or a plain function.".to_owned()
            }
            _ => "Make it a plain function.".to_owned(),
        }
    }
}

/// What `IsolatedAsyncioTestCase` calls the same where it awaits it.
pub fn awaited_name(name: &str) -> Option<&'static str> {
    match name {
        "setUp" => Some("asyncSetUp"),
        "tearDown" => Some("asyncTearDown"),
        _ => None,
    }
}
