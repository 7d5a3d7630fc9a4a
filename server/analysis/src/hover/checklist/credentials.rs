//! "Does it need credentials?"

use smol_str::SmolStr;

use super::super::place;
use super::{Line, Test};
use crate::project::effects::Footprint;
use crate::project::marks::Mark;
use crate::project::target::Target;
use crate::project::{Place, Subject};

const RULE: &str = "unguarded-credentials";

pub fn line(test: &Test<'_>) -> Line {
    let subject = test.subject;
    let mut line = Line::new("Credentials?", &[RULE]);
    for (name, at) in needed(subject) {
        line.is_true = true;
        let is_said = test.own_hints().any(|hint| hint.rule == RULE && hint.range.start == at.range.start);
        if is_said {
            continue;
        }
        let at = place::at(subject.project, &at);
        line.say(format!("It reads the environment variable `{name}` at {at}."));
        line.say(provision(test, &name));
    }
    if !line.is_true {
        line.say("No credential is read in it or its fixtures.");
    }
    line
}

/// The secrets that the test and its fixtures read, each once.
fn needed(subject: &Subject<'_>) -> Vec<(SmolStr, Place)> {
    let mut found = reads(subject);
    let closure = subject.closure();
    for fixture in closure.iter().filter_map(|closed| closed.fixture.as_ref()) {
        found.extend(reads(&fixture.subject(subject.project)));
    }
    let mut seen: Vec<SmolStr> = Vec::new();
    found.retain(|(name, _)| {
        !seen.contains(name) && {
            seen.push(name.clone());
            true
        }
    });
    found
}

fn reads(subject: &Subject<'_>) -> Vec<(SmolStr, Place)> {
    let code = subject.code();
    let given = Footprint::of(subject);
    let sets = |name: &SmolStr| {
        given.touches.iter().any(|touch| touch.target.covers(&Target::Environ(Some(name.clone()))))
    };
    let reads = subject.credential_reads().into_iter().filter(|read| !sets(&read.name));
    reads.map(|read| (read.name, subject.place(code.range(read.node)))).collect()
}

/// What provides the variable, or skips the test without it.
fn provision(test: &Test<'_>, name: &str) -> String {
    let subject = test.subject;
    if let Some(at) = setter(subject, name) {
        return format!("{at} sets it.");
    }
    let Some((mark, condition)) =
        test.marks.iter().find_map(|mark| Some((mark, skip_condition(subject, mark, name)?)))
    else {
        return "Nothing was seen that sets it or skips the test without it.".to_owned();
    };
    let source = Subject::new(subject.project, &mark.module, mark.item);
    let at = place::of(&source, source.code().range(mark.node));
    let empty = match condition.contains("in os.environ") || condition.contains("in environ") {
        true => " An empty value counts as present there: ask `os.environ.get(…)` instead.",
        false => "",
    };
    format!("The `skipif` at {at} skips it where that is missing: green, having run nothing.{empty}")
}

/// The fixture around the test, or the conftest, that sets the variable.
fn setter(subject: &Subject<'_>, name: &str) -> Option<String> {
    let project = subject.project;
    let target = Target::Environ(Some(name.into()));
    let closure = subject.closure();
    let by_fixture = closure.iter().filter_map(|closed| closed.fixture.as_ref()).find_map(|fixture| {
        let source = fixture.subject(project);
        let sets = Footprint::of(&source).touches.iter().any(|touch| touch.target.covers(&target));
        let range = source.function()?.name_range;
        sets.then(|| format!("`{}` ({})", fixture.name, place::of(&source, range)))
    });
    by_fixture.or_else(|| {
        let conftests = project.conftests(subject.path());
        conftests.iter().filter_map(|path| project.module(path)).find_map(|module| {
            let items = 0..module.file.items().len() as u32;
            let item = items.into_iter().find(|item| {
                let text = module.file.item_text(*item);
                text.contains(name) && (text.contains("environ") || text.contains("setenv"))
            })?;
            Some(place::shown(project, &module.file.path, module.file.item(item).code.start))
        })
    })
}

/// The source of a `skipif` that asks for the variable, the function of the module that it calls included.
fn skip_condition(subject: &Subject<'_>, mark: &Mark, name: &str) -> Option<String> {
    if mark.name != "skipif" {
        return None;
    }
    let code = &mark.facts.code;
    let text = mark.module.file.item_text(mark.item);
    let own = code.range(mark.node).slice(text);
    if own.contains(name) {
        return Some(own.to_owned());
    }
    let file = &subject.module.file;
    let names = code.subtree(mark.node).filter_map(|node| code.kind(node).as_name());
    names
        .flat_map(|called| file.scope().get(called))
        .map(|binding| file.item_text(binding.item))
        .find(|text| text.contains(name))
        .map(str::to_owned)
}
