//! Pages and projects as named tests, in the form that `cargo test` and `cargo nextest` list.

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::case::{self, Case};
use crate::checks::{self, CHECKS, Run};
use crate::engine::Start;
use crate::page::{Form, Page};
use crate::{checklist, project, python, show};

/// Runs the tests as a test program without libtest's harness does.
pub fn run(trials: Vec<Trial>) -> ExitCode {
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The tests of every `*.md` in `directory`: `rule/page` for its form, `rule/bad-2` for each case, and one that
/// compiles whatever fixes make.
pub fn page_trials(form: Form, directory: &Path, start: Start) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut all = Vec::new();
    for path in project::markdown(directory) {
        let page = match std::fs::read_to_string(&path) {
            Ok(markdown) => Page::read_as(form, &path, &markdown),
            Err(error) => {
                let message = format!("{}: {error}", show::from_repository(&path));
                trials.push(Trial::test(show::from_repository(&path), move || Err(message.into())));
                continue;
            }
        };
        let (cases, faults) = case::of_page(&page);
        let shown = show::from_repository(&path);
        let faults: String =
            faults.iter().map(|fault| format!("{shown}:{}: {}\n", fault.line, fault.message)).collect();
        trials.push(Trial::test(format!("{}/page", page.name()), move || fail_if(faults)));
        all.extend(cases.iter().cloned());
        trials.extend(cases.into_iter().map(|case| {
            let name = case.name.clone();
            Trial::test(name, move || every_check(&case, start))
        }));
    }
    let name = match form {
        Form::Rule => "pages/results-compile",
        Form::Action => "actions/results-compile",
    };
    trials.push(Trial::test(name, move || compile(&all, start)));
    trials
}

/// The tests of every project in `directory`: `project/<check>`, and `project/checklist/<name>` for golden files.
pub fn project_trials(directory: &Path, start: Start) -> Vec<Trial> {
    let mut trials = Vec::new();
    for folder in project::folders(directory) {
        match project::read(&folder) {
            Ok(case) => trials.extend(of_project(&folder, case, start)),
            Err(error) => {
                let shown = show::from_repository(&folder);
                let message = format!("{shown}: {error}");
                trials.push(Trial::test(shown, move || Err(message.into())));
            }
        }
    }
    trials
}

fn of_project(folder: &Path, case: Case, start: Start) -> Vec<Trial> {
    let mut trials = Vec::new();
    for golden in project::markdown(&folder.join("checklist")) {
        let stem = golden.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (name, case) = (format!("{}/checklist/{stem}", case.name), case.clone());
        trials.push(Trial::test(name, move || Ok(checklist::check(&case, start, &golden, update())?)));
    }
    let (name, faults) = (format!("{}/comments", case.name), comment_faults(&case));
    trials.push(Trial::test(name, move || fail_if(faults)));
    for check in &CHECKS {
        let (name, case) = (format!("{}/{}", case.name, check.name), case.clone());
        trials.push(Trial::test(name, move || one_check(&Run::new(&case, start), check)));
    }
    let name = format!("{}/results-compile", case.name);
    trials.push(Trial::test(name, move || compile(&[case], start)));
    trials
}

/// Whether golden files are to be rewritten.
fn update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|update| update == "1")
}

fn comment_faults(case: &Case) -> String {
    let mut out = String::new();
    for file in &case.files {
        for (line, message) in &file.marked.faults {
            out += &format!("{}:{}: {message}\n", show::from_repository(&file.origin), line + 1);
        }
    }
    out
}

/// Stops at the first check that fails: those after it would say little.
fn every_check(case: &Case, start: Start) -> Result<(), Failed> {
    let run = Run::new(case, start);
    let checks: &[checks::Check] = if case.action.is_some() { &[checks::OFFERED] } else { &CHECKS };
    checks.iter().try_for_each(|check| one_check(&run, check))
}

fn one_check(run: &Run<'_>, check: &checks::Check) -> Result<(), Failed> {
    let faults = (check.run)(run);
    if faults.is_empty() {
        return Ok(());
    }
    Err(show::faults(run.case, &run.before, check.name, &faults).into())
}

fn compile(cases: &[Case], start: Start) -> Result<(), Failed> {
    let whole = cases.iter().filter(|case| !case.broken);
    let results: Vec<_> = whole.flat_map(|case| checks::results(&Run::new(case, start))).collect();
    let texts: Vec<&str> = results.iter().map(|made| made.text.as_str()).collect();
    // Without a Python there is only the engine's own opinion, which the other checks ask for.
    let Some(errors) = python::compile_errors(&texts) else { return Ok(()) };
    let mut out = String::new();
    for (made, error) in results.iter().zip(errors) {
        if let Some(error) = error {
            out += &format!("{}: {}: {error}\n{}\n", made.how, made.path, made.text);
        }
    }
    fail_if(out)
}

fn fail_if(message: String) -> Result<(), Failed> {
    if message.is_empty() { Ok(()) } else { Err(message.into()) }
}
