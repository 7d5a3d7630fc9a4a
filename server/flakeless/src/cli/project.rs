//! `flakeless project`: what is understood of a project, for a person or as JSON.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use analysis::model::{Marker, Model, Use};
use analysis::project::Place;
use analysis::settings::Overrides;
use analysis::workspace::Workspace;
use anstyle::Style;
use clap::Args;

use super::place::{Base, line_column, visible};
use super::{Outcome, problems};
use crate::discover::{self, Force};
use crate::disk::Disk;
use crate::today::today;

mod json;

/// Show what flakeless understands of a project
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file or folder to tell about
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Print JSON, with every test and its fixtures
    #[arg(long)]
    json: bool,
}

const HEADING: Style = Style::new().bold();
/// Of long lists a person sees the beginning.
const SHOWN: usize = 10;

/// A model and what its places and paths are told with.
#[derive(Clone, Copy)]
struct Sight<'a> {
    workspace: &'a Workspace,
    base: &'a Base,
}

impl Sight<'_> {
    fn line(&self, place: &Place) -> u32 {
        line_column(self.workspace.text(&place.path).as_deref(), place.range.start).0
    }

    /// `tests/conftest.py:12`
    fn at(&self, place: &Place) -> String {
        format!("{}:{}", self.base.shown(&place.path), self.line(place))
    }
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let outcome = tell(arguments).unwrap_or_else(|why| {
        problems::error(why);
        Outcome::Failed
    });
    outcome.into()
}

fn tell(arguments: &Arguments) -> Result<Outcome, Box<dyn std::error::Error>> {
    let base = Base::new(std::env::current_dir()?);
    let path = discover::absolute(&arguments.path)?;
    let named = std::slice::from_ref(&path);
    let discovery = discover::discover(named, Force::Check, &Overrides::default())
        .map_err(|missing| format!("{}: {}", base.shown(&missing.path), missing.why))?;
    let mut workspace = Workspace::new(Arc::new(Disk), today());
    for root in &discovery.roots {
        workspace.set_files(&root.path, root.files.clone());
    }
    let models = workspace.models(|file| discovery.covers(file));
    if models.is_empty() {
        return Err(format!("no test files under {}", base.shown(&path)).into());
    }
    let sight = Sight { workspace: &workspace, base: &base };
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let printed = if arguments.json {
        json::print(&mut out, sight, &models)
    } else {
        models.iter().try_for_each(|model| print(&mut out, sight, model))
    };
    Ok(super::printed(printed.and_then(|()| out.flush()), Outcome::Clean))
}

fn print(out: &mut impl Write, sight: Sight<'_>, model: &Model) -> io::Result<()> {
    writeln!(out, "{HEADING}{}{HEADING:#}", sight.base.shown(&model.home))?;
    configuration(out, sight, model)?;
    list(out, "Plugins", &model.plugins, |plugin| {
        format!("{} ({}): {}", plugin.name, plugin.versions, plugin.changes)
    })?;
    list(out, "Conftests", &model.conftests, |path| sight.base.shown(path))?;
    writeln!(out, "  Marker: {}", marker(sight, &model.marker))?;
    list(out, "Modules made anew while tests run", &model.reloads, |reload| {
        format!("{}: {} in {}", reload.module, reload.how, sight.at(&reload.place))
    })?;
    shared(out, sight, model)?;
    writeln!(out, "  Tests: {}", model.tests.len())?;
    writeln!(out)
}

fn shared(out: &mut impl Write, sight: Sight<'_>, model: &Model) -> io::Result<()> {
    list(out, "State that tests leave changed", &model.shared, |shared| {
        let target = shared.target.replace('`', "");
        let (writers, readers) = (uses(sight, &shared.writers), uses(sight, &shared.readers));
        format!("{target}\n  changed by {writers}\n  read by {readers}")
    })
}

fn configuration(out: &mut impl Write, sight: Sight<'_>, model: &Model) -> io::Result<()> {
    match &model.configuration {
        Some(file) => {
            let why = if model.undecided {
                "for the newest pytest that may run; an older one obeys another"
            } else if file.parent() == Some(&model.home) {
                "the first here in pytest's order that speaks to it"
            } else {
                "the nearest above"
            };
            writeln!(out, "  Configuration: {} ({why})", sight.base.shown(file))?;
        }
        None => writeln!(out, "  Configuration: none, pytest's defaults hold")?,
    }
    for path in &model.passed_over {
        writeln!(out, "    passed over: {}", sight.base.shown(path))?;
    }
    if model.rootdir != model.home {
        writeln!(out, "  Rootdir: {}", sight.base.shown(&model.rootdir))?;
    }
    Ok(())
}

fn marker(sight: Sight<'_>, marker: &Marker) -> String {
    let registered = if marker.is_registered { "registered" } else { "not registered" };
    let hook = marker.hook.as_ref().map(|place| format!(" ({})", sight.at(place))).unwrap_or_default();
    format!("{} is {registered}, and {}{hook}", marker.name, marker.effect)
}

fn uses(sight: Sight<'_>, uses: &[Use]) -> String {
    const FEW: usize = 3;
    if uses.is_empty() {
        return "nobody in sight".to_owned();
    }
    let shown: Vec<String> =
        uses.iter().take(FEW).map(|it| format!("{} ({})", it.name, sight.at(&it.place))).collect();
    let more = uses.len().saturating_sub(FEW);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &rest
}

fn list<T>(out: &mut impl Write, title: &str, items: &[T], line: impl Fn(&T) -> String) -> io::Result<()> {
    if items.is_empty() {
        return writeln!(out, "  {title}: none");
    }
    writeln!(out, "  {title}:")?;
    for item in items.iter().take(SHOWN) {
        let text = line(item);
        for part in text.split('\n') {
            writeln!(out, "    {}", visible(part))?;
        }
    }
    if items.len() > SHOWN {
        writeln!(out, "    and {} more (--json has all)", items.len() - SHOWN)?;
    }
    Ok(())
}

/// A path for programs.
fn plain(sight: Sight<'_>, path: &Path) -> String {
    sight.base.relative(path)
}
