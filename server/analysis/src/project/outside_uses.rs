//! Who uses a target outside the functions of the tests: module-level code, which runs when pytest collects, and the
//! product.
//!
//! Found on demand, as [`super::accesses`] are: only items whose text holds the target's name are parsed.

use std::sync::Arc;

use memchr::memmem;
use smol_str::SmolStr;

use super::accesses::{is_use, search_word};
use super::functions::is_test_code;
use super::role::Role;
use super::target::Target;
use super::{Module, Place, Project, Subject};
use crate::facts::code::{ArgumentKind, ImportedNames};
use crate::facts::{NodeId, NodeKind};

/// One item that uses a target.
#[derive(Clone, Debug)]
pub struct OutsideUse {
    pub place: Place,
    /// The function's name with its classes; the module's where it is a statement.
    pub name: SmolStr,
    pub is_of_tests: bool,
    /// Whether it looks at the target, and does not only give it a value.
    pub reads: bool,
}

impl Project {
    /// The statements of every module, and the functions of modules that are not checked, which use a target; by path
    /// and place, one for each item.
    pub fn outside_uses(&self, target: &Target) -> Arc<Vec<OutsideUse>> {
        if let Some(known) = self.outside_uses.get(target) {
            return known.clone();
        }
        let found =
            Arc::new(search_word(target).map(|word| self.search_outside(target, &word)).unwrap_or_default());
        self.outside_uses.insert(target.clone(), found.clone());
        found
    }

    fn search_outside(&self, target: &Target, word: &SmolStr) -> Vec<OutsideUse> {
        let wanted = Wanted::new(target, word);
        let mut found = Vec::new();
        for path in self.layout.files() {
            let Some(module) = self.module(path).filter(|module| wanted.may_be_in(module.file.text.as_str()))
            else {
                continue;
            };
            let is_checked = self.is_checked(path);
            let is_of_tests = is_test_code(self, path);
            for item in 0..module.file.items().len() as u32 {
                if !wanted.may_be_in(module.file.item_text(item)) {
                    continue;
                }
                let subject = Subject::new(self, &module, item);
                if is_checked && subject.role != Role::Statement {
                    continue;
                }
                let nodes = (0..subject.code().nodes.len() as u32).map(NodeId);
                let mut uses: Vec<NodeId> = nodes.filter(|node| wanted.is_used_at(&subject, *node)).collect();
                uses.sort_by_key(|node| is_written(&subject, *node));
                let Some(node) = uses.first() else { continue };
                found.push(OutsideUse {
                    place: subject.place(subject.code().range(*node)),
                    name: name_of(self, &module, item, subject.role),
                    is_of_tests,
                    reads: !is_written(&subject, *node),
                });
            }
        }
        found.sort_by(|a, b| a.place.cmp(&b.place));
        found
    }
}

fn name_of(project: &Project, module: &Module, item: u32, role: Role) -> SmolStr {
    match role {
        Role::Statement => module.name.clone(),
        _ => project.qualified_name(module, item).into(),
    }
}

/// What is searched for.
struct Wanted<'t> {
    target: &'t Target,
    word: &'t SmolStr,
    /// The field of a settings class that an environment variable fills.
    field: Option<String>,
}

impl Wanted<'_> {
    fn new<'t>(target: &'t Target, word: &'t SmolStr) -> Wanted<'t> {
        let field = matches!(target, Target::Environ(_)).then(|| word.to_ascii_lowercase());
        Wanted { target, word, field }
    }

    fn may_be_in(&self, text: &str) -> bool {
        let holds = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
        holds(self.word) || self.field.as_deref().is_some_and(holds)
    }

    fn is_used_at(&self, subject: &Subject<'_>, node: NodeId) -> bool {
        !is_definition(subject, node)
            && (is_use(subject, node, self.target, self.word)
                || self.is_imported(subject, node)
                || self.is_asked_of_settings(subject, node)
                || self.is_settings_field(subject, node))
    }

    /// `from shop.config import DEBUG`: what it holds at that moment.
    fn is_imported(&self, subject: &Subject<'_>, node: NodeId) -> bool {
        let NodeKind::FromImport { level, module, names: ImportedNames::Names(names) } =
            subject.code().kind(node)
        else {
            return false;
        };
        let Some((owner, name)) = self.target.path().and_then(|path| path.rsplit_once('.')) else {
            return false;
        };
        names.iter().any(|imported| imported.name == name)
            && subject
                .module
                .absolute_import(*level, module)
                .is_some_and(|from| subject.project.canonical(&from) == owner)
    }

    /// `env("X")`, `config("X")`, `envvar="X"`: readers of the environment that libraries offer.
    fn is_asked_of_settings(&self, subject: &Subject<'_>, node: NodeId) -> bool {
        let code = subject.code();
        if self.field.is_none() || code.kind(node).as_str() != Some(self.word) {
            return false;
        }
        let NodeKind::Call { func, args } = code.kind(code.node(node).parent) else { return false };
        let Some(argument) = args.iter().find(|argument| argument.value == node) else { return false };
        match &argument.kind {
            ArgumentKind::Keyword(name) => {
                matches!(name.as_str(), "alias" | "env" | "envvar" | "validation_alias")
            }
            _ => code.dotted(*func).is_some_and(|callee| {
                let callee = callee.to_ascii_lowercase();
                callee.contains("env") || callee == "config"
            }),
        }
    }

    /// `database_url: str` in a class that derives from pydantic's `BaseSettings`.
    fn is_settings_field(&self, subject: &Subject<'_>, node: NodeId) -> bool {
        let code = subject.code();
        let (Some(field), Some(class)) = (&self.field, subject.class()) else { return false };
        let NodeKind::AnnAssign { target, .. } = code.kind(node) else { return false };
        code.kind(*target).as_name().is_some_and(|name| name.eq_ignore_ascii_case(field))
            && subject
                .project
                .base_names(&subject.module, class)
                .iter()
                .any(|base| base.rsplit('.').next() == Some("BaseSettings"))
    }
}

/// Whether a node is, or is the key of, what an assignment or `setdefault` gives a value.
fn is_written(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let parent = code.node(node).parent;
    let place = if matches!(code.kind(parent), NodeKind::Subscript { .. }) { parent } else { node };
    match code.kind(code.node(place).parent) {
        NodeKind::Assign { targets, .. } => targets.contains(&place),
        NodeKind::Delete(targets) => targets.contains(&place),
        NodeKind::Call { func, .. } => code.dotted(*func).is_some_and(|path| path.ends_with("setdefault")),
        _ => false,
    }
}

/// `DEBUG = False` in the module that holds it.
fn is_definition(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    if subject.role != Role::Statement || code.kind(node).as_name().is_none() {
        return false;
    }
    match code.kind(code.node(node).parent) {
        NodeKind::Assign { targets, .. } => targets.contains(&node),
        NodeKind::AnnAssign { target, .. } => *target == node,
        _ => false,
    }
}
