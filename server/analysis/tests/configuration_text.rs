//! Whatever stands in a configuration file: nothing panics, and every place that is told lies in the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use analysis::project::plugins::Plugins;
use analysis::project::pytest_config::{ConfigKind, effective, register_marker_edit};
use analysis::project::version_range::VersionRange;
use analysis::settings::{KnownRule, Layer};
use analysis::text::TextRange;
use proptest::prelude::*;

const RULES: [KnownRule; 1] = [KnownRule { name: "unisolated-file", on: true }];
const FILES: [&str; 10] = [
    "pytest.toml",
    "pytest.ini",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
    "flakeless.toml",
    "uv.lock",
    "requirements.txt",
    "Pipfile",
    "tox.toml",
];
const KINDS: [ConfigKind; 7] = [
    ConfigKind::PytestToml,
    ConfigKind::PytestIni,
    ConfigKind::PyprojectNative,
    ConfigKind::PyprojectIniOptions,
    ConfigKind::PyprojectBare,
    ConfigKind::ToxIni,
    ConfigKind::SetupCfg,
];

/// Text of pieces that mean something in these files, whole and cut.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "[pytest]\n",
            "[tool.pytest]\n",
            "[tool.pytest.ini_options]\n",
            "[tool.flakeless]\n",
            "[tool:pytest]\n",
            "[[package]]\n",
            "[testenv]\n",
            "[options]\n",
            "[project]\n",
            "markers = ",
            "addopts = ",
            "deps = ",
            "[",
            "]",
            "{",
            "}",
            "\"\"\"",
            "'''",
            "\"",
            "'",
            ",",
            "=",
            "\n",
            "\r\n",
            "\r",
            "\n    ",
            "# é",
            "\\",
            "-n 4 ",
            "strict = true\n",
            "severity.unisolated-file = ",
            "select",
            "name = \"a\"\n",
            "version = \"1\"\n",
            "pytest>=8",
            "^1",
            "~",
            "ini_options.",
            "tool.pytest.x = 1\n",
            "\u{feff}",
            "\u{2028}",
            "🐍",
            "dependencies = ",
            "[tool.poetry.dependencies]\n",
            "1",
            "a",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn inside(range: TextRange, text: &str) -> bool {
    range.start <= range.end && text.get(std::ops::Range::from(range)).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn reading(text in text(), file in prop::sample::select(FILES.to_vec())) {
        let path = Path::new("/w").join(file);
        let files: BTreeMap<PathBuf, String> = [(path.clone(), text.clone())].into();
        let found = effective(Path::new("/w/a"), Path::new("/w"), &files, &VersionRange::any());
        for range in found.options.markers.iter().map(|marker| marker.range).chain(found.problems.iter().map(|it| it.range)) {
            prop_assert!(inside(range, &text), "{range:?} in {text:?}");
        }
        Plugins::default().add_file(&path, &text);
        if let Some(layer) = Layer::from_file(&path, text.as_bytes(), &RULES) {
            prop_assert!(layer.problems.iter().all(|problem| inside(problem.range, &text)), "{:?} in {text:?}", layer.problems);
        }
    }

    #[test]
    fn registering(text in text(), kind in prop::sample::select(KINDS.to_vec())) {
        if let Some((range, _)) = register_marker_edit(&text, kind, "no_parallel: runs alone") {
            prop_assert!(inside(range, &text), "{range:?} in {text:?}");
        }
    }
}
