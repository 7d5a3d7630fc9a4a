//! `check` with a cache: what an earlier run answered is shown if it still holds; else the engine is asked, and what it
//! answers is kept.

use std::io;
use std::sync::Arc;

use super::reporting::{Run, Scope, find, load};
use super::request::Request;
use crate::cache::{Cache, Given, Heard, Recalled, Witness};
use crate::cli::baseline::Mode;
use crate::cli::findings::Findings;
use crate::cli::output::Repaired;
use crate::cli::{Failure, Outcome};
use crate::today::today;

pub(super) fn check(run: &mut Run<'_>) -> Result<Outcome, Failure> {
    let Run { arguments, request, .. } = *run;
    let words = Request::deciding(arguments);
    let roots = &request.discovery.roots;
    let given = Given { roots, overrides: &request.flags, words: &words, today: today() };
    let chosen = request.discovery.cache_dir.as_deref();
    let cache = if arguments.no_cache { None } else { Cache::open(chosen, given, request.disk()) };
    let Some(cache) = cache else {
        let workspace = load(request, Arc::new(request.disk()));
        let scope = run.scope(&*workspace)?;
        return run.report(&scope, &*workspace, Repaired::default());
    };
    let recalled = cache.recall();
    // To write a baseline, all texts are needed.
    let usable = recalled.as_ref().filter(|_| arguments.baseline != Some(Mode::Write));
    let shown = usable.and_then(|recalled| {
        let (scope, findings) = recall(run, recalled)?;
        Some(run.show(&scope, recalled, &findings, Repaired::default()))
    });
    let (outcome, kept) = match (shown, recalled) {
        (Some(outcome), Some(recalled)) => (outcome?, cache.confirm(recalled)),
        (_, recalled) => ask(run, &cache, recalled)?,
    };
    say_unkept(run, &cache, kept);
    Ok(outcome)
}

/// What there is to show by an earlier run's answers; `None` where they are not enough, or not to be trusted after all.
fn recall<'a>(run: &mut Run<'a>, recalled: &Recalled<'_>) -> Option<(Scope<'a>, Findings)> {
    let scope = run.scope(recalled).ok()?;
    let findings = find(&scope, recalled);
    recalled.learn(findings.paths()).then_some((scope, findings))
}

/// Asks the engine, and keeps what it says together with what was known.
fn ask(
    run: &mut Run<'_>,
    cache: &Cache<'_>,
    former: Option<Recalled<'_>>,
) -> Result<(Outcome, io::Result<()>), Failure> {
    let witness = Arc::new(Witness::of(run.request.disk()));
    let workspace = load(run.request, witness.clone());
    let heard = Heard::new(&workspace);
    let scope = run.scope(&heard)?;
    let outcome = run.report(&scope, &heard, Repaired::default())?;
    Ok((outcome, cache.keep(&heard, &witness, former)))
}

/// Only who chose the folder can do something about it.
fn say_unkept(run: &mut Run<'_>, cache: &Cache<'_>, kept: io::Result<()>) {
    if let (Err(why), Some(_)) = (kept, &run.request.discovery.cache_dir) {
        let folder = run.request.base.shown(cache.folder());
        run.warnings.say(format_args!("nothing is kept in {folder} (setting `cache-dir`): {why}"));
    }
}
