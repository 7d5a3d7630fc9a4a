//! Whether something brings a target back, or makes the change for all tests anyway.

use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeKind};
use crate::project::accesses::{is_use, search_word};
use crate::project::effects::{Act, Footprint, Touch};
use crate::project::target::Target;
use crate::project::{Module, Role, Subject};
use crate::syntax::split::ItemKind;

/// Whether the module itself puts the target back further down, or a fixture or set-up around its tests does, or a
/// conftest above makes the same change.
pub fn is_undone(subject: &Subject<'_>, touch: &Touch) -> bool {
    is_put_back(subject, touch)
        || is_restored_around_tests(subject, &touch.target)
        || is_same_in_conftest(subject, touch)
}

/// `del os.environ["X"]` or `os.environ["X"] = saved` in a later statement; that statement itself too.
fn is_put_back(subject: &Subject<'_>, touch: &Touch) -> bool {
    let statements = statements_with(&subject.module, &touch.target);
    let touches = statements.flat_map(|item| {
        let other = Subject::new(subject.project, &subject.module, item);
        let touches = Footprint::of(&other).touches.clone();
        touches.into_iter().map(move |touch| (item, touch)).collect::<Vec<_>>()
    });
    let on_target: Vec<(u32, Touch)> =
        touches.filter(|(_, other)| other.target.covers(&touch.target)).collect();
    let (Some((first, _)), Some((last, final_touch))) = (on_target.first(), on_target.last()) else {
        return false;
    };
    first != last && {
        let other = Subject::new(subject.project, &subject.module, *last);
        brings_back(&other, final_touch)
    }
}

fn brings_back(subject: &Subject<'_>, touch: &Touch) -> bool {
    matches!(touch.act, Act::Remove | Act::Reset)
        || matches!(touch.target, Target::Cwd | Target::Setting(_))
        || touch.value.is_some_and(|value| {
            subject.code().kind(value).as_name().is_some_and(|name| is_saved(subject, name, &touch.target))
        })
}

/// Whether a name of the module was bound to what the target held.
fn is_saved(subject: &Subject<'_>, name: &str, target: &Target) -> bool {
    let Some(word) = search_word(target) else { return false };
    subject.module.file.scope().get(name).iter().any(|binding| {
        let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = binding.kind else {
            return false;
        };
        let saving = Subject::new(subject.project, &subject.module, binding.item);
        saving.code().subtree(value).any(|node| is_use(&saving, node, target, &word))
    })
}

/// By an autouse fixture or xunit-style function of the module or a conftest above it.
fn is_restored_around_tests(subject: &Subject<'_>, target: &Target) -> bool {
    let project = subject.project;
    let conftests = project.conftests(subject.path());
    let above = conftests.iter().filter_map(|path| project.module(path));
    std::iter::once(subject.module.clone()).chain(above).any(|module| {
        (0..module.file.items().len() as u32)
            .filter(|item| matches!(module.file.item(*item).kind, ItemKind::Function(_)))
            .map(|item| Subject::new(project, &module, item))
            .filter(|around| match around.role {
                Role::Xunit(_) => true,
                Role::Fixture => around.as_fixture().is_some_and(|fixture| fixture.autouse),
                _ => false,
            })
            .any(|around| Footprint::of(&around).restores().any(|restored| restored.covers(target)))
    })
}

/// Whether a conftest above gives the target the same literal: it has that value whatever is selected.
fn is_same_in_conftest(subject: &Subject<'_>, touch: &Touch) -> bool {
    let project = subject.project;
    let Some(value) = literal(subject, touch) else { return false };
    project.conftests(subject.path()).iter().filter_map(|path| project.module(path)).any(|conftest| {
        statements_with(&conftest, &touch.target).any(|item| {
            let other = Subject::new(project, &conftest, item);
            let footprint = Footprint::of(&other);
            footprint.touches.iter().any(|made| {
                made.target == touch.target && literal(&other, made).is_some_and(|same| same == value)
            })
        })
    })
}

/// The source of the literal that a touch gives its target.
fn literal<'s>(subject: &'s Subject<'_>, touch: &Touch) -> Option<&'s str> {
    let value = touch.value?;
    let is_literal = matches!(
        subject.code().kind(value),
        NodeKind::Str(_) | NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_) | NodeKind::None
    );
    is_literal.then(|| subject.source(value))
}

/// The statements of a module that may touch a target: all where it has no name.
fn statements_with(module: &Module, target: &Target) -> impl Iterator<Item = u32> {
    let word = search_word(target);
    (0..module.file.items().len() as u32).filter(move |item| {
        module.file.item(*item).kind == ItemKind::Statement
            && word.as_ref().is_none_or(|word| module.file.item_text(*item).contains(word.as_str()))
    })
}
