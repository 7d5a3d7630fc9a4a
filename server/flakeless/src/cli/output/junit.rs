//! JUnit's XML, which CI systems show as failed tests: one suite for each file with hints, one case for each hint.
//!
//! Only what `junit-10.xsd` of Jenkins allows: readers differ in what they make of more.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::cli::findings::{Finding, Findings};
use crate::cli::output::Sight;
use crate::cli::output::fingerprint::{Known, Recognised};
use crate::cli::output::texts::Texts;
use crate::place::visible;
use crate::rule_page;

pub(super) fn print(out: &mut impl Write, sight: Sight<'_>, findings: &Findings) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let count = findings.list.len();
    let root = xml.create_element("testsuites").with_attribute(("name", "flakeless"));
    // Some readers take a report without any case for a broken one.
    let root = root.with_attributes(counts(count.max(1), count).each());
    root.write_inner_content(|xml| suites(xml, sight, findings))?;
    writeln!(out)
}

struct Counts([(&'static str, String); 3]);

fn counts(tests: usize, failures: usize) -> Counts {
    Counts([("tests", tests.to_string()), ("failures", failures.to_string()), ("errors", "0".to_owned())])
}

impl Counts {
    fn each(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, count)| (*name, count.as_str()))
    }
}

fn suites<W: Write>(xml: &mut Writer<W>, sight: Sight<'_>, findings: &Findings) -> io::Result<()> {
    if findings.list.is_empty() {
        let suite = xml.create_element("testsuite").with_attribute(("name", "flakeless"));
        let clean = |xml: &mut Writer<W>| {
            let case = xml.create_element("testcase").with_attribute(("name", "No hints"));
            case.with_attribute(("classname", "flakeless")).write_empty().map(drop)
        };
        return suite.with_attributes(counts(1, 0).each()).write_inner_content(clean).map(drop);
    }
    let mut known = Known::default();
    let mut texts = Texts::new(sight.answers);
    for of_file in findings.list.chunk_by(|a, b| a.path == b.path) {
        let file = sight.base.shown(&of_file[0].path);
        let suite = xml.create_element("testsuite").with_attribute(("name", file.as_str()));
        let suite = suite.with_attributes(counts(of_file.len(), of_file.len()).each());
        suite.write_inner_content(|xml| {
            of_file.iter().try_for_each(|finding| {
                let name = name(&known.recognise(finding, &mut texts));
                let text = description(sight, finding, &mut texts);
                case(xml, &file, &name, finding, &text)
            })
        })?;
    }
    Ok(())
}

fn case<W: Write>(
    xml: &mut Writer<W>,
    file: &str,
    name: &str,
    finding: &Finding,
    text: &str,
) -> io::Result<()> {
    let class = file.strip_suffix(".py").unwrap_or(file);
    let message = visible(&finding.hint.message);
    let case = xml.create_element("testcase").with_attribute(("name", name));
    let case = case.with_attribute(("classname", class));
    let failure = |xml: &mut Writer<W>| {
        let failure = xml.create_element("failure").with_attribute(("message", message.as_str()));
        let failure = failure.with_attribute(("type", finding.hint.rule));
        failure.write_text_content(BytesText::new(text)).map(drop)
    };
    case.write_inner_content(failure).map(drop)
}

/// The same while lines move: readers tell by it which failures are new.
fn name(Recognised { identity, number }: &Recognised) -> String {
    let test = identity.test.as_deref().map(|test| format!(" in {test}")).unwrap_or_default();
    visible(&format!("{}{test}: {} ({number})", identity.rule, identity.text))
}

/// The hint, its evidence, and where to read more.
fn description(sight: Sight<'_>, finding: &Finding, texts: &mut Texts<'_>) -> String {
    let hint = &finding.hint;
    let mut lines = vec![format!("[{}] {}", hint.confidence.word(), visible(&hint.message))];
    let here = (&finding.path, hint.range, "here");
    let evidence =
        hint.related.iter().map(|related| (&related.path, related.range, related.message.as_str()));
    for (path, range, message) in std::iter::once(here).chain(evidence) {
        let at = texts.range(path, range).start;
        let (path, message) = (sight.base.shown(path), visible(message));
        lines.push(format!("{path}:{}:{}: {message}", at.line, at.column));
    }
    lines.push(format!("More: flakeless rule {}, {}", hint.rule, rule_page::url(hint.rule)));
    lines.join("\n")
}
