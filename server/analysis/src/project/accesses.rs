//! Who in the project's tests reads or writes a target.
//!
//! Found on demand: the target's name is searched for in the text of the test files, and only the functions that
//! hold it are parsed.

use std::collections::BTreeSet;
use std::mem::Discriminant;
use std::path::PathBuf;
use std::sync::Arc;

use smol_str::SmolStr;

use super::effects::class_state::reads_from_class;
use super::effects::reference::reference;
use super::effects::{Footprint, literal_text};
use super::guards::{Guarded, Guards};
use super::target::Target;
use super::{Module, Place, Project, Role, Subject};
use crate::facts::code::ArgumentKind;
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, Code, NodeId, NodeKind};
use crate::syntax::split::ItemKind;
use crate::text::{Standing, TextRange, Word};

/// What a function first does with a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum First {
    /// It sees what others left there.
    Reads,
    /// It gives a value of its own before it looks.
    Writes,
}

/// One function of the tests that uses a target.
#[derive(Clone, Debug)]
pub struct Access {
    pub module: Module,
    pub item: u32,
    pub role: Role,
    pub first: First,
    /// The expression that does.
    pub place: Place,
    /// The function's name with its classes.
    pub name: String,
}

impl Project {
    /// The functions of the project's test files that use a target, by path and place. Those that something shields
    /// from what others leave (a guard that writes first, a patch around) are left out.
    pub fn accesses(&self, target: &Target) -> Arc<Vec<Access>> {
        if let Some(known) = self.accesses.get(target) {
            return known.clone();
        }
        let found = Arc::new(search_word(target).map(|word| self.search(target, &word)).unwrap_or_default());
        self.accesses.insert(target.clone(), found.clone());
        found
    }

    fn search(&self, target: &Target, word: &SmolStr) -> Vec<Access> {
        self.in_functions_with(word, |subject| access(subject, target, word))
    }

    /// What `find` makes of the functions of the test files whose text holds the whole word, by path and place.
    pub fn in_functions_with<T>(&self, word: &str, find: impl Fn(&Subject<'_>) -> Option<T>) -> Vec<T> {
        self.in_functions_holding(&[word], Standing::Alone, find)
    }

    /// The same for the name of a function, which may be imported under a longer one.
    pub fn in_functions_naming<T>(&self, name: &str, find: impl Fn(&Subject<'_>) -> Option<T>) -> Vec<T> {
        self.in_functions_naming_one_of(&[name], find)
    }

    /// The same for several names.
    pub fn in_functions_naming_one_of<T>(
        &self,
        names: &[&str],
        find: impl Fn(&Subject<'_>) -> Option<T>,
    ) -> Vec<T> {
        self.in_functions_holding(names, Standing::InNames, find)
    }

    fn in_functions_holding<T>(
        &self,
        words: &[&str],
        standing: Standing,
        find: impl Fn(&Subject<'_>) -> Option<T>,
    ) -> Vec<T> {
        for word in words {
            self.asked.insert((SmolStr::new(word), standing), ());
        }
        let words: Vec<Word<'_>> = words.iter().map(|word| Word::new(word, standing)).collect();
        let in_file = |path: &PathBuf| {
            let Some(module) = self.module(path) else { return Vec::new() };
            let holding: BTreeSet<u32> =
                words.iter().flat_map(|word| module.file.items_holding(word)).collect();
            let functions = holding
                .into_iter()
                .filter(|item| matches!(module.file.item(*item).kind, ItemKind::Function(_)));
            functions.filter_map(|item| find(&Subject::new(self, &module, item))).collect()
        };
        self.turns.map(self.checked_files(), in_file).into_iter().flatten().collect()
    }

    /// From now on, an edit that changes how an item uses the word, be it a part of another, counts for other items.
    pub fn ask_for(&self, word: &str) {
        self.asked.insert((SmolStr::new(word), Standing::Anywhere), ());
    }

    /// The same for a name, which may be imported under a longer one.
    pub fn ask_for_name(&self, name: &str) {
        self.asked.insert((SmolStr::new(name), Standing::InNames), ());
    }

    /// Whether an item is used by others in the same way before and after an edit, as far as anyone asked.
    pub fn uses_alike(&self, before: &Module, after: &Module, item: u32) -> bool {
        let (old, new) = (before.file.item_text(item), after.file.item_text(item));
        let asked: Vec<(SmolStr, Standing)> = self.asked.iter().map(|entry| entry.key().clone()).collect();
        let mut words: Vec<Word<'_>> =
            asked.iter().map(|(word, standing)| Word::new(word, *standing)).collect();
        words.retain(|word| word.is_in(old) || word.is_in(new));
        if words.is_empty() {
            return true;
        }
        let [old, new] = [before, after].map(|module| word_uses(&Subject::new(self, module, item), &words));
        old == new
    }
}

/// How an item uses the words, as far as others see it.
#[derive(PartialEq)]
struct WordUses {
    /// Decorators and parameters: marks and fixtures.
    head: String,
    /// The statements and conditions that hold a word, as text, each with what it stands in, nearest first.
    parts: Vec<(Vec<Discriminant<NodeKind>>, String)>,
}

fn word_uses(subject: &Subject<'_>, words: &[Word<'_>]) -> Option<WordUses> {
    let code = subject.code();
    let holds_word = |text: &str| words.iter().any(|word| word.is_in(text));
    let parts: Vec<_> = subject
        .body()
        .filter(|node| code.node(*node).parent != *node)
        .flat_map(|node| parts_in_sight(code, node).into_iter().map(move |part| (node, part)))
        .filter(|(_, part)| holds_word(subject.source(*part)))
        .map(|(node, part)| {
            let around = code.ancestors(node).map(|outer| std::mem::discriminant(code.kind(outer))).collect();
            (around, subject.source(part).to_owned())
        })
        .collect();
    let body = subject.function()?.body.first()?;
    let head = TextRange::new(0, code.range(*body).start);
    (!parts.is_empty()).then(|| WordUses { head: subject.slice(head).to_owned(), parts })
}

/// What of a statement can say something of a name: the whole, or the condition over a block.
fn parts_in_sight(code: &Code, node: NodeId) -> Vec<NodeId> {
    match code.kind(node) {
        NodeKind::If { test, .. } => vec![*test],
        NodeKind::With { items, .. } => items.iter().map(|item| item.context).collect(),
        kind if is_statement(kind) => vec![node],
        _ => Vec::new(),
    }
}

fn is_statement(kind: &NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Expr(_)
            | NodeKind::Assign { .. }
            | NodeKind::AnnAssign { .. }
            | NodeKind::AugAssign { .. }
            | NodeKind::Delete(_)
            | NodeKind::Return(_)
            | NodeKind::Assert { .. }
            | NodeKind::Global(_)
            | NodeKind::For { .. }
            | NodeKind::While { .. }
    )
}

/// The word without which no code can use the target.
pub fn search_word(target: &Target) -> Option<SmolStr> {
    match target {
        Target::Attribute { path, .. } => path.rsplit('.').next().map(SmolStr::new),
        Target::Environ(Some(name)) | Target::SysModules(Some(name)) => Some(name.clone()),
        _ => None,
    }
}

fn access(subject: &Subject<'_>, target: &Target, word: &str) -> Option<Access> {
    let uses: Vec<NodeId> = subject
        .body()
        .filter(|node| subject.runs_here(*node) && is_use(subject, *node, target, word))
        .collect();
    let first_use = *uses.first()?;
    let footprint = Footprint::of(subject);
    let is_covered =
        |node: NodeId| footprint.covers.iter().any(|cover| cover.holds(node) && cover.target.covers(target));
    let is_late = |node: NodeId| footprint.hands_over.is_some_and(|hands_over| node > hands_over);
    let is_saved = |node: NodeId| {
        is_kept_for_later(subject, node)
            && footprint.touches.iter().any(|touch| touch.node > node && touch.target.overlaps(target))
    };
    let code = subject.code();
    // What is expected to raise writes nothing.
    let is_refused = |node: NodeId| match code.kind(code.node(node).parent) {
        NodeKind::Assign { targets, .. } if targets.contains(&node) => {
            !footprint.touches.iter().any(|touch| code.is_within(node, touch.node))
        }
        _ => false,
    };
    let node = uses
        .iter()
        .copied()
        .find(|node| !is_covered(*node) && !is_late(*node) && !is_saved(*node) && !is_refused(*node))?;
    let renewed = footprint
        .touches
        .iter()
        .filter(|touch| touch.act.renews() && touch.target.covers(target))
        .any(|touch| touch.node <= node || code.is_within(node, touch.node));
    let lent = footprint
        .touches
        .iter()
        .any(|touch| !touch.act.is_effect() && touch.node < node && touch.target.covers(target));
    if lent {
        return None;
    }
    let guards = Guards::of(subject);
    if guards.renews(target) || guards.of_target(target) == Guarded::Fully && first_use != node {
        return None;
    }
    let name = subject.project.qualified_name(&subject.module, subject.item);
    Some(Access {
        module: subject.module.clone(),
        item: subject.item,
        role: subject.role,
        first: if renewed { First::Writes } else { First::Reads },
        place: subject.place(code.range(node)),
        name,
    })
}

/// `old = shop.FLAG`, `saved = dict(REGISTRY)`: remembered, not looked at.
fn is_kept_for_later(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let statement = code.ancestors(node).take(4).find(|outer| is_statement(code.kind(*outer)));
    match statement.map(|statement| code.kind(statement)) {
        Some(NodeKind::Assign { targets, .. }) => {
            matches!(&**targets, [only] if matches!(code.kind(*only), NodeKind::Name(_) | NodeKind::Attribute { .. }) && node > *only)
        }
        _ => false,
    }
}

/// Whether a node is the whole expression that stands for the target (or holds it).
pub fn is_use(subject: &Subject<'_>, node: NodeId, target: &Target, word: &str) -> bool {
    let code = subject.code();
    match target {
        Target::Environ(Some(_)) | Target::SysModules(Some(_)) => {
            let is_key = match code.kind(node) {
                NodeKind::Str(text) => text == word,
                NodeKind::Name(_) => literal_text(subject, node).as_deref() == Some(word),
                _ => false,
            };
            is_key && names_entry(subject, node, target)
        }
        Target::Attribute { path, key } => {
            let named = match code.kind(node) {
                NodeKind::Name(name) => name == word,
                NodeKind::Attribute { attr, .. } => attr == word,
                _ => false,
            };
            named
                && !is_frozen_import(subject, node, path)
                && (reads_from_class(subject, node, path)
                    || reference(subject, node).is_some_and(|reached| {
                        reached.inside.is_none()
                            && (reached.path == *path || subject.project.canonical(&reached.path) == *path)
                    }))
                && key.as_ref().is_none_or(|key| !reads_another_key(subject, node, key))
        }
        _ => false,
    }
}

/// `from shop import FLAG` at module level keeps the value of import time: later rebinding does not reach it.
fn is_frozen_import(subject: &Subject<'_>, node: NodeId, path: &str) -> bool {
    let NodeKind::Name(name) = subject.code().kind(node) else { return false };
    if path.strip_suffix(name.as_str()).and_then(|owner| owner.strip_suffix('.'))
        == Some(subject.module.name.as_str())
    {
        return false;
    }
    let is_import = subject.module.file.scope().get(name).iter().any(|binding| {
        matches!(binding.kind, ModuleBindingKind::Bound { kind: BindingKind::FromImport { .. }, .. })
    });
    is_import && !super::effects::is_container_path(subject, path)
}

/// Whether a literal stands as the key of the mapping: `os.environ["X"]`, `getenv("X")`, `"X" in os.environ`.
fn names_entry(subject: &Subject<'_>, text: NodeId, target: &Target) -> bool {
    let code = subject.code();
    let parent = code.node(text).parent;
    let whole = match target {
        Target::Environ(_) => "os.environ",
        _ => "sys.modules",
    };
    match code.kind(parent) {
        NodeKind::Subscript { value, .. } => subject.resolve(*value).as_deref() == Some(whole),
        NodeKind::Compare { rest, .. } => {
            rest.iter().any(|(_, right)| subject.resolve(*right).as_deref() == Some(whole))
        }
        NodeKind::Call { func, args } => {
            let is_first =
                args.first().is_some_and(|a| a.kind == ArgumentKind::Positional && a.value == text);
            let path = subject.resolve(*func).unwrap_or_default();
            is_first
                && (path == "os.getenv" || path.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.')))
        }
        _ => false,
    }
}

/// `REGISTRY["other"]`, `REGISTRY.get("other")`: entries that the change does not touch.
fn reads_another_key(subject: &Subject<'_>, node: NodeId, key: &str) -> bool {
    let code = subject.code();
    let parent = code.node(node).parent;
    let differs = |expr: NodeId| code.kind(expr).as_str().is_some_and(|text| text != key);
    match code.kind(parent) {
        NodeKind::Subscript { value, index } if *value == node => differs(*index),
        NodeKind::Compare { left, .. } if *left != node => differs(*left),
        NodeKind::Attribute { value, attr, .. }
            if *value == node && matches!(attr.as_str(), "get" | "pop" | "setdefault") =>
        {
            match code.kind(code.node(parent).parent) {
                NodeKind::Call { args, .. } => args.first().is_some_and(|first| differs(first.value)),
                _ => false,
            }
        }
        _ => false,
    }
}
