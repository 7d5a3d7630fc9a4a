//! The outline for a person.

use std::io::{self, Write};

use anstyle::Style;

use super::{Described, Named, Outline};
use crate::place::visible;

const HEADING: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// After so many users of one target the rest is counted.
const SHOWN: usize = 5;

pub(crate) fn print(out: &mut impl Write, outline: &Outline) -> io::Result<()> {
    for (index, project) in outline.projects.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        describe(out, project)?;
    }
    Ok(())
}

fn describe(out: &mut impl Write, project: &Described) -> io::Result<()> {
    writeln!(out, "{HEADING}Project {}{HEADING:#}", visible(&project.home))?;
    configuration(out, project)?;
    plugins(out, project)?;
    directories(out, project)?;
    markers(out, project)?;
    reloads(out, project)?;
    shared(out, project)
}

fn heading(out: &mut impl Write, title: &str) -> io::Result<()> {
    writeln!(out, "\n  {HEADING}{title}{HEADING:#}")
}

fn configuration(out: &mut impl Write, project: &Described) -> io::Result<()> {
    let configuration = &project.configuration;
    let file = configuration.file.as_deref().unwrap_or("none");
    heading(out, "Configuration")?;
    writeln!(out, "    {}: {}", visible(file), configuration.why)?;
    writeln!(out, "    rootdir {}; pytest: {}", visible(&project.rootdir), configuration.pytest)?;
    if configuration.undecided {
        writeln!(
            out,
            "    The pytest versions that may run obey different files; this is what the newest does."
        )?;
    }
    for passed in &configuration.passed_over {
        writeln!(out, "    {DIM}not {}: {}{DIM:#}", visible(&passed.path), passed.why)?;
    }
    for problem in &project.problems {
        writeln!(
            out,
            "    {}:{}: {}",
            visible(&problem.at.path),
            problem.at.line,
            visible(&problem.message)
        )?;
    }
    Ok(())
}

fn plugins(out: &mut impl Write, project: &Described) -> io::Result<()> {
    heading(out, "Plugins")?;
    if project.plugins.is_empty() {
        writeln!(out, "    none declared that hints take into account")?;
    }
    for plugin in &project.plugins {
        writeln!(out, "    {} ({}): {}", plugin.name, plugin.versions, plugin.effect)?;
    }
    for plugin in &project.unknown_plugins {
        let (name, named_in) = (visible(&plugin.name), visible(&plugin.named_in));
        writeln!(out, "    {name}: named in {named_in}; what it brings is not known")?;
    }
    Ok(())
}

fn directories(out: &mut impl Write, project: &Described) -> io::Result<()> {
    heading(out, "Tests and their conftests, nearest first")?;
    if project.directories.is_empty() {
        return writeln!(out, "    no tests");
    }
    for directory in &project.directories {
        let chain = if directory.conftests.is_empty() {
            "no conftest".to_owned()
        } else {
            visible(&directory.conftests.join(" < "))
        };
        writeln!(out, "    {}, {}: {chain}", visible(&directory.path), count(directory.tests, "test"))?;
    }
    Ok(())
}

fn markers(out: &mut impl Write, project: &Described) -> io::Result<()> {
    if project.markers.is_empty() {
        return Ok(());
    }
    heading(out, "Markers")?;
    for marker in &project.markers {
        let honoured = if marker.honoured_by.is_empty() {
            "nothing looks at it: it serves `-m` alone".to_owned()
        } else {
            visible(&marker.honoured_by.join(", "))
        };
        writeln!(out, "    {} on {}: {honoured}", visible(&marker.name), count(marker.tests, "test"))?;
    }
    Ok(())
}

fn reloads(out: &mut impl Write, project: &Described) -> io::Result<()> {
    if project.reloads.is_empty() {
        return Ok(());
    }
    heading(out, "Modules made anew while tests run")?;
    for reload in &project.reloads {
        let how = if reload.how == "reload" { "reloaded" } else { "taken out of sys.modules" };
        let (path, line) = (visible(&reload.at.path), reload.at.line);
        writeln!(out, "    {}: {how} at {path}:{line}", visible(&reload.module))?;
    }
    Ok(())
}

fn shared(out: &mut impl Write, project: &Described) -> io::Result<()> {
    let read: Vec<_> = project.shared.iter().filter(|shared| !shared.readers.is_empty()).collect();
    let unread = project.shared.len() - read.len();
    if project.shared.is_empty() {
        return Ok(());
    }
    heading(out, "State that is left changed")?;
    for shared in read {
        writeln!(out, "    {}", visible(&shared.target))?;
        users(out, "changed by", &shared.writers)?;
        users(out, "read by", &shared.readers)?;
    }
    if unread > 0 {
        writeln!(out, "    {} more that no other test was seen to read: --json lists them", unread)?;
    }
    Ok(())
}

fn users(out: &mut impl Write, what: &str, users: &[Named]) -> io::Result<()> {
    for user in users.iter().take(SHOWN) {
        let (path, line) = (visible(&user.at.path), user.at.line);
        writeln!(out, "      {what} {} at {path}:{line}", visible(&user.name))?;
    }
    if users.len() > SHOWN {
        writeln!(out, "      {what} {} more", users.len() - SHOWN)?;
    }
    Ok(())
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
