//! State that one test leaves on purpose for another: a variable of the tests that starts empty, that only tests write,
//! and that other tests cannot do without.
//!
//! Where it is found, the test that reads it is at fault: to undo the write, as a leak asks for, would break the reader
//! for good.

mod holders;
pub mod initial;
mod need;
mod take;
mod uses;

use std::cmp::Ordering;
use std::sync::Arc;

use smol_str::SmolStr;

use super::accesses::search_word;
use super::effects::{Act, Footprint, Touch};
use super::guards::{Guarded, Guards};
use super::role::{Phase, Reach, Xunit};
use super::target::Target;
use super::{Module, Place, Project, Role, Subject};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::syntax::split::ItemKind;
use holders::Holder;
pub use holders::Holders;
use initial::Initial;
use need::Need;
use uses::Uses;

/// One target with the tests between which it is handed over.
#[derive(Clone, Debug)]
pub struct HandedOver {
    pub initial: Initial,
    /// By path and place.
    pub writers: Vec<Party>,
    /// Those that run after a writer in the order of the files, by path and place.
    pub readers: Vec<Party>,
    /// Marks say that the tests belong together in this order.
    pub is_declared: bool,
}

/// A test that writes or reads the target.
#[derive(Clone, Debug)]
pub struct Party {
    pub module: Module,
    pub item: u32,
    /// The test's name with its classes.
    pub name: String,
    /// The expression or statement, in the item's code.
    pub node: NodeId,
    pub place: Place,
    /// Of a reader: without the value it fails, as far as can be seen.
    pub is_sure: bool,
}

impl Party {
    fn new(subject: &Subject<'_>, node: NodeId, is_sure: bool) -> Party {
        Party {
            module: subject.module.clone(),
            item: subject.item,
            name: subject.project.qualified_name(&subject.module, subject.item),
            node,
            place: subject.place(subject.code().range(node)),
            is_sure,
        }
    }

    pub fn is(&self, subject: &Subject<'_>) -> bool {
        subject.is_item(&self.module, self.item)
    }

    fn subject<'p>(&self, project: &'p Project) -> Subject<'p> {
        Subject::new(project, &self.module, self.item)
    }
}

impl Project {
    /// Who hands the target over to whom; `None` where it is no such state.
    pub fn handed_over(&self, target: &Target) -> Option<Arc<HandedOver>> {
        if let Some(known) = self.handed_over.get(target) {
            return known.clone();
        }
        let found = self.find_hand_over(target).map(Arc::new);
        self.handed_over.insert(target.clone(), found.clone());
        found
    }

    fn find_hand_over(&self, target: &Target) -> Option<HandedOver> {
        let initial = initial::of(self, target)?;
        let word = search_word(target)?;
        self.ask_for_name(&word);
        let holders = self.holders(&word)?;
        let own = self.own_holder(target, &word)?;
        // What tests do is known for other rules, and few things are written by one: that is asked before what they need.
        let path = target.path()?;
        if !holders.written.contains(path) && !own.iter().any(|own| own.written(self).contains(path)) {
            return None;
        }
        let mut search =
            Search { project: self, target, word, initial, writers: Vec::new(), readers: Vec::new() };
        holders.files.iter().chain(&own).try_for_each(|holder| search.look_into(holder))?;
        search.result()
    }
}

struct Search<'p> {
    project: &'p Project,
    target: &'p Target,
    word: SmolStr,
    initial: Initial,
    writers: Vec<Party>,
    readers: Vec<Party>,
}

impl Search<'_> {
    /// `None` where something else than a test may write the target, or a test rests on its being empty.
    fn look_into(&mut self, Holder { module, items }: &Holder) -> Option<()> {
        for item in items.iter().copied() {
            let subject = Subject::new(self.project, module, item);
            match module.file.item(item).kind {
                ItemKind::Function(_) => self.look_at(&subject)?,
                ItemKind::Statement => self.look_at_statement(&subject)?,
                ItemKind::Import | ItemKind::Class(_) => {}
            }
        }
        Some(())
    }

    fn look_at(&mut self, subject: &Subject<'_>) -> Option<()> {
        let footprint = Footprint::of(subject);
        let touches: Vec<&Touch> = footprint
            .touches
            .iter()
            .filter(|touch| touch.target.overlaps(self.target) && !self.is_of_other_entries(subject, touch))
            .collect();
        let uses = Uses::of(subject, self.target, &self.word, &touches);
        match subject.role {
            Role::Test => self.look_at_test(subject, &footprint, &touches, &uses),
            Role::Xunit(Xunit { phase: Phase::TearDown, .. }) => Some(()),
            Role::Xunit(Xunit { reach: Reach::Class | Reach::Module, .. })
                if !uses.is_opaque && touches.iter().all(|touch| declares(subject, touch)) =>
            {
                Some(())
            }
            _ => (touches.is_empty() && !uses.is_opaque && !uses.changes).then_some(()),
        }
    }

    fn look_at_test(
        &mut self,
        subject: &Subject<'_>,
        footprint: &Footprint,
        touches: &[&Touch],
        uses: &Uses,
    ) -> Option<()> {
        if uses.is_opaque {
            return None;
        }
        match need::of(subject, self.target, uses, self.initial, touches) {
            Need::Nothing => {}
            Need::Sure(node) => self.readers.push(Party::new(subject, node, true)),
            Need::Perhaps(node) => self.readers.push(Party::new(subject, node, false)),
            Need::Initial => return None,
        }
        let is_same = |touch: &Touch| touch.target.path() == self.target.path();
        let left = footprint.escaping().filter(|touch| touches.contains(touch) && is_same(touch));
        let Some(last) = left.last() else { return Some(()) };
        if !matches!(last.act, Act::Replace | Act::Put | Act::Update) || last.put_back.is_some() {
            return Some(());
        }
        let guards = Guards::of(subject);
        if guards.vague || guards.of_touch(last) != Guarded::No {
            return None;
        }
        self.writers.push(Party::new(subject, last.node, true));
        Some(())
    }

    /// Whether `ctx.update({"name": …})` is all that a touch does, and the target another entry.
    fn is_of_other_entries(&self, subject: &Subject<'_>, touch: &Touch) -> bool {
        let code = subject.code();
        let (Target::Attribute { key: Some(key), .. }, NodeKind::Call { func, args }) =
            (self.target, code.kind(touch.node))
        else {
            return false;
        };
        let is_update = matches!(code.kind(*func), NodeKind::Attribute { attr, .. } if attr == "update");
        let names_others = |argument: &Argument| match (&argument.kind, code.kind(argument.value)) {
            (ArgumentKind::Keyword(name), _) => name != key,
            (ArgumentKind::Positional, NodeKind::Dict(pairs)) => pairs.iter().all(|(name, _)| {
                name.and_then(|name| code.kind(name).as_str()).is_some_and(|name| name != key)
            }),
            _ => false,
        };
        is_update && touch.origin.is_none() && args.iter().all(names_others)
    }

    /// A statement of a module or class that is not the declaration may hand the target to anyone.
    fn look_at_statement(&self, subject: &Subject<'_>) -> Option<()> {
        let code = subject.code();
        let is_declared_here = |node: NodeId| match code.kind(code.node(node).parent) {
            NodeKind::Assign { targets, .. } => targets.contains(&node),
            NodeKind::AnnAssign { target, .. } => *target == node,
            _ => false,
        };
        let mut uses = subject.body().filter(|node| {
            super::accesses::is_use(subject, *node, self.target, &self.word) && !is_declared_here(*node)
        });
        uses.next().is_none().then_some(())
    }

    fn result(self) -> Option<HandedOver> {
        let Search { project, initial, writers, readers, .. } = self;
        let readers: Vec<Party> = readers
            .into_iter()
            .filter(|reader| writers.iter().any(|writer| runs_before(project, writer, reader)))
            .collect();
        if readers.is_empty() {
            return None;
        }
        let mut parties = writers.iter().chain(&readers);
        let is_declared = parties.any(|party| states_order(&party.subject(project)));
        Some(HandedOver { initial, writers, readers, is_declared })
    }
}

/// A set-up that gives the target its empty value first.
fn declares(subject: &Subject<'_>, touch: &Touch) -> bool {
    let is_empty = touch.value.is_some_and(|value| initial::of_value(subject, value).is_some());
    touch.act == Act::Reset || (touch.act == Act::Replace && is_empty)
}

/// Whether pytest runs one test before the other where nothing reorders them: `unittest` sorts by name.
fn runs_before(project: &Project, first: &Party, second: &Party) -> bool {
    let (one, other) = (first.subject(project), second.subject(project));
    match one.path().cmp(other.path()) {
        Ordering::Equal if one.class() == other.class() && one.is_test_case() => {
            one.module.file.name(one.item) < other.module.file.name(other.item)
        }
        Ordering::Equal => one.item < other.item,
        order => order == Ordering::Less,
    }
}

/// Marks that state an order or keep tests together: of pytest-order and pytest-ordering, pytest-dependency,
/// pytest-depends, pytest-xdist, and the recipe for incremental tests in pytest's documentation.
const ORDER_MARKS: &[&str] =
    &["dependency", "depends", "first", "incremental", "last", "order", "run", "second", "xdist_group"];

fn states_order(subject: &Subject<'_>) -> bool {
    let marks = subject.marks();
    marks.iter().any(|mark| ORDER_MARKS.contains(&mark.name.as_str()))
}
