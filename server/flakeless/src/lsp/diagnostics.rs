//! Hints and problems as LSP diagnostics.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use analysis::hint::{Hint, Related};
use analysis::paths::slashed;
use analysis::rules::REGISTRY;
use analysis::settings::{Settings, Severity};
use analysis::workspace::Problem;
use rustc_hash::FxHashMap;
use tower_lsp::lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Range, Url,
};

use super::view::{Page, View};
use crate::rule_page;

const SOURCE: &str = "flakeless";

/// The pages of the rules, by name.
static PAGES: LazyLock<FxHashMap<&'static str, Url>> = LazyLock::new(|| {
    let names = REGISTRY.iter().map(|entry| entry.meta.name);
    names.filter_map(|name| Some((name, Url::parse(&rule_page::url(name)).ok()?))).collect()
});

/// What there is to say about a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Set {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Other files that the hints rest on.
    pub(crate) evidence: BTreeSet<PathBuf>,
    /// How many tests the file holds.
    pub(crate) tests: usize,
}

impl View<'_> {
    /// All that there is to say about a file.
    pub(crate) fn set(&self, path: &Path) -> Set {
        let report = self.report(path);
        let mut set = self.set_of(path, &report.problems);
        set.tests = report.tests;
        set.diagnostics.extend(self.diagnostics(path, &report.hints));
        let related = report.hints.iter().flat_map(|hint| hint.related.iter()).map(|related| &related.path);
        set.evidence.extend(related.filter(|other| !is_same(other, path)).cloned());
        set
    }

    /// Only what is wrong with it.
    pub(crate) fn set_of_problems(&self, path: &Path) -> Set {
        self.set_of(path, &self.report(path).problems)
    }

    fn set_of(&self, path: &Path, problems: &[Problem]) -> Set {
        let of_configuration = self.workspace.problems_of(path);
        let diagnostics = of_configuration.iter().chain(problems).map(|it| self.problem(it)).collect();
        Set { diagnostics, ..Set::default() }
    }

    /// Hints of the file at `path`.
    pub(crate) fn diagnostics(&self, path: &Path, hints: &[Hint]) -> Vec<Diagnostic> {
        let (page, settings) = (self.page(path), self.workspace.settings(path));
        hints.iter().filter_map(|hint| self.diagnostic(&page, &settings, hint)).collect()
    }

    fn diagnostic(&self, page: &Page<'_>, settings: &Settings, hint: &Hint) -> Option<Diagnostic> {
        let mut message = hint.message.to_string();
        let related_information = if self.abilities.related_information {
            Some(hint.related.iter().filter_map(|related| self.related(page, related)).collect())
        } else {
            hint.related.iter().for_each(|related| self.append_related(&mut message, page, related));
            None
        };
        Some(Diagnostic {
            range: page.range(hint.range)?,
            severity: Some(severity(settings, hint)),
            code: Some(NumberOrString::String(hint.rule.to_owned())),
            code_description: self.code_description(hint.rule),
            source: Some(SOURCE.to_owned()),
            message,
            related_information,
            tags: self.tags(hint.rule),
            data: None,
        })
    }

    /// Something a person should know about a file that is no hint. A file that was not read has no text; its
    /// problem stands at its start.
    pub(crate) fn problem(&self, problem: &Problem) -> Diagnostic {
        Diagnostic {
            range: self.range(&problem.path, problem.range).unwrap_or_default(),
            severity: Some(DiagnosticSeverity::WARNING),
            source: Some(SOURCE.to_owned()),
            message: problem.message.clone(),
            ..Diagnostic::default()
        }
    }

    fn related(&self, page: &Page<'_>, related: &Related) -> Option<DiagnosticRelatedInformation> {
        let location = Location { uri: self.uri(&related.path)?, range: self.range_on(page, related)? };
        Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
    }

    /// Where a related place is, which most often is on the same page.
    fn range_on(&self, page: &Page<'_>, related: &Related) -> Option<Range> {
        if is_same(&related.path, page.path) {
            return page.range(related.range);
        }
        self.range(&related.path, related.range)
    }

    /// One line of evidence, with the place as a person writes it: lines from 1.
    fn append_related(&self, message: &mut String, page: &Page<'_>, related: &Related) {
        let line = self.range_on(page, related).map_or(0, |range| range.start.line) + 1;
        let _ = if is_same(&related.path, page.path) {
            write!(message, "\n• line {line}: {}", related.message)
        } else {
            write!(message, "\n• {}:{line}: {}", slashed(near(&related.path, page.path)), related.message)
        };
    }

    fn code_description(&self, rule: &str) -> Option<CodeDescription> {
        if !self.abilities.code_description {
            return None;
        }
        PAGES.get(rule).map(|href| CodeDescription { href: href.clone() })
    }

    fn tags(&self, rule: &str) -> Option<Vec<DiagnosticTag>> {
        let faded = self.abilities.unnecessary_tag && rule == "unused-suppression";
        faded.then(|| vec![DiagnosticTag::UNNECESSARY])
    }
}

fn severity(settings: &Settings, hint: &Hint) -> DiagnosticSeverity {
    match settings.severity(hint.rule, hint.confidence) {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Hint | Severity::Off => DiagnosticSeverity::HINT,
    }
}

/// As `==`, which takes both paths apart: the engine gives one spelling to each file.
fn is_same(one: &Path, other: &Path) -> bool {
    one.as_os_str() == other.as_os_str()
}

/// `other` without the folders that it shares with `path` from the top, as far as `path` lies below its folder.
fn near<'a>(other: &'a Path, path: &Path) -> &'a Path {
    let shared = path.ancestors().skip(1).find(|folder| other.starts_with(folder));
    shared.and_then(|folder| other.strip_prefix(folder).ok()).unwrap_or(other)
}
