//! "Does it modify global state?"

use super::super::{fixture, place};
use super::{Line, Test};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::accesses::First;
use crate::project::effects::{Act, Footprint, Phase, Touch, patched};
use crate::project::guards::{Guarded, Guards};
use crate::project::target::Target;

const RULE: &str = "shared-state-leak";

pub fn line(test: &Test<'_>) -> Line {
    let subject = test.subject;
    let mut line = Line::new("Global state?", &[RULE]);
    let footprint = Footprint::of(subject);
    let guards = Guards::of(subject);
    let mut seen: Vec<Target> = Vec::new();
    for touch in footprint.touches.iter().filter(|touch| touch.phase == Phase::Run && touch.act != Act::Reset)
    {
        if !seen.contains(&touch.target) {
            seen.push(touch.target.clone());
            line.says.extend(touched(test, &footprint, &guards, touch));
        }
    }
    for (target, node) in patches(subject) {
        if footprint.covers.iter().any(|cover| cover.target == target) && !seen.contains(&target) {
            let at = place::of(subject, subject.code().range(node));
            line.say(format!("Patches {target} at {at}, which undoes itself."));
            seen.push(target);
        }
    }
    line.is_true = !seen.is_empty();
    line.is_true |= say_fixtures(subject, &mut line);
    if !line.is_true {
        line.say("No change of such state was seen.");
    }
    say_polluters(test, &mut line);
    line
}

/// What becomes of one change; nothing where a hint says it.
fn touched(test: &Test<'_>, footprint: &Footprint, guards: &Guards, touch: &Touch) -> Option<String> {
    let subject = test.subject;
    let at = place::of(subject, subject.code().range(touch.node));
    let target = &touch.target;
    if touch.act == Act::Lent {
        return Some(format!("Sets {target} at {at} through what undoes it afterwards."));
    }
    if touch.act == Act::Saved {
        return Some(format!("Has {target} given its value again after the test, at {at}."));
    }
    if footprint.is_undone(touch) {
        return Some(format!("Changes {target} at {at} and undoes it itself, however the test ends."));
    }
    let guard = guard_of(subject, touch).map(|at| format!(" by {at}")).unwrap_or_default();
    let when = match guards.of_touch(touch) {
        Guarded::Fully => "after the test",
        Guarded::OutsideClass => "only after the class, too late for the tests in it",
        Guarded::OutsideModule => "only after the module, too late for the tests in it",
        Guarded::No => return unguarded(test, guards, touch, &at),
    };
    Some(format!("Changes {target} at {at}; that is put back{guard} {when}."))
}

fn unguarded(test: &Test<'_>, guards: &Guards, touch: &Touch, at: &str) -> Option<String> {
    let subject = test.subject;
    if let Some((_, dead)) = guards.dead.iter().find(|(dead, _)| touch.is_within(dead)) {
        let source = Subject::new(subject.project, &dead.module, dead.item);
        let name = source.function().map(|function| function.name_range).unwrap_or_default();
        return Some(format!(
            "The clean-up in `{}` ({}) never runs: in strict mode nothing awaits an async fixture under plain \
             `@pytest.fixture`.",
            dead.name,
            place::of(&source, name)
        ));
    }
    let range = subject.absolute(subject.code().range(touch.node));
    if test.own_hints().any(|hint| hint.rule == RULE && range.contains_range(hint.range)) {
        return None;
    }
    let target = &touch.target;
    Some(match guards.vague {
        true => format!("Changes {target} at {at}; a clean-up around it may put that back."),
        false => format!("Changes {target} at {at}; nothing was seen that puts it back."),
    })
}

/// The fixture around the test that puts a change back.
fn guard_of(subject: &Subject<'_>, touch: &Touch) -> Option<String> {
    let closure = subject.closure();
    closure.iter().filter_map(|closed| closed.fixture.as_ref()).find_map(|fixture| {
        let source = fixture.subject(subject.project);
        let footprint = Footprint::of(&source);
        let undoes = footprint.restores().any(|target| touch.is_within(target));
        let name = source.function()?.name_range;
        undoes.then(|| format!("`{}` ({})", fixture.name, place::of(&source, name)))
    })
}

/// What the test's fixtures change; says whether any does.
fn say_fixtures(subject: &Subject<'_>, line: &mut Line) -> bool {
    let closure = subject.closure();
    let mut any = false;
    for fixture in closure.iter().filter_map(|closed| closed.fixture.as_ref()) {
        let source = fixture.subject(subject.project);
        let footprint = Footprint::of(&source);
        let guards = Guards::of(&source);
        let escaping = footprint.escaping().filter(|touch| guards.of_touch(touch) == Guarded::No);
        if let Some(targets) = fixture::listed(escaping.map(|touch| &touch.target)) {
            let name = source.function().map(|function| function.name_range).unwrap_or_default();
            let at = place::of(&source, name);
            line.say(format!(
                "Its fixture `{}` ({at}) changes {targets} and does not put it back.",
                fixture.name
            ));
            any = true;
        }
    }
    any
}

/// The tests and fixtures of the file that leave behind what this test reads.
fn say_polluters(test: &Test<'_>, line: &mut Line) {
    let subject = test.subject;
    let (project, module) = (subject.project, &subject.module);
    let mut seen = Vec::new();
    for hint in test.hints.iter().filter(|hint| hint.rule == RULE) {
        let Some(item) = module.file.item_at(hint.range.start) else { continue };
        if item == subject.item || seen.contains(&item) {
            continue;
        }
        seen.push(item);
        let polluter = Subject::new(project, module, item);
        let is_read = |target: &Target| {
            project.accesses(target).iter().any(|access| {
                access.item == subject.item
                    && access.module.file.path == *subject.path()
                    && access.first == First::Reads
            })
        };
        let footprint = Footprint::of(&polluter);
        let left: Vec<&Target> =
            footprint.escaping().map(|touch| &touch.target).filter(|target| is_read(target)).collect();
        if let Some(targets) = fixture::listed(left.into_iter()) {
            let at = place::shown(project, &module.file.path, hint.range.start);
            let name = project.qualified_name(module, item);
            line.say(format!("It reads {targets}, which `{name}` leaves changed ({at})."));
        }
    }
}

/// What `patch` and its kin stand in for, and the calls of them.
fn patches(subject: &Subject<'_>) -> Vec<(Target, NodeId)> {
    let code = subject.code();
    let calls = (0..code.nodes.len() as u32).map(NodeId).filter_map(|node| match code.kind(node) {
        NodeKind::Call { func, args } => Some((node, subject.resolve(*func)?, args)),
        _ => None,
    });
    calls
        .flat_map(|(node, path, args)| {
            patched(subject, &path, args).into_iter().map(move |target| (target, node))
        })
        .collect()
}
