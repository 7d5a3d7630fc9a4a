//! SARIF: its structure, and fingerprints that last. `.ci/check-formats` holds it against the schema.

use serde_json::Value;

use crate::project::{FLAKY, Project, STEADY, UNSORTED};

fn run(project: &Project, more: &[&str]) -> Value {
    let run = project.run(&[&["check", "--output-format", "sarif"][..], more].concat());
    let mut document: Value =
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.out));
    assert_eq!(document["version"], "2.1.0");
    document["runs"][0].take()
}

fn results(project: &Project, more: &[&str]) -> Vec<Value> {
    run(project, more)["results"].as_array().unwrap().clone()
}

fn fingerprints(project: &Project) -> Vec<String> {
    let results = results(project, &[]);
    let fingerprint =
        |result: &Value| result["partialFingerprints"]["flakeless/v1"].as_str().unwrap().to_owned();
    results.iter().map(fingerprint).collect()
}

#[test]
fn a_result_names_its_rule_and_its_place() {
    let run = run(&Project::new(&[("tests/test_a.py", FLAKY), ("tests/test_b.py", STEADY)]), &[]);
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "flakeless");
    assert_eq!(driver["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["results"].as_array().unwrap().len(), 1);
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "unisolated-file");
    let rule = &driver["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], "unisolated-file");
    assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# unisolated-file\n"));
    assert_eq!(rule["defaultConfiguration"]["level"], "warning");
    assert_eq!(result["level"], "warning");
    assert_eq!(result["properties"]["confidence"], "likely");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "tests/test_a.py");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "SRCROOT");
    assert_eq!(place["region"]["startLine"], 2);
    assert_eq!(place["region"]["startColumn"], 15);
    assert_eq!(place["region"]["endColumn"], 24);
}

/// The severity that the person chose counts, else the confidence, as in editors and in annotations.
#[test]
fn levels_follow_the_settings() {
    let level = |severity: &str| {
        let settings = format!("severity.unisolated-file = '{severity}'\n");
        let project = Project::new(&[("flakeless.toml", settings.as_str()), ("test_a.py", FLAKY)]);
        results(&project, &[])[0]["level"].as_str().unwrap().to_owned()
    };
    let levels = ["error", "warning", "info", "hint"].map(level);
    assert_eq!(levels, ["error", "warning", "note", "note"]);
}

#[test]
fn places_do_not_depend_on_the_working_directory() {
    let project = Project::new(&[("tests/a b/test_a.py", FLAKY)]);
    let here = results(&project, &[]);
    let mut below = project.command(&["check", "--output-format", "sarif", "a b"]);
    let below = below.current_dir(project.path("tests")).output().unwrap();
    let below: Value = serde_json::from_slice(&below.stdout).unwrap();
    assert_eq!(below["runs"][0]["results"], Value::Array(here.clone()));
    let location = &here[0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(location["uri"], "tests/a%20b/test_a.py");
}

#[test]
fn columns_are_code_points() {
    let wide = FLAKY.replace("open(\"out.txt\", \"w\")", "open(\"é😀.txt\", \"w\")");
    let region = |text: &str| {
        let project = Project::new(&[("test_a.py", text)]);
        results(&project, &[])[0]["locations"][0]["physicalLocation"]["region"].clone()
    };
    let (plain, wide) = (region(FLAKY), region(&wide));
    assert_eq!(wide["startColumn"], plain["startColumn"]);
    assert_eq!(wide["endColumn"].as_u64(), plain["endColumn"].as_u64().map(|column| column - 1));
}

#[test]
fn evidence_is_related_and_linked_to() {
    let project = Project::new(&[
        ("shop.py", "LIMIT = 3\n"),
        (
            "test_a.py",
            "import shop\n\n\ndef test_raised():\n    shop.LIMIT = 5\n    assert shop.LIMIT == 5\n\n\n\
             def test_limit():\n    assert shop.LIMIT == 3\n",
        ),
    ]);
    let results = results(&project, &[]);
    assert_eq!(results.len(), 1, "{results:?}");
    let related = &results[0]["relatedLocations"];
    assert_eq!(related[0]["id"], 1);
    assert_eq!(related[0]["physicalLocation"]["region"]["startLine"], 10);
    let link = format!("\n[{}](1)", related[0]["message"]["text"].as_str().unwrap());
    assert!(results[0]["message"]["text"].as_str().unwrap().contains(&link), "{:?}", results[0]["message"]);
}

#[test]
fn fixes_are_offered_and_none_silences() {
    let project = Project::new(&[("test_a.py", UNSORTED)]);
    let results = results(&project, &[]);
    let fixes = results[0]["fixes"].as_array().unwrap();
    let of_kind = |kind: &str| fixes.iter().filter(|fix| fix["properties"]["kind"] == kind).count();
    assert_eq!((of_kind("cure"), of_kind("suppression")), (1, 0), "{fixes:?}");
    let change = &fixes[0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "test_a.py");
    let texts: Vec<&Value> =
        change["replacements"].as_array().unwrap().iter().map(|it| &it["insertedContent"]["text"]).collect();
    assert_eq!(texts, ["sorted(", ")"]);
}

#[test]
fn fingerprints_last_while_lines_move() {
    let twice =
        "def test_report():\n    open(\"a.txt\", \"w\").close()\n    open(\"b.txt\", \"w\").close()\n";
    let of = |text: &str| fingerprints(&Project::new(&[("tests/test_a.py", text)]));
    let before = of(twice);
    assert_eq!(before.len(), 2, "{before:?}");
    assert_ne!(before[0], before[1]);
    assert_eq!(of(&format!("import os\n\n\n# é\n{twice}")), before);
    assert_eq!(of(&twice.replace('\n', "\r\n")), before);
    assert_eq!(of(&twice.replace("(\"a.txt\", \"w\")", "(\n        \"a.txt\", \"w\"\n    )")), before);
    assert_eq!(of(&twice.replace("b.txt", "c.txt"))[0], before[0]);
    assert_ne!(of(&twice.replace("b.txt", "c.txt"))[1], before[1]);
    let elsewhere = fingerprints(&Project::new(&[("tests/test_b.py", twice)]));
    assert!(elsewhere.iter().all(|fingerprint| !before.contains(fingerprint)));
}

/// Equal in rule, test and text: two checks in one test, and two fixtures, which have no test.
#[test]
fn equal_hints_have_fingerprints_of_their_own() {
    let reload = "import importlib\nimport depot\nimport pytest\n\n\n@pytest.fixture(autouse=True)\n\
                  def restarted():\n    importlib.reload(depot)\n";
    let checks = "from depot import Label\nimport depot\n\n\ndef test_label():\n    \
                  assert isinstance(depot.one(), Label)\n    assert isinstance(depot.one(), Label)\n";
    let depot = "class Label:\n    pass\n\n\ndef one():\n    return Label()\n";
    let in_a_test = [("depot.py", depot), ("conftest.py", reload), ("test_label.py", checks)];
    let fixture =
        "import os\nimport pytest\n\n\n@pytest.fixture\ndef one():\n    os.environ[\"HOME\"] = \"a\"\n\n\n";
    let fixtures = format!("{fixture}{}", fixture.replace("one", "two"));
    let uses = "def test_x(one, two):\n    pass\n\n\ndef test_y():\n    assert os.environ[\"HOME\"]\n";
    let fixtures = format!("{fixtures}{uses}");
    let in_fixtures = [("test_home.py", fixtures.as_str())];
    for (files, rule) in
        [(&in_a_test[..], "stale-class-after-reload"), (&in_fixtures[..], "shared-state-leak")]
    {
        let results = results(&Project::new(files), &[]);
        let of_rule: Vec<&Value> = results.iter().filter(|result| result["ruleId"] == rule).collect();
        assert_eq!(of_rule.len(), 2, "{results:#?}");
        assert_ne!(of_rule[0]["partialFingerprints"], of_rule[1]["partialFingerprints"]);
    }
}

#[test]
fn the_document_stands_alone() {
    let project = Project::new(&[("test_b.py", STEADY), ("flakeless.toml", "no-such-key = 1\n")]);
    let clean = project.run(&["check", "--output-format", "sarif", "--statistics"]).ends_with(0);
    assert_eq!(
        serde_json::from_str::<Value>(&clean.out).unwrap()["runs"][0]["results"],
        Value::Array(Vec::new())
    );
    clean.warns("no-such-key");
    project.write("test_a.py", FLAKY);
    let counted = project.run(&["check", "--output-format", "sarif", "--statistics"]).ends_with(1);
    serde_json::from_str::<Value>(&counted.out).unwrap();
    counted.warns("1  unisolated-file\n");
    project.write("empty/data.txt", "");
    let without_tests = project.run(&["check", "--output-format", "sarif", "pytest.ini"]).ends_with(0);
    serde_json::from_str::<Value>(&without_tests.out).unwrap();
    let failed = project.run(&["check", "--output-format", "sarif", "nowhere"]).ends_with(2);
    assert_eq!(failed.out, "", "no document of a check that was not made: it would read as a clean one");
}
