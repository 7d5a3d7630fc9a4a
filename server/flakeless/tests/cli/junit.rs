//! JUnit's XML. `.ci/check-formats` holds it against the schema of Jenkins.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, escape};

use crate::project::{FLAKY, Project, STEADY, UNSORTED};

const JUNIT: [&str; 3] = ["check", "--output-format", "junit"];

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    /// What follows its start.
    text: String,
}

impl Element {
    fn new(start: &BytesStart<'_>) -> Element {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = escape::unescape(&attribute.value).unwrap().into_owned();
            (attribute.key.as_ref().to_owned(), value)
        });
        let name = start.name().as_ref().to_owned();
        Element { name, attributes: attributes.collect(), text: String::new() }
    }

    fn get(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap()
    }
}

/// In the order of their starts.
fn elements(xml: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(xml);
    let mut found: Vec<Element> = Vec::new();
    loop {
        let said = match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => {
                found.push(Element::new(&start));
                continue;
            }
            Event::Text(text) => text.to_string(),
            Event::GeneralRef(name) => escape::resolve_predefined_entity(&name).unwrap().to_owned(),
            Event::Eof => return found,
            _ => continue,
        };
        if let Some(last) = found.last_mut() {
            last.text.push_str(&said);
        }
    }
}

fn names(elements: &[Element]) -> Vec<&str> {
    elements.iter().map(|element| element.name.as_str()).collect()
}

#[test]
fn a_file_is_a_suite_and_a_hint_is_a_case_that_fails() {
    let project = Project::new(&[("a/test_a.py", FLAKY), ("test_b.py", UNSORTED), ("test_c.py", STEADY)]);
    let run = project.run(&JUNIT).ends_with(1);
    let found = elements(&run.out);
    let of_file = ["testsuite", "testcase", "failure"];
    assert_eq!(names(&found), [&["testsuites"][..], &of_file, &of_file].concat());
    assert_eq!((found[0].get("tests"), found[0].get("failures")), ("2", "2"));
    assert_eq!(found[1].get("name"), "a/test_a.py");
    assert_eq!(found[2].get("classname"), "a/test_a");
    assert_eq!(found[2].get("name"), "unisolated-file in test_report: 'out.txt' (1)");
    assert_eq!(found[3].get("type"), "unisolated-file");
    let (message, text) = (found[3].get("message"), &found[3].text);
    assert!(text.starts_with(&format!("[likely] {message}\na/test_a.py:2:15: here\n")), "{text}");
    assert!(text.contains("\nMore: flakeless rule unisolated-file, https://"), "{text}");
}

#[test]
fn a_clean_run_is_one_case_that_passes() {
    let project = Project::new(&[("test_a.py", STEADY)]);
    let found = elements(&project.run(&JUNIT).ends_with(0).out);
    assert_eq!(names(&found), ["testsuites", "testsuite", "testcase"]);
    assert_eq!((found[0].get("tests"), found[0].get("failures")), ("1", "0"));
}

#[test]
fn what_xml_forbids_is_escaped() {
    let text = FLAKY.replace("out.txt", "o\u{1}\u{fffe}<&>'.txt");
    let project = Project::new(&[("tests/a<b&\"c/test_\u{1b}\u{ffff}.py", text.as_str())]);
    let run = project.run(&JUNIT).ends_with(1);
    let found = elements(&run.out);
    assert_eq!(found[1].get("name"), "tests/a<b&\"c/test_\\u{1b}\\u{ffff}.py");
    assert!(found[3].text.contains("o\\u{1}\\u{fffe}<&>'.txt"), "{}", found[3].text);
    run.never_says("\u{1b}").never_says("\u{1}").never_says("\u{fffe}").never_says("\u{ffff}");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_shown_as_far_as_they_are() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let project = Project::new(&[("pytest.ini", "[pytest]\n")]);
    let folder = project.path("").join(OsStr::from_bytes(b"a\xff"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("test_a.py"), FLAKY).unwrap();
    let found = elements(&project.run(&JUNIT).ends_with(1).out);
    assert_eq!(found[1].get("name"), "a\u{fffd}/test_a.py");
    let sarif = project.run(&["check", "--output-format", "sarif"]).ends_with(1);
    sarif.says("\"uri\": \"a%FF/test_a.py\"");
}

#[test]
fn counts_stand_beside_the_document() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    let run = project.run(&[&JUNIT[..], &["--statistics"]].concat()).ends_with(1);
    assert_eq!(elements(&run.out).len(), 4);
    run.warns("1  unisolated-file\n");
}
