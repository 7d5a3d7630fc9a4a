//! Every project of `testdata/projects` is read, and its `# hint:` comments and golden checklists compared.

use std::process::ExitCode;

fn main() -> ExitCode {
    let projects = testkit::repository().join("testdata/projects");
    testkit::run(testkit::project_trials(&projects, testkit::analysed))
}
