use super::*;
use crate::config_text::value::{Kind, Value};
use crate::text::TextRange;

const RULES: [KnownRule; 3] = [
    KnownRule { name: "unisolated-file", on: true },
    KnownRule { name: "shared-state-leak", on: true },
    KnownRule { name: "blanket-retries", on: false },
];

fn file(text: &str) -> Layer {
    Layer::from_file(Path::new("/w/flakeless.toml"), text.as_bytes(), &RULES).unwrap()
}

/// Settings as flags or an editor would hand them over.
fn values(origin: Origin, text: &str) -> Layer {
    Layer::from_values(origin, Path::new("/w"), &crate::config_text::toml::read(text).root, &RULES)
}

fn settings(layers: &[&Layer]) -> Settings {
    Settings::resolve(layers, &RULES, Path::new("/w"))
}

fn enabled(settings: &Settings, path: &str) -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.name).filter(|rule| settings.enabled(rule, Path::new(path))).collect()
}

#[test]
fn selection() {
    let cases: &[(&str, &[&str])] = &[
        ("", &["unisolated-file", "shared-state-leak"]),
        ("ignore = ['unisolated-file']", &["shared-state-leak"]),
        ("select = ['blanket-retries']", &["blanket-retries"]),
        (
            "select = ['default', 'blanket-retries']",
            &["unisolated-file", "shared-state-leak", "blanket-retries"],
        ),
        ("select = ['all']\nignore = ['blanket-retries']", &["unisolated-file", "shared-state-leak"]),
        ("select = []", &[]),
        ("severity.unisolated-file = 'off'", &["shared-state-leak"]),
        ("severity.blanket-retries = 'info'", &["unisolated-file", "shared-state-leak", "blanket-retries"]),
        ("select = ['unisolated-file']\nseverity.blanket-retries = 'info'", &["unisolated-file"]),
        ("per-file-ignores = { 'tests/old' = ['all'] }", &["unisolated-file", "shared-state-leak"]),
    ];
    for (text, expected) in cases {
        let layer = file(text);
        assert_eq!(layer.problems, Vec::new(), "{text}");
        assert_eq!(enabled(&settings(&[&layer]), "tests/test_a.py"), *expected, "{text}");
    }
    let old = file("per-file-ignores = { 'tests/old' = ['all'], '*_slow.py' = ['unisolated-file'] }");
    assert_eq!(enabled(&settings(&[&old]), "tests/old/test_a.py"), [""; 0]);
    assert_eq!(enabled(&settings(&[&old]), "/w/a/x_slow.py"), ["shared-state-leak"]);
}

#[test]
fn flags_before_editor_before_file_before_default() {
    let nothing = values(Origin::Flags, "");
    let flags = values(Origin::Flags, "min-confidence = 'confirmed'\nselect = ['unisolated-file']");
    let editor = values(Origin::Editor, "min-confidence = 'likely'\nseverity.unisolated-file = 'error'");
    let nearest = file(
        "min-confidence = 'possible'\nselect = []\nseverity = { unisolated-file = 'hint', shared-state-leak = 'info' }",
    );
    let say = |layers: &[&Layer]| settings(layers).min_confidence(Confidence::Possible);
    assert_eq!(say(&[]), Confidence::Possible);
    assert_eq!(say(&[&nothing, &nearest]), Confidence::Possible);
    assert_eq!(say(&[&nothing, &editor, &nearest]), Confidence::Likely);
    assert_eq!(say(&[&flags, &editor, &nearest]), Confidence::Confirmed);
    let all = settings(&[&flags, &editor, &nearest]);
    assert_eq!(enabled(&all, "a.py"), ["unisolated-file"]);
    let severity = |rule| all.severity(rule, Confidence::Likely);
    assert_eq!(severity("unisolated-file"), Severity::Error);
    assert_eq!(severity("shared-state-leak"), Severity::Info);
    assert_eq!(severity("blanket-retries"), Severity::Warning);
    assert_eq!(all.severity("blanket-retries", Confidence::Possible), Severity::Hint);
    assert_eq!(all.severity("unisolated-file", Confidence::Possible), Severity::Error);
}

#[test]
fn every_setting() {
    let text = "exclude = ['gen']\nno-parallel-marker = 'serial'\npython = '.venv'\nplugins = ['pytest-xdist>=3']\n\
                max-file-size = '500 KB'\nbaseline = '/b.json'\ncache-dir = 'c'\n";
    let layer = file(text);
    assert_eq!(layer.problems, Vec::new());
    let settings = settings(&[&layer]);
    assert!(settings.excludes(Path::new("a/gen/x.py")) && !settings.excludes(Path::new("venv/x.py")));
    assert_eq!(settings.no_parallel_marker.as_deref(), Some("serial"));
    assert_eq!(settings.python.as_deref(), Some(Path::new("/w/.venv")));
    assert_eq!(settings.plugins, ["pytest-xdist>=3"]);
    assert_eq!(settings.max_file_size, 500_000);
    assert_eq!(settings.baseline.as_deref(), Some(Path::new("/b.json")));
    assert_eq!(settings.cache_dir.as_deref(), Some(Path::new("/w/c")));
}

#[test]
fn the_baseline_is_beside_the_settings_that_count() {
    let baseline = |layers: &[&Layer]| settings(layers).baseline.unwrap();
    let nothing = Layer::default();
    let (silent, named) = (file("select = []"), file("baseline = 'ci/accepted.json'"));
    assert_eq!(baseline(&[&nothing]), Path::new("/w/flakeless-baseline.json"));
    assert_eq!(baseline(&[&nothing, &silent]), Path::new("/w/flakeless-baseline.json"));
    assert_eq!(baseline(&[&nothing, &named]), Path::new("/w/ci/accepted.json"));
    assert_eq!(Settings::default().baseline, None);
}

#[test]
fn defaults() {
    let settings = Settings::resolve(&[], &RULES, Path::new("/build/w"));
    assert!(
        settings.excludes(Path::new("/build/w/venv/x.py")) && !settings.excludes(Path::new("/build/w/x.py"))
    );
    assert_eq!(settings.max_file_size, 2_000_000);
    assert_eq!(settings.min_confidence(Confidence::Likely), Confidence::Likely);
}

#[test]
fn wrong_ones_are_told_by_place_and_the_rest_counts() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "min-confidance = 'likely'",
            "min-confidance",
            "`min-confidance` is not a setting of flakeless. Did you mean `min-confidence`?",
        ),
        (
            "max_file_size = 1",
            "max_file_size",
            "`max_file_size` is not a setting of flakeless. Did you mean `max-file-size`?",
        ),
        ("colour = 'red'", "colour", "`colour` is not a setting of flakeless."),
        (
            "min-confidence = 'sure'",
            "'sure'",
            "`min-confidence` must be `possible`, `likely` or `confirmed`, not `sure`.",
        ),
        ("select = 'all'", "'all'", "`select` must be a list of strings, not `all`."),
        (
            "select = ['unisolated-fle']",
            "'unisolated-fle'",
            "`unisolated-fle` is not a rule of flakeless. Did you mean `unisolated-file`?",
        ),
        ("ignore = [3]", "3", "`ignore` must be a list of strings, not a number."),
        ("exclude = ['a[']", "'a['", "`a[` in `exclude` is not a path pattern."),
        (
            "per-file-ignores = ['x']",
            "['x']",
            "`per-file-ignores` must be a table from path pattern to rule names, not a list.",
        ),
        ("per-file-ignores = { 'a[' = [] }", "'a['", "`a[` in `per-file-ignores` is not a path pattern."),
        ("severity.x = 'off'", "x", "`x` is not a rule of flakeless."),
        (
            "severity.unisolated-file = 'loud'",
            "'loud'",
            "`severity.unisolated-file` must be `off`, `hint`, `info`, `warning` or `error`, not `loud`.",
        ),
        (
            "no-parallel-marker = 'a b'",
            "'a b'",
            "`no-parallel-marker` must be the name of a marker, not `a b`.",
        ),
        (
            "max-file-size = -1",
            "-1",
            "`max-file-size` must be a number of bytes, or a text such as `2 MB`, not a number.",
        ),
        (
            "max-file-size = '2 parsecs'",
            "'2 parsecs'",
            "`max-file-size` must be a number of bytes, or a text such as `2 MB`, not `2 parsecs`.",
        ),
        ("baseline = true", "true", "`baseline` must be a string, not a boolean."),
    ];
    for (line, place, message) in cases {
        let text = format!("{line}\nplugins = ['kept']\n");
        let layer = file(&text);
        let [problem] = layer.problems.as_slice() else { panic!("{line}: {:?}", layer.problems) };
        assert_eq!((problem.range.slice(&text), problem.message.as_str()), (*place, *message));
        assert_eq!(problem.in_file().map(|problem| problem.path), Some(PathBuf::from("/w/flakeless.toml")));
        assert_eq!(settings(&[&layer]).plugins, ["kept"], "{line}");
    }
}

#[test]
fn a_broken_file_says_what_it_can() {
    let layer = file("select = [\nignore = ['unisolated-file']\n");
    assert_eq!(layer.problems.len(), 1, "{:?}", layer.problems);
    let layer = Layer::from_file(Path::new("/w/flakeless.toml"), b"select = ['\xff']", &RULES).unwrap();
    assert_eq!(layer.problems[0].range, TextRange::new(11, 12));
}

#[test]
fn the_nearest_file_alone_counts() {
    let files: BTreeMap<PathBuf, String> = [
        ("/w/pyproject.toml", "[tool.flakeless]\nplugins = ['root']\nno-parallel-marker = 'serial'\n"),
        ("/w/a/pyproject.toml", "[project]\nname = 'a'\n"),
        ("/w/b/flakeless.toml", "plugins = ['b']\n"),
        ("/w/b/pyproject.toml", "[tool.flakeless]\nplugins = ['not']\n"),
        ("/w/c/flakeless.toml", ""),
    ]
    .map(|(path, text)| (PathBuf::from(path), text.to_owned()))
    .into();
    let ask = |dir: &str| Layer::nearest(Path::new(dir), Path::new("/w"), &files, &RULES);
    let plugins = |dir: &str| settings(&[&ask(dir).unwrap()]).plugins;
    assert_eq!(plugins("/w/a/deep"), ["root"]);
    assert_eq!(plugins("/w/b"), ["b"]);
    assert_eq!(plugins("/w/c"), [""; 0]);
    assert_eq!(settings(&[&ask("/w/b").unwrap()]).no_parallel_marker, None);
    assert!(Layer::nearest(Path::new("/w/a"), Path::new("/w/a"), &files, &RULES).is_none());
}

#[test]
fn an_editor_may_send_severities_flat() {
    let value = |kind| Value::new(TextRange::default(), kind);
    let member = crate::config_text::value::Member {
        key: "severity.unisolated-file".to_owned(),
        key_range: TextRange::default(),
        value: value(Kind::Text("error".to_owned())),
    };
    let table = value(Kind::Table(vec![member]));
    let layer = Layer::from_values(Origin::Editor, Path::new("/w"), &table, &RULES);
    assert_eq!(settings(&[&layer]).severity("unisolated-file", Confidence::Likely), Severity::Error);
}

#[test]
fn the_declaration_is_complete_and_its_defaults_can_be_said() {
    let mut names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    names.dedup();
    assert_eq!(names.len(), SETTINGS.len());
    for setting in &SETTINGS {
        let default = match setting.default {
            SettingDefault::Unset => continue,
            SettingDefault::Empty
                if matches!(setting.kind, SettingKind::RuleNamesByPattern | SettingKind::SeverityByRule) =>
            {
                "{}".to_owned()
            }
            SettingDefault::Empty => "[]".to_owned(),
            SettingDefault::Words(words) => format!("{words:?}"),
            SettingDefault::Text(text) => format!("{text:?}"),
            SettingDefault::On => "true".to_owned(),
        };
        let layer = file(&format!("{} = {default}\n", setting.name));
        assert_eq!(layer.problems, Vec::new(), "{}", setting.name);
    }
    let said = file("max-file-size = '2 MB'\nselect = ['default']\n");
    let (said, unsaid) = (settings(&[&said]), settings(&[]));
    assert_eq!(said.max_file_size, unsaid.max_file_size);
    assert_eq!(enabled(&said, "a.py"), enabled(&unsaid, "a.py"));
}

#[test]
fn the_schema_and_the_table_name_every_setting() {
    let rules = RULES.map(|rule| schema::DescribedRule { name: rule.name, summary: "What it finds" });
    let schema = serde_json::to_value(schema::properties(&rules)).unwrap();
    let table = schema::markdown_table();
    for setting in &SETTINGS {
        assert_eq!(schema[setting.name]["markdownDescription"], setting.doc);
        assert!(table.contains(&format!("| `{}` |", setting.name)), "{}", setting.name);
    }
    assert_eq!(schema["select"]["items"]["enum"][2], "unisolated-file");
    assert_eq!(schema["severity"]["properties"]["blanket-retries"]["enum"][0], "off");
    assert_eq!(schema["severity"]["additionalProperties"], false);
    assert_eq!(schema["max-file-size"]["type"], serde_json::json!(["integer", "string"]));
    assert_eq!(schema["exclude"]["default"][1], "venv");
    assert_eq!(table.lines().count(), SETTINGS.len() + 2);
}
