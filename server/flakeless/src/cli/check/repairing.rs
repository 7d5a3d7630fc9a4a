//! `check` that fixes, or shows what it would fix.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::workspace::Workspace;

use super::reporting::{Run, load};
use super::request::{Input, Request};
use crate::cli::output::Repaired;
use crate::cli::problems::Warnings;
use crate::cli::repair::{self, LeftOut, Repair};
use crate::cli::{Failure, Outcome, diff, printed};
use crate::place::Base;
use crate::write;

/// Fixes what is to be fixed, then reports on what is left.
pub(super) fn check(run: &mut Run<'_>) -> Result<Outcome, Failure> {
    let Run { arguments, request, .. } = *run;
    let mut workspace = load(request, Arc::new(request.disk()));
    let scope = run.scope(&*workspace)?;
    if !arguments.rewrites() && !arguments.diff {
        return run.report(&scope, &*workspace, Repaired::default());
    }
    let permit = |path: &Path, text: Option<&str>| request.permit(path, text);
    let repair = repair::repair(&mut workspace, scope.lens(), &scope.files, arguments.reach(), &permit);
    say_left_out(&repair, &request.base, &mut run.warnings);
    if arguments.diff {
        return show_diff(&request.base, &repair, arguments.exit_zero);
    }
    let repaired = write_all(&mut workspace, request, &repair, &mut run.warnings)?;
    run.report(&scope, &*workspace, repaired)
}

fn say_left_out(repair: &Repair, base: &Base, warnings: &mut Warnings) {
    for left in &repair.left_out {
        let LeftOut { path, line, rule, title, why } = left;
        let path = base.shown(path);
        warnings.say(format_args!("{path}:{line}: {rule}: fix left out, {why}: {title}"));
    }
}

fn show_diff(base: &Base, repair: &Repair, exit_zero: bool) -> Result<Outcome, Failure> {
    let outcome = if repair.rewrites.is_empty() || exit_zero { Outcome::Clean } else { Outcome::Reported };
    let result = diff::print(base, &repair.rewrites);
    Ok(printed(result, outcome))
}

/// Writes what the repair came to. A file that cannot be written is said, and its old text counts again.
fn write_all(
    workspace: &mut Workspace,
    request: &Request,
    repair: &Repair,
    warnings: &mut Warnings,
) -> io::Result<Repaired> {
    if let Input::Text { path, text } = &request.input {
        let after = repair.rewrites.iter().find(|rewrite| rewrite.path == *path);
        let mut stdout = io::stdout().lock();
        stdout.write_all(after.map_or(text, |rewrite| &rewrite.after).as_bytes())?;
        stdout.flush()?;
        return Ok(Repaired { hints: repair.applied.len(), files: repair.rewrites.len() });
    }
    let mut failed = Vec::new();
    for rewrite in &repair.rewrites {
        let root = request.root_of(&rewrite.path).unwrap_or(&rewrite.path);
        if let Err(why) = write::replace(&rewrite.path, root, rewrite.before.as_deref(), &rewrite.after) {
            warnings.say(format_args!("{}: not fixed: {why}", request.base.shown(&rewrite.path)));
            workspace.close(&rewrite.path);
            failed.push(rewrite.path.as_path());
        }
    }
    let kept = |touched: &&BTreeSet<PathBuf>| !failed.iter().any(|path| touched.contains(*path));
    Ok(Repaired {
        hints: repair.applied.iter().filter(kept).count(),
        files: repair.rewrites.len() - failed.len(),
    })
}
