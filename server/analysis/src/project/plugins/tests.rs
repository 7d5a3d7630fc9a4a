use std::path::Path;

use super::*;

fn plugins(files: &[(&str, &str)]) -> Plugins {
    let mut plugins = Plugins::default();
    for (path, text) in files {
        assert!(declares_packages(Path::new(path)), "{path}");
        plugins.add_file(Path::new(path), text);
    }
    plugins
}

fn names(files: &[(&str, &str)]) -> String {
    plugins(files).names().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_place() {
    let pyproject = r#"
[project]
dependencies = ["a>=1", "b[x]"]
[project.optional-dependencies]
test = ["c"]
[dependency-groups]
dev = ["d", {include-group = "more"}]
more = ["e"]
[tool.uv]
dev-dependencies = ["f"]
[tool.pdm.dev-dependencies]
t = ["g", "-e file:///x#egg=h"]
[tool.poetry.dependencies]
python = "^3.9"
i = "^1"
[tool.poetry.group.test.dependencies]
j = {version = "*", extras = ["x"]}
k = [{version = "<2", python = "<3.8"}, {version = ">=2", python = ">=3.8"}]
[tool.poetry.dev-dependencies]
l = {git = "https://example.org/l"}
[tool.hatch.envs.test]
dependencies = ["m"]
[tool.tox.env_run_base]
deps = ["n"]
"#;
    assert_eq!(names(&[("pyproject.toml", pyproject)]), "a b c d e f g h i j k l m n");
    let setup_cfg = "[options]\ninstall_requires =\n  a\n  b>=2\ntests_require = c\nzip_safe = no\n\
                     [options.extras_require]\ntest =\n  d # why\n  e; python_version<'3'\n";
    assert_eq!(names(&[("setup.cfg", setup_cfg)]), "a b c d e");
    let tox_ini = "[tox]\ndeps = no\n[testenv]\ndeps =\n  a\n  py39: b<2\n  py{39,310}-x: c\n  -rreq.txt\n\
                   [testenv:docs]\ndeps = d\n";
    assert_eq!(names(&[("tox.ini", tox_ini)]), "a b c d");
    assert_eq!(names(&[("tox.toml", "[env_run_base]\ndeps = [\"a\"]\n[env.x]\ndeps = [\"b\"]\n")]), "a b");
    assert_eq!(names(&[("Pipfile", "[packages]\na = \"*\"\n[dev-packages]\nb = \"==1\"\n")]), "a b");
    let requirements =
        "# c\na==1 \\\n    --hash=sha256:00\n-r x.txt\n--index-url https://example.org\nb  # via a\n\n";
    for path in ["requirements.txt", "dev-requirements.txt", "requirements/test.in", "requirements_dev.txt"] {
        assert_eq!(names(&[(path, requirements)]), "a b", "{path}");
    }
    assert!(!declares_packages(Path::new("docs/notes.txt")));
}

#[test]
fn lock_files_fix_versions() {
    let lock = "version = 1\n\n[[package]]\nname = \"PyTest\"\nversion = \"9.1.1\"\nsource = { registry = \"x\" }\n\
                dependencies = [\n    { name = \"iniconfig\" },\n]\n\n[package.metadata]\nname = \"no\"\nversion = \"1\"\n\n\
                [[package]]\nname = \"pytest-xdist\"\nversion = \"3.8.0\"\n";
    for path in ["uv.lock", "poetry.lock", "pdm.lock"] {
        let plugins =
            plugins(&[("pyproject.toml", "[project]\ndependencies = [\"pytest>=8\"]\n"), (path, lock)]);
        assert_eq!(plugins.names().collect::<Vec<_>>(), ["pytest", "pytest-xdist"]);
        assert_eq!(plugins.pytest_version().map(|version| version.to_string()).as_deref(), Some("9.1.1"));
        assert!(plugins.admits("pytest", "<9.2"));
        assert!(!plugins.admits("pytest", ">=9.2"));
    }
}

#[test]
fn versions_together() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[], ""),
        (&[("requirements.txt", "pytest")], ""),
        (&[("requirements.txt", "pytest>=8"), ("tox.ini", "[testenv]\ndeps = pytest<9\n")], ">=8,<9"),
        (&[("tox.ini", "[testenv]\ndeps =\n  old: pytest<8\n  pytest>=7\n")], ">=7"),
        (&[("pyproject.toml", "[tool.poetry.dependencies]\npytest = \"^8.1\"\n")], ">=8.1,<9"),
        (&[("pyproject.toml", "[project]\ndependencies = [\"pytest>=8\"]\n\nbroken\n")], ">=8"),
    ];
    for (files, expected) in cases {
        assert_eq!(plugins(files).version("pytest"), VersionRange::parse(expected).unwrap(), "{files:?}");
    }
}

#[test]
fn contradicting_declarations_are_alternatives() {
    let plugins = plugins(&[("requirements.txt", "pytest<9"), ("requirements-new.txt", "pytest>=9.2")]);
    assert!(
        plugins.admits("pytest", "==8.4")
            && plugins.admits("pytest", "==9.2")
            && !plugins.admits("pytest", "==9.1")
    );
}

#[test]
fn names_are_normalized() {
    let mut plugins = Plugins::default();
    assert!(plugins.add_requirement("Pytest_XDist>=3"));
    assert!(!plugins.add_requirement("-- what"));
    assert!(plugins.has("pytest-xdist") && plugins.has("pytest.xdist") && plugins.has("PYTEST__xdist"));
    assert!(!plugins.has("pytest"));
    assert!(plugins.admits("pytest", "<9.2") && plugins.admits("pytest", ">=9.2"));
}
