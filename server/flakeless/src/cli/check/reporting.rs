//! From answers to what is printed.

use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use analysis::workspace::{FileSource, Workspace};
use indicatif::ProgressBar;

use super::Arguments;
use super::request::{Input, Request};
use crate::answers::Answers;
use crate::cli::baseline::{Ledger, Mode};
use crate::cli::findings::{self, Findings, Lens};
use crate::cli::output::{self, Besides, Repaired, Sight, View};
use crate::cli::problems::Warnings;
use crate::cli::proven::Proven;
use crate::cli::since::Since;
use crate::cli::{Failure, Outcome, printed};
use crate::place::visible;
use crate::write;

/// One run over what was asked for.
pub(super) struct Run<'a> {
    pub(super) arguments: &'a Arguments,
    pub(super) request: &'a Request,
    pub(super) warnings: Warnings,
}

/// What a run reports on.
pub(super) struct Scope<'a> {
    pub(super) files: Vec<PathBuf>,
    ledger: Ledger<'a>,
    since: Option<Since>,
    proven: Option<Proven>,
}

impl Scope<'_> {
    pub(super) fn lens(&self) -> Lens<'_> {
        Lens { baselines: &self.ledger.baselines, since: self.since.as_ref(), proven: self.proven.as_ref() }
    }
}

impl<'a> Run<'a> {
    pub(super) fn scope(&mut self, answers: &dyn Answers) -> Result<Scope<'a>, Failure> {
        let Run { arguments, request, .. } = *self;
        let files = request.files(answers, &mut self.warnings)?;
        let ledger = Ledger::open(arguments.baseline, &request.base, &request.discovery, answers, &files)?;
        ledger.warn_of_none(&mut self.warnings);
        let since = request.since(arguments.since.as_deref())?;
        let proven = Proven::read(&request.kept(answers), || load(request, Arc::new(request.disk())));
        Ok(Scope { files, ledger, since, proven })
    }

    pub(super) fn report(
        &mut self,
        scope: &Scope<'_>,
        answers: &dyn Answers,
        repaired: Repaired,
    ) -> Result<Outcome, Failure> {
        if self.arguments.baseline == Some(Mode::Write) {
            scope.ledger.write(answers, &scope.files)?;
        }
        let findings = find(scope, answers);
        self.show(scope, answers, &findings, repaired)
    }

    pub(super) fn show(
        &mut self,
        scope: &Scope<'_>,
        answers: &dyn Answers,
        findings: &Findings,
        repaired: Repaired,
    ) -> Result<Outcome, Failure> {
        let Run { arguments, request, .. } = *self;
        say_problems(request, answers, findings, &mut self.warnings);
        let stale = scope.ledger.settle(answers, findings, &mut self.warnings)?;
        let done = if arguments.add_ignores { "Silenced" } else { "Fixed" };
        let baseline = scope.ledger.shown();
        let besides = Besides { done, repaired, baseline, stale, since: arguments.since.clone() };
        print(arguments, request, answers, findings, &besides)
    }
}

pub(super) fn find(scope: &Scope<'_>, answers: &dyn Answers) -> Findings {
    let progress = progress(scope.files.len());
    let findings = findings::find(answers, scope.lens(), &scope.files, &progress);
    progress.finish_and_clear();
    findings
}

/// Never dropped: the process ends behind it, which gives back all at once what would take long piece by piece.
pub(super) fn load(request: &Request, source: Arc<dyn FileSource>) -> ManuallyDrop<Workspace> {
    let mut workspace = crate::cli::workspace(&request.discovery, source, request.flags.clone());
    if let Input::Text { path, text } = &request.input {
        workspace.open(path, text.clone());
    }
    ManuallyDrop::new(workspace)
}

/// A bar on standard error, where that is a terminal.
fn progress(files: usize) -> ProgressBar {
    ProgressBar::new(files as u64)
}

fn say_problems(request: &Request, answers: &dyn Answers, findings: &Findings, warnings: &mut Warnings) {
    let of_configuration = answers.problems();
    let concerning = of_configuration.iter().filter(|problem| request.discovery.concerns(&problem.path));
    for problem in concerning.chain(&findings.problems) {
        warnings.problem(&request.base, answers, problem);
    }
}

fn print(
    arguments: &Arguments,
    request: &Request,
    answers: &dyn Answers,
    findings: &Findings,
    besides: &Besides,
) -> Result<Outcome, Failure> {
    let view = View { format: arguments.output_format, statistics: arguments.statistics };
    let roots = &request.discovery.roots;
    let sight = Sight { answers, base: &request.base, roots };
    let print = |mut out: &mut dyn Write| {
        output::print(&mut out, &mut anstream::stderr(), sight, findings, besides, view)
    };
    // The fixed text of standard input went to standard output.
    let stdout_is_taken = arguments.rewrites() && matches!(request.input, Input::Text { .. });
    let result = match &arguments.output_file {
        Some(path) => {
            let mut text = anstream::StripStream::new(Vec::new());
            print(&mut text)?;
            write::output(path, &text.into_inner())
                .map_err(|error| format!("{}: {error}", visible(&path.to_string_lossy())))?;
            Ok(())
        }
        None if stdout_is_taken => print(&mut anstream::stderr().lock()),
        None => {
            let mut out = io::BufWriter::new(anstream::stdout().lock());
            // Left to the end of the process, a failure would be nobody's.
            print(&mut out).and_then(|()| out.flush())
        }
    };
    let is_stale = arguments.strict_baseline && besides.stale > 0;
    let clean = (findings.list.is_empty() && !is_stale) || arguments.exit_zero;
    Ok(printed(result, if clean { Outcome::Clean } else { Outcome::Reported }))
}
