//! What a rule looks at: one item of one module, with everything that is known around it.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use smol_str::SmolStr;

use super::closure::{Closed, Reason};
use super::constant::Origin;
use super::fixtures::Fixture;
use super::known::Known;
use super::marks::Mark;
use super::resolve::Scope;
use super::role::ClassKind;
use super::{Module, Project, Role};
use crate::facts::code::Function;
use crate::facts::{Code, ItemFacts, NodeId, NodeKind};
use crate::hint::Related;
use crate::paths::slashed;
use crate::store::File;
use crate::text::{TextRange, newline_of};

/// A range of a file, in bytes of the whole file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub path: PathBuf,
    pub range: TextRange,
}

impl Place {
    /// Whether it begins in an item of a file.
    pub fn begins_in(&self, file: &File, item: u32) -> bool {
        self.path == file.path && file.item_at(self.range.start) == Some(item)
    }

    pub fn related(self, message: impl Into<String>) -> Related {
        Related { path: self.path, range: self.range, message: message.into() }
    }
}

/// One item and its surroundings. Ranges and nodes are the item's own; `absolute` and `place` lead outwards.
#[derive(Clone)]
pub struct Subject<'p> {
    pub project: &'p Project,
    pub module: Module,
    pub item: u32,
    pub role: Role,
    pub facts: Arc<ItemFacts>,
    pub(super) known: Rc<Known>,
}

impl<'p> Subject<'p> {
    pub fn new(project: &'p Project, module: &Module, item: u32) -> Subject<'p> {
        let role = project.role(module, item);
        let facts = module.file.facts(item).clone();
        Subject { project, module: module.clone(), item, role, facts, known: Rc::default() }
    }

    pub fn path(&self) -> &Path {
        &self.module.file.path
    }

    pub fn code(&self) -> &Code {
        &self.facts.code
    }

    /// The function that the item is.
    pub fn function(&self) -> Option<&Function> {
        self.code().function()
    }

    /// The fixture that the item is.
    pub fn as_fixture(&self) -> Option<Arc<Fixture>> {
        let declared = self.project.declared_fixtures(self.path());
        declared.iter().find(|fixture| fixture.item == self.item).cloned()
    }

    /// The item's text, which its ranges count in.
    pub fn text(&self) -> &str {
        self.module.file.item_text(self.item)
    }

    pub fn scope(&self) -> Scope<'_> {
        Scope { project: self.project, module: &self.module, facts: &self.facts }
    }

    /// The dotted path that an expression stands for; see [`Scope::path`].
    pub fn resolve(&self, expr: NodeId) -> Option<SmolStr> {
        self.known.path(expr, || self.scope().path(expr))
    }

    /// The dotted path of what a call calls; `None` too when the node is no call.
    pub fn callee(&self, call: NodeId) -> Option<SmolStr> {
        match self.code().kind(call) {
            NodeKind::Call { func, .. } => self.resolve(*func),
            _ => None,
        }
    }

    /// The statements and expressions of the function's body, nested functions included, in source order.
    /// Decorators, parameters and annotations are left out.
    pub fn body(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        let code = self.code();
        let (start, end) = match self.function() {
            Some(function) => match (function.body.first(), code.roots.first()) {
                (Some(first), Some(root)) => (first.0, code.node(*root).subtree_end),
                _ => (0, 0),
            },
            None => (0, code.nodes.len() as u32),
        };
        (start..end).map(NodeId)
    }

    /// Whether `node` runs when the item's own function runs: not inside a nested function, lambda or class.
    pub fn runs_here(&self, node: NodeId) -> bool {
        !self.facts.is_nested(node)
    }

    pub fn slice(&self, range: TextRange) -> &str {
        range.slice(self.text())
    }

    pub fn source(&self, node: NodeId) -> &str {
        self.slice(self.code().range(node))
    }

    /// The line ending that the file uses.
    pub fn newline(&self) -> &'static str {
        newline_of(self.module.file.text.as_str())
    }

    /// A range of the item as a range of the file.
    pub fn absolute(&self, range: TextRange) -> TextRange {
        self.module.file.absolute(self.item, range)
    }

    pub fn place(&self, range: TextRange) -> Place {
        Place { path: self.path().to_owned(), range: self.absolute(range) }
    }

    /// An expression of the item, to be followed to what it stands for.
    pub fn origin(&self, node: NodeId) -> Origin {
        Origin { module: self.module.clone(), item: self.item, node }
    }

    /// A range of the file as a range of the item; what [`Subject::absolute`] leads back from.
    pub fn relative(&self, range: TextRange) -> TextRange {
        range.shift(-i64::from(self.absolute(TextRange::default()).start))
    }

    /// Whether a place begins in the item.
    pub fn holds(&self, place: &Place) -> bool {
        place.begins_in(&self.module.file, self.item)
    }

    /// Whether the subject is that item.
    pub fn is_item(&self, module: &Module, item: u32) -> bool {
        item == self.item && module.file.id == self.module.file.id
    }

    /// The head item of the class around this item.
    pub fn class(&self) -> Option<u32> {
        self.module.file.item(self.item).owner
    }

    pub fn class_kind(&self) -> Option<ClassKind> {
        self.class().map(|class| self.project.class_kind(&self.module, class))
    }

    pub fn is_test_case(&self) -> bool {
        self.class_kind() == Some(ClassKind::TestCase)
    }

    /// The fixtures that run around the item; see [`Project::closure`].
    pub fn closure(&self) -> Rc<Vec<Closed>> {
        self.known.closure(|| self.project.closure(&self.module, self.item))
    }

    /// Every mark on the item; see [`Project::marks`].
    pub fn marks(&self) -> Rc<Vec<Mark>> {
        self.known.marks(|| self.project.marks(&self.module, self.item))
    }

    /// Whether the function's parameter `name` is filled by the fixture of that name.
    pub fn requests(&self, name: &str) -> bool {
        self.closure().iter().any(|closed| closed.name == name && closed.reason == Reason::Requested)
    }

    /// pytest's node id of a test, relative to rootdir, without parameters; `None` for what is no test. A test of a
    /// class that is not collected itself goes by the first class that derives from it.
    pub fn node_id(&self) -> Option<String> {
        if self.role != Role::Test {
            return None;
        }
        let heir = self.class().and_then(|class| self.project.heir_if_needed(&self.module, class));
        let (module, names) = match heir {
            Some(heir) => {
                let class = self.project.qualified_name(&heir.module, heir.class);
                (heir.module, format!("{class}.{}", self.module.file.name(self.item)))
            }
            None => (self.module.clone(), self.project.qualified_name(&self.module, self.item)),
        };
        let path = &module.file.path;
        let file = slashed(path.strip_prefix(&self.project.root).unwrap_or(path));
        Some(format!("{file}::{}", names.replace('.', "::")))
    }
}
