//! What changes on disk while documents are open.

use serde_json::json;

use crate::client::Server;
use crate::project::{BAD, MOVES, Project, RELATIVE, able};

fn tell(server: &mut Server, uri: &str, kind: u8) {
    server.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": kind}]}));
}

#[test]
fn files_are_watched_where_the_client_lets_itself_be_asked() {
    let project = Project::new(&[]);
    let mut capabilities = able();
    capabilities["workspace"]["didChangeWatchedFiles"] = json!({"dynamicRegistration": true});
    let mut server = project.serve(capabilities);
    let asked = server.wait_for(|message| message["method"] == "client/registerCapability");
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let globs = registration["registerOptions"]["watchers"].to_string();
    assert!(globs.contains("**/*.py") && globs.contains("pyproject.toml"), "{globs}");
    server.reply(&asked["id"], json!(null));
    server.stop();
}

#[test]
fn a_conftest_that_comes_changes_and_goes_refreshes_the_tests_below() {
    let project = Project::new(&[("tests/test_a.py", RELATIVE)]);
    let (test, conftest) = (project.uri("tests/test_a.py"), project.uri("conftest.py"));
    let mut server = project.serve_able();
    server.open(&test, 1, RELATIVE);
    server.published(&test).one();
    project.write("conftest.py", MOVES);
    tell(&mut server, &conftest, 1);
    assert!(server.published(&test).is_empty());
    project.write("conftest.py", "");
    tell(&mut server, &conftest, 2);
    server.published(&test).one();
    project.write("conftest.py", MOVES);
    tell(&mut server, &conftest, 2);
    assert!(server.published(&test).is_empty());
    project.remove("conftest.py");
    tell(&mut server, &conftest, 3);
    server.published(&test).one();
    server.stop();
}

#[test]
fn what_is_ignored_stays_out_when_it_comes() {
    let project = Project::new(&[(".gitignore", "conftest.py\n"), ("test_a.py", RELATIVE)]);
    let test = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&test, 1, RELATIVE);
    server.published(&test).one();
    project.write("conftest.py", MOVES);
    tell(&mut server, &project.uri("conftest.py"), 1);
    server.settle();
    project.write(".gitignore", "");
    tell(&mut server, &project.uri(".gitignore"), 2);
    assert!(server.published(&test).is_empty());
    server.stop();
}

#[test]
fn a_client_that_watches_nothing_is_helped_by_a_look_on_save_and_open() {
    let project = Project::new(&[("tests/test_a.py", RELATIVE), ("tests/test_b.py", BAD)]);
    let test = project.uri("tests/test_a.py");
    let mut server = project.serve_able();
    server.open(&test, 1, RELATIVE);
    server.published(&test).one();
    project.write("conftest.py", MOVES);
    server.save(&test);
    assert!(server.published(&test).is_empty());
    project.remove("conftest.py");
    server.open(&project.uri("tests/test_b.py"), 1, BAD);
    server.published(&test).one();
    server.stop();
}

/// Another branch: a product module changes, a test file and a whole folder come, and nobody tells.
#[test]
fn a_client_that_watches_nothing_is_helped_by_a_look_at_everything_on_save() {
    let reads = "import shop\n\n\ndef test_reads():\n    assert shop.OPEN\n";
    let writes = "import shop\n\n\ndef test_writes():\n    shop.OPEN = False\n";
    let project = Project::new(&[("shop.py", "OPEN = True\n"), ("tests/test_a.py", writes)]);
    let test = project.uri("tests/test_a.py");
    let mut server = project.serve_able();
    server.open(&test, 1, writes);
    assert_eq!(server.published(&test).one()["severity"], 4);
    project.write("tests/deep/test_b.py", reads);
    server.save(&test);
    assert_eq!(server.published(&test).one()["severity"], 2);
    project.write("tests/deep/test_b.py", &reads.replace("OPEN", "CLOSED"));
    server.save(&test);
    assert_eq!(server.published(&test).one()["severity"], 4);
    server.stop();
}

#[test]
fn the_editors_text_counts_whatever_happens_to_the_file() {
    let project = Project::new(&[("test_a.py", "")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    server.published(&uri).one();
    for kind in [2, 3] {
        tell(&mut server, &uri, kind);
        server.settle();
    }
    project.remove("test_a.py");
    tell(&mut server, &uri, 3);
    server.replace(&uri, 2, &format!("\n{BAD}"));
    server.published_for(&uri, 2).one();
    server.close(&uri);
    assert!(server.published(&uri).is_empty());
    server.stop();
}

#[test]
fn a_configuration_that_does_not_parse_is_told_on_its_file() {
    let project = Project::new(&[("test_a.py", BAD)]);
    project.write("pyproject.toml", "[tool.flakeless\n");
    project.write("flakeless.toml", "colour = 'red'\n");
    let (test, config) = (project.uri("test_a.py"), project.uri("flakeless.toml"));
    let mut server = project.serve_able();
    server.open(&test, 1, BAD);
    server.published(&test).one();
    let published = server.published(&config);
    assert_eq!(published.version(), None);
    assert!(published.one()["message"].as_str().unwrap().contains("colour"), "{published:?}");
    project.write("flakeless.toml", "");
    tell(&mut server, &config, 2);
    assert!(server.published(&config).is_empty());
    server.stop();
}

#[test]
fn a_conftest_that_cannot_be_read_is_told_on_its_file() {
    let project = Project::new(&[("tests/test_a.py", BAD)]);
    std::fs::write(project.file("conftest.py"), b"x = '\xff'\n").unwrap();
    let (test, conftest) = (project.uri("tests/test_a.py"), project.uri("conftest.py"));
    let mut server = project.serve_able();
    server.open(&test, 1, BAD);
    server.published(&test).one();
    let published = server.published(&conftest);
    assert!(published.one()["message"].as_str().unwrap().contains("UTF-8"), "{published:?}");
    project.write("conftest.py", "");
    server.save(&test);
    assert!(server.published(&conftest).is_empty());
    server.stop();
}

#[test]
#[cfg(unix)]
fn a_loop_of_links_is_logged_once() {
    let project = Project::new(&[("tests/test_a.py", BAD)]);
    std::os::unix::fs::symlink(project.path(), project.file("tests/again")).unwrap();
    let test = project.uri("tests/test_a.py");
    let mut server = project.serve_able();
    server.open(&test, 1, BAD);
    server.logged("tests/again");
    server.published(&test).one();
    project.write("tests/test_b.py", BAD);
    tell(&mut server, &project.uri("tests/test_b.py"), 1);
    server.replace(&test, 2, "");
    assert!(server.published_for(&test, 2).is_empty());
    server.stop();
}
