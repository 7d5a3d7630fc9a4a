//! What a module is run again under: patches, variables and entries that others do not have.

use smol_str::SmolStr;

use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::effects::{Act, Footprint, Phase, Touch};
use crate::project::fixtures::FixtureScope;
use crate::project::reload::Reload;
use crate::project::target::Target;
use crate::project::{Module, Place, Subject};
use crate::syntax::split::ItemKind;

use super::usual;

/// Something that is different while the module runs again.
#[derive(Clone, Debug)]
pub struct Condition {
    pub target: Target,
    pub place: Option<Place>,
    pub holds: Holds,
}

/// How long it stays different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Up to this node: a `with` block or a decorator.
    Until(u32),
    /// Until `monkeypatch` or its like undoes it, when the test is over and its own fixtures are torn down.
    BeyondTest,
    /// Until something writes it back.
    Written(NodeId),
    /// While another fixture is set up.
    Fixture,
}

/// The conditions at the reload, those of the function itself first.
pub fn around(subject: &Subject<'_>, footprint: &Footprint, reload: &Reload) -> Vec<Condition> {
    let covers = footprint.covers.iter().filter(|cover| cover.holds(reload.node)).map(|cover| Condition {
        target: cover.target.clone(),
        place: context_of(subject, reload.node).map(|node| subject.place(subject.code().range(node))),
        holds: Holds::Until(cover.end),
    });
    let touched = footprint.touches.iter().filter(|touch| {
        touch.node < reload.node
            && touch.phase == Phase::Run
            && is_in_force(subject, footprint, touch, reload)
    });
    let touched = touched.map(|touch| Condition {
        target: touch.target.clone(),
        place: Some(subject.place(subject.code().range(touch.node))),
        holds: if touch.act == Act::Lent { Holds::BeyondTest } else { Holds::Written(touch.node) },
    });
    let mut found: Vec<Condition> = touched.chain(covers).collect();
    found.extend(of_fixtures(subject));
    found.retain(|condition| {
        !is_of_module(&condition.target, &reload.module) && !usual::is_kept(subject, &condition.target)
    });
    found
}

fn is_in_force(subject: &Subject<'_>, footprint: &Footprint, touch: &Touch, reload: &Reload) -> bool {
    let is_over = footprint.covers.iter().any(|cover| {
        cover.holds(touch.node) && !cover.holds(reload.node) && cover.target.covers(&touch.target)
    });
    let is_put_back = touch.put_back.is_some_and(|node| node < reload.node)
        || footprint.touches.iter().any(|other| {
            other.phase != Phase::Run
                && (touch.node < other.node && other.node < reload.node)
                && other.target.overlaps(&touch.target)
        });
    let is_undone = touch.act == Act::Lent
        && (undoes(subject, touch.node, reload.node) || leaves_context(subject, touch.node, reload.node));
    touch.act != Act::Reset && !is_over && !is_put_back && !is_undone
}

/// `monkeypatch.undo()`, `patcher.stop()`, `mocker.stopall()` between two nodes.
pub fn undoes(subject: &Subject<'_>, after: NodeId, before: NodeId) -> bool {
    let code = subject.code();
    (after.0..before.0).map(NodeId).any(|node| {
        matches!(code.kind(node), NodeKind::Attribute { attr, .. } if matches!(attr.as_str(), "undo" | "stop" | "stopall"))
    })
}

/// Whether `with monkeypatch.context() as m:` holds the first node and not the second.
pub fn leaves_context(subject: &Subject<'_>, touched: NodeId, later: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(touched).any(|outer| match code.kind(outer) {
        NodeKind::With { items, .. } => {
            !code.is_within(later, outer)
                && items.iter().any(|item| {
                    code.dotted(code.uncalled(item.context)).is_some_and(|path| path.ends_with(".context"))
                })
        }
        _ => false,
    })
}

fn context_of(subject: &Subject<'_>, node: NodeId) -> Option<NodeId> {
    let code = subject.code();
    code.ancestors(node).find_map(|outer| match code.kind(outer) {
        NodeKind::With { items, .. } => items.first().map(|item| item.context),
        _ => None,
    })
}

/// What the fixtures around a test change for it.
fn of_fixtures(subject: &Subject<'_>) -> Vec<Condition> {
    let closure = subject.closure();
    let mut found = Vec::new();
    for fixture in closure.iter().filter_map(|closed| closed.fixture.as_ref()) {
        let is_itself = subject.is_item(&fixture.module, fixture.item);
        if is_itself || fixture.scope != Some(FixtureScope::Function) {
            continue;
        }
        let source = fixture.subject(subject.project);
        let footprint = Footprint::of(&source);
        let lent = footprint.touches.iter().filter(|touch| touch.act == Act::Lent);
        found.extend(lent.map(|touch| Condition {
            target: touch.target.clone(),
            place: Some(source.place(source.code().range(touch.node))),
            holds: Holds::Fixture,
        }));
    }
    found
}

/// The module's own attributes are made anew whatever they were, and its entry is what is reloaded.
fn is_of_module(target: &Target, module: &str) -> bool {
    match target {
        Target::Attribute { path, .. } => Target::attribute(module).covers(&Target::attribute(path.clone())),
        Target::SysModules(Some(entry)) => entry == module,
        _ => false,
    }
}

/// What a module's top level makes of a condition.
pub enum Dependence {
    /// It looks at what the condition changes, and binds these names where it does.
    Shown(Vec<SmolStr>),
    NotShown,
}

impl Condition {
    /// Whether the top level of the module looks at what is different.
    pub fn decides(&self, module: &Module) -> Dependence {
        let words = self.words();
        let speaks = |text: &str| words.iter().any(|word| text.contains(word.as_str()));
        let items = || 0..module.file.items().len() as u32;
        let readers: Vec<String> = items()
            .filter(|item| {
                module.file.item(*item).function().is_some() && speaks(module.file.item_text(*item))
            })
            .map(|item| format!("{}(", module.file.name(item)))
            .collect();
        let statements = items().filter(|item| module.file.item(*item).kind == ItemKind::Statement);
        let looking: Vec<u32> = statements
            .filter(|item| {
                let text = module.file.item_text(*item);
                speaks(text) || readers.iter().any(|call| text.contains(call.as_str()))
            })
            .collect();
        if looking.is_empty() {
            return Dependence::NotShown;
        }
        let top = looking.iter().filter(|item| module.file.item(**item).owner.is_none());
        let mut names: Vec<SmolStr> = top
            .flat_map(|item| {
                let bound = module.file.facts(*item).bindings().outer();
                let values = bound.filter(|(_, binding)| matches!(binding.kind, BindingKind::Value(_)));
                values.map(|(name, _)| name.clone()).collect::<Vec<_>>()
            })
            .collect();
        names.sort();
        names.dedup();
        Dependence::Shown(names)
    }

    /// Words of which one stands where code looks at the target.
    fn words(&self) -> Vec<SmolStr> {
        let import = || ["ImportError", "ModuleNotFoundError", "find_spec"].map(SmolStr::new).to_vec();
        match &self.target {
            Target::Environ(Some(name)) | Target::SysModules(Some(name)) => vec![name.clone()],
            Target::Environ(None) => ["environ", "getenv"].map(SmolStr::new).to_vec(),
            Target::SysModules(None) => import(),
            Target::Attribute { path, .. } if path.ends_with("__import__") => import(),
            Target::Attribute { path, .. } => path.rsplit('.').take(1).map(SmolStr::new).collect(),
            Target::Cwd => ["getcwd", "Path.cwd"].map(SmolStr::new).to_vec(),
            Target::SysPath | Target::Setting(_) => Vec::new(),
        }
    }
}
