//! The server and `check` give the same hints, over every project in `testdata/projects`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::client::{Server, uri};
use crate::project::{able, pulling};

/// A hint as both can say it: file, rule, message, line and column from 1 in characters.
type Hint = (PathBuf, String, String, u64, u64);

#[test]
fn the_server_and_check_agree() {
    let projects =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/projects").canonicalize().unwrap();
    let mut compared = 0;
    let folders = fs::read_dir(projects).unwrap().map(|entry| entry.unwrap().path());
    for project in folders.filter(|path| path.is_dir()) {
        let mut files = Vec::new();
        collect_python(&project, &mut files);
        files.sort();
        let checked = check(&project, &files);
        let served = serve(&project, &files);
        assert_eq!(served, checked, "in {}", project.display());
        let checked = check(&project, std::slice::from_ref(&project));
        // The request waits for ever where nothing is to be said.
        if !checked.is_empty() {
            assert_eq!(serve_closed(&project), checked, "in {}", project.display());
        }
        compared += checked.len();
    }
    assert!(compared > 20, "{compared} hints");
}

/// They agree about what is new where every second entry of the baseline is lost.
#[test]
fn they_agree_where_hints_are_accepted() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/projects/guide");
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().canonicalize().unwrap();
    copy(&guide, &project);
    let all = check(&project, std::slice::from_ref(&project));
    let write = ["check", "--no-cache", "--baseline=write"];
    let binary = env!("CARGO_BIN_EXE_flakeless");
    assert!(Command::new(binary).args(write).current_dir(&project).output().unwrap().status.success());
    assert_eq!(check(&project, std::slice::from_ref(&project)), BTreeSet::new());
    let baseline = project.join("flakeless-baseline.json");
    let text = fs::read_to_string(&baseline).unwrap();
    let is_lost = |number: usize, line: &str| number.is_multiple_of(2) && line.contains("\"path\"");
    let kept: Vec<&str> = text
        .lines()
        .enumerate()
        .filter(|(number, line)| !is_lost(*number, line))
        .map(|(_, line)| line)
        .collect();
    fs::write(&baseline, kept.join("\n")).unwrap();
    let mut files = Vec::new();
    collect_python(&project, &mut files);
    let new = check(&project, std::slice::from_ref(&project));
    assert!(!new.is_empty() && new.len() < all.len(), "{} of {}", new.len(), all.len());
    assert_eq!(serve_closed(&project), new);
    assert_eq!(serve(&project, &files), check(&project, &files));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// All Python files below; links are left to the project around them.
fn collect_python(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect_python(&entry.path(), files);
        } else if kind.is_file() && entry.path().extension().is_some_and(|extension| extension == "py") {
            files.push(entry.path());
        }
    }
}

fn check(project: &Path, files: &[PathBuf]) -> BTreeSet<Hint> {
    let output = Command::new(env!("CARGO_BIN_EXE_flakeless"))
        .args([
            "check",
            "--no-cache",
            "--output-format",
            "json",
            "--min-confidence",
            "possible",
            "--exit-zero",
        ])
        .args(files)
        .current_dir(project)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let hints = report["hints"].as_array().unwrap();
    hints
        .iter()
        .map(|hint| {
            let start = &hint["range"]["start"];
            (
                project.join(hint["path"].as_str().unwrap()),
                hint["rule"].as_str().unwrap().to_owned(),
                hint["message"].as_str().unwrap().to_owned(),
                start["line"].as_u64().unwrap(),
                start["column"].as_u64().unwrap(),
            )
        })
        .collect()
}

fn serve(project: &Path, files: &[PathBuf]) -> BTreeSet<Hint> {
    let (mut server, _) = Server::initialized(project, able());
    let mut hints = BTreeSet::new();
    for file in files {
        let Ok(text) = fs::read_to_string(file) else { continue };
        server.open(&uri(file), 1, &text);
        let published = server.published(&uri(file));
        hints.extend(published.list().iter().filter_map(|hint| as_hint(file, &text, hint)));
    }
    server.stop();
    hints
}

/// The hints of all files while none is open, which a client pulls at once.
fn serve_closed(project: &Path) -> BTreeSet<Hint> {
    let params = json!({
        "rootUri": uri(project),
        "capabilities": pulling(),
        "initializationOptions": {"diagnostic-mode": "workspace"},
    });
    let (mut server, _) = Server::initialized_with(params);
    let report = server.ask("workspace/diagnostic", json!({"previousResultIds": []}));
    server.stop();
    let mut hints = BTreeSet::new();
    for report in report["items"].as_array().unwrap() {
        let file = PathBuf::from(report["uri"].as_str().unwrap().strip_prefix("file://").unwrap());
        let Ok(text) = fs::read_to_string(&file) else { continue };
        hints.extend(
            report["items"].as_array().unwrap().iter().filter_map(|hint| as_hint(&file, &text, hint)),
        );
    }
    hints
}

/// `None` for what is no hint but a problem with the file.
fn as_hint(file: &Path, text: &str, hint: &Value) -> Option<Hint> {
    let rule = hint["code"].as_str()?.to_owned();
    let start = &hint["range"]["start"];
    let line = start["line"].as_u64().unwrap();
    let bytes = start["character"].as_u64().unwrap() as usize;
    let before = &lines(text)[line as usize][..bytes];
    let message = hint["message"].as_str().unwrap().to_owned();
    Some((file.to_owned(), rule, message, line + 1, before.chars().count() as u64 + 1))
}

/// Lines as LSP counts them.
fn lines(text: &str) -> Vec<&str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r')).collect()
}
