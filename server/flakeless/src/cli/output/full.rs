//! Each hint as a frame of source: the risky line, what it rests on elsewhere, and the preferred fix.

use std::io::{self, Write};
use std::sync::Arc;

use analysis::hint::{Confidence, Related};
use analysis::text::{Text, TextRange};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer};

use crate::cli::findings::{Finding, Findings, Reach};
use crate::cli::output::Sight;
use crate::cli::output::excerpt::Excerpt;
use crate::place::visible;

/// Evidence at most so many lines away stands in the hint's own frame.
const NEAR: u32 = 12;

pub(super) fn print(out: &mut impl Write, sight: Sight<'_>, findings: &Findings) -> io::Result<()> {
    let renderer = Renderer::styled();
    for finding in &findings.list {
        writeln!(out, "{}\n", frame(&renderer, sight, finding))?;
    }
    Ok(())
}

fn frame(renderer: &Renderer, sight: Sight<'_>, finding: &Finding) -> String {
    let hint = &finding.hint;
    let text = sight.answers.text(&finding.path).unwrap_or_else(|| Arc::new(Text::new(String::new())));
    let (near, far): (Vec<&Related>, Vec<&Related>) =
        hint.related.iter().partition(|related| is_near(related, finding, &text));
    let (what, rest) = first_sentence(&hint.message);
    let excerpt = Excerpt::of(&text, std::iter::once(hint.range).chain(near.iter().map(|near| near.range)));
    let notes = near
        .iter()
        .map(|near| excerpt.mark(AnnotationKind::Context, near.range).label(visible(&near.message)));
    let snippet = excerpt
        .snippet(sight.base.shown(&finding.path))
        .annotation(excerpt.mark(AnnotationKind::Primary, hint.range))
        .annotations(notes);
    let mut main = level(hint.confidence).primary_title(visible(what)).id(hint.rule).element(snippet);
    if let Some(rest) = rest {
        main = main.element(Level::NOTE.message(visible(rest)));
    }
    let texts: Vec<_> = far.iter().map(|far| sight.answers.text(&far.path)).collect();
    let elsewhere = far.iter().zip(&texts).map(|(far, text)| elsewhere(sight, far, text.as_deref()));
    let help = finding
        .fix(Reach::Preferred)
        .map(|fix| Group::with_title(Level::HELP.secondary_title(visible(&fix.title))));
    let groups: Vec<Group<'_>> = std::iter::once(main).chain(elsewhere).chain(help).collect();
    renderer.render(&groups)
}

fn is_near(related: &Related, finding: &Finding, text: &Text) -> bool {
    let line = |range: TextRange| text.lines().line_of(range.start);
    related.path == finding.path && line(related.range).abs_diff(line(finding.hint.range)) <= NEAR
}

fn elsewhere<'a>(sight: Sight<'_>, related: &'a Related, text: Option<&'a Text>) -> Group<'a> {
    let group = Level::NOTE.secondary_title(visible(&related.message));
    let path = sight.base.shown(&related.path);
    let Some(text) = text else { return group.element(Origin::path(path)) };
    let excerpt = Excerpt::of(text, [related.range]);
    group.element(excerpt.snippet(path).annotation(excerpt.mark(AnnotationKind::Context, related.range)))
}

fn level(confidence: Confidence) -> Level<'static> {
    match confidence {
        Confidence::Confirmed => Level::ERROR,
        Confidence::Likely => Level::WARNING,
        Confidence::Possible => Level::INFO,
    }
    .with_name(confidence.word())
}

/// The message's first sentence and what follows it. A full stop inside `code` or after `e.g` ends nothing.
fn first_sentence(message: &str) -> (&str, Option<&str>) {
    let mut code = false;
    for (at, c) in message.char_indices() {
        code ^= c == '`';
        let (before, rest) = message.split_at(at);
        if !code && rest.starts_with(". ") && !before.ends_with("e.g") && !before.ends_with("i.e") {
            return (before, Some(&rest[2..]));
        }
    }
    (message.trim_end_matches('.'), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_outside_of_code() {
        assert_eq!(
            first_sentence("Uses `a. b`, e.g. c. pytest runs it."),
            ("Uses `a. b`, e.g. c", Some("pytest runs it."))
        );
        assert_eq!(first_sentence("Only one."), ("Only one", None));
    }
}
