//! Who reads the clock, and whether something holds it still around a test.

use memchr::memmem;
use smol_str::SmolStr;

use super::constant::Origin;
use super::surroundings::{Surroundings, neighbours, set_ups};
use super::{Project, Role, Subject};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::store::owners;
use crate::syntax::split::ItemKind;

/// Calls that give the date or the time of the moment.
const NOW: &[&str] = &[
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "django.utils.timezone.now",
    "django.utils.timezone.localtime",
    "django.utils.timezone.localdate",
    "pendulum.now",
    "pendulum.today",
    "pendulum.tomorrow",
    "pendulum.yesterday",
    "arrow.now",
    "arrow.utcnow",
    "pandas.Timestamp.now",
    "pandas.Timestamp.today",
    "pandas.Timestamp.utcnow",
    "whenever.Instant.now",
];

/// Words of code that holds the clock still, or puts another in its place. To be wrong here costs a hint, not a false one.
const HOLDS: &[&str] = &[
    "freez",
    "frozen",
    "time_machine",
    "travel(",
    "time_travel",
    "fake_time",
    "faketime",
    "mock_time",
    "mock_now",
    "mocked_now",
    "fixed_now",
    "patch_now",
    "patch_time",
    "autojump",
    "looptime",
    "mock_clock",
    "fake_clock",
    "virtual_time",
    "virtual_clock",
    "MockClock",
    "FakeClock",
    "VirtualClock",
    "set_test_now",
    "override_now",
];

/// What a patch replaces to have another clock.
const REPLACED: &[&str] =
    &["now", "utcnow", "today", "datetime", "date", "timezone", "time", "localdate", "localtime"];

/// Whether a dotted path is that of a call which gives the date or the time of the moment.
pub fn gives_now(path: &str) -> bool {
    NOW.contains(&path)
}

/// Names, calls and fixtures are followed this far.
const MAX_DEPTH: u32 = 6;

impl Subject<'_> {
    /// The dotted path of the call that reads the clock, where an expression stands for the present: the call itself, what
    /// is a name, function or fixture of the project for it, or a time made from it that keeps its date.
    pub fn present(&self, expr: NodeId) -> Option<SmolStr> {
        let origin = self.origin(expr);
        present(self.project, &origin, MAX_DEPTH)
    }

    /// Whether anything around the item holds the clock still or replaces it.
    pub fn is_clock_held(&self) -> bool {
        let file = &self.module.file;
        let own = std::iter::once(self.item).chain(owners(file, self.item));
        if own.into_iter().any(|item| holds(file.item_text(item))) {
            return true;
        }
        let closure = self.closure();
        closure.iter().any(|closed| holds(&closed.name))
            || self.marks().iter().any(|mark| holds(&mark.name))
            || neighbours(self).iter().any(|(module, item)| {
                let is_called = matches!(self.project.role(module, *item), Role::Plain | Role::Hook);
                let is_import = module.file.item(*item).kind == ItemKind::Import;
                !is_called && !is_import && holds(module.file.item_text(*item))
            })
            || replaces_clock(&Surroundings::of(self))
    }
}

fn replaces_clock(surroundings: &Surroundings) -> bool {
    REPLACED.iter().any(|name| surroundings.mocks(name))
}

/// What makes another word of `frozen`.
const NOT_OF_TIME: &[&[u8]] = &[b"set", b"dict", b"list", b"map", b"=", b" = True"];

fn holds(text: &str) -> bool {
    let text = text.as_bytes();
    HOLDS.iter().any(|word| {
        let is_about_time = |at: usize| {
            let behind = &text[at + word.len()..];
            // A rule's name in a comment, `frozenset`, a frozen dataclass.
            !text[..at].ends_with(b"un") && !NOT_OF_TIME.iter().any(|other| behind.starts_with(other))
        };
        memmem::find_iter(text, word).any(is_about_time)
    })
}

/// Methods that give the same moment in another form.
const SAME_MOMENT: &[&str] = &["date", "astimezone", "to_pydatetime", "naive", "in_timezone", "to"];

fn present(project: &Project, origin: &Origin, depth: u32) -> Option<SmolStr> {
    let depth = depth.checked_sub(1)?;
    let subject = origin.subject(project);
    match subject.code().kind(origin.node) {
        NodeKind::Call { func, args } => {
            if let Some(path) = subject.callee(origin.node).filter(|path| gives_now(path)) {
                return Some(path);
            }
            if let NodeKind::Attribute { value, attr, .. } = subject.code().kind(*func)
                && (SAME_MOMENT.contains(&attr.as_str()) || (attr == "replace" && !changes_date(args)))
            {
                return present(project, &origin.at(*value), depth);
            }
            results_are_present(&subject.definition(*func)?.subject(project), depth)
        }
        NodeKind::Attribute { .. } => {
            let kept = kept_by_set_up(&subject, origin.node)?;
            present(project, &kept, depth)
        }
        // `now - timedelta(…)`
        NodeKind::Binary { op, left, .. } if matches!(op.as_str(), "+" | "-") => {
            present(project, &origin.at(*left), depth)
        }
        NodeKind::Name(name) => {
            let stands_for = origin.clone().followed(project);
            if stands_for.node != origin.node || stands_for.item != origin.item {
                return present(project, &stands_for, depth);
            }
            results_are_present(&subject.fixture_subject(name)?, depth)
        }
        _ => None,
    }
}

/// What a set-up of the class puts into `self.today`, where nothing else does.
fn kept_by_set_up(subject: &Subject<'_>, attribute: NodeId) -> Option<Origin> {
    let name = subject.code().dotted(attribute).filter(|name| name.starts_with("self."))?;
    subject.class()?;
    let mut values = set_ups(subject).into_iter().flat_map(|item| {
        let set_up = Subject::new(subject.project, &subject.module, item);
        let code = set_up.code();
        let values = set_up.body().filter_map(|node| match code.kind(node) {
            NodeKind::Assign { targets, value } => {
                let is_it = targets.iter().any(|target| code.dotted(*target).as_ref() == Some(&name));
                is_it.then(|| set_up.origin(*value))
            }
            _ => None,
        });
        values.collect::<Vec<_>>()
    });
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

fn changes_date(args: &[Argument]) -> bool {
    args.iter().any(|argument| match &argument.kind {
        ArgumentKind::Keyword(name) => matches!(name.as_str(), "year" | "month" | "day"),
        _ => true,
    })
}

/// Whether all that a function or fixture gives back stands for the present.
fn results_are_present(subject: &Subject<'_>, depth: u32) -> Option<SmolStr> {
    let origin = |node| subject.origin(node);
    let all: Option<Vec<SmolStr>> =
        subject.results().into_iter().map(|node| present(subject.project, &origin(node), depth)).collect();
    all?.into_iter().next()
}
