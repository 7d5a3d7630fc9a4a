//! The JSON form, which programs rely on.

use serde_json::Value;

use crate::project::{FLAKY, Project, STEADY};

fn json(project: &Project, more: &[&str]) -> Value {
    let run = project.run(&[&["check", "--output-format", "json"][..], more].concat());
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.out))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_shape_is_kept() {
    let project = Project::new(&[("tests/test_a.py", FLAKY), ("tests/test_b.py", STEADY)]);
    let document = json(&project, &[]);
    assert_eq!(keys(&document), ["accepted", "files", "hints", "stale", "tests", "version"]);
    assert_eq!(document["version"], 1);
    assert_eq!(document["files"], 2);
    assert_eq!(document["tests"], 2);
    let hint = &document["hints"][0];
    assert_eq!(keys(hint), ["confidence", "fixes", "message", "path", "range", "related", "rule", "test"]);
    assert_eq!(hint["rule"], "unisolated-file");
    assert_eq!(hint["confidence"], "likely");
    assert_eq!(hint["path"], "tests/test_a.py");
    assert_eq!(hint["test"], "tests/test_a.py::test_report");
    assert_eq!(keys(&hint["range"]), ["end", "start"]);
    assert_eq!(hint["range"]["start"]["line"], 2);
    assert_eq!(keys(&hint["range"]["start"]), ["column", "line"]);
    let fix = &hint["fixes"][0];
    assert_eq!(keys(fix), ["applicability", "edits", "kind", "preferred", "title"]);
    assert_eq!(fix["kind"], "cure");
    assert_eq!(fix["applicability"], "suggested");
    assert_eq!(fix["preferred"], true);
    assert_eq!(keys(&fix["edits"][0]), ["path", "range", "text"]);
    let order =
        |fix: &Value| ["cure", "mitigation", "suppression"].iter().position(|kind| fix["kind"] == *kind);
    assert!(hint["fixes"].as_array().unwrap().is_sorted_by_key(order));
    let preferred = |fix: &&Value| fix["preferred"] == true;
    assert_eq!(hint["fixes"].as_array().unwrap().iter().filter(preferred).count(), 1);
}

#[test]
fn no_hints_is_an_empty_list() {
    let document = json(&Project::new(&[("test_b.py", STEADY)]), &[]);
    assert_eq!(document["hints"], Value::Array(Vec::new()));
    assert_eq!(document["tests"], 1);
}

#[test]
fn columns_are_characters() {
    let wide = FLAKY
        .replace("with open(\"out.txt\"", "with (\"é😀\" and open(\"out.txt\"")
        .replace("\"w\") as", "\"w\")) as");
    let plain = FLAKY
        .replace("with open(\"out.txt\"", "with (\"ab\" and open(\"out.txt\"")
        .replace("\"w\") as", "\"w\")) as");
    let columns = |text: &str| json(&Project::new(&[("test_a.py", text)]), &[])["hints"][0]["range"].clone();
    assert_eq!(columns(&wide), columns(&plain));
    assert!(columns(&wide).is_object());
}

#[test]
fn edits_make_what_fix_makes() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    let document = json(&project, &[]);
    let mut lines: Vec<Vec<char>> = FLAKY.split('\n').map(|line| line.chars().collect()).collect();
    let edits = document["hints"][0]["fixes"][0]["edits"].as_array().unwrap();
    for edit in edits.iter().rev() {
        let at = |end: &str, part: &str| edit["range"][end][part].as_u64().unwrap() as usize - 1;
        assert_eq!(at("start", "line"), at("end", "line"), "this test takes edits within one line");
        let text = edit["text"].as_str().unwrap().chars();
        lines[at("start", "line")].splice(at("start", "column")..at("end", "column"), text);
    }
    let made: Vec<String> = lines.into_iter().map(String::from_iter).collect();
    project.run(&["check", "--fix", "--unsafe-fixes"]).ends_with(0);
    assert_eq!(project.read("test_a.py"), made.join("\n"));
}

#[test]
fn statistics_are_one_more_key() {
    let document = json(&Project::new(&[("test_a.py", FLAKY)]), &["--statistics"]);
    assert_eq!(document["statistics"]["unisolated-file"], 1);
    assert_eq!(document["hints"].as_array().unwrap().len(), 1);
}
