//! Uses of a class by a name that the test module imported before the class was made anew.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use smol_str::SmolStr;

use super::reload::{Reload, Renewal};
use super::{Module, Place, Project, Role, Subject};
use crate::facts::code::{Argument, ArgumentKind, CompareOp};
use crate::facts::module::{ModuleBinding, ModuleBindingKind};
use crate::facts::{BindingKind, NodeId, NodeKind};

/// What is known of the class behind the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Its definition stands in a module that is made anew.
    Renewed,
    /// Imported from a module that is made anew; the definition is out of sight.
    Unseen,
    /// Defined in a submodule, and only the package is reloaded: it stays the same class unless the submodule is
    /// made anew too.
    Spared,
}

/// One such use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleUse {
    pub place: Place,
    pub item: u32,
    /// The name's node in the item's code.
    pub node: NodeId,
    /// As the test writes it.
    pub name: SmolStr,
    /// Where the class comes from: the module that the import names.
    pub module: SmolStr,
    /// What the name is used in: `isinstance`, `pytest.raises`, …
    pub check: SmolStr,
    pub evidence: Evidence,
    /// Index in [`Project::reloads`].
    pub reload: usize,
}

/// A use of a name as a class to compare with.
struct Check {
    node: NodeId,
    word: &'static str,
    /// The object that is compared, where there is one.
    object: Option<NodeId>,
}

/// A name that a module imports from what is made anew.
struct RenewedImport {
    name: SmolStr,
    /// The module named in the import statement, absolute.
    from: SmolStr,
    /// The canonical path of the class.
    path: SmolStr,
    /// Index in [`Project::reloads`].
    reload: usize,
    evidence: Evidence,
}

impl Project {
    /// Every stale use in the checked files, in order of path and place.
    pub fn stale_uses(&self) -> Arc<Vec<StaleUse>> {
        let files = if self.reloads().is_empty() { &[] } else { self.checked_files() };
        self.stale_uses.all(files, |path| self.find_stale_uses(path))
    }

    /// Those in one of these files, for which the others are not looked at.
    pub fn stale_uses_in(&self, path: &Path) -> Arc<Vec<StaleUse>> {
        self.stale_uses.part(path, &|path| self.find_stale_uses(path))
    }

    fn find_stale_uses(&self, path: &Path) -> Vec<StaleUse> {
        self.module(path).map(|module| self.stale_in(&module)).unwrap_or_default()
    }

    /// Whether an item compares with the same reloaded classes before and after an edit.
    pub fn stale_alike(&self, before: &Module, after: &Module, item: u32) -> bool {
        if ![before, after].iter().any(|module| may_compare(module, item)) {
            return true;
        }
        let reloads = self.reloads();
        if reloads.is_empty() {
            return true;
        }
        let [old, new] = [before, after].map(|module| {
            let imports = self.renewed_imports(module, module.file.item_text(item), &reloads);
            let found = self.stale_in_item(module, item, &imports, &reloads);
            found.into_iter().map(|used| (used.reload, used.evidence)).collect::<Vec<_>>()
        });
        old == new
    }

    fn stale_in(&self, module: &Module) -> Vec<StaleUse> {
        let reloads = self.reloads();
        let tops: Vec<&str> = reloads.iter().filter_map(|reload| reload.module.rsplit('.').next()).collect();
        let text = module.file.text.as_str();
        if !tops.iter().any(|top| text.contains(top)) && !text.contains("import .") {
            return Vec::new();
        }
        let imports = self.renewed_imports(module, text, &reloads);
        (0..module.file.items().len() as u32)
            .flat_map(|item| self.stale_in_item(module, item, &imports, &reloads))
            .collect()
    }

    fn stale_in_item(
        &self,
        module: &Module,
        item: u32,
        imports: &[RenewedImport],
        reloads: &[Reload],
    ) -> Vec<StaleUse> {
        let text = module.file.item_text(item);
        let may_use = imports.iter().any(|import| text.contains(import.name.as_str()))
            && may_compare(module, item)
            && matches!(self.role(module, item), Role::Test | Role::Fixture | Role::Plain);
        if !may_use {
            return Vec::new();
        }
        stale_uses_of(&Subject::new(self, module, item), imports, reloads)
    }

    /// The names that stand in `text` and that the module itself, not a function of it, imports from what is made anew,
    /// each by one `from … import`.
    fn renewed_imports(&self, module: &Module, text: &str, reloads: &[Reload]) -> Vec<RenewedImport> {
        let renewed = module.file.scope().names().filter_map(|(name, bindings)| {
            let [ModuleBinding { kind: ModuleBindingKind::Bound { kind, .. }, .. }] = bindings else {
                return None;
            };
            let BindingKind::FromImport { level, module: from, .. } = kind else { return None };
            if !text.contains(name.as_str()) {
                return None;
            }
            let from = module.absolute_import(*level, from)?;
            let path = self.canonical(&module.imported_path(kind)?);
            let (reload, evidence) = self.best_reload(&module.file.path, &path, &from, reloads)?;
            Some(RenewedImport { name: name.clone(), from, path, reload, evidence })
        });
        renewed.collect()
    }

    /// The reload that says most of the class at the canonical path `class`, imported from the module `from` by a file.
    fn best_reload(
        &self,
        file: &Path,
        class: &str,
        from: &str,
        reloads: &[Reload],
    ) -> Option<(usize, Evidence)> {
        // A submodule is no class; reloading its package leaves it the same object.
        if self.layout.file_of(class).is_some() {
            return None;
        }
        let defining = class.rsplit_once('.').map(|(module, _)| module)?;
        let is_seen = self.layout.split_path(class).is_some_and(|(_, rest)| !rest.is_empty());
        let canonical = self.canonical(from);
        let evidence = |reload: &Reload| {
            if is_seen && reload.renews(defining) {
                return Some(Evidence::Renewed);
            }
            if !is_seen && (reload.renews(defining) || reload.renews(from)) {
                return Some(Evidence::Unseen);
            }
            // A test, or a set-up of some tests, that reloads a package reloads what it wants to see anew, and its
            // submodules are not that.
            let is_set_up = matches!(reload.role, Role::Fixture | Role::Hook);
            (is_set_up && (reload.spares_submodule(defining) || (is_seen && reload.renews(&canonical))))
                .then_some(Evidence::Spared)
        };
        let found = reloads.iter().enumerate().filter_map(|(index, reload)| {
            let evidence = evidence(reload)?;
            // A link that cannot be seen is worth a word only where the reload is near.
            (evidence == Evidence::Renewed || reload.is_near(file)).then_some((index, evidence))
        });
        found.min_by_key(|(index, evidence)| (*evidence, *index))
    }
}

/// Words of which one stands in every item that compares with a class.
const CHECK_WORDS: &[&str] =
    &["isinstance", "issubclass", "aises", "except", " is ", "type(", "patch", "assertIs"];

pub fn may_compare(module: &Module, item: u32) -> bool {
    // To look for the words' rarest letters first, as is done by default, takes longer than to go through the text.
    static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let kind = Some(AhoCorasickKind::DFA);
        AhoCorasick::builder().kind(kind).prefilter(false).build(CHECK_WORDS).ok()
    });
    WORDS.as_ref().is_none_or(|words| words.is_match(module.file.item_text(item)))
}

fn stale_uses_of(subject: &Subject<'_>, imports: &[RenewedImport], reloads: &[Reload]) -> Vec<StaleUse> {
    let mut found = Vec::new();
    for check in checks(subject) {
        let Some(name) = subject.code().kind(check.node).as_name() else { continue };
        let Some(imported) = imports.iter().find(|import| import.name == name) else { continue };
        if subject.scope().is_local(name, check.node)
            || !meets_another_class(subject, &check, name, reloads[imported.reload].renewal)
            || decides_itself(subject, &imported.path, check.word)
        {
            continue;
        }
        found.push(StaleUse {
            place: subject.place(subject.code().range(check.node)),
            item: subject.item,
            node: check.node,
            name: imported.name.clone(),
            module: imported.from.clone(),
            check: SmolStr::new(check.word),
            evidence: imported.evidence,
            reload: imported.reload,
        });
    }
    found
}

/// Whether the object that is compared may be of the new class while the name means the old one.
fn meets_another_class(subject: &Subject<'_>, check: &Check, name: &str, renewal: Renewal) -> bool {
    if is_made_by_name(subject, check, name) {
        return false;
    }
    match renewal {
        Renewal::Reload => true,
        // Names that were imported together before the purge go on agreeing with each other.
        Renewal::Purge => check.object.is_some_and(|object| is_fetched_late(subject, object)),
    }
}

/// Whether the class's own metaclass says what counts as an instance: it need not go by which class made the object.
fn decides_itself(subject: &Subject<'_>, class: &str, check: &str) -> bool {
    if !matches!(check, "isinstance" | "issubclass" | "assertIsInstance") {
        return false;
    }
    let Some((module, item)) = subject.project.class_at(class) else { return false };
    let head = Subject::new(subject.project, &module, item);
    let Some(definition) = head.code().class() else { return false };
    let metaclass = definition.bases.iter().find_map(|argument| match &argument.kind {
        ArgumentKind::Keyword(word) if word == "metaclass" => head.resolve(argument.value),
        _ => None,
    });
    let Some((module, metaclass)) = metaclass.and_then(|path| subject.project.class_at(&path)) else {
        return false;
    };
    let mut members = module.file.members(metaclass);
    members.any(|member| matches!(module.file.name(member), "__instancecheck__" | "__subclasscheck__"))
}

/// Whether the function makes its objects by the very name that it compares with.
fn is_made_by_name(subject: &Subject<'_>, check: &Check, name: &str) -> bool {
    let code = subject.code();
    let makes = |node: NodeId| match code.kind(node) {
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Name(called) => called == name,
            NodeKind::Attribute { value, .. } => code.kind(*value).as_name() == Some(name),
            _ => false,
        },
        _ => false,
    };
    match check.object.map(|object| value_of(subject, object)) {
        Some(object) => makes(object),
        None => subject.body().any(makes) || raises_name(subject, name),
    }
}

fn raises_name(subject: &Subject<'_>, name: &str) -> bool {
    let code = subject.code();
    subject.body().any(|node| match code.kind(node) {
        NodeKind::Raise { exception: Some(raised), .. } => code.kind(*raised).as_name() == Some(name),
        NodeKind::Assign { value, .. } => code.kind(*value).as_name() == Some(name),
        NodeKind::Call { args, .. } => args.iter().any(|a| {
            matches!(&a.kind, ArgumentKind::Keyword(key) if key == "side_effect")
                && code.subtree(a.value).any(|part| code.kind(part).as_name() == Some(name))
        }),
        _ => false,
    })
}

/// Whether an object comes from a fixture or from a name that the function imports itself.
fn is_fetched_late(subject: &Subject<'_>, object: NodeId) -> bool {
    let code = subject.code();
    let value = value_of(subject, object);
    let name = code.subtree(value).find_map(|node| code.kind(node).as_name().map(|name| (name, node)));
    let Some((name, at)) = name else { return false };
    subject
        .facts
        .bindings()
        .visible(code, name, at)
        .iter()
        .any(|binding| matches!(binding.kind, BindingKind::Import { .. } | BindingKind::FromImport { .. }))
}

/// What a local name was given, else the expression itself; `await` is looked through.
fn value_of(subject: &Subject<'_>, expr: NodeId) -> NodeId {
    let code = subject.code();
    let mut value = expr;
    if let NodeKind::Name(name) = code.kind(expr)
        && let [binding] = subject.facts.bindings().visible(code, name, expr).as_slice()
    {
        match binding.kind {
            BindingKind::Value(given) | BindingKind::Entered(given) => value = given,
            _ => {}
        }
    }
    match code.kind(value) {
        NodeKind::Await(inner) => *inner,
        _ => value,
    }
}

fn checks(subject: &Subject<'_>) -> Vec<Check> {
    let code = subject.code();
    let mut found = Vec::new();
    for node in subject.body() {
        match code.kind(node) {
            NodeKind::Call { func, args } => found.extend(call_checks(subject, *func, args)),
            NodeKind::Compare { left, rest } => {
                for (op, right) in rest {
                    found.extend(comparison(subject, *left, *op, *right));
                }
            }
            NodeKind::Try { handlers, .. } => {
                for exception in handlers.iter().filter_map(|handler| handler.exception) {
                    let names = class_names(subject, exception).into_iter();
                    found.extend(names.map(|node| Check { node, word: "except", object: None }));
                }
            }
            _ => {}
        }
    }
    found
}

fn call_checks(subject: &Subject<'_>, func: NodeId, args: &[Argument]) -> Vec<Check> {
    let code = subject.code();
    let positional =
        |index: usize| args.get(index).filter(|a| a.kind == ArgumentKind::Positional).map(|a| a.value);
    let on_second = |word| {
        let names = positional(1).map(|classes| class_names(subject, classes)).unwrap_or_default();
        names.into_iter().map(|node| Check { node, word, object: positional(0) }).collect()
    };
    let on_first = |word| {
        let names = positional(0).map(|classes| class_names(subject, classes)).unwrap_or_default();
        names.into_iter().map(|node| Check { node, word, object: None }).collect()
    };
    match subject.resolve(func).as_deref() {
        Some("builtins.isinstance") => return on_second("isinstance"),
        Some("builtins.issubclass") => return on_second("issubclass"),
        Some("pytest.raises") => return on_first("pytest.raises"),
        Some("unittest.mock.patch.object") => return on_first("patch.object"),
        _ => {}
    }
    match code.kind(func) {
        NodeKind::Attribute { attr, .. } => match attr.as_str() {
            "assertIsInstance" => on_second("assertIsInstance"),
            "assertRaises" | "assertRaisesRegex" => on_first("assertRaises"),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// `type(x) is C`, `type(x) == C`, `x.__class__ is C`.
fn comparison(subject: &Subject<'_>, left: NodeId, op: CompareOp, right: NodeId) -> Option<Check> {
    // That an object is not of the old class holds all the more when the class is another.
    if !matches!(op, CompareOp::Is | CompareOp::Eq) {
        return None;
    }
    let code = subject.code();
    let object = match code.kind(left) {
        NodeKind::Call { args, .. } if subject.callee(left)? == "builtins.type" => args.first()?.value,
        NodeKind::Attribute { value, attr, .. } if attr == "__class__" => *value,
        _ => return None,
    };
    code.kind(right).as_name()?;
    Some(Check { node: right, word: "type", object: Some(object) })
}

/// The names in a class argument: one, a tuple of them, or `A | B`.
fn class_names(subject: &Subject<'_>, classes: NodeId) -> Vec<NodeId> {
    let code = subject.code();
    code.subtree(classes)
        .filter(|node| matches!(code.kind(*node), NodeKind::Name(_)))
        .filter(|node| {
            *node == classes
                || matches!(code.kind(code.node(*node).parent), NodeKind::Tuple(_) | NodeKind::Binary { .. })
        })
        .collect()
}
