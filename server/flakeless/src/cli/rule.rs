//! `flakeless rule`: the page of a rule or of an action on a test, or the list of all.

use std::io::{self, Write};
use std::process::ExitCode;

use analysis::actions;
use analysis::rules::{self, RuleMeta};
use anstyle::{AnsiColor, Style};
use clap::Args;

use super::{Outcome, problems};
use crate::rule_name;

/// Show the page of a rule or an action, or list them all
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The rule, or action on a test, whose page to show
    name: Option<String>,
}

const HEADING: Style = Style::new().bold();
const CODE: Style = AnsiColor::Cyan.on_default();

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let mut out = anstream::stdout().lock();
    let printed = match arguments.name.as_deref().map(find) {
        None => list(&mut out),
        Some(Ok(markdown)) => page(&mut out, markdown),
        Some(Err(why)) => {
            problems::error(why);
            return Outcome::Failed.into();
        }
    };
    super::printed(printed, Outcome::Clean).into()
}

fn find(name: &str) -> Result<&'static str, String> {
    let action = actions::REGISTRY.iter().find(|action| action.name == name);
    action.map_or_else(|| rule_name::find(name).map(|meta| meta.page), |action| Ok(action.page))
}

/// All rules under their causes, and what can be done with any test.
fn list(out: &mut impl Write) -> io::Result<()> {
    let rules = rules::REGISTRY.iter().map(|entry| entry.meta.name);
    let names = rules.chain(actions::REGISTRY.iter().map(|action| action.name));
    let width = names.map(str::len).max().unwrap_or_default();
    let mut cause = None;
    for meta in rules::REGISTRY.iter().map(|entry| entry.meta) {
        if cause.replace(meta.cause) != Some(meta.cause) {
            let gap = if std::ptr::eq(meta, rules::REGISTRY[0].meta) { "" } else { "\n" };
            writeln!(out, "{gap}{HEADING}{}{HEADING:#}", meta.cause.title())?;
        }
        writeln!(out, "  {:width$}  {}{}", meta.name, meta.summary, off(meta))?;
    }
    writeln!(out, "\n{HEADING}Actions that editors offer on the name of any test{HEADING:#}")?;
    for action in actions::REGISTRY {
        writeln!(out, "  {:width$}  {}", action.name, action.summary)?;
    }
    Ok(())
}

fn off(meta: &RuleMeta) -> &'static str {
    if meta.on_by_default { "" } else { " (off by default)" }
}

/// The Markdown as it is; headings and code blocks stand out on a terminal.
fn page(out: &mut impl Write, markdown: &str) -> io::Result<()> {
    let mut code = false;
    for line in markdown.lines() {
        let fence = line.starts_with("```");
        let style = match line {
            _ if code || fence => CODE,
            _ if line.starts_with('#') => HEADING,
            _ => Style::new(),
        };
        code ^= fence;
        writeln!(out, "{style}{line}{style:#}")?;
    }
    Ok(())
}
