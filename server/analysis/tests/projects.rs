//! Every project of `testdata/projects` is read, and its `# hint:` comments and golden checklists compared.

use std::process::ExitCode;

/// Rules that the projects already speak of. One that is in the registry counts, whether it is listed or not.
const COMING: [&str; 2] = ["shared-state-leak", "async-mock-assertion"];

fn main() -> ExitCode {
    let projects = testkit::repository().join("testdata/projects");
    let coming: Vec<&str> =
        COMING.into_iter().filter(|rule| analysis::rules::entry(rule).is_none()).collect();
    testkit::run(testkit::project_trials(&projects, testkit::analysed, &coming))
}
